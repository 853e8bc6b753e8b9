"""The undisturbed wind of a farm: checked and laid out for the kernels; from a field to the turbines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import xarray as xr
from testsite_kernels.numerics.arrays import Floats, Integers
from testsite_kernels.numerics.constants import STANDARD_AIR_DENSITY

from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.common.inputs import Aligned, Variable, aligned_inputs, refuse
from testsite_sim.common.user_warnings import warn_user
from testsite_sim.wind.farm import Farm, turbine_coordinates
from testsite_sim.wind.models import WakeModel
from testsite_sim.wind.yaw import YAW, yaw_of

TIME, TIME_TURBINE = ("time",), ("time", "turbine")
# What an inflow may hold. The bounds only catch other units and marks of missing values.
INFLOW: Mapping[str, Variable] = {
    "wind_speed": Variable("m s-1", (TIME, TIME_TURBINE), 0.0, 500.0, required=True, standard_name="wind_speed"),
    "wind_direction": Variable(
        "degree", (TIME, TIME_TURBINE), -360.0, 720.0, required=True, standard_name="wind_from_direction"
    ),
    "air_density": Variable("kg m-3", ((), TIME, TIME_TURBINE), 0.0, 3.0, above=True),
    "turbulence_intensity": Variable("1", ((), TIME, TIME_TURBINE), 0.0),
    "power_limit": Variable("W", (("turbine",), TIME_TURBINE), 0.0, infinite=True),
    "yaw": YAW,
}
OF_TURBINES = ("power_limit", "yaw")  # what an inflow says of the turbines, not of the wind
PLACES = (("time", "y", "x"), ("time", "point"), ("y", "x"), ("point",))
# Where a wind holds, which changes no result here.
PLACE = {"latitude": None, "longitude": None}
# Standard deviation of the wind speed [m/s] that a turbulence intensity above 1 may mean without a warning, and at all:
# light winds turn all about (1 m/s and more at a mean of 0.5), but above 10 m/s a percentage is likely, and no wind at
# all varies by 60 m/s (assumptions).
LIKELY_DEVIATION, LARGEST_DEVIATION = 10.0, 60.0


@dataclass(frozen=True)
class Inflow:
    """The undisturbed wind for the kernels: over (time, turbine), or one column or row where all are alike.

    Where turbines of a type have the same wind, `column` holds the type of each, and speed, density factor and limit
    have a column for each type; a limit may have one for each turbine as well.
    """

    speed: Floats  # [m/s]
    direction: Floats  # [degree]
    intensity: Floats  # [1]
    has_turbulence: bool
    density_factor: Floats  # cube root of the air density over that of the curve, (1, 1) without a density
    limit: Floats  # [W], (1, 1) without a limit
    has_density: bool = False
    yaw: Floats = field(default_factory=lambda: np.empty((0, 0)))  # [degree], (0, 0) where no turbine is turned
    column: Integers | None = None

    def limit_of(self, turbines: int) -> Floats:
        """Return the power that each turbine may give [W], shape (time or 1, turbines or 1)."""
        if self.column is None or self.limit.shape[1] in (1, turbines):
            return self.limit
        return np.take(self.limit, self.column, axis=1)

    def levels(self, turbines: int) -> tuple[Integers, int]:
        """Return which column of the wind speed each turbine has where there are several, and how many there are."""
        if self.column is None:
            return np.arange(turbines), turbines
        return self.column, int(self.column.max()) + 1

    @cached_property
    def mean_direction(self) -> Floats:
        """The direction of the farm, the mean of the turbines' as unit vectors, shape (time,) [degree]."""
        if self.direction.shape[1] == 1:
            return np.ascontiguousarray(self.direction[:, 0])
        return mean_direction((self.direction,), (self.direction.shape[1],))


