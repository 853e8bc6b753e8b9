"""Components are found by name, extended, overridden; an error names file, line and remedy."""

from pathlib import Path
from typing import Annotated

import pytest

from testsite_sim.cases.scenario import load_scenario
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.configuration.base import Component, Configuration, quantities
from testsite_sim.configuration.catalogue import find_configuration, find_scenario, names
from testsite_sim.configuration.hydrogen import Electrolyser, FuelCell, Tank
from testsite_sim.configuration.loading import checked, load_component
from testsite_sim.configuration.location import Location
from testsite_sim.configuration.maintenance import Maintenance
from testsite_sim.configuration.overrides import load_overridden
from testsite_sim.configuration.refuelling import RefuellingStation, VehicleFleet
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.configuration.storage import Bank, Compressor, HydrogenPipeline, HydrogenStore, TubeTrailer
from testsite_sim.configuration.titles import titled_anew
from testsite_sim.configuration.vessel import Vessel

SHIPPED = {
    "electrolyser": Electrolyser,
    "fuel-cell": FuelCell,
    "location": Location,
    "vessel": Vessel,
    "maintenance": Maintenance,
    "hydrogen-bank": Bank,
    "hydrogen-compressor": Compressor,
    "hydrogen-store": HydrogenStore,
    "hydrogen-pipeline": HydrogenPipeline,
    "tube-trailer": TubeTrailer,
    "refuelling-station": RefuellingStation,
    "refuelling-fleet": VehicleFleet,
}


class Plant(Configuration):
    title: str
    electrolyser: Annotated[Electrolyser, Component("electrolyser")]
    store: Annotated[Tank | HydrogenStore, Component("hydrogen-store")] | None = None


def write(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def load(path: str, *sets: str) -> Plant:
    document, _ = load_overridden(path, Plant, sets)
    return checked(Plant, document)


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in SHIPPED for name in names("configs", kind)])
def test_every_shipped_configuration_is_valid_and_every_assumption_says_so(kind: str, name: str) -> None:
    model = load_component(kind, name, Tank if name == "pressurised-5t" else SHIPPED[kind])
    for path, quantity in quantities(model):
        assert not quantity.assumption or "assumption" in (quantity.source or ""), path


def test_a_component_is_read_by_name_and_changed_in_place(tmp_path: Path) -> None:
    named = write(tmp_path / "a.yaml", "title: t\nelectrolyser: pem-10mw\n")
    grown = write(tmp_path / "b.yaml", "title: t\nelectrolyser: {extends: pem-10mw, capacity: 20 MW}\n")
    assert load(named).electrolyser.capacity == 1e7
    assert load(grown).electrolyser.capacity == 2e7
    assert load(named, "electrolyser.capacity=5 MW").electrolyser.capacity == 5e6


def test_a_scenario_extends_another_and_null_removes(tmp_path: Path) -> None:
    write(tmp_path / "base.yaml", "title: base\nelectrolyser: pem-10mw\nstore: pressurised-5t\n")
    child = write(tmp_path / "child.yaml", "extends: base.yaml\nstore: ~\nelectrolyser: {capacity: 3 MW}\n")
    plant = load(child)
    assert (plant.title, plant.store, plant.electrolyser.capacity) == ("base", None, 3e6)


