"""What was measured of the Belgian zone: periods, meter, wind of two stations, prices; and what is not there."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from testsite_sim.weather import open_record
from tools.scorecard import land_air

AIR_RECORD = "hollandse-kust-noord-2023"  # packaged, 153 km away: a reanalysis with the air temperature at 1 m
STATIONS = {"westhinder": "Westhinder", "wandelaar": "Wandelaar"}
BOTH = "both"  # the wind between the two, where a scenario takes several records
RAW = "raw"  # both, as they were measured: with the breaks that the neighbour shows
# East and north in EPSG:25831 of 51.388 N 2.438 E and 51.394 N 3.046 E, to 300 m.
PLACES = {"westhinder": ("460900 m", "5693100 m"), "wandelaar": ("503200 m", "5693660 m")}
WIND = "westhinder_wandelaar_10m_hourly_2015_2025.csv.gz"
METER_2015, METER_2023 = "belgium_2015_hourly.csv.gz", "belgium_offshore_metered_2023_15min.csv.gz"
AIR, LAND = "air", "land"  # of the hour: of the packaged record, or carried to the sea from days on land
GUSTS = "westhinder_10min_2015_2025.parquet"  # of the first station alone
PRICES = "belgium_day_ahead_2020_2025_hourly.csv.gz"
FIRST_PRICE = "2019-12-31T23:00Z"  # midnight in Brussels, of a table without gaps whose stamps miss the clock change


@dataclass(frozen=True)
class Period:
    """A period that was metered: its name, days, the farm that stood then, what it can give [MW], and its files."""

    name: str
    start: str
    end: str
    farm: str
    capacity: float
    files: tuple[str, ...]


PERIODS = (
    Period("2015", "2015-01-01", "2015-12-31", "belgian-zone-2015", 712.0, (METER_2015, WIND)),
    Period("February to April 2023", "2023-02-01", "2023-04-30", "belgian-zone", 2262.0, (METER_2023, WIND, PRICES)),
)


@dataclass(frozen=True)
class Measured:
    """Hourly series of a period, by the start of the hour in UTC.

    `power`: the meter [MW]; `forecast`: the operator's, of the day before, where there is one; `table`: wind and price
    without gaps, as a record is made of it; `known`: whether the wind of a station, and of both, was measured
    (hour, station); `airs`: the air temperature of the hour [K], by where it is from (`AIR`, `LAND`), the better first.
    """

    period: Period
    power: pd.Series
    forecast: pd.Series | None
    table: pd.DataFrame
    known: pd.DataFrame
    airs: dict[str, pd.Series] = field(default_factory=dict)


def missing(data: Path, names: tuple[str, ...]) -> list[str]:
    """Return the names that the folder of the data does not hold."""
    return [name for name in names if not (data / name).exists()]


def _hourly(path: Path) -> pd.DataFrame:
    """Read a table whose first column is UTC, and return hourly means without a time zone."""
    table = pd.read_csv(path, index_col=0, parse_dates=True)
    table.index = pd.DatetimeIndex(table.index).tz_convert(None)
    return table.resample("h").mean(numeric_only=True)


def winds(data: Path, period: Period) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return `Measured.table` of a period without its prices, and `Measured.known`.

    Gaps of one station are filled by the other, those of both by a straight line, to run through.
    """
    days = slice(period.start, period.end)
    wind = _hourly(data / WIND).loc[days]
    known = pd.DataFrame({name: wind[f"{name}_ws10_ms"].notna() & wind[f"{name}_dir_deg"].notna() for name in STATIONS})
    known[BOTH] = known[RAW] = known.all(axis=1)
    first, second = STATIONS
    table = pd.DataFrame(index=wind.index)
    for quantity, column in (("speed", "ws10_ms"), ("direction", "dir_deg")):
        for name, other in ((first, second), (second, first)):
            filled = wind[f"{name}_{column}"].fillna(wind[f"{other}_{column}"])
            table[f"{name}_{quantity}"] = filled.interpolate() if quantity == "speed" else filled.ffill()
    if (data / GUSTS).exists():
        table[f"{first}_gust"] = gusts(data, table[f"{first}_speed"], known[first])
    return table, known


