"""The variables of a windIO resource: their dimensions by name, turbines by label, profiles at the hubs."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.inputs import Variable
from testsite_sim.wind.energy import SERIES, STATISTICS
from testsite_sim.wind.farm import Farm
from testsite_sim.wind.windio.document import Part, as_floats, shown

NEAR = 0.01  # [m] heights and places that are one
UNITS = {
    "wind_speed": ("m/s", "m s-1", "m s^-1", "m s**-1"),
    "wind_direction": ("degree", "degrees", "deg", "N-degree"),
    "turbulence_intensity": ("", "1", "-", "ratio"),
    "density": ("kg/m3", "kg/m^3", "kg m-3", "kg m**-3"),
    "height": ("m", "metre", "meter"),
    "weibull_a": ("m/s", "m s-1", "m s^-1", "m s**-1"),
}
# What the values of a variable may be, as the energy of a year takes them.
LIMITS: Mapping[str, Variable] = {
    "wind_speed": SERIES["wind_speed"],
    "wind_direction": SERIES["wind_direction"],
    "turbulence_intensity": SERIES["turbulence_intensity"],
    "density": SERIES["air_density"],
    "probability": SERIES["probability"],
    "sector_probability": STATISTICS["sector_frequency"],
    "weibull_a": STATISTICS["weibull_scale"],
    "weibull_k": STATISTICS["weibull_shape"],
}
WITHOUT_EFFECT = (
    "LMO",
    "z0",
    "k",
    "epsilon",
    "potential_temperature",
    "friction_velocity",
    "ground_temperature",
    "stability",
    "ABL_height",
    "capping_inversion_thickness",
    "capping_inversion_strength",
    "capping_inversion_height",
    "lapse_rate",
    "fc",
    "tau_x",
    "tau_y",
)


def coordinate(part: Part, name: str) -> Floats:
    """Return the values of a coordinate, a list or one number, shape (values,).

    Raises
    ------
    Unusable
        When it is neither.
    """
    stated = part.take(name)
    values = as_floats(_data(part, name, stated)[0]) if isinstance(stated, Mapping) else as_floats(stated)
    if values is None or values.ndim > 1 or values.size == 0 or not np.all(np.isfinite(values)):
        part.fail(name, f"is {shown(stated)}; expected a number or a list of numbers.")
    _check_values(part, name, values)
    return np.atleast_1d(values)


def variable(
    part: Part, name: str, plain: Sequence[str], expected: Sequence[str], sizes: Mapping[str, int]
) -> xr.DataArray:
    """Return a variable by its dimensions.

    Parameters
    ----------
    part : Part
        The wind resource.
    name : str
        Of the variable.
    plain : sequence of str
        The dimensions of a list without names of them.
    expected : sequence of str
        The dimensions that it may have.
    sizes : mapping of str to int
        How long each dimension is.

    Raises
    ------
    Unusable
        When it has other dimensions, lengths or units, or values that are not numbers or out of bounds.
    """
    stated = part.take(name)
    if isinstance(stated, Mapping):
        data, dims = _data(part, name, stated)
    else:
        data, dims = stated, tuple(plain) if isinstance(stated, list) else ()
    values = as_floats(data)
    if values is None or values.ndim != len(dims):
        part.fail(
            name, f"has data of {shown(data)} over {list(dims)}; expected numbers, and a name for each dimension."
        )
    if not set(dims) <= set(expected):
        at = f"one value for each {' and '.join(expected)}" if expected else "one number"
        part.fail(name, f"is over {', '.join(dims)}; expected {at}.")
    lengths = {dim: sizes[dim] for dim in dims}
    if values.shape != tuple(lengths.values()):
        part.fail(name, f"has the shape {values.shape}; expected {lengths}.")
    _check_values(part, name, values)
    return xr.DataArray(values, dims=dims)


def _check_values(part: Part, name: str, values: Floats) -> None:
    """Refuse values that are not finite or out of bounds, naming the first of them and its place.

    A turbulence intensity may be missing where no wake depends on it; `read_resource` knows.
    """
    limit = LIMITS.get(name)
    wrong = np.zeros(values.shape, np.bool_) if name == "turbulence_intensity" else ~np.isfinite(values)
    expected = "finite numbers"
    if limit is not None:
        wrong |= (values <= limit.least) if limit.above else (values < limit.least)
        wrong |= values > limit.most
        units = "" if limit.units == "1" else f" {UNITS[name][0]}"
        most = "" if np.isinf(limit.most) else f" and at most {limit.most:g}"
        expected = f"numbers {'above' if limit.above else 'of at least'} {limit.least:g}{most}{units}"
    if wrong.any():
        place = np.argwhere(wrong)[0]
        at = f" at {', '.join(str(index + 1) for index in place)}" if place.size else ""
        part.fail(name, f"is {values[tuple(place)]:g}{at}; expected {expected}.")


def _data(part: Part, name: str, stated: Mapping[str, Any]) -> tuple[Any, tuple[str, ...]]:
    """Return data and dimensions of a variable; its units must be those of windIO."""
    unknown = [key for key in stated if key not in ("data", "dims", "attrs", "name")]
    if unknown or "data" not in stated:
        part.fail(name, f"holds {', '.join(map(str, stated)) or 'nothing'}; expected data and dims.")
    dims = stated.get("dims") or []
    if not isinstance(dims, list) or not all(isinstance(dim, str) for dim in dims):
        part.fail(name, f"has the dims {shown(dims)}; expected the names of its dimensions.")
    attributes = stated.get("attrs") or {}
    units = attributes.get("units") if isinstance(attributes, Mapping) else None
    if units is not None and name in UNITS and str(units) not in UNITS[name]:
        part.fail(name, f"is in {str(units)!r}; windIO has it in {UNITS[name][0] or 'a fraction'}.")
    return stated["data"], tuple(dims)


def turbine_order(part: Part, farm: Farm, has_names: bool) -> NDArray[np.int64]:
    """Return the place in the resource of each turbine of the farm, by label, shape (turbines,).

    Labels are the names that the layout states, else numbers from 0 or from 1 on in the order of the layout.

    Raises
    ------
    Unusable
        When the labels are those of other turbines.
    """
    count = len(farm.turbines)
    if "wind_turbine" not in part:
        return np.arange(count)
    stated = part.take("wind_turbine")
    labels = [str(label) for label in (stated if isinstance(stated, list) else [stated])]
    numbered = [[str(number + first) for number in range(count)] for first in (0, 1)]
    possible = [list(farm.names or ()), *numbered] if has_names else numbered
    names = next((names for names in possible if sorted(names) == sorted(labels)), None)
    if names is None:
        part.fail(
            "wind_turbine",
            f"has {len(labels)} labels, {', '.join(labels[:3])}, …; expected those of the {count} turbines: "
            "turbine_identifiers of the layout, or their numbers from 0 or 1 on.",
        )
    return np.array([labels.index(name) for name in names])


def at_hubs(values: xr.DataArray, heights: Floats, farm: Farm, *, angle: bool) -> xr.DataArray:
    """Return a profile at the hubs, over (turbine) where they differ, linear between the heights.

    Parameters
    ----------
    values : xarray.DataArray, with the dimension height
        The profile.
    heights : ndarray, shape (height,)
        [m], rising, from below the lowest hub to above the highest.
    farm : Farm
        The turbines.
    angle : bool
        Whether it is a direction [degree], which turns the shorter way between two heights.
    """
    if angle:
        axis = values.get_axis_num("height")
        values = values.copy(data=np.unwrap(values.to_numpy(), period=360.0, axis=axis))
    hubs = farm.per_turbine("hub_height")
    everywhere = bool(np.ptp(hubs) == 0.0) and "turbine" not in values.dims
    hubs = hubs[:1] if everywhere else hubs
    above = np.clip(np.searchsorted(heights, hubs), 1, heights.size - 1)
    share = (hubs - heights[above - 1]) / (heights[above] - heights[above - 1])
    at: dict[str, xr.DataArray] = {}
    if "turbine" in values.dims:
        at["turbine"] = xr.DataArray(np.arange(hubs.size), dims="turbine")

    def level(index: NDArray[np.int64]) -> xr.DataArray:
        return values.isel({"height": xr.DataArray(index, dims="turbine"), **at})

    weight = xr.DataArray(share, dims="turbine")
    found = level(above - 1) * (1.0 - weight) + level(above) * weight
    found = found % 360.0 if angle else found
    return found.isel(turbine=0, drop=True) if everywhere else found


def ignore_what_no_model_needs(part: Part) -> None:
    """List the variables of the atmosphere that no wake model here depends on."""
    for name in WITHOUT_EFFECT:
        part.ignore(name, "no model here depends on it: the wind itself is stated")
