"""The climate of the temperatures of air and sea, by which the stability of the marine wind profile is known."""

from typing import Annotated

from pydantic import Field, model_validator

from testsite_sim.configuration.base import Configuration, SourcedConfiguration
from testsite_sim.configuration.quantities import (
    Direction,
    Duration,
    Fraction,
    Length,
    PositiveNumber,
    Temperature,
    TemperatureDifference,
)

Seasonal = Annotated[tuple[float, ...], Field(strict=False, min_length=3, max_length=3)]


class SeaTemperature(Configuration):
    """The temperature of the sea's surface, a cosine of the year: lowest `coldest` after the year begins.

    `spread`: standard deviation of that of a day about it.
    """

    mean: Temperature
    amplitude: TemperatureDifference
    coldest: Duration
    spread: TemperatureDifference


class AirSeaDifference(Configuration):
    """The temperature of the air above that of the sea [K], at `height`, as a linear form of season and wind.

    `year`: its mean, cosine and sine of the year, cosine and sine of the half year. The others, each with its mean and
    its cosine and sine of the year, multiply: `north`, `east`: where the wind comes from, as a unit vector;
    `day_north`, `day_east`: the mean of the wind vector at 10 m with a memory of a day, over 10 m/s. `spread`: standard
    deviation of what is left.
    """

    height: Length
    year: Annotated[tuple[float, ...], Field(strict=False, min_length=5, max_length=5)]
    north: Seasonal
    east: Seasonal
    day_north: Seasonal
    day_east: Seasonal
    spread: TemperatureDifference


class AirSeaClimate(SourcedConfiguration):
    """Temperatures of air and sea where a record lacks one or both, and what a marine profile takes besides.

    `relative_humidity` stands in for one that the record lacks. `offset` is added to the air temperature of the
    climate. `boundary_layer` is C in the depth C u*/f of the boundary layer, `roughness_factor` multiplies Charnock's
    parameter; `latitude` is used where the record states none.
    """

    latitude: Direction
    sea: SeaTemperature
    difference: AirSeaDifference
    relative_humidity: Fraction
    offset: TemperatureDifference = Field(default="0 K", validate_default=True)
    boundary_layer: PositiveNumber = Field(default=0.15, validate_default=True)
    roughness_factor: PositiveNumber = Field(default=1.0, validate_default=True)

    @model_validator(mode="after")
    def _possible(self) -> "AirSeaClimate":
        if abs(self.latitude) < 20.0 or abs(self.latitude) > 89.0:
            raise ValueError(
                "a boundary layer of the depth C u*/f wants a `latitude` from 20 to 89 degree, or -89 to -20"
            )
        if min(self.boundary_layer, self.roughness_factor, self.difference.height) <= 0.0:
            raise ValueError("`boundary_layer`, `roughness_factor` and the height of `difference` must be above zero")
        if min(self.sea.spread, self.difference.spread) < 0.0:
            raise ValueError("a `spread` is at least 0 K")
        return self
