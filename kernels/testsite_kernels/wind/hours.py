"""The hours that a sweep fills: sorted by wind direction, cut into blocks, and shared out to threads.

One thread sorts and cuts, within the kernel, while the others make their room or what else they have to do first.
"""

from typing import NamedTuple

import numpy as np

from testsite_kernels.numerics.arrays import Floats, Integers
from testsite_kernels.numerics.compile_options import bare_kernel, bare_part
from testsite_kernels.numerics.lane_mathematics import LANES
from testsite_kernels.numerics.shared_counter import take_numbers

# Where threads count, each number in a line of the cache of its own: blocks that are taken, one more than there are
# once they are known, blocks that are filled, and hours of them that have not settled.
TAKEN, KNOWN, FILLED, UNSETTLED, COUNTERS = 0, 8, 16, 24, 32
MOST_LOOKS = 4096  # of a thread that waits for another, within the kernel: a tenth of a millisecond
MOST_MOVES = 16  # an hour, on average, up to which hours in nearly the right order are sorted by insertion


class Hours(NamedTuple):
    """The hours of a sweep, and who fills them.

    `direction`, shape (times,): by which they are sorted [degree]; `chosen`, shape (hours,): which times to fill, in
    any order, or (0,): all. `widest`: what a block may turn through [degree]. Written: `times`, shape (hours,), the
    hours in the order of the blocks; `block_start`, shape (hours + 1,), the first place of each block in them, and the
    end; `shared`, shape (COUNTERS,), zeros before the first call.
    """

    direction: Floats
    chosen: Integers
    widest: float
    times: Integers
    block_start: Integers
    shared: Integers


@bare_part
def sink(keys: Integers, root: int, end: int) -> None:
    """Let the key at the root of a heap sink to its place, before `end`."""
    key, place = keys[root], root
    while 2 * place + 1 < end:
        child = 2 * place + 1
        if child + 1 < end and keys[child + 1] > keys[child]:
            child += 1
        if keys[child] <= key:
            break
        keys[place] = keys[child]
        place = child
    keys[place] = key


@bare_part
def sort_by_heap(keys: Integers) -> None:
    """Sort keys, whatever their order (Williams, 1964, doi:10.1145/512274.512284)."""
    for root in range(keys.size // 2 - 1, -1, -1):
        sink(keys, root, keys.size)
    for end in range(keys.size - 1, 0, -1):
        keys[0], keys[end] = keys[end], keys[0]
        sink(keys, 0, end)


@bare_part
def sort_nearly_sorted(keys: Integers) -> None:
    """Sort keys by insertion, or by a heap where that takes too many moves."""
    left = MOST_MOVES * keys.size
    for i in range(1, keys.size):
        key, j = keys[i], i
        while j > 0 and keys[j - 1] > key:
            keys[j] = keys[j - 1]
            j -= 1
        keys[j] = key
        left -= i - j
        if left < 0:
            sort_by_heap(keys)
            return


@bare_part
def bins_of(size: int) -> int:
    """Return over how many bins so many hours are spread."""
    return size // 2 + 1


@bare_kernel
def order_hours(hours: Hours, turned: Floats, keys: Integers, counts: Integers) -> int:
    """Fill the times and the blocks of at most `LANES` of them, no wider than `widest`; return how many blocks.

    Hours are sorted by a key: the direction from 0 to 360 degrees, whose last bits give way to the number of the hour,
    so that all differ. They are spread over bins, two hours in each on average, and then nearly sorted.

    Parameters
    ----------
    hours : Hours
        Its times and blocks are written.
    turned, keys, counts : ndarray, shapes (hours,), (hours,), (bins + 1,)
        Room; see `bins_of`.
    """
    direction, chosen, times, block_start = hours.direction, hours.chosen, hours.times, hours.block_start
    size, bits = times.size, 0
    while size >> bits:
        bits += 1
    bits = max(bits, 1)
    for hour in range(size):
        angle = direction[chosen[hour] if chosen.size > 0 else hour]
        turned[hour] = angle if 0.0 <= angle < 360.0 else angle % 360.0
    counts[:] = 0
    bins, written = counts.size - 1, turned.view(np.int64)
    per_degree = bins / 360.0
    for hour in range(size):
        key = 0 if turned[hour] == 0.0 else written[hour]  # zero has a sign
        keys[hour] = (key >> bits << bits) | hour
        block_start[hour] = min(int(turned[hour] * per_degree), bins - 1)
        counts[block_start[hour] + 1] += 1
    for number in range(bins):
        counts[number + 1] += counts[number]
    for hour in range(size):
        place = counts[block_start[hour]]
        counts[block_start[hour]] = place + 1
        times[place] = keys[hour]
    sort_nearly_sorted(times)
    return cut_blocks(hours, bits, turned)


@bare_part
def cut_blocks(hours: Hours, bits: int, turned: Floats) -> int:
    """Fill the first place of each block and the end, and the hours instead of their keys; return how many blocks."""
    times, block_start, blocks, begin = hours.times, hours.block_start, 0, 0
    for place in range(times.size):
        times[place] &= (1 << bits) - 1
    while begin < times.size:
        block_start[blocks] = begin
        blocks += 1
        first, end = turned[times[begin]], begin + 1
        while end < min(begin + LANES, times.size) and turned[times[end]] - first <= hours.widest:
            end += 1
        begin = end
    block_start[blocks] = times.size
    if hours.chosen.size > 0:
        for place in range(times.size):
            times[place] = hours.chosen[times[place]]
    return blocks


@bare_part
def wait_until(counter: Integers, least: int) -> int:
    """Wait, not long, until a counter has risen to a number; return what it is then."""
    found = take_numbers(counter, 0)
    for _ in range(MOST_LOOKS):
        if found >= least:
            break
        found = take_numbers(counter, 0)
    return found
