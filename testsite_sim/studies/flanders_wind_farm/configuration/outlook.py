"""The industry from today on: markets that are announced, the Belgian zone, test sites elsewhere; and the hindcast."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from testsite_sim.common.errors import nearest
from testsite_sim.configuration.base import Configuration, SourcedConfiguration
from testsite_sim.configuration.quantities import Fraction, Number, PositiveNumber, Power, Unit
from testsite_sim.studies.flanders_wind_farm.configuration.offshore_jobs import BuildOut, JobsPerPower
from testsite_sim.studies.flanders_wind_farm.configuration.roadmap import CalendarYear

LearningRate = Annotated[float, Unit("", "a fraction saved per doubling", "0.1", 0.0, 0.9)]


class AnnouncedMarket(BuildOut):
    """A market from today on; of what is `announced`, only a part is delivered."""

    announced: bool = True


class Lot(SourcedConfiguration):
    """A lot of the Belgian zone: its power, the year of operation once planned, and the one expected now."""

    power: Power
    planned: CalendarYear
    expected: CalendarYear


class Zone(Configuration):
    """The Belgian zone, what is to come in it, and the jobs per power that its federation counts."""

    operating: Power
    lots: Annotated[dict[str, Lot], Field(min_length=1)]
    jobs_per_installed: JobsPerPower
    jobs_per_operating: JobsPerPower


class Target(SourcedConfiguration):
    """What a government or a declaration says will operate in a year."""

    year: int
    power: Power


class OtherSite(SourcedConfiguration):
    """A test site of today elsewhere."""

    place: Literal["sea", "land"]
    berths: PositiveNumber
    year: int


class Outlook(SourcedConfiguration):
    """Markets after the last year that is known, to the last year of the outlook.

    `delivery` is the part of the announced growth that is built; `error` draws the error of the hindcast of method,
    from minus to plus the largest that a triangular distribution of its standard deviation has.
    """

    last_year: int
    market: str
    markets: Annotated[dict[str, AnnouncedMarket], Field(min_length=1)]
    delivery: Fraction
    error: Number
    roadmap_start: CalendarYear
    zone: Zone
    targets: Annotated[tuple[Target, ...], Field(strict=False)] = ()
    test_sites: Annotated[tuple[OtherSite, ...], Field(strict=False)] = ()

    @model_validator(mode="after")
    def _market_is_known(self) -> "Outlook":
        if self.market not in self.markets:
            raise ValueError(f"market: there is no market {self.market!r}. {nearest(self.market, self.markets)}")
        return self


class Count(SourcedConfiguration):
    """Jobs that were counted in a year, and the part of them that is direct."""

    year: int
    jobs: PositiveNumber
    direct_share: Fraction

    @model_validator(mode="after")
    def _has_jobs(self) -> "Count":
        if not self.jobs * self.direct_share > 0.0:
            raise ValueError("expected a count of direct jobs above zero")
        return self


class Hindcast(Configuration):
    """What was known when the policy was made, and what was counted since."""

    market: str
    learning: LearningRate
    counts: Annotated[tuple[Count, ...], Field(strict=False, min_length=1)]
