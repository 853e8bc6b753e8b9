"""What the jobs of an offshore wind industry are computed from: markets, jobs per power, a year that is known."""

from itertools import pairwise
from typing import Annotated

from pydantic import Field, model_validator

from testsite_sim.configuration.base import Configuration, SourcedConfiguration
from testsite_sim.configuration.quantities import Power, Unit
from testsite_sim.configuration.vessel import usually

GrowthPerYear = Annotated[float, Unit("1/year", "a growth per year", "3 %/year", -1.0, above=True)]
Jobs = Annotated[float, Unit("", "a number of jobs", "3175", 0.0, above=True)]
JobsPerPower = Annotated[float, Unit("1/W", "a number of jobs per power", "15.1 1/MW", 0.0)]


class MarketYear(Configuration):
    """The power that a market installs in a year, and what operates at its end."""

    year: int
    installed: Power
    operating: Power

    @model_validator(mode="after")
    def _installed_operates(self) -> "MarketYear":
        if self.installed > self.operating:
            raise ValueError(f"{self.year}: more power is installed in the year than operates at its end")
        return self


class BuildOut(SourcedConfiguration):
    """A history or a forecast of a market, in the years that its source states.

    After the last of them the yearly market grows by `growth_after`.
    """

    years: Annotated[tuple[MarketYear, ...], Field(strict=False, min_length=1)]
    growth_after: GrowthPerYear = usually("0 %/year")

    @model_validator(mode="after")
    def _years_rise(self) -> "BuildOut":
        years = [row.year for row in self.years]
        if any(later <= earlier for earlier, later in pairwise(years)):
            raise ValueError(f"the years must rise, found {years}")
        return self


class OffshoreJobs(SourcedConfiguration):
    """Jobs of a region in a market, calibrated in the reference year."""

    jobs_per_installed: JobsPerPower
    jobs_per_operating: JobsPerPower
    productivity_growth: GrowthPerYear
    reference_year: int
    reference_jobs: Jobs
    target_year: int
    target_jobs: Jobs
    markets: dict[str, BuildOut]
