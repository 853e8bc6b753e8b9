"""Which weather a run uses, and how a user's own file is to be read."""

import re
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import numpy as np
import pandas as pd
from pydantic import AfterValidator, Field, field_validator, model_validator

from testsite_sim.common.errors import nearest
from testsite_sim.common.text import shortened
from testsite_sim.configuration.base import Component, Configuration
from testsite_sim.configuration.quantities import Duration, Length, PositiveNumber
from testsite_sim.configuration.weather_climate import WeatherClimate

QuantityName = Literal[
    "wind_speed",
    "wind_direction",
    "air_temperature",
    "air_pressure",
    "air_density",
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
    "divide-coarser-intervals",
]


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
        stamp = pd.Timestamp(text)
        return np.datetime64(stamp if stamp.tz is None else stamp.tz_convert("UTC").tz_localize(None), "ns")
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
    """One column (CSV) or variable (NetCDF) of a user's file: what it is, in which unit, at which height."""

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

    `format` says how a stamp is written that is not ISO 8601, such as `%d/%m/%Y %H:%M`.
    """

    column: str
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


class Weather(Configuration):
    """A packaged record by name, or a user's NetCDF or CSV file by path.

    `repairs` names the rules that may repair a faulty record; a fault without its rule is refused. `shear_exponent`
    replaces the fitted shear beyond the levels of the record. `climate`: the long-term climate that the record is
    mapped to by sectors (`flemish-site`). `step` divides the intervals of a record into finer ones, such as the
    quarter-hours of the Belgian market.
    """

    record: str
    start: Moment | None = None
    end: Moment | None = None
    step: Duration | None = None
    repairs: Annotated[tuple[Repair, ...], Field(strict=False)] = ()
    shear_exponent: PositiveNumber | None = None
    climate: Annotated[WeatherClimate, Component("climate")] | None = None
    time: Stamps | None = None
    columns: Annotated[tuple[Column, ...], Field(strict=False)] | None = None

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
    def _columns_with_csv(self) -> "Weather":
        if self.is_csv and (self.columns is None or self.time is None):
            raise ValueError(
                f"{self.record}: a CSV file wants `time` (column, zone, marks) and `columns` (column, quantity, "
                "units, height)"
            )
        if not self.is_csv and (self.columns is not None or self.time is not None):
            raise ValueError(f"{self.record}: `time` and `columns` describe a CSV file; leave them out")
        return self
