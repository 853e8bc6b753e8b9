"""Processes that compile ahead of a run: started when something is missing, silent, and gone with the run."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from testsite_kernels.compiling.kernel_cache import announce_compiling

import testsite_sim
from testsite_sim.cases import compiling_ahead as ahead
from testsite_sim.cases.scenario import load_scenario

ROOT = Path(testsite_sim.__file__).resolve().parents[1]
SLEEP = "import time, testsite_sim.chain.ahead as a; a.COMPILE = dict.fromkeys(a.COMPILE, lambda s: time.sleep(600))"
# A script as a user writes it: nothing stands below `if __name__ == "__main__":`.
SCRIPT = """
print("begins", flush=True)
import testsite_sim as ts
from testsite_kernels.compiling.kernel_cache import announce_compiling
from testsite_sim.cases import compiling_ahead as ahead
ahead.usable_processors = lambda: 2
{change}
with ahead.compiling_ahead(ts.load("waterstof/balancing").scenario) as started:
    announce_compiling()
    print(*(each.pid for each in started.processes), flush=True)
    print(*(each.wait() for each in started.processes), flush=True)
print("ends", flush=True)
"""


@pytest.fixture
def asleep(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the processes sleep instead of compiling, on two processors."""
    monkeypatch.setattr(ahead, "START", ahead.START.replace("; from", f"; {SLEEP}; from"))
    monkeypatch.setattr(ahead, "usable_processors", lambda: 2)


def script(folder: Path, change: str = "") -> subprocess.Popen[str]:
    """Start the script."""
    (folder / "script.py").write_text(SCRIPT.format(change=change), encoding="utf-8")
    paths = os.pathsep.join([str(ROOT), str(ROOT / "kernels")])
    return subprocess.Popen(
        [sys.executable, str(folder / "script.py")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": paths},
        cwd=folder,
    )


def is_running(process: int) -> bool:
    """Return whether a process is there and has not ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.slow
def test_a_script_without_a_main_guard_starts_once_and_its_processes_do_their_work(tmp_path: Path) -> None:
    output, errors = script(tmp_path).communicate()
    lines = output.split("\n")
    assert lines[0] == "begins"
    assert lines[2:] == ["0 0", "ends", ""]
    assert not errors


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_processes_end_when_the_run_is_killed(tmp_path: Path) -> None:
    change = f'ahead.START = ahead.START.replace("; from", "; {SLEEP}; from")'
    with script(tmp_path, change) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == "begins\n"
        started = [int(each) for each in run.stdout.readline().split()]
        assert len(started) == 2
        assert all(is_running(each) for each in started)
        run.send_signal(signal.SIGKILL)
    end = time.monotonic() + 120.0
    while any(is_running(each) for each in started) and time.monotonic() < end:
        time.sleep(0.05)
    assert not any(is_running(each) for each in started)


def test_processes_end_with_the_run_and_start_once(asleep: None) -> None:
    with ahead.compiling_ahead(load_scenario("waterstof/balancing")) as started:
        assert not started.processes
        announce_compiling()
        processes = list(started.processes)
        announce_compiling()
        assert started.processes == processes
        assert [each.poll() for each in processes] == [None, None]
    assert all(each.poll() is not None for each in processes)
    announce_compiling()
    assert not started.processes


@pytest.mark.parametrize(
    ("scenario", "done", "started"),
    [
        ("flanders-wind-farm/test-site", "", [["wind", "optimum"], ["dispatch"]]),
        ("flanders-wind-farm/test-site", "weather operations", [["dispatch", "optimum"]]),
        ("flanders-wind-farm/test-site", "weather operations wind", [["optimum"]]),
        ("waterstof/lillo-fuel-cell", "weather", [["optimum"]]),
    ],
)
def test_what_has_begun_is_not_compiled_ahead(asleep: None, scenario: str, done: str, started: list[list[str]]) -> None:
    with ahead.compiling_ahead(load_scenario(scenario)) as compiling:
        for step in done.split():
            compiling.begin_after(step)
        announce_compiling()
        assert [list(each.args)[5:] for each in compiling.processes] == started


@pytest.mark.parametrize(
    ("name", "value"), [("usable_processors", lambda: 1), ("_is_python", lambda executable: False)]
)
def test_none_is_started_on_one_processor_or_by_another_program(
    asleep: None, monkeypatch: pytest.MonkeyPatch, name: str, value: object
) -> None:
    monkeypatch.setattr(ahead, name, value)
    with ahead.compiling_ahead(load_scenario("waterstof/balancing")) as started:
        announce_compiling()
        assert not started.processes


def test_a_program_that_cannot_be_started_ends_no_run(asleep: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python3")
    with ahead.compiling_ahead(load_scenario("waterstof/balancing")) as started:
        announce_compiling()
        assert not started.processes


def test_each_part_has_what_compiles_it() -> None:
    from testsite_sim.chain.ahead import COMPILE

    assert tuple(COMPILE) == ahead.PARTS
