"""A kernel that never changes: the unit in which the speed of the others is stated.

Its arithmetic is like theirs (multiplications, divisions, square roots, comparisons, reads of a table), so that it
slows down with them on a busy or a slower machine. A ratio to it can be compared between commits. Whoever changes it
makes every recorded ratio worthless.
"""

import math

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.numerics.compile_options import kernel


@kernel
def reference_clock(table: NDArray[np.float64], rounds: int) -> float:
    """Return a number that depends on every one of `rounds` steps through a table, shape (points,)."""
    position = 0.37
    total = 0.0
    for step in range(rounds):
        index = int(position * (table.size - 1))
        value = table[index] + 0.5 * (table[index + 1 - (index == table.size - 1)] - table[index])
        value = value / (1.0 + position * position)
        total += math.sqrt(value * value + 1.0)
        if total > 1e6:
            total -= 1e6
        position = position * 3.7 * (1.0 - position) + 1e-3 * (step & 1)
        if position >= 1.0:
            position = 0.5
    return total
