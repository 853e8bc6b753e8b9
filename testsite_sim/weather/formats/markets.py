"""Prices and powers: Elia open data (CSV, JSON) and day-ahead prices of the ENTSO-E transparency platform (CSV)."""

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from testsite_sim.common.errors import DataError
from testsite_sim.common.text import shortened
from testsite_sim.common.units import HOUR, MEGAWATT_HOUR
from testsite_sim.weather.bounded_text import read_text
from testsite_sim.weather.formats.options import ImportOptions
from testsite_sim.weather.formats.text import numbers, read_table, record, stamps_of

# Column of Elia's data sets: quantity, factor to SI, whether regions add up.
_ELIA = {
    "imbalanceprice": ("imbalance_price", 1.0 / MEGAWATT_HOUR, False),
    "dayaheadprice": ("day_ahead_price", 1.0 / MEGAWATT_HOUR, False),
    "measured": ("wind_power", 1e6, True),
    "realtime": ("wind_power", 1e6, True),
    "dayaheadforecast": ("wind_power_forecast", 1e6, True),
    "dayahead11hforecast": ("wind_power_forecast", 1e6, True),
    "monitoredcapacity": ("wind_power_capacity", 1e6, True),
}
_CLOCK = {"CET": 1, "CEST": 2, "UTC": 0, "WET": 0, "WEST": 1, "EET": 2, "EEST": 3}


def read_elia(path: Path, options: ImportOptions) -> xr.Dataset:
    """Read a data set of opendata.elia.be (ods031, ods047, ods086, ods134, …), CSV or JSON.

    Powers are those offshore where the data set distinguishes them, added over its rows of one stamp.

    Raises
    ------
    DataError
        When it has no column `datetime` or none that is known.
    """
    text = read_text(path)
    if text.lstrip()[:1] in ("{", "["):
        try:
            found = json.loads(text)
            rows = found
            if isinstance(found, dict):
                rows = found["results"] if "results" in found else found["records"]
            table = pd.DataFrame([row.get("fields", row) for row in rows]).map(lambda x: None if x is None else str(x))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise DataError(f"weather: {path.name}: is not JSON of Elia ({type(error).__name__}).") from error
    else:
        table = read_table(text, path.name)
    table.columns = [re.sub(r"[^a-z0-9]", "", str(name).lower()) for name in table.columns]
    if table.columns.has_duplicates or "datetime" not in table or table.empty:
        raise DataError(f"weather: {path.name} has no column `datetime`, as the data sets of Elia have, or no row.")
    if "offshoreonshore" in table and (table["offshoreonshore"].str.lower() == "offshore").any():
        table = table[table["offshoreonshore"].str.lower() == "offshore"]
    stamps = stamps_of(table["datetime"].astype("str"), path.name, options.zone)
    series: dict[str, NDArray[np.float64]] = {}
    order = np.unique(stamps)
    for column, (quantity, factor, adds) in _ELIA.items():
        if column in table and quantity not in series:
            grouped = pd.Series(numbers(table[column]), index=stamps).groupby(level=0)
            values = grouped.sum(min_count=1) if adds else grouped.first()
            series[quantity] = np.asarray(values.reindex(order).to_numpy(), np.float64) * factor
    return record(
        path.stem, f"Elia open data, {path.name}", order, series, license="CC BY 4.0 (Elia open data licence)"
    )


def read_entsoe(path: Path, options: ImportOptions) -> xr.Dataset:
    """Read a table of day-ahead prices: `MTU (CET/CEST)` or `MTU (UTC)`, intervals `start - end`, EUR/MWh.

    The hour that a clock set back doubles is distinguished by the mark (CET), (CEST) where it stands, else by order;
    rows of the hour that does not exist are dropped. Of several sequences the first is taken.

    Raises
    ------
    DataError
        When there is no such column or a stamp cannot be read.
    """
    table = read_table(read_text(path), path.name, separator=",")
    clock = next((name for name in table.columns if name.startswith("MTU")), None)
    price = next(
        (name for name in table.columns if re.fullmatch(r"Day-ahead Price [\[(]EUR/MWh[\])]", name, re.IGNORECASE)),
        None,
    )
    if clock is None or price is None or table.empty:
        raise DataError(
            f"weather: {path.name} has no columns `MTU (…)` and `Day-ahead Price (EUR/MWh)`, as prices of the ENTSO-E "
            "transparency platform have."
        )
    if "Sequence" in table:
        expected = table["Sequence"].isin(["Without Sequence", "Sequence 1", "Sequence Sequence 1"])
        table = table[expected] if expected.any() else table
    begin = table[clock].astype("string").str.split(" - ").str[0].str.strip()
    marks = begin.str.extract(r"\((\w+)\)")[0]
    plain = begin.str.replace(r"\s*\(.*\)", "", regex=True).str.replace(".", "/", regex=False).str.replace("T", " ")
    sample = str(plain.dropna().iloc[0]) if plain.notna().any() else ""
    form = "%Y-%m-%d %H:%M" if re.match(r"\d{4}-", sample) else "%d/%m/%Y %H:%M"
    form += ":%S" if sample.count(":") == 2 else ""
    local = pd.DatetimeIndex(pd.to_datetime(plain, format=form, errors="coerce"))
    if local.isna().any():
        raise DataError(
            f"weather: {path.name}: the stamp {shortened(str(begin[local.isna()].iloc[0]), 60)!r} cannot be read."
        )
    values = numbers(table[price])
    if "UTC" in clock.upper() and "CET" not in clock.upper():
        times = local.to_numpy().astype("datetime64[ns]")
    else:
        times, kept = _of_brussels(local, marks, options.zone or "Europe/Brussels", path.name)
        values = values[kept]
    return record(
        path.stem, f"ENTSO-E transparency platform, {path.name}", times, {"day_ahead_price": values / MEGAWATT_HOUR}
    )


def _of_brussels(local: pd.DatetimeIndex, marks: pd.Series, zone: str, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return stamps in UTC, and which rows they are: those of the hour that does not exist are left out."""
    known = marks.map(_CLOCK).to_numpy(dtype=np.float64, na_value=np.nan)
    order = np.arange(local.size)
    try:
        attempt = local.tz_localize(zone, ambiguous=np.ones(local.size, dtype=np.bool_), nonexistent="NaT")
        late = local.tz_localize(zone, ambiguous=np.zeros(local.size, dtype=np.bool_), nonexistent="NaT")
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"weather: {name}: {zone!r} is not a time zone for its stamps.") from error
    first, second = (
        each.tz_convert("UTC").tz_localize(None).to_numpy().astype("datetime64[ns]") for each in (attempt, late)
    )
    times, twice = first.copy(), first != second
    marked = np.isfinite(known)
    shift = np.where(marked, known, 0.0) * (HOUR * 1e9)
    times = np.where(marked, local.to_numpy().astype("datetime64[ns]") - shift.astype("timedelta64[ns]"), times)
    seen: set[np.datetime64] = set()
    for k in order[twice & ~marked & ~np.isnat(first)]:
        if first[k] in seen:
            times[k] = second[k]
        seen.add(first[k])
    kept = ~np.isnat(times)
    return times[kept], kept
