"""Compare ways to interpolate between two coastal stations at a third platform, in place and in time.

    python tools/fit_interpolation.py --data FOLDER

Westhinder and Wandelaar against KNMI station 317 Borssele Alpha, which stands among the farms of the zone, hour by hour
from June 2023 on: no hour that the zone is metered in here, and no meter. The platform stands in wakes and is no
reference of the level, so each way is scaled to its mean. Writes these tables of decision 010, and that of the breaks.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from testsite_sim.weather import averaged_over
from testsite_sim.wind.stations import Interpolation, inverse_distance, kriging
from tools.scorecard import measured, stations
from tools.scorecard.measured import STATIONS, history
from tools.scorecard.page import table as table_of
from tools.validation_pages import with_marked

PAGE = Path(__file__).resolve().parents[1] / "docs" / "decisions" / "010-wind-from-the-coast.md"
PLATFORM = "knmi_317_borssele_alpha_2023_2025.txt"
# East and north [m] in EPSG:25831; the platform stands amid Borssele I and II, which it serves (assumption).
PLACES = np.array([[float(each.split()[0]) for each in measured.PLACES[name]] for name in measured.STATIONS])
TARGET = np.array([504750.0, 5726700.0])
DRAWS = 200  # of months, with replacement
ERROR_DISTANCE = 230e3  # [m] of the scenario, which this tool estimates
TIMES = (1, 2, 3, 4, 5, 6, 8)  # [h]
YEARS = stations.UNMETERED  # of one station against the other
Floats = NDArray[np.float64]


def platform(data: Path) -> pd.Series:
    """Return the hourly wind speed of the platform [m/s], by the start of the hour in UTC."""
    lines = [line.split(",") for line in (data / PLATFORM).read_text().splitlines() if line.startswith("  317,")]
    stamps = pd.to_datetime([line[1] for line in lines]) + pd.to_timedelta([int(line[2]) - 1 for line in lines], "h")
    speeds = [float(line[4]) / 10.0 if line[4].strip() else np.nan for line in lines]
    return pd.Series(speeds, index=stamps)


def shares(how: Interpolation) -> Floats:
    """Return the weights of the stations at the platform."""
    distance = np.hypot(*(TARGET - PLACES).T)[None]
    between = np.hypot(*(PLACES[:, None] - PLACES[None]).transpose(2, 0, 1))
    method = kriging if how.method == "kriging" else inverse_distance
    return method(distance, between, how)[0]


def error(table: pd.DataFrame, weights: Floats) -> tuple[float, float]:
    """Return correlation and root mean square error [m/s] of a weighted wind that is scaled to the platform's mean."""
    made = table[list(STATIONS)].to_numpy() @ weights
    true = table["platform"].to_numpy()
    made = made * true.mean() / made.mean()
    return float(np.corrcoef(made, true)[0, 1]), float(np.sqrt(np.mean((made - true) ** 2)))


def best(table: pd.DataFrame) -> float:
    """Return the error distance [km] of least error; 1000 at most."""
    found = minimize_scalar(
        lambda each: error(table, shares(Interpolation(error_distance=1e3 * np.exp(each))))[1],
        bounds=(0.0, np.log(1000.0)),
        method="bounded",
    )
    return float(np.exp(found.x))


def lines_of(data: Path) -> list[str]:
    """Return the lines of the table, and the sentence on the estimate."""
    wind = history(data)
    table = pd.DataFrame({name: wind[f"{name}_speed"] for name in STATIONS} | {"platform": platform(data)}).dropna()
    estimate = best(table)
    month = table.index.to_period("M")
    parts = [part for _, part in table.groupby(month)]
    random = np.random.default_rng(1)
    drawn = [best(pd.concat([parts[k] for k in random.integers(0, len(parts), len(parts))])) for _ in range(DRAWS)]
    low, high = np.quantile(drawn, [0.05, 0.95])
    ways = {
        "kriging, stations without errors": Interpolation(),
        f"kriging, error distance {estimate:.0f} km": Interpolation(error_distance=1e3 * estimate),
        "inverse distance, power 1": Interpolation("inverse-distance", 1.0),
        "inverse distance, power 2": Interpolation("inverse-distance", 2.0),
        "mean of both": Interpolation("inverse-distance", 0.0),
    }
    lines = ["| way | share of Wandelaar | r | RMSE [m/s] |", "|---|---|---|---|"]
    for name, how in ways.items():
        weights = shares(how)
        r, rmse = error(table, weights)
        lines.append(f"| {name} | {weights[1]:.2f} | {r:.4f} | {rmse:.3f} |")
    lines += [
        "",
        f"{len(table):,} hours, {str(table.index[0])[:7]} to {str(table.index[-1])[:7]}; of {DRAWS} samples of their "
        f"months nine in ten lie between {low:.0f} and {high:.0f} km (1,000 km at most).",
    ]
    return lines


