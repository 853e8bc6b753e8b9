"""Hold both coastal stations against the winds of stations on land: which of the two changed between the breaks.

    python tools/compare_land_winds.py --data FOLDER

The daily winds of KNMI stations on land (etmgeg_*.txt, open data) foresee the daily wind of each station at sea, by a
ridge regression that is learnt in the longest segment without a break. What a segment stands out is held against the
months of that segment that the regression has not seen. No meter is read, nor what the records are made homogeneous by.
Writes its table of decision 010.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tools.scorecard import stations
from tools.scorecard.measured import STATIONS, history
from tools.scorecard.page import table
from tools.validation_pages import write_of_measurements

PAGE = Path(__file__).resolve().parents[1] / "docs" / "decisions" / "010-wind-from-the-coast.md"
MARK = "winds on land"
FILES = "etmgeg_*.txt"
FIRST = "2015"
WHOLE = 0.98  # of the days, of a station that is used
HOURS = 20  # of a day at sea
CALM = 0.3  # [m/s] below which a logarithm says nothing
RIDGES = (3.0, 10.0, 30.0, 100.0, 300.0)
FOLDS = 7  # parts of the months, each foreseen by the others; each has all months of the year
HEAD = ["months", "station", "stands out from the winds on land", "standard error", "corrected by"]
Floats = NDArray[np.float64]


def land(data: Path) -> pd.DataFrame:
    """Return the daily mean wind [m/s], and the vector mean east and north, of each station on land (day, quantity)."""
    found = {}
    for path in sorted(data.glob(FILES)):
        name = path.stem.removeprefix("etmgeg_")
        lines = (line.split(",") for line in path.read_text(encoding="utf-8", errors="replace").splitlines())
        rows = [each for each in lines if each[0].strip() == name and each[1] >= FIRST]
        days = pd.to_datetime([each[1] for each in rows])
        turn, vector, mean = (
            np.array([float(each[k]) if each[k].strip() else np.nan for each in rows]) for k in (2, 3, 4)
        )
        angle = np.radians(turn)
        parts = {"mean": mean / 10.0, "east": vector / 10.0 * np.sin(angle), "north": vector / 10.0 * np.cos(angle)}
        one = pd.DataFrame(parts, index=days).loc[: str(2025)]
        if len(one) and one["mean"].notna().mean() >= WHOLE:
            found[name] = one
    if not found:
        raise SystemExit(f"compare_land_winds: no station on land with {FILES} in {data}")
    return pd.concat(found, axis=1)


def features(winds: pd.DataFrame, days: pd.DatetimeIndex) -> Floats:
    """Return what the wind at sea is foreseen by, (day, feature): winds, their logarithms, two waves of a year."""
    known = winds.reindex(days).interpolate(limit=3)
    angle = 2.0 * np.pi * days.day_of_year.to_numpy() / 365.25
    waves = [f(k * angle) for k in (1, 2) for f in (np.cos, np.sin)]
    logarithms = np.log(known.xs("mean", axis=1, level=1).clip(lower=CALM).to_numpy())
    return np.column_stack([known.to_numpy(), logarithms, *waves])


def foreseen(rows: Floats, wind: Floats, learnt: NDArray[np.bool_], ridge: float) -> Floats:
    """Return the wind that a ridge regression of its logarithm gives, weighted by the wind, learnt on some days."""
    mean, spread = rows[learnt].mean(axis=0), rows[learnt].std(axis=0)
    scaled = (rows - mean) / spread
    target = np.log(wind[learnt])
    weight = wind[learnt] / wind[learnt].mean()
    level = float((weight * target).sum() / weight.sum())
    left = scaled[learnt].T @ (scaled[learnt] * weight[:, None]) + ridge * np.eye(rows.shape[1])
    made = np.linalg.solve(left, scaled[learnt].T @ (weight * (target - level)))
    return np.asarray(np.exp(level + scaled @ made))


def apart(wind: Floats, made: Floats, month: NDArray[np.int64]) -> pd.Series:
    """Return the logarithm of measured over foreseen sums of each month."""
    sums = pd.DataFrame({"wind": wind, "made": made, "month": month}).groupby("month").sum()
    return np.log(sums["wind"] / sums["made"])


def by_month(wind: pd.Series, rows: Floats, level: NDArray[np.bool_]) -> tuple[pd.Series, float]:
    """Return how far each month is from what land foresees, less the mean of those of the level, and their spread [1].

    Months of the level are foreseen by its others. The ridge is the one of `RIDGES` with the least spread of months
    that it has not seen.
    """
    period = pd.DatetimeIndex(wind.index).to_period("M")
    month = (period.year * 12 + period.month).to_numpy().astype(np.int64)
    usable = wind.notna().to_numpy() & np.isfinite(rows).all(axis=1)
    speed = np.maximum(wind.to_numpy(), CALM)
    best: tuple[pd.Series, float] | None = None
    for ridge in RIDGES:
        made = np.full(speed.size, np.nan)
        made[usable] = foreseen(rows[usable], speed[usable], level[usable], ridge)
        for fold in range(FOLDS):
            mine = usable & level & (month % FOLDS == fold)
            learnt = (level & ~(month % FOLDS == fold))[usable]
            made[mine] = foreseen(rows[usable], speed[usable], learnt, ridge)[mine[usable]]
        found = apart(speed[usable], made[usable], month[usable])
        of_level = found[np.isin(found.index, month[level & usable])]
        spread = float(of_level.std())
        if best is None or spread < best[1]:
            best = found - of_level.mean(), spread
    if best is None:
        raise ValueError("no ridge")
    return best


def lines_of(data: Path) -> list[str]:
    """Return the table, a row for each station in each segment, and a sentence on how it was had."""
    segments, corrected = stations.found(data)
    raw = history(data)
    days = pd.DatetimeIndex(raw.resample("D").size().index)
    days = days[days < "2026-01-01"]
    winds = land(data)
    rows_ = features(winds, days)
    longest = max(segments, key=lambda each: each.months)
    period = days.to_period("M")
    level = np.asarray((period >= pd.Period(longest.first)) & (period <= pd.Period(longest.last)))
    lines, spreads = [], []
    for name, label in STATIONS.items():
        speed = raw[f"{name}_speed"]
        daily = speed.resample("D").mean().reindex(days)
        enough = speed.resample("D").count().reindex(days) >= HOURS
        found, spread = by_month(daily.where(enough), rows_, level)
        spreads.append(f"{label} {100.0 * spread:.1f} %")
        ratio = np.log(corrected[name] / speed.reindex(corrected.index))
        for segment in segments:
            first, last = pd.Period(segment.first), pd.Period(segment.last)
            low, high = (each.year * 12 + each.month for each in (first, last))
            inside = found[(found.index >= low) & (found.index <= high)]
            if segment is longest or inside.empty:
                continue
            own = ratio[(ratio.index >= first.start_time) & (ratio.index <= last.end_time)].median()
            lines.append(
                [
                    f"{segment.first} to {segment.last}",
                    label,
                    f"{100.0 * np.expm1(inside.mean()):+.1f} %",
                    f"{100.0 * spread / np.sqrt(len(inside)):.1f} %",
                    f"{100.0 * np.expm1(own):+.1f} %",
                ]
            )
    said = (
        f"{len(winds.columns.levels[0])} stations on land; months of the longest segment that the regression has not "
        f"seen scatter by {' and '.join(spreads)}."
    )
    return [*table(HEAD, sorted(lines)), "", said]


def main() -> None:
    """Write the table into the decision."""
    write_of_measurements(__doc__, PAGE, MARK, lines_of)


if __name__ == "__main__":
    main()
