"""What can be wrong with a record, and the named rules that repair it. A fault without its rule is refused."""

from collections.abc import Collection

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from testsite_sim.common.errors import DataError
from testsite_sim.common.time_axis import longest_run, minute, seconds
from testsite_sim.common.units import HOUR
from testsite_sim.weather.clock_errors import CLOCK_ERRORS
from testsite_sim.weather.intervals import divide, interval_lengths
from testsite_sim.weather.kinds import fill, kind_of

SORT, DUPLICATES, GAPS = "sort-stamps", "keep-first-of-duplicates", "interpolate-gaps-up-to-6-hours"
DIVIDE = "divide-coarser-intervals"
COMMON_ZONES = ("Europe/Brussels", "Europe/London", "Europe/Helsinki", "America/New_York", "America/Chicago")
LONGEST_GAP = np.timedelta64(6, "h")
# Lowest and highest believable value in SI.
BELIEVABLE: dict[str, tuple[float, float]] = {
    "wind_speed": (0.0, 75.0),
    "wind_speed_at_hub": (0.0, 75.0),
    "wind_direction": (-360.0, 720.0),
    "air_temperature": (220.0, 330.0),
    "air_pressure": (85_000.0, 110_000.0),
    "air_density": (0.9, 1.6),
    "sea_surface_temperature": (268.0, 310.0),
    "wind_gust": (0.0, 100.0),
    "relative_humidity": (0.0, 1.1),  # a sensor may read above 1 in fog
    "shear_exponent": (-1.0, 2.0),
    "significant_wave_height": (0.0, 25.0),
    "global_horizontal_irradiance": (-20.0, 1500.0),  # a sensor may read a little below zero at night
    "direct_normal_irradiance": (-20.0, 1500.0),
    "diffuse_horizontal_irradiance": (-20.0, 1000.0),
    "by_product_hydrogen": (0.0, 100.0),
}
# Mean wind speed [m/s] of no location: over a month or more, in which a record in knots has more offshore, and over
# a shorter record, which may be one storm.
FASTEST_MONTH, FASTEST_STORM = 16.0, 25.0


def repair_stamps(
    record: xr.Dataset, name: str, rules: Collection[str], problems: list[str]
) -> tuple[xr.Dataset, list[str]]:
    """Return the record with rising stamps at a constant step, and what was repaired.

    Stamps that are missing, out of order, doubled or uneven without the rule that repairs them are added to `problems`;
    the record then comes as far as it could be put in order, so that its other faults are found too.

    Raises
    ------
    DataError
        When there are no stamps to put in order.
    """
    done: list[str] = []
    stamps = record["time"].to_numpy().astype("datetime64[ns]")
    if stamps.size < 2:
        raise DataError(f"weather: {name} is too short: {stamps.size} interval(s); expected a day or more.")
    if np.isnat(stamps).any():
        raise DataError(f"weather: {name} has {int(np.isnat(stamps).sum())} interval(s) without a stamp; remove them.")
    back = np.flatnonzero(np.diff(stamps) < np.timedelta64(0, "ns"))
    if back.size:
        what = f"{name} runs back in time after {minute(stamps[back[0]])} ({back.size} time(s))"
        _refuse_unless(SORT, rules, what, problems)
        record = record.sortby("time")
        stamps = record["time"].to_numpy().astype("datetime64[ns]")
        done.append(f"sorted {back.size} stamp(s) out of order")
    doubled = np.flatnonzero(np.diff(stamps) == np.timedelta64(0, "ns"))
    if doubled.size:
        what = f"{name} has {doubled.size} doubled stamp(s), the first at {minute(stamps[doubled[0]])}"
        _refuse_unless(DUPLICATES, rules, f"{what}{clock_hint(stamps)}", problems)
        record = record.isel(time=np.concatenate([[True], np.diff(stamps) != np.timedelta64(0, "ns")]))
        stamps = record["time"].to_numpy().astype("datetime64[ns]")
        done.append(f"dropped {doubled.size} doubled stamp(s)")
    record, divided = _one_step(record, name, rules, problems)
    if divided is None:
        return record, done
    done += divided
    stamps = record["time"].to_numpy().astype("datetime64[ns]")
    steps = np.diff(stamps)
    step = interval_lengths(stamps).min()
    uneven = np.flatnonzero(steps % step != np.timedelta64(0, "ns"))
    if uneven.size:
        problems.append(
            f"weather: the step of {name} is not constant: {seconds(steps[uneven[0]])} s after "
            f"{minute(stamps[uneven[0]])}, else "
            f"{seconds(step)} s; resample it to one step."
        )
        return record, done
    gaps = np.flatnonzero(steps > step)
    if gaps.size:
        first = gaps[0]
        longest = steps[gaps].max() - step
        what = (
            f"{name} has {gaps.size} gap(s), {int((steps[gaps] // step - 1).sum())} missing interval(s), the first "
            f"after {minute(stamps[first])}{'' if doubled.size else clock_hint(stamps)}"
        )
        if not _refuse_unless(GAPS, rules, what, problems, longest):
            return record, done
        record = record.reindex(time=np.arange(stamps[0], stamps[-1] + step, step))
        done.append(f"inserted {int((steps[gaps] // step - 1).sum())} missing stamp(s)")
    return record, done


