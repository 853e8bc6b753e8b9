"""The best operation with perfect foresight, and what it proves: value, bound, gap, value of hydrogen."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from testsite_kernels.dispatch import FLOWS, dispatch_schedule
from testsite_kernels.dispatch_reserve import Reserve
from testsite_kernels.storage_discrete import COLD, HOT, discrete_modes
from testsite_kernels.storage_optimum import OPERATION, SOLVED, storage_optimum
from testsite_kernels.storage_stage import StorageProblem

from testsite_sim.balancing.capacity import nothing_reserved
from testsite_sim.balancing.general import Objective, general_optimum
from testsite_sim.balancing.market import MarketCurve
from testsite_sim.balancing.plant import BalancingPlant
from testsite_sim.balancing.storage import follows_hull, is_convex, storage_problem
from testsite_sim.errors import ConfigurationError

Floats = NDArray[np.float64]
BLOCK = 16_384  # intervals whose values are held at a time: a year of hours at once, 26 MB
EXACT = 1e-9  # relative gap at which an operation counts as optimal


@dataclass(frozen=True)
class Optimum:
    """An operation with perfect foresight.

    Parameters
    ----------
    flows : ndarray, shape (intervals, 9)
        In the order of `testsite_kernels.dispatch.FLOWS`.
    states : ndarray, shape (intervals,)
        0 off, 1 standby, 2 producing.
    value : float
        What the operation earns: cash, minus penalty for unmet demand, plus value of the end content [EUR].
    bound : float
        What no operation of this plant can exceed [EUR].
    water_value : ndarray, shape (intervals,)
        Value of one more kilogram in the tank [EUR/kg].
    method : str
        "convex", "discrete" or "general".
    reason : str
        Why the convex solution was not the answer; empty where it was.
    """

    flows: Floats
    states: NDArray[np.int8]
    value: float
    bound: float
    water_value: Floats
    method: str
    reason: str

    @property
    def gap(self) -> float:
        """Return the distance to the bound, relative to it."""
        return max(self.bound - self.value, 0.0) / max(abs(self.bound), 1e-300)


def optimum(
    wind: Floats,
    demand: Floats,
    step: float,
    plant: BalancingPlant,
    market: MarketCurve,
    objective: Objective,
    contents: int = 101,
    time_limit: float = 60.0,
) -> Optimum:
    """Return the best operation of a plant whose future is known.

    The convex solution comes first: it is the optimum of a plant with concave curves and no minimum load,
    and an upper bound otherwise. Minimum loads, starts and standby are then decided by dynamic programming
    and the dispatch within these decisions is exact again. Prices that make a stage non-concave (paid to
    consume, a price that rises with the export) go to HiGHS, unless the convex solution turns out not to
    use them.

    Parameters
    ----------
    wind, demand : ndarray, shape (intervals,)
        Wind power [W], hydrogen demand [kg/s].
    step : float
        Interval [s].
    plant : BalancingPlant
        The plant.
    market : MarketCurve
        What a net export earns.
    objective : Objective
        Penalty, end content, end value.
    contents : int
        Grid of tank contents for the dynamic program.
    time_limit : float
        Seconds for HiGHS, where it is needed.

    Raises
    ------
    ConfigurationError
        When the end content is out of reach.
    """
    problem = storage_problem(
        wind, demand, step, plant, market, objective.penalty, objective.end_minimum, objective.end_value
    )
    operation = np.empty((wind.size, len(OPERATION)))
    status, best, _ = storage_optimum(problem, operation)
    if status != SOLVED:
        raise ConfigurationError(
            f"balancing: an end content of {objective.end_minimum:g} kg is out of reach of the plant and "
            f"its tank of {plant.tank_capacity:g} kg (start {plant.tank_initial:g} kg); lower it"
        )
    bound = best + float(np.broadcast_to(market.fixed, wind.shape).sum()) * step
    prices = operation[:, 6].copy()
    if is_convex(plant):
        load = np.zeros(wind.size)
        flows, states = _flows(operation, load, wind, demand, step, plant)
        value = _value(flows, demand, step, market, objective)
        if bound - value <= EXACT * abs(bound):
            return Optimum(flows, states, value, bound, prices, "convex", "")
        reason = "a price makes the benefit of some interval non-concave"
        found = general_optimum(wind, [demand], step, [plant], market, objective, None, time_limit)
        operation[:, :6] = np.stack(
            [
                found.electrolyser[0],
                found.fuel_cell[0],
                found.unmet[0],
                found.curtailed,
                found.net_export,
                found.content[0],
            ],
            axis=1,
        )
        other, other_states = _flows(operation, load, wind, demand, step, plant)
        other_value = _value(other, demand, step, market, objective)
        if other_value > value:
            flows, states, value = other, other_states, other_value
        return Optimum(flows, states, value, min(bound, max(found.bound, value)), prices, "general", reason)
    modes, load, best_problem = _decide_modes(problem, plant, objective, contents)
    status, _, _ = storage_optimum(best_problem, operation)
    reason = "minimum loads, starts or part-load curves are not convex"
    if status != SOLVED:
        raise ConfigurationError(
            f"balancing: an end content of {objective.end_minimum:g} kg is out of reach with the plant's minimum loads"
        )
    flows, states = _flows(operation, load, wind, demand, step, plant)
    states[modes == 4] = 1
    value = _value(flows, demand, step, market, objective)
    return Optimum(flows, states, value, bound, operation[:, 6].copy(), "discrete", reason)


def _decide_modes(
    problem: StorageProblem, plant: BalancingPlant, objective: Objective, contents: int
) -> tuple[NDArray[np.int8], Floats, StorageProblem]:
    """Return each interval's mode, the power of starts and standby, and the problem within the modes."""
    zero = np.zeros(1)
    e_low = np.array([plant.electrolyser_minimum_load * plant.electrolyser_capacity])
    f_low = np.array([plant.fuel_cell_minimum_load * plant.fuel_cell_capacity])
    f_beside = problem.fuel_cell_high if f_low[0] == 0.0 else zero
    start = plant.electrolyser_start_energy / problem.step
    standby = plant.electrolyser_standby_power
    idle = problem._replace(electrolyser_high=zero, fuel_cell_high=zero)
    generate = problem._replace(electrolyser_high=zero, fuel_cell_low=f_low)
    produce = problem._replace(electrolyser_low=e_low, fuel_cell_high=f_beside)
    begin = produce._replace(wind=problem.wind - start)
    rest = idle._replace(wind=problem.wind - standby)
    both, hot, cold = 3, 1 << HOT, 1 << COLD
    exists = plant.electrolyser_capacity > 0.0
    come_from = np.array(
        [
            both,
            both if plant.fuel_cell_capacity > 0.0 else 0,
            hot * exists,
            cold * exists,
            hot * (exists and standby > 0.0),
        ]
    )
    lead_to = np.array([COLD, COLD, HOT, HOT, HOT])
    modes = np.empty(problem.wind.size, np.int8)
    dearest = 10.0 * (problem.penalty + float(np.abs(problem.prices).max()) * 3.6e8)
    if plant.tank_capacity > plant.tank_minimum:
        discrete_modes((idle, generate, produce, begin, rest), come_from, lead_to, contents, BLOCK, dearest, modes)
    else:
        modes[:] = 0
    load = np.where(modes == 3, start, np.where(modes == 4, standby, 0.0))
    producing, generating = (modes == 2) | (modes == 3), modes == 1
    within = problem._replace(
        wind=problem.wind - load,
        electrolyser_low=np.where(producing, e_low, 0.0),
        electrolyser_high=np.where(producing, problem.electrolyser_high, 0.0),
        fuel_cell_low=np.where(generating, f_low, 0.0),
        fuel_cell_high=np.where(generating, problem.fuel_cell_high, np.where(producing, f_beside, 0.0)),
    )
    return modes, load, within


