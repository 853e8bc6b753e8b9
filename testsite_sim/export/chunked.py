"""The results of a run as Zarr in one zip, in chunks that xarray reads when it needs them."""

import io
import warnings
import zipfile
from pathlib import Path

import numpy as np
import xarray as xr

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.temporary import temporary_folder

CHUNK_BYTES = 2**20  # of numbers in a chunk, about
WRITTEN = (1980, 1, 1, 0, 0, 0)  # the date of all files in the zip: the same results give the same bytes
NEEDS = "export: Zarr needs `pip install 'testsite-sim[formats]'`."


def zarr_bytes(results: xr.DataTree) -> bytes:
    """Return a tree of results as a zip that holds a Zarr store (format 2), a group for each step.

    `xr.open_datatree(zarr.storage.ZipStore(path, mode="r"), engine="zarr", chunks={})` gives it lazily; unpacked, the
    folder is an ordinary store. Chunks are whole in all dimensions but the first (time, member), of about a megabyte.

    Parameters
    ----------
    results : xarray.DataTree
        As a run has it.

    Raises
    ------
    ConfigurationError
        When zarr is not installed.
    OSError
        When the disk of temporary files is full.
    """
    try:
        import zarr  # noqa: F401 (xarray asks for it with an error of its own)
    except ImportError as error:
        raise ConfigurationError(NEEDS) from error
    steps = {node.path: node.to_dataset(inherit=False).drop_encoding() for node in results.subtree}
    encoding = {path: _chunks(dataset) for path, dataset in steps.items()}
    with temporary_folder() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # consolidated metadata is none of the format; xarray writes and reads it
        tree = xr.DataTree.from_dict(steps)
        tree.to_zarr(folder / "store", zarr_format=2, encoding=encoding, consolidated=True)
        return _packed(folder / "store")


def _chunks(dataset: xr.Dataset) -> dict[str, dict[str, tuple[int, ...]]]:
    """Return the chunks of each variable that has dimensions."""
    found = {}
    for name, variable in dataset.variables.items():
        if variable.ndim and variable.size:
            row = variable.dtype.itemsize * int(np.prod(variable.shape[1:], initial=1))
            first = min(variable.shape[0], max(1, CHUNK_BYTES // max(row, 1)))
            found[str(name)] = {"chunks": (first, *variable.shape[1:])}
    return found


def _packed(store: Path) -> bytes:
    """Return a folder as a zip, whose files are compressed already."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(path for path in store.rglob("*") if path.is_file()):
            archive.writestr(zipfile.ZipInfo(path.relative_to(store).as_posix(), WRITTEN), path.read_bytes())
    return packed.getvalue()
