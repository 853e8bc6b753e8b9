"""Write a weather record as compressed CF NetCDF: whole or not at all."""

import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from testsite_sim.errors import DataError


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
        raise DataError(f"weather: {path}: a record is written as NetCDF; wanted a name that ends in .nc.")
    encoding: dict[str, dict[str, Any]] = {}
    for name, variable in record.variables.items():
        if variable.dtype.kind == "f":
            encoding[str(name)] = {"zlib": True, "complevel": 4, "shuffle": True, "_FillValue": None}
            if not np.isfinite(variable.to_numpy()).all():
                encoding[str(name)]["_FillValue"] = np.nan
    if "time" in record.variables:
        encoding["time"] = {"units": "seconds since 1970-01-01", "dtype": "int64", "zlib": True, "shuffle": True}
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=".nc", dir=path.parent)
    except OSError as error:
        raise DataError(f"weather: {path}: cannot be written ({error.strerror}).") from error
    os.close(descriptor)
    beside = Path(name)
    try:
        record.drop_encoding().to_netcdf(beside, engine="h5netcdf", encoding=encoding)
        with beside.open("rb+") as written:
            os.fsync(written.fileno())
        beside.chmod(0o644)
        beside.replace(path)
    except OSError as error:
        raise DataError(f"weather: {path}: cannot be written ({error.strerror or error}).") from error
    finally:
        beside.unlink(missing_ok=True)
