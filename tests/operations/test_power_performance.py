import numpy as np
import pytest
from scipy.integrate import quad

from testsite_sim.common.errors import DataError
from testsite_sim.operations import annual_energy, normalised_wind_speed, power_curve_bins, valid_directions


def curve(speed):
    return 2e6 * np.clip((np.asarray(speed) - 3.0) / 10.0, 0.0, 1.0)


def test_denser_air_counts_as_more_wind():
    found = normalised_wind_speed(np.full(3, 8.0), np.array([1.225, 1.30, 1.10]))
    assert found[0] == 8.0
    assert found[1] > 8.0 > found[2]
    # the power of the wind, density times speed cubed, is what is kept
    np.testing.assert_allclose(1.225 * found**3, np.array([1.225, 1.30, 1.10]) * 8.0**3)


def test_bins_are_centred_on_half_metres_and_hold_means():
    speed = np.array([4.74, 4.76, 5.24, 5.26, np.nan])
    found = power_curve_bins(speed, np.array([1.0, 2.0, 4.0, 8.0, 9.0]))
    assert found["bin"].to_numpy().tolist() == [4.5, 5.0, 5.5]
    assert found["count"].to_numpy().tolist() == [1.0, 2.0, 1.0]
    assert found["power"].to_numpy().tolist() == [1.0, 3.0, 8.0]
    assert found["power_deviation"].to_numpy()[1] == pytest.approx(np.std([2.0, 4.0], ddof=1))


def test_annual_energy_equals_the_integral_over_the_rayleigh_climate():
    speed = np.arange(0.25, 25.0, 0.01)
    measured = power_curve_bins(speed, curve(speed))
    for mean in (6.0, 9.0):
        density = lambda v, mean=mean: np.pi * v / (2 * mean**2) * np.exp(-np.pi / 4 * (v / mean) ** 2)  # noqa: E731
        expected = quad(lambda v: curve(v) * density(v), 0.0, 25.0, limit=200)[0] * 8760.0 * 3600.0  # noqa: B023
        found = annual_energy(measured, [mean])
        assert float(found["energy_measured"][0]) == pytest.approx(expected, rel=2e-3)


def test_a_short_measurement_is_incomplete_in_strong_wind():
    speed = np.arange(0.25, 12.0, 0.01)
    found = annual_energy(power_curve_bins(speed, curve(speed)), [5.0, 11.0], cut_out=25.0)
    assert found["complete"].to_numpy().tolist() == [True, False]


def test_uncertainty_adds_by_squares_over_bins_for_a_and_linearly_for_b():
    rng = np.random.default_rng(2)
    speed = rng.uniform(3.0, 16.0, 40000)
    measured = power_curve_bins(speed, curve(speed) + rng.normal(0.0, 5e4, speed.size))
    found = annual_energy(measured, [8.0], power_uncertainty=1e4)
    # the whole curve shifted by one standard uncertainty
    shifted = measured.assign(power=measured["power"] + 1e4)
    difference = annual_energy(shifted, [8.0])["energy_measured"] - found["energy_measured"]
    assert float(found["uncertainty_b"][0]) == pytest.approx(float(difference[0]), rel=0.02)
    more = power_curve_bins(np.tile(speed, 4), np.tile(curve(speed) + rng.normal(0.0, 5e4, speed.size), 4))
    assert float(annual_energy(more, [8.0])["uncertainty_a"][0]) < 0.6 * float(found["uncertainty_a"][0])
    assert float(found["uncertainty"][0]) == pytest.approx(
        float(np.hypot(found["uncertainty_a"][0], found["uncertainty_b"][0]))
    )
    faster = annual_energy(measured, [8.0], speed_uncertainty=0.2)
    assert float(faster["uncertainty_b"][0]) > 0.0


def test_a_neighbour_takes_a_sector_and_a_near_one_more():
    near = valid_directions([(300.0, 0.0)], 150.0)
    far = valid_directions([(3000.0, 0.0)], 150.0)
    assert not near[90]
    assert not far[90]
    assert near[270]
    assert near.sum() < far.sum() < 360
    # at 2 diameters: 1.3 atan(1.4) + 10 = 80.8 degrees; at 20: 1.3 atan(0.275) + 10 = 30.0
    assert 360 - near.sum() == pytest.approx(80.8, abs=1.5)
    assert 360 - far.sum() == pytest.approx(30.0, abs=1.5)


def test_series_that_do_not_fit_are_refused():
    with pytest.raises(DataError, match="differ in shape"):
        power_curve_bins(np.ones(3), np.ones(4))
    with pytest.raises(DataError, match="no interval has both"):
        power_curve_bins(np.full(3, np.nan), np.ones(3))
