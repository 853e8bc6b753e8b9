"""The public face: one way in for every kind of case, and nothing that happens before it is asked for."""

import datetime
import doctest
import os
import pickle
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from matplotlib.text import Text

import testsite_sim as ts
from testsite_sim import api
from testsite_sim.cases import summary, sweep
from testsite_sim.cli import main, option_names
from testsite_sim.common import arguments
from testsite_sim.configuration import overrides, python_values, titles, yaml_loader
from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.turbine import TurbineConfiguration
from testsite_sim.economics import breakdown
from testsite_sim.report import compare
from testsite_sim.wind import Farm, build_turbine, models
from testsite_sim.wind.windio import windio_resource, write_windio

NAME = "flanders-wind-farm/test-site"
SHORT = {
    "weather.start": "2023-01-01",
    "weather.end": "2023-01-04",
    "weather.climate": None,
    "economics.scale_to_year": "by-repetition",
}


@pytest.fixture(scope="module")
def run() -> ts.Run:
    return ts.load(NAME, SHORT).run()


def in_a_process(code: str) -> None:
    own = {**os.environ, "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=own, check=False)
    assert done.returncode == 0, done.stderr


STATE = """
import os, sys, warnings, signal
def state():
    found = [dict(os.environ), list(sys.meta_path), list(sys.path_hooks), list(sys.path), list(warnings.filters)]
    found += [warnings.showwarning, signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)]
    if "numba" in sys.modules:
        import numba.core.config as config
        found.append({key: value for key, value in vars(config).items() if key.isupper()})
    if "matplotlib" in sys.modules:
        import matplotlib
        found += [matplotlib.rcParams.copy(), matplotlib.get_backend(auto_select=False)]
    return found
"""


def test_importing_the_package_imports_and_changes_nothing() -> None:
    in_a_process(
        STATE + "before, known = state(), set(sys.modules)\n"
        "import testsite_sim\n"
        "assert state() == before\n"
        "heavy = {'numba', 'numpy', 'xarray', 'pandas', 'pydantic', 'pint', 'matplotlib', 'scipy', 'click'}\n"
        "assert not heavy & set(sys.modules)\n"
    )


def test_importing_the_public_face_and_every_step_changes_nothing() -> None:
    in_a_process(
        "import h5netcdf, highspy, matplotlib.figure, numba, pandas, pint, pvlib, pydantic, scipy.optimize, xarray\n"
        "import windpowerlib, ruamel.yaml, numba.core.caching, matplotlib.backends.backend_agg\n"
        + STATE
        + "before = state()\n"
        "import testsite_sim as ts\n"
        "ts.load, ts.weather, ts.operations, ts.wind, ts.plant, ts.dispatch, ts.economics, ts.ensemble, ts.studies\n"
        "import testsite_sim.report\n"
        "after = state()\n"
        "for one, other in zip(before, after, strict=True):\n"
        "    assert one == other, (one, other)\n"
    )


def test_a_user_finds_the_public_names_and_every_one_is_there() -> None:
    assert set(ts.__all__) <= set(dir(ts))
    for name in ts.__all__:
        assert getattr(ts, name) is not None
    with pytest.raises(AttributeError, match="lode"):
        _ = ts.lode


@pytest.mark.parametrize(
    "module",
    [api, arguments, breakdown, models, option_names, overrides, python_values, summary, sweep, compare, titles],
    ids=lambda module: module.__name__,
)
def test_the_examples_of_the_docstrings_are_right(module: ModuleType) -> None:
    found = doctest.testmod(module)
    assert found.attempted > 0
    assert found.failed == 0


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


def test_numbers_of_numpy_are_numbers() -> None:
    for one in (np.int64(1), np.float64(1.0), np.float32(1.0)):
        assert ts.load(NAME, {**SHORT, "operations.availability": one}).scenario.operations.availability == 1.0


def test_arrays_series_and_moments_are_taken_for_what_a_file_would_state() -> None:
    east = [0.0, 2000.0]
    said = {"farm.groups.prototypes.x": east, "weather.start": "2023-01-31T23:00:00", "weather.end": "2023-03-01"}
    given = {
        "farm.groups.prototypes.x": np.array(east),
        "weather.start": pd.Timestamp("2023-02-01", tz="Europe/Brussels"),
        "weather.end": datetime.date(2023, 3, 1),
    }
    expected = ts.load(NAME, said).scenario
    for changes in (given, {**given, "farm.groups.prototypes.x": pd.Series(east)}):
        assert ts.load(NAME, changes).scenario == expected
    assert ts.load(NAME, {**said, "weather.end": np.datetime64("2023-03-01")}).scenario == expected


def test_a_table_of_turbines_is_the_farm_that_its_file_would_be(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {
            "name": ["A1", "A2", "B1"],
            "type": ["iea-15mw", "iea-15mw", "iea-10mw"],
            "longitude": [2.8, 2.82, 2.84],
            "latitude": [51.6, 51.61, 51.6],
        }
    )
    table.to_csv(tmp_path / "layout.csv", index=False)
    of_file = ts.load(NAME, {**SHORT, "farm": tmp_path / "layout.csv"}).scenario.farm
    for each in (table, table.set_index("name")):
        of_table = ts.load(NAME, {**SHORT, "farm": each}).scenario.farm
        for name, group in of_file.groups.items():
            found = of_table.groups[name]
            assert (found.names, found.x, found.y, found.turbine) == (group.names, group.x, group.y, group.turbine)
        assert of_table.source == "a table of turbines in Python"


ROWS = {"type": ["iea-10mw"] * 2, "x": [0.0, 2e3], "y": [0.0] * 2, "farm": ["A", "B"], "name": ["first", "second"]}


@pytest.mark.parametrize("index", ["farm", "name", ["farm", "name"], ["name", "type"]])
def test_an_index_of_a_table_of_turbines_is_a_column(index: str | list[str]) -> None:
    # Left out, the columns that a user set aside as index would change no name and no group, and say nothing.
    table = pd.DataFrame(ROWS)
    made = [ts.load(NAME, {**SHORT, "farm": each}).scenario.farm for each in (table, table.set_index(index))]
    assert made[0] == made[1]
    assert {name: group.names for name, group in made[1].groups.items()} == {"A": ("first",), "B": ("second",)}


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (pd.DataFrame(ROWS).set_index("name", drop=False), "the column 'name' stands twice"),
        (pd.DataFrame(ROWS).set_index("name").rename_axis("id"), "unknown column 'id'"),
        (pd.DataFrame(ROWS).set_index("name").rename_axis(None), "holds text such as 'first' and has no name"),
        (pd.DataFrame({**ROWS, "type": f"{'a' * 300}.yaml"}), "there is no such file"),
        (pd.DataFrame({**ROWS, "type": "a\0.yaml"}), r"found the character U\+0000"),
        (f"{'a' * 300}.yaml", "there is no such file"),
        ("a\0.yaml", r"found the character U\+0000"),
    ],
)
def test_a_table_or_a_name_that_no_farm_has_is_refused_in_a_sentence(table: object, said: str) -> None:
    with pytest.raises(ts.ConfigurationError, match=said):
        ts.load(NAME, {**SHORT, "farm": table})


