"""A fuel-cell stack, and the plant that is built of such stacks."""

from typing import Annotated, ClassVar

from pydantic import Field, model_validator
from testsite_kernels.numerics.constants import ZERO_CELSIUS

from testsite_sim.configuration.base import Component, Configuration, SourcedConfiguration
from testsite_sim.configuration.quantities import (
    Fraction,
    Length,
    Number,
    PositiveNumber,
    Power,
    Pressure,
    Temperature,
    Unit,
)

Area = Annotated[float, Unit("m^2", "an area", "200 cm^2", 0.0, above=True)]
AreaResistance = Annotated[float, Unit("ohm*m^2", "a resistance of an area", "0.05 ohm cm^2", 0.0)]
CurrentDensity = Annotated[float, Unit("A/m^2", "a current density", "1.2 A/cm^2", 0.0, above=True)]
Voltage = Annotated[float, Unit("V", "a voltage", "14 microvolt", 0.0)]
VoltageRate = Annotated[float, Unit("V/s", "a voltage per time", "3.6 microvolt/hour", 0.0)]
EnergyPerMass = Annotated[float, Unit("J/kg", "an energy per mass", "0.5 kWh/kg", 0.0)]


class FuelCellAgeing(SourcedConfiguration):
    """What a cell loses by running and by starting; stacks are replaced when they have lost `end_of_life`.

    `end_of_life` is a share of the voltage at the rated power of the plant.
    """

    running: VoltageRate
    start: Voltage
    end_of_life: Fraction


class FuelCellStack(SourcedConfiguration):
    """A PEM stack by its semi-empirical polarisation; see `docs/methods/hydrogen.md`."""

    cells: int = Field(ge=1, le=10_000)
    active_area: Area
    temperature: Temperature
    hydrogen_pressure: Pressure
    oxygen_pressure: Pressure
    membrane_thickness: Length
    membrane_water: PositiveNumber
    electronic_resistance: AreaResistance
    xi1: Number
    xi3: Number
    xi4: Number
    concentration_voltage: Voltage
    limiting_current_density: CurrentDensity
    largest_current_density: CurrentDensity
    ageing: FuelCellAgeing

    @model_validator(mode="after")
    def _possible(self) -> "FuelCellStack":
        if self.largest_current_density >= self.limiting_current_density:
            raise ValueError(
                f"largest_current_density {_per_cm2(self.largest_current_density)} must lie below "
                f"limiting_current_density {_per_cm2(self.limiting_current_density)}"
            )
        if not ZERO_CELSIUS < self.temperature < ZERO_CELSIUS + 120.0:
            raise ValueError(
                f"temperature {self.temperature:.6g} K; expected 273.15 to 393.15 K, where a PEM cell works"
            )
        if min(self.hydrogen_pressure, self.oxygen_pressure) <= 0.0:
            raise ValueError("hydrogen_pressure and oxygen_pressure must lie above 0")
        return self


class FuelCellStacks(Configuration):
    """Equal stacks and what stands around them: purge, inverter, auxiliaries, recovery of heat.

    There is a stack for each `power_per_stack` of the plant's capacity (a part of one counts as a part), and
    `auxiliary_power_per_capacity` always runs, so that both grow with the capacity; `auxiliary_per_hydrogen` grows
    with the flow (air blowers). `usable_heat` is the
    share of the heat (of the higher heating value) that leaves at `heat_temperature`.
    """

    RENAMED: ClassVar[dict[str, str]] = {
        "count": "there is a stack for each `power_per_stack` of the capacity",
        "auxiliary_power": "it is `auxiliary_power_per_capacity`, a fraction",
    }

    stack: Annotated[FuelCellStack, Component("fuel-cell-stack")]
    power_per_stack: Power
    hydrogen_utilisation: Fraction
    inverter_efficiency: Fraction
    auxiliary_power_per_capacity: Fraction
    auxiliary_per_hydrogen: EnergyPerMass
    usable_heat: Fraction
    heat_temperature: Temperature

    @model_validator(mode="after")
    def _possible(self) -> "FuelCellStacks":
        if min(self.hydrogen_utilisation, self.inverter_efficiency) <= 0.0:
            raise ValueError("hydrogen_utilisation and inverter_efficiency must lie above 0")
        if self.power_per_stack <= 0.0:
            raise ValueError("power_per_stack must lie above 0")
        return self


def _per_cm2(density: float) -> str:
    """Return a current density as people write it."""
    return f"{density / 1e4:g} A/cm^2"
