"""Compiled kernels on disk: an edit is seen, only what this user wrote is read, and compiling is announced."""

import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from testsite_kernels.compiling.cache_pruning import USED
from testsite_kernels.compiling.kernel_cache import COMPILING, KEY, KernelFolder, _own_folder, cache_directory
from testsite_kernels.compiling.signed_cache import read_signed, write_signed

import testsite_sim
from tests.kernels.two_kernels import called, posix

ROOT = Path(testsite_sim.__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def compiled(two_kernels: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with two kernels of two files, and their cache."""
    folder = tmp_path_factory.mktemp("compiled") / "copy"
    shutil.copytree(two_kernels, folder)
    assert run(folder) == [COMPILING, "6.0"]
    return folder


@pytest.fixture
def copy(compiled: Path, tmp_path: Path) -> Path:
    """Return a copy of that folder."""
    shutil.copytree(compiled, tmp_path / "copy")
    (tmp_path / "copy" / "cache").chmod(0o700)
    return tmp_path / "copy"


def edit(folder: Path, factor: float) -> None:
    start = "from testsite_kernels.numerics.compile_options import kernel"
    text = f"{start}\n\n\n@kernel\ndef factor():\n    return {factor}\n"
    (folder / "testsite_kernels" / "callee.py").write_text(text, encoding="utf-8")


def run(folder: Path, cache: str = "", expected_warning: str = "", **environment: str) -> list[str]:
    """Run the kernel in a process of its own; return the lines that it prints."""
    printed, error = called(folder, [folder], cache or str(folder / "cache"), folder.parent, environment)
    assert (expected_warning in error) if expected_warning else not error
    return printed.split("\n")[:-1]


def kept(folder: Path) -> list[Path]:
    return sorted((folder / "cache").rglob("*.kernel"))


def test_an_edited_callee_is_seen_by_a_cached_caller(copy: Path) -> None:
    assert run(copy) == ["6.0"]
    edit(copy, 5.0)
    assert run(copy) == [COMPILING, "15.0"]
    assert len(list((copy / "cache" / "kernels").iterdir())) == 2


class Harmful:
    """Unpickled, this makes a file."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self):
        return Path.touch, (Path(self.path),)


COMPILE_ANOTHER = """
import llvmlite.binding as llvm
parsed, parse = [], llvm.parse_bitcode
llvm.parse_bitcode = lambda *given: (parsed.append(1), parse(*given))[1]
from numba import njit
from testsite_kernels.caller import doubled
print(doubled(3.0), len(parsed), doubled.overloads[doubled.signatures[0]].entry_point is not None)
print(njit(lambda x: doubled(x) + 1.0)(3.0), len(parsed) > 0)
print(doubled(4.0), doubled.inspect_llvm(doubled.signatures[0]) is not None)
"""


def test_the_bitcode_of_a_kept_kernel_is_parsed_where_another_is_compiled_with_it(copy: Path) -> None:
    own = os.environ | {"PYTHONPATH": str(copy), "TESTSITE_SIM_CACHE": str(copy / "cache")}
    code = [sys.executable, "-c", COMPILE_ANOTHER]
    done = subprocess.run(code, capture_output=True, text=True, env=own, cwd=copy, check=True)
    assert "Inspection disabled" in done.stderr
    first, compiled, again = done.stdout.split("\n")[:-1]
    assert first == "6.0 0 True"
    assert compiled == "7.0 True"
    assert again == "8.0 True"


@pytest.mark.parametrize("exchange", [False, True])
def test_a_damaged_or_foreign_file_is_compiled_again_and_never_executed(copy: Path, exchange: bool) -> None:
    trap, contents = copy / "executed", [path.read_bytes() for path in kept(copy)]
    harmful = pickle.dumps((0, Harmful(str(trap))))
    replaced = reversed(contents) if exchange else (harmful, contents[1][:32] + harmful)
    for path, content in zip(kept(copy), replaced, strict=True):
        path.write_bytes(content)
    assert run(copy) == [COMPILING, "6.0"]
    assert not trap.exists()
    assert len(kept(copy)) == 2
    assert not [path for path in kept(copy) if harmful in path.read_bytes()]


@posix
def test_what_others_could_write_is_not_used_nor_a_damaged_key(tmp_path: Path) -> None:
    first = _own_folder(tmp_path / "cache")
    write_signed(first, "a", b"content")
    assert _own_folder(tmp_path / "cache") == first
    first.path.chmod(0o777)
    second = _own_folder(tmp_path / "cache")
    assert first.path.stat().st_mode & 0o777 == 0o700
    (first.path / KEY).chmod(0o644)
    third = _own_folder(tmp_path / "cache")
    keys = {first.key, second.key, third.key}
    for damaged in (b"", b"short", bytes(33)):
        (first.path / KEY).write_bytes(damaged)
        keys.add(_own_folder(tmp_path / "cache").key)
    (first.path / KEY).unlink()
    (first.path / KEY).symlink_to("/etc/hostname")
    keys.add(_own_folder(tmp_path / "cache").key)
    assert len(keys) == 7
    assert read_signed(_own_folder(tmp_path / "cache"), "a") is None
    assert sorted(path.name for path in first.path.iterdir()) == ["a", KEY, USED]


@posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
def test_the_folder_of_another_user_is_not_used(copy: Path) -> None:
    (key,) = (copy / "cache").rglob(KEY)
    os.chown(key.parent, 12345, 12345)
    before = [path.read_bytes() for path in kept(copy)]
    assert run(copy, expected_warning="belongs to another user") == [COMPILING, "6.0"]
    assert [path.read_bytes() for path in kept(copy)] == before


def test_an_unwritable_cache_is_a_private_temporary_one_and_a_warning(copy: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "scratch").mkdir()
    place = str(tmp_path / "file")
    lines = run(copy, place, "kept until the end of this run only", TMPDIR=str(tmp_path / "scratch"))
    assert lines == [COMPILING, "6.0"]
    assert list((tmp_path / "scratch").iterdir()) == []
    assert not list((copy / "testsite_kernels").rglob("*.nb?"))  # numba's own way out, which misses edits


def test_the_cache_of_numba_is_taken_where_a_user_names_one(copy: Path) -> None:
    place = copy / "numba"
    own = {"NUMBA_CACHE_DIR": str(place), "TESTSITE_SIM_CACHE": ""}
    assert run(copy, **own) == [COMPILING, "6.0"]
    edit(copy, 7.0)
    assert run(copy, **own) == [COMPILING, "21.0"]


@pytest.mark.skipif(sys.platform != "linux", reason="the user's cache folder is that of Linux")
def test_without_a_choice_kernels_stand_in_the_users_cache_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TESTSITE_SIM_CACHE", "NUMBA_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_directory().parent == tmp_path / ".cache" / "testsite-sim" / "kernels"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "other"))
    assert cache_directory().parent == tmp_path / "other" / "testsite-sim" / "kernels"
    monkeypatch.setenv("TESTSITE_SIM_CACHE", str(tmp_path / "own"))
    assert cache_directory().parent == tmp_path / "own" / "kernels"


