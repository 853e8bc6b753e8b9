import gc
import sys
from pathlib import Path

import h5netcdf
import h5py
import pytest

from testsite_sim.common.errors import DataError
from testsite_sim.common.netcdf_opening import open_netcdf4, read_packaged
from testsite_sim.plant import properties


def whose_first_attribute_is_damaged(path: Path) -> Path:
    """Write a file that opens, and of which the attribute that h5netcdf asks for first cannot be read."""
    with h5py.File(path, "w") as opened:
        opened.attrs["_nc3_strict"] = "text"  # stands in a heap
    content = path.read_bytes()
    assert content.count(b"GCOL") == 1
    path.write_bytes(content.replace(b"GCOL", b"XXXX"))
    return path


def test_a_file_whose_opening_fails_half_way_is_removed_in_silence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = whose_first_attribute_is_damaged(tmp_path / "a.nc")
    printed: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", printed.append)
    monkeypatch.delattr(h5netcdf.File, "_writable", raising=False)
    with pytest.raises(OSError, match="global heap"):
        h5netcdf.File(path)
    gc.collect()
    assert len(printed) == 1  # what the library does of itself; once it does not, this module has nothing to do
    with pytest.raises(OSError, match="global heap"):
        open_netcdf4(path)
    gc.collect()
    assert len(printed) == 1


def test_a_packaged_table_that_cannot_be_read_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = whose_first_attribute_is_damaged(tmp_path / "a.nc")
    with pytest.raises(DataError, match=r"^a table: .*cannot be read .*; install testsite-sim anew\.$"):
        read_packaged(path, "a table")
    monkeypatch.setattr(properties, "TABLE", path)
    with pytest.raises(DataError, match="properties of hydrogen"):
        properties.hydrogen.__wrapped__()
