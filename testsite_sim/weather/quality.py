"""What can be wrong with a record, and the named rules that repair it. A fault without its rule is refused."""

from collections.abc import Collection

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from testsite_sim.common.errors import DataError
from testsite_sim.common.time_axis import longest_run, minute, seconds
from testsite_sim.common.units import HOUR
from testsite_sim.weather.intervals import divide, interval_lengths
from testsite_sim.weather.kinds import fill, kind_of

SORT, DUPLICATES, GAPS = "sort-stamps", "keep-first-of-duplicates", "interpolate-gaps-up-to-6-hours"
DIVIDE = "divide-coarser-intervals"
LONGEST_GAP = np.timedelta64(6, "h")
# Lowest and highest believable value in SI.
BELIEVABLE: dict[str, tuple[float, float]] = {
    "wind_speed": (0.0, 75.0),
    "wind_speed_at_hub": (0.0, 75.0),
    "wind_direction": (-360.0, 720.0),
    "air_temperature": (220.0, 330.0),
    "air_pressure": (85_000.0, 110_000.0),
    "air_density": (0.9, 1.6),
    "significant_wave_height": (0.0, 25.0),
    "global_horizontal_irradiance": (-20.0, 1500.0),  # a sensor may read a little below zero at night
    "direct_normal_irradiance": (-20.0, 1500.0),
    "diffuse_horizontal_irradiance": (-20.0, 1000.0),
    "by_product_hydrogen": (0.0, 100.0),
}
# Mean wind speed [m/s] that no site has: over a month or more, in which a record in knots has more offshore, and over
# a shorter record, which may be one storm.
FASTEST_MONTH, FASTEST_STORM = 16.0, 25.0


def repair_stamps(record: xr.Dataset, name: str, rules: Collection[str]) -> tuple[xr.Dataset, list[str]]:
    """Return the record with rising stamps at a constant step, and what was repaired.

    Raises
    ------
    DataError
        When stamps are missing, out of order, doubled or uneven and the rule that repairs it is not named.
    """
    done: list[str] = []
    stamps = record["time"].to_numpy().astype("datetime64[ns]")
    if stamps.size < 2:
        raise DataError(f"weather: {name} is too short: {stamps.size} interval(s); expected a day or more.")
    if np.isnat(stamps).any():
        raise DataError(f"weather: {name} has {int(np.isnat(stamps).sum())} interval(s) without a stamp; remove them.")
    back = np.flatnonzero(np.diff(stamps) < np.timedelta64(0, "ns"))
    if back.size:
        _refuse_unless(SORT, rules, f"{name} runs back in time after {minute(stamps[back[0]])} ({back.size} time(s))")
        record = record.sortby("time")
        stamps = record["time"].to_numpy().astype("datetime64[ns]")
        done.append(f"sorted {back.size} stamp(s) out of order")
    doubled = np.flatnonzero(np.diff(stamps) == np.timedelta64(0, "ns"))
    if doubled.size:
        hint = clock_hint(stamps)
        what = f"{name} has {doubled.size} doubled stamp(s), the first at {minute(stamps[doubled[0]])}{hint}"
        _refuse_unless(DUPLICATES, rules, what)
        record = record.isel(time=np.concatenate([[True], np.diff(stamps) != np.timedelta64(0, "ns")]))
        stamps = record["time"].to_numpy().astype("datetime64[ns]")
        done.append(f"dropped {doubled.size} doubled stamp(s)")
    record, divided = _one_step(record, name, rules)
    done += divided
    stamps = record["time"].to_numpy().astype("datetime64[ns]")
    steps = np.diff(stamps)
    step = interval_lengths(stamps).min()
    uneven = np.flatnonzero(steps % step != np.timedelta64(0, "ns"))
    if uneven.size:
        raise DataError(
            f"weather: the step of {name} is not constant: {seconds(steps[uneven[0]])} s after "
            f"{minute(stamps[uneven[0]])}, else "
            f"{seconds(step)} s; resample it to one step."
        )
    gaps = np.flatnonzero(steps > step)
    if gaps.size:
        first = gaps[0]
        longest = steps[gaps].max() - step
        _refuse_unless(
            GAPS,
            rules,
            f"{name} has {gaps.size} gap(s), {int((steps[gaps] // step - 1).sum())} missing interval(s), the first "
            f"after {minute(stamps[first])}",
            longest,
        )
        record = record.reindex(time=np.arange(stamps[0], stamps[-1] + step, step))
        done.append(f"inserted {int((steps[gaps] // step - 1).sum())} missing stamp(s)")
    return record, done


