"""What the money side of a run assumes."""

from typing import Literal

from testsite_sim.configuration.base import Configuration, SourcedConfiguration
from testsite_sim.configuration.quantities import (
    CostPerPower,
    CostPerPowerYear,
    Fraction,
    HydrogenPrice,
    Years,
)


class WindCost(Configuration):
    """Cost of the wind fleet per installed power."""

    capital: CostPerPower
    operating: CostPerPowerYear


class Economics(SourcedConfiguration):
    """Lifetime, discount rate, prices and the cost of the fleet, if there is one; machines carry their own costs."""

    title: str = "economics of the scenario"
    lifetime: Years
    discount_rate: Fraction
    wind: WindCost | None = None
    hydrogen_price: HydrogenPrice
    electricity_valuation: Literal["day-ahead", "levelised-cost"]
