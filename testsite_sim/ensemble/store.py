"""Finished members in a folder next to the run directory, kept until all are there.

The folder holds a database (`testsite_sim.ensemble.database`) and a lock, which the system releases when the process
that holds it ends, however it ends. One process writes.
"""

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from filelock import BaseFileLock, FileLock, Timeout
from numpy.typing import NDArray

from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.ensemble.database import BESIDE, DATABASE, NEW, Database, create, refuse_foreign, remove
from testsite_sim.output.ownership import named
from testsite_sim.output.run_directory import flush

LOCK = "lock"
TABLE = "values.new"  # of members that do not fit in memory
LARGEST_IN_MEMORY = 2**29  # of the table of the members [byte]; a larger one is a file that the system may swap out
_OURS = {LOCK, TABLE, *(DATABASE + new + end for new in ("", NEW) for end in ("", *BESIDE))}


@dataclass(frozen=True)
class Finished:
    """What is left of a run: its figures in the order of the outputs, NaN where there is none, and kept series."""

    number: int
    values: NDArray[np.float64]
    series: dict[str, NDArray[np.float64]]


Rows = NDArray[np.float64]


class Store:
    """The folder of an unfinished ensemble, held by this process.

    Parameters
    ----------
    folder : Path
        It is made where it is missing.
    cases : int
        How many there will be.

    Raises
    ------
    ConfigurationError
        When another process holds the folder, or it cannot be made.
    """

    def __init__(self, folder: Path, cases: int) -> None:
        self.folder, self.cases = folder, cases
        self.done = np.zeros(cases, np.bool_)
        self.values: Rows = np.empty((0, 0))
        self._lock = FileLock(folder / LOCK)
        self._database: Database | None = None

    def __enter__(self) -> "Store":
        _refuse_foreign(self.folder)
        _take(self._lock, self.folder)
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._close()
        finally:
            self._lock.release()

    @property
    def database(self) -> Database:
        """Return the database of an ensemble that is begun."""
        assert self._database is not None, "the ensemble is not begun"
        return self._database

    def read_header(self) -> dict[str, Any] | None:
        """Return what the folder says of its ensemble, None where nothing is begun.

        Raises
        ------
        DataError
            When the database is foreign, of another format, or damaged.
        OSError
            When it cannot be read or written.
        """
        path = self.folder / DATABASE
        if self._database is None and path.exists():
            self._database = Database(path)
        return None if self._database is None else self._database.header

    def begin(self, header: Mapping[str, Any]) -> None:
        """Begin an ensemble: a database without members, and their table.

        Parameters
        ----------
        header : mapping
            `identity`, `outputs` (one for each figure of a member), `series` (units and meaning of each that is kept).
        """
        create(self.folder / DATABASE, header)
        self.recover()

    def recover(self) -> None:
        """Read the members of a database that was begun; `done` and `values` have them then.

        Raises
        ------
        DataError
            When a row is not as it was written, or a member lacks a series.
        """
        self.read_header()
        self._make_table(len(self.database.header["outputs"]))
        self.database.check_series()
        for number, values in self.database.members():
            if number < self.cases:
                self.done[number], self.values[number] = True, values

    def _make_table(self, outputs: int) -> None:
        """Make the table of all members, (case, output); on disk where it would be large."""
        shape = (self.cases, outputs)
        if 8 * self.cases * outputs <= LARGEST_IN_MEMORY:
            self.values = np.empty(shape)
            return
        path = self.folder / TABLE
        self.values = np.memmap(path, np.float64, "w+", shape=shape)
        path.unlink()

    def append(self, finished: Sequence[Finished]) -> None:
        """Put members on disk; when this returns they survive power loss.

        Raises
        ------
        DataError
            When a member that is on disk comes again with other figures.
        OSError
            When the disk is full or fails; what was there before is still whole.
        """
        new = []
        for member in finished:
            if not self.done[member.number]:
                new.append(member)
            elif self.values[member.number].tobytes() != member.values.tobytes():
                raise DataError(f"{self.folder}: run {member.number} was repeated and gave other figures.")
        self.database.insert([(member.number, member.values, member.series) for member in new])
        for member in new:
            self.done[member.number], self.values[member.number] = True, member.values

    def series(self, number: int) -> dict[str, NDArray[np.float64]]:
        """Return the kept series of a member by `step/variable`."""
        return self.database.series(number)

    def clear(self) -> None:
        """Remove what an earlier ensemble left, but not a file that none wrote.

        Raises
        ------
        DataError
            When the database is foreign.
        """
        self._close()
        path = self.folder / DATABASE
        if path.exists():
            refuse_foreign(path)
        remove(path)
        flush(self.folder)
        for name in _OURS - {LOCK}:
            (self.folder / name).unlink(missing_ok=True)

    def remove(self) -> None:
        """Remove the folder of an ensemble that is finished."""
        self._close()
        remove_store(self.folder)

    def _close(self) -> None:
        """Close the database."""
        if self._database is not None:
            self._database.close()
            self._database = None


def remove_store(folder: Path) -> None:
    """Remove what a store wrote, and the folder where nothing else is left in it."""
    with suppress(OSError, DataError):
        if (folder / DATABASE).exists():
            refuse_foreign(folder / DATABASE)
        remove(folder / DATABASE)
        for path in folder.iterdir():
            if _is_ours(path):
                path.unlink(missing_ok=True)
        folder.rmdir()


def _take(lock: BaseFileLock, folder: Path) -> None:
    """Take the lock of a folder."""
    while not lock.is_locked:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock.acquire(blocking=False)
        except Timeout as error:
            raise ConfigurationError(
                f"{folder}: another process runs this ensemble; wait for it, or choose another folder."
            ) from error
        except FileNotFoundError:
            continue  # the process that held it has just finished and removed the folder
        except OSError as error:
            raise ConfigurationError(f"{folder}: cannot be written ({error.strerror}).") from error


def _is_ours(path: Path) -> bool:
    """Return whether a file of the folder is one that a store writes, by its name."""
    return path.name in _OURS and path.is_file() and not path.is_symlink()


def _refuse_foreign(folder: Path) -> None:
    """Refuse a folder that holds what no store writes: it is somebody's own."""
    try:
        foreign = sorted(path.name for path in folder.iterdir() if not _is_ours(path)) if folder.is_dir() else []
        in_the_way = os.path.lexists(folder) and not folder.is_dir()
    except OSError as error:
        raise ConfigurationError(f"{folder}: cannot be read ({error.strerror}).") from error
    if in_the_way:
        raise ConfigurationError(
            f"{folder}: is a file, and the members of the ensemble go there; choose another folder."
        )
    if foreign:
        raise ConfigurationError(
            f"{folder}: holds {named(foreign)}, which no ensemble wrote, and its members go there; move that, "
            "or choose another folder."
        )
