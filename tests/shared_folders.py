"""Folders that are made once in a session of tests, for all its processes, and that no test may change."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import pytest
from filelock import FileLock

from testsite_sim.cli import main

READ_ONLY, WRITABLE = 0o222, 0o200


def _everything(folder: Path) -> list[Path]:
    return [folder, *sorted(folder.rglob("*"))]


def digest_of(folder: Path) -> str:
    """Return a digest of the names and contents of all that a folder holds."""
    found = hashlib.sha256()
    for path in _everything(folder):
        found.update(path.relative_to(folder).as_posix().encode() + b"\0")
        if path.is_file():
            found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def copy_of(folder: Path, to: Path) -> Path:
    """Return a copy of a shared folder that a test may change."""
    shutil.copytree(folder, to)
    for path in _everything(to):
        path.chmod(path.stat().st_mode | WRITABLE)
    return to


class SharedFolders:
    """Folders by name, each made by the process that asks for it first, while the others wait for it."""

    def __init__(self, root: Path) -> None:
        self._root, self._given = root, dict[str, Path]()
        root.mkdir(exist_ok=True)

    def get(self, name: str, make: Callable[[Path], object]) -> Path:
        """Return a folder, read-only; `make` is given the path that it is to fill."""
        folder, digest = self._root / name / "folder", self._root / name / "digest"
        with FileLock(self._root / f"{name}.lock"):
            if not digest.exists():
                shutil.rmtree(folder.parent, ignore_errors=True)  # of a process that ended while it made it
                folder.parent.mkdir()
                make(folder)
                for path in _everything(folder):
                    path.chmod(path.stat().st_mode & ~READ_ONLY)
                digest.write_text(digest_of(folder))
        self._given[name] = folder
        return folder

    def check(self) -> None:
        """Fail if a folder that was given out is not what it was: read-only holds no process of root back."""
        for name, folder in self._given.items():
            assert digest_of(folder) == (folder.parent / "digest").read_text(), f"a test changed the folder {name}"


def shared_root(factory: pytest.TempPathFactory) -> Path:
    """Return the folder that all processes of a session share: that of pytest-xdist stands above those of each."""
    own = factory.getbasetemp()
    return (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "shared"


def run_name(scenario: str, overrides: Sequence[str], *, pictures: bool) -> str:
    """Return the name of the folder of a run: that of its scenario, and a digest of all that makes it."""
    text = json.dumps([scenario, list(overrides), pictures])
    return f"{scenario.replace('/', '.')}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


class ShippedRun(Protocol):
    """Gives the run directory of a shipped scenario with overrides `a.b=VALUE`, as the command line writes it."""

    def __call__(self, scenario: str, *overrides: str, pictures: bool = False) -> Path:
        """Return the folder, read-only; its figures are pictures only if a test looks at them."""


def shipped_run_of(folders: SharedFolders) -> ShippedRun:
    """Return what gives run directories that are made once in a session."""

    def run(scenario: str, *overrides: str, pictures: bool = False) -> Path:
        def make(path: Path) -> None:
            from tests.unprinted import printed, unprinted  # matplotlib, which who shares other folders does not need

            with printed() if pictures else unprinted():
                main(["run", scenario, "-o", str(path), *(part for each in overrides for part in ("--set", each))])

        return folders.get(run_name(scenario, overrides, pictures=pictures), make)

    return run
