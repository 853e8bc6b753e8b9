"""Stopped, derated and storm-bound turbines; averaged directions; maps of the flow."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.wind import (
    Farm,
    Turbine,
    flow_map,
    simulate_farm,
    simulate_farm_averaged,
    storm_limits,
)

SPEEDS = np.arange(3.0, 26.0)
TURBINE = Turbine(
    "t",
    80.0,
    70.0,
    SPEEDS,
    2e6 * np.clip((SPEEDS - 3.0) / 10.0, 0.0, 1.0) ** 2,
    np.clip(0.9 - 0.002 * SPEEDS**2 / 1.5, 0.05, 0.85),
)
ROW = Farm([0.0, 500.0, 1000.0], [0.0, 0.0, 0.0], TURBINE)


def west(speed=9.0, hours=1) -> xr.Dataset:
    speed = np.broadcast_to(np.asarray(speed, dtype=float), (hours,)) if np.ndim(speed) == 0 else np.asarray(speed)
    return xr.Dataset({"wind_speed": ("time", speed), "wind_direction": ("time", np.full(speed.size, 270.0))})


def test_a_stopped_turbine_gives_nothing_and_casts_no_wake() -> None:
    stopped = west().assign(power_limit=("turbine", [0.0, np.inf, np.inf]))
    result = simulate_farm(ROW, stopped)
    without = simulate_farm(Farm([500.0, 1000.0], [0.0, 0.0], TURBINE), west())
    assert float(result["power"][0, 0]) == 0.0
    assert float(result["thrust_coefficient"][0, 0]) == 0.0
    np.testing.assert_allclose(result["power"][0, 1:], without["power"][0], rtol=1e-12)


@given(st.floats(0.05, 0.95))
def test_a_derated_turbine_casts_a_smaller_wake(share: float) -> None:
    full = simulate_farm(ROW, west())
    limit = share * float(full["power"][0, 0])
    held = simulate_farm(ROW, west().assign(power_limit=("turbine", [limit, np.inf, np.inf])))
    assert float(held["power"][0, 0]) == pytest.approx(limit, rel=1e-12)
    assert 0.0 < float(held["thrust_coefficient"][0, 0]) < float(full["thrust_coefficient"][0, 0])
    assert float(held["power"][0, 1]) > float(full["power"][0, 1])


def test_the_thrust_of_a_derated_turbine_is_that_of_momentum_theory() -> None:
    thrust = float(np.interp(9.0, SPEEDS, np.asarray(TURBINE.thrust_coefficient)))
    before = 0.5 * (1.0 - np.sqrt(1.0 - thrust))
    power = float(np.interp(9.0, SPEEDS, np.asarray(TURBINE.power)))
    held = simulate_farm(ROW, west().assign(power_limit=("turbine", [0.6 * power, np.inf, np.inf])))
    found = float(held["thrust_coefficient"][0, 0])
    after = 0.5 * (1.0 - np.sqrt(1.0 - found))
    ratio = after * (1.0 - after) ** 2 / (before * (1.0 - before) ** 2)
    assert ratio == pytest.approx(0.6, rel=1e-9)
    assert 4.0 * after * (1.0 - after) == pytest.approx(found, rel=1e-12)


def test_limits_of_the_wrong_shape_or_sign_are_refused() -> None:
    with pytest.raises(DataError, match="power_limit"):
        simulate_farm(ROW, west().assign(power_limit=("turbine", [1.0, -1.0, 1.0])))


def test_after_a_storm_a_turbine_waits_until_the_wind_has_fallen() -> None:
    speed = [20.0, 26.0, 24.0, 22.5, 21.9, 24.0, 25.0, 25.1, 21.0]
    weather = west(speed)
    limits = storm_limits(ROW, weather["wind_speed"], 3.0)
    stands = (limits.to_numpy()[:, 0] == 0.0).tolist()
    assert stands == [False, True, True, True, False, False, False, True, False]
    power = simulate_farm(ROW, weather.assign(power_limit=limits))["power"].to_numpy()[:, 0]
    assert (power == 0.0).tolist() == stands
    with pytest.raises(ConfigurationError, match="restart_below"):
        storm_limits(ROW, weather["wind_speed"], -1.0)


def test_an_averaged_direction_softens_the_wake_and_keeps_the_first_turbine() -> None:
    sharp = simulate_farm(ROW, west())["power"].to_numpy()[0]
    spread = simulate_farm_averaged(ROW, west(), standard_deviation=5.0)["power"].to_numpy()[0]
    assert spread[0] == pytest.approx(sharp[0], rel=1e-12)
    assert np.all(spread[1:] > sharp[1:])
    none = simulate_farm_averaged(ROW, west())["power"].to_numpy()[0]
    np.testing.assert_allclose(none, sharp, rtol=1e-14)


def test_averaging_equals_a_numerical_integral_over_the_normal_distribution() -> None:
    from scipy.integrate import quad
    from scipy.stats import norm

    def second(offset: float) -> float:
        case = west().assign(wind_direction=("time", [270.0 + offset]))
        return float(simulate_farm(ROW, case)["wind_speed_effective"][0, 1]) * float(norm.pdf(offset, scale=4.0))

    expected = quad(second, -14.0, 14.0, limit=100)[0] / (norm.cdf(3.5) - norm.cdf(-3.5))
    found = simulate_farm_averaged(ROW, west(), standard_deviation=4.0)["wind_speed_effective"][0, 1]
    assert float(found) == pytest.approx(expected, rel=1e-4)


def test_the_map_shows_what_a_turbine_at_the_point_would_see() -> None:
    chart = flow_map(Farm([0.0], [0.0], TURBINE), west(), [-200.0, 500.0, 900.0], [-300.0, 0.0], 70.0)
    pair = simulate_farm(Farm([0.0, 500.0], [0.0, 0.0], TURBINE), west())["wind_speed_effective"].to_numpy()[0]
    assert chart["wind_speed"].dims == ("time", "y", "x")
    assert float(chart["wind_speed"][0, 1, 1]) == pytest.approx(pair[1], rel=1e-9)
    assert float(chart["wind_speed"][0, 1, 0]) == 9.0
    assert float(chart["wind_speed"][0, 1, 2]) > pair[1]
