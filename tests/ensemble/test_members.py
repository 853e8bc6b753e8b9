"""A member is a pure function of scenario, root seed and number."""

import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import testsite_sim as ts
from tests.ensemble.small import run, scenario
from testsite_sim.cases.scenario import load_scenario
from testsite_sim.chain import prepare, simulate_scenario, summarise
from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.configuration.base import quantities
from testsite_sim.configuration.ensemble import Ensemble, MemberWeather
from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.weather_climate import WeatherClimate
from testsite_sim.ensemble.draws import LatinDraws, SobolDraws
from testsite_sim.ensemble.member_weather import member_weather
from testsite_sim.ensemble.members import MemberRunner
from testsite_sim.ensemble.plan import plan_members
from testsite_sim.ensemble.results import ensemble_results
from testsite_sim.ensemble.statistics import Output
from testsite_sim.ensemble.variation import ContradictionError, seed_paths, varied_quantities, with_draw, with_values
from testsite_sim.weather import open_record, open_weather, opening, wind_at_hubs
from testsite_sim.weather.long_term import mapping_of

RECORD = open_record("hollandse-kust-noord-2023")
DECADES = open_record("north-sea-58n-1994-2023")


def test_member_0_is_the_scenario_as_it_stands() -> None:
    plain = scenario("ensemble={}")
    alone = summarise(dict(simulate_scenario(prepare(plain))))
    assert MemberRunner(plan_members(plain)).summary(0)[0] == alone


def test_the_weather_of_member_0_takes_the_climate_before_it_is_cut_as_that_of_the_scenario_does() -> None:
    plain = scenario("weather.climate=flemish-site")
    record = MemberRunner(plan_members(plain, members=2)).member(0).record
    xr.testing.assert_equal(record, open_weather(plain.weather))
    assert record.sizes["time"] == 72


@pytest.mark.parametrize("kept", [(), ("plant/price",)])
def test_member_0_is_simulated_once_where_no_series_of_it_is_kept(
    kept: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done, simulated = MemberRunner.summary, list[int]()

    def counted(runner: MemberRunner, number: int, **options: bool) -> object:
        simulated.append(number)
        return done(runner, number, **options)

    monkeypatch.setattr(MemberRunner, "summary", counted)
    plan = plan_members(scenario(f"ensemble.keep_series=[{', '.join(kept)}]"), members=2)
    run(tmp_path / "run", plan=plan)
    assert simulated == ([0, 1, 2] if not kept else [0, 0, 1, 2])
    members = ts.open_run(tmp_path / "run").results["members"]
    assert float(members["capacity_factor"][0]) == done(MemberRunner(plan), 0)[0]["capacity_factor"]["value"]


def test_a_draw_of_the_shear_takes_the_mapping_of_the_record_and_gives_what_a_mapping_anew_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plan = plan_members(scenario("weather.climate=flemish-site", "economics.scale_to_year=null"), members=3)
    runner = MemberRunner(plan)
    runner.member(0)
    mapped = list[object]()
    monkeypatch.setattr(opening, "mapping_of", lambda *given: mapped.append(given) or mapping_of(*given))
    for number in (1, 2):
        member = runner.member(number)
        assert not mapped
        xr.testing.assert_identical(
            member.record.drop_attrs(deep=False).drop_vars("day_ahead_price"),
            member_weather(open_weather(member.scenario.weather), plan.ensemble.weather, plan.ensemble.seed, number)
            .drop_attrs(deep=False)
            .drop_vars("day_ahead_price"),
        )
        assert len(mapped) == 1
        mapped.clear()


def test_members_are_the_same_in_any_order_and_differ_from_each_other() -> None:
    plan = plan_members(scenario(), members=4)
    outputs = tuple(MemberRunner(plan).summary(0)[0])
    forward, backward = MemberRunner(plan), MemberRunner(plan)
    there = {k: forward.run(k, outputs).values for k in (1, 2, 3)}
    for k in (3, 1, 2):
        np.testing.assert_array_equal(backward.run(k, outputs).values, there[k])
    assert len({values.tobytes() for values in there.values()}) == 3
    other = MemberRunner(plan_members(scenario("ensemble.seed=5"), members=4)).run(1, outputs)
    assert other.values.tobytes() != there[1].tobytes()


def test_every_seed_of_the_scenario_varies_and_member_0_keeps_it() -> None:
    plain = load_scenario(
        "waterstof/balancing-rolling-horizon", ["market.imbalance=single-2020", "market.forecast=day-ahead"]
    )
    assert set(seed_paths(plain)) == {"dispatch.strategy.seed", "market.imbalance.seed"}
    runner = MemberRunner(plan_members(plain, members=3))
    seeds = [runner.member(k).scenario.market.imbalance.seed for k in range(4)]  # type: ignore[union-attr]
    assert seeds[0] == 0
    assert len(set(seeds)) == 4


def test_a_strategy_that_looks_at_no_forecast_has_no_seed_to_draw() -> None:
    assert not [path for path in seed_paths(scenario()) if path.startswith("dispatch")]
    rolling = scenario("dispatch.strategy=rolling-horizon")
    assert "dispatch.strategy.seed" in set(seed_paths(rolling))


def test_a_contradiction_comes_back_whole_from_another_process() -> None:
    low = {"plant.store.initial_level": 0.05, "plant.store.minimum_level": 0.15}
    with pytest.raises(ContradictionError) as caught:
        with_values(scenario(), low)
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.path) == (str(caught.value), "plant.store")


