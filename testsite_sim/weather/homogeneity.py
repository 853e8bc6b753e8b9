"""Homogeneity of a record: breaks against a neighbour by the standard normal homogeneity test, shared by both records.

The ratio of the monthly means of two neighbours hardly follows the weather. Where its level changes, a sensor or its
surroundings changed (Alexandersson 1986, J. Climatology 6, 661-675; several breaks by dividing at each that is found).
The ratio shows by how much they differ, not which of them changed: a third record, far away, does, by what its months
let expect of both, with errors that both share. So each break is shared by best linear unbiased prediction (Henderson
1975, Biometrics 31, 423-447): the difference is that of the ratio, and what both have in common that of the third
record, drawn towards nothing as far as it is uncertain. No meter of wind power is looked at.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.errors import DataError

COVERED = 0.7  # of the intervals of a month, from which on its mean counts (assumption)
SHORTEST = 5  # months of a segment, as Alexandersson (1986) leaves out five values at either end
SIGNIFICANCE = 0.01  # of a break
SAMPLES = 20_000  # of the distribution of the test under no break
FEWEST = 24  # months of the longest segment, of which what is to be expected is learnt


@dataclass(frozen=True)
class Segment:
    """Months between two breaks.

    `first`, `last`: months; `ratio`: mean of the logarithm of the record over its neighbour [1]; `statistic`: of the
    break that it begins with, and `critical`, what it had to pass; NaN for the first. `stands_out`: by how many
    standard errors the record, and its neighbour, stand out from what the distant record lets expect; NaN for the level
    itself and for months that the distant record does not have. `offsets`: logarithm of what the record, and its
    neighbour, read over their level [1], and `errors`, the standard errors; zeros for the level itself.
    """

    first: str
    last: str
    months: int
    ratio: float
    statistic: float
    critical: float
    stands_out: tuple[float, float]
    offsets: tuple[float, float]
    errors: tuple[float, float]


@dataclass(frozen=True)
class Expected:
    """What two records read over what a distant one lets expect, mean of some months.

    `mean`: logarithm (record,); `covariance`: of its error (record, record).
    """

    mean: Floats
    covariance: Floats


def snht(values: Floats) -> tuple[float, int]:
    """Return T0 of the standard normal homogeneity test, and how many values stand before the break it is found at.

    T(k) = k z1² + (n - k) z2² with the means z1, z2 of the standardised values before and after k (Alexandersson 1986).

    Examples
    --------
    >>> import numpy as np
    >>> statistic, position = snht(np.array([1.0, 1.1, 0.9, 1.0, 2.0, 2.1, 1.9, 2.0]))
    >>> round(statistic, 2), position
    (6.91, 4)
    """
    size = values.size
    spread = float(values.std(ddof=1))
    if spread == 0.0:
        return 0.0, 1
    before = np.arange(1, size)
    sums = np.cumsum((values - values.mean()) / spread)[:-1]
    statistic = sums**2 / before + sums**2 / (size - before)
    position = int(np.argmax(statistic))
    return float(statistic[position]), position + 1


@lru_cache(maxsize=64)
def critical_value(size: int) -> float:
    """Return what T0 of `size` independent normal values passes in one sample of a hundred, by 20,000 samples."""
    draws = np.random.Generator(np.random.Philox(size)).standard_normal((SAMPLES, size))
    draws = (draws - draws.mean(axis=1, keepdims=True)) / draws.std(axis=1, ddof=1, keepdims=True)
    before = np.arange(1, size)
    sums = np.cumsum(draws, axis=1)[:, :-1]
    return float(np.quantile((sums**2 / before + sums**2 / (size - before)).max(axis=1), 1.0 - SIGNIFICANCE))


def breaks(values: Floats) -> list[tuple[int, float, float]]:
    """Return the breaks of a series: position, T0 and its critical value; each part is searched again."""
    found: list[tuple[int, float, float]] = []
    parts = [(0, values.size)]
    while parts:
        low, high = parts.pop()
        if high - low < 2 * SHORTEST:
            continue
        statistic, position = snht(values[low:high])
        least = critical_value(high - low)
        if statistic > least and SHORTEST <= position <= high - low - SHORTEST:
            found.append((low + position, statistic, least))
            parts += [(low, low + position), (low + position, high)]
    return sorted(found)


def segments(record: xr.Dataset, neighbour: xr.Dataset, distant: xr.Dataset | None = None) -> list[Segment]:
    """Return the homogeneous segments of a record against its neighbour, and what both read in each over their level.

    The level is the longest segment; months that `distant` does not have are shared alike.

    Parameters
    ----------
    record, neighbour, distant : xarray.Dataset, dims (time, height)
        wind_speed [m/s], of `distant` wind_direction [degree] too; gaps are left out.

    Raises
    ------
    DataError
        When there are fewer than 24 months of both.
    """
    means = _monthly({"record": _lowest(record), "neighbour": _lowest(neighbour)})
    if len(means) < FEWEST:
        raise DataError(f"weather: homogeneity wants {FEWEST} months of both records; they share {len(means)}.")
    ratio = np.log((means["record"] / means["neighbour"]).to_numpy())
    found = breaks(ratio)
    edges = [0, *(position for position, _, _ in found), ratio.size]
    parts = [slice(low, high) for low, high in itertools.pairwise(edges)]
    level = max(range(len(parts)), key=lambda k: parts[k].stop - parts[k].start)
    tests = [(np.nan, np.nan), *((statistic, least) for _, statistic, least in found)]
    expected: list[Expected | None] = [None] * len(parts)
    if distant is not None and len(parts) > 1:
        expected = _expected(record, neighbour, distant, pd.PeriodIndex(means.index), parts, parts[level])
    others = [k for k in range(len(parts)) if k != level]
    middle, spread = float(ratio[parts[level]].mean()), float(ratio[parts[level]].var(ddof=1))
    size = {k: parts[k].stop - parts[k].start for k in range(len(parts))}
    differences = np.array([ratio[parts[k]].mean() - middle for k in others])
    variances = np.array([spread * (1.0 / size[k] + 1.0 / size[level]) for k in others])
    shares = dict(zip(others, shared(differences, variances, [expected[k] for k in others]), strict=True))
    nothing = ((0.0, 0.0), (0.0, 0.0))
    return [
        Segment(
            str(means.index[part.start]),
            str(means.index[part.stop - 1]),
            size[k],
            float(ratio[part].mean()),
            *tests[k],
            (np.nan, np.nan) if k == level else _in_standard_errors(expected[k]),
            *shares.get(k, nothing),
        )
        for k, part in enumerate(parts)
    ]


def shared(
    differences: Floats, variances: Floats, expected: Sequence[Expected | None]
) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Return what each of two records reads over its level in each segment, and the standard errors [logarithms].

    Best linear unbiased prediction of both offsets as random effects, independent, of mean zero and of one variance,
    which is estimated from the differences, each of which has twice that variance. The difference of the records is
    kept as the ratio has it, for its error is small; of the error of what both have in common, the part that goes with
    that of the difference is taken out.

    Parameters
    ----------
    differences, variances : ndarray, shape (segment,)
        Logarithm of the ratio over that of the level, and the variance of its error.
    expected : sequence of Expected or None
        What both read over what the distant record lets expect; None where it says nothing.
    """
    variance = max(float(np.mean(differences**2 - variances)), 0.0) / 2.0 if differences.size else 0.0
    prior = variance / 2.0  # of the mean of both
    result = []
    for difference, error, each in zip(differences, variances, expected, strict=True):
        common, left = 0.0, prior
        if each is not None:
            mean = each.mean.mean()
            turn = np.array([[0.5, 0.5], [1.0, -1.0]])
            of_both = turn @ each.covariance @ turn.T
            slope = of_both[0, 1] / of_both[1, 1]
            observed = mean - slope * (each.mean[0] - each.mean[1] - difference)
            noise = of_both[0, 0] - slope * of_both[0, 1]
            common = float(observed * prior / (prior + noise))
            left = prior * noise / (prior + noise)
        deviation = float(np.sqrt(left + error / 4.0))
        half = float(difference) / 2.0
        result.append(((common + half, common - half), (deviation, deviation)))
    return result


