"""The input series of the hydrogen plant: one time axis, constant step, no gaps, nothing negative."""

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from testsite_sim.common.errors import DataError

UNLIMITED = 1e30  # stands for "no limit" in kernels: finite, so that products with zero stay zero


def flow_series(step_name: str, **series: xr.DataArray) -> tuple[float, dict[str, NDArray[np.float64]]]:
    """Return the common step [s] and the values of flows that must share one time axis.

    Raises
    ------
    DataError
        When a series has no time axis, a varying step, other stamps than the first, a gap, or a negative value.
    """
    first_name = next(iter(series))
    stamps: NDArray[np.int64] | None = None
    values: dict[str, NDArray[np.float64]] = {}
    for name, item in series.items():
        if item.dims != ("time",) or "time" not in item.coords:
            raise DataError(f"{step_name}: {name} has dimensions {item.dims}; wanted ('time',) with its stamps")
        own = item["time"].to_numpy().astype("datetime64[ns]").astype(np.int64)
        if stamps is None:
            stamps = own
        if not np.array_equal(own, stamps):
            raise DataError(f"{step_name}: the stamps of {name} differ from those of {first_name}; wanted the same")
        array = np.ascontiguousarray(item.to_numpy(), dtype=np.float64)
        for bad, what in ((~np.isfinite(array), "not a number"), (array < 0.0, "negative")):
            if np.any(bad):
                where = item["time"].to_numpy()[int(np.argmax(bad))]
                raise DataError(
                    f"{step_name}: {name} is {what} in {int(bad.sum())} interval(s), the first at {where}; "
                    "wanted zero or more"
                )
        values[name] = array
    assert stamps is not None
    steps = np.diff(stamps)
    if stamps.size < 2 or steps[0] <= 0 or np.any(steps != steps[0]):
        raise DataError(f"{step_name}: {first_name} wants two or more rising stamps at a constant step")
    return float(steps[0]) / 1e9, values


def relative_residual(expected: float, found: float, *scales: float) -> float:
    """Return the mismatch of two amounts over the largest of them and of the scales."""
    return abs(expected - found) / max(abs(expected), abs(found), *scales, 1e-300)
