"""Support schemes: certificates and contracts for difference."""

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from testsite_sim.balancing.market import contract_support
from testsite_sim.cli import main

SHORT = ["--set", "weather.start=2023-07-01", "--set", "weather.end=2023-07-15"]


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


def run(folder: Path, market: str) -> tuple[dict[str, float], xr.Dataset]:
    main(["run", "flanders-wind-farm/test-site", "-o", str(folder), *SHORT, "--set", f"market={market}"])
    summary = {name: entry["value"] for name, entry in json.loads((folder / "summary.json").read_text()).items()}
    with xr.open_datatree(folder / "results.nc") as tree:
        return summary, tree["balancing"].to_dataset().load()


def test_the_chain_pays_what_the_scheme_says(tmp_path: Path) -> None:
    plain, _ = run(tmp_path / "plain", "day-ahead")
    certified, dataset = run(tmp_path / "certificates", "certificates-90")
    sold = float(dataset["power_exported"].sum()) * 3600.0
    assert certified["electricity_revenue"] > plain["electricity_revenue"]
    np.testing.assert_allclose(dataset["support"] * 3.6e9, 90.0)
    contracted, dataset = run(tmp_path / "contract", "contract-princess-elisabeth")
    assert (dataset["power_exported"].to_numpy()[dataset["price"].to_numpy() < 0.0] == 0.0).all()
    assert contracted["electricity_revenue"] == pytest.approx(
        95.0 / 3.6e9 * float(dataset["power_exported"].sum()) * 3600.0, rel=1e-9
    )
    assert sold >= float(dataset["power_exported"].sum()) * 3600.0  # certificates are paid below zero too
