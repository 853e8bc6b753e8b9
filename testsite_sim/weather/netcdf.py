"""Open a user's NetCDF file: bounded memory, one sentence for whatever is broken."""

import hashlib
from pathlib import Path
from typing import Any

import h5py
import xarray as xr

from testsite_sim.common.errors import DataError
from testsite_sim.common.hdf5_safety import check_opened
from testsite_sim.common.text import shortened
from testsite_sim.weather.reading_apart import read_apart

MOST_BYTES = 2 * 1024**3  # of arrays in memory
PROBED_BYTES = 4 * 1024**2  # files up to this size are read in a process of their own first
PROBE_SECONDS = 5.0  # of CPU time that reading one may take
MOST_PROBED = 10_000  # contents that are remembered as read to their end
_PROBE = """
import h5py
from testsite_sim.common.errors import DataError
from testsite_sim.common.hdf5_safety import check_hdf5

def look(name, item):
    list(item.attrs.items())
    if isinstance(item, h5py.Dataset):
        [len(each) for each in item.dims]
        if item.nbytes < 2**28:
            item[...]

try:
    check_hdf5(sys.argv[1], sys.argv[4], int(sys.argv[5]))
except DataError as error:
    sys.stdout.buffer.write(str(error).encode("utf-8", "replace"))
    sys.exit(3)
with h5py.File(sys.argv[1], "r") as opened:
    opened.visititems(look)
"""


_read_to_the_end: set[bytes] = set()  # digests of the contents of files


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
            _refuse_hanging(path)
            with h5py.File(path, "r") as probe:  # refuses broken HDF5 before the layer above opens half of it
                probe.attrs.get("_nc3_strict")
                check_opened(probe, f"weather: {path.name}", path.stat().st_size, MOST_BYTES)
        plain: dict[str, Any] = {} if classic else {"phony_dims": "sort"}  # HDF5 that NetCDF did not write names none
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


def _refuse_hanging(path: Path) -> None:
    """Read a small file in a process of its own first: damaged HDF5 can hang or end the library below.

    Who opens a weather record reads its file several times: the same content is tried once in a process.
    """
    if path.stat().st_size > PROBED_BYTES:
        return
    content = hashlib.sha256(path.read_bytes()).digest()
    if content in _read_to_the_end:
        return
    about = f"weather: {path.name}", str(MOST_BYTES)
    done = read_apart(_PROBE, path, *about, kind="NetCDF-4", library="HDF5", seconds=PROBE_SECONDS)
    if done.returncode == 0:
        if len(_read_to_the_end) >= MOST_PROBED:
            _read_to_the_end.clear()
        _read_to_the_end.add(content)


def reason(error: Exception) -> str:
    """Return the first line of an error, short."""
    return shortened(str(error)) or type(error).__name__
