"""Stores take no more than the power that is left can compress: neither of production nor of by-product."""

import numpy as np
import pytest

from tests.plant.halle import by_product, electrolyser, halle, run
from tests.plant.random_plants import tank
from testsite_sim.cases.scenario import load_scenario
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.configuration.grid import Grid
from testsite_sim.configuration.plant import AnyStore, PlantConfiguration
from testsite_sim.configuration.storage import HydrogenStore
from testsite_sim.configuration.strategy import strategy

HOUR = 3600.0


def vessels(volume: float = 10.0, pressure: float = 20e5) -> HydrogenStore:
    """Return a store of one bank of 200 bar behind a compressor from 10 bar, with its first pressure [Pa]."""
    found = halle().store
    assert isinstance(found, HydrogenStore)
    (bank,) = found.cascade.banks
    banks = (bank.model_copy(update={"volume": volume, "initial_pressure": pressure}),)
    return found.model_copy(update={"cascade": found.cascade.model_copy(update={"banks": banks})})


def simulated(store: AnyStore | tuple[AnyStore, ...], imported: str, **parts):
    """Return three hours of 3 kg/h of by-product and no wind, behind a connection."""
    plant = PlantConfiguration(by_product=by_product(), store=store, **parts)
    grid = Grid.model_validate({"import_limit": imported, "export_limit": "1 MW"})
    offered = np.full(3, 3.0 / HOUR)
    return run(plant, np.zeros(3), strategy=strategy("none"), by_product=offered, grid=grid)["plant"]


@pytest.mark.parametrize("listed", [False, True])
def test_by_product_is_stored_as_far_as_there_is_power_to_compress_it(listed: bool) -> None:
    """Aims at no power, at half of what the compressor wants, and at all of it."""
    store = (vessels(), vessels()) if listed else vessels()
    free = simulated(store, "1 MW")
    np.testing.assert_allclose(free["hydrogen_by_product"] * HOUR, 3.0, rtol=1e-12)
    assert float(free["power_compressor"].min()) > 0.0
    none = simulated(store, "0 kW")
    assert float(none["hydrogen_by_product"].max()) == 0.0
    half = 0.5 * float(free["power_compressor"][0])
    some = simulated(store, f"{half} W")
    # What is left to the compressor is judged by the pressure that all of it would lead to: a little less is used.
    assert float(some["hydrogen_by_product"][0]) * HOUR == pytest.approx(1.5, rel=1e-12)
    assert 0.9 * half < float(some["power_compressor"][0]) < half
    for found in (free, none, some):
        assert float(found["power_missing"].max()) == 0.0
        assert float(found["power_imported"].max()) <= half or found is free
        assert found.attrs["hydrogen_balance_residual"] <= 1e-9


def test_by_product_goes_into_a_store_without_a_compressor_whatever_the_power() -> None:
    plain = tank().model_copy(update={"capacity": 100.0, "initial_level": 0.5})
    found = simulated((plain, vessels()), "0 kW")
    np.testing.assert_allclose(found["hydrogen_by_product"] * HOUR, 3.0, rtol=1e-12)
    assert float(found["power_missing"].max()) == 0.0


def test_a_battery_compresses_by_product_while_it_lasts() -> None:
    battery = halle().battery
    assert battery is not None
    small = battery.model_copy(update={"capacity": 4.0 * 3.6e6, "minimum_level": 0.1, "initial_level": 0.9})
    found = simulated(vessels(), "0 kW", battery=small)
    taken = found["hydrogen_by_product"].to_numpy() * HOUR
    assert taken[0] > 0.0
    assert taken[-1] < taken[0]
    assert float(found["power_missing"].max()) == 0.0
    np.testing.assert_allclose(found["power_discharged"], found["power_compressor"], rtol=1e-12)


@pytest.mark.parametrize("place", [0, 1])
def test_production_into_a_small_bank_that_an_hour_fills_leaves_the_power_of_its_own_work(place: int) -> None:
    """The fault: the work was that of the pressure before the hour, in which the bank rose from 20 to 200 bar."""
    machine = electrolyser("halle-pem-30")
    stores = [tank().model_copy(update={"capacity": 0.0}), vessels(volume=0.2)]
    wind = np.full(4, 0.6 * float(machine.capacity))
    grid = Grid.model_validate({"import_limit": "0 kW", "export_limit": "1 MW"})
    plant = PlantConfiguration(electrolysers=(machine,), store=tuple(stores[:: 1 - 2 * place]))
    found = run(plant, wind, strategy=strategy("price-threshold"), price=-1e-8, grid=grid)["plant"]
    assert float(found["hydrogen_produced"].max()) > 0.0
    assert float(found["power_compressor"].max()) > 0.0
    assert float(found["power_missing"].max()) <= 1e-9


def test_a_bank_that_begins_above_what_fills_it_is_refused_by_name() -> None:
    """The fault: it was refused by the content of all stores as one, or took room from the stores next to it."""
    with pytest.raises(ConfigurationError, match=r"plant\.store\.1: a bank's initial_pressure of 15 bar lies"):
        load_scenario(
            "flanders-wind-farm/test-site",
            ("plant.store=[pressurised-5t, {extends: buffer-30bar, supply_pressure: 10 bar}]",),
        )
