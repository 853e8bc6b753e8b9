"""The curves of turbine types, laid out for the kernels."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.wind import curves as kernel_curves
from testsite_kernels.wind.curves import (
    BEGIN,
    NEXT,
    POWER,
    POWER_GROWTH,
    SEGMENT,
    THRUST,
    THRUST_GROWTH,
    Curves,
)

from testsite_sim.wind.farm import Turbine

REGULAR = (1.0, 2.0, 4.0, 8.0, 16.0)  # segments per metre per second that a product with the wind speed is exact for
MOST_BINS_PER_SPEED = 64.0  # where points of a curve stand nearer, the kernel looks further from the bin on


def read_curves(types: Sequence[Turbine]) -> Curves:
    """Return the curves of turbine types: power and thrust linear between the points, and zero outside them.

    They are not to be written to: those of the same types are the same.
    """
    return _read_curves(tuple(types))


@lru_cache(maxsize=64)
def _read_curves(types: tuple[Turbine, ...]) -> Curves:
    """Return the curves of turbine types, laid out once."""
    speeds = [np.asarray(turbine.wind_speed) for turbine in types]
    for per_speed in REGULAR:
        if all(np.all(speed * per_speed == np.round(speed * per_speed)) for speed in speeds):
            tables = [_regular_segments(turbine, per_speed) for turbine in types]
            bins = np.zeros((len(types), 0), np.int64)
            break
    else:
        tables = [_segments(turbine) for turbine in types]
        per_speed = min(1.0 / min(float(np.diff(speed).min()) for speed in speeds), MOST_BINS_PER_SPEED)
        edges = np.arange(int(max(float(speed[-1]) for speed in speeds) * per_speed) + 2) / per_speed
        rows = [np.searchsorted(table[:, BEGIN], edges, side="right") - 1 for table in tables]
        bins = np.maximum(np.stack(rows), 0).astype(np.int64)
    starts = np.concatenate([[0], np.cumsum([len(table) for table in tables])]).astype(np.int64)
    return Curves(starts, np.concatenate(tables), bins, per_speed)


def power_alone(types: Sequence[Turbine], speed: Floats, density_factor: Floats, factor: float = 1.0) -> Floats:
    """Return the power of a turbine of each type that stands alone, turned into the wind, shape (types, time) [W].

    Parameters
    ----------
    types : sequence of Turbine
        The types.
    speed : ndarray, shape (time, types)
        Undisturbed wind at the hub [m/s].
    density_factor : ndarray, shape (time or 1, types or 1)
        What scales the wind speed for the power curve [1].
    factor : float
        On the wind speed [1].
    """
    power = np.empty(speed.shape[::-1])
    kernel_curves.power_alone(
        read_curves(types), np.ascontiguousarray(speed), np.ascontiguousarray(density_factor), factor, power
    )
    return power


def _segments(turbine: Turbine) -> NDArray[np.float64]:
    """Return the segments of a curve, from calm to endless wind: the first and the last are those without power."""
    speed, power, thrust = (np.asarray(v) for v in (turbine.wind_speed, turbine.power, turbine.thrust_coefficient))
    table = np.zeros((speed.size + 1, SEGMENT))
    table[1:-1, BEGIN], table[-1, BEGIN] = speed[:-1], np.nextafter(speed[-1], np.inf)  # the last point still counts
    table[:-1, NEXT], table[-1, NEXT] = table[1:, BEGIN], np.inf
    table[0, BEGIN] = speed[0]
    width = np.diff(speed)
    table[1:-1, THRUST], table[1:-1, THRUST_GROWTH] = thrust[:-1], np.diff(thrust) / width
    table[1:-1, POWER], table[1:-1, POWER_GROWTH] = power[:-1], np.diff(power) / width
    return table


def _regular_segments(turbine: Turbine, per_speed: float) -> NDArray[np.float64]:
    """Return a curve cut into segments of one width, `per_speed` per metre per second, the first beginning at calm."""
    speed, power, thrust = (np.asarray(v) for v in (turbine.wind_speed, turbine.power, turbine.thrust_coefficient))
    points = np.arange(int(speed[-1] * per_speed) + 1) / per_speed
    outside = points < speed[0]
    table = np.zeros((points.size + 1, SEGMENT))
    table[:-1, BEGIN], table[-1, BEGIN] = points, np.nextafter(speed[-1], np.inf)
    table[:-1, NEXT], table[-1, NEXT] = table[1:, BEGIN], np.inf
    for values, at, growth in ((thrust, THRUST, THRUST_GROWTH), (power, POWER, POWER_GROWTH)):
        table[:-1, at] = np.where(outside, 0.0, np.interp(points, speed, values))
        table[:-2, growth] = np.where(outside[:-1], 0.0, np.diff(table[:-1, at]) * per_speed)
    table[:-1, BEGIN][outside] = speed[0]
    return table
