"""What contracts pay, computed again by hand from results.nc: power by the hour, hydrogen by the year, cash by name."""

import numpy as np
import pytest

from tests.economics.test_by_hand import YEAR, Run, discounted, ten_days
from tests.shared_folders import ShippedRun

MWH = 3.6e9
OFFTAKE = "{extends: hydrogen-offtake, quantity: 500 t/year, take_or_pay: 0.9}"
LARGER = OFFTAKE.replace("500", "900").replace("0.9", "0")
POWER = "as-produced-70, {extends: baseload-5mw, title: base}, princess-elisabeth"
CASES = {
    "bound to more than is asked for": ("flanders-wind-farm/test-site", f"dispatch.contracts=[{POWER}, {OFFTAKE}]"),
    "machines that age": (
        "waterstof/balancing-stacks", "plant.demand=bus-depot-40", "economics.lifetime=2 year",
        f"dispatch.contracts=[{POWER}, {LARGER}]",
    ),
}  # fmt: skip


@pytest.fixture(scope="module", params=CASES)
def found(request, shipped_run: ShippedRun) -> Run:
    return Run(ten_days(shipped_run, *CASES[request.param]))


def by_hour(found: Run) -> np.ndarray:
    """Return what the three contracts for power pay in each hour [EUR]."""
    hour = found.hours("plant")
    limit = float(found.scenario.grid.export_limit or np.inf)
    paid = np.zeros((hour["price"].size, 3))
    for t, price in enumerate(hour["price"]):
        sold, able = hour["power_exported"][t] * 3600.0, min(max(hour["power_wind"][t], 0.0), limit) * 3600.0
        paid[t, 0] = 0.0 if price < 0.0 else 0.7 * (70.0 / MWH - price) * sold
        paid[t, 1] = (80.0 / MWH - price) * 5e6 * 3600.0
        paid[t, 2] = 0.0 if price < 0.0 else (95.0 / MWH - price) * able
    return paid


def test_power_is_paid_by_the_hour_as_each_contract_says(found: Run) -> None:
    hour, paid = found.hours("plant"), by_hour(found)
    np.testing.assert_allclose(found.tree["plant"]["contract_revenue"], paid, rtol=1e-9, atol=1e-6)
    market = (hour["power_exported"] - hour["power_imported"]) * hour["price"] * 3600.0
    np.testing.assert_allclose(hour["revenue"], market + paid.sum(axis=1), rtol=1e-9, atol=1e-6)
    assert found.value("contract_revenue") == pytest.approx(paid.sum(), rel=1e-9)
    for number in range(3):
        assert found.value(f"contract_revenue_{number + 1}") == pytest.approx(paid[:, number].sum(), rel=1e-9)


def test_the_cash_flow_has_what_contracts_pay_by_name(found: Run) -> None:
    money, life = found.tree["economics"].to_dataset(), found.tree["lifetime"].to_dataset()
    hour, paid = found.hours("plant"), by_hour(found)
    period = hour["price"].size * 3600.0
    first = float(money["contract_revenue"][1])
    assert first == pytest.approx(paid.sum() * YEAR / period, rel=1e-2)  # the year is 8,760 of its 8,784 h
    np.testing.assert_allclose(money["contract_revenue"][1:], life["contract_revenue"], rtol=1e-12)
    contract = found.scenario.dispatch.contracts[-1]
    quantity = float(contract.quantity) * YEAR
    price, penalty = float(contract.price), float(contract.shortfall_penalty)
    for year in range(1, money.sizes["year"]):
        delivered, unmet = (float(life[f"hydrogen_{name}"][year - 1]) for name in ("delivered", "unmet"))
        bound = float(contract.take_or_pay) * quantity
        assert float(money["hydrogen_revenue"][year]) == pytest.approx(price * delivered, rel=1e-12)
        extra = price * max(bound - delivered - unmet, 0.0)
        assert float(money["take_or_pay_revenue"][year]) == pytest.approx(extra, rel=1e-12)
        lacking = max(min(quantity, delivered + unmet) - delivered, 0.0)
        assert float(money["shortfall_penalty"][year]) == pytest.approx(penalty * lacking, rel=1e-12, abs=1e-6)
    revenues = [name for name in money.data_vars if str(name).endswith(("_revenue", "_stock_value"))]
    costs = sum(money[f"{kind}_cost"].sum("component") for kind in ("capital", "operating", "replacement"))
    spent = costs - money["salvage_value"].sum("component") + money["shortfall_penalty"]
    cash = sum(money[name] for name in revenues) - spent
    np.testing.assert_allclose(money["cash_flow"], cash, rtol=1e-9, atol=1e-3)
    value = discounted(money["cash_flow"].to_numpy().tolist(), float(found.scenario.economics.discount_rate))
    assert found.value("net_present_value") == pytest.approx(value, rel=1e-9)


def test_a_buyer_pays_for_what_it_is_bound_to_take_and_does_not_ask_for(found: Run) -> None:
    money = found.tree["economics"].to_dataset()
    bound = float(found.scenario.dispatch.contracts[-1].take_or_pay) > 0.0
    assert (float(money["take_or_pay_revenue"][1:].min()) > 0.0) == bound
    assert found.value("take_or_pay_revenue") == pytest.approx(float(money["take_or_pay_revenue"].sum()), rel=1e-12)
    asked = float(found.hours("plant")["hydrogen_delivered"].mean() + found.hours("plant")["hydrogen_unmet"].mean())
    contract = found.scenario.dispatch.contracts[-1]
    due = float(contract.shortfall_penalty) if float(contract.quantity) >= asked else 0.0
    assert found.value("hydrogen_margin") == pytest.approx(float(contract.price) + due, rel=1e-12)
    assert found.value("shortfall_penalty") == pytest.approx(float(money["shortfall_penalty"].sum()), abs=1e-6)
