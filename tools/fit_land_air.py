"""Estimate what the air over the sea has of an unusual day on land, and test it where it was not estimated.

    python tools/fit_land_air.py --data FOLDER

Estimated at KNMI station 317, Borssele Alpha, June 2023 to 2024; tested there in 2025, and in the gusts of Westhinder,
2016 to 2022 and 2015, which follow the turbulence. No meter is read. Writes its table of decision 010.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from testsite_sim.configuration.air_sea import AirSeaClimate
from testsite_sim.configuration.loading import load_component
from testsite_sim.weather.air_sea import sea_temperature
from tools.compare_profiles import BIN, turbulence
from tools.scorecard import land_air
from tools.scorecard.measured import history
from tools.scorecard.page import table
from tools.validation_pages import write_of_measurements

PAGE = Path(__file__).resolve().parents[1] / "docs" / "decisions" / "010-wind-from-the-coast.md"
MARK = "air from land"
PLATFORM = "knmi_317_borssele_alpha_2023_2025.txt"
TESTED = "2025"  # first year that the estimate has not seen
GUST_YEARS = (("2016", "2022"), ("2015", "2015"))
SPEEDS, SENSOR = (6.0, 12.0), 25.0  # [m/s] at 10 m; [m] of decision 010
MEMORIES = (15.0, land_air.MEMORY, 60.0)  # [day]
LAPSE = 0.0098  # [K/m]
Floats = NDArray[np.float64]


def platform(data: Path) -> pd.DataFrame:
    """Return wind speed [m/s], direction [degree] and air temperature [°C] of the platform by the start of the hour."""
    lines = [line.split(",") for line in (data / PLATFORM).read_text().splitlines() if line.startswith("  317,")]
    stamps = pd.to_datetime([line[1] for line in lines]) + pd.to_timedelta([int(line[2]) - 1 for line in lines], "h")
    columns = {"direction": (3, 1.0), "speed": (4, 0.1), "air": (7, 0.1)}
    found = {
        name: [factor * float(line[k]) if line[k].strip() else np.nan for line in lines]
        for name, (k, factor) in columns.items()
    }
    hours = pd.DataFrame(found, index=stamps).asfreq("h")
    hours["direction"] = hours["direction"].where(hours["direction"].between(1.0, 360.0)).ffill().bfill()
    hours["speed"] = hours["speed"].interpolate()
    return hours


def shares(hours: pd.DataFrame, days: pd.Series, memory: float) -> tuple[Floats, float, float]:
    """Return constant and shares of both parts, and the standard deviation [K] of the unseen year without and with."""
    index = pd.DatetimeIndex(hours.index)
    fast, followed = land_air.parts(days, index, memory)
    left = (hours["air"] - land_air.of_climate(hours["speed"], hours["direction"])).to_numpy()
    rows = np.stack([np.ones_like(fast), fast - followed, followed], axis=1)
    seen, unseen = (np.isfinite(left) & each for each in (index < TESTED, index >= TESTED))
    fitted = np.linalg.lstsq(rows[seen], left[seen], rcond=None)[0]
    return fitted, float(left[unseen].std()), float((left - rows @ fitted)[unseen].std())


def gusts(data: Path, days: pd.Series, memory: float) -> list[tuple[float, float, float]]:
    """Return how the gusts of the hour follow the theory, as correlations of logarithms, by years.

    With the air of the climate; with the share of what is unusual and not followed by the sea; with that of all.
    """
    years = history(data).loc["2015":"2022"]
    whole = years["westhinder_speed"].notna() & years["westhinder_direction"].notna()
    speed = years["westhinder_speed"].interpolate()
    direction = years["westhinder_direction"].ffill().bfill()
    climate = load_component("air-sea", land_air.CLIMATE, AirSeaClimate)
    sea = sea_temperature(speed.index.to_numpy(), climate)
    apart = (land_air.of_climate(speed, direction) - sea).to_numpy() + LAPSE
    fast, followed = land_air.parts(days, pd.DatetimeIndex(speed.index), memory)
    raised = np.maximum(speed.to_numpy(), 0.1) * np.log(SENSOR / 2e-4) / np.log(10.0 / 2e-4)
    gust = (years["westhinder_gust"] / speed - 1.0).to_numpy()
    used = whole.to_numpy() & (speed > SPEEDS[0]).to_numpy() & (speed < SPEEDS[1]).to_numpy() & (gust > BIN / SPEEDS[0])
    year = pd.DatetimeIndex(speed.index).year
    made = []
    for first, last in GUST_YEARS:
        rows = used & (year >= int(first)) & (year <= int(last))
        measured = np.log(gust[rows])
        found = []
        for more in (0.0, land_air.SHARE * (fast - followed), land_air.SHARE * fast):
            theory = np.log(turbulence((apart + more)[rows], raised[rows], SENSOR))
            found.append(float(np.corrcoef(theory, measured)[0, 1]))
        made.append((found[0], found[1], found[2]))
    return made


def lines_of(data: Path) -> list[str]:
    """Return the table, a row for each memory of the sea."""
    days = land_air.read_days(data)
    if days is None:
        raise SystemExit(f"fit_land_air: {land_air.DAYS} is not in {data}")
    hours = platform(data)
    head = [
        "sea follows in",
        "share of what it has not followed",
        "share of what it has",
        "Borssele Alpha 2025, not seen: error of the climate",
        "with the days",
    ]
    for first, last in GUST_YEARS:
        head.append(f"gusts of Westhinder {first if first == last else f'{first} to {last}'}: r, climate")
        head += ["with what the sea has not followed", "with all"]
    rows = []
    for memory in MEMORIES:
        (_, share, slow), before, after = shares(hours, days, memory)
        row = [f"{memory:g} days", f"{share:.2f}", f"{slow:.2f}", f"{before:.2f} K", f"{after:.2f} K"]
        for each in gusts(data, days, memory):
            row += [f"{r:.3f}" for r in each]
        rows.append(row)
    return table(head, rows)


def main() -> None:
    """Write the table into the decision."""
    write_of_measurements(__doc__, PAGE, MARK, lines_of)


if __name__ == "__main__":
    main()
