"""Averaged power curves: against windpowerlib's smoothing, conservation, limits, and carried turbulence."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.turbine import TurbineConfiguration
from testsite_sim.wind import Spread, averaged_turbine, build_turbine

TURBINE = build_turbine(load_component("turbine", "vestas-v90-3.0", TurbineConfiguration))
SPEED, POWER = np.asarray(TURBINE.wind_speed), np.asarray(TURBINE.power)


def power(turbine, speed):
    return np.interp(speed, turbine.wind_speed, turbine.power, left=0.0, right=0.0)


def test_no_spread_leaves_the_curve_as_it_was():
    """The fault: it was read anew on a grid, which gave power between the last point below cut-in and cut-in."""
    assert averaged_turbine(TURBINE, Spread()) is TURBINE


def test_the_mean_is_that_of_windpowerlib_away_from_its_ends():
    from windpowerlib.power_curves import smooth_power_curve

    smooth = smooth_power_curve(
        pd.Series(SPEED[SPEED <= 24.0]),
        pd.Series(POWER[SPEED <= 24.0]),
        standard_deviation_method="turbulence_intensity",
        turbulence_intensity=0.12,
        block_width=0.1,
    )
    found = averaged_turbine(TURBINE, Spread(relative=0.12))
    at = np.array([6.0, 8.0, 10.0, 12.0])
    expected = np.interp(at, smooth["wind_speed"].astype(float), smooth["value"].astype(float))
    np.testing.assert_allclose(power(found, at), expected, rtol=0.01)


@settings(max_examples=30, deadline=None)
@given(st.floats(0.0, 2.0), st.floats(0.0, 0.15))
def test_an_averaged_curve_stays_within_the_published_one_and_keeps_its_end(constant, relative):
    """Aimed at the shoulder and at cut-out, where a mean could run beyond rated power or past the stop."""
    found = averaged_turbine(TURBINE, Spread(constant, relative))
    assert np.asarray(found.power).max() <= TURBINE.rated_power
    assert np.asarray(found.power).min() >= 0.0
    assert found.cut_out == TURBINE.cut_out
    assert np.all(np.asarray(found.thrust_coefficient) <= np.max(TURBINE.thrust_coefficient) + 1e-12)


def test_a_spread_gives_power_below_cut_in_and_takes_it_from_the_shoulder():
    found = averaged_turbine(TURBINE, Spread(1.2))
    assert power(found, 3.0) > power(TURBINE, 3.0)
    assert power(found, 13.5) < power(TURBINE, 13.5)


def test_the_turbulence_of_the_curve_itself_changes_nothing():
    same = averaged_turbine(TURBINE, Spread(), turbulence=0.1, curve_turbulence=0.1)
    np.testing.assert_allclose(same.power, power(TURBINE, same.wind_speed), rtol=1e-9, atol=1e-3)


def test_less_turbulence_sharpens_the_shoulder():
    calm = averaged_turbine(TURBINE, Spread(), turbulence=0.06, curve_turbulence=0.10)
    assert power(calm, 13.0) > power(TURBINE, 13.0)
    assert power(calm, 7.0) < power(TURBINE, 7.0)
    assert np.asarray(calm.power).max() <= TURBINE.rated_power


def test_one_intensity_alone_and_a_percentage_are_refused():
    with pytest.raises(ConfigurationError, match="give both or none"):
        averaged_turbine(TURBINE, Spread(), turbulence=0.1)
    with pytest.raises(ConfigurationError, match="relative"):
        Spread(relative=6.0)
