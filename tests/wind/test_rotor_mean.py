"""Wakes averaged over the rotor's disc equal the noncentral chi-squared distribution, with either induction."""

import numpy as np
import pytest
import xarray as xr
from scipy.stats import ncx2

from tests.wind.test_models import TURBINE
from testsite_sim.wind import Farm, Turbine, WakeModel, simulate_farm

K, CEPS = 0.04, 0.2


def _plainly(farm: Farm, speed: float, direction: float, of_madsen: bool) -> np.ndarray:
    """Return the effective wind speed of each turbine in one hour, by Gaussian wakes that are added up."""
    angle = np.radians(270.0 - direction)
    ahead = np.cos(angle) * np.asarray(farm.x) + np.sin(angle) * np.asarray(farm.y)
    aside = -np.sin(angle) * np.asarray(farm.x) + np.cos(angle) * np.asarray(farm.y)
    order, found = np.argsort(ahead), np.full(ahead.size, speed)
    hub, diameter = farm.per_turbine("hub_height"), farm.per_turbine("rotor_diameter")
    for position, j in enumerate(order):
        total = 0.0
        for i in order[:position]:
            source = farm.turbines[i]
            thrust = float(np.interp(found[i], source.wind_speed, source.thrust_coefficient, left=0.0, right=0.0))
            root = np.sqrt(1.0 - min(0.899, thrust))
            sigma = K * (ahead[j] - ahead[i]) + CEPS * np.sqrt((1.0 + root) / (2.0 * root)) * diameter[i]
            c = thrust * diameter[i] ** 2 / (8.0 * sigma**2)
            momentum = 1.0 - np.sqrt(1.0 - min(1.0, c))
            centre = min(1.0, 2.0 * c * (0.2460 + c * (0.0586 + c * 0.0883))) if of_madsen else momentum
            radius = 0.5 * diameter[j] / sigma
            offset = ((aside[j] - aside[i]) ** 2 + (hub[j] - hub[i]) ** 2) / sigma**2
            total += speed * centre * 2.0 / radius**2 * ncx2.cdf(radius**2, 2, offset)
        found[j] = speed - total
    return found


@pytest.mark.parametrize("hours", [5, 40])
@pytest.mark.parametrize(("deficit", "of_madsen"), [("gaussian-madsen-overlap", True), ("gaussian-overlap", False)])
def test_wakes_over_the_rotor_equal_the_exact_mean(deficit: str, of_madsen: bool, hours: int) -> None:
    generator = np.random.default_rng(3)
    taller = Turbine("taller", 120.0, 100.0, TURBINE.wind_speed, TURBINE.power, TURBINE.thrust_coefficient)
    x = np.array([0.0, 300.0, 700.0, 1100.0, 400.0, 900.0])
    y = np.array([0.0, 30.0, -40.0, 60.0, 400.0, 350.0])
    farm = Farm(x, y, [TURBINE, taller, TURBINE, taller, TURBINE, TURBINE])
    speed, direction = generator.uniform(5.0, 15.0, hours), generator.uniform(265.0, 275.0, hours)
    inflow = xr.Dataset({"wind_speed": ("time", speed), "wind_direction": ("time", direction)})
    model = WakeModel("own", deficit, "linear", expansion_rate=K, width_factor=CEPS)
    found = simulate_farm(farm, inflow, model)["wind_speed_effective"].to_numpy()
    expected = [_plainly(farm, *each, of_madsen) for each in zip(speed, direction, strict=True)]
    np.testing.assert_allclose(found, expected, rtol=1e-9)