def test_what_is_written_back_is_complete(tmp_path: Path) -> None:
    plant = load(write(tmp_path / "a.yaml", "title: t\nelectrolyser: pem-10mw\n"))
    assert Plant.model_validate(plant.model_dump(mode="json")) == plant


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("title: t\nelectrolyser: pem-10MV\n", 2, "Nearest: pem-10mw"),
        ("title: t\nelectrolyzer: pem-10mw\n", 2, "unknown key 'electrolyzer'.*Nearest: electrolyser"),
        ("title: t\nelectrolyser:\n  extends: pem-10mw\n  capacity: 10\n", 4, "without a unit"),
        ("title: t\nelectrolyser:\n  extends: pem-10mw\n  capacity: 10 bar\n", 4, "dimension"),
        ("title: t\nelectrolyser:\n  extends: pem-10mw\n  capacity: -1 MW\n", 4, "out of bounds"),
        ("title: t\nelectrolyser:\n  extends: pem-10mw\n  capasity: 1 MW\n", 4, "Nearest: capacity"),
        ("title: t\nelectrolyser: ../../secret.yaml\n", 2, "leaves the folder"),
        ("title: t\n", 1, "'electrolyser' is missing"),
        ("- a\n", 1, "expected a mapping"),
        ('title: "a\\0b"\nelectrolyser: pem-10mw\n', 1, r"title: found the character U\+0000; expected text without"),
        ('title: t\nelectrolyser: {extends: pem-10mw, title: "\\x1b"}\n', 2, r"electrolyser\.title: found .* U\+001B"),
        ("title: t\nelectrolyser: pem-10mw\nstore: {extends: pressurised-5t, initial_level: 0.01}\n", 3, "lies below"),
    ],
)
def test_a_wrong_scenario_is_refused_with_file_line_and_remedy(tmp_path: Path, text: str, line: int, said: str) -> None:
    path = write(tmp_path / "s.yaml", text)
    with pytest.raises(ConfigurationError, match=said) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}:{line}:"), str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("assignment", ["electrolyser", "=3", "title.x=3", "electrolyser.capacity=[1"])
def test_a_wrong_override_is_refused(tmp_path: Path, assignment: str) -> None:
    path = write(tmp_path / "a.yaml", "title: t\nelectrolyser: pem-10mw\n")
    with pytest.raises(ConfigurationError, match="--set"):
        load(path, assignment)


def test_a_scenario_that_extends_itself_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "loop.yaml", "extends: loop.yaml\ntitle: t\n")
    with pytest.raises(ConfigurationError, match="extends itself"):
        load(path)


def test_a_name_too_long_for_the_system_is_a_name_of_no_file() -> None:
    name = "é" * 150 + ".yaml"  # 305 bytes; a file has 255 at most
    with pytest.raises(ConfigurationError, match="there is no such file"):
        load_component("electrolyser", name, Electrolyser)
    with pytest.raises(ConfigurationError, match="there is no such file"):
        checked(Scenario, load_overridden("waterstof/balancing", Scenario, {"plant.store": name})[0])


FARM = (
    "wind: {wake_model: none}",
    "operations:",
    "  availability: {value: 95 %, source: assumption}",
    "  electrical_loss: {value: 3 %, source: assumption}",
    "grid: {}",
)
CHANGED = "PEM electrolyser, 10 MW at the AC terminals (with another {})"


@pytest.mark.parametrize(
    ("overrides", "title"),
    [
        ({}, "PEM electrolyser, 10 MW at the AC terminals"),
        ({"plant.electrolysers.0.capacity": "20 MW"}, CHANGED.format("capacity")),
        ({"plant.electrolysers.0.cost.capital": "900 EUR/kW"}, "PEM electrolyser, 10 MW at the AC terminals"),
        (
            {"plant.electrolysers.0.capacity": "20 MW", "plant.electrolysers.0.minimum_load": 0.1},
            CHANGED.format("capacity"),
        ),
        ({"plant.electrolysers": [{"extends": "pem-10mw", "capacity": "20 MW"}]}, CHANGED.format("capacity")),
        ({"plant.electrolysers": [{"extends": "pem-10mw", "title": "own", "capacity": "20 MW"}]}, "own"),
        ({"plant.electrolysers.0.capacity": "20 MW", "plant.electrolysers.0.title": "own"}, "own"),
    ],
)
def test_a_component_of_another_size_does_not_keep_a_title_that_says_its_own(overrides, title: str) -> None:
    scenario = load_scenario("flanders-wind-farm/test-site", overrides)
    assert scenario.machines.electrolysers[0].title == title
    assert scenario.machines.stores[0].title == "Pressurised hydrogen store, 5 t"