def _one_step(
    record: xr.Dataset, name: str, rules: Collection[str], problems: list[str]
) -> tuple[xr.Dataset, list[str] | None]:
    """Return a record whose step changes within it in its finest step, and what was done; None: it may not be.

    Prices and metered flows hold through their interval, whatever its length; where the record has other series, which
    would go straight from value to value, the rule must be named.
    """
    stamps = record["time"].to_numpy().astype("datetime64[ns]")
    lengths = interval_lengths(stamps)
    found = np.unique(lengths)
    if found.size == 1 or np.any(found % found[0] != np.timedelta64(0, "ns")):
        return record, []
    coarse = lengths > found[0]
    first = stamps[np.flatnonzero(np.diff(lengths) != np.timedelta64(0, "ns"))[0] + 1]
    text = ", ".join(f"{seconds(each):g}" for each in found)
    linear = [str(key) for key, item in record.data_vars.items() if "time" in item.dims and kind_of(str(key)) != "step"]
    if linear:
        what = f"the step of {name} changes, first at {minute(first)} (steps of {text} s)"
        if not _refuse_unless(DIVIDE, rules, what, problems):
            return record, None
    note = f"divided {int(coarse.sum())} coarser interval(s) (steps of {text} s) into {seconds(found[0]):g} s"
    return divide(record, lengths, found[0]), [f"{note}: prices hold"]


def check_values(
    record: xr.Dataset, name: str, rules: Collection[str], problems: list[str]
) -> tuple[xr.Dataset, list[str]]:
    """Return the record without missing values, and what was filled.

    Missing values without the rule that fills them, a gap longer than six hours and values that are not believable are
    added to `problems`, a sentence for each quantity.
    """
    done: list[str] = []
    stamps = record["time"].to_numpy()
    step = stamps[1] - stamps[0]
    repaired = {}
    for quantity in map(str, record.data_vars):
        values = record[quantity].to_numpy()
        if values.dtype.kind != "f" or "time" not in record[quantity].dims:
            continue
        missing = np.isnan(values) if values.ndim == 1 else np.isnan(values).any(axis=1)
        if missing.any():
            count, first = int(missing.sum()), minute(stamps[np.argmax(missing)])
            longest = longest_run(missing) * step
            what = f"{quantity} of {name} is missing (NaN) {count} time(s), first at {first}"
            _refuse_unless(GAPS, rules, what, problems, longest)
            if np.isnan(values.reshape(stamps.size, -1)).all(axis=0).any():
                problems.append(f"weather: {quantity} of {name} has no value at all at one level; remove the column.")
                continue
            repaired[quantity] = (record[quantity].dims, _filled(values, quantity), record[quantity].attrs)
            done.append(f"interpolated {count} interval(s) of {quantity}")
            values = repaired[quantity][1]
        problem = _not_believable(values, quantity, name, stamps)
        if problem is not None:
            problems.append(problem)
    return record.assign(repaired), done


def _refuse_unless(
    rule: str, rules: Collection[str], what: str, problems: list[str], longest: np.timedelta64 | None = None
) -> bool:
    """Return whether a fault may be repaired; else add a problem that names the rule which would, if one suffices."""
    if longest is not None and longest > LONGEST_GAP:
        problems.append(
            f"weather: {what}; the longest lasts {seconds(longest) / HOUR:g} h, more than may be interpolated (6 "
            "h): fill it, or choose "
            "another period with weather.start and weather.end."
        )
        return False
    if rule not in rules:
        problems.append(f"weather: {what}; correct the file, or allow the repair: `weather: {{repairs: [{rule}]}}`.")
        return False
    return True


