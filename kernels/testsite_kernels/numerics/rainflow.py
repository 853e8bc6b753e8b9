"""Rainflow counting as a stream: each value is pushed as it comes, closed cycles come out.

ASTM E1049-85 (2017), 5.4.4, the three-point method. A turning point that is not yet certain (the series still
rises or falls) is kept as the last point and moved. What is never closed, the residue, counts as half cycles.

Layout of `points` (capacity): the open turning points, the last of them provisional. `closed` (cycles, 3): range,
mean, count (1 or 0.5) of what a push closed. Both are owned by the caller; `n` is the number of points.
"""

import numpy as np

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import called_part, inlined_part, kernel


@called_part
def rainflow_push(points: Floats, n: int, value: float, closed: Floats) -> tuple[int, int]:
    """Add a value; return the number of open points and of cycles that it closed, which stand in `closed`.

    `closed` needs half as many rows as `points` has places. Where all places are taken, the oldest range is counted
    as a half cycle, as the residue would be.
    """
    if n >= 1 and value == points[n - 1]:
        return n, 0
    if n >= 2 and (points[n - 1] > points[n - 2]) == (value > points[n - 1]):  # a product of tiny steps is zero
        points[n - 1] = value  # the series goes on in its direction: the last point was none
    else:
        if n == points.size:
            closed[0, 0] = abs(points[1] - points[0])
            closed[0, 1] = 0.5 * (points[1] + points[0])
            closed[0, 2] = 0.5
            for k in range(1, n):
                points[k - 1] = points[k]
            points[n - 1] = value
            return n, 1
        points[n] = value
        n += 1
    count = 0
    while n >= 4:
        # The last point may still move outward, which only makes its range larger: what it closes stays closed.
        last = abs(points[n - 1] - points[n - 2])
        before = abs(points[n - 2] - points[n - 3])
        if last < before:
            break
        closed[count, 0] = before
        closed[count, 1] = 0.5 * (points[n - 2] + points[n - 3])
        closed[count, 2] = 1.0
        count += 1
        points[n - 3] = points[n - 1]
        n -= 2
    while n == 3 and abs(points[2] - points[1]) >= abs(points[1] - points[0]):
        closed[count, 0] = abs(points[1] - points[0])
        closed[count, 1] = 0.5 * (points[1] + points[0])
        closed[count, 2] = 0.5
        count += 1
        points[0], points[1] = points[1], points[2]
        n = 2
    return n, count


@called_part
def rainflow_rest(points: Floats, n: int, closed: Floats) -> int:
    """Write the open ranges as half cycles into `closed` (n - 1 rows); return how many."""
    for k in range(n - 1):
        closed[k, 0] = abs(points[k + 1] - points[k])
        closed[k, 1] = 0.5 * (points[k + 1] + points[k])
        closed[k, 2] = 0.5
    return max(n - 1, 0)


@inlined_part
def _append(cycles: Floats, total: int, closed: Floats, count: int) -> int:
    """Add rows to the cycles, number by number: a copy of a part of an array takes seconds to compile."""
    for k in range(count):
        for column in range(3):
            cycles[total + k, column] = closed[k, column]
    return total + count


@kernel
def count_cycles(series: Floats, cycles: Floats) -> int:
    """Fill `cycles` (time + 1, 3): range, mean, count of every cycle of a series with its residue; return how many."""
    points = np.empty(series.size + 1)
    closed = np.empty((series.size + 1, 3))
    n = total = 0
    for value in series:
        n, count = rainflow_push(points, n, value, closed)
        total = _append(cycles, total, closed, count)
    return _append(cycles, total, closed, rainflow_rest(points, n, closed))
