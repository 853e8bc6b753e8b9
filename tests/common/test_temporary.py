"""Temporary folders of killed commands are removed by the next one, and none that is alive or not ours."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from testsite_sim.common.holding import MARK
from testsite_sim.common.temporary import clear_temporary_folders, temporary_folder
from testsite_sim.output import check_target

ROOT = Path(__file__).parents[2]
PATIENCE = 120.0  # [s] on a loaded machine
ON_POSIX = pytest.mark.skipif(not hasattr(os, "fork"), reason="locks of folders, and kills")
MEMBERS = ("waterstof/lillo-by-product", "--members", "2000", "--workers", "2", "-o", "out", "-q")
SHORT = ("weather.start=2023-03-01", "weather.end=2023-03-04", "economics.scale_to_year=by-repetition")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which temporary ones are made, empty."""
    made = tmp_path / "temporary"
    made.mkdir()
    monkeypatch.setenv("TMPDIR", str(made))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return made


def kill_in_a_folder(wrote: str) -> None:
    """Make a temporary folder in a copy of this process, which kills itself in it."""
    process = os.fork()
    if not process:
        with temporary_folder() as made:
            (made / "deep").mkdir()
            (made / "deep" / wrote).touch()
            os.kill(os.getpid(), signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    assert os.WIFSIGNALED(status)


def test_a_folder_is_gone_when_it_is_left(folder: Path) -> None:
    def fail() -> None:
        with temporary_folder() as made:
            (made / "file").touch()
            raise ValueError("in it")

    with pytest.raises(ValueError, match="in it"):
        fail()
    assert list(folder.iterdir()) == []


@ON_POSIX
@pytest.mark.parametrize("by", ["a run", "another temporary folder"])
def test_the_next_command_removes_what_a_killed_one_left(by: str, folder: Path, tmp_path: Path) -> None:
    kill_in_a_folder("table")
    assert len(list(folder.rglob("table"))) == 1
    if by == "a run":
        check_target(tmp_path / "run", force=False)
    else:
        with temporary_folder() as made:
            assert list(folder.iterdir()) == [made]
    assert list(folder.iterdir()) == []


@ON_POSIX
def test_folders_that_live_or_are_not_ours_stay(folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    for path in (elsewhere, folder / "testsite-sim-notmarke", folder / "testsite-sim-longername1", folder / "others"):
        path.mkdir()
    for name in ("testsite-sim-longername1", "others"):
        (folder / name / MARK).touch()
    (elsewhere / MARK).touch()
    (folder / "testsite-sim-linked_1").symlink_to(elsewhere)
    before = sorted(folder.iterdir())
    with temporary_folder() as made:
        (made / "file").touch()
        clear_temporary_folders()
        assert (made / "file").exists()
    assert sorted(folder.iterdir()) == before
    assert (elsewhere / MARK).exists()


@ON_POSIX
def test_folders_of_others_stay(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kill_in_a_folder("theirs")
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    clear_temporary_folders()
    assert len(list(folder.rglob("theirs"))) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")
def test_an_ensemble_that_is_killed_with_its_workers_leaves_nothing_for_long(folder: Path, tmp_path: Path) -> None:
    settings = [each for setting in SHORT for each in ("--set", setting)]
    process = subprocess.Popen(
        [sys.executable, "-m", "testsite_sim", "run", *MEMBERS, *settings],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "kernels")]), "TMPDIR": str(folder)},
        start_new_session=True,
    )
    until = time.monotonic() + PATIENCE
    while not list(folder.glob("testsite-sim-*/tables")):
        assert time.monotonic() < until
        assert process.poll() is None
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    left = {path.name for path in folder.glob("testsite-sim-*/*")}
    assert left >= {"ensemble", "tables"}
    check_target(tmp_path / "another", force=False)
    assert list(folder.iterdir()) == []
