"""The input series of balancing: one time axis, constant step, no gaps; the error names the culprit."""

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from testsite_sim.common.errors import DataError


def step_seconds(series: xr.DataArray, name: str) -> float:
    """Return the constant step of a series in seconds.

    Raises
    ------
    DataError
        When the series has no time axis, fewer than two intervals, or a varying step.
    """
    if series.dims != ("time",) or "time" not in series.coords:
        raise DataError(f"balancing: {name} has dimensions {series.dims}; wanted ('time',) with its stamps")
    stamps = series["time"].to_numpy().astype("datetime64[ns]").astype(np.int64)
    if stamps.size < 2:
        raise DataError(f"balancing: {name} has {stamps.size} interval(s); wanted at least two")
    steps = np.diff(stamps)
    if steps[0] <= 0 or np.any(steps != steps[0]):
        where = int(np.argmax(steps != steps[0])) if steps[0] > 0 else 0
        raise DataError(
            f"balancing: the step of {name} changes or runs back after {series['time'].to_numpy()[where]}; "
            "wanted rising stamps at a constant step"
        )
    return float(steps[0]) / 1e9


def aligned(step: float | None, **series: xr.DataArray) -> tuple[float, dict[str, NDArray[np.float64]]]:
    """Return the common step [s] and the values of series that must share one time axis.

    Raises
    ------
    DataError
        When a series differs in length, step or stamps from the first, or holds a value that is not finite.
    """
    first_name, first = next(iter(series.items()))
    common = step_seconds(first, first_name)
    if step is not None and abs(step - common) > 1e-6 * common:
        raise DataError(f"balancing: {first_name} has a step of {common:g} s; the run wants {step:g} s")
    values: dict[str, NDArray[np.float64]] = {}
    for name, item in series.items():
        own = step_seconds(item, name)
        if own != common:
            raise DataError(f"balancing: {name} has a step of {own:g} s, {first_name} of {common:g} s; wanted the same")
        if item.sizes["time"] != first.sizes["time"]:
            raise DataError(
                f"balancing: {name} has {item.sizes['time']} intervals, {first_name} {first.sizes['time']}; "
                "wanted the same"
            )
        if item["time"].to_numpy()[0] != first["time"].to_numpy()[0]:
            raise DataError(
                f"balancing: {name} starts at {item['time'].to_numpy()[0]}, {first_name} at "
                f"{first['time'].to_numpy()[0]}; wanted the same"
            )
        array = np.ascontiguousarray(item.to_numpy(), dtype=np.float64)
        bad = np.flatnonzero(~np.isfinite(array))
        if bad.size:
            raise DataError(
                f"balancing: {name} has {bad.size} value(s) that are not a number, the first at "
                f"{item['time'].to_numpy()[bad[0]]}; fill or cut the gap first"
            )
        values[name] = array
    return common, values
