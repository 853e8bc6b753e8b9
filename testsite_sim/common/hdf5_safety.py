"""What an HDF5 file says of itself, looked at before any value is read: it shall hold all that it states, and no more.

HDF5 lets a file take its values from others: by external storage, external links and virtual datasets. It also lets a
small file state arrays of any size. Both are refused here, for every file that a user names.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import h5py
import numpy as np

from testsite_sim.common.errors import DataError

# The deflate of HDF5 gives at most 1032 bytes for one (RFC 1951: 258 bytes by two bits); shuffle in front of it changes
# nothing, and chunks that were never written hold fill values, of which this many times the file are borne.
LARGEST_RATIO = 1032
ALWAYS_TAKEN = 2**26  # [byte] that a file may state, however small it is
BARE_DIMENSION = b"This is a netCDF dimension but not a netCDF variable"  # has no values; nobody reads it
MOST_OBJECTS = 5000


def check_hdf5(path: Path | str, name: str, most_bytes: int) -> None:
    """Refuse a file that reaches outside itself, or that states more than it can hold.

    Parameters
    ----------
    path : Path or str
        The file.
    name : str
        What a message calls it.
    most_bytes : int
        That its arrays may add up to.

    Raises
    ------
    DataError
        In one sentence, before any value was read.
    OSError
        When it is not HDF5.
    """
    with h5py.File(path, "r") as opened:
        check_opened(opened, name, os.stat(path).st_size, most_bytes)


def check_opened(opened: h5py.File, name: str, file_bytes: int, most_bytes: int) -> None:
    """Refuse an opened file; see `check_hdf5`."""
    if opened.userblock_size:
        raise DataError(f"{name} begins with {opened.userblock_size} bytes of something else (a user block); cut them.")
    total = 0
    for where, dataset in _datasets(opened, name):
        if dataset.id.get_create_plist().get_external_count():
            raise DataError(f"{name}: {where} keeps its values in another file (external storage); copy them into it.")
        if dataset.is_virtual:
            raise DataError(
                f"{name}: {where} takes its values from other files (a virtual dataset); copy them into it."
            )
        if dataset.shape is None or bytes(np.asarray(dataset.attrs.get("NAME", b""), "S")).startswith(BARE_DIMENSION):
            continue
        total += dataset.size * max(dataset.dtype.itemsize, 1)
        refuse_claim(name, total, file_bytes, most_bytes)


def refuse_claim(name: str, stated_bytes: float, file_bytes: int, most_bytes: int, ratio: int = LARGEST_RATIO) -> None:
    """Refuse arrays that are too large, or larger than a file can hold.

    Parameters
    ----------
    name : str
        Of the file.
    stated_bytes, file_bytes, most_bytes : int
        Of its arrays in memory; on disk; that are taken.
    ratio : int
        Of compression, at most.

    Raises
    ------
    DataError
        When they are.
    """
    if stated_bytes > most_bytes:
        raise DataError(
            f"{name} states arrays of {stated_bytes / 1024**3:.1f} GB; expected "
            f"{most_bytes / 1024**3:g} at most: cut it."
        )
    if stated_bytes > max(ALWAYS_TAKEN, ratio * file_bytes):
        raise DataError(
            f"{name} states arrays of {stated_bytes / 1024**2:.0f} MB in a file of {file_bytes / 1024:.1f} kB, "
            "which cannot hold them; is it damaged?"
        )


def _datasets(opened: h5py.File, name: str) -> Iterator[tuple[str, h5py.Dataset]]:
    """Yield every dataset once, with where it stands; refuse links that leave the file."""
    seen: set[object] = set()
    waiting: list[tuple[str, h5py.Group]] = [("", opened["/"])]
    while waiting:
        where, group = waiting.pop()
        for key in group:
            place = f"{where}/{key}"
            link = group.get(key, getlink=True)
            if isinstance(link, h5py.ExternalLink):
                raise DataError(f"{name}: {place} is a link to another file ({link.filename!r}); copy what it names.")
            if isinstance(link, h5py.SoftLink):  # its target stands in the file, or it is broken
                continue
            item = group.get(key)
            about = h5py.h5o.get_info(item.id)
            if about.addr in seen:
                continue
            seen.add(about.addr)
            if len(seen) > MOST_OBJECTS:
                raise DataError(f"{name} holds more than {MOST_OBJECTS} objects; is it a record?")
            if isinstance(item, h5py.Group):
                waiting.append((place, item))
            elif isinstance(item, h5py.Dataset):
                yield place, item
