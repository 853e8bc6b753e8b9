"""What the readers of text share: bounded reading, tables, numbers, stamps of local time, records."""

from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from testsite_sim.common.errors import DataError
from testsite_sim.weather.reading import QUANTITIES
from testsite_sim.weather.stamps import utc_stamps
from testsite_sim.weather.tables import numbers, read_table

__all__ = ["OTHERS", "describe", "numbers", "read_table", "record", "stamps_of"]

OTHERS: dict[str, tuple[str, str, str | None]] = {
    "wave_period": ("s", "wave period", "sea_surface_wave_mean_period"),
    "imbalance_price": ("EUR J-1", "imbalance price of electricity", None),
    "wind_power": ("W", "metered wind power", None),
    "wind_power_forecast": ("W", "forecast wind power, day ahead", None),
    "wind_power_capacity": ("W", "monitored wind power capacity", None),
}


def stamps_of(column: pd.Series, name: str, zone: str | None = None, pattern: str | None = None) -> NDArray[Any]:
    """Return stamps in UTC from text with an offset, or without one in a zone (UTC where none is given).

    Raises
    ------
    DataError
        As `utc_stamps`.
    """
    return utc_stamps(column, name, zone, pattern)[0]


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
    about = {"Conventions": "CF-1.11", "title": name, "location": name, "source": source, "license": "not stated"}
    return made.assign_attrs(about, **attributes)


def describe(quantity: str) -> dict[str, str]:
    """Return the CF attributes of a quantity."""
    if quantity in QUANTITIES:
        _, units, long_name, standard = QUANTITIES[quantity]
    else:
        units, long_name, standard = OTHERS[quantity]
    return {"units": units, "long_name": long_name, **({"standard_name": standard} if standard else {})}
