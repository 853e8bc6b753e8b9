"""The chain with an electrolyser of stacks: followed over the project's life, paid by its wear."""

import json

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from testsite_sim.chain.stacks import as_stacks_make
from testsite_sim.cli import main
from testsite_sim.configuration.economics import Economics
from testsite_sim.configuration.hydrogen import Electrolyser
from testsite_sim.configuration.loading import load_component
from testsite_sim.dispatch import BalancingPlant
from testsite_sim.economics import Assets, Wear, simulate_economics

SHORT = [
    "--set",
    "weather.start=2023-02-01",
    "--set",
    "weather.end=2023-02-15",
    "--set",
    "economics.scale_to_year=by-repetition",
]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stacks") / "run"
    main(["run", "waterstof/balancing-stacks", "-o", str(folder), *SHORT])
    return folder


def test_the_stacks_of_a_run_are_balanced_and_never_make_more_than_was_dispatched(run):
    with xr.open_datatree(run / "results.nc") as tree:
        stacks, money = (tree[name].to_dataset().load() for name in ("electrolysis", "economics"))
    assert stacks.attrs["energy_balance_residual"] < 1e-9
    assert stacks.sizes["year"] == money.sizes["year"] - 1
    share = stacks["hydrogen_share"].to_numpy()
    assert np.all(share <= 1.0 + 1e-12)
    assert share[0] > 0.95
    withdrawn = money["hydrogen_withdrawn"].to_numpy()
    assert np.argmax(withdrawn[1:]) == np.argmax(share)
    renewed = stacks["replacements"].sum("stack").to_numpy() / stacks.sizes["stack"]
    paid = money["replacement_cost"].sel(component="electrolyser").to_numpy()
    np.testing.assert_allclose(paid[1:-1], renewed[:-1] * 10e6 * 0.9 * 0.175)
    assert paid[-1] == 0.0
    assert {path.stem for path in (run / "figures").glob("*.png")} >= {"polarisation", "stack-degradation"}


def test_the_summary_tells_of_the_stacks(run):
    summary = json.loads((run / "summary.json").read_text(encoding="utf-8"))
    assert summary["specific_consumption_of_stacks"]["value"] == pytest.approx(54.6, abs=0.6)
    assert summary["stack_energy_balance_residual"]["value"] < 1e-9
    assert 0.9 < summary["hydrogen_share_of_aged_stacks"]["value"] <= 1.0


def test_there_is_one_figure_of_hydrogen_the_one_that_the_stacks_make(run):
    """Dispatch counts with warm stacks; what is sold, stored, burnt and regretted is what the stacks make of it."""
    summary = {name: entry["value"] for name, entry in json.loads((run / "summary.json").read_text()).items()}
    assert summary["hydrogen_produced"] < summary["hydrogen_planned"]
    with xr.open_datatree(run / "results.nc") as tree:
        flows, stacks, money = (tree[name].to_dataset().load() for name in ("balancing", "electrolysis", "economics"))
    step = flows.attrs["step"]
    made = float(flows["hydrogen_produced"].sum()) * step
    assert made / 1000.0 == pytest.approx(summary["hydrogen_produced"], rel=1e-12)
    # The first year of the stacks is the period over and over: from its second passage on they begin warm or worn.
    expected = np.resize(flows["hydrogen_produced"].to_numpy(), 8760).sum() * step
    share = float(stacks["hydrogen_share"][0])
    assert share == pytest.approx(float(stacks["hydrogen"][0]) / expected, rel=1e-12)
    assert float(money["hydrogen_made"][1]) == pytest.approx(made * 365.0 / 14.0 * share, rel=1e-9)
    price = 6.0
    value = float(flows["revenue"].sum()) - price * float(flows["hydrogen_unmet"].sum()) * step
    value += price * float(flows["hydrogen_stored"][-1])
    assert summary["objective_value"] == pytest.approx(value, rel=1e-12)
    assert summary["regret"] == pytest.approx(1.0 - value / summary["objective_value_optimum"], rel=1e-9)
    assert flows.attrs["energy_balance_residual"] < 1e-9
    assert flows.attrs["hydrogen_balance_residual"] < 1e-9


