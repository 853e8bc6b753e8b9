"""Storms: a turbine that has cut out starts again only when the wind has fallen well below its cut-out speed."""

from collections.abc import Sequence

import numpy as np
import xarray as xr
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.wind.storm import storm_stops

from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.common.inputs import aligned_inputs
from testsite_sim.wind.farm import Farm, Turbine
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
    return xr.DataArray(
        limits_in_storms(farm.turbines, found.reshape(found.shape[0], -1), restart_below),
        dims=("time", "turbine"),
        coords={"time": wind_speed["time"]} if "time" in wind_speed.coords else {},
        attrs={"units": "W", "long_name": "power limit in storms"},
    )


def limits_in_storms(turbines: Sequence[Turbine], speed: Floats, restart_below: float) -> Floats:
    """Return the power limit of turbines through storms, shape (time, turbines): see `storm_limits`.

    Parameters
    ----------
    turbines : sequence of Turbine
        The turbines.
    speed : ndarray, shape (time, turbines or 1)
        Undisturbed wind speed, checked [m/s].
    restart_below : float
        Hysteresis [m/s].

    Raises
    ------
    ConfigurationError
        When the hysteresis is negative or above every wind of the curve.
    """
    cut_out = np.array([turbine.cut_out for turbine in turbines])
    if not 0.0 <= restart_below < cut_out.min():
        raise ConfigurationError(
            f"storm: restart_below is {restart_below} m/s; expected 0 to {cut_out.min():g} m/s, usually 2 to 5 m/s."
        )
    wide = np.ascontiguousarray(np.broadcast_to(speed, (speed.shape[0], cut_out.size)))
    return np.where(storm_stops(wide, cut_out, cut_out - restart_below), 0.0, np.inf)
