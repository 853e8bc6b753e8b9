"""The general path to the optimum: a (mixed-integer) linear program by HiGHS.

For what the fast solvers do not take: several storages behind one connection, limits over the whole
horizon; and to close the gap of short series. Slow: seconds for a linear year, much longer with binaries.
Source of the solver: Huangfu and Hall (2018), Math. Prog. Comp. 10, 119-142.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.finite import finite_arguments
from testsite_sim.dispatch.market import MarketCurve
from testsite_sim.dispatch.objective import Objective
from testsite_sim.dispatch.plant import ReducedPlant
from testsite_sim.dispatch.program import MEGA, Program
from testsite_sim.dispatch.storage import is_convex

MOST_NODES = 2000  # of the branch and bound; series of 48 and 96 hours took 5 and fewer


@dataclass(frozen=True)
class HorizonLimits:
    """Limits on sums over the whole horizon, for each storage; infinite where there is none.

    Parameters
    ----------
    delivered_minimum : float
        Least hydrogen delivered [kg].
    electrolyser_energy_maximum : float
        Most electricity for the electrolyser [J], as a cap on its full-load hours.
    imported_energy_maximum : float
        Most electricity bought by all storages together [J].
    """

    delivered_minimum: float = 0.0
    electrolyser_energy_maximum: float = np.inf
    imported_energy_maximum: float = np.inf


@dataclass(frozen=True)
class GeneralSolution:
    """Operation found by HiGHS: arrays (storage, interval) in SI, objective and proven bound [EUR].

    `electrolyser` is without what starts and standby draw; `states` are 0 off, 1 standby, 2 producing.
    """

    states: NDArray[np.int8]
    electrolyser: Floats
    fuel_cell: Floats
    unmet: Floats
    content: Floats
    curtailed: Floats
    net_export: Floats
    objective: float
    bound: float


def _breakpoints(capacity: float, minimum: float, table: Floats) -> tuple[Floats, Floats]:
    """Return slopes [kg/s/W] and widths [W] of a machine's curve; the first ends at the minimum load."""
    load = np.linspace(0.0, 1.0, table.size)
    points = np.unique(np.concatenate([[0.0, minimum], load[load >= minimum]]))
    flow = np.interp(points, load, table)
    flow[0] = 0.0
    slopes, widths = np.diff(flow) / (np.diff(points) * capacity), np.diff(points) * capacity
    keep = np.ones(slopes.size, bool)
    keep[1:] = np.abs(np.diff(slopes)) > 1e-9 * np.abs(slopes[:-1])
    if minimum > 0.0 and slopes.size > 1:
        keep[1] = True
    first = np.flatnonzero(keep)
    total = np.add.reduceat(widths, first)
    return np.add.reduceat(slopes * widths, first) / total, total


def _machine(
    program: Program,
    steps: int,
    capacity: float,
    minimum: float,
    table: Floats,
    concave: bool,
    strict: bool,
    switched: bool,
) -> tuple[list[NDArray[np.int64]], Floats, Floats, NDArray[np.int64] | None]:
    """Add a machine: columns of its segments [share of width], slopes, widths, and its on/off column.

    Every segment needs the machine on, and those beyond a bend that helps (a hump) need all before it full: an
    order that a maximum would not keep by itself. With `strict` (paid to consume) that holds for every bend. A machine
    that needs no decisions is not `switched` and has no binaries.
    """
    slopes, widths = _breakpoints(capacity, minimum, table)
    shares = [program.add(steps, 0.0, 1.0) for _ in slopes]
    if not switched:
        return shares, slopes, widths, None
    on = program.add(steps, 0.0, 1.0, integer=True)
    for k, share in enumerate(shares):
        program.require(steps, [(share, 1.0), (on, -1.0)], 0.0 if k == 0 and minimum > 0.0 else -np.inf, 0.0)
    for k in range(1 if minimum > 0.0 else 0, slopes.size - 1):
        if not strict and (slopes[k + 1] <= slopes[k] if concave else slopes[k + 1] >= slopes[k]):
            continue
        full = program.add(steps, 0.0, 1.0, integer=True)
        for share in shares[: k + 1]:
            program.require(steps, [(share, 1.0), (full, -1.0)], 0.0, np.inf)
        for share in shares[k + 1 :]:
            program.require(steps, [(share, 1.0), (full, -1.0)], -np.inf, 0.0)
    return shares, slopes, widths, on