def test_numbers_and_moments_at_the_edge_of_what_python_has_are_taken_or_refused() -> None:
    assert ts.load(NAME, {"economics.discount_rate": np.longdouble(0.05)}).scenario.economics.discount_rate == 0.05
    west = datetime.timezone(datetime.timedelta(hours=-5))
    with pytest.raises(ts.ConfigurationError, match="lies outside the calendar in UTC"):
        ts.load(NAME, {"weather.end": datetime.datetime.max.replace(tzinfo=west)})
    with pytest.raises(ts.ConfigurationError, match="there is no such file"):
        ts.load(f"{'a' * 300}.yaml")


def test_a_file_that_has_changed_is_read_again_by_the_same_case(tmp_path: Path) -> None:
    # A notebook corrects its layout and runs the cell again: within a tick of the clock, and as long as before.
    path, case = tmp_path / "layout.csv", ts.load(NAME, SHORT)
    for east in (1000, 2000):
        path.write_text(f"type,x,y\niea-10mw,0,0\niea-10mw,{east},0\n")
        os.utime(path, ns=(0, 0))
        assert case.changed({"farm": path}).scenario.farm.groups["layout"].x == (0.0, float(east))


def test_a_linked_file_has_its_own_name_however_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kept.csv").write_text("type,x,y\niea-10mw,0,0\n")
    (tmp_path / "link.csv").symlink_to("kept.csv")
    (tmp_path / "own.yaml").write_text(f"extends: {NAME}\nfarm: link.csv\n")
    monkeypatch.chdir(tmp_path)
    cases = ts.load("own.yaml", SHORT), *(ts.load(NAME, {**SHORT, "farm": each("link.csv")}) for each in (str, Path))
    assert [list(each.scenario.farm.groups) for each in cases] == 3 * [["link"]]


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


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> Counter:
    """Count how often each file is parsed."""
    found: Counter[str] = Counter()
    parse = yaml_loader.parse_document

    def counting(text: str, origin: str, include=None):
        if origin.endswith(".yaml"):
            found[origin] += 1
        return parse(text, origin, include)

    monkeypatch.setattr(yaml_loader, "parse_document", counting)
    monkeypatch.setattr(yaml_loader, "_parsed", counting)  # what a process has kept is not counted as parsed
    return found