def months_at_platform(data: Path, wind: pd.DataFrame) -> tuple[float, pd.PeriodIndex]:
    """Return by how much the months of the wind between the stations scatter against the platform, and which.

    Standard deviation of the logarithm of the ratio of monthly means of at least 500 h; the wakes of the farms about
    the platform are in it.
    """
    weights = shares(Interpolation(error_distance=ERROR_DISTANCE))
    table = pd.DataFrame({"made": wind[list(STATIONS)].to_numpy() @ weights}, index=wind.index)
    table = table.join(platform(data).rename("platform"), how="inner").dropna()
    grouped = table.groupby(pd.DatetimeIndex(table.index).to_period("M"))
    means = np.log(grouped.mean()[grouped.size() >= 500])
    ratio = means["made"] - means["platform"]
    return float(ratio.std(ddof=1)), pd.PeriodIndex(ratio.index)


def averaged(wind: pd.Series, hours: int) -> pd.Series:
    """Return a wind averaged over a time about each hour, of the hours in which it is known."""
    whole = wind.asfreq("h")
    record = xr.Dataset({"wind_speed": ("time", whole.interpolate().bfill())}, {"time": whole.index.to_numpy()})
    made = averaged_over(record, None if hours == 1 else 3600.0 * hours)["wind_speed"].to_numpy()
    return pd.Series(made, index=whole.index).where(whole.notna())


def time_lines(data: Path) -> list[str]:
    """Return the lines of the table of times: how well the mean over a time meets the hour of another place."""
    wind = history(data)
    speeds = pd.DataFrame({name: wind[f"{name}_speed"] for name in STATIONS})
    between = pd.Series(speeds.to_numpy() @ shares(Interpolation(error_distance=ERROR_DISTANCE)), index=speeds.index)
    first, second = STATIONS
    years = slice(*YEARS)
    pairs = (
        (between, platform(data)),
        (speeds[first][years], speeds[second][years]),
        (speeds[second][years], speeds[first][years]),
    )
    names = [STATIONS[first], STATIONS[second]]
    lines = [
        "| mean over | platform from both: r | RMSE [m/s] | "
        f"{names[1]} from {names[0]}: r | RMSE [m/s] | {names[0]} from {names[1]}: r | RMSE [m/s] |",
        "|---|---|---|---|---|---|---|",
    ]
    for hours in TIMES:
        cells = []
        for made, true in pairs:
            both = pd.DataFrame({"made": averaged(made, hours), "true": true}).dropna()
            scaled = both["made"] * both["true"].mean() / both["made"].mean()
            r = np.corrcoef(scaled, both["true"])[0, 1]
            cells += [f"{r:.4f}", f"{float(np.sqrt(np.mean((scaled - both['true']) ** 2))):.3f}"]
        lines.append(f"| {hours} h | " + " | ".join(cells) + " |")
    return lines


def main() -> None:
    """Write the table into the decision."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the measurements")
    data = parser.parse_args().data
    lines = lines_of(data)
    page = with_marked(PAGE.read_text(encoding="utf-8"), "interpolations", lines)
    breaks = table_of(stations.HEAD, stations.rows(stations.found(data)[0]))
    times = time_lines(data)
    page = with_marked(with_marked(page, "breaks", breaks), "times", times)
    PAGE.write_text(page, encoding="utf-8")
    print("\n".join([*lines, *breaks, *times]))


if __name__ == "__main__":
    main()
