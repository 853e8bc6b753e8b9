"""The page shows what a run of the command line writes, and does not simulate the wind for a change of the plant."""

import pytest

from testsite_sim.cases.scenario import read_scenario
from testsite_sim.economics.breakdown import cost_parts
from testsite_sim.explore.answers import answer, answers, completed
from testsite_sim.explore.changes import Changes, changed_case
from testsite_sim.explore.flow import WindAt, axes_of, map_of, prevailing_wind, wind_at

WEEK = ("weather.start=2023-02-01", "weather.end=2023-02-08", "economics.scale_to_year=by-repetition")
NAME = "flanders-wind-farm/test-site"


@pytest.fixture(scope="module")
def base():
    return read_scenario(NAME, WEEK)


@pytest.fixture(scope="module")
def first(base):
    return answer(base)


def test_a_completed_answer_is_the_summary_of_a_run(base, first):
    assert completed(first).summary == base.run().summary.entries


def test_before_it_is_complete_an_answer_lacks_the_comparison_with_the_best_alone(first):
    whole = completed(first)
    assert set(whole.summary) - set(first.summary) == {
        "objective_value_optimum",
        "objective_value_over_optimum",
        "regret",
        "optimum_gap",
    }
    assert {name: whole.summary[name] for name in first.summary} == first.summary


@pytest.mark.parametrize(
    "amounts",
    [{"plant.electrolysers.0.capacity": "20 MW"}, {"market.price": "70 EUR/MWh"}, {"economics.discount_rate": "5 %"}],
)
def test_a_change_of_the_plant_keeps_the_wind_and_gives_what_a_run_gives(base, first, amounts):
    case = changed_case(base, Changes(amounts=amounts))
    found = answer(case, first)
    assert found.kept_farm
    assert found.steps["wind"] is first.steps["wind"]
    assert completed(found).summary == case.run().summary.entries


def test_a_change_of_the_farm_simulates_the_wind_again(base, first):
    case = changed_case(base, Changes({"wind.wake_model": "jensen-1983"}))
    found = answer(case, first)
    assert not found.kept_farm
    assert found.summary["wake_loss"] != first.summary["wake_loss"]
    assert completed(found).summary == case.run().summary.entries


def test_the_uncertainty_of_the_energy_comes_when_all_else_is_there_and_is_kept_with_the_farm():
    base = read_scenario(NAME, (*WEEK, "wind.uncertainty=offshore"))
    found = answer(base)
    assert "annual_energy_p90" not in found.summary
    assert not found.is_complete
    whole = completed(found)
    assert whole.summary == base.run().summary.entries
    assert whole.summary["annual_energy_p90"]["value"] < whole.summary["annual_energy_production"]["value"]
    changed = answer(changed_case(base, Changes(amounts={"plant.electrolysers.0.capacity": "20 MW"})), whole)
    assert changed.steps["wind"] is whole.steps["wind"]
    assert "annual_energy_p90" in changed.summary


def test_one_answer_does_not_change_another(base, first):
    before = {name: dict(entry) for name, entry in first.summary.items()}
    answer(changed_case(base, Changes(amounts={"market.price": "0 EUR/MWh"})), first)
    assert first.summary == before
    assert first.steps["weather"]["day_ahead_price"].max() > 0.0


@pytest.mark.parametrize("name", [NAME, "waterstof/bus-depot-antwerp"])
def test_the_parts_of_a_cost_add_up_to_it(name):
    found = answer(read_scenario(name, WEEK))
    rate = float(found.case.scenario.money.discount_rate)
    costs = cost_parts(found.steps["economics"], rate)
    assert costs
    for cost in costs:
        assert sum(cost.parts.values()) == pytest.approx(found.summary[cost.name]["value"], rel=1e-12)
        assert cost.units == found.summary[cost.name]["units"]


def test_the_map_shows_the_wind_that_is_asked_for_with_wakes_downwind(first):
    wind = WindAt(9.0, 270.0)
    flow = map_of(first.prepared, first.steps["weather"], wind)["wind_speed"]
    assert float(flow.max()) == pytest.approx(9.0, rel=1e-3)
    assert float(flow.min()) < 7.0
    x, y = axes_of(first.prepared.farm)
    assert (flow.sizes["x"], flow.sizes["y"]) == (x.size, y.size)
    assert float(flow.isel(x=0).min()) == pytest.approx(9.0, rel=1e-3)  # upwind


def test_the_wind_of_a_time_is_that_of_the_record(first):
    weather = first.steps["weather"]
    wind = wind_at(weather, 5)
    assert wind.speed == pytest.approx(float(weather["wind_speed"].isel(time=5).mean()))
    assert 0.0 <= prevailing_wind(weather).direction < 360.0