def prices(data: Path) -> pd.Series:
    """Return the day-ahead prices [EUR/MWh] of the years from 2020 on, by the start of the hour in UTC."""
    table = pd.read_csv(data / PRICES)
    stamps = pd.date_range(FIRST_PRICE, periods=len(table), freq="h").tz_convert(None)
    return pd.Series(table["price_eur_mwh"].to_numpy(), index=stamps)


def read(data: Path, period: Period) -> Measured:
    """Read a period; without a meter in its files the power is not known in any hour."""
    days = slice(period.start, period.end)
    table, known = winds(data, period)
    forecast, power = None, pd.Series(np.nan, index=table.index)
    if METER_2015 in period.files:
        meter = _hourly(data / METER_2015).loc[days]
        price, power = meter["dam_eur_mwh_EPF"], meter["offshore_MW"]
    else:
        price = prices(data).loc[days]
    if METER_2023 in period.files:
        meter = _hourly(data / METER_2023).loc[days]
        power, forecast = meter["offshore_MW"], meter["day_ahead_forecast_MW"]
    table["price"] = price.reindex(table.index).ffill()
    return Measured(period, power, forecast, table, known, airs(data, period, table))


def airs(data: Path, period: Period, table: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the air temperatures of the hour [K] that can be had of a period, by where they are from."""
    found = {}
    if (air := air_of(period)) is not None:
        found[AIR] = air
    if (days := land_air.read_days(data)) is not None:
        first = next(iter(STATIONS))
        found[LAND] = land_air.over_sea(table[f"{first}_speed"], table[f"{first}_direction"], days)
    return found


def history(data: Path) -> pd.DataFrame:
    """Return the winds of all years as they were measured, with their gaps, and the gusts of the first station."""
    wind = _hourly(data / WIND)
    first = next(iter(STATIONS))
    table = pd.DataFrame(
        {
            f"{name}_{quantity}": wind[f"{name}_{column}"]
            for name in STATIONS
            for quantity, column in (("speed", "ws10_ms"), ("direction", "dir_deg"))
        }
    )
    if (data / GUSTS).exists():
        table[f"{first}_gust"] = gusts(data, table[f"{first}_speed"], table[f"{first}_speed"].notna())
    return table


def air_of(period: Period) -> pd.Series | None:
    """Return the air temperature [K] of a period in the packaged record, None where that does not cover it."""
    record = open_record(AIR_RECORD)
    stamps = pd.DatetimeIndex(record["time"].to_numpy())
    first, last = pd.Timestamp(period.start), pd.Timestamp(period.end) + pd.Timedelta(hours=23)
    if stamps[0] > first or stamps[-1] < last:
        return None
    return pd.Series(record["air_temperature"].to_numpy(), index=stamps).loc[first:last]


def gusts(data: Path, speed: pd.Series, known: pd.Series) -> pd.Series:
    """Return the gusts of the first station [m/s], mean of the hour; in gaps the speed times the median gust factor."""
    table = pd.read_parquet(data / GUSTS)
    table.index = pd.DatetimeIndex(table.index).tz_convert(None)
    gust = table["gust3s_10m_ms"].resample("h").mean().reindex(speed.index).where(known)
    factor = (gust / speed)[speed >= 4.0].median()
    return gust.fillna(speed * factor)


def temperatures(data: Path) -> Iterator[str]:
    """Yield a sentence on each period of which no temperature is at hand."""
    for period in PERIODS:
        record = data / "knmi_317_borssele_alpha_2023_2025.txt"
        if not record.exists():
            yield f"{period.name}: {record.name} is not there"
            continue
        lines = [line.split(",") for line in record.read_text().splitlines() if line.startswith("  317,")]
        first = min(line[1] for line in lines)
        sea = sum(bool(line[-1].strip()) for line in lines)
        if first > period.end.replace("-", ""):
            yield f"{period.name}: {record.name} begins on {first}; it holds {sea} temperatures of the sea"
