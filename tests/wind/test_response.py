"""The table of a farm's response gives nearly the exact power, and says how nearly."""

from functools import cache

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.wind.test_farm_flow import inflow
from tests.wind.test_inflow import NINE
from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.wind import Farm, farm_response, simulate_by_response, simulate_farm


@cache
def table_of_nine() -> xr.Dataset:
    return farm_response(NINE)


def weather(hours: int = 3000, seed: int = 1) -> xr.Dataset:
    generator = np.random.default_rng(seed)
    return inflow(9.5 * generator.weibull(2.1, hours), generator.uniform(0.0, 360.0, hours))


def test_energy_agrees_and_the_error_stated_is_the_error_made() -> None:
    winds = weather()
    found, exact = simulate_by_response(NINE, winds, table_of_nine()), simulate_farm(NINE, winds)
    error = float(found["power"].sum() / exact["power"].sum()) - 1.0
    assert abs(error) < 1e-3
    assert abs(found.attrs["energy_error"]) < 2e-3
    rms = float(np.sqrt(((found["power"] - exact["power"]).sum("turbine") ** 2).mean())) / (9 * 2e6)
    assert found.attrs["power_error"] == pytest.approx(rms, rel=0.5)
    storm = inflow([24.9, 25.0, 25.01, 25.2], np.zeros(4))
    ends = simulate_by_response(NINE, storm, table_of_nine())["power"].sum("turbine").to_numpy()
    assert (ends[:2] > 17e6).all()
    assert (ends[2:] < 17e6).all()  # the front turbines have cut out at once
    finer = simulate_by_response(NINE, winds, farm_response(NINE, direction_step=0.5, speed_step=0.125))
    assert finer.attrs["power_error"] < found.attrs["power_error"]


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 359), st.integers(0, 100))
def test_at_its_points_the_table_is_exact(direction: int, quarter: int) -> None:
    winds = inflow(0.25 * quarter, float(direction))
    found = simulate_by_response(NINE, winds, table_of_nine())["power"]
    np.testing.assert_allclose(found, simulate_farm(NINE, winds)["power"], rtol=1e-9, atol=1e-3)


def test_the_total_is_the_sum_and_threads_change_no_bit() -> None:
    winds = weather(500)
    each = simulate_by_response(NINE, winds, table_of_nine(), workers=1)
    assert each.identical(simulate_by_response(NINE, winds, table_of_nine(), workers=3))
    total = simulate_by_response(NINE, winds, table_of_nine(), total=True)["power"]
    np.testing.assert_allclose(total, each["power"].sum("turbine"), rtol=1e-12)


def test_turbulence_and_air_density_count() -> None:
    winds = weather(800)
    generator = np.random.default_rng(2)
    rough = winds.assign(
        turbulence_intensity=("time", generator.uniform(0.05, 0.15, 800)),
        air_density=("time", generator.uniform(1.15, 1.3, 800)),
    )
    response = farm_response(NINE, "niayifar-2016", turbulence_intensities=[0.05, 0.1, 0.15])
    found = simulate_by_response(NINE, rough, response)
    exact = simulate_farm(NINE, rough, "niayifar-2016")["power"]
    assert float(found["power"].sum() / exact.sum()) == pytest.approx(1.0, abs=5e-3)
    still = simulate_by_response(NINE, rough.assign(turbulence_intensity=0.05), response)["power"].sum()
    wild = simulate_by_response(NINE, rough.assign(turbulence_intensity=0.15), response)["power"].sum()
    assert float(wild) > float(still)


def test_wrong_steps_and_winds_are_reported() -> None:
    with pytest.raises(ConfigurationError, match="expected a divisor of 360"):
        farm_response(NINE, direction_step=7.0)
    with pytest.raises(ConfigurationError, match="needs turbulence_intensities"):
        farm_response(NINE, "turbopark")
    with pytest.raises(ConfigurationError, match="evenly spaced"):
        farm_response(NINE, "turbopark", turbulence_intensities=[0.05, 0.06, 0.1])
    own = xr.Dataset({"wind_speed": (("time", "turbine"), np.full((1, 9), 8.0)), "wind_direction": ("time", [0.0])})
    with pytest.raises(DataError, match="the same at all turbines"):
        simulate_by_response(NINE, own, table_of_nine())
    with pytest.raises(DataError, match="knows no power_limit"):
        simulate_by_response(NINE, weather(3).assign(power_limit=("turbine", np.full(9, 1e6))), table_of_nine())


def test_a_table_is_read_next_to_the_neighbours_that_it_was_made_with() -> None:
    """The fault: other neighbours, further away or turned, gave the same power to the last bit."""
    turbine = NINE.turbines[0]
    near, far = (Farm([x], [0.0], turbine) for x in (-8000.0, -40000.0))
    response = farm_response(NINE, neighbours=near)
    winds = weather(48)
    simulate_by_response(NINE, winds, response, neighbours=Farm([-8000.0], [0.0], turbine))
    for others in (None, far):
        with pytest.raises(DataError, match="that of other neighbours"):
            simulate_by_response(NINE, winds, response, neighbours=others)
    with pytest.raises(DataError, match="that of other neighbours"):
        simulate_by_response(NINE, winds, table_of_nine(), neighbours=near)
