"""The step of a plant: whatever its machines and its strategy, energy and hydrogen close and no limit is passed."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.dispatch.plants import (
    as_stated,
    by_schedule,
    configured,
    curve_electrolyser,
    plants,
    series,
    simulate_balancing,
    trade,
)
from tests.plant.halle import traded
from tests.plant.random_plants import STRATEGIES, whole_plants
from tests.reference import dispatch as reference
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.configuration.grid import Grid
from testsite_sim.configuration.plant import PlantConfiguration
from testsite_sim.dispatch import ReducedPlant, StrategySettings, Trade, carry_out, reduced_plant
from testsite_sim.dispatch.capacity import Offer, margins_for, reserves
from testsite_sim.dispatch.execution import described
from testsite_sim.plant.delivery import kernel_pipeline
from testsite_sim.plant.kept import Margins
from testsite_sim.plant.load_table import LoadTable

MWH = 3.6e9
SIGNED = ("power_wind", "price", "support", "revenue")
OFFERS = (
    Offer("frequency", 1.0, True, True, 15 / MWH, 0.0, 100 / MWH, 60.0, deviation=0.5, persistence=0.5),
    Offer("up", 1.0, True, False, 20 / MWH, 20 / MWH, 120 / MWH, 60.0, volume=117.0),
)


def hours_of(seed: int, count: int) -> tuple[np.ndarray, ...]:
    """Return wind with calms that draw power, prices of either sign, panels, and by-product with gaps."""
    generator = np.random.default_rng(seed)
    wind = np.where(generator.random(count) < 0.2, -2e4 * generator.random(count), 1.2e6 * generator.random(count))
    price = generator.normal(50.0, 70.0, count) / MWH
    panels = 4e5 * np.maximum(np.sin(np.arange(count) / 4.0), 0.0)
    return wind, price, panels, 2e-3 * generator.random(count) * (generator.random(count) < 0.7)


def placed(plant: PlantConfiguration, seed: int, count: int, step: float, grid: Grid) -> Trade:
    """Return a plant in a market of random hours."""
    wind, price, panels, offered = hours_of(seed, count)
    return traded(
        plant,
        wind,
        price=price,
        panels=panels if plant.photovoltaics is not None else 0.0,
        by_product=offered if plant.by_product is not None else 0.0,
        step=step,
        grid=grid,
    )


def closes(result: xr.Dataset, whole: Trade, *, held: bool) -> None:
    """Hold what is true of every plant."""
    assert result.attrs["energy_balance_residual"] <= 1e-9
    assert result.attrs["hydrogen_balance_residual"] <= 1e-9
    for name, values in result.data_vars.items():
        if name not in SIGNED and not str(name).startswith(("water_value", "revenue_")):
            assert float(values.min()) >= -1e-9 * max(float(values.max()), 1.0), name
    rounding = 1e-12 * float(whole.grid.export_limit)  # of the powers of which the exchange is the difference
    assert float(result["power_imported"].max()) <= float(whole.grid.import_limit) + rounding
    assert float(result["power_exported"].max()) <= float(whole.grid.export_limit) * (1.0 + 1e-9)
    renewable = result["power_wind"] + result.get("power_photovoltaics", 0.0)
    assert np.all(result["power_curtailed"] <= np.maximum(renewable, 0.0) + 1e-6)
    both = {
        "electrolysers": ("electrolyser", "hydrogen_produced"),
        "fuel_cells": ("fuel_cell", "hydrogen_to_fuel_cells"),
    }
    for kind, (machine, flow) in both.items():
        if f"power_{kind}" in result:
            scale = max(float(result[f"power_{kind}"].max()), 1.0)
            np.testing.assert_allclose(
                result[f"{machine}_power"].sum(machine), result[f"power_{kind}"], atol=1e-12 * scale
            )
            np.testing.assert_allclose(result[f"{machine}_hydrogen"].sum(machine), result[flow], rtol=1e-12, atol=1e-15)
    if {"power_fuel_cells", "hydrogen_produced"} <= set(result) and not held:
        assert not np.any((result["hydrogen_produced"] > 0.0) & (result["power_fuel_cells"] > 0.0))
    if "power_missing" in result:  # turbines in a calm and the station draw whatever the connection lets in
        by_itself = np.maximum(-result["power_wind"], 0.0) + result.get("power_station", 0.0)
        assert np.all(result["power_missing"] <= by_itself + 1e-6)
    if "hydrogen_vented" in result:
        assert float(result["hydrogen_vented"].max()) <= 1e-9
    if "bank_mass" in result and not held:
        assert np.all(result["bank_mass"] <= result["bank_capacity"] * (1.0 + 1e-9))
        assert np.all(result["bank_pressure"] <= result["bank_rating"] * (1.0 + 1e-6))
    elif "hydrogen_stored" in result:
        alone = whole.plant.model_copy(update={"pipeline": None})
        least = reduced_plant(alone, whole.grid, Margins()).tank_minimum
        assert float(result["hydrogen_stored"].min()) >= least * (1.0 - 1e-12)
        if "bank_mass" not in result:
            most = sum(float(store.capacity) for store in whole.plant.stores)
            assert float(result["hydrogen_stored"].max()) <= most * (1.0 + 1e-12)
    if "hydrogen_in_pipeline" in result:
        pipe = kernel_pipeline(whole.plant.pipeline)
        assert float(result["hydrogen_in_pipeline"].min()) >= pipe.minimum * (1.0 - 1e-12)
        assert float(result["hydrogen_in_pipeline"].max()) <= pipe.capacity * (1.0 + 1e-12)
        assert float(result["hydrogen_to_pipeline"].max()) <= pipe.compressor_capacity
        assert float(result["pipeline_pressure"].max()) <= pipe.maximum_pressure * (1.0 + 1e-5)
    if "battery_content" in result:
        assert float(result["battery_content"].max()) <= float(whole.plant.battery.capacity) * (1.0 + 1e-9)


GRIDS = st.builds(
    lambda imported, exported: Grid.model_validate({"import_limit": imported, "export_limit": exported}),
    st.sampled_from(["0 kW", "10 kW", "500 kW"]),
    st.sampled_from(["300 kW", "3 MW"]),
)


@settings(deadline=None, max_examples=60)
@given(whole_plants(), st.sampled_from(STRATEGIES), GRIDS, st.integers(0, 2**32 - 1), st.sampled_from([900.0, 3600.0]))
def test_every_plant_under_every_strategy_conserves_energy_and_hydrogen(plant, strategy, grid, seed, step) -> None:
    banded = strategy.name in ("firm-band", "imbalance") and strategy.band
    assume(plant.electrolysers or plant.fuel_cells or not banded)  # without a machine a band is refused
    whole = placed(plant, seed, 30, step, grid)
    result = carry_out(strategy, whole).result
    closes(result, whole, held=False)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(whole_plants(), GRIDS, st.integers(0, 2**32 - 1), st.sampled_from([900.0, 3600.0]))
def test_random_set_points_conserve_energy_and_hydrogen(plant, grid, seed, step) -> None:
    whole, generator = placed(plant, seed, 40, step, grid), np.random.default_rng(seed)
    most = reduced_plant(plant, grid, Margins())
    schedule = generator.random((40, 3)) * [1.2 * most.electrolyser_capacity, 1.2 * most.fuel_cell_capacity, 1.0]
    schedule[:, :2] *= generator.random((40, 2)) < 0.7
    schedule[:, 2] = np.floor(schedule[:, 2] * 2.0)
    closes(described(by_schedule(whole, schedule), wind=True), whole, held=False)


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(whole_plants(), st.sampled_from(STRATEGIES), GRIDS, st.integers(0, 2**32 - 1))
def test_orders_to_reserves_conserve_energy_and_hydrogen(plant, strategy, grid, seed) -> None:
    if plant.store is None or not plant.electrolysers or not plant.fuel_cells:
        return
    whole = placed(plant, seed, 30, 900.0, grid)
    reduced = reduced_plant(plant, grid, Margins())
    offers = [
        replace(each, power=0.2 * min(reduced.electrolyser_capacity, reduced.fuel_cell_capacity)) for each in OFFERS
    ]
    try:
        margins = margins_for(reduced, offers)
        reduced_plant(plant, grid, margins)
    except ConfigurationError:  # the banks begin at their least pressure, or give less than full orders want
        return
    system = np.random.default_rng(seed).normal(0.0, 150.0, 30)
    held = replace(whole, margins=margins, reserves=reserves(reduced, offers, system, 1, seed=3))
    result = carry_out(strategy, held).result
    closes(result, held, held=True)
    for way in ("up", "down"):
        assert np.all(result[f"power_activated_{way}"] <= result[f"power_ordered_{way}"] * (1.0 + 1e-12))


@settings(deadline=None, max_examples=60)
@given(plants(), st.integers(0, 2**32 - 1), st.sampled_from([900, 3600]))
def test_set_points_of_one_electrolyser_by_curve_and_a_store_by_mass_equal_the_plain_loop(plant, seed, step) -> None:
    plant, generator = as_stated(plant), np.random.default_rng(seed)
    wind = 100e6 * generator.beta(0.5, 0.5, 80)
    price, demand = generator.normal(60.0, 70.0, 80) / MWH, 0.06 * generator.random(80)
    schedule = generator.random((80, 3)) * [1.2 * plant.electrolyser_capacity, 1.2 * plant.fuel_cell_capacity, 1.0]
    schedule[:, :2] *= generator.random((80, 2)) < 0.7
    schedule[:, 2] = generator.random(80) < 0.3
    whole = trade(*(series(each, step) for each in (wind, price, demand)), plant)
    found = described(by_schedule(whole, schedule), wind=True)
    expected = reference.dispatch(
        plant,
        "schedule",
        (0.0, 0.0, 0.0, 0.0),
        float(step),
        wind,
        price,
        price,
        np.zeros(80),
        demand,
        schedule=schedule,
    )
    for k, name in enumerate(reference.FLOWS):
        scale = {"p": 1e6, "h": 0.01}[name[0]] if name != "hydrogen_stored" else plant.tank_capacity
        values = found[name].to_numpy() if name in found else np.zeros(80)
        np.testing.assert_allclose(values / scale, expected[:, k] / scale, atol=1e-12, err_msg=name)


FLAT = ReducedPlant(
    electrolyser_capacity=4e6,
    electrolyser_production=LoadTable.constant(1.0 / (52.5 * 3.6e6)),
    tank_capacity=400.0,
    tank_initial=100.0,
    fuel_cell_capacity=1e6,
    export_limit=6e6,
)


@pytest.mark.parametrize("name", ["surplus", "price-threshold", "firm-band"])
def test_two_half_electrolysers_equal_one_whole_where_their_curve_is_flat(name: str) -> None:
    generator = np.random.default_rng(4)
    inputs = [
        series(each)
        for each in (8e6 * generator.random(100), generator.normal(60, 60, 100) / MWH, 0.01 * generator.random(100))
    ]
    whole = trade(*inputs, FLAT)
    half = curve_electrolyser(replace(FLAT, electrolyser_capacity=2e6))
    split = replace(whole, plant=whole.plant.model_copy(update={"electrolysers": (half, half)}))
    strategy = next(each for each in STRATEGIES if each.name == name).model_copy(update={"promised_power": 2e6})
    one, two = (carry_out(strategy, each).result for each in (whole, split))
    assert two.sizes["electrolyser"] == 2
    assert np.all(two["electrolyser_power"].max("time") > 0.0)
    for key in ("power_electrolysers", "hydrogen_produced", "hydrogen_stored", "power_exported", "revenue"):
        np.testing.assert_allclose(two[key], one[key], rtol=1e-12, atol=1e-12 * float(np.abs(one[key]).max()))


def test_an_electrolyser_that_may_go_cold_saves_its_standby_and_pays_its_start() -> None:
    plant = replace(FLAT, electrolyser_start_energy=3.6e8, electrolyser_standby_power=1e5, tank_capacity=4000.0)
    whole = trade(*(series(each) for each in ([8e6] * 4, [1e-8] * 4, [0.0] * 4)), plant)
    schedule = np.array([[4e6, 0.0, 0.0], [0.0, 0.0, 0.0], [4e6, 0.0, 0.0], [0.0, 0.0, 0.0]])
    hot = described(by_schedule(whole, schedule), wind=True)
    np.testing.assert_allclose(hot["power_electrolysers"], [4.1e6, 1e5, 4e6, 1e5], rtol=1e-12)
    assert hot["electrolyser_state"][:, 0].to_numpy().tolist() == [3, 2, 3, 2]
    schedule[1, 2] = 1.0
    cold = described(by_schedule(whole, schedule), wind=True)
    np.testing.assert_allclose(cold["power_electrolysers"], [4.1e6, 0.0, 4.1e6, 1e5], rtol=1e-12)
    assert cold["electrolyser_state"][:, 0].to_numpy().tolist() == [3, 0, 3, 2]


def test_the_standby_power_of_turbines_is_imported_paid_and_missing_beyond_the_limit() -> None:
    wind, price = [-5e4, -5e4, 2e6], [2e-8, -1e-8, 2e-8]
    inputs = [series(each) for each in (wind, price, [0.0] * 3)]
    free = simulate_balancing(*inputs, replace(FLAT, import_limit=1e6), strategy="none", purchase_fee=1e-8)
    np.testing.assert_allclose(free["power_imported"], [5e4, 5e4, 0.0], rtol=1e-12)
    np.testing.assert_allclose(free["power_exported"], [0.0, 0.0, 2e6], rtol=1e-12)
    np.testing.assert_allclose(free["revenue"], [-5e4 * 3e-8 * 3600.0, 0.0, 2e6 * 2e-8 * 3600.0], atol=1e-9)
    assert free.attrs["energy_balance_residual"] <= 1e-12
    short = simulate_balancing(*inputs, replace(FLAT, import_limit=2e4), strategy="none")
    np.testing.assert_allclose(short["power_imported"], [2e4, 2e4, 0.0], rtol=1e-12)
    np.testing.assert_allclose(short["power_missing"], [3e4, 3e4, 0.0], rtol=1e-12)
    assert short.attrs["energy_balance_residual"] <= 1e-12


def test_a_fuel_cell_serves_turbines_that_stand_still() -> None:
    inputs = [series(each) for each in ([-5e4] * 3, [9e-8] * 3, [0.0] * 3)]
    plant = replace(FLAT, export_limit=0.0)
    above = StrategySettings(produce_below=1e-8, generate_above=5e-8)
    found = simulate_balancing(*inputs, plant, strategy="price-threshold", settings=above)
    np.testing.assert_allclose(found["power_fuel_cells"], [5e4] * 3, rtol=1e-9)
    assert float(found["power_exported"].max()) == 0.0
    assert float(found["power_missing"].max()) <= 1e-6


def test_the_first_electrolyser_is_called_first_and_the_second_takes_the_rest() -> None:
    machine = curve_electrolyser(replace(FLAT, electrolyser_capacity=2e6))
    parts, _ = configured(FLAT)
    inputs = [series(each) for each in ([1e6, 3e6, 9e6], [1e-8] * 3, [0.0] * 3)]
    whole = replace(trade(*inputs, FLAT), plant=parts.model_copy(update={"electrolysers": (machine, machine)}))
    found = described(by_schedule(whole, np.array([[9e6, 0.0, 0.0]] * 3)), wind=True)
    np.testing.assert_allclose(found["electrolyser_power"], [[1e6, 0.0], [2e6, 1e6], [2e6, 2e6]], rtol=1e-12)