def over_level(segment: Segment) -> tuple[str, str]:
    """Return what a record, and its neighbour, read over their level, each with its standard error, for people."""
    record, neighbour = (
        f"{100.0 * np.expm1(offset):+.1f} ± {100.0 * error:.1f} %"
        for offset, error in zip(segment.offsets, segment.errors, strict=True)
    )
    return record, neighbour


def segment_text(found: list[Segment]) -> list[str]:
    """Return a line on each segment, for people."""
    lines = []
    for each in found:
        line = (
            f"{each.first} to {each.last}, {each.months} months: {100.0 * np.expm1(each.ratio):+.1f} % of the neighbour"
        )
        if np.isfinite(each.statistic):
            line += f"; T0 {each.statistic:.1f} of the break before it, critical {each.critical:.1f}"
        if np.isfinite(each.stands_out).all():
            line += f"; the record stands out by {each.stands_out[0]:+.1f} standard errors, its neighbour by "
            line += f"{each.stands_out[1]:+.1f}"
        if any(each.errors):
            of_record, of_neighbour = over_level(each)
            line += f"; over its level the record reads {of_record}, its neighbour {of_neighbour}"
        lines.append(line)
    return lines


def correction(found: list[Segment], which: int, time: xr.DataArray) -> xr.DataArray:
    """Return the factor on the wind speed (time,) that carries the segments of one of the records to its level.

    Parameters
    ----------
    found : list of Segment
        Of a record and its neighbour.
    which : int
        0: the record; 1: the neighbour.
    time : xarray.DataArray, dims (time,)
        Stamps in UTC.
    """
    month = pd.DatetimeIndex(time.to_numpy()).to_period("M")
    factor = np.ones(month.size)
    for each in found:
        inside = (month >= pd.Period(each.first)) & (month <= pd.Period(each.last))
        factor[inside] = np.exp(-each.offsets[which])
    return xr.DataArray(factor, dims="time", coords={"time": time})


