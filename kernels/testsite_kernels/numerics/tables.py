"""Tables at evenly spaced points from zero: look-ups cost no search, and between two points they are linear."""

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.numerics.compile_options import bare_part, part


@bare_part
def table_flow(table: NDArray[np.float64], points_per_watt: float, power: float) -> float:
    """Return the flow [kg/s] at a power [W]: linear between the evenly spaced points of the table."""
    position = power * points_per_watt
    k = min(int(position), table.size - 2)
    return float(table[k] + (position - k) * (table[k + 1] - table[k]))


@bare_part
def table_power(table: NDArray[np.float64], points_per_watt: float, flow: float) -> float:
    """Return the power [W] at which the rising table gives a flow [kg/s]: the inverse of `table_flow`."""
    low, high = 0, table.size - 1
    while high - low > 1:
        middle = (low + high) // 2
        if table[middle] <= flow:
            low = middle
        else:
            high = middle
    return float((low + (flow - table[low]) / (table[high] - table[low])) / points_per_watt)


@part
def points_per_watt(table: NDArray[np.float64], capacity: float) -> float:
    """Return the spacing of a table as points per watt; zero for a machine that does not exist."""
    return (table.size - 1) / capacity if capacity > 0.0 else 0.0
