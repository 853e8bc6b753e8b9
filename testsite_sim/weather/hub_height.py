"""Wind and air density at hub height from the levels of a record."""

from collections.abc import Hashable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.constants import STANDARD_ATMOSPHERE

from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.common.inputs import Variable, aligned_inputs
from testsite_sim.configuration.weather import Weather
from testsite_sim.weather.air_sea import air_and_sea
from testsite_sim.weather.measured_wind import at_sensor_height, averaged_over
from testsite_sim.weather.profile import LOWEST_SHEAR_LEVEL, PROFILES, Beyond, Profile, fitted_shear, profile_of
from testsite_sim.weather.wind_error import with_wind_error

__all__ = ["LOWEST_SHEAR_LEVEL", "at_hub_heights", "fitted_shear", "height_rows", "speed_at_heights", "wind_at_hubs"]

STANDARD_TEMPERATURE = 288.15  # [K] at sea level, ICAO standard atmosphere


def wind_at_hubs(
    weather: Weather, record: xr.Dataset, heights: Iterable[float], *, fitted_to: xr.Dataset | None = None
) -> xr.Dataset:
    """Return the wind of a scenario at hub heights: a record of it, carried there and wrong as the scenario states.

    Every wind that acts in a run, or is compared with one that does, is made here: of the farm, of its neighbours, of
    each station, of the whole record that a short period is scaled to, and of the hours that are compiled ahead.

    Parameters
    ----------
    weather : Weather
        Its profile beyond the levels of the record, sensor height, averaging time and wind error.
    record : xarray.Dataset, dims (time, height)
        As in `at_hub_heights`.
    heights : iterable of float
        Hub heights [m]; doubles are left out.
    fitted_to : xarray.Dataset, optional
        The record whose mean wind gives the exponent of a power law that is not stated; None: `record` itself.

    Returns
    -------
    xarray.Dataset, dims (time, height)
        As `at_hub_heights` returns it.

    Raises
    ------
    DataError, ConfigurationError
        As `at_hub_heights`, `at_sensor_height` and `averaged_over`.

    Examples
    --------
    >>> from testsite_sim.configuration.weather import Weather
    >>> from testsite_sim.weather import open_record, wind_at_hubs
    >>> stated = Weather.model_validate({"record": "hollandse-kust-noord-2023", "profile": "logarithmic"})
    >>> record = open_record(stated.record).sel(height=[100.0]).isel(time=slice(0, 2))
    >>> wind_at_hubs(stated, record, [150.0])["wind_speed"].values.round(1)
    array([[21.9],
           [20.2]])
    """
    hubs, profile = list(heights), profile_of(weather)
    fits = profile.method == "power-law" and profile.shear_exponent is None and _any_beyond(record, hubs)
    if fitted_to is not None and fits:
        profile = replace(profile, shear_exponent=fitted_shear(fitted_to))
    found = at_hub_heights(_as_shared(weather, record), hubs, profile=profile)
    return with_wind_error(found, weather.wind_error)


def _as_shared(weather: Weather, record: xr.Dataset) -> xr.Dataset:
    """Return a record with the slow part of its wind, at the height of its sensor, where a scenario states them."""
    time, height = weather.averaging_time, weather.sensor_height
    slow = averaged_over(record, None if time is None else float(time))
    return at_sensor_height(slow, None if height is None else float(height))


