"""The hydrogen scenarios of Waterstof against the figures of the field (docs/validation/hydrogen.md)."""

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from testsite_sim.cases.scenario import load_scenario
from testsite_sim.chain import prepare, simulate_scenario, summarise
from testsite_sim.cli import main
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.plant.electrolysis import consumption_curve
from testsite_sim.plant.electrolysis_plant import StackPlant

FEW_YEARS = "economics.lifetime=3 year"


def figures(name: str, *overrides: str) -> tuple[dict[str, float], dict[str, xr.Dataset]]:
    results = dict(simulate_scenario(prepare(load_scenario(name, (FEW_YEARS, *overrides)))))
    return {key: entry["value"] for key, entry in summarise(results).items()}, results


@pytest.fixture(scope="module")
def halle() -> tuple[dict[str, float], dict[str, xr.Dataset]]:
    return figures("waterstof/halle-station")


def test_the_electrolysers_at_halle_make_130_kilograms_a_day() -> None:
    """Don Quichote: 30 Nm3/h each, capacity doubled to 130 kg a day by the second."""
    site = load_scenario("waterstof/halle-station").machines
    rated = [float(consumption_curve(StackPlant(m.stacks), np.ones(1))["hydrogen"][0]) for m in site.electrolysers]
    for flow in rated:
        assert flow * 3600.0 / 0.0899 == pytest.approx(30.0, rel=0.01)
    assert sum(rated) * 86_400.0 == pytest.approx(130.0, rel=0.01)


def test_halle_runs_on_more_than_four_fifths_of_renewables_and_serves_its_trucks(halle) -> None:
    """Don Quichote: more than 80 % renewable, the PEM electrolyser more efficient than the alkaline one."""
    found, results = halle
    assert found["renewable_share"] > 0.8
    assert found["specific_consumption_1"] < found["specific_consumption_2"]
    assert 50.0 < found["specific_consumption"] < 60.0
    assert found["served_share"] > 0.99
    assert found["installed_wind_power"] == 1.5
    assert found["installed_photovoltaic_power"] == 0.8
    for residual in ("energy_balance_residual", "hydrogen_balance_residual"):
        assert found[residual] <= 1e-9
    losses = results["losses"]
    assert set(results) == {
        "weather",
        "wind",
        "operations",
        "plant",
        "stacks/electrolyser-1",
        "stacks/electrolyser-2",
        "stacks/fuel-cell-1",
        "refuelling",
        "lifetime",
        "losses",
        "economics",
    }
    assert float(losses["loss"].sel(term="curtailment")) < 0.1


def test_the_plant_at_lillo_gives_a_megawatt_at_half_and_four_fifths_with_heat() -> None:
    """1 MW, 50 % electrical, 80 % in all, 20,000 h; the successor 46 % in the field; nothing at prices below zero."""
    found, results = figures("waterstof/lillo-fuel-cell", "economics.lifetime=20 year")
    sold = int((results["weather"]["day_ahead_price"] >= 0.0).sum())
    assert 8000 < sold < 8760
    assert found["fuel_cell_full_load_hours"] == pytest.approx(sold, rel=0.001)
    assert found["fuel_cell_efficiency"] == pytest.approx(0.50, abs=0.015)
    assert found["fuel_cell_total_efficiency"] == pytest.approx(0.80, abs=0.015)
    assert 0.46 < found["fuel_cell_efficiency_of_life"] < 0.50
    assert found["fuel_cell_replacements"] == 20 * sold // 20_000  # a stack lives 20,000 h, by 6 % either way
    assert found["energy_balance_residual"] <= 1e-9
    paid = results["economics"]["replacement_cost"].sel(component="fuel_cells")
    assert int((paid > 0.0).sum()) == found["fuel_cell_replacements"]


def test_five_buses_take_a_fifth_of_what_their_station_can_give() -> None:
    """High V.LO-City: 5 buses, 400 kg a day on by-product hydrogen, available 98 %; CHIC: 19.8 kg a filling."""
    found, results = figures("waterstof/bus-depot-antwerp")
    assert found["dispensed_per_day"] == pytest.approx(5 * 0.85 * 19.8, rel=0.03)
    assert found["served_share"] > 0.98
    assert found["hydrogen_balance_residual"] <= 1e-9
    assert found["hydrogen_by_product"] == pytest.approx(found["hydrogen_dispensed"], rel=0.01)
    assert 2.0 < found["station_electricity"] < 5.0
    assert "wind" not in results
    many, _ = figures("waterstof/bus-depot-antwerp", "plant.refuelling.fleets.0.vehicles=24")
    assert many["dispensed_per_day"] == pytest.approx(400.0, rel=0.03)
    assert many["served_share"] > 0.98


