"""A fleet whose energy is not sold, and one that is paid one price: no prices in the record, no revenue made up."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from testsite_sim.cases.scenario import load_scenario
from testsite_sim.chain import prepare, simulate_scenario, summarise
from testsite_sim.common.errors import ConfigurationError

WIND_ALONE = """
title: wind alone
location: {latitude: 58.0, longitude: 1.5, turbulence_intensity: 0.07}
weather: {record: north-sea-58n-1994-2023, start: 2001-01-01, end: 2001-01-08, shear_exponent: 0.08}
farm: {groups: {a: {turbine: vestas-v90-3.0, names: ["1", "2"], x: [0, 900], y: [0, 0]}}}
wind: {wake_model: bastankhah}
operations: {availability: 0.95, electrical_loss: 0.02}
grid: {export_limit: 5 MW}
"""
ECONOMICS = """
economics:
  lifetime: 25 year
  discount_rate: 0.05
  wind: {capital: 3000 EUR/kW, operating: 100 EUR/kW/year}
"""


def results_of(folder: Path, text: str, *overrides: str) -> dict[str, xr.Dataset]:
    (folder / "s.yaml").write_text(text, encoding="utf-8")
    return dict(simulate_scenario(prepare(load_scenario(str(folder / "s.yaml"), overrides))))


def test_without_a_market_all_energy_is_delivered_and_no_money_is_stated(tmp_path):
    results = results_of(tmp_path, WIND_ALONE)
    balancing = results["plant"]
    available = balancing["power_wind"].to_numpy()
    np.testing.assert_allclose(balancing["power_exported"], np.minimum(available, 5e6), rtol=1e-12)
    assert "economics" not in results
    summary = summarise(results)
    assert not [name for name in summary if "revenue" in name or "value" in name or "price" in name]
    assert summary["energy_exported"]["value"] > 0.0


def test_with_costs_and_no_market_there_is_a_levelised_cost_and_no_net_present_value(tmp_path):
    year = ("weather.start=2001-01-01", "weather.end=2002-01-01")
    results = results_of(tmp_path, WIND_ALONE + ECONOMICS, *year)
    summary = summarise(results)
    energy = float(results["plant"]["power_exported"].sum()) * 3600.0 / 3.6e9  # [MWh]
    annuity = 0.05 / (1.0 - 1.05**-25)
    by_hand = (6000.0 * (3000.0 * annuity + 100.0)) / energy
    assert summary["levelised_cost_of_energy"]["value"] == pytest.approx(by_hand, rel=1e-9)
    assert not [name for name in summary if "net_present" in name or "internal_rate" in name or "revenue" in name]
    assert "cash_flow" not in results["economics"]


def test_one_flat_price_needs_no_prices_in_the_record(tmp_path):
    results = results_of(tmp_path, WIND_ALONE + ECONOMICS + "market: {price: 60 EUR/MWh}\n")
    balancing = results["plant"]
    energy = float(balancing["power_exported"].sum()) * 3600.0 / 3.6e9
    assert summarise(results)["electricity_revenue"]["value"] == pytest.approx(60.0 * energy, rel=1e-12)
    np.testing.assert_allclose(balancing["price"], 60.0 / 3.6e9, rtol=1e-12)


def test_a_flat_price_is_taken_instead_of_those_of_the_record():
    scenario = load_scenario(
        "waterstof/balancing", ["market={price: 42 EUR/MWh}", "weather.start=2023-02-01", "weather.end=2023-02-03"]
    )
    found = dict(simulate_scenario(prepare(scenario)))
    np.testing.assert_allclose(found["plant"]["price"], 42.0 / 3.6e9, rtol=1e-12)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("extends: waterstof/balancing\nmarket: null\n", "a `plant` is run by prices: add `market`"),
        ("extends: waterstof/halle-station\nmarket: null\n", "a `plant` is run by prices: add `market`"),
        ("extends: waterstof/balancing\neconomics: null\n", "a `plant` has costs: add `economics`"),
        ("extends: waterstof/balancing-single-2020\nmarket: {price: 60 EUR/MWh}\n", "leave `price` or `imbalance` out"),
    ],
)
def test_what_a_plant_cannot_do_without_is_asked_for(tmp_path, text, said):
    (tmp_path / "s.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=said):
        load_scenario(str(tmp_path / "s.yaml"))