@pytest.mark.parametrize("name", ["waterstof/balancing-single-2020", "flanders-wind-farm/study"])
def test_a_case_parses_each_of_its_files_once(parsed: Counter, name: str) -> None:
    ts.load(name)
    assert len(parsed) > 1
    assert set(parsed.values()) == {1}


@pytest.mark.usefixtures("unprinted_figures")
def test_a_run_parses_its_scenario_once(parsed: Counter, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(f"extends: {NAME}\ntitle: mine\n")
    sets = [f"--set={key}={'null' if value is None else value}" for key, value in SHORT.items()]
    main(["run", str(tmp_path / "mine.yaml"), "-o", str(tmp_path / "run"), *sets])
    assert parsed[str(tmp_path / "mine.yaml")] == 1
    assert {name for name, count in parsed.items() if count > 1} == set()


def test_the_points_of_a_sweep_parse_no_file_again(parsed: Counter) -> None:
    swept = ts.load(NAME, SHORT).sweep({"plant.electrolysers.0.capacity": ["5 MW", "10 MW", "20 MW"]})
    assert swept.plan.points == 3
    assert set(parsed.values()) == {1}


def test_a_run_in_memory_has_a_summary_with_units_results_and_figures(run: ts.Run) -> None:
    assert run.directory is None
    energy = run.summary["energy_production"]
    assert energy.value > 0.0
    assert energy.units == "GWh"
    assert energy.description
    assert run.results["wind"]["power"].attrs["units"] == "W"
    assert run.results["wind"]["power"].sizes["time"] == 72
    assert "dispatch-week" in run.figures
    assert run.figure("dispatch-week").axes
    assert repr(run).startswith("<Run of ")
    assert "energy_production" in repr(run.summary)
    assert "<td>energy_production</td>" in run._repr_html_()


def test_an_unknown_figure_or_name_is_refused_with_the_nearest(run: ts.Run) -> None:
    with pytest.raises(ts.ConfigurationError, match=r"there is no figure 'dispatch-weak'\. Nearest: dispatch-week"):
        run.figure("dispatch-weak")
    with pytest.raises(KeyError) as caught:
        _ = run.summary["energy_produced"]
    assert str(caught.value).startswith("the summary has no figure 'energy_produced'. Nearest: ")
    assert run.summary.get("energy_produced") is None


@pytest.mark.usefixtures("unprinted_figures")
def test_a_saved_run_is_what_the_command_line_writes_and_opens_to_the_same(run: ts.Run, tmp_path: Path) -> None:
    saved = ts.load(NAME, SHORT).run(tmp_path / "one")
    run.save(tmp_path / "two")
    sets = [f"--set={key}={'null' if value is None else value}" for key, value in SHORT.items()]
    main(["run", NAME, "-o", str(tmp_path / "three"), *sets])
    files = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*") if path.is_file())
    assert len(files) >= 19
    for file in files:
        if file.name != "run.json":
            expected = (tmp_path / "three" / file).read_bytes()
            assert (tmp_path / "one" / file).read_bytes() == expected, file
            assert (tmp_path / "two" / file).read_bytes() == expected, file
    opened = ts.open_run(tmp_path / "one")
    assert opened.summary == saved.summary
    assert opened.title == saved.title
    assert opened.scenario == saved.scenario
    assert opened.figures == saved.figures
    xr.testing.assert_allclose(opened.results["plant"].to_dataset(), saved.results["plant"].to_dataset())
    copied = opened.save(tmp_path / "four")
    assert {path.name for path in copied.iterdir()} == {path.name for path in (tmp_path / "one").iterdir()}
    with pytest.raises(ts.ConfigurationError, match="exists already"):
        run.save(tmp_path / "two")
    run.save(tmp_path / "two", force=True)


def test_two_runs_are_compared_with_their_differences(run: ts.Run) -> None:
    other = ts.load(NAME, {**SHORT, "operations.availability": 0.5}).run()
    table = ts.compare(run, other)
    row = table.loc["energy_production"]
    assert row["difference"] == row.iloc[1] - row.iloc[0] < 0.0
    assert row["relative difference"] == pytest.approx(row["difference"] / row.iloc[0])
    assert -0.5 < row["relative difference"] < -0.4
    assert row["units"] == "GWh"
    assert list(ts.compare(other, other, other).columns) == [*(f"{other.title} ({k})" for k in (1, 2, 3)), "units"]
    with pytest.raises(ts.ConfigurationError, match="expected two or more"):
        ts.compare(run)


def test_ensembles_sweeps_and_rankings_are_run_by_the_same_verbs() -> None:
    case = ts.load(NAME, SHORT)
    ensemble = case.ensemble(members=2).run()
    assert ensemble.results["members"].sizes["member"] == 3
    assert ensemble.summary["levelised_cost_of_hydrogen_p50"].more["standard_error"] is not None
    assert set(ensemble.figures) == {"distribution", "convergence"}
    shown = repr(ensemble.summary).splitlines()
    outputs = ensemble.results["statistics"].sizes["output"]
    head = next(k for k, line in enumerate(shown) if line.split()[:1] == ["P5"])
    assert shown[head].split() == ["P5", "P50", "P95", "mean", "units"]
    assert len(shown) - head - 1 == outputs  # a line each
    cost = next(line for line in shown if line.startswith("levelised_cost_of_hydrogen "))
    assert cost.split()[1:] == [
        *(
            str(ensemble.summary[f"levelised_cost_of_hydrogen_{end}"]).split()[0]
            for end in ("p5", "p50", "p95", "mean")
        ),
        "EUR/kg",
    ]
    assert ensemble.summary._repr_html_().count("<tr>") == len(shown) + 1
    swept = case.sweep({"plant.electrolysers.0.capacity": ["5 MW", "20 MW"]}).run()
    made = swept.results["members"]["hydrogen_produced"].to_numpy()[0]
    assert made[1] > made[0]
    assert swept.figure("sweep").axes
    alone = {key: value for key, value in SHORT.items() if key.startswith("weather.")}
    few = ts.load(NAME, {**alone, "plant": None, "dispatch": None, "economics": None})  # each assumption adds runs
    ranked = few.sensitivity("morris", samples=2).run()
    assert ranked.figures == ("sensitivity",)
    with pytest.raises(ts.ConfigurationError, match="Nearest: morris"):
        case.sensitivity("moris")


def test_a_scenario_with_a_section_ensemble_loads_as_one() -> None:
    assert ts.load(NAME, {**SHORT, "ensemble.members": 7}).plan.members == 7


def test_an_ensemble_in_memory_refuses_what_needs_a_directory() -> None:
    case = ts.load(NAME, SHORT).ensemble(members=2)
    with pytest.raises(ts.ConfigurationError, match="name it by `out`"):
        case.run(execution=ts.ExecutionOptions(resume=True))
    kept = ts.load(NAME, {**SHORT, "ensemble.keep_series": ["wind.power"]})
    with pytest.raises(ts.ConfigurationError, match=r"ensemble\.keep_series: .* `out`"):
        kept.run()
    with pytest.raises(ts.ConfigurationError, match="workers: found 0"):
        ts.ExecutionOptions(workers=0)


def test_a_plant_is_sized_by_the_same_verbs() -> None:
    run = ts.load(NAME, SHORT).size(electrolyser=["5 MW", "10 MW"], tank="5000 kg").run()
    assert run.summary["best_tank"].value == 5000.0
    assert run.figure("sizing").axes


@pytest.mark.usefixtures("unprinted_figures")
@pytest.mark.usefixtures("unprinted_figures")
def test_a_study_is_run_by_the_same_verbs(tmp_path: Path) -> None:
    small = {"uncertainty.members": 20, "uncertainty.ranking_samples": 8, "language": "nl"}
    run = ts.load("flanders-wind-farm/study", small).run(tmp_path / "run")
    assert run.summary["jobs_target_win"].more["p10"] is not None
    opened = ts.open_run(tmp_path / "run")
    assert opened.figures == run.figures
    drawn = opened.figure("jobs").findobj(Text)
    assert any("aandeel behouden" in each.get_text() for each in drawn)


def test_what_ships_is_listed_by_kind_and_an_unknown_kind_refused() -> None:
    assert "vestas-v90-3.0" in ts.list_configurations("turbine")
    assert NAME in ts.list_scenarios()
    with pytest.raises(ts.ConfigurationError, match="Nearest: turbine"):
        ts.list_configurations("turbines")


@pytest.mark.usefixtures("unprinted_figures")
def test_a_windio_plant_is_run_by_the_same_verbs(tmp_path: Path) -> None:
    turbine = build_turbine(load_component("turbine", "vestas-v90-3.0", TurbineConfiguration))
    farm = Farm(np.array([0.0, 500.0]), np.zeros(2), turbine, names=("A", "B"))
    time = np.arange(np.datetime64("2023-01-01", "ns"), np.datetime64("2023-01-03", "ns"), np.timedelta64(1, "h"))
    blown = {"wind_speed": ("time", np.full(48, 9.0)), "wind_direction": ("time", np.full(48, 270.0))}
    blown["turbulence_intensity"] = ("time", np.full(48, 0.08))
    write_windio(tmp_path / "plant.yaml", "two", farm, windio_resource(xr.Dataset(blown, {"time": time})))
    run = ts.load(tmp_path / "plant.yaml").run()
    assert run.title == "two"
    assert run.summary["flow_loss"].value > 0.0
    run.save(tmp_path / "run")
    assert ts.open_run(tmp_path / "run").title == "two"
    assert ts.load(tmp_path / "run" / "scenario.yaml").run().summary == run.summary
    with pytest.raises(ts.ConfigurationError, match="is a windIO plant"):
        ts.load(tmp_path / "plant.yaml", {"name": "three"})


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda case, run: case.ensemble(members=2.5), r"members: found 2\.5; expected a whole number, from 1 to"),
        (lambda case, run: case.ensemble(members=True), "members: found True; expected a whole number"),
        (lambda case, run: case.ensemble(members="4"), "members: found '4'; expected a whole number"),
        (lambda case, run: case.ensemble(members=0), "members: found 0; expected from 1 to 10,000,000"),
        (lambda case, run: case.ensemble(members=10**30), "members: found 1000.*; expected from 1 to 10,000,000"),
        (lambda case, run: case.ensemble(until="foo"), "until 'foo': expected an output and its precision"),
        (lambda case, run: case.ensemble(until=3), "until 3: expected an output and its precision"),
        (lambda case, run: case.sensitivity(samples=8.0), r"samples: found 8\.0; expected a whole number"),
        (lambda case, run: case.sensitivity("morris", 10**30), "samples: found 1000.*; expected from 2 to 1,000,000"),
        (lambda case, run: case.changed(b"x"), "overrides: found 120; expected a mapping of dotted keys"),
        (lambda case, run: case.changed(["a"]), "for example `--set wind.wake_model=bastankhah`"),
        (lambda case, run: run.export("a", ["csv"]), "export: there is no format"),
        (lambda case, run: case.sensitivity(3), "there is no design 3"),
        (lambda case, run: case.size(electrolyser=5), "electrolyser: found 5; expected a list of texts"),
        (lambda case, run: case.size(tank="5"), "tank: '5': "),
        (lambda case, run: case.size(require=5), "require: found .*; expected a list"),
        (lambda case, run: ts.ExecutionOptions(workers=1.5), r"workers: found 1\.5; expected a whole number"),
        (lambda case, run: ts.ExecutionOptions(resume=1), "resume: found 1; expected True or False"),
        (lambda case, run: case.ensemble(2).run(execution=2), "execution: found 2; expected ExecutionOptions"),
        (lambda case, run: ts.compare(run, case), "compare: found a ScenarioCase; expected a run"),
        (lambda case, run: ts.list_configurations(None), "there is no kind None"),
        (lambda case, run: run.figure(3), "there is no figure 3"),
        (lambda case, run: run.save(None), "save: found None; expected text or a path"),
        (lambda case, run: ts.open_run(None), "open_run: found None; expected text or a path"),
        (lambda case, run: ts.load(None), "load: found None; expected text or a path"),
    ],
)
def test_a_wrong_argument_is_refused_at_once(run: ts.Run, call: object, words: str) -> None:
    with pytest.raises(ts.ConfigurationError, match=words):
        call(ts.load(NAME, SHORT), run)


