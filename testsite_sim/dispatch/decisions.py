"""Decisions that are not convex: which machine runs when, on its true curve, and the bound of any such operation."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from testsite_kernels.dispatch.storage_bound import hull_prices, price_bounds
from testsite_kernels.dispatch.storage_discrete import discrete_pieces, operate_pieces, pieces_at
from testsite_kernels.dispatch.storage_optimum import OPERATION, SOLVED
from testsite_kernels.dispatch.storage_pieces import (
    GENERATE,
    IDLE,
    PRODUCE,
    STANDBY,
    STANDBY_GENERATE,
    START,
    Machines,
    Pieces,
)
from testsite_kernels.dispatch.storage_stage import Stages, StorageProblem
from testsite_kernels.numerics.arrays import Floats

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
    """Return the machines of a plant as the kernels of pieces take them."""
    electrolyser = curve_points(plant.electrolyser_capacity, plant.electrolyser_minimum_load, plant.electrolyser_table)
    fuel_cell = curve_points(plant.fuel_cell_capacity, plant.fuel_cell_minimum_load, plant.fuel_cell_table)
    return Machines(
        *electrolyser,
        *fuel_cell,
        float(plant.electrolyser_start_energy / step),
        float(plant.electrolyser_standby_power),
    )


def decide(problem: StorageProblem, machines: Machines, contents: int, enough: float = np.inf) -> Decided | None:
    """Return the operation that dynamic programming over a number of contents finds; None: it found none.

    Parameters
    ----------
    problem : StorageProblem
        Market with its true prices, demand, tank; the segments of its machines are not used.
    machines : Machines
        The true curves.
    contents : int
        Grid of tank contents.
    enough : float
        Value [EUR] at which no finer grid is tried.
    """
    steps = problem.wind.size
    dearest = 10.0 * (problem.penalty + float(np.abs(problem.prices).max()) * 3.6e8)
    span = problem.tank_capacity - problem.tank_minimum
    origin = np.full(steps + 1, problem.tank_minimum)
    best, width = None, span
    for _ in range(GRIDS):
        spacing = width / (contents - 1) if width > 0.0 else 1.0
        chosen = _empty_pieces(steps, steps * _most_segments(problem, machines))
        value = discrete_pieces(
            problem, machines, contents, spacing, origin, _block(problem, machines), dearest, chosen
        )
        found = _operated(problem, machines, chosen) if np.isfinite(value) else None
        if found is not None and (best is None or found.value > best.value):
            best = found
        if best is None or best.value >= enough or span <= 0.0:
            break
        width *= FINER
        path = np.concatenate([[problem.initial], best.operation[:, 5]])
        origin = np.clip(path - 0.5 * width, problem.tank_minimum, problem.tank_capacity - width)
    return best


def improve(problem: StorageProblem, machines: Machines, flows: Floats, states: NDArray[np.int8]) -> Decided | None:
    """Return the best operation that runs the same machines on the same part of their curves as a known dispatch.

    None where there is none, as after a dispatch in which both machines ran for reserves.
    """
    before = np.concatenate([np.zeros(1, np.int8), states[:-1]])
    generating = flows[:, 1] > 0.0
    starting = (states == 2) & (before == 0) & (machines.start > 0.0)
    modes = np.where(generating, GENERATE, IDLE)
    modes[states == 1] = np.where(generating[states == 1], STANDBY_GENERATE, STANDBY)
    modes[states == 2] = PRODUCE
    modes[starting] = START
    e = flows[:, 0] - np.where(starting, machines.start, 0.0)
    z = np.where(states == 2, e, -flows[:, 1])
    chosen = _empty_pieces(z.size, z.size * _most_segments(problem, machines))
    found = pieces_at(problem, machines, _block(problem, machines), modes.astype(np.int64), z, chosen)
    return _operated(problem, machines, chosen) if found else None


def hull_bound(problem: StorageProblem, machines: Machines) -> tuple[float, Floats]:
    """Return what no operation can exceed [EUR], by the water values of the hulls [EUR/kg], and these."""
    prices = np.empty((1, problem.wind.size))
    if not hull_prices(problem, machines, _block(problem, machines), prices[0]):
        return np.inf, prices[0]
    return float(price_bounds(problem, machines, _block(problem, machines), prices)[0]), prices[0]


def bound_between(problem: StorageProblem, machines: Machines, hull: Floats, found: Floats) -> float:
    """Return the least bound [EUR] by prices between those of the hulls and those of an operation [EUR/kg]."""
    prices = hull + SHARES[:, None] * (found - hull)
    return float(price_bounds(problem, machines, _block(problem, machines), prices).min())


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


def _operated(problem: StorageProblem, machines: Machines, chosen: Pieces) -> Decided | None:
    """Return the best operation within pieces."""
    operation = np.empty((problem.wind.size, len(OPERATION)))
    status, value = operate_pieces(problem, machines, chosen, operation)
    return Decided(chosen.mode, operation, value) if status == SOLVED else None


def _most_segments(problem: StorageProblem, machines: Machines) -> int:
    """Return how many segments an interval can have; see `storage_pieces.segments_per_interval`."""
    kinks = 2 * (problem.prices.shape[1] + 1) + 2
    curves = 2 * machines.electrolyser_power.size + 2 * machines.fuel_cell_power.size
    return int(3 * (4 if problem.prices.shape[1] > 1 else 1) * (curves + 6 * kinks))


def _block(problem: StorageProblem, machines: Machines) -> int:
    """Return how many intervals are held at a time."""
    return max(SEGMENTS // _most_segments(problem, machines), 64)


def _empty_pieces(steps: int, segments: int) -> Pieces:
    """Return room for one piece in each interval."""
    stages = Stages(
        np.empty(steps + 1, np.int64),
        np.empty(segments),
        np.empty(segments),
        np.empty(segments),
        np.empty(segments, np.int8),
        np.empty((steps, 3)),
        np.empty(0),
    )
    return Pieces(np.empty(0, np.int64), np.empty(steps, np.int64), np.empty((steps, 3)), stages)
