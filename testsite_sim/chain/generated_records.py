"""A generated record of either kind of climate: of the weather as a whole, or of wind and waves alone."""

import xarray as xr

from testsite_sim.configuration.climate import Climate
from testsite_sim.configuration.loading import load_component, load_component_document
from testsite_sim.configuration.weather_climate import WeatherClimate
from testsite_sim.operations import generate_metocean
from testsite_sim.weather.generator import generate_weather


def generate_of_climate(
    name: str, *, start: str, years: int, step: float, seed: int, member: int
) -> tuple[xr.Dataset, float]:
    """Generate a record of a climate by name or path.

    A climate whose file has a part `wind` describes the whole weather; else it is one of wind and waves.

    Returns
    -------
    tuple[xarray.Dataset, float]
        The record, and the height of its wind [m].
    """
    if "wind" in load_component_document("climate", name, WeatherClimate):
        whole = load_component("climate", name, WeatherClimate)
        record = generate_weather(whole, start=start, years=years, step=step, seed=seed, member=member)
        return record, float(whole.wind.height)
    sea = load_component("climate", name, Climate)
    record = generate_metocean(sea, start=start, years=years, step=step, seed=seed, member=member)
    return record.assign_attrs(license="CC0-1.0"), float(sea.height)
