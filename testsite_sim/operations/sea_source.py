"""The wind and the waves of many years that campaigns and test sites are simulated on."""

import xarray as xr

from testsite_sim.configuration.operations import SeaSource
from testsite_sim.weather import open_record
from testsite_sim.weather.generator import generate_weather

FIRST_DAY = "2001-01-01"  # of generated years, which belong to no year of the calendar


def sea_record(source: SeaSource, seed: int | None) -> xr.Dataset:
    """Return the record that a configuration names, or the years that it generates of a climate.

    Parameters
    ----------
    source : SeaSource
        A record's name, or a climate and a number of years.
    seed : int, optional
        Root seed of the generated years.

    Returns
    -------
    xarray.Dataset, dims (time, height)
        wind_speed [m s-1], wind_direction [degree], significant_wave_height [m].
    """
    if source.climate is None or source.years is None:
        return open_record(str(source.record))
    return generate_weather(source.climate, start=FIRST_DAY, years=source.years, seed=seed or 0)
