"""Money and hydrogen come from nowhere: closed forms of plants that do nothing, or leave more than they found."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from testsite_sim.configuration.economics import Economics
from testsite_sim.configuration.hydrogen import Electrolyser, FuelCell, Tank
from testsite_sim.configuration.loading import load_component
from testsite_sim.economics import Assets, simulate_economics

HOURS, YEARS, RATE = 8760, 4, 0.06


def economics(**changed: object) -> Economics:
    return load_component("economics", "demonstration", Economics).model_copy(
        update={"lifetime": float(YEARS), "discount_rate": RATE, **changed}
    )


def assets(electrolyser: float = 10e6) -> Assets:
    machine = load_component("electrolyser", "pem-10mw", Electrolyser).model_copy(update={"capacity": electrolyser})
    tank, cell = load_component("tank", "pressurised-5t", Tank), load_component("fuel-cell", "pem-1mw", FuelCell)
    return Assets(76e6, machine, tank, cell)


def year(export_limit: float | None = None, hours: int = HOURS, **flows: float | np.ndarray) -> xr.Dataset:
    """Return a dispatched period with given flows, constant or by hour; all others are zero."""
    names = ("power_available", "power_curtailed", "power_exported", "power_imported", "power_electrolyser",
             "power_fuel_cell", "hydrogen_produced", "hydrogen_delivered", "hydrogen_to_fuel_cell", "price", "support",
             "revenue")  # fmt: skip
    data = {name: ("time", np.broadcast_to(np.asarray(flows.get(name, 0.0), float), hours).copy()) for name in names}
    stamps = pd.date_range("2023-01-01", periods=hours, freq="h")
    limit = {} if export_limit is None else {"export_limit": export_limit}
    return xr.Dataset(data, coords={"time": stamps}, attrs={"step": 3600.0, "purchase_fee": 1e-9, **limit})


ANNUITY = sum((1.0 + RATE) ** -k for k in range(1, YEARS + 1))


@pytest.mark.parametrize("hours", [HOURS, 168])
def test_an_electrolyser_of_nothing_makes_no_hydrogen_and_the_first_filling_counts_once(hours: int) -> None:
    """The fault: a week that drains the tank was 117 t a year, each from a first filling of its own."""
    drained = 2500.0 / (hours * 3600.0)
    idle = simulate_economics(year(hours=hours), assets(0.0), economics())
    found = simulate_economics(year(hours=hours, hydrogen_delivered=drained), assets(0.0), economics())
    assert "levelised_cost_of_hydrogen" not in found.attrs
    np.testing.assert_allclose(found["cash_flow"], idle["cash_flow"], rtol=1e-12)
    assert float(found["hydrogen_made"].sum()) == 0.0


def test_what_is_left_more_in_the_tank_at_the_end_of_a_year_is_credited() -> None:
    made = 0.01
    even = simulate_economics(year(hydrogen_produced=made, hydrogen_delivered=made), assets(), economics())
    left = 2500.0 / (HOURS * 3600.0)
    more = simulate_economics(year(hydrogen_produced=made + left, hydrogen_delivered=made), assets(), economics())
    gain = more.attrs["net_present_value"] - even.attrs["net_present_value"]
    assert gain == pytest.approx(2500.0 * 6.0 * ANNUITY, rel=1e-6)
    ratio = even.attrs["levelised_cost_of_hydrogen"] / more.attrs["levelised_cost_of_hydrogen"]
    assert ratio == pytest.approx((made + left) / made, rel=1e-9)


def test_the_first_filling_is_bought_at_the_start_and_sold_at_the_end() -> None:
    found = simulate_economics(year(), assets(), economics())
    stock = found["hydrogen_stock_value"].to_numpy()
    np.testing.assert_allclose(stock, [-2500.0 * 6.0, *[0.0] * (YEARS - 1), 2500.0 * 6.0])
    assert found.attrs["first_filling"] == 2500.0


def test_what_could_not_have_been_sold_costs_nothing() -> None:
    """Of 10 MW only the room under the export limit counts, and nothing of it where selling does not pay."""
    price = np.where(np.arange(HOURS) % 2 == 0, 2e-8, -2e-8)  # 72 and -72 EUR/MWh
    flows = {"power_electrolyser": 10e6, "power_exported": 56e6, "hydrogen_produced": 0.05, "hydrogen_delivered": 0.05,
             "price": price}  # fmt: skip
    limited = simulate_economics(year(60e6, **flows), assets(), economics())
    assert float(limited["electrolyser_electricity_cost"][1]) == pytest.approx(
        4e6 * 2e-8 * HOURS / 2 * 3600.0, rel=1e-12
    )
    free = simulate_economics(year(None, **flows), assets(), economics())
    assert float(free["electrolyser_electricity_cost"][1]) == pytest.approx(10e6 * 2e-8 * HOURS / 2 * 3600.0, rel=1e-12)
    full = simulate_economics(year(56e6, **flows), assets(), economics())
    assert float(full["electrolyser_electricity_cost"][1]) == 0.0


def test_bought_electricity_costs_its_price_and_fee_whatever_the_room() -> None:
    flows = {"power_electrolyser": 10e6, "power_imported": 4e6, "power_exported": 0.0, "hydrogen_produced": 0.05,
             "hydrogen_delivered": 0.05, "price": 2e-8}  # fmt: skip
    found = simulate_economics(year(0.0, **flows), assets(), economics())
    assert float(found["electrolyser_electricity_cost"][1]) == pytest.approx(4e6 * 2.1e-8 * HOURS * 3600.0, rel=1e-12)


def test_salvage_comes_back_in_the_last_year_and_money_says_its_year() -> None:
    plain = simulate_economics(year(power_available=20e6), assets(), economics())
    found = simulate_economics(year(power_available=20e6), assets(), economics(salvage=0.2))
    capital = float(plain["capital_cost"].sum())
    gain = found.attrs["net_present_value"] - plain.attrs["net_present_value"]
    assert gain == pytest.approx(0.2 * capital * (1.0 + RATE) ** -YEARS, rel=1e-9)
    of_wind = plain.attrs["levelised_cost_of_energy"] / found.attrs["levelised_cost_of_energy"]
    assert of_wind > 1.0
    assert found.attrs["price_year"] == 2023
    money = [name for name in found.data_vars if found[name].attrs["units"] == "EUR"]
    assert all(found[name].attrs["price_year"] == 2023 for name in money)
