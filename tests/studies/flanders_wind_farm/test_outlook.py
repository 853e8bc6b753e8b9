"""From today on: what is announced and delivered, replaced, dated; the hindcast; the vessel and the fund by hand."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.studies.flanders_wind_farm.test_simulation import central, load, simulate
from testsite_sim.ensemble.assumptions import draw
from testsite_sim.studies.flanders_wind_farm.configuration.study import FlandersWindFarm
from testsite_sim.studies.flanders_wind_farm.model.outlook import TRIANGULAR, market_ahead
from testsite_sim.studies.flanders_wind_farm.model.roadmap import step_dates
from testsite_sim.studies.framework.uncertainty import sampled, study_assumptions

MEGA, GIGA = 1e6, 1e9


@pytest.fixture(scope="module")
def study() -> FlandersWindFarm:
    return load("prices=null")  # calculations by hand are in the prices in which the inputs are stated


@pytest.fixture(scope="module")
def results(study: FlandersWindFarm) -> xr.Dataset:
    return simulate(study, draw(study_assumptions(study), 64, 3))


def test_what_is_delivered_of_an_announced_market_is_that_part_of_its_growth(study: FlandersWindFarm) -> None:
    draws = {"outlook.delivery": np.array([1.0, 0.5, 0.0]), "costs.life": np.full(3, 27.0)}
    found = market_ahead(study, sampled(study, draws), "pact", 2050)
    np.testing.assert_allclose(found.operating[:, 2050 - 2009], [300e9, 39e9 + 0.5 * 261e9, 39e9], rtol=1e-9)
    np.testing.assert_allclose(found.operating[:, 2030 - 2009], [82e9, 39e9 + 0.5 * 43e9, 39e9], rtol=1e-9)
    np.testing.assert_array_equal(found.installed[0, :17], found.installed[2, :17])  # what is known stays


def test_what_is_not_announced_is_not_cut(study: FlandersWindFarm) -> None:
    draws = {"outlook.delivery": np.array([1.0, 0.37])}
    found = market_ahead(study, sampled(study, draws), "stalled", 2050)
    np.testing.assert_allclose(found.operating[:, -1], 110e9, rtol=1e-9)


@settings(max_examples=30, deadline=None)
@given(life=st.floats(20.0, 27.0))
def test_wind_farms_are_replaced_after_their_life_whole_or_broken(study: FlandersWindFarm, life: float) -> None:
    draws = {"costs.life": np.array([life]), "outlook.delivery": np.array([0.0])}
    found = market_ahead(study, sampled(study, draws), "pact", 2035).installed[0]
    for year in range(2026, 2036):
        back = year - 2009 - life
        low = int(np.floor(back))
        known = [found[k] if k >= 0 else 0.0 for k in (low, low + 1)]
        expected = known[0] + (back - low) * (known[1] - known[0])
        assert found[year - 2009] == pytest.approx(expected, rel=1e-9, abs=1e-3)


def test_the_stated_part_that_is_delivered_is_that_of_the_forecast_of_2009(study: FlandersWindFarm) -> None:
    built, forecast = (study.jobs.markets[name] for name in ("actual", "forecast-2009"))
    by_year = {row.year: float(row.operating) for row in built.years}
    part = (by_year[2020] - by_year[2009]) / (float(forecast.years[-1].operating) - by_year[2009])
    assert float(study.outlook.delivery) == pytest.approx(part, abs=0.005)
    assert study.outlook.delivery.range[0] == pytest.approx(part**2, abs=0.005)  # type: ignore[attr-defined]


def test_the_learning_that_the_forecast_of_jobs_meant_is_that_of_the_hand_calculation(study: FlandersWindFarm) -> None:
    by_year = {row.year: row for row in study.jobs.markets["actual"].years}
    before = 35_000.0 / (15.1 * by_year[2010].installed + 0.40 * by_year[2010].operating) * MEGA
    after = 170_000.0 / (15.1 * 6900.0 + 0.40 * 40_000.0)
    doublings = np.log2(40e9 / by_year[2010].operating)
    assert study.hindcast.learning.range[1] == pytest.approx(1.0 - (after / before) ** (1.0 / doublings), abs=1e-3)  # type: ignore[attr-defined]


def test_steps_begin_when_those_before_them_have_ended(study: FlandersWindFarm, results: xr.Dataset) -> None:
    names = list(study.roadmap.steps)
    for name, step in study.roadmap.steps.items():
        begin = results["step_begin"].sel(step=name)
        for earlier in step.after:
            assert (begin >= results["step_end"].sel(step=earlier)).all()
        ends = [results["step_end"].sel(step=earlier) for earlier in step.after]
        if ends:
            np.testing.assert_allclose(begin, np.max(ends, axis=0), rtol=1e-15)
    np.testing.assert_array_equal(results["opening_year"], results["step_end"].sel(step=study.roadmap.opens))
    assert names.index(study.roadmap.gate) < names.index(study.roadmap.opens)
    stated = central(study)["opening_year"]
    assert float(stated.sel(period="today") - stated.sel(period="then")) == 15.0  # the same steps, from 2012 and 2027


def test_a_later_start_dates_every_step_later_by_as_much(study: FlandersWindFarm) -> None:
    value = sampled(study, {})
    early, late = (step_dates(study.roadmap, value, np.array([year])) for year in (2012.0, 2020.5))
    np.testing.assert_allclose(late.end - early.end, 8.5, rtol=1e-12)


def test_the_hindcast_of_what_was_counted_has_no_error(study: FlandersWindFarm) -> None:
    at_first = central(study)
    jobs = at_first["hindcast_jobs"].sel(known="market").to_numpy()
    exact = load(
        *(f"hindcast.counts.{k}.jobs={amount}" for k, amount in enumerate(jobs)),
        *(f"hindcast.counts.{k}.direct_share=1" for k in range(jobs.size)),
    )
    found = central(exact)
    np.testing.assert_allclose(found["hindcast_error"], 0.0, atol=1e-12)
    assert found.attrs["spread"] == pytest.approx(0.0, abs=1e-12)
    np.testing.assert_allclose(found["outlook_jobs"], found["outlook_jobs_inputs"], rtol=1e-12)


def test_the_error_of_the_hindcast_is_that_of_the_hand_calculation(study: FlandersWindFarm) -> None:
    found = central(study)
    jobs, counted = found["hindcast_jobs"].sel(known="market"), found["counted_jobs"]
    np.testing.assert_allclose(counted, [5000 * 0.6, 14_000 * 0.65], rtol=1e-12)
    error = np.log(jobs / counted).to_numpy()
    assert found.attrs["spread"] == pytest.approx(np.sqrt((error**2 / np.array([8.0, 11.0])).mean()), rel=1e-12)


def test_the_error_of_the_forecast_has_the_spread_of_the_hindcast_and_grows_with_the_root_of_time(
    study: FlandersWindFarm,
) -> None:
    unit = (np.arange(4000) + 0.5) / 4000
    error = np.where(unit < 0.5, np.sqrt(2.0 * unit) - 1.0, 1.0 - np.sqrt(2.0 * (1.0 - unit)))  # triangular
    found = simulate(study, {"outlook.error": error})
    factor = np.log(found["outlook_jobs"] / found["outlook_jobs_inputs"]).sel(scenario="keep", outlook_market="pact")
    spread = found.attrs["spread"]
    for year in (2026, 2036, 2050):
        assert float(factor.sel(outlook_year=year).std()) == pytest.approx(spread * np.sqrt(year - 2025), rel=2e-3)
    assert float(np.abs(factor.sel(outlook_year=2025)).max()) == 0.0
    assert pytest.approx(np.sqrt(6.0)) == TRIANGULAR


def test_the_jobs_of_the_outlook_join_those_of_the_study_and_add_up(results: xr.Dataset) -> None:
    keep = results["outlook_jobs_inputs"].sel(scenario="keep", outlook_market="pact")
    by_segment = results["outlook_jobs_by_segment"].sum("segment")
    np.testing.assert_allclose(
        by_segment, results["outlook_jobs"].sel(scenario="keep", outlook_market="pact"), rtol=1e-12
    )
    today = results["outlook_jobs_inputs"].sel(outlook_year=2025)
    np.testing.assert_allclose(today.sel(scenario="win"), today.sel(scenario="keep"), rtol=1e-12)
    assert (keep > 0.0).all()
    order = results["outlook_jobs_inputs"].isel(outlook_year=-1)
    assert (order.sel(scenario="lose") < order.sel(scenario="keep")).all()


def test_a_site_of_today_adds_nothing_before_it_opens(results: xr.Dataset) -> None:
    opening = results["opening_year"].sel(period="today")
    closed = results["outlook_year"] + 1.0 <= opening
    assert float(np.abs(results["today_jobs_added"].where(closed, 0.0)).max()) == pytest.approx(0.0, abs=1e-9)
    assert float(results["today_public_cost"].sel(account_year=slice(None, 2026)).max()) == 0.0


def test_the_account_of_the_vessel_is_that_of_the_hand_calculation(study: FlandersWindFarm) -> None:
    found = central(study, vessel__day_rate=200e3, vessel__day_rate_ratio=1.4, vessel__utilisation=0.5)
    usual, single = (float(np.median(found[f"vessel_days_{name}"])) for name in ("conventional", "single_lift"))
    power = 44 * 8.4e6
    saving = 200e3 * (usual - 1.4 * single) / power
    assert float(found["vessel_saving"]) == pytest.approx(saving, rel=1e-12)
    assert float(found["vessel_saving_share"]) == pytest.approx(1.0 - 1.4 * single / usual, rel=1e-12)
    assert float(found["vessel_capacity"]) == pytest.approx(0.5 * 365 / single * power, rel=1e-12)
    even = central(study, vessel__day_rate=200e3, vessel__day_rate_ratio=float(found["vessel_rate_even"]) / 200e3)
    assert float(even["vessel_saving"]) == pytest.approx(0.0, abs=1e-12)
    assert float(even["vessel_jobs_won"]) == pytest.approx(0.0, abs=1e-9)


def test_a_vessel_that_saves_nothing_pays_nothing_back(study: FlandersWindFarm) -> None:
    dear = central(study, vessel__day_rate_ratio=1.9)
    assert float(dear["vessel_saving"]) < 0.0
    assert float(dear["fund_returned"]) == 0.0
    fair = central(study, vessel__day_rate_ratio=1.0)
    dividend = 0.2 * 0.5 * float(fair["vessel_saving"] * fair["vessel_capacity"]) * 5.0
    assert float(fair["fund_returned"]) == pytest.approx(20e6 + dividend, rel=1e-12)
    assert float(fair["fund_drawn"]) == pytest.approx(20e6 + 0.5 * 0.6 * 60e6, rel=1e-12)
    assert float(fair["fund_drawn"]) <= 200e6


def test_the_ranking_sees_what_the_study_sees(study: FlandersWindFarm) -> None:
    from tests.studies.flanders_wind_farm.test_simulation import _SEAS
    from testsite_sim.studies.flanders_wind_farm import STUDY
    from testsite_sim.studies.flanders_wind_farm.model import Basis, rank_flanders_wind_farm
    from testsite_sim.studies.flanders_wind_farm.model.basis import accuracy

    draws = draw(study_assumptions(study), 5, 7)
    whole = simulate(study, draws)
    basis = Basis(*next(iter(_SEAS.values())), accuracy(study))
    alone = rank_flanders_wind_farm(study, basis, draws)
    for headline in STUDY.headlines:
        expected = whole[headline.variable]
        if "scenario" in expected.dims:
            expected = expected.sel(scenario=[study.reference_scenario])
        np.testing.assert_allclose(alone[headline.variable], expected, rtol=1e-12)


def test_what_is_learnt_until_a_lot_is_that_of_the_doublings_since_the_count(study: FlandersWindFarm) -> None:
    found = central(study, learning__investment=0.1, learning__operation=0.05, jobs__productivity_growth=0.02)
    power = found["outlook_operating"].sel(outlook_market=found.attrs["outlook_market"])
    counted = next(float(row.operating) for row in study.jobs.markets[study.market].years if row.year == 2014)
    for lot, year in (("lot 1", 2030), ("lot 2", 2031), ("lot 3", 2033)):
        doublings = np.log2(float(power.sel(outlook_year=year)) / counted)
        general = 1.02 ** -(year - 2014)
        for name, rate in (("zone_job_years", 0.1), ("zone_permanent_jobs", 0.05)):
            left = float(found[f"{name}_learned"].sel(lot=lot) / found[name].sel(lot=lot))
            assert left == pytest.approx((1.0 - rate) ** doublings * general, rel=1e-9)
