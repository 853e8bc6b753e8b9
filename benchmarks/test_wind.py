"""Farm flow over a year of hours: `pytest benchmarks/test_wind.py --benchmark-only`."""

from functools import partial

import numpy as np
import pytest

from testsite_sim.configuration.farm import FarmConfiguration
from testsite_sim.configuration.loading import load_component
from testsite_sim.weather import at_hub_heights, open_record
from testsite_sim.wind import build_farm, farm_response, simulate_by_response, simulate_farm, storm_limits
from testsite_sim.wind.farm import Farm


def year(hours=8760):
    weather = at_hub_heights(open_record("hollandse-kust-noord-2023"), [100.0]).isel(height=0, time=slice(0, hours))
    return weather[["wind_speed", "wind_direction"]].drop_vars("height").assign(turbulence_intensity=0.08)


MODELS = ("bastankhah", "none", "noj", "niayifar_crespo", "niayifar_stf", "niayifar-2016", "nygaard-2022")


@pytest.mark.parametrize("model", MODELS)
def test_eighty_turbines(gauge, model):
    turbine = build_farm(load_component("farm", "test-site", FarmConfiguration)).turbines[-1]
    x, y = np.meshgrid(np.arange(10) * 880.0, np.arange(8) * 880.0)
    gauge(simulate_farm, Farm(x.ravel(), y.ravel(), turbine), year(), model, 1)


def test_belgian_zone(gauge):
    farm = build_farm(load_component("farm", "belgian-zone", FarmConfiguration))
    gauge(simulate_farm, farm, year(), "bastankhah", 1, rounds=5)


def test_storms(gauge):
    farm = build_farm(load_component("farm", "belgian-zone", FarmConfiguration))
    gauge(storm_limits, farm, year()["wind_speed"], 3.0)


def test_response_of_the_belgian_zone(gauge):
    farm = build_farm(load_component("farm", "belgian-zone", FarmConfiguration))
    response = farm_response(farm, direction_step=2.0, speed_step=0.5)
    gauge(partial(simulate_by_response, workers=1), farm, year(), response, rounds=5)
