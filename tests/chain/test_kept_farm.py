"""The chain cut between the farm and its plant: what is kept of the farm gives the same plant."""

from dataclasses import replace

import pytest
import xarray as xr

from testsite_sim.cases.scenario import load_scenario
from testsite_sim.chain import has_same_farm, prepare, simulate_farm, simulate_plant, simulate_scenario, with_price_of
from testsite_sim.chain.summary import summarise

WEEK = ("weather.start=2023-02-01", "weather.end=2023-02-08", "economics.scale_to_year=by-repetition")


def scenario(*overrides: str):
    return load_scenario("flanders-wind-farm/test-site", (*WEEK, *overrides))


@pytest.mark.parametrize(
    "change",
    [
        "plant.electrolysers.0.capacity=20 MW",
        "market.price=70 EUR/MWh",
        "economics.hydrogen_price=9 EUR/kg",
        "dispatch.strategy=surplus",
    ],
)
def test_a_changed_plant_on_the_kept_farm_is_the_same_as_in_a_whole_run(change):
    kept = dict(simulate_farm(prepare(scenario())))
    changed = prepare(scenario(change))
    assert has_same_farm(scenario(), scenario(change))
    farm = with_price_of(changed, kept)
    found = farm | dict(simulate_plant(changed, farm))
    whole = dict(simulate_scenario(changed))
    assert list(found) == list(whole)
    for step, dataset in whole.items():
        xr.testing.assert_identical(found[step], dataset)


@pytest.mark.parametrize("change", ["wind.wake_model=none", "operations.availability=0.9", "weather.end=2023-02-09"])
def test_a_change_before_the_plant_is_seen(change):
    assert not has_same_farm(scenario(), scenario(change))


def test_without_the_optimum_every_other_figure_is_the_same():
    prepared = prepare(scenario())
    whole = summarise(dict(simulate_scenario(prepared)))
    found = summarise(dict(simulate_scenario(replace(prepared, optimum=False))))
    compared = {"objective_value_optimum", "objective_value_over_optimum", "regret", "optimum_gap"}
    assert set(whole) - set(found) == compared
    assert found == {name: entry for name, entry in whole.items() if name not in compared}
