"""Which machine runs when: dynamic programming over tank content and the electrolyser's state, hot or cold.

Each interval is operated in one of a few modes (idle, generating, producing, starting, standby), each a
concave stage of its own (`storage_stage`). The value function of each state is kept on n evenly spaced
contents s_i = s_0 + i h and taken as linear between them. Within a mode the best change y is a kink of its
stage or leads to a grid point:

    V_t[s_i] = max over modes, y of  G_mode(y) + V_{t+1}[s_i + y],    y = k-th kink, or y = j h

Both sets are the same shifts for all i, so that the inner loops run over contiguous arrays. Going forwards
from the true content, the same choice gives the mode of each interval; the exact optimum within these modes
(`storage_optimum` with each interval's limits) then removes the error of the grid. Source: Bellman (1957).
"""

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.compile_options import bare_part, kernel, part
from testsite_kernels.storage_stage import Stages, StorageProblem, fill_stages, new_stages

Floats = NDArray[np.float64]
COLD, HOT = 0, 1
IDLE, GENERATE, PRODUCE, START, STANDBY = 0, 1, 2, 3, 4
NEVER = -1e30  # value of what cannot be done


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
def mode_row(
    stages: Stages, s: int, after: Floats, spacing: float, smallest: float, largest: float, row: Floats
) -> None:
    """Raise row[i] to max_y G(y) + after(s_i + y) for the stage of one mode and interval.

    `smallest` and `largest` [kg] are the tank's flow limits per interval.
    """
    y = stages.lowest[s, 0]
    value = stages.lowest[s, 1]
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
def best_change(
    stages: Stages, s: int, after: Floats, spacing: float, smallest: float, largest: float, place: float
) -> tuple[float, float]:
    """Return the best G(y) + after and its y for one mode; `place` is the content in grid spacings."""
    n = after.size
    y = stages.lowest[s, 0]
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
        k = max(int(np.ceil(place + max(y, smallest) / spacing)), 0)
        while k <= n - 1 and (k - place) * spacing <= upto:
            change = (k - place) * spacing
            total = value + slope * (change - y) + after[k]
            if total > best:
                best, best_y = total, change
            k += 1
        value += slope * (upto - y)
        y = upto
        i += 1
    return best, best_y


@bare_part
def step_back(
    stages: tuple[Stages, ...],
    s: int,
    come_from: NDArray[np.int64],
    lead_to: NDArray[np.int64],
    spacing: float,
    smallest: float,
    largest: float,
    after: Floats,
    before: Floats,
    row: Floats,
) -> None:
    """Fill `before` (state, content) from `after` for one interval."""
    before[:] = NEVER
    for mode in range(len(stages)):
        if come_from[mode] == 0:
            continue
        row[:] = NEVER
        mode_row(stages[mode], s, after[lead_to[mode]], spacing, smallest, largest, row)
        for state in range(2):
            if come_from[mode] >> state & 1:
                for j in range(row.size):
                    before[state, j] = row[j] if row[j] > before[state, j] else before[state, j]


@kernel
def discrete_modes(
    problems: tuple[StorageProblem, ...],
    come_from: NDArray[np.int64],
    lead_to: NDArray[np.int64],
    contents: int,
    block: int,
    end_penalty: float,
    modes: NDArray[np.int8],
) -> float:
    """Fill `modes` (time) with the mode of each interval, starting cold; return the value on the grid [EUR].

    `problems` holds one problem per mode, the same but for limits and wind (what start and standby draw is
    taken off it); `come_from` has a bit per state (COLD, HOT) that may enter the mode, `lead_to` the state
    that it leaves. Only `block` intervals are held at a time: values are kept at the ends of blocks and
    computed again going forwards. A content below the wanted one at the end costs `end_penalty` [EUR/kg].
    """
    p = problems[0]
    steps = p.wind.size
    spacing = (p.tank_capacity - p.tank_minimum) / (contents - 1)
    smallest, largest = -p.discharge_limit * p.step, p.charge_limit * p.step
    blocks = (steps + block - 1) // block
    ends = np.empty((blocks + 1, 2, contents))
    for j in range(contents):
        content = p.tank_minimum + j * spacing
        ends[blocks, :, j] = p.end_value * content - end_penalty * max(p.end_minimum - content, 0.0)
    row = np.empty(contents)
    values = np.empty((block + 1, 2, contents))
    place = (p.initial - p.tank_minimum) / spacing
    value = 0.0
    state = COLD
    for k in range(2 * blocks):  # all blocks backwards, then forwards, in one loop: its body compiles once
        backwards = k < blocks
        b = blocks - 1 - k if backwards else k - blocks
        begin, end = b * block, min((b + 1) * block, steps)
        if backwards or blocks > 1:
            stages = fill_modes(problems, begin, end - begin)
            copy_values(ends[b + 1], values[end - begin])
            for t in range(end - 1, begin - 1, -1):
                s = t - begin
                step_back(stages, s, come_from, lead_to, spacing, smallest, largest, values[s + 1], values[s], row)
            copy_values(values[0], ends[b])
        if backwards:
            continue
        if b == 0:
            i = min(int(place), contents - 2)
            value = ends[0, COLD, i] + (place - i) * (ends[0, COLD, i + 1] - ends[0, COLD, i])
        for t in range(begin, end):
            s = t - begin
            best, best_y, best_mode = NEVER, 0.0, 0
            for mode in range(len(stages)):
                if come_from[mode] >> state & 1:
                    after = values[s + 1, lead_to[mode]]
                    total, y = best_change(stages[mode], s, after, spacing, smallest, largest, place)
                    if total > best:
                        best, best_y, best_mode = total, y, mode
            modes[t] = best_mode
            state = lead_to[best_mode]
            place = min(max(place + best_y / spacing, 0.0), contents - 1.0)
    return float(value)


@part
def copy_values(source: Floats, target: Floats) -> None:
    """Copy values (state, content); an assignment of arrays would compile the text of errors, a second of it."""
    for state in range(source.shape[0]):
        for j in range(source.shape[1]):
            target[state, j] = source[state, j]


@part
def fill_modes(problems: tuple[StorageProblem, ...], first: int, steps: int) -> tuple[Stages, ...]:
    """Return the stages of the five modes for a block of intervals."""
    a, b, c = new_stages(problems[0], steps), new_stages(problems[0], steps), new_stages(problems[0], steps)
    d, e = new_stages(problems[0], steps), new_stages(problems[0], steps)
    stages = (a, b, c, d, e)
    for mode in range(5):
        fill_stages(problems[mode], first, stages[mode])
    return stages
