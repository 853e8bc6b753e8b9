"""A run that a copy of its process draws: the same files as of one process alone, also where the copy fails."""

import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

import testsite_sim
from tests.shared_folders import ShippedRun
from testsite_sim.cases import drawing_ahead
from testsite_sim.cases.case import Work
from testsite_sim.cases.scenario import load_scenario, read_scenario
from testsite_sim.chain import prepare, simulate_scenario
from testsite_sim.output.results import results_tree
from testsite_sim.report import figures_of_one_group, named_figures
from testsite_sim.report.drawing import rendered

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="copies are made on Linux alone")
ROOT = Path(testsite_sim.__file__).resolve().parents[1]
SCENARIO = "flanders-wind-farm/test-site"
SHORT = ("weather.start=2023-02-01", "weather.end=2023-03-01", "economics.scale_to_year=by-repetition")
WIND_ALONE = ("weather.start=2023-02-01", "weather.end=2023-02-08", "plant=null", "dispatch=null", "economics=null")
# The runs are those of copies of one process, so that what they need is imported once.
PROGRAM = """
import json, os, sys
from testsite_sim.cases import drawing_ahead
from testsite_sim.cli import main
from testsite_sim.common import side_by_side
from testsite_sim.common.own_process import expect_plain_arrays, own_process
own_process()
expect_plain_arrays()
import testsite_sim.chain
assert "matplotlib" not in sys.modules
for change, arguments in json.loads(sys.argv[1]):
    process = os.fork()
    if process == 0:
        exec(change)
        sys.argv[1:] = arguments
        main()
        print("drew", json.dumps("matplotlib" in sys.modules), flush=True)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    if code != 0:
        sys.exit(code)
"""
ONE_PROCESSOR = "drawing_ahead.usable_processors = side_by_side.usable_processors = lambda: 1"
TWO_PROCESSORS = "drawing_ahead.usable_processors = side_by_side.usable_processors = lambda: 2"
FAILING = (
    TWO_PROCESSORS
    + """
def fail(*_):
    raise ValueError("cannot be drawn by the copy")
drawing_ahead._Drawer.{method} = fail
"""
)
METHODS = ("serve", "_draw_early", "_draw")
RUNS = {
    "ahead": (TWO_PROCESSORS, SHORT),
    "alone": (ONE_PROCESSOR, WIND_ALONE),
    **{method: (FAILING.format(method=method), WIND_ALONE) for method in METHODS},
}
Made = tuple[dict[str, bytes], bool]  # the files of a run, and whether its process drew


def files_of(folder: Path) -> dict[str, bytes]:
    """Return the files of a run that are the same whenever it is repeated."""
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    steps = json.loads(files.pop("run.json"))["wall_time_seconds"]
    assert list(steps)[-3:] == ["results", "figures", "report"]
    return files


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Made]:
    """Return what a scenario gives when it is run by processes of the program's own."""
    folder = tmp_path_factory.mktemp("runs")
    tasks = [
        (change, ["run", SCENARIO, "-o", str(folder / name), *(part for each in period for part in ("--set", each))])
        for name, (change, period) in RUNS.items()
    ]
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps(tasks)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "kernels")])},
    )
    assert result.returncode == 0, result.stderr
    drew = [json.loads(line[5:]) for line in result.stdout.splitlines() if line.startswith("drew ")]
    return {name: (files_of(folder / name), each) for name, each in zip(RUNS, drew, strict=True)}


def test_a_copy_draws_the_same_files(runs: dict[str, Made], shipped_run: ShippedRun) -> None:
    files, drew = runs["ahead"]
    assert not drew
    assert files == files_of(shipped_run(SCENARIO, *SHORT, pictures=True))


@pytest.mark.parametrize("method", METHODS)
def test_what_a_copy_fails_to_draw_the_run_draws_itself(method: str, runs: dict[str, Made]) -> None:
    assert runs["alone"][1]
    assert runs[method][1]
    assert runs[method][0] == runs["alone"][0]


def test_figures_of_one_group_are_the_same_before_the_others_are_there() -> None:
    prepared = prepare(load_scenario(SCENARIO, SHORT))
    steps = dict(simulate_scenario(prepared))
    whole, early = named_figures(results_tree(steps, "a title")), {}
    for count in range(1, len(steps)):
        so_far = dict(list(steps.items())[:count])
        early |= {
            name: each for name, each in figures_of_one_group(results_tree(so_far, "")).items() if name not in early
        }
    assert {"wind-rose", "farm-layout", "monthly-energy", "plant-flows"} <= set(early)
    assert set(early) <= set(whole)
    for name, figure in early.items():
        assert figure.draws is whole[name].draws
        assert rendered(figure, name, ("svg", "png")) == rendered(whole[name], name, ("svg", "png"))


def test_a_copy_that_no_case_takes_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing_ahead, "_is_of_use", lambda: True)
    monkeypatch.setattr(drawing_ahead._Drawer, "serve", lambda drawer: time.sleep(60.0))
    with drawing_ahead.importing_ahead():
        process = drawing_ahead._READY[0]._process
        assert Path(f"/proc/{process}").exists()
    assert not drawing_ahead._READY
    assert not Path(f"/proc/{process}").exists()


def test_a_case_that_cannot_be_given_to_a_copy_is_drawn_by_one_made_now(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def note(drawer: drawing_ahead._Drawer) -> None:
        drawer._asked.answer("a case" if drawer._case is not None else "no case")
        time.sleep(60.0)

    monkeypatch.setattr(drawing_ahead, "_is_of_use", lambda: True)
    monkeypatch.setattr(drawing_ahead._Drawer, "serve", note)
    case = read_scenario(SCENARIO)
    work = Work(target=Path("anywhere"))
    with work.exits, drawing_ahead.importing_ahead():
        first = drawing_ahead._READY[0]
        drawing_ahead.draw_ahead(replace(case, overrides=[lambda: asked]), work)  # type: ignore[list-item]
        assert work.drawing is not None
        assert work.drawing.has_written("a case")
        assert not first._process


def test_a_case_is_given_to_the_copy_that_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def note(drawer: drawing_ahead._Drawer) -> None:
        for what, case in drawer._asked:
            drawer._asked.answer(f"{what} {case.title}")

    monkeypatch.setattr(drawing_ahead, "_is_of_use", lambda: True)
    monkeypatch.setattr(drawing_ahead._Drawer, "serve", note)
    case, work = read_scenario(SCENARIO), Work(target=Path("anywhere"))
    with work.exits, drawing_ahead.importing_ahead():
        drawing_ahead.draw_ahead(case, work)
        assert work.drawing is not None
        assert work.drawing.has_written(f"case {case.title}")
        assert not drawing_ahead._READY
