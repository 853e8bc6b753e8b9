"""The farm flow equals what others computed, and obeys the symmetries of a farm."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reference.farm_flow import bastankhah_case
from testsite_sim.errors import ConfigurationError, DataError
from testsite_sim.wind import Farm, Turbine, simulate_farm

ORACLE = Path(__file__).resolve().parents[3] / "shared" / "oracles" / "wind" / "pywake_horns_rev_1.nc"
SPEEDS = np.arange(3.0, 26.0)
POWERS = 2e6 * np.clip((SPEEDS - 3.0) / 10.0, 0.0, 1.0) ** 2
THRUSTS = np.clip(0.9 - 0.002 * SPEEDS**2 / 1.5, 0.05, 0.85)
TURBINE = Turbine("reference", 80.0, 70.0, SPEEDS, POWERS, THRUSTS)


def inflow(speed, direction) -> xr.Dataset:
    speed, direction = np.atleast_1d(speed), np.atleast_1d(direction)
    return xr.Dataset({"wind_speed": ("time", speed * 1.0), "wind_direction": ("time", direction * 1.0)})


@pytest.mark.skipif(not ORACLE.is_file(), reason="the Horns Rev 1 reference is not beside this checkout")
def test_horns_rev_1_agrees_with_pywake_to_one_in_a_billion() -> None:
    with xr.open_dataset(ORACLE) as oracle:
        # no case exceeds 25 m/s, the end of the table: beyond it the reference holds its power, ours cuts out
        turbine = Turbine("V80", 80.0, 70.0, oracle["ws_tab"], oracle["power_curve"], oracle["ct_curve"])
        wanted = oracle["ws_eff"].sel(model="bastankhah").to_numpy()
        power = oracle["power"].sel(model="bastankhah").to_numpy()
        result = simulate_farm(
            Farm(oracle["x"], oracle["y"], turbine), inflow(oracle["ws"].to_numpy(), oracle["wd"].to_numpy())
        )
    np.testing.assert_allclose(result["wind_speed_effective"], wanted, rtol=1e-9)
    np.testing.assert_allclose(result["power"], power, rtol=1e-8, atol=1e-3)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32 - 1), st.floats(0.0, 360.0), st.floats(0.0, 30.0))
def test_the_kernel_equals_the_plain_reference(seed: int, direction: float, speed: float) -> None:
    x, y = np.random.default_rng(seed).uniform(-2000.0, 2000.0, (2, 9))
    result = simulate_farm(Farm(x, y, TURBINE), inflow(speed, direction)).isel(time=0)
    x, y = x - x.mean(), y - y.mean()
    effective, power, thrust = bastankhah_case(x, y, 80.0, SPEEDS, POWERS, THRUSTS, speed, direction)
    np.testing.assert_allclose(result["wind_speed_effective"], effective, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(result["power"], power, rtol=1e-8, atol=1e-2)
    np.testing.assert_allclose(result["thrust_coefficient"], thrust, rtol=1e-8, atol=1e-10)


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


def test_wrong_farms_and_inflows_are_refused_in_one_sentence() -> None:
    with pytest.raises(ConfigurationError, match="turbines 0 and 2 coincide"):
        Farm([0.0, 1.0, 0.0], [5.0, 5.0, 5.0], TURBINE)
    with pytest.raises(ConfigurationError, match="wanted one length"):
        Turbine("t", 80.0, 70.0, [3.0, 4.0], [0.0], [0.8, 0.8])
    farm = Farm([0.0], [0.0], TURBINE)
    with pytest.raises(ConfigurationError, match="Nearest: bastankhah"):
        simulate_farm(farm, inflow(9.0, 0.0), model="bastanka")
    with pytest.raises(DataError, match="not finite"):
        simulate_farm(farm, inflow(np.nan, 0.0))
    with pytest.raises(DataError, match="no wind_direction"):
        simulate_farm(farm, inflow(9.0, 0.0).drop_vars("wind_direction"))
