"""A battery: what it holds and lets through, what it loses, how it ages, what it costs."""

from typing import Annotated

from pydantic import model_validator

from testsite_sim.configuration.base import Configuration, SourcedConfiguration
from testsite_sim.configuration.quantities import (
    CostPerPower,
    Energy,
    Fraction,
    Number,
    PositiveNumber,
    Power,
    RatePerYear,
    Temperature,
    Unit,
)

CostPerEnergy = Annotated[float, Unit("EUR/J", "a cost per energy", "310 EUR/kWh", 0.0)]
Frequency = Annotated[float, Unit("1/s", "a rate", "4.14e-10 1/s", 0.0)]
PerKelvin = Annotated[float, Unit("1/K", "a rate per temperature", "0.0693 1/K", 0.0)]


class BatteryAgeing(SourcedConfiguration):
    """Ageing by time and cycles with the symbols of Xu et al. (2018); see `docs/methods/hydrogen.md`.

    The battery is replaced when it has lost `end_of_life` of its capacity.
    """

    calendar: Frequency
    k_delta1: Number
    k_delta2: Number
    k_delta3: Number
    k_sigma: Number
    reference_state: Fraction
    k_temperature: PerKelvin
    reference_temperature: Temperature
    cell_temperature: Temperature
    alpha: Fraction
    beta: PositiveNumber
    end_of_life: Fraction

    @model_validator(mode="after")
    def _possible(self) -> "BatteryAgeing":
        for depth in (0.01, 0.1, 0.5, 1.0):
            if self.k_delta1 * depth**self.k_delta2 + self.k_delta3 <= 0.0:
                raise ValueError(
                    f"k_delta1, k_delta2, k_delta3 give no ageing, or a healing, at a depth of {depth:g}; expected "
                    "k_delta1 x depth^k_delta2 + k_delta3 above 0"
                )
        if not 233.15 <= self.cell_temperature <= 343.15:
            raise ValueError(f"cell_temperature {self.cell_temperature:g} K lies outside 233.15 to 343.15 K")
        return self


class BatteryCost(Configuration):
    """Cost of the cells per energy and of the converter per power; replacement is a share of the cells' cost."""

    storage: CostPerEnergy
    converter: CostPerPower
    operating: RatePerYear
    replacement: Fraction


class Battery(SourcedConfiguration):
    """A battery at its AC terminals: levels are shares of the present capacity."""

    capacity: Energy
    power: Power
    minimum_level: Fraction
    maximum_level: Fraction
    initial_level: Fraction
    charging_efficiency: Fraction
    discharging_efficiency: Fraction
    ageing: BatteryAgeing
    cost: BatteryCost

    @model_validator(mode="after")
    def _possible(self) -> "Battery":
        if not self.minimum_level <= self.initial_level <= self.maximum_level:
            raise ValueError(
                f"minimum_level {self.minimum_level:g}, initial_level {self.initial_level:g}, maximum_level "
                f"{self.maximum_level:g} must stand in this order"
            )
        if min(self.charging_efficiency, self.discharging_efficiency) <= 0.0 or self.capacity <= 0.0:
            raise ValueError("capacity, charging_efficiency and discharging_efficiency must lie above 0")
        return self
