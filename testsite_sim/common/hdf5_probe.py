"""A process of its own that reads a small HDF5 file to its end first: a damaged one can hang or end the library."""

import hashlib
from pathlib import Path

from testsite_sim.common.reading_apart import read_apart

PROBED_BYTES = 4 * 1024**2  # files up to this size are read in a process of their own first
PROBE_SECONDS = 5.0  # of CPU time that reading one may take
MOST_PROBED = 10_000  # contents that are remembered as read to their end
_PROBE = """
import h5py
from testsite_sim.common.errors import DataError
from testsite_sim.common.hdf5_safety import check_hdf5
from testsite_sim.common.reading_apart import bound_memory

def look(name, item):
    list(item.attrs.items())
    if isinstance(item, h5py.Dataset):
        [len(each) for each in item.dims]
        if item.nbytes < 2**28:
            item[...]

bound_memory(2**30)
try:
    check_hdf5(sys.argv[1], sys.argv[4], int(sys.argv[5]))
except DataError as error:
    sys.stdout.buffer.write(str(error).encode("utf-8", "replace"))
    sys.exit(3)
try:
    with h5py.File(sys.argv[1], "r") as opened:
        opened.visititems(look)
except (OSError, MemoryError) as error:
    if isinstance(error, OSError) and "filter returned failure" not in str(error):
        raise
    sys.stdout.write(sys.argv[4] + " holds values that do not unpack, or to more than 1 GB; is it damaged?")
    sys.exit(3)
"""

_read_to_the_end: set[bytes] = set()  # digests of the contents of files


def refuse_hanging(path: Path, name: str, short: str, most_bytes: int) -> None:
    """Read a small file in a process of its own first: damaged HDF5 can hang or end the library below.

    Who opens a weather record reads its file several times: the same content is tried once in a process.

    Parameters
    ----------
    path : Path
        The file; one above 4 MB is not tried.
    name, short : str
        What messages call it, where it cannot be read and where it states too much.
    most_bytes : int
        That its arrays may add up to.

    Raises
    ------
    DataError
        When it is refused, hangs the library or ends it by a signal.
    """
    if path.stat().st_size > PROBED_BYTES:
        return
    content = hashlib.sha256(path.read_bytes()).digest()
    if content in _read_to_the_end:
        return
    about = short, str(most_bytes)
    done = read_apart(_PROBE, path, *about, name=name, kind="NetCDF-4", library="HDF5", seconds=PROBE_SECONDS)
    if done.returncode == 0:
        if len(_read_to_the_end) >= MOST_PROBED:
            _read_to_the_end.clear()
        _read_to_the_end.add(content)
