"""SYMBIOSE: the platform that matches side streams with users."""

from typing import Annotated

from testsite_sim.configuration.base import SourcedConfiguration
from testsite_sim.configuration.quantities import Fraction, HydrogenPrice, Unit

MoneyPerYear = Annotated[float, Unit("EUR/year", "an amount of money per year", "0.3 MEUR/year", 0.0)]


class Symbiosis(SourcedConfiguration):
    """What the platform costs, the part of the worth of its matches that it asks, hydrogen's worth as fuel."""

    cost: MoneyPerYear
    fee: Fraction
    worth_as_heat: HydrogenPrice
