"""Contracts for power: what they pay in an interval, what strategies see of it, and support schemes next to them."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from testsite_sim.cases.scenario import load_scenario
from testsite_sim.chain import prepare
from testsite_sim.chain.dispatching import dispatch
from testsite_sim.chain.simulation import until_wind
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.configuration.base import quantities
from testsite_sim.configuration.catalogue import names
from testsite_sim.configuration.contracts import Contract
from testsite_sim.dispatch.calendar_means import calendar_means
from testsite_sim.dispatch.contracts import difference, paid_contract

MWH = 3.6e9
SHORT = ("weather.start=2023-07-01", "weather.end=2023-07-15")
ON_PRODUCTION = "dispatch.contracts=[difference-on-production]"


def stated(kind: str, **values):
    return TypeAdapter(Contract).validate_python({"title": "x", "kind": kind, **values})


@given(st.lists(st.floats(-500.0, 500.0), min_size=1, max_size=20), st.floats(0.0, 200.0))
def test_with_a_two_sided_contract_energy_earns_the_strike_and_with_a_one_sided_one_at_least(prices, strike) -> None:
    price = np.array(prices)
    both = price + difference(price, strike, price, two_sided=True, suspended_below=0.0)
    one = price + difference(price, strike, price, two_sided=False, suspended_below=0.0)
    paid = price >= 0.0
    np.testing.assert_allclose(both[paid], strike, atol=1e-9)
    np.testing.assert_allclose(one[paid], np.maximum(price[paid], strike), atol=1e-9)
    np.testing.assert_array_equal(both[~paid], price[~paid])
    np.testing.assert_array_equal(one[~paid], price[~paid])


def test_each_kind_pays_what_its_terms_say_hour_by_hour() -> None:
    time = xr.DataArray(np.array(["2023-01-31T22", "2023-01-31T23", "2023-02-01T00"], "datetime64[ns]"), dims="time")
    price, able = np.array([40.0, -10.0, 120.0]) / MWH, np.array([10e6, 20e6, 5e6])

    def paid(kind: str, **values):
        found = paid_contract(stated(kind, **values), time, price, able)
        return (found.margin * MWH).round(9).tolist(), (found.fixed * 3600.0).round(6).tolist()

    assert paid("power-purchase-as-produced", price="70 EUR/MWh", share=0.5) == ([15.0, 40.0, -25.0], [0.0] * 3)
    assert paid("power-purchase-as-produced", price="70 EUR/MWh", share=1.0, suspended_below="0 EUR/MWh") == (
        [30.0, 0.0, -50.0],
        [0.0] * 3,
    )
    sale = {"side": "sale", "price": "80 EUR/MWh", "power": "2 MW"}
    assert paid("power-purchase-baseload", **sale) == ([0.0] * 3, [80.0, 180.0, -80.0])
    assert paid("power-purchase-baseload", **{**sale, "side": "purchase"})[1] == [-80.0, -180.0, 80.0]
    terms = {"sides": "two-sided", "strike": "95 EUR/MWh", "suspended_below": "0 EUR/MWh"}
    kind = "contract-for-difference"
    assert paid(kind, reference="interval", paid_on="capability", **terms) == ([0.0] * 3, [550.0, 0.0, -125.0])
    # The mean of January is 15 EUR/MWh; of February there is one hour.
    assert paid(kind, reference="month", paid_on="production", **terms)[0] == [80.0, 0.0, -25.0]
    assert paid(kind, reference="year", paid_on="production", **terms)[0] == [45.0, 0.0, 45.0]
    assert calendar_means(price, time, "year") * MWH == pytest.approx(50.0)


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
    np.testing.assert_allclose(certified["support"] * MWH, 90.0)
    contracted = run(flown, ON_PRODUCTION)
    assert (contracted["power_exported"].to_numpy()[contracted["price"].to_numpy() < 0.0] == 0.0).all()
    sold = float(contracted["power_exported"].sum()) * 3600.0
    assert float(contracted["revenue"].sum()) == pytest.approx(95.0 / MWH * sold, rel=1e-9)
    assert float(certified["power_exported"].sum()) * 3600.0 >= sold  # certificates are paid below zero too


def test_a_contract_on_capability_leaves_the_dispatch_alone_and_one_on_production_moves_it(flown) -> None:
    # At a strike above what hydrogen is worth, every joule sold counts; on capability none does.
    terms = "produce_below: 60 EUR/MWh, generate_above: 1000 EUR/MWh, reserve_level: 0 kg"
    rule = f"dispatch.strategy={{name: price-threshold, {terms}}}"
    plain, able, sold = (
        run(flown, rule, *more) for more in ((), ("dispatch.contracts=[princess-elisabeth]",), (ON_PRODUCTION,))
    )
    np.testing.assert_array_equal(able["power_electrolysers"], plain["power_electrolysers"])
    np.testing.assert_array_equal(able["contract_margin"], 0.0)
    available = np.clip(able["power_wind"], 0.0, None)
    owed = np.where(able["price"] < 0.0, 0.0, 95.0 / MWH - able["price"]) * available * 3600.0
    np.testing.assert_allclose(able["contract_revenue"][:, 0], owed, rtol=1e-12, atol=1e-9)
    np.testing.assert_allclose(able["revenue"] - plain["revenue"], owed, rtol=1e-9, atol=1e-6)
    assert float(sold["hydrogen_produced"].sum()) < float(plain["hydrogen_produced"].sum())
    cheap = (sold["price"] > 0.0) & (sold["price"] < 60.0 / MWH)
    assert float(sold["power_electrolysers"].where(cheap, 0.0).sum()) == 0.0


def test_optimisers_see_what_a_contract_gives_at_the_margin_and_count_what_it_pays_anyway(flown) -> None:
    contracts = "dispatch.contracts=[as-produced-70, baseload-5mw, princess-elisabeth]"
    found = run(flown, "dispatch.strategy=perfect-foresight", contracts)
    assert found.sizes["contract"] == 3
    done = found.attrs["value"] * (1.0 - found.attrs["plan_gap"])
    assert found.attrs["objective_value"] == pytest.approx(done, rel=1e-9)
    assert found.attrs["objective_value"] >= 0.999 * found.attrs["objective_value_optimum"]
    assert abs(found.attrs["plan_gap"]) < 1e-3


def test_a_reference_that_is_known_afterwards_is_said(flown) -> None:
    monthly = run(flown, ON_PRODUCTION.replace("[", "[{extends: ").replace("]", ", reference: month}]"))
    assert "known only at its end" in monthly["contract_margin"].attrs["comment"]
    assert run(flown, ON_PRODUCTION)["contract_margin"].attrs["comment"] == ""


def test_a_wind_farm_without_a_plant_has_contracts_too(flown) -> None:
    plain, paid = (
        run(flown, "plant=null", "dispatch=null"),
        run(flown, "plant=null", "dispatch={contracts: [baseload-5mw]}"),
    )
    owed = 5e6 * (80.0 / MWH - paid["price"]) * 3600.0
    np.testing.assert_allclose(paid["revenue"] - plain["revenue"], owed, atol=1e-6)


def test_fees_of_the_grid_are_due_on_what_is_sold_and_bought(flown) -> None:
    fees = ("grid.injection_fee=2 EUR/MWh", "grid.purchase_fee=20 EUR/MWh", "grid.import_limit=10 MW")
    found = run(flown, *fees, "market=certificates-90", "dispatch.strategy=price-threshold")
    sold, bought = (found[name] * 3600.0 for name in ("power_exported", "power_imported"))
    price = found["price"]
    assert float(bought.sum()) > 0.0
    paid = (price + 88.0 / MWH) * sold - (price + 20.0 / MWH) * bought
    np.testing.assert_allclose(found["revenue"], paid, rtol=1e-12, atol=1e-6)
    assert found.attrs["objective_value"] <= found.attrs["objective_value_optimum"] * (1.0 + 1e-3)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (("dispatch.contracts=[as-produced-70, as-produced-70]",), "add up to 1.4; expected at most 1"),
        (("dispatch.contracts=[hydrogen-offtake, hydrogen-offtake]",), "sell the same hydrogen; keep one"),
        (("plant.demand=null", "dispatch.contracts=[hydrogen-offtake]"), "has no `demand` that takes it"),
        (("dispatch.contracts=[{kind: swap}]",), "there is no kind 'swap'"),
        (
            ("dispatch.contracts=[{extends: baseload-5mw, share: 0.5}]",),
            "'share' in 'dispatch.contracts.0' is a key of another kind than 'side'",
        ),
        (("plant=null", "market=null", "dispatch={contracts: [baseload-5mw]}"), "settled by market prices"),
        (("plant=null", "dispatch={strategy: surplus}"), "`dispatch.strategy` runs a `plant`, and there is none"),
        (("market.contract={strike: 95 EUR/MWh}",), "contracts stand in the list `dispatch.contracts`"),
    ],
)
def test_contracts_that_contradict_each_other_or_the_plant_are_refused(settings, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        load_scenario("flanders-wind-farm/test-site", settings)


@pytest.mark.parametrize("name", names("configs", "contract"))
def test_every_shipped_contract_is_valid_and_every_assumption_says_so(name: str) -> None:
    settings = (f"dispatch.contracts=[{name}]",)
    contract = load_scenario("flanders-wind-farm/test-site", settings).dispatch.contracts[0]
    assert contract.source
    for path, quantity in quantities(contract):
        assert not quantity.assumption or "assumption" in (quantity.source or ""), path