@pytest.mark.usefixtures("unprinted_figures")
def test_a_run_is_pickled_as_the_directory_that_it_stands_in(tmp_path: Path) -> None:
    run = ts.load(NAME, SHORT).run()
    with pytest.raises(TypeError, match="`save` it first"):
        pickle.dumps(run)
    run.save(tmp_path / "run")
    again = pickle.loads(pickle.dumps(run))
    assert dict(again.summary.entries) == dict(run.summary.entries)
    assert again.directory == tmp_path / "run"


@pytest.mark.usefixtures("unprinted_figures")
def test_the_library_speaks_of_arguments_and_the_command_line_of_options(run: ts.Run, tmp_path: Path, capsys) -> None:
    folder = tmp_path / "run"
    run.save(folder)
    with pytest.raises(ts.ConfigurationError, match="choose another folder, or replace it with `force=True`") as found:
        ts.load(NAME, SHORT).run(folder)
    assert "--" not in str(found.value)
    assert "`-o`" not in str(found.value)
    for stated, words in (
        (["run", NAME, "-o", str(folder)], "choose another `-o`, or replace it with `--force`."),
        (["run", NAME, "-o", str(tmp_path / "other"), "--until", "x"], "testsite-sim: --until 'x': expected"),
        (["figures", str(tmp_path / "none")], "none: is not a run directory"),
    ):
        with pytest.raises(SystemExit, match="2"):
            main(stated)
        assert words in capsys.readouterr().err


