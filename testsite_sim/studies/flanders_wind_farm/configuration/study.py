"""The study Flanders Wind Farm: market, value chain, scenarios of share, the test site and how it acts."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from testsite_sim.common.errors import nearest
from testsite_sim.configuration.base import Component, Configuration, SourcedConfiguration
from testsite_sim.configuration.operations import Certification
from testsite_sim.configuration.quantities import (
    CostPerPower,
    CostPerPowerYear,
    Duration,
    Fraction,
    PositiveNumber,
    RatePerYear,
    Unit,
    Years,
)
from testsite_sim.studies.flanders_wind_farm.configuration.fund import Fund, SingleLift, Spending
from testsite_sim.studies.flanders_wind_farm.configuration.offshore_jobs import OffshoreJobs
from testsite_sim.studies.flanders_wind_farm.configuration.outlook import Hindcast, LearningRate, Outlook
from testsite_sim.studies.flanders_wind_farm.configuration.roadmap import Roadmap
from testsite_sim.studies.framework.configuration import StudyConfiguration

GrowthPerYear = Annotated[float, Unit("1/year", "a growth per year", "-8 %/year", -1.0)]
MoneyPerYear = Annotated[float, Unit("EUR/year", "an amount of money per year", "3 MEUR/year", 0.0)]
Phase = Literal["investment", "operation"]


class Segment(Configuration):
    """A part of the value chain: its part in the jobs of each phase, the share of the region, what tests mean to it."""

    investment_weight: Fraction
    operation_weight: Fraction
    flemish_share: Fraction
    test_site_relevance: Fraction


class ValueChain(SourcedConfiguration):
    """The segments of the value chain and who supplies whom.

    `supplies` states by phase, supplier and buyer which part of the work of a segment another one buys; what a segment
    does not sell to another one it sells to wind farms. `home_odds` multiplies the odds of a supplier of
    the region to win the order of a buyer of the region; `indirect_jobs` are those outside the chain per job in it.
    """

    segments: Annotated[dict[str, Segment], Field(min_length=1)]
    supplies: dict[Phase, dict[str, dict[str, Fraction]]] = Field(default_factory=dict)
    home_odds: Annotated[float, Unit("", "a factor on odds of at least one", "3", 1.0)]
    indirect_jobs: PositiveNumber

    @property
    def buyers_first(self) -> tuple[str, ...]:
        """The segments in an order in which every buyer stands before its suppliers.

        Raises
        ------
        ValueError
            When the supplies go round.
        """
        left: list[str] = list(self.segments)
        order: list[str] = []
        while left:
            held = {supplier for _, supplier, buyer, _ in self.edges if buyer in left}
            free = [name for name in left if name not in held]
            if not free:
                raise ValueError(
                    f"the supplies go round among {', '.join(left)}; expected a chain that ends at wind farms"
                )
            order += free
            left = [name for name in left if name not in free]
        return tuple(order)

    @property
    def edges(self) -> list[tuple[Phase, str, str, float]]:
        """The edges of the graph: phase, supplier, buyer, and the part of the supplier's work."""
        return [
            (phase, supplier, buyer, part)
            for phase, suppliers in self.supplies.items()
            for supplier, buyers in suppliers.items()
            for buyer, part in buyers.items()
        ]

    @model_validator(mode="after")
    def _supplies_are_parts_of_the_work(self) -> "ValueChain":
        sold: dict[tuple[str, str], float] = {}
        for phase, supplier, buyer, part in self.edges:
            for name in (supplier, buyer):
                if name not in self.segments:
                    raise ValueError(f"supplies: there is no segment {name!r}. {nearest(name, self.segments)}")
            bounds = getattr(part, "range", None) or (part, part)
            sold[phase, supplier] = sold.get((phase, supplier), 0.0) + float(bounds[1])
        for (when, name), most in sold.items():
            if most > 1.0 + 1e-12:
                raise ValueError(f"supplies: {name} sells up to {most:g} of its work in {when}; expected at most 1")
        _ = self.buyers_first
        return self

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
    """What the test site costs whom, and for how long."""

    __test__ = False  # pytest would otherwise take the name for a test class

    life: Years
    investment: Spending
    decommissioning: Spending
    public_share: Fraction
    operating_cost: MoneyPerYear
    berth_fee: Spending


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
    value_added_per_indirect_job: MoneyPerYear
    fiscal_share: Fraction
    additionality: Fraction
    discount_rate: RatePerYear


class FlandersWindFarm(StudyConfiguration):
    """The study Flanders Wind Farm."""

    HELD: ClassVar[tuple[str, ...]] = (
        "certification.climate",
        "certification.fleet.maintenance",
        "certification.fleet.turbine",
        "certification.test_site.prototype_availability",
        "certification.test_site.installation",
        "certification.test_site.power_performance",
        "certification.test_site.load_measurement",
        "vessel.conventional",
        "vessel.single_lift",
    )

    study: Literal["flanders-wind-farm"]
    jobs: Annotated[OffshoreJobs, Component("study-data")]
    market: str
    years_of_work: Years
    value_chain: Annotated[ValueChain, Component("study-data")]
    learning: Learning
    costs: FarmCosts
    scenarios: Annotated[dict[str, ShareScenario], Field(min_length=1)]
    reference_scenario: str
    certification: Certification
    roadmap: Annotated[Roadmap, Component("study-data")]
    test_site: TestSiteCosts
    mechanisms: Mechanisms
    returns: Returns
    vessel: SingleLift
    fund: Fund
    hindcast: Hindcast
    outlook: Annotated[Outlook, Component("study-data")]

    @property
    def wording(self) -> dict[str, str]:
        """The years and the number of jobs that the study is about."""
        return {
            "reference_year": str(self.jobs.reference_year),
            "target_year": str(self.jobs.target_year),
            "target_jobs": f"{self.jobs.target_jobs:,.0f}".replace(",", "\N{NO-BREAK SPACE}"),
            "outlook_year": str(self.outlook.last_year),
        }

    @model_validator(mode="after")
    def _names_are_known(self) -> "FlandersWindFarm":
        if self.market not in self.jobs.markets:
            raise ValueError(f"market {self.market!r} is none of {', '.join(self.jobs.markets)}")
        if self.reference_scenario not in self.scenarios:
            raise ValueError(f"reference_scenario {self.reference_scenario!r} is none of {', '.join(self.scenarios)}")
        if self.hindcast.market not in self.jobs.markets:
            raise ValueError(f"hindcast: market {self.hindcast.market!r} is none of {', '.join(self.jobs.markets)}")
        if self.vessel.segment not in self.value_chain.segments:
            raise ValueError(
                f"vessel: segment {self.vessel.segment!r} is none of {', '.join(self.value_chain.segments)}"
            )
        last = self.jobs.markets[self.market].years[-1].year
        for name, market in self.outlook.markets.items():
            if market.years[0].year <= last:
                raise ValueError(
                    f"outlook: the market {name!r} begins in {market.years[0].year}; expected after {last}"
                )
        if self.outlook.last_year <= last:
            raise ValueError(f"outlook: last_year {self.outlook.last_year}; expected after {last}")
        years = range(self.jobs.reference_year + 1, last + 1)
        for count in self.hindcast.counts:
            if count.year not in years:
                raise ValueError(f"hindcast: found a count of {count.year}; expected {years[0]} to {last}")
        if self.certification.fleet is None:
            raise ValueError("certification: the study needs a `fleet`, whose reliability the test site improves")
        return self
