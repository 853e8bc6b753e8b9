"""What the readers of text share: bounded reading, tables, numbers, stamps of local time, records."""

import io
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from testsite_sim.errors import DataError
from testsite_sim.weather.bounded_text import MOST_COLUMNS
from testsite_sim.weather.reading import QUANTITIES

OTHERS: dict[str, tuple[str, str, str | None]] = {
    "wind_gust": ("m s-1", "wind gust", "wind_speed_of_gust"),
    "wave_period": ("s", "wave period", "sea_surface_wave_mean_period"),
    "relative_humidity": ("1", "relative humidity", "relative_humidity"),
    "imbalance_price": ("EUR J-1", "imbalance price of electricity", None),
    "wind_power": ("W", "metered wind power", None),
    "wind_power_forecast": ("W", "forecast wind power, day ahead", None),
    "wind_power_capacity": ("W", "monitored wind power capacity", None),
}


def read_table(text: str, name: str, separator: str | None = None, **options: Any) -> pd.DataFrame:
    """Return a table of text columns; the separator is the commonest of ; tab and comma in its first line.

    Raises
    ------
    DataError
        When there is no table, or one of more than a thousand columns.
    """
    text = text.replace("\0", "")
    first = text.lstrip().split("\n", 1)[0]
    if separator is None:
        separator = max(";\t,", key=first.count)
    if first.count(separator) > MOST_COLUMNS or max(map(len, text.split("\n", 200)[:200]), default=0) > 1_000_000:
        raise DataError(f"weather: {name}: the first line has {first.count(separator)} columns; is it a table?")
    try:
        table: pd.DataFrame = pd.read_csv(
            io.StringIO(text), sep=separator, dtype=str, skipinitialspace=True, on_bad_lines="error", **options
        )
    except (ValueError, pd.errors.ParserError, OverflowError) as error:
        raise DataError(f"weather: {name}: is no table of one width ({str(error).splitlines()[0][:100]}).") from error
    if not isinstance(table.index, pd.RangeIndex):  # pandas takes surplus fields at the left for labels of rows
        raise DataError(f"weather: {name}: is no table of one width (rows are wider than the first line).")
    table.columns = [str(column).strip() for column in table.columns]
    return table


def numbers(column: pd.Series) -> NDArray[np.float64]:
    """Return a column as floats, missing where it is no number; a decimal comma is one where no point stands."""
    text = column.astype("string").str.strip()
    comma = text.str.contains(",", regex=False, na=False) & ~text.str.contains(".", regex=False, na=False)
    text = text.mask(comma, text.str.replace(",", ".", regex=False))
    values = pd.to_numeric(text, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isfinite(values), values, np.nan)


def stamps_of(column: pd.Series, name: str, zone: str | None = None, pattern: str | None = None) -> NDArray[Any]:
    """Return stamps in UTC from text with an offset, or without one in a zone (UTC where none is given).

    An hour that a clock set back doubles is told apart by its order in the file.

    Raises
    ------
    DataError
        When a stamp cannot be read or does not exist in the zone.
    """
    try:
        if pattern is None and column.str.contains(r"(?:Z|[+-]\d\d:?\d\d)$", regex=True, na=False).any():
            parsed = pd.DatetimeIndex(pd.to_datetime(column, format="ISO8601", utc=True))
        else:
            parsed = pd.DatetimeIndex(pd.to_datetime(column, format=pattern or "ISO8601"))
            parsed = parsed.tz_localize(zone or "UTC", ambiguous="infer", nonexistent="raise")
        return np.asarray(parsed.tz_convert("UTC").tz_localize(None).to_numpy().astype("datetime64[ns]"))
    except (ValueError, TypeError, OverflowError, AttributeError) as error:
        raise DataError(f"weather: {name}: a stamp cannot be read ({str(error).splitlines()[0][:100]}).") from error


def record(
    name: str,
    source: str,
    times: NDArray[Any],
    series: dict[str, NDArray[np.float64]],
    levels: dict[float, dict[str, NDArray[np.float64]]] | None = None,
    **attributes: str | float,
) -> xr.Dataset:
    """Return a record of series over (time,) and of wind by height; stamps without value at all are kept.

    Raises
    ------
    DataError
        When it holds nothing.
    """
    made = xr.Dataset(coords={"time": ("time", times, {"long_name": "start of the interval, UTC"})})
    levels = {height: quantities for height, quantities in (levels or {}).items() if quantities}
    if not levels and not series:
        raise DataError(f"weather: {name} holds none of the quantities that a record takes.")
    if times.size == 0:
        raise DataError(f"weather: {name} holds no interval.")
    if np.isnat(times).any():
        raise DataError(f"weather: {name} has {int(np.isnat(times).sum())} interval(s) without a stamp; remove them.")
    if levels:
        heights = sorted(levels)
        made = made.assign_coords(height=("height", heights, {"units": "m", "standard_name": "height"}))
        for quantity in ("wind_speed", "wind_direction"):
            columns = [levels[height].get(quantity, np.full(times.size, np.nan)) for height in heights]
            if any(np.isfinite(column).any() for column in columns):
                made[quantity] = (("time", "height"), np.stack(columns, axis=1), describe(quantity))
    for quantity, values in series.items():
        made[quantity] = ("time", values, describe(quantity))
    about = {"Conventions": "CF-1.11", "title": name, "site": name, "source": source, "license": "not stated"}
    return made.assign_attrs(about, **attributes)


def describe(quantity: str) -> dict[str, str]:
    """Return the CF attributes of a quantity."""
    if quantity in QUANTITIES:
        _, units, long_name, standard = QUANTITIES[quantity]
    else:
        units, long_name, standard = OTHERS[quantity]
    return {"units": units, "long_name": long_name, **({"standard_name": standard} if standard else {})}
