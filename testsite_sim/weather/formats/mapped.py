"""Any table with a mapping file: CSV, Parquet, and the one-dimensional variables of NetCDF and Zarr."""

from pathlib import Path
from typing import Annotated

import pandas as pd
import xarray as xr
from pydantic import Field

from testsite_sim.configuration.base import Configuration
from testsite_sim.configuration.loading import checked
from testsite_sim.configuration.weather import Column, Stamps
from testsite_sim.configuration.yaml_loader import load_document
from testsite_sim.errors import DataError, shortened
from testsite_sim.weather.bounded_text import read_text
from testsite_sim.weather.formats.options import ImportOptions
from testsite_sim.weather.formats.text import read_table
from testsite_sim.weather.netcdf import MOST_BYTES, open_bounded
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
        try:
            import pyarrow.parquet
        except ImportError as error:
            raise DataError(f"weather: {path.name} wants `pip install 'testsite-sim[formats]'`.") from error
        wanted = [mapping.time.column, *(column.column for column in mapping.columns)]
        try:
            opened = pyarrow.parquet.ParquetFile(path)
            rows = opened.metadata.num_rows
            if rows * 8 * len(wanted) > MOST_BYTES:
                raise DataError(f"weather: {path.name} holds {rows} rows; cut it.")
            held = [name for name in wanted if name in opened.schema_arrow.names]
            columns = opened.read(columns=held, use_pandas_metadata=True)
            columns.validate(full=True)  # such as text that is not UTF-8, which would be noticed where it is used
            table: pd.DataFrame = columns.to_pandas()
        except DataError:
            raise
        except Exception as error:
            raise DataError(f"weather: {path}: cannot be read as Parquet ({shortened(str(error))}).") from error
        return table.reset_index() if mapping.time.column not in table else table
    if suffix == ".zarr" or path.is_dir():
        try:
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


def _of_dataset(dataset: xr.Dataset, mapping: Mapping, path: Path) -> pd.DataFrame:
    """Return the variables over the time axis alone as a table."""
    stamps = mapping.time.column
    if stamps not in dataset.variables or len(dataset[stamps].dims) != 1:
        raise DataError(f"weather: {path.name} has no time axis {stamps!r}.")
    axis = dataset[stamps].dims[0]
    flat = {str(name): dataset[name].to_numpy() for name in dataset.variables if dataset[name].dims == (axis,)}
    return pd.DataFrame(flat)
