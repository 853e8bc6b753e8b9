"""Kernels that were installed with the program: used where they fit, never otherwise, and compiled anew where not."""

import os
import pickle
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from testsite_kernels.compiling import installed_kernels
from testsite_kernels.compiling.installed_kernels import NO_KEY, PACKAGE
from testsite_kernels.compiling.kernel_cache import COMPILING, KernelFolder, _own_folder
from testsite_kernels.compiling.signed_cache import write_signed

from tests.kernels.two_kernels import called, posix
from testsite_sim.cases.compiling_for_installation import write_package

root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")


def run(place: Path, **environment: str) -> list[str]:
    """Run the kernel in a process of its own, with a cache in `place`; return the lines that it prints."""
    printed, error = called(place, [place / "sources", place / "site"], str(place / "cache"), place.parent, environment)
    assert not error
    return printed.split("\n")[:-1]


@pytest.fixture(scope="module")
def environment(two_kernels: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the sources of two kernels, and a site where they are installed as they were compiled."""
    place = tmp_path_factory.mktemp("environment")
    shutil.copytree(two_kernels, place / "sources")
    assert run(place) == [COMPILING, "6.0"]
    (made,) = (place / "cache" / "kernels").iterdir()
    write_package(place / "site" / PACKAGE, _own_folder(made), None)
    shutil.rmtree(place / "cache")
    for path in (place / "site").rglob("*.kernel"):
        path.chmod(0o644)  # as an installer writes it
    return place


@pytest.fixture
def place(environment: Path, tmp_path: Path) -> Path:
    """Return a copy of it, whose cache is empty."""
    shutil.copytree(environment, tmp_path / "copy")
    return tmp_path / "copy"


def installed(place: Path) -> list[Path]:
    return sorted((place / "site").rglob("*.kernel"))


def compiled(place: Path) -> list[str]:
    return sorted(path.name for path in (place / "cache").rglob("*.kernel"))


def test_installed_kernels_are_used_and_nothing_is_written(place: Path) -> None:
    assert len(installed(place)) == 2
    before = {path: path.read_bytes() for path in installed(place)}
    assert run(place) == ["6.0"]
    assert not (place / "cache").exists()
    assert {path: path.read_bytes() for path in installed(place)} == before


def test_those_of_another_processor_are_not_used(place: Path) -> None:
    assert run(place, NUMBA_CPU_NAME="generic", NUMBA_CPU_FEATURES="") == [COMPILING, "6.0"]
    assert len(compiled(place)) == 2
    assert not set(compiled(place)) & {path.name for path in installed(place)}


def test_an_edited_kernel_is_seen(place: Path) -> None:
    callee = place / "sources" / "testsite_kernels" / "callee.py"
    callee.write_text(callee.read_text(encoding="utf-8").replace("2.0", "5.0"), encoding="utf-8")
    assert run(place) == [COMPILING, "15.0"]


def test_those_of_other_versions_are_not_used(place: Path) -> None:
    (folder,) = (path for path in (place / "site" / PACKAGE).iterdir() if path.is_dir())
    folder.rename(folder.with_name("f" * 20))
    assert run(place) == [COMPILING, "6.0"]


def test_what_is_missing_is_compiled_into_the_cache_of_the_user(place: Path) -> None:
    caller = next(path for path in installed(place) if path.name.startswith("caller"))
    caller.unlink()
    assert run(place) == [COMPILING, "6.0"]
    assert compiled(place) == [caller.name]
    assert not caller.exists()
    assert run(place) == ["6.0"]


class Harmful:
    """Unpickled, this makes a file."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self):
        return Path.touch, (Path(self.path),)


@pytest.mark.parametrize(
    "damage",
    [
        lambda content, other: b"",
        lambda content, other: content[:-1],
        lambda content, other: content[:31],
        lambda content, other: content[:90] + bytes([content[90] ^ 1]) + content[91:],
        lambda content, other: bytes([content[0] ^ 1]) + content[1:],
        lambda content, other: other,
    ],
)
def test_damaged_or_exchanged_files_are_compiled_again(place: Path, damage: Callable[[bytes, bytes], bytes]) -> None:
    first, second = (path.read_bytes() for path in installed(place))
    for path, content in zip(installed(place), (damage(first, second), damage(second, first)), strict=True):
        path.write_bytes(content)
    assert run(place) == [COMPILING, "6.0"]
    assert len(compiled(place)) == 2


@posix
def test_a_pipe_in_place_of_a_file_is_not_waited_for(place: Path) -> None:
    for path in installed(place):
        path.unlink()
        os.mkfifo(path, 0o644)
    assert run(place) == [COMPILING, "6.0"]
    for path in (place / "cache").rglob("*.kernel"):
        path.unlink()
        os.mkfifo(path, 0o600)
    assert run(place) == [COMPILING, "6.0"]
    assert run(place) == ["6.0"]


def make_harmful(path: Path, trap: Path) -> None:
    write_signed(KernelFolder(path.parent, NO_KEY), path.name, pickle.dumps((0, Harmful(str(trap)))))


@posix
@pytest.mark.parametrize("mode", [0o646, 0o666])
def test_what_others_can_write_is_not_read(place: Path, mode: int) -> None:
    for path in installed(place):
        make_harmful(path, place / "executed")
        path.chmod(mode)
    assert run(place) == [COMPILING, "6.0"]
    assert not (place / "executed").exists()


@posix
@root
def test_what_another_user_wrote_is_not_read(place: Path) -> None:
    for path in installed(place):
        make_harmful(path, place / "executed")
        path.chmod(0o644)
        os.chown(path, 12345, 12345)
    assert run(place) == [COMPILING, "6.0"]
    assert not (place / "executed").exists()


@posix
def test_those_of_who_installed_the_sources_are_used_by_another_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch(0o644)
    about, source = (tmp_path / "file").stat(), Path(installed_kernels.__file__).stat()
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    for owner, trusted in ((0, True), (source.st_uid, True), (12345, True), (12346, False)):
        fields = list(about)
        fields[stat.ST_UID] = owner
        assert installed_kernels._as_trusted_as_python(os.stat_result(fields)) is trusted


@posix
def test_a_group_that_can_write_the_sources_can_write_the_kernels(place: Path) -> None:
    """As an installer does for users whose files belong to a group of their own (umask 002)."""
    source = place / "sources" / "testsite_kernels" / "compiling" / "installed_kernels.py"
    for path in installed(place):
        path.chmod(0o664)
    assert run(place) == [COMPILING, "6.0"]
    shutil.rmtree(place / "cache")
    source.chmod(0o664)
    assert run(place) == ["6.0"]
