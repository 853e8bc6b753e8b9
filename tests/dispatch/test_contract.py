"""Support schemes: certificates and contracts for difference."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from testsite_sim.cases.scenario import load_scenario
from testsite_sim.chain import prepare
from testsite_sim.chain.dispatching import dispatch
from testsite_sim.chain.simulation import until_wind
from testsite_sim.dispatch.market import contract_support

SHORT = ("weather.start=2023-07-01", "weather.end=2023-07-15")


@given(st.lists(st.floats(-500.0, 500.0), min_size=1, max_size=20), st.floats(0.0, 200.0))
def test_with_a_two_sided_contract_energy_earns_the_strike_and_with_a_one_sided_one_at_least(prices, strike) -> None:
    price = np.array(prices)
    both = price + contract_support(price, strike, two_sided=True, suspended_below=0.0)
    one = price + contract_support(price, strike, two_sided=False, suspended_below=0.0)
    paid = price >= 0.0
    np.testing.assert_allclose(both[paid], strike, atol=1e-9)
    np.testing.assert_allclose(one[paid], np.maximum(price[paid], strike), atol=1e-9)
    np.testing.assert_array_equal(both[~paid], price[~paid])
    np.testing.assert_array_equal(one[~paid], price[~paid])


@pytest.fixture(scope="module")
def flown():
    steps = until_wind(prepare(load_scenario("flanders-wind-farm/test-site", SHORT)))
    return steps["wind"]["power_delivered"], steps["weather"]["day_ahead_price"]


def run(flown, *settings: str) -> xr.Dataset:
    prepared = prepare(load_scenario("flanders-wind-farm/test-site", (*SHORT, *settings)))
    return dict(dispatch(prepared, *flown, None))["plant"]


def test_the_chain_pays_what_the_scheme_says(flown) -> None:
    plain, certified = run(flown), run(flown, "market=certificates-90")
    assert float(certified["revenue"].sum()) > float(plain["revenue"].sum())
    np.testing.assert_allclose(certified["support"] * 3.6e9, 90.0)
    contracted = run(flown, "market=contract-princess-elisabeth")
    assert (contracted["power_exported"].to_numpy()[contracted["price"].to_numpy() < 0.0] == 0.0).all()
    sold = float(contracted["power_exported"].sum()) * 3600.0
    assert float(contracted["revenue"].sum()) == pytest.approx(95.0 / 3.6e9 * sold, rel=1e-9)
    assert float(certified["power_exported"].sum()) * 3600.0 >= sold  # certificates are paid below zero too


def test_fees_of_the_grid_are_due_on_what_is_sold_and_bought(flown) -> None:
    fees = ("grid.injection_fee=2 EUR/MWh", "grid.purchase_fee=20 EUR/MWh", "grid.import_limit=10 MW")
    found = run(flown, *fees, "market=certificates-90", "dispatch.strategy=price-threshold")
    sold, bought = (found[name] * 3600.0 for name in ("power_exported", "power_imported"))
    price = found["price"]
    assert float(bought.sum()) > 0.0
    paid = (price + 88.0 / 3.6e9) * sold - (price + 20.0 / 3.6e9) * bought
    np.testing.assert_allclose(found["revenue"], paid, rtol=1e-12, atol=1e-6)
    assert found.attrs["objective_value"] <= found.attrs["objective_value_optimum"] * (1.0 + 1e-3)
