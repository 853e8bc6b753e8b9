"""NetCDF in memory first, then one file: a full disk is an error of the system here, which HDF5 does not survive."""

import io
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import xarray as xr

from testsite_sim.common.absent import absent
from testsite_sim.common.own_process import is_own_process
from testsite_sim.output.short_lookups import short_lookups


class _InMemory(io.RawIOBase):
    """A file in memory of which HDF5 sees no write fail: it would end the process by a signal as it closes the file.

    Attributes
    ----------
    content : bytearray
        What was written.
    refused : bool
        Whether there was no memory for a write; the content is none then.
    """

    def __init__(self) -> None:
        self.content = bytearray()
        self.refused = False
        self._at = 0

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    writable = seekable = readable

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place."""
        self._at = offset + (0, self._at, len(self.content))[whence]
        return self._at

    def readinto(self, target: Any) -> int:
        """Read; what was never written is zero."""
        part = self.content[self._at : self._at + len(target)]
        target[:] = part.ljust(len(target), b"\0")
        self._at += len(target)
        return len(target)

    def write(self, part: Any) -> int:
        """Write, or note that there is no memory."""
        size = memoryview(part).nbytes
        try:
            if self._at > len(self.content):
                self.truncate(self._at)
            self.content[self._at : self._at + size] = part
        except MemoryError:
            self.refused = True
        self._at += size
        return size

    def truncate(self, size: int | None = None) -> int:
        """Cut or lengthen, or note that there is no memory."""
        size = self._at if size is None else size
        try:
            del self.content[size:]
            self.content.extend(bytes(size - len(self.content)))
        except MemoryError:
            self.refused = True
        return size


def netcdf_bytes(data: xr.Dataset | xr.DataTree, encoding: Mapping[str, Mapping[str, Any]]) -> bytearray:
    """Return a Dataset or a tree as the bytes of a NetCDF-4 file, the same for the same content.

    Raises
    ------
    MemoryError
        When there is too little memory.
    """
    written = _InMemory()
    short = short_lookups() if is_own_process() else nullcontext()
    with (
        short,
        absent("dask", "distributed"),
    ):  # xarray would import them to know whether one of their schedulers is at work
        data.to_netcdf(written, engine="h5netcdf", encoding=encoding)
    if written.refused:
        raise MemoryError("no memory for a NetCDF file")
    return written.content


def write_netcdf(data: xr.Dataset | xr.DataTree, path: Path, encoding: Mapping[str, Mapping[str, Any]]) -> None:
    """Write a Dataset or a tree.

    Raises
    ------
    OSError
        When the disk is full or cannot be written.
    """
    path.write_bytes(netcdf_bytes(data, encoding))
