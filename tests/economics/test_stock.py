"""Money and hydrogen come from nowhere: closed forms of plants that do nothing, or leave more than they found."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from testsite_sim.api import load
from testsite_sim.common.units import SECONDS_PER_YEAR
from testsite_sim.configuration.economics import Economics
from testsite_sim.configuration.hydrogen import Electrolyser, FuelCell, HydrogenDemand, Tank
from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.plant import PlantConfiguration
from testsite_sim.economics import simulate_economics
from testsite_sim.economics.lifetime import repeated_life
from testsite_sim.economics.period import repeated

HOURS, YEARS, RATE = 8760, 4, 0.06


def economics(**changed: object) -> Economics:
    return load_component("economics", "demonstration", Economics).model_copy(
        update={"lifetime": float(YEARS), "discount_rate": RATE, **changed}
    )


def plant(electrolyser: float = 10e6) -> PlantConfiguration:
    machine = load_component("electrolyser", "pem-10mw", Electrolyser).model_copy(update={"capacity": electrolyser})
    return PlantConfiguration(
        electrolysers=(machine,),
        store=load_component("hydrogen-store", "pressurised-5t", Tank),
        fuel_cells=(load_component("fuel-cell", "pem-1mw", FuelCell),),
        demand=load_component("hydrogen-demand", "bus-depot-40", HydrogenDemand),
    )


def year(export_limit: float | None = None, hours: int = HOURS, **flows: float | np.ndarray) -> xr.Dataset:
    """Return a dispatched period with given flows, constant or by hour; all others are zero."""
    names = {
        "power_wind": "W",
        "power_curtailed": "W",
        "power_exported": "W",
        "power_imported": "W",
        "power_electrolysers": "W",
        "power_fuel_cells": "W",
        "hydrogen_produced": "kg s-1",
        "hydrogen_delivered": "kg s-1",
        "hydrogen_to_fuel_cells": "kg s-1",
        "hydrogen_stored": "kg",
        "price": "EUR J-1",
        "support": "EUR J-1",
        "revenue": "EUR",
    }
    data = {}
    for name, units in names.items():
        values = np.broadcast_to(np.asarray(flows.get(name, 0.0), float), hours).copy()
        data[name] = ("time", values, {"units": units, "long_name": name})
    for machine, dim in (("electrolyser", "power_electrolysers"), ("fuel_cell", "power_fuel_cells")):
        data[f"{machine}_power"] = (("time", machine), data[dim][1][:, None])
    data["electrolyser_hydrogen"] = (("time", "electrolyser"), data["hydrogen_produced"][1][:, None])
    stamps = pd.date_range("2023-01-01", periods=hours, freq="h")
    limit = {} if export_limit is None else {"export_limit": export_limit}
    facts = {"step": 3600.0, "purchase_fee": 1e-9, "first_filling": 2500.0, **limit}
    return xr.Dataset(data, coords={"time": stamps, "electrolyser": ["a"], "fuel_cell": ["b"]}, attrs=facts)


def money(passage: xr.Dataset, built: PlantConfiguration, stated: Economics) -> xr.Dataset:
    """Return the money of years that are all the period."""
    annual = repeated(passage.sizes["time"], 3600.0)
    life = repeated_life(passage, annual, YEARS)
    return simulate_economics(life, passage, built, 76e6, stated, annual)


ANNUITY = sum((1.0 + RATE) ** -k for k in range(1, YEARS + 1))


@pytest.mark.parametrize("hours", [HOURS, 168])
def test_an_electrolyser_of_nothing_makes_no_hydrogen_and_the_first_filling_counts_once(hours: int) -> None:
    """The fault: a week that drains the tank was 117 t a year, each from a first filling of its own."""
    drained = 2500.0 / (hours * 3600.0)
    idle = money(year(hours=hours), plant(0.0), economics())
    found = money(year(hours=hours, hydrogen_delivered=drained), plant(0.0), economics())
    assert "levelised_cost_of_hydrogen" not in found.attrs
    np.testing.assert_allclose(found["cash_flow"], idle["cash_flow"], rtol=1e-12)
    assert float(found["hydrogen_made"].sum()) == 0.0


def test_what_is_left_more_in_the_tank_at_the_end_of_a_year_is_credited() -> None:
    made = 0.01
    even = money(year(hydrogen_produced=made, hydrogen_delivered=made), plant(), economics())
    left = 2500.0 / (HOURS * 3600.0)
    more = money(year(hydrogen_produced=made + left, hydrogen_delivered=made), plant(), economics())
    gain = more.attrs["net_present_value"] - even.attrs["net_present_value"]
    assert gain == pytest.approx(2500.0 * 6.0 * ANNUITY, rel=1e-6)
    ratio = even.attrs["levelised_cost_of_hydrogen"] / more.attrs["levelised_cost_of_hydrogen"]
    assert ratio == pytest.approx((made + left) / made, rel=1e-9)


def test_the_first_filling_is_bought_at_the_start_and_sold_at_the_end() -> None:
    found = money(year(), plant(), economics())
    stock = found["hydrogen_stock_value"].to_numpy()
    np.testing.assert_allclose(stock, [-2500.0 * 6.0, *[0.0] * (YEARS - 1), 2500.0 * 6.0])
    assert found.attrs["first_filling"] == 2500.0


def test_what_could_not_have_been_sold_costs_nothing() -> None:
    """Of 10 MW only the room under the export limit counts, and nothing of it where selling does not pay."""
    price = np.where(np.arange(HOURS) % 2 == 0, 2e-8, -2e-8)  # 72 and -72 EUR/MWh
    flows = {
        "power_electrolysers": 10e6,
        "power_exported": 56e6,
        "hydrogen_produced": 0.05,
        "hydrogen_delivered": 0.05,
        "price": price,
    }
    limited = money(year(60e6, **flows), plant(), economics())
    assert float(limited["electrolyser_electricity_cost"][1]) == pytest.approx(
        4e6 * 2e-8 * HOURS / 2 * 3600.0, rel=1e-12
    )
    free = money(year(None, **flows), plant(), economics())
    assert float(free["electrolyser_electricity_cost"][1]) == pytest.approx(10e6 * 2e-8 * HOURS / 2 * 3600.0, rel=1e-12)
    full = money(year(56e6, **flows), plant(), economics())
    assert float(full["electrolyser_electricity_cost"][1]) == 0.0


def test_bought_electricity_costs_its_price_and_fee_whatever_the_room() -> None:
    flows = {
        "power_electrolysers": 10e6,
        "power_imported": 4e6,
        "power_exported": 0.0,
        "hydrogen_produced": 0.05,
        "hydrogen_delivered": 0.05,
        "price": 2e-8,
    }
    found = money(year(0.0, **flows), plant(), economics())
    assert float(found["electrolyser_electricity_cost"][1]) == pytest.approx(4e6 * 2.1e-8 * HOURS * 3600.0, rel=1e-12)


def test_salvage_comes_back_in_the_last_year_and_money_says_its_year() -> None:
    plain = money(year(power_wind=20e6), plant(), economics())
    found = money(year(power_wind=20e6), plant(), economics(salvage=0.2))
    capital = float(plain["capital_cost"].sum())
    gain = found.attrs["net_present_value"] - plain.attrs["net_present_value"]
    assert gain == pytest.approx(0.2 * capital * (1.0 + RATE) ** -YEARS, rel=1e-9)
    of_wind = plain.attrs["levelised_cost_of_energy"] / found.attrs["levelised_cost_of_energy"]
    assert of_wind > 1.0
    assert found.attrs["price_year"] == 2023
    amounts = [name for name in found.data_vars if found[name].attrs["units"] == "EUR"]
    assert all(found[name].attrs["price_year"] == 2023 for name in amounts)


@pytest.mark.parametrize("strategy", ["firm-band", "perfect-foresight"])
def test_a_battery_of_one_watt_hour_moves_no_cost_of_hydrogen(strategy: str) -> None:
    """The fault: years of plants that age began where the last one ended, all other years with the first filling."""
    changed = {"weather.start": "2023-01-01", "weather.end": "2023-01-15", "economics.scale_to_year": "by-repetition"}
    case = load("waterstof/balancing", {**changed, "dispatch.strategy": {"name": strategy}})
    tiny = {"extends": "lithium-ion-1mwh", "title": "tiny", "capacity": "1 Wh", "power": "1 W"}
    plain, with_battery = (
        each.run().summary["levelised_cost_of_hydrogen"] for each in (case, case.changed({"plant.battery": tiny}))
    )
    assert with_battery.value == pytest.approx(plain.value, rel=1e-6)


def test_reserves_count_the_hours_in_which_an_order_alone_runs_a_machine() -> None:
    """In hours of the period, whatever made a machine run; standing by is not running."""
    case = load("waterstof/balancing-capacity")
    run = case.run()
    hours, life = run.results["plant"].to_dataset(), run.results["lifetime"].to_dataset()
    step = float(run.results["plant"].attrs["step"])
    again = np.arange(life.sizes["year"] * round(SECONDS_PER_YEAR / step)) % hours.sizes["time"]
    for machine, clock in (
        ("electrolyser_hydrogen", "stack_running_time"),
        ("fuel_cell_power", "fuel_cell_running_time"),
    ):
        ran = hours[machine].to_numpy()[:, 0] > 0.0
        by_year = (ran[again] * step).reshape(life.sizes["year"], -1).sum(axis=1)
        np.testing.assert_allclose(life[clock][0, 0], by_year[0], rtol=1e-12)
        np.testing.assert_allclose(life[clock][:, 0], by_year, rtol=5e-3)  # later years begin with another content
