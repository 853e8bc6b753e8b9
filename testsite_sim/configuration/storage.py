"""What stores and moves hydrogen: compressors, banks of pressure vessels, stores, pipelines, tube trailers."""

from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from testsite_sim.configuration.base import Component, Configuration, SourcedConfiguration
from testsite_sim.configuration.quantities import (
    CostPerLength,
    CostPerMass,
    CostPerPower,
    Duration,
    Fraction,
    Length,
    MassFlow,
    Money,
    Pressure,
    RatePerSecond,
    RatePerYear,
    Temperature,
    Volume,
)

LOWEST_PRESSURE, HIGHEST_PRESSURE = 1e5, 1000e5  # of the tabulated properties [Pa]
COLDEST, WARMEST = 230.0, 400.0  # of stored and compressed gas [K]
BAR = 1e5  # [Pa]


def in_table(name: str, pressure: float) -> None:
    """Refuse a pressure that the properties of hydrogen are not tabulated for."""
    if not LOWEST_PRESSURE <= pressure <= HIGHEST_PRESSURE:
        raise ValueError(f"{name} of {pressure / BAR:g} bar lies outside the 1 to 1000 bar of the real-gas properties")


def temperate(name: str, temperature: float) -> None:
    """Refuse a temperature of stored gas that is none: a missing 273.15, for example."""
    if not COLDEST <= temperature <= WARMEST:
        raise ValueError(f"{name} of {temperature:g} K lies outside {COLDEST:g} to {WARMEST:g} K")


class CompressorCost(Configuration):
    """Cost of a compressor per electric power at its rating."""

    capital: CostPerPower
    operating: RatePerYear


class Compressor(SourcedConfiguration):
    """A compressor of stages with cooling between them."""

    capacity: MassFlow
    rated_suction_pressure: Pressure
    minimum_suction_pressure: Pressure
    maximum_discharge_pressure: Pressure
    stages: Annotated[int, Field(ge=1, le=10)]
    inlet_temperature: Temperature
    isentropic_efficiency: Fraction
    drive_efficiency: Fraction
    cost: CompressorCost

    @model_validator(mode="after")
    def _possible(self) -> "Compressor":
        for name in ("isentropic_efficiency", "drive_efficiency"):
            if getattr(self, name) <= 0.0:
                raise ValueError(f"{name} must be above 0")
        if self.capacity <= 0.0:
            raise ValueError("capacity must be above 0")
        temperate("inlet_temperature", self.inlet_temperature)
        for name in ("rated_suction_pressure", "minimum_suction_pressure", "maximum_discharge_pressure"):
            in_table(name, getattr(self, name))
        if self.minimum_suction_pressure > self.rated_suction_pressure:
            raise ValueError(
                f"minimum_suction_pressure {self.minimum_suction_pressure / BAR:g} bar lies above "
                f"rated_suction_pressure {self.rated_suction_pressure / BAR:g} bar"
            )
        if self.rated_suction_pressure >= self.maximum_discharge_pressure:
            raise ValueError(
                f"rated_suction_pressure {self.rated_suction_pressure / BAR:g} bar does not lie below "
                f"maximum_discharge_pressure {self.maximum_discharge_pressure / BAR:g} bar"
            )
        return self


class BankCost(Configuration):
    """Cost of pressure vessels per mass that they hold at their rated pressure."""

    capital: CostPerMass
    operating: RatePerYear


FLOWS_PER_CAPACITY = {  # old keys of what stores hydrogen, and what states the same
    "maximum_filling": "it is `filling_per_capacity`, such as 8 %/hour",
    "maximum_withdrawal": "it is `withdrawal_per_capacity`, such as 8 %/hour",
}


class Bank(SourcedConfiguration):
    """Pressure vessels that are filled and emptied together; pressures are absolute.

    Filling and withdrawal are limited per mass that they hold at their rated pressure, so that they grow with the
    volume.
    """

    RENAMED: ClassVar[dict[str, str]] = FLOWS_PER_CAPACITY

    volume: Volume
    temperature: Temperature
    maximum_pressure: Pressure
    minimum_pressure: Pressure
    initial_pressure: Pressure
    filling_per_capacity: RatePerSecond
    withdrawal_per_capacity: RatePerSecond
    cost: BankCost

    @model_validator(mode="after")
    def _pressures_in_order(self) -> "Bank":
        temperate("temperature", self.temperature)
        for name in ("minimum_pressure", "initial_pressure", "maximum_pressure"):
            in_table(name, getattr(self, name))
        if self.minimum_pressure >= self.maximum_pressure:
            raise ValueError(
                f"minimum_pressure {self.minimum_pressure / BAR:g} bar does not lie below "
                f"maximum_pressure {self.maximum_pressure / BAR:g} bar"
            )
        if self.initial_pressure > self.maximum_pressure:
            raise ValueError(
                f"initial_pressure {self.initial_pressure / BAR:g} bar lies above the rating of "
                f"{self.maximum_pressure / BAR:g} bar"
            )
        if self.initial_pressure < self.minimum_pressure:
            raise ValueError(
                f"initial_pressure {self.initial_pressure / BAR:g} bar lies below minimum_pressure "
                f"{self.minimum_pressure / BAR:g} bar"
            )
        return self