def test_the_title_of_the_innermost_component_says_what_is_changed() -> None:
    """Aims at a component within a component: the compressor of a store."""
    changed = {"plant.store.compressor.capacity": "70 kg/hour"}
    store = load_scenario("waterstof/halle-station", changed).machines.stores[0]
    assert isinstance(store, HydrogenStore)
    assert store.compressor is not None
    assert store.compressor.title.endswith("(with another capacity)")
    assert "with another" not in store.title


def test_a_title_in_brackets_stays_whole_and_an_amount_that_is_written_otherwise_is_the_same() -> None:
    """The faults: the bracket of a title was cut off, and a range or a blank was taken for another amount."""
    store = {"title": "Store (5 t)", "capacity": "5 t"}
    once = titled_anew(store, {"capacity": "10 t"})
    assert once == "Store (5 t) (with another capacity)"
    assert titled_anew({**store, "title": once, "mass": "5 t"}, {"mass": "7 t"}) == (
        "Store (5 t) (with another capacity, mass)"
    )
    for same in ("5.0 t", "5t", {"value": "5 t", "range": ["4 t", "6 t"]}):
        assert titled_anew(store, {"capacity": same}) is None
    assert titled_anew(store, {"capacity": {"value": "6 t", "source": "x"}}) == once


def test_a_title_states_a_size_in_another_unit_than_its_file() -> None:
    """The fault: a store of 6 t was called that of 5 t, as its file states 5000 kg."""
    larger = load_scenario("flanders-wind-farm/test-site", {"plant.store.capacity": "6 t"}).machines.stores[0]
    assert larger.title == "Pressurised hydrogen store, 5 t (with another capacity)"
    same = load_scenario("flanders-wind-farm/test-site", {"plant.store.capacity": "5 t"}).machines.stores[0]
    assert same.title == "Pressurised hydrogen store, 5 t"


def test_a_file_of_another_ending_is_answered_by_the_one_that_is_there(tmp_path: Path):
    (tmp_path / "farm-by-the-coast.yaml").write_text("title: x\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"there is no such file\. Nearest: farm-by-the-coast\.yaml\."):
        find_scenario(str(tmp_path / "farm-by-the-coast.yml"))


def test_a_file_of_prices_named_as_the_market_is_answered_by_where_prices_stand():
    with pytest.raises(ConfigurationError, match="a column `day_ahead_price` of the weather record"):
        find_configuration("market", "prices.csv")


def test_a_record_lies_next_to_the_file_that_states_it_also_where_another_extends_that(tmp_path: Path):
    inner = tmp_path / "mine"
    inner.mkdir()
    columns = [
        "    - {column: v, quantity: wind_speed, units: m/s, height: 100 m}",
        "    - {column: d, quantity: wind_direction, units: degree, height: 100 m}",
    ]
    stated = ["weather:", "  record: mast.csv", "  time: {column: t, zone: UTC, marks: start}", "  columns:", *columns]
    lines = ["title: x", "location: belgian-offshore-zone", *stated]
    (inner / "scenario.yaml").write_text("\n".join([*lines, "farm: test-site", *FARM]) + "\n", encoding="utf-8")
    (tmp_path / "other.yaml").write_text("extends: mine/scenario.yaml\nweather: {end: 2023-02-01}\n", encoding="utf-8")
    own = tmp_path / "own.yaml"
    own.write_text("extends: mine/scenario.yaml\nweather: {record: other.csv}\n", encoding="utf-8")
    assert Path(load_scenario(str(tmp_path / "other.yaml")).weather.record) == inner.resolve() / "mast.csv"
    assert Path(load_scenario(str(own)).weather.record) == tmp_path.resolve() / "other.csv"
