"""Which weather a run uses, and how a user's own file is to be read."""

import re
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import numpy as np
import pandas as pd
from pydantic import AfterValidator, Field, field_validator, model_validator

from testsite_sim.common.errors import nearest
from testsite_sim.common.text import shortened
from testsite_sim.configuration.air_sea import AirSeaClimate
from testsite_sim.configuration.base import Component, Configuration, SourcedConfiguration
from testsite_sim.configuration.quantities import Coordinate, Duration, Length, PositiveNumber, Unit
from testsite_sim.configuration.weather_climate import WeatherClimate

QuantityName = Literal[
    "wind_speed",
    "wind_direction",
    "air_temperature",
    "air_pressure",
    "air_density",
    "sea_surface_temperature",
    "relative_humidity",
    "shear_exponent",
    "wind_gust",
    "day_ahead_price",
    "significant_wave_height",
    "global_horizontal_irradiance",
    "direct_normal_irradiance",
    "diffuse_horizontal_irradiance",
    "by_product_hydrogen",
]
Repair = Literal[
    "sort-stamps",
    "keep-first-of-duplicates",
    "interpolate-gaps-up-to-6-hours",
    "remove-out-of-range",
    "remove-spikes",
    "remove-frozen",
    "correct-mast-shadow",
    "divide-coarser-intervals",
]


ProfileMethod = Literal["power-law", "hourly-power-law", "logarithmic", "monin-obukhov"]
InterpolationMethod = Literal["kriging", "inverse-distance"]
KRIGING: InterpolationMethod = "kriging"
WindFactor = Annotated[float, Unit("", "a factor above zero", "1.02", 0.0, 2.0, above=True)]

# What other readers of dates allow besides (5/1/2023, today) means different things to different people.
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2}([T ]\d{2}(:?\d{2}(:?\d{2}(\.\d+)?)?)?)?)?)?\s*(Z|[+-]\d{2}(:?\d{2})?)?", re.I)


def utc_moment(text: str) -> np.datetime64:
    """Return an ISO 8601 date or time, without an offset in UTC.

    Raises
    ------
    ValueError
        When it is none.
    """
    try:
        if not _DATE.fullmatch(text.strip()):
            raise ValueError(text)
        stamp = pd.Timestamp(text).as_unit("ns")  # of other units, dates that ns cannot hold would become other dates
        return np.datetime64(stamp if stamp.tz is None else stamp.tz_convert("UTC").tz_localize(None), "ns")
    except (pd.errors.OutOfBoundsDatetime, OverflowError) as error:
        raise ValueError(f"found {shortened(text, 60)!r}; expected a date from 1678 to 2261") from error
    except ValueError as error:
        raise ValueError(
            f"found {shortened(text, 60)!r}, which is not a date; expected for example `2023-06-01T00:00` (UTC)"
        ) from error


def _moment_or_error(text: str) -> str:
    """Refuse what is not a date."""
    utc_moment(text)
    return text


Moment = Annotated[str, AfterValidator(_moment_or_error)]


class Column(Configuration):
    """One column (CSV) or variable (NetCDF) of a user's file: what it is, in which unit, at which height.

    `column`: its name in the file. `units`: any of the dimension of the quantity, such as m/s, km/h or knot (kn, kt);
    degree; K or degC; Pa, hPa or mbar; EUR/MWh; "1" or % for a share. `height`: above the ground or the sea, of wind.
    """

    column: str
    quantity: QuantityName
    units: str
    height: Length | None = None

    @model_validator(mode="after")
    def _wind_has_a_height(self) -> "Column":
        if self.quantity in ("wind_speed", "wind_direction") and not self.height:
            raise ValueError(f"column {self.column!r}: {self.quantity} wants a `height` above 0 m, for example `100 m`")
        return self


