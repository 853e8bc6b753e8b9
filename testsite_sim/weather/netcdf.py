"""Open a user's NetCDF file: bounded memory, one sentence for whatever is broken."""

import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import h5py
import xarray as xr

from testsite_sim.common.errors import DataError
from testsite_sim.common.hdf5_safety import check_opened
from testsite_sim.common.text import shortened

MOST_BYTES = 2 * 1024**3  # of arrays in memory
PROBED_BYTES = 4 * 1024**2  # files up to this size are read in a process of their own first
PROBE_SECONDS = 5.0  # of CPU time that reading one may take
ELAPSED_SECONDS = 60.0 if os.name == "posix" else 10.0  # by the clock, of a machine that others use as well
MOST_PROBED = 10_000  # contents that are remembered as read to their end
REFUSED = 3  # exit code of the probe; what is wrong stands in its output
_PROBE = """
import json, sys
sys.path[:] = json.loads(sys.argv[2])
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
    import resource
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime + float(sys.argv[5])) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (most, most + 1))
except (ImportError, ValueError):
    pass
try:
    check_hdf5(sys.argv[1], sys.argv[3], int(sys.argv[4]))
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
    libraries = json.dumps([each for each in sys.path if each])  # not the working folder, which may hold anything
    arguments = [str(path.resolve()), libraries, f"weather: {path.name}", str(MOST_BYTES), str(PROBE_SECONDS)]
    command = [sys.executable, "-P", "-c", _PROBE, *arguments]
    hangs = f"weather: {path}: cannot be read as NetCDF-4 (it makes HDF5 hang); is it damaged?"
    try:
        done = subprocess.run(command, timeout=ELAPSED_SECONDS, check=False, capture_output=True)
    except subprocess.TimeoutExpired as error:
        raise DataError(hangs) from error
    if os.name == "posix" and done.returncode == -signal.SIGXCPU:
        raise DataError(hangs)
    if done.returncode == REFUSED:
        raise DataError(done.stdout.decode("utf-8", "replace"))
    if done.returncode < 0:
        raise DataError(
            f"weather: {path}: cannot be read as NetCDF-4 (it ends HDF5 by signal {-done.returncode}); is it damaged?"
        )
    if done.returncode == 0:
        if len(_read_to_the_end) >= MOST_PROBED:
            _read_to_the_end.clear()
        _read_to_the_end.add(content)


def reason(error: Exception) -> str:
    """Return the first line of an error, short."""
    return shortened(str(error)) or type(error).__name__
