"""Storms: a turbine that has cut out starts again only when the wind has fallen well below its cut-out speed."""

import numpy as np
import xarray as xr
from testsite_kernels.wind.storm import storm_stops

from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.common.inputs import aligned_inputs
from testsite_sim.wind.farm import Farm
from testsite_sim.wind.inflow import INFLOW, farm_coordinates


def storm_limits(farm: Farm, wind_speed: xr.DataArray, restart_below: float) -> xr.DataArray:
    """Return the power limit of each turbine through storms, for `simulate_farm`.

    A turbine cuts out where the undisturbed wind speed at its hub exceeds the end of its curve, and starts again when
    it has fallen below the cut-out speed by `restart_below`. Wakes are not looked at: near cut-out there are hardly
    any.

    Parameters
    ----------
    farm : Farm
        The turbines.
    wind_speed : xarray.DataArray, dims (time,) or (time, turbine)
        Undisturbed wind speed [m/s], in the order of time; `turbine` as in `simulate_farm`.
    restart_below : float
        Hysteresis [m/s]; zero: none.

    Returns
    -------
    xarray.DataArray, dims (time, turbine)
        Zero in storms, else without limit [W]; the turbines in the order of the farm.

    Raises
    ------
    ConfigurationError
        When the hysteresis is negative or above every wind of the curve.
    DataError
        When the wind speed has other dimensions, labels, units or values, or its stamps do not rise.
    """
    cut_out = np.array([turbine.cut_out for turbine in farm.turbines])
    if not 0.0 <= restart_below < cut_out.min():
        raise ConfigurationError(
            f"storm: restart_below is {restart_below} m/s; expected 0 to {cut_out.min():g} m/s, usually 2 to 5 m/s."
        )
    if not isinstance(wind_speed, xr.DataArray):
        raise DataError(f"storm: wind_speed is a {type(wind_speed).__name__}; expected an xarray.DataArray.")
    found = aligned_inputs(
        wind_speed.to_dataset(name="wind_speed"),
        "storm",
        {"wind_speed": INFLOW["wind_speed"]},
        labels={"turbine": list(farm.names or ())},
        coordinates=farm_coordinates(farm),
    )["wind_speed"].values
    if "time" in wind_speed.coords and np.any(np.diff(wind_speed["time"].to_numpy()) <= np.zeros(1, "m8[ns]")[0]):
        raise DataError("storm: the stamps of wind_speed do not rise; a storm is followed in the order of time.")
    speed = found.reshape(found.shape[0], -1)
    speed = np.ascontiguousarray(np.broadcast_to(speed, (speed.shape[0], cut_out.size)))
    stopped = storm_stops(speed, cut_out, cut_out - restart_below)
    return xr.DataArray(
        np.where(stopped, 0.0, np.inf),
        dims=("time", "turbine"),
        coords={"time": wind_speed["time"]} if "time" in wind_speed.coords else {},
        attrs={"units": "W", "long_name": "power limit in storms"},
    )
