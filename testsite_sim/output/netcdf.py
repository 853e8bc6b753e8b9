"""NetCDF in memory first, then one file: a full disk is an error of the system here, which HDF5 does not survive."""

from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import xarray as xr

from testsite_sim.common.absent import absent
from testsite_sim.common.own_process import is_own_process
from testsite_sim.output.short_lookups import short_lookups


def netcdf_bytes(data: xr.Dataset | xr.DataTree, encoding: Mapping[str, Mapping[str, Any]]) -> bytes:
    """Return a Dataset or a tree as the bytes of a NetCDF-4 file, the same for the same content."""
    short = short_lookups() if is_own_process() else nullcontext()
    with (
        short,
        absent("dask", "distributed"),
    ):  # xarray would import them to know whether one of their schedulers is at work
        content: Any = data.to_netcdf(engine="h5netcdf", encoding=encoding)
    return bytes(content)


def write_netcdf(data: xr.Dataset | xr.DataTree, path: Path, encoding: Mapping[str, Mapping[str, Any]]) -> None:
    """Write a Dataset or a tree.

    Raises
    ------
    OSError
        When the disk is full or cannot be written.
    """
    path.write_bytes(netcdf_bytes(data, encoding))
