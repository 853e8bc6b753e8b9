"""The plant as a storage problem: machines as piecewise-linear segments, market, demand, tank."""

import numpy as np
from testsite_kernels.dispatch.storage_stage import StorageProblem
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.finite import finite_arguments
from testsite_sim.dispatch.market import MarketCurve
from testsite_sim.dispatch.objective import Objective
from testsite_sim.dispatch.plant import ReducedPlant

FlowLimits = tuple[Floats, Floats]  # into and out of the tank [kg/s], (intervals,)


def hull_segments(capacity: float, minimum: float, table: Floats, upper: bool) -> tuple[Floats, Floats]:
    """Return slopes [kg/s/W] and widths [W] of the hull of "off" and the table at or above the minimum load.

    Parameters
    ----------
    capacity : float
        Rated power [W].
    minimum : float
        Lowest load, fraction.
    table : ndarray, shape (points,)
        Flow at evenly spaced loads [kg/s].
    upper : bool
        True: the concave hull from above (production); False: the convex hull from below (consumption).
    """
    if capacity <= 0.0:
        return np.empty(0), np.empty(0)
    load = np.linspace(0.0, 1.0, table.size)
    keep = load > minimum
    power = np.concatenate([[0.0], [minimum * capacity] if minimum > 0.0 else [], capacity * load[keep]])
    flow = np.concatenate([[0.0], [np.interp(minimum, load, table)] if minimum > 0.0 else [], table[keep]])
    sign = 1.0 if upper else -1.0
    x, y = power.tolist(), flow.tolist()  # one number after the other, an array takes five times as long
    hull = [0]
    for k in range(1, len(x)):
        while len(hull) > 1:
            a, b = hull[-2], hull[-1]
            before = (y[b] - y[a]) / (x[b] - x[a])
            after = (y[k] - y[b]) / (x[k] - x[b])
            if sign * (before - after) > 1e-12 * abs(before):
                break
            hull.pop()
        hull.append(k)
    widths = np.diff(power[hull])
    slopes = np.diff(flow[hull]) / widths
    rising = slopes > 0.0  # a flat top produces nothing more
    return slopes[rising], widths[rising]


def follows_hull(plant: ReducedPlant) -> bool:
    """Return whether, from the minimum loads up, the part-load curves are their own hulls."""
    for capacity, minimum, table, upper in (
        (plant.electrolyser_capacity, plant.electrolyser_minimum_load, plant.electrolyser_table, True),
        (plant.fuel_cell_capacity, plant.fuel_cell_minimum_load, plant.fuel_cell_table, False),
    ):
        slopes, widths = hull_segments(capacity, minimum, table, upper)
        points = np.concatenate([[0.0], np.cumsum(widths)])
        flows = np.concatenate([[0.0], np.cumsum(slopes * widths)])
        load = np.linspace(0.0, 1.0, table.size)
        load = load[load >= minimum]
        true = np.interp(load, np.linspace(0.0, 1.0, table.size), table)
        if np.any(np.abs(np.interp(load * capacity, points, flows) - true) > 1e-9 * max(table[-1], 1e-300)):
            return False
    return True


def is_convex(plant: ReducedPlant) -> bool:
    """Return whether the plant has neither minimum loads, start costs and standby nor non-concave curves."""
    if plant.electrolyser_minimum_load > 0.0 and plant.electrolyser_capacity > 0.0:
        return False
    if plant.fuel_cell_minimum_load > 0.0 and plant.fuel_cell_capacity > 0.0:
        return False
    if plant.electrolyser_start_energy > 0.0 or plant.electrolyser_standby_power > 0.0:
        return False
    if plant.electrolyser_capacity > 0.0 and np.any(np.diff(plant.electrolyser_table) <= 0.0):
        return False  # power that makes nothing can be paid for
    return follows_hull(plant)


@finite_arguments("dispatch")
def storage_problem(
    wind: Floats,
    demand: Floats,
    step: float,
    plant: ReducedPlant,
    market: MarketCurve,
    objective: Objective,
    by_product: Floats | None = None,
    limits: FlowLimits | None = None,
) -> StorageProblem:
    """Return the storage problem of a plant; concave hulls stand for what is not concave.

    Parameters
    ----------
    wind, demand : ndarray, shape (intervals,)
        Wind power, below zero a load [W]; hydrogen demand [kg/s].
    step : float
        Interval [s].
    plant : ReducedPlant
        Machines, tank and grid limits.
    market : MarketCurve
        What a net export earns.
    objective : Objective
        Cost of unmet demand, price of by-product, end content and its value.
    by_product : ndarray, shape (intervals,), optional
        By-product hydrogen on offer [kg/s]; None: there is none.
    limits : tuple of ndarray, shape (intervals,), optional
        Largest flows into and out of the tank [kg/s]; None: those of the plant, always.
    """
    charge, discharge = limits or (np.array([float(plant.charge_limit)]), np.array([float(plant.discharge_limit)]))
    f_slope, f_width = hull_segments(
        plant.fuel_cell_capacity, plant.fuel_cell_minimum_load, plant.fuel_cell_table, False
    )
    e_slope, e_width = hull_segments(
        plant.electrolyser_capacity, plant.electrolyser_minimum_load, plant.electrolyser_table, True
    )
    return StorageProblem(
        step=float(step),
        wind=np.ascontiguousarray(wind, np.float64),
        demand=np.ascontiguousarray(demand * step, np.float64),
        by_product=np.zeros(wind.size) if by_product is None else np.ascontiguousarray(by_product * step, np.float64),
        edges=np.ascontiguousarray(market.edges, np.float64),
        prices=np.ascontiguousarray(market.concave_prices(), np.float64),
        electrolyser_low=np.zeros(1),
        electrolyser_high=np.array([float(e_width.sum())]),
        fuel_cell_low=np.zeros(1),
        fuel_cell_high=np.array([float(f_width.sum())]),
        machine_slope=np.concatenate([f_slope[::-1], e_slope]),
        machine_width=np.concatenate([f_width[::-1], e_width]),
        fuel_segments=int(f_slope.size),
        penalty=float(objective.penalty),
        by_product_price=float(objective.by_product_price),
        charge_limit=np.ascontiguousarray(charge, np.float64),
        discharge_limit=np.ascontiguousarray(discharge, np.float64),
        tank_minimum=float(plant.tank_minimum),
        tank_capacity=float(plant.tank_capacity),
        initial=float(plant.tank_initial),
        end_minimum=float(objective.end_minimum),
        end_value=float(objective.end_value),
    )
