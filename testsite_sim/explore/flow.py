"""The map of the wind over a farm, with its wakes, for one wind."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.chain.preparation import Prepared
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.wind import Farm, configured_model, flow_map, joined_yaw

if TYPE_CHECKING:
    import xarray as xr

CELLS = 150  # along the longer side of the map
MARGIN = 0.12  # of the longer side, around the turbines
LEAST = 1500.0  # [m] around the turbines


class WindAt(NamedTuple):
    """A wind: speed at hub height [m/s], and the direction from which it blows [degree]."""

    speed: float
    direction: float


def prevailing_wind(weather: "xr.Dataset") -> WindAt:
    """Return the mean wind speed at hub height, and the sector of 30 degrees from which most energy comes.

    Parameters
    ----------
    weather : xarray.Dataset, dims (time, height)
        At hub heights.
    """
    speed = weather["wind_speed"].mean("height").to_numpy()
    direction = weather["wind_direction"].isel(height=-1).to_numpy()
    sector = ((direction + 15.0) // 30.0).astype(np.int64) % 12
    energy = np.bincount(sector, weights=speed**3, minlength=12)
    return WindAt(round(float(speed.mean()), 1), 30.0 * int(np.argmax(energy)))


def wind_at(weather: "xr.Dataset", row: int) -> WindAt:
    """Return the wind at hub height at a time, by its row."""
    now = weather.isel(time=row)
    return WindAt(float(now["wind_speed"].mean()), float(now["wind_direction"].isel(height=-1)) % 360.0)


def map_of(prepared: Prepared, weather: "xr.Dataset", wind: WindAt) -> "xr.Dataset":
    """Return the wind speed at the mean hub height of a farm, with its wakes and those of its neighbours.

    Parameters
    ----------
    prepared : Prepared
        With a farm.
    weather : xarray.Dataset
        Of the step `weather`: its mean air density is taken.
    wind : WindAt
        The same everywhere.

    Returns
    -------
    xarray.Dataset, dims (y, x)
        wind_speed [m/s]; x and y in m, as the farm has them.
    """
    import xarray as xr

    farm = _with_neighbours(prepared)
    x, y = axes_of(farm)
    inflow = xr.Dataset(
        {
            "wind_speed": ("time", [wind.speed]),
            "wind_direction": ("time", [wind.direction]),
            "air_density": ("time", [float(weather["air_density"].mean())]),
        }
    )
    turbulence = _turbulence_at(prepared.scenario, wind.speed)
    if turbulence is not None:
        inflow["turbulence_intensity"] = ("time", [turbulence])
    height = float(np.mean(prepared.farm.per_turbine("hub_height")))
    return flow_map(farm, inflow, x, y, height, configured_model(prepared.scenario.wind_farm.wind)).isel(time=0)


def _turbulence_at(scenario: Scenario, speed: float) -> float | None:
    """Return the turbulence intensity of a wind speed [m/s], that of the climate where it brings one; None: unknown."""
    climate, stated = scenario.weather.climate, scenario.location.turbulence_intensity
    table = None if climate is None else climate.wind.turbulence
    if table is not None:
        return float(np.interp(speed, table.speed.values_in("m/s"), table.intensity))
    return None if stated is None else float(stated)


def axes_of(farm: Farm) -> tuple[Floats, Floats]:
    """Return the columns and rows of a map that holds a farm with a margin, cells square [m]."""
    ends = [(float(np.min(each)), float(np.max(each))) for each in (np.asarray(farm.x), np.asarray(farm.y))]
    longest = max(high - low for low, high in ends)
    margin = max(MARGIN * longest, LEAST)
    cell = (longest + 2.0 * margin) / CELLS
    columns, rows = (np.arange(low - margin, high + margin + cell, cell) for low, high in ends)
    return columns, rows


def _with_neighbours(prepared: Prepared) -> Farm:
    """Return the turbines of a farm and of those next to it."""
    farm, others = prepared.farm, prepared.neighbours
    if others is None:
        return farm
    return Farm(
        np.concatenate([np.asarray(farm.x), np.asarray(others.x)]),
        np.concatenate([np.asarray(farm.y), np.asarray(others.y)]),
        [*farm.turbines, *others.turbines],
        yaw=joined_yaw(farm.yaw, others.yaw, (len(farm.turbines), len(others.turbines))),
    )
