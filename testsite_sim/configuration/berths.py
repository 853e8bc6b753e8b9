"""A test site at sea: berths, the prototypes that come, and the campaigns that they run."""

import itertools
from typing import Annotated

from pydantic import Field, model_validator

from testsite_sim.configuration.base import Configuration, CurvePoints, SourcedConfiguration
from testsite_sim.configuration.quantities import (
    Direction,
    Duration,
    Fraction,
    Length,
    Money,
    PositiveNumber,
    Power,
    RatePerYear,
    Speed,
)
from testsite_sim.configuration.vessel import usually


class Sector(Configuration):
    """Wind directions from one angle clockwise to another."""

    begin: Direction
    end: Direction


class Berth(Configuration):
    """A place for a prototype: grid, water depth, the directions in which its inflow is disturbed, and its permit.

    `permit_duration` counts from the start of the simulated record: a prototype must be gone by its end.
    """

    name: str
    grid_capacity: Power
    water_depth: Length
    disturbed: Annotated[tuple[Sector, ...], Field(strict=False)] = ()
    permit_duration: Duration | None = None


class PowerPerformance(Configuration):
    """The measurement of the power curve: bins of wind speed that must be filled.

    From `cut_in` less 1 m/s to 1.5 times `speed_at_85_percent`, in bins of `bin_width`. `wind_scatter` is the standard
    deviation of the mast's wind about the turbine's, over the wind speed; the uncertainties of category B are those of
    the wind speed, over the wind speed, and of the power, over the rated power.
    """

    cut_in: Speed
    speed_at_85_percent: Speed
    bin_width: Speed
    time_per_bin: Duration
    total_time: Duration
    wind_scatter: Fraction
    speed_uncertainty: Fraction
    power_uncertainty: Fraction

    @model_validator(mode="after")
    def _has_bins(self) -> "PowerPerformance":
        if self.bin_width <= 0.0 or 1.5 * self.speed_at_85_percent <= self.cut_in:
            raise ValueError("bin_width must be above zero and 1.5 times speed_at_85_percent above cut_in")
        return self


class CaptureTurbulence(Configuration):
    """The turbulence bins of a capture matrix: so much time in each bin that the test site's climate makes likely.

    The mean turbulence intensity is linear between the wind speeds of the table; it spreads log-normally, `spread`
    being the standard deviation of its logarithm. A bin is asked for where at least `least_share` of the time at its
    wind speed falls into it.
    """

    wind_speed: CurvePoints
    intensity: Annotated[tuple[float, ...], Field(strict=False, min_length=2)]
    spread: PositiveNumber
    bin_width: Fraction
    time_per_bin: Duration
    least_share: Fraction
    source: str

    @model_validator(mode="after")
    def _is_a_table(self) -> "CaptureTurbulence":
        speeds = self.wind_speed.values_in("m/s", "wind_speed")
        if any(b <= a for a, b in itertools.pairwise(speeds)):
            raise ValueError(f"wind_speed must rise, found {list(self.wind_speed.values)} {self.wind_speed.units}")
        if len(self.intensity) != len(speeds) or not all(0.0 < each < 1.0 for each in self.intensity):
            raise ValueError(f"intensity must be {len(speeds)} fractions between 0 and 1, found {list(self.intensity)}")
        if self.bin_width <= 0.0 or self.spread <= 0.0:
            raise ValueError("bin_width and spread must be above zero")
        return self


class LoadMeasurement(Configuration):
    """The capture matrix of a load measurement: so much time in each bin of wind speed, and of turbulence."""

    first: Speed
    last: Speed
    bin_width: Speed
    time_per_bin: Duration
    turbulence: CaptureTurbulence | None = None

    @model_validator(mode="after")
    def _has_bins(self) -> "LoadMeasurement":
        if self.bin_width <= 0.0 or self.last <= self.first:
            raise ValueError("bin_width must be above zero and `last` above `first`")
        return self


class ReliabilityGrowth(Configuration):
    """Failure modes of a new design: `modes` of them, with rates spread as a gamma distribution about their mean."""

    modes: int = Field(ge=1)
    failure_rate: RatePerYear
    spread: PositiveNumber
    fix_probability: Fraction
    redesign_delay: Duration
    test_duration: Duration


class PrototypeMove(Configuration):
    """Installing or removing a prototype: one window within limits, that of the wind at `wind_limit_height`."""

    duration: Duration
    wave_limit: Length
    wind_limit: Speed
    wind_limit_height: Length = usually("100 m")


class Prototype(Configuration):
    """What a berth must offer to a prototype."""

    rated_power: Power
    minimum_depth: Length
    maximum_depth: Length

    @model_validator(mode="after")
    def _a_range(self) -> "Prototype":
        if self.maximum_depth < self.minimum_depth:
            raise ValueError("maximum_depth lies below minimum_depth")
        return self

    def fits(self, berth: Berth) -> bool:
        """Return whether a berth has the grid and the depth."""
        deep_enough = self.minimum_depth <= berth.water_depth <= self.maximum_depth
        return deep_enough and self.rated_power <= berth.grid_capacity


class OffshoreTestSite(SourcedConfiguration):
    """Berths, what they cost to build, and what happens on them."""

    investment: Money
    berths: Annotated[tuple[Berth, ...], Field(strict=False, min_length=1)]
    prototype: Prototype
    arrivals: RatePerYear
    prototype_availability: Fraction
    installation: PrototypeMove
    removal: PrototypeMove
    power_performance: PowerPerformance
    load_measurement: LoadMeasurement
    reliability_growth: ReliabilityGrowth
