"""The power of a farm read from its table, with all that acts on it, hours side by side: one pass over the turbines."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.numerics.arrays import Floats, Integers
from testsite_kernels.numerics.compile_options import lane_part, separate_kernel, separate_part
from testsite_kernels.wind.curve_losses import BEGIN, LEFT, NEXT, PER_LOSS, WIDTH, LossCurves
from testsite_kernels.wind.response_table import ResponseTable, read_hour

LANES = 128  # hours that are done together: what they need of a turbine stays in the nearest cache
ROWS = 8  # hours that are read together: numbers of a line of the cache
WIDE = LANES + ROWS  # of the room of a turbine: a power of two would send all turbines to the same few lines


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
    """Room for hours side by side.

    `rows` (ROWS, turbines), `power` (turbines, WIDE): of every turbine, as it is read and turned round. Of the turbine
    at hand, shape (LANES,): the share in which it `runs`, the `row` and `place` in its curve, and what is `left` of its
    power. Sums over turbines: how many stand `still`, `whole` and `apart` (LANES,), `total` (losses + 1, LANES),
    `by_group` (groups, LANES).
    """

    rows: Floats
    power: Floats
    runs: Floats
    row: Integers
    place: Floats
    left: Floats
    still: Floats
    whole: Floats
    apart: Floats
    total: Floats
    by_group: Floats


def make_room(turbines: int, losses: int, groups: int) -> Room:
    """Return room for a farm, of unknown values."""
    runs, place, left, still, whole, apart = (np.empty(LANES) for _ in range(6))
    sums = np.empty((losses + 1, LANES)), np.empty((groups, LANES))
    row = np.empty(LANES, np.int64)
    return Room(
        np.empty((ROWS, turbines)), np.empty((turbines, WIDE)), runs, row, place, left, still, whole, apart, *sums
    )


@lane_part
def read_hours(response: ResponseTable, wind: Wind, begin: int, lanes: int, rows: Floats, power: Floats) -> None:
    """Fill the power of every turbine in hours from `begin` on, shape (turbines, lanes)."""
    for first in range(0, lanes, ROWS):
        count = min(ROWS, lanes - first)
        for h in range(count):
            t = begin + first + h
            read_hour(response, wind.direction[t], wind.speed, wind.intensity[t], t, rows, h)
        for j in range(rows.shape[1]):
            for h in range(count):
                power[j, first + h] = rows[h, j]


@lane_part
def clear(table: Floats) -> None:
    """Fill a table with zeros."""
    for i in range(table.shape[0]):
        for k in range(table.shape[1]):
            table[i, k] = 0.0


@separate_part
def add_running(lanes: int, own: Floats, runs: Floats, alone: Floats, limit: Floats, room: Room) -> None:
    """Hold a turbine down in storms, and add it to the farm: before the losses on its curve, running and standing."""
    whole, still, apart, total = room.whole, room.still, room.apart, room.total[0]
    for i in range(lanes):
        own[i] = min(own[i], limit[i])
        whole[i] += own[i]
        still[i] += 1.0 if runs[i] == 0.0 else 0.0
        apart[i] += runs[i] * min(alone[i], limit[i])
        total[i] += runs[i] * own[i]


@separate_part
def place_in_rows(
    lanes: int, own: Floats, rows: Floats, bins: Integers, per_watt: float, row: Integers, place: Floats
) -> None:
    """Fill the row of a curve that each power lies in, see `row_of`, and the place in it: each step for all hours."""
    last = bins.size - 1
    for i in range(lanes):
        row[i] = min(max(int(own[i] * per_watt), 0), last)
    for i in range(lanes):
        found = bins[row[i]]
        while own[i] >= rows[found, NEXT]:
            found += 1
        row[i] = found
    for i in range(lanes):
        place[i] = (own[i] - rows[row[i], BEGIN]) / rows[row[i], WIDTH]


@separate_part
def add_left(
    lanes: int, runs: Floats, rows: Floats, at: int, row: Integers, place: Floats, left: Floats, total: Floats
) -> None:
    """Fill what a loss leaves of the power of a turbine, stated in the column `at` of its rows, and add it to a sum."""
    for i in range(lanes):
        left[i] = rows[row[i], at] + place[i] * rows[row[i], at + 1]
        total[i] += runs[i] * left[i]


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
        Of `make_room`.
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
    one_share, factor = share.shape[0] == 1 and share.shape[1] == 1, turbines.wake_loss
    runs, still, apart, sums, of_groups = room.runs, room.still, room.apart, room.total, room.by_group
    for begin in range(0, times, LANES):
        lanes = min(LANES, times - begin)
        read_hours(response, wind, begin, lanes, room.rows, room.power)
        for i in range(LANES):
            still[i] = apart[i] = room.whole[i] = 0.0
        clear(sums)
        clear(of_groups)
        for j in range(count):
            k, own, of_group = turbines.kind[j], room.power[j], of_groups[turbines.group[j]]
            alone, limit = turbines.alone[k, begin : begin + lanes], turbines.limit[k, begin : begin + lanes]
            if one_share:
                for i in range(lanes):
                    runs[i] = share[0, 0]
            else:
                of_turbine = share[begin : begin + lanes, j]
                for i in range(lanes):
                    runs[i] = of_turbine[i]
            if factor != 1.0:
                for i in range(lanes):
                    own[i] = max(alone[i] - factor * (alone[i] - own[i]), min(alone[i], 0.0))
            add_running(lanes, own, runs, alone, limit, room)
            rows, left = curves.rows[k], room.left if losses > 0 else own
            place_in_rows(lanes, own, rows, curves.bins[k], curves.bins_per_watt[k], room.row, room.place)
            for n in range(losses):
                add_left(lanes, runs, rows, LEFT + PER_LOSS * n, room.row, room.place, left, sums[n + 1])
            for i in range(lanes):
                of_group[i] += runs[i] * left[i]
            if power.shape[0] > 0:
                for i in range(lanes):
                    power[begin + i, j] = own[i]
        for i in range(lanes):
            s, together = still[i] / count, sums[0, i]
            weaker = ((1.0 - s) * together + s * apart[i]) / together if together > 0.0 else 1.0
            whole[begin + i] = room.whole[i]
            for n in range(losses + 1):
                total[begin + i, n] = sums[n, i] * weaker
            for g in range(of_groups.shape[0]):
                by_group[begin + i, g] = of_groups[g, i] * weaker
