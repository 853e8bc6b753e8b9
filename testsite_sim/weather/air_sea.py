"""Temperatures of air and sea over the time of a record: its own, else those of a climate, with what is not known."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.constants import STANDARD_ATMOSPHERE, ZERO_CELSIUS

from testsite_sim.common.errors import DataError
from testsite_sim.common.units import DAY
from testsite_sim.configuration.air_sea import AirSeaClimate

SCREEN_HEIGHT = 2.0  # [m] of an air temperature whose record states none, as that of ERA5 and of screens on land
SEA_HUMIDITY = 0.78  # [1] mean of KNMI station 317 Borssele Alpha, June 2023 to December 2025, where none is known
SURFACE_EXPONENT = 0.08  # from the level of a record to 10 m, only to find the wind that brought the air
YEAR = 365.25  # [day]


@dataclass(frozen=True)
class AirSea:
    """The state of air and sea, over (time,).

    Attributes
    ----------
    air, sea
        Temperatures [K] of the air at `height` and of the sea's surface.
    height
        [m].
    humidity
        Relative [1].
    pressure
        At sea level [Pa].
    spread
        Standard deviation of what is not known of the difference of air and sea [K]; 0 where both are measured.
    method
        Where they come from, in words.
    """

    air: Floats
    sea: Floats
    height: float
    humidity: Floats
    pressure: Floats
    spread: float
    method: str


def air_and_sea(record: xr.Dataset, climate: AirSeaClimate | None) -> AirSea:
    """Return the temperatures of air and sea of a record; what it lacks is that of a climate.

    Parameters
    ----------
    record : xarray.Dataset, dims (time, height)
        air_temperature, sea_surface_temperature [K], relative_humidity [1], air_pressure [Pa] over (time,), where it
        has them; wind_speed [m/s] and wind_direction [degree] where the climate makes one of the temperatures.
    climate : AirSeaClimate, optional
        `configs/air-sea`.

    Raises
    ------
    DataError
        When a temperature is missing and there is no climate.
    """
    missing = [name for name in ("air_temperature", "sea_surface_temperature") if name not in record]
    if missing and climate is None:
        raise DataError(
            f"weather.profile: monin-obukhov wants the temperatures of air and sea; the record of "
            f"{record.attrs.get('location', '?')} has no {' and no '.join(missing)}: add the column, or name a "
            "climate of them, `weather: {air_sea: southern-north-sea}`."
        )
    hours = record.sizes["time"]
    known = {name: _celsius(record, name) for name in ("air_temperature", "sea_surface_temperature") if name in record}
    height = float(record["air_temperature"].attrs.get("height", SCREEN_HEIGHT)) if "air_temperature" in record else 0.0
    air, sea = known.get("air_temperature"), known.get("sea_surface_temperature")
    spread, made = 0.0, ""
    if climate is not None and missing:
        made = f"; {' and '.join(missing)} of the climate {climate.title!r}"
        if air is None:
            difference = climatological_difference(record, climate)
            spread = float(climate.difference.spread)
            sea = sea_temperature(record["time"].to_numpy(), climate) if sea is None else sea
            air, height = sea + difference, float(climate.difference.height)
        elif sea is None:
            spread = float(climate.sea.spread)
            sea = sea_temperature(record["time"].to_numpy(), climate)
    if air is None or sea is None:
        raise ValueError("one of the temperatures is neither on the record nor of a climate")
    humid = SEA_HUMIDITY if climate is None else float(climate.relative_humidity)
    humidity = record["relative_humidity"].to_numpy() if "relative_humidity" in record else np.full(hours, humid)
    pressure = record["air_pressure"].to_numpy() if "air_pressure" in record else np.full(hours, STANDARD_ATMOSPHERE)
    own = " and ".join(f"the record's {name}" for name in known)
    return AirSea(
        air + ZERO_CELSIUS,
        sea + ZERO_CELSIUS,
        height,
        np.asarray(humidity, np.float64),
        np.asarray(pressure, np.float64),
        spread,
        (own + made).removeprefix("; "),
    )


def sea_temperature(time: NDArray[np.datetime64], climate: AirSeaClimate) -> Floats:
    """Return the temperature of the sea's surface in a climate, shape (time,) [°C]."""
    phase = _phase(time) - 2.0 * np.pi * float(climate.sea.coldest) / (YEAR * DAY)
    mean = float(climate.sea.mean) - ZERO_CELSIUS
    return np.asarray(mean - float(climate.sea.amplitude) * np.cos(phase))


def climatological_difference(record: xr.Dataset, climate: AirSeaClimate) -> Floats:
    """Return the air temperature less that of the sea in a climate, for season and wind, shape (time,) [K]."""
    form = climate.difference
    coefficients = np.concatenate([form.year, form.north, form.east, form.day_north, form.day_east])
    return np.asarray(predictors(record) @ coefficients + float(climate.offset))


def predictors(record: xr.Dataset) -> Floats:
    """Return what the difference of air and sea is linear in, shape (time, 17); see `AirSeaDifference`."""
    time = record["time"].to_numpy()
    speed, direction = _surface_wind(record)
    phase = _phase(time)
    season = np.stack([np.ones_like(phase), np.cos(phase), np.sin(phase)], axis=1)
    half_year = np.stack([np.cos(2.0 * phase), np.sin(2.0 * phase)], axis=1)
    angle = np.radians(direction)
    factors = [np.cos(angle), np.sin(angle)]
    factors += [_of_a_day(time, speed * each / 10.0) for each in (np.cos(angle), np.sin(angle))]
    return np.concatenate([season, half_year, *(season * factor[:, None] for factor in factors)], axis=1)


def _phase(time: NDArray[np.datetime64]) -> Floats:
    """Return how far the year is, as an angle."""
    stamps = time.astype("datetime64[s]")
    days = (stamps - stamps.astype("datetime64[Y]")) / np.timedelta64(1, "s") / DAY
    return np.asarray(2.0 * np.pi * days / YEAR, np.float64)


def _of_a_day(time: NDArray[np.datetime64], values: Floats) -> Floats:
    """Return the mean of a series with a memory of a day; it starts with the record."""
    step = float((time[1] - time[0]) / np.timedelta64(1, "s"))
    return np.asarray(pd.Series(values).ewm(alpha=1.0 - np.exp(-step / DAY)).mean().to_numpy(), np.float64)


def _surface_wind(record: xr.Dataset) -> tuple[Floats, Floats]:
    """Return wind speed at 10 m and direction, of the lowest level from 10 m up, else the highest below."""
    if "height" not in record.dims or "wind_speed" not in record or "wind_direction" not in record:
        raise DataError(
            "weather.air_sea: the climate of air and sea follows the wind; the record states no wind speed and "
            "direction at a height."
        )
    levels = record["height"].to_numpy().astype(np.float64)
    above = np.flatnonzero(levels >= 10.0)
    row = int(above[0]) if above.size else levels.size - 1
    speed = record["wind_speed"].transpose("time", "height").to_numpy()[:, row]
    direction = record["wind_direction"].transpose("time", "height").to_numpy()[:, row]
    return np.asarray(speed * (10.0 / levels[row]) ** SURFACE_EXPONENT), np.asarray(direction, np.float64)


def _celsius(record: xr.Dataset, name: str) -> Floats:
    return np.asarray(record[name].to_numpy() - ZERO_CELSIUS, np.float64)
