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

from testsite_kernels.dispatch.storage_optimum import (
    INFEASIBLE,
    SOLVED,
    best_contents,
    reaches,
    value_at,
    value_backwards,
)
from testsite_kernels.dispatch.storage_pieces import (
    LEADS_TO,
    MODES,
    PRODUCE,
    START,
    Machines,
    Pieces,
    best_export,
    come_from,
)
from testsite_kernels.dispatch.storage_stage import BY_PRODUCT, UNMET, Stages, StorageProblem, flow_limits
from testsite_kernels.numerics.arrays import TYPED_ZERO, Floats
from testsite_kernels.numerics.compile_options import bare_kernel, bare_part, kernel

NEVER = -1e30  # value of what cannot be done


class Change(NamedTuple):
    """What an interval can change [kg]: `spacing` of the grid, the tank's flow limits, both along the grid.

    The grid after the interval lies `moved` above that before it; a change y along the grid is less by so much.
    """

    spacing: float
    smallest: float
    largest: float
    moved: float


class Begin(NamedTuple):
    """Where an interval begins: place on the grid, state of the electrolyser, segments of the chosen pieces so far."""

    place: float
    state: int
    used: int


@bare_part
def raise_at(row: Floats, after: Floats, shift: int, gain: float) -> None:
    """Raise row[i] to gain + after[i + shift]; slices cannot be indexed below zero, which lets the loop vectorise."""
    begin, end = max(0, -shift), min(row.size, row.size - shift)
    if end <= begin:
        return
    target, source = row[begin:end], after[begin + shift : end + shift]
    for j in range(target.size):
        best = gain + source[j]
        target[j] = best if best > target[j] else target[j]


@bare_part
def raise_between(row: Floats, after: Floats, shift: int, gain: float, share: float) -> None:
    """Raise row[i] to gain + after[i + shift + share], linear between the points."""
    begin, end = max(0, -shift), min(row.size, row.size - 1 - shift)
    if end <= begin:
        return
    target, low, high = row[begin:end], after[begin + shift : end + shift], after[begin + shift + 1 : end + shift + 1]
    for j in range(target.size):
        best = gain + low[j] + share * (high[j] - low[j])
        target[j] = best if best > target[j] else target[j]


@bare_part
def piece_row(stages: Stages, s: int, after: Floats, change: Change, row: Floats) -> None:
    """Raise row[i] to max_y G(y) + after(s_i + y) for one piece."""
    n, spacing = row.size, change.spacing
    y = stages.lowest[s, 0] - change.moved
    value = stages.lowest[s, 1]
    smallest, largest = max(change.smallest, -n * spacing), min(change.largest, n * spacing)
    if not y <= largest:
        return
    i, end = stages.start[s], stages.start[s + 1]
    first = True
    while True:
        # the kink at y
        if smallest <= y <= largest:
            shift = y / spacing
            k = int(np.floor(shift))
            w = shift - k
            if w > 1e-9:
                raise_between(row, after, k, value, w)
            elif first:
                raise_at(row, after, k, value)
        first = False
        if i >= end or y >= largest:
            break
        # the grid points within the segment, and its end where that is one
        slope, length = -stages.sigma[i], stages.length[i]
        upto = min(y + length, largest)
        m = int(np.ceil(max(y, smallest) / spacing - 1e-9))
        while m * spacing <= upto + 1e-9 * spacing:
            gain = value + slope * (m * spacing - y)
            raise_at(row, after, m, gain)
            m += 1
        value += slope * (upto - y)
        y = upto
        i += 1