def test_draws_stay_in_their_ranges_and_an_ensemble_can_grow() -> None:
    varied = varied_quantities(scenario(), ("economics.*",), ())
    few, many = SobolDraws(varied, 3), SobolDraws(varied, 3)
    for k in range(1, 200):
        values = few.values(k)
        for each in varied:
            assert each.low <= values[each.path] <= each.high
        assert values == many.values(k)
    far = many.values(5000)
    assert far == SobolDraws(varied, 3).values(5000)
    mean = np.mean([few.values(k)[varied[1].path] for k in range(1, 1025)])
    triangular = (varied[1].low + varied[1].value + varied[1].high) / 3.0
    assert mean == pytest.approx(triangular, rel=1e-3)
    latin = LatinDraws(varied, 64, 3)
    ranks = np.sort([latin.values(k)[varied[1].path] for k in range(1, 65)])
    assert np.unique(ranks).size == 64


def test_patterns_choose_what_varies_and_a_wrong_one_is_reported() -> None:
    plain = scenario()
    everything = {each.path for each in varied_quantities(plain, ("*",), ())}
    held = {each.path for each in varied_quantities(plain, ("*",), ("economics.*",))}
    assert everything - held == {path for path in everything if path.startswith("economics.")}
    with pytest.raises(ConfigurationError, match=r"Nearest: economics\.discount_rate"):
        varied_quantities(plain, ("economics.discount_rat",), ())


def test_the_profile_over_sea_and_the_averaging_of_curves_vary_with_the_members() -> None:
    plain = scenario(
        "weather.profile=monin-obukhov",
        "weather.air_sea=southern-north-sea",
        "wind.curve_averaging=hourly-from-the-coast",
    )
    paths = {each.path for each in varied_quantities(plain, ("weather.*", "wind.curve_averaging.*"), ())}
    assert {
        "weather.air_sea.offset",
        "weather.air_sea.sea.mean",
        "weather.air_sea.difference.spread",
        "weather.air_sea.boundary_layer",
        "weather.air_sea.roughness_factor",
        "wind.curve_averaging.between_places.constant",
    } <= paths
    level = RECORD.isel(time=slice(0, 48)).sel(height=[50.0]).drop_vars("air_temperature")

    def hub(**draw: float) -> float:
        drawn = with_values(plain, {f"weather.{path}": value for path, value in draw.items()})
        return float(wind_at_hubs(drawn.weather, level, [100.0])["wind_speed"].mean())

    assert hub(**{"air_sea.offset": 0.7}) > hub(**{"air_sea.offset": -0.7})
    assert hub(**{"air_sea.roughness_factor": 1.3}) > hub(**{"air_sea.roughness_factor": 0.8})


