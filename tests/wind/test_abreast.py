"""Turbines side by side to within a micrometre along the wind: neither stands in the wake of the other."""

import numpy as np
import pytest
import xarray as xr

from testsite_sim.wind import Farm, Turbine, WakeModel, simulate_farm
from testsite_sim.wind.models import DEFICITS, TURBULENCES

pytestmark = pytest.mark.filterwarnings("ignore:farm. two turbines")
TURBINE = Turbine("even", 100.0, 90.0, [3.0, 12.0, 25.0], [0.0, 3e6, 3e6], [0.8, 0.8, 0.1])


def found(model: WakeModel, along: float, hours: int = 3) -> xr.Dataset:
    """Return what two turbines give in a west wind, a metre apart across it; the second stands further along it."""
    series = {name: ("time", np.full(hours, value)) for name, value in (("wind_speed", 9.0), ("wind_direction", 270.0))}
    inflow = xr.Dataset({**series, "turbulence_intensity": 0.08})
    return simulate_farm(Farm([0.0, along], [0.0, 1.0], TURBINE), inflow, model)


@pytest.mark.parametrize("turbulence", sorted(TURBULENCES))
@pytest.mark.parametrize("deficit", sorted(set(DEFICITS) - {"none"}))
def test_rounding_does_not_say_who_stands_upstream(deficit: str, turbulence: str) -> None:
    model = WakeModel("own", deficit, turbulence=turbulence)
    for along in (0.0, 1e-9, -1e-9, 9e-7):
        abreast = found(model, along)
        np.testing.assert_array_equal(abreast["wind_speed_effective"], 9.0)
        np.testing.assert_array_equal(abreast["turbulence_intensity_effective"], 0.08)
    behind = found(model, 1e-4)
    assert (behind["wind_speed_effective"][:, 0] == 9.0).all()
    assert (behind["wind_speed_effective"][:, 1] < 9.0).all()


@pytest.mark.parametrize("turbulence", sorted(set(TURBULENCES) - {"none"}))
@pytest.mark.parametrize("along", [2e-6, 1e-5, 8e-5, 1e-4, 2e-3])
def test_next_to_the_rotor_an_hour_alone_is_that_of_a_block(turbulence: str, along: float) -> None:
    model = WakeModel("own", "gaussian", turbulence=turbulence)
    alone, block = found(model, along), found(model, along, hours=40)
    for name in ("wind_speed_effective", "turbulence_intensity_effective"):
        np.testing.assert_allclose(block[name][:3], alone[name], rtol=1e-9)
