"""What the money side of a run assumes."""

from math import ceil
from typing import Annotated, Literal

from pydantic import Field, field_validator

from testsite_sim.configuration.base import Configuration, SourcedConfiguration
from testsite_sim.configuration.quantities import (
    CostPerPower,
    CostPerPowerYear,
    Fraction,
    HydrogenPrice,
    Years,
)


class WindCost(Configuration):
    """Cost of the wind fleet per installed power.

    `operating` is all that a year of operation costs. Where maintenance is simulated, its cost and `other_operating`,
    what a year costs besides (insurance, concession, control room, grid), replace `operating`.
    """

    capital: CostPerPower
    operating: CostPerPowerYear | None = None
    other_operating: CostPerPowerYear | None = None

    def yearly(self, power: float, maintenance: float | None) -> float:
        """Return the operating cost of a year [EUR] of a power [W], with the cost of simulated maintenance or none."""
        if maintenance is None:
            return float(self.operating or 0.0) * power
        return float(self.other_operating or 0.0) * power + maintenance


class Economics(SourcedConfiguration):
    """Lifetime, discount rate, prices and the cost of the fleet, if there is one; machines carry their own costs.

    `price_year` is the year whose euros all amounts are: costs and prices are taken as they are stated, none is
    inflated. `salvage` is the share of what was invested that comes back at the end of the life. A period that is not a
    whole year has no annual amounts, unless `scale_to_year` says how it stands for one: `by-climate`, its intervals
    counted by how often their wind occurs in the whole record, or `by-repetition`, over and over. `lifetime` is a whole
    number of years; one that an ensemble draws from its range is rounded to the nearest. `hydrogen_price` is that of a
    plant that sells or stores hydrogen; `electricity_valuation`, what the electricity of its electrolysers and of the
    compressor of its store would have earned, is stated with these.
    """

    title: str = "economics of the scenario"
    lifetime: Years
    discount_rate: Fraction
    wind: WindCost | None = None
    hydrogen_price: HydrogenPrice | None = None
    electricity_valuation: Literal["day-ahead", "levelised-cost"] | None = None
    price_year: Annotated[int, Field(ge=1990, le=2100)] | None = None
    salvage: Fraction | None = None
    scale_to_year: Literal["by-climate", "by-repetition"] | None = None

    @field_validator("lifetime")
    @classmethod
    def _is_whole(cls, years: float) -> float:
        if years != round(years):
            raise ValueError(f"found {years:g} year; expected a whole number of years, for example {ceil(years)} year")
        return years
