"""A plant of several stores as one linear programme: each store with its content, its limits and its rates.

What all stores together take and give follows from what each of them holds, which their sum does not say. The
programme keeps a content for each; machines and market are those of `storage`, by their concave hulls. All stores
together take no more than is made or bought in an interval; what is made may go into one store while another serves
the use. Its contents are the aims at which a plan is carried out; for what the hulls leave out, and as it may run
electrolyser and fuel cell at once, it is a bound.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.limits import UNLIMITED

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.configuration.plant import PlantConfiguration
from testsite_sim.dispatch.general import add_trade, market_edges
from testsite_sim.dispatch.market import MarketCurve
from testsite_sim.dispatch.objective import Objective
from testsite_sim.dispatch.plant import ReducedPlant
from testsite_sim.dispatch.program import MEGA, Program
from testsite_sim.dispatch.storage import FlowLimits, hull_segments
from testsite_sim.plant.kept import Margins
from testsite_sim.plant.stores import initial_content, kernel_stores

ROUNDING = 1e-8  # relative; by so much a plan may miss the flows of the programme, of which HiGHS resolves as much
MOVED = 1e-5  # [EUR/kg] that the programme pays for what moves into and out of a store, so that nothing moves in vain


class StoreLimits(NamedTuple):
    """What each store holds at least, at most and first [kg], and takes and gives at most [kg/s]; shape (store,)."""

    minimum: Floats
    capacity: Floats
    initial: Floats
    charge: Floats
    discharge: Floats

    def flows(self, contents: Floats, step: float) -> FlowLimits:
        """Return what the stores take and give at most [kg/s] (time), holding `contents` (time, store) after it."""
        before = np.vstack([self.initial, contents[:-1]])
        takes = np.minimum(self.charge, np.maximum(self.capacity - before, 0.0) / step)
        gives = np.minimum(self.discharge, np.maximum(before - self.minimum, 0.0) / step)
        return takes.sum(axis=1), gives.sum(axis=1)

    def moved(self, contents: Floats, step: float) -> FlowLimits:
        """Return what all stores together took and gave [kg/s] (time), as `flows`, the other of both being zero."""
        change = self.change(contents, step)
        return np.maximum(change, 0.0), np.maximum(-change, 0.0)

    def exactly(self, contents: Floats, step: float) -> FlowLimits:
        """Return limits that leave all stores together no choice, but for rounding, as `flows`.

        What flows out at most is below zero where something flows in.
        """
        change = self.change(contents, step)
        within = ROUNDING * (np.abs(change) + self.capacity.sum() / step)
        return change + within, within - change

    def change(self, contents: Floats, step: float) -> Floats:
        """Return the net flow into all stores together [kg/s] (time)."""
        total = np.concatenate([[self.initial.sum()], contents.sum(axis=1)])
        return np.asarray(np.diff(total) / step)


@dataclass(frozen=True)
class StoresPlan:
    """The programme's `contents` (time, store) [kg] after each interval, and what no operation can exceed [EUR].

    The `bound` is infinite where HiGHS gave up with a solution that may not be the best.
    """

    contents: Floats
    bound: float


def plans_each_store(plant: PlantConfiguration) -> bool:
    """Return whether plans of a plant keep a content for each store: of several, without a pipeline to hold more."""
    return len(plant.stores) > 1 and plant.pipeline is None


def store_limits(plant: PlantConfiguration, margins: Margins) -> StoreLimits:
    """Return the limits of each store of a plant, less what reserves keep; banks of a store count together."""
    stores, count = kernel_stores(plant, margins), len(plant.stores)

    def summed(values: Floats) -> Floats:
        return np.bincount(stores.of_store, values, count).astype(np.float64)

    banks = stores.banks
    minimum, capacity = summed(banks.minimum), summed(banks.capacity)
    charge = np.minimum(summed(banks.fill_limit), stores.compressor_capacity)
    return StoreLimits(
        minimum,
        capacity,
        np.clip(summed(initial_content(plant)), minimum, capacity),
        np.minimum(charge, UNLIMITED),
        np.minimum(summed(banks.draw_limit), UNLIMITED),
    )


class _Market(NamedTuple):
    """What the programme trades in: power of wind [W], market, hydrogen asked for and on offer [kg], interval [s]."""

    wind: Floats
    curve: MarketCurve
    asked: Floats
    offered: Floats
    step: float


def stores_optimum(
    wind: Floats,
    demand: Floats,
    step: float,
    plant: ReducedPlant,
    stores: StoreLimits,
    market: MarketCurve,
    objective: Objective,
    by_product: Floats,
) -> StoresPlan | None:
    """Return what each store holds in the best operation of the hulls, and its bound; None where HiGHS gives up.

    Parameters
    ----------
    wind, demand, by_product : ndarray, shape (intervals,)
        Wind power, below zero a load [W]; hydrogen asked for and on offer [kg/s].
    step : float
        Interval [s].
    plant : ReducedPlant
        Machines and connection.
    stores : StoreLimits
        The stores.
    market : MarketCurve
        What a net export earns; its concave hull where it is not concave.
    objective : Objective
        Penalty, end content and value, price of by-product.

    Raises
    ------
    ConfigurationError
        When no operation meets the end content.
    """
    program = Program()
    concave = replace(market, prices=market.concave_prices())
    within = _Market(wind, concave, demand * step, by_product * step, step)
    made = _add_machines(program, plant, within)
    contents = _add_stores(program, stores, within, objective, made)
    solved = program.solve()
    if solved is None and not program.is_infeasible:
        return None
    if solved is None:
        raise ConfigurationError(
            f"dispatch: an end content of {objective.end_minimum:g} kg is out of reach of the plant and its stores of "
            f"{stores.capacity.sum():g} kg (start {stores.initial.sum():g} kg); lower it"
        )
    x, _, bound = solved
    most = float(plant.electrolyser_table[-1] * step * wind.size + within.offered.sum())
    moved = MOVED * (2.0 * most + float(stores.initial.sum()))  # no operation moves more
    fixed = float(np.broadcast_to(market.fixed, wind.shape).sum()) * step
    return StoresPlan(np.stack([x[column] for column in contents], axis=1), bound + fixed + moved)


def _add_machines(program: Program, plant: ReducedPlant, within: _Market) -> list[tuple[np.ndarray, float]]:
    """Add machines, curtailment and market with their balance of power; return hydrogen made as (columns, [kg/MW])."""
    steps, step = within.wind.size, within.step
    price = np.broadcast_to(within.curve.prices, (steps, within.curve.prices.shape[1]))
    edges = market_edges(within.wind, within.curve, [plant], step)
    power, mass = [], []
    for size, minimum, table, upper, sign in (
        (plant.electrolyser_capacity, plant.electrolyser_minimum_load, plant.electrolyser_table, True, 1.0),
        (plant.fuel_cell_capacity, plant.fuel_cell_minimum_load, plant.fuel_cell_table, False, -1.0),
    ):
        for slope, width in zip(*hull_segments(size, minimum, table, upper), strict=True):
            column = program.add(steps, 0.0, width / MEGA)
            power.append((column, -sign))
            mass.append((column, sign * float(slope) * MEGA * step))
    curtailed = program.add(steps, 0.0, np.maximum(within.wind, 0.0) / MEGA)
    trade = add_trade(program, edges, price, step)
    power += [(curtailed, -1.0), *((column, -1.0) for column in trade)]
    program.require(steps, power, -within.wind / MEGA, -within.wind / MEGA)
    return mass


def _add_stores(
    program: Program, stores: StoreLimits, within: _Market, objective: Objective, made: list[tuple[np.ndarray, float]]
) -> list[np.ndarray]:
    """Add stores, unmet demand and by-product with their balance of hydrogen; return the columns of the contents."""
    steps, step = within.wind.size, within.step
    unmet = program.add(steps, 0.0, np.maximum(within.asked, 0.0), -objective.penalty)
    taken = program.add(steps, 0.0, within.offered, -objective.by_product_price)
    balance, contents = [*made, (unmet, 1.0), (taken, 1.0)], []
    inflow = [(column, -mass) for column, mass in made if mass > 0.0] + [(taken, -1.0)]
    worth = np.zeros(steps)
    worth[-1] = objective.end_value
    for minimum, capacity, initial, charge, discharge in zip(*stores, strict=True):
        span = float(capacity - minimum)  # bounds that are too large cost HiGHS its accuracy
        filled = program.add(steps, 0.0, min(charge * step, span), -MOVED)
        drawn = program.add(steps, 0.0, min(discharge * step, span), -MOVED)
        content = program.add(steps, minimum, capacity, worth)
        begin = np.zeros(steps)
        begin[0] = initial
        program.require_change(content, [(content, 1.0), (filled, -1.0), (drawn, 1.0)], begin, begin)
        balance += [(filled, -1.0), (drawn, 1.0)]
        inflow.append((filled, 1.0))
        contents.append(content)
    program.require(steps, balance, within.asked, within.asked)
    program.require(steps, inflow, -np.inf, 0.0)
    last = [(column[-1:], 1.0) for column in contents]
    program.require(1, last, max(objective.end_minimum, float(stores.minimum.sum())), np.inf)
    return contents
