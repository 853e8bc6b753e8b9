"""A process of its own that reads an HDF5 file first: a damaged one can hang or end the library."""

import hashlib
from pathlib import Path

from testsite_sim.common import reading_apart
from testsite_sim.common.reading_apart import read_apart

PROBE_SECONDS = 5.0  # of CPU time that reading one may take, and for each BYTES_A_SECOND of it as much as a second
BYTES_A_SECOND = 10 * 1024**2  # of a file; a processor unpacks ten times as many
VALUES_TRIED = 2**28  # [byte] of the values of all arrays that are read, the small ones whole
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
        if item.chunks:
            item.id.chunk_iter(lambda chunk: None)
        if item.shape is not None and item.size > 0:
            arrays.append(item)

def read(item, most):
    if item.shape == ():
        item[()]
        return
    row = item.size // len(item) * max(item.dtype.itemsize, 1)
    together = item.chunks[0] if item.chunks else 1
    block = max(2**24 // row // together, 1) * together
    if row * block > 2**29:
        item[(0,) * len(item.shape)]
        return
    for at in range(0, min(len(item), most // row + 1), block):
        item[at : at + block]

arrays = []
most_values = int(sys.argv[6])
bound_memory(2**30)
try:
    check_hdf5(sys.argv[1], sys.argv[4], int(sys.argv[5]))
except DataError as error:
    sys.stdout.buffer.write(str(error).encode("utf-8", "replace"))
    sys.exit(3)
try:
    with h5py.File(sys.argv[1], "r") as opened:
        opened.visititems(look)
        arrays.sort(key=lambda item: item.nbytes)
        for number, item in enumerate(arrays):
            share = most_values // (len(arrays) - number)
            read(item, share)
            most_values -= min(item.nbytes, share)
except (OSError, MemoryError) as error:
    if isinstance(error, OSError) and "filter returned failure" not in str(error):
        raise
    sys.stdout.write(sys.argv[4] + " holds values that do not unpack, or to more than 1 GB; is it damaged?")
    sys.exit(3)
"""

_read_to_the_end: set[bytes] = set()  # digests of the contents of files


def refuse_hanging(path: Path, name: str, short: str, most_bytes: int) -> None:
    """Read a file in a process of its own first: damaged HDF5 can hang or end the library below.

    Read are all that the file says of its arrays, where their values stand, and a quarter of a gigabyte of the values,
    shared by the arrays. Who opens a weather record reads its file several times: the same content is tried once in a
    process.

    Parameters
    ----------
    path : Path
        The file.
    name, short : str
        What messages call it, where it cannot be read and where it states too much.
    most_bytes : int
        That its arrays may add up to.

    Raises
    ------
    DataError
        When it is refused, hangs the library or ends it by a signal.
    """
    with path.open("rb") as opened:
        content = hashlib.file_digest(opened, "sha256").digest()
    if content in _read_to_the_end:
        return
    about = short, str(most_bytes), str(VALUES_TRIED)
    more = path.stat().st_size / BYTES_A_SECOND
    done = read_apart(
        _PROBE,
        path,
        *about,
        name=name,
        kind="NetCDF-4",
        library="HDF5",
        seconds=PROBE_SECONDS + more,
        elapsed=reading_apart.ELAPSED_SECONDS + 10.0 * more,
    )
    if done.returncode == 0:
        if len(_read_to_the_end) >= MOST_PROBED:
            _read_to_the_end.clear()
        _read_to_the_end.add(content)
