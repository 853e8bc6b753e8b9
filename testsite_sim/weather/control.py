"""Quality control of a record: what is out of range, spiked, frozen, missing, doubled or shifted in time; a report."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.errors import DataError
from testsite_sim.common.time_axis import longest_run, minute
from testsite_sim.weather.intervals import interval_lengths
from testsite_sim.weather.mast_shadow import mast_shadow
from testsite_sim.weather.quality import BELIEVABLE, DIVIDE, DUPLICATES, GAPS, SORT, clock_hint

RANGE, SPIKES, FROZEN = "remove-out-of-range", "remove-spikes", "remove-frozen"
SHADOW = "correct-mast-shadow"
HOUR = np.timedelta64(1, "h")
# A value that leaves both neighbours by more than this, to the same side, while they agree, is a spike. SI.
SPIKE: dict[str, float] = {
    "wind_speed": 8.0,
    "wind_speed_at_hub": 8.0,
    "air_temperature": 4.0,
    "air_pressure": 500.0,
    "significant_wave_height": 2.0,
}
# A sensor that repeats one value for longer [h] is frozen; calms, a wind speed below 0.5 m/s, are not counted.
LONGEST_SAME: dict[str, float] = {
    "wind_speed": 6.0,
    "wind_speed_at_hub": 6.0,
    "wind_direction": 24.0,
    "air_temperature": 24.0,
    "air_pressure": 24.0,
    "significant_wave_height": 24.0,
}
# Rounded values repeat in working sensors too: hours more for each unit (SI) of their resolution. A third above
# the longest runs of the packaged records, 48 years, rounded to 0.1 to 1 m/s, 10 to 30 degree, 0.5 and 1 K, 0.1 to 1 m.
LONGEST_SAME_ROUNDED: dict[str, float] = {
    "wind_speed": 40.0,
    "wind_speed_at_hub": 40.0,
    "wind_direction": 7.0,
    "air_temperature": 130.0,
    "air_pressure": 0.5,
    "significant_wave_height": 1100.0,
}
LARGEST = 1e7  # SI; what is larger says nothing of the resolution
LONGEST_SHIFT = 14  # [h] looked for against another record


@dataclass(frozen=True)
class Finding:
    """What one check found in one quantity: how often, first where, and the rule that repairs it (empty: none)."""

    check: str
    quantity: str
    count: int
    first: str
    detail: str
    repair: str


def control_record(record: xr.Dataset, reference: xr.Dataset | None = None) -> list[Finding]:
    """Return what is wrong with a record, nothing changed.

    Parameters
    ----------
    record : xarray.Dataset, dims (time[, height])
        As it was read: stamps may be doubled or missing.
    reference : xarray.Dataset, optional
        Another record of the region in UTC; the lag of the best correlation of their changes shows a wrong time zone.

    Returns
    -------
    list of Finding
        Empty when nothing was found.
    """
    found = _of_stamps(record)
    time = record["time"].to_numpy()
    step = _step(time)
    for name in map(str, record.data_vars):
        values = record[name]
        if "time" not in values.dims or values.dtype.kind != "f":
            continue
        flat = values.transpose("time", ...).to_numpy().reshape(time.size, -1)
        for check, rule, mask in (
            ("out of range", RANGE, out_of_range(flat, name)),
            ("spike", SPIKES, spikes(flat, name)),
            ("frozen sensor", FROZEN, frozen(flat, name, step)),
        ):
            where = np.flatnonzero(mask.any(axis=1))
            if where.size:
                value = flat[where[0]][mask[where[0]]][0]
                found.append(Finding(check, name, int(mask.sum()), minute(time[where[0]]), f"first {value:g}", rule))
        missing = np.isnan(flat).any(axis=1)
        if missing.any():
            detail = f"{100.0 * missing.mean():.2f} % of the time, the longest {longest_run(missing) * step / HOUR:g} h"
            at = minute(time[int(np.argmax(missing))])
            found.append(Finding("missing values", name, int(missing.sum()), at, detail, GAPS))
    shadow = mast_shadow(record)
    if shadow is not None:
        detail = f"gusts stand out in sectors from {shadow.sectors} degree: the mean stands in the shadow of a mast"
        at = minute(time[int(np.argmax(shadow.mask))])
        found.append(Finding("mast shadow", "wind_speed", int(shadow.mask.sum()), at, detail, SHADOW))
    if reference is not None:
        lag, correlation, unshifted = time_shift(record, reference)
        if lag != 0.0 and correlation > unshifted + 0.02:
            detail = f"fits best {lag:+g} h later (r = {correlation:.2f}, without a shift {unshifted:.2f})"
            found.append(Finding("time shift", "wind_speed", 1, minute(time[0]), f"{detail}: check its time zone", ""))
    return found


def remove_faults(record: xr.Dataset, rules: Collection[str]) -> tuple[xr.Dataset, list[str]]:
    """Return the record with the values that the named rules call faulty missing, and what was removed.

    Rules: remove-out-of-range, remove-spikes, remove-frozen. What is removed may be filled by
    interpolate-gaps-up-to-6-hours.
    """
    chosen = [rule for rule in (RANGE, SPIKES, FROZEN) if rule in rules]
    if not chosen:
        return record, []
    step, done, changed = _step(record["time"].to_numpy()), [], {}
    for name in map(str, record.data_vars):
        values = record[name]
        if values.dims[:1] != ("time",) or values.dtype.kind != "f":
            continue
        data = values.to_numpy().reshape(values.sizes["time"], -1).copy()
        for rule in chosen:
            mask = {
                RANGE: lambda d=data, n=name: out_of_range(d, n),
                SPIKES: lambda d=data, n=name: spikes(d, n),
                FROZEN: lambda d=data, n=name: frozen(d, n, step),
            }[rule]()
            if mask.any():
                data[mask] = np.nan
                done.append(f"{rule}: {int(mask.sum())} value(s) of {name}")
                changed[name] = (values.dims, data.reshape(values.shape), values.attrs)
    return record.assign(changed), done


def out_of_range(values: Floats, quantity: str) -> NDArray[np.bool_]:
    """Return which values (time, level) no location has, or are infinite."""
    low, high = BELIEVABLE.get(quantity, (-np.inf, np.inf))
    return np.asarray(np.isinf(values) | (values < low) | (values > high))


def spikes(values: Floats, quantity: str) -> NDArray[np.bool_]:
    """Return which values (time, level) leave both neighbours to the same side by more than the neighbours differ."""
    flags = np.zeros(values.shape, dtype=np.bool_)
    if quantity not in SPIKE or values.shape[0] < 3:
        return flags
    with np.errstate(invalid="ignore", over="ignore"):
        before, after = values[1:-1] - values[:-2], values[1:-1] - values[2:]
        least = np.minimum(np.abs(before), np.abs(after))
        apart = np.abs(values[2:] - values[:-2])
        flags[1:-1] = (before * after > 0.0) & (least > SPIKE[quantity]) & (least > 2.0 * apart)
    return flags


def frozen(values: Floats, quantity: str, step: np.timedelta64) -> NDArray[np.bool_]:
    """Return which values (time, level) belong to a run of one value longer than a working sensor gives."""
    flags = np.zeros(values.shape, dtype=np.bool_)
    if quantity not in LONGEST_SAME or values.shape[0] < 2:
        return flags
    for k in range(values.shape[1]):
        column = values[:, k]
        longest = max(LONGEST_SAME[quantity], LONGEST_SAME_ROUNDED[quantity] * resolution(column))
        same = column[1:] == column[:-1]
        edges = np.flatnonzero(np.diff(np.concatenate([[0], same.astype(np.int8), [0]])))
        for first, last in zip(edges[::2], edges[1::2], strict=True):
            lasts = (last - first + 1) * step / HOUR
            if lasts > longest and not (quantity.startswith("wind_speed") and column[first] < 0.5):
                flags[first + 1 : last + 1, k] = True  # the first value may be a true one
    return flags


def resolution(column: Floats) -> float:
    """Return what the values of a series are rounded to, the lower quartile of the distances of different values."""
    distinct = np.unique(np.round(column[np.abs(column) < LARGEST], 6))
    return float(np.quantile(np.diff(distinct), 0.25)) if distinct.size > 2 else 0.0


def time_shift(record: xr.Dataset, reference: xr.Dataset) -> tuple[float, float, float]:
    """Return by how many hours the record has to move to fit the reference, its correlation there and without a shift.

    Compared are hourly wind speeds, their mean over 24 h taken off, which the whole region shares.

    Raises
    ------
    DataError
        When fewer than 30 days are common.
    """
    first, second = _hourly(record), _hourly(reference)
    begin = max(first[0], second[0])
    count = min(first[0] + first[1].size, second[0] + second[1].size) - begin
    if count < 30 * 24:
        raise DataError(f"weather: the records have {max(count, 0)} hours in common; expected 30 days or more.")
    a = _without_day(first[1][begin - first[0] : begin - first[0] + count])
    b = _without_day(second[1][begin - second[0] : begin - second[0] + count])
    best = {lag: _correlation(a, b, lag) for lag in range(-LONGEST_SHIFT, LONGEST_SHIFT + 1)}
    lag = max(best, key=lambda each: (best[each], -abs(each)))
    return float(lag), best[lag], best[0]


def report(findings: list[Finding]) -> str:
    """Return the findings as lines of text."""
    if not findings:
        return "quality control: nothing found\n"
    lines = [f"quality control: {len(findings)} finding(s)"]
    for each in findings:
        rule = f"; rule: {each.repair}" if each.repair else ""
        lines.append(f"  {each.check}: {each.quantity}, {each.count} time(s), first {each.first}, {each.detail}{rule}")
    return "\n".join(lines) + "\n"


def _of_stamps(record: xr.Dataset) -> list[Finding]:
    """Return what is wrong with the stamps."""
    time = record["time"].to_numpy()
    steps, found = np.diff(time), []
    back = np.flatnonzero(steps < np.timedelta64(0, "ns"))
    if back.size:
        found.append(Finding("order", "time", back.size, minute(time[back[0]]), "stamps run back", SORT))
    time = np.sort(time)
    steps = np.diff(time)
    doubled = np.flatnonzero(steps == np.timedelta64(0, "ns"))
    if doubled.size:
        detail = f"doubled stamps{clock_hint(time)}"
        found.append(Finding("doubled", "time", doubled.size, minute(time[doubled[0]]), detail, DUPLICATES))
    once = np.unique(time)
    if once.size < 2:
        return found
    steps, lengths = np.diff(once), interval_lengths(once)
    step = lengths[:-1]
    kinds = np.unique(lengths)
    if kinds.size > 1:
        changes = np.flatnonzero(np.diff(lengths) != np.timedelta64(0, "ns"))
        detail = f"the step changes: {', '.join(f'{each / HOUR:g}' for each in kinds)} h"
        found.append(Finding("step changes", "time", changes.size, minute(once[changes[0] + 1]), detail, DIVIDE))
    gaps = np.flatnonzero(steps > step)
    if gaps.size:
        missing = int((steps[gaps] // step[gaps] - 1).sum())
        detail = f"{missing} missing stamps, the longest gap {steps[gaps].max() / HOUR:g} h"
        detail += "" if doubled.size else clock_hint(time)
        found.append(Finding("gaps", "time", gaps.size, minute(once[gaps[0]]), detail, GAPS))
    uneven = np.flatnonzero(steps % step != np.timedelta64(0, "ns"))
    if uneven.size:
        found.append(Finding("step", "time", uneven.size, minute(once[uneven[0]]), "the step is not constant", ""))
    return found


def _step(time: NDArray[np.datetime64]) -> np.timedelta64:
    """Return the commonest rising step."""
    steps = np.diff(np.sort(time))
    values, counts = np.unique(steps[steps > np.timedelta64(0, "ns")], return_counts=True)
    commonest: np.timedelta64 = values[np.argmax(counts)] if values.size else HOUR
    return commonest


def _hourly(record: xr.Dataset) -> tuple[int, Floats]:
    """Return the number of the first hour since 1970 and the mean wind speed of each hour, missing where none."""
    if "wind_speed_at_hub" in record:
        speed = record["wind_speed_at_hub"].to_numpy()
    elif "wind_speed" in record:
        speed = record["wind_speed"].isel(height=0).to_numpy()
    else:
        raise DataError("weather: a record without wind_speed cannot be compared in time.")
    hour = record["time"].to_numpy().astype("datetime64[h]").astype(np.int64)
    known = np.isfinite(speed)
    if not known.any() or np.ptp(hour) > 10_000_000:
        raise DataError("weather: a record without wind speeds, or of more than a thousand years, cannot be compared.")
    first = int(hour.min())
    sums = np.bincount(hour[known] - first, speed[known], int(np.ptp(hour)) + 1)
    counts = np.bincount(hour[known] - first, minlength=int(np.ptp(hour)) + 1)
    return first, np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)


def _without_day(values: Floats) -> Floats:
    """Return a series without its running mean over 25 hours."""
    known = np.isfinite(values)
    kernel = np.ones(25)
    sums = np.convolve(np.where(known, values, 0.0), kernel, "same")
    counts = np.convolve(known.astype(np.float64), kernel, "same")
    return np.asarray(values - sums / np.maximum(counts, 1.0))


def _correlation(a: Floats, b: Floats, lag: int) -> float:
    """Return the correlation of a, moved `lag` hours later, with b."""
    first, second = (a[: a.size - lag], b[lag:]) if lag >= 0 else (a[-lag:], b[:lag])
    both = np.isfinite(first) & np.isfinite(second)
    if both.sum() < 48 or first[both].std() == 0.0 or second[both].std() == 0.0:
        return -1.0
    return float(np.corrcoef(first[both], second[both])[0, 1])
