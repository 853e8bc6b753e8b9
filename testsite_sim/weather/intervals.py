"""The intervals of a record: how long each is, a record in finer ones, and a record on the intervals of another."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from testsite_sim.weather.kinds import between, kind_of, weighted_mean

Stamps = NDArray[np.datetime64]
SECTION = np.timedelta64(1, "D")  # a step that lasts shorter than this is a gap, no change of the step
AT_END = 4  # intervals in a row, of which a part that the file cuts short is taken for one (assumption)
WHOLE = 1.0 - 1e-9  # of an interval that must be known, so that its mean is


def joined_in_time(parts: Sequence[xr.Dataset], attributes: Literal["override", "drop_conflicts"]) -> xr.Dataset:
    """Return records joined in time, rising; a variable that one of them lacks is missing there.

    Parameters
    ----------
    parts : sequence of xarray.Dataset, dims (time, …)
        The records.
    attributes : str
        `override`: those of the first; `drop_conflicts`: what all have in common.
    """
    return xr.concat(
        parts,
        dim="time",
        data_vars="minimal",
        coords="minimal",
        compat="override",
        join="outer",
        combine_attrs=attributes,
    ).sortby("time")


def interval_lengths(stamps: Stamps) -> NDArray[np.timedelta64]:
    """Return how long the interval from each stamp on is, shape (time,).

    Where the step of a file changes, as that of the day-ahead market did from an hour to a quarter, each part has its
    own; a part is what keeps one step for a day or more, at the start and the end of the file, where a day may be cut
    off, for four intervals or more. What else is longer than the step about it is a gap.

    Parameters
    ----------
    stamps : ndarray of datetime64[ns], shape (time,)
        Rising, two or more.
    """
    steps = np.diff(stamps).astype("timedelta64[ns]").astype(np.int64)
    borders = np.concatenate([[0], np.flatnonzero(np.diff(steps)) + 1, [steps.size]])
    counts = np.diff(borders)
    length = steps[borders[:-1]]
    intervals = counts + (np.arange(counts.size) == counts.size - 1)  # the last stamp begins one more
    sections = intervals * length >= SECTION.astype("timedelta64[ns]").astype(np.int64)
    sections &= counts >= 2  # two equal gaps would do for none
    if not sections.any():
        values, often = np.unique(steps, return_counts=True)
        return np.full(stamps.size, values[np.argmax(often)]).astype("timedelta64[ns]")
    long = np.flatnonzero(sections)
    for end, neighbour in ((0, long[0]), (-1, long[-1])):
        finer, coarser = sorted((length[end], length[neighbour]))
        sections[end] |= intervals[end] >= AT_END and coarser % finer == 0
    # What belongs to no section takes the step of the one before it, or of the one after where it is shorter.
    index = np.arange(sections.size)
    before = np.maximum.accumulate(np.where(sections, index, -1))
    after = np.minimum.accumulate(np.where(sections, index, sections.size)[::-1])[::-1]
    previous = length[np.where(before < 0, np.minimum(after, sections.size - 1), before)]
    following = length[np.where(after >= sections.size, np.maximum(before, 0), after)]
    own = np.where(length < previous, following, previous)
    own = np.where(sections, length, own)
    result = np.repeat(own, counts)
    return np.append(result, result[-1]).astype("timedelta64[ns]")


def lengths_before(stamps: Stamps) -> NDArray[np.timedelta64]:
    """Return how long the interval is that ends at each stamp, in whatever order they stand."""
    distinct, at = np.unique(stamps, return_inverse=True)
    if distinct.size < 2:
        return np.full(stamps.size, np.timedelta64(0, "ns"))
    mirrored = (distinct[0] + (distinct[-1] - distinct))[::-1]  # an end is a start with time turned about
    return interval_lengths(mirrored)[::-1][at]


def divide(record: xr.Dataset, lengths: NDArray[np.timedelta64], step: np.timedelta64) -> xr.Dataset:
    """Return a record in intervals of `step`, of which each of its own is a whole multiple.

    Prices and metered flows hold through their interval; everything else goes straight to the next value (directions
    along the shorter arc), and holds where none follows at once.
    """
    stamps = record["time"].to_numpy().astype("datetime64[ns]")
    parts = np.rint(lengths / step).astype(np.int64)
    if np.all(parts == 1):
        return record
    before = np.repeat(np.arange(stamps.size), parts)
    within = np.arange(before.size) - np.repeat(np.cumsum(parts) - parts, parts)
    fine = stamps[before] + within * step.astype("timedelta64[ns]")
    follows = np.append(np.diff(stamps) == lengths[:-1], False)
    after = np.where(follows[before], np.minimum(before + 1, stamps.size - 1), before)
    share = within / parts[before]

    def divided(series: xr.DataArray) -> xr.DataArray:
        if "time" not in series.dims:
            return series
        axis = series.get_axis_num("time")
        one, two = (np.take(series.to_numpy(), index, axis=axis) for index in (before, after))
        weight = share.reshape([-1 if k == axis else 1 for k in range(series.ndim)])
        mixed = between(kind_of(str(series.name)), one, two, weight)
        coords = {key: item for key, item in series.coords.items() if "time" not in item.dims}
        return xr.DataArray(mixed, dims=series.dims, coords={**coords, "time": fine}, attrs=series.attrs)

    result = xr.Dataset({str(key): divided(item) for key, item in record.data_vars.items()}, attrs=record.attrs)
    result["time"].attrs.update(record["time"].attrs)
    return result


def onto(record: xr.Dataset, stamps: Stamps, lengths: NDArray[np.timedelta64]) -> xr.Dataset:
    """Return the series of a record as they are in other intervals: means of what is finer, coarser ones divided.

    An interval of which the record does not know every part is missing.

    Parameters
    ----------
    record : xarray.Dataset, dims (time, …)
        Rising stamps.
    stamps, lengths : ndarray, shape (interval,)
        The expected intervals, rising, none over another.
    """
    own = record["time"].to_numpy().astype("datetime64[ns]")
    own_lengths = interval_lengths(own)
    start, length = (each.astype("int64") for each in (stamps.astype("datetime64[ns]"), lengths))
    finest = np.timedelta64(int(min(length.min(), own_lengths.astype(np.int64).min())), "ns")
    if np.any(own_lengths > finest) and np.all(own_lengths.astype(np.int64) % finest.astype(np.int64) == 0):
        record = divide(record, own_lengths, finest)
        own = record["time"].to_numpy().astype("datetime64[ns]")
        own_lengths = np.full(own.size, finest)
    source, span = own.astype("int64"), own_lengths.astype("int64")
    span = np.minimum(span, np.append(np.diff(source), span[-1]))
    edges = np.unique(np.concatenate([start, start + length, source, source + span]))
    begin, size = edges[:-1], np.diff(edges)
    to = np.searchsorted(start, begin, side="right") - 1
    at = np.searchsorted(source, begin, side="right") - 1
    inside = (to >= 0) & (at >= 0)
    inside &= (begin < (start + length)[np.maximum(to, 0)]) & (begin < (source + span)[np.maximum(at, 0)])
    to, at = to[inside], at[inside]
    share = size[inside] / length[to]
    found = {}
    for name in map(str, record.data_vars):
        series = record[name]
        if series.dims[:1] != ("time",) or series.dtype.kind not in "fiu":
            continue
        values = series.to_numpy().astype(np.float64)[at]
        missing = np.isnan(values)
        known = weighted_mean("linear", np.where(missing, 0.0, 1.0), share, to, start.size)
        mean = weighted_mean(kind_of(name), np.where(missing, 0.0, values), share, to, start.size)
        found[name] = (series.dims, np.where(known >= WHOLE, mean, np.nan), series.attrs)
    coords = {name: item for name, item in record.coords.items() if "time" not in item.dims}
    return xr.Dataset(found, coords={**coords, "time": stamps}, attrs=record.attrs)