def test_a_run_of_a_site_is_one_folder_with_its_own_figures(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    main(
        [
            "run",
            "waterstof/bus-depot-antwerp",
            "-o",
            str(folder),
            "--set",
            "weather.start=2023-02-01",
            "--set",
            "weather.end=2023-03-01",
            "--set",
            "economics.lifetime=1 year",
            "--set",
            "economics.scale_to_year=by-repetition",
        ]
    )
    summary = json.loads((folder / "summary.json").read_text())
    assert summary["served_share"]["units"] == "1"
    drawn = {path.stem for path in (folder / "figures").glob("*.svg")}
    assert {"plant-flows", "dispatch-week", "plant-months", "station", "station-banks", "cash-flow"} == drawn
    assert "plant-life" not in (folder / "report.html").read_text()
    with xr.open_datatree(folder / "results.nc") as tree:
        assert set(tree.children) == {"weather", "plant", "refuelling", "lifetime", "economics"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"farm": None}, "go together"),
        ({"plant": None, "dispatch": None}, ""),
        ({"plant": None}, "`dispatch.strategy` runs a `plant`, and there is none"),
        ({"dispatch": None}, "run by a strategy"),
        ({"market": None}, "run by prices"),
        ({"economics": None}, "has costs"),
        ({"wind_cost": None}, "no cost of the turbines"),
    ],
)
def test_a_scenario_whose_parts_contradict_each_other_is_refused(changes: dict, words: str) -> None:
    scenario = load_scenario("waterstof/halle-station")
    parts = {name: getattr(scenario, name) for name in Scenario.model_fields} | changes
    if "wind_cost" in parts:
        parts["economics"] = scenario.economics.model_copy(update={"wind": parts.pop("wind_cost")})
    if not words:
        assert Scenario.model_validate(parts).wind_farm.farm is scenario.farm  # a fleet that sells what it has
        return
    with pytest.raises(ValueError, match=words):
        Scenario.model_validate(parts)


def refused(capsys, *arguments: str) -> str:
    with pytest.raises(SystemExit) as caught:
        main(list(arguments))
    assert caught.value.code in (2, 3)
    return capsys.readouterr().err


def test_what_a_site_wants_of_grid_and_weather_is_asked_for_before_it_runs(capsys) -> None:
    changed = ("--set", "grid.import_limit=0 kW", "--set", "grid.purchase_fee=0 EUR/MWh")
    said = refused(capsys, "check", "waterstof/halle-station", *changed)
    assert "grid_import_below_level" in said
    said = refused(
        capsys,
        "check",
        "waterstof/halle-station",
        "--set",
        "weather.record=north-sea-58n-1994-2023",
        "--set",
        "weather.start=2000-01-01",
        "--set",
        "weather.end=2001-01-01",
    )
    assert "day_ahead_price" in said or "global_horizontal_irradiance" in said
    said = refused(
        capsys,
        "check",
        "waterstof/lillo-fuel-cell",
        "--set",
        "plant.by_product={title: x, source: x, from_record: true, price: 1 EUR/kg}",
    )
    assert "by_product_hydrogen" in said


def test_by_product_comes_from_a_column_of_the_users_file(tmp_path: Path) -> None:
    rows = [f"2023-03-01T{h:02d}:00,{40 + h},{60 if h % 2 else 0}" for h in range(24)]
    (tmp_path / "plant.csv").write_text("\n".join(["time,price,h2", *rows]) + "\n")
    (tmp_path / "mine.yaml").write_text(
        """extends: waterstof/lillo-fuel-cell
weather:
  record: plant.csv
  time: {column: time, zone: UTC, marks: start}
  columns:
    - {column: price, quantity: day_ahead_price, units: EUR/MWh}
    - {column: h2, quantity: by_product_hydrogen, units: kg/hour}
plant:
  by_product: {title: measured, source: the works, rate: null, from_record: true, price: 1 EUR/kg}
"""
    )
    scenario = load_scenario(str(tmp_path / "mine.yaml"), (FEW_YEARS,))
    found = dict(simulate_scenario(prepare(scenario)))["plant"]["hydrogen_by_product"].to_numpy() * 3600.0
    assert np.all(found[::2] == 0.0)
    assert found[1] == pytest.approx(58.9, rel=0.01)
