"""The functions without branch or call agree with the mathematical library over the range that they are used in."""

import numpy as np
import pytest
from scipy.stats import ncx2
from testsite_kernels.numerics import lane_mathematics as lanes
from testsite_kernels.wind.disc_mean import disc_mean, terms_of_disc_mean


@pytest.mark.parametrize(
    ("function", "expected", "points", "relative", "absolute"),
    [
        (lanes.exp_of_minus, lambda z: np.exp(-z), np.linspace(0.0, 700.0, 5001), 5e-12, 0.0),
        (lanes.exp_of_minus, lambda z: np.exp(-z), np.geomspace(1e-300, 1e9, 501), 5e-12, 1e-303),
        (lanes.arc_tangent, np.arctan, np.geomspace(1e-6, 1e6, 2001), 0.0, 2e-11),
        (lanes.arc_tangent_of_share, np.arctan, np.linspace(0.0, 1.0, 2001), 0.0, 2e-11),
        (lanes.logarithm, np.log, np.geomspace(1e-300, 1e300, 5001), 1e-13, 1e-13),
    ],
)
def test_a_function_of_lanes_equals_the_library(function, expected, points, relative, absolute) -> None:
    found = np.array([function(point) for point in points])
    np.testing.assert_allclose(found, expected(points), rtol=relative, atol=absolute)


@pytest.mark.parametrize("exponent", [0.5, 0.8325, 1.5])
def test_small_numbers_are_raised_to_a_power(exponent: float) -> None:
    points = np.geomspace(1e-10, 1.0, 501)
    found = np.array([lanes.power_of_small(point, exponent) for point in points])
    np.testing.assert_allclose(found, points**exponent, rtol=2e-11)


def test_the_overlap_of_discs_has_its_limits_and_its_symmetric_value() -> None:
    assert lanes.disc_overlap(100.0, 40.0, 20.0) == pytest.approx(1.0, abs=1e-9)
    assert lanes.disc_overlap(100.0, 40.0, 200.0) == 0.0
    assert lanes.disc_overlap(20.0, 40.0, 0.0) == pytest.approx(0.25, abs=1e-9)
    lens = 2.0 * np.arccos(0.5) - np.sin(2.0 * np.arccos(0.5))  # two equal discs, one radius apart
    assert lanes.disc_overlap(40.0, 40.0, 40.0) == pytest.approx(lens / np.pi, abs=1e-9)


def test_small_arcs_have_their_tangent() -> None:
    points = np.linspace(0.0, 1.0 / 9.0, 501)
    found = np.array([lanes.arc_tangent_ratio_of_small(point) for point in points])
    np.testing.assert_allclose(found * np.sqrt(points), np.arctan(np.sqrt(points)), rtol=2e-12)


@pytest.mark.parametrize("count", [8, lanes.LANES])
def test_the_largest_lane_is_found(count: int) -> None:
    for at in range(count):
        values = -np.arange(1.0, lanes.LANES + 1.0)
        values[at] = 5.0
        assert lanes.largest_of(values, count, np.empty(lanes.LANES)) == 5.0


@pytest.mark.parametrize("sigma", [10.0, 17.0, 25.0, 34.0, 60.0, 100.0, 200.0])  # each with its number of terms
def test_the_mean_of_a_gaussian_over_a_disc_is_that_of_the_noncentral_chi_squared(sigma: float) -> None:
    radius, apart = 40.0, np.linspace(0.0, 160.0, 65)
    inverse = np.full(lanes.LANES, 0.5 / sigma**2)
    terms = terms_of_disc_mean(radius**2, lanes.LANES, inverse, np.empty(lanes.LANES))
    found = np.array([disc_mean(c**2 * inverse[0], radius**2 * inverse[0], terms) for c in apart])
    scaled = radius / sigma
    expected = 2.0 / scaled**2 * ncx2.cdf(scaled**2, 2, np.maximum((apart / sigma) ** 2, 1e-30))
    np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-10)
