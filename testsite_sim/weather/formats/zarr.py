"""Zarr, read by a process of its own within bounded memory: a chunk may unpack to more than its array states.

That process hands the variables over the axis of time over, as plain arrays.
"""

import json
import os
import warnings
from pathlib import Path
from typing import IO, Any

import numpy as np
import pandas as pd
import xarray as xr

from testsite_sim.common.errors import DataError
from testsite_sim.common.hdf5_safety import refuse_claim
from testsite_sim.common.reading_apart import bound_memory, last_words, read_apart, refusals_reported
from testsite_sim.common.temporary import temporary_folder
from testsite_sim.common.text import shortened
from testsite_sim.weather.netcdf import MOST_BYTES

LARGEST_METADATA = 2**20  # [byte] of a file of a Zarr store
MOST_FILES = 200_000  # of a Zarr store
CODE = "pickle"  # a codec of numcodecs, whose values are programs
START_SECONDS = 15.0  # of CPU time, to import the libraries
SECONDS_A_BYTE = 1e-7  # of what the arrays state
ELAPSED = 12.0  # times the CPU time that a store may take, by the clock of a machine that others use as well
ROOM, ROOM_A_BYTE = 2**30, 3  # beyond the libraries; a chunk, its array and the table of it
_READ = """
from testsite_sim.weather.formats.zarr import write_columns
write_columns(sys.argv[1], sys.argv[4], sys.argv[5])
"""


def read_zarr(path: Path, stamps: str) -> pd.DataFrame:
    """Return the variables of a Zarr store along an axis of time as a table.

    Raises
    ------
    DataError
        When the library is not installed, or the store cannot be read, holds links, or states or takes too much.
    """
    try:
        stated = _check_zarr(path)
    except DataError:
        raise
    except Exception as error:
        raise DataError(_unreadable(path, error)) from error
    seconds = START_SECONDS + SECONDS_A_BYTE * stated
    limits: dict[str, Any] = {"name": f"weather: {path}", "seconds": seconds, "elapsed": ELAPSED * seconds}
    with temporary_folder() as folder:
        columns = folder / "columns"
        done = read_apart(_READ, path, str(columns), stamps, kind="Zarr", library="Zarr", **limits)
        if done.returncode:
            raise DataError(_unreadable(path, RuntimeError(last_words(done) or f"exit code {done.returncode}")))
        with columns.open("rb") as opened:
            names = json.loads(opened.readline())
            return pd.DataFrame({name: np.lib.format.read_array(opened, allow_pickle=False) for name in names})


def write_columns(source: str, target: str, stamps: str) -> None:
    """Be the process that reads: write the variables along an axis of time, or leave with what is wrong."""
    path = Path(source)
    with refusals_reported(lambda error: _unreadable(path, error)):
        try:
            import zarr  # noqa: F401 (xarray asks for it with an error of its own)
        except ImportError as error:
            raise DataError(f"weather: {path.name} wants `pip install 'testsite-sim[formats]'`.") from error
        bound_memory(ROOM + ROOM_A_BYTE * int(_check_zarr(path)))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on metadata that do not stand together, which is no fault
            with xr.open_zarr(path, consolidated=None) as lazy, open(target, "wb") as written:
                _write(columns_along(lazy, stamps, path), written)


def _write(table: pd.DataFrame, written: IO[bytes]) -> None:
    """Write the names of the columns of a table, and their values; what is neither number nor time as text."""
    written.write(json.dumps(list(table.columns)).encode() + b"\n")
    for name in table.columns:
        values = table[name].to_numpy()
        np.lib.format.write_array(written, values.astype(str) if values.dtype.hasobject else values, allow_pickle=False)


def columns_along(dataset: xr.Dataset, stamps: str, path: Path) -> pd.DataFrame:
    """Return the variables over the time axis alone as a table.

    Raises
    ------
    DataError
        When there is no such axis.
    """
    if stamps not in dataset.variables or len(dataset[stamps].dims) != 1:
        raise DataError(f"weather: {path.name} has no time axis {stamps!r}.")
    axis = dataset[stamps].dims[0]
    flat = {str(name): dataset[name].to_numpy() for name in dataset.variables if dataset[name].dims == (axis,)}
    return pd.DataFrame(flat)


def _unreadable(path: Path, error: Exception) -> str:
    """Return what is said of a store that the library refuses."""
    return f"weather: {path}: cannot be read as Zarr ({shortened(str(error)) or type(error).__name__})."


def _check_zarr(path: Path) -> float:
    """Refuse a Zarr store with links out of it, or that states more than it can hold, before anything is read.

    Returns
    -------
    float
        What its arrays state [byte].
    """
    if not path.is_dir():
        raise DataError(f"weather: {path.name}: a Zarr store is a folder; expected one.")
    stated, apart, held, files = 0.0, 0.0, 0, 0
    for folder, folders, names in os.walk(path):
        for name in [*folders, *names]:
            each = Path(folder) / name
            if each.is_symlink():
                raise DataError(f"weather: {path.name}: {each.relative_to(path)} is a link; copy what it names.")
            if not (each.is_dir() or each.is_file()):
                raise DataError(f"weather: {path.name}: {each.relative_to(path)} is neither a file nor a folder.")
        for name in names:
            each = Path(folder) / name
            size = each.stat().st_size
            held, files = held + size, files + 1
            if name in ("zarr.json", ".zarray", ".zmetadata"):
                if size > LARGEST_METADATA:
                    raise DataError(f"weather: {path.name}: {each.relative_to(path)} is larger than 1 MB.")
                about = json.loads(each.read_text(encoding="utf-8"))
                _refuse_code(about, f"{path.name}: {each.relative_to(path)}")
                # The metadata of all arrays may stand together as well, and are read from there then.
                stated = max(stated, together := _stated_by_zarr(about))
                apart += together if name == ".zarray" or folder != str(path) else 0.0
            if files > MOST_FILES:
                raise DataError(f"weather: {path.name} holds more than {MOST_FILES} files; write larger chunks.")
    refuse_claim(f"weather: {path.name}", max(stated, apart), held, MOST_BYTES)
    return max(stated, apart)


def _refuse_code(about: Any, name: str) -> None:
    """Refuse metadata whose codecs would run what they decode."""
    waiting = [about]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            if any(str(each.get(key, "")).lower().endswith(CODE) for key in ("id", "name")):
                raise DataError(f"weather: {name} asks for the codec {CODE}, whose values are programs.")
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each


def _stated_by_zarr(about: Any) -> float:
    """Return what the arrays of a file of metadata take in memory [byte]."""
    if not isinstance(about, dict):
        return 0.0
    if not isinstance(about.get("shape"), list):
        return sum(_stated_by_zarr(each) for each in about.values())
    size = 8.0
    for length in about["shape"]:
        size *= float(length)
    return size
