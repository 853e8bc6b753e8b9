"""The order of values is that of a stable sort, wherever it was begun from."""

from random import Random

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from testsite_kernels.numerics.ordering import LITTLE, MOST_PARTS, fill_order, renew_order


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
def test_equal_values_stay_in_the_order_of_their_places(values: list[float]) -> None:
    series = np.array(values)
    assert order_of(series).tolist() == np.argsort(series, kind="stable").tolist()


@pytest.mark.parametrize("size", [2, 16, 17, 400, 5000])
def test_values_are_in_order(size: int) -> None:
    values = np.random.default_rng(size).normal(size=size)
    assert np.array_equal(order_of(values), np.argsort(values))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 9).map(float), min_size=1, max_size=4 * LITTLE), st.randoms(use_true_random=False))
def test_an_order_that_is_renewed_is_the_same_from_any_other(values: list[float], random: Random) -> None:
    series, before = np.array(values), list(range(len(values)))
    random.shuffle(before)
    order = np.array(before)
    renew_order(series, np.empty((MOST_PARTS, 2), np.int64), order)
    assert order.tolist() == np.argsort(series, kind="stable").tolist()


@pytest.mark.parametrize("far", [0.0, 0.01, 10.0])
def test_values_near_to_those_before_and_far_from_them_are_in_order(far: float) -> None:
    rng = np.random.default_rng(3)
    series = rng.normal(size=2000)
    order = order_of(series)
    changed = series + far * rng.normal(size=2000)
    renew_order(changed, np.empty((MOST_PARTS, 2), np.int64), order)
    assert np.array_equal(order, np.argsort(changed, kind="stable"))
