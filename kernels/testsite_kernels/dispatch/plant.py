"""One step of a hydrogen balancing plant: electrolyser, tank, fuel cell, grid connection.

Symbols: e electrolyser power [W], f fuel-cell power [W], m hydrogen produced [kg/s], h hydrogen to the fuel
cell [kg/s], d demand [kg/s], s tank content [kg]. Tables hold kg/s at n loads evenly spaced from zero to
capacity, so a look-up costs no search; between two points the flow is linear in power.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.numerics.compile_options import part
from testsite_kernels.numerics.limits import NOTHING

OFF, STANDBY, PRODUCING = 0, 1, 2


class Plant(NamedTuple):
    """The plant as plain numbers and tables (W, kg, kg/s, J); see the module for the tables."""

    electrolyser_capacity: float
    electrolyser_minimum: float
    electrolyser_table: NDArray[np.float64]
    start_energy: float
    standby_power: float
    fuel_cell_capacity: float
    fuel_cell_minimum: float
    fuel_cell_table: NDArray[np.float64]
    tank_capacity: float
    tank_minimum: float
    charge_limit: float
    discharge_limit: float
    export_limit: float
    import_limit: float


@part
def table_flow(table: NDArray[np.float64], points_per_watt: float, power: float) -> float:
    """Return the flow [kg/s] at a power [W]: linear between the evenly spaced points of the table."""
    position = power * points_per_watt
    k = min(int(position), table.size - 2)
    return float(table[k] + (position - k) * (table[k + 1] - table[k]))


@part
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


@part
def operate(
    plant: Plant,
    e_scale: float,
    f_scale: float,
    step: float,
    wind: float,
    sellable: float,
    d: float,
    level: float,
    state: int,
    e_wanted: float,
    f_wanted: float,
) -> tuple[float, float, float, float, float, float, float, float, float, int]:
    """Carry out a wish for electrolyser and fuel cell as far as the plant can.

    Electrolyser and fuel cell never run at once: where both could, the electrolyser runs. The demand comes first, then
    the fuel cell; the electrolyser stops at a full tank, and is off where the
    room, the power or the wish is below its minimum load. A cold start draws `start_energy` within the
    interval; a stopped electrolyser stays hot while `standby_power` (if any) is available. Wind is curtailed
    above what is `sellable` [W]: the export limit, or less where a further sale would cost money.

    Returns
    -------
    tuple
        e (with start and standby consumption), f, m, h, delivered, level at the end, export, curtailed,
        import, state.
    """
    # electrolyser: wish, power at hand, room in the tank (the demand of the interval passes through)
    supply = wind + plant.import_limit
    start = plant.start_energy / step if state == OFF else 0.0
    e = min(min(e_wanted, plant.electrolyser_capacity), supply - start)
    m = 0.0
    e_least = max(plant.electrolyser_minimum, NOTHING * plant.electrolyser_capacity)
    if e >= e_least and e > 0.0:
        m = table_flow(plant.electrolyser_table, e_scale, e)
        room = min(max((plant.tank_capacity - level) / step, 0.0), plant.charge_limit) + d
        if m > room:
            m = room
            e = table_power(plant.electrolyser_table, e_scale, room)
            if e < e_least:
                m = 0.0
    if m > 0.0:
        e = min(e + start, supply)
        state = PRODUCING
    else:
        m = 0.0
        hot = plant.standby_power > 0.0 and state != OFF and supply >= plant.standby_power
        e = plant.standby_power if hot else 0.0
        state = STANDBY if hot else OFF
    # demand, then fuel cell, from production and tank
    content = min(max((level - plant.tank_minimum) / step, 0.0), plant.discharge_limit)
    delivered = min(d, m + content)
    left = m + content - delivered
    f = min(min(f_wanted, plant.fuel_cell_capacity), plant.export_limit + e - wind)
    h = 0.0
    f_least = max(plant.fuel_cell_minimum, NOTHING * plant.fuel_cell_capacity)
    if f >= f_least and f > 0.0 and left > 0.0 and m <= 0.0:
        h = table_flow(plant.fuel_cell_table, f_scale, f)
        if h > left:
            h = left
            f = table_power(plant.fuel_cell_table, f_scale, left)
            if f < f_least:
                h = 0.0
    if h <= 0.0:
        h = 0.0
        f = 0.0
    # a content beyond the limits, such as an activation leaves, may stay but not grow
    least, most = min(level, plant.tank_minimum), max(level, plant.tank_capacity)
    level = min(max(level + (m - delivered - h) * step, least), most)
    # grid
    net = wind + f - e
    bought = max(-net, 0.0)
    surplus = max(net, 0.0)
    curtailed = min(max(surplus - sellable, 0.0), wind)
    return e, f, m, h, delivered, level, surplus - curtailed, curtailed, bought, state