def test_what_is_no_mapping_and_no_function_is_refused() -> None:
    case = ts.load(NAME, SHORT)
    for wrong, said in (
        (lambda: case.changed(None), "overrides: found None"),
        (lambda: case.sweep(None), "sweep: found None"),
        (lambda: case.run(log="x"), "log: found 'x'; expected a function"),
    ):
        with pytest.raises(ts.ConfigurationError, match=said):
            wrong()


def test_a_case_is_shown_by_its_title_and_not_by_all_that_it_holds() -> None:
    case = ts.load(NAME, SHORT)
    assert repr(case) == f"<ScenarioCase of {case.title!r}>"
    assert repr(case.ensemble(members=2)) == f"<EnsembleCase of {case.title!r}>"
    assert repr(ts.load("waterstof/study")).startswith("<StudyCase of '")


def test_a_summary_is_a_table_and_its_figures_are_numbers(run: ts.Run) -> None:
    table = run.summary.to_frame()
    assert list(table.index) == list(run.summary)
    assert list(table.columns) == ["value", "units", "description"]
    for name, value in run.summary.items():
        assert np.array_equal([table.loc[name, "value"], float(value)], 2 * [value.value or float(value)], True)
        assert table.loc[name, "units"] == value.units


def test_the_parts_of_a_levelised_cost_add_up_to_the_figure_of_the_summary(run: ts.Run) -> None:
    rate = float(ts.load(NAME, SHORT).scenario.economics.discount_rate)
    parts = ts.economics.cost_parts(run.results["economics"].to_dataset(), rate)
    assert [each.name for each in parts] == ["levelised_cost_of_hydrogen", "levelised_cost_of_energy"]
    for each in parts:
        assert sum(each.parts.values()) == pytest.approx(run.summary[each.name].value, rel=1e-12)
        assert each.units == run.summary[each.name].units


