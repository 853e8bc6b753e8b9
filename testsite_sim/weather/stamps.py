"""Stamps of a file in UTC: text with or without an offset, in a zone whose clock changes, in a stated format."""

import re
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from testsite_sim.common.errors import DataError
from testsite_sim.common.text import shortened
from testsite_sim.weather.clock_errors import CLOCK_ERRORS

OFFSET = r"\d[T ]?\d\d:?\d\d.*(?:Z|[+-]\d\d(?::?\d\d)?)$"  # behind a time of the day: a date may end in -01


def utc_stamps(
    column: pd.Series, where: str, zone: str | None = None, form: str | None = None
) -> tuple[NDArray[Any], str]:
    """Return stamps in UTC, and what was done to them.

    A stamp with an offset, such as `+02:00`, says its time in full: offsets that change with the clock are read in any
    zone. One without is in `zone`; there an hour that a clock set back doubles is distinguished by its order.

    Parameters
    ----------
    column : pandas.Series
        Text or times.
    where : str
        File and column, for the message.
    zone : str, optional
        Of stamps without an offset; None: UTC.
    form : str, optional
        How a stamp is written, in the codes of `strptime`; None: ISO 8601.

    Returns
    -------
    ndarray of datetime64[ns], str
        In the order of the file; the note is empty where nothing was done.

    Raises
    ------
    DataError
        When a stamp cannot be read, does not exist in the zone, or only some have an offset.
    """
    place = _zone(zone)
    if pd.api.types.is_datetime64_any_dtype(column):
        parsed = pd.DatetimeIndex(column)
    else:
        text = column.astype("string").str.strip()
        offset = text.str.contains(OFFSET, regex=True, na=False).to_numpy() | (form is not None and "%z" in form)
        if form is None and offset.any() and not offset.all():
            row = int(np.argmax(offset != offset[0]))
            raise DataError(
                f"weather: {where}: {_quoted(text, row)} {'states' if offset[row] else 'lacks'} an offset from UTC and "
                f"those before {'do not' if offset[row] else 'do'}; write all stamps alike."
            )
        parsed = _parsed(text, where, form, aware=bool(offset.all() and offset.size))
    if parsed.hasnans:
        raise DataError(
            f"weather: {where} has {int(np.count_nonzero(parsed.isna()))} interval(s) without a stamp; remove them."
        )
    note = ""
    if parsed.tz is not None:
        if place.key.upper() != "UTC":
            note = "stamps converted to UTC by their own offsets"
    else:
        parsed = _localized(parsed, place, where)
        if place.key.upper() != "UTC":
            note = f"stamps converted from {place.key} to UTC"
    return parsed.tz_convert("UTC").tz_localize(None).to_numpy().astype("datetime64[ns]"), note


def _zone(name: str | None) -> ZoneInfo:
    """Return a time zone by name."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise DataError(
            f"weather.time.zone: {name!r} is not a time zone; expected for example UTC or Europe/Brussels."
        ) from error


def _parsed(text: pd.Series, where: str, form: str | None, *, aware: bool) -> pd.DatetimeIndex:
    """Return text as times; one that cannot be read is named with its row."""
    try:
        parsed = pd.DatetimeIndex(pd.to_datetime(text, format=form or "ISO8601", utc=aware, errors="coerce"))
    except (ValueError, TypeError, OverflowError, AttributeError) as error:
        raise DataError(f"weather: {where}: a stamp cannot be read ({shortened(str(error))}).") from error
    bad = np.flatnonzero(parsed.isna() & text.notna().to_numpy())
    if bad.size == 0:
        return parsed
    expected = f"`{form}`, as the format says" if form else "ISO 8601, such as 2023-01-01T01:00"
    hint = ""
    if form is None and text.str.match(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}", na=False).iloc[bad[0]]:
        hint = (
            '; or say how they are written: `format: "%d/%m/%Y %H:%M"` in addition to `zone` (day first or month first)'
        )
    raise DataError(
        f"weather: {where}: a stamp cannot be read: {_quoted(text, int(bad[0]))}; expected {expected}{hint}."
    )


def _localized(parsed: pd.DatetimeIndex, place: ZoneInfo, where: str) -> pd.DatetimeIndex:
    """Return local times with their zone; of doubled hours the first is that of summer."""
    try:
        return parsed.tz_localize(place, ambiguous="infer", nonexistent="raise")
    except CLOCK_ERRORS as error:
        raise DataError(
            f"weather: {where}: stamps do not fit {place.key} ({_without_advice(str(error))}): an hour is "
            "missing or doubled where the clock changes; export the file in UTC, or with the offset in each stamp."
        ) from error


def _without_advice(reason: str) -> str:
    """Return what pandas says of a stamp, without the argument of its own function that it advises."""
    return shortened(re.split(r"[.,]?\s+try using", reason, maxsplit=1, flags=re.IGNORECASE)[0])


def _quoted(text: pd.Series, row: int) -> str:
    """Return what stands in a row."""
    return f"{shortened(str(text.iloc[row]), 60)!r} in data row {row + 1}"
