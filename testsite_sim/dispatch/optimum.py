"""The best operation with perfect foresight, and what it proves: value, bound, gap, value of hydrogen."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from testsite_kernels.dispatch.storage_optimum import OPERATION, SOLVED, storage_optimum
from testsite_kernels.dispatch.storage_pieces import IDLE, PRODUCE, Machines
from testsite_kernels.dispatch.storage_stage import StorageProblem
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.common.finite import finite_arguments
from testsite_sim.dispatch.ceiling import Ceiling
from testsite_sim.dispatch.decisions import (
    FLOWS,
    Decided,
    Decisions,
    bound_between,
    decide,
    flows_of,
    hull_bound,
    improve,
    machines_of,
)
from testsite_sim.dispatch.general import GeneralSolution, general_optimum
from testsite_sim.dispatch.market import MarketCurve
from testsite_sim.dispatch.objective import Objective
from testsite_sim.dispatch.plant import ReducedPlant
from testsite_sim.dispatch.storage import FlowLimits, is_convex, storage_problem

Known = tuple[Floats, NDArray[np.int8]]  # flows (intervals, 10) and states of a dispatch
EXACT = 1e-9  # relative gap at which an operation counts as optimal
CLOSED = 1e-7  # relative gap that is not worth a mixed-integer program
SHORT = 96  # intervals up to which HiGHS closes a gap within seconds
MARGIN = 2e-9  # of what HiGHS proves: its own relative gap


def _none_known(ceiling: Ceiling, value: float) -> Iterable[Known]:
    """Return no dispatch."""
    return ()


class Search(NamedTuple):
    """How far the optimum of a plant that is not convex is looked for.

    Parameters
    ----------
    contents : int
        Grid of tank contents for the dynamic program.
    nodes : int
        Of the branch and bound of HiGHS, where it is needed, after which the best found is taken; zero: it is not
        asked. A limit of time would make the results depend on the machine and on who else uses it.
    known : callable
        Gives dispatches of this plant, flows and states, which the optimum must not fall below; they are taken one by
        one, and only where the convex solution is not the answer. It is given a value [EUR], -inf where all are asked
        for, and the ceiling: what is proven by this to earn less may be left out.
    """

    contents: int = 101
    nodes: int = 300
    known: Callable[[Ceiling, float], Iterable[Known]] = _none_known


SEARCH = Search()


class _Case(NamedTuple):
    """A plant, its market and its series: the arguments of `optimum`."""

    wind: Floats
    demand: Floats
    by_product: Floats
    step: float
    plant: ReducedPlant
    market: MarketCurve
    objective: Objective

    def value(self, flows: Floats) -> float:
        """Return what flows earn [EUR]."""
        cash = float(self.market.cash(flows[:, 6] - flows[:, 8]).sum()) * self.step
        unmet = float((self.demand - flows[:, 4]).sum()) * self.step
        bought = self.objective.by_product_price * float(flows[:, 9].sum()) * self.step
        return cash - self.objective.penalty * unmet - bought + self.objective.end_value * float(flows[-1, 5])

    def carried_out(self, decided: Decided, machines: Machines) -> tuple[float, Known]:
        """Return the value of what is decided, its flows and its states."""
        flows, states = flows_of(decided, machines, self.wind, self.demand, self.step, self.plant)
        return self.value(flows), (flows, states)


@dataclass(frozen=True)
class Optimum:
    """An operation with perfect foresight.

    Parameters
    ----------
    flows : ndarray, shape (intervals, 10)
        In the order of `testsite_sim.dispatch.decisions.FLOWS`.
    states : ndarray, shape (intervals,)
        0 off, 1 standby, 2 producing.
    value : float
        Objective value of the operation: cash, minus penalty for unmet demand and price of by-product, plus value of
        the end content [EUR].
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


@finite_arguments("dispatch")
def optimum(
    wind: Floats,
    demand: Floats,
    step: float,
    plant: ReducedPlant,
    market: MarketCurve,
    objective: Objective,
    by_product: Floats | None = None,
    search: Search = SEARCH,
    limits: FlowLimits | None = None,
) -> Optimum:
    """Return the best operation of a plant whose future is known.

    The convex solution comes first: it is the optimum of a plant with concave curves and no minimum load. For others
    dynamic programming decides which machine runs when, on which part of its curve, and the dispatch within these
    decisions is exact again. The bound follows from prices of stored hydrogen, whatever the plant. Where it leaves a
    gap and the series is short, a mixed-integer program closes it.

    Parameters
    ----------
    wind, demand : ndarray, shape (intervals,)
        Wind power, below zero a load [W]; hydrogen demand [kg/s].
    step : float
        Interval [s].
    plant : ReducedPlant
        The plant.
    market : MarketCurve
        What a net export earns.
    objective : Objective
        Penalty, end content, end value.
    by_product : ndarray, shape (intervals,), optional
        By-product hydrogen on offer [kg/s]; None: there is none.
    search : Search
        How far it is looked for, where the convex solution is not the answer.
    limits : tuple of ndarray, shape (intervals,), optional
        Largest flows into and out of the tank [kg/s]; None: those of the plant, always.

    Raises
    ------
    ConfigurationError
        When the end content is out of reach.
    DataError
        When a series or a parameter is not a finite number, series are empty or of other lengths than each
        other, or the step is not above zero.
    """
    offered = np.zeros(wind.shape) if by_product is None else by_product
    _refuse_series(wind, demand, offered, step)
    case = _Case(wind, demand, offered, step, plant, market, objective)
    problem = storage_problem(wind, demand, step, plant, market, objective, offered, limits)
    if is_convex(plant) and market.is_concave().all():
        operation = np.empty((wind.size, len(OPERATION)))
        status, best, _ = storage_optimum(problem, operation)
        if status != SOLVED:
            raise ConfigurationError(_out_of_reach(plant, objective))
        best += float(np.broadcast_to(market.fixed, wind.shape).sum()) * step
        modes = np.where(operation[:, 0] > 1e-9 * plant.electrolyser_capacity, PRODUCE, IDLE)
        value, (flows, states) = case.carried_out(Decided(modes, operation, best), machines_of(plant, step))
        if best - value <= EXACT * abs(best):
            return Optimum(flows, states, value, max(best, value), operation[:, 6].copy(), "convex", "")
    return _discrete(problem, case, search)


