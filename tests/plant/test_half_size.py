"""What is written per capacity grows with it: half the size of a machine does half as much, in every kind."""

import numpy as np
import pytest

from tests.plant.halle import electrolyser, fuel_cell
from tests.plant.plants import changed, hours, store
from testsite_sim.configuration.hydrogen import FuelCell
from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.storage import Bank, Compressor
from testsite_sim.plant.banks import bank_cost, filling_limit, held_mass, withdrawal_limit
from testsite_sim.plant.compression import compressor_cost, electricity_table
from testsite_sim.plant.fuel_cell import kernel_plant, plant_curve, stacks_in
from testsite_sim.plant.machines import load_curves
from testsite_sim.plant.storage import simulate_storage


@pytest.mark.parametrize("name", ["lillo-1mw", "halle-90kw", "pem-1mw"])
def test_half_a_fuel_cell_gives_half_the_power_heat_and_auxiliaries_of_half_the_hydrogen(name: str) -> None:
    whole: FuelCell = fuel_cell(name)
    half = changed(whole, {"capacity": f"{whole.capacity / 2e3} kW"})
    one, other = plant_curve(half), plant_curve(whole)
    np.testing.assert_allclose(2.0 * one.power, other.power, rtol=1e-12)
    np.testing.assert_allclose(2.0 * one.hydrogen, other.hydrogen, rtol=1e-12)
    np.testing.assert_allclose(2.0 * one.heat, other.heat, rtol=1e-12, atol=1e-6)
    assert 2.0 * stacks_in(half) == pytest.approx(stacks_in(whole), rel=1e-12)
    assert kernel_plant(half).capacity == pytest.approx(0.5 * kernel_plant(whole).capacity, rel=1e-12)


def test_half_an_electrolyser_makes_half_of_half_the_power_and_starts_with_half_the_energy() -> None:
    whole = electrolyser("pem-10mw")
    half = changed(whole, {"capacity": "5 MW"})
    one, other = load_curves([half], 1, 3600.0), load_curves([whole], 1, 3600.0)
    np.testing.assert_allclose(2.0 * one.hydrogen, other.hydrogen, rtol=1e-12)
    for name in ("start_power", "least", "rated", "standby_power"):
        assert 2.0 * getattr(one, name)[0] == pytest.approx(getattr(other, name)[0], rel=1e-12), name


@pytest.mark.parametrize("name", ["vessel-30bar", "vessel-350bar", "vessel-950bar"])
def test_half_a_bank_holds_takes_gives_and_costs_half(name: str) -> None:
    whole = load_component("hydrogen-bank", name, Bank)
    half = changed(whole, {"volume": f"{float(whole.volume) / 2} m^3"})
    for measure in (
        lambda bank: held_mass(bank, bank.maximum_pressure),
        filling_limit,
        withdrawal_limit,
        lambda b: bank_cost(b)[0],
    ):
        assert 2.0 * measure(half) == pytest.approx(measure(whole), rel=1e-12)


def test_half_a_compressor_costs_half_and_works_the_same_per_mass() -> None:
    whole = load_component("hydrogen-compressor", "to-200bar", Compressor)
    half = changed(whole, {"capacity": "30 kg/hour"})
    np.testing.assert_array_equal(electricity_table(half).work, electricity_table(whole).work)
    assert 2.0 * compressor_cost(half)[0] == pytest.approx(compressor_cost(whole)[0], rel=1e-12)


def test_half_a_store_of_half_a_supply_draws_half_the_energy() -> None:
    whole = store()
    volumes = {
        f"cascade__banks__{k}__volume": f"{float(bank.volume) / 2} m^3" for k, bank in enumerate(whole.cascade.banks)
    }
    half = changed(whole, {**volumes, "compressor__capacity": f"{float(whole.compressor.capacity) / 2} kg/s"})
    supply, demand = hours([0.01] * 6 + [0.0] * 6), hours([0.0] * 6 + [0.01] * 6)
    one, other = simulate_storage(0.5 * supply, 0.5 * demand, half), simulate_storage(supply, demand, whole)
    for name in ("power_compressor", "hydrogen_taken", "hydrogen_delivered", "bank_mass"):
        np.testing.assert_allclose(2.0 * one[name], other[name], rtol=1e-9, atol=1e-12)
