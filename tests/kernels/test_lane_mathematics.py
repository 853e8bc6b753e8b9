"""The functions without branch or call agree with the mathematical library over the range that they are used in."""

import numpy as np
import pytest
from scipy.stats import ncx2
from testsite_kernels import lane_mathematics as lanes
from testsite_kernels.wake_deficit import disc_mean


@pytest.mark.parametrize(
    ("function", "wanted", "points", "relative", "absolute"),
    [
        (lanes.exp_of_minus, lambda z: np.exp(-z), np.linspace(0.0, 24.0, 2001), 5e-11, 0.0),
        (lanes.exp_of_minus, lambda z: np.exp(-z), np.linspace(24.0, 64.0, 501), 5e-6, 0.0),
        (lanes.arc_cosine, np.arccos, np.linspace(-1.0, 1.0, 2001), 0.0, 2e-12),
        (lanes.arc_tangent, np.arctan, np.geomspace(1e-6, 1e6, 2001), 0.0, 1e-11),
        (lanes.logarithm, np.log, np.geomspace(1.0, 150.0, 2001), 0.0, 2e-9),
    ],
)
def test_a_function_of_lanes_equals_the_library(function, wanted, points, relative, absolute) -> None:
    found = np.array([function(point) for point in points])
    np.testing.assert_allclose(found, wanted(points), rtol=relative, atol=absolute)


@pytest.mark.parametrize("exponent", [0.5, 0.8325, 1.5])
def test_small_numbers_are_raised_to_a_power(exponent: float) -> None:
    points = np.geomspace(1e-10, 1.0, 501)
    found = np.array([lanes.power_of_small(point, exponent) for point in points])
    np.testing.assert_allclose(found, points**exponent, rtol=1e-8)


def test_the_overlap_of_discs_has_its_limits_and_its_symmetric_value() -> None:
    assert lanes.disc_overlap(100.0, 40.0, 20.0) == pytest.approx(1.0, abs=1e-9)
    assert lanes.disc_overlap(100.0, 40.0, 200.0) == 0.0
    assert lanes.disc_overlap(20.0, 40.0, 0.0) == pytest.approx(0.25, abs=1e-9)
    lens = 2.0 * np.arccos(0.5) - np.sin(2.0 * np.arccos(0.5))  # two equal discs, one radius apart
    assert lanes.disc_overlap(40.0, 40.0, 40.0) == pytest.approx(lens / np.pi, abs=1e-9)


def test_the_mean_of_a_gaussian_over_a_disc_is_that_of_the_noncentral_chi_squared() -> None:
    radius, sigma = 40.0, np.repeat([17.0, 25.0, 60.0, 200.0], 8)
    apart = np.tile(np.linspace(0.0, 160.0, 8), 4)
    mean = np.empty(32)
    disc_mean(32, 0.5 * radius**2, apart**2, sigma, mean, np.empty((6, 32)))
    scaled = radius / sigma
    wanted = 2.0 / scaled**2 * ncx2.cdf(scaled**2, 2, np.maximum((apart / sigma) ** 2, 1e-30))
    np.testing.assert_allclose(mean, wanted, rtol=1e-8, atol=1e-10)
