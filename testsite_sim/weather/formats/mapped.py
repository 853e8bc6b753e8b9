"""Any table with a mapping file: CSV, Parquet, and the one-dimensional variables of NetCDF and Zarr."""

import json
import os
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import xarray as xr
from pydantic import Field

from testsite_sim.common.errors import DataError
from testsite_sim.common.hdf5_safety import refuse_claim
from testsite_sim.common.text import shortened
from testsite_sim.configuration.base import Configuration
from testsite_sim.configuration.loading import checked
from testsite_sim.configuration.weather import Column, Stamps
from testsite_sim.configuration.yaml_loader import load_document
from testsite_sim.weather.bounded_text import read_text
from testsite_sim.weather.formats.options import ImportOptions
from testsite_sim.weather.formats.parquet import read_parquet
from testsite_sim.weather.formats.text import read_table
from testsite_sim.weather.netcdf import MOST_BYTES, open_bounded
from testsite_sim.weather.reading import record_of_table

LARGEST_METADATA = 2**20  # [byte] of a file of a Zarr store
MOST_FILES = 200_000  # of a Zarr store


class Mapping(Configuration):
    """What a mapping file says: the keys `time` and `columns` of the weather block of a scenario."""

    time: Stamps
    columns: Annotated[tuple[Column, ...], Field(strict=False, min_length=1, max_length=200)]


def read_mapped(path: Path, options: ImportOptions) -> xr.Dataset:
    """Read a file of any of four kinds by its mapping file.

    Raises
    ------
    ConfigurationError
        When the mapping file is wrong.
    DataError
        When no mapping file is given or the file does not hold what it says.
    """
    if options.mapping is None:
        raise DataError(f"weather: {path.name} is read by a mapping file; name it with --mapping.")
    mapping = checked(Mapping, load_document(options.mapping))
    table = _table(path, mapping)
    if table.empty:
        raise DataError(f"weather: {path.name} holds no interval.")
    return record_of_table(table, path, mapping.time, mapping.columns)


def _table(path: Path, mapping: Mapping) -> pd.DataFrame:
    """Return the file as a table with the time as a column."""
    suffix = path.suffix.lower()
    if suffix in (".parquet", ".pq"):
        clock = [] if mapping.time.clock is None else [mapping.time.clock]
        expected = [mapping.time.column, *clock, *(column.column for column in mapping.columns)]
        table = read_parquet(path, expected)
        return table.reset_index() if mapping.time.column not in table else table
    if suffix == ".zarr" or path.is_dir():
        try:
            _check_zarr(path)
            with xr.open_zarr(path, consolidated=None) as lazy:
                if lazy.nbytes > MOST_BYTES:
                    raise DataError(f"weather: {path.name} holds {lazy.nbytes / 1024**3:.1f} GB; cut it.")
                return _of_dataset(lazy.load(), mapping, path)
        except DataError:
            raise
        except ImportError as error:
            raise DataError(f"weather: {path.name} wants `pip install 'testsite-sim[formats]'`.") from error
        except Exception as error:
            raise DataError(f"weather: {path}: cannot be read as Zarr ({shortened(str(error))}).") from error
    if suffix in (".nc", ".nc4", ".cdf"):
        return _of_dataset(open_bounded(path), mapping, path)
    return read_table(read_text(path), path.name, comment="#")


def _check_zarr(path: Path) -> None:
    """Refuse a Zarr store with links out of it, or that states more than it can hold, before anything is read."""
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
                # The metadata of all arrays may stand together as well, and are read from there then.
                stated = max(stated, together := _stated_by_zarr(json.loads(each.read_text(encoding="utf-8"))))
                apart += together if name == ".zarray" or folder != str(path) else 0.0
            if files > MOST_FILES:
                raise DataError(f"weather: {path.name} holds more than {MOST_FILES} files; write larger chunks.")
    refuse_claim(f"weather: {path.name}", max(stated, apart), held, MOST_BYTES)


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


def _of_dataset(dataset: xr.Dataset, mapping: Mapping, path: Path) -> pd.DataFrame:
    """Return the variables over the time axis alone as a table."""
    stamps = mapping.time.column
    if stamps not in dataset.variables or len(dataset[stamps].dims) != 1:
        raise DataError(f"weather: {path.name} has no time axis {stamps!r}.")
    axis = dataset[stamps].dims[0]
    flat = {str(name): dataset[name].to_numpy() for name in dataset.variables if dataset[name].dims == (axis,)}
    return pd.DataFrame(flat)
