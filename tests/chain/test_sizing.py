"""The search for the size of a plant finds the best that it tries, and writes a folder that is whole or not there."""

import json
from pathlib import Path

import pytest
import xarray as xr

from testsite_sim.chain import prepare
from testsite_sim.chain.sizing import size_plant
from testsite_sim.cli import main
from testsite_sim.errors import ConfigurationError
from testsite_sim.run import load_scenario

SHORT = ("weather.start=2023-02-01", "weather.end=2023-02-11")


@pytest.fixture(scope="module")
def prepared():
    return prepare(load_scenario("flanders-wind-farm/test-site", SHORT))


@pytest.mark.parametrize(("objective", "name"), [("npv", "net_present_value"), ("lcoh", "levelised_cost_of_hydrogen")])
def test_the_best_size_is_at_least_as_good_as_the_grid(prepared, objective: str, name: str) -> None:
    found = size_plant(prepared, [2e6, 6e6, 12e6], [500.0, 3000.0], objective=objective)
    grid = found[name]
    best = found.attrs["best_value"]
    assert best >= float(grid.max()) if objective == "npv" else best <= float(grid.min())
    assert 2e6 <= found.attrs["best_electrolyser"] <= 12e6
    assert 500.0 <= found.attrs["best_tank"] <= 3000.0
    assert 0.5e6 <= found.attrs["best_fuel_cell"] <= 2e6
    assert found.attrs["trials"] > grid.size


def test_the_scenario_s_own_size_gives_its_own_figures(prepared, tmp_path: Path) -> None:
    settings = [part for each in SHORT for part in ("--set", each)]
    main(["run", "flanders-wind-farm/test-site", "-o", str(tmp_path / "run"), *settings])
    summary = json.loads((tmp_path / "run" / "summary.json").read_text())
    found = size_plant(prepared, [10e6], [5000.0])
    assert float(found["net_present_value"][0, 0]) == pytest.approx(summary["net_present_value"]["value"], rel=1e-12)


def test_wrong_sizes_and_objectives_are_told(prepared, tmp_path: Path, capsys) -> None:
    with pytest.raises(ConfigurationError, match="no objective 'irr'"):
        size_plant(prepared, [1e6], [1.0], objective="irr")
    with pytest.raises(ConfigurationError, match="above zero and rise"):
        size_plant(prepared, [2e6, 1e6], [1.0])
    with pytest.raises(ConfigurationError, match="no balancing plant"):
        size_plant(prepare(load_scenario("flanders-wind-farm/belgian-zone", SHORT)), [1e6], [1.0])
    with pytest.raises(SystemExit) as leaving:
        main(["size", "waterstof/balancing", "-o", str(tmp_path / "out"), "--electrolyser", "2 MW, 10 kg"])
    assert leaving.value.code == 2
    assert "--electrolyser: '10 kg'" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_search_writes_its_surface(tmp_path: Path) -> None:
    settings = [part for each in SHORT for part in ("--set", each)]
    main(["size", "flanders-wind-farm/test-site", "-o", str(tmp_path / "out"), "--objective", "lcoh",
          "--electrolyser", "5 MW, 10 MW", "--tank", "1000 kg, 4000 kg", *settings])  # fmt: skip
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "scenario.yaml", "summary.json", "results.nc", "figures",
    }  # fmt: skip
    with xr.open_datatree(tmp_path / "out" / "results.nc") as tree:
        assert tree["sizing"].sizes == {"electrolyser": 2, "tank": 2}
    assert (tmp_path / "out" / "figures" / "sizing.csv").is_file()
