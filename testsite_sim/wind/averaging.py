"""Results averaged over an uncertain wind direction, for comparison with measurements; and maps of the flow."""

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from testsite_sim.errors import ConfigurationError
from testsite_sim.wind.farm import Farm, Turbine
from testsite_sim.wind.farm_flow import simulate_farm
from testsite_sim.wind.models import WakeModel

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
        As `simulate_farm` takes them.
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
        When a width is negative, or the step not above zero.
    """
    if standard_deviation < 0.0 or half_width < 0.0 or step <= 0.0:
        raise ConfigurationError(
            "averaging: standard_deviation and half_width must be 0 or more, step above 0 degrees."
        )
    reach = half_width + 3.5 * standard_deviation
    count = int(np.ceil(reach / step))
    offsets = np.arange(-count, count + 1) * step
    if standard_deviation > 0.0:
        from scipy.stats import norm

        ends = norm.cdf((offsets[:, None] + [half_width, -half_width]) / standard_deviation)
        bell = np.exp(-0.5 * (offsets / standard_deviation) ** 2)
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

    The points are turbines without thrust: they see the wakes and cast none.

    Parameters
    ----------
    farm, inflow, model
        As `simulate_farm` takes them; the wind speed over (time,).
    x, y : array_like, shape (columns,), (rows,)
        East and north [m] of the map's grid.
    height : float
        [m].

    Returns
    -------
    xarray.Dataset, dims (time, y, x)
        wind_speed [m/s].
    """
    east, north = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    grid_x, grid_y = (values.ravel() for values in np.meshgrid(east, north))
    probe = Turbine("probe", 1.0, height, [0.0, 100.0], [0.0, 0.0], [0.0, 0.0])
    everything = Farm(
        np.concatenate([np.asarray(farm.x), grid_x + 1e-6]), np.concatenate([np.asarray(farm.y), grid_y + 1e-6]),
        [*farm.turbines, *[probe] * grid_x.size],
    )  # fmt: skip
    speed = simulate_farm(everything, inflow, model)["wind_speed_effective"].to_numpy()[:, len(farm.turbines) :]
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
