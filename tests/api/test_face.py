"""The public face: nothing happens before it is asked for, every public name is there, wrong arguments are refused."""

import doctest
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
import xarray as xr

import testsite_sim as ts
from tests.api.short import NAME, SHORT
from testsite_sim import api
from testsite_sim.cases import summary, sweep
from testsite_sim.cli import main, option_names
from testsite_sim.common import arguments
from testsite_sim.configuration import overrides, python_values, titles
from testsite_sim.economics import breakdown
from testsite_sim.report import compare
from testsite_sim.wind import models


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


def test_what_ships_is_listed_by_kind_and_an_unknown_kind_refused() -> None:
    assert "vestas-v90-3.0" in ts.list_configurations("turbine")
    assert NAME in ts.list_scenarios()
    with pytest.raises(ts.ConfigurationError, match="Nearest: turbine"):
        ts.list_configurations("turbines")


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