def mean_direction(directions: Sequence[Floats], counts: Sequence[int]) -> Floats:
    """Return the direction of a farm, the mean of its turbines' as unit vectors, shape (time,) [degree].

    Parameters
    ----------
    directions : sequence of ndarray, shape (time, turbines) or (time, 1)
        Of parts of the farm [degree]; one column where all turbines of a part have the same.
    counts : sequence of int
        How many turbines each part has.
    """
    north, east = np.zeros(1), np.zeros(1)
    for direction, count in zip(directions, counts, strict=True):
        angle, share = np.radians(direction), count / sum(counts)
        north, east = north + np.cos(angle).mean(axis=1) * share, east + np.sin(angle).mean(axis=1) * share
    return np.asarray(np.degrees(np.arctan2(east, north)) % 360.0)


def rows_of(inflow: Inflow, rows: Integers) -> Inflow:
    """Return the inflow of some hours."""
    hours = inflow.direction.shape[0]

    def taken(part: Floats) -> Floats:
        return part[rows] if part.shape[0] == hours else part

    return replace(
        inflow,
        speed=taken(inflow.speed),
        direction=taken(inflow.direction),
        intensity=taken(inflow.intensity),
        density_factor=taken(inflow.density_factor),
        limit=taken(inflow.limit),
        yaw=taken(inflow.yaw),
    )


def farm_coordinates(farm: Farm) -> dict[str, object]:
    """Return the coordinates that an inflow may have in addition to time and turbine, and what they must then be."""
    own = {name: entry[1] for name, entry in turbine_coordinates(farm).items() if name != "turbine"}
    return {**own, "height": own["hub_height"], **PLACE}


def read_inflow(
    inflow: xr.Dataset, farm: Farm, model: WakeModel, where: str = "inflow", time: object | None = None
) -> Inflow:
    """Return the inflow of a farm, checked and aligned by label; `simulate_farm` says what it holds.

    Parameters
    ----------
    inflow : xarray.Dataset
        As the user gave it.
    farm : Farm
        The turbines, whose names are the labels.
    model : WakeModel
        What it needs must be there.
    where : str
        What messages call the inflow.
    time : array_like, optional
        The labels of time to align to; None: its own.

    Raises
    ------
    ConfigurationError
        When the farm is no Farm, but the configuration of one, or a case.
    DataError
        When a variable is missing that the model needs, unknown, or of other dimensions, labels, units or values.
    """
    if not isinstance(farm, Farm):
        raise ConfigurationError(
            f"farm: found a {type(farm).__name__}; expected a Farm, as `ts.wind.build_farm(case.scenario.farm)` gives "
            "it."
        )
    labels: dict[str, list[object]] = {"turbine": list(farm.names or ())}
    if time is not None:
        labels["time"] = list(np.asarray(time))
    # Most inflows have no more coordinates than these; those of the farm need not be made for them.
    plain = isinstance(inflow, xr.Dataset) and all(
        name in inflow.data_vars or name in TIME_TURBINE for name in inflow.variables
    )
    coordinates = {} if plain else farm_coordinates(farm)
    found = aligned_inputs(inflow, where, INFLOW, labels=labels, coordinates=coordinates)
    hours = inflow.sizes["time"]
    has_turbulence = "turbulence_intensity" in found
    if not has_turbulence and model.needs_turbulence:
        raise DataError(f"{where}: the wake model ({model.parts}) needs turbulence_intensity; add it to the inflow.")
    speed = _columns(found["wind_speed"], hours)
    intensity = _columns(found["turbulence_intensity"], hours) if has_turbulence else np.zeros((hours, 1))
    if has_turbulence:
        stated = found["turbulence_intensity"]
        _check_turbulence(intensity if stated.dims else intensity[:1], speed, model, where)
    factor, limit = np.array([[1.0]]), np.array([[np.inf]])
    if "air_density" in found:
        factor = np.cbrt(_columns(found["air_density"], hours) / STANDARD_AIR_DENSITY)
    if "power_limit" in found:
        limit = found["power_limit"].values.reshape(-1, len(farm.turbines))
    direction = _columns(found["wind_direction"], hours)
    return Inflow(
        speed,
        direction,
        intensity,
        has_turbulence,
        factor,
        limit,
        "air_density" in found,
        yaw_of(farm.yaw, found["yaw"].values if "yaw" in found else None, direction, where),
    )


