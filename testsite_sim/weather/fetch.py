"""Fetch months and years from Copernicus, Elia and ENTSO-E; what is there already is not fetched again."""

import json
import os
import re
import time
import warnings
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.common.text import shortened
from testsite_sim.weather.formats import ImportOptions, import_record
from testsite_sim.weather.intervals import joined_in_time
from testsite_sim.weather.reaching import check_route
from testsite_sim.weather.service_keys import StoreAccess, hide, store_access

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
TIME_SERIES = "reanalysis-era5-single-levels-timeseries"  # of the same variables, ordered in time
FIRST_YEAR = 1940  # of ERA5
BEHIND = pd.Timedelta("5D")  # real time, as documented
ATTEMPTS, PAUSE = 3, 30.0  # of a server that does not answer, and the longest time between two of them [s]
LATEST = 2 * BEHIND  # after which a period is surely whole
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
    ERA5 is read through cdsapi with the key in the environment variable CDSAPI_KEY or in `~/.cdsapirc`, Elia through
    elia-opendata without a key, ENTSO-E through entsoe-py with the key in ENTSOE_API_KEY. `CDSAPI_URL`, `ELIA_URL` and
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
    if not 1 <= len(months) <= 600 or not _is_name(name):
        raise ConfigurationError(f"weather fetch: found {len(months)} months of {name!r}; expected 1 to 600 of a name.")
    chosen = options or ImportOptions()
    ask = _era5(chosen) if source == "era5" else {"elia": _elia, "entsoe": _entsoe}[source](name)
    kept = (folder, f"{source}-{name}", ".nc" if source == "era5" else ".json")
    return _fetched(source, months, ask, kept, name, say, chosen)


def fetch_point(years: str, folder: Path, say: Say = print, options: ImportOptions | None = None) -> xr.Dataset:
    """Fetch whole years of ERA5 at the grid point nearest to a place, from the time series of single points.

    The data set `reanalysis-era5-single-levels-timeseries` of the Climate Data Store holds hourly wind at 10 m and
    100 m, temperature, pressure and waves since 1940, ordered in time: a year of one point takes a minute, where the
    grid takes hours. It ends some days ago: of the present year, what there is. See `fetch` for the key and servers.

    Parameters
    ----------
    years : str
        A year, `2023`, or the first and the last, `2014-2023`.
    folder : Path
        Where the years are kept, each in a file that appears when it is complete.
    say : callable
        Given a line for each year.
    options : ImportOptions
        Latitude and longitude.

    Returns
    -------
    xarray.Dataset, dims (time, height)
        See `read_era5`.

    Raises
    ------
    ConfigurationError
        When the years or the place are wrong, the extra `fetch` is missing, or there is no key.
    DataError
        When the service does not answer or has nothing.
    """
    chosen = options or ImportOptions()
    periods = pd.period_range(*_years(years), freq="Y")
    if chosen.interpolate:
        raise ConfigurationError(
            "weather fetch: --years gives the nearest grid point, so that --interpolate has no grid to work on; leave "
            "it out, or fetch months by --first and --last."
        )
    north, east = _place(chosen)
    name = f"{north:.3f}_{east:.3f}"
    kept = (folder, f"era5-point-{name}", ".zip")
    return _fetched("era5", periods, _era5_point(chosen), kept, f"{north:g} N {east:g} E", say, chosen)


def _years(text: str) -> tuple[str, str]:
    """Return the first and the last year of a text."""
    first, _, last = text.strip().partition("-")
    last = last or first
    this_year = time.gmtime().tm_year
    if not all(re.fullmatch(r"\d{4}", year) and FIRST_YEAR <= int(year) <= this_year for year in (first, last)):
        raise ConfigurationError(
            f"weather fetch: found the years {text!r}; expected such as 2023 or 2014-2023, from {FIRST_YEAR} to "
            f"{this_year}."
        )
    if int(first) > int(last):
        raise ConfigurationError(f"weather fetch: found the years {text!r}; expected the first before the last.")
    return first, last


def _is_name(name: str) -> bool:
    """Return whether a name may be part of that of a file."""
    return name.replace("-", "").replace("_", "").isalnum()


def _fetched(
    source: str,
    periods: pd.PeriodIndex,
    ask: Ask,
    kept: tuple[Path, str, str],
    name: str,
    say: Say,
    chosen: ImportOptions,
) -> xr.Dataset:
    """Return the record of periods, of which each is asked for that is not kept; a period that is not over, again.

    `kept`: the folder, and begin and end of the names in it.
    """
    folder, begin, suffix = kept
    form = "era5" if source == "era5" else "elia"
    folder.mkdir(parents=True, exist_ok=True)
    parts = []
    now = pd.Timestamp(time.time(), unit="s")
    for period in periods:
        path = folder / f"{begin}-{period}{suffix}"
        if path.is_file() and (source != "era5" or period.end_time + LATEST < now):
            say(f"{period}: kept")
        else:
            temporary = path.with_suffix(".part")
            ask(period.start_time.tz_localize("UTC"), (period + 1).start_time.tz_localize("UTC"), temporary)
            with temporary.open("rb+") as written:
                os.fsync(written.fileno())
            import_record(temporary, form, chosen)  # what cannot be read is not kept
            temporary.replace(path)
            say(f"{period}: {path.stat().st_size} bytes")
        parts.append(import_record(path, form, chosen))
    joined = joined_in_time(parts, "drop_conflicts")
    _, once = np.unique(joined["time"].to_numpy(), return_index=True)
    text = f"{_ABOUT[source]}, {name}"
    return joined.isel(time=once).assign_attrs(title=text, location=name, source=text)


