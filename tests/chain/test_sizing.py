"""The search for the size of a plant finds the best that it tries, and writes a folder that is whole or not there."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import testsite_sim as ts
from testsite_sim.cases.scenario import load_scenario
from testsite_sim.cases.summary import SummaryValue
from testsite_sim.chain import prepare, simulate_scenario, summarise
from testsite_sim.chain.sizing import parse_requirement, scaled, size_plant
from testsite_sim.cli import main
from testsite_sim.common.errors import ConfigurationError

RULE = "dispatch.strategy=price-threshold"
SHORT = ("weather.start=2023-02-01", "weather.end=2023-02-11", "economics.scale_to_year=by-repetition")
CALM = ("weather.start=2023-06-01", "weather.end=2023-06-11", "economics.scale_to_year=by-repetition")


@pytest.fixture(scope="module")
def prepared():
    return prepare(load_scenario("flanders-wind-farm/test-site", SHORT))


@pytest.mark.parametrize(("objective", "name"), [("npv", "net_present_value"), ("lcoh", "levelised_cost_of_hydrogen")])
def test_the_best_size_is_at_least_as_good_as_the_grid(prepared, objective: str, name: str) -> None:
    found = size_plant(prepared, [2e6, 6e6, 12e6], [500.0, 3000.0], objective=objective)
    grid = found[name]
    best = found.attrs["best_value"]
    assert best >= float(grid.max()) if objective == "npv" else best <= float(grid.min())
    for name, best_size in (("electrolyser", "best_electrolyser"), ("tank", "best_tank")):
        sizes = found[name].to_numpy()
        assert sizes[0] * (1.0 - 1e-9) <= found.attrs[best_size] <= sizes[-1] * (1.0 + 1e-9)
    assert 0.5e6 * (1.0 - 1e-9) <= found.attrs["best_fuel_cell"] <= 2e6 * (1.0 + 1e-9)
    assert found.attrs["trials"] > grid.size


def test_the_grid_grows_where_its_best_lies_on_the_edge_and_an_edge_that_stays_is_said(prepared) -> None:
    """At this price a plant loses money: the smallest is best, and the grid follows it down as far as it may."""
    counted: list[int] = []
    found = size_plant(prepared, [8e6, 16e6], [5000.0], fuel_cell=1e6, tried=counted.append)
    assert counted == list(range(1, found.attrs["trials"] + 1))
    sizes = found["electrolyser"].to_numpy()
    np.testing.assert_allclose(sizes, [0.5e6, 1e6, 2e6, 4e6, 8e6, 16e6])
    assert found["tank"].to_numpy().tolist() == [5000.0]  # one size is fixed
    assert found.attrs["best_tank"] == 5000.0
    assert found.attrs["best_fuel_cell"] == 1e6
    assert found.attrs["edge"] == "electrolyser at its least"
    assert found.attrs["best_electrolyser"] == pytest.approx(0.5e6, rel=0.02)
    # A grid around the best of another one does not grow.
    inner = size_plant(prepared, [0.4e6, 1e6, 4e6], [5000.0], fuel_cell=1e6, objective="lcoh")
    if not inner.attrs["edge"]:
        assert inner["electrolyser"].to_numpy()[0] <= inner.attrs["best_electrolyser"]


def test_a_requirement_is_kept_at_a_price_and_one_that_nothing_meets_is_refused(prepared) -> None:
    free = size_plant(prepared, [2e6, 8e6], [5000.0], fuel_cell=1e6)
    kept = size_plant(
        prepared, [2e6, 8e6], [5000.0], fuel_cell=1e6, requirements=[parse_requirement("hydrogen_unmet < 30 %")]
    )
    assert kept.attrs["required_hydrogen_unmet"] < 0.30
    assert kept.attrs["best_value"] < free.attrs["best_value"]
    assert kept.attrs["best_electrolyser"] > free.attrs["best_electrolyser"]
    meets = kept["meets"].to_numpy()[:, 0]
    assert meets.min() == 0
    assert meets.max() == 1
    with pytest.raises(ConfigurationError, match="no size that was tried meets"):
        size_plant(prepared, [2e6], [50.0], fuel_cell=1e6, requirements=[parse_requirement("hydrogen_unmet < 0.001 %")])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("hydrogen_unmet", "expected a figure"),
        ("hydrogen_unmet = 5 %", "expected a figure"),
        ("hydrogen_unmett < 5 %", "Nearest: hydrogen_unmet"),
        ("hydrogen_unmet < 5", "wants '%'"),
        ("levelised_cost_of_hydrogen < 6 USD/kg", "wants 'EUR/kg'"),
    ],
)
def test_a_requirement_that_cannot_be_read_is_refused(text: str, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        parse_requirement(text)


def test_no_trial_looks_for_the_best_operation(prepared, monkeypatch: pytest.MonkeyPatch) -> None:
    """It took seven eighths of the time of a search over a year, and no figure of a search is next to it."""

    def look(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("testsite_sim.chain.dispatching._next_to_the_best", look)
    size_plant(prepared, [10e6], [5000.0], fuel_cell=1e6)


def test_the_scenario_s_own_size_gives_its_own_figures(prepared) -> None:
    summary = summarise(dict(simulate_scenario(prepared)))
    found = size_plant(prepared, [10e6], [5000.0])
    assert float(found["net_present_value"][0, 0]) == pytest.approx(summary["net_present_value"]["value"], rel=1e-12)


@pytest.mark.parametrize(
    ("stores", "number", "words"),
    [
        (["pressurised-5t", "pressurised-5t"], -1, "found the store -1; expected 0 "),
        (["pressurised-5t", "pressurised-5t"], None, "2 stores of the list are by mass"),
        (["cascade-200bar", "buffer-30bar"], None, "2 stores of the list are of banks"),
    ],
)
def test_a_check_refuses_what_a_sizing_refuses(stores: list[str], number: int | None, words: str) -> None:
    case = ts.load("waterstof/balancing-capacity", {"plant.store": stores})
    with pytest.raises(ConfigurationError, match=words):
        case.size(store=number).check()


def test_wrong_sizes_and_objectives_are_reported(prepared, tmp_path: Path, capsys) -> None:
    with pytest.raises(ConfigurationError, match="no objective 'irr'"):
        size_plant(prepared, [1e6], [1.0], objective="irr")
    with pytest.raises(ConfigurationError, match="above zero and rise"):
        size_plant(prepared, [2e6, 1e6], [1.0])
    with pytest.raises(ConfigurationError, match="no plant with one electrolyser"):
        size_plant(prepare(load_scenario("flanders-wind-farm/belgian-zone", CALM)), [1e6], [1.0])
    with pytest.raises(SystemExit) as leaving:
        main(["size", "waterstof/balancing", "-o", str(tmp_path / "out"), "--electrolyser", "2 MW, 10 kg"])
    assert leaving.value.code == 2
    assert "--electrolyser: '10 kg'" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_search_writes_its_surface(tmp_path: Path) -> None:
    settings = [part for each in SHORT for part in ("--set", each)]
    main(
        [
            "size",
            "flanders-wind-farm/test-site",
            "-o",
            str(tmp_path / "out"),
            "--objective",
            "npv",
            "--electrolyser",
            "5 MW, 10 MW",
            "--tank",
            "4000 kg",
            "--require",
            "hydrogen_unmet < 99 %",
            *settings,
        ]
    )
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "scenario.yaml",
        "summary.json",
        "results.nc",
        "run.json",
        "report.html",
        "figures",
    }
    with xr.open_datatree(tmp_path / "out" / "results.nc") as tree:
        assert tree["sizing"].sizes == {"electrolyser": 6, "tank": 1}  # it grew at its least
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert summary["hydrogen_unmet_of_best"]["value"] < 0.99
    assert "on the edge" in summary["best_electrolyser"]["description"]
    assert "euros of 2023" in summary["net_present_value"]["description"]
    assert (tmp_path / "out" / "figures" / "sizing.csv").is_file()


def test_within_a_requirement_the_best_is_as_good_as_that_of_a_finer_grid(prepared) -> None:
    """The best lies where the requirement just holds, off the grid, where a search that stops at a wall is lost."""
    kept = [parse_requirement("hydrogen_unmet < 5 %")]
    by_price = replace(prepared, scenario=load_scenario("flanders-wind-farm/test-site", (*SHORT, RULE)))
    found = size_plant(by_price, [2e6, 5e6, 10e6], [1000.0, 5000.0], objective="lcoh", fuel_cell=1e6, requirements=kept)
    electrolysers, tanks = found["electrolyser"].to_numpy(), found["tank"].to_numpy()
    fine = size_plant(
        by_price,
        np.geomspace(electrolysers[0], electrolysers[-1], 15).tolist(),
        np.geomspace(tanks[0], tanks[-1], 8).tolist(),
        objective="lcoh",
        fuel_cell=1e6,
        requirements=kept,
    )
    of_grid = float(fine["levelised_cost_of_hydrogen"].where(fine["meets"] == 1).min())
    assert found.attrs["best_value"] <= of_grid * (1.0 + 1e-3)
    assert found.attrs["required_hydrogen_unmet"] < 0.05
    assert found.attrs["trials"] < 6 + 3 * 60 + 20


def test_sizes_of_stacks_run_as_they_are_named() -> None:
    """The fault: the capacity alone was named, which contradicts its stacks: the command printed was refused."""
    days = {"weather.start": "2023-02-01", "weather.end": "2023-02-02", "economics.scale_to_year": "by-repetition"}
    case = ts.load("waterstof/balancing-stacks", days)
    search = case.size(electrolyser="8 MW", tank="3000 kg", fuel_cell="0.8 MW")
    sized = scaled(case.scenario, 8e6, 3000.0, 0.8e6).machines.electrolysers[0]
    best = {"best_electrolyser": 8.0, "best_tank": 3000.0, "best_fuel_cell": 0.8}
    overrides = search.overrides_of({name: SummaryValue(name, value, "", "") for name, value in best.items()})
    again = case.changed(overrides).scenario.machines.electrolysers[0]
    assert sized.stacks is not None
    assert again.stacks is not None
    assert again.capacity == sized.capacity
    assert again.stacks.stack_capacity == sized.stacks.stack_capacity == 0.8e6
    assert sized.stacks.thermal is not None
    assert again.stacks.thermal == sized.stacks.thermal
    assert again.stacks.thermal.heat_capacity != case.scenario.machines.electrolysers[0].stacks.thermal.heat_capacity
