"""Open NetCDF-4, and the tables that the program brings along."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from testsite_sim.common.errors import DataError
from testsite_sim.common.text import shortened

if TYPE_CHECKING:
    import xarray as xr


def close_in_silence() -> None:
    """Let a file whose opening failed half way close without a traceback on standard error.

    As h5netcdf removes such a file it asks whether it can be written, which it notes after the first attribute is read.
    """
    import h5netcdf

    if not hasattr(h5netcdf.File, "_writable"):
        h5netcdf.File._writable = False


def open_netcdf4(path: Path, **options: Any) -> "xr.Dataset":
    """Open a NetCDF-4 file lazily.

    Parameters
    ----------
    path : Path
        The file.
    **options
        As `xarray.open_dataset` takes them.

    Raises
    ------
    Exception
        Of nearly any kind: what HDF5 and the libraries above it make of a file that is damaged or cannot be read.
    """
    import xarray as xr

    close_in_silence()
    return xr.open_dataset(path, engine="h5netcdf", **options)


def read_packaged(path: Path, name: str) -> "xr.Dataset":
    """Return a NetCDF file of the installation, in memory.

    Parameters
    ----------
    path : Path
        The file.
    name : str
        What a message calls it.

    Raises
    ------
    DataError
        When it cannot be read.
    """
    try:
        with open_netcdf4(path) as opened:
            return opened.load()
    except Exception as error:  # HDF5 raises errors of many kinds where the disk fails or the file is damaged
        raise DataError(
            f"{name}: {path} cannot be read ({shortened(str(error))}); install testsite-sim anew."
        ) from error
