import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtri
from testsite_kernels.weather.generator import (
    ExponentialScore,
    FastWind,
    SectorClimate,
    WindVector,
    latent_wind,
    normal_quantile_of_radius,
    wind_of_latent,
)

from tests.reference import weather_generator as reference


@pytest.mark.parametrize("count", [3, 4])
def test_the_kernel_equals_its_reference(count):
    vector = np.array([0.9, 0.99]), np.array([0.6, 0.9])
    others = np.linspace(0.2, 0.98, count), np.linspace(0.3, 0.8, count)
    score, angle = np.empty(300), np.empty(300)
    latent_wind(5, 2, WindVector(*vector, 0.8), FastWind(*others, 2, 0.7, 0.95, 0.6), 0.4, score, angle)
    expected = reference.latent_wind(5, 2, vector, 0.8, others, 2, 0.7, (0.95, 0.6), 0.4, 300)
    np.testing.assert_allclose(score, expected[0], atol=2e-6)
    np.testing.assert_allclose(angle, expected[1], atol=1e-12)


def test_the_score_of_an_exponential_number_is_exact_to_seven_digits():
    numbers = np.geomspace(1e-14, 60.0, 2000)
    found = np.array([normal_quantile_of_radius(x) for x in numbers])
    with np.errstate(divide="ignore"):
        expected = np.where(numbers < 0.7, ndtri(-np.expm1(-numbers)), -ndtri(np.exp(-numbers)))
    np.testing.assert_allclose(found, expected, rtol=2e-6, atol=2e-7)


def mapped(score, angle, season=0.0, shape=2.0, frequency=None, swing=None):
    n = score.size
    grid = np.linspace(-6.0, 6.0, 1201)
    exponential = -np.log(0.5 * (1.0 - np.tanh(grid)))  # of a logistic score, simple and rising
    frequency = np.full(12, 1.0 / 12.0) if frequency is None else frequency
    speed, direction = np.empty(n), np.empty(n)
    swing = np.zeros(12) if swing is None else swing
    climate = SectorClimate(frequency, swing, np.full(12, 10.0), np.full(12, shape))
    scores = ExponentialScore(-6.0, 0.01, exponential)
    wind_of_latent(score, angle, np.full(n, season), np.ones(n), climate, scores, speed, direction)
    return speed, direction


@given(st.floats(-7.0, 7.0), st.floats(0.0, 1.0), st.floats(-1.0, 1.0), st.integers(0, 11))
@settings(deadline=None, max_examples=200)
def test_any_score_gives_a_wind_speed_and_any_angle_a_direction(score, angle, season, silent):
    frequency = np.full(12, 1.0 / 11.0)
    frequency[silent] = 0.0
    swing = np.linspace(-0.9, 0.9, 12)
    speed, direction = mapped(np.array([score]), np.array([angle]), season, frequency=frequency, swing=swing)
    assert np.isfinite(speed[0])
    assert speed[0] >= 0.0
    assert 0.0 <= direction[0] <= 360.0


def test_the_speed_rises_with_the_score_and_the_direction_turns_with_the_angle():
    speed, _ = mapped(np.linspace(-5.0, 5.0, 100), np.full(100, 0.3))
    assert (np.diff(speed) > 0.0).all()
    _, direction = mapped(np.zeros(101), np.linspace(0.05, 0.95, 101))
    assert (np.diff(np.unwrap(np.radians(direction))) > 0.0).all()


def test_sectors_have_the_stated_frequencies():
    frequency = np.arange(1.0, 13.0) / 78.0
    _, direction = mapped(np.zeros(100_000), (np.arange(100_000) + 0.5) / 100_000, frequency=frequency)
    sector = np.floor((direction + 15.0) / 30.0).astype(int) % 12
    np.testing.assert_allclose(np.bincount(sector, minlength=12) / 100_000, frequency, atol=1e-4)
