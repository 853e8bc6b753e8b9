"""Demand, hydrogen, money, CO2 and jobs of the study Waterstof add up, follow their inputs and meet what is known."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from tests.studies.waterstof.loading import central, load, plants_of, simulate
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.ensemble.assumptions import draw
from testsite_sim.studies.framework.members import draw_members
from testsite_sim.studies.framework.uncertainty import percentiles, study_assumptions
from testsite_sim.studies.waterstof.configuration.study import Waterstof
from testsite_sim.studies.waterstof.model import simulate_waterstof


@pytest.fixture(scope="module")
def study() -> Waterstof:
    return load("prices=null")  # calculations by hand are in the prices in which the inputs are stated


@pytest.fixture(scope="module")
def results(study: Waterstof) -> xr.Dataset:
    return simulate(study, draw(study_assumptions(study), 64, 3))


def test_a_bus_is_at_parity_with_diesel_at_5_2_euro_per_kilogram() -> None:
    found = central(
        load("prices=null", "markets.bus.life=20 year")
    )  # the life of RHEIA (Belgium), whose figures give the known price
    assert float(found["bus_parity_price"]) == pytest.approx(5.2, abs=0.02)


def test_hydrogen_adds_up_over_markets_and_sources(results: xr.Dataset) -> None:
    total = results["demand"].sum("application")
    np.testing.assert_allclose(results["demand_by_market"].sum("market"), total, rtol=1e-12)
    supplied = results["hydrogen_by_product"] + results["hydrogen_electrolysis"]
    np.testing.assert_allclose(supplied, total, rtol=1e-12, atol=1e-9)
    np.testing.assert_allclose(results["demand"], results["stock"] * results["mass_per_unit"], rtol=1e-12)


def test_members_do_not_depend_on_each_other(study: Waterstof) -> None:
    drawn = draw(study_assumptions(study), 12, 5)
    whole = simulate(study, drawn)
    part = simulate(study, {name: values[7:9] for name, values in drawn.items()})
    for name in ("demand", "cumulative_cash", "cluster_worth", "valley_length", "market_score"):
        np.testing.assert_allclose(part[name], whole[name].isel(member=slice(7, 9)), rtol=1e-12)


def test_money_adds_up_over_items_and_years(results: xr.Dataset) -> None:
    np.testing.assert_allclose(results["cash_flow"].sum("cash_item"), results["cash_flow_total"], rtol=1e-9, atol=1e-3)
    np.testing.assert_allclose(results["public_flow"].sum("public_item"), results["public_cost"], rtol=1e-9, atol=1e-3)
    for horizon in results["horizon"].to_numpy():
        part = results.isel(year=(results["horizon_of_year"] == horizon).to_numpy())
        summed = part["cash_flow_total"].cumsum("year")
        np.testing.assert_allclose(
            part["cumulative_cash"].sel(support="with"),
            summed.transpose("member", "scenario", "year"),
            rtol=1e-9,
            atol=1.0,
        )
        np.testing.assert_allclose(
            results["public_cost_total"].sel(horizon=horizon), part["public_cost"].sum("year"), rtol=1e-9, atol=1e-3
        )


def test_co2_and_jobs_add_up_over_applications_years_and_places(results: xr.Dataset) -> None:
    for horizon in results["horizon"].to_numpy():
        years = (results["horizon_of_year"] == horizon).to_numpy()
        whole = results["co2_avoided"].isel(year=years).sum(["application", "year"])
        np.testing.assert_allclose(results["co2_avoided_total"].sel(horizon=horizon), whole, rtol=1e-9, atol=1e-3)
    np.testing.assert_allclose(results["jobs_first"], results["jobs"].sel(year=2020).sum("place"), rtol=1e-12)


def test_jobs_of_what_is_sold_abroad_add_up_over_technologies(results: xr.Dataset) -> None:
    abroad = results["jobs"].sel(place="abroad")
    np.testing.assert_allclose(results["jobs_abroad"].sum("technology"), abroad.isel(scenario=0), rtol=1e-12)
    assert (results["jobs_abroad"] > 0.0).all()
    np.testing.assert_array_equal(abroad, np.broadcast_to(abroad.isel(scenario=0).data[:, None], abroad.shape))


def test_jobs_of_operation_are_the_flemish_part_of_what_operating_the_plants_costs(study: Waterstof) -> None:
    one = central(study, industry__home_share=0.5, industry__jobs_per_turnover=4e-6)
    spent = -one["cash_flow"].sel(cash_item="operation")
    np.testing.assert_allclose(one["turnover"].sel(place="operation"), 0.5 * spent, rtol=1e-12)
    np.testing.assert_allclose(one["jobs"].sel(place="operation"), 4e-6 * 0.5 * spent, rtol=1e-12)
    assert float(one["jobs"].sel(place="operation", year=2050).min()) > 1.0


def test_what_is_additional_is_a_part_of_what_the_fund_draws(results: xr.Dataset) -> None:
    drawn, additional = results["fund_drawn"], results["fund_additional"]
    paid = results["public_flow"].sel(public_item="fund")
    for horizon in results["horizon"].to_numpy():
        years = results["horizon_of_year"] == horizon
        np.testing.assert_allclose(drawn.sel(horizon=horizon), paid.where(years, 0.0).sum("year"), rtol=1e-12)
    assert (additional <= drawn).all()
    assert (additional.sel(scenario="market-pull-fund") > 0.0).all()


def test_plants_of_the_ideal_cluster_open_after_the_roadmap(results: xr.Dataset) -> None:
    opening, chosen = results["plant_opening_year"], results["ideal_cluster_plants"] > 0.0
    first = results["milestone_year"].sel(milestone="first-lead-plant", scenario="market-pull-fund")
    assert np.isinf(opening.where(~chosen, np.inf)).all()
    np.testing.assert_array_equal(opening.where(chosen, 0.0), first.where(chosen, 0.0).transpose(*opening.dims))


def test_what_the_public_budget_pays_the_cluster_receives(results: xr.Dataset) -> None:
    for item in ("price-support", "grants", "fund", "fund-repayment"):
        np.testing.assert_allclose(
            results["cash_flow"].sel(cash_item=item), results["public_flow"].sel(public_item=item), rtol=1e-12
        )
    paid = (results["demand"] * (results["price"] - results["price_paid"])).sum("application")
    support = results["cash_flow"].sel(cash_item="price-support")
    np.testing.assert_allclose(paid.transpose(*support.dims), support, rtol=1e-9, atol=1e-3)


def test_the_net_benefit_is_that_of_all_parties_together_and_transfers_cancel(results: xr.Dataset) -> None:
    by_party = results["net_benefit_by_party"]
    np.testing.assert_allclose(by_party.sum("party"), results["net_benefit"], rtol=1e-9, atol=1.0)
    assert (by_party.sel(party="public-budget", scenario="market-pull", horizon="to-2050") < 0.0).all()


def test_money_of_lead_plants_is_in_the_prices_of_the_study() -> None:
    study = load()
    runs, factor = plants_of(study), 1.024 * 1.021  # Eurostat, 2024 and 2025
    one = central(study)
    for name, run in runs.lead.items():
        plant = one.sel(plant=name)
        np.testing.assert_allclose(plant["plant_heat_revenue"], factor * run.heat_revenue, rtol=1e-12)
        np.testing.assert_allclose(plant["plant_net_present_value"], factor * run.net_present_value, rtol=1e-12)
        np.testing.assert_array_equal(plant["plant_fuel_cell_hours"], run.fuel_cell_hours)
    assert factor * runs.lead["lillo-fuel-cell"].heat_revenue > 1e5
    worth = one["symbiosis_worth"].sel(stream="heat", year=2020)
    np.testing.assert_allclose(worth, factor * sum(run.heat_revenue for run in runs.lead.values()), rtol=1e-12)
    old = replace(runs, lead={name: replace(run, price_year=1990.0) for name, run in runs.lead.items()})
    with pytest.raises(ConfigurationError, match=r"cluster\.plants\.halle-station\.scenario: the index"):
        simulate_waterstof(study, old, {})


def test_without_policy_no_public_money_is_spent(results: xr.Dataset) -> None:
    none = results.sel(scenario="no-policy")
    assert float(np.abs(none["public_flow"]).max()) == 0.0
    assert float(none["ordered"].max()) == 0.0
    np.testing.assert_array_equal(none["price"], none["price_paid"])
    np.testing.assert_array_equal(none["net_benefit"], 0.0)
    alone, helped = (none["cumulative_cash"].sel(support=name) for name in ("without", "with"))
    np.testing.assert_array_equal(alone, helped)


def test_the_fund_lends_no_more_than_its_share_and_only_through_its_gate(results: xr.Dataset) -> None:
    lent = results["cash_flow"].sel(cash_item="fund", scenario="market-pull-fund")
    for horizon in results["horizon"].to_numpy():
        years = (results["horizon_of_year"] == horizon).to_numpy()
        whole = lent.isel(year=years).sum("year")
        assert (whole <= 200e6 * 0.30 + 1e-3).all()  # in the prices in which it is stated
        closed = results["fund_gate"].sel(horizon=horizon) == 0.0
        assert (whole.where(closed, 0.0) == 0.0).all()
    assert float(np.abs(results["cash_flow"].sel(cash_item="fund", scenario="market-pull")).max()) == 0.0


def test_a_market_without_a_vehicle_is_ranked_by_nothing() -> None:
    none, some = central(load("markets.bus.fleet=0")), central(load())
    market = {"market": "public-transport"}
    assert float(none["market_score"].sel(market).max()) == 0.0 < float(some["market_score"].sel(market).min())
    assert float(none["advantage_score"].sel(market).max()) == 0.0
    with_buses = [name for name in none["combination"].to_numpy() if "bus" in name]
    without = [name.replace(" + bus", "").replace("bus + ", "").replace("bus", "none") for name in with_buses]
    worth = none["cluster_worth"]
    np.testing.assert_array_equal(worth.sel(combination=with_buses), worth.sel(combination=without))
    assert float(none["cluster_is_best"].sel(combination=with_buses).max()) == 0.0
    assert np.isinf(none["milestone_year"].sel(milestone="parity-public-transport")).all()


EMPTY = tuple(f"markets.{name}.fleet=0" for name in ("forklift", "truck", "bus", "balancing"))


def test_markets_without_fleets_have_no_demand_no_co2_and_no_jobs_at_home() -> None:
    none = central(load(*EMPTY, "policies.market-pull-fund.lead_stations=0"))
    for name in ("demand", "stock", "sales", "hydrogen_by_product", "hydrogen_electrolysis", "electrolyser_power"):
        assert float(np.abs(none[name]).max()) == 0.0, name
    assert float(np.abs(none["co2_avoided"]).max()) == 0.0
    assert float(np.abs(none["jobs"].sel(place=["home", "operation", "references"])).max()) == 0.0
    assert float(np.abs(none["cash_flow"].sel(cash_item=["hydrogen-sales", "investment", "electricity"])).max()) == 0.0


def test_one_empty_market_leaves_the_others_their_demand() -> None:
    without = central(load("markets.bus.fleet=0"))
    assert float(without["demand_by_market"].sel(market="public-transport").max()) == 0.0
    assert float(without["co2_avoided"].sel(application="bus").max()) == 0.0
    assert float(without["demand_by_market"].sel(market="logistics").max()) > 0.0


def test_demand_doubles_with_the_fleet_of_a_market_that_refuels_at_home() -> None:
    # Without orders and with the price fixed by a by-product that never runs out, the fleet has an elasticity of one.
    plenty = ("supply.by_product.available='1e9 t/year'", "markets.forklift.initial_stock.to-2050=0")
    once = central(load(*plenty, "markets.forklift.fleet=1000"))
    twice = central(load(*plenty, "markets.forklift.fleet=2000"))
    found = (each["demand"].sel(application="forklift", scenario="no-policy") for each in (once, twice))
    first, second = found
    np.testing.assert_allclose(second, 2.0 * first, rtol=1e-12)


def test_jobs_double_with_the_jobs_per_turnover(study: Waterstof) -> None:
    once, twice = (central(study, industry__jobs_per_turnover=each) for each in (4e-6, 8e-6))
    np.testing.assert_allclose(twice["jobs"], 2.0 * once["jobs"], rtol=1e-12)


def test_dearer_diesel_raises_parity_by_what_a_kilogram_replaces(study: Waterstof) -> None:
    low, high = (central(study, energy__diesel=each) for each in (1500.0, 1600.0))
    change = (high["parity_price"] - low["parity_price"]).sel(application="bus", incumbent="diesel")
    np.testing.assert_allclose(change, 0.1 * 0.41 / (3.1 / 33.33), rtol=1e-9)


def test_shares_stay_between_zero_and_one(results: xr.Dataset) -> None:
    for name in (
        "attraction",
        "coverage",
        "advantage_score",
        "market_score",
        "cluster_is_best",
        "ideal_cluster_plants",
    ):
        assert ((results[name] >= 0.0) & (results[name] <= 1.0 + 1e-12)).all(), name
    assert (results["stock"] <= results["fleet"] * (1.0 + 1e-12)).all()


def test_the_ideal_cluster_is_the_best_combination(results: xr.Dataset) -> None:
    np.testing.assert_allclose(results["cluster_worth"].max("combination"), results["ideal_cluster_worth"], rtol=1e-12)
    np.testing.assert_array_equal(results["cluster_is_best"].sum("combination"), 1.0)
    assert (results["cluster_worth"].sel(combination="none") == 0.0).all()


def test_support_makes_the_valley_no_deeper(results: xr.Dataset) -> None:
    depth = results["valley_depth"].sel(scenario="market-pull")
    assert (depth.sel(support="with") <= depth.sel(support="without") + 1e-3).all()


def test_phases_follow_each_other(results: xr.Dataset) -> None:
    assert (results["phase_end"] >= results["phase_start"]).all()
    np.testing.assert_array_equal(
        results["phase_start"].isel(phase=slice(1, None)), results["phase_end"].isel(phase=slice(None, -1))
    )
    assert (results["role"].max("participant") == 2.0).all()
    opened = results["milestone_year"].sel(milestone="first-lead-plant")
    assert (results["phase_end"].sel(phase="lead-plants") >= opened).all()


def test_every_assumption_that_is_drawn_moves_a_result(study: Waterstof) -> None:
    whole = central(study)
    for each in study_assumptions(study):
        moved = simulate(study, {each.path: np.array([each.low, each.high])})
        ends = (moved.isel(member=k) for k in (0, 1))
        assert not all(end.equals(whole) for end in ends), each.path


def test_the_documentation_states_what_the_study_finds() -> None:
    study = load()
    drawn = draw_members(study_assumptions(study), study.uncertainty.correlations, 500, 1)
    found = percentiles(simulate(study, drawn))
    text = " ".join((Path(__file__).parents[3] / "docs" / "methods" / "studies.md").read_text().split())
    reference = {"scenario": "market-pull-fund"}

    def said(name: str, factor: float = 1.0) -> list[float]:
        return [float(each) * factor for each in found[name].sel(reference)]

    low, middle, high = said("bus_gap_battery", 1e3)
    assert f"{middle:.2f} EUR more with a hydrogen bus ({low:.2f} to {high:.2f})" in text
    low, middle, high = said("truck_gap_battery", 1e3)
    assert f"{middle:.2f} EUR more with a hydrogen truck ({low:.2f} to {high:.2f})" in text
    low, middle, high = said("nozzle_cost_last")
    assert f"costs {middle:.1f} EUR at the nozzle in 2035 ({low:.1f} to {high:.1f})" in text
    low, middle, high = said("valley_depth_last", 1e-6)
    assert f"is {round(middle, -1):,.0f} million EUR deep with support ({low:.0f} to {round(high, -1):,.0f})" in text
    low, middle, high = said("net_benefit_last", 1e-6)
    said_low = f"\N{MINUS SIGN}{round(-low, -1):,.0f}"
    assert f"the net benefit is \N{MINUS SIGN}{-middle:.0f} million EUR ({said_low} to {high:.0f})" in text


def test_the_documentation_lists_every_variable(results: xr.Dataset) -> None:
    page = (Path(__file__).parents[3] / "docs" / "methods" / "studies.md").read_text()
    listed = {
        match[1]: (match[2], match[3])
        for match in re.finditer(r"^\| `(\w+)` \| ([^|]*) \| ([^|]*) \|", page, re.MULTILINE)
    }
    for name, variable in results.data_vars.items():
        assert listed[str(name)] == (", ".join(map(str, variable.dims)), variable.attrs["units"]), name


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("policies.market-pull.procurement.bus=1.2", "policies.market-pull.procurement.bus"),
        ("policies.market-pull.procurement.tram=0.1", "'tram' is none of forklift, truck, bus, balancing"),
        ("industry.world_share.bus=1.5", "industry.world_share.bus"),
        ("score.judgements.logistics.export=2", "score.judgements.logistics.export"),
        ("markets.diffusion.imitation='900 %/year'", "a coefficient of imitation"),
        ("markets.diffusion.innovation='60 %/year'", "a coefficient of innovation"),
        ("reference_scenario=market-push", "none of no-policy, market-pull, market-pull-fund"),
        ("horizons.to-2050.start=2019", "each must start after the one before it ends"),
        ("horizons.to-2050.cluster_year=2060", "cluster_year <= end"),
        ("horizons.later={start: 2060, end: 2070, cluster_year: 2065}", "the horizon 'later' is missing"),
        ("energy.electricity={20: 40 EUR/MWh, 2050: 50 EUR/MWh}", "expected four digits"),
        ("markets.bus.hourly_share.0=0.5", "add up to one"),
        ("technologies.bus.learning_rate=0.95", "technologies.bus.learning_rate"),
        ("cluster.fleets={bus: 40}", "expected forklift, truck, bus, balancing"),
        ("roadmap.phases.market.leads=nobody", "'nobody' is none of government"),
        ("score.weights={demand: 1}", "expected demand, price, export"),
    ],
)
def test_wrong_inputs_are_named(change: str, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        load(change)


def test_a_year_without_a_price_is_named() -> None:
    with pytest.raises(ConfigurationError, match=r"energy\.electricity does not state the year 2026"):
        central(load("energy.electricity.2030=null", "energy.electricity.2050=null"))
