"""How the flow through a farm is modelled, and how sure its energy is."""

from typing import Annotated

from pydantic import Field, model_validator

from testsite_sim.configuration.base import Component, Configuration, SourcedConfiguration
from testsite_sim.configuration.farm import FarmConfiguration
from testsite_sim.configuration.quantities import Fraction, PositiveNumber, Speed, Unit


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


class SpeedSpread(Configuration):
    """How far wind speeds stand about the one that is known: deviation² = constant² + (relative · speed)²."""

    constant: Speed = Field(default="0 m/s", validate_default=True)
    relative: Fraction = Field(default=0.0, validate_default=True)


class CurveAveraging(SourcedConfiguration):
    """Over which wind speeds a power curve is averaged, for records and fleets that are coarser than it.

    `within_interval`: of the ten minutes of a curve within an interval of the record. `between_places`: of the turbines
    about the place of the record. `curve_turbulence`: turbulence intensity at which the curves were published; they are
    carried from it to that of the location.
    """

    within_interval: SpeedSpread = SpeedSpread()
    between_places: SpeedSpread = SpeedSpread()
    curve_turbulence: Fraction | None = None

    @model_validator(mode="after")
    def _averages(self) -> "CurveAveraging":
        spreads = (self.within_interval, self.between_places)
        if self.curve_turbulence is None and not any(each.constant or each.relative for each in spreads):
            raise ValueError(
                "nothing is averaged: state `within_interval` or `between_places` above 0, or `curve_turbulence`, or "
                "leave `curve_averaging` out"
            )
        return self


class Wind(Configuration):
    """The wake model and the blockage by name; other farms whose wakes count; storms; how sure the energy is.

    `deflection`: how the wakes of turbines that are turned out of the wind are deflected, by name; left out, that of
    the wake model. `wake_loss`: factor on the power that wakes, neighbours and blockage take, 1 that of the models; its
    range is how wrong they may be. `restart_below_cut_out`: after a storm a turbine starts again once the wind is so
    far below its cut-out. `curve_averaging`: the power curves are means over what a record does not resolve.
    """

    wake_model: str
    deflection: str | None = None
    blockage: str = "none"
    wake_loss: Annotated[float, Unit("", "a factor from 0 to 2", "1.1", 0.0, 2.0)] = Field(default=1.0)
    neighbours: Annotated[FarmConfiguration, Component("farm")] | None = None
    restart_below_cut_out: Speed | None = None
    curve_averaging: Annotated[CurveAveraging, Component("curve-averaging")] | None = None
    uncertainty: Annotated[EnergyUncertainty, Component("energy-uncertainty")] | None = None


class Electrical(Configuration):
    """What cables and transformers lose: a share of the rated power always, and a part that grows with its square."""

    no_load: Fraction
    at_rated_power: Fraction


class Losses(Configuration):
    """Losses of the turbines that are not simulated: their performance, their surroundings, regulatory curtailment."""

    performance: Fraction = Field(default=0.0)
    environmental: Fraction = Field(default=0.0)
    curtailment: Fraction = Field(default=0.0)
