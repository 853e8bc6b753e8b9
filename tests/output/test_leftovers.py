"""What a command that was killed left unfinished is removed by the next one, and nothing that is alive or not ours."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from testsite_sim.cases.start import start_scenario
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.output import RunDirectory, ownership, run_directory
from testsite_sim.output.files import figures_folder, write_whole
from testsite_sim.output.ownership import file_digest, foreign_files, known_digests
from testsite_sim.output.run_directory import FIGURES, check_target

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a copy of the process")


def killed(work: Callable[[], object]) -> None:
    """Do a piece of work in a copy of the process, which kills itself in it."""
    process = os.fork()
    if not process:
        try:
            work()
        finally:
            os._exit(1)
    _, status = os.waitpid(process, 0)
    assert os.WIFSIGNALED(status)


def die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def draw(target: Path, run: Path | None = None, *, end: Callable[[], object] = die) -> None:
    with figures_folder(target, False, run) as folder:
        (folder / "a.svg").write_text("b")
        end()


def a_run(target: Path) -> Path:
    with RunDirectory(target) as folder:
        (folder.path / FIGURES).mkdir()
        folder.write_text(f"{FIGURES}/a.svg", "b")
        folder.write_json("run.json", {"versions": {}, "files_sha256": folder.digests()})
    return target


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("place", ["mine", "new/deep/mine"])
def test_figures_remove_what_killed_ones_left(tmp_path: Path, place: str) -> None:
    target = tmp_path / place
    killed(lambda: draw(target))
    assert any(name.endswith(".partial") for name in names(target.parent))
    draw(target, end=lambda: None)
    assert names(target.parent) == ["mine"]
    assert names(target) == ["a.svg"]


def test_figures_and_force_remove_what_killed_figures_left_in_a_run(tmp_path: Path) -> None:
    run = a_run(tmp_path / "run")
    killed(lambda: draw(run / FIGURES, run))
    assert foreign_files(run) != []
    check_target(run, force=True)
    assert foreign_files(run) == []
    killed(lambda: draw(run / FIGURES, run))
    draw(run / FIGURES, run, end=lambda: None)
    assert foreign_files(run) == []


def test_figures_that_are_being_drawn_stay(tmp_path: Path) -> None:
    def meanwhile() -> None:
        draw(tmp_path / "mine", end=lambda: None)
        assert len([name for name in names(tmp_path) if name.endswith(".partial")]) == 1

    draw(tmp_path / "mine", end=meanwhile)
    assert names(tmp_path) == ["mine"]


def test_a_file_removes_what_killed_ones_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", die)
        killed(lambda: write_whole(tmp_path / "a", b"content"))
    assert len(names(tmp_path)) == 1
    foreign = [".testsite-sim-mine.new", ".testsite-sim-abcdefgh.new.txt", "testsite-sim-abcdefgh.new"]
    for name in foreign:
        (tmp_path / name).write_text("mine")
    (tmp_path / ".testsite-sim-abcdefgh.new").symlink_to("elsewhere")
    (tmp_path / ".testsite-sim-bcdefghi.new").mkdir()
    os.mkfifo(tmp_path / ".testsite-sim-cdefghij.new")
    before = names(tmp_path)
    write_whole(tmp_path / "a", b"content")
    kept = [name for name in before if (tmp_path / name).is_symlink() or (tmp_path / name).exists()]
    assert len(kept) == len(before) - 1
    assert names(tmp_path) == sorted([*kept, "a"])


def test_a_file_that_is_being_written_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sync = os.fsync

    def other(descriptor: int) -> None:
        monkeypatch.setattr(os, "fsync", sync)
        write_whole(tmp_path / "b", b"other")
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", other)
    write_whole(tmp_path / "a", b"content")
    assert {name: (tmp_path / name).read_bytes() for name in names(tmp_path)} == {"a": b"content", "b": b"other"}


def test_a_file_that_another_process_took_for_a_leftover_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, taken = ownership.tempfile.mkstemp, []

    def and_removed(**options: str) -> tuple[int, str]:
        descriptor, name = made(**options)
        if not taken:
            taken.append(name)
            os.unlink(name)
        return descriptor, name

    monkeypatch.setattr(ownership.tempfile, "mkstemp", and_removed)
    write_whole(tmp_path / "a", b"content")
    assert taken
    assert names(tmp_path) == ["a"]
    assert (tmp_path / "a").read_bytes() == b"content"


def test_a_scenario_of_ones_own_removes_what_a_killed_one_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(run_directory, "flush_all", die)
        killed(lambda: start_scenario(tmp_path / "mine"))
    assert [name.endswith(".partial") for name in names(tmp_path)] == [True]
    start_scenario(tmp_path / "mine")
    assert names(tmp_path) == ["mine"]


def test_a_scenario_that_is_killed_as_it_takes_its_place_leaves_what_the_next_removes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Aims at the last moment before the folder is in its place, and the first after: the mark is there still."""
    renamed = os.rename
    for at, end in (("before", die), ("after", lambda *paths: (renamed(*paths), die()))):
        with monkeypatch.context() as patched:
            patched.setattr(os, "rename", end)
            killed(lambda at=at: start_scenario(tmp_path / at))
        (hidden,) = [name for name in names(tmp_path) if name.endswith(".partial")]
        assert names(tmp_path / hidden) == [ownership.MARK, *(["run"] if at == "before" else [])]
        if at == "before":
            start_scenario(tmp_path / at)
        else:
            with pytest.raises(ConfigurationError, match="exists already"):
                check_target(tmp_path / at, force=False)
        assert [name for name in names(tmp_path) if name.startswith(".")] == []
        assert names(tmp_path / at) == ["layout.csv", "scenario.yaml", "weather.csv"]


def redraw(run: Path) -> None:
    """Replace three figures of a run by others."""
    with figures_folder(run / FIGURES, False, run) as folder:
        for name in "abc":
            (folder / f"{name}.svg").write_text("new")


@pytest.mark.parametrize("moment", range(6))
def test_figures_that_are_killed_as_they_replace_those_of_a_run_leave_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    """Kills at each replacement of a file: the digests before, three figures, the digests after; and not at all."""
    run = a_run(tmp_path / "run")
    calls, replace = [], os.replace

    def replaced(*paths: object) -> None:
        if len(calls) == moment:
            die()
        calls.append(paths)
        replace(*paths)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", replaced)
        patched.setattr(Path, "replace", replaced)
        if moment < 5:
            killed(lambda: redraw(run))
        else:
            redraw(run)
            assert len(calls) == 5
    check_target(run, force=True)
    assert foreign_files(run) == []
    redraw(run)
    assert foreign_files(run) == []
    assert sorted(name for name in names(run) if name.startswith(".")) == []
    assert known_digests(run) == {f"{FIGURES}/{name}.svg": (file_digest(run / FIGURES / "a.svg"),) for name in "abc"}


def test_a_file_that_is_not_ours_stays_foreign_where_figures_are_forced_next_to_it(tmp_path: Path) -> None:
    run = a_run(tmp_path / "run")
    (run / FIGURES / "mine.svg").write_text("mine")
    with figures_folder(run / FIGURES, True, run) as folder:
        (folder / "a.svg").write_text("new")
    assert foreign_files(run) == [f"{FIGURES}/mine.svg"]