class Stamps(Configuration):
    """The time column of a user's CSV file, its time zone, and which end of the interval a stamp marks.

    `zone`: of stamps without an offset, such as UTC, Europe/Brussels or EST; a logger that stays one hour east of
    Greenwich all year is in Etc/GMT-1. `marks`: whether a stamp is the start or the end of its interval. `format` says
    how a stamp is written that is not ISO 8601, such as `%d/%m/%Y %H:%M`, or `%m/%d/%Y %I:%M %p` with a clock of twelve
    hours. `clock` is the column of the time of the day, where `column` holds the date alone; they are read as one
    stamp, with a space between them.
    """

    column: str
    clock: str | None = None
    zone: str
    marks: Literal["start", "end"]
    format: str | None = None

    @field_validator("zone")
    @classmethod
    def _zone_exists(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            near = nearest(name, available_timezones()).removesuffix(".") if name else "Nearest: UTC"
            near = near if near.startswith("Nearest") else "Expected for example UTC or Europe/Brussels"
            raise ValueError(f"{name!r} is not a time zone. {near}") from error
        return name

    @field_validator("format")
    @classmethod
    def _format_reads_stamps(cls, form: str | None) -> str | None:
        if form is not None:
            try:
                pd.to_datetime(["2023"], format=form, errors="coerce")
            except (ValueError, TypeError, re.error) as error:
                raise ValueError(f"{form!r} is not a way to write a stamp ({shortened(str(error))})") from error
        return form


class Station(Configuration):
    """A further record of the wind, at its place in the coordinates of the farm.

    `farms`: the farms, by name, that this record alone drives; left out, it is one of those that are interpolated.
    """

    record: str
    x: Coordinate
    y: Coordinate
    farms: Annotated[tuple[str, ...], Field(strict=False)] = ()
    repairs: Annotated[tuple[Repair, ...], Field(strict=False)] = ()
    time: Stamps | None = None
    columns: Annotated[tuple[Column, ...], Field(strict=False)] | None = None

    @model_validator(mode="after")
    def _read_like_a_record(self) -> "Station":
        Weather.model_validate({"record": self.record, "time": self.time, "columns": self.columns})
        return self


class WindError(SourcedConfiguration):
    """How wrong the wind of a record may be for the farm: factors on its wind speed, 1 where it is taken as it is.

    `record` holds for the whole record, each of the twelve `months` for one month of the year, so that the error of a
    station and of the profile may change with the season. Ranges are drawn by an ensemble.
    """

    record: WindFactor
    months: Annotated[tuple[WindFactor, ...], Field(strict=False, min_length=12, max_length=12)] = Field(
        default=(1.0,) * 12, validate_default=True
    )


class Weather(Configuration):
    """A packaged `record` by name, or a user's NetCDF or CSV file by path.

    `start` and `end` choose a part of it, such as `2023-03-01` to `2023-04-01`. `repairs` names the rules that may
    repair a faulty record; a fault without its rule is refused. `profile`: how the wind goes on beyond the levels of
    the record; `shear_exponent` replaces the exponent of the power law that is fitted to them. `air_sea`: temperatures
    of air and sea where the record lacks them, for `profile: monin-obukhov` and the air density. `sensor_height`: of
    the sensor whose wind the record gives, reduced to its one level by the neutral profile; it is carried back there
    before `profile` acts. `averaging_time`: the wind is the mean over so long about each interval, the part that a farm
    far from the station shares. `wind_error`: how wrong its wind may be for the farm (`coastal-station`). `climate`:
    the long-term climate that the record is mapped to by sectors (`flemish-site`). `step` divides the intervals of a
    record into finer ones, such as the quarter-hours of the Belgian market. `stations`: further records of the wind,
    which then varies over the farm; `x` and `y` are then the place of `record`. Between stations wind speeds are
    weighted by `interpolation`, directions as unit vectors: `kriging` (default), for a wind that differs with distance
    to the power 2/3 and stations that err as much as it differs over `error_distance`, or `inverse-distance` to the
    power `distance_power`; all else is that of the first.
    """

    record: str
    start: Moment | None = None
    end: Moment | None = None
    step: Duration | None = None
    repairs: Annotated[tuple[Repair, ...], Field(strict=False)] = ()
    profile: ProfileMethod = "power-law"
    shear_exponent: PositiveNumber | None = None
    air_sea: Annotated[AirSeaClimate, Component("air-sea")] | None = None
    sensor_height: Length | None = None
    averaging_time: Duration | None = None
    wind_error: Annotated[WindError, Component("wind-error")] | None = None
    climate: Annotated[WeatherClimate, Component("climate")] | None = None
    time: Stamps | None = None
    columns: Annotated[tuple[Column, ...], Field(strict=False)] | None = None
    x: Coordinate | None = None
    y: Coordinate | None = None
    stations: Annotated[tuple[Station, ...], Field(strict=False)] = ()
    interpolation: InterpolationMethod | None = None
    error_distance: Length | None = None
    distance_power: PositiveNumber | None = None

    @property
    def is_csv(self) -> bool:
        """Whether the record is a CSV file."""
        return self.record.lower().endswith((".csv", ".csv.gz"))

    @property
    def is_file(self) -> bool:
        """Whether the record is a file of the user's, not a packaged one."""
        return self.is_csv or self.record.lower().endswith(".nc")

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> "Weather":
        if self.start is not None and self.end is not None and utc_moment(self.end) <= utc_moment(self.start):
            raise ValueError(f"the period ends at {self.end}, not after it starts at {self.start}")
        return self

    @model_validator(mode="after")
    def _profile_fits(self) -> "Weather":
        if self.shear_exponent is not None and self.profile != "power-law":
            raise ValueError(
                f"`shear_exponent` is that of `profile: power-law`; leave it out of `profile: {self.profile}`"
            )
        return self

    @model_validator(mode="after")
    def _interpolation_fits(self) -> "Weather":
        asked = {"error_distance": "kriging", "distance_power": "inverse-distance"}
        stated = [name for name in ("interpolation", *asked) if getattr(self, name) is not None]
        if stated and not self.stations:
            raise ValueError(f"`{stated[0]}` says how `stations` are weighted; leave it out without them")
        used = self.interpolation or KRIGING
        for name in stated:
            if asked.get(name, used) != used:
                raise ValueError(
                    f"`{name}` is that of `interpolation: {asked[name]}`; leave it out of `interpolation: {used}`"
                )
        return self

    @model_validator(mode="after")
    def _stations_have_places(self) -> "Weather":
        placed = self.x is not None and self.y is not None
        if bool(self.stations) != placed or (self.x is None) != (self.y is None):
            raise ValueError(
                "`stations` want `x` and `y`, the place of `record` in the coordinates of the farm, and these want them"
            )
        if self.stations and self.climate is not None:
            raise ValueError("`stations` are taken as measured; leave `climate` out")
        return self

    @model_validator(mode="after")
    def _columns_with_csv(self) -> "Weather":
        if self.is_csv and (self.columns is None or self.time is None):
            raise ValueError(
                f"{self.record}: a CSV file wants `time` (column, zone, marks) and `columns` (column, quantity, "
                "units, height)"
            )
        if not self.is_csv and (self.columns is not None or self.time is not None):
            raise ValueError(
                f"{self.record}: `time` and `columns` describe a CSV file; leave them out, or where they come from "
                "`extends` write `time: null` and `columns: null`"
            )
        return self