def homogenised(record: xr.Dataset, factor: xr.DataArray) -> xr.Dataset:
    """Return a record whose wind speeds and gusts are multiplied by a factor (time,)."""
    names = [name for name in ("wind_speed", "wind_gust") if name in record]
    made = {
        name: (record[name] * factor).transpose(*record[name].dims).assign_attrs(record[name].attrs) for name in names
    }
    return record.assign(made)


def _in_standard_errors(expected: Expected | None) -> tuple[float, float]:
    if expected is None:
        return np.nan, np.nan
    record, neighbour = expected.mean / np.sqrt(np.diag(expected.covariance))
    return float(record), float(neighbour)


def _lowest(record: xr.Dataset, name: str = "wind_speed") -> pd.Series:
    if name not in record:
        raise DataError(f"weather: homogeneity wants {name} at a height in each record.")
    speed = record[name].transpose("time", "height").to_numpy()[:, 0]
    series = pd.Series(speed, index=pd.DatetimeIndex(record["time"].to_numpy())).sort_index()
    return series[~series.index.duplicated()]


def _monthly(series: dict[str, pd.Series]) -> pd.DataFrame:
    """Return the means of the months, of the intervals that all series have; a month must have most of its own."""
    table: pd.DataFrame = pd.concat(series, axis=1, join="inner").dropna()
    stamps = pd.DatetimeIndex(table.index)
    month = stamps.to_period("M")
    grouped = table.groupby(month)
    means: pd.DataFrame = grouped.mean()
    if len(table) < 2:
        return means
    step = pd.Series(stamps).diff().min()
    whole = month.unique().days_in_month * pd.Timedelta(days=1) / step
    return means[grouped.size().to_numpy() >= COVERED * np.asarray(whole)]


def _expected(
    record: xr.Dataset,
    neighbour: xr.Dataset,
    distant: xr.Dataset,
    months: pd.PeriodIndex,
    parts: list[slice],
    level: slice,
) -> list[Expected | None]:
    """Return what both records read in each part over what the distant one lets expect; None where it has no month.

    The logarithm of a month's mean is linear in that of the distant record, its mean wind vector and a cosine of the
    year; learnt in the level, by least squares.
    """
    speed = _lowest(distant)
    angle = np.radians(_lowest(distant, "wind_direction"))
    far = {"speed": speed, "east": speed * np.sin(angle), "north": speed * np.cos(angle)}
    means = _monthly({"record": _lowest(record), "neighbour": _lowest(neighbour), **far}).reindex(months)
    year = 2.0 * np.pi * months.month.to_numpy() / 12.0
    rows = np.column_stack(
        [np.ones(len(means)), np.log(means["speed"]), means["east"], means["north"], np.cos(year), np.sin(year)]
    )
    known = np.isfinite(rows).all(axis=1)
    learnt = known & _within(level, len(means))
    if learnt.sum() < FEWEST:
        raise DataError(f"weather: the distant record covers {learnt.sum()} months of the level; expected {FEWEST}.")
    inverse = np.linalg.pinv(rows[learnt].T @ rows[learnt])  # a distant wind that never turns adds nothing
    wind = np.log(means.iloc[:, :2].to_numpy())
    left = wind - rows @ (inverse @ rows[learnt].T @ wind[learnt])
    freedom = int(learnt.sum()) - int(np.linalg.matrix_rank(inverse))
    covariance = left[learnt].T @ left[learnt] / freedom
    result: list[Expected | None] = []
    for part in parts:
        seen = known & _within(part, len(means))
        if not seen.any():
            result.append(None)
            continue
        middle = rows[seen].mean(axis=0)
        result.append(
            Expected(left[seen].mean(axis=0), covariance * float(1.0 / seen.sum() + middle @ inverse @ middle))
        )
    return result


def _within(part: slice, size: int) -> NDArray[np.bool_]:
    inside = np.zeros(size, np.bool_)
    inside[part] = True
    return inside
