"""The results of a run as one NetCDF-4 file, a group per step of the chain; the same bytes for the same run."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import xarray as xr

from testsite_sim.common.errors import ConfigurationError, TestsiteError
from testsite_sim.common.units import HOUR, MEGAWATT_HOUR
from testsite_sim.common.version import __version__
from testsite_sim.output.labels import described
from testsite_sim.output.netcdf import write_netcdf
from testsite_sim.output.run_directory import RESULTS, file_of_run

# Large tables are stored in single precision: seven digits, at half the size; everything else is exact.
SINGLE_PRECISION = ("power",)
MOST_BYTES = 16 * 1024**3  # of results that are read again


# What a variable in SI is read in: by its units, the units shown and the factor to them.
SHOWN_UNITS = {
    "W": ("MW", 1e-6),
    "J": ("MWh", 1.0 / MEGAWATT_HOUR),
    "EUR J-1": ("EUR/MWh", MEGAWATT_HOUR),
    "kg s-1": ("kg/h", HOUR),
    "Pa": ("bar", 1e-5),
}
REFERENCES = (
    "testsite-sim, docs/methods: what each step computes, with its sources; docs/nomenclature.md: every name and unit"
)
LONGEST_ATTRIBUTE = 60_000  # bytes; HDF5 keeps attributes of up to 64 kB in the header of their object


def results_tree(results: Mapping[str, xr.Dataset], title: str, scenario: str = "") -> xr.DataTree:
    """Return the Datasets of all steps as a tree, a group a step.

    The root says what made the file (CF 1.11 and ACDD 1.3: title, source, history, references, product_version) and
    from which scenario; the date is in `run.json`, so that the same run gives the same bytes. A variable whose SI unit
    is not the one that people read (W, J, EUR J-1, kg s-1, Pa) carries `shown_units` and `shown_factor`; see
    `in_shown_units`.

    Parameters
    ----------
    results : mapping of str to xarray.Dataset
        By the name of the step.
    title : str
        The title of the scenario.
    scenario : str
        The resolved scenario; one that is too long for an attribute is named by its SHA-256 digest.
    """
    digest = hashlib.sha256(scenario.encode()).hexdigest()
    short = len(scenario.encode()) <= LONGEST_ATTRIBUTE
    root = {
        "title": title,
        "Conventions": "CF-1.11, ACDD-1.3",
        "source": f"simulation by testsite-sim {__version__}",
        "product_version": __version__,
        "history": f"made by testsite-sim {__version__} from the scenario with SHA-256 {digest}",
        "references": REFERENCES,
        "scenario": scenario if short else f"scenario.yaml next to this file, SHA-256 {digest}",
    }
    marked = {step: _with_shown_units(described(dataset)) for step, dataset in results.items()}
    return xr.DataTree.from_dict({"/": xr.Dataset(attrs=root), **marked})


def write_results(tree: xr.DataTree, path: Path) -> None:
    """Write a tree of results as one file, which `xarray.open_datatree` reads."""
    encoding = {node.path: _encoding(node.to_dataset(inherit=False)) for node in tree.subtree if node.variables}
    write_netcdf(tree, path, encoding)


def _with_shown_units(dataset: xr.Dataset) -> xr.Dataset:
    """Return a Dataset whose variables say which unit they are read in, where it is another one."""
    result = dataset.copy()
    for variable in result.variables.values():
        units, factor = SHOWN_UNITS.get(str(variable.attrs.get("units")), (None, 1.0))
        if units is not None:
            variable.attrs = {**variable.attrs, "shown_units": units, "shown_factor": factor}
    return result


def in_shown_units(dataset: xr.Dataset) -> xr.Dataset:
    """Return a group of results in the units that people read: MW, MWh, EUR/MWh, kg/h, bar; the rest as it is.

    Parameters
    ----------
    dataset : xarray.Dataset
        A group of `results.nc`, such as `tree["plant"].to_dataset()`.

    Examples
    --------
    >>> import xarray as xr
    >>> made = {"units": "EUR J-1", "shown_units": "EUR/MWh", "shown_factor": 3.6e9}
    >>> price = in_shown_units(xr.Dataset({"price": ("time", [2e-8], made)}))["price"]
    >>> round(float(price[0]), 6), price.attrs["units"]
    (72.0, 'EUR/MWh')
    """
    result = dataset.copy()
    for name in dataset.variables:
        attributes = dict(dataset[name].attrs)
        if "shown_factor" in attributes:
            factor, units = float(attributes.pop("shown_factor")), attributes.pop("shown_units")
            result[name] = (dataset[name] * factor).assign_attrs({**attributes, "units": units})
    return result


def _encoding(dataset: xr.Dataset) -> dict[str, dict[str, object]]:
    """Return how each variable is stored: compressed where long, without a fill value where nothing is missing."""
    encoding: dict[str, dict[str, object]] = {}
    for name, variable in dataset.variables.items():
        if variable.dtype.kind in "OUS":
            continue
        chosen: dict[str, object] = {}
        if variable.size > 1000:
            chosen.update(zlib=True, complevel=1, shuffle=True, chunksizes=_chunks(variable))
        if variable.dtype.kind == "f":
            chosen["_FillValue"] = None if np.isfinite(variable.to_numpy()).all() else np.nan
            if str(name) in SINGLE_PRECISION and variable.ndim == 2:
                chosen["dtype"] = "float32"
        encoding[str(name)] = chosen
    return encoding


def _chunks(variable: xr.Variable) -> tuple[int, ...]:
    """Return chunks of whole rows of about a megabyte."""
    row = int(np.prod(variable.shape[1:], initial=1))
    return (max(1, min(variable.shape[0], 131_072 // row)), *variable.shape[1:])


def read_results(folder: Path) -> xr.DataTree:
    """Read the results of a run directory into memory.

    Raises
    ------
    ConfigurationError
        When the folder is not a run directory.
    DataError
        When the file hangs or ends the library, states more than it can hold, or reaches outside itself.
    """
    # HDF5 is imported to read alone: what draws takes the results from memory.
    from testsite_sim.common.hdf5_probe import refuse_hanging
    from testsite_sim.common.hdf5_safety import check_hdf5
    from testsite_sim.common.netcdf_opening import close_in_silence

    path = file_of_run(folder, RESULTS)
    try:
        refuse_hanging(path, str(path), str(path), MOST_BYTES)
        check_hdf5(path, str(path), MOST_BYTES)
        close_in_silence()
        with xr.open_datatree(path, engine="h5netcdf") as tree:
            return tree.load()
    except TestsiteError:
        raise
    except Exception as error:  # libraries below raise nearly anything on a broken file
        reason = (str(error).splitlines() or [type(error).__name__])[0][:120]
        raise ConfigurationError(f"{path}: cannot be read as NetCDF ({reason}).") from error
