"""The results of a run as one NetCDF-4 file, a group per step of the chain; the same bytes for the same run."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import xarray as xr

from testsite_sim.errors import ConfigurationError, TestsiteError
from testsite_sim.hdf5_safety import check_hdf5
from testsite_sim.output.netcdf import write_netcdf
from testsite_sim.output.run_directory import RESULTS, file_of_run

# Large tables are stored in single precision: seven digits, at half the size; everything else is exact.
SINGLE_PRECISION = ("power",)
MOST_BYTES = 16 * 1024**3  # of results that are read again


def write_results(results: Mapping[str, xr.Dataset], path: Path, title: str) -> xr.DataTree:
    """Write the Dataset of every step and return them as a tree.

    Parameters
    ----------
    results : mapping of str to xarray.Dataset
        By the name of the step.
    path : Path
        The file to write; `xarray.open_datatree` reads it.
    title : str
        The title of the scenario.
    """
    tree = xr.DataTree.from_dict({"/": xr.Dataset(attrs={"title": title, "Conventions": "CF-1.11"}), **dict(results)})
    encoding = {f"/{step}": _encoding(dataset) for step, dataset in results.items()}
    write_netcdf(tree, path, encoding)
    return tree


def _encoding(dataset: xr.Dataset) -> dict[str, dict[str, object]]:
    """Return how each variable is stored: compressed where long, without a fill value where nothing is missing."""
    encoding: dict[str, dict[str, object]] = {}
    for name, variable in dataset.variables.items():
        if variable.dtype.kind in "OUS":
            continue
        chosen: dict[str, object] = {}
        if variable.size > 1000:
            chosen.update(zlib=True, complevel=1, shuffle=True, chunksizes=_chunks(variable))
        if variable.dtype.kind == "f":
            chosen["_FillValue"] = None if np.isfinite(variable.to_numpy()).all() else np.nan
            if str(name) in SINGLE_PRECISION and variable.ndim == 2:
                chosen["dtype"] = "float32"
        encoding[str(name)] = chosen
    return encoding


def _chunks(variable: xr.Variable) -> tuple[int, ...]:
    """Return chunks of whole rows of about a megabyte."""
    row = int(np.prod(variable.shape[1:], initial=1))
    return (max(1, min(variable.shape[0], 131_072 // row)), *variable.shape[1:])


def read_results(folder: Path) -> xr.DataTree:
    """Read the results of a run directory into memory.

    Raises
    ------
    ConfigurationError
        When the folder is no run directory.
    """
    path = file_of_run(folder, RESULTS)
    try:
        check_hdf5(path, str(path), MOST_BYTES)
        with xr.open_datatree(path, engine="h5netcdf") as tree:
            return tree.load()
    except TestsiteError:
        raise
    except Exception as error:  # libraries below raise nearly anything on a broken file
        reason = (str(error).splitlines() or [type(error).__name__])[0][:120]
        raise ConfigurationError(f"{path}: cannot be read as NetCDF ({reason}).") from error
