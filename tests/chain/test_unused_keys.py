"""A key that nothing uses for what else is stated: refused where it is stated, left out where a name brings it."""

from pathlib import Path
from typing import Any

import pytest

import testsite_sim as ts
from testsite_sim.configuration.loading import load_scenario_document
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.configuration.unused import checked_scenario

ROOT = Path(__file__).resolve().parents[2]
SITE, ZONE, DEPOT = "flanders-wind-farm/test-site", "flanders-wind-farm/belgian-zone", "waterstof/coastal-depot"
SETTLED = "waterstof/balancing-single-2020"
SHORT = {"weather.start": "2023-02-01", "weather.end": "2023-02-03", "economics.scale_to_year": "by-repetition"}


@pytest.mark.parametrize(
    ("name", "stated", "said"),
    [
        (DEPOT, {"location.turbulence_intensity": 0.1}, "location.turbulence_intensity: nothing would use it, for the"),
        (SITE, {"location.turbulence_intensity": 0.1}, "`weather.climate` brings the turbulence of every wind speed"),
        (SITE, {"economics.wind.other_operating": "40 EUR/kW/year"}, "`economics.wind.operating` is all of it"),
        (ZONE, {"economics.wind.operating": "90 EUR/kW/year"}, "economics.wind.operating: nothing would use it, for"),
        (ZONE, {"farm.groups.Rentel.commissioned": 2015}, "`farm.year` says which groups stand by it"),
        (ZONE, {"economics.hydrogen_price": "7 EUR/kg"}, "economics.hydrogen_price: nothing would use it, for no"),
        (DEPOT, {"economics.electricity_valuation": "levelised-cost"}, "it values the electricity of `electrolysers`"),
        (
            SETTLED,
            {"market.forecast.price_error": "20 EUR/MWh"},
            "market.forecast.price_error: nothing would use it, for",
        ),
        (SETTLED, {"market.forecast.auction_hour": "11 hour"}, "for a nomination is of wind power alone; leave it out"),
        (
            "waterstof/balancing-rolling-horizon",
            {"dispatch.strategy.forecast.kind": "perfect", "dispatch.strategy.forecast.growth": "6 hour"},
            "dispatch.strategy.forecast.growth: nothing would use it, for it is `kind: perfect`; leave it out",
        ),
        (ZONE, {"wind.neighbours.groups.Borssele III.commissioned": 2015}, "`wind.neighbours.year` says which"),
    ],
)
def test_a_key_that_is_stated_and_not_used_is_refused(name: str, stated: dict[str, Any], said: str) -> None:
    """The fault: each was taken, and every number stayed."""
    with pytest.raises(ts.ConfigurationError) as error:
        ts.load(name, stated).check()
    assert said in str(error.value)
    assert len(error.value.problems) == 1


def test_what_a_name_brings_and_nothing_uses_is_left_out_of_the_scenario() -> None:
    zone, before = ts.load(ZONE).scenario, ts.load("flanders-wind-farm/belgian-zone-2015").scenario
    assert zone.location.turbulence_intensity is None
    assert zone.money.wind is not None
    assert zone.money.wind.operating is None
    assert not any(group.commissioned for group in zone.wind_farm.farm.groups.values())
    assert all(group.commissioned for group in before.wind_farm.farm.groups.values())


def test_what_is_used_once_something_else_is_left_out_is_kept() -> None:
    scenario = ts.load(SITE, {"weather.climate": None}).scenario
    assert scenario.location.turbulence_intensity == 0.083
    carried = ts.load(SITE, {"wind.curve_averaging": {"title": "to the site", "curve_turbulence": 0.08}}).scenario
    assert carried.location.turbulence_intensity == 0.083


def test_a_scenario_as_it_was_resolved_runs_again(tmp_path: Path) -> None:
    case = ts.load(DEPOT, SHORT)
    file = tmp_path / "again.yaml"
    file.write_text(case.resolved(), encoding="utf-8")
    again = ts.load(str(file))
    again.check()
    assert again.resolved() == case.resolved()


def test_a_turbulence_that_nothing_states_is_asked_for() -> None:
    without = {"weather.climate": None, "location.turbulence_intensity": None}
    with pytest.raises(ts.TestsiteError, match=r"location\.turbulence_intensity is missing, and the weather has none"):
        ts.load(SITE, without).check()


def test_the_costs_of_operation_that_are_counted_are_asked_for() -> None:
    with pytest.raises(ts.ConfigurationError, match=r"`economics\.wind\.operating` is missing"):
        ts.load(SITE, {"economics.wind.operating": None})


@pytest.mark.parametrize("key", ["hydrogen_price", "electricity_valuation"])
def test_what_a_plant_prices_hydrogen_by_is_asked_for(key: str) -> None:
    with pytest.raises(ts.ConfigurationError, match=rf"`economics\.{key}` is missing"):
        ts.load(SITE, {f"economics.{key}": None})


def test_what_a_forecast_is_made_of_is_asked_for() -> None:
    with pytest.raises(ts.ConfigurationError, match=r"`kind: modelled` wants `forecast\.growth`"):
        ts.load(SETTLED, {"market.forecast.growth": None})
    key = "dispatch.strategy.forecast"
    with pytest.raises(ts.ConfigurationError, match=r"`kind: persistence` wants `forecast\.auction_hour`"):
        ts.load("waterstof/balancing-rolling-horizon", {key: {"title": "as now", "kind": "persistence"}})
    perfect = ts.load("waterstof/balancing-rolling-horizon", {key: {"title": "all", "kind": "perfect"}})
    assert perfect.scenario.dispatch.strategy.forecast.kind == "perfect"


def test_of_a_sweep_a_key_may_be_that_of_some_scenarios_alone() -> None:
    swept = {"weather.climate": ["flemish-site", None]}
    case = ts.load(SITE, {**SHORT, "location.turbulence_intensity": 0.07})
    case.sweep(swept).check()
    with pytest.raises(ts.ConfigurationError, match=r"`weather\.climate` brings the turbulence"):
        ts.load(SITE, SHORT).sweep({"location.turbulence_intensity": [0.06, 0.08]}).check()


def test_the_plants_of_a_study_are_checked_alike() -> None:
    """The study reads its scenarios by itself, and runs them."""
    document, _ = load_scenario_document(DEPOT, Scenario)
    assert checked_scenario(document) == ts.load(DEPOT).scenario
    readers = [path.read_text(encoding="utf-8") for path in (ROOT / "testsite_sim").rglob("*.py")]
    assert sum("checked(Scenario" in text for text in readers) == 1