def _place(options: ImportOptions) -> tuple[float, float]:
    """Return latitude and longitude of a point [degree], the longitude from -180 to 180."""
    if options.latitude is None or options.longitude is None:
        raise ConfigurationError("weather fetch: era5 wants --latitude and --longitude.")
    if not -90.0 <= options.latitude <= 90.0 or not -180.0 <= options.longitude <= 360.0:
        raise ConfigurationError(
            f"weather fetch: found the place {options.latitude:g} N {options.longitude:g} E; expected a latitude from "
            "-90 to 90 and a longitude from -180 to 180."
        )
    return options.latitude, (options.longitude + 180.0) % 360.0 - 180.0


def _retrieve(access: StoreAccess, dataset: str, request: dict[str, Any], target: Path) -> None:
    """Ask the Climate Data Store."""
    import cdsapi

    check_route(access.address, "The Climate Data Store")
    try:
        client = cdsapi.Client(
            url=access.address,
            key=access.key,
            verify=access.verify,
            quiet=True,
            progress=False,
            retry_max=ATTEMPTS,
            sleep_max=PAUSE,
        )
        client.retrieve(dataset, request, str(target))
    except Exception as error:  # the package and those below raise errors of many kinds
        said = hide(" ".join(str(error).split()), access.key)
        raise DataError(f"weather fetch: the Climate Data Store did not answer ({shortened(said)}).") from None


def _store_access() -> StoreAccess:
    """Return address and key of the Climate Data Store; refuse to ask it without its client."""
    access = store_access()
    if find_spec("cdsapi") is None:
        raise ConfigurationError("weather fetch: wants `pip install 'testsite-sim[fetch]'`.")
    return access


def _era5_point(options: ImportOptions) -> Ask:
    """Return what asks for the time series of a point over a period."""
    access = _store_access()
    north, east = _place(options)

    def ask(begin: pd.Timestamp, end: pd.Timestamp, target: Path) -> None:
        last = min(end, pd.Timestamp.now(tz="UTC") - BEHIND) - pd.Timedelta("1h")
        if last < begin:
            raise DataError(f"weather fetch: ERA5 has nothing of {begin:%Y} yet; it appears after 5 days.")
        request = {
            "variable": list(ERA5_VARIABLES),
            "location": {"longitude": east, "latitude": north},
            "date": [f"{begin:%Y-%m-%d}/{last:%Y-%m-%d}"],
            "data_format": "netcdf",
        }
        _retrieve(access, TIME_SERIES, request, target)

    return ask


def _era5(options: ImportOptions) -> Ask:
    """Return what asks the Climate Data Store for a month about a point."""
    access = _store_access()
    north, east = _place(options)
    area = [north + 0.5, east - 0.5, north - 0.5, east + 0.5]

    def ask(begin: pd.Timestamp, end: pd.Timestamp, target: Path) -> None:
        request = {
            "product_type": ["reanalysis"],
            "variable": list(ERA5_VARIABLES),
            "year": [f"{begin:%Y}"],
            "month": [f"{begin:%m}"],
            "day": [f"{day:02d}" for day in range(1, (end - begin).days + 1)],
            "time": [f"{hour:02d}:00" for hour in range(24)],
            "data_format": "netcdf",
            "area": area,
        }
        _retrieve(access, "reanalysis-era5-single-levels", request, target)

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
        check_route(client.BASE_URL, "Elia")
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
        from entsoe.entsoe import URL, EntsoePandasClient
        from entsoe.exceptions import NoMatchingDataError
    except ImportError as error:
        raise ConfigurationError("weather fetch: wants `pip install 'testsite-sim[fetch]'`.") from error
    client = EntsoePandasClient(api_key=key, retry_count=3, retry_delay=5, timeout=120)

    def ask(begin: pd.Timestamp, end: pd.Timestamp, target: Path) -> None:
        check_route(URL, "ENTSO-E")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # the package uses what pandas is about to drop
                prices = client.query_day_ahead_prices(zone, start=begin, end=end)
        except NoMatchingDataError:
            prices = pd.Series(dtype=np.float64, index=pd.DatetimeIndex([], tz="UTC"))
        except (OSError, ValueError, KeyError) as error:
            reason = shortened(hide(str(error), key))  # the token stands in the address that was asked
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
