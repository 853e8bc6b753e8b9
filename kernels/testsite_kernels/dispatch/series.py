"""Rule-based dispatch of a balancing plant through time: the whole series of one plant, or totals of many.

Index t time. `sellable` [W] is the largest export that does not cost money: the export limit, or less at a
price below zero. The signal is the price that the rule looks at, which may be another one (yesterday's, or an
imbalance price). The sale price is what one joule sold earns (market price plus support).
"""

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.dispatch.plant import Plant, operate, points_per_watt
from testsite_kernels.dispatch.reserve import Reserve, activate
from testsite_kernels.dispatch.rules import Rule, decide
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import kernel, part

FLOWS = (
    "power_electrolyser",
    "power_fuel_cell",
    "hydrogen_produced",
    "hydrogen_to_fuel_cell",
    "hydrogen_delivered",
    "hydrogen_stored",
    "power_exported",
    "power_curtailed",
    "power_imported",
)
TOTALS = (*FLOWS[:5], *FLOWS[6:], "sales", "purchases", "end_level", "starts")


@part
def book_activation(
    plant: Plant, reserve: Reserve, t: int, step: float, before: float, level: float, flows: Floats, activated: Floats
) -> float:
    """Add the activation of reserves to the row t of `flows` (time, 9); return the content after it [kg].

    The row t of `activated` (time, 2) takes what is delivered up and down [W]; a reserve without rows orders nothing.
    """
    if reserve.ordered.shape[0] == 0:
        return level
    sold, bought = flows[t, 6], flows[t, 8]
    up, down, level = activate(plant, reserve, t, step, before, level, sold, bought)
    activated[t, 0], activated[t, 1] = up, down
    net = sold - bought + up - down
    flows[t, 0] += down
    flows[t, 1] += up
    flows[t, 2] += down * reserve.production
    flows[t, 3] += up * reserve.consumption
    flows[t, 5], flows[t, 6], flows[t, 8] = level, max(net, 0.0), max(-net, 0.0)
    return level


@kernel
def dispatch_series(
    plant: Plant,
    reserve: Reserve,
    rule: Rule,
    step: float,
    initial_level: float,
    wind: Floats,
    sellable: Floats,
    signal: Floats,
    promised: Floats,
    demand: Floats,
    flows: Floats,
    states: NDArray[np.int8],
    activated: Floats,
) -> None:
    """Fill `flows` (time, 9), in the order of `FLOWS`, and `states` (time) for one plant.

    `activated` (time, 2) takes the reserved power that was delivered [W], up and down; no rows where none is reserved.
    """
    e_scale = points_per_watt(plant.electrolyser_table, plant.electrolyser_capacity)
    f_scale = points_per_watt(plant.fuel_cell_table, plant.fuel_cell_capacity)
    level = initial_level
    state = 0
    for t in range(wind.size):
        before = level
        e_wanted, f_wanted = decide(rule, plant, wind[t], signal[t], promised[t], level)
        e, f, m, h, delivered, level, sold, curtailed, bought, state = operate(
            plant, e_scale, f_scale, step, wind[t], sellable[t], demand[t], level, state, e_wanted, f_wanted
        )
        flows[t, 0] = e
        flows[t, 1] = f
        flows[t, 2] = m
        flows[t, 3] = h
        flows[t, 4] = delivered
        flows[t, 5] = level
        flows[t, 6] = sold
        flows[t, 7] = curtailed
        flows[t, 8] = bought
        states[t] = state
        level = book_activation(plant, reserve, t, step, before, level, flows, activated)


@kernel
def dispatch_schedule(
    plant: Plant,
    reserve: Reserve,
    step: float,
    initial_level: float,
    wind: Floats,
    sellable: Floats,
    demand: Floats,
    electrolyser: Floats,
    fuel_cell: Floats,
    flows: Floats,
    states: NDArray[np.int8],
    activated: Floats,
) -> None:
    """Fill `flows`, `states` and `activated` as `dispatch_series` does, for wishes [W] that were made beforehand."""
    e_scale = points_per_watt(plant.electrolyser_table, plant.electrolyser_capacity)
    f_scale = points_per_watt(plant.fuel_cell_table, plant.fuel_cell_capacity)
    level = initial_level
    state = 0
    for t in range(wind.size):
        before = level
        e, f, m, h, delivered, level, sold, curtailed, bought, state = operate(
            plant,
            e_scale,
            f_scale,
            step,
            wind[t],
            sellable[t],
            demand[t],
            level,
            state,
            electrolyser[t],
            fuel_cell[t],
        )
        flows[t, 0] = e
        flows[t, 1] = f
        flows[t, 2] = m
        flows[t, 3] = h
        flows[t, 4] = delivered
        flows[t, 5] = level
        flows[t, 6] = sold
        flows[t, 7] = curtailed
        flows[t, 8] = bought
        states[t] = state
        level = book_activation(plant, reserve, t, step, before, level, flows, activated)


@kernel
def dispatch_totals(
    plant: Plant,
    rule: Rule,
    step: float,
    initial_level: float,
    wind: Floats,
    sale_price: Floats,
    purchase_price: Floats,
    signal: Floats,
    promised: Floats,
    demand: Floats,
    totals: Floats,
) -> None:
    """Fill `totals` (member, 12), in the order of `TOTALS`, without keeping the series.

    Units: J, kg, EUR; starts as a number.

    All series are (member, time); a member axis of length one serves all members.
    """
    e_scale = points_per_watt(plant.electrolyser_table, plant.electrolyser_capacity)
    f_scale = points_per_watt(plant.fuel_cell_table, plant.fuel_cell_capacity)
    for i in range(totals.shape[0]):
        wind_i = wind[min(i, wind.shape[0] - 1)]
        sale_i = sale_price[min(i, sale_price.shape[0] - 1)]
        purchase_i = purchase_price[min(i, purchase_price.shape[0] - 1)]
        signal_i = signal[min(i, signal.shape[0] - 1)]
        promised_i = promised[min(i, promised.shape[0] - 1)]
        demand_i = demand[min(i, demand.shape[0] - 1)]
        level = initial_level
        state = 0
        starts = 0
        e_sum = f_sum = m_sum = h_sum = d_sum = x_sum = c_sum = b_sum = sales = purchases = 0.0
        for t in range(wind_i.size):
            e_wanted, f_wanted = decide(rule, plant, wind_i[t], signal_i[t], promised_i[t], level)
            before = state
            sellable = plant.export_limit if sale_i[t] >= 0.0 else 0.0
            e, f, m, h, delivered, level, sold, curtailed, bought, state = operate(
                plant,
                e_scale,
                f_scale,
                step,
                wind_i[t],
                sellable,
                demand_i[t],
                level,
                state,
                e_wanted,
                f_wanted,
            )
            starts += before != 2 and state == 2
            e_sum += e
            f_sum += f
            m_sum += m
            h_sum += h
            d_sum += delivered
            x_sum += sold
            c_sum += curtailed
            b_sum += bought
            sales += sold * sale_i[t]
            purchases += bought * purchase_i[t]
        totals[i, 0] = e_sum * step
        totals[i, 1] = f_sum * step
        totals[i, 2] = m_sum * step
        totals[i, 3] = h_sum * step
        totals[i, 4] = d_sum * step
        totals[i, 5] = x_sum * step
        totals[i, 6] = c_sum * step
        totals[i, 7] = b_sum * step
        totals[i, 8] = sales * step
        totals[i, 9] = purchases * step
        totals[i, 10] = level
        totals[i, 11] = starts
