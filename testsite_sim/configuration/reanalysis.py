"""What the variables of a reanalysis are called, and what of a record each of them is."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from testsite_sim.configuration.base import Configuration, SourcedConfiguration
from testsite_sim.configuration.quantities import Length
from testsite_sim.configuration.weather import QuantityName


class ReanalysisWind(Configuration):
    """Wind at one height, or over a dimension of heights: as speed and direction, or as its components.

    `height` is that of variables of one level; `levels` the dimension that holds the heights [m] of others. Components
    are those towards east and north; a direction is the one that the wind comes from.
    """

    height: Length | None = None
    levels: str | None = None
    speed: str | None = None
    direction: str | None = None
    eastward: str | None = None
    northward: str | None = None

    @model_validator(mode="after")
    def _complete(self) -> "ReanalysisWind":
        if (self.height is None) == (self.levels is None):
            raise ValueError("expected either `height`, such as 100 m, or `levels`, the name of a dimension")
        components = (self.eastward is None, self.northward is None)
        if self.speed is None and components != (False, False):
            raise ValueError("expected `speed`, with `direction` where there is one, or `eastward` and `northward`")
        if self.speed is not None and components != (True, True):
            raise ValueError("`speed` and components say the same; leave one of them out")
        if self.direction is not None and self.speed is None:
            raise ValueError("`direction` goes with `speed`; that of components follows from them")
        return self


class ReanalysisSeries(Configuration):
    """A variable over time: what it is, and in which units."""

    variable: str
    quantity: QuantityName
    units: str

    @model_validator(mode="after")
    def _no_wind(self) -> "ReanalysisSeries":
        if self.quantity in ("wind_speed", "wind_direction"):
            raise ValueError(f"{self.quantity} stands in `winds`, with its height")
        return self


class Reanalysis(SourcedConfiguration):
    """What the variables of a reanalysis are called; what a file does not hold is left out of the record.

    `time` is its time axis, and `marks` what a stamp marks of its interval; instantaneous values count from their
    stamp on. `latitude` and `longitude` are its coordinates [degree], over a dimension each or over two together.
    """

    license: str = "not stated"
    time: str = "time"
    marks: Literal["start", "middle", "end"]
    latitude: str
    longitude: str
    winds: Annotated[tuple[ReanalysisWind, ...], Field(strict=False, max_length=100)] = ()
    series: Annotated[tuple[ReanalysisSeries, ...], Field(strict=False, max_length=100)] = ()

    @model_validator(mode="after")
    def _says_something(self) -> "Reanalysis":
        if not self.winds and not self.series:
            raise ValueError("expected `winds`, `series` or both")
        return self