def check_deflection(given: Inflow, model: WakeModel) -> None:
    """Refuse an inflow without the turbulence that the deflection of yawed wakes depends on.

    Raises
    ------
    DataError
        When it has none, or one of zero where the model has no value.
    """
    if given.yaw.size == 0 or not model.deflects_by_turbulence:
        return
    if not given.has_turbulence:
        raise DataError(
            f"inflow: turbines are yawed, and the deflection {model.deflection!r} needs turbulence_intensity; add it "
            "to the inflow, or choose another deflection."
        )
    if model.deflection_expansion_rate == 0.0 and given.intensity.min() <= 0.0:
        raise DataError(
            f"inflow: turbulence_intensity falls to 0, where the deflection {model.deflection!r} has no value without "
            "a deflection_expansion_rate; expected a fraction above 0."
        )


def with_neighbours(own: Inflow, others: Inflow | None, farm: Farm, neighbours: Farm) -> Inflow:
    """Return the inflow of a farm with its neighbours behind it, which are never held down.

    Parameters
    ----------
    own, others : Inflow
        Of the farm and of the neighbours; None: that of the farm, which is then the same at all turbines.
    farm, neighbours : Farm
        The turbines.

    Raises
    ------
    DataError
        When the farm's inflow differs between turbines and the neighbours have none, or one of both has a variable
        that the other lacks.
    """
    counts = len(farm.turbines), len(neighbours.turbines)
    hours = own.direction.shape[0]
    theirs = others.yaw if others is not None else yaw_of(neighbours.yaw, None, own.direction, "inflow")
    yaw = _joined_yaw(own.yaw, theirs, counts)
    parts = {
        "speed": "wind_speed",
        "direction": "wind_direction",
        "intensity": "turbulence_intensity",
        "density_factor": "air_density",
    }
    if others is None:
        wide = [name for part, name in parts.items() if getattr(own, part).shape[1] > 1]
        refuse(
            "inflow", [f"{name} is over (turbine); neighbours then want their own: neighbour_inflow." for name in wide]
        )
        whole = np.broadcast_to(own.limit_of(counts[0]), (own.limit.shape[0], counts[0]))
        return replace(own, limit=_joined_limit(whole, counts[1]), yaw=yaw, column=None)
    refuse(
        "neighbour_inflow",
        [
            f"{name} is in one of inflow and neighbour_inflow alone; expected it in both or in none."
            for name, one, other in (
                ("turbulence_intensity", own.has_turbulence, others.has_turbulence),
                ("air_density", own.has_density, others.has_density),
            )
            if one != other
        ],
    )
    (column, levels), (their_column, their_levels) = own.levels(counts[0]), others.levels(counts[1])
    limit = _joined_limit(own.limit, counts[1] if own.limit.shape[1] == counts[0] else their_levels)
    column, joined = np.concatenate([column, levels + their_column]), {}
    for part in parts:
        one, other = getattr(own, part), getattr(others, part)
        widths = (levels, their_levels) if part in ("speed", "density_factor") else counts
        if one.shape[1] > 1 or other.shape[1] > 1 or not np.array_equal(one, other):
            one = np.concatenate(
                [np.broadcast_to(each, (hours, width)) for each, width in zip((one, other), widths, strict=True)],
                axis=1,
            )
        joined[part] = one
    return replace(own, limit=limit, yaw=yaw, column=column, **joined)


def _joined_limit(limit: Floats, free: int) -> Floats:
    """Return the limits of a farm with columns for its neighbours behind them, (1, 1) where nothing is limited."""
    if not np.isfinite(limit).any():
        return np.full((1, 1), np.inf)
    return np.concatenate([limit, np.full((limit.shape[0], free), np.inf)], axis=1)


