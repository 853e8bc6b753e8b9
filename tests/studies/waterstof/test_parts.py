"""Experience, prices over years, cost of hydrogen, ownership and demand by hour follow their equations."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.studies.waterstof.loading import central, load, plants_of, year_of
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.units import DAY, HOUR, KILOWATT_HOUR, MEGAWATT_HOUR
from testsite_sim.configuration.loading import checked, load_scenario_document
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.studies.framework.annuity import annuity
from testsite_sim.studies.framework.calendar import over_years, part_of_years
from testsite_sim.studies.framework.uncertainty import sampled
from testsite_sim.studies.waterstof.model.chain_runs import plant_year
from testsite_sim.studies.waterstof.model.nozzle import COMPONENTS
from testsite_sim.studies.waterstof.model.profiles import hourly_shares, store_of_a_day
from testsite_sim.studies.waterstof.model.technology import experience

STUDY = load("prices=null")  # calculations by hand are in the prices in which the inputs are stated


@pytest.fixture(scope="module")
def found() -> xr.Dataset:
    return central(
        load("prices=null", "markets.bus.life=20 year")
    )  # the life of RHEIA (Belgium), whose figures are checked


def test_a_fifth_saved_per_doubling_leaves_four_fifths_after_one() -> None:
    path = "technologies.bus"
    drawn = {f"{path}.learning_rate": np.array([0.2]), f"{path}.references.to-2020.growth": np.array([1.0])}
    curve = experience(sampled(STUDY, drawn), "bus", "to-2020", 2012, np.arange(2012, 2016))
    np.testing.assert_allclose(curve.world / curve.world[:, :1], [[1.0, 2.0, 4.0, 8.0]])
    np.testing.assert_allclose(curve.cost / curve.cost[:, :1], [[1.0, 0.8, 0.64, 0.512]], rtol=1e-12)
    np.testing.assert_allclose(curve.added[:, 1:], np.diff(curve.world), rtol=1e-12)


@settings(deadline=None, max_examples=50)
@given(rate=st.floats(1e-6, 0.3) | st.just(0.0), life=st.floats(1.0, 40.0))
def test_an_annuity_pays_back_the_investment(rate: float, life: float) -> None:
    paid = float(annuity(np.array(rate), np.array(life)))
    whole = paid * life if rate == 0.0 else paid * (1.0 - (1.0 + rate) ** -life) / rate
    assert whole == pytest.approx(1.0, rel=1e-6)


def test_the_annuity_behind_the_parity_of_buses_is_that_of_rheia() -> None:
    assert float(annuity(np.array(0.0443), np.array(20.0))) == pytest.approx(0.0764, abs=1e-4)


def test_stated_years_are_met_and_joined_by_lines() -> None:
    value = sampled(STUDY, {})
    found = over_years(STUDY.energy.electricity, value, "energy.electricity", np.array([2012, 2015, 2018, 2050]))
    np.testing.assert_allclose(found[0] * MEGAWATT_HOUR, [47.0, (47.0 + 55.3) / 2.0, 55.3, 60.0])


@pytest.mark.parametrize("year", [2011, 2051])
def test_a_year_that_is_not_stated_is_named(year: int) -> None:
    with pytest.raises(ConfigurationError, match=rf"energy\.electricity does not state the year {year}"):
        over_years(STUDY.energy.electricity, sampled(STUDY, {}), "energy.electricity", np.array([year]))


def test_parts_of_years_add_up_to_the_period() -> None:
    parts = part_of_years(np.arange(2010, 2020), np.array([[2012.25]]), np.array([[2015.5]]))
    assert parts[0].tolist() == [0.0, 0.0, 0.75, 1.0, 1.0, 0.5, 0.0, 0.0, 0.0, 0.0]


def test_the_store_of_a_day_is_that_of_the_hand_calculation() -> None:
    # All of the day's demand in the last quarter: three quarters are stored before.
    demand = np.zeros(24)
    demand[18:] = 5.0
    assert float(store_of_a_day(demand)) == pytest.approx(0.75)
    assert float(store_of_a_day(np.ones(24))) == pytest.approx(0.0, abs=1e-15)
    assert float(store_of_a_day(np.zeros(24))) == 0.0


def test_fleets_that_refuel_at_other_hours_share_a_store() -> None:
    shares = hourly_shares(STUDY)
    np.testing.assert_allclose(shares.sum(axis=1), 1.0, rtol=1e-12)
    together = store_of_a_day(shares[1] + shares[2])
    assert float(together) < 0.5 * float(store_of_a_day(shares[1]) + store_of_a_day(shares[2]))


def test_a_bus_costs_what_is_known_of_its_cost_per_kilometre(found: xr.Dataset) -> None:
    # With RHEIA's figures: diesel 1.24 EUR/km; hydrogen 0.757 + 0.0930 x price.
    charge = 0.0764
    fixed = (510e3 * charge / 91250.0) + 0.33
    assert fixed == pytest.approx(0.757, abs=1e-3)
    assert float(found["mass_per_unit"].sel(application="bus")) / 91250.0 == pytest.approx(0.0930, abs=1e-4)
    diesel = found["incumbent_cost"].sel(application="bus", incumbent="diesel", year=2020) / 91250.0
    assert float(diesel) == pytest.approx(1.2413, abs=1e-3)
    price = float(found["bus_parity_price"])
    assert fixed + 0.0930 * price == pytest.approx(1.2413, abs=2e-3)


def test_the_price_of_parity_equals_both_costs(found: xr.Dataset) -> None:
    fixed = found["ownership_cost"] - found["mass_per_unit"] * found["price"]
    at_parity = fixed + found["mass_per_unit"] * found["parity_price"]
    rival = found["incumbent_cost"].broadcast_like(at_parity)
    known = np.isfinite(rival)
    np.testing.assert_allclose(at_parity.transpose(*rival.dims).where(known), rival.where(known), rtol=1e-9)


def test_the_components_of_both_sources_make_the_cost_at_the_nozzle(found: xr.Dataset) -> None:
    sources = found["source_cost"]
    assert list(sources["component"].to_numpy()) == list(COMPONENTS)
    np.testing.assert_allclose(sources.sel(source="by-product", component="electricity"), 0.0)
    np.testing.assert_allclose(sources.sel(source="electrolysis", component="by-product"), 0.0)
    mixed = found["nozzle_cost"].sel(component="by-product") / sources.sel(source="by-product", component="by-product")
    rebuilt = sources.sel(source="by-product") * mixed + sources.sel(source="electrolysis") * (1.0 - mixed)
    np.testing.assert_allclose(rebuilt.transpose(*found["nozzle_cost"].dims), found["nozzle_cost"], rtol=1e-9)
    np.testing.assert_allclose(found["price"].sel(application="bus"), found["nozzle_cost"].sum("component"), rtol=1e-12)


def test_a_plant_of_the_chain_costs_here_what_the_chain_says() -> None:
    name = "flanders-wind-farm/test-site"
    document, _ = load_scenario_document(name, Scenario)
    scenario, year = checked(Scenario, document), year_of(name)
    plant, economics = scenario.machines, scenario.economics
    cost, tank = plant.electrolysers[0].cost, plant.store.cost  # type: ignore[union-attr]
    charge = float(annuity(np.array(float(economics.discount_rate)), np.array(float(economics.lifetime))))
    capital = cost.capital * year.electrolyser_capacity
    stack = cost.replacement * capital * year.electrolyser_hours / cost.operating_life
    yearly = capital * (charge + cost.operating) + stack + tank.capital * year.tank * (charge + tank.operating)
    yearly += year.price_paid * year.electrolyser_hours * HOUR * year.electrolyser_capacity
    made = year.hydrogen_delivered + year.hydrogen_to_fuel_cell
    # The chain counts hours in operation and replaces whole stacks in whole years: a few per cent apart.
    assert yearly / made == pytest.approx(year.cost_of_hydrogen, rel=0.05)


def test_a_plant_reports_what_the_chain_simulated() -> None:
    year = year_of("flanders-wind-farm/test-site")
    assert year.energy_balance_residual < 1e-9
    assert year.hydrogen_balance_residual < 1e-9
    assert 45.0 < year.consumption / KILOWATT_HOUR < year.rated_consumption / KILOWATT_HOUR * 1.02
    assert 0.0 < year.price_ratio < 1.0
    balancing = year_of("waterstof/balancing")
    assert balancing.fuel_cell_efficiency == pytest.approx(0.5, abs=0.02)
    assert balancing.fuel_cell_hours * HOUR < 366.0 * DAY


def test_sites_of_hydrogen_report_what_was_known_of_them() -> None:
    halle, lillo, antwerp = (
        year_of(f"waterstof/{name}") for name in ("halle-station", "lillo-fuel-cell", "bus-depot-antwerp")
    )
    for year in (halle, lillo, antwerp):
        assert year.energy_balance_residual < 1e-9
        assert year.hydrogen_balance_residual < 1e-9
    assert halle.hydrogen_delivered < halle.hydrogen_produced < 365.0 * 130.0
    assert lillo.fuel_cell_capacity == 1e6
    assert lillo.fuel_cell_efficiency == pytest.approx(0.5, abs=0.02)
    assert lillo.cost_of_electricity * MEGAWATT_HOUR > 0.0
    # Five buses of 250 km a day at 7 to 10 kg per 100 km, most days of the year.
    assert 0.8 * 5 * 300 * 250 * 0.07 < antwerp.hydrogen_delivered < 5 * 365 * 250 * 0.10
    assert antwerp.hydrogen_by_product == pytest.approx(antwerp.hydrogen_delivered, rel=0.02)
    assert np.isnan(antwerp.consumption)


def test_a_scenario_that_several_plants_share_is_run_once() -> None:
    study = load()
    plants = plants_of(study)
    scenarios = {name: plant.scenario for name, plant in study.cluster.plants.items()}
    runs = [plants.supply, plants.balancing, *plants.lead.values()]
    named = {study.supply.electrolyser.scenario, study.markets.balancing.hydrogen.scenario, *scenarios.values()}
    assert len(runs) > len(named) == len(set(map(id, runs)))
    assert {name: year.title for name, year in plants.lead.items()} == {
        name: year_of(scenario).title for name, scenario in scenarios.items()
    }


def test_a_scenario_without_a_hydrogen_plant_is_named() -> None:
    with pytest.raises(ConfigurationError, match="has no hydrogen plant"):
        plant_year("flanders-wind-farm/belgian-zone")
