"""Files are the same, whoever writes them: a process of the program's own, which takes short ways, or the user's."""

from contextlib import nullcontext
from typing import Any

import h5netcdf
import numpy as np
import pytest
import xarray as xr

from testsite_sim.output import netcdf
from testsite_sim.output.netcdf import netcdf_bytes


def results() -> xr.DataTree:
    """Return groups with what results hold: times, names, tables, numbers alone, dimensions without a coordinate."""
    time = np.datetime64("2020-01-01T00", "ns") + np.arange(3000) * np.timedelta64(3_600_000_000_000, "ns")
    turbine = np.array([f"T{k}" for k in range(40)], dtype=object)
    step = xr.Dataset(
        {
            "power": (("time", "turbine"), np.arange(3000 * 40, dtype=float).reshape(3000, 40), {"units": "W"}),
            "energy": ((), 3.0, {"units": "J", "long_name": "energy"}),
            "share": ("month", np.linspace(0.0, 1.0, 12)),
            "kind": ("turbine", turbine),
        },
        coords={"time": time, "turbine": turbine},
    )
    return xr.DataTree.from_dict({"/": xr.Dataset(attrs={"title": "some"}), "wind": step, "plant": step})


def encoding() -> dict[str, dict[str, dict[str, Any]]]:
    """Return how the table of each group is stored."""
    stored = {"power": {"zlib": True, "chunksizes": (1000, 40), "_FillValue": None}}
    return {"/wind": stored, "/plant": stored}


def test_short_lookups_write_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    look = vars(h5netcdf.core.BaseObject)["_h5ds"]
    monkeypatch.setattr(h5netcdf.core.BaseObject, "_h5ds", property(lambda self: asked.append(1) or look.fget(self)))
    usual = netcdf_bytes(results(), encoding())
    before = len(asked)
    monkeypatch.setattr(netcdf, "is_own_process", lambda: True)
    assert netcdf_bytes(results(), encoding()) == usual
    assert before > 100
    assert len(asked) == before  # the short way was taken, and the usual one stands again
    monkeypatch.setattr(netcdf, "short_lookups", nullcontext)
    assert netcdf_bytes(results(), encoding()) == usual
    assert len(asked) == 2 * before


def test_a_library_that_finds_datasets_otherwise_does_so(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = netcdf_bytes(results(), encoding())
    monkeypatch.setattr(netcdf, "is_own_process", lambda: True)
    look = vars(h5netcdf.core.BaseObject)["_h5ds"]

    class Another:
        """Gives the dataset, but is no property."""

        def __get__(self, holder: Any, kind: Any = None) -> Any:
            return look.__get__(holder, kind)

    monkeypatch.setattr(h5netcdf.core.BaseObject, "_h5ds", Another())
    assert netcdf_bytes(results(), encoding()) == usual


def test_memory_refused_while_a_file_grows_is_an_error_of_memory_and_no_signal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Aims at HDF5, which a failing write ends by a segmentation fault once the file is closed."""
    usual = netcdf_bytes(results(), encoding())
    left = [0]

    class Refusing(bytearray):
        """Has no memory for one write."""

        def __setitem__(self, place: Any, part: Any) -> None:
            left[0] -= 1
            if left[0] == 0:
                raise MemoryError
            super().__setitem__(place, part)

    def begin(self: Any) -> None:
        self.content, self.refused, self._at = Refusing(), False, 0

    monkeypatch.setattr(netcdf._InMemory, "__init__", begin)
    assert netcdf_bytes(results(), encoding()) == usual
    writes = -left[0]
    assert writes > 10
    for number in (1, 2, writes // 2, writes):
        left[0] = number
        with pytest.raises(MemoryError, match="no memory for a NetCDF file"):
            netcdf_bytes(results(), encoding())
