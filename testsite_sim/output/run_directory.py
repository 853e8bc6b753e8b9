"""A run directory appears whole or not at all: written next to its place, flushed to disk, renamed."""

import errno
import json
import math
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.holding import remove_marked
from testsite_sim.common.temporary import clear_temporary_folders
from testsite_sim.common.user_warnings import warn_user
from testsite_sim.output.ownership import (
    INNER,
    RUN,
    all_files,
    clear_leftover_files,
    clear_leftovers,
    file_digest,
    folder_next_to,
    foreign_files,
    named,
)
from testsite_sim.output.phrases import ENGLISH

SUMMARY = "summary.json"
RESULTS = "results.nc"
SCENARIO = "scenario.yaml"
REPORT = "report.html"
FIGURES = "figures"
LARGEST_JSON = 64 * 1024**2  # [byte]
LONGEST_NUMBER = 40  # digits of a whole number, as in YAML
LARGEST_SCENARIO = 1_000_000  # [byte], as of every configuration file
FLUSHES = 8  # at once: they wait for the disk, which settles several together
# Reasons of the system for which a folder cannot be written, whatever file it names.
_OF_DISKS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO)


def check_target(target: Path, force: bool) -> None:
    """Refuse a target that exists, or that cannot be made, before anything is computed.

    Raises
    ------
    ConfigurationError
        Saying what stands in the way and how to go on.
    """
    try:
        clear_temporary_folders()
        clear_leftovers(target.absolute())
        with suppress(FileNotFoundError, NotADirectoryError):
            target.lstat()  # of a name that is too long it is not known whether it exists
        if os.path.lexists(target):
            if not force:
                way = ", or replace it with `force=True`" if _is_replaceable(target) else ""
                raise ConfigurationError(f"{target}: exists already; choose another folder{way}.")
            _check_replaceable(target)
        check_parent(target)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        reason = getattr(error, "strerror", None) or "no file can have this name"
        raise ConfigurationError(f"{target}: cannot be written ({reason}); choose another folder.") from error


def _is_replaceable(target: Path) -> bool:
    """Return whether `force=True` would replace what stands there."""
    try:
        _check_replaceable(target)
    except ConfigurationError:
        return False
    return True


def _check_replaceable(target: Path) -> None:
    """Refuse to replace what is not wholly the work of a run."""
    if target.is_symlink() or not target.is_dir():
        kind = "a link" if target.is_symlink() else "a file"
        raise ConfigurationError(f"{target}: is {kind}, which `force=True` does not replace; choose another folder.")
    if not any(target.iterdir()):
        return
    clear_leftovers(target.absolute() / FIGURES)
    clear_leftover_files(target)
    foreign = foreign_files(target)
    if foreign is None:
        raise ConfigurationError(
            f"{target}: is not a run directory (it has no {RUN} of a run), so `force=True` does not replace it; "
            "choose another folder."
        )
    if foreign:
        raise ConfigurationError(
            f"{target}: holds {named(foreign)}, which the run did not write, or which was changed since, so "
            "`force=True` does not replace it; move that elsewhere, or choose another folder."
        )


