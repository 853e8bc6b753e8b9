"""A hydrogen plant: its parts are those that stand alone, its balances close, its wear is carried on."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.plant.halle import by_product, electrolyser, fuel_cell, halle, run, series
from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.configuration.grid import Grid
from testsite_sim.configuration.hydrogen import Electrolyser, FuelCell
from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.plant import PlantConfiguration
from testsite_sim.configuration.strategy import strategy
from testsite_sim.plant.battery import simulate_battery
from testsite_sim.plant.demand import vehicle_arrivals
from testsite_sim.plant.electrolysis import simulate_electrolysis
from testsite_sim.plant.electrolysis_plant import StackPlant
from testsite_sim.plant.fuel_cell import simulate_fuel_cell
from testsite_sim.plant.refuelling import simulate_refuelling

WAVE = 4e5 * (1.0 + np.sin(np.arange(240) / 9.0))
PLAIN = strategy("self-consumption")
DEMAND = {"title": "x", "source": "x", "rate": "20 kg/day", "hourly_share": [1 / 24] * 24}
STRATEGIES = st.builds(
    strategy,
    name=st.just("self-consumption"),
    grid_import_below_level=st.sampled_from([0.0, 0.4, 1.0]),
    store_above_level=st.sampled_from([0.0, 0.8]),
    generate_above=st.sampled_from([None, "100 EUR/MWh"]),
    grid_import_below_price=st.sampled_from([None, "20 EUR/MWh"]),
)


@st.composite
def parts_of_halle(draw) -> PlantConfiguration:
    whole = halle()
    machines = draw(st.sampled_from([(), whole.electrolysers[:1], whole.electrolysers]))
    return halle(
        electrolysers=machines,
        by_product=by_product() if not machines or draw(st.booleans()) else None,
        store=draw(st.sampled_from([None, whole.store])),
        refuelling=draw(st.sampled_from([None, whole.refuelling])),
        demand=draw(st.sampled_from([None, DEMAND])),
        fuel_cells=(fuel_cell(),),
        battery=draw(st.sampled_from([None, whole.battery])),
    )


@settings(deadline=None, max_examples=30)
@given(
    parts_of_halle(),
    STRATEGIES,
    st.lists(st.floats(0.0, 1.5e6) | st.sampled_from([0.0, 1.5e6]), min_size=30, max_size=60),
    st.sampled_from([900.0, 3600.0]),
    st.sampled_from([0.0, 2e-3]),
    st.sampled_from(["0 kW", "300 kW"]),
)
def test_every_plant_conserves_energy_and_hydrogen_within_its_limits(
    plant, strategy, wind, step, offered, limit
) -> None:
    grid = Grid.model_validate({"import_limit": limit, "export_limit": "900 kW"})
    price = np.resize([-2e-8, 1e-8, 5e-8], len(wind))
    offered = offered if plant.by_product is not None else 0.0
    found = run(plant, wind, strategy=strategy, price=price, by_product=offered, step=step, grid=grid)
    hourly = found["plant"]
    assert hourly.attrs["energy_balance_residual"] <= 1e-9
    assert hourly.attrs["hydrogen_balance_residual"] <= 1e-9
    rates = [name for name in hourly if str(name).startswith(("power_", "hydrogen_", "heat_"))]
    assert all(float(hourly[name].min()) >= -1e-9 * max(float(hourly[name].max()), 1.0) for name in rates)
    assert float(hourly["power_imported"].max()) <= float(grid.import_limit) * (1.0 + 1e-12)
    assert float(hourly["power_exported"].max()) <= 9e5 * (1.0 + 1e-9)
    assert float(hourly["hydrogen_vented"].max()) <= 1e-9  # electrolysers make no more than there is room for
    if plant.by_product is not None:
        assert np.all(hourly["hydrogen_by_product"] <= offered * (1.0 + 1e-12))
    if plant.store is not None:
        assert np.all(hourly["bank_mass"] <= hourly["bank_capacity"] * (1.0 + 1e-9))
        assert np.all(hourly["bank_pressure"] <= hourly["bank_rating"] * (1.0 + 1e-6))
    panels = hourly["power_photovoltaics"] if plant.photovoltaics is not None else 0.0
    assert np.all(hourly["power_curtailed"] <= hourly["power_wind"] + panels + 1e-6)
    if plant.electrolysers:
        assert np.all(39.39 * 3.6e6 * hourly["hydrogen_produced"] <= hourly["power_electrolysers"] + 1e-6)
    if "refuelling" in found:
        assert found["refuelling"].attrs["request_balance_residual"] <= 1e-9


def test_electrolysers_do_what_they_do_alone() -> None:
    machine = electrolyser("halle-pem-30")
    demand = {**DEMAND, "rate": "10000 kg/day"}  # takes everything
    found = run(
        halle(electrolysers=(machine,), store=None, refuelling=None, demand=demand, fuel_cells=(), battery=None), WAVE
    )["plant"]
    alone = simulate_electrolysis(series(np.minimum(WAVE, 147e3)), StackPlant(machine.stacks))
    np.testing.assert_allclose(found["hydrogen_produced"], alone["hydrogen"], rtol=1e-12)
    np.testing.assert_allclose(found["power_electrolysers"], alone["power"], rtol=1e-12)


def test_a_fuel_cell_on_by_product_does_what_it_does_alone() -> None:
    offered = np.resize([0.005, 0.0, 0.02], WAVE.size)
    plant = PlantConfiguration(by_product=by_product(), fuel_cells=(fuel_cell(),))
    found = run(plant, 0.0 * WAVE, strategy=PLAIN, by_product=offered)["plant"]
    alone = simulate_fuel_cell(series(np.full(WAVE.size, 1e6)), series(offered), fuel_cell())
    np.testing.assert_allclose(found["power_fuel_cells"], alone["power"], rtol=1e-12)
    np.testing.assert_allclose(found["hydrogen_to_fuel_cells"], alone["hydrogen"], rtol=1e-12)
    np.testing.assert_array_equal(found["hydrogen_by_product"], found["hydrogen_to_fuel_cells"])
    np.testing.assert_allclose(found["fuel_cell_voltage_lost"][:, 0], alone["voltage_lost"], rtol=1e-12)


def test_a_station_on_by_product_does_what_it_does_alone() -> None:
    refuelling = halle().refuelling
    plant = PlantConfiguration(by_product=by_product(), refuelling=refuelling)
    found = run(plant, 0.0 * WAVE, by_product=0.01)["refuelling"]
    supply = series(np.full(WAVE.size, 0.01))
    end = supply["time"].to_numpy()[-1] + np.timedelta64(1, "h")
    vehicles = vehicle_arrivals(refuelling.fleets, supply["time"].to_numpy()[0], end, seed=refuelling.seed)
    alone = simulate_refuelling(supply, vehicles, refuelling.station)
    for name in ("hydrogen_dispensed", "hydrogen_taken", "power_compressor", "bank_pressure", "buffer_mass"):
        np.testing.assert_allclose(found[name], alone[name], rtol=1e-9, atol=1e-12, err_msg=name)


def test_a_battery_takes_what_is_left_and_gives_what_is_missing() -> None:
    refuelling = halle().refuelling
    plant = PlantConfiguration(by_product=by_product(), refuelling=refuelling, battery=halle().battery)
    found = run(plant, np.resize([2e5, 0.0], WAVE.size), by_product=0.01)["plant"]
    surplus = found["power_wind"] - found["power_station"]
    alone = simulate_battery(surplus, plant.battery)
    np.testing.assert_allclose(found["power_charged"], alone["charge"], rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(found["power_discharged"], alone["discharge"], rtol=1e-9, atol=1e-6)
    assert float(found["power_imported"].sum()) < float(
        run(plant.model_copy(update={"battery": None}), np.resize([2e5, 0.0], WAVE.size), by_product=0.01)["plant"][
            "power_imported"
        ].sum()
    )


def test_the_years_add_up_to_the_series_and_wear_is_carried_on() -> None:
    wind = 4e5 * (1.0 + np.sin(np.arange(8760) / 9.0))
    found = run(halle(), wind, price=3e-8, years=6)
    hourly, lifetime = found["plant"], found["lifetime"]
    for name in ("power_electrolysers", "hydrogen_dispensed", "heat_fuel_cells", "hydrogen_to_fuel_cells"):
        kind, _, rest = name.partition("_")
        label = f"{ {'power': 'energy'}.get(kind, kind) }_{rest}"
        assert float(lifetime[label][0]) == pytest.approx(float(hourly[name].sum()) * 3600.0, rel=1e-9), name
    rise, replaced = lifetime["stack_voltage_rise"].to_numpy(), lifetime["stacks_replaced"].to_numpy()
    assert np.all((np.diff(rise, axis=0) > 0.0) | (replaced[1:] > 0.0))  # ageing never heals but by replacement
    consumption = lifetime["electrolyser_energy"] / lifetime["electrolyser_mass"]
    until = int(np.argmax(replaced[:, 0] > 0)) or 6
    assert np.all(np.diff(consumption[:until, 0]) > 0.0)
    assert np.all(np.diff(lifetime["battery_capacity_lost"][:3]) > 0.0)


def test_half_the_step_changes_the_year_by_less_than_two_per_cent() -> None:
    whole = run(halle(), WAVE, price=3e-8)["plant"]
    half = run(halle(), np.repeat(WAVE, 2), price=3e-8, step=1800.0)["plant"]
    for name in ("hydrogen_produced", "hydrogen_dispensed", "power_electrolysers", "power_station"):
        assert float(half[name].sum()) / 2 == pytest.approx(float(whole[name].sum()), rel=0.02), name


def test_below_its_level_the_plant_draws_on_the_grid_and_above_it_does_not() -> None:
    calm = np.zeros(240)
    assisted = run(halle(), calm, strategy=PLAIN.model_copy(update={"grid_import_below_level": 1.0}))["plant"]
    alone = run(halle(), calm, strategy=PLAIN)["plant"]
    assert float(assisted["hydrogen_produced"].sum()) > 0.0
    assert float(alone["hydrogen_produced"].sum()) == 0.0
    assert float(assisted["power_imported"].max()) <= 1e6


def test_oxygen_water_and_heat_follow_from_the_hydrogen() -> None:
    found = run(halle(), WAVE)["plant"]
    made = found["hydrogen_produced"]
    np.testing.assert_allclose(found["oxygen_produced"], 7.9367 * made, rtol=1e-4)
    np.testing.assert_allclose(found["water_consumed"], 10.0 * made, rtol=1e-12)
    usable = 0.7 * found["heat_electrolysers"] + found["heat_fuel_cells"]
    np.testing.assert_allclose(found["heat_sold"], 0.5 * usable, rtol=1e-12)


def curve(name: str = "pem-10mw") -> Electrolyser:
    """Return an electrolyser known by its load curve, of 500 kW."""
    return load_component("electrolyser", name, Electrolyser).model_copy(update={"capacity": 5e5})


@pytest.mark.parametrize("kinds", ["stacks", "both", "curve"])
def test_what_a_curve_does_not_state_is_left_out_and_no_zero(kinds: str) -> None:
    """Aims at the mix: of two machines one states water and heat, so that the sum of both is not known."""
    by_curve = load_component("fuel-cell", "pem-1mw", FuelCell).model_copy(update={"capacity": 1e5})
    first, last = {"stacks": (1, 2), "both": (0, 2), "curve": (0, 1)}[kinds]
    machines = (curve(), halle().electrolysers[0])[first:last]
    cells = (fuel_cell() if kinds == "stacks" else by_curve,)
    found = run(halle(electrolysers=machines, fuel_cells=cells, side_streams=None), WAVE, price=3e-8, years=2)
    of_all = {"water_consumed", "heat_electrolysers", "heat_fuel_cells"}
    for step, dim in (("plant", "time"), ("lifetime", "year")):
        names = set(map(str, found[step]))
        assert of_all & names == (of_all if kinds == "stacks" else set())
        assert "oxygen_produced" in names
        assert "heat_sold" not in names
        assert ("electrolyser_heat" in names) == (kinds != "curve")
        if kinds == "both":
            assert found[step]["electrolyser_heat"].notnull().all(dim).to_numpy().tolist() == [False, True]
    assert ("fuel_cell_heat" in found["plant"]) == ("fuel_cell_voltage_lost" in found["plant"]) == (kinds == "stacks")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"electrolysers": (), "by_product": None}, "wants a source of hydrogen"),
        ({"demand": {**DEMAND, "rate": "-20 kg/day"}}, "at least 0"),
        ({"demand": {**DEMAND, "rate": "20 kg"}}, "a mass flow"),
        ({"by_product": {"title": "x", "source": "x", "price": "1 EUR/kg"}}, "either `rate` or `from_record"),
        ({"by_product": {"title": "x", "source": "x", "rate": "-1 kg/hour", "price": "1 EUR/kg"}}, "at least 0"),
        ({"electrolysers": (electrolyser("pem-10mw"),) * 21}, "at most 20"),
        ({"store": "low"}, "the station wants 10 bar"),
    ],
)
def test_a_plant_that_cannot_be_is_refused(changes: dict, words: str) -> None:
    if changes.get("store") == "low":
        changes = {"store": {**halle().store.model_dump(mode="json"), "delivery_pressure": "5 bar"}}
    with pytest.raises(ValueError, match=words):
        halle(**changes)


def test_a_level_beyond_full_and_a_setting_without_a_use_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="at most 1"):
        strategy("self-consumption", grid_import_below_level=1.2)
    with pytest.raises(ConfigurationError, match="Extra inputs are not permitted"):
        strategy("self-consumption", band="1 MW")


def test_hydrogen_that_is_negative_or_a_price_with_gaps_is_refused() -> None:
    with pytest.raises(DataError, match="by_product is negative in 1 interval"):
        run(halle(by_product=by_product()), np.full(3, 1e5), by_product=[0.0, -1.0, 0.0])
    with pytest.raises(DataError, match="price is not a number in 1 interval"):
        run(halle(), [1e5, 1e5], price=[1e-8, np.nan])


def test_a_fuel_cell_sells_nothing_at_a_price_below_zero_and_still_serves_the_site() -> None:
    price = np.resize([-6e-8, 6e-8], 48)
    alone = halle(
        electrolysers=(), by_product=by_product(), store=None, refuelling=None, fuel_cells=(fuel_cell(),), battery=None
    )
    hours = run(alone, np.zeros(48), strategy=PLAIN, price=price, by_product=5e-3)["plant"]
    below = price < 0.0
    assert not hours["power_exported"][below].any()
    assert not hours["power_fuel_cells"][below].any()
    assert float(hours["power_exported"][~below].min()) > 0.0
    assert float(hours["revenue"].min()) >= 0.0
