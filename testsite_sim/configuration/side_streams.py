"""Side streams of a hydrogen plant: oxygen, heat and water, each with its price."""

from pydantic import model_validator
from testsite_kernels.numerics.constants import ZERO_CELSIUS

from testsite_sim.configuration.base import Configuration, SourcedConfiguration
from testsite_sim.configuration.electrolysis import COLDEST, HOTTEST
from testsite_sim.configuration.quantities import EnergyPrice, Fraction, HydrogenPrice, Temperature


class OxygenSale(Configuration):
    """Oxygen of the electrolysers: the share that finds a buyer, and what it earns."""

    sold: Fraction
    price: HydrogenPrice


class HeatSale(Configuration):
    """Heat of the machines: the share of the cooling water's heat that is usable, where, what it earns.

    `least_temperature` is that of the user: a machine that runs colder gives none. The usable heat of a fuel cell is
    stated with its stacks.
    """

    sold: Fraction
    electrolyser_usable: Fraction
    least_temperature: Temperature
    price: EnergyPrice

    @model_validator(mode="after")
    def _water(self) -> "HeatSale":
        if not COLDEST < self.least_temperature <= HOTTEST:
            found = self.least_temperature - ZERO_CELSIUS
            raise ValueError(f"least_temperature {found:g} degC; expected 0 to 140 degC")
        return self


class WaterPurchase(Configuration):
    """Water for the electrolysers, per mass of tap water; how much of it they take is stated with their stacks."""

    price: HydrogenPrice


class SideStreams(SourcedConfiguration):
    """What leaves and enters in addition to hydrogen and electricity, each with its price."""

    oxygen: OxygenSale | None = None
    heat: HeatSale | None = None
    water: WaterPurchase | None = None
