"""The value of the tank on a grid of contents, hot and cold, and what a concave piece adds to it.

    V_t[s_i] = max over pieces, y of  G_piece(y) + V_{t+1}[s_i + y],    y = k-th kink, or y = j h

Where all slopes of V lie between `low` and `high`, G + V rises along a segment of G whose own slope is above -low: of
it counts only its end, or where that is beyond the grid, the grid's end. Along one whose slope is below -high it falls,
and only its start counts, or the start of the grid. What is left are the few segments whose price of hydrogen is a
slope of V. So where V is nearly straight, as in a corridor about a path, most shifts need not be tried, and most
intervals are best at rest whatever the content (`storage_rest`).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.dispatch.storage_pieces import LEADS_TO, MODES, Machines, Pieces, come_from
from testsite_kernels.dispatch.storage_rest import Rest, margin, rests
from testsite_kernels.dispatch.storage_stage import Stages, StorageProblem, flow_limits
from testsite_kernels.numerics.arrays import TYPED_ZERO, Floats
from testsite_kernels.numerics.compile_options import bare_kernel, bare_part

NEVER = -1e30  # value of what cannot be done
ON_GRID = 1e-9  # of a spacing: what is so near to a grid point lies on it
BOTH = 3  # states of `come_from`


class Change(NamedTuple):
    """What an interval can change [kg]: `spacing` of the grid, the tank's flow limits, both along the grid.

    The grid after the interval lies `moved` above that before it; a change y along the grid is less by so much.
    """

    spacing: float
    smallest: float
    largest: float
    moved: float


class Values(NamedTuple):
    """V at the start of each of some intervals and at the end of the last, by state.

    That of state k at the time s is rows[of[s, k]] (content) [EUR]; states that are worth the same share a row. `slope`
    (row, 2) holds the lowest and the highest slope of a row [EUR/kg], `hot[s]` the most that the state hot is worth
    more than cold [EUR], `resting` (interval) where idling is the best from every content and state.
    """

    rows: Floats
    of: NDArray[np.int64]
    slope: Floats
    hot: Floats
    resting: NDArray[np.bool_]


class Seen(NamedTuple):
    """V as a piece sees it: row after the interval, its lowest and highest slope; what the interval gains at rest."""

    row: Floats
    low: float
    high: float
    base: float


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


class Shifts(NamedTuple):
    """The grid points m of a segment from `first` to `last`: m `spacing` gains `gain` + `slope` (m spacing - y)."""

    first: int
    last: int
    spacing: float
    gain: float
    slope: float
    y: float


@bare_part
def raise_to_point(row: Floats, after: Floats, point: int, shifts: Shifts) -> None:
    """Raise row[point - m] to what the shifts m are worth that lead to a point."""
    first, last, spacing, gain, slope, y = shifts
    value = after[point]
    first, last = max(first, point - row.size + 1), min(last, point)
    if last < first:
        return
    target = row[point - last : point - first + 1]
    for j in range(target.size):
        best = gain + slope * ((last - j) * spacing - y) + value
        target[j] = best if best > target[j] else target[j]


@bare_part
def piece_row(stages: Stages, p: int, seen: Seen, change: Change, row: Floats) -> None:
    """Raise row[i] to max_y G(y) + after(s_i + y) for one piece."""
    n, spacing, after = row.size, change.spacing, seen.row
    y = stages.lowest[p, 0] - change.moved
    value = stages.lowest[p, 1]
    smallest, largest = max(change.smallest, -n * spacing), min(change.largest, n * spacing)
    if not y <= largest:
        return
    i, end = stages.start[p], stages.start[p + 1]
    least, most = seen.low - margin(seen.low), seen.high + margin(seen.high)
    begins, falls = True, False  # G + V falls up to y
    while True:
        last = i >= end or y >= largest
        rises = not last and stages.sigma[i] < least
        # the kink at y
        if not falls and not rises and smallest <= y <= largest:
            shift = y / spacing
            k = int(np.floor(shift))
            w = shift - k
            if w > ON_GRID:
                raise_between(row, after, k, value, w)
            elif begins:
                raise_at(row, after, k, value)
        begins = False
        if last:
            break
        # the grid points within the segment, and its end where that is one
        slope, length = -stages.sigma[i], stages.length[i]
        upto = min(y + length, largest)
        falls = stages.sigma[i] > most and y >= smallest
        m = int(np.ceil(max(y, smallest) / spacing - ON_GRID))
        m_end = int(np.floor(upto / spacing + ON_GRID))
        shifts = Shifts(m, m_end, spacing, value, slope, y)
        if rises:
            raise_to_point(row, after, n - 1, shifts)
            m = max(m, int(np.ceil(upto / spacing - ON_GRID)))  # of the grid points its end alone
        elif falls:
            raise_to_point(row, after, 0, shifts)
            m_end = min(m_end, int(np.floor(y / spacing + ON_GRID)))
        while m <= m_end:
            raise_at(row, after, m, value + slope * (m * spacing - y))
            m += 1
        value += slope * (upto - y)
        y = upto
        i += 1


@bare_part
def best_change(stages: Stages, p: int, seen: Seen, change: Change, place: float) -> tuple[float, float]:
    """Return the best G(y) + after and its y along the grid of one piece; `place` is in grid spacings."""
    after, spacing, smallest, largest = seen.row, change.spacing, change.smallest, change.largest
    n = after.size
    y = stages.lowest[p, 0] - change.moved
    value = stages.lowest[p, 1]
    best, best_y = NEVER, 0.0
    if not y <= largest:
        return best, best_y
    i, end = stages.start[p], stages.start[p + 1]
    least, most = seen.low - margin(seen.low), seen.high + margin(seen.high)
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
        k_end = n - 1
        if stages.sigma[i] < least:
            if (n - 1 - place) * spacing > upto:
                k_end = -1  # its end is within the grid
            else:
                k = max(k, n - 1)
        elif stages.sigma[i] > most and y >= smallest:
            k_end = 0  # its start was tried, unless it lies below the grid
        while k <= k_end and (k - place) * spacing <= upto:
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
def changes_of(problem: StorageProblem, spacing: float, origin: Floats, t: int) -> Change:
    """Return what the interval t can change on a grid that begins at `origin` (time + 1)."""
    moved = origin[t + 1] - origin[t]
    discharged, charged = flow_limits(problem, t)
    return Change(spacing, discharged - moved, charged - moved, moved)


@bare_part
def seen_by(values: Values, rest: Rest, s: int, state: int) -> Seen:
    """Return what a piece of the interval s that leads to a state sees."""
    row = values.of[s + 1, state]
    return Seen(values.rows[row], values.slope[row, 0], values.slope[row, 1], rest.base[s])


@bare_part
def pays(stages: Stages, p: int, seen: Seen, hot: float) -> bool:
    """Return whether a piece may gain more than idling, which gains `base`, where its state is worth `hot` more."""
    y, gain = stages.lowest[p, 0], stages.lowest[p, 1] - seen.base + hot
    i, end = stages.start[p], stages.start[p + 1]
    while True:
        price = seen.high if y > 0.0 else seen.low
        if gain + y * price + abs(y) * margin(price) >= 0.0:
            return True
        if i >= end:
            return False
        y += stages.length[i]
        gain -= stages.sigma[i] * stages.length[i]
        i += 1


@bare_part
def measure(row: Floats, spacing: float, slope: Floats) -> None:
    """Fill `slope` with the lowest and the highest slope of a row.

    Four at a time by hand: LLVM leaves a chain of minima as it is, for what is not a number, and waits for each.
    """
    low0 = low1 = low2 = low3 = np.inf
    high0 = high1 = high2 = high3 = -np.inf
    fours = (row.size - 1) // 4
    for k in range(fours):
        a = row[4 * k : 4 * k + 5]
        rise0, rise1, rise2, rise3 = a[1] - a[0], a[2] - a[1], a[3] - a[2], a[4] - a[3]
        low0, high0 = rise0 if rise0 < low0 else low0, rise0 if rise0 > high0 else high0
        low1, high1 = rise1 if rise1 < low1 else low1, rise1 if rise1 > high1 else high1
        low2, high2 = rise2 if rise2 < low2 else low2, rise2 if rise2 > high2 else high2
        low3, high3 = rise3 if rise3 < low3 else low3, rise3 if rise3 > high3 else high3
    for j in range(4 * fours, row.size - 1):
        rise0 = row[j + 1] - row[j]
        low0, high0 = min(low0, rise0), max(high0, rise0)
    slope[0] = min(min(low0, low1), min(low2, low3)) / spacing
    slope[1] = max(max(high0, high1), max(high2, high3)) / spacing


@bare_part
def more_of(hot: Floats, cold: Floats) -> float:
    """Return the most by which a row exceeds another; four at a time, as in `measure`."""
    most0 = most1 = most2 = most3 = -np.inf
    fours = hot.size // 4
    for k in range(fours):
        a, b = hot[4 * k : 4 * k + 4], cold[4 * k : 4 * k + 4]
        more0, more1, more2, more3 = a[0] - b[0], a[1] - b[1], a[2] - b[2], a[3] - b[3]
        most0, most1 = more0 if more0 > most0 else most0, more1 if more1 > most1 else most1
        most2, most3 = more2 if more2 > most2 else most2, more3 if more3 > most3 else most3
    for j in range(4 * fours, hot.size):
        most0 = max(most0, hot[j] - cold[j])
    return max(max(most0, most1), max(most2, most3))


@bare_part
def step_back(
    pieces: Pieces, s: int, enters: NDArray[np.int64], change: Change, rest: Rest, values: Values, used: int
) -> int:
    """Add the rows of V at the start of an interval from those at its end; return the rows that are used now."""
    stages, begin, end = pieces.stages, pieces.first[s], pieces.first[s + 1]
    cold, hot = values.rows[used], values.rows[used + 1]
    rested = rest.idle[s] >= 0 and change.moved == 0.0
    cold[:] = NEVER
    for p in range(begin, end):
        mode = pieces.mode[p]
        if enters[mode] == BOTH:
            if rested and not pays_next_to_idling(pieces, p, values, rest, s):
                continue
            piece_row(stages, p, seen_by(values, rest, s, LEADS_TO[mode]), change, cold)
    apart = False
    for p in range(begin, end):
        mode = pieces.mode[p]
        if enters[mode] == BOTH:
            continue
        if rested and not pays_next_to_idling(pieces, p, values, rest, s):
            continue
        if not apart:
            apart = True
            for j in range(cold.size):
                hot[j] = cold[j]
        piece_row(stages, p, seen_by(values, rest, s, LEADS_TO[mode]), change, cold if enters[mode] == 1 else hot)
    values.of[s, 0] = used
    measure(cold, change.spacing, values.slope[used])
    used += 1
    values.hot[s] = 0.0
    if apart:
        measure(hot, change.spacing, values.slope[used])
        values.hot[s] = max(more_of(hot, cold), 0.0)
        used += 1
    values.of[s, 1] = used - 1
    return used


@bare_part
def pays_next_to_idling(pieces: Pieces, p: int, values: Values, rest: Rest, s: int) -> bool:
    """Return whether a piece of an interval that may rest can gain more than idling does, at any content."""
    hot = values.hot[s + 1] if LEADS_TO[pieces.mode[p]] == 1 else 0.0
    return pays(pieces.stages, p, seen_by(values, rest, s, 0), hot)


@bare_kernel
def values_backwards(
    problem: StorageProblem,
    machines: Machines,
    first: int,
    pieces: Pieces,
    rest: Rest,
    spacing: float,
    origin: Floats,
    enters: NDArray[np.int64],
    values: Values,
) -> None:
    """Fill `values` of the intervals from `first` on, from those at their end, which are there, in the first two rows.

    The grid of contents at a `spacing` [kg] begins at `origin` (time + 1) [kg] at the start of each interval.
    """
    for mode in range(MODES):
        enters[mode] = come_from(machines, mode)
    steps = pieces.first.size - 1
    for row in range(2):
        values.of[steps, row] = row
        measure(values.rows[row], spacing, values.slope[row])
    values.hot[steps] = max(more_of(values.rows[1], values.rows[0]), 0.0)
    used = TYPED_ZERO + 2
    for s in range(steps - 1, -1, -1):
        cold = values.of[s + 1, 0]
        moved = origin[first + s + 1] - origin[first + s]
        values.resting[s] = moved == 0.0 and rests(
            rest, s, values.slope[cold, 0], values.slope[cold, 1], values.hot[s + 1]
        )
        if values.resting[s]:
            row, after = values.rows[used], values.rows[cold]
            for j in range(row.size):
                row[j] = rest.base[s] + after[j]
            values.slope[used, 0], values.slope[used, 1] = values.slope[cold, 0], values.slope[cold, 1]
            values.of[s, 0] = values.of[s, 1] = used
            values.hot[s] = 0.0
            used += 1
            continue
        used = step_back(pieces, s, enters, changes_of(problem, spacing, origin, first + s), rest, values, used)