def _starts_and_standby(
    program: Program,
    plant: ReducedPlant,
    on: NDArray[np.int64],
    step: float,
    supply: Floats,
    power: list[tuple[NDArray[np.int64], ArrayLike]],
) -> NDArray[np.int64] | None:
    """Add what starts and standby draw to the `power` balance; return the column of standby, None where there is none.

    Standby follows production or standby, where the `supply` [MW] of wind and import suffices.
    """
    steps, rest = on.size, None
    if plant.electrolyser_standby_power > 0.0:
        enough = (supply >= plant.electrolyser_standby_power / MEGA).astype(float)
        enough[0] = 0.0
        rest = program.add(steps, 0.0, enough, integer=True)
        program.require(steps, [(rest, 1.0), (on, 1.0)], -np.inf, 1.0)
        program.require(steps, [(rest, 1.0)], -np.inf, 0.0)
        rows = np.arange(program.rows - steps + 1, program.rows)
        program.entries += [(rows, column[:-1], np.full(steps - 1, -1.0)) for column in (on, rest)]
        power.append((rest, -plant.electrolyser_standby_power / MEGA))
    if plant.electrolyser_start_energy > 0.0:
        # exactly one in the interval of a start, also where a start is paid for: on now, and neither on nor hot before
        start = program.add(steps, 0.0, 1.0)
        before = [on] if rest is None else [on, rest]
        program.require(steps, [(start, 1.0), (on, -1.0)], 0.0, np.inf)
        rows = np.arange(program.rows - steps + 1, program.rows)
        program.entries += [(rows, column[:-1], np.ones(steps - 1)) for column in before]
        program.require(steps, [(start, 1.0), (on, -1.0)], -np.inf, 0.0)
        program.require(steps, [(start, 1.0)], -np.inf, 1.0)
        rows = np.arange(program.rows - steps + 1, program.rows)
        program.entries += [(rows, column[:-1], np.ones(steps - 1)) for column in before]
        power.append((start, -plant.electrolyser_start_energy / step / MEGA))
    return rest


Columns = NDArray[np.int64]
Terms = list[tuple[Columns, ArrayLike]]


@dataclass(frozen=True)
class _Storage:
    """Columns of one storage: segments of electrolyser and fuel cell with their widths [W], and the others."""

    electrolyser: list[Columns]
    electrolyser_width: Floats
    fuel_cell: list[Columns]
    fuel_cell_width: Floats
    unmet: Columns
    content: Columns
    on: Columns | None
    rest: Columns | None


@dataclass(frozen=True)
class _Setting:
    """What all storages of a program share; `supply` [MW] is that of wind and import, `paid`: paid to consume."""

    step: float
    objective: Objective
    supply: Floats
    paid: bool


def market_edges(wind: Floats, market: MarketCurve, plants: Sequence[ReducedPlant], step: float) -> Floats:
    """Return the edges of the market [MW], (intervals, segments + 1), no further than the plants reach.

    Bounds that are too large cost HiGHS its accuracy.
    """
    most = np.maximum(wind, 0.0) + sum(plant.fuel_cell_capacity for plant in plants)
    least = np.maximum(-wind, 0.0) + sum(  # a load is served besides
        plant.electrolyser_capacity + plant.electrolyser_start_energy / step + plant.electrolyser_standby_power
        for plant in plants
    )
    edges = np.broadcast_to(market.edges, (wind.size, market.prices.shape[1] + 1))
    return np.clip(edges, -least[:, None], most[:, None]) / MEGA


def _add_content(
    program: Program, plant: ReducedPlant, asked: Floats, offered: Floats, mass: Terms, setting: _Setting
) -> tuple[Columns, Columns]:
    """Add unmet demand, by-product and the content of the tank, which they and the `mass` [kg] of machines change.

    Returns the columns of unmet demand and of the content.
    """
    steps, step, objective = asked.size, setting.step, setting.objective
    unmet = program.add(steps, 0.0, np.maximum(asked, 0.0), -objective.penalty)
    taken = program.add(steps, 0.0, offered, -objective.by_product_price)
    made = plant.electrolyser_table[-1] * step * steps + max(float(-asked.sum()), 0.0)
    made += float(offered.sum())
    content = program.add(steps, plant.tank_minimum, min(plant.tank_capacity, plant.tank_initial + made))
    program.lower[-1] = program.lower[-1].copy()
    program.lower[-1][-1] = max(objective.end_minimum, plant.tank_minimum)
    program.cost[-1] = program.cost[-1].copy()
    program.cost[-1][-1] = objective.end_value
    begin = np.zeros(steps)
    begin[0] = plant.tank_initial
    balance: Terms = [(content, 1.0), *mass, (unmet, -1.0), (taken, -1.0)]
    program.require_change(content, balance, begin - asked, begin - asked)
    if min(plant.charge_limit, plant.discharge_limit) < 1e20:
        down = plant.discharge_limit * step if plant.discharge_limit < 1e20 else np.inf
        up = plant.charge_limit * step if plant.charge_limit < 1e20 else np.inf
        program.require_change(content, [(content, 1.0)], begin - down, begin + up)
    return unmet, content


