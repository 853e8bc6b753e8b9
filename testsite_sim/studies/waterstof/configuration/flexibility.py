"""Flexibility for renewable electricity: who could give it, what the grid pays for it."""

from typing import Annotated

from pydantic import Field

from testsite_sim.configuration.base import Configuration, Seed
from testsite_sim.configuration.quantities import (
    CostPerPower,
    EnergyPrice,
    Fraction,
    HydrogenPrice,
    Power,
    RatePerYear,
    Unit,
    Years,
)


class FlexibleBattery(Configuration):
    """A battery as the grid buys it: cells that hold its power for `duration`, and a converter."""

    duration: Annotated[float, Unit("s", "a duration", "2 hour", 0.0, above=True)]
    round_trip: Annotated[float, Unit("", "an efficiency", "0.9", 0.0, 1.0, above=True)]
    converter: CostPerPower
    life: Years
    operating: RatePerYear


class Interconnector(Configuration):
    """A line to another country; `room` is the part of the time in which it has room for imbalances."""

    capital: CostPerPower
    life: Years
    operating: RatePerYear
    room: Fraction


class Flexible(Configuration):
    """What is valued of flexibility.

    `scenario` of the chain gives electrolyser, fuel cell, imbalance, forecast, reserves and climate; `weather_years`
    are generated. `hydrogen_worth` is what a customer pays at the gate of a plant, `reserve_price` what is paid for a
    power kept ready, `reserve_volume` how much the grid asks for, `reference_wind` the offshore wind of the years
    of the ladder, `error_left` the part of the forecast error of the day before that is left when it is settled.
    """

    scenario: str
    weather_years: Annotated[int, Field(ge=1, le=10)] = 2
    seed: Seed = 1
    hydrogen_worth: HydrogenPrice
    reserve_price: EnergyPrice
    reserve_volume: Power
    reference_wind: Power
    error_left: Fraction
    battery: FlexibleBattery
    interconnector: Interconnector
