"""Any table with a mapping file: CSV, Parquet, and the one-dimensional variables of NetCDF and Zarr."""

from pathlib import Path
from typing import Annotated

import pandas as pd
import xarray as xr
from pydantic import Field

from testsite_sim.common.errors import DataError
from testsite_sim.configuration.base import Configuration
from testsite_sim.configuration.loading import checked
from testsite_sim.configuration.weather import Column, Stamps
from testsite_sim.configuration.yaml_loader import load_document
from testsite_sim.weather.bounded_text import read_text
from testsite_sim.weather.formats.options import ImportOptions
from testsite_sim.weather.formats.parquet import read_parquet
from testsite_sim.weather.formats.text import read_table
from testsite_sim.weather.formats.zarr import columns_along, read_zarr
from testsite_sim.weather.netcdf import open_bounded
from testsite_sim.weather.reading import record_of_table


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
        return read_zarr(path, mapping.time.column)
    if suffix in (".nc", ".nc4", ".cdf"):
        return columns_along(open_bounded(path), mapping.time.column, path)
    return read_table(read_text(path), path.name, comment="#")
