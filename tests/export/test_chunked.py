"""Zarr holds what results.nc holds, chunk by chunk, read when it is used."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import testsite_sim as ts
from testsite_sim.export import chunked
from testsite_sim.export.chunked import zarr_bytes

zarr = pytest.importorskip("zarr")
dask_array = pytest.importorskip("dask.array")


def test_a_run_is_read_lazily_and_is_the_same(shipped_run: ts.Run, tmp_path: Path) -> None:
    path = tmp_path / "run.zip"
    assert shipped_run.export(path, "zarr") == []
    lazy = xr.open_datatree(zarr.storage.ZipStore(path, mode="r"), engine="zarr", chunks={})
    assert isinstance(lazy["wind"]["power"].data, dask_array.Array)
    plain = xr.open_datatree(zarr.storage.ZipStore(path, mode="r"), engine="zarr")
    assert not plain["wind"]["power"].variable._in_memory
    for step, node in shipped_run.results.children.items():
        xr.testing.assert_identical(lazy[step].to_dataset().load().drop_encoding(), node.to_dataset().drop_encoding())
    assert lazy.attrs == shipped_run.results.attrs
    with pytest.raises(ts.ConfigurationError, match="without tables"):
        shipped_run.export(path, "zarr", force=True, tables=["summary"])


def test_chunks_follow_the_first_dimension_and_the_bytes_repeat(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(chunked, "CHUNK_BYTES", 800)
    members = xr.Dataset({"cost": (("member", "point"), np.arange(1000.0).reshape(100, 10))})
    tree = xr.DataTree.from_dict({"/members": members})
    content = zarr_bytes(tree)
    assert content == zarr_bytes(tree)
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    lazy = xr.open_datatree(zarr.storage.ZipStore(path, mode="r"), engine="zarr", chunks={})
    assert lazy["members"]["cost"].data.chunksize == (10, 10)
    np.testing.assert_array_equal(lazy["members"]["cost"][37], members["cost"][37])