def _one_step(record: xr.Dataset, name: str, rules: Collection[str]) -> tuple[xr.Dataset, list[str]]:
    """Return a record whose step changes within it in its finest step, and what was done.

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
        _refuse_unless(DIVIDE, rules, what)
    note = f"divided {int(coarse.sum())} coarser interval(s) (steps of {text} s) into {seconds(found[0]):g} s"
    return divide(record, lengths, found[0]), [f"{note}: prices hold"]


def check_values(record: xr.Dataset, name: str, rules: Collection[str]) -> tuple[xr.Dataset, list[str]]:
    """Return the record without missing values, and what was filled.

    Raises
    ------
    DataError
        When values are missing and the rule is not named, a gap is longer than six hours, or a value is not
        believable.
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
            _refuse_unless(
                GAPS, rules, f"{quantity} of {name} is missing (NaN) {count} time(s), first at {first}", longest
            )
            repaired[quantity] = (record[quantity].dims, _filled(values, quantity), record[quantity].attrs)
            done.append(f"interpolated {count} interval(s) of {quantity}")
            values = repaired[quantity][1]
        _believable(values, quantity, name, stamps)
    return record.assign(repaired), done


def _refuse_unless(rule: str, rules: Collection[str], what: str, longest: np.timedelta64 | None = None) -> None:
    """Raise the error that names the rule which would repair the fault, unless the rule is named and suffices."""
    if longest is not None and longest > LONGEST_GAP:
        raise DataError(
            f"weather: {what}; the longest lasts {seconds(longest) / HOUR:g} h, more than may be interpolated (6 "
            "h): fill it, or choose "
            "another period with weather.start and weather.end."
        )
    if rule not in rules:
        raise DataError(f"weather: {what}; correct the file, or allow the repair: `weather: {{repairs: [{rule}]}}`.")


def _believable(values: NDArray[np.float64], quantity: str, name: str, stamps: NDArray[np.datetime64]) -> None:
    """Refuse values out of range, and a wind speed that is one in knots."""
    if quantity not in BELIEVABLE:
        if not np.isfinite(values).all():
            raise DataError(f"weather: {quantity} of {name} holds an infinite value; remove it.")
        return
    low, high = BELIEVABLE[quantity]
    if quantity.startswith("wind_speed"):
        mean = float(values.mean(axis=0).max()) if values.ndim == 2 else float(values.mean())
        is_long = stamps[-1] - stamps[0] >= np.timedelta64(30, "D")
        if mean > (FASTEST_MONTH if is_long else FASTEST_STORM):
            raise DataError(
                f"weather: the mean {quantity} of {name} is {mean:.1f} m/s, more than any site has; if it is in "
                "knots, say so: "
                "`units: knot` under weather.columns."
            )
    outside = (values < low) | (values > high) | ~np.isfinite(values)
    if outside.any():
        where = np.argwhere(outside)[0]
        value = values[tuple(where)]
        raise DataError(
            f"weather: {quantity} of {name} is {value:g} at {minute(stamps[where[0]])}; believable is {low:g} to "
            f"{high:g} (SI); "
            "check its unit, or leave faulty values empty."
        )


def _filled(values: NDArray[np.float64], quantity: str) -> NDArray[np.float64]:
    """Fill in time by the kind of the quantity: prices hold, directions turn. The ends take the nearest value."""
    columns = values[:, None] if values.ndim == 1 else values
    try:
        filled = [fill(kind_of(quantity), columns[:, k]) for k in range(columns.shape[1])]
    except ValueError as error:
        raise DataError(f"weather: {quantity} has no value at all at one level; remove the column.") from error
    return np.stack(filled, axis=1).reshape(values.shape)


def clock_hint(stamps: NDArray[np.datetime64]) -> str:
    """Return a hint where the doubled hour is that of a clock set back in October."""
    doubled = stamps[1:][np.diff(stamps) == np.timedelta64(0, "ns")]
    months = doubled.astype("datetime64[M]").astype(int) % 12 + 1
    hours = (doubled - doubled.astype("datetime64[D]")).astype("timedelta64[h]").astype(int)
    if np.all(months == 10) and np.all(hours <= 3):
        return " (the hour of the clock change: are they in local time? Then state weather.time.zone)"
    return ""
