"""Open the weather of a scenario: a packaged record or a user's file, checked, repaired, cut to its period."""

from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from testsite_sim.configuration.weather import Weather
from testsite_sim.errors import DataError
from testsite_sim.weather.control import remove_faults
from testsite_sim.weather.division import divide_intervals
from testsite_sim.weather.long_term import map_to_climate
from testsite_sim.weather.quality import check_values, repair_stamps
from testsite_sim.weather.reading import read_csv, read_netcdf
from testsite_sim.weather.record import open_record, record_path

SHORTEST = np.timedelta64(1, "D")


def open_weather(configuration: Weather) -> xr.Dataset:
    """Open, check and repair the record of a scenario.

    Parameters
    ----------
    configuration : Weather
        The record, the period, the repairs that are allowed; a relative path starts from the working folder.

    Returns
    -------
    xarray.Dataset, dims (time, height)
        In SI, UTC, rising stamps at a constant step, without gaps; attributes `repairs` (what was mended), `source`,
        `license`, and `file`, the path that was read.

    Raises
    ------
    DataError
        When the record does not exist, cannot be read, or has a fault that no named repair mends.
    """
    return in_climate(open_as_measured(configuration), configuration)


def in_climate(record: xr.Dataset, configuration: Weather) -> xr.Dataset:
    """Return a record, opened as measured, as its configuration wants it.

    Where there is a climate, the whole record takes it and is cut to its period after that: a month of it alone would
    be given the winds of a whole year.
    """
    if configuration.climate is None:
        return record
    mapped = _period(map_to_climate(record, configuration.climate.wind), configuration)
    return (
        mapped
        if configuration.step is None
        else divide_intervals(mapped, float(configuration.step), configuration.record)
    )


def open_as_measured(configuration: Weather, *, wind: bool = True, whole: bool | None = None) -> xr.Dataset:
    """Open, check and repair the record of a scenario, and leave it in its own climate; see `open_weather`.

    Without `wind` the record may do without it: a site without turbines asks for none. `whole` leaves it uncut, as
    `in_climate` takes it; None: where the configuration has a climate.
    """
    name = configuration.record
    if configuration.is_file:
        path = Path(name)
        if not path.is_file():
            raise DataError(f"weather: {path}: there is no such file; name a packaged record or a file that exists.")
        record = read_csv(path, configuration) if configuration.is_csv else read_netcdf(path)
    else:
        record, path = open_record(name), record_path(name)
    if wind and "wind_speed" not in record and "wind_speed_at_hub" not in record:
        raise DataError(f"weather: {name} holds no wind_speed; add that column or variable.")
    record, repairs = repair_stamps(record, name, configuration.repairs)
    uncut = configuration.climate is not None if whole is None else whole
    if not uncut:  # what lies outside the period is not looked at
        record = _period(record, configuration)
    record, removed = remove_faults(record, configuration.repairs)
    record, more = check_values(record, name, configuration.repairs)
    if not uncut and configuration.step is not None:
        record = divide_intervals(record, float(configuration.step), name)
    mended = [note for note in (record.attrs.get("repairs"), *repairs, *removed, *more) if note]
    return record.assign_attrs(repairs="; ".join(mended) or "none", file=str(path))


def _period(record: xr.Dataset, configuration: Weather) -> xr.Dataset:
    """Cut the record to its period; refuse a period that it does not cover, or a record that is too short."""
    stamps = record["time"].to_numpy()
    step = stamps[1] - stamps[0] if stamps.size > 1 else SHORTEST
    first, last = stamps[0], stamps[-1] + step
    start = _stamp(configuration.start, "start", first)
    end = _stamp(configuration.end, "end", last)
    if start < first or end > last or end <= start:
        raise DataError(
            f"weather: the period {str(start)[:16]} to {str(end)[:16]} is not within {configuration.record}, which "
            "covers "
            f"{str(first)[:16]} to {str(last)[:16]} UTC; choose start and end there."
        )
    cut = record.sel(time=slice(start, end - np.timedelta64(1, "ns")))
    if cut.sizes["time"] < 2 or cut.sizes["time"] * step < SHORTEST:
        raise DataError(
            f"weather: {configuration.record} is too short: {cut.sizes['time']} interval(s) of "
            f"{step / np.timedelta64(1, 's'):g} s; wanted a day or more."
        )
    return cut


def _stamp(text: str | None, key: str, default: np.datetime64) -> np.datetime64:
    """Read an ISO 8601 date or time (UTC)."""
    if text is None:
        return default
    try:
        return np.datetime64(pd.Timestamp(text).tz_localize(None), "ns")
    except ValueError as error:
        raise DataError(f"weather.{key}: {text!r} is not a date; wanted for example 2023-06-01T00:00 (UTC).") from error
