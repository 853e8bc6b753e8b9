"""The order of values is that of the sort that numba would compile, equal values included."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numba.misc.quicksort import make_py_quicksort
from testsite_kernels.numerics.ordering import LITTLE, MOST_PARTS, fill_order

ARGSORT = make_py_quicksort(is_argsort=True).run_quicksort


def order_of(values: np.ndarray) -> np.ndarray:
    order = np.full(values.size, -1)
    fill_order(values, np.empty((MOST_PARTS, 2), np.int64), order)
    return order


# Few different values: most are equal to others, as turbines in a row across the wind. Lengths about that of insertion.
@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 3).map(float), max_size=4 * LITTLE))
@example([])
@example([1.0])
@example([0.0] * (LITTLE + 1))
@example([0.0] * (LITTLE + 2))
@example([float(k) for k in range(200)])
@example([float(-k) for k in range(200)])
def test_equal_values_keep_the_order_of_the_sort_of_numba(values: list[float]) -> None:
    series = np.array(values)
    assert order_of(series).tolist() == list(ARGSORT(series))


@pytest.mark.parametrize("size", [2, 16, 17, 400, 5000])
def test_values_are_in_order(size: int) -> None:
    values = np.random.default_rng(size).normal(size=size)
    assert np.array_equal(order_of(values), np.argsort(values))
