"""Several scenarios in one command: each runs as if alone, all problems are said at once, a stopped one leaves none."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from testsite_sim.cli import main

ROOT = Path(__file__).parents[2]
CHEAP, OTHER = "waterstof/lillo-by-product", "waterstof/halle-station"
WITHOUT_PRICES = "north-sea-58n-1994-2023"
STUDIES = ("flanders-wind-farm/study", "waterstof/study")
SHORT = ("--set", "weather.start=2023-03-01", "--set", "weather.end=2023-03-04")
WHOLE = ("--set", "economics.scale_to_year=by-repetition")
PATIENCE = 120.0  # [s] on a loaded machine
ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="runs are copies of the process there alone")
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Return what starts the program in a group of processes of its own, in a folder that is empty."""
    begun: list[subprocess.Popen[str]] = []
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "kernels")])}

    def begin(*arguments: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-m", "testsite_sim", *arguments],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        begun.append(process)
        return process

    yield begin
    for process in begun:
        if group_of(process):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def children_of(process: int) -> list[int]:
    """Return the copies of a process, the first one first; what its libraries ask the system with is none."""
    found = []
    called = Path(f"/proc/{process}/cmdline").read_bytes()
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent, *_, started = path.read_text().rpartition(")")[2].split()[:20]
            is_copy = path.with_name("cmdline").read_bytes() == called
        except OSError:
            continue
        if int(parent) == process and state != "Z" and is_copy:
            found.append((int(started), int(path.parent.name)))
    return [number for _, number in sorted(found)]


def group_of(process: "subprocess.Popen[str]") -> list[int]:
    """Return the living processes of the group that a process leads."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, group = path.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(group) == process.pid and state != "Z":
            found.append(int(path.parent.name))
    return found


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    until = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.01)


def files_of(folder: Path) -> dict[str, bytes]:
    """Return all files of a folder but those that say when a run was made."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "run.json"
    }


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[object, list[str]]:
    """Return the exit code of a command that is refused, and its lines."""
    with pytest.raises(SystemExit) as end:
        main(["run", *arguments])
    return end.value.code, capsys.readouterr().err.splitlines()


@ON_LINUX
def test_runs_together_are_byte_for_byte_what_each_is_alone(start: Start, tmp_path: Path) -> None:
    (tmp_path / "short.yaml").write_text(f"extends: {OTHER}\ntitle: Short\n")
    together = start("run", CHEAP, "short.yaml", "-o", "together", "--workers", "2", *SHORT, *WHOLE)
    out, err = together.communicate(timeout=PATIENCE)
    assert together.returncode == 0, err
    assert [line.partition(":")[0] for line in out.splitlines()] == [CHEAP, "short.yaml"]
    for name, folder in ((CHEAP, CHEAP), ("short.yaml", "short")):
        alone = start("run", name, "-o", f"alone/{folder}", *SHORT, *WHOLE)
        assert alone.wait(PATIENCE) == 0
    assert files_of(tmp_path / "together") == files_of(tmp_path / "alone")
    made = [json.loads((tmp_path / each / CHEAP / "run.json").read_text()) for each in ("together", "alone")]
    assert made[0]["files_sha256"] == made[1]["files_sha256"]
    assert list(made[0]["wall_time_seconds"]) == list(made[1]["wall_time_seconds"])