@bare_part
def best_change(stages: Stages, s: int, after: Floats, change: Change, place: float) -> tuple[float, float]:
    """Return the best G(y) + after and its y along the grid for one piece; `place` is the content in grid spacings."""
    n, spacing, smallest, largest = after.size, change.spacing, change.smallest, change.largest
    y = stages.lowest[s, 0] - change.moved
    value = stages.lowest[s, 1]
    best, best_y = NEVER, 0.0
    if not y <= largest:
        return best, best_y
    i, end = stages.start[s], stages.start[s + 1]
    while True:
        at = place + y / spacing
        if smallest <= y <= largest and -1e-9 <= at <= n - 1 + 1e-9:
            at = min(max(at, 0.0), n - 1.0)
            k = min(int(at), n - 2)
            total = value + after[k] + (at - k) * (after[k + 1] - after[k])
            if total > best:
                best, best_y = total, y
        if i >= end or y >= largest:
            break
        slope, length = -stages.sigma[i], stages.length[i]
        upto = min(y + length, largest)
        k = int(min(max(np.ceil(place + max(y, smallest) / spacing), 0.0), float(n)))
        while k <= n - 1 and (k - place) * spacing <= upto:
            to_point = (k - place) * spacing
            total = value + slope * (to_point - y) + after[k]
            if total > best:
                best, best_y = total, to_point
            k += 1
        value += slope * (upto - y)
        y = upto
        i += 1
    return best, best_y


@bare_part
def step_back(
    pieces: Pieces,
    s: int,
    enters: NDArray[np.int64],
    change: Change,
    after: Floats,
    before: Floats,
    row: Floats,
) -> None:
    """Fill `before` (state, content) from `after` for one interval."""
    before[:] = NEVER
    p, end = pieces.first[s], pieces.first[s + 1]
    while p < end:
        mode = pieces.mode[p]
        row[:] = NEVER
        while p < end and pieces.mode[p] == mode:
            piece_row(pieces.stages, p, after[LEADS_TO[mode]], change, row)
            p += 1
        for state in range(2):
            if enters[mode] >> state & 1:
                for j in range(row.size):
                    before[state, j] = row[j] if row[j] > before[state, j] else before[state, j]


@bare_part
def changes_of(problem: StorageProblem, spacing: float, origin: Floats, t: int) -> Change:
    """Return what the interval t can change on a grid that begins at `origin` (time + 1)."""
    moved = origin[t + 1] - origin[t]
    discharged, charged = flow_limits(problem, t)
    return Change(spacing, discharged - moved, charged - moved, moved)


@kernel
def values_backwards(
    problem: StorageProblem,
    machines: Machines,
    first: int,
    pieces: Pieces,
    spacing: float,
    origin: Floats,
    values: Floats,
) -> None:
    """Fill `values` (interval + 1, state, content) of the intervals from `first` on, from those at their end.

    The grid of contents at a `spacing` [kg] begins at `origin` (time + 1) [kg] at the start of each interval.
    """
    row = np.empty(values.shape[2])
    enters = np.empty(MODES, np.int64)
    for mode in range(MODES):
        enters[mode] = come_from(machines, mode)
    for s in range(pieces.first.size - 2, -1, -1):
        change = changes_of(problem, spacing, origin, first + s)
        step_back(pieces, s, enters, change, values[s + 1], values[s], row)


@bare_kernel
def choose_pieces(
    problem: StorageProblem,
    machines: Machines,
    first: int,
    pieces: Pieces,
    spacing: float,
    origin: Floats,
    values: Floats,
    begin: Begin,
    chosen: Pieces,
) -> Begin:
    """Fill the rows of `chosen` from `first` on with the piece of each interval; return where they lead.

    `values` are those of `values_backwards`. The `used` of what is returned is below zero where no piece can be.
    """
    place, state, used = begin
    for s in range(pieces.first.size - 1):
        change = changes_of(problem, spacing, origin, first + s)
        best, best_y, best_piece = NEVER, 0.0, TYPED_ZERO - 1
        for piece in range(pieces.first[s], pieces.first[s + 1]):
            mode = pieces.mode[piece]
            if come_from(machines, mode) >> state & 1:
                total, y = best_change(pieces.stages, piece, values[s + 1, LEADS_TO[mode]], change, place)
                if total > best:
                    best, best_y, best_piece = total, y, piece
        if best_piece < 0:
            return Begin(place, state, TYPED_ZERO - 1)
        used = copy_piece(pieces, best_piece, chosen, first + s, used)
        state = TYPED_ZERO + LEADS_TO[pieces.mode[best_piece]]
        place = min(max(place + best_y / spacing, 0.0), values.shape[2] - 1.0)
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
