"""Jobs, shares and money of the study Flanders Wind Farm add up, follow their inputs and meet what is known."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.configuration.base import assumptions, sourced_parts
from testsite_sim.configuration.loading import checked
from testsite_sim.configuration.overrides import load_overridden
from testsite_sim.ensemble.assumptions import draw
from testsite_sim.studies.flanders_wind_farm.configuration.study import FlandersWindFarm
from testsite_sim.studies.flanders_wind_farm.model import Basis, simulate_flanders_wind_farm, simulate_jobs
from testsite_sim.studies.flanders_wind_farm.model.at_sea import SeaSurfaces, simulate_sea
from testsite_sim.studies.flanders_wind_farm.model.basis import accuracy
from testsite_sim.studies.flanders_wind_farm.model.campaigns import Campaigns
from testsite_sim.studies.flanders_wind_farm.model.shares import MECHANISMS
from testsite_sim.studies.framework.members import draw_members
from testsite_sim.studies.framework.prices import price_factors
from testsite_sim.studies.framework.ranking import rank
from testsite_sim.studies.framework.uncertainty import Draws, percentiles, study_assumptions

AT_ONCE = "years_of_work='0.0000000000001 year'"  # works that take no time


def load(*overrides: str) -> FlandersWindFarm:
    document, _ = load_overridden("flanders-wind-farm/study", FlandersWindFarm, overrides)
    return checked(FlandersWindFarm, document)


# By the site that a study states, and the prices of its repairs: tests share its simulation.
_SEAS: dict[str, tuple[SeaSurfaces, Campaigns]] = {}


def simulate(study: FlandersWindFarm, draws: Draws) -> xr.Dataset:
    key = study.certification.model_dump_json() + study.vessel.model_dump_json() + repr(price_factors(study))
    if key not in _SEAS:
        _SEAS[key] = simulate_sea(study)
    return simulate_flanders_wind_farm(study, Basis(*_SEAS[key], accuracy(study)), draws)


@pytest.fixture(scope="module")
def study() -> FlandersWindFarm:
    return load("prices=null")  # calculations by hand are in the prices in which the inputs are stated


@pytest.fixture(scope="module")
def results(study: FlandersWindFarm) -> xr.Dataset:
    return simulate(study, draw(study_assumptions(study), 64, 3))


def central(study: FlandersWindFarm, **drawn: float) -> xr.Dataset:
    draws = {path.replace("__", "."): np.array([value]) for path, value in drawn.items()}
    return simulate(study, draws).isel(member=0)


def test_every_member_and_scenario_has_the_jobs_that_were_counted_in_2009(results: xr.Dataset) -> None:
    np.testing.assert_allclose(results["jobs"].sel(year=2009), 3175.0, rtol=1e-12)


def test_jobs_add_up_over_segments_phases_and_places(results: xr.Dataset) -> None:
    reference = results["jobs"].sel(scenario="keep")
    np.testing.assert_allclose(results["jobs_by_segment"].sum(["segment", "phase"]), reference, rtol=1e-12)
    np.testing.assert_allclose(
        results["jobs"], results["jobs_without_site"] + results["jobs_added"], rtol=1e-12, atol=1e-9
    )
    share = results["jobs"] / results["jobs_of_market"].sum(["segment", "phase"])
    np.testing.assert_allclose(share.transpose(*results["market_share"].dims), results["market_share"], rtol=1e-12)


def test_jobs_add_up_over_who_buys_the_work(results: xr.Dataset) -> None:
    by_buyer = results["jobs_by_buyer"]
    np.testing.assert_allclose(by_buyer.sum("buyer"), results["jobs_by_segment"].sel(year=2020), rtol=1e-12, atol=1e-9)
    assert (by_buyer >= 0.0).all()
    assert float(by_buyer.sel(segment="foundations", buyer="installation", phase="investment").min()) > 0.0
    assert float(by_buyer.sel(segment="foundations", phase="operation").max()) == 0.0


def test_indirect_jobs_are_kept_apart_and_follow_the_direct_ones(study: FlandersWindFarm) -> None:
    found = central(study)
    np.testing.assert_allclose(found["indirect_jobs"], 0.54 * found["jobs"], rtol=1e-12)
    np.testing.assert_allclose(found["direct_value_added"], 100e3 * found["jobs"], rtol=1e-12)
    np.testing.assert_allclose(found["indirect_value_added"], 80e3 * found["indirect_jobs"], rtol=1e-12)
    np.testing.assert_allclose(found["jobs"].sel(year=2009), 3175.0, rtol=1e-12)


def test_a_preference_for_home_raises_what_the_site_adds_and_leaves_what_was_counted(study: FlandersWindFarm) -> None:
    none, strong = (central(study, value_chain__home_odds=odds) for odds in (1.0, 6.0))
    np.testing.assert_allclose(strong["jobs"].sel(year=2009), none["jobs"].sel(year=2009), rtol=1e-12)
    np.testing.assert_allclose(
        strong["jobs_without_site"].sel(scenario="keep"), none["jobs_without_site"].sel(scenario="keep"), rtol=1e-9
    )
    assert float(strong["jobs_added_target"].sel(scenario="keep")) != float(
        none["jobs_added_target"].sel(scenario="keep")
    )


def test_without_learning_the_model_is_that_of_the_simple_calibration() -> None:
    study = load(
        "learning.investment=0",
        "learning.operation=0",
        "jobs.productivity_growth='0 %/year'",
        AT_ONCE,
        *[
            f"value_chain.segments.{name}.{weight}_weight=0.1"
            for weight in ("investment", "operation")
            for name in (
                "development",
                "turbine components",
                "foundations",
                "substations",
                "cables",
                "installation",
                "operation and maintenance",
                "testing and certification",
            )
        ],
    )
    # With the same segments in both phases, the factor of scope times the mean share is the effective share.
    found = central(study)
    simple = simulate_jobs(study.jobs)["jobs"].sum("phase").sel(year=slice(2009, 2020))
    np.testing.assert_allclose(found["jobs_without_site"].sel(scenario="keep"), simple.to_numpy(), rtol=1e-12)
    assert float(found["productivity_gain"]) == pytest.approx(0.0, abs=1e-14)
    keep = found.sel(scenario="keep")
    without = float(keep["reached_share_factor"]) - float(
        keep["jobs_added_target"] / keep["jobs_without_site"].sel(year=2020)
    )
    assert without == pytest.approx(1.0, rel=1e-9)
    # One definition of the factor: the frontier at the growth of the study is what the answer states.
    frontier = found["frontier_factor"].sel(productivity_growth=0.0)
    np.testing.assert_allclose(frontier, found["required_share_ratio"], rtol=1e-12)
    faster = found["frontier_factor"].sel(productivity_growth=0.05)
    np.testing.assert_allclose(faster, frontier * 1.05**11, rtol=1e-12)


def test_jobs_follow_the_market_with_an_elasticity_of_one_where_nothing_is_learnt() -> None:
    still = ("learning.investment=0", "learning.operation=0", "learning.cost=0", AT_ONCE)
    once = central(load(*still))
    doubled = "{installed: %g MW, operating: 25000 MW}"
    twice = central(load(*still, "jobs.markets.actual.years.11={year: 2020, " + doubled[1:] % (2 * 2918)))
    added = twice["jobs_of_market"] - once["jobs_of_market"]
    np.testing.assert_allclose(
        added.sel(year=2020, phase="investment"), once["jobs_of_market"].sel(year=2020, phase="investment"), rtol=1e-12
    )
    assert float(np.abs(added.sel(phase="operation")).max()) == 0.0


def test_a_market_without_new_power_has_no_jobs_in_investment() -> None:
    flat = [
        f"jobs.markets.actual.years.{k}={{year: {2009 + k}, installed: 0 MW, operating: 25000 MW}}"
        for k in range(11, 15)
    ]
    found = central(load(*flat))
    assert float(found["jobs_by_segment"].sel(year=2020, phase="investment").sum()) == 0.0
    assert float(found["jobs_by_segment"].sel(year=2020, phase="operation").sum()) > 0.0


def test_the_factor_on_the_share_gives_the_target(results: xr.Dataset) -> None:
    kept = results["jobs_kept"].sel(year=2020)
    np.testing.assert_allclose(results["required_share_ratio"] * kept, 13_000.0, rtol=1e-12)


def test_learning_by_a_fifth_per_doubling_leaves_four_fifths_after_one(study: FlandersWindFarm) -> None:
    rate = {"learning__investment": 0.2, "jobs__productivity_growth": 0.0}
    found = central(study, **rate)
    doublings = np.log2(25000.0 / 2056.0)
    first, last = found["jobs_per_power"].sel(phase="investment").to_numpy()[[0, -1]]
    assert last / first == pytest.approx(0.8**doublings, rel=1e-12)


def test_a_site_that_does_nothing_adds_no_jobs(study: FlandersWindFarm) -> None:
    found = central(
        study,
        mechanisms__reference_effect=0.0,
        mechanisms__price_sensitivity=0.0,
    )
    assert float(np.abs(found["jobs_added"]).max()) == pytest.approx(0.0, abs=1e-9)
    assert np.isinf(found["payback_year"]).all()
    assert (found["net_public_value"] < 0.0).all()


def test_a_site_whose_references_win_nothing_does_not_repay(study: FlandersWindFarm) -> None:
    found = central(study, mechanisms__reference_effect=0.0)
    assert float(found["net_public_value"].sel(scenario="keep")) < 0.0
    assert float(found["today_net_public_value"].sel(scenario="keep")) < 0.0


def test_each_mechanism_adds_jobs_and_all_add_at_least_the_largest(study: FlandersWindFarm) -> None:
    found = central(study)
    alone = found["jobs_added_by_mechanism"]
    assert list(alone["mechanism"].to_numpy()) == list(MECHANISMS)
    assert (alone > 0.0).all()
    assert float(alone.max()) < float(found["jobs_added_target"].sel(scenario="keep")) < 1.1 * float(alone.sum())


def test_nothing_happens_before_the_site_opens_but_its_cost(study: FlandersWindFarm) -> None:
    found = central(study)  # the study of 2012 takes a year, its roadmap one, consent and construction two each
    np.testing.assert_array_equal(found["opening_year"], [2018.0, 2033.0])
    before = found.sel(year=slice(2009, 2017))
    assert float(np.abs(before["jobs_added"]).max()) == pytest.approx(0.0, abs=1e-9)
    np.testing.assert_allclose(found["public_cost"].sel(account_year=[2015, 2016, 2017]), [0.0, 18e6, 18e6])


def test_public_money_adds_up_over_the_life_of_the_site(study: FlandersWindFarm) -> None:
    found = central(study)
    prototypes = float(found["prototypes"])
    whole = 0.6 * (60e6 + 6e6) + 20 * (3e6 - 0.5e6 * prototypes)
    assert float(found["public_cost"].sum()) == pytest.approx(whole, rel=1e-12)
    assert float(found["public_cost"].sel(account_year=2038)) == pytest.approx(0.6 * 6e6, rel=1e-9)
    assert float(found["public_cost"].sel(account_year=slice(2039, None)).sum()) == pytest.approx(0.0, abs=1e-3)
    early = found["jobs_added"].sel(scenario="keep", year=slice(2018, None)) * 0.45 * 100e3 * 0.43
    back = found["public_return"].sel(scenario="keep")
    np.testing.assert_allclose(back.sel(account_year=slice(2018, 2020)), early, rtol=1e-12)
    assert float(np.abs(back.sel(account_year=slice(2038, None))).max()) == pytest.approx(0.0, abs=1e-3)
    balance = (back - found["public_cost"]) / 1.04 ** np.arange(found.sizes["account_year"])
    assert float(found["net_public_value"].sel(scenario="keep")) == pytest.approx(float(balance.sum()), rel=1e-9)
    by_target = float(balance.sel(account_year=slice(None, 2020)).sum())
    assert float(found["net_public_value_target"].sel(scenario="keep")) == pytest.approx(by_target, rel=1e-9)


def test_a_longer_life_costs_operation_and_brings_returns(study: FlandersWindFarm) -> None:
    short, long = (central(study, test_site__life=years) for years in (15.0, 25.0))
    assert float(long["public_cost"].sum()) > float(short["public_cost"].sum())
    assert float(long["net_public_value"].sel(scenario="win")) > float(short["net_public_value"].sel(scenario="win"))
    np.testing.assert_array_equal(long["jobs"], short["jobs"])


def test_a_site_that_is_paid_back_after_the_target_year_reports_when(study: FlandersWindFarm) -> None:
    found = central(study)
    year = float(found["payback_year"].sel(scenario="keep"))
    assert 2020.0 < year < float(found["closing_year"])
    balance = found["public_balance"].sel(scenario="keep")
    assert float(balance.sel(account_year=year - 1)) < 0.0 <= float(balance.sel(account_year=year))


def test_double_the_effect_of_value_added_doubles_what_comes_back(study: FlandersWindFarm) -> None:
    once, twice = (central(study, returns__value_added_per_job=amount) for amount in (60e3, 120e3))
    np.testing.assert_allclose(twice["public_return"], 2.0 * once["public_return"], rtol=1e-12)
    np.testing.assert_allclose(twice["benefit_cost_ratio"], 2.0 * once["benefit_cost_ratio"], rtol=1e-12)


def test_scenarios_lose_keep_and_win(study: FlandersWindFarm, results: xr.Dataset) -> None:
    lose, keep, win = (results["jobs_target"].sel(scenario=name) for name in ("lose", "keep", "win"))
    assert (lose < keep).all()
    assert (keep < win).all()
    share = central(study)["segment_share_without_site"].sel(scenario="keep")
    np.testing.assert_allclose(share.sel(year=2020), share.sel(year=2009), rtol=1e-9)


def test_shares_stay_between_zero_and_one(results: xr.Dataset) -> None:
    for name in ("segment_share", "market_share", "segment_share_without_site"):
        assert ((results[name] > 0.0) & (results[name] < 1.0)).all()
    assert (results["segment_share"] >= results["segment_share_without_site"] - 1e-12).all()


def test_members_do_not_depend_on_each_other(study: FlandersWindFarm) -> None:
    drawn = draw(study_assumptions(study), 12, 5)
    whole = simulate(study, drawn)
    part = simulate(study, {name: values[7:9] for name, values in drawn.items()})
    for name in ("jobs", "public_balance", "payback_year", "months_to_certificate"):
        np.testing.assert_allclose(part[name], whole[name].isel(member=slice(7, 9)), rtol=1e-12)


def test_the_months_to_a_certificate_are_those_of_the_berths(study: FlandersWindFarm) -> None:
    found = central(study)
    assert float(found["months_to_certificate"]) == pytest.approx(float(found["months_of_histories"].mean()), rel=0.05)
    assert float(found["failure_rate_after"]) == pytest.approx(14.529, abs=1e-3)


def test_the_ranking_of_the_study_is_finite_and_names_learning_first(study: FlandersWindFarm) -> None:
    chosen = [each for each in study_assumptions(study) if each.path.startswith(("learning", "jobs."))]
    found = rank(lambda draws: simulate(study, draws), chosen, ["jobs_target"], base_samples=32)
    total = found["sobol_total"].sel(headline="jobs_target")
    assert str(total["assumption"].to_numpy()[int(np.argmax(total.to_numpy()))]) == "learning.investment"


def test_every_assumption_that_is_drawn_moves_a_result(study: FlandersWindFarm) -> None:
    whole = central(study)
    for each in study_assumptions(study):
        moved = simulate(study, {each.path: np.array([each.low, each.high])})
        ends = (moved.isel(member=k) for k in (0, 1))
        assert not all(end.equals(whole) for end in ends), each.path


def test_what_is_simulated_once_is_held_and_reported(study: FlandersWindFarm) -> None:
    drawn = {each.path for each in study_assumptions(study)}
    every = {row["name"] for row in assumptions(study)}
    assert drawn < every
    assert "certification.test_site.prototype_availability" in every - drawn


def test_every_part_of_the_data_states_its_source(study: FlandersWindFarm) -> None:
    parts = {path: source for path, _, source in sourced_parts(study)}
    assert "EWEA" in parts["jobs.markets.actual"]
    assert "Belwind" in parts["costs.observed.1"]
    assert {"jobs", "value_chain", "certification.test_site", "certification.fleet.turbine"} < set(parts)
    assert all(parts.values())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("value_chain.segments.cables.flemish_share=1.2", "flemish_share"),
        ("value_chain.segments.cables.flemish_share=1", "must lie between zero and one, found 1"),
        ("market=actuel", "market 'actuel' is none of actual, forecast-2009"),
        ("reference_scenario=keeps", "none of keep, lose, win"),
        ("learning.investment=0.95", "learning.investment"),
        ("scenarios.lose.odds_growth='-130 %/year'", "scenarios.lose.odds_growth"),
        ("roadmap.start=13", "roadmap.start"),
        ("certification.fleet=null", "needs a `fleet`"),
        ("value_chain.home_odds=0.5", "home_odds"),
        ("value_chain.supplies.investment.fundations={installation: 0.1}", "'fundations'. Nearest: foundations"),
        ("value_chain.supplies.investment.cables.substations=1.2", "cables.substations"),
        ("value_chain.supplies.investment.cables.substations=0.9", "cables sells up to 1.5 of its work in investment"),
        ("value_chain.supplies.investment.installation={cables: 0.1}", "go round among"),
        ("years_of_work='0 year'", "years_of_work"),
        ("roadmap.gate=roadmap", "no step 'roadmap'. Nearest: cluster roadmap"),
        ("roadmap.steps.study.after=[consent]", "study waits for 'consent', which stands not before it"),
        ("outlook.market=packt", "no market 'packt'. Nearest: pact"),
        ("outlook.last_year=2025", "last_year 2025; expected after 2025"),
        ("outlook.markets.pact.years.0.year=2025", "begins in 2025; expected after 2025"),
        ("hindcast.market=forecast", "'forecast' is none of actual, forecast-2009"),
        ("hindcast.counts.0.year=2031", "found a count of 2031; expected 2010 to 2025"),
        ("hindcast.counts.0.jobs=0", "expected a count of direct jobs above zero"),
        ("vessel.phase=turbine", "no phase 'turbine'. Nearest: turbines"),
        ("vessel.segment=installing", "'installing' is none of"),
    ],
)
def test_wrong_inputs_are_named(change: str, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        load(change)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("jobs.target_year=2031", "does not state the year 2031"),
        ("jobs.target_year=2009", "does not lie after"),
        (
            "jobs.markets.forecast-2009.years.1={year: 2020, installed: 1000 MW, operating: 40 GW}",
            "cannot add up to the 37944 MW",
        ),
    ],
)
def test_markets_that_cannot_be_are_named(change: str, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        central(load(change))


def test_the_documentation_states_what_the_study_finds() -> None:
    study = load()
    found = percentiles(simulate(study, draw_members(study_assumptions(study), study.uncertainty.correlations, 500, 1)))
    low, middle, high = found["jobs_target"].sel(scenario="keep").to_numpy()
    less, added, more = found["jobs_added_target"].sel(scenario="keep").to_numpy()
    text = " ".join((Path(__file__).parents[3] / "docs" / "methods" / "studies.md").read_text().split())
    assert f"{round(middle, -2):,.0f} jobs in 2020 (P10 {round(low, -1):,.0f}, P90 {round(high, -2):,.0f})" in text
    assert f"the site adds {added:.0f} ({less:.0f} to {round(more, -1):,.0f})" in text
    smallest, factor, largest = found["required_share_factor"].to_numpy()
    assert (
        f"{factor:.2f} times the share of 2009 in the market as it was built ({smallest:.2f} to {largest:.2f})" in text
    )
