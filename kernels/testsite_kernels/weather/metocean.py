"""Noise with a memory: the Gaussian processes behind generated wind and waves."""

import math

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import kernel
from testsite_kernels.numerics.random_streams import normal

_PURPOSE = 3


@kernel
def add_autoregressive(seed: int, member: int, stream: int, correlation: float, weight: float, values: Floats) -> None:
    """Add a stationary AR(1) process of unit variance, times `weight`, to `values` (time).

    x[t] = r x[t-1] + sqrt(1 - r^2) e[t], r the correlation of neighbours, x[0] standard normal.
    """
    scale = math.sqrt(1.0 - correlation * correlation)
    x = normal(seed, _PURPOSE, member, stream, 0)
    values[0] += weight * x
    for t in range(1, values.size):
        x = correlation * x + scale * normal(seed, _PURPOSE, member, stream, t)
        values[t] += weight * x


@kernel
def low_pass(values: Floats, memory: float, filtered: Floats) -> None:
    """Fill `filtered[t] = memory filtered[t-1] + (1 - memory) values[t]`: the sea answers the wind with a delay."""
    y = values[0]
    for t in range(values.size):
        y = memory * y + (1.0 - memory) * values[t]
        filtered[t] = y