def _joined_yaw(own: Floats, others: Floats, counts: tuple[int, int]) -> Floats:
    """Return the yaw of a farm and of its neighbours behind it, (0, 0) where no turbine is turned."""
    if own.size == others.size == 0:
        return own
    hours = max(own.shape[0], others.shape[0])
    parts = [
        np.broadcast_to(each, (hours, count)) if each.size else np.zeros((hours, count))
        for each, count in zip((own, others), counts, strict=True)
    ]
    return np.concatenate(parts, axis=1)


def _columns(found: Aligned, hours: int) -> Floats:
    """Return a variable over (time, turbine), one column where it is the same at all turbines."""
    if not found.dims:
        return np.full((hours, 1), float(found.values))
    return found.values.reshape(hours, -1)


def _check_turbulence(intensity: Floats, speed: Floats, model: WakeModel, where: str) -> None:
    """Refuse turbulence that the model has no value for, or that no wind has; warn where it looks like a percentage."""
    if intensity.min() <= 0.0 and model.divides_by_turbulence:
        raise DataError(
            f"{where}: turbulence_intensity falls to 0, where the wake model ({model.parts}) has no value; expected a "
            "fraction above 0, or a model without turbulence."
        )
    if intensity.max() <= 1.0:
        return
    deviation = np.where(intensity > 1.0, intensity * speed, 0.0)
    largest = float(deviation.max())
    if largest > LARGEST_DEVIATION:
        worst = np.broadcast_to(intensity, deviation.shape).ravel()[int(deviation.argmax())]
        raise DataError(
            f"{where}: turbulence_intensity rises to {worst:g} at a wind of {largest / worst:g} m/s, a standard "
            f"deviation of {largest:g} m/s; expected a fraction above 0, such as 0.08, and no percentage."
        )
    if largest > LIKELY_DEVIATION:
        warn_user(
            f"{where}: turbulence_intensity is above 1 in {np.count_nonzero(intensity > 1.0)} value(s), with a "
            f"standard deviation of the wind speed of up to {largest:.3g} m/s; it is taken as a fraction, as stated."
        )


def read_limit(limit: xr.DataArray, farm: Farm) -> Floats:
    """Return what each turbine may give [W], shape (time or 1, turbines), aligned by label.

    Parameters
    ----------
    limit : xarray.DataArray, dims (turbine,) or (time, turbine)
        As the variable power_limit of an inflow.
    farm : Farm
        The turbines, whose names are the labels.
    """
    found = aligned_inputs(
        limit.to_dataset(name="power_limit"),
        "inflow",
        {"power_limit": INFLOW["power_limit"]},
        labels={"turbine": list(farm.names or ())},
        coordinates=farm_coordinates(farm),
    )
    return found["power_limit"].values.reshape(-1, len(farm.turbines))


