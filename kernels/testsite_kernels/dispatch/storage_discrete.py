"""Which machine runs when: dynamic programming over tank content and the electrolyser's state, hot or cold.

Each interval is operated on one of a few concave pieces (`storage_pieces`), each of a mode that leads from one
state to another. The value function of each state is kept on n evenly spaced contents s_i = s_0 + i h and taken as
linear between them. Within a piece the best change y is a kink of it or leads to a grid point:

    V_t[s_i] = max over pieces, y of  G_piece(y) + V_{t+1}[s_i + y],    y = k-th kink, or y = j h

Both sets are the same shifts for all i, so that the inner loops run over contiguous arrays; a piece reaches no
further than the tank, so that there are fewer shifts than contents whatever its size. Going forwards from the true
content, the same choice gives the piece of each interval; the exact optimum within these pieces then removes the
error of the grid. A finer grid in a corridor about the contents so found improves them (Larson 1965).
Source: Bellman (1957).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.dispatch.storage_grid import NEVER, Values, best_change, changes_of, seen_by
from testsite_kernels.dispatch.storage_optimum import (
    INFEASIBLE,
    SOLVED,
    best_contents,
    reaches,
    value_at,
    value_backwards,
)
from testsite_kernels.dispatch.storage_pieces import (
    COLD,
    LEADS_TO,
    PRODUCE,
    START,
    Machines,
    Pieces,
    best_export,
    come_from,
)
from testsite_kernels.dispatch.storage_rest import Rest
from testsite_kernels.dispatch.storage_stage import BY_PRODUCT, UNMET, StorageProblem
from testsite_kernels.numerics.arrays import TYPED_ZERO, Floats
from testsite_kernels.numerics.compile_options import bare_kernel, bare_part, kernel


class Begin(NamedTuple):
    """Where an interval begins: place on the grid, state of the electrolyser, segments of the chosen pieces so far."""

    place: float
    state: int
    used: int


@bare_kernel
def choose_pieces(
    problem: StorageProblem,
    machines: Machines,
    first: int,
    pieces: Pieces,
    rest: Rest,
    spacing: float,
    origin: Floats,
    values: Values,
    begin: Begin,
    chosen: Pieces,
) -> Begin:
    """Fill the rows of `chosen` from `first` on with the piece of each interval; return where they lead.

    `values` are those of `values_backwards`. The `used` of what is returned is below zero where no piece can be.
    """
    place, state, used = begin
    for s in range(pieces.first.size - 1):
        if values.resting[s]:
            used = copy_piece(pieces, rest.idle[s], chosen, first + s, used)
            state = TYPED_ZERO + COLD
            continue
        change = changes_of(problem, spacing, origin, first + s)
        best, best_y, best_piece = NEVER, 0.0, TYPED_ZERO - 1
        for piece in range(pieces.first[s], pieces.first[s + 1]):
            mode = pieces.mode[piece]
            if come_from(machines, mode) >> state & 1:
                total, y = best_change(pieces.stages, piece, seen_by(values, rest, s, LEADS_TO[mode]), change, place)
                if total > best:
                    best, best_y, best_piece = total, y, piece
        if best_piece < 0:
            return Begin(place, state, TYPED_ZERO - 1)
        used = copy_piece(pieces, best_piece, chosen, first + s, used)
        state = TYPED_ZERO + LEADS_TO[pieces.mode[best_piece]]
        place = min(max(place + best_y / spacing, 0.0), values.rows.shape[1] - 1.0)
    return Begin(place, state, used)


@bare_kernel
def pieces_at(first: int, pieces: Pieces, modes: NDArray[np.int64], power: Floats, used: int, chosen: Pieces) -> int:
    """Fill the rows of `chosen` from `first` on with the pieces of given modes that are nearest to given powers z [W].

    Returns the segments of `chosen` now used, of which `used` were before; below zero: a mode has no piece.
    """
    for s in range(pieces.first.size - 1):
        t = first + s
        nearest, distance = TYPED_ZERO - 1, np.inf
        for piece in range(pieces.first[s], pieces.first[s + 1]):
            if pieces.mode[piece] != modes[t]:
                continue
            low = high = pieces.low[piece, 1]
            for i in range(pieces.stages.start[piece], pieces.stages.start[piece + 1]):
                high += pieces.stages.width[i]
            away = max(low - power[t], power[t] - high)
            if away < distance:
                nearest, distance = piece, away
        if nearest < 0:
            return TYPED_ZERO - 1
        used = copy_piece(pieces, nearest, chosen, t, used)
    return used


@kernel
def operate_pieces(problem: StorageProblem, machines: Machines, chosen: Pieces, operation: Floats) -> tuple[int, float]:
    """Fill `operation` (time, 8) with the optimum within the piece of each interval; return status and optimum [EUR].

    The order is that of `storage_optimum.OPERATION`; electrolyser power without what starts and standby draw.
    """
    steps = problem.wind.size
    keep = np.empty((steps + 1, 4))
    stages = chosen.stages
    function = value_backwards(problem, stages, np.empty(512), np.empty(512), keep)
    if not reaches(problem, function):
        return INFEASIBLE, 0.0
    optimum, price = value_at(function, problem.initial)
    best_contents(problem, stages, price, keep, operation)
    content = problem.initial
    for t in range(steps):
        mode = chosen.mode[t]
        unmet, z, taken = chosen.low[t, 0], chosen.low[t, 1], chosen.low[t, 2]
        left = operation[t, 5] - content - stages.lowest[t, 0]
        for i in range(stages.start[t], stages.start[t + 1]):
            share = min(max(left, 0.0) / stages.length[i], 1.0)
            left -= stages.length[i]
            if stages.kind[i] == UNMET:
                unmet += share * stages.length[i]
            elif stages.kind[i] == BY_PRODUCT:
                taken += share * stages.length[i]
            else:
                z += share * stages.width[i]
        load = machines.start if mode == START else machines.standby if mode > START else 0.0
        edges = problem.edges[t if problem.edges.shape[0] > 1 else 0]
        prices = problem.prices[t if problem.prices.shape[0] > 1 else 0]
        wind = problem.wind[t]
        _, export = best_export(edges, prices, min(wind, 0.0) - load - z, wind - load - z)
        producing = mode in (PRODUCE, START)
        operation[t, 0] = z if producing else 0.0
        operation[t, 1] = 0.0 if producing else -z
        operation[t, 2], operation[t, 3], operation[t, 4] = unmet, wind - load - z - export, export
        operation[t, 7] = taken
        content = operation[t, 5]
    return SOLVED, optimum


@bare_part
def copy_piece(pieces: Pieces, piece: int, chosen: Pieces, t: int, used: int) -> int:
    """Copy a piece to the row t of `chosen`, its segments from `used` on; return the segments now used."""
    source, target = pieces.stages, chosen.stages
    chosen.mode[t] = pieces.mode[piece]
    for k in range(3):
        chosen.low[t, k] = pieces.low[piece, k]
    target.lowest[t, 0], target.lowest[t, 1] = source.lowest[piece, 0], source.lowest[piece, 1]
    for i in range(source.start[piece], source.start[piece + 1]):
        target.sigma[used], target.length[used] = source.sigma[i], source.length[i]
        target.width[used], target.kind[used] = source.width[i], source.kind[i]
        used += 1
    target.start[t + 1] = used
    return used