def at_hub_heights(
    record: xr.Dataset,
    heights: Iterable[float],
    shear_exponent: float | None = None,
    *,
    profile: str | Profile = "power-law",
) -> xr.Dataset:
    """Return wind and air density at hub heights.

    Between two levels the wind speed is linear in the logarithm of the height. Beyond the levels it follows a profile
    from the nearest level: by default a power law, whose exponent is fitted to the mean wind speeds of the record's
    levels from 10 m up by least squares in logarithms, unless given. Directions are interpolated as unit vectors, and
    constant beyond the levels. The air density is that of the record, else it follows from temperature and pressure at
    hub height by windpowerlib's linear gradient and ideal gas; where a record lacks them, a climate of air and sea
    stands in for the temperature, and else the ICAO standard atmosphere.

    Parameters
    ----------
    record : xarray.Dataset, dims (time, height)
        wind_speed [m/s] over (time, height), or wind_speed_at_hub over (time); wind_direction [degree, from].
    heights : iterable of float
        Hub heights [m]; doubles are left out.
    shear_exponent : float, optional
        Exponent of the power law beyond the levels; None: fitted.
    profile : str or Profile
        `power-law`; `hourly-power-law`, an exponent each time, the record's `shear_exponent` or that of its two
        levels nearest to the hub; `logarithmic`, neutral over sea; `monin-obukhov`, over sea by the temperatures of
        air and sea that the record or the climate of the `Profile` has.

    Returns
    -------
    xarray.Dataset, dims (time, height)
        wind_speed, wind_direction, air_density at the hub heights, rising; the other series of the record over (time);
        with the profile monin-obukhov inverse_obukhov_length [m-1] and air_sea_temperature_difference [K] over (time).
        Attributes `hub_height_method` and `air_density_method` say what was done.

    Raises
    ------
    DataError
        When the record has no direction, or lacks what the profile asks for; when its wind or density has other
        dimensions, units or values than their names say.
    ConfigurationError
        When there is no such profile, or the exponent is given to another than the power law.

    Examples
    --------
    >>> from testsite_sim.weather import at_hub_heights, open_record
    >>> record = open_record("hollandse-kust-noord-2023").sel(height=[100.0]).isel(time=slice(0, 2))
    >>> at_hub_heights(record, [150.0], profile="logarithmic")["wind_speed"].values.round(1)
    array([[21.9],
           [20.2]])
    """
    how = profile if isinstance(profile, Profile) else Profile(profile, shear_exponent)
    if isinstance(profile, Profile) and shear_exponent is not None:
        raise ConfigurationError("weather: shear_exponent stands in the Profile; leave out the one next to it.")
    hubs = np.unique(np.asarray(list(heights), dtype=np.float64))
    if "wind_direction" not in record:
        raise DataError(
            f"weather: the record of {record.attrs.get('location', '?')} has no wind_direction, without which wakes "
            "cannot be placed; "
            "choose another record."
        )
    record = _checked(record)
    speed, method, beyond = speed_at_heights(record, hubs, how)
    density, density_method = _density(record, hubs, how)
    variables = record.variables
    kept = [name for name in record.data_vars if variables[name].dims == ("time",) and name not in _MADE_HERE]
    result = record[kept].drop_vars("height", errors="ignore")
    series: dict[Hashable, Any] = {
        "height": ("height", hubs, {"units": "m", "standard_name": "height", "positive": "up"})
    }
    described = (
        ("wind_speed", speed, "m s-1", "wind_speed", "wind speed at hub height"),
        ("wind_direction", _direction(record, hubs), "degree", "wind_from_direction", "wind direction at hub height"),
        ("air_density", density, "kg m-3", "air_density", "air density at hub height"),
    )
    profiles: dict[Hashable, Any] = {
        name: (("time", "height"), values, {"units": units, "standard_name": standard, "long_name": long_name})
        for name, values, units, standard, long_name in described
    }
    if beyond is not None and beyond.inverse_length is not None:
        stability = {"units": "m-1", "long_name": "inverse of the Obukhov length"}
        warmer = {"units": "K", "long_name": "potential temperature of the air less the temperature of the sea"}
        series |= {
            "inverse_obukhov_length": ("time", beyond.inverse_length, stability),
            "air_sea_temperature_difference": ("time", beyond.difference, warmer),
        }
    return result.assign(series | profiles).assign_attrs(
        record.attrs, hub_height_method=method, air_density_method=density_method
    )


def height_rows(weather: xr.Dataset, heights: Floats) -> NDArray[np.intp]:
    """Return where heights stand among the levels of weather, shape (heights,).

    Parameters
    ----------
    weather : xarray.Dataset, dims (time, height)
        As `at_hub_heights` returns it.
    heights : ndarray, shape (heights,)
        [m].

    Raises
    ------
    DataError
        When the weather has no such level.
    """
    rows = weather.indexes["height"].get_indexer(pd.Index(np.asarray(heights, np.float64)))
    if np.any(rows < 0):
        levels = ", ".join(f"{level:g}" for level in weather["height"].to_numpy())
        raise DataError(
            f"weather: no level at {float(heights[int(np.argmin(rows))]):g} m; there are {levels} m. Carry it there by "
            "at_hub_heights."
        )
    return np.asarray(rows, np.intp)


def _checked(record: xr.Dataset) -> xr.Dataset:
    """Return a record with its levels rising; refuse wind and density that are not what their names say."""
    used = {name: variable for name, variable in WIND.items() if name in record}
    if "height" in record.dims and "height" in record.coords:
        levels = np.asarray(record["height"].to_numpy(), np.float64)
        if not np.all(np.isfinite(levels)) or levels.min() <= 0.0 or np.unique(levels).size < levels.size:
            raise DataError(f"weather: the levels are at {levels} m; expected different heights above 0 m.")
        if np.any(np.diff(levels) < 0.0):
            record = record.sortby("height")
    wind = record[list(used)]
    aligned_inputs(wind.drop_vars(set(wind.coords) - {"time", "height"}).drop_attrs(deep=False), "weather", used)
    return record


TIME, PROFILE = ("time",), ("time", "height")
# The bounds only catch other units and marks of missing values.
WIND = {
    "wind_speed": Variable("m s-1", (TIME, PROFILE), 0.0, 500.0, standard_name="wind_speed"),
    "wind_speed_at_hub": Variable("m s-1", (TIME,), 0.0, 500.0),
    "wind_direction": Variable("degree", (TIME, PROFILE), -360.0, 720.0, standard_name="wind_from_direction"),
    "air_density": Variable("kg m-3", (TIME,), 0.0, 3.0, above=True),
}
_MADE_HERE = ("wind_speed_at_hub", "air_density")


