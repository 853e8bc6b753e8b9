"""Machines of a hydrogen plant: electrolyser, store by mass, fuel cell, and the demand that it serves."""

from typing import Annotated, ClassVar

from pydantic import Field, model_validator
from testsite_kernels.numerics.constants import HIGHER_HEATING_VALUE

from testsite_sim.common.units import KILOWATT_HOUR
from testsite_sim.configuration.base import (
    Component,
    Configuration,
    CurvePoints,
    SourcedConfiguration,
    refuse_ranges_of_shares,
)
from testsite_sim.configuration.electrolysis import ElectrolysisStacks
from testsite_sim.configuration.fuel_cell import FuelCellStacks
from testsite_sim.configuration.quantities import (
    CostPerMass,
    CostPerPower,
    Duration,
    EnergyPerPower,
    Fraction,
    Mass,
    MassFlow,
    PositiveNumber,
    Power,
    RatePerSecond,
    RatePerYear,
)
from testsite_sim.configuration.storage import FLOWS_PER_CAPACITY

# What no electrolyser undercuts: an electrical consumption below it is an error of units.
LEAST_CONSUMPTION = HIGHER_HEATING_VALUE / KILOWATT_HOUR  # [kWh/kg]


class PartLoadCurve(Configuration):
    """Performance against load at the plant's AC terminals."""

    load: Annotated[tuple[float, ...], Field(strict=False, min_length=2)]
    source: str

    @model_validator(mode="after")
    def _load_rises_to_one(self) -> "PartLoadCurve":
        if any(b <= a for a, b in zip(self.load, self.load[1:], strict=False)) or self.load[0] < 0.0:
            raise ValueError(f"load must rise from zero or above, found {list(self.load)}")
        if self.load[-1] != 1.0:
            raise ValueError(f"load must end at 1 (the rated load), found {self.load[-1]}")
        return self

    def _same_length(self, name: str, values: tuple[float, ...]) -> None:
        if len(values) != len(self.load):
            raise ValueError(f"{name} has {len(values)} values for {len(self.load)} loads")


class ConsumptionCurve(PartLoadCurve):
    """Electricity per mass of hydrogen against load."""

    specific_consumption: CurvePoints

    @model_validator(mode="after")
    def _physical(self) -> "ConsumptionCurve":
        self._same_length("specific_consumption", self.specific_consumption.values)
        lowest = min(self.specific_consumption.values_in("kWh/kg", "specific_consumption"))
        if lowest < LEAST_CONSUMPTION:
            raise ValueError(
                f"specific_consumption falls to {lowest:g} kWh/kg, below the thermodynamic limit of "
                f"{LEAST_CONSUMPTION:.2f} kWh/kg (higher heating value)"
            )
        return self


class EfficiencyCurve(PartLoadCurve):
    """Electrical efficiency (lower heating value) against load."""

    efficiency: Annotated[tuple[float, ...], Field(strict=False, min_length=2)]

    @model_validator(mode="after")
    def _physical(self) -> "EfficiencyCurve":
        self._same_length("efficiency", self.efficiency)
        if min(self.efficiency) <= 0.0 or max(self.efficiency) > 0.83:
            raise ValueError(
                f"efficiency must lie above 0 and at most 0.83 (the thermodynamic limit at 25 degrees Celsius), "
                f"found {list(self.efficiency)}"
            )
        return self


class PlantCost(Configuration):
    """Cost of a machine per installed power."""

    capital: CostPerPower
    operating: RatePerYear
    replacement: Fraction
    operating_life: Duration


class Electrolyser(SourcedConfiguration):
    """An electrolysis plant at its AC terminals: its consumption as a curve, or the stacks that it follows from.

    `response_time` is that from standstill to rated power. With a curve stand minimum load, standby and start, all
    per capacity, so that they grow with it; those of stacks follow from them, and so does when they are worn (by
    `cost.operating_life` where they do not age).
    """

    RENAMED: ClassVar[dict[str, str]] = {
        "standby_power": "it is `standby_power_per_capacity`, a fraction",
        "start_energy": "it is `start_energy_per_capacity`, such as 8 kWh/MW",
    }

    capacity: Power
    response_time: Duration | None = None
    minimum_load: Fraction | None = None
    standby_power_per_capacity: Fraction | None = None
    start_energy_per_capacity: EnergyPerPower | None = None
    consumption: ConsumptionCurve | None = None
    stacks: Annotated[ElectrolysisStacks, Component("electrolysis-plant")] | None = None
    cost: PlantCost

    @model_validator(mode="after")
    def _curve_or_stacks(self) -> "Electrolyser":
        if (self.consumption is None) == (self.stacks is None):
            raise ValueError("expected either `consumption`, a curve, or `stacks`, one of them")
        for name in ("minimum_load", "standby_power_per_capacity", "start_energy_per_capacity"):
            if (getattr(self, name) is None) == (self.stacks is None):
                where = "next to `consumption`" if self.stacks is None else "is that of the `stacks`; leave it out"
                raise ValueError(f"{name} {'is missing ' if self.stacks is None else ''}{where}")
        if self.stacks is not None and abs(self.stacks.capacity - self.capacity) > 1e-6 * self.capacity:
            raise ValueError(
                f"capacity is {self.capacity / 1e6:g} MW, and {self.stacks.stacks} stacks of "
                f"{self.stacks.stack_capacity / 1e6:g} MW make {self.stacks.capacity / 1e6:g} MW"
            )
        return self


class FuelCell(SourcedConfiguration):
    """A fuel-cell plant at its AC terminals: its efficiency as a curve, or the stacks that it follows from."""

    capacity: Power
    response_time: Duration | None = None
    minimum_load: Fraction
    efficiency: EfficiencyCurve | None = None
    stacks: FuelCellStacks | None = None
    cost: PlantCost

    @model_validator(mode="after")
    def _one_efficiency(self) -> "FuelCell":
        if (self.efficiency is None) == (self.stacks is None):
            raise ValueError("expected either `efficiency`, a curve, or `stacks`, one of them")
        return self


class TankCost(Configuration):
    """Cost of storage per mass that it holds."""

    capital: CostPerMass
    operating: RatePerYear


class Tank(SourcedConfiguration):
    """A pressurised store of hydrogen with its compressor, by mass."""

    RENAMED: ClassVar[dict[str, str]] = FLOWS_PER_CAPACITY

    capacity: Mass
    minimum_level: Fraction
    initial_level: Fraction
    filling_per_capacity: RatePerSecond
    withdrawal_per_capacity: RatePerSecond
    cost: TankCost

    @model_validator(mode="after")
    def _levels_in_order(self) -> "Tank":
        if self.initial_level < self.minimum_level:
            raise ValueError(f"initial_level {self.initial_level} lies below minimum_level {self.minimum_level}")
        return self


class HydrogenDemand(SourcedConfiguration):
    """What customers ask for: a daily mass, and how it spreads over the hours of the day (UTC).

    `rate`: the mean mass of a day. `hourly_share`: the share of that mass in every hour, from 00:00 UTC on; together 1.
    """

    rate: MassFlow
    hourly_share: Annotated[tuple[PositiveNumber, ...], Field(strict=False, min_length=24, max_length=24)]

    @model_validator(mode="after")
    def _shares_add_up(self) -> "HydrogenDemand":
        total = sum(self.hourly_share)
        if abs(total - 1.0) > 1e-6:
            raise ValueError(f"hourly_share must add up to 1, found {total:.6g}")
        refuse_ranges_of_shares("hourly_share", self.hourly_share)
        return self
