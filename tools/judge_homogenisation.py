"""Judge how breaks are shared between two records by synthetic pairs whose breaks are known; no meter is read.

    python tools/judge_homogenisation.py --data FOLDER

Months of both stations are made of the distant reanalysis, as the longest segment without a break has them: a mean that
is linear in it, and errors of both, normal, with the covariance that was found, independent from month to month. To
these, breaks are added. Four ways to correct them are held against what was added: that of `testsite-sim weather
homogenise`, which shares each break by what the distant record says; the former one, which gave it to the record that
stands out alone by more than 1.96 standard errors; one half to each; and none. Writes its table into decision 010.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from testsite_sim.common.errors import DataError
from testsite_sim.weather import open_record
from testsite_sim.weather.homogeneity import Segment, segments
from tools.scorecard import stations
from tools.scorecard.measured import STATIONS, history
from tools.scorecard.page import table
from tools.validation_pages import write_of_measurements

PAGE = Path(__file__).resolve().parents[1] / "docs" / "decisions" / "010-wind-from-the-coast.md"
MARK = "synthetic breaks"
PAIRS = 120  # of each kind and size
BREAKS = 3.0  # of a pair in its years, mean of a Poisson distribution: as many as the stations have
EDGE = 6  # months at either end without a break
SIZES = (0.05, 0.08)  # standard deviation of the logarithm of a break
SURE = 1.96
KINDS = ("one record changes, and stays so", "one record errs, and is repaired", "both change at once")
WAYS = ("none", "half to each", "all to the one that stands out", "shared")
HEAD = ["breaks", "size", "left in", "pairs", *WAYS]
Floats = NDArray[np.float64]


def distant_days() -> xr.Dataset:
    """Return the distant reanalysis by days."""
    hours = open_record(stations.DISTANT).isel(height=0)
    angle = np.radians(hours["wind_direction"])
    parts = {"mean": hours["wind_speed"], "east": np.sin(angle), "north": np.cos(angle)}
    days = xr.Dataset(parts).drop_vars("height", errors="ignore").to_dataframe().resample("D").mean()
    days = days.loc["2015":]
    turn = np.degrees(np.arctan2(days["east"], days["north"])) % 360.0
    return xr.Dataset(
        {
            "wind_speed": (("time", "height"), days["mean"].to_numpy()[:, None]),
            "wind_direction": (("time", "height"), turn.to_numpy()[:, None]),
        },
        coords={"time": days.index.to_numpy(), "height": [10.0]},
    )


def months_of(distant: xr.Dataset, months: pd.PeriodIndex) -> Floats:
    """Return what a month is made of, (month, feature); months that the distant record lacks are as usual.

    One, the logarithm of the mean wind, its vector and a cosine of the year.
    """
    speed = distant["wind_speed"].isel(height=0).to_series()
    angle = np.radians(distant["wind_direction"].isel(height=0).to_series())
    days = pd.DataFrame({"speed": speed, "east": speed * np.sin(angle), "north": speed * np.cos(angle)})
    means = days.groupby(pd.DatetimeIndex(days.index).to_period("M")).mean()
    means["speed"] = np.log(means["speed"])
    alike = means.groupby(means.index.month).mean()
    whole = np.array(
        [(means.loc[each] if each in means.index else alike.loc[each.month]).to_numpy() for each in months]
    )
    year = 2.0 * np.pi * months.month.to_numpy() / 12.0
    return np.column_stack([np.ones(len(months)), whole, np.cos(year), np.sin(year)])


def learnt(data: Path, distant: xr.Dataset) -> tuple[pd.PeriodIndex, Floats, Floats, Floats]:
    """Return the months, what they are made of, and the coefficients and covariance of both stations in the level."""
    found, _ = stations.found(data)
    longest = max(found, key=lambda each: each.months)
    records = [stations.record_of(history(data), name)["wind_speed"].isel(height=0).to_series() for name in STATIONS]
    hours = pd.concat(records, axis=1).dropna()
    means = np.log(hours.groupby(pd.DatetimeIndex(hours.index).to_period("M")).mean())
    months = pd.PeriodIndex(means.index)
    rows = months_of(distant, months)
    inside = np.asarray((months >= pd.Period(longest.first)) & (months <= pd.Period(longest.last)))
    coefficients, *_ = np.linalg.lstsq(rows[inside], means.to_numpy()[inside], rcond=None)
    left = means.to_numpy()[inside] - rows[inside] @ coefficients
    return months, rows, coefficients, left.T @ left / (inside.sum() - rows.shape[1])


def offsets(kind: str, size: float, count: int, draws: np.random.Generator) -> Floats:
    """Return the logarithm of what both records read too much, (month, record)."""
    at = np.sort(draws.choice(np.arange(EDGE, count - EDGE), int(draws.poisson(BREAKS)), replace=False))
    part = np.searchsorted(at, np.arange(count), side="right")
    of_part = np.zeros((at.size + 1, 2))
    for k in range(1, at.size + 1):
        step = size * draws.standard_normal(2)
        if kind != KINDS[2]:
            step[int(draws.integers(2))] = 0.0
        of_part[k] = of_part[k - 1] + step if kind == KINDS[0] else step * (k % 2 if kind == KINDS[1] else 1)
    return of_part[part]


def record_of(speed: Floats, months: pd.PeriodIndex) -> xr.Dataset:
    """Return a record of days whose months have these means."""
    days = pd.date_range(months[0].start_time, months[-1].end_time.normalize())
    by_day = pd.Series(speed, index=months).reindex(days.to_period("M")).to_numpy()
    return xr.Dataset({"wind_speed": (("time", "height"), by_day[:, None])}, coords={"time": days, "height": [10.0]})


def corrections(each: Segment, difference: float) -> dict[str, tuple[float, float]]:
    """Return what each way takes both records to read over their level in a segment [logarithms]."""
    sure = [abs(apart) > SURE for apart in each.stands_out]
    owner = (0.0, 0.0)
    if sure[0] != sure[1]:
        owner = (difference, 0.0) if sure[0] else (0.0, -difference)
    halves = (difference / 2.0, -difference / 2.0)
    return dict(zip(WAYS, ((0.0, 0.0), halves, owner, each.offsets), strict=True))


def left_of(true: Floats, found: list[Segment]) -> dict[str, Floats]:
    """Return mean squares of what each way leaves of the offsets (month, record): of the mean of both, and of each."""
    level = max(range(len(found)), key=lambda k: found[k].months)
    edges = np.cumsum([0, *(each.months for each in found)])
    known = true - true[edges[level] : edges[level + 1]].mean(axis=0)
    squares = {}
    for way in WAYS:
        left = known.copy()
        for k, each in enumerate(found):
            if k != level:
                left[edges[k] : edges[k + 1]] -= corrections(each, each.ratio - found[level].ratio)[way]
        squares[way] = np.array([(left.mean(axis=1) ** 2).mean(), (left**2).mean()])
    return squares


def rows_of(data: Path) -> list[list[str]]:
    """Return the rows of the table: root mean squares over pairs in which a break was found."""
    distant = distant_days()
    months, made_of, coefficients, covariance = learnt(data, distant)
    root = np.linalg.cholesky(covariance)
    rows = []
    for kind in KINDS:
        for size in SIZES:
            draws = np.random.Generator(np.random.Philox(1))  # the same weather for each kind
            squares: dict[str, list[Floats]] = {way: [] for way in WAYS}
            for _ in range(PAIRS):
                true = offsets(kind, size, len(months), draws)
                errors = draws.standard_normal((len(months), 2)) @ root.T
                speeds = np.exp(made_of @ coefficients + errors + true)
                try:
                    found = segments(*(record_of(speeds[:, k], months) for k in (0, 1)), distant)
                except DataError:  # the distant record has too few months of the longest segment
                    continue
                if len(found) > 1:
                    for way, each in left_of(true, found).items():
                        squares[way].append(each)
            roots = {way: 100.0 * np.sqrt(np.mean(each, axis=0)) for way, each in squares.items()}
            for k, what in enumerate(("mean of both", "each record")):
                found_in = str(len(squares[WAYS[0]]))
                rows.append(
                    [kind, f"{100.0 * size:.0f} %", what, found_in, *(f"{roots[way][k]:.1f} %" for way in WAYS)]
                )
    return rows


def lines_of(data: Path) -> list[str]:
    """Return the table."""
    return table(HEAD, rows_of(data))


def main() -> None:
    """Write the table into the decision."""
    write_of_measurements(__doc__, PAGE, MARK, lines_of)


if __name__ == "__main__":
    main()