def _add_storage(
    program: Program, plant: ReducedPlant, asked: Floats, offered: Floats, setting: _Setting, power: Terms
) -> _Storage:
    """Add one storage that is asked for hydrogen and has by-product on offer [kg]; its machines enter `power`."""
    steps, step = asked.size, setting.step
    e: list[Columns] = []
    f: list[Columns] = []
    e_slope = e_width = f_slope = f_width = np.empty(0)
    on = other = rest = None
    switched = setting.paid or not is_convex(plant)
    if plant.electrolyser_capacity > 0.0:
        size, minimum, table = plant.electrolyser_capacity, plant.electrolyser_minimum_load, plant.electrolyser_table
        e, e_slope, e_width, on = _machine(program, steps, size, minimum, table, True, setting.paid, switched)
    if plant.fuel_cell_capacity > 0.0:
        size, minimum, table = plant.fuel_cell_capacity, plant.fuel_cell_minimum_load, plant.fuel_cell_table
        f, f_slope, f_width, other = _machine(program, steps, size, minimum, table, False, setting.paid, switched)
    if on is not None and other is not None:
        program.require(steps, [(on, 1.0), (other, 1.0)], -np.inf, 1.0)
    mass: Terms = [(column, -k * w * step) for column, k, w in zip(e, e_slope, e_width, strict=True)]
    mass += [(column, k * w * step) for column, k, w in zip(f, f_slope, f_width, strict=True)]
    unmet, content = _add_content(program, plant, asked, offered, mass, setting)
    power += [(column, -w / MEGA) for column, w in zip(e, e_width, strict=True)]
    power += [(column, w / MEGA) for column, w in zip(f, f_width, strict=True)]
    if on is not None:
        rest = _starts_and_standby(program, plant, on, step, setting.supply, power)
    return _Storage(e, e_width, f, f_width, unmet, content, on, rest)


def _limit_storage(program: Program, part: _Storage, asked: Floats, step: float, limits: HorizonLimits) -> None:
    """Add the limits of one storage over the whole horizon."""
    if limits.delivered_minimum > 0.0:
        program.require(1, [(part.unmet, 1.0)], -np.inf, float(asked.sum()) - limits.delivered_minimum)
    if np.isfinite(limits.electrolyser_energy_maximum) and part.electrolyser:
        widths = zip(part.electrolyser, part.electrolyser_width, strict=True)
        terms = [(column, w * step / MEGA) for column, w in widths]
        program.require(1, terms, -np.inf, limits.electrolyser_energy_maximum / MEGA)


def add_trade(program: Program, edges: Floats, price: Floats, step: float) -> list[Columns]:
    """Add what is traded on each segment of the market [MW]; binaries keep the order where a price rises."""
    trade: list[Columns] = []
    for k in range(price.shape[1]):
        low, high = edges[:, k], edges[:, k + 1]
        anchor = np.clip(0.0, low, high)
        trade.append(program.add(low.size, low - anchor, high - anchor, price[:, k] * step * MEGA))
    for k in range(price.shape[1] - 1):
        where = np.flatnonzero(price[:, k + 1] > price[:, k])
        if where.size:
            # the next segment is entered from this one's end (binary 1), or left alone (0)
            low, mid, high = edges[where, k], edges[where, k + 1], edges[where, k + 2]
            begin_k, begin_next = np.clip(0.0, low, mid), np.clip(0.0, mid, high)
            over = program.add(where.size, 0.0, 1.0, integer=True)
            program.require(where.size, [(trade[k][where], 1.0), (over, -(mid - low))], low - begin_k, np.inf)
            program.require(where.size, [(trade[k + 1][where], 1.0), (over, -(high - mid))], -np.inf, mid - begin_next)
    return trade


