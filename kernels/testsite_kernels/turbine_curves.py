"""Power and thrust of a turbine at its effective wind speeds, from the rows of its table."""

import math

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.compile_options import contracted_kernel, inlined_part, part
from testsite_kernels.wake_deficit import induction_momentum

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

BINS_PER_SPEED = 4.0


@part
def derated_thrust(thrust: float, share: float) -> float:
    """Return the thrust coefficient of a turbine held at a share of the power that it could give.

    One-dimensional momentum theory: the power coefficient 4 a (1 - a)² falls by the share, and the thrust coefficient
    4 a (1 - a) with the induction a that belongs to it, below 1/3.
    """
    if share <= 0.0 or thrust <= 0.0:
        return 0.0
    before = min(induction_momentum(thrust), 1.0 / 3.0)
    coefficient = 4.0 * before * (1.0 - before) * (1.0 - before) * share
    angle = math.acos(max(-1.0, min(1.0, 27.0 * coefficient / 8.0 - 1.0)))
    after = 2.0 / 3.0 + 2.0 / 3.0 * math.cos((angle + 2.0 * math.pi) / 3.0)
    return thrust * after * (1.0 - after) / (before * (1.0 - before))


@inlined_part
def table_row(speed: float, speeds: Floats, bins: Integers, first: int, last: int) -> int:
    """Return the row of a table at or below a speed within it, from the first row of the speed's bin on.

    `bins`, shape (rows of `BINS_PER_SPEED` a metre per second,), holds for each bin the last row at or below its lower
    edge.
    """
    row = max(first, bins[min(int(speed * BINS_PER_SPEED), bins.size - 1)])
    while row < last - 2 and speeds[row + 1] <= speed:
        row += 1
    return row


@inlined_part
def share_of_row(speed: float, row: int, speeds: Floats) -> float:
    """Return the share of the way from a row of a table to the next, within 0 and 1."""
    return min(max((speed - speeds[row]) / (speeds[row + 1] - speeds[row]), 0.0), 1.0)


@contracted_kernel
def read_curves(
    j: int, lanes: int, hours: Integers, table_start: Integers, table_speed: Floats, table_power: Floats,
    table_thrust: Floats, table_bins: Integers, density_factor: Floats, largest_power: Floats, speed: Floats,
    power: Floats, thrust: Floats,
) -> None:  # fmt: skip
    """Fill power [W] and thrust coefficient of turbine j, shape (lanes,), at its effective wind speeds.

    Both are linear between the rows of the table, and zero where the wind speed lies outside it.
    """
    first, last, bins = table_start[j, 0], table_start[j, 1], table_bins[j]
    lowest, highest = table_speed[first], table_speed[last - 1]
    for lane in range(lanes):
        power[lane] = thrust[lane] = 0.0
        if lowest <= speed[lane] <= highest:
            row = table_row(speed[lane], table_speed, bins, first, last)
            share = share_of_row(speed[lane], row, table_speed)
            thrust[lane] = table_thrust[row] + share * (table_thrust[row + 1] - table_thrust[row])
            power[lane] = table_power[row] + share * (table_power[row + 1] - table_power[row])
    if density_factor.size > 1:
        column = min(j, density_factor.shape[1] - 1)
        for lane in range(lanes):
            if lowest <= speed[lane] <= highest:
                corrected = speed[lane] * density_factor[hours[lane], column]
                row = table_row(corrected, table_speed, bins, first, last)
                share = share_of_row(corrected, row, table_speed)
                power[lane] = table_power[row] + share * (table_power[row + 1] - table_power[row])
    if largest_power.size > 1 or largest_power[0, 0] < math.inf:
        height, column = largest_power.shape[0] - 1, min(j, largest_power.shape[1] - 1)
        for lane in range(lanes):
            limit = largest_power[min(hours[lane], height), column]
            if power[lane] > limit:
                thrust[lane] = derated_thrust(thrust[lane], limit / power[lane])
                power[lane] = limit
            elif limit <= 0.0:
                thrust[lane] = 0.0
