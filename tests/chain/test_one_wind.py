"""Every wind of a scenario is made by one function: what is compared with a run, or compiled for it, sees its wind."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

import testsite_sim.chain.ahead
import testsite_sim.chain.annual
from testsite_sim.cases.scenario import load_scenario
from testsite_sim.chain import prepare
from testsite_sim.chain.annual import annual_of
from testsite_sim.chain.simulation import simulate_farm
from testsite_sim.weather import wind_at_hubs

WRONG = "{title: of a test, record: 1.05, months: [1, 1, 0.9, 1.1, 1, 1, 1, 1, 1, 1, 1, 1]}"
SHORT = (
    "weather.start=2023-03-30",
    "weather.end=2023-04-03",
    f"weather.wind_error={WRONG}",
    "economics.scale_to_year=by-climate",
)


def run_wind(prepared) -> xr.Dataset:
    return next(dataset for step, dataset in simulate_farm(prepared) if step == "weather")


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[xr.Dataset]:
    """Return what the one function gives to the scaling to a year and to compiling ahead."""
    found: list[xr.Dataset] = []

    def noted(*given, **named) -> xr.Dataset:
        found.append(wind_at_hubs(*given, **named))
        return found[-1]

    for place in (testsite_sim.chain.annual, testsite_sim.chain.ahead):
        monkeypatch.setattr(place, "wind_at_hubs", noted)
    return found


def opened(*overrides: str, profile: str = "power-law"):
    """Return an opened scenario whose records end below the hubs, so that the profile acts."""
    prepared = prepare(load_scenario("flanders-wind-farm/test-site", (*SHORT, *overrides)))
    low, year = (each.sel(height=slice(0.0, 100.0)) for each in (prepared.record, prepared.reference))
    weather = prepared.scenario.weather.model_copy(update={"profile": profile})
    scenario = prepared.scenario.model_copy(update={"weather": weather})
    return replace(prepared, scenario=scenario, record=low, reference=year)


@pytest.mark.parametrize("profile", ["power-law", "logarithmic"])
def test_the_year_that_a_period_is_scaled_to_has_the_wind_of_the_run(made, profile: str) -> None:
    prepared = opened(profile=profile)
    wind = run_wind(prepared)
    annual_of(prepared.scenario, prepared.turbines, prepared.record, wind, prepared.reference)
    (year,) = made
    assert year.sizes["time"] == 8760
    np.testing.assert_allclose(year["wind_speed"].sel(time=wind["time"]), wind["wind_speed"], rtol=1e-14)


def test_what_is_compiled_ahead_is_compiled_on_the_wind_of_the_run(made, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared = opened("wind.wake_model=none")
    monkeypatch.setattr(testsite_sim.chain.ahead, "prepare", lambda _: prepared)
    testsite_sim.chain.ahead.compile_wind(prepared.scenario)
    (ahead,) = made
    assert ahead.sizes["time"] == testsite_sim.chain.ahead.INTERVALS
    first = run_wind(prepared).isel(time=slice(0, ahead.sizes["time"]))
    xr.testing.assert_equal(ahead["wind_speed"], first["wind_speed"])
