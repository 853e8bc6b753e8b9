"""Hold what was estimated without it against a third platform amid the farms: the climate of the air, and a break.

    python tools/compare_platform.py --data FOLDER

KNMI station 317 Borssele Alpha, June 2023 to December 2025: its air temperature against that of the climate
southern-north-sea, which was estimated 150 km away on 2023, and its wind against the break of Westhinder that ends in
November 2023. No hour that the zone is metered in here, and no meter. Writes its tables into decision 010.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from testsite_sim.configuration.air_sea import AirSeaClimate
from testsite_sim.configuration.loading import load_component
from testsite_sim.weather.air_sea import climatological_difference, sea_temperature
from tools.fit_interpolation import ERROR_DISTANCE, PAGE, PLATFORM, Interpolation, platform, shares
from tools.scorecard import stations
from tools.scorecard.measured import STATIONS, history
from tools.validation_pages import with_marked

CLIMATE = "southern-north-sea"
HEIGHT = (
    43.42  # [m] HOOGTE of station 317 in KNMI's list waarneemstations; taken as that of its thermometer (assumption)
)
LAPSE = 0.0098  # [K/m]
TEMPERATURE = 7  # column of T [0.1 degC]
SEASONS = {"December to February": (12, 1, 2), "March to May": (3, 4, 5), "June to August": (6, 7, 8),
           "September to November": (9, 10, 11)}  # fmt: skip
CORRECTED, LATER = slice("2023-06", "2023-11"), ("2024", "2025")
LEAST = 500  # hours of a month


def air(data: Path) -> pd.Series:
    """Return the hourly potential temperature of the air at the platform [degC], by the start of the hour in UTC."""
    lines = [line.split(",") for line in (data / PLATFORM).read_text().splitlines() if line.startswith("  317,")]
    stamps = pd.to_datetime([line[1] for line in lines]) + pd.to_timedelta([int(line[2]) - 1 for line in lines], "h")
    values = [float(line[TEMPERATURE]) / 10.0 if line[TEMPERATURE].strip() else np.nan for line in lines]
    return pd.Series(values, index=stamps) + LAPSE * HEIGHT


def climate_air(data: Path) -> pd.Series:
    """Return the air temperature of the climate in the wind of the first station [degC]."""
    first = next(iter(STATIONS))
    wind = history(data)[[f"{first}_speed", f"{first}_direction"]].asfreq("h").interpolate().bfill()
    record = xr.Dataset(
        {
            "wind_speed": (("time", "height"), wind.iloc[:, 0].to_numpy()[:, None]),
            "wind_direction": (("time", "height"), wind.iloc[:, 1].to_numpy()[:, None]),
        },
        coords={"time": wind.index.to_numpy(), "height": [10.0]},
    )
    about = load_component("air-sea", CLIMATE, AirSeaClimate)
    made = sea_temperature(record["time"].to_numpy(), about) + climatological_difference(record, about)
    return pd.Series(made, index=wind.index)


def air_lines(data: Path) -> list[str]:
    """Return the lines of the table of the air, and what they say."""
    table = pd.DataFrame({"measured": air(data), "climate": climate_air(data)}).dropna()
    apart = table["measured"] - table["climate"]
    about = load_component("air-sea", CLIMATE, AirSeaClimate)
    sea = sea_temperature(table.index.to_numpy(), about)
    lines = ["| months | hours | air measured less climate: mean [K] | standard deviation [K] |", "|---|---|---|---|"]
    month = pd.DatetimeIndex(table.index).month
    for name, months in {**SEASONS, "all": tuple(range(1, 13))}.items():
        part = apart[month.isin(months)]
        lines.append(f"| {name} | {len(part):,} | {part.mean():+.2f} | {part.std():.2f} |")
    r = float(np.corrcoef(table["measured"] - sea, table["climate"] - sea)[0, 1])
    lines += [
        "",
        f"The hour's differences from the climate's sea, measured and of the climate, correlate with {r:.2f}; the "
        f"climate states an unknown part of {float(about.difference.spread):.2f} K.",
    ]
    return lines


def break_lines(data: Path) -> list[str]:
    """Return the lines of the table of the break: the wind between the stations over the platform's, by month."""
    weights = shares(Interpolation(error_distance=ERROR_DISTANCE))
    true = platform(data)
    raw = history(data)[[f"{name}_speed" for name in STATIONS]]
    without = stations.found(data)[1][list(STATIONS)]
    lines = [
        "| winds of the stations | June to November 2023 over the same months of 2024 and 2025 | standard error |",
        "|---|---|---|",
    ]
    for name, wind in (("as they were measured", raw), ("without breaks", without)):
        table = pd.DataFrame({"made": wind.to_numpy() @ weights}, index=wind.index).join(true.rename("true")).dropna()
        grouped = table.groupby(pd.DatetimeIndex(table.index).to_period("M"))
        means = np.log(grouped.mean()[grouped.size() >= LEAST])
        ratio = means["made"] - means["true"]
        before = ratio[CORRECTED]
        later = ratio[pd.PeriodIndex(ratio.index).month.isin(pd.PeriodIndex(before.index).month)]
        later = later[pd.PeriodIndex(later.index).year.isin([int(year) for year in LATER])]
        error = float(np.sqrt(before.var(ddof=1) / len(before) + later.var(ddof=1) / len(later)))
        lines.append(f"| {name} | {100.0 * (before.mean() - later.mean()):+.1f} % | {100.0 * error:.1f} % |")
    return lines


def main() -> None:
    """Write the tables into the decision."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the measurements")
    data = parser.parse_args().data
    page = PAGE.read_text(encoding="utf-8")
    for name, lines in (("air at the platform", air_lines(data)), ("break at the platform", break_lines(data))):
        page = with_marked(page, name, lines)
        print("\n".join(lines))
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
