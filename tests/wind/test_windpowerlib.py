"""Hub-height conversions and power curves give windpowerlib's numbers."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from testsite_sim.weather import at_hub_heights
from testsite_sim.wind import Farm, Turbine, simulate_farm

ORACLE = Path(__file__).resolve().parents[1] / "oracles" / "windpowerlib.npz"


@pytest.fixture(scope="module")
def oracle():
    with np.load(ORACLE) as file:
        return {name: file[name] for name in file.files}


def test_power_is_that_of_windpowerlib_to_1e_12(oracle) -> None:
    inside = oracle["tab"][:-1]  # its last rows fall to zero at once: ours end where the power does
    turbine = Turbine("t", 80.0, 70.0, inside, oracle["P"][:-1], np.zeros(inside.size))
    weather = xr.Dataset({"wind_speed": ("time", oracle["v"]), "wind_direction": ("time", np.zeros(oracle["v"].size))})
    found = simulate_farm(Farm([0.0], [0.0], turbine), weather, "none")["power"][:, 0].to_numpy()
    within = oracle["v"] <= inside[-1]
    np.testing.assert_allclose(found[within], oracle["power"][within], rtol=1e-12, atol=1e-6)


def test_air_density_at_the_hub_is_that_of_windpowerlib_to_1e_12(oracle) -> None:
    time = np.datetime64("2023-01-01", "ns") + np.arange(oracle["v"].size) * np.timedelta64(1, "h")
    record = xr.Dataset(
        {
            "wind_speed": (("time", "height"), oracle["v"][:, None]),
            "wind_direction": (("time", "height"), np.zeros((oracle["v"].size, 1))),
            "air_temperature": ("time", oracle["temperature"], {"height": 2.0}),
            "air_pressure": ("time", oracle["pressure"], {"height": 0.0}),
        },
        coords={"time": time, "height": [100.0]},
    )
    found = at_hub_heights(record, [100.0])["air_density"][:, 0]
    np.testing.assert_allclose(found, oracle["rho_ideal_gas"], rtol=1e-12)
