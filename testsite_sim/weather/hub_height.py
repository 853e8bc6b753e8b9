"""Wind and air density at hub height from the levels of a record."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.constants import STANDARD_ATMOSPHERE

from testsite_sim.common.errors import DataError
from testsite_sim.common.inputs import Variable, aligned_inputs

STANDARD_TEMPERATURE = 288.15  # [K] at sea level, ICAO standard atmosphere
LOWEST_SHEAR_LEVEL = 10.0  # [m] below it, the surface layer does not follow a power law of the levels above


def at_hub_heights(record: xr.Dataset, heights: Iterable[float], shear_exponent: float | None = None) -> xr.Dataset:
    """Return wind and air density at hub heights.

    Between two levels the wind speed is linear in the logarithm of the height. Beyond the levels it follows a power
    law from the nearest level; its exponent is fitted to the mean wind speeds of the record's levels from 10 m up by
    least squares in logarithms, unless given. Directions are interpolated as unit vectors, and constant beyond the
    levels. The air density is that of the record, else it follows from temperature and pressure at hub height by
    windpowerlib's linear gradient and ideal gas; where a record lacks them, the ICAO standard atmosphere stands in.

    Parameters
    ----------
    record : xarray.Dataset, dims (time, height)
        wind_speed [m/s] over (time, height), or wind_speed_at_hub over (time); wind_direction [degree, from].
    heights : iterable of float
        Hub heights [m]; doubles are left out.
    shear_exponent : float, optional
        Exponent of the power law beyond the levels; None: fitted.

    Returns
    -------
    xarray.Dataset, dims (time, height)
        wind_speed, wind_direction, air_density at the hub heights, rising; the other series of the record over (time).
        Attributes `hub_height_method` and `air_density_method` say what was done.

    Raises
    ------
    DataError
        When the record has no direction, or one level only and no exponent is given; when its wind or density has
        other dimensions, units or values than their names say.
    """
    hubs = np.unique(np.asarray(list(heights), dtype=np.float64))
    if "wind_direction" not in record:
        raise DataError(
            f"weather: the record of {record.attrs.get('site', '?')} has no wind_direction, without which wakes "
            "cannot be placed; "
            "choose another record."
        )
    record = _checked(record)
    speed, method = speed_at_heights(record, hubs, shear_exponent)
    density, density_method = _density(record, hubs)
    kept = [name for name in record.data_vars if record[name].dims == ("time",) and name not in _MADE_HERE]
    result = record[kept].drop_vars("height", errors="ignore")
    result = result.assign_coords(height=("height", hubs, {"units": "m", "standard_name": "height", "positive": "up"}))
    described = (
        ("wind_speed", speed, "m s-1", "wind_speed", "wind speed at hub height"),
        ("wind_direction", _direction(record, hubs), "degree", "wind_from_direction", "wind direction at hub height"),
        ("air_density", density, "kg m-3", "air_density", "air density at hub height"),
    )
    profiles = {
        name: (("time", "height"), values, {"units": units, "standard_name": standard, "long_name": long_name})
        for name, values, units, standard, long_name in described
    }
    return result.assign(profiles).assign_attrs(
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


def fitted_shear(record: xr.Dataset) -> float:
    """Return the exponent of the power law through the mean wind speeds of the levels from 10 m up.

    Raises
    ------
    DataError
        When the record has fewer than two such levels.
    """
    levels = record["height"].to_numpy()
    used = levels >= LOWEST_SHEAR_LEVEL
    if used.sum() < 2:
        raise DataError(
            f"weather: the record of {record.attrs.get('site', '?')} has {int(used.sum())} level(s) from 10 m up, "
            "so that its shear "
            "cannot be fitted; give `weather: {shear_exponent: …}`, at sea about 0.08 to 0.11."
        )
    means = record["wind_speed"].mean("time").to_numpy()[used]
    return float(np.polyfit(np.log(levels[used]), np.log(means), 1)[0])


def speed_at_heights(record: xr.Dataset, hubs: Floats, shear_exponent: float | None) -> tuple[Floats, str]:
    """Return the wind speed [m/s] at hub heights, shape (time, hubs), and how it was had; see `at_hub_heights`."""
    if "wind_speed_at_hub" in record:
        column = record["wind_speed_at_hub"].to_numpy()
        return (
            np.repeat(column[:, None], hubs.size, axis=1),
            "the record's wind speed at a hub height that it does not state, taken as it is",
        )
    levels, speeds = record["height"].to_numpy(), record["wind_speed"].transpose("time", "height").to_numpy()
    beyond = (hubs < levels[0]) | (hubs > levels[-1])
    exponent = shear_exponent
    if beyond.any() and exponent is None:
        exponent = fitted_shear(record)
    result = np.empty((speeds.shape[0], hubs.size))
    for k, hub in enumerate(hubs):
        if beyond[k]:
            nearest = 0 if hub < levels[0] else levels.size - 1
            result[:, k] = speeds[:, nearest] * (hub / levels[nearest]) ** float(exponent or 0.0)
        else:
            low, share = _between(levels, hub)
            result[:, k] = speeds[:, low] + share * (speeds[:, min(low + 1, levels.size - 1)] - speeds[:, low])
    if not beyond.any():
        return result, "interpolated between levels in the logarithm of the height"
    outside = ", ".join(f"{hub:g}" for hub in hubs[beyond])
    return result, f"interpolated in the logarithm of the height; power law with exponent {exponent:.4f} at {outside} m"


def _direction(record: xr.Dataset, hubs: Floats) -> Floats:
    """Return the direction at the hub heights, shape (time, hubs)."""
    levels = record["height"].to_numpy()
    angles = np.radians(record["wind_direction"].transpose("time", "height").to_numpy())
    result = np.empty((angles.shape[0], hubs.size))
    for k, hub in enumerate(np.clip(hubs, levels[0], levels[-1])):
        low, share = _between(levels, float(hub))
        high = min(low + 1, levels.size - 1)
        east = (1.0 - share) * np.sin(angles[:, low]) + share * np.sin(angles[:, high])
        north = (1.0 - share) * np.cos(angles[:, low]) + share * np.cos(angles[:, high])
        result[:, k] = np.degrees(np.arctan2(east, north)) % 360.0
    return result


def _between(levels: Floats, hub: float) -> tuple[int, float]:
    """Return the level below a height and the share of the way to the next one, in the logarithm of the height."""
    low = int(np.clip(np.searchsorted(levels, hub, side="right") - 1, 0, max(levels.size - 2, 0)))
    if levels.size == 1:
        return 0, 0.0
    return low, float(np.log(hub / levels[low]) / np.log(levels[low + 1] / levels[low]))


def _density(record: xr.Dataset, hubs: Floats) -> tuple[Floats, str]:
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
    columns = [ideal_gas(pressure, heights[1], hub, linear_gradient(temperature, heights[0], hub)) for hub in hubs]
    return np.stack(columns, axis=1), f"ideal gas from {temperature_text} and {pressure_text}"


def _series(record: xr.Dataset, name: str, standard: float) -> tuple[Floats, str]:
    """Return a series of the record, or the standard atmosphere's value at sea level."""
    if name in record:
        return record[name].to_numpy(), f"the record's {name}"
    text = name.replace("_", " ")
    return np.full(record.sizes["time"], standard), f"the {text} of the standard atmosphere"
