"""The study Waterstof: technologies, supply, lead plants, policies, returns, roadmap."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from testsite_sim.configuration.base import Component, Configuration, SourcedConfiguration
from testsite_sim.configuration.hydrogen_markets import (
    APPLICATIONS,
    MARKETS,
    EmissionPrice,
    EnergyPrices,
    Judgement,
    LeadMarkets,
)
from testsite_sim.configuration.quantities import (
    CostPerMass,
    CostPerPower,
    EnergyCost,
    Fraction,
    HydrogenPrice,
    MassFlow,
    Money,
    PositiveNumber,
    Power,
    RatePerYear,
    SpecificEnergy,
    Unit,
    Years,
)
from testsite_sim.configuration.study import StudyConfiguration

GrowthPerYear = Annotated[float, Unit("1/year", "a growth per year", "30 %/year", -1.0)]
LearningRate = Annotated[float, Unit("", "a fraction saved per doubling", "0.18", 0.0, 0.9)]
MoneyPerYear = Annotated[float, Unit("EUR/year", "an amount of money per year", "5 MEUR/year", 0.0)]
MassPerYear = Annotated[float, Unit("kg/year", "a mass per year", "2000 t/year", 0.0)]
JobsPerTurnover = Annotated[float, Unit("1/EUR", "a number of jobs per turnover", "5 1/MEUR", 0.0)]
Hours = Annotated[float, Unit("hour", "a number of hours", "60000 hour", 0.0, above=True)]
PHASES = ("study", "cluster", "lead-plants", "roll-out", "market")
PARTICIPANTS = ("government", "industry", "knowledge-institutes", "users")
ADVANTAGES = ("demand", "price", "export", "transfer", "structure", "regulation")
Source = Literal["electrolysis", "by-product", "none"]


class Horizon(Configuration):
    """A period that is simulated; `cluster_year` is the year in which lead plants are compared."""

    start: int
    end: int
    cluster_year: int

    @model_validator(mode="after")
    def _years_rise(self) -> "Horizon":
        if not self.start < self.cluster_year <= self.end:
            raise ValueError(f"wanted start < cluster_year <= end, found {self.start}, {self.cluster_year}, {self.end}")
        return self


class PowerReference(Configuration):
    """Cost per power and world capacity of a technology in a year, and how fast the latter grows."""

    year: int
    cost: CostPerPower
    world: Power
    growth: GrowthPerYear


class PieceReference(Configuration):
    """Cost and number in the world of a thing in a year, and how fast the latter grows."""

    year: int
    cost: Money
    world: Annotated[float, Unit("", "a number in the world", "100", 0.0, above=True)]
    growth: GrowthPerYear


class PowerTechnology(Configuration):
    """A technology that is bought by its power; references by horizon."""

    learning_rate: LearningRate
    references: dict[str, PowerReference]


class PieceTechnology(Configuration):
    """A technology that is bought by the piece; references by horizon."""

    learning_rate: LearningRate
    references: dict[str, PieceReference]


class Technologies(SourcedConfiguration):
    """What gets cheaper with experience in the world."""

    electrolyser: PowerTechnology
    fuel_cell: PowerTechnology
    station: PieceTechnology
    bus: PieceTechnology


class ElectrolyserSupply(Configuration):
    """Electrolysis beside the simulated wind; the scenario gives hours, part load and the price paid."""

    scenario: str
    consumption: Annotated[dict[str, SpecificEnergy], Field(min_length=2)]
    fee: EnergyCost
    operating: RatePerYear
    replacement: Fraction
    operating_life: Hours
    life: Years


class ByProduct(Configuration):
    """Hydrogen that industry makes beside something else; what replaces it in a boiler emits."""

    price: HydrogenPrice
    available: MassPerYear
    delivery: HydrogenPrice
    replacement_emissions: Annotated[float, Unit("kg/kg", "CO2 per hydrogen", "7 kg/kg", 0.0)]


class Stations(Configuration):
    """Refuelling stations: what one dispenses in a day, how full it is meant to be, what it stores and uses.

    `dispensing_hours` is how long it takes to dispense the capacity of a day at full speed.
    """

    capacity: MassFlow
    dispensing_hours: Annotated[float, Unit("hour", "a number of hours", "8 hour", 0.0, 24.0, above=True)]
    utilisation: Annotated[float, Unit("", "a fraction above zero", "0.7", 0.0, 1.0, above=True)]
    life: Years
    operating: RatePerYear
    storage_cost: CostPerMass
    compression: SpecificEnergy


class Supply(Configuration):
    """Where hydrogen comes from and how it gets to the nozzle."""

    electrolyser: ElectrolyserSupply
    by_product: ByProduct
    stations: Stations
    cost_of_capital: RatePerYear


class LeadPlant(Configuration):
    """An installation that the roadmap activates; its scenario of the chain simulates it."""

    place: str
    owner: str
    scenario: str
    year: int
    source: Source
    production: MassFlow
    dispensing: MassFlow
    fuel_cell: Power
    size_source: str


class LeadCluster(SourcedConfiguration):
    """The lead fleets and the candidate plants of a cluster."""

    fleets: dict[str, PositiveNumber]
    plants: Annotated[dict[str, LeadPlant], Field(min_length=1, max_length=10)]
    flexibility: Annotated[float, Unit("EUR/W/year", "a yearly revenue per power", "10 EUR/kW/year", 0.0)]

    @model_validator(mode="after")
    def _fleets_are_known(self) -> "LeadCluster":
        if set(self.fleets) != set(APPLICATIONS):
            raise ValueError(f"fleets: wanted {', '.join(APPLICATIONS)}; found {', '.join(self.fleets)}")
        return self


class Policy(Configuration):
    """An implementation scenario, in force for some years from the start of the roadmap."""

    duration: Years
    procurement: dict[str, Fraction] = Field(default_factory=dict)
    guaranteed_price: HydrogenPrice | None = None
    grant_share: Fraction = 0.0
    lead_stations: PositiveNumber = 0.0
    fund: bool = False

    @model_validator(mode="after")
    def _applications_are_known(self) -> "Policy":
        unknown = [name for name in self.procurement if name not in APPLICATIONS]
        if unknown:
            raise ValueError(f"procurement: {unknown[0]!r} is none of {', '.join(APPLICATIONS)}")
        return self


class Fund(Configuration):
    """The TINA fund: capital for cluster projects that have a cluster roadmap.

    It is repaid with its required return in equal amounts over `term` years, after `grace` years.
    """

    capital: Money
    hydrogen_share: Fraction
    co_investment: Fraction
    cost_of_capital: RatePerYear
    required_return: RatePerYear
    grace: Annotated[int, Field(ge=0, le=20)]
    term: Annotated[int, Field(ge=1, le=30)]


class Development(Configuration):
    """What the cluster spends before it sells: research, demonstration, certification."""

    cost: MoneyPerYear
    duration: Years


class Industry(Configuration):
    """What Flemish firms earn, at home and abroad, and whom they employ."""

    home_share: Fraction
    world_share: dict[str, Fraction]
    reference_effect: PositiveNumber
    margin: Fraction
    jobs_per_turnover: JobsPerTurnover
    value_added_share: Fraction
    additionality: Fraction
    discount_rate: RatePerYear
    carbon_value: EmissionPrice

    @model_validator(mode="after")
    def _technologies_are_known(self) -> "Industry":
        if set(self.world_share) != set(Technologies.model_fields) - {"title", "source"}:
            raise ValueError("world_share: wanted a share of electrolyser, fuel_cell, station and bus")
        return self


class Score(Configuration):
    """Weights of the advantages of a lead market, and what is judged of each market."""

    weights: dict[str, PositiveNumber]
    judgements: dict[str, Judgement]

    @model_validator(mode="after")
    def _names_are_known(self) -> "Score":
        if tuple(self.weights) != ADVANTAGES:
            raise ValueError(f"weights: wanted {', '.join(ADVANTAGES)}; found {', '.join(self.weights)}")
        if sum(self.weights.values()) <= 0.0:
            raise ValueError("weights: one must be above zero")
        if set(self.judgements) != set(MARKETS):
            raise ValueError(f"judgements: wanted {', '.join(MARKETS)}; found {', '.join(self.judgements)}")
        return self


class Phase(Configuration):
    """Who leads a phase of the roadmap, and who takes part."""

    leads: str
    takes_part: Annotated[tuple[str, ...], Field(strict=False)] = ()


class Roadmap(Configuration):
    """What the roadmap assumes of time: the study, the forming of the cluster, building a plant; who does what."""

    phases: dict[str, Phase]

    study: Years
    cluster_forming: Years
    construction: Years
    network_coverage: Fraction

    @model_validator(mode="after")
    def _phases_are_known(self) -> "Roadmap":
        if tuple(self.phases) != PHASES:
            raise ValueError(f"phases: wanted {', '.join(PHASES)}; found {', '.join(self.phases)}")
        for name, phase in self.phases.items():
            unknown = [who for who in (phase.leads, *phase.takes_part) if who not in PARTICIPANTS]
            if unknown:
                raise ValueError(f"phases.{name}: {unknown[0]!r} is none of {', '.join(PARTICIPANTS)}")
        return self


class Observation(SourcedConfiguration):
    """Something that was seen, to hold the results against."""

    year: int
    value: PositiveNumber


class Waterstof(StudyConfiguration):
    """The study Waterstof."""

    HELD: ClassVar[tuple[str, ...]] = ()

    study: Literal["waterstof"]
    horizons: Annotated[dict[str, Horizon], Field(min_length=1)]
    energy: Annotated[EnergyPrices, Component("study-data")]
    markets: Annotated[LeadMarkets, Component("study-data")]
    technologies: Annotated[Technologies, Component("study-data")]
    supply: Supply
    cluster: Annotated[LeadCluster, Component("study-data")]
    policies: Annotated[dict[str, Policy], Field(min_length=1)]
    reference_scenario: str
    fund: Fund
    development: Development
    industry: Industry
    score: Score
    roadmap: Roadmap
    observed: dict[str, Observation]

    @property
    def wording(self) -> dict[str, str]:
        """The years that the study is about."""
        first, last = next(iter(self.horizons.values())), list(self.horizons.values())[-1]
        return {
            "first_year": str(first.start),
            "target_year": str(first.end),
            "start_year": str(last.start),
            "end_year": str(last.end),
            "cluster_year": str(last.cluster_year),
            "fund_capital": f"{self.fund.capital / 1e6:.0f}",
        }

    @model_validator(mode="after")
    def _names_are_known(self) -> "Waterstof":
        if self.reference_scenario not in self.policies:
            raise ValueError(f"reference_scenario {self.reference_scenario!r} is none of {', '.join(self.policies)}")
        ends = [horizon.end for horizon in self.horizons.values()]
        if any(later.start <= end for later, end in zip(list(self.horizons.values())[1:], ends, strict=False)):
            raise ValueError("horizons: each must start after the one before it ends")
        for name in ("electrolyser", "fuel_cell", "station", "bus"):
            known = getattr(self.technologies, name).references
            missing = [horizon for horizon in self.horizons if horizon not in known]
            if missing:
                raise ValueError(f"technologies.{name}.references: the horizon {missing[0]!r} is missing")
        for application in APPLICATIONS:
            stock = getattr(self.markets, application).initial_stock
            missing = [horizon for horizon in self.horizons if horizon not in stock]
            if missing:
                raise ValueError(f"markets.{application}.initial_stock: the horizon {missing[0]!r} is missing")
        return self
