"""Time axes: stamps in UTC at the start of each interval, at a constant step, and the series on them."""

from collections.abc import Mapping

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats, Truths

from testsite_sim.common.errors import DataError
from testsite_sim.common.units import HOUR

Times = NDArray[np.datetime64]


def seconds(span: np.timedelta64) -> float:
    """Return a span in seconds.

    Examples
    --------
    >>> seconds(np.timedelta64(15, "m"))
    900.0
    """
    return float(span / np.timedelta64(1, "ns")) / 1e9


def step_of(time: Times) -> float:
    """Return the step [s] of stamps of which two follow each other at it: that of the first two.

    Examples
    --------
    >>> step_of(np.array(["2023-01-01T00:00", "2023-01-01T00:10"], "datetime64[ns]"))
    600.0
    """
    return seconds(time[1] - time[0])


def length_of(time: Times) -> float:
    """Return how long a record lasts [s]: from its first stamp to the end of its last interval."""
    return seconds(time[-1] - time[0]) + step_of(time)


def months(time: Times) -> NDArray[np.int8]:
    """Return the month of each stamp, 0 for January."""
    return (time.astype("datetime64[M]").astype(np.int64) % 12).astype(np.int8)


def seconds_of_day(time: Times) -> Floats:
    """Return the seconds from midnight UTC to each stamp."""
    return np.asarray((time - time.astype("datetime64[D]")) / np.timedelta64(1, "s"), dtype=np.float64)


def hours_of_day(time: Times) -> Floats:
    """Return the hour of the day of each stamp, UTC, with its fraction."""
    return seconds_of_day(time) / HOUR


def minute(stamp: np.datetime64) -> str:
    """Return a stamp as messages write it, to the minute.

    Examples
    --------
    >>> minute(np.datetime64("2023-01-01T00:10:00.5"))
    '2023-01-01T00:10'
    """
    return str(stamp)[:16]


def longest_run(flags: Truths) -> int:
    """Return the length of the longest run of true.

    Examples
    --------
    >>> longest_run(np.array([True, False, True, True]))
    2
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    return int((edges[1::2] - edges[::2]).max(initial=0))


def step_seconds(series: xr.DataArray, where: str, name: str) -> float:
    """Return the constant step of a series [s], checked.

    Parameters
    ----------
    series : xarray.DataArray, dims (time,)
        With its stamps.
    where, name : str
        Part of the model that takes the series, and what messages call it.

    Raises
    ------
    DataError
        When the series has no time axis, fewer than two intervals, or a varying step.
    """
    if series.dims != ("time",) or "time" not in series.coords:
        raise DataError(f"{where}: {name} has dimensions {series.dims}; expected ('time',) with its stamps.")
    time = series["time"].to_numpy().astype("datetime64[ns]")
    if time.size < 2:
        raise DataError(f"{where}: {name} has {time.size} interval(s); expected at least two.")
    steps = np.diff(time)
    if steps[0] <= np.timedelta64(0, "ns") or np.any(steps != steps[0]):
        first = int(np.argmax(steps != steps[0])) if steps[0] > np.timedelta64(0, "ns") else 0
        raise DataError(
            f"{where}: the step of {name} changes or runs back after {time[first]}; expected rising stamps at a "
            "constant step."
        )
    return step_of(time)


def aligned_series(
    where: str, series: Mapping[str, xr.DataArray], *, step: float | None = None, least: float = -np.inf
) -> tuple[float, dict[str, Floats]]:
    """Return the common step [s] and the values of series that must share one time axis.

    Parameters
    ----------
    where : str
        Part of the model that takes the series, with which messages begin.
    series : mapping of str to xarray.DataArray, dims (time,)
        By the name that messages call them.
    step : float, optional
        The step that they must have [s].
    least : float
        That every value must reach.

    Raises
    ------
    DataError
        When a series has no time axis, a varying step, other stamps than the first, or a value that is not finite or
        below the least.
    """
    first_name, first = next(iter(series.items()))
    common = step_seconds(first, where, first_name)
    if step is not None and abs(step - common) > 1e-6 * common:
        raise DataError(f"{where}: {first_name} has a step of {common:g} s; the run expects {step:g} s.")
    expected = first["time"].to_numpy()
    values: dict[str, Floats] = {}
    for name, item in series.items():
        own = step_seconds(item, where, name)
        time = item["time"].to_numpy()
        if not np.array_equal(time, expected):
            found = f"{time.size} stamps from {time[0]} every {own:g} s"
            raise DataError(
                f"{where}: the stamps of {name} differ from those of {first_name}: {found}; expected {expected.size} "
                f"from {expected[0]} every {common:g} s."
            )
        array = np.ascontiguousarray(item.to_numpy(), dtype=np.float64)
        _refuse_values(where, name, array, time, least)
        values[name] = array
    return common, values


def _refuse_values(where: str, name: str, array: Floats, time: Times, least: float) -> None:
    """Raise for values that are not finite or below the least, with the moment of the first."""
    low = "negative" if least == 0.0 else f"below {least:g}"
    for bad, what, advice in (
        (~np.isfinite(array), "not a number", "fill or cut the gap first"),
        (array < least, low, f"expected {least:g} or more"),
    ):
        if np.any(bad):
            raise DataError(
                f"{where}: {name} is {what} in {int(bad.sum())} interval(s), the first at {time[int(np.argmax(bad))]}; "
                f"{advice}."
            )
