"""Write a weather record as compressed CF NetCDF: whole or not at all."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from testsite_sim.common.errors import DataError
from testsite_sim.output.files import check_file_target, write_whole
from testsite_sim.output.netcdf import netcdf_bytes


def check_record_target(path: Path, force: bool, inputs: Sequence[Path] = ()) -> None:
    """Refuse a file to write before anything is computed.

    Parameters
    ----------
    path : Path
        The file, ending in .nc.
    force : bool
        Replace a file that stands there.
    inputs : sequence of Path
        What is read: never written, not even by force or under another name.

    Raises
    ------
    ConfigurationError
        When the file exists and is not to be replaced, or is an input, or its folder cannot be written.
    DataError
        When the name does not end in .nc.
    """
    if path.suffix.lower() != ".nc":
        raise DataError(f"weather: {path}: a record is written as NetCDF; expected a name that ends in .nc.")
    check_file_target(path, force, inputs)


def write_record(record: xr.Dataset, path: Path) -> None:
    """Write a record that `weather.record` of a scenario accepts.

    Parameters
    ----------
    record : xarray.Dataset, dims (time, height)
        In SI, UTC.
    path : Path
        The file, ending in .nc; it appears when it is complete.

    Raises
    ------
    DataError
        When the name does not end in .nc or the folder cannot be written.
    """
    if path.suffix.lower() != ".nc":
        raise DataError(f"weather: {path}: a record is written as NetCDF; expected a name that ends in .nc.")
    encoding: dict[str, dict[str, Any]] = {}
    for name, variable in record.variables.items():
        if variable.dtype.kind == "f":
            encoding[str(name)] = {"zlib": True, "complevel": 4, "shuffle": True, "_FillValue": None}
            if not np.isfinite(variable.to_numpy()).all():
                encoding[str(name)]["_FillValue"] = np.nan
    if "time" in record.variables:
        encoding["time"] = {"units": "seconds since 1970-01-01", "dtype": "int64", "zlib": True, "shuffle": True}
    try:
        content = netcdf_bytes(record.drop_encoding(), encoding)
        write_whole(path, content)
    except OSError as error:
        raise DataError(f"weather: {path}: cannot be written ({error.strerror or error}).") from error