def check_parent(target: Path) -> None:
    """Refuse a target that cannot be made.

    Raises
    ------
    ConfigurationError
        When a file stands where the folder belongs, or the folder cannot be written.
    """
    parent = next(folder for folder in target.absolute().parents if folder.exists())
    if not parent.is_dir():
        raise ConfigurationError(f"{target}: {parent} is a file, not a folder; choose another folder.")
    if not os.access(parent, os.W_OK | os.X_OK):
        raise ConfigurationError(f"{target}: no permission to write in {parent}; choose another folder.")


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
        self.path = self.target  # what is in `_outer` while the folder is written
        self._outer: Path | None = None  # next to the target; bears our mark, which never comes to the target
        self._held: int | None = None
        self._made: list[Path] = []  # folders above, which an error removes again

    def __enter__(self) -> "RunDirectory":
        try:
            self._made = [folder for folder in self.target.parents if not folder.exists()]
            self.target.parent.mkdir(parents=True, exist_ok=True)
            self._outer, self._held = folder_next_to(self.target, ".partial")
            self.path = self._outer / INNER
            self.path.mkdir()
            self.path.chmod(0o755)
        except OSError as error:
            self._clean()
            raise ConfigurationError(f"{self.target}: cannot be written ({error.strerror}).") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._publish()
        finally:
            self._clean()
        if error is not None and self._is_about_disk(error):
            assert isinstance(error, OSError)
            raise ConfigurationError(f"{self.target}: cannot be written ({error.strerror}).") from error

    def _is_about_disk(self, error: BaseException) -> bool:
        """Return whether an error says that this folder cannot be written; those of other files are not reported so."""
        if not isinstance(error, OSError) or not error.strerror:
            return False
        if isinstance(error.filename, str | os.PathLike):
            return Path(error.filename).is_relative_to(self._outer or self.path)
        return error.errno in _OF_DISKS

    def _clean(self) -> None:
        """Remove what is unfinished, and the folders above that were made for it alone."""
        if self._outer is not None:
            remove_marked(self._outer)
        if self._held is not None:
            os.close(self._held)
            self._held = None
        for folder in self._made:
            with suppress(OSError):  # holds something, such as the finished run, or was never made
                folder.rmdir()

    def write_text(self, name: str, text: str) -> None:
        """Write one file of the folder."""
        (self.path / name).write_text(text, encoding="utf-8", newline="\n")

    def write_json(self, name: str, content: Mapping[str, Any]) -> None:
        """Write one JSON file of the folder; numbers that are not finite are errors."""
        self.write_text(name, json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n")

    def digests(self) -> dict[str, str]:
        """Return the SHA-256 digest of every file of the folder, by its name."""
        return {name: file_digest(self.path / name) for name in all_files(self.path) if name != RUN}

    def _publish(self) -> None:
        """Flush every file, then swap the folder into its place."""
        try:
            flush_all([*self.path.rglob("*"), self.path])
        except OSError as error:
            raise ConfigurationError(f"{self.target}: cannot be written ({error.strerror}).") from error
        if self.force and os.path.lexists(self.target):
            _check_replaceable(self.target)  # again: hours may have passed
            old, held = folder_next_to(self.target, ".old")
            try:
                os.replace(self.target, old / INNER)
                os.replace(self.path, self.target)
                remove_marked(old)
            finally:
                if held is not None:
                    os.close(held)
        else:
            if os.path.lexists(self.target):
                raise ConfigurationError(f"{self.target}: has appeared meanwhile; choose another folder.")
            os.rename(self.path, self.target)
        try:
            flush(self.target.parent)
        except OSError as error:  # the run is whole, and in its place
            text = f"{self.target}: is written, but a loss of power now may lose it ({error.strerror})."
            warn_user(text)


def file_of_run(folder: Path, name: str) -> Path:
    """Return a file of a run directory.

    Raises
    ------
    ConfigurationError
        When it is not there, since the folder is then no run directory.
    """
    path = folder / name
    try:
        with suppress(FileNotFoundError, NotADirectoryError, ValueError):
            path.stat()  # of a folder that is not to be read `is_file` says False, from Python 3.14 on
        found = path.is_file()
    except OSError as error:
        raise ConfigurationError(f"{folder}: cannot be read ({error.strerror}).") from error
    if not found:
        raise ConfigurationError(f"{folder}: is not a run directory (it has no {name}); name the folder of a run.")
    return path


def read_summary(folder: Path) -> dict[str, dict[str, Any]]:
    """Read the summary of a run directory.

    Raises
    ------
    ConfigurationError
        When the folder is not a run directory, or its summary cannot be read.
    """
    path = file_of_run(folder, SUMMARY)
    summary = read_json(path)
    problem = _problem(summary)
    if problem:
        raise ConfigurationError(f"{path}: is not the summary of a run ({problem}).")
    return summary


def scenario_of_run(folder: Path) -> str:
    """Return the resolved scenario of a run as text; nothing where it has none."""
    path = folder / SCENARIO
    if not path.is_file():
        return ""
    with path.open("rb") as opened:
        return opened.read(LARGEST_SCENARIO).decode("utf-8", "replace")


def language_of_run(folder: Path) -> str:
    """Return the language of the report of a run: that of a study, as its resolved scenario states it; else English."""
    lines = scenario_of_run(folder).splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("language:")), ENGLISH)


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON file of a run directory.

    Raises
    ------
    ConfigurationError
        When it is not a mapping, too large, or cannot be read.
    """
    try:
        if path.stat().st_size > LARGEST_JSON:
            raise ConfigurationError(f"{path}: is larger than {LARGEST_JSON // 1024**2} MB; is it of a run?")
        text = path.read_text(encoding="utf-8")
        found = json.loads(text, parse_float=_finite, parse_int=_bounded, parse_constant=_finite)
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigurationError(f"{path}: cannot be read as JSON ({str(error)[:120]}).") from error
    if not isinstance(found, dict):
        raise ConfigurationError(f"{path}: is not of a run (expected a mapping, found {type(found).__name__}).")
    return found


def _finite(text: str) -> float:
    """Return a number of a JSON file, which no run writes infinite."""
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text[:40]} is not a finite number")
    return value


def _bounded(text: str) -> int:
    """Return a whole number of a JSON file, which no run writes longer."""
    if len(text) > LONGEST_NUMBER:
        raise ValueError(f"a whole number of {len(text)} digits")
    return int(text)


def _problem(summary: dict[str, Any]) -> str:
    """Return what keeps something from being a summary, nothing where it is one."""
    for name, entry in summary.items():
        if not isinstance(entry, dict):
            return f"expected value, units and description for {name!r}"
        value = entry.get("value", "")
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            return f"the value of {name!r} is not a number"
        for key in ("units", "description"):
            if not isinstance(entry.get(key, ""), str):
                return f"the {key} of {name!r} is not text"
    return ""


def flush_all(paths: Sequence[Path]) -> None:
    """Flush files and folders to disk side by side; all of them are when this returns.

    Raises
    ------
    OSError
        When one of them cannot be.
    """
    from concurrent.futures import ThreadPoolExecutor  # takes a while, and is not needed to answer `--help`

    try:
        with ThreadPoolExecutor(FLUSHES) as pool:
            list(pool.map(flush, paths))
    except RuntimeError:  # no more threads
        for path in paths:
            flush(path)


def flush(path: Path) -> None:
    """Flush a file or folder to disk, where the system can."""
    if path.is_dir() and os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