def test_compiling_is_announced_when_one_kernel_alone_is_missing(copy: Path) -> None:
    next(path for path in kept(copy) if "doubled" in path.name).unlink()
    assert run(copy) == [COMPILING, "6.0"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[:-1],
        lambda content: content[:31],
        lambda content: content + b"x",
        lambda content: b"\x00\xff" * 4000,
        lambda content: content[:40] + bytes([content[40] ^ 1]) + content[41:],
        lambda content: bytes([content[0] ^ 1]) + content[1:],
    ],
)
def test_a_file_that_was_changed_is_not_read(tmp_path: Path, damage) -> None:
    folder = _own_folder(tmp_path / "cache")
    write_signed(folder, "a", b"content of a kernel")
    assert read_signed(folder, "a") == b"content of a kernel"
    (folder.path / "a").write_bytes(damage((folder.path / "a").read_bytes()))
    assert read_signed(folder, "a") is None


def test_a_file_is_read_only_under_its_own_name_and_key(tmp_path: Path) -> None:
    folder = _own_folder(tmp_path / "cache")
    write_signed(folder, "a", b"content")
    assert read_signed(folder, "a") == b"content"
    (folder.path / "a").rename(folder.path / "b")
    assert read_signed(folder, "b") is None
    write_signed(folder, "a", b"")
    assert read_signed(folder, "a") == b""
    (folder.path / "d").mkdir()
    assert read_signed(folder, "d") is None
    assert read_signed(KernelFolder(folder.path, bytes(32)), "a") is None
    assert _own_folder(tmp_path / "cache") == folder


def test_generating_weather_announces_that_it_compiles(tmp_path, monkeypatch, capsys):
    from testsite_kernels.compiling.kernel_cache import announce_compiling

    from testsite_sim.chain import generated_records
    from testsite_sim.cli import main

    generate = generated_records.generate_of_climate

    def compiled_first(*args, **options):
        announce_compiling()
        return generate(*args, **options)

    monkeypatch.setattr(generated_records, "generate_of_climate", compiled_first)
    main(["weather", "generate", "westhinder", "--years", "1", "-o", str(tmp_path / "made.nc")])
    assert COMPILING in capsys.readouterr().out
