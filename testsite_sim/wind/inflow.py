"""The undisturbed wind of a farm: checked and laid out for the kernels; from a field to the turbines."""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy.spatial import Delaunay, QhullError, cKDTree

from testsite_sim.constants import STANDARD_AIR_DENSITY
from testsite_sim.errors import DataError, nearest
from testsite_sim.wind.farm import Farm
from testsite_sim.wind.models import WakeModel

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Inflow:
    """The undisturbed wind as the kernels take it: over (time, turbine), or one column or row where all are alike."""

    speed: Floats  # [m/s]
    direction: Floats  # [degree]
    intensity: Floats  # [1]
    has_turbulence: bool
    density_factor: Floats  # cube root of the air density over that of the curve, (1, 1) without a density
    limit: Floats  # [W], (1, 1) without a limit

    @property
    def mean_direction(self) -> Floats:
        """The direction of the farm, the mean of the turbines' as unit vectors, shape (time,) [degree]."""
        if self.direction.shape[1] == 1:
            return np.ascontiguousarray(self.direction[:, 0])
        angle = np.radians(self.direction)
        turned = np.arctan2(np.sin(angle).mean(axis=1), np.cos(angle).mean(axis=1))
        return np.asarray(np.degrees(turned) % 360.0)


def read_inflow(inflow: xr.Dataset, turbines: int, model: WakeModel, name: str) -> Inflow:
    """Return the inflow of a farm of so many turbines, checked; `simulate_farm` says what it holds.

    Raises
    ------
    DataError
        When a variable is missing that the model, called by its name, needs, or has a wrong shape or value.
    """
    direction = _variable(inflow, "wind_direction")
    hours = direction.shape[0] if direction.ndim else 0
    shapes = ((hours,), (hours, turbines))
    speed = _variable(inflow, "wind_speed")
    if direction.shape not in shapes or speed.shape not in shapes:
        raise DataError(
            f"inflow: wind_speed has shape {speed.shape}, wind_direction {direction.shape}; "
            f"wanted (time,) or (time, {turbines}) and (time,)."
        )
    if speed.min() < 0.0:
        raise DataError(f"inflow: wind_speed falls to {speed.min():g} m/s; wanted zero or more.")
    factor = np.ones((1, 1))
    if "air_density" in inflow:
        density = _variable(inflow, "air_density")
        if density.shape not in shapes or density.min() <= 0.0:
            raise DataError(f"inflow: air_density has shape {density.shape}, lowest {density.min():g}; wanted above 0.")
        factor = np.cbrt(density / STANDARD_AIR_DENSITY).reshape(hours, -1)
    has_turbulence = "turbulence_intensity" in inflow
    if not has_turbulence and model.needs_turbulence:
        raise DataError(f"inflow: the wake model {name!r} needs turbulence_intensity; add it to the inflow.")
    return Inflow(
        speed=speed.reshape(hours, -1),
        direction=direction.reshape(hours, -1),
        intensity=_intensity(inflow, hours, turbines) if has_turbulence else np.zeros((hours, 1)),
        has_turbulence=has_turbulence,
        density_factor=factor,
        limit=_limit(inflow, hours, turbines),
    )


def _intensity(inflow: xr.Dataset, hours: int, turbines: int) -> Floats:
    """Return the turbulence intensity, shape (time, turbines or 1)."""
    stated = _variable(inflow, "turbulence_intensity")
    if stated.shape not in ((), (hours,), (hours, turbines)) or stated.min() <= 0.0 or stated.max() > 1.0:
        raise DataError(
            f"inflow: turbulence_intensity has shape {stated.shape}, from {stated.min():g} to {stated.max():g}; "
            "wanted a fraction above 0, up to 1."
        )
    column = np.full(hours, float(stated)) if stated.ndim == 0 else stated
    return np.ascontiguousarray(column.reshape(hours, -1))


def _limit(inflow: xr.Dataset, hours: int, turbines: int) -> Floats:
    """Return the largest power of the turbines [W], infinite where nothing is said."""
    if "power_limit" not in inflow:
        return np.full((1, 1), np.inf)
    stated = np.asarray(inflow["power_limit"].transpose(..., "turbine").to_numpy(), dtype=np.float64)
    if stated.shape not in ((hours, turbines), (turbines,)) or not stated.min() >= 0.0:
        raise DataError(
            f"inflow: power_limit has shape {stated.shape}, lowest {stated.min():g}; wanted ({turbines},) or "
            f"{(hours, turbines)}, zero or more."
        )
    return np.ascontiguousarray(stated.reshape(-1, turbines))


def _variable(inflow: xr.Dataset, name: str) -> NDArray[np.float64]:
    """Return a variable of the inflow as contiguous floats, time first."""
    if name not in inflow:
        raise DataError(f"inflow: there is no {name}. {nearest(name, map(str, inflow.data_vars))}")
    variable = inflow[name]
    if "time" in variable.dims:
        variable = variable.transpose("time", ...)
    values = np.asarray(variable.to_numpy(), dtype=np.float64, order="C")
    bad = int(np.count_nonzero(~np.isfinite(values)))
    if bad:
        raise DataError(f"inflow: {name} holds {bad} value(s) that are not finite; repair the record first.")
    return values


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
        As `simulate_farm` takes it.

    Raises
    ------
    DataError
        When the field has neither form, or a turbine stands outside the grid.
    """
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
                    f"reaches from {low:g} to {high:g} m; wanted a grid that covers them."
                )
        places = {"x": xr.DataArray(x, dims="turbine"), "y": xr.DataArray(y, dims="turbine")}

        def at_turbines(variable: xr.DataArray) -> xr.DataArray:
            return variable.interp(places, method="linear").drop_vars(("x", "y"))
    else:
        raise DataError(f"inflow: the field has dimensions {tuple(field.dims)}; wanted (time, y, x) or (time, point).")
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
    return xr.Dataset(found)


def _weights(points: Floats, places: Floats) -> Floats:
    """Return the weight of each point at each place, shape (places, points): barycentric, or the nearest point's."""
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