def test_the_parts_of_a_cost_are_asked_of_the_economics_and_of_a_rate(run: ts.Run) -> None:
    for step, rate, said in (("wind", 0.05, "step economics"), ("economics", "5 %", "discount_rate is '5 %'")):
        with pytest.raises(ts.DataError, match=said):
            ts.economics.cost_parts(run.results[step].to_dataset(), rate)
    with pytest.raises(ts.DataError, match="expected the Dataset"):
        ts.economics.cost_parts(run.results, 0.05)


def test_a_sweep_stands_on_the_grid_of_its_keys_in_the_order_that_was_stated(run: ts.Run) -> None:
    # Texts that sort otherwise than they are stated: 15 t before 5 t.
    keys = {"plant.store.capacity": ["5 t", "15 t"], "plant.electrolysers.0.capacity": ["10 MW", "2 MW", "4 MW"]}
    swept = ts.load(NAME, SHORT).sweep(keys).run()
    grid = swept.grid()
    assert {name: grid[name].to_numpy().tolist() for name in keys} == keys
    assert grid["hydrogen_produced"].dims == tuple(keys)
    members = swept.results["members"].to_dataset().isel(member=0)
    for point in range(6):
        at = {name: str(members[name][point].item()) for name in keys}
        for figure in ("hydrogen_produced", "levelised_cost_of_hydrogen"):
            assert grid[figure].sel(at).item() == members[figure][point].item()
    assert len(set(grid["levelised_cost_of_hydrogen"].to_numpy().ravel())) == 6
    with pytest.raises(ts.ConfigurationError, match="grid: the run is no sweep"):
        run.grid()