def inflow_at_turbines(farm: Farm, field: xr.Dataset) -> xr.Dataset:
    """Interpolate a field of the wind to the turbines of a farm.

    Parameters
    ----------
    farm : Farm
        The turbines.
    field : xarray.Dataset, dims (time, y, x) or (time, point)
        wind_speed [m/s], wind_direction [degree], and what else the inflow has; on a grid with coordinates x and y [m],
        or on points whose coordinates x and y are over (point). Within the grid, or the triangles between the points,
        the field is linear (directions as unit vectors); beyond the outermost points that of the nearest one holds.

    Returns
    -------
    xarray.Dataset, dims (time, turbine)
        As in `simulate_farm`, labelled by the names of the turbines.

    Raises
    ------
    DataError
        When the field has neither form, or holds what an inflow does not; when a turbine stands outside the grid.
    """
    variables = {
        name: replace(variable, dims=(*variable.dims, *(() if name in OF_TURBINES else PLACES)))
        for name, variable in INFLOW.items()
    }
    coordinates = {**farm_coordinates(farm), "x": None, "y": None}
    labels = {"turbine": list(farm.names or ())}
    checked = aligned_inputs(field, "inflow", variables, labels=labels, coordinates=coordinates)
    kept = {name: field[name] for name in ("x", "y", "time") if name in field.coords}
    for axis in ("x", "y"):
        if axis in kept and not np.all(np.isfinite(np.asarray(kept[axis], np.float64))):
            raise DataError(f"inflow: the coordinate {axis} holds a place that is not finite.")
    aligned = {
        name: xr.DataArray(part.values, dims=part.dims, attrs=field[name].attrs) for name, part in checked.items()
    }
    field = xr.Dataset(aligned, coords=kept)
    x, y = np.asarray(farm.x), np.asarray(farm.y)
    if "point" in field.dims and {"x", "y"} <= set(field.coords):
        weights = _weights(np.stack([field["x"].to_numpy(), field["y"].to_numpy()], axis=1), np.stack([x, y], axis=1))
        matrix = xr.DataArray(weights, dims=("turbine", "point"))

        def at_turbines(variable: xr.DataArray) -> xr.DataArray:
            found: xr.DataArray = xr.dot(variable, matrix, dim="point")
            return found
    elif {"x", "y"} <= set(field.dims):
        for axis, place in (("x", x), ("y", y)):
            low, high = float(field[axis].min()), float(field[axis].max())
            if place.min() < low or place.max() > high:
                raise DataError(
                    f"inflow: turbines stand from {axis} {place.min():g} to {place.max():g} m, outside the grid, which "
                    f"reaches from {low:g} to {high:g} m; expected a grid that covers them."
                )
        places = {"x": xr.DataArray(x, dims="turbine"), "y": xr.DataArray(y, dims="turbine")}

        def at_turbines(variable: xr.DataArray) -> xr.DataArray:
            return variable.interp(places, method="linear").drop_vars(("x", "y"))
    else:
        raise DataError(
            f"inflow: the field has dimensions {tuple(field.dims)}; expected (time, y, x) or (time, point)."
        )
    found = {}
    for name, variable in field.data_vars.items():
        if not {"x", "y", "point"} & set(variable.dims):
            found[name] = variable
        elif name == "wind_direction":
            angle = variable.copy(data=np.radians(variable.to_numpy()))
            east, north = (at_turbines(angle.copy(data=of(angle.to_numpy()))) for of in (np.sin, np.cos))
            found[name] = xr.apply_ufunc(np.degrees, xr.apply_ufunc(np.arctan2, east, north)) % 360.0
        else:
            found[name] = at_turbines(variable)
        found[name] = found[name].assign_attrs(variable.attrs)
    time = {"time": field["time"]} if "time" in field.coords else {}
    return xr.Dataset(found, coords={**time, "turbine": list(farm.names or ())})


def _weights(points: Floats, places: Floats) -> Floats:
    """Return the weight of each point at each place, shape (places, points): barycentric, or the nearest point's."""
    from scipy.spatial import Delaunay, QhullError, cKDTree

    weights = np.zeros((places.shape[0], points.shape[0]))
    inside = np.zeros(places.shape[0], np.bool_)
    try:
        triangles = Delaunay(points)
    except QhullError:  # fewer than three points, or all in a line
        triangles = None
    if triangles is not None:
        simplex = triangles.find_simplex(places)
        inside = simplex >= 0
        transform = triangles.transform[simplex[inside]]
        first = np.einsum("nij,nj->ni", transform[:, :2], places[inside] - transform[:, 2])
        shares = np.concatenate([first, 1.0 - first.sum(axis=1, keepdims=True)], axis=1)
        np.put_along_axis(block := weights[inside], triangles.simplices[simplex[inside]], shares, axis=1)
        weights[inside] = block
    beyond = np.flatnonzero(~inside)
    weights[beyond, cKDTree(points).query(places[beyond])[1]] = 1.0
    return weights
