"""Roots between two points, next to those of SciPy."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from testsite_sim.common.roots import bracketed_root

Function = Callable[[float], float]
COEFFICIENTS = st.lists(st.floats(-1.0, 1.0), min_size=2, max_size=12)


@given(COEFFICIENTS, st.floats(-3.0, 3.0), st.floats(1e-6, 5.0), st.sampled_from([1e-300, 2e-12, 1e-6]))
def test_a_root_of_a_polynomial_has_the_bits_of_scipys(
    coefficients: list[float], low: float, width: float, absolute: float
) -> None:
    def value(x: float) -> float:
        return float(np.polynomial.polynomial.polyval(x, coefficients))

    if value(low) * value(low + width) >= 0.0:
        return
    expected, result = brentq(value, low, low + width, xtol=absolute, rtol=1e-14, full_output=True, disp=False)
    if result.converged:
        assert bracketed_root(value, low, low + width, absolute=absolute, relative=1e-14) == expected
    else:
        with pytest.raises(ArithmeticError, match="100 steps"):
            bracketed_root(value, low, low + width, absolute=absolute, relative=1e-14)


@pytest.mark.parametrize(
    ("function", "low", "high"),
    [
        (lambda x: math.exp(x) - 5.0, -10.0, 10.0),
        (lambda x: math.atan(1e6 * (x - 0.3)), -1.0, 4.0),
        (lambda x: (x - 1.0) ** 5, -1.0, 2.5),
        (lambda x: math.tanh(x) - 0.999999, 0.0, 30.0),
        (lambda x: -1.0 if x < 0.123 else 1.0, 0.0, 1.0),
    ],
)
def test_a_root_of_a_steep_or_flat_function_has_the_bits_of_scipys(function: Function, low: float, high: float) -> None:
    assert bracketed_root(function, low, high) == brentq(function, low, high)


def test_a_point_that_is_the_root_is_returned() -> None:
    assert bracketed_root(lambda x: x, 0.0, 1.0) == 0.0
    assert bracketed_root(lambda x: x - 1.0, 0.0, 1.0) == 1.0


def test_points_of_the_same_sign_are_refused() -> None:
    with pytest.raises(ValueError, match="same sign"):
        bracketed_root(lambda x: x * x + 1.0, -1.0, 1.0)


def test_a_function_without_a_root_ends() -> None:
    with pytest.raises(ArithmeticError, match="100 steps"):
        bracketed_root(lambda x: -1.0 if x < 0.5 else 1.0, 0.0, 1.0, absolute=0.0, relative=0.0)
