"""Open the weather of a scenario: a packaged record or a user's file, checked, repaired, cut to its period."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from testsite_sim.common.errors import DataError
from testsite_sim.configuration.weather import Weather, utc_moment
from testsite_sim.weather.control import SHADOW, out_of_range, remove_faults
from testsite_sim.weather.division import divide_intervals
from testsite_sim.weather.intervals import interval_lengths, joined_in_time
from testsite_sim.weather.long_term import ClimateMapping, mapping_of
from testsite_sim.weather.mast_shadow import correct_mast_shadow
from testsite_sim.weather.quality import check_values, repair_stamps
from testsite_sim.weather.reading import read_csv, read_netcdf
from testsite_sim.weather.record import open_record, record_path

SHORTEST = np.timedelta64(1, "D")
MOST_STEPS = 4  # that a message names


def open_weather(configuration: Weather) -> xr.Dataset:
    """Open, check and repair the record of a scenario.

    Parameters
    ----------
    configuration : Weather
        The record, the period, the repairs that are allowed; a relative path starts from the working folder.

    Returns
    -------
    xarray.Dataset, dims (time, height)
        In SI, UTC, rising stamps at a constant step, without gaps; attributes `repairs` (what was repaired), `source`,
        `license`, and `file`, the path that was read.

    Raises
    ------
    DataError
        When the record does not exist, cannot be read, or has a fault that no named rule repairs.
    """
    return in_climate(open_as_measured(configuration), configuration)


def mapping_in(
    record: xr.Dataset, configuration: Weather, known: ClimateMapping | None = None
) -> ClimateMapping | None:
    """Return how a record is mapped to the climate of its configuration, the known mapping where that serves."""
    if configuration.climate is None:
        return None
    wind = configuration.climate.wind
    if known is not None and known.serves(record, wind):
        return replace(known, wind=wind)
    return mapping_of(record, wind)


def in_climate(record: xr.Dataset, configuration: Weather, mapping: ClimateMapping | None = None) -> xr.Dataset:
    """Return a record, opened as measured, as its configuration wants it.

    Where there is a climate, the whole record takes it and is cut to its period after that: a month of it alone would
    be given the winds of a whole year. The `mapping` is that of `mapping_in`, where it is known.
    """
    if configuration.climate is None:
        return record
    wind = configuration.climate.wind
    mapped = _period((mapping or mapping_of(record, wind)).applied(record, wind), configuration)
    return (
        mapped
        if configuration.step is None
        else divide_intervals(mapped, float(configuration.step), configuration.record)
    )


def open_as_measured(configuration: Weather, *, wind: bool = True, whole: bool | None = None) -> xr.Dataset:
    """Open, check and repair the record of a scenario, and leave it in its own climate; see `open_weather`.

    Without `wind` the record may do without it: a plant without turbines asks for none. `whole` leaves it uncut, as
    `in_climate` takes it; None: where the configuration has a climate.
    """
    name = configuration.record
    if configuration.is_file:
        path = Path(name)
        if not path.is_file():
            raise DataError(no_such_file(path))
        record = read_csv(path, configuration) if configuration.is_csv else read_netcdf(path)
    else:
        record, path = open_record(name), record_path(name)
    if wind and "wind_speed" not in record and "wind_speed_at_hub" not in record:
        raise DataError(f"weather: {name} holds no wind_speed; add that column or variable.")
    uncut = configuration.climate is not None if whole is None else whole
    record = _distinguished(record, name)
    if not uncut:  # what lies outside the period is not looked at
        record = _period(record, configuration)
    elif whole is None and (configuration.start or configuration.end):
        return _around_period(record, configuration, path)
    record, repaired = _repaired(record, configuration)
    if not uncut and configuration.step is not None:
        record = divide_intervals(record, float(configuration.step), name)
    return record.assign_attrs(repairs="; ".join(repaired) or "none", file=str(path))


def no_such_file(path: Path) -> str:
    """Return the sentence on a record that is not there."""
    return f"weather: {path}: there is no such file; name a packaged record or a file that exists."


def _repaired(record: xr.Dataset, configuration: Weather) -> tuple[xr.Dataset, list[str]]:
    """Return a record as its rules repair it, and what was repaired; refuse the rest, all of it at once."""
    name, problems = configuration.record, list[str]()
    record, repairs = repair_stamps(record, name, configuration.repairs, problems)
    record, removed = remove_faults(record, configuration.repairs)
    if SHADOW in configuration.repairs:
        record, corrected = correct_mast_shadow(record)
        removed += corrected
    record, more = check_values(record, name, configuration.repairs, problems)
    if problems:
        raise DataError(*problems)
    return record, [note for note in (record.attrs.get("repairs"), *repairs, *removed, *more) if note]


def _around_period(record: xr.Dataset, configuration: Weather, path: Path) -> xr.Dataset:
    """Return a record that is to take a climate as a whole, checked within its period.

    What is faulty outside the period needs no repair: those intervals do not count in the ranks by which the climate is
    given.
    """
    inside, repaired = _repaired(_period(record, configuration), configuration)
    first, last = inside["time"].to_numpy()[[0, -1]]
    time = record["time"].to_numpy()
    around = record.isel(time=(time < first) | (time > last)).sortby("time").drop_duplicates("time")
    good = np.ones(around.sizes["time"], np.bool_)
    for name in ("wind_speed", "wind_speed_at_hub", "wind_direction"):
        if name in around:
            if good.size == 0:  # the period is the whole record
                break
            values = around[name].to_numpy().reshape(good.size, -1)
            good &= ~(np.isnan(values) | out_of_range(values, name)).any(axis=1)
    around = around.isel(time=good)
    left = int((~good).sum())
    if left:
        repaired.append(f"{left} faulty interval(s) outside the period left out of the climate's ranks")
    joined = joined_in_time([around, inside], "override")
    return joined.assign_attrs(inside.attrs, repairs="; ".join(repaired) or "none", file=str(path))


def _distinguished(record: xr.Dataset, name: str) -> xr.Dataset:
    """Return a record whose stamps can be compared; refuse one that has fewer than two, or one without a stamp."""
    stamps = record["time"].to_numpy().astype("datetime64[ns]")
    if stamps.size < 2:
        raise DataError(f"weather: {name} is too short: {stamps.size} interval(s); expected a day or more.")
    if np.isnat(stamps).any():
        raise DataError(f"weather: {name} has {int(np.isnat(stamps).sum())} interval(s) without a stamp; remove them.")
    return record


def _period(record: xr.Dataset, configuration: Weather) -> xr.Dataset:
    """Cut the record to its period; refuse a period that it does not cover, or a record that is too short.

    The stamps may be in any order, and doubled: the record is not repaired yet.
    """
    stamps = record["time"].to_numpy().astype("datetime64[ns]")
    distinct = stamps if np.all(stamps[1:] > stamps[:-1]) else np.unique(stamps)
    lengths = interval_lengths(distinct) if distinct.size > 1 else np.array([SHORTEST])
    first, last = distinct[0], distinct[-1] + lengths[-1]
    start = first if configuration.start is None else utc_moment(configuration.start)
    end = last if configuration.end is None else utc_moment(configuration.end)
    if start < first or end > last or end <= start:
        raise DataError(
            f"weather: the period {str(start)[:16]} to {str(end)[:16]} is not within {configuration.record}, which "
            f"covers {str(first)[:16]} to {str(last)[:16]} UTC; choose start and end there."
        )
    rows = (stamps >= start) & (stamps < end)
    cut = record if rows.all() else record.isel(time=rows)
    within = (distinct >= start) & (distinct < end)
    count, covered = int(within.sum()), lengths[within].sum()
    if count < 2 or covered < SHORTEST:
        raise DataError(f"weather: {configuration.record} {_why_short(distinct[within], lengths[within], lengths[0])}")
    _refuse_open_ends(distinct[within], lengths[within], start, end, configuration)
    return cut


def _why_short(stamps: NDArray[np.datetime64], lengths: NDArray[np.timedelta64], usual: np.timedelta64) -> str:
    """Return why stamps that rise are no day of weather, each with the length of its interval."""
    second = np.timedelta64(1, "s")
    if stamps.size > 1 and stamps[-1] - stamps[0] + lengths[-1] >= SHORTEST:
        found = np.unique(np.diff(stamps)) / second
        steps = ", ".join(f"{each:g}" for each in found[:MOST_STEPS]) + (", …" if found.size > MOST_STEPS else "")
        return (
            f"has stamps that are {steps} s apart and keeps no step for a day; expected one step over all of it: "
            "resample it to the longest of them, or leave out what has another."
        )
    step = lengths[0] if stamps.size else usual
    return f"is too short: {stamps.size} interval(s) of {step / second:g} s; expected a day or more."


def _refuse_open_ends(
    stamps: NDArray[np.datetime64],
    lengths: NDArray[np.timedelta64],
    start: np.datetime64,
    end: np.datetime64,
    configuration: Weather,
) -> None:
    """Refuse a period that begins or ends in a gap: what would be cut off there could not be filled."""
    ends = stamps[-1] + lengths[-1]
    for key, gap, at in (("start", stamps[0] - start, start), ("end", end - ends, end)):
        length = lengths[0] if key == "start" else lengths[-1]
        if gap >= length:
            known = stamps[0] if key == "start" else ends
            raise DataError(
                f"weather.{key}: {configuration.record} has a gap of {gap / np.timedelta64(1, 'h'):g} h at "
                f"{str(at)[:16]}; choose {str(known)[:16]}, or fill it."
            )
