"""Storms: a turbine that has cut out starts again only when the wind has fallen well below its cut-out speed."""

import numpy as np
import xarray as xr
from testsite_kernels.storm import storm_stops

from testsite_sim.errors import ConfigurationError
from testsite_sim.wind.farm import Farm


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
        Undisturbed wind speed [m/s], in the order of time.
    restart_below : float
        Hysteresis [m/s]; zero: none.

    Returns
    -------
    xarray.DataArray, dims (time, turbine)
        Zero in storms, else without limit [W].

    Raises
    ------
    ConfigurationError
        When the hysteresis is negative or above every wind of the curve.
    """
    cut_out = np.array([float(np.asarray(turbine.wind_speed)[-1]) for turbine in farm.turbines])
    if not 0.0 <= restart_below < cut_out.min():
        raise ConfigurationError(
            f"storm: restart_below is {restart_below} m/s; wanted 0 to {cut_out.min():g} m/s, usually 2 to 5 m/s."
        )
    speed = wind_speed.transpose("time", ...).to_numpy().reshape(wind_speed.sizes["time"], -1)
    speed = np.ascontiguousarray(np.broadcast_to(speed, (speed.shape[0], cut_out.size)))
    stopped = storm_stops(speed, cut_out, cut_out - restart_below)
    return xr.DataArray(
        np.where(stopped, 0.0, np.inf),
        dims=("time", "turbine"),
        attrs={"units": "W", "long_name": "power limit in storms"},
    )
