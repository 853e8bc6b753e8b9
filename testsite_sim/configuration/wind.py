"""How the flow through a farm is modelled, and how sure its energy is."""

from typing import Annotated

from pydantic import Field

from testsite_sim.configuration.base import Component, Configuration, SourcedConfiguration
from testsite_sim.configuration.farm import FarmConfiguration
from testsite_sim.configuration.quantities import Fraction, PositiveNumber, Speed


class EnergyUncertainty(SourcedConfiguration):
    """Standard uncertainties: of the wind speed, relative; of the loss to wakes, over it; of the energy, relative.

    `years` is over how many years the energy is meant, which evens out their variability.
    """

    wind_measurement: Fraction
    vertical_extrapolation: Fraction
    long_term: Fraction
    interannual: Fraction
    years: PositiveNumber
    wake_model: Fraction
    power_curve: Fraction
    other_losses: Fraction


class Wind(Configuration):
    """The wake model and the blockage by name; other farms whose wakes count; storms; how sure the energy is.

    `restart_below_cut_out`: after a storm a turbine starts again once the wind is so far below its cut-out.
    """

    wake_model: str
    blockage: str = "none"
    neighbours: Annotated[FarmConfiguration, Component("farm")] | None = None
    restart_below_cut_out: Speed | None = None
    uncertainty: Annotated[EnergyUncertainty, Component("energy-uncertainty")] | None = None


class Electrical(Configuration):
    """What cables and transformers lose: so much of the rated power always, and a part that grows with its square."""

    no_load: Fraction
    at_rated_power: Fraction


class Losses(Configuration):
    """Losses of the turbines that are not simulated: their performance, their surroundings, regulatory curtailment."""

    performance: Fraction = Field(default=0.0)
    environmental: Fraction = Field(default=0.0)
    curtailment: Fraction = Field(default=0.0)
