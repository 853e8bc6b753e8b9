"""The study Flanders Wind Farm: market, value chain, scenarios of share, the test site and how it acts."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from testsite_sim.configuration.base import Component, Configuration, SourcedConfiguration
from testsite_sim.configuration.offshore_jobs import OffshoreJobs
from testsite_sim.configuration.operations import Certification
from testsite_sim.configuration.quantities import (
    CostPerPower,
    CostPerPowerYear,
    Duration,
    Fraction,
    Money,
    PositiveNumber,
    RatePerYear,
    Unit,
    Years,
)
from testsite_sim.configuration.study import StudyConfiguration

CalendarYear = Annotated[float, Unit("", "a year", "2013", 1990.0, 2100.0)]
GrowthPerYear = Annotated[float, Unit("1/year", "a growth per year", "-8 %/year", -1.0)]
MoneyPerYear = Annotated[float, Unit("EUR/year", "an amount of money per year", "3 MEUR/year", 0.0)]
LearningRate = Annotated[float, Unit("", "a fraction saved per doubling", "0.1", 0.0, 0.9)]


class Segment(Configuration):
    """A part of the value chain: its part in the jobs of each phase, the share of the region, what tests mean to it."""

    investment_weight: Fraction
    operation_weight: Fraction
    flemish_share: Fraction
    test_site_relevance: Fraction


class ValueChain(SourcedConfiguration):
    """The segments of the value chain."""

    segments: Annotated[dict[str, Segment], Field(min_length=1)]

    @model_validator(mode="after")
    def _both_phases_have_jobs(self) -> "ValueChain":
        for phase in ("investment_weight", "operation_weight"):
            if sum(getattr(segment, phase) for segment in self.segments.values()) <= 0.0:
                raise ValueError(f"no segment has a {phase} above zero")
        for name, segment in self.segments.items():
            if not 0.0 < segment.flemish_share < 1.0:
                raise ValueError(
                    f"{name}: flemish_share must lie between zero and one, found {segment.flemish_share:g}"
                )
        return self


class Learning(Configuration):
    """What is saved with each doubling of the operating power: jobs per power in both phases, and cost."""

    investment: LearningRate
    operation: LearningRate
    cost: LearningRate


class ObservedCost(SourcedConfiguration):
    """What a wind farm cost that was built."""

    year: int
    cost: CostPerPower


class FarmCosts(Configuration):
    """What a wind farm costs in the reference year, and what others are known to have cost."""

    investment: CostPerPower
    operation: CostPerPowerYear
    life: Years
    observed: Annotated[tuple[ObservedCost, ...], Field(strict=False)] = ()


class ShareScenario(Configuration):
    """How the odds of the region to win an order change without a test site."""

    odds_growth: GrowthPerYear


class TestSiteCosts(Configuration):
    """When the test site opens and what it costs whom."""

    __test__ = False  # pytest would otherwise take the name for a test class

    opening: CalendarYear
    construction: Years
    investment: Money
    public_share: Fraction
    operating_cost: MoneyPerYear
    berth_fee: Money


class Mechanisms(Configuration):
    """How a test site acts on the share of the region."""

    certification_elsewhere: Duration
    references_in_2009: PositiveNumber
    references_without: RatePerYear
    flemish_content: Fraction
    reference_effect: PositiveNumber
    obsolescence: Annotated[float, Unit("1/year", "a rate per year", "15 %/year", 0.0, above=True)]
    learning_intensity: PositiveNumber
    forgetting: Annotated[float, Unit("1/year", "a rate per year", "10 %/year", 0.0, above=True)]
    price_sensitivity: PositiveNumber
    tested_share: Fraction


class Returns(Configuration):
    """What a job is worth, to whom."""

    value_added_per_job: MoneyPerYear
    fiscal_share: Fraction
    additionality: Fraction
    discount_rate: RatePerYear


class FlandersWindFarm(StudyConfiguration):
    """The study Flanders Wind Farm."""

    HELD: ClassVar[tuple[str, ...]] = (
        "certification.fleet.maintenance",
        "certification.fleet.turbine",
        "certification.site.prototype_availability",
        "certification.site.installation",
        "certification.site.power_performance",
        "certification.site.load_measurement",
    )

    study: Literal["flanders-wind-farm"]
    jobs: Annotated[OffshoreJobs, Component("study-data")]
    market: str
    value_chain: Annotated[ValueChain, Component("study-data")]
    learning: Learning
    costs: FarmCosts
    scenarios: Annotated[dict[str, ShareScenario], Field(min_length=1)]
    reference_scenario: str
    certification: Certification
    test_site: TestSiteCosts
    mechanisms: Mechanisms
    returns: Returns

    @property
    def wording(self) -> dict[str, str]:
        """The years and the number of jobs that the study is about."""
        return {
            "reference_year": str(self.jobs.reference_year),
            "target_year": str(self.jobs.target_year),
            "target_jobs": f"{self.jobs.target_jobs:,.0f}".replace(",", "\N{NO-BREAK SPACE}"),
        }

    @model_validator(mode="after")
    def _names_are_known(self) -> "FlandersWindFarm":
        if self.market not in self.jobs.markets:
            raise ValueError(f"market {self.market!r} is none of {', '.join(self.jobs.markets)}")
        if self.reference_scenario not in self.scenarios:
            raise ValueError(f"reference_scenario {self.reference_scenario!r} is none of {', '.join(self.scenarios)}")
        if self.certification.fleet is None:
            raise ValueError("certification: the study wants a `fleet`, whose reliability the test site improves")
        return self
