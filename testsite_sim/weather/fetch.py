"""Fetch series from the services of Elia and ENTSO-E, month by month; what is there already is not fetched again."""

import json
import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from testsite_sim.errors import ConfigurationError, DataError
from testsite_sim.weather.formats import import_record

SOURCES = ("elia", "entsoe")
Say = Callable[[str], None]


def fetch(source: str, first: str, last: str, folder: Path, name: str, say: Say = print) -> xr.Dataset:
    """Fetch whole months and return them as a record.

    Each month is a file in the folder that appears when it is complete: an interrupted fetch goes on where it ended.
    Elia is read through elia-opendata and wants no key; ENTSO-E through entsoe-py with the key in the environment
    variable ENTSOE_API_KEY. `ELIA_URL` and `ENTSOE_ENDPOINT_URL` name other servers.

    Parameters
    ----------
    source : str
        `elia` or `entsoe`.
    first, last : str
        Months, such as `2024-01` and `2024-12`.
    folder : Path
        Where the months are kept.
    name : str
        Data set of Elia, such as `ods134`; price zone of ENTSO-E, such as `BE`.
    say : callable
        Told a line for each month.

    Returns
    -------
    xarray.Dataset, dims (time,)
        See `read_elia`; day_ahead_price [EUR/J] of ENTSO-E.

    Raises
    ------
    ConfigurationError
        When months are wrong, a package of the extra `fetch` is missing, or the key is not set.
    DataError
        When the service does not answer or has nothing.
    """
    try:
        months = pd.period_range(first, last, freq="M")
    except ValueError as error:
        raise ConfigurationError(
            f"weather fetch: {first!r} to {last!r} are no months; wanted such as 2024-01."
        ) from error
    if not 1 <= len(months) <= 600 or not name.replace("-", "").replace("_", "").isalnum():
        raise ConfigurationError(f"weather fetch: found {len(months)} months of {name!r}; wanted 1 to 600 of a name.")
    ask = {"elia": _elia, "entsoe": _entsoe}[source](name)
    folder.mkdir(parents=True, exist_ok=True)
    parts = []
    for month in months:
        path = folder / f"{source}-{name}-{month}.json"
        if path.is_file():
            say(f"{month}: kept")
        else:
            begin = month.start_time.tz_localize("UTC")
            rows = ask(begin, (month + 1).start_time.tz_localize("UTC"))
            if not rows:
                raise DataError(f"weather fetch: {source} has nothing of {name} in {month}.")
            beside = path.with_suffix(".part")
            with beside.open("w", encoding="utf-8") as written:
                json.dump(rows, written)
                written.flush()
                os.fsync(written.fileno())
            beside.replace(path)
            say(f"{month}: {len(rows)} rows")
        parts.append(import_record(path, "elia"))
    joined = xr.concat(parts, dim="time", combine_attrs="drop_conflicts").sortby("time")
    _, once = np.unique(joined["time"].to_numpy(), return_index=True)
    about = {"elia": "Elia open data", "entsoe": "ENTSO-E transparency platform"}[source]
    return joined.isel(time=once).assign_attrs(title=f"{about}, {name}", site=name, source=f"{about}, {name}")


def _elia(dataset: str) -> Callable[[pd.Timestamp, pd.Timestamp], list[dict[str, Any]]]:
    """Return what asks Elia for the rows of a period."""
    try:
        from elia_opendata.client import EliaClient
        from elia_opendata.error import EliaError
    except ImportError as error:
        raise ConfigurationError("weather fetch: wants `pip install 'testsite-sim[fetch]'`.") from error
    client = EliaClient(timeout=120)
    client.BASE_URL = os.environ.get("ELIA_URL", client.BASE_URL)

    def ask(begin: pd.Timestamp, end: pd.Timestamp) -> list[dict[str, Any]]:
        where = f"datetime >= '{begin:%Y-%m-%dT%H:%M:%SZ}' AND datetime < '{end:%Y-%m-%dT%H:%M:%SZ}'"
        try:
            return list(client.export(dataset, where=where, export_format="json"))
        except (EliaError, OSError, ValueError, TypeError) as error:
            raise DataError(f"weather fetch: Elia did not answer for {dataset} ({str(error)[:150]}).") from error

    return ask


def _entsoe(zone: str) -> Callable[[pd.Timestamp, pd.Timestamp], list[dict[str, Any]]]:
    """Return what asks ENTSO-E for the day-ahead prices of a period."""
    key = os.environ.get("ENTSOE_API_KEY")
    if not key:
        raise ConfigurationError("weather fetch: set the environment variable ENTSOE_API_KEY to your security token.")
    try:
        from entsoe.entsoe import EntsoePandasClient
        from entsoe.exceptions import NoMatchingDataError
    except ImportError as error:
        raise ConfigurationError("weather fetch: wants `pip install 'testsite-sim[fetch]'`.") from error
    client = EntsoePandasClient(api_key=key, retry_count=3, retry_delay=5, timeout=120)

    def ask(begin: pd.Timestamp, end: pd.Timestamp) -> list[dict[str, Any]]:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # the package uses what pandas is about to drop
                prices = client.query_day_ahead_prices(zone, start=begin, end=end)
        except NoMatchingDataError:
            return []
        except (OSError, ValueError, KeyError) as error:
            reason = str(error).replace(key, "…")[:150]  # the token stands in the address that was asked
            raise DataError(f"weather fetch: ENTSO-E did not answer for {zone} ({reason}).") from None
        prices = prices[(prices.index >= begin) & (prices.index < end)].tz_convert("UTC")
        stamps = [stamp.isoformat() for stamp in pd.DatetimeIndex(prices.index)]
        return [
            {"datetime": stamp, "dayaheadprice": float(price)}
            for stamp, price in zip(stamps, prices.to_numpy(), strict=True)
        ]

    return ask