@pytest.mark.parametrize("capacity", [0.0, 40.0])
def test_what_the_stacks_do_not_make_is_missing_in_the_tank_then_to_customers_then_to_the_fuel_cell(capacity):
    """A plain loop over the hours against the reflected sum; with a tank that runs dry, and with none."""
    rng = np.random.default_rng(5)
    hours, step, initial, least = 500, 3600.0, 0.5 * capacity, 0.1 * capacity
    planned, stored = rng.uniform(0.0, 8.0, hours), np.empty(hours)
    delivered, burnt, content = np.empty(hours), np.empty(hours), initial
    for t in range(hours):
        there = content + planned[t] - least
        delivered[t] = min(rng.uniform(0.0, 6.0), there)
        burnt[t] = min(rng.uniform(0.0, 6.0), there - delivered[t])
        if content + planned[t] - delivered[t] - burnt[t] > capacity:
            delivered[t] = content + planned[t] - burnt[t] - capacity
        content += planned[t] - delivered[t] - burnt[t]
        stored[t] = content
    made = planned * rng.uniform(0.6, 1.0, hours)
    power = burnt * 50e6 / 3600.0
    flows = {
        "power_available": np.full(hours, 30e6), "power_fuel_cell": power, "power_imported": np.zeros(hours),
        "power_exported": np.minimum(20e6, 30e6 + power), "power_electrolyser": np.full(hours, 0.0),
        "hydrogen_produced": planned / step, "hydrogen_delivered": delivered / step, "hydrogen_stored": stored,
        "hydrogen_to_fuel_cell": burnt / step, "hydrogen_unmet": np.zeros(hours),
        "price": rng.normal(2e-8, 2e-8, hours), "support": np.zeros(hours),
    }  # fmt: skip
    flows["power_curtailed"] = flows["power_available"] + power - flows["power_exported"]
    flows["revenue"] = flows["price"] * flows["power_exported"] * step
    before = xr.Dataset({k: ("time", v) for k, v in flows.items()}, attrs={"step": step, "purchase_fee": 0.0})
    plant = BalancingPlant(electrolyser_capacity=1e7, tank_capacity=capacity, tank_minimum=least, tank_initial=initial)
    found = as_stacks_make(before, xr.DataArray(made / step, dims="time"), plant)
    content = initial
    for t in range(hours):
        short = max(delivered[t] + burnt[t] - (content + made[t] - least), 0.0)
        less = min(short, delivered[t])
        cell = burnt[t] - (short - less)
        assert float(found["hydrogen_delivered"][t]) * step == pytest.approx(delivered[t] - less, abs=1e-9)
        assert float(found["hydrogen_to_fuel_cell"][t]) * step == pytest.approx(cell, abs=1e-9)
        assert float(found["power_fuel_cell"][t]) == pytest.approx(cell * 50e6 / 3600.0, abs=1.0)
        content += made[t] - (delivered[t] - less) - cell
        assert float(found["hydrogen_stored"][t]) == pytest.approx(content, abs=1e-9)
    assert found.attrs["energy_balance_residual"] < 1e-12
    assert found.attrs["hydrogen_balance_residual"] < 1e-9
    assert float(found["hydrogen_unmet"].sum()) > 0.0
    unsold = flows["power_exported"] - found["power_exported"].to_numpy()
    np.testing.assert_allclose(flows["revenue"] - found["revenue"], unsold * flows["price"] * step, atol=1e-6)


def dispatched():
    """Return a day with customers and a fuel cell."""
    hours = pd.date_range("2023-01-01", periods=24, freq="h")
    flows = {
        "power_available": 20e6, "power_curtailed": 0.0, "power_exported": 11e6, "power_imported": 0.0,
        "power_electrolyser": 10e6,
        "power_fuel_cell": 1e6, "hydrogen_produced": 0.05, "hydrogen_delivered": 0.03, "hydrogen_to_fuel_cell": 0.02,
        "price": 2e-8, "support": 0.0, "revenue": 11e6 * 2e-8 * 3600.0,
    }  # fmt: skip
    data = {name: ("time", np.full(24, value)) for name, value in flows.items()}
    return xr.Dataset(data, coords={"time": hours}, attrs={"step": 3600.0, "purchase_fee": 0.0})


def money(wear):
    economics = load_component("economics", "demonstration", Economics).model_copy(update={"lifetime": 4.0})
    machine = load_component("electrolyser", "pem-10mw-stacks", Electrolyser)
    return simulate_economics(dispatched(), Assets(76e6, machine), economics, wear)


def test_hydrogen_that_worn_stacks_do_not_make_is_missing_to_customers_then_to_the_fuel_cell():
    plain, worn = money(None), money(Wear(np.array([1.0, 0.9, 0.2, 0.0]), np.zeros(4)))
    year = 365 * 86400.0
    delivered = worn["hydrogen_revenue"].to_numpy()[1:] / plain["hydrogen_revenue"].to_numpy()[1:]
    np.testing.assert_allclose(delivered, [1.0, 25 / 30, 0.0, 0.0], atol=1e-12)
    np.testing.assert_allclose(worn["hydrogen_withdrawn"][1:], np.array([0.05, 0.045, 0.01, 0.0]) * year, atol=1e-6)
    lost = plain["electricity_revenue"] - worn["electricity_revenue"]
    fuel_cell = 1e6 * 2e-8 * year
    np.testing.assert_allclose(lost[1:], [0.0, 0.0, 0.5 * fuel_cell, fuel_cell], atol=1e-3)


def test_stacks_are_paid_in_the_year_of_their_replacement_and_not_in_the_last():
    found = money(Wear(np.ones(4), np.array([0.0, 0.3, 1.0, 0.5])))
    paid = found["replacement_cost"].sel(component="electrolyser").to_numpy()
    np.testing.assert_allclose(paid / (9e6 * 0.175), [0.0, 0.0, 0.3, 1.0, 0.0])
    same = money(Wear(np.ones(4), None))["replacement_cost"].sel(component="electrolyser")
    np.testing.assert_array_equal(same, money(None)["replacement_cost"].sel(component="electrolyser"))