def test_an_ensemble_of_a_sweep_keeps_its_members_on_the_grid() -> None:
    models = np.array(["noj", "bastankhah"])
    grid = ts.load(NAME, SHORT).sweep({"wind.wake_model": models}, members=2).run().grid()
    assert dict(grid.sizes) == {"wind.wake_model": 2, "member": 3}


def test_a_value_that_stands_twice_in_a_sweep_is_refused() -> None:
    with pytest.raises(ts.ConfigurationError, match="has 'noj' twice; expected each value once"):
        ts.load(NAME, SHORT).sweep({"wind.wake_model": ["noj", "bastankhah", "noj"]})


def test_layouts_in_tables_and_lists_of_arrays_are_swept() -> None:
    case, table = ts.load(NAME, SHORT), pd.DataFrame(ROWS)
    wider = table.assign(x=[0.0, 3e3])
    swept = case.sweep({"farm": [table, wider], "economics.discount_rate": ["5 %", "8 %"]})
    grid = swept.run().grid()
    assert list(grid["farm"].to_numpy()) == ["table 1", "table 2"]
    assert grid["wake_loss"].dims == ("farm", "economics.discount_rate")
    assert [each.farm.groups["B"].x for each in swept.plan.scenarios] == [(2e3,), (2e3,), (3e3,), (3e3,)]
    with pytest.raises(ts.ConfigurationError, match="twice; expected each value once"):
        case.sweep({"farm": [table, wider, table.copy()]})
    arrays = ts.load(NAME, {**SHORT, "farm": table}).sweep({"farm.groups.A.x": [np.array([0.0]), np.array([500.0])]})
    assert [each.farm.groups["A"].x for each in arrays.plan.scenarios] == [(0.0,), (500.0,)]


def test_moments_of_an_array_are_swept() -> None:
    ends = np.array(["2023-01-03", "2023-01-04"], "datetime64[ns]")
    swept = ts.load(NAME, SHORT).sweep({"weather.end": ends})
    assert [each.weather.end[:10] for each in swept.plan.scenarios] == ["2023-01-03", "2023-01-04"]


def test_one_requirement_of_a_size_is_a_text_as_on_the_command_line() -> None:
    size = ts.load(NAME, SHORT).size
    one, listed = (
        size(electrolyser="5 MW", tank="5 t", require=each)
        for each in ("hydrogen_unmet < 5 %", ["hydrogen_unmet < 5 %"])
    )
    assert one.requirements == listed.requirements


def test_a_step_refuses_a_configuration_instead_of_what_is_made_of_it() -> None:
    scenario = ts.load(NAME, SHORT).scenario
    inflow = xr.Dataset({"wind_speed": ("time", [9.0]), "wind_direction": ("time", [225.0])})
    for call in (
        lambda: ts.wind.simulate_farm(scenario.farm, inflow, "noj"),
        lambda: ts.wind.flow_map(scenario.farm, inflow, [0.0], [0.0], 100.0, "noj"),
    ):
        with pytest.raises(ts.ConfigurationError, match=r"found a FarmConfiguration; expected a Farm, as `ts\.wind"):
            call()
    record = ts.weather.open_record("north-sea-58n-1994-2023").isel(time=slice(0, 48))
    maintenance = ts.load("flanders-wind-farm/maintenance").scenario.operations.maintenance
    with pytest.raises(ts.ConfigurationError, match=r"sea: found a Dataset; expected a SeaState, as `ts\.op"):
        ts.operations.simulate_maintenance(maintenance, record, 10)
    with pytest.raises(ts.ConfigurationError, match="maintenance: found a str; expected a Maintenance"):
        ts.operations.simulate_maintenance("belgian-zone", ts.operations.sea_state(record), 10)