def _not_believable(
    values: NDArray[np.float64], quantity: str, name: str, stamps: NDArray[np.datetime64]
) -> str | None:
    """Return what is wrong with values out of range, or with a wind speed that is one in knots."""
    if quantity not in BELIEVABLE:
        infinite = not np.isfinite(values).all()
        return f"weather: {quantity} of {name} holds an infinite value; remove it." if infinite else None
    low, high = BELIEVABLE[quantity]
    if quantity.startswith("wind_speed"):
        mean = float(values.mean(axis=0).max()) if values.ndim == 2 else float(values.mean())
        is_long = stamps[-1] - stamps[0] >= np.timedelta64(30, "D")
        if mean > (FASTEST_MONTH if is_long else FASTEST_STORM):
            return (
                f"weather: the mean {quantity} of {name} is {mean:.1f} m/s, more than any location has; if it is in "
                "knots, say so: "
                "`units: knot` under weather.columns."
            )
    outside = (values < low) | (values > high) | ~np.isfinite(values)
    if not outside.any():
        return None
    where = np.argwhere(outside)
    value = values[tuple(where[0])]
    others = f" and {len(where) - 1} more" if len(where) > 1 else ""
    return (
        f"weather: {quantity} of {name} is {value:g} at {minute(stamps[where[0][0]])}{others}; believable is "
        f"{low:g} to {high:g} (SI); check its unit, leave faulty values empty, or remove and fill them: "
        "`weather: {repairs: [remove-out-of-range, interpolate-gaps-up-to-6-hours]}`."
    )


def _filled(values: NDArray[np.float64], quantity: str) -> NDArray[np.float64]:
    """Fill in time by the kind of the quantity: prices hold, directions turn. The ends take the nearest value."""
    columns = values[:, None] if values.ndim == 1 else values
    filled = [fill(kind_of(quantity), columns[:, k]) for k in range(columns.shape[1])]
    return np.stack(filled, axis=1).reshape(values.shape)


def clock_changes(stamps: NDArray[np.datetime64]) -> list[str]:
    """Return what of stamps looks like a clock that changes: an hour missing in March, an hour double in autumn.

    Parameters
    ----------
    stamps : ndarray of datetime64, in any order
        As a file has them, taken as UTC.

    Examples
    --------
    >>> hours = np.arange("2023-03-26T00", "2023-03-27T00", dtype="M8[h]")
    >>> clock_changes(np.delete(hours, 2)), clock_changes(hours)
    (['the hour from 2023-03-26 02:00 is missing'], [])
    """
    once, count = np.unique(stamps.astype("datetime64[ns]"), return_counts=True)
    if once.size < 3:
        return []
    hour = np.timedelta64(1, "h")
    step = np.diff(once).min()
    missing = once[:-1][np.diff(once) == hour + step] + step
    doubled = once[count == 2]
    doubled = doubled[np.concatenate([[True], np.diff(doubled) > step])] if doubled.size else doubled  # its first stamp
    found = [("missing", each) for each in missing if _is_at_night_of_a_sunday(each, (3,))]
    found += [("double", each) for each in doubled if _is_at_night_of_a_sunday(each, (10, 11))]
    return [f"the hour from {minute(each)} is {what}" for what, each in found]


def _is_at_night_of_a_sunday(stamp: np.datetime64, months: tuple[int, ...]) -> bool:
    """Return whether a stamp is before four in the morning of a Sunday of some months."""
    moment = stamp.astype("datetime64[s]").item()
    return moment.weekday() == 6 and moment.month in months and moment.hour < 4


def zone_that_fits(stamps: NDArray[np.datetime64]) -> str | None:
    """Return a time zone whose clock has the missing and the doubled hours of stamps; None: none that is common."""
    times = pd.DatetimeIndex(stamps)
    for zone in COMMON_ZONES:
        try:
            there = times.tz_localize(zone, ambiguous="infer", nonexistent="raise").tz_convert("UTC").tz_localize(None)
        except CLOCK_ERRORS:
            continue
        if not clock_changes(there.to_numpy()):
            return zone
    return None


def clock_hint(stamps: NDArray[np.datetime64]) -> str:
    """Return a hint where the stamps look like a clock that changes, with the hours that say so; else nothing."""
    found = clock_changes(stamps)
    if not found:
        return ""
    zone = zone_that_fits(stamps) or "the place"
    return (
        f" (a clock change: {', '.join(found)}, as if the stamps were in the local time of {zone}; are they? Then "
        "state their zone: weather.time.zone, or --zone of `weather import`)"
    )
