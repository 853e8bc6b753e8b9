"""Decisions that are not convex: which machine runs when, on its true curve, and the bound of any such operation."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from testsite_kernels.dispatch.storage_bound import best_paths, hull_prices, price_bounds
from testsite_kernels.dispatch.storage_discrete import (
    Begin,
    choose_pieces,
    operate_pieces,
    pieces_at,
)
from testsite_kernels.dispatch.storage_grid import Values, values_backwards
from testsite_kernels.dispatch.storage_optimum import OPERATION, SOLVED
from testsite_kernels.dispatch.storage_pieces import (
    COLD,
    GENERATE,
    IDLE,
    MODES,
    PRODUCE,
    STANDBY,
    STANDBY_GENERATE,
    START,
    Machines,
    Pieces,
    fill_pieces,
)
from testsite_kernels.dispatch.storage_rest import Rest, find_rest
from testsite_kernels.dispatch.storage_stage import Stages, StorageProblem
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.limits import NOTHING

from testsite_sim.dispatch.plant import ReducedPlant

SEGMENTS = 12_000_000  # that are held at a time: a year of hours of most plants at once, some 300 MB
SHARES = np.linspace(0.0, 1.0, 9)  # between the prices of the hulls and those of the operation, tried for the bound
GRIDS, FINER = 4, 0.25  # a grid of the whole tank, then corridors, each by so much narrower and finer
FLOWS = (  # of an operation of the reduced plant
    "power_electrolyser",
    "power_fuel_cell",
    "hydrogen_produced",
    "hydrogen_to_fuel_cell",
    "hydrogen_delivered",
    "hydrogen_stored",
    "power_exported",
    "power_curtailed",
    "power_imported",
    "hydrogen_by_product",
)
FAINTEST = 2.0 * NOTHING  # share of its capacity at which a machine without a minimum load still runs
FLAT = 1e-9  # relative difference of slopes below which two segments are one


@dataclass(frozen=True)
class Decided:
    """An operation of pieces: modes, `operation` (intervals, 8) in the order of `OPERATION`, value [EUR]."""

    modes: NDArray[np.int64]
    operation: Floats
    value: float


def curve_points(capacity: float, minimum: float, table: Floats) -> tuple[Floats, Floats]:
    """Return power [W] and flow [kg/s] where a machine's curve bends, from its minimum load to its capacity.

    Parameters
    ----------
    capacity : float
        Rated power [W]; zero: no machine, no points.
    minimum : float
        Lowest load, fraction.
    table : ndarray, shape (points,)
        Flow at evenly spaced loads [kg/s].
    """
    if capacity <= 0.0:
        return np.empty(0), np.empty(0)
    load = np.linspace(0.0, 1.0, table.size)
    points = np.concatenate([[minimum], load[load > minimum]])
    flow = np.interp(points, load, table)
    slopes = np.diff(flow) / np.maximum(np.diff(points), 1e-300)
    keep = np.ones(points.size, bool)
    keep[1:-1] = np.abs(np.diff(slopes)) > FLAT * np.abs(slopes[:-1])
    return points[keep] * capacity, flow[keep]


def machines_of(plant: ReducedPlant, step: float) -> Machines:
    """Return the machines of a plant as the kernels of pieces take them.

    An electrolyser without a minimum load that pays for its starts, or for standing by, runs from the faintest load
    that is none of rounding: at a load of zero the plant would have stopped, and paid for another start.
    """
    minimum = plant.electrolyser_minimum_load
    if plant.electrolyser_start_energy > 0.0 or plant.electrolyser_standby_power > 0.0:
        minimum = max(minimum, FAINTEST)
    electrolyser = curve_points(plant.electrolyser_capacity, minimum, plant.electrolyser_table)
    fuel_cell = curve_points(plant.fuel_cell_capacity, plant.fuel_cell_minimum_load, plant.fuel_cell_table)
    return Machines(
        *electrolyser,
        *fuel_cell,
        float(plant.electrolyser_start_energy / step),
        float(plant.electrolyser_standby_power),
    )


class Decisions:
    """What each interval of a problem can do, as pieces: filled once where all intervals find room, else by blocks.

    Parameters
    ----------
    problem : StorageProblem
        Market with its true prices, demand, tank; the segments of its machines are not used.
    machines : Machines
        The true curves.
    block : int, optional
        How many intervals are held at a time; None: as many as find room.
    """

    def __init__(self, problem: StorageProblem, machines: Machines, block: int | None = None) -> None:
        self.problem, self.machines, self.steps = problem, machines, problem.wind.size
        self._most = _most_segments(problem, machines)
        self.block = min(block or max(SEGMENTS // self._most, 64), self.steps)
        self.firsts = range(0, self.steps, self.block)
        self._pieces = _empty_pieces(self.block, self.block * self._most, many=True)
        self._rest = Rest(np.empty(self.block, np.int64), *np.empty((4, self.block)))
        self._filled = self._rested = -1
        self._values = room_for_values(0, 0)

    def pieces(self, first: int) -> Pieces:
        """Return the pieces of the block that begins with an interval."""
        end, pieces = min(first + self.block, self.steps), self._pieces
        held = pieces._replace(first=pieces.first[: end - first + 1])
        if first != self._filled:
            fill_pieces(self.problem, self.machines, first, held, _stages(0, 0))
            self._filled = first
        return held

    def rest(self, first: int) -> Rest:
        """Return when it pays to rest in the block that begins with an interval."""
        pieces = self.pieces(first)
        if first != self._rested:
            find_rest(pieces, self._rest)
            self._rested = first
        return self._rest

    def values(self, first: int, contents: int) -> Values:
        """Return room for the values of the block that begins with an interval, the same for all blocks and grids."""
        steps = min(first + self.block, self.steps) - first
        if self._values.resting.size != steps or self._values.rows.shape[1] != contents:
            self._values = room_for_values(steps, contents)
        return self._values

    def hull(self) -> Stages:
        """Return the concave hulls of all intervals; the pieces are filled along with them."""
        hull, used = _stages(self.steps, self.steps * self._most), 0
        for first in self.firsts:
            end, pieces = min(first + self.block, self.steps), self._pieces
            held = pieces._replace(first=pieces.first[: end - first + 1])
            rows = hull._replace(
                start=hull.start[first : end + 1],
                sigma=hull.sigma[used:],
                length=hull.length[used:],
                lowest=hull.lowest[first:end],
            )
            fill_pieces(self.problem, self.machines, first, held, rows)
            self._filled = first
            rows.start[:] += used
            used = int(rows.start[end - first])
        return hull

    def chosen(self) -> Pieces:
        """Return room for one piece in each interval."""
        found = _empty_pieces(self.steps, self.steps * self._most)
        found.stages.start[0] = 0
        return found


def decide(decisions: Decisions, contents: int, enough: float = np.inf) -> Decided | None:
    """Return the operation that dynamic programming over a number of contents finds; None: it found none.

    Parameters
    ----------
    decisions : Decisions
        Of the problem.
    contents : int
        Grid of tank contents.
    enough : float
        Value [EUR] at which no finer grid is tried.
    """
    problem = decisions.problem
    span = problem.tank_capacity - problem.tank_minimum
    origin = np.full(decisions.steps + 1, problem.tank_minimum)
    dearest = 10.0 * (problem.penalty + float(np.abs(problem.prices).max()) * 3.6e8)
    best, width = None, span
    for _ in range(GRIDS):
        spacing = width / (contents - 1) if width > 0.0 else 1.0
        value, chosen = on_grid(decisions, contents, spacing, origin, dearest)
        found = _operated(decisions, chosen) if np.isfinite(value) else None
        if found is not None and (best is None or found.value > best.value):
            best = found
        if best is None or best.value >= enough or span <= 0.0:
            break
        width *= FINER
        path = np.concatenate([[problem.initial], best.operation[:, 5]])
        origin = np.clip(path - 0.5 * width, problem.tank_minimum, problem.tank_capacity - width)
    return best


def on_grid(
    decisions: Decisions, contents: int, spacing: float, origin: Floats, end_penalty: float
) -> tuple[float, Pieces]:
    """Return the value on a grid [EUR], -inf where there is none, and the piece of each interval, starting cold.

    Values are kept at the ends of blocks, and computed again going forwards where there are several.

    Parameters
    ----------
    decisions : Decisions
        Of the problem.
    contents : int
        Of the grid.
    spacing : float
        Of the grid [kg].
    origin : ndarray, shape (time + 1,)
        Where the grid begins at the start of each interval and at the end [kg]: the whole tank, or a corridor about a
        known path.
    end_penalty : float
        What a content below the lowest at the end costs [EUR/kg].
    """
    p, machines, chosen = decisions.problem, decisions.machines, decisions.chosen()
    end = origin[-1] + np.arange(contents) * spacing
    value_at_end = p.end_value * end - end_penalty * np.maximum(p.end_minimum - end, 0.0)
    ends = [np.stack([value_at_end, value_at_end])]
    values = room_for_values(0, contents)

    def filled(first: int, after: Floats) -> Values:
        pieces = decisions.pieces(first)
        found = decisions.values(first, contents)
        found.rows[:2] = after
        enters = np.empty(MODES, np.int64)
        values_backwards(p, machines, first, pieces, decisions.rest(first), spacing, origin, enters, found)
        return found

    for first in reversed(decisions.firsts):
        values = filled(first, ends[-1])
        ends.append(values.rows[values.of[0]])
    place = (p.initial - origin[0]) / spacing
    k = min(int(place), contents - 2)
    value = ends[-1][COLD, k] + (place - k) * (ends[-1][COLD, k + 1] - ends[-1][COLD, k])
    begin = Begin(place, COLD, 0)
    for number, first in enumerate(decisions.firsts):
        if len(decisions.firsts) > 1:
            values = filled(first, ends[len(decisions.firsts) - 1 - number])
        pieces, rest = decisions.pieces(first), decisions.rest(first)
        begin = choose_pieces(p, machines, first, pieces, rest, spacing, origin, values, begin, chosen)
        if begin.used < 0:
            return -np.inf, chosen
    return float(value), chosen


def room_for_values(steps: int, contents: int) -> Values:
    """Return room for the values of a number of intervals on a grid (pages that stay unused cost nothing)."""
    rows, times = 2 * steps + 2, steps + 1
    return Values(
        np.empty((rows, contents)),
        np.empty((times, 2), np.int64),
        np.empty((rows, 2)),
        np.empty(times),
        np.empty(steps, bool),
    )


def improve(decisions: Decisions, flows: Floats, states: NDArray[np.int8]) -> Decided | None:
    """Return the best operation that runs the same machines on the same part of their curves as a known dispatch.

    None where there is none, as after a dispatch in which both machines ran for reserves.
    """
    machines = decisions.machines
    before = np.concatenate([np.zeros(1, np.int8), states[:-1]])
    generating = flows[:, 1] > 0.0
    starting = (states == 2) & (before == 0) & (machines.start > 0.0)
    modes = np.where(generating, GENERATE, IDLE)
    modes[states == 1] = np.where(generating[states == 1], STANDBY_GENERATE, STANDBY)
    modes[states == 2] = PRODUCE
    modes[starting] = START
    e = flows[:, 0] - np.where(starting, machines.start, 0.0)
    z = np.where(states == 2, e, -flows[:, 1])
    chosen, used = decisions.chosen(), 0
    for first in decisions.firsts:
        used = pieces_at(first, decisions.pieces(first), modes.astype(np.int64), z, used, chosen)
        if used < 0:
            return None
    return _operated(decisions, chosen)


def hull_bound(decisions: Decisions) -> tuple[float, Floats]:
    """Return what no operation can exceed [EUR], by the water values of the hulls [EUR/kg], and these."""
    prices = np.empty((1, decisions.steps))
    if not hull_prices(decisions.problem, decisions.hull(), prices[0]):
        return np.inf, prices[0]
    return float(_bounds(decisions, prices)[0]), prices[0]


def bound_between(decisions: Decisions, hull: Floats, found: Floats) -> float:
    """Return the least bound [EUR] by prices between those of the hulls and those of an operation [EUR/kg]."""
    return float(_bounds(decisions, hull + SHARES[:, None] * (found - hull)).min())


def _bounds(decisions: Decisions, prices: Floats) -> Floats:
    """Return the bound [EUR] that each row of prices (row, time) proves."""
    best, bounds = np.full((len(prices), 2), -np.inf), np.empty(len(prices))
    best[:, COLD] = 0.0
    for first in decisions.firsts:
        best_paths(decisions.machines, first, decisions.pieces(first), prices, best)
    price_bounds(decisions.problem, prices, best, bounds)
    return bounds


def flows_of(
    decided: Decided, machines: Machines, wind: Floats, demand: Floats, step: float, plant: ReducedPlant
) -> tuple[Floats, NDArray[np.int8]]:
    """Return flows (intervals, 10) and states of an operation."""
    e, f, unmet, curtailed, export, content, _, taken = decided.operation.T
    producing = (decided.modes == PRODUCE) | (decided.modes == START)
    resting = decided.modes >= STANDBY
    flows = np.empty((wind.size, len(FLOWS)))
    flows[:, 0] = e + np.where(decided.modes == START, machines.start, np.where(resting, machines.standby, 0.0))
    flows[:, 1] = f
    load = np.linspace(0.0, 1.0, plant.electrolyser_table.size)
    flows[:, 2] = np.interp(e, load * plant.electrolyser_capacity, plant.electrolyser_table) * (e > 0.0)
    flows[:, 3] = np.interp(f, load * plant.fuel_cell_capacity, plant.fuel_cell_table) * (f > 0.0)
    flows[:, 4] = demand - unmet / step
    flows[:, 5] = content
    flows[:, 6] = np.maximum(export, 0.0)
    flows[:, 7] = curtailed
    flows[:, 8] = np.maximum(-export, 0.0)
    flows[:, 9] = taken / step
    hot = producing & ((e > 0.0) | (machines.start > 0.0))
    return flows, np.where(hot, 2, np.where(resting, 1, 0)).astype(np.int8)


def _operated(decisions: Decisions, chosen: Pieces) -> Decided | None:
    """Return the best operation within pieces."""
    operation = np.empty((decisions.steps, len(OPERATION)))
    status, value = operate_pieces(decisions.problem, decisions.machines, chosen, operation)
    return Decided(chosen.mode, operation, value) if status == SOLVED else None


def _most_segments(problem: StorageProblem, machines: Machines) -> int:
    """Return how many segments, and pieces, an interval can have."""
    kinks = 2 * (problem.prices.shape[1] + 1) + 2
    curves = 2 * machines.electrolyser_power.size + 2 * machines.fuel_cell_power.size
    return int(3 * (4 if problem.prices.shape[1] > 1 else 1) * (curves + MODES * kinks))


def _stages(rows: int, segments: int) -> Stages:
    """Return room for a number of rows and segments in all (pages that stay unused cost nothing)."""
    return Stages(
        np.empty(rows + 1, np.int64),
        np.empty(segments),
        np.empty(segments),
        np.empty(segments),
        np.empty(segments, np.int8),
        np.empty((rows, 3)),
        np.empty(rows),
    )


def _empty_pieces(steps: int, segments: int, *, many: bool = False) -> Pieces:
    """Return room for one piece in each interval, or for `many`."""
    rows = segments if many else steps
    first = np.empty(steps + 1 if many else 0, np.int64)
    return Pieces(first, np.empty(rows, np.int64), np.empty((rows, 3)), _stages(rows, segments))