def _any_beyond(record: xr.Dataset, hubs: Iterable[float]) -> bool:
    """Return whether any hub is above or below the levels of a record."""
    if "wind_speed_at_hub" in record:
        return False
    levels = record["height"].to_numpy()
    lowest, highest = float(levels.min()), float(levels.max())
    return any(not lowest <= hub <= highest for hub in hubs)


def speed_at_heights(record: xr.Dataset, hubs: Floats, profile: Profile) -> tuple[Floats, str, Beyond | None]:
    """Return the wind speed [m/s] at hub heights, shape (time, hubs), how it was had, and what the profile gave."""
    if "wind_speed_at_hub" in record:
        column = record["wind_speed_at_hub"].to_numpy()
        text = "the record's wind speed at a hub height that it does not state, taken as it is"
        return np.repeat(column[:, None], hubs.size, axis=1), text, None
    levels, speeds = record["height"].to_numpy(), record["wind_speed"].transpose("time", "height").to_numpy()
    result = np.empty((speeds.shape[0], hubs.size))
    for k in np.flatnonzero((hubs >= levels[0]) & (hubs <= levels[-1])):
        low, share = _between(levels, hubs[k])
        result[:, k] = speeds[:, low] + share * (speeds[:, min(low + 1, levels.size - 1)] - speeds[:, low])
    found: Beyond | None = None
    for nearest, outside in ((0, hubs < levels[0]), (-1, hubs > levels[-1])):
        if outside.any():
            speed = np.asarray(speeds[:, nearest], np.float64)
            found = PROFILES[profile.method](record, speed, float(levels[nearest]), hubs[outside], profile)
            result[:, outside] = speed[:, None] * found.ratios
    if found is None:
        return result, "interpolated between levels in the logarithm of the height", None
    beyond = ", ".join(f"{hub:g}" for hub in hubs[(hubs < levels[0]) | (hubs > levels[-1])])
    return result, f"interpolated in the logarithm of the height; {found.method} at {beyond} m", found


def _direction(record: xr.Dataset, hubs: Floats) -> Floats:
    """Return the direction at the hub heights, shape (time, hubs)."""
    levels = record["height"].to_numpy()
    angles = np.radians(record["wind_direction"].transpose("time", "height").to_numpy())
    result, last = np.empty((angles.shape[0], hubs.size)), levels.size - 1
    at = np.clip(hubs, levels[0], levels[-1]).tolist()
    around = [(low, min(low + 1, last), share) for low, share in (_between(levels, hub) for hub in at)]
    used = {level for low, high, _ in around for level in (low, high)}
    sine, cosine = ({level: part(angles[:, level]) for level in used} for part in (np.sin, np.cos))
    for k, (low, high, share) in enumerate(around):
        if k > 0 and at[k] == at[k - 1]:  # beyond the levels
            result[:, k] = result[:, k - 1]
            continue
        east = (1.0 - share) * sine[low] + share * sine[high]
        north = (1.0 - share) * cosine[low] + share * cosine[high]
        result[:, k] = np.degrees(np.arctan2(east, north)) % 360.0
    return result


def _between(levels: Floats, hub: float) -> tuple[int, float]:
    """Return the level below a height and the share of the way to the next one, in the logarithm of the height."""
    low = int(np.clip(np.searchsorted(levels, hub, side="right") - 1, 0, max(levels.size - 2, 0)))
    if levels.size == 1:
        return 0, 0.0
    return low, float(np.log(hub / levels[low]) / np.log(levels[low + 1] / levels[low]))


def _density(record: xr.Dataset, hubs: Floats, profile: Profile) -> tuple[Floats, str]:
    """Return the air density at the hub heights, shape (time, hubs), and how it was had."""
    if "air_density" in record:
        return np.repeat(
            record["air_density"].to_numpy()[:, None], hubs.size, axis=1
        ), "the record's own, at every height"
    from windpowerlib.density import ideal_gas
    from windpowerlib.temperature import linear_gradient

    temperature, temperature_text = _series(record, "air_temperature", STANDARD_TEMPERATURE)
    pressure, pressure_text = _series(record, "air_pressure", STANDARD_ATMOSPHERE)
    heights = [
        float(record[name].attrs.get("height", 0.0)) if name in record else 0.0
        for name in ("air_temperature", "air_pressure")
    ]
    if profile.air_sea is not None and "air_temperature" not in record:
        state = air_and_sea(record, profile.air_sea)
        temperature, heights[0] = state.air, state.height
        temperature_text = f"the air temperature of the climate {profile.air_sea.title!r}"
    columns = [ideal_gas(pressure, heights[1], hub, linear_gradient(temperature, heights[0], hub)) for hub in hubs]
    return np.stack(columns, axis=1), f"ideal gas from {temperature_text} and {pressure_text}"


def _series(record: xr.Dataset, name: str, standard: float) -> tuple[Floats, str]:
    """Return a series of the record, or the standard atmosphere's value at sea level."""
    if name in record:
        return record[name].to_numpy(), f"the record's {name}"
    text = name.replace("_", " ")
    return np.full(record.sizes["time"], standard), f"the {text} of the standard atmosphere"
