"""Results averaged over an uncertain wind direction, for comparison with measurements; and maps of the flow."""

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.common.inputs import checked_number
from testsite_sim.wind.farm import Farm, Turbine
from testsite_sim.wind.farm_flow import simulate_farm
from testsite_sim.wind.inflow import OF_TURBINES, read_inflow
from testsite_sim.wind.models import WakeModel, wake_model

AVERAGED = ("power", "wind_speed_effective", "thrust_coefficient", "turbulence_intensity_effective")


def simulate_farm_averaged(
    farm: Farm,
    inflow: xr.Dataset,
    model: str | WakeModel = "bastankhah",
    *,
    standard_deviation: float = 0.0,
    half_width: float = 0.0,
    step: float = 0.25,
) -> xr.Dataset:
    """Simulate a farm with each wind direction spread over its neighbours.

    Measured directions are uncertain, and measurements are averaged over sectors; the result is averaged over a normal
    distribution (Gaumond et al. (2014), Wind Energy 17, 1169-1178), a sector of even likelihood, or both.

    Parameters
    ----------
    farm, inflow, model
        As in `simulate_farm`; the yaw of a farm by sectors is that of each direction that is simulated.
    standard_deviation : float
        Of the direction [degree].
    half_width : float
        Of the sector [degree].
    step : float
        Between the directions that are simulated [degree].

    Returns
    -------
    xarray.Dataset, dims (time, turbine)
        As `simulate_farm` returns it, averaged.

    Raises
    ------
    ConfigurationError
        When a width is negative or above 180 degrees, or the step not above zero and up to 90 degrees.
    DataError
        As `simulate_farm`.
    """
    deviation = checked_number(
        "averaging: standard_deviation", standard_deviation, ConfigurationError, least=0.0, most=180.0, units="degrees"
    )
    checked_number("averaging: half_width", half_width, ConfigurationError, least=0.0, most=180.0, units="degrees")
    checked_number("averaging: step", step, ConfigurationError, least=0.0, most=90.0, above=True, units="degrees")
    read_inflow(inflow, farm, wake_model(model))
    reach = half_width + 3.5 * deviation
    count = int(np.ceil(reach / step))
    offsets = np.arange(-count, count + 1) * step
    if deviation > 0.0:
        from scipy.stats import norm

        ends = norm.cdf((offsets[:, None] + [half_width, -half_width]) / deviation)
        bell = np.exp(-0.5 * (offsets / deviation) ** 2)
        weights = ends[:, 0] - ends[:, 1] if half_width > 0.0 else bell
    else:
        weights = np.clip((half_width - np.abs(offsets)) / step + 0.5, 0.0, 1.0) if half_width > 0.0 else np.ones(1)
    weights = weights / weights.sum()
    total: xr.Dataset | None = None
    for offset, weight in zip(offsets, weights, strict=True):
        if weight == 0.0:
            continue
        turned = inflow.assign(wind_direction=(inflow["wind_direction"] + offset) % 360.0)
        part = simulate_farm(farm, turned, model)
        scaled = part[[name for name in AVERAGED if name in part]] * weight
        total = scaled if total is None else total + scaled
    if total is None:
        raise ValueError("the weights add up to one, so that one of them is above zero")
    for name in total.data_vars:
        total[name].attrs = part[name].attrs
    return total.assign_attrs(part.attrs, direction_standard_deviation=standard_deviation, sector_half_width=half_width)


def flow_map(
    farm: Farm, inflow: xr.Dataset, x: ArrayLike, y: ArrayLike, height: float, model: str | WakeModel = "bastankhah"
) -> xr.Dataset:
    """Return the wind speed at points of one height, at every time of the inflow.

    The points are turbines without thrust: they see the wakes and cast none. They all see the wind that the inflow
    states, which is that at the height of the map.

    Parameters
    ----------
    farm, inflow, model
        As in `simulate_farm`; the inflow over (time,), but for power_limit.
    x, y : array_like, shape (columns,), (rows,)
        East and north [m] of the map's grid.
    height : float
        [m].

    Returns
    -------
    xarray.Dataset, dims (time, y, x)
        wind_speed [m/s].

    Raises
    ------
    ConfigurationError
        When an axis is not a list of finite numbers, or the height not above zero.
    DataError
        As `simulate_farm`, and when the wind differs between turbines.
    """
    east, north = (_axis(name, values) for name, values in (("x", x), ("y", y)))
    checked_number("flow_map: height", height, ConfigurationError, least=0.0, above=True, units="m")
    given = read_inflow(inflow, farm, wake_model(model))
    if max(part.shape[1] for part in (given.speed, given.direction, given.intensity)) > 1:
        raise DataError("inflow: a map holds for a wind that is the same everywhere; expected it over (time).")
    grid_x, grid_y = (values.ravel() for values in np.meshgrid(east, north))
    probe = Turbine("probe", min(1.0, height), height, [0.0, 100.0], [0.0, 0.0], [0.0, 0.0])
    everything = Farm(
        np.concatenate([np.asarray(farm.x), grid_x + 1e-6]),
        np.concatenate([np.asarray(farm.y), grid_y + 1e-6]),
        [*farm.turbines, *[probe] * grid_x.size],
    )
    drawn = [*(name for name in inflow.coords if name != "time"), *OF_TURBINES]
    free = inflow.drop_vars(drawn, errors="ignore")
    if given.limit.size > 1 or np.isfinite(given.limit[0, 0]):
        limit = np.concatenate([given.limit, np.full((given.limit.shape[0], grid_x.size), np.inf)], axis=1)
        free = free.assign(power_limit=("turbine", limit[0]) if limit.shape[0] == 1 else (("time", "turbine"), limit))
    if given.yaw.size > 0:
        yaw = np.concatenate([given.yaw, np.zeros((given.yaw.shape[0], grid_x.size))], axis=1)
        free = free.assign(yaw=("turbine", yaw[0]) if yaw.shape[0] == 1 else (("time", "turbine"), yaw))
    speed = simulate_farm(everything, free, model)["wind_speed_effective"].to_numpy()[:, len(farm.turbines) :]
    attributes = {
        "units": "m s-1",
        "standard_name": "wind_speed",
        "long_name": f"wind speed with wakes at {height:g} m",
    }
    return xr.Dataset(
        {"wind_speed": (("time", "y", "x"), speed.reshape(-1, north.size, east.size), attributes)},
        coords={
            "x": east,
            "y": north,
            "time": inflow["time"] if "time" in inflow.coords else np.arange(speed.shape[0]),
        },
    )


def _axis(name: str, values: ArrayLike) -> NDArray[np.float64]:
    """Return the places along an axis of a map."""
    axis = np.asarray(values, dtype=np.float64)
    if axis.ndim != 1 or axis.size == 0 or not np.all(np.isfinite(axis)):
        raise ConfigurationError(f"flow_map: {name} has shape {axis.shape}; expected a list of finite numbers.")
    return axis