def _refuse_series(wind: Floats, demand: Floats, by_product: Floats, step: float) -> None:
    """Refuse series that do not fit each other, all of what is wrong at once."""
    faults = []
    for name, values in (("wind", wind), ("demand", demand)):
        if values.ndim != 1 or values.size == 0:
            faults.append(f"{name} has the shape {values.shape}; expected (intervals,), one interval at least")
    if wind.shape != demand.shape:
        faults.append(f"wind has {wind.size} intervals and demand {demand.size}; expected as many")
    if by_product.shape != wind.shape:
        faults.append(f"wind has {wind.size} intervals and by_product {by_product.size}; expected as many")
    elif np.any(by_product < 0.0):
        faults.append(f"by_product is negative, lowest {by_product.min():g}; expected zero or more")
    if not step > 0.0:
        faults.append(f"step is {step:g} s; expected above zero")
    if faults:
        raise DataError(f"dispatch: {'; '.join(faults)}.")


def _discrete(problem: StorageProblem, case: _Case, search: Search) -> Optimum:
    """Return the best of what dynamic programming, known dispatches and, for short series, HiGHS find."""
    wind, demand, by_product, step, plant, market, objective = case
    exact = problem._replace(prices=np.ascontiguousarray(market.prices, np.float64))
    machines = machines_of(plant, step)
    fixed = float(np.broadcast_to(market.fixed, wind.shape).sum()) * step
    reason = "minimum loads, starts, part-load curves or prices are not convex"
    tried: list[tuple[float, Known, Floats]] = []

    def take(found: Decided | None) -> None:
        if found is not None:
            tried.append((*case.carried_out(found, machines), found.operation[:, 6]))

    decisions = Decisions(exact, machines)
    highest, water = hull_bound(decisions)
    take(decide(decisions, search.contents, highest - 0.1 * CLOSED * abs(highest)))
    value = max(tried, key=_first)[0] if tried else -np.inf
    # Where a gap is open, what falls short of the value may yet be improved beyond it.
    is_open = not np.isfinite(highest) or highest + fixed - value > CLOSED * abs(highest)
    ceiling = Ceiling(decisions, water, np.asarray(market.fixed))
    for flows, states in search.known(ceiling, -np.inf if is_open else value):
        if flows[-1, 5] >= objective.end_minimum:
            tried.append((case.value(flows), (flows, states), water))
            if highest + fixed - max(tried, key=_first)[0] > CLOSED * abs(highest):
                take(improve(decisions, flows, states))
    method, value = "discrete", max(tried, key=_first)[0] if tried else -np.inf
    if tried and np.isfinite(highest) and highest + fixed - value > CLOSED * abs(highest):
        highest = min(highest, bound_between(decisions, water, max(tried, key=_first)[2]))
    highest += fixed
    if highest - value > CLOSED * abs(highest) and wind.size <= SHORT and search.nodes > 0:
        try:
            found = general_optimum(wind, [demand], step, [plant], market, objective, None, search.nodes, [by_product])
        except ConfigurationError:
            if not tried:
                raise
        else:
            take(improve(decisions, flows_from(found, machines, wind.size), found.states[0]))
            highest = min(highest, found.bound + MARGIN * abs(found.bound))
            method = "general" if tried and tried[-1][0] > value else method
    if not tried:
        raise ConfigurationError(_out_of_reach(plant, objective))
    value, (flows, states), prices = max(tried, key=_first)
    return Optimum(flows, states, value, max(highest, value), prices.copy(), method, reason)


def _first(tried: tuple[float, Known, Floats]) -> float:
    """Return the value of what was tried."""
    return tried[0]


def flows_from(found: GeneralSolution, machines: Machines, steps: int) -> Floats:
    """Return the powers that HiGHS found as the first columns of flows (intervals, 10)."""
    flows = np.zeros((steps, len(FLOWS)))
    states = found.states[0]
    before = np.concatenate([[0], states[:-1]])
    load = np.where((states == 2) & (before == 0), machines.start, np.where(states == 1, machines.standby, 0.0))
    flows[:, 0], flows[:, 1] = found.electrolyser[0] + load, found.fuel_cell[0]
    return flows


def _out_of_reach(plant: ReducedPlant, objective: Objective) -> str:
    """Return the message for an end content that cannot be met."""
    return (
        f"dispatch: an end content of {objective.end_minimum:g} kg is out of reach of the plant and "
        f"its tank of {plant.tank_capacity:g} kg (start {plant.tank_initial:g} kg); lower it"
    )
