"""Vessels that serve a fleet: crew transfer, field support, heavy lift, installation."""

from typing import Any, Literal

from pydantic import Field, model_validator

from testsite_sim.configuration.base import SourcedConfiguration
from testsite_sim.configuration.quantities import Duration, Fraction, Length, Money, Speed


def usually(text: str) -> Any:
    """Return the field whose default is a quantity as one would write it: it is read like the user's own text."""
    return Field(default=text)


class Vessel(SourcedConfiguration):
    """A vessel with its limits and prices.

    `hire` says how it is had: `crew` vessels are there all year and make one trip a day with technicians; `charter`
    vessels come for a time once there is enough work, after their mobilisation. Installation campaigns hire theirs
    for the whole campaign; in it they work for the share `technical_availability` of the time that the weather leaves
    them, the rest goes to technical stops and waiting for parts. `wind_limit` holds at `wind_limit_height`.
    """

    hire: Literal["crew", "charter", "campaign"]
    speed: Speed
    wave_limit: Length
    wind_limit: Speed | None = None
    wind_limit_height: Length = usually("100 m")
    technicians: int = Field(default=0, ge=0)
    transfer_duration: Duration = usually("15 min")
    day_rate: Money
    mobilisation_duration: Duration = usually("0 day")
    mobilisation_cost: Money = usually("0 EUR")
    charter_duration: Duration = usually("0 day")
    around_the_clock: bool = False
    capacity: int = Field(default=1, ge=1)
    technical_availability: Fraction = Field(default=1.0)

    @model_validator(mode="after")
    def _moves_and_stays(self) -> "Vessel":
        if self.speed <= 0.0:
            raise ValueError("speed must be above zero")
        if self.technical_availability <= 0.0:
            raise ValueError("technical_availability must be above zero")
        if self.wind_limit_height <= 0.0:
            raise ValueError("wind_limit_height must be above zero")
        if min(self.day_rate, self.mobilisation_cost) < 0.0:
            raise ValueError("day_rate and mobilisation_cost must not be negative")
        if self.hire != "campaign" and self.technicians < 1:
            raise ValueError("a vessel for maintenance needs technicians, or seats for them")
        if self.hire == "charter" and self.charter_duration <= 0.0:
            raise ValueError("a chartered vessel needs a charter_duration above zero")
        return self
