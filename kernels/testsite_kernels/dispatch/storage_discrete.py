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
    COLD,
    LEADS_TO,
    MODES,
    PRODUCE,
    START,
    Machines,
    Pieces,
    best_export,
    come_from,
    fill_pieces,
    new_pieces,
)
from testsite_kernels.dispatch.storage_stage import BY_PRODUCT, UNMET, Stages, StorageProblem, stages_of
from testsite_kernels.numerics.arrays import TYPED_ZERO, Floats
from testsite_kernels.numerics.compile_options import bare_part, kernel, part

NEVER = -1e30  # value of what cannot be done


class Change(NamedTuple):
    """What an interval can change [kg]: `spacing` of the grid, the tank's flow limits, both along the grid.

    The grid after the interval lies `moved` above that before it; a change y along the grid is less by so much.
    """

    spacing: float
    smallest: float
    largest: float
    moved: float


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


@kernel
def discrete_pieces(
    problem: StorageProblem,
    machines: Machines,
    contents: int,
    spacing: float,
    origin: Floats,
    block: int,
    end_penalty: float,
    chosen: Pieces,
) -> float:
    """Fill `chosen` with the piece of each interval, starting cold; return the value on the grid [EUR], -inf: none.

    The grid of `contents` at a `spacing` [kg] begins at `origin` (time + 1) [kg] at the start of each interval and at
    the end: the whole tank, or a corridor about a known path. Only `block` intervals are held at a time: values are
    kept at the ends of blocks and computed again going forwards. A content below the lowest at the end costs
    `end_penalty` [EUR/kg].
    """
    p = problem
    steps = p.wind.size
    smallest, largest = -p.discharge_limit * p.step, p.charge_limit * p.step
    blocks = (steps + block - 1) // block
    ends = np.empty((blocks + 1, 2, contents))
    for j in range(contents):
        content = origin[steps] + j * spacing
        ends[blocks, :, j] = p.end_value * content - end_penalty * max(p.end_minimum - content, 0.0)
    row = np.empty(contents)
    enters = np.empty(MODES, np.int64)
    for mode in range(MODES):
        enters[mode] = come_from(machines, mode)
    values = np.empty((block + 1, 2, contents))
    place = (p.initial - origin[0]) / spacing
    value = 0.0
    state = COLD
    pieces = new_pieces(problem, machines, min(block, steps))
    no_hull = stages_of(0, 0)
    used = TYPED_ZERO
    chosen.stages.start[0] = 0
    for k in range(2 * blocks):  # all blocks backwards, then forwards, in one loop: its body compiles once
        backwards = k < blocks
        b = blocks - 1 - k if backwards else k - blocks
        begin, end = b * block, min((b + 1) * block, steps)
        if backwards or blocks > 1:
            held = Pieces(pieces.first[: end - begin + 1], pieces.mode, pieces.low, pieces.stages)
            fill_pieces(problem, machines, begin, held, no_hull)
            copy_values(ends[b + 1], values[end - begin])
            for t in range(end - 1, begin - 1, -1):
                s = t - begin
                moved = origin[t + 1] - origin[t]
                change = Change(spacing, smallest - moved, largest - moved, moved)
                step_back(pieces, s, enters, change, values[s + 1], values[s], row)
            copy_values(values[0], ends[b])
        if backwards:
            continue
        if b == 0:
            i = min(int(place), contents - 2)
            value = ends[0, COLD, i] + (place - i) * (ends[0, COLD, i + 1] - ends[0, COLD, i])
        for t in range(begin, end):
            s = t - begin
            moved = origin[t + 1] - origin[t]
            change = Change(spacing, smallest - moved, largest - moved, moved)
            best, best_y, best_piece = NEVER, 0.0, TYPED_ZERO - 1
            for piece in range(pieces.first[s], pieces.first[s + 1]):
                if enters[pieces.mode[piece]] >> state & 1:
                    after = values[s + 1, LEADS_TO[pieces.mode[piece]]]
                    total, y = best_change(pieces.stages, piece, after, change, place)
                    if total > best:
                        best, best_y, best_piece = total, y, piece
            if best_piece < 0:
                return -np.inf
            used = copy_piece(pieces, best_piece, chosen, t, used)
            state = LEADS_TO[pieces.mode[best_piece]]
            place = min(max(place + best_y / spacing, 0.0), contents - 1.0)
    return float(value)


@kernel
def pieces_at(
    problem: StorageProblem, machines: Machines, block: int, modes: NDArray[np.int64], power: Floats, chosen: Pieces
) -> bool:
    """Fill `chosen` with the pieces of given modes that are nearest to given powers z [W]; False: one has none."""
    steps = problem.wind.size
    pieces = new_pieces(problem, machines, min(block, steps))
    no_hull = stages_of(0, 0)
    used = TYPED_ZERO
    chosen.stages.start[0] = used
    for begin in range(0, steps, block):
        end = min(begin + block, steps)
        held = Pieces(pieces.first[: end - begin + 1], pieces.mode, pieces.low, pieces.stages)
        fill_pieces(problem, machines, begin, held, no_hull)
        for t in range(begin, end):
            nearest, distance = TYPED_ZERO - 1, np.inf
            for piece in range(pieces.first[t - begin], pieces.first[t - begin + 1]):
                if pieces.mode[piece] != modes[t]:
                    continue
                low = high = pieces.low[piece, 1]
                for i in range(pieces.stages.start[piece], pieces.stages.start[piece + 1]):
                    high += pieces.stages.width[i]
                away = max(low - power[t], power[t] - high)
                if away < distance:
                    nearest, distance = piece, away
            if nearest < 0:
                return False
            used = copy_piece(pieces, nearest, chosen, t, used)
    return True


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


@part
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


@part
def copy_values(source: Floats, target: Floats) -> None:
    """Copy values (state, content); an assignment of arrays would compile the text of errors, a second of it."""
    for state in range(source.shape[0]):
        for j in range(source.shape[1]):
            target[state, j] = source[state, j]
