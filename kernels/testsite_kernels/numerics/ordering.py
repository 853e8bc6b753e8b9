"""The order of values: what a stable `numpy.argsort` gives within a kernel, in a tenth of the time to compile that.

Quicksort with the median of three as pivot, and insertion where little is left (Sedgewick, 1978,
doi:10.1145/359619.359631). Equal values stay in the order of their places, so that an order is one and the same,
wherever it was begun from: sums over turbines that stand side by side keep their bits.
"""

from testsite_kernels.numerics.arrays import Floats, Integers
from testsite_kernels.numerics.compile_options import bare_part

LITTLE = 15  # values, up to which insertion is used
MOST_PARTS = 64  # that wait, the larger of two each time: more than their number has bits
MOST_STEPS = 8  # of insertion a value, on average, up to which an order is renewed by it: quicksort takes as long


@bare_part
def comes_before(values: Floats, i: int, k: int) -> bool:
    """Return whether the i-th value comes before the k-th."""
    return values[i] < values[k] or (values[i] == values[k] and i < k)


@bare_part
def insert_in_order(values: Floats, order: Integers, low: int, high: int, most: int) -> bool:
    """Bring the places from low to high, both included, into order by insertion; return whether `most` steps do."""
    left = most
    for i in range(low + 1, high + 1):
        k = order[i]
        j = i
        while j > low and comes_before(values, k, order[j - 1]):
            order[j] = order[j - 1]
            j -= 1
        order[j] = k
        left -= i - j
        if left < 0:
            return False
    return True


@bare_part
def exchange(order: Integers, i: int, j: int) -> None:
    """Exchange two places."""
    order[i], order[j] = order[j], order[i]


@bare_part
def divide(values: Floats, order: Integers, low: int, high: int) -> int:
    """Bring what is below the pivot before it, what is above behind it, and return its place."""
    middle = (low + high) >> 1
    if comes_before(values, order[middle], order[low]):
        exchange(order, low, middle)
    if comes_before(values, order[high], order[middle]):
        exchange(order, high, middle)
    if comes_before(values, order[middle], order[low]):
        exchange(order, low, middle)
    pivot = order[middle]
    exchange(order, high, middle)
    i, j = low, high - 1
    while True:
        while i < high and comes_before(values, order[i], pivot):
            i += 1
        while j >= low and comes_before(values, pivot, order[j]):
            j -= 1
        if i >= j:
            break
        exchange(order, i, j)
        i += 1
        j -= 1
    exchange(order, i, high)
    return i


@bare_part
def fill_order(values: Floats, waiting: Integers, order: Integers) -> None:
    """Fill `order`, shape (n,), with the places of values, shape (n,), from the smallest to the largest.

    `waiting`, shape (MOST_PARTS, 2): room for the parts that wait.
    """
    for i in range(order.size):
        order[i] = i
    waiting[0, 0], waiting[0, 1] = 0, order.size - 1
    parts = 1
    while parts > 0:
        parts -= 1
        low, high = waiting[parts, 0], waiting[parts, 1]
        while high - low >= LITTLE:
            i = divide(values, order, low, high)
            if high - i > i - low:
                if high > i:
                    waiting[parts, 0], waiting[parts, 1] = i + 1, high
                    parts += 1
                high = i - 1
            else:
                if i > low:
                    waiting[parts, 0], waiting[parts, 1] = low, i - 1
                    parts += 1
                low = i + 1
        insert_in_order(values, order, low, high, LITTLE * LITTLE)


@bare_part
def renew_order(values: Floats, waiting: Integers, order: Integers) -> None:
    """Fill the same into `order` that holds the order of values which were nearly these."""
    if not insert_in_order(values, order, 0, order.size - 1, MOST_STEPS * order.size):
        fill_order(values, waiting, order)
