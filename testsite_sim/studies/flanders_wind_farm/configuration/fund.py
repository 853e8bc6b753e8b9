"""The single-lift vessel and the fund that paid for it."""

from typing import Annotated

from pydantic import Field, model_validator

from testsite_sim.common.errors import nearest
from testsite_sim.configuration.base import Component, Configuration
from testsite_sim.configuration.installation import Installation
from testsite_sim.configuration.quantities import Fraction, PositiveNumber, Power, Unit, Years

Price = Annotated[float, Unit("EUR", "an amount of money", "200 MEUR", 0.0, above=True)]
Spending = Annotated[float, Unit("EUR", "an amount of money", "3 MEUR", 0.0)]


class SingleLift(Configuration):
    """A campaign of turbines by the usual vessel and by the one that sets a turbine down in one lift."""

    turbines: int = Field(ge=1, le=1000)
    turbine_power: Power
    conventional: Annotated[Installation, Component("installation")]
    single_lift: Annotated[Installation, Component("installation")]
    phase: str
    segment: str
    day_rate: Price
    day_rate_ratio: PositiveNumber
    utilisation: Fraction
    crew: PositiveNumber
    crews: PositiveNumber
    cost_share: Fraction

    @model_validator(mode="after")
    def _phase_is_known(self) -> "SingleLift":
        for each in (self.conventional, self.single_lift):
            if self.phase not in each.phases:
                raise ValueError(f"phase: there is no phase {self.phase!r}. {nearest(self.phase, each.phases)}")
        if not self.cost_share > 0.0:
            raise ValueError("cost_share: expected above zero")
        return self


class Fund(Configuration):
    """A revolving fund of the government for projects of clusters that have a roadmap."""

    capital: Price
    vessel_equity: Spending
    vessel_part: Fraction
    retained: Fraction
    site_share: Fraction
    exit: Years
