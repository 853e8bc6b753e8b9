"""The power of a farm read from its table, with all that acts on it: hour by hour, turbines side by side."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.numerics.arrays import Floats, Integers
from testsite_kernels.numerics.compile_options import bare_kernel, lane_part, separate_kernel, separate_part
from testsite_kernels.wind.curve_losses import BEGIN, LEFT, NEXT, PER_LOSS, WIDTH, LossCurves
from testsite_kernels.wind.response_table import (
    ResponseTable,
    place_of_direction,
    place_of_intensity,
    place_of_speed,
)

LANES = 32  # turbines that are done together: four registers of eight
REGISTER = 8
SECTOR = 8  # directions of the table whose hours are read in the order of their speed
SPAN_BEGIN, SPAN_END, SPAN_TABLE, SPAN_KIND, SPAN_GROUP = range(5)  # of a span of turbines, see `Room`

# Of each row of a curve, see `Room`: the power at which it ends [W]; from AT on, by loss, the power that is left there,
# and from FROM_BEGIN on where it begins, each with how much that grows with the power in the row.
END, AT = range(2)
LINE = 4  # numbers of a loss
FROM_BEGIN = 2
LARGEST = float(np.finfo(np.float64).max)
ROUNDING = 1e-9  # of a bin: a power at its upper edge may count to it, by rounding


class Wind(NamedTuple):
    """The undisturbed wind: `direction` [degree] and turbulence `intensity` [1], (times,); `speed` [m/s], by group."""

    direction: Floats
    intensity: Floats
    speed: Floats


class Turbines(NamedTuple):
    """What is known of the turbines without wakes.

    `kind`, `group`, shape (turbines,): the type of each, and what its power is added to. `alone`, `limit`, shape
    (types, times): power of one of the type standing alone, and what it may give in storms [W]. `wake_loss`: factor on
    what wakes take [1].
    """

    kind: Integers
    group: Integers
    alone: Floats
    limit: Floats
    wake_loss: float


class Room(NamedTuple):
    """Room for an hour, and what is the same in all of them.

    `spans`, shape (spans, 5): turbines side by side of one group of the table, one type and one group of `Turbines`.
    Of every turbine, and of as many more as fill the last lanes: `own`, the power; `alone`, standing alone and held
    down in storms [W]; the share in which it `runs`; what losses have `left` of its power [W]. In the `rows` of the
    curves, one after the other: where the `row` of the power lies, and then its line, and how far `beyond` the end of
    the row the power is [W]. What does not change: where the `bins` of its curve begin, `first_bin`, `per_watt` of
    them; from which power on it is `rated` [W], and where that row lies, `rated_row`. `steps`, by lanes that are done
    together: how many rows a bin may hold the ends of. `sums` (losses + 4, LANES): over turbines.
    `order` (times,): hours in the order in which they are read; `counts`: of hours, by cell.
    """

    spans: Integers
    own: Floats
    alone: Floats
    runs: Floats
    left: Floats
    row: Integers
    beyond: Floats
    rows: Floats
    bins: Integers
    first_bin: Integers
    per_watt: Floats
    rated: Floats
    rated_row: Integers
    steps: Integers
    sums: Floats
    order: Integers
    counts: Integers


def make_room(response: ResponseTable, turbines: Turbines, curves: LossCurves) -> Room:
    """Return room for a farm, with its curves laid out."""
    kind, group, hours, losses = turbines.kind, turbines.group, turbines.alone.shape[1], losses_of(curves)
    table = np.searchsorted(response.starts, np.arange(kind.size), side="right") - 1
    changes = np.any([np.diff(each) != 0 for each in (table, kind, group)], axis=0)
    begin = np.concatenate([[0], np.flatnonzero(changes) + 1])
    spans = np.stack([begin, np.append(begin[1:], kind.size), table[begin], kind[begin], group[begin]], axis=1)
    blocks = -(-kind.size // LANES)
    numbers = [np.zeros(blocks * LANES) for _ in range(7)]
    places = [np.zeros(blocks * LANES, np.int64) for _ in range(3)]
    own, alone, runs, left, beyond, per_watt, rated = numbers
    row, first_bin, rated_row = places
    types, rows = curves.rows.shape[:2]
    cells = (response.power.shape[1] // SECTOR + 1) * response.power.shape[2]
    room = Room(
        np.ascontiguousarray(spans),
        *(own, alone, runs, left, row, beyond),
        np.zeros(types * rows * numbers_of_row(losses)),
        np.zeros(curves.bins.size, np.int64),
        *(first_bin, per_watt, rated, rated_row),
        np.ones(blocks, np.int64),
        np.zeros((losses + 4, LANES)),
        np.zeros(hours, np.int64),
        np.zeros(cells + 1, np.int64),
    )
    lay_out(curves, kind, losses, room)
    return room


def losses_of(curves: LossCurves) -> int:
    """Return the number of losses that the curves state."""
    return (curves.rows.shape[2] - LEFT) // PER_LOSS


@lane_part
def numbers_of_row(losses: int) -> int:
    """Return how many numbers a row of a curve has, see `AT`."""
    return AT + LINE * losses


@bare_kernel
def lay_out(curves: LossCurves, kind: Integers, losses: int, room: Room) -> None:
    """Lay out the rows of the curves as they are read, and fill what is known of each turbine.

    A power is looked for by the ends of rows, which therefore never fall; what is left of it is stated from the end of
    a row on, or the beginning of the next one, so that the same number serves to look and to read. The last row, in
    which nothing grows, ends at the largest of numbers: an infinite one times no growth would be none.
    """
    types, count, _ = curves.rows.shape
    bins, stride = curves.bins.shape[1], numbers_of_row(losses)
    for k in range(types):
        rows, first, last = curves.rows[k], k * count * stride, 0
        while last < count - 1 and rows[last, NEXT] < math.inf:
            last += 1
        begin = end = rows[0, BEGIN]
        for r in range(count):
            row, at = min(r, last), first + r * stride
            end = max(end, min(rows[row, NEXT], LARGEST))
            room.rows[at + END] = end
            for n in range(losses):
                left, growth = LEFT + PER_LOSS * n, rows[row, LEFT + PER_LOSS * n + 1] / rows[row, WIDTH]
                line = room.rows[at + AT + LINE * n : at + AT + LINE * (n + 1)]
                line[0] = rows[row, left] + (end - rows[row, BEGIN]) * growth
                line[FROM_BEGIN] = rows[row, left] + (begin - rows[row, BEGIN]) * growth
                line[1] = line[FROM_BEGIN + 1] = growth
            begin = end
        rated, steps = max(last - 1, 0), 1
        for b in range(bins):
            row = curves.bins[k, b]
            room.bins[k * bins + b] = first + row * stride
            upper = (b + 1.0) * (1.0 + ROUNDING) / curves.bins_per_watt[k]
            found = row
            while found < rated - 1 and upper >= room.rows[first + found * stride + END]:
                found += 1
            steps = max(steps, found - row)
        for j in range(kind.size):
            if kind[j] == k:
                room.first_bin[j], room.per_watt[j] = k * bins, curves.bins_per_watt[k]
                room.rated[j] = rows[rated, BEGIN] if rated > 0 else math.inf
                room.rated_row[j] = first + rated * stride
                room.steps[j // LANES] = max(room.steps[j // LANES], steps)
    for j in range(kind.size, room.rated.size):
        room.rated[j] = math.inf


@lane_part
def cell_of(response: ResponseTable, wind: Wind, t: int) -> int:
    """Return the number of the cell that the wind of an hour lies in: by sector, then by speed."""
    directions, speeds = response.power.shape[1], response.power.shape[2]
    sector = place_of_direction(wind.direction[t], response.direction_step, directions)[0] // SECTOR
    return sector * speeds + place_of_speed(wind.speed[t, 0], response.speed_step, speeds)[0]


@lane_part
def order_by_cell(response: ResponseTable, wind: Wind, counts: Integers, order: Integers) -> None:
    """Fill the hours in the order of their cells: two that follow each other read the same rows, of table and curves.

    No hour depends on another, and so no bit on the order.
    """
    for n in range(counts.size):
        counts[n] = 0
    for t in range(order.size):
        counts[cell_of(response, wind, t) + 1] += 1
    for n in range(counts.size - 1):
        counts[n + 1] += counts[n]
    for t in range(order.size):
        n = cell_of(response, wind, t)
        order[counts[n]] = t
        counts[n] += 1


class Weights(NamedTuple):
    """What is read of two rows of a table and the next one of each, and how much each counts."""

    first: int
    second: int
    a: float
    b: float
    c: float
    d: float


class Bounds(NamedTuple):
    """Of the power of a turbine that is read of the table [W]: what is added, its least and its limit, and `alone`."""

    added: float
    least: float
    limit: float
    alone: float


@separate_part
def read_four(
    size: int, table: Floats, row: int, low: Weights, bounds: Bounds, power: Floats, of_alone: Floats
) -> None:
    """Fill the power of turbines side by side between four points of the table, rows of `row` numbers."""
    for j in range(size):  # an index that cannot be negative lets the loop vectorise
        one, two = np.uint64(low.first + j), np.uint64(low.second + j)
        three, four = np.uint64(low.first + row + j), np.uint64(low.second + row + j)
        found = bounds.added + low.a * table[one] + low.b * table[three] + low.c * table[two] + low.d * table[four]
        power[j] = min(max(found, bounds.least), bounds.limit)
        of_alone[j] = bounds.alone


@separate_part
def read_eight(
    size: int, table: Floats, row: int, low: Weights, high: Weights, bounds: Bounds, power: Floats, of_alone: Floats
) -> None:
    """Fill the power of turbines side by side between eight points of the table, rows of `row` numbers."""
    for j in range(size):
        one, two = np.uint64(low.first + j), np.uint64(low.second + j)
        three, four = np.uint64(low.first + row + j), np.uint64(low.second + row + j)
        found = bounds.added + low.a * table[one] + low.b * table[three] + low.c * table[two] + low.d * table[four]
        one, two = np.uint64(high.first + j), np.uint64(high.second + j)
        three, four = np.uint64(high.first + row + j), np.uint64(high.second + row + j)
        more = high.a * table[one] + high.b * table[three] + high.c * table[two] + high.d * table[four]
        power[j] = min(max(found + more, bounds.least), bounds.limit)
        of_alone[j] = bounds.alone


@separate_part
def fill(size: int, values: Floats, value: float) -> None:
    """Fill values with one."""
    for j in range(size):
        values[j] = value


@lane_part
def weights_of(first: int, second: int, across: float, along: float, whole: float) -> Weights:
    """Return how much the four points count, `whole` together."""
    near, far = whole * (1.0 - across), whole * across
    return Weights(first, second, near * (1.0 - along), near * along, far * (1.0 - along), far * along)


@lane_part
def least_of(alone: float, factor: float) -> float:
    """Return what wakes leave at least [W]: nothing, or what a turbine on standby takes; as read, if by no factor."""
    return -math.inf if factor == 1.0 else min(alone, 0.0)


@lane_part
def read_turbines(response: ResponseTable, table: Floats, wind: Wind, turbines: Turbines, t: int, room: Room) -> None:
    """Fill the power of every turbine in the wind of an hour, and what it would give standing alone.

    `table`: the power of the response, one number after the other. Spans are read in whole registers; what is read
    beyond one is written over by the next.
    """
    factor = turbines.wake_loss
    intensities, directions, speeds, count = response.power.shape
    d0, d1, across = place_of_direction(wind.direction[t], response.direction_step, directions)
    c0, c1, within = place_of_intensity(
        wind.intensity[t], response.first_intensity, response.intensity_step, intensities
    )
    one, other, more = (c0 * directions + d0) * speeds, (c0 * directions + d1) * speeds, (c1 - c0) * directions * speeds
    for s in range(room.spans.shape[0]):
        begin, end, g = room.spans[s, SPAN_BEGIN], room.spans[s, SPAN_END], room.spans[s, SPAN_TABLE]
        k, size = room.spans[s, SPAN_KIND], min((end - begin + REGISTER - 1) // REGISTER * REGISTER, count - begin)
        own, of_alone, speed = room.own[begin : begin + size], room.alone[begin : begin + size], wind.speed[t, g]
        v0, along = place_of_speed(speed, response.speed_step, speeds)
        if not math.isnan(response.cut_out[g, v0]) and along <= 1.0:
            along = 1.0 if speed > response.cut_out[g, v0] else 0.0
        alone, limit = turbines.alone[k, t], turbines.limit[k, t]
        bounds = Bounds((1.0 - factor) * alone, least_of(alone, factor), limit, min(alone, limit))
        if along > 1.0:
            fill(size, own, min(max(bounds.added, bounds.least), limit))
            fill(size, of_alone, bounds.alone)
            continue
        at = v0 * count + begin
        low = weights_of(one * count + at, other * count + at, across, along, factor * (1.0 - within))
        if within > 0.0:
            high = weights_of((one + more) * count + at, (other + more) * count + at, across, along, factor * within)
            read_eight(size, table, count, low, high, bounds, own, of_alone)
        else:
            read_four(size, table, count, low, bounds, own, of_alone)


@separate_part
def find_rows(curves: LossCurves, room: Room) -> None:
    """Fill where the row of a curve lies from which on each power is looked for."""
    own, row, bins, last = room.own, room.row, room.bins, curves.bins.shape[1] - 1
    first_bin, per_watt, rated, rated_row = room.first_bin, room.per_watt, room.rated, room.rated_row
    for j in range(own.size):
        found = bins[np.uint64(min(max(int(own[j] * per_watt[j]), 0), last) + first_bin[j])]
        row[j] = rated_row[j] if own[j] >= rated[j] else found


@separate_part
def go_on(own: Floats, rows: Floats, stride: int, row: Integers) -> None:
    """Go to the next row where a power lies beyond the end of one."""
    for j in range(own.size):
        row[j] += stride if own[j] >= rows[np.uint64(row[j] + END)] else 0


@separate_part
def find_lines(own: Floats, rows: Floats, stride: int, row: Integers, beyond: Floats) -> None:
    """Fill where the line of each power lies, in its row or the next one, and how far it is beyond where both meet."""
    to_next = stride + FROM_BEGIN
    for j in range(own.size):
        beyond[j] = own[j] - rows[np.uint64(row[j] + END)]
        row[j] += to_next if beyond[j] >= 0.0 else 0


@separate_part
def follow_lines(rows: Floats, row: Integers, at: int, beyond: Floats, left: Floats) -> None:
    """Fill what a loss, whose numbers lie `at` a row, leaves of each power."""
    for j in range(left.size):
        left[j] = rows[np.uint64(row[j] + at)] + beyond[j] * rows[np.uint64(row[j] + at + 1)]


@separate_part
def add_running(
    own: Floats, alone: Floats, runs: Floats, whole: Floats, still: Floats, apart: Floats, total: Floats
) -> None:
    """Add turbines to the farm: all running, those standing still, those that run alone, and with the wakes of all."""
    for i in range(whole.size):
        whole[i] += own[i]
        still[i] += 1.0 if runs[i] == 0.0 else 0.0
        apart[i] += runs[i] * alone[i]
        total[i] += runs[i] * own[i]


@separate_part
def add_left(runs: Floats, left: Floats, total: Floats) -> None:
    """Add what is left of the power of turbines while they run."""
    for i in range(total.size):
        total[i] += runs[i] * left[i]


@lane_part
def clear(table: Floats) -> None:
    """Fill a table with zeros."""
    for i in range(table.shape[0]):
        for k in range(table.shape[1]):
            table[i, k] = 0.0


@lane_part
def add_turbines(losses: int, curves: LossCurves, room: Room) -> None:
    """Fill the sums over the turbines of an hour."""
    sums, lanes = room.sums, room.sums.shape[1]
    clear(sums)
    for begin in range(0, room.own.size, lanes):
        block = slice(begin, begin + lanes)
        add_running(room.own[block], room.alone[block], room.runs[block], sums[0], sums[1], sums[2], sums[3])
    if losses > 0:
        stride = numbers_of_row(losses)
        find_rows(curves, room)
        for b in range(room.steps.size):
            block = slice(b * lanes, (b + 1) * lanes)
            for _ in range(room.steps[b] - 1):
                go_on(room.own[block], room.rows, stride, room.row[block])
        find_lines(room.own, room.rows, stride, room.row, room.beyond)
    for n in range(losses):
        follow_lines(room.rows, room.row, AT + LINE * n, room.beyond, room.left)
        for begin in range(0, room.own.size, lanes):
            block = slice(begin, begin + lanes)
            add_left(room.runs[block], room.left[block], sums[4 + n])


@lane_part
def sum_of_lanes(values: Floats) -> float:
    """Return the sum of values, the first to the last."""
    total = 0.0
    for i in range(values.size):
        total += values[i]
    return total


@lane_part
def add_groups(losses: int, room: Room, weaker: float, by_group: Floats) -> None:
    """Fill the power of each group of turbines, after all losses, times how much weaker its wakes are."""
    for g in range(by_group.size):
        by_group[g] = 0.0
    for s in range(room.spans.shape[0]):
        total = 0.0
        for j in range(room.spans[s, SPAN_BEGIN], room.spans[s, SPAN_END]):
            total += room.runs[j] * (room.left[j] if losses > 0 else room.own[j])
        by_group[room.spans[s, SPAN_GROUP]] += total * weaker


@separate_kernel
def power_of_farm(
    response: ResponseTable,
    wind: Wind,
    turbines: Turbines,
    share: NDArray[np.floating],
    curves: LossCurves,
    room: Room,
    whole: Floats,
    total: Floats,
    by_group: Floats,
    power: Floats,
) -> None:
    """Fill the power of a farm, before and after losses that act on the curve of each turbine.

    Of what a table states, wakes take `wake_loss` times as much: a turbine gives max(A - f (A - P), min(A, 0)), P with
    the wakes of all and A alone, and no more than its limit. Where a part s of the turbines stands still through an
    interval, the wakes of the rest are weaker by as much, in the mean: a turbine then gives (1 - s) P + s A, times the
    share in which it runs.

    Parameters
    ----------
    response : ResponseTable
        Power of the turbines.
    wind : Wind
        Their wind.
    turbines : Turbines
        What is known of them without wakes.
    share : ndarray, shape (times, turbines) or (1, 1)
        Of each interval in which a turbine runs [1]; one for all.
    curves : LossCurves
        Of the types.
    room : Room
        Of `make_room`, for the same.
    whole : ndarray, shape (times,)
        Written: of all turbines running [W].
    total : ndarray, shape (times, losses + 1)
        Written: of the turbines while they run, before and after each loss [W].
    by_group : ndarray, shape (times, groups)
        Written: of each group, after all losses [W].
    power : ndarray, shape (times, turbines) or (0, turbines)
        Written where it has room: of each turbine, all of them running [W].
    """
    times, count, losses = wind.direction.size, turbines.kind.size, total.shape[1] - 1
    one_share = share.shape[0] == 1 and share.shape[1] == 1
    table, sums = response.power.reshape(response.power.size), room.sums
    order_by_cell(response, wind, room.counts, room.order)
    for i in range(times):
        t = room.order[i]
        read_turbines(response, table, wind, turbines, t, room)
        if one_share:
            fill(count, room.runs, share[0, 0])
        else:
            of_turbines = share[t]
            for j in range(count):
                room.runs[j] = of_turbines[j]
        add_turbines(losses, curves, room)
        s, together = (sum_of_lanes(sums[1]) - (room.runs.size - count)) / count, sum_of_lanes(sums[3])
        apart = sum_of_lanes(sums[2])
        weaker = ((1.0 - s) * together + s * apart) / together if together > 0.0 else 1.0
        whole[t] = sum_of_lanes(sums[0])
        for n in range(losses + 1):
            total[t, n] = sum_of_lanes(sums[3 + n]) * weaker
        if by_group.shape[1] == 1:
            by_group[t, 0] = total[t, losses]
        else:
            add_groups(losses, room, weaker, by_group[t])
        if power.shape[0] > 0:
            for j in range(count):
                power[t, j] = room.own[j]