@pytest.mark.parametrize(
    ("name", "amounts"),
    [
        ("waterstof/halle-station", {"plant.fuel_cells.0.capacity": "60 kW"}),
        ("waterstof/offshore-hydrogen", {"grid.export_limit": "37 MW"}),
    ],
)
def test_a_plant_that_ages_or_has_pressures_shows_its_first_year_and_then_what_a_run_gives(name, amounts):
    base = read_scenario(name)
    case = changed_case(base, Changes(amounts=amounts))
    year, whole = answers(case, answer(base))
    assert (year.has_life, whole.has_life) == (False, True)
    assert "economics" not in year.steps
    later = {"hydrogen_by_lifetime", "warnings"}
    same = {name for name in year.summary if name in whole.summary and year.summary[name] == whole.summary[name]}
    assert set(year.summary) - later <= same
    assert {"hydrogen_produced", "wake_loss", "capacity_factor"} <= set(year.summary)
    assert completed(whole).summary == case.run().summary.entries


def test_the_weather_that_is_kept_is_that_of_the_scenario(base, first):
    other = answer(changed_case(base, Changes(amounts={"weather.end": "2023-02-05"})), first)
    assert not other.kept_farm
    assert other.steps["plant"].sizes["time"] == 4 * 24
    assert answer(base, other).summary == first.summary


def test_of_a_farm_whose_losses_need_more_flows_its_power_comes_first_and_then_what_each_loss_takes():
    """The first stage has what the whole has: losses alone are added, and nothing changes."""
    base = read_scenario(NAME, (*WEEK, "wind.blockage=self-similar-2017"))
    early, whole = (found for found in answers(base) if found.has_life)
    assert (early.has_losses, whole.has_losses) == (False, True)
    assert not early.is_complete
    assert "wake_loss" not in early.summary
    assert {name for name in set(whole.summary) - set(early.summary) if "loss" not in name} == {"availability_energy"}
    assert {name: whole.summary[name] for name in early.summary} == early.summary
    expected = base.run().summary.entries
    assert completed(whole).summary == expected
    assert completed(early).summary == expected
    change = changed_case(base, Changes(amounts={"plant.electrolysers.0.capacity": "20 MW"}))
    assert answer(change, early).summary == answer(change, whole).summary


def test_what_the_chain_warns_of_is_kept_with_the_farm_that_it_is_of():
    """A layout that stands too near is simulated, and said to: also once the plant alone changes, and not after."""
    base = read_scenario(NAME, (*WEEK, "farm=belgian-zone", "wind.neighbours=borssele"))
    assert answer(base).remarks == ()
    near = Changes(amounts={"layout.rotation": "90 degree"})
    found = answer(changed_case(base, near))
    said = "a turbine and one of the neighbours stand 0.53 rotor diameters apart"
    assert [said in each for each in found.remarks] == [True]
    larger = Changes(near.choices, {**near.amounts, "plant.electrolysers.0.capacity": "20 MW"})
    kept = answer(changed_case(base, larger), found)
    assert kept.kept_farm
    assert kept.remarks == completed(kept).remarks == found.remarks
    assert answer(base, kept).remarks == ()


@pytest.mark.parametrize(
    ("name", "amounts"),
    [
        (NAME, {"plant.electrolysers.0.cost.capital": "1200 EUR/kW", "economics.discount_rate": "4 %"}),
        (NAME, {"plant.store.cost.operating": "2 %/year", "economics.salvage": "10 %"}),
        ("waterstof/halle-station", {"plant.refuelling.station.cost.operating": "7 %/year"}),
    ],
)
def test_other_costs_keep_the_plant_and_give_what_a_run_gives(name, amounts):
    base = read_scenario(name, WEEK)
    change, begun = changed_case(base, Changes(amounts=amounts)), answer(base)
    expected = change.run().summary.entries
    for first in (begun, completed(begun)):
        (found,) = answers(change, first)
        assert found.kept_plant
        assert completed(found).summary == expected


def test_what_a_plant_is_run_by_keeps_no_plant(base, first):
    for amounts in ({"economics.hydrogen_price": "9 EUR/kg"}, {"economics.lifetime": "20 year"}):
        assert not answer(changed_case(base, Changes(amounts=amounts)), first).kept_plant


def test_what_is_compared_with_nothing_is_completed_by_how_sure_it_is_alone():
    period = ("weather.start=2023-05-01", "weather.end=2023-07-01", "economics.scale_to_year=by-repetition")
    base = read_scenario("flanders-wind-farm/belgian-zone", period)
    found = answer(base)
    whole = completed(found)
    assert not found.is_complete
    assert whole.steps["plant"] is found.steps["plant"]
    expected = base.run().summary.entries
    assert whole.summary == expected
    assert list(whole.summary) == list(expected)
