"""Farm flow with wakes: unwrap the inflow, call the sweep, wrap the answer."""

import numpy as np
import xarray as xr

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.wind.farm import Farm
from testsite_sim.wind.farm_in_wind import FarmInWind, farm_in_wind
from testsite_sim.wind.frame import frame_of
from testsite_sim.wind.models import WakeModel, not_known, wake_model
from testsite_sim.wind.sweeping import Found
from testsite_sim.wind.yaw import ABOUT_YAW

BLOCKAGES = {
    "none": "none",
    "self-similar-2017": "Troldborg and Meyer Forsting (2017), Wind Energy 20, 2011-2020, upstream of the rotors",
}
FOUND = (
    ("power", "W", "power of the turbine"),
    ("wind_speed_effective", "m s-1", "wind speed at the hub with wakes"),
    ("thrust_coefficient", "1", "thrust coefficient"),
    ("turbulence_intensity_effective", "1", "turbulence intensity at the hub with wakes"),
)
ABOUT = {name: {"units": units, "long_name": text} for name, units, text in FOUND} | {"yaw": ABOUT_YAW}


def simulate_farm(
    farm: Farm,
    inflow: xr.Dataset,
    model: str | WakeModel = "bastankhah",
    workers: int | None = None,
    *,
    blockage: str = "none",
    neighbours: Farm | None = None,
    neighbour_inflow: xr.Dataset | None = None,
) -> xr.Dataset:
    """Simulate a farm in a series of undisturbed winds.

    Parameters
    ----------
    farm : Farm
        The turbines.
    inflow : xarray.Dataset, dims (time[, turbine])
        wind_speed [m/s] and wind_direction [degree, from] over (time) or (time, turbine): a wake goes straight where
        the wind at its source blows to. Optional: air_density [kg/m³], a number or alike: the power curve is read at
        the wind speed times the cube root of the density over 1.225 kg/m³ (IEC 61400-12-1, eq. 14, for turbines with
        active control). Models with turbulence need turbulence_intensity [1], a number or alike; above 1, as in light
        winds, it is taken as stated, up to a standard deviation of 60 m/s. power_limit [W], over (turbine) or
        (time, turbine), holds turbines down: at zero one stands still and casts no wake, derated it casts the smaller
        one of momentum theory. yaw [degree], over (turbine) or (time, turbine), turns turbines out of the wind, above
        zero counter-clockwise seen from above (as in PyWake and FLORIS): it takes of their own power and thrust, see
        `Turbine`, and their wakes are deflected as the model says; the yaw of a farm (`Farm.yaw`) does the same
        by sectors of the wind direction at each turbine. The coordinate `turbine` holds the names of the farm, in any
        order; the other coordinates of a result must be those of the farm, `height` the hub height. A field on a grid
        or on points: see `inflow_at_turbines`.
    model : str or WakeModel
        One of `MODELS` by name, or a model of your own parts.
    workers : int, optional
        Threads; None: one a processor. The result is the same, bit by bit, for any number.
    blockage : str
        One of `BLOCKAGES`: `self-similar-2017`, the induction upstream of all turbines, found by iteration with wakes
        and thrust, or `none`.
    neighbours : Farm, optional
        Turbines of other farms, whose wakes and induction count and whose results are left out; they are not held down.
    neighbour_inflow : xarray.Dataset, optional
        Their inflow, over (time) or (time, turbine); None: that of the farm, which is then over (time) alone.

    Returns
    -------
    xarray.Dataset, dims (time, turbine)
        power [W], wind_speed_effective [m/s], thrust_coefficient [1]; where the inflow has turbulence also
        turbulence_intensity_effective [1], where turbines are yawed yaw [degree].

    Raises
    ------
    ConfigurationError
        When there is no such model, or a neighbour stands where a turbine does.
    DataError
        When the inflow lacks a variable, holds one that is not listed above, or has other dimensions, labels, units or
        values.

    Warns
    -----
    UserWarning
        When two turbines stand nearer to each other than the larger of their rotor diameters; when the turbulence
        intensity looks like a percentage; when wakes and blockage of some hours do not converge, which are counted.
    """
    chosen = wake_model(model)
    if blockage not in BLOCKAGES:
        raise ConfigurationError(not_known("blockage", "blockage", blockage, BLOCKAGES))
    if neighbours is None and neighbour_inflow is not None:
        raise ConfigurationError("simulate_farm: neighbour_inflow is given without neighbours.")
    given = farm_in_wind(farm, inflow, chosen, workers, neighbours=neighbours, neighbour_inflow=neighbour_inflow)
    about = {"wake_model": chosen.source, "blockage": BLOCKAGES[blockage]}
    framed: list[xr.Dataset] = []
    given.simulate(blockage=blockage, meanwhile=lambda series: framed.append(_framed(given, inflow, series, about)))
    return framed[0]


def _framed(given: FarmInWind, inflow: xr.Dataset, series: Found, about: dict[str, str]) -> xr.Dataset:
    """Return what is found, whose values may still be filled, as a Dataset."""
    shown = len(series) if given.own.has_turbulence else 3
    hours = given.own.direction.shape[0]
    found = dict(zip((name for name, _, _ in FOUND), series[:shown], strict=False))
    if given.yaw.size > 0:
        found["yaw"] = np.broadcast_to(given.yaw, (hours, given.yaw.shape[1]))
    result = frame_of(given.farm, inflow, hours, {name: ABOUT[name] for name in found}).copy(data=found)
    result.attrs.update(about)
    return result