def _flows(
    operation: Floats, load: Floats, wind: Floats, demand: Floats, step: float, plant: BalancingPlant
) -> tuple[Floats, NDArray[np.int8]]:
    """Return flows and states of an operation; a plant off its hull is run again on its true curves."""
    e, f, unmet, curtailed, export, content = operation[:, :6].T
    states = np.where(e > 1e-9 * plant.electrolyser_capacity, 2, 0).astype(np.int8)
    flows = np.empty((wind.size, len(FLOWS)))
    if follows_hull(plant):
        grid = np.linspace(0.0, 1.0, plant.electrolyser_table.size)
        flows[:, 0] = e + load
        flows[:, 1] = f
        flows[:, 2] = np.interp(e, grid * plant.electrolyser_capacity, plant.electrolyser_table) if e.any() else 0.0
        flows[:, 3] = np.interp(f, grid * plant.fuel_cell_capacity, plant.fuel_cell_table) if f.any() else 0.0
        flows[:, 4] = demand - unmet / step
        flows[:, 5] = content
        flows[:, 6] = np.maximum(export, 0.0)
        flows[:, 7] = curtailed
        flows[:, 8] = np.maximum(-export, 0.0)
        return flows, states
    sellable = np.where(curtailed > 1e-9 * (1.0 + wind), np.maximum(export, 0.0), plant.export_limit)
    dispatch_schedule(
        plant.kernel_plant,
        nothing_reserved(plant),
        step,
        plant.tank_initial,
        wind,
        sellable,
        demand - unmet / step,
        e,
        f,
        flows,
        states,
        np.empty((0, 2)),
    )
    return flows, states


def carry_out(
    found: Optimum,
    wind: Floats,
    demand: Floats,
    step: float,
    plant: BalancingPlant,
    reserve: Reserve,
    activated: Floats,
) -> tuple[Floats, NDArray[np.int8]]:
    """Return flows and states of a plan that is carried out while reserves are called.

    Parameters
    ----------
    found : Optimum
        The plan.
    wind, demand : ndarray, shape (intervals,)
        [W], [kg/s].
    step : float
        Interval [s].
    plant : BalancingPlant
        What reserves leave for dispatch.
    reserve : Reserve
        The orders.
    activated : ndarray, shape (intervals, 2)
        Takes the power delivered up and down [W].
    """
    load = np.linspace(0.0, 1.0, plant.electrolyser_table.size) * plant.electrolyser_capacity
    wished = np.interp(found.flows[:, 2], plant.electrolyser_table, load) * (found.flows[:, 2] > 0.0)
    sellable = np.where(found.flows[:, 7] > 1e-9 * (1.0 + wind), found.flows[:, 6], plant.export_limit)
    flows, states = np.empty_like(found.flows), np.empty(wind.size, np.int8)
    dispatch_schedule(
        plant.kernel_plant, reserve, step, plant.tank_initial, wind, sellable, demand, wished,
        np.ascontiguousarray(found.flows[:, 1]), flows, states, activated,
    )  # fmt: skip
    return flows, states


def _value(flows: Floats, demand: Floats, step: float, market: MarketCurve, objective: Objective) -> float:
    """Return what flows earn [EUR]."""
    cash = float(market.cash(flows[:, 6] - flows[:, 8]).sum()) * step
    unmet = float((demand - flows[:, 4]).sum()) * step
    return cash - objective.penalty * unmet + objective.end_value * float(flows[-1, 5])
