"""PyPSA finds the optimum of a linear plant that our perfect foresight finds, and learns by name what is not linear."""

import warnings
from pathlib import Path
from typing import Any

import pytest

import testsite_sim as ts
from tests.export.conftest import linear


@pytest.fixture(scope="module", autouse=True)
def pypsa() -> Any:
    """Return PyPSA, which takes seconds to import: in the process that runs these tests, not in all that collect."""
    return pytest.importorskip("pypsa", reason="pypsa is not installed: pip install 'testsite-sim[pypsa]'")


def solved(path: Path) -> Any:
    import pypsa

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        network = pypsa.Network(str(path))
        network.optimize(solver_name="highs", log_to_console=False)
    return network


def test_pypsa_finds_the_optimum_of_perfect_foresight_where_the_plant_is_linear(
    linear_run: ts.Run, tmp_path: Path
) -> None:
    linear_run.export(tmp_path / "network.nc", "pypsa")
    network = solved(tmp_path / "network.nc")
    assert network.meta["testsite_sim"]["not_linear"] == []
    attributes = linear_run.results["plant"].attrs
    assert attributes["method"] == "convex"
    assert -network.objective == pytest.approx(attributes["objective_value"], rel=1e-9)


@pytest.mark.parametrize(
    "more",
    [{"weather.step": "15 minute"}, {"dispatch.contracts": ["difference-on-production"]}],
    ids=["quarters", "contract"],
)
def test_the_optimum_is_the_same_in_quarters_and_with_support_that_varies(more: dict[str, str], tmp_path: Path) -> None:
    run = linear(**more, **{"weather.end": "2023-03-02"})
    run.export(tmp_path / "network.nc", "pypsa")
    network = solved(tmp_path / "network.nc")
    assert -network.objective == pytest.approx(run.results["plant"].attrs["objective_value"], rel=1e-9)


def test_what_is_not_linear_is_stated_by_name(shipped_run: ts.Run, tmp_path: Path) -> None:
    shipped_run.export(tmp_path / "network.nc", "pypsa")
    network = solved(tmp_path / "network.nc")
    stated = [(each["component"], each["not represented"]) for each in network.meta["testsite_sim"]["not_linear"]]
    assert ("electrolyser 1", "minimum_load of 0.05") in stated
    assert any(name == "electrolyser 1" and "part-load curve" in what for name, what in stated)
    assert any(name == "electrolyser 1" and what.startswith("start energy of") for name, what in stated)
    assert network.meta["testsite_sim"]["machines"]["electrolyser 1"].startswith("PEM electrolyser")


def test_a_machine_is_a_component_of_its_own(shipped_run: ts.Run) -> None:
    network = shipped_run_network(shipped_run)
    assert {"electrolyser 1", "fuel cell 1", "export", "store filling", "store withdrawal"} == set(network.links.index)
    assert set(network.buses.index) == {"electricity", "grid", "hydrogen", "hydrogen store"}
    assert network.links.loc["electrolyser 1", "p_nom"] == 10.0
    assert network.stores.loc["hydrogen store", "e_nom"] == pytest.approx(5000.0 * 33.33e-3, rel=2e-4)
    assert {"hydrogen demand"} == set(network.loads.index)


def shipped_run_network(run: ts.Run) -> Any:
    from testsite_sim.export import network_of

    return network_of(run.exported)


def test_many_machines_a_battery_reserves_and_settlement_are_stated(tmp_path: Path) -> None:
    days = {"weather.start": "2023-03-01", "weather.end": "2023-03-02"}
    run = ts.load("waterstof/balancing-capacity", days).run()
    stated = str(shipped_run_network(run).meta["testsite_sim"]["not_linear"])
    assert "dispatch.reserves" in stated
    run = ts.load("waterstof/halle-battery", days).run()
    network = shipped_run_network(run)
    assert "battery" in network.storage_units.index
    assert "photovoltaics" in network.generators.index


def test_tables_and_comparisons_are_refused_with_a_network(shipped_run: ts.Run, tmp_path: Path) -> None:
    with pytest.raises(ts.ConfigurationError, match="without tables"):
        shipped_run.export(tmp_path / "network.nc", "pypsa", tables=["summary"])
    assert not list(tmp_path.iterdir())


def test_stores_of_no_size_are_a_store_that_holds_nothing() -> None:
    """The fault: the least level was a share of nothing."""
    days = {"weather.start": "2023-03-01", "weather.end": "2023-03-02"}
    empty = {"extends": "pressurised-5t", "capacity": "0 kg"}
    run = ts.load("waterstof/balancing", {**days, "plant.store": [empty, empty]}).run()
    stores = shipped_run_network(run).stores
    assert stores.loc["hydrogen store", ["e_nom", "e_min_pu", "e_initial"]].tolist() == [0.0, 0.0, 0.0]


def test_every_carrier_that_a_component_has_is_defined(shipped_run: ts.Run, caplog: pytest.LogCaptureFixture) -> None:
    network = shipped_run_network(shipped_run)
    network.consistency_check()
    assert "carriers which are not defined" not in caplog.text
    assert {"electricity", "hydrogen", "electrolysis", "fuel cell"} <= set(network.carriers.index)
