"""The figures of a sweep over its keys: one dimension for each, instead of one for all points."""

import itertools

import numpy as np
import xarray as xr

from testsite_sim.common.errors import ConfigurationError


def on_grid(results: xr.DataTree) -> xr.Dataset:
    """Return the figures of a sweep over its keys, instead of over its points.

    Parameters
    ----------
    results : xarray.DataTree
        Those of a sweep.

    Returns
    -------
    xarray.Dataset, dims (key, …, member)
        The group `members` with a dimension for each key, its values as they were written, in the order in which they
        were stated; without `member` where each point was run as it stands.

    Raises
    ------
    ConfigurationError
        When the results are those of no sweep, or its points are not every combination of their values.
    """
    members = results["members"].to_dataset() if "members" in results.children else xr.Dataset()
    keys = [str(name) for name, values in members.coords.items() if values.dims == ("point",)]
    if not keys:
        raise ConfigurationError("grid: the run is no sweep; expected one of `case.sweep({key: values, …})`.")
    written = {key: [str(value) for value in members[key].to_numpy()] for key in keys}
    axes = {key: list(dict.fromkeys(values)) for key, values in written.items()}
    numbers = {point: number for number, point in enumerate(zip(*written.values(), strict=True))}
    combinations = list(itertools.product(*axes.values()))
    if len(numbers) != members.sizes["point"] or sorted(numbers) != sorted(combinations):
        raise ConfigurationError("grid: the points of the sweep are not every combination of their values.")
    order = np.reshape([numbers[each] for each in combinations], [len(values) for values in axes.values()])
    found = members.drop_vars(keys).isel(point=xr.DataArray(order, axes, keys))
    found = found.transpose(*keys, ...)
    return found.isel(member=0, drop=True) if found.sizes["member"] == 1 else found