def test_all_that_is_wrong_is_said_before_anything_runs(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (mine / "out" / CHEAP).mkdir(parents=True)
    (mine / "out" / CHEAP / "notes.txt").touch()
    (mine / "bad.yaml").write_text(f"extends: {CHEAP}\nplant: {{stor: tank-5t}}\n")
    before = sorted(mine.rglob("*"))
    capsys.readouterr()
    names = (CHEAP, OTHER, "waterstof/lilo", "bad.yaml", STUDIES[0], OTHER)
    code, lines = refusal(capsys, *names, "-o", "out", "--set", "dispatch.strategy=rolling-horizon")
    assert code == 2
    said = [
        (f"{CHEAP}", "exists already"),
        (OTHER, "is named twice"),
        ("waterstof/lilo", "there is no such name"),
        ("bad.yaml", "stor"),
        (STUDIES[0], "unknown key 'dispatch'"),
    ]
    assert len(lines) == len(said)
    for line, (name, problem) in zip(lines, said, strict=True):
        assert name in line
        assert problem in line
    assert sorted(mine.rglob("*")) == before


def test_weather_that_is_missing_is_said_before_anything_runs(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (mine / "late.yaml").write_text(f"extends: {OTHER}\nweather: {{start: 2024-03-01, end: 2024-04-01}}\n")
    (mine / "none.yaml").write_text(f"extends: {CHEAP}\nweather: {{record: missing.nc}}\n")
    before = sorted(mine.rglob("*"))
    capsys.readouterr()
    code, lines = refusal(capsys, CHEAP, "late.yaml", "none.yaml")
    assert code == 3
    assert len(lines) == 2
    assert "late.yaml: weather: the period 2024-03-01T00:00 to 2024-04-01T00:00 is not within" in lines[0]
    assert "none.yaml: weather: " in lines[1]
    assert "missing.nc: there is no such file" in lines[1]
    assert sorted(mine.rglob("*")) == before


def test_run_directories_are_not_shared(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a/same.yaml", "b/same.yaml", "c/waterstof.yaml"):
        (mine / name).parent.mkdir(exist_ok=True)
        (mine / name).write_text(f"extends: {CHEAP}\n")
    capsys.readouterr()
    code, lines = refusal(capsys, "a/same.yaml", "b/same.yaml", CHEAP, "c/waterstof.yaml")
    assert code == 2
    assert len(lines) == 2
    assert "b/same.yaml: would be written to results/same, and a/same.yaml to results/same" in lines[0]
    assert f"c/waterstof.yaml: would be written to results/waterstof, and {CHEAP} to results/{CHEAP}" in lines[1]
    assert not (mine / "results").exists()


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (("--members", "3"), "--members"),
        (("--sweep", "plant.store.capacity=1 t,2 t"), "--sweep"),
        (("--resume",), "--resume"),
        (("--open",), "--open"),
    ],
)
def test_what_is_of_one_scenario_is_refused(
    options: tuple[str, ...], named: str, capsys: pytest.CaptureFixture[str], mine: Path
) -> None:
    capsys.readouterr()
    code, lines = refusal(capsys, CHEAP, OTHER, *options)
    assert code == 2
    assert len(lines) == 1
    assert named in lines[0]
    assert not (mine / "results").exists()


def test_an_ensemble_among_several_is_refused_by_name(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (mine / "members.yaml").write_text(f"extends: {CHEAP}\nensemble: {{members: 3}}\n")
    capsys.readouterr()
    code, lines = refusal(capsys, CHEAP, "members.yaml")
    assert (code, lines) == (
        2,
        ["testsite-sim: members.yaml: is an ensemble, by its section `ensemble`; run it alone."],
    )


@ON_LINUX
def test_what_fails_says_so_and_the_others_are_written(start: Start, tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text(f"extends: {OTHER}\nweather: {{record: {WITHOUT_PRICES}, climate: null}}\n")
    process = start("run", CHEAP, "broken.yaml", "--workers", "1", *SHORT, *WHOLE)
    out, err = process.communicate(timeout=PATIENCE)
    assert [line.split()[0] for line in err.splitlines()[:2]] == ["broken.yaml", CHEAP]  # the larger plant begins
    said = [line for line in err.splitlines() if line.startswith("testsite-sim: ")]
    assert len(said) == 2, err
    assert all(line.startswith("testsite-sim: broken.yaml: ") for line in said)
    assert "day_ahead_price" in said[0]
    assert "global_horizontal_irradiance" in said[1]
    assert process.returncode in (2, 3)
    assert out.startswith(f"{CHEAP}: written to")
    assert (tmp_path / "results" / CHEAP / "run.json").is_file()
    assert sorted(path.name for path in (tmp_path / "results").iterdir()) == ["waterstof"]


@ON_LINUX
@pytest.mark.parametrize("stop", ["ctrl-c", "term", "term to all"])
def test_a_stopped_command_leaves_no_file_and_no_process(stop: str, start: Start, tmp_path: Path) -> None:
    process = start("run", *STUDIES, "--workers", "2")
    wait_until(lambda: len(children_of(process.pid)) >= 2)
    if stop == "term":
        process.terminate()
    else:
        os.killpg(process.pid, signal.SIGINT if stop == "ctrl-c" else signal.SIGTERM)
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130, err
    assert err.split("\n") == ["", "testsite-sim: stopped; nothing was written.", ""]
    assert group_of(process) == []
    assert list(tmp_path.iterdir()) == []


@ON_LINUX
def test_a_command_that_is_stopped_while_it_writes_leaves_whole_runs_alone(start: Start, tmp_path: Path) -> None:
    process = start("run", CHEAP, OTHER, "--workers", "2")
    wait_until(lambda: any(path.name.endswith(".partial") for path in tmp_path.glob("results/waterstof/.*")))
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130, err
    assert group_of(process) == []
    left = list(tmp_path.glob("results/waterstof/*"))
    assert all((folder / "run.json").is_file() and not folder.name.startswith(".") for folder in left)
    if left:
        assert f"{len(left)} of 2 are written" in err
    else:
        assert list(tmp_path.iterdir()) == []


@ON_LINUX
def test_copies_end_in_order_where_the_command_is_killed(start: Start, tmp_path: Path) -> None:
    process = start("run", *STUDIES, "--workers", "2")
    wait_until(lambda: len(children_of(process.pid)) >= 2)
    process.kill()
    wait_until(lambda: group_of(process) == [])
    assert [path for path in tmp_path.rglob("*") if not path.is_dir()] == []
    assert list(tmp_path.rglob(".*")) == []


@ON_LINUX
def test_a_copy_that_is_killed_is_said(start: Start, tmp_path: Path) -> None:
    process = start("run", CHEAP, STUDIES[0], "--workers", "2")
    wait_until(lambda: bool(children_of(process.pid)))
    os.kill(children_of(process.pid)[0], signal.SIGKILL)  # the study, which begins first
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 128 + signal.SIGKILL, err
    assert f"testsite-sim: {STUDIES[0]}: its process was killed (signal 9)" in err
    assert out.startswith(f"{CHEAP}: written to")
    assert sorted(path.name for path in (tmp_path / "results").iterdir()) == ["waterstof"]
    assert (tmp_path / "results" / CHEAP / "run.json").is_file()
    assert group_of(process) == []