def test_values_are_put_in_by_path_and_checked() -> None:
    plain = scenario()
    changed = with_values(plain, {"economics.discount_rate": 0.055, "plant.store.capacity": 4000.0})
    found = dict(quantities(changed))
    assert float(found["economics.discount_rate"]) == 0.055
    assert float(found["plant.store.capacity"]) == 4000.0
    assert changed.farm is plain.farm
    assert float(dict(quantities(plain))["economics.discount_rate"]) != 0.055


def test_draws_that_contradict_each_other_are_pulled_towards_the_scenario() -> None:
    low = {"plant.store.initial_level": 0.05, "plant.store.minimum_level": 0.15}
    tank = with_draw(scenario(), low, {}).plant.store  # type: ignore[union-attr]
    assert tank.minimum_level <= tank.initial_level  # type: ignore[union-attr]
    assert float(tank.initial_level) == pytest.approx(0.275)  # type: ignore[union-attr]


def test_the_draws_that_are_kept_are_those_that_the_members_ran_with() -> None:
    # A tank whose draws contradict each other in many members, and a lifetime, which is in whole years.
    level = "{value: 0.12, source: mine, range: [0.05, 0.2]}"
    plain = scenario(
        f"plant.store.initial_level={level}",
        f"plant.store.minimum_level={level.replace('0.12', '0.1')}",
        "economics.lifetime={value: 20 year, source: mine, range: [15 year, 25 year]}",
    )
    plan = plan_members(plain, members=8)
    runner, outputs = MemberRunner(plan), [Output("rate", "1", "a rate")]
    draws = ensemble_results(plan, outputs, np.zeros((9, 1)))["draws"]
    raw = [runner.draws.values(number) for number in range(1, 9)]
    assert any(each["plant.store.initial_level"] < each["plant.store.minimum_level"] for each in raw)
    for number in range(1, 9):
        ran = {path: float(each) for path, each in quantities(runner.member(number).scenario)}
        kept = {str(path): float(each[number]) for path, each in draws.data_vars.items()}
        assert kept == {path: ran[path] for path in kept}


def weekday(stamps: np.ndarray) -> np.ndarray:
    return (stamps.astype("datetime64[D]").astype(int) + 3) % 7


def test_blocks_keep_season_hour_and_weekday() -> None:
    how = MemberWeather(kind="blocks")
    numbered = RECORD.assign(place=("time", np.arange(RECORD.sizes["time"])))
    made = member_weather(numbered, how, 1, 5)
    taken = made["place"].to_numpy()
    assert made.sizes["time"] == 8760
    np.testing.assert_array_equal(made["time"], RECORD["time"])
    assert (taken % 24 == np.arange(8760) % 24).all()
    apart = np.abs((taken - np.arange(8760) + 4380) % 8760 - 4380) / 24.0
    assert apart.max() <= 28.0
    inside = np.diff(taken) == 1
    assert inside.mean() > 0.99
    stamps = RECORD["time"].to_numpy()
    same = weekday(stamps[taken]) == weekday(stamps)
    assert same.mean() > 0.85  # apart from blocks that go round the end of the year
    assert not np.array_equal(taken, member_weather(numbered, how, 1, 6)["place"])
    np.testing.assert_array_equal(taken, member_weather(numbered, how, 1, 5)["place"])


