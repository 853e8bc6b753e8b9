"""A call of the system that fails where a file is written leaves all or nothing (all calls: tools/inject_faults.py)."""

import errno
import os
import threading
from pathlib import Path

import pytest

from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.common.temporary import temporary_folder
from testsite_sim.output import RunDirectory, run_directory
from testsite_sim.output.files import write_whole
from testsite_sim.weather import open_record, record

FAILS = OSError(errno.EIO, os.strerror(errno.EIO))


def fail(*_: object, **__: object) -> None:
    raise FAILS


def test_a_file_that_is_in_its_place_is_written_whatever_cannot_be_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "unlink", fail)
    write_whole(tmp_path / "a", b"content")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"content"]


def test_a_file_that_cannot_be_renamed_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="Input"):
        write_whole(tmp_path / "a", b"content")
    assert list(tmp_path.iterdir()) == []


def test_a_run_directory_whose_mark_cannot_be_made_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "touch", fail)
    with pytest.raises(ConfigurationError, match="cannot be written"), RunDirectory(tmp_path / "run"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_run_in_its_place_stays_where_the_folder_above_cannot_be_flushed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flush = run_directory.flush
    monkeypatch.setattr(run_directory, "flush", lambda path: fail() if path == tmp_path else flush(path))
    with pytest.warns(UserWarning, match="loss of power"), RunDirectory(tmp_path / "run") as folder:
        folder.write_text("a", "b")
    assert (tmp_path / "run" / "a").read_text() == "b"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize("place", range(4))
def test_a_run_of_which_one_file_cannot_be_flushed_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    flush, names = run_directory.flush, ["a", "b", "deep", "c"]
    monkeypatch.setattr(run_directory, "flush", lambda path: fail() if path.name == names[place] else flush(path))
    with pytest.raises(ConfigurationError, match="cannot be written"), RunDirectory(tmp_path / "run") as folder:  # noqa: PT012
        (folder.path / "deep").mkdir()
        for name in ("a", "b", "deep/c"):
            folder.write_text(name, "text")
    assert list(tmp_path.iterdir()) == []


def test_all_is_flushed_where_there_are_no_more_threads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_thread(_: object) -> None:
        raise RuntimeError("can't start new thread")

    flushed: set[Path] = set()
    monkeypatch.setattr(threading.Thread, "start", no_thread)
    monkeypatch.setattr(run_directory, "flush", flushed.add)
    paths = [tmp_path / str(k) for k in range(20)]
    run_directory.flush_all(paths)
    assert flushed == set(paths)


def test_a_temporary_folder_that_cannot_be_removed_is_no_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with temporary_folder() as folder:
        (folder / "a").touch()
        monkeypatch.setattr(os, "unlink", fail)
    monkeypatch.undo()
    with temporary_folder() as folder:
        pass
    assert not folder.exists()


def test_a_packaged_record_that_cannot_be_read_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    name = "hollandse-kust-noord-2023"
    content = record.record_path(name).read_bytes()
    (tmp_path / "cut.nc").write_bytes(content[: len(content) // 2])
    monkeypatch.setattr(record, "record_path", lambda _: tmp_path / "cut.nc")
    with pytest.raises(DataError, match="cannot be read") as refusal:
        open_record(name)
    assert len(str(refusal.value).splitlines()) == 1
