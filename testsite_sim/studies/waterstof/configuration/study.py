"""The study Waterstof: technologies, supply, lead plants, policies, returns, roadmap."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from testsite_sim.configuration.base import Component, Configuration, SourcedConfiguration
from testsite_sim.configuration.quantities import Fraction, PositiveNumber, Years
from testsite_sim.studies.framework.configuration import StudyConfiguration
from testsite_sim.studies.framework.prices import price_factors
from testsite_sim.studies.waterstof.configuration.cluster import LeadCluster
from testsite_sim.studies.waterstof.configuration.markets import (
    APPLICATIONS,
    MARKETS,
    EnergyPrices,
    Judgement,
    LeadMarkets,
)
from testsite_sim.studies.waterstof.configuration.policy import Development, Fund, Industry, Policy
from testsite_sim.studies.waterstof.configuration.supply import Supply, Technologies
from testsite_sim.studies.waterstof.configuration.symbiosis import Symbiosis

PHASES = ("study", "cluster", "lead-plants", "roll-out", "market")
PARTICIPANTS = ("government", "industry", "knowledge-institutes", "users")
ADVANTAGES = ("demand", "price", "export", "transfer", "structure", "regulation")


class Horizon(Configuration):
    """A period that is simulated; `cluster_year` is the year in which lead plants are compared."""

    start: int
    end: int
    cluster_year: int

    @model_validator(mode="after")
    def _years_rise(self) -> "Horizon":
        if not self.start < self.cluster_year <= self.end:
            raise ValueError(
                f"expected start < cluster_year <= end, found {self.start}, {self.cluster_year}, {self.end}"
            )
        return self


class Score(Configuration):
    """Weights of the advantages of a lead market, and what is judged of each market."""

    weights: dict[str, PositiveNumber]
    judgements: dict[str, Judgement]

    @model_validator(mode="after")
    def _names_are_known(self) -> "Score":
        if tuple(self.weights) != ADVANTAGES:
            raise ValueError(f"weights: expected {', '.join(ADVANTAGES)}; found {', '.join(self.weights)}")
        if sum(self.weights.values()) <= 0.0:
            raise ValueError("weights: one must be above zero")
        if set(self.judgements) != set(MARKETS):
            raise ValueError(f"judgements: expected {', '.join(MARKETS)}; found {', '.join(self.judgements)}")
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
            raise ValueError(f"phases: expected {', '.join(PHASES)}; found {', '.join(self.phases)}")
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
    symbiosis: Symbiosis
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
            "fund_capital": f"{self.fund.capital * price_factors(self).get('fund.capital', 1.0) / 1e6:.0f}",
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
