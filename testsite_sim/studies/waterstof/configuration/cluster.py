"""The lead fleets and lead plants of a cluster."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from testsite_sim.configuration.base import Configuration, SourcedConfiguration
from testsite_sim.configuration.quantities import MassFlow, PositiveNumber, Power, Unit
from testsite_sim.studies.waterstof.configuration.markets import APPLICATIONS

Source = Literal["electrolysis", "by-product", "none"]


class LeadPlant(Configuration):
    """An installation that the roadmap activates; its scenario of the chain says what it makes and with which power."""

    place: str
    owner: str
    scenario: str
    year: int
    source: Source
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
            raise ValueError(f"fleets: expected {', '.join(APPLICATIONS)}; found {', '.join(self.fleets)}")
        return self
