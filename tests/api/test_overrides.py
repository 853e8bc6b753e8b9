"""Other values by dotted key: into named configurations and lists, and what of them is refused."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import testsite_sim as ts
from tests.api.short import NAME, SHORT
from testsite_sim.cli import main


def test_an_override_reaches_into_a_named_configuration_and_may_name_one_first() -> None:
    case = ts.load(NAME, {**SHORT, "plant.electrolysers.0": "pem-10mw", "plant.electrolysers.0.capacity": "20 MW"})
    assert float(case.scenario.plant.electrolysers[0].capacity) == 20e6
    named = ts.load(NAME, SHORT).scenario.plant.electrolysers[0].title
    assert case.scenario.plant.electrolysers[0].title == f"{named} (with another capacity)"


def test_an_override_reaches_into_an_item_of_a_list_of_named_configurations() -> None:
    name = "waterstof/halle-station"
    before, after = (ts.load(name, each).scenario for each in ({}, {"plant.refuelling.fleets.0.vehicles": 120}))
    assert after.plant.refuelling.fleets[0].vehicles == 120
    assert before.plant.refuelling.fleets[0].vehicles != 120
    changed = {"refuelling": after.plant.refuelling}
    assert before.model_copy(update={"plant": before.plant.model_copy(update=changed)}) == after


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"plant.electrolizers.0.capacity": "20 MW"}, "Nearest: electrolysers"),
        ({"plant.electrolysers.0.capacity": "20 kg"}, r"override 'plant\.electrolysers\.0\.capacity'"),
        ({"plant.electrolysers.0.capacity": 20}, r"override 'plant\.electrolysers\.0\.capacity'"),
        ({"plant.electrolysers.0": "pem-10wm"}, "Nearest: pem-10mw"),
        ({"title.x": 3}, "title is a value and has no key 'x'"),
        ({"weather.end": np.datetime64("NaT")}, "found 'NaT', which is not a date"),
        ({"weather.end": np.timedelta64(1, "h")}, "found a timedelta; expected text"),
        ({"weather.end": np.array(["2023-01-01"], "M8[ns]")}, "found a ndarray; expected text"),
        ({"farm.groups.prototypes.x": np.zeros((2, 2))}, "found a ndarray; expected text"),
        ({"farm.groups.prototypes.x": np.array([0.0, np.nan])}, "nan is not a finite number"),
        ({"weather.record": xr.Dataset()}, "found a Dataset; .* write it, with `to_csv` or `to_netcdf`"),
        ({"farm.hub_height": "120 m"}, r"Choices: .* There is farm\.groups\.prototypes\.turbine\.hub_height\."),
        (
            {"farm": {"extends": "test-site", "groups": {"mine": {"longitude": [2.8]}}}},
            r"^override 'farm': unknown key",
        ),
        ({"dispatch.strategy": "optimal"}, "there is no name 'optimal'. Choices: firm-band, imbalance, none, perfect"),
        ({"farm": pd.DataFrame({"type": ["iea-10mw"], "lon": [2.8]})}, "override 'farm': unknown column 'lon'. Near"),
        ({"farm": pd.DataFrame({"type": ["iea-10mw"], "x": [np.nan], "y": [0.0]})}, "'farm': row 1: x is ''"),
        ({"farm": pd.DataFrame({"type": [], "x": [], "y": []})}, "has no turbines; expected a row each"),
        ({"farm": {1: "x"}}, "found the key 1; expected keys that are text"),
        ({"operations.availability": float("nan")}, "nan is not a finite number"),
        ({"": 3}, "expected a dotted key"),
        ({3: 3}, "expected a dotted key"),
        ("title=x", "expected a mapping"),
        (
            {"plant.electrolysers.0.capacity": "20 MW", "plant.electrolysers": ["pem-10mw"]},
            r"'plant\.electrolysers\.0\.capacity': is lost, since override 'plant\.electrolysers' .* broader one first",
        ),
        ({"economics.scale_to_year": True, "economics": "halle"}, r"'economics\.scale_to_year': is lost, since"),
        ({"plant.store": []}, "plant.store: found 0 items; expected at least 1"),
        ({"plant.store.extends": "halle-200bar"}, "expected the name as plant.store itself"),
        ({"plant.store": ["pressurised-5t"], "plant.store.0.extends": "halle-200bar"}, r"as plant\.store\.0 itself"),
        (
            {"plant.store": ["pressurised-5t"], "plant.store.1.capacity": "1 t"},
            "is a list of 1; expected the index 0, not '1'",
        ),
        (
            {"plant.store": ["pressurised-5t"], "plant.store.0.capcity": "1 t"},
            "unknown key 'capcity' in 'plant.store.0'",
        ),
        ({"plant.electrolysers": ["pem-10mw"] * 21}, r"plant\.electrolysers: found 21 items; expected at most 20\."),
        ({"plant.electrolyser": "pem-10mw"}, "no key 'electrolyser' any more: electrolysers stand in the list"),
    ],
)
def test_a_wrong_override_is_refused_by_name(changes: dict, words: str) -> None:
    with pytest.raises(ts.ConfigurationError, match=words):
        ts.load(NAME, changes)


def test_a_scenario_without_its_folder_is_offered_with_it() -> None:
    with pytest.raises(ts.ConfigurationError, match=r"Nearest: flanders-wind-farm/test-site"):
        ts.load("test-site")


def test_an_override_that_a_later_one_replaces_is_refused_wherever_they_are_stated(capsys) -> None:
    lost = {"plant.electrolysers.0.capacity": "20 MW"}
    case = ts.load(NAME, {**SHORT, **lost})
    with pytest.raises(ts.ConfigurationError, match="is lost, since"):
        case.changed({"plant.electrolysers": ["pem-10mw"]})
    with pytest.raises(ts.ConfigurationError, match="is lost, since"):
        case.sweep({"plant": ["x"]})
    with pytest.raises(SystemExit, match="2"):
        main(["check", NAME, "--set", "plant.store.capacity=8 t", "--set", "plant.store=pressurised-5t"])
    assert "--set plant.store.capacity=8 t: is lost, since --set plant.store=pr" in capsys.readouterr().err
    again = case.changed({"plant.electrolysers.0.capacity": "30 MW"})  # of the same key, the later one holds
    assert float(again.scenario.plant.electrolysers[0].capacity) == 30e6


def test_a_record_inside_a_mapping_is_looked_for_where_a_dotted_key_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.csv").write_text("time,v\n")
    time = {"column": "time", "zone": "UTC", "marks": "start"}
    column = {"column": "v", "quantity": "wind_speed", "units": "m/s", "height": "100 m"}
    for name in ("mine.csv", "none.csv"):  # the second is missing here, not among the scenarios that ship
        weather = {"record": name, "time": time, "columns": [column]}
        case = ts.load(NAME, {"weather": weather})
        assert case.scenario.weather.record == str(tmp_path / name)


def test_what_a_user_hands_over_is_not_changed() -> None:
    fleets = [{"extends": "forklifts-halle-75", "vehicles": 80}]
    for _ in range(2):
        case = ts.load("waterstof/halle-station", {"plant.refuelling.fleets": fleets})
        assert case.scenario.plant.refuelling.fleets[0].vehicles == 80
    assert fleets == [{"extends": "forklifts-halle-75", "vehicles": 80}]
