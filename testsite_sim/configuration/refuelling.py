"""A hydrogen refuelling station and the fleets that come to it."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from testsite_sim.configuration.base import Component, Configuration, SourcedConfiguration, refuse_ranges_of_shares
from testsite_sim.configuration.quantities import (
    Duration,
    Fraction,
    Mass,
    MassFlow,
    Money,
    PositiveNumber,
    Power,
    Pressure,
    RatePerYear,
    Temperature,
)
from testsite_sim.configuration.storage import BAR, Bank, Cascade, Compressor, in_table, temperate


class Dispensers(Configuration):
    """Hoses that fill one vehicle each."""

    number: Annotated[int, Field(ge=1, le=50)]
    maximum_flow: MassFlow
    connection_time: Duration
    cost: Money


class Precooling(Configuration):
    """What cools the gas before the hose."""

    temperature: Temperature
    coefficient_of_performance: PositiveNumber
    standing_power: Power


class StationCost(Configuration):
    """What the station costs in addition to compressors, vessels and dispensers, and what all of it costs a year."""

    other_capital: Money
    operating: RatePerYear


class RefuellingStation(SourcedConfiguration):
    """Supply, buffer, compressor, cascade, pre-cooling, dispensers."""

    nominal_pressure: Pressure
    supply_pressure: Pressure
    booster: Annotated[Compressor, Component("hydrogen-compressor")] | None = None
    buffer: Annotated[Bank, Component("hydrogen-bank")]
    compressor: Annotated[Compressor, Component("hydrogen-compressor")]
    cascade: Cascade
    pressure_margin: Pressure
    restart_level: Fraction
    dispensers: Dispensers
    precooling: Precooling | None = None
    auxiliary_power: Power
    inner_step: Duration
    cost: StationCost

    @model_validator(mode="after")
    def _parts_fit(self) -> "RefuellingStation":
        for name in ("nominal_pressure", "supply_pressure"):
            in_table(name, getattr(self, name))
        highest = max(bank.maximum_pressure for bank in self.cascade.banks)
        if highest > self.compressor.maximum_discharge_pressure:
            raise ValueError(
                f"a bank's maximum_pressure {highest / BAR:g} bar lies above the "
                f"{self.compressor.maximum_discharge_pressure / BAR:g} bar that the compressor reaches"
            )
        if highest <= self.nominal_pressure:
            raise ValueError(
                f"the highest bank holds {highest / BAR:g} bar, not more than the {self.nominal_pressure / BAR:g} bar "
                "of the vehicles"
            )
        if self.compressor.minimum_suction_pressure > self.buffer.maximum_pressure:
            raise ValueError("the compressor's minimum_suction_pressure lies above the buffer's maximum_pressure")
        if self.booster is None and self.supply_pressure <= self.compressor.minimum_suction_pressure:
            raise ValueError(
                f"supply_pressure {self.supply_pressure / BAR:g} bar does not lie above the compressor's "
                f"minimum_suction_pressure {self.compressor.minimum_suction_pressure / BAR:g} bar; add a booster"
            )
        if self.booster is not None and self.booster.maximum_discharge_pressure < self.buffer.maximum_pressure:
            raise ValueError("the booster does not reach the buffer's maximum_pressure")
        if not 1.0 <= self.inner_step <= 600.0:
            raise ValueError(f"inner_step of {self.inner_step:g} s lies outside 1 s to 10 min")
        if self.dispensers.maximum_flow <= 0.0:
            raise ValueError("dispensers.maximum_flow must be above 0")
        if self.precooling is not None:
            temperate("precooling.temperature", self.precooling.temperature)
            if self.precooling.coefficient_of_performance <= 0.0:
                raise ValueError("precooling.coefficient_of_performance must be above 0")
        return self


class VehicleFleet(SourcedConfiguration):
    """Vehicles that come to a station: how many, how often, when (by a timetable, or at random), and for how much."""

    vehicles: Annotated[int, Field(ge=0, le=100_000)]
    tank_mass: Mass
    nominal_pressure: Pressure
    maximum_flow: MassFlow
    filling_temperature: Temperature
    refuelled_mass: Mass
    refuelled_spread: Fraction
    refuellings_per_day: PositiveNumber
    arrivals: Literal["timetable", "random"]
    hourly_share: Annotated[tuple[PositiveNumber, ...], Field(strict=False, min_length=24, max_length=24)]
    daily_share: Annotated[tuple[PositiveNumber, ...], Field(strict=False, min_length=7, max_length=7)]
    patience: Duration

    @model_validator(mode="after")
    def _possible(self) -> "VehicleFleet":
        in_table("nominal_pressure", self.nominal_pressure)
        temperate("filling_temperature", self.filling_temperature)
        if min(self.tank_mass, self.maximum_flow, self.refuelled_mass) <= 0.0:
            raise ValueError("tank_mass, maximum_flow and refuelled_mass must be above 0")
        most = self.refuelled_mass * (1.0 + self.refuelled_spread)
        if most > self.tank_mass * (1.0 + 1e-9):
            raise ValueError(
                f"refuelled_mass with its spread reaches {most:g} kg; the tank holds {self.tank_mass:g} kg"
            )
        total = sum(self.hourly_share)
        if abs(total - 1.0) > 1e-6:
            raise ValueError(f"hourly_share must add up to 1, found {total:.6g}")
        refuse_ranges_of_shares("hourly_share", self.hourly_share)
        return self
