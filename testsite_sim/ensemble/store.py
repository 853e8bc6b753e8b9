"""Finished members on disk, in a folder that survives a kill at any byte.

Members are written in segments: small HDF5 files made in memory, written beside, flushed to disk, and renamed to a
name that holds the digest of their bytes. A file whose bytes do not have the digest of its name is no segment: it is
removed, and its members are run again. One process writes, and holds the lock of the folder.
"""

import hashlib
import io
import json
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from filelock import BaseFileLock, FileLock, Timeout
from numpy.typing import NDArray

from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.common.hdf5_safety import check_opened
from testsite_sim.output.ownership import named
from testsite_sim.output.run_directory import flush

HEADER = "ensemble.json"
LOCK = "lock"
MERGED_AT_ONCE = 64  # segments of a level that become one of the next: few files, and every member rewritten seldom
LARGEST_IN_MEMORY = 2**29  # of the table of the members [byte]; a larger one is a file that the system may swap out
_SEGMENT = re.compile(r"segment-(\d+)-(\d{8})-([0-9a-f]{32})\.h5")
_SERIES = re.compile(r"series-(\d{9})-([0-9a-f]{32})\.h5")
_UNFINISHED = re.compile(r"(ensemble\.json|values|(segment|series)-[0-9a-z-]+\.h5)\.new")
LARGEST_SEGMENT = 2**34  # [byte]
_DIGITS = 32  # of the digest that a name holds


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
        self.lock = FileLock(folder / LOCK)
        self.done = np.zeros(cases, np.bool_)
        self.values: Rows = np.empty((0, 0))
        self.removed = 0  # damaged files found
        self._segments: dict[int, list[Path]] = {}
        self._next = 0

    def __enter__(self) -> "Store":
        _refuse_foreign(self.folder)
        _take(self.lock, self.folder)
        return self

    def __exit__(self, *_: object) -> None:
        self.lock.release()

    def read_header(self) -> dict[str, Any] | None:
        """Return what the folder says of its ensemble, None where nothing is begun.

        Raises
        ------
        DataError
            When it cannot be read.
        """
        path = self.folder / HEADER
        if not path.is_file():
            return None
        try:
            header: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except (ValueError, RecursionError) as error:
            raise DataError(f"{path}: cannot be read ({str(error)[:80]}); begin anew with `--force`.") from error
        if not isinstance(header, dict) or not header.keys() >= {"identity", "outputs", "series"}:
            raise DataError(f"{path}: does not describe an ensemble; begin anew with `--force`.")
        return header

    def write_header(self, header: Mapping[str, Any]) -> None:
        """Say what the folder holds; written whole before the first member."""
        text = json.dumps(header, indent=1, ensure_ascii=False, allow_nan=False)
        self._write(HEADER, text.encode("utf-8"))

    def clear(self) -> None:
        """Remove what an earlier ensemble left, its header first: without it the rest is nothing."""
        (self.folder / HEADER).unlink(missing_ok=True)
        flush(self.folder)
        for path in self.folder.iterdir():
            if path.name != LOCK and _is_ours(path):
                path.unlink()

    def remove(self) -> None:
        """Remove the folder of an ensemble that is finished."""
        remove_store(self.folder)

    def open_values(self, outputs: int) -> None:
        """Make the table of all members, (case, output); on disk where it would be large."""
        shape = (self.cases, outputs)
        if 8 * self.cases * outputs <= LARGEST_IN_MEMORY:
            self.values = np.empty(shape)
            return
        path = self.folder / "values.new"
        self.values = np.memmap(path, np.float64, "w+", shape=shape)
        path.unlink()

    def recover(self, keeps_series: bool) -> None:
        """Read the members of every whole segment, and remove what is not whole; `done` and `values` have them then.

        Parameters
        ----------
        keeps_series : bool
            A member counts only with the file of its series.

        Raises
        ------
        DataError
            When two segments have other values for the same member.
        """
        with_series = np.full(self.cases, not keeps_series)
        for path in sorted(self.folder.iterdir()):
            series = _SERIES.fullmatch(path.name)
            if path.name.endswith(".new") or (series is not None and not is_whole(path, series[2])):
                self._remove(path)
            elif series is not None and int(series[1]) < self.cases:
                with_series[int(series[1])] = True
        for path in sorted(self.folder.iterdir()):
            match = _SEGMENT.fullmatch(path.name)
            if match is None:
                continue
            self._next = max(self._next, int(match[2]) + 1)
            if not is_whole(path, match[3]):
                self._remove(path)
                continue
            self._segments.setdefault(int(match[1]), []).append(path)
            index, values = self._checked(path)
            # After a kill between a merge and the removal of its parts, a member stands in both.
            twice = self.done[index]
            if self.values[index[twice]].tobytes() != values[twice].tobytes():
                raise DataError(f"{path}: holds other values than its neighbours; begin anew with `--force`.")
            usable = with_series[index]
            self.done[index[usable]] = True
            self.values[index[usable]] = values[usable]

    def _checked(self, path: Path) -> tuple[NDArray[np.int64], Rows]:
        """Return numbers and values of a segment that belong to this ensemble."""
        try:
            index, values = read_segment(path)
        except (OSError, KeyError, ValueError, AttributeError) as error:
            raise DataError(f"{path}: cannot be read ({str(error)[:80]}); begin anew with `--force`.") from error
        if index.dtype.kind != "i" or index.ndim != 1 or values.shape != (index.size, self.values.shape[1]):
            raise DataError(f"{path}: does not hold members of this ensemble; begin anew with `--force`.")
        if index.size and index.min() < 0:
            raise DataError(f"{path}: holds a member of a negative number; begin anew with `--force`.")
        return index[index < self.cases], values[index < self.cases]

    def append(self, finished: list[Finished]) -> None:
        """Put members on disk; when this returns they survive power loss.

        Raises
        ------
        OSError
            When the disk is full or fails; what was there before is still whole.
        """
        if not finished:
            return
        for member in finished:
            if member.series:
                content = _hdf5({name: (series, {}) for name, series in member.series.items()}, {})
                self._write(f"series-{member.number:09d}-{_digest(content)}.h5", content, sync_folder=False)
        index = np.array([member.number for member in finished], np.int64)
        values = np.stack([member.values for member in finished])
        self._segments.setdefault(0, []).append(self._write_segment(0, index, values))
        self.done[index], self.values[index] = True, values
        level = 0
        while len(self._segments.get(level, ())) >= MERGED_AT_ONCE:
            self._merge(level)
            level += 1

    def series_file(self, number: int) -> Path:
        """Return the file of the series of a member."""
        found = sorted(self.folder.glob(f"series-{number:09d}-*.h5"))
        return found[0]

    def _write_segment(self, level: int, index: NDArray[np.int64], values: Rows) -> Path:
        """Write a segment."""
        content = _hdf5({"member": (index, {}), "values": (values, {})}, {})
        name = f"segment-{level}-{self._next:08d}-{_digest(content)}.h5"
        self._next += 1
        return self._write(name, content)

    def _merge(self, level: int) -> None:
        """Make one segment of those of a level, then remove them."""
        parts = self._segments[level]
        read = [read_segment(path) for path in parts]
        index, first = np.unique(np.concatenate([each[0] for each in read]), return_index=True)
        values = np.concatenate([each[1] for each in read])[first]
        self._segments.setdefault(level + 1, []).append(self._write_segment(level + 1, index, values))
        self._segments[level] = []
        for path in parts:
            path.unlink(missing_ok=True)

    def _write(self, name: str, content: bytes, *, sync_folder: bool = True) -> Path:
        """Write a file beside, flush it, rename it, flush the folder."""
        beside, path = self.folder / f"{name}.new", self.folder / name
        try:
            with beside.open("wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(beside, path)
            if sync_folder:
                flush(self.folder)
        except OSError:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise
        return path

    def _remove(self, path: Path) -> None:
        """Remove what a kill left half written."""
        self.removed += 1
        path.unlink(missing_ok=True)


def _take(lock: BaseFileLock, folder: Path) -> None:
    """Take the lock of a folder, which the system releases when this process ends, however it ends."""
    while not lock.is_locked:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock.acquire(blocking=False)
        except Timeout as error:
            raise ConfigurationError(
                f"{folder}: another process runs this ensemble; wait for it, or choose another `-o`."
            ) from error
        except FileNotFoundError:
            continue  # the process that held it has just finished and removed the folder
        except OSError as error:
            raise ConfigurationError(f"{folder}: cannot be written ({error.strerror}).") from error


def _is_ours(path: Path) -> bool:
    """Return whether a file of the folder is one that a store writes, by its name."""
    name = path.name
    known = name in (HEADER, LOCK) or _SEGMENT.fullmatch(name) or _SERIES.fullmatch(name) or _UNFINISHED.fullmatch(name)
    return bool(known) and path.is_file() and not path.is_symlink()


def _refuse_foreign(folder: Path) -> None:
    """Refuse a folder that holds what no store writes: it is somebody's own."""
    try:
        foreign = sorted(path.name for path in folder.iterdir() if not _is_ours(path)) if folder.is_dir() else []
        in_the_way = os.path.lexists(folder) and not folder.is_dir()
    except OSError as error:
        raise ConfigurationError(f"{folder}: cannot be read ({error.strerror}).") from error
    if in_the_way:
        raise ConfigurationError(f"{folder}: is a file, and the members of the ensemble go there; choose another `-o`.")
    if foreign:
        raise ConfigurationError(
            f"{folder}: holds {named(foreign)}, which no ensemble wrote, and its members go there; move that, "
            "or choose another `-o`."
        )


def remove_store(folder: Path) -> None:
    """Remove what a store wrote, its header first, and the folder where nothing else is left in it."""
    with suppress(OSError):
        (folder / HEADER).unlink(missing_ok=True)
        for path in folder.iterdir():
            if _is_ours(path):
                path.unlink(missing_ok=True)
        folder.rmdir()


def read_segment(path: Path) -> tuple[NDArray[np.int64], Rows]:
    """Return numbers and values of the members of a segment."""
    with h5py.File(path, "r") as file:
        check_opened(file, str(path), path.stat().st_size, LARGEST_SEGMENT)
        return file["member"][:], file["values"][:]


def read_series(path: Path) -> dict[str, NDArray[np.float64]]:
    """Return the series of a member by `step/variable`."""
    with h5py.File(path, "r") as file:
        check_opened(file, str(path), path.stat().st_size, LARGEST_SEGMENT)
        return {name: file[name][:] for name in file.attrs["names"]}


def _hdf5(datasets: Mapping[str, tuple[NDArray[Any], Mapping[str, Any]]], attributes: Mapping[str, Any]) -> bytes:
    """Return an HDF5 file as bytes, the same for the same content."""
    buffer = io.BytesIO()
    with h5py.File(buffer, "w", track_order=False) as file:
        for name, (array, about) in datasets.items():
            written = file.create_dataset(name, data=array, track_times=False)
            written.attrs.update(about)
        file.attrs["names"] = list(datasets)
        file.attrs.update(attributes)
    return buffer.getvalue()


def _digest(content: bytes) -> str:
    """Return the digest that a file's name holds."""
    return hashlib.sha256(content).hexdigest()[:_DIGITS]


def is_whole(path: Path, digest: str) -> bool:
    """Tell whether the bytes of a file have the digest of its name."""
    try:
        return _digest(path.read_bytes()) == digest
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read ({error.strerror}).") from error
