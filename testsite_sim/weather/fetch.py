"""Fetch months from the services of Copernicus, Elia and ENTSO-E; what is there already is not fetched again."""

import json
import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.common.text import shortened
from testsite_sim.weather.formats import ImportOptions, import_record
from testsite_sim.weather.intervals import joined_in_time

Say = Callable[[str], None]
Ask = Callable[[pd.Timestamp, pd.Timestamp, Path], None]
ERA5_VARIABLES = (
    "10m_u_component_of_wind",
    "10m_v_component_of_wind",
    "100m_u_component_of_wind",
    "100m_v_component_of_wind",
    "2m_temperature",
    "surface_pressure",
    "significant_height_of_combined_wind_waves_and_swell",
    "mean_wave_period",
)
_ABOUT = {
    "era5": "ERA5 (Copernicus Climate Change Service)",
    "elia": "Elia open data",
    "entsoe": "ENTSO-E transparency platform",
}


def fetch(
    source: str, first: str, last: str, folder: Path, name: str, say: Say = print, options: ImportOptions | None = None
) -> xr.Dataset:
    """Fetch whole months and return them as a record.

    Each month is a file in the folder that appears when it is complete: an interrupted fetch goes on where it ended.
    ERA5 is read through cdsapi with the key in the environment variable CDSAPI_KEY, Elia through elia-opendata without
    a key, ENTSO-E through entsoe-py with the key in ENTSOE_API_KEY. `CDSAPI_URL`, `ELIA_URL` and
    `ENTSOE_ENDPOINT_URL` name other servers.

    Parameters
    ----------
    source : str
        `era5`, `elia` or `entsoe`.
    first, last : str
        Months, such as `2024-01` and `2024-12`.
    folder : Path
        Where the months are kept.
    name : str
        Data set of Elia, such as `ods134`; price zone of ENTSO-E, such as `BE`; of the place for ERA5, as you like.
    say : callable
        Called with a line for each month.
    options : ImportOptions, optional
        For ERA5: latitude and longitude.

    Returns
    -------
    xarray.Dataset, dims (time[, height])
        See `read_era5` and `read_elia`; day_ahead_price [EUR/J] of ENTSO-E.

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
        raise ConfigurationError(f"weather fetch: {first!r}, {last!r}: expected months such as 2024-01.") from error
    if not 1 <= len(months) <= 600 or not name.replace("-", "").replace("_", "").isalnum():
        raise ConfigurationError(f"weather fetch: found {len(months)} months of {name!r}; expected 1 to 600 of a name.")
    chosen = options or ImportOptions()
    ask = _era5(chosen) if source == "era5" else {"elia": _elia, "entsoe": _entsoe}[source](name)
    suffix, form = (".nc", "era5") if source == "era5" else (".json", "elia")
    folder.mkdir(parents=True, exist_ok=True)
    parts = []
    for month in months:
        path = folder / f"{source}-{name}-{month}{suffix}"
        if path.is_file():
            say(f"{month}: kept")
        else:
            temporary = path.with_suffix(".part")
            ask(month.start_time.tz_localize("UTC"), (month + 1).start_time.tz_localize("UTC"), temporary)
            with temporary.open("rb+") as written:
                os.fsync(written.fileno())
            import_record(temporary, form, chosen)  # what cannot be read is not kept
            temporary.replace(path)
            say(f"{month}: {path.stat().st_size} bytes")
        parts.append(import_record(path, form, chosen))
    joined = joined_in_time(parts, "drop_conflicts")
    _, once = np.unique(joined["time"].to_numpy(), return_index=True)
    text = f"{_ABOUT[source]}, {name}"
    return joined.isel(time=once).assign_attrs(title=text, site=name, source=text)


def _era5(options: ImportOptions) -> Ask:
    """Return what asks the Climate Data Store for a month about a point."""
    key = os.environ.get("CDSAPI_KEY")
    if not key:
        raise ConfigurationError("weather fetch: set the environment variable CDSAPI_KEY to your access token.")
    if options.latitude is None or options.longitude is None:
        raise ConfigurationError("weather fetch: era5 wants --latitude and --longitude.")
    try:
        import cdsapi
    except ImportError as error:
        raise ConfigurationError("weather fetch: wants `pip install 'testsite-sim[fetch]'`.") from error
    address = os.environ.get("CDSAPI_URL", "https://cds.climate.copernicus.eu/api")
    north, east = options.latitude, options.longitude
    area = [north + 0.5, east - 0.5, north - 0.5, east + 0.5]

    def ask(begin: pd.Timestamp, end: pd.Timestamp, target: Path) -> None:
        request = {
            "product_type": ["reanalysis"], "variable": list(ERA5_VARIABLES), "year": [f"{begin:%Y}"],
            "month": [f"{begin:%m}"], "day": [f"{day:02d}" for day in range(1, (end - begin).days + 1)],
            "time": [f"{hour:02d}:00" for hour in range(24)], "data_format": "netcdf", "area": area,
        }  # fmt: skip
        try:
            client = cdsapi.Client(url=address, key=key, quiet=True, progress=False, retry_max=3, sleep_max=30)
            client.retrieve("reanalysis-era5-single-levels", request, str(target))
        except Exception as error:  # the package and those below raise errors of many kinds
            reason = shortened(" ".join(str(error).replace(key, "…").split()))
            raise DataError(f"weather fetch: the Climate Data Store did not answer ({reason}).") from None

    return ask


def _elia(dataset: str) -> Ask:
    """Return what asks Elia for the rows of a period."""
    try:
        from elia_opendata.client import EliaClient
        from elia_opendata.error import EliaError
    except ImportError as error:
        raise ConfigurationError("weather fetch: wants `pip install 'testsite-sim[fetch]'`.") from error
    client = EliaClient(timeout=120)
    client.BASE_URL = os.environ.get("ELIA_URL", client.BASE_URL)

    def ask(begin: pd.Timestamp, end: pd.Timestamp, target: Path) -> None:
        where = f"datetime >= '{begin:%Y-%m-%dT%H:%M:%SZ}' AND datetime < '{end:%Y-%m-%dT%H:%M:%SZ}'"
        try:
            rows = list(client.export(dataset, where=where, export_format="json"))
        except (EliaError, OSError, ValueError, TypeError) as error:
            raise DataError(f"weather fetch: Elia did not answer for {dataset} ({shortened(str(error))}).") from error
        _keep(rows, target, f"Elia has nothing of {dataset} from {begin:%Y-%m}")

    return ask


def _entsoe(zone: str) -> Ask:
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

    def ask(begin: pd.Timestamp, end: pd.Timestamp, target: Path) -> None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # the package uses what pandas is about to drop
                prices = client.query_day_ahead_prices(zone, start=begin, end=end)
        except NoMatchingDataError:
            prices = pd.Series(dtype=np.float64, index=pd.DatetimeIndex([], tz="UTC"))
        except (OSError, ValueError, KeyError) as error:
            reason = shortened(str(error).replace(key, "…"))  # the token stands in the address that was asked
            raise DataError(f"weather fetch: ENTSO-E did not answer for {zone} ({reason}).") from None
        prices = prices[(prices.index >= begin) & (prices.index < end)].tz_convert("UTC")
        stamps = [stamp.isoformat() for stamp in pd.DatetimeIndex(prices.index)]
        pairs = zip(stamps, prices.to_numpy(), strict=True)
        rows = [{"datetime": stamp, "dayaheadprice": float(price)} for stamp, price in pairs]
        _keep(rows, target, f"ENTSO-E has no prices of {zone} from {begin:%Y-%m}")

    return ask


def _keep(rows: list[dict[str, Any]], target: Path, otherwise: str) -> None:
    """Write rows as JSON; refuse an empty answer."""
    if not rows:
        raise DataError(f"weather fetch: {otherwise}.")
    target.write_text(json.dumps(rows), encoding="utf-8")
