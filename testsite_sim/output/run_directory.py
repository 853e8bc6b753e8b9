"""A run directory appears whole or not at all: written beside its place, flushed to disk, renamed."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from testsite_sim.errors import ConfigurationError

SUMMARY = "summary.json"
RESULTS = "results.nc"
SCENARIO = "scenario.yaml"
RUN = "run.json"
REPORT = "report.html"


def check_target(target: Path, force: bool) -> None:
    """Refuse a target that exists, or that cannot be made, before anything is computed.

    Raises
    ------
    ConfigurationError
        Saying what stands in the way and how to go on.
    """
    if target.is_symlink() or target.exists():
        if not force:
            raise ConfigurationError(f"{target}: exists already; choose another `-o`, or replace it with `--force`.")
        if not (target / SUMMARY).is_file() and (not target.is_dir() or any(target.iterdir())):
            raise ConfigurationError(
                f"{target}: is no run directory (it has no {SUMMARY}), so `--force` does not replace it; "
                "choose another `-o`."
            )
    parent = next(folder for folder in target.absolute().parents if folder.exists())
    if not parent.is_dir():
        raise ConfigurationError(f"{target}: {parent} is a file, not a folder; choose another `-o`.")
    if not os.access(parent, os.W_OK | os.X_OK):
        raise ConfigurationError(f"{target}: no permission to write in {parent}; choose another `-o`.")


class RunDirectory:
    """A folder that is being written; entering makes it, leaving without an error puts it in its place.

    Parameters
    ----------
    target : Path
        Where the finished folder will stand.
    force : bool
        Replace a run directory that stands there.

    Raises
    ------
    ConfigurationError
        When the target exists (without force) or cannot be written.
    """

    def __init__(self, target: Path, force: bool = False) -> None:
        check_target(target, force)
        self.target = target.absolute()
        self.force = force
        self.path = self.target

    def __enter__(self) -> "RunDirectory":
        try:
            self.target.parent.mkdir(parents=True, exist_ok=True)
            folder = tempfile.mkdtemp(prefix=f".{self.target.name}.", suffix=".partial", dir=self.target.parent)
        except OSError as error:
            raise ConfigurationError(f"{self.target}: cannot be written ({error.strerror}).") from error
        self.path = Path(folder)
        self.path.chmod(0o755)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._publish()
        finally:
            shutil.rmtree(self.path, ignore_errors=True)
        if isinstance(error, OSError) and error.strerror:
            raise ConfigurationError(f"{self.target}: cannot be written ({error.strerror}).") from error

    def write_text(self, name: str, text: str) -> None:
        """Write one file of the folder."""
        (self.path / name).write_text(text, encoding="utf-8", newline="\n")

    def write_json(self, name: str, content: Mapping[str, Any]) -> None:
        """Write one JSON file of the folder; numbers that are not finite are errors."""
        self.write_text(name, json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n")

    def digest(self, name: str) -> str:
        """Return the SHA-256 digest of one file of the folder."""
        return file_digest(self.path / name)

    def _publish(self) -> None:
        """Flush every file, then swap the folder into its place."""
        for path in [*self.path.rglob("*"), self.path]:
            flush(path)
        if self.force and self.target.exists():
            old = Path(tempfile.mkdtemp(prefix=f".{self.target.name}.", suffix=".old", dir=self.target.parent))
            os.replace(self.target, old / "run")
            os.replace(self.path, self.target)
            shutil.rmtree(old, ignore_errors=True)
        else:
            if self.target.exists():
                raise ConfigurationError(f"{self.target}: has appeared meanwhile; choose another `-o`.")
            os.rename(self.path, self.target)
        flush(self.target.parent)


def file_digest(path: Path) -> str:
    """Return the SHA-256 digest of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def file_of_run(folder: Path, name: str) -> Path:
    """Return a file of a run directory.

    Raises
    ------
    ConfigurationError
        When it is not there, since the folder is then no run directory.
    """
    path = folder / name
    if not path.is_file():
        raise ConfigurationError(f"{folder}: is no run directory (it has no {name}); name the folder of a run.")
    return path


def read_summary(folder: Path) -> dict[str, dict[str, Any]]:
    """Read the summary of a run directory.

    Raises
    ------
    ConfigurationError
        When the folder is no run directory, or its summary cannot be read.
    """
    path = file_of_run(folder, SUMMARY)
    try:
        summary: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{path}: cannot be read as JSON ({error}).") from error
    return summary


def value_text(value: float | None, units: str = "") -> str:
    """Return a value of a summary as text, to six figures; a calendar year without a separator."""
    if value is None:
        return "none"
    return f"{value:.6g}" if units == "year" else f"{value:,.6g}"


def units_text(units: str) -> str:
    """Return the units of a value of a summary as text, none for a plain number."""
    return "" if units == "1" else units


def flush(path: Path) -> None:
    """Flush a file or folder to disk, where the system can."""
    if path.is_dir() and os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