def _power_of(x: Floats, columns: list[Columns], widths: Floats, steps: int) -> Floats:
    """Return the power of a machine [W] from its segments."""
    return sum((x[c] * w for c, w in zip(columns, widths, strict=True)), np.zeros(steps))


def _states_of(x: Floats, part: _Storage, steps: int) -> NDArray[np.int8]:
    """Return the states of an electrolyser: 0 off, 1 standby, 2 producing."""
    producing = np.zeros(steps, bool) if part.on is None else x[part.on] > 0.5
    resting = np.zeros(steps, bool) if part.rest is None else x[part.rest] > 0.5
    return np.where(producing, 2, np.where(resting, 1, 0)).astype(np.int8)


@finite_arguments("dispatch")
def general_optimum(
    wind: Floats,
    demands: Sequence[Floats],
    step: float,
    plants: Sequence[ReducedPlant],
    market: MarketCurve,
    objective: Objective,
    limits: HorizonLimits | None = None,
    nodes: int = MOST_NODES,
    by_products: Sequence[Floats] | None = None,
) -> GeneralSolution:
    """Operate one or several storages behind one grid connection, as a program for HiGHS.

    Parameters
    ----------
    wind : ndarray, shape (intervals,)
        Wind power, below zero a load [W].
    demands : sequence of ndarray, shape (intervals,)
        Hydrogen demand of each storage [kg/s].
    step : float
        Interval [s].
    plants : sequence of ReducedPlant
        The storages; the market's edges hold the limits of the grid connection.
    market : MarketCurve
        What a net export earns; where its price rises, binaries keep the order.
    objective : Objective
        Penalty, end content and value, the same for each storage.
    limits : HorizonLimits, optional
        Sums over the horizon.
    nodes : int
        Of the branch and bound, after which the best found is returned, with its bound: the same on every machine.
    by_products : sequence of ndarray, shape (intervals,), optional
        By-product hydrogen on offer to each storage [kg/s]; None: there is none.

    Returns
    -------
    GeneralSolution
        The operation, its objective and the proven bound.

    Raises
    ------
    ConfigurationError
        When no operation meets the limits.
    """
    steps, limits = wind.size, limits or HorizonLimits()
    program = Program()
    price = np.broadcast_to(market.prices, (steps, market.prices.shape[1]))
    edges = market_edges(wind, market, plants, step)
    paid = bool(np.any((price < 0.0) & (edges[:, :-1] < 0.0)))
    setting = _Setting(step, objective, wind / MEGA - edges[:, 0], paid)
    power: Terms = []
    parts = []
    offered = [np.zeros(steps)] * len(plants) if by_products is None else by_products
    for plant, demand, by_product in zip(plants, demands, offered, strict=True):
        asked = demand * step
        parts.append(_add_storage(program, plant, asked, by_product * step, setting, power))
        _limit_storage(program, parts[-1], asked, step, limits)
    curtailed = program.add(steps, 0.0, np.maximum(wind, 0.0) / MEGA)
    trade = add_trade(program, edges, price, step)
    power += [(column, -1.0) for column in trade]
    if np.isfinite(limits.imported_energy_maximum):
        bought = [(column, -step) for k, column in enumerate(trade) if np.all(edges[:, k + 1] <= 0.0)]
        program.require(1, bought, -np.inf, limits.imported_energy_maximum / MEGA)
    program.require(steps, [*power, (curtailed, -1.0)], -wind / MEGA, -wind / MEGA)
    solved = program.solve(nodes)
    if solved is None:
        raise ConfigurationError(
            "dispatch: no operation meets the limits of the plant, the end content and the horizon; relax one of them"
        )
    x, value, bound = solved
    fixed = float(np.broadcast_to(market.fixed, (steps,)).sum()) * step
    # segments apart from zero start at their near edge: the cash above counts from zero export
    export = np.sum([x[column] for column in trade], axis=0) * MEGA
    return GeneralSolution(
        states=np.stack([_states_of(x, part, steps) for part in parts]),
        electrolyser=np.stack([_power_of(x, p.electrolyser, p.electrolyser_width, steps) for p in parts]),
        fuel_cell=np.stack([_power_of(x, p.fuel_cell, p.fuel_cell_width, steps) for p in parts]),
        unmet=np.stack([x[part.unmet] for part in parts]),
        content=np.stack([x[part.content] for part in parts]),
        curtailed=x[curtailed] * MEGA,
        net_export=export,
        objective=value + fixed,
        bound=bound + fixed,
    )
