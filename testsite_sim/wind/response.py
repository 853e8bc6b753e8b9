"""The response of a farm as a table, for decades of hours; its error is measured against the exact path."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
import xarray as xr
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.wind.response_table import ResponseTable, interpolate_response

from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.common.inputs import Variable, aligned_inputs, checked_number
from testsite_sim.common.yaw_bounds import LARGEST_YAW
from testsite_sim.wind.farm import Farm, turbine_coordinates
from testsite_sim.wind.farm_flow import simulate_farm
from testsite_sim.wind.inflow import read_inflow
from testsite_sim.wind.models import WakeModel, wake_model
from testsite_sim.wind.sweeping import check_workers
from testsite_sim.wind.threads import in_parts
from testsite_sim.wind.yaw import ABOUT_YAW, yaw_at

CHECKED_HOURS = 500  # of an inflow, spread over it, that are simulated exactly as well


def farm_response(
    farm: Farm,
    model: str | WakeModel = "bastankhah",
    *,
    direction_step: float = 1.0,
    speed_step: float = 0.25,
    turbulence_intensities: Sequence[float] = (),
    blockage: str = "none",
    neighbours: Farm | None = None,
) -> xr.Dataset:
    """Return the power of every turbine at all directions, wind speeds and, where the model needs it, turbulences.

    Parameters
    ----------
    farm, model, blockage, neighbours
        As in `simulate_farm`.
    direction_step, speed_step : float
        Between the points of the table [degree], which divides 360, and [m/s].
    turbulence_intensities : sequence of float
        Evenly spaced points [1]; none, or one, where the turbulence does not vary.

    Returns
    -------
    xarray.Dataset, dims (wind_direction, wind_speed, turbulence_intensity, turbine)
        power [W] at an air density of 1.225 kg/m³; the yaw of a farm that has one, over (wind_direction, turbine).

    Raises
    ------
    ConfigurationError
        When a step does not fit, or the model needs a turbulence and none is given.
    DataError
        When the farm is yawed and its deflection needs a turbulence.
    """
    chosen = wake_model(model)
    direction_step = checked_number(
        "response: direction_step", direction_step, ConfigurationError, least=0.0, above=True
    )
    speed_step = checked_number("response: speed_step", speed_step, ConfigurationError, least=0.0, above=True)
    count = round(360.0 / direction_step) if direction_step > 0.0 else 0
    if count < 1 or abs(count * direction_step - 360.0) > 1e-9 or speed_step <= 0.0:
        raise ConfigurationError(
            f"response: the steps are {direction_step:g} degrees and {speed_step:g} m/s; expected a divisor of 360 and "
            "a number above 0."
        )
    intensities = np.asarray(turbulence_intensities, np.float64)
    if intensities.ndim != 1 or not np.all(np.isfinite(intensities)) or np.any(np.diff(intensities) <= 0.0):
        raise ConfigurationError(
            f"response: turbulence_intensities are {intensities}; expected finite numbers that rise."
        )
    if chosen.needs_turbulence and intensities.size == 0:
        raise ConfigurationError(
            f"response: the wake model ({chosen.parts}) needs turbulence_intensities; give one or more."
        )
    if intensities.size > 2 and np.ptp(np.diff(intensities)) > 1e-9:
        raise ConfigurationError(f"response: turbulence_intensities must be evenly spaced, found {intensities}.")
    highest = max(float(np.asarray(turbine.wind_speed)[-1]) for turbine in farm.turbines)
    # Two points past the end of the curves: the first one there is the fall to zero.
    speeds = np.arange(int(np.ceil(highest / speed_step)) + 3) * speed_step
    directions = np.arange(count) * direction_step
    axes = (directions, speeds, intensities if intensities.size else np.array([np.nan]))
    direction, speed, intensity = (grid.ravel() for grid in np.meshgrid(*axes, indexing="ij"))
    inflow = xr.Dataset({"wind_speed": ("time", speed), "wind_direction": ("time", direction)})
    if intensities.size:
        inflow["turbulence_intensity"] = ("time", intensity)
    power = simulate_farm(farm, inflow, model, blockage=blockage, neighbours=neighbours)["power"].to_numpy()
    cut_out, yaw = np.full(speeds.size, np.nan), _yaw_of(farm, np.asarray(directions, np.float64))
    for end in {float(np.asarray(turbine.wind_speed)[-1]) for turbine in farm.turbines}:
        cut_out[int(end / speed_step)] = end
    names = ("wind_direction", "wind_speed", "turbulence_intensity")
    return xr.Dataset(
        {
            "power": (
                (*names, "turbine"),
                power.reshape(*(axis.size for axis in axes), -1),
                {"units": "W", "long_name": "power of the turbine"},
            ),
            "cut_out": ("wind_speed", cut_out, {"units": "m s-1", "long_name": "end of a power curve"}),
            **({} if farm.yaw is None else {"yaw": (("wind_direction", "turbine"), yaw, ABOUT_YAW)}),
        },
        coords={
            **{
                name: (name, axis, {"units": units})
                for name, axis, units in zip(names, axes, ("degree", "m s-1", "1"), strict=True)
            },
            **turbine_coordinates(farm),
        },
        attrs={
            "wake_model": chosen.source,
            "model": _model_text(model),
            "blockage": blockage,
            "neighbours": _neighbours_text(neighbours),
        },
    )


def simulate_by_response(
    farm: Farm,
    inflow: xr.Dataset,
    response: xr.Dataset,
    *,
    total: bool = False,
    neighbours: Farm | None = None,
    workers: int | None = None,
) -> xr.Dataset:
    """Read the power of a series of winds from the table of a farm, and measure what that errs.

    The air density counts as if it scaled the undisturbed wind speed. Some hours, spread over the series, are simulated
    exactly as well; the difference is written into the attributes.

    Parameters
    ----------
    farm : Farm
        The turbines.
    inflow : xarray.Dataset, dims (time,)
        As in `simulate_farm`, the same for all turbines and without power limits.
    response : xarray.Dataset
        As `farm_response` gives it for this farm.
    total : bool
        The power of the farm alone.
    neighbours : Farm, optional
        Those with which the response was made.
    workers : int, optional
        Threads; None: one a processor.

    Returns
    -------
    xarray.Dataset, dims (time, turbine) or (time,)
        power [W]; attributes `energy_error`, the relative error of the farm's energy in the checked hours,
        `power_error`, the root mean square error of its power over its rated power, and `checked_hours`.

    Raises
    ------
    DataError
        When the inflow varies over the farm, or does not fit the response; when the response is none, or that of
        another farm.
    """
    check_workers(workers)
    model = _model_of(response, farm)
    given = read_inflow(inflow, farm, model)
    if max(part.shape[1] for part in (given.speed, given.direction, given.intensity, given.density_factor)) > 1:
        raise DataError("inflow: the response of a farm holds for a wind that is the same at all turbines.")
    if np.isfinite(given.limit).any():
        raise DataError("inflow: the response of a farm knows no power_limit; simulate the farm itself.")
    if "yaw" in inflow:
        raise DataError(
            "inflow: the response of a farm knows no yaw by hour; state it by sectors of the wind direction "
            "(`Farm.yaw`) and make the response anew, or simulate the farm itself."
        )
    response = _of_farm(response, farm)
    if response.attrs["neighbours"] != _neighbours_text(neighbours):
        raise DataError("response: is that of other neighbours; name those of `farm_response`, or make it anew.")
    table = response["power"].to_numpy()
    if total:
        table = table.sum(axis=-1, keepdims=True)
    hours = given.direction.shape[0]
    speed = np.ascontiguousarray((given.speed * given.density_factor)[:, 0])
    direction, intensity = given.mean_direction, np.ascontiguousarray(given.intensity[:, 0])
    direction_step, speed_step = (float(response[name][1]) for name in ("wind_direction", "wind_speed"))
    points = response["turbulence_intensity"].to_numpy()
    first, width = float(points[0]), float(points[1] - points[0]) if points.size > 1 else 1.0
    power, cut_out = np.empty((hours, table.shape[-1])), response["cut_out"].to_numpy()

    table, whole = np.ascontiguousarray(np.moveaxis(table, 2, 0)), np.array([0, table.shape[-1]])
    points_of_table = ResponseTable(table, direction_step, speed_step, first, width, cut_out[None, :], whole)

    def part(begin: int, end: int) -> None:
        hours = slice(begin, end)
        interpolate_response(points_of_table, direction[hours], speed[hours, None], intensity[hours], power[hours])

    in_parts(part, hours, workers)
    if not np.isfinite(power.sum()):
        raise DataError("response: power holds values that are not finite where this series reads it; make it anew.")
    checked = np.unique(np.linspace(0, hours - 1, CHECKED_HOURS).astype(int))
    exact = simulate_farm(
        farm, inflow.isel(time=checked), model, blockage=str(response.attrs["blockage"]), neighbours=neighbours
    )["power"].sum("turbine")
    found, expected = power[checked].sum(axis=1), exact.to_numpy()
    rated = float(farm.per_turbine("rated_power").sum())
    time = {"time": inflow["time"]} if "time" in inflow.coords else {}
    attributes = {"units": "W", "long_name": "power of the farm" if total else "power of the turbine"}
    if total:
        result = xr.Dataset({"power": ("time", power[:, 0], attributes)}, coords=time)
    else:
        coordinates = {**time, **turbine_coordinates(farm)}
        result = xr.Dataset({"power": (("time", "turbine"), power, attributes)}, coords=coordinates)
    return result.assign_attrs(
        wake_model=response.attrs["wake_model"],
        energy_error=float(found.sum() / expected.sum() - 1.0) if expected.sum() > 0.0 else 0.0,
        power_error=float(np.sqrt(np.mean((found - expected) ** 2)) / rated),
        checked_hours=int(checked.size),
    )


AXES = ("wind_direction", "wind_speed", "turbulence_intensity")
RESPONSE = {
    "power": Variable("W", ((*AXES, "turbine"),), required=True, scanned=False),
    "cut_out": Variable("m s-1", (("wind_speed",),), 0.0, required=True, infinite=True),
    "yaw": Variable("degree", (("wind_direction", "turbine"),), -LARGEST_YAW, LARGEST_YAW),
}


def _model_text(model: str | WakeModel) -> str:
    """Return a model as the attribute of a response: its name, or its parts."""
    return model if isinstance(model, str) else json.dumps(asdict(model))


def _neighbours_text(neighbours: Farm | None) -> str:
    """Return neighbours as the attribute of a response: how many turbines, and a digest of what their wakes need."""
    if neighbours is None:
        return "none"
    found = hashlib.sha256()
    parts = [neighbours.x, neighbours.y, *(neighbours.per_turbine(name) for name in ("hub_height", "rotor_diameter"))]
    for turbine in neighbours.types[0]:
        parts += [turbine.wind_speed, turbine.power, turbine.thrust_coefficient]
    if neighbours.yaw is not None:
        parts += [variable.to_numpy() for _, variable in sorted(neighbours.yaw.items())]
    for part in parts:
        found.update(np.ascontiguousarray(part, np.float64).tobytes())
    return f"{len(neighbours.turbines)} turbines, {found.hexdigest()[:16]}"


def _model_of(response: xr.Dataset, farm: Farm) -> WakeModel:
    """Return the model that a response was made with."""
    written = {"model", "blockage", "wake_model", "neighbours"}
    if not isinstance(response, xr.Dataset) or not written <= set(response.attrs):
        raise DataError("response: lacks what `farm_response` writes; make it with that.")
    stated = str(response.attrs["model"])
    return WakeModel(**json.loads(stated)) if stated.startswith("{") else wake_model(stated)


def _of_farm(response: xr.Dataset, farm: Farm) -> xr.Dataset:
    """Return a response with its turbines in the order of a farm, whose it must be, and its axes rising."""
    fallen = [
        axis
        for axis in AXES
        if response.sizes.get(axis, 0) > 1 and not response.get_index(axis).is_monotonic_increasing
    ]
    if fallen:
        response = response.sortby(fallen)
    cut_out = response["cut_out"].fillna(np.inf) if "cut_out" in response else None
    whole = response if cut_out is None else response.assign(cut_out=cut_out)
    own = {name: entry[1] for name, entry in turbine_coordinates(farm).items() if name != "turbine"}
    labels = {"turbine": list(farm.names or ())}
    found = aligned_inputs(whole, "response", RESPONSE, labels=labels, coordinates=own)
    expected = _yaw_of(farm, response["wind_direction"].to_numpy())
    if not np.array_equal(found["yaw"].values if "yaw" in found else np.zeros_like(expected), expected):
        raise DataError("response: is that of another yaw of the farm; make it anew by `farm_response`.")
    return response.assign(power=(found["power"].dims, found["power"].values))


def _yaw_of(farm: Farm, directions: Floats) -> Floats:
    """Return the yaw of the turbines at directions [degree], shape (directions, turbines)."""
    none = np.zeros((directions.size, len(farm.turbines)))
    return none if farm.yaw is None else none + yaw_at(farm.yaw, directions[:, None])
