"""Old folders of compiled kernels are removed: neither the newest, nor recent ones, nor one that a process holds."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from testsite_kernels.compiling import cache_pruning
from testsite_kernels.compiling.cache_pruning import RECENT, USED, hold, prune
from testsite_kernels.compiling.kernel_cache import KEY, _own_folder
from testsite_kernels.compiling.signed_cache import read_signed, write_signed

pytestmark = pytest.mark.skipif(cache_pruning.fcntl is None, reason="this system has no locks, and nothing is removed")
NAMES = [f"{number:020x}" for number in range(6)]
HOLD = """
import sys
from pathlib import Path
from testsite_kernels.compiling.cache_pruning import hold
hold(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def folders(root: Path, days_ago: float = 10.0) -> list[Path]:
    """Return folders of kernels, each used a day before the one after it, the last a number of days ago."""
    made = []
    for number, name in enumerate(NAMES):
        folder = root / name
        folder.mkdir(parents=True)
        (folder / "a.kernel").write_bytes(b"code")
        (folder / USED).touch()
        moment = time.time() - (days_ago + len(NAMES) - number) * 86_400.0
        os.utime(folder / USED, (moment, moment))
        made.append(folder)
    return made


def test_the_three_that_were_used_last_are_kept(tmp_path: Path) -> None:
    folders(tmp_path)
    assert sorted(prune(tmp_path)) == NAMES[:3]
    assert sorted(each.name for each in tmp_path.iterdir()) == NAMES[3:]
    assert prune(tmp_path) == []


def test_a_folder_of_the_last_day_is_kept(tmp_path: Path) -> None:
    folders(tmp_path, days_ago=-3.5)  # two and a half days ago to the future of a wrong clock
    kept = [name for name in NAMES if (tmp_path / name / USED).stat().st_mtime > time.time() - RECENT]
    prune(tmp_path, newest=0)
    assert sorted(each.name for each in tmp_path.iterdir()) == kept
    assert 0 < len(kept) < len(NAMES)


def test_a_folder_that_another_process_holds_is_not_touched(tmp_path: Path) -> None:
    oldest = folders(tmp_path)[0]
    moment = oldest.joinpath(USED).stat().st_mtime
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry)}
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(oldest)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        assert oldest.joinpath(USED).stat().st_mtime > moment  # its use was noted
        os.utime(oldest / USED, (moment, moment))
        assert sorted(prune(tmp_path)) == NAMES[1:3]
        assert (oldest / "a.kernel").read_bytes() == b"code"
        process.communicate()
    assert prune(tmp_path) == NAMES[:1]


def test_what_is_not_a_folder_of_kernels_is_left_alone(tmp_path: Path) -> None:
    folders(tmp_path / "kernels")
    for name in ("notes", "f" * 20, NAMES[0] + ".txt"):  # the second without a note of its use
        (tmp_path / "kernels" / name).mkdir()
    (tmp_path / "kernels" / ("e" * 20)).symlink_to(tmp_path)
    (tmp_path / USED).touch()
    os.utime(tmp_path / USED, (0.0, 0.0))
    prune(tmp_path / "kernels")
    left = {each.name for each in (tmp_path / "kernels").iterdir()}
    assert left == {*NAMES[3:], "notes", "f" * 20, NAMES[0] + ".txt", "e" * 20}
    assert (tmp_path / USED).exists()


def test_a_new_version_of_the_kernels_removes_what_is_old_and_keeps_its_own(tmp_path: Path) -> None:
    folders(tmp_path / "kernels")
    own = _own_folder(tmp_path / "kernels" / ("a" * 20))
    write_signed(own, "a", b"content")
    assert sorted(each.name for each in (tmp_path / "kernels").iterdir()) == [*NAMES[4:], "a" * 20]
    assert own.held is not None
    assert {USED, KEY, "a"} == {each.name for each in own.path.iterdir()}
    assert read_signed(own, "a") == b"content"


def test_a_removal_that_was_broken_off_is_finished(tmp_path: Path) -> None:
    left = tmp_path / f"{NAMES[0]}.removed.123"
    left.mkdir()
    (left / "a.kernel").touch()
    prune(tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_vanishes_while_it_is_taken_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, attempts = tmp_path / "kernels" / ("a" * 20), []

    def first_removed(folder: Path) -> int | None:
        attempts.append(folder)
        if len(attempts) == 1:
            folder.rename(tmp_path / "aside")
        return hold(folder)

    monkeypatch.setattr("testsite_kernels.compiling.kernel_cache.hold", first_removed)
    found = _own_folder(path)
    assert len(attempts) == 2
    assert found.path.is_dir()
    assert found.held is not None
