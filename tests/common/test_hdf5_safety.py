"""A file that reaches outside itself, or states more than it can hold, is refused before a value of it is read."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
import xarray as xr

from testsite_sim.common import hdf5_probe, reading_apart
from testsite_sim.common.errors import DataError, TestsiteError
from testsite_sim.common.hdf5_safety import check_hdf5
from testsite_sim.output.results import read_results
from testsite_sim.weather.formats import ImportOptions, import_record
from testsite_sim.weather.netcdf import open_bounded

SECRET = b"root:x:0:0:secret"


def external(file: h5py.File, folder: Path) -> None:
    file.create_dataset("time", (4,), "u1", external=[(str(folder / "secret"), 0, 4)])


def external_link(file: h5py.File, folder: Path) -> None:
    file["group/time"] = h5py.ExternalLink(str(folder / "other.h5"), "/x")


def virtual(file: h5py.File, folder: Path) -> None:
    layout = h5py.VirtualLayout((4,), "f8")
    layout[:] = h5py.VirtualSource(str(folder / "other.h5"), "x", (4,))
    file.create_virtual_dataset("group/time", layout)


def many_times(file: h5py.File, folder: Path) -> None:
    time = file.create_dataset("time", (10**8,), "f8", chunks=(1024,), compression="gzip")
    time.make_scale("time")
    time.attrs["units"] = "hours since 1970-01-01"


def more_than_memory(file: h5py.File, folder: Path) -> None:
    file.create_dataset("time", (2**40, 2**20), "f8", chunks=(1024, 1))


def many_texts(file: h5py.File, folder: Path) -> None:
    file.create_dataset("time", (10**8,), h5py.string_dtype(), chunks=(1024,))


REFUSED: dict[Callable[[h5py.File, Path], None], str] = {
    external: "external storage",
    external_link: "link to another file",
    virtual: "virtual dataset",
    many_times: "cannot hold them",
    more_than_memory: "at most",
    many_texts: "cannot hold them",
}


def made(folder: Path, fill: Callable[[h5py.File, Path], None], name: str = "a.nc") -> Path:
    (folder / "secret").write_bytes(SECRET)
    with h5py.File(folder / "other.h5", "w") as file:
        file["x"] = np.arange(4.0)
    with h5py.File(folder / name, "w") as file:
        fill(file, folder)
    return folder / name


@pytest.mark.parametrize("fill", REFUSED, ids=lambda fill: fill.__name__)
def test_every_way_in_refuses_it_in_one_sentence(tmp_path: Path, fill: Callable) -> None:
    path = made(tmp_path, fill)
    (tmp_path / "run").mkdir()
    made(tmp_path / "run", fill, "results.nc")
    ways: list[Callable[[], object]] = [
        lambda: check_hdf5(path, path.name, 2**31),
        lambda: open_bounded(path),
        lambda: import_record(path, "era5"),
        lambda: import_record(path, "newa"),
    ]
    if fill is not many_times and fill is not many_texts:
        ways.append(lambda: read_results(tmp_path / "run"))
    for way in ways:
        with pytest.raises(DataError) as refusal:
            way()
        assert REFUSED[fill] in str(refusal.value) or "or more" in str(refusal.value)
        assert SECRET.decode() not in str(refusal.value)
        assert "\n" not in str(refusal.value)


def test_what_stands_in_the_file_is_taken(tmp_path: Path) -> None:
    def fill(file: h5py.File, folder: Path) -> None:
        file["x"] = np.arange(4.0)
        file["alias"] = h5py.SoftLink("/x")
        file["broken"] = h5py.SoftLink("/nowhere")
        file["group/again"] = file["/"]
        file["none"] = h5py.Empty("f8")
        file["kind"] = np.dtype("f8")
        dimension = file.create_dataset("n", (10**9,), "f4", chunks=(1024,))
        dimension.attrs["NAME"] = "This is a netCDF dimension but not a netCDF variable 1000000000"

    check_hdf5(made(tmp_path, fill), "a.nc", 2**31)


def test_a_file_that_begins_as_another_kind_is_refused(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.nc", "w", userblock_size=512) as file:
        file["x"] = 1.0
    with pytest.raises(DataError, match="user block"):
        check_hdf5(tmp_path / "a.nc", "a.nc", 2**31)
    with (tmp_path / "a.nc").open("r+b") as stream:
        stream.write(b"CDF\x01")
    with pytest.raises(DataError):
        open_bounded(tmp_path / "a.nc")


def test_a_content_that_was_read_to_its_end_is_not_tried_again_and_any_other_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[int] = []
    process = reading_apart.subprocess.run

    def counted(*arguments: Any, **options: Any) -> Any:
        tried.append(1)
        return process(*arguments, **options)

    monkeypatch.setattr(reading_apart.subprocess, "run", counted)
    monkeypatch.setattr(hdf5_probe, "_read_to_the_end", set())
    path = tmp_path / "a.nc"
    for value in (1.0, 2.0):
        xr.Dataset({"v": ("time", [value])}, {"time": [0]}).to_netcdf(path, engine="h5netcdf")
        for _ in range(3):
            assert open_bounded(path)["v"].item() == value
    (tmp_path / "b.nc").write_bytes(path.read_bytes())
    open_bounded(tmp_path / "b.nc")
    assert len(tried) == 2
    path.write_bytes(path.read_bytes()[:-100])
    for _ in range(2):
        with pytest.raises(DataError):
            open_bounded(path)
    assert len(tried) == 4


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """Return a file of 6 MB: numbers in chunks, texts, one number, none."""
    values = np.random.default_rng(0).normal(size=(3000, 256))
    path = tmp_path / "large.nc"
    with h5py.File(path, "w") as opened:
        opened.create_dataset("values", data=values, chunks=(100, 256), compression="gzip")
        opened.create_dataset("names", data=["a"] * 3000, dtype=h5py.string_dtype())
        opened["one"] = 5.0
        opened["none"] = np.empty((0, 3))
    assert path.stat().st_size > 4 * 1024**2
    return path


@pytest.mark.parametrize("tried", [hdf5_probe.VALUES_TRIED, 2**16])
def test_a_large_file_is_tried_first_as_a_small_one_is(
    large: Path, monkeypatch: pytest.MonkeyPatch, tried: int
) -> None:
    monkeypatch.setattr(hdf5_probe, "VALUES_TRIED", tried)
    monkeypatch.setattr(hdf5_probe, "_read_to_the_end", set())

    def probed() -> None:
        hdf5_probe.refuse_hanging(large, "large.nc", "large.nc", 2**31)

    probed()
    assert len(hdf5_probe._read_to_the_end) == 1
    with h5py.File(large, "a") as opened:
        opened["values"].id.write_direct_chunk((0, 0), b"no deflate")
    with pytest.raises(DataError, match=r"large\.nc holds values that do not unpack"):
        probed()
    monkeypatch.setattr(hdf5_probe, "_PROBE", "import os; os.abort()")
    with pytest.raises(DataError, match="by signal 6"):
        probed()


def mapping(folder: Path) -> ImportOptions:
    columns = "columns: [{column: v, quantity: wind_speed, units: m/s, height: 100 m}]\n"
    text = "time: {column: time, zone: UTC, marks: start}\n" + columns
    (folder / "mapping.yaml").write_text(text)
    return ImportOptions(mapping=folder / "mapping.yaml")


def zarr_store(folder: Path) -> Path:
    pytest.importorskip("zarr")
    time = np.datetime64("2024-01-01", "ns") + np.arange(48) * np.timedelta64(1, "h")
    path = folder / "a.zarr"
    xr.Dataset({"v": ("time", np.ones(48))}, {"time": time}).to_zarr(path, zarr_format=2, consolidated=True)
    return path


def test_a_zarr_store_with_links_or_claims_is_refused(tmp_path: Path) -> None:
    path, options = zarr_store(tmp_path), mapping(tmp_path)
    assert import_record(path, "mapped", options).sizes["time"] == 48
    chunk = path / "v" / "0"
    (tmp_path / "secret").write_bytes(bytes(384))
    chunk.unlink()
    chunk.symlink_to(tmp_path / "secret")
    with pytest.raises(DataError, match="v/0 is a link"):
        import_record(path, "mapped", options)
    chunk.unlink()
    os.mkfifo(chunk)
    with pytest.raises(DataError, match="neither a file nor a folder"):
        import_record(path, "mapped", options)
    chunk.unlink()
    together = path / ".zmetadata"
    about = json.loads(together.read_text())
    about["metadata"]["time/.zarray"]["shape"] = [10**8]
    together.write_text(json.dumps(about))
    with pytest.raises(DataError, match="cannot hold them"):
        import_record(path, "mapped", options)
    together.unlink()
    about = json.loads((path / "time" / ".zarray").read_text())
    (path / "time" / ".zarray").write_text(json.dumps({**about, "shape": [10**8]}))
    with pytest.raises(DataError, match="cannot hold them"):
        import_record(path, "mapped", options)
    (path / "time" / ".zarray").write_text("[" * 100_000)
    with pytest.raises(TestsiteError):
        import_record(path, "mapped", options)


def test_a_parquet_file_with_more_rows_than_it_can_hold_is_refused(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    arrow = pytest.importorskip("pyarrow")
    rows = 20_000_000
    column = arrow.DictionaryArray.from_arrays(arrow.array(np.zeros(rows, "int8")), arrow.array(["2024-01-01"]))
    parquet.write_table(arrow.table({"time": column, "v": column}), tmp_path / "a.parquet")
    assert (tmp_path / "a.parquet").stat().st_size < 200_000
    with pytest.raises(DataError, match="cannot hold them"):
        import_record(tmp_path / "a.parquet", "mapped", mapping(tmp_path))
