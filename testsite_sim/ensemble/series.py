"""The series of every member that are kept: gathered into one file, member after member, so that memory stays flat."""

from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from testsite_sim.common.errors import ConfigurationError, nearest

Series = dict[str, NDArray[np.float64]]
Read = Callable[[int], Series]
FILES = {"hdf5": "series.nc", "zarr": "series.zarr"}


def check_format(form: str) -> None:
    """Refuse a format whose package is missing, before anything is computed."""
    if form == "zarr" and find_spec("zarr") is None:
        raise ConfigurationError(
            "ensemble.series_format: zarr is not installed; `pip install testsite-sim[formats]`, or take hdf5."
        )


def kept_series(results: Mapping[str, xr.Dataset], names: Sequence[str]) -> Series:
    """Return the series of a run that are kept, by `step/variable`.

    Raises
    ------
    ConfigurationError
        When the run has no such series.
    """
    found = {}
    for name in names:
        step, _, variable = name.rpartition("/")
        known = [
            f"{path}/{each}"
            for path, dataset in results.items()
            for each in dataset.data_vars
            if dataset[each].dims == ("time",)
        ]
        if name not in known:
            raise ConfigurationError(f"ensemble.keep_series: the run has no series {name!r}. {nearest(name, known)}")
        found[name] = np.asarray(results[step][variable].to_numpy(), np.float64)
    return found


def described_series(results: Mapping[str, xr.Dataset], names: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return units and meaning of the series that are kept."""
    found = {}
    for name in names:
        step, _, variable = name.rpartition("/")
        about = results[step][variable].attrs
        found[name] = {key: str(about[key]) for key in ("units", "long_name") if key in about}
    return found


def gather_series(
    folder: Path, form: str, about: Mapping[str, Mapping[str, str]], read: Read, cases: int, points: int
) -> Path:
    """Write the kept series of all runs into one file or folder.

    Parameters
    ----------
    folder : Path
        Where to write `series.nc` or `series.zarr`.
    form : str
        `hdf5` or `zarr`.
    about : mapping
        Name to units and meaning.
    read : callable
        From the number of a run to its series, by name.
    cases : int
        How many runs there are.
    points : int
        Scenarios of the sweep; run k is member k // points of scenario k % points.

    Returns
    -------
    Path
        Groups by step; each series over (run, interval), NaN after the end of a shorter run.
    """
    intervals = max(series.size for run in (0, cases - 1) for series in read(run).values())
    runs = np.arange(cases)
    coordinates = {"member": runs // points, "point": runs % points}
    path = folder / FILES[form]
    writer = _into_zarr if form == "zarr" else _into_hdf5
    writer(path, about, coordinates, (cases, intervals), read)
    return path


def _into_hdf5(
    path: Path,
    about: Mapping[str, Mapping[str, str]],
    coordinates: Mapping[str, NDArray[np.int64]],
    shape: tuple[int, int],
    read: Read,
) -> None:
    """Write NetCDF-4."""
    import h5netcdf

    with h5netcdf.File(path, "w") as file:
        file.dimensions = {"run": shape[0], "interval": shape[1]}
        for name, values in coordinates.items():
            file.create_variable(name, ("run",), data=values)
        written: dict[str, Any] = {}
        for name, attributes in about.items():
            written[name] = file.create_variable(
                f"/{name}",
                ("run", "interval"),
                np.float64,
                fillvalue=np.nan,
                chunks=(1, shape[1]),
                compression="gzip",
                compression_opts=1,
                shuffle=True,
            )
            written[name].attrs.update(attributes)
        for run in range(shape[0]):
            for name, series in read(run).items():
                written[name][run, : series.size] = series


def _into_zarr(
    path: Path,
    about: Mapping[str, Mapping[str, str]],
    coordinates: Mapping[str, NDArray[np.int64]],
    shape: tuple[int, int],
    read: Read,
) -> None:
    """Write Zarr, a chunk for each run."""
    import zarr

    root = zarr.open_group(path, mode="w")
    for step in {"", *(name.rpartition("/")[0] for name in about)}:
        group = root.require_group(step) if step else root
        for name, values in coordinates.items():
            group.create_array(name, data=values, dimension_names=("run",))
    written: dict[str, Any] = {}
    for name, attributes in about.items():
        written[name] = root.create_array(
            name,
            shape=shape,
            chunks=(1, shape[1]),
            dtype="float64",
            fill_value=np.nan,
            dimension_names=("run", "interval"),
            attributes={**attributes},
        )
    for run in range(shape[0]):
        for name, series in read(run).items():
            written[name][run, : series.size] = series
