"""Losses that act on the power curve: what keeps a turbine short of its curve takes nothing at rated power."""

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_kernel, bare_part


@bare_part
def read_rising(x: float, k: int, n: int, points: Floats, values: Floats) -> float:
    """Return what loss n leaves of power x on the curve of type k, linear between the points, which rise."""
    low, high = 0, points.shape[1] - 1
    if x <= points[k, low]:  # below the first point of the curve, where nothing is lost
        return x
    if x >= points[k, high]:
        return float(values[n, k, high])
    while high - low > 1:
        middle = (low + high) // 2
        if points[k, middle] <= x:
            low = middle
        else:
            high = middle
    share = (x - points[k, low]) / (points[k, high] - points[k, low])
    return float(values[n, k, low] + share * (values[n, k, high] - values[n, k, low]))


@bare_kernel
def power_after_losses(
    power: Floats,
    share: Floats,
    kind: NDArray[np.int64],
    points: Floats,
    values: Floats,
    group: NDArray[np.int64],
    total: Floats,
    by_group: Floats,
) -> None:
    """Fill the power of a farm before and after losses that act on the curve of each turbine.

    Parameters
    ----------
    power : ndarray, shape (times, turbines)
        Of a turbine that runs, on its own curve [W].
    share : ndarray, shape (times, turbines)
        Of each interval in which a turbine runs [1].
    kind, group : ndarray, shape (turbines,)
        Type of the turbine, and the group that it belongs to.
    points : ndarray, shape (types, points)
        Power on the curve, rising [W].
    values : ndarray, shape (losses, types, points)
        Power that is left there after each loss and those before it [W].
    total : ndarray, shape (times, losses + 1)
        Written: power of the farm before and after each loss [W].
    by_group : ndarray, shape (times, groups)
        Written: power of each group after all of them [W].
    """
    losses = values.shape[0]
    for t in range(power.shape[0]):
        for n in range(losses + 1):
            total[t, n] = 0.0
        for g in range(by_group.shape[1]):
            by_group[t, g] = 0.0
        for i in range(power.shape[1]):
            runs, full = float(share[t, i]), power[t, i]
            left = full
            total[t, 0] += runs * full
            for n in range(losses):
                if full > 0.0:  # standby power is none of the curve's
                    left = read_rising(full, kind[i], n, points, values)
                total[t, n + 1] += runs * left
            by_group[t, group[i]] += runs * left
