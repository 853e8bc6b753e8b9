"""Which weather a run uses, and how a user's own file is to be read."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

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


class Weather(Configuration):
    """A packaged record by name, or a user's NetCDF or CSV file by path.

    `repairs` names the rules that may mend a faulty record; a fault without its rule is refused. `shear_exponent`
    replaces the fitted shear beyond the levels of the record. `climate`: the long-term climate that the record is
    mapped to by sectors (`flemish-site`). `step` divides the intervals of a record into finer ones, such as the
    quarter-hours of the Belgian market.
    """

    record: str
    start: str | None = None
    end: str | None = None
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
    def _columns_with_csv(self) -> "Weather":
        if self.is_csv and (self.columns is None or self.time is None):
            raise ValueError(
                f"{self.record}: a CSV file wants `time` (column, zone, marks) and `columns` (column, quantity, "
                "units, height)"
            )
        if not self.is_csv and (self.columns is not None or self.time is not None):
            raise ValueError(f"{self.record}: `time` and `columns` describe a CSV file; leave them out")
        return self
