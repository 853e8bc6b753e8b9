"""The wind of a station as its sensor had it, and as a place far from the station shares it."""

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.common.time_axis import step_seconds
from testsite_sim.common.units import HOUR
from testsite_sim.weather.profile import Profile, logarithmic

SPEEDS = ("wind_speed", "wind_speed_at_hub")


def at_sensor_height(record: xr.Dataset, height: float | None) -> xr.Dataset:
    """Return a record at the height of its sensor, from which its wind was reduced to the level that it states.

    Networks publish the wind of a sensor at 20 to 60 m as that of 10 m, by the neutral profile over sea. The same
    profile carries it back, so that the stability of the hour acts from the sensor up, and not from 10 m.

    Parameters
    ----------
    record : xarray.Dataset, dims (time, height)
        wind_speed [m/s] at one level.
    height : float, optional
        Of the sensor [m]; None leaves the record as it is.

    Raises
    ------
    ConfigurationError
        When the sensor is not above the level.
    DataError
        When the record has no wind speed at one level alone.

    Examples
    --------
    >>> import numpy as np, xarray as xr
    >>> stamps = np.datetime64("2023-01-01", "ns") + np.arange(2) * np.timedelta64(1, "h")
    >>> coordinates = {"time": stamps, "height": [10.0]}
    >>> record = xr.Dataset({"wind_speed": (("time", "height"), [[5.0], [15.0]])}, coords=coordinates)
    >>> at_sensor_height(record, 25.0)["wind_speed"].values.round(2)
    array([[ 5.35],
           [16.47]])
    """
    if height is None:
        return record
    levelled = "wind_speed" in record and "height" in record["wind_speed"].dims
    levels: list[float] = record["height"].to_numpy().tolist() if levelled else []
    if len(levels) != 1:
        where = record.attrs.get("location", "?")
        raise DataError(
            f"weather.sensor_height: the record of {where} has {len(levels)} level(s) of wind speed; expected the one "
            "to which the wind of the sensor was reduced."
        )
    level = float(levels[0])
    if height <= level:
        raise ConfigurationError(
            f"weather.sensor_height: {height:g} m is not above the {level:g} m of the record; leave it out where the "
            "sensor stands there."
        )
    speed = record["wind_speed"]
    at_level = np.asarray(speed.transpose("time", "height").to_numpy()[:, 0], np.float64)
    raised = logarithmic(record, at_level, level, np.array([height]), Profile("logarithmic")).ratios * at_level[:, None]
    about = {**record["height"].attrs}
    moved = record.assign_coords(height=("height", np.array([height]), about))
    return moved.assign(wind_speed=(("time", "height"), raised, speed.attrs))


def averaged_over(record: xr.Dataset, duration: float | None) -> xr.Dataset:
    """Return a record whose wind is the mean over a time about each interval.

    What a station and a place tens of kilometres away share is the slow part of the wind; the rest is noise of the
    station. Speeds are averaged as they are, directions as vectors of the wind. At both ends the window is cut.

    Parameters
    ----------
    record : xarray.Dataset, dims (time, height)
        wind_speed [m/s] or wind_speed_at_hub, and wind_direction [degree] where it has one, without gaps.
    duration : float, optional
        Length of the window, whose middle is that of the interval [s]; None leaves the record as it is.

    Raises
    ------
    ConfigurationError
        When the window is not longer than the step, or longer than the record.

    Examples
    --------
    >>> import numpy as np, xarray as xr
    >>> stamps = np.datetime64("2023-01-01", "ns") + np.arange(4) * np.timedelta64(1, "h")
    >>> record = xr.Dataset({"wind_speed": ("time", [4.0, 8.0, 8.0, 8.0])}, coords={"time": stamps})
    >>> averaged_over(record, 7200.0)["wind_speed"].values.round(2)
    array([5.33, 7.  , 8.  , 8.  ])
    """
    if duration is None:
        return record
    step = step_seconds(record["time"], "weather.averaging_time", "the record")
    hours = record.sizes["time"]
    if not step < duration <= hours * step:
        raise ConfigurationError(
            f"weather.averaging_time: found {duration / HOUR:g} h; expected longer than the step of the record, "
            f"{step / HOUR:g} h, and not longer than the record."
        )
    weights = _weights(duration / step)
    made: dict[str, xr.DataArray] = {}
    speeds = [name for name in SPEEDS if name in record]
    for name in speeds:
        made[name] = _mean(record[name], weights)
    if "wind_direction" in record:
        direction = record["wind_direction"]
        length = record[speeds[0]] if speeds and record[speeds[0]].dims == direction.dims else 1.0
        angle = np.radians(direction.to_numpy())
        parts = (direction.copy(data=part) for part in (np.sin(angle), np.cos(angle)))
        east, north = (_mean(part * length, weights).transpose(*direction.dims).to_numpy() for part in parts)
        made["wind_direction"] = direction.copy(data=np.degrees(np.arctan2(east, north)) % 360.0)
    return record.assign(made)


def _weights(steps: float) -> NDArray[np.float64]:
    """Return the share of each interval in a window of `steps` intervals about the middle of one, rising in time."""
    reach = int(np.ceil(0.5 * (steps - 1.0)))
    away = np.abs(np.arange(-reach, reach + 1))
    return np.asarray(np.clip(0.5 * steps - (away - 0.5), 0.0, 1.0))


def _mean(series: xr.DataArray, weights: NDArray[np.float64]) -> xr.DataArray:
    """Return the weighted mean over the time of a series, the weights of a cut window scaled up."""
    values = np.moveaxis(np.asarray(series.to_numpy(), np.float64), series.dims.index("time"), 0)
    reach = weights.size // 2
    padded = np.pad(values, [(reach, reach)] + [(0, 0)] * (values.ndim - 1))
    inside = np.pad(np.ones(values.shape[0]), reach)
    total = sum(weight * padded[k : k + values.shape[0]] for k, weight in enumerate(weights))
    known = np.convolve(inside, weights, "valid")
    mean = np.asarray(total) / known.reshape(-1, *[1] * (values.ndim - 1))
    return series.copy(data=np.moveaxis(mean, 0, series.dims.index("time")))
