"""Settings that no run could follow, or that nothing would use, are refused by `check` and by `run` alike."""

import pytest

import testsite_sim as ts
from testsite_sim.cases.scenario import load_scenario
from testsite_sim.chain import prepare, simulate_scenario, summarise
from testsite_sim.common.errors import ConfigurationError

DAYS = {"weather.start": "2023-02-01", "weather.end": "2023-02-04", "economics.scale_to_year": "by-repetition"}
TEST_SITE = "flanders-wind-farm/test-site"


def refused(name: str, changes: dict[str, object], said: str) -> None:
    """Hold that a scenario is refused when it is loaded, or by `check` and `run` with one sentence."""
    try:
        case = ts.load(name, DAYS | changes)
    except ConfigurationError as error:
        assert said in str(error)
        return
    found = []
    for asked in (case.check, case.run):
        with pytest.raises(ConfigurationError) as error:
            asked()
        found.append(str(error.value))
    assert found[0] == found[1]
    assert said in found[0]


@pytest.mark.parametrize(
    ("strategy", "said"),
    [
        ({"name": "price-threshold", "produce_below": "90 EUR/MWh", "generate_above": "50 EUR/MWh"},
         "produce_below (90 EUR/MWh) lies above generate_above (50 EUR/MWh)"),
        ({"name": "imbalance", "produce_below": "90 EUR/MWh", "generate_above": "50 EUR/MWh"}, "both at once"),
        ({"name": "firm-band", "band": "11 MW"}, "strategy.band: 11 MW is wider than the plant can balance (10"),
        ({"name": "surplus", "reserve_level": "9000 kg"}, "dispatch.strategy.reserve_level: 9000 kg is more than"),
        ({"name": "surplus", "promised_power": "900 MW"}, "dispatch.strategy.promised_power: 900 MW is more than wind"),
    ],
)  # fmt: skip
def test_settings_beyond_the_plant_are_refused_by_check_and_run(strategy, said: str) -> None:
    refused(TEST_SITE, {"dispatch.strategy": strategy}, said)


def test_the_band_is_held_against_what_reserves_leave() -> None:
    offer = [{"product": "afrr-down", "power": "6 MW"}]
    stated = {"dispatch.reserves": offer, "dispatch.strategy": {"name": "firm-band", "band": "5 MW"}}
    refused("waterstof/balancing-capacity", stated, "5 MW is wider than the plant can balance (4 MW)")


@pytest.mark.parametrize("strategy", [{"produce_below": "900 EUR/MWh"}, {"generate_above": "-50 EUR/MWh"}])
def test_a_threshold_that_is_derived_gives_way_to_the_stated_one(strategy: dict[str, str]) -> None:
    case = ts.load(TEST_SITE, DAYS | {"dispatch.strategy": {"name": "price-threshold", **strategy}})
    case.check()
    plant = case.run().results["plant"].to_dataset()
    produces = "produce_below" in strategy
    assert float(plant["power_fuel_cells"].max()) == 0.0 if produces else float(plant["power_fuel_cells"].max()) > 0.0
    assert float(plant["power_electrolysers"].max()) > 0.0  # below the reserve the store is filled at any price


@pytest.mark.parametrize(
    ("name", "changes", "said"),
    [
        (TEST_SITE, {"grid.purchase_fee": "50 EUR/MWh"}, "grid.purchase_fee is due on what the grid brings"),
        ("waterstof/lillo-fuel-cell", {"dispatch.strategy": {"name": "self-consumption", "store_above_level": 0.5}},
         "dispatch.strategy.store_above_level is for `store` or `refuelling` or `pipeline`, and `plant` has none"),
        (TEST_SITE, {"plant.store": None, "grid.import_limit": "1 MW",
                     "dispatch.strategy": {"name": "self-consumption", "grid_import_below_level": 0.5}},
         "dispatch.strategy.grid_import_below_level is for `store` or `refuelling` or `pipeline`, and"),
        ("waterstof/lillo-fuel-cell", {"plant.side_streams.heat.electrolyser_usable": 0.5},
         "`side_streams.heat.electrolyser_usable` is for `electrolysers`, and `plant` has none; expected 0"),
    ],
)  # fmt: skip
def test_what_nothing_would_use_is_refused_by_its_name(name: str, changes, said: str) -> None:
    refused(name, changes, said)


@pytest.mark.parametrize(("economics", "warned"), [("demonstration", True), ("by-product", False)])
def test_the_cost_of_turbines_that_are_not_there_is_said_not_to_count(economics: str, *, warned: bool) -> None:
    changes = [f"{key}={value}" for key, value in (DAYS | {"economics": economics}).items() if "scale" not in key]
    scenario = load_scenario("waterstof/bus-depot-antwerp", [*changes, "economics.scale_to_year=by-repetition"])
    found = summarise(dict(simulate_scenario(prepare(scenario))))
    sentences = found.get("warnings", {}).get("sentences", [])
    assert any("economics.wind" in each for each in sentences) is warned


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"weather.profile": "monin-obukhov"}, "weather.profile: nothing would use what is stated, for the hubs"),
        ({"weather.shear_exponent": 0.1}, "lie between the levels of the record, 1 to 200 m; leave it out"),
        ({"weather.air_sea": "southern-north-sea"}, "weather.air_sea: nothing would use what is stated"),
        (
            {"wind.deflection": "gaussian-2016"},
            "wind.deflection: it is that of turbines that are turned out of the wind",
        ),
        ({"wind.curve_averaging": {"title": "none"}}, "nothing is averaged: state `within_interval` or"),
        ({"grid": {"import_limit": "0 MW", "purchase_fee": "5 EUR/MWh"}}, "without `grid.import_limit` above 0"),
        ({"operations.burn_in": "30 day"}, "`burn_in` belongs to `maintenance`, and changes nothing without it"),
        ({"ensemble": {"weather": {"kind": "years", "block": "7 day"}}}, "`block` belongs to `kind: blocks`"),
        ({"ensemble": {"weather": {"kind": "record", "window": "7 day"}}}, "`window` belongs to `kind: blocks`"),
        ({"ensemble": {"series_format": "zarr"}}, "`series_format` belongs to `keep_series`"),
    ],
)
def test_what_changes_nothing_is_refused(changes: dict[str, object], said: str) -> None:
    """The fault: each was taken, and every number stayed."""
    refused(TEST_SITE, changes, said)


def test_a_profile_without_turbines_is_refused() -> None:
    refused("waterstof/lillo-fuel-cell", {"weather.profile": "logarithmic"}, "there are no turbines")


@pytest.mark.parametrize(
    ("name", "key", "hour"),
    [
        ("waterstof/balancing-rolling-horizon", "dispatch.strategy.forecast.auction_hour", "36 hour"),
        (TEST_SITE, "weather.climate.wind.daily_peak", "25 hour"),
    ],
)
def test_a_time_of_the_day_lies_within_it(name: str, key: str, hour: str) -> None:
    refused(name, {key: hour}, f"{key}: found {hour!r}, out of bounds; expected a time of the day")


@pytest.mark.parametrize("stated", [{"operations.burn_in": "730 day"}, {"weather.profile": "power-law"}])
def test_a_default_that_is_stated_passes_as_in_a_resolved_scenario(stated: dict[str, str]) -> None:
    ts.load(TEST_SITE, DAYS | stated).check()
