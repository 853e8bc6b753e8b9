"""The undisturbed wind of a farm between several stations: kriging, inverse distance, or a station for each farm."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.errors import ConfigurationError, nearest
from testsite_sim.configuration.weather import KRIGING, Weather
from testsite_sim.weather import height_rows
from testsite_sim.weather.stations import Placed
from testsite_sim.wind.farm import Farm

NEAR = 1.0  # [m] nearer than this a turbine stands at the station


GROWTH = 2.0 / 3.0  # of the structure function with distance, up to hundreds of km: Lindborg (1999), JFM 388, 259-288


@dataclass(frozen=True)
class Interpolation:
    """How stations are weighted: `method`, and what it asks for.

    Parameters
    ----------
    method : str
        One of `INTERPOLATIONS`.
    distance_power : float
        Of the inverse distance [1].
    error_distance : float
        Over which the wind differs as much as the errors of two stations do [m], for kriging.
    """

    method: str = KRIGING
    distance_power: float = 2.0
    error_distance: float = 0.0


def inverse_distance(distance: Floats, between: Floats, how: Interpolation) -> Floats:
    """Return weights (turbines, stations) by the inverse of the distance to a power; they add up to one."""
    weights = np.maximum(distance, NEAR) ** -how.distance_power
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def kriging(distance: Floats, between: Floats, how: Interpolation) -> Floats:
    """Return the weights (turbines, stations) of least error between stations that err themselves.

    Ordinary kriging with errors of measurement (Cressie 1993, Statistics for Spatial Data, section 3.2): the variance
    of the error, 2 Σ w_i γ_i0 - ΣΣ w_i w_j γ_ij + σ² Σ w_i², is least where Σ_j γ_ij w_j - σ² w_i + λ = γ_i0, Σ w = 1.
    γ(d) = d^⅔ / 2, of which the unit cancels, and 2 σ² = 2 γ(error_distance). Weights below zero are left out and the
    others raised (Deutsch 1996, Computers & Geosciences 22, 765-773).
    """
    count = between.shape[0]
    system = np.ones((count + 1, count + 1))
    system[-1, -1] = 0.0
    system[:count, :count] = 0.5 * between**GROWTH - np.eye(count) * 0.5 * how.error_distance**GROWTH
    right = np.ones((count + 1, distance.shape[0]))
    right[:count] = 0.5 * distance.T**GROWTH
    weights = np.maximum(np.linalg.lstsq(system, right, rcond=None)[0][:count].T, 0.0)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


INTERPOLATIONS: dict[str, Callable[[Floats, Floats, Interpolation], Floats]] = {
    "kriging": kriging,
    "inverse-distance": inverse_distance,
}


def interpolation_of(weather: Weather) -> Interpolation:
    """Return the interpolation that a scenario states."""
    power = 2.0 if weather.distance_power is None else float(weather.distance_power)
    return Interpolation(weather.interpolation or KRIGING, power, float(weather.error_distance or 0.0))


def station_weights(farm: Farm, stations: Sequence[Placed], how: Interpolation) -> Floats:
    """Return the weight of each station at each turbine, shape (turbines, stations); they add up to one.

    Raises
    ------
    ConfigurationError
        When a station names a farm that does not exist, or two the same one.
    """
    farms = np.asarray(farm.farms if farm.farms is not None else [""] * len(farm.turbines))
    owners: dict[str, int] = {}
    for k, station in enumerate(stations):
        for name in station.farms:
            if name not in farms:
                known = nearest(name, sorted({str(each) for each in farms}))
                raise ConfigurationError(f"weather.stations: {station.name} drives {name!r}, which is no farm. {known}")
            if name in owners:
                raise ConfigurationError(f"weather.stations: two stations are to drive {name!r}; leave one out.")
            owners[name] = k
    x, y = np.asarray(farm.x), np.asarray(farm.y)
    shared = np.array([not station.farms for station in stations])
    weights = np.zeros((x.size, len(stations)))
    if shared.any():
        east, north = (np.array([getattr(each, axis) for each in stations])[shared] for axis in "xy")
        distance = np.hypot(x[:, None] - east, y[:, None] - north)
        between = np.hypot(east[:, None] - east, north[:, None] - north)
        weights[:, shared] = INTERPOLATIONS[how.method](distance, between, how)
    for name, k in owners.items():
        weights[farms == name] = np.eye(len(stations))[k]
    return weights


def inflow_of_stations(
    farm: Farm, stations: Sequence[Placed], winds: Sequence[xr.Dataset], how: Interpolation
) -> xr.Dataset:
    """Return the undisturbed wind at every turbine of a farm between several stations.

    Parameters
    ----------
    farm : Farm
        The turbines, in the coordinates of the stations.
    stations : sequence of Placed
        Where they stand, and the farms that they drive alone.
    winds : sequence of xarray.Dataset, dims (time, height)
        wind_speed [m/s], wind_direction [degree], air_density [kg/m3] of each at the hub heights.
    how : Interpolation
        By which speeds and densities are weighted, and directions as unit vectors.

    Returns
    -------
    xarray.Dataset, dims (time, turbine)
        An inflow of `simulate_farm`.

    Raises
    ------
    ConfigurationError
        As `station_weights`.
    """
    weights = station_weights(farm, stations, how)
    hours = winds[0].sizes["time"]
    sums = {name: np.zeros((hours, len(farm.turbines))) for name in ("wind_speed", "air_density", "east", "north")}
    for k, wind in enumerate(winds):
        rows = height_rows(wind, farm.per_turbine("hub_height"))
        angle = np.radians(wind["wind_direction"].transpose("time", "height").to_numpy()[:, rows])
        parts = {
            name: wind[name].transpose("time", "height").to_numpy()[:, rows] for name in ("wind_speed", "air_density")
        }
        for name, values in (*parts.items(), ("east", np.sin(angle)), ("north", np.cos(angle))):
            sums[name] += weights[:, k] * values
    direction = np.degrees(np.arctan2(sums["east"], sums["north"])) % 360.0
    made = {
        "wind_speed": (sums["wind_speed"], "m s-1"),
        "wind_direction": (direction, "degree"),
        "air_density": (sums["air_density"], "kg m-3"),
    }
    return xr.Dataset(
        {name: (("time", "turbine"), values, {"units": units}) for name, (values, units) in made.items()},
        coords={"time": winds[0]["time"], "turbine": list(farm.names or ())},
    )
