"""Several records of the wind at once: opened alike, with the same stamps, and carried to the hub heights."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import xarray as xr

from testsite_sim.common.errors import DataError
from testsite_sim.configuration.weather import Weather
from testsite_sim.weather.hub_height import wind_at_hubs
from testsite_sim.weather.opening import open_as_measured


@dataclass(frozen=True, eq=False)
class Placed:
    """A record at its place [m] in the coordinates of the farm; `farms` that it drives alone, none: it is weighted."""

    name: str
    record: xr.Dataset
    x: float
    y: float
    farms: tuple[str, ...] = ()


def open_stations(weather: Weather, record: xr.Dataset) -> tuple[Placed, ...]:
    """Open the stations of a scenario; none where it has none.

    Parameters
    ----------
    weather : Weather
        With its period, step and stations.
    record : xarray.Dataset
        The opened record of the scenario itself, which comes first of what is returned.

    Raises
    ------
    DataError
        When a station cannot be opened, has no wind speed and direction, or other stamps than the record.
    """
    if not weather.stations or weather.x is None or weather.y is None:
        return ()
    found = [Placed(weather.record, record, float(weather.x), float(weather.y))]
    for station in weather.stations:
        alike = {name: getattr(weather, name) for name in ("start", "end", "step")}
        stated = {
            "record": station.record,
            "repairs": station.repairs,
            "time": station.time,
            "columns": station.columns,
        }
        opened = open_as_measured(Weather.model_validate({**stated, **alike}))
        if "wind_direction" not in opened:
            raise DataError(f"weather.stations: {station.record} has no wind_direction; add it.")
        if not np.array_equal(opened["time"].to_numpy(), record["time"].to_numpy()):
            raise DataError(
                f"weather.stations: {station.record} has other stamps than {weather.record}; expected the same step "
                "and period: state `start` and `end` that both cover."
            )
        found.append(Placed(station.record, opened, float(station.x), float(station.y), station.farms))
    return tuple(found)


def stations_at_hubs(stations: Iterable[Placed], heights: Iterable[float], weather: Weather) -> list[xr.Dataset]:
    """Return wind and air density of each station at hub heights; see `wind_at_hubs`."""
    levels = list(heights)
    return [wind_at_hubs(weather, each.record, levels) for each in stations]
