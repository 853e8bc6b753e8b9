"""Where hydrogen comes from, and what gets cheaper with experience."""

from typing import Annotated

from pydantic import Field

from testsite_sim.configuration.base import Configuration, SourcedConfiguration
from testsite_sim.configuration.quantities import (
    CostPerMass,
    CostPerPower,
    EnergyCost,
    Fraction,
    HydrogenPrice,
    MassFlow,
    Money,
    Power,
    RatePerYear,
    SpecificEnergy,
    Unit,
    Years,
)

GrowthPerYear = Annotated[float, Unit("1/year", "a growth per year", "30 %/year", -1.0)]
LearningRate = Annotated[float, Unit("", "a fraction saved per doubling", "0.18", 0.0, 0.9)]
MassPerYear = Annotated[float, Unit("kg/year", "a mass per year", "2000 t/year", 0.0)]
Hours = Annotated[float, Unit("hour", "a number of hours", "60000 hour", 0.0, above=True)]


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
    """Electrolysis at the simulated wind farm; the scenario gives hours, part load and the price paid."""

    scenario: str
    consumption: Annotated[dict[str, SpecificEnergy], Field(min_length=2)]
    fee: EnergyCost
    operating: RatePerYear
    replacement: Fraction
    operating_life: Hours
    life: Years


class ByProduct(Configuration):
    """Hydrogen that industry makes together with something else; what replaces it in a boiler emits."""

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