class Cascade(Configuration):
    """Banks that are drawn from in their order, the first first, and filled in an order of their own."""

    banks: Annotated[tuple[Annotated[Bank, Component("hydrogen-bank")], ...], Field(strict=False, min_length=1)]
    filling_order: Annotated[tuple[int, ...], Field(strict=False)] | None = None
    drawing_order: Annotated[tuple[int, ...], Field(strict=False)] | None = None

    @model_validator(mode="after")
    def _orders_are_complete(self) -> "Cascade":
        numbers = list(range(1, len(self.banks) + 1))
        for name in ("filling_order", "drawing_order"):
            order = getattr(self, name)
            if order is not None and sorted(order) != numbers:
                raise ValueError(f"{name} is {list(order)}; expected each of the banks {numbers} once")
        return self

    def order(self, name: str) -> list[int]:
        """Return the banks, counted from 0, in the order of filling (the last first) or drawing (as listed)."""
        order = getattr(self, name)
        if order is not None:
            return [number - 1 for number in order]
        listed = list(range(len(self.banks)))
        return listed[::-1] if name == "filling_order" else listed


def _reached(name: str, pressure: float, supply: float, compressor: Compressor | None) -> float:
    """Return the pressure [Pa] that a supply reaches, with its compressor; refuse one that lies above it.

    Raises
    ------
    ValueError
        When `pressure`, which is called `name`, is not reached, or the supply is too low for the compressor.
    """
    reached = supply if compressor is None else compressor.maximum_discharge_pressure
    if pressure > reached * (1.0 + 1e-9):
        raise ValueError(
            f"{name} {pressure / BAR:g} bar lies above the {reached / BAR:g} bar that the "
            f"{'supply' if compressor is None else 'compressor'} reaches"
        )
    if compressor is not None and supply < compressor.minimum_suction_pressure:
        raise ValueError(
            f"supply_pressure {supply / BAR:g} bar lies below minimum_suction_pressure "
            f"{compressor.minimum_suction_pressure / BAR:g} bar of the compressor"
        )
    return float(reached)


class HydrogenStore(SourcedConfiguration):
    """Banks behind a compressor, between a supply and a demand at a pressure each."""

    supply_pressure: Pressure
    delivery_pressure: Pressure
    compressor: Annotated[Compressor, Component("hydrogen-compressor")] | None = None
    cascade: Cascade

    @model_validator(mode="after")
    def _pressures_are_reached(self) -> "HydrogenStore":
        in_table("supply_pressure", self.supply_pressure)
        in_table("delivery_pressure", self.delivery_pressure)
        reached = _reached("delivery_pressure", self.delivery_pressure, self.supply_pressure, self.compressor)
        for bank in self.cascade.banks:
            if bank.minimum_pressure > reached:
                raise ValueError(f"a bank's minimum_pressure lies above the {reached / BAR:g} bar that fills it")
            if bank.initial_pressure > reached * (1.0 + 1e-9):
                raise ValueError(
                    f"a bank's initial_pressure of {bank.initial_pressure / BAR:g} bar lies above the "
                    f"{reached / BAR:g} bar that fills it"
                )
        return self


class PipelineCost(Configuration):
    """Cost of a pipeline per length; its compressor has its own."""

    capital: CostPerLength
    operating: RatePerYear


class HydrogenPipeline(SourcedConfiguration):
    """A pipeline as a store of its own: what it holds between its pressures, and what friction lets through.

    A compressor at the inlet lifts hydrogen from the `supply_pressure`; without one nothing gets above that.
    """

    length: Length
    diameter: Length
    roughness: Length
    temperature: Temperature
    maximum_pressure: Pressure
    delivery_pressure: Pressure
    initial_pressure: Pressure
    supply_pressure: Pressure
    compressor: Annotated[Compressor, Component("hydrogen-compressor")] | None = None
    cost: PipelineCost

    @model_validator(mode="after")
    def _inlet_is_reached(self) -> "HydrogenPipeline":
        in_table("supply_pressure", self.supply_pressure)
        _reached("maximum_pressure", self.maximum_pressure, self.supply_pressure, self.compressor)
        return self

    @model_validator(mode="after")
    def _possible(self) -> "HydrogenPipeline":
        temperate("temperature", self.temperature)
        for name in ("delivery_pressure", "initial_pressure", "maximum_pressure"):
            in_table(name, getattr(self, name))
        if not self.delivery_pressure <= self.initial_pressure <= self.maximum_pressure:
            raise ValueError(
                f"initial_pressure {self.initial_pressure / BAR:g} bar must lie from delivery_pressure "
                f"{self.delivery_pressure / BAR:g} bar to maximum_pressure {self.maximum_pressure / BAR:g} bar"
            )
        if min(self.length, self.diameter) <= 0.0 or not 0.0 < self.roughness < 0.1 * self.diameter:
            raise ValueError("length and diameter must be above 0, roughness above 0 and below a tenth of the diameter")
        return self


class TubeTrailer(SourcedConfiguration):
    """Tube trailers that stand at the user, one after the other."""

    volume: Volume
    temperature: Temperature
    filling_pressure: Pressure
    residual_pressure: Pressure
    maximum_flow: MassFlow
    order_level: Fraction
    lead_time: Duration
    changeover_time: Duration
    cost_per_delivery: Money

    @model_validator(mode="after")
    def _possible(self) -> "TubeTrailer":
        temperate("temperature", self.temperature)
        for name in ("residual_pressure", "filling_pressure"):
            in_table(name, getattr(self, name))
        if self.residual_pressure >= self.filling_pressure:
            raise ValueError(
                f"residual_pressure {self.residual_pressure / BAR:g} bar does not lie below filling_pressure "
                f"{self.filling_pressure / BAR:g} bar"
            )
        if self.maximum_flow <= 0.0:
            raise ValueError("maximum_flow must be above 0")
        return self
