"""What policy does, what a fund lends, what industry spends and earns."""

from typing import Annotated

from pydantic import Field, model_validator

from testsite_sim.configuration.base import Configuration
from testsite_sim.configuration.quantities import (
    Fraction,
    HydrogenPrice,
    Money,
    PositiveNumber,
    RatePerYear,
    Unit,
    Years,
)
from testsite_sim.studies.waterstof.configuration.markets import APPLICATIONS, EmissionPrice
from testsite_sim.studies.waterstof.configuration.supply import Technologies

MoneyPerYear = Annotated[float, Unit("EUR/year", "an amount of money per year", "5 MEUR/year", 0.0)]
JobsPerTurnover = Annotated[float, Unit("1/EUR", "a number of jobs per turnover", "5 1/MEUR", 0.0)]


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
            raise ValueError("world_share: expected a share of electrolyser, fuel_cell, station and bus")
        return self
