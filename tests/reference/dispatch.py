"""The rules of dispatch, slow and plain: one interval after the other, flows by np.interp."""

from typing import NamedTuple

import numpy as np
from testsite_kernels.plant.machines import Reserve

from testsite_sim.dispatch.plant import ReducedPlant

FLOWS = (
    "power_electrolysers",
    "power_fuel_cells",
    "hydrogen_produced",
    "hydrogen_to_fuel_cells",
    "hydrogen_delivered",
    "hydrogen_stored",
    "power_exported",
    "power_curtailed",
    "power_imported",
)


class Held(NamedTuple):
    """Orders up and down [W], rates of the modules that answer them, limits of the whole tank [kg], [kg/s]."""

    ordered: np.ndarray
    rates: Reserve
    tank_minimum: float
    tank_capacity: float
    charge_limit: float
    discharge_limit: float


def set_points(rule, settings, plant, wind, price, promised, level):
    """Electrolyser and fuel-cell power [W] of a rule; `settings` = (below, above, band, reserve)."""
    below, above, band, reserve = settings
    if rule == "none":
        return 0.0, 0.0
    if level < reserve:
        return plant.electrolyser_capacity, 0.0
    firm = (wind - promised - band, promised - band - wind)
    if rule == "surplus":
        return (wind, 0.0) if price < 0 else (wind - promised, promised - wind)
    if rule == "firm-band":
        return firm
    if price <= below:
        return plant.electrolyser_capacity, 0.0
    if price >= above:
        return 0.0, plant.fuel_cell_capacity
    return firm if rule == "imbalance" else (0.0, 0.0)


def dispatch(
    plant: ReducedPlant, rule, settings, step, wind, sale_price, signal, promised, demand, reserve=None, schedule=None
):
    """Return the flows of the kernel, written from the description; with a reserve also what is delivered of it.

    `schedule` (intervals, 3) holds set-points [W] and whether the electrolyser goes cold, instead of a rule.
    """
    grid = np.linspace(0, 1, plant.electrolyser_table.size)
    e_grid, f_grid = grid * plant.electrolyser_capacity, grid * plant.fuel_cell_capacity
    e_minimum = max(plant.electrolyser_minimum_load, 1e-9) * plant.electrolyser_capacity  # less is rounding
    f_minimum = max(plant.fuel_cell_minimum_load, 1e-9) * plant.fuel_cell_capacity
    level, state, rows, delivered_orders = plant.tank_initial, 0, [], []
    for t, (w, sale, p, n, d) in enumerate(zip(wind, sale_price, signal, promised, demand, strict=True)):
        began = level
        if schedule is None:
            (e_set_point, f_set_point), cold, export = (
                set_points(rule, settings, plant, w, p, n, level),
                False,
                plant.export_limit,
            )
        else:
            (e_set_point, f_set_point), cold, export = (
                schedule[t, :2],
                schedule[t, 2] > 0,
                plant.export_limit + max(w, 0.0),
            )
        supply = w + plant.import_limit
        start = plant.electrolyser_start_energy / step if state == 0 else 0.0
        room = min(max(plant.tank_capacity - level, 0.0) / step, plant.charge_limit) + d
        load = allowed = min(e_set_point, plant.electrolyser_capacity, supply - start)
        if plant.electrolyser_capacity and load > 0 and np.interp(load, e_grid, plant.electrolyser_table) > room:
            load = np.interp(room, plant.electrolyser_table, e_grid)
        running = plant.electrolyser_capacity > 0 and load > 0 and allowed >= e_minimum
        running = running and load >= e_minimum * (1 - 1e-9)  # what fills the tank to the last digit still runs
        produced = float(np.interp(load, e_grid, plant.electrolyser_table)) if running else 0.0
        running = produced > 0
        if running:
            e, state = load + start, 2
        elif state and not cold and 0 < plant.electrolyser_standby_power <= supply:
            e, state = plant.electrolyser_standby_power, 1
        else:
            e, state = 0.0, 0
        usable = min(max(level - plant.tank_minimum, 0.0) / step, plant.discharge_limit) + produced
        delivered = min(d, usable)
        f = 0.0 if running else min(f_set_point, plant.fuel_cell_capacity, export - w + e)
        consumed = 0.0
        if plant.fuel_cell_capacity and f >= f_minimum:
            if np.interp(f, f_grid, plant.fuel_cell_table) > usable - delivered:
                f = float(np.interp(usable - delivered, plant.fuel_cell_table, f_grid))
            if f >= f_minimum * (1 - 1e-9):
                consumed = float(np.interp(f, f_grid, plant.fuel_cell_table))
        if consumed <= 0:
            f = 0.0
        level = level + (produced - delivered - consumed) * step
        level = min(max(level, min(began, plant.tank_minimum)), max(began, plant.tank_capacity))  # rounding only
        net = w + f - e
        curtailed = min(w, max(0.0, net - (0.0 if sale < 0 else plant.export_limit)))
        row = [e, f, produced, consumed, delivered, level, max(net, 0.0) - curtailed, curtailed, max(-net, 0.0)]
        if reserve is not None:
            row, level, given = with_orders(plant, reserve, t, step, began, row)
            delivered_orders.append(given)
        rows.append(row)
    return np.array(rows) if reserve is None else (np.array(rows), np.array(delivered_orders))


def with_orders(plant, reserve, t, step, began, row):
    """Return the row of an interval with the orders to a reserve, the content after it, what is delivered [W]."""
    e, f, produced, consumed, delivered, level, sold, curtailed, bought = row
    up, down = reserve.ordered[t]
    inflow = (level - began) / step
    if up:
        most = [(level - reserve.tank_minimum) / step, reserve.discharge_limit + inflow]
        up = min(up, max(0.0, min(most)) / reserve.rates.consumption, max(0.0, plant.export_limit - sold + bought))
        level, inflow = level - up * reserve.rates.consumption * step, inflow - up * reserve.rates.consumption
    if down:
        most = [(reserve.tank_capacity - level) / step, reserve.charge_limit - inflow]
        down = min(
            down, max(0.0, min(most)) / reserve.rates.production, max(0.0, sold - bought + up + plant.import_limit)
        )
        level += down * reserve.rates.production * step
    net = sold - bought + up - down
    produced, consumed = produced + down * reserve.rates.production, consumed + up * reserve.rates.consumption
    row = [e + down, f + up, produced, consumed, delivered, level, max(net, 0.0), curtailed, max(-net, 0.0)]
    return row, level, (up, down)
