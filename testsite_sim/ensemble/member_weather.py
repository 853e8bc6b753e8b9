"""The weather of a member: blocks of a record put together anew, a year out of many, or a generated year."""

from collections.abc import Callable

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.common.time_axis import step_of
from testsite_sim.common.units import DAY
from testsite_sim.configuration.ensemble import MemberWeather
from testsite_sim.ensemble.streams import stream, stream_seed

YEAR = 365  # days of a member's year
WEEK = 7  # days
_SOLAR_YEAR = 365.2425  # [day]


def member_weather(record: xr.Dataset, how: MemberWeather, seed: int, number: int) -> xr.Dataset:
    """Return the weather of a member, a pure function of its arguments.

    Parameters
    ----------
    record : xarray.Dataset, dims (time, …)
        The record of the scenario, checked.
    how : MemberWeather
        Where the weather comes from.
    seed, number : int
        Root seed and number of the weather; number 0 is the record itself.

    Returns
    -------
    xarray.Dataset, dims (time, …)
        A year, or as much as the record has: with the record's first stamps (`blocks`), its own (`years`).

    Raises
    ------
    ConfigurationError, DataError
        When the record is too short for what is asked.
    """
    if number == 0 or how.kind == "record":
        return record
    make: dict[str, Callable[[xr.Dataset, MemberWeather, int, int], xr.Dataset]] = {
        "blocks": _blocks,
        "years": _year,
        "generator": _generated,
    }
    return make[how.kind](record, how, seed, number)


def _per_day(record: xr.Dataset, kind: str) -> tuple[int, int]:
    """Return the intervals of a day, and the whole days of the record."""
    step = step_of(record["time"].to_numpy())
    if DAY % step:
        raise ConfigurationError(
            f"ensemble.weather: `kind: {kind}` wants a step that divides a day, found {step:g} s; take `kind: record`."
        )
    each = round(DAY / step)
    return each, int(record.sizes["time"]) // each


def _blocks(record: xr.Dataset, how: MemberWeather, seed: int, number: int) -> xr.Dataset:
    """Put whole days together anew, in blocks of the same season and, so that prices fit, the same day of the week.

    Dudek, Leskow, Paparoditis and Politis (2014), A generalized block bootstrap for seasonal time series, Journal of
    Time Series Analysis 35, 89-114.
    """
    each, days = _per_day(record, "blocks")
    length, window = max(1, round(how.block / DAY)), how.window / DAY
    expected = min(days, YEAR)
    random = stream(seed, number, "weather")
    chosen = np.empty(0, np.int64)
    for day in range(0, expected, length):
        candidates = _like(day, days, window)
        start = int(candidates[int(random.random() * candidates.size)])
        chosen = np.concatenate([chosen, (start + np.arange(min(length, expected - day))) % days])
    rows = (chosen[:, None] * each + np.arange(each)).ravel()
    return _taken(record, rows, f"blocks of {length} days, member {number}")


def _like(day: int, days: int, window: float) -> NDArray[np.int64]:
    """Return the days of a record that are of the season of a day, and the same day of the week."""
    first = np.arange(days)
    apart = (first - day + 0.5 * _SOLAR_YEAR) % _SOLAR_YEAR - 0.5 * _SOLAR_YEAR
    return np.flatnonzero((np.abs(apart) <= window + 1e-9) & ((first - day) % 7 == 0))


def only_as_it_is(record: xr.Dataset, how: MemberWeather) -> str | None:
    """Return why blocks can only be put together as the record has them, so that no member has another weather.

    Raises
    ------
    ConfigurationError
        When it is the stated `window` that reaches no other week.
    """
    if how.kind != "blocks":
        return None
    _, days = _per_day(record, "blocks")
    length, window = max(1, round(how.block / DAY)), how.window / DAY
    if any(_like(day, days, window).size > 1 for day in range(0, min(days, YEAR), length)):
        return None
    if days > WEEK:
        raise ConfigurationError(
            f"ensemble.weather.window: {window:g} days reach no other week of a record of {days} days, so that every "
            "member would have its weather as it is; expected 7 day or more, or `kind: record`."
        )
    return f"the weather of every member is that of the record, whose {days} days hold no other week"


def _taken(record: xr.Dataset, rows: NDArray[np.int64], note: str) -> xr.Dataset:
    """Return intervals of the record in another order, with its first stamps."""
    taken = record.drop_vars("time").isel(time=rows).assign_coords(time=record["time"][: rows.size])
    return taken.assign_attrs(member_weather=note)


def _year(record: xr.Dataset, how: MemberWeather, seed: int, number: int) -> xr.Dataset:
    """Take a year of the record, each as likely."""
    each, days = _per_day(record, "years")
    starts = np.round(np.arange(days // YEAR) * _SOLAR_YEAR).astype(int)
    starts = starts[starts + YEAR <= days]
    if starts.size < 2:
        raise DataError(
            f"ensemble.weather: `kind: years` wants a record of two years or more, found {days} days; "
            "take `kind: blocks` or `generator`, or a longer record."
        )
    begin = int(starts[int(stream(seed, number, "weather").random() * starts.size)])
    cut = record.isel(time=slice(begin * each, (begin + YEAR) * each))
    return cut.assign_attrs(member_weather=f"year from {str(cut['time'].to_numpy()[0])[:10]}")


def _generated(record: xr.Dataset, how: MemberWeather, seed: int, number: int) -> xr.Dataset:
    """Generate a year of the climate, in the step of the record; it carries the turbulence of the climate."""
    from testsite_sim.weather.generator import generate_weather

    if how.climate is None:
        raise ValueError("the generator wants a climate")
    first = str(record["time"].to_numpy()[0])[:10]
    made = generate_weather(
        how.climate,
        start=first,
        years=1,
        step=step_of(record["time"].to_numpy()),
        seed=stream_seed(seed, number, "weather"),
    )
    turbulence = how.climate.wind.turbulence
    if turbulence is not None:
        intensity = np.interp(
            made["wind_speed"].isel(height=0).to_numpy(),
            np.array(turbulence.speed.values_in("m/s")),
            np.array(turbulence.intensity, np.float64),
        )
        made["turbulence_intensity"] = ("time", intensity, {"units": "1", "long_name": "turbulence of the climate"})
    return made.assign_attrs(member_weather=f"generated, member {number}", file=record.attrs.get("file", ""))