def test_blocks_of_decades_come_from_all_years_and_years_are_whole() -> None:
    numbered = DECADES.assign(place=("time", np.arange(DECADES.sizes["time"])))
    taken = member_weather(numbered, MemberWeather(kind="blocks"), 1, 3)["place"].to_numpy()
    assert taken.size == 8760
    assert np.unique(taken // 8766).size > 10
    years = {
        str(member_weather(DECADES, MemberWeather(kind="years"), 1, k)["time"].to_numpy()[0])[:4] for k in range(1, 60)
    }
    assert len(years) > 20
    with pytest.raises(DataError, match="wants a record of two years or more"):
        member_weather(RECORD, MemberWeather(kind="years"), 1, 1)


def test_the_generator_gives_a_year_of_its_climate() -> None:
    climate = load_component("climate", "flemish-site", WeatherClimate)
    how = MemberWeather(kind="generator", climate=climate)
    first, second = (member_weather(RECORD, how, 1, k) for k in (1, 2))
    assert isinstance(first, xr.Dataset)
    assert "day_ahead_price" in first
    assert not np.array_equal(first["wind_speed"], second["wind_speed"])
    plain = scenario("ensemble={weather: {kind: generator, climate: flemish-site}}", "ensemble.vary=[]")
    runner = MemberRunner(plan_members(plain, members=2))
    assert runner.member(1).record.sizes["time"] in (8760, 8784)
    bare = MemberWeather(kind="generator", climate=climate.model_copy(update={"price": None}))
    assert "day_ahead_price" not in member_weather(RECORD, bare, 1, 1)


def test_a_climate_needs_a_price_only_where_the_market_states_none() -> None:
    climate = load_component("climate", "flemish-site", WeatherClimate).model_copy(update={"price": None})
    how = MemberWeather(kind="generator", climate=climate)

    def member(*overrides: str) -> xr.Dataset:
        plan = plan_members(
            scenario("ensemble={weather: {kind: generator, climate: flemish-site}, vary: []}", *overrides), members=2
        )
        weathered = replace(plan, ensemble=plan.ensemble.model_copy(update={"weather": how}))
        return MemberRunner(weathered).member(1).record

    with pytest.raises(DataError, match=r"no `price`.* or state one price"):
        member()
    priced = member("market={price: 60 EUR/MWh}")["day_ahead_price"]
    np.testing.assert_allclose(priced, 60.0 / 3.6e9, rtol=1e-12)


def test_the_section_of_the_ensemble_is_checked() -> None:
    with pytest.raises(ConfigurationError, match="wants a `climate`"):
        scenario("ensemble={weather: {kind: generator}}")
    with pytest.raises(ConfigurationError, match="unknown key 'sampels'"):
        scenario("ensemble={sampels: 4}")
    assert Ensemble().members == 100


WEEKS = {"weather.start": "2023-02-01", "weather.end": "2023-03-01", "economics.scale_to_year": "by-repetition"}


def test_a_window_that_reaches_no_other_week_is_refused() -> None:
    """The fault: below seven days every member of a year had the record as it is, without a word."""
    case = ts.load("waterstof/balancing", WEEKS | {"ensemble": {"weather": {"window": "6 day"}}})
    for asked in (case.check, case.run):
        with pytest.raises(ConfigurationError, match=r"window: 6 days reach no other week .* expected 7 day or more"):
            asked()
    ts.load("waterstof/balancing", WEEKS | {"ensemble": {"weather": {"window": "7 day"}}}).check()


def test_of_a_record_of_days_it_is_said_that_no_member_has_another_weather() -> None:
    said: list[str] = []
    days = ts.load("waterstof/balancing", WEEKS | {"weather.end": "2023-02-04", "weather.climate": None})
    days.ensemble(members=1).run(log=said.append)
    assert [each for each in said if "ensemble.weather: the weather of every member is that of the record" in each]
    said.clear()
    ts.load("waterstof/balancing", WEEKS).ensemble(members=1).run(log=said.append)
    assert not [each for each in said if "ensemble.weather" in each]


def _priced(*more: str) -> MemberRunner:
    price = 'market.price={value: "80 EUR/MWh", source: a contract, range: ["50 EUR/MWh", "200 EUR/MWh"]}'
    return MemberRunner(plan_members(scenario(price, *more), members=3))


@pytest.mark.parametrize("climate", ["null", "flemish-site"])
@pytest.mark.parametrize("kind", ["blocks", "record"])
def test_every_member_sells_at_the_price_that_was_drawn_for_it(kind: str, climate: str) -> None:
    # The record has prices of its own, and a climate whose wind is drawn makes it anew for every member.
    runner = _priced(f"ensemble.weather.kind={kind}", f"weather.climate={climate}")
    drawn = {0: float(runner.plan.scenarios[0].sale.price or 0.0)}
    drawn |= {number: float(runner.draws.values(number)["market.price"]) for number in (1, 2, 3)}
    assert len(set(drawn.values())) == 4
    for number, price in drawn.items():
        assert set(runner.member(number).record["day_ahead_price"].to_numpy()) == {price}


@pytest.mark.parametrize("kind", ["blocks", "generator", "record"])
def test_a_generated_year_refers_to_the_mean_of_its_own_prices(kind: str) -> None:
    terms = "sides: two-sided, strike: 90 EUR/MWh, paid_on: production, reference: year"
    market = f"dispatch.contracts=[{{title: mine, kind: contract-for-difference, {terms}}}]"
    section = f"ensemble={{members: 1, weather: {{kind: {kind}{', climate: flemish-site' * (kind == 'generator')}}}}}"
    runner = MemberRunner(plan_members(scenario(market, section), members=1))
    assert [runner.member(number).prices is None for number in (0, 1)] == [False, kind == "generator"]


def test_generated_years_next_to_days_are_refused_unless_the_days_are_scaled_to_a_year() -> None:
    section = "ensemble={members: 1, weather: {kind: generator, climate: flemish-site}}"
    refused = MemberRunner(plan_members(scenario(section, "economics.scale_to_year=null"), members=1))
    with pytest.raises(ConfigurationError, match="makes whole years, and the scenario has 3 days"):
        refused.check()
    MemberRunner(plan_members(scenario(section), members=1)).check()


def test_of_generated_years_it_is_said_which_ranges_of_a_climate_move_nothing() -> None:
    section = "ensemble={members: 1, weather: {kind: generator, climate: flemish-site}}"
    plan = plan_members(scenario(section, "weather.climate=flemish-site"), members=1)
    (note,) = MemberRunner(plan).check()
    assert "ensemble.weather.climate.wind.shear_exponent" in note
    assert ", weather.climate.wind.shear_exponent" in note
    assert MemberRunner(plan_members(scenario(), members=1)).check() != [note]


def test_a_wind_error_of_the_whole_record_needs_no_months() -> None:
    stated = "weather.wind_error={title: mine, source: mine, record: {value: 1, range: [0.9, 1.1], source: mine}}"
    months = ", ".join(["1"] * 12)
    both = [
        MemberRunner(plan_members(scenario(each), members=2))
        for each in (stated, f"{stated[:-1]}, months: [{months}]}}")
    ]
    assert both[0].plan.scenarios == both[1].plan.scenarios
    drawn = [float(both[0].draws.values(number)["weather.wind_error.record"]) for number in (1, 2)]
    assert len({*drawn, 1.0}) == 3


def test_without_the_optimum_members_are_the_same_but_for_their_regret() -> None:
    stated = (
        "ensemble.weather.kind=record",
        'market.price={value: "80 EUR/MWh", source: a, range: ["50 EUR/MWh", "90 EUR/MWh"]}',
    )
    found = []
    for optimum in ("true", "false"):
        runner = MemberRunner(plan_members(scenario(*stated, f"ensemble.optimum={optimum}"), members=1))
        found.append({name: entry["value"] for name, entry in runner.summary(1)[0].items()})
    assert set(found[0]) - set(found[1]) == {
        "objective_value_optimum",
        "objective_value_over_optimum",
        "optimum_gap",
        "regret",
    }
    assert {name: found[0][name] for name in found[1]} == found[1]
