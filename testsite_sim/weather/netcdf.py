"""Open a user's NetCDF file: bounded memory, one sentence for whatever is broken."""

from pathlib import Path
from typing import Any

import h5py
import xarray as xr

from testsite_sim.common.errors import DataError
from testsite_sim.common.hdf5_probe import refuse_hanging
from testsite_sim.common.hdf5_safety import check_opened
from testsite_sim.common.netcdf_opening import close_in_silence
from testsite_sim.common.text import shortened

MOST_BYTES = 2 * 1024**3  # of arrays in memory


def open_bounded(path: Path) -> xr.Dataset:
    """Open NetCDF (4 or 3) into memory, of at most 2 GB.

    Raises
    ------
    DataError
        When it cannot be read or is larger.
    """
    try:
        with path.open("rb") as opened:
            classic = opened.read(3) == b"CDF"
        if classic and h5py.is_hdf5(path):
            raise DataError(f"weather: {path.name} begins as NetCDF-3 and is HDF5 as well; write it as one of them.")
        if not classic:
            refuse_hanging(path, f"weather: {path}", f"weather: {path.name}", MOST_BYTES)
            with h5py.File(path, "r") as probe:  # refuses broken HDF5 before the layer above opens half of it
                probe.attrs.get("_nc3_strict")
                check_opened(probe, f"weather: {path.name}", path.stat().st_size, MOST_BYTES)
        plain: dict[str, Any] = {} if classic else {"phony_dims": "sort"}  # HDF5 that NetCDF did not write names none
        close_in_silence()
        with xr.open_dataset(path, engine="scipy" if classic else "h5netcdf", **plain) as lazy:
            if lazy.nbytes > MOST_BYTES:
                raise DataError(
                    f"weather: {path.name} holds {lazy.nbytes / 1024**3:.1f} GB; expected 2 at most: cut it."
                )
            return lazy.load()
    except DataError:
        raise
    except Exception as error:  # libraries below raise nearly anything on a broken file
        raise DataError(f"weather: {path}: cannot be read as NetCDF-4 ({reason(error)}).") from error


def reason(error: Exception) -> str:
    """Return the first line of an error, short."""
    return shortened(str(error)) or type(error).__name__
