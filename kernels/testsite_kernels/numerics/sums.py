"""Sums, extremes and copies of small arrays as loops: for kernels that count no references."""

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_part


@bare_part
def sum_of(values: Floats) -> float:
    """Return the sum of values, shape (n,), from the first to the last."""
    total = 0.0
    for k in range(values.size):
        total += values[k]
    return total


@bare_part
def largest_of(values: Floats) -> float:
    """Return the largest of values, shape (n,); zero of none."""
    largest = values[0] if values.size > 0 else 0.0
    for k in range(1, values.size):
        largest = max(largest, values[k])
    return largest


@bare_part
def copy_row(source: Floats, target: Floats, t: int) -> None:
    """Copy `source`, shape (n,), into the row t of `target`, shape (rows, n)."""
    for k in range(source.size):
        target[t, k] = source[k]


@bare_part
def copy_table(source: Floats, target: Floats, t: int) -> None:
    """Copy `source`, shape (m, n), into the table t of `target`, shape (tables, m, n)."""
    for i in range(source.shape[0]):
        for k in range(source.shape[1]):
            target[t, i, k] = source[i, k]
