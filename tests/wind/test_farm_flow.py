"""The farm flow equals what others computed, and obeys the symmetries of a farm."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reference.farm_flow import bastankhah_case
from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.wind import Farm, Turbine, simulate_farm

ANY_SPACING = pytest.mark.filterwarnings("ignore:farm. two turbines")  # of random layouts
pytestmark = ANY_SPACING
ORACLE = Path(__file__).resolve().parents[1] / "oracles" / "horns_rev_1_wakes.nc"
SPEEDS = np.arange(3.0, 26.0)
POWERS = 2e6 * np.clip((SPEEDS - 3.0) / 10.0, 0.0, 1.0) ** 2
THRUSTS = np.clip(0.9 - 0.002 * SPEEDS**2 / 1.5, 0.05, 0.85)
TURBINE = Turbine("reference", 80.0, 70.0, SPEEDS, POWERS, THRUSTS)


def inflow(speed, direction) -> xr.Dataset:
    speed, direction = np.atleast_1d(speed), np.atleast_1d(direction)
    return xr.Dataset({"wind_speed": ("time", speed * 1.0), "wind_direction": ("time", direction * 1.0)})


def test_horns_rev_1_agrees_with_pywake_to_one_in_a_billion() -> None:
    with xr.open_dataset(ORACLE) as oracle:
        # no case exceeds 25 m/s, the end of the table: beyond it the reference holds its power, ours cuts out
        turbine = Turbine("V80", 80.0, 70.0, oracle["ws_tab"], oracle["power_curve"], oracle["ct_curve"])
        expected = oracle["ws_eff"].sel(model="bastankhah").to_numpy()
        power = oracle["power"].to_numpy()
        result = simulate_farm(
            Farm(oracle["x"], oracle["y"], turbine), inflow(oracle["ws"].to_numpy(), oracle["wd"].to_numpy())
        )
    np.testing.assert_allclose(result["wind_speed_effective"], expected, rtol=1e-9)
    np.testing.assert_allclose(result["power"], power, rtol=1e-8, atol=1e-3)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32 - 1), st.floats(0.0, 360.0), st.floats(0.0, 30.0))
def test_the_kernel_equals_the_plain_reference(seed: int, direction: float, speed: float) -> None:
    x, y = np.random.default_rng(seed).uniform(-2000.0, 2000.0, (2, 9))
    result = simulate_farm(Farm(x, y, TURBINE), inflow(speed, direction)).isel(time=0)
    x, y = x - x.mean(), y - y.mean()
    effective, power, thrust = bastankhah_case(x, y, 80.0, SPEEDS, POWERS, THRUSTS, speed, direction)
    np.testing.assert_allclose(result["wind_speed_effective"], effective, rtol=1e-10, atol=1e-12)
    # At cut-in and cut-out themselves the curves jump, and the faintest wake, or its rounding, decides.
    clear = np.all(np.abs(effective[:, None] - SPEEDS[[0, -1]]) > 1e-8, axis=1)
    np.testing.assert_allclose(result["power"][clear], power[clear], rtol=1e-8, atol=1e-2)
    np.testing.assert_allclose(result["thrust_coefficient"][clear], thrust[clear], rtol=1e-8, atol=1e-10)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32 - 1), st.floats(0.0, 360.0))
def test_order_of_turbines_is_irrelevant_and_wakes_only_take(seed: int, direction: float) -> None:
    generator = np.random.default_rng(seed)
    x, y = generator.uniform(-2000.0, 2000.0, (2, 12))
    shuffle = generator.permutation(12)
    first = simulate_farm(Farm(x, y, TURBINE), inflow(9.0, direction)).isel(time=0)
    second = simulate_farm(Farm(x[shuffle], y[shuffle], TURBINE), inflow(9.0, direction)).isel(time=0)
    np.testing.assert_allclose(
        first["wind_speed_effective"].to_numpy()[shuffle], second["wind_speed_effective"], rtol=1e-9
    )
    free = float(np.interp(9.0, SPEEDS, POWERS)) * 12
    assert 0.0 <= float(first["power"].sum()) <= free * (1.0 + 1e-12)


def test_above_cut_out_a_turbine_gives_no_power_and_casts_no_wake() -> None:
    result = simulate_farm(Farm([0.0, 400.0], [0.0, 0.0], TURBINE), inflow(26.0, 270.0)).isel(time=0)
    assert result["power"].to_numpy().tolist() == [0.0, 0.0]
    assert result["wind_speed_effective"].to_numpy().tolist() == [26.0, 26.0]
    beyond = simulate_farm(Farm([0.0], [0.0], TURBINE), inflow([0.0, 300.0], [270.0, 270.0]))
    assert beyond["power"].to_numpy().ravel().tolist() == [0.0, 0.0]  # outside the table of the turbine on both sides


def test_wrong_farms_and_inflows_are_refused_in_one_sentence() -> None:
    with pytest.raises(ConfigurationError, match="turbines 0 and 2 coincide"):
        Farm([0.0, 1.0, 0.0], [5.0, 5.0, 5.0], TURBINE)
    with pytest.raises(ConfigurationError, match="expected one length"):
        Turbine("t", 80.0, 70.0, [3.0, 4.0], [0.0], [0.8, 0.8])
    with pytest.raises(ConfigurationError, match="turbine 't': has no thrust_coefficient, without which"):
        Turbine("t", 80.0, 70.0, [3.0, 4.0], [0.0, 1.0])
    farm = Farm([0.0], [0.0], TURBINE)
    with pytest.raises(ConfigurationError, match="Nearest: bastankhah"):
        simulate_farm(farm, inflow(9.0, 0.0), model="bastanka")
    with pytest.raises(DataError, match="not finite"):
        simulate_farm(farm, inflow(np.nan, 0.0))
    with pytest.raises(DataError, match="wind_speed falls to -1 m/s"):
        simulate_farm(farm, inflow(-1.0, 0.0))
    with pytest.raises(DataError, match="no wind_direction"):
        simulate_farm(farm, inflow(9.0, 0.0).drop_vars("wind_direction"))


def _year(hours: int, seed: int = 1) -> xr.Dataset:
    generator = np.random.default_rng(seed)
    return inflow(generator.uniform(2.0, 27.0, hours), generator.uniform(0.0, 360.0, hours))


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 2**32 - 1))
def test_hours_that_share_a_block_equal_hours_alone(seed: int) -> None:
    """The blocks of like direction leave out only what is below one in a billion."""
    x, y = np.meshgrid(np.arange(5) * 7.0 * 80.0, np.arange(4) * 5.0 * 80.0)
    farm = Farm(x.ravel(), y.ravel(), TURBINE)
    weather = _year(2000, seed)
    result = simulate_farm(farm, weather)
    xc, yc = x.ravel() - x.mean(), y.ravel() - y.mean()
    for t in np.random.default_rng(seed).integers(0, 2000, 40):
        speed, direction = float(weather["wind_speed"][t]), float(weather["wind_direction"][t])
        effective, power, thrust = bastankhah_case(xc, yc, 80.0, SPEEDS, POWERS, THRUSTS, speed, direction)
        hour = result.isel(time=int(t))
        np.testing.assert_allclose(hour["wind_speed_effective"], effective, rtol=1e-9)
        np.testing.assert_allclose(hour["power"], power, rtol=1e-7, atol=1.0)
        np.testing.assert_allclose(hour["thrust_coefficient"], thrust, rtol=1e-7)


def test_any_number_of_threads_gives_the_same_bits() -> None:
    x, y = np.meshgrid(np.arange(6) * 500.0, np.arange(5) * 400.0)
    farm, weather = Farm(x.ravel(), y.ravel(), TURBINE), _year(3000)
    one = simulate_farm(farm, weather, workers=1)
    for workers in (2, 3, 8):
        xr.testing.assert_identical(simulate_farm(farm, weather, workers=workers), one)


def test_without_wakes_every_turbine_gives_its_power_curve() -> None:
    weather = _year(500)
    result = simulate_farm(Farm([0.0, 300.0], [0.0, 0.0], TURBINE), weather, "none")
    expected = np.interp(weather["wind_speed"], SPEEDS, POWERS, left=0.0, right=0.0)
    for turbine in range(2):
        np.testing.assert_allclose(result["power"].isel(turbine=turbine), expected, rtol=1e-12)


def test_density_shifts_the_power_curve_by_its_cube_root() -> None:
    weather = inflow([8.0, 8.0], [0.0, 0.0]).assign(air_density=("time", [1.225, 1.3]))
    power = simulate_farm(Farm([0.0], [0.0], TURBINE), weather)["power"].to_numpy()[:, 0]
    np.testing.assert_allclose(power, np.interp([8.0, 8.0 * (1.3 / 1.225) ** (1 / 3)], SPEEDS, POWERS), rtol=1e-12)
    with pytest.raises(DataError, match="air_density"):
        simulate_farm(Farm([0.0], [0.0], TURBINE), weather.assign(air_density=("time", [1.2, 0.0])))


def test_whether_a_turbine_runs_follows_from_the_wind_itself_whatever_the_density() -> None:
    turbine = Turbine("steps", 80.0, 70.0, [3.0, 12.0, 25.0], [1e5, 2e6, 2e6], [0.8, 0.8, 0.1])
    wind = [2.99, 3.0, 25.0, 25.01]
    for density, first in ((1.1, 1e5), (1.225, 1e5), (1.3, 1e5 + 1.9e6 * (3.0 * (1.3 / 1.225) ** (1 / 3) - 3.0) / 9.0)):
        weather = inflow(wind, [0.0] * 4).assign(air_density=("time", [density] * 4))
        power = simulate_farm(Farm([0.0], [0.0], turbine), weather)["power"].to_numpy()[:, 0]
        np.testing.assert_allclose(power, [0.0, first, 2e6, 0.0], rtol=1e-12)


def test_a_mixed_farm_takes_each_turbines_own_curve_rotor_and_height() -> None:
    small = Turbine("small", 40.0, 40.0, SPEEDS, POWERS / 4.0, THRUSTS)
    result = simulate_farm(Farm([0.0, 600.0], [0.0, 0.0], [TURBINE, small]), inflow(9.0, 270.0)).isel(time=0)
    # One wake by hand, equation 23: the small hub stands 30 m below the axis of the large rotor's wake.
    thrust = np.interp(9.0, SPEEDS, THRUSTS)
    root = np.sqrt(1.0 - thrust)
    width = 0.0324555 * 600.0 + 0.2 * np.sqrt((1.0 + root) / (2.0 * root)) * 80.0
    reduced = thrust * 80.0**2 / (8.0 * width**2)
    induced = reduced * (0.2460 + reduced * (0.0586 + reduced * 0.0883))
    expected = 9.0 * (1.0 - 2.0 * induced * np.exp(-(30.0**2) / (2.0 * width**2)))
    assert float(result["wind_speed_effective"][1]) == pytest.approx(expected, rel=1e-10)
    assert float(result["power"][1]) == pytest.approx(np.interp(expected, SPEEDS, POWERS / 4.0), rel=1e-9)
