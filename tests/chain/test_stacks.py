"""The chain with an electrolyser of stacks: followed over the project's life, paid by its wear."""

import json

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from testsite_sim.cli import main
from testsite_sim.configuration.economics import Economics
from testsite_sim.configuration.hydrogen import Electrolyser
from testsite_sim.configuration.loading import load_component
from testsite_sim.economics import Assets, Wear, simulate_economics

SHORT = ["--set", "weather.start=2023-02-01", "--set", "weather.end=2023-02-15"]


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
    assert {path.stem for path in (run / "figures").glob("*.png")} >= {"polarisation", "stack-wear"}


def test_the_summary_tells_of_the_stacks(run):
    summary = json.loads((run / "summary.json").read_text(encoding="utf-8"))
    assert summary["electrolyser_specific_consumption"]["value"] == pytest.approx(54.6, abs=0.6)
    assert summary["stack_energy_balance_residual"]["value"] < 1e-9
    assert 0.9 < summary["hydrogen_share_of_aged_stacks"]["value"] <= 1.0


def dispatched():
    """Return a day with customers and a fuel cell."""
    hours = pd.date_range("2023-01-01", periods=24, freq="h")
    flows = {
        "power_available": 20e6, "power_curtailed": 0.0, "power_imported": 0.0, "power_electrolyser": 10e6,
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
