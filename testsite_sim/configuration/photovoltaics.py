"""Photovoltaic panels: how much, how they stand, what inverter and cables take, what they cost."""

from typing import Annotated

from pydantic import model_validator

from testsite_sim.configuration.base import Configuration, SourcedConfiguration
from testsite_sim.configuration.quantities import CostPerPower, Direction, Fraction, Power, RatePerYear, Unit

PerKelvinSigned = Annotated[float, Unit("1/K", "a change per temperature", "-0.4 %/K", -0.02, 0.0)]


class PhotovoltaicsCost(Configuration):
    """Cost of panels and inverters per power of the panels."""

    capital: CostPerPower
    operating: RatePerYear


class Photovoltaics(SourcedConfiguration):
    """Panels on a fixed tilt: `capacity` is their power in the standard test, `inverter_power` that on the AC side.

    `azimuth` is where they face, clockwise from north; `losses` are soiling, mismatch and cables.
    """

    capacity: Power
    inverter_power: Power
    tilt: Direction
    azimuth: Direction
    albedo: Fraction
    temperature_coefficient: PerKelvinSigned
    losses: Fraction
    inverter_efficiency: Fraction
    degradation: RatePerYear
    cost: PhotovoltaicsCost

    @model_validator(mode="after")
    def _possible(self) -> "Photovoltaics":
        if not 0.0 <= self.tilt <= 90.0:
            raise ValueError(f"tilt {self.tilt:g} degree; expected 0 (flat) to 90 degree (upright)")
        if self.inverter_efficiency <= 0.0:
            raise ValueError("inverter_efficiency must lie above 0")
        return self
