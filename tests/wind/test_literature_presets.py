"""A preset named by a year is the set-up of PyWake's literature module of that name: the same winds behind turbines."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from testsite_sim.wind import Farm, Turbine, simulate_farm, wake_model

HORNS_REV_1 = Path(__file__).parents[1] / "oracles" / "horns_rev_1_wakes.nc"
# Effective wind speed [m/s] of the second, third and fourth turbine of a row, by PyWake 2.6.20 (MIT): `Jensen_1983`,
# `Bastankhah_PorteAgel_2014` with k 0.0324555, `Niayifar_PorteAgel_2016`, `Nygaard_2022`, on the V80 of Horns Rev 1.
PYWAKE: dict[str, list[float]] = {
    "jensen-1983": [7.72608619, 7.716760536, 8.833803148],
    "bastankhah-2014": [6.370328221, 7.083783867, 8.34970888],
    "niayifar-2016": [7.351517735, 7.602417248, 8.73057967],
    "nygaard-2022": [6.695568262, 6.966623262, 6.720004717],
}


@pytest.fixture(scope="module")
def found() -> dict[str, np.ndarray]:
    with xr.open_dataset(HORNS_REV_1) as oracle:
        v80 = Turbine("V80", 80.0, 70.0, oracle["ws_tab"], oracle["power_curve"], oracle["ct_curve"])
    farm = Farm([0.0, 400.0, 800.0, 3000.0], [0.0, 20.0, -30.0, 10.0], v80)
    wind = {"wind_speed": ("time", [9.0]), "wind_direction": ("time", [270.0]), "turbulence_intensity": 0.1}
    return {
        name: simulate_farm(farm, xr.Dataset(wind), name)["wind_speed_effective"].to_numpy()[0, 1:] for name in PYWAKE
    }


@pytest.mark.parametrize("name", PYWAKE)
def test_a_preset_with_a_year_is_the_literature_set_of_that_name(name: str, found: dict[str, np.ndarray]) -> None:
    np.testing.assert_allclose(found[name], PYWAKE[name], rtol=2e-5)


def test_short_names_keep_the_usual_set_ups_at_sea(found: dict[str, np.ndarray]) -> None:
    assert wake_model("noj").expansion_rate == 0.04
    assert wake_model("jensen-1983").expansion_rate == 0.1
    assert wake_model("bastankhah").superposition == "squared"
    assert wake_model("bastankhah-2014").superposition == "linear"
