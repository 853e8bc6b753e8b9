"""What an electrolysis plant of stacks is made of: cells, stacks and how they are run, auxiliaries, ageing."""

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, model_validator
from testsite_kernels.numerics.constants import WATER_PER_HYDROGEN, ZERO_CELSIUS

from testsite_sim.configuration.base import Component, Configuration, SourcedConfiguration
from testsite_sim.configuration.quantities import (
    AreaResistance,
    CurrentDensity,
    Duration,
    Fraction,
    HeatCapacity,
    Length,
    MolarEnergy,
    Number,
    PositiveNumber,
    Power,
    Pressure,
    RatePerSecond,
    SpecificEnergy,
    Temperature,
    Voltage,
    VoltagePerTemperature,
)

COLDEST, HOTTEST = ZERO_CELSIUS, ZERO_CELSIUS + 140.0  # liquid water, at the pressures of electrolysers [K]


class ButlerVolmer(Configuration):
    """Polarisation of a PEM cell; see `testsite_kernels.electrolysis.pem`."""

    reversible_voltage: Voltage
    reversible_slope: VoltagePerTemperature
    anode_pressure: Pressure
    cathode_pressure: Pressure
    anode_transfer: PositiveNumber
    cathode_transfer: PositiveNumber
    anode_exchange_current: CurrentDensity
    cathode_exchange_current: CurrentDensity
    anode_activation_energy: MolarEnergy
    cathode_activation_energy: MolarEnergy
    exchange_temperature: Temperature
    membrane_thickness: Length
    membrane_water_content: PositiveNumber | None = None
    resistance: AreaResistance
    limiting_current_density: CurrentDensity | None = None


class Ulleberg(Configuration):
    """Polarisation of an alkaline cell, coefficients for A/m² and °C; see `testsite_kernels.electrolysis.alkaline`."""

    reversible_voltage: Voltage
    r: Annotated[tuple[Number, ...], Field(strict=False, min_length=2, max_length=2)]
    s: Annotated[tuple[Number, ...], Field(strict=False, min_length=3, max_length=3)]
    t: Annotated[tuple[Number, ...], Field(strict=False, min_length=3, max_length=3)]


class Lye(Configuration):
    """Polarisation of an alkaline cell over potassium hydroxide by four fitted parameters.

    The exchange current density is exp(exchange_slope / T + exchange_offset) mA/cm², T in K.
    """

    path_length: Length
    transfer: PositiveNumber
    exchange_slope: Number
    exchange_offset: Number
    pressure: Pressure
    concentration: Fraction


class FaradayEfficiency(Configuration):
    """Share of the current that makes hydrogen: f2 j²/(f1 + j²), j in mA/cm²; f1, f2 at 0 °C and their slopes per K."""

    f1: PositiveNumber
    f1_slope: Number = 0.0
    f2: PositiveNumber
    f2_slope: Number = 0.0


CurrentRange = Annotated[tuple[CurrentDensity, ...], Field(strict=False, min_length=2, max_length=2)]
TemperatureRange = Annotated[tuple[Temperature, ...], Field(strict=False, min_length=2, max_length=2)]


class Measured(Configuration):
    """Where the points lie that a cell was fitted to, and how far it is from them.

    `error`: root mean square of the voltage over these points; `error_elsewhere`: over electrolysers that were not
    among them.
    """

    current_density: CurrentRange
    temperature: TemperatureRange
    error: Voltage
    error_elsewhere: Voltage | None = None

    @model_validator(mode="after")
    def _rises(self) -> "Measured":
        for name in ("current_density", "temperature"):
            low, high = getattr(self, name)
            if not low < high:
                raise ValueError(f"`{name}` must rise from the lowest to the highest value measured")
        return self


class ElectrolysisCell(SourcedConfiguration):
    """A cell: its polarisation by one of the models, its Faraday efficiency, where it is rated, what it was fitted to.

    A cell with `measured` is used outside these points with a warning only.
    """

    butler_volmer: ButlerVolmer | None = None
    ulleberg: Ulleberg | None = None
    lye: Lye | None = None
    faraday: FaradayEfficiency
    rated_current_density: CurrentDensity
    operating_temperature: Temperature
    measured: Measured | None = None

    @model_validator(mode="after")
    def _one_model(self) -> "ElectrolysisCell":
        found = [name for name in ("butler_volmer", "ulleberg", "lye") if getattr(self, name) is not None]
        if len(found) != 1:
            raise ValueError(
                f"expected one of `butler_volmer`, `ulleberg`, `lye`, found {' and '.join(found) or 'none of them'}"
            )
        if not COLDEST < self.operating_temperature <= HOTTEST:
            found_celsius = self.operating_temperature - COLDEST
            raise ValueError(f"operating_temperature must lie between 0 and 140 degC, found {found_celsius:g} degC")
        limit = None if self.butler_volmer is None else self.butler_volmer.limiting_current_density
        if limit is not None and limit <= self.rated_current_density:
            raise ValueError(
                f"limiting_current_density {limit:g} A/m² must exceed rated_current_density "
                f"{self.rated_current_density:g} A/m²"
            )
        return self


class Start(Configuration):
    """A start: how long, at which power (share of the stack's capacity); no hydrogen meanwhile."""

    cold_time: Duration
    hot_time: Duration
    power: Fraction


class Standby(Configuration):
    """Standing hot: at which power (share of the stack's capacity), how long at most."""

    power: Fraction
    longest: Duration


class Rectifier(Configuration):
    """Efficiency of the rectifier against its load; below the first load that of the first."""

    load: Annotated[tuple[PositiveNumber, ...], Field(strict=False, min_length=2)]
    efficiency: Annotated[tuple[Fraction, ...], Field(strict=False, min_length=2)]
    source: str

    @model_validator(mode="after")
    def _rises(self) -> "Rectifier":
        if len(self.load) != len(self.efficiency):
            raise ValueError(f"efficiency has {len(self.efficiency)} values for {len(self.load)} loads")
        if any(b <= a for a, b in pairwise(self.load)) or self.load[-1] < 1.0:
            raise ValueError(f"load must rise to 1 or more, found {[float(load) for load in self.load]}")
        if min(self.efficiency) <= 0.0:
            raise ValueError("efficiency must lie above 0")
        return self


class Auxiliaries(Configuration):
    """What a stack draws in addition to its DC power while it runs."""

    rectifier: Rectifier
    circulation: Fraction  # of the stack's capacity: pumps and control
    drying: SpecificEnergy  # per hydrogen: purification and drying
    cooling: Fraction  # per heat of the stack: fans and pumps
    water: PositiveNumber  # [kg/kg]

    @model_validator(mode="after")
    def _enough_water(self) -> "Auxiliaries":
        if self.water < WATER_PER_HYDROGEN:
            raise ValueError(
                f"water is {self.water:g} kg per kg of hydrogen; the reaction alone takes {WATER_PER_HYDROGEN:.3f}"
            )
        return self


class Thermal(Configuration):
    """Lumped thermal model of a stack: heat capacity, time in which it cools down to 37 % above its surroundings."""

    heat_capacity: HeatCapacity
    time_constant: Duration
    ambient: Temperature


class GasPurity(Configuration):
    """Hydrogen in the oxygen: at rated current, and the highest allowed; the flow across is the same at all loads."""

    at_rated: Fraction
    highest: Fraction


class EndOfLife(Configuration):
    """When a stack is replaced: at a rise of the cell voltage, or at a loss of efficiency at the rated current."""

    voltage_rise: Voltage | None = None
    efficiency_loss: Fraction | None = None

    @model_validator(mode="after")
    def _one(self) -> "EndOfLife":
        if (self.voltage_rise is None) == (self.efficiency_loss is None):
            raise ValueError("expected one of `voltage_rise` and `efficiency_loss`")
        if 0.0 in (self.voltage_rise, self.efficiency_loss):
            raise ValueError("must lie above 0: a new stack would be worn")
        return self


class ElectrolysisAgeing(Configuration):
    """Rise of the cell voltage: per voltage and time, per voltage of load cycles, per stop."""

    steady: RatePerSecond
    cycling: PositiveNumber
    switching: Voltage
    end_of_life: EndOfLife


Sharing = Literal["equal", "sequential", "rotating", "best-efficiency"]


class ElectrolysisStacks(SourcedConfiguration):
    """A plant of equal stacks; capacity and loads at the AC terminals, with auxiliaries."""

    cell: Annotated[ElectrolysisCell, Component("electrolysis-cell")]
    stacks: Annotated[int, Field(ge=1, le=1000)]
    stack_capacity: Power
    cells_per_stack: Annotated[int, Field(ge=1, le=10000)]
    sharing: Sharing
    rotation_period: Duration | None = None
    minimum_load: Fraction
    maximum_load: PositiveNumber
    ramp_up: RatePerSecond | None = None
    ramp_down: RatePerSecond | None = None
    start: Start
    standby: Standby | None = None
    auxiliaries: Auxiliaries
    thermal: Thermal | None = None
    gas_purity: GasPurity | None = None
    ageing: ElectrolysisAgeing | None = None

    @property
    def capacity(self) -> float:
        """AC capacity of the plant [W]."""
        return float(self.stacks * self.stack_capacity)

    def resized(self, capacity: float) -> "ElectrolysisStacks":
        """Return a plant of another capacity [W]: as many stacks, each larger or smaller with what belongs to it."""
        factor = capacity / self.capacity
        changed: dict[str, object] = {"stack_capacity": float(self.stack_capacity) * factor}
        if self.thermal is not None:
            heat_capacity = float(self.thermal.heat_capacity) * factor
            changed["thermal"] = self.thermal.model_copy(update={"heat_capacity": heat_capacity})
        return self.model_copy(update=changed)

    @model_validator(mode="after")
    def _possible(self) -> "ElectrolysisStacks":
        if self.stack_capacity <= 0.0:
            raise ValueError("stack_capacity must lie above 0")
        if self.maximum_load < 1.0 or self.maximum_load > 3.0:
            raise ValueError(f"maximum_load must lie between 1 (no overload) and 3, found {self.maximum_load:g}")
        if not 0.0 < self.minimum_load < 1.0:
            raise ValueError(f"minimum_load must lie between 0 and 1, found {self.minimum_load:g}")
        hot = 0.0 if self.standby is None else self.standby.power
        for name, power in (("start.power", self.start.power), ("standby.power", hot)):
            if power > self.minimum_load:
                raise ValueError(
                    f"{name} {power:g} lies above minimum_load {self.minimum_load:g}: a stack would draw more power "
                    "without hydrogen than with it"
                )
        evens = self.sharing in ("rotating", "best-efficiency")
        if evens != (self.rotation_period is not None):
            raise ValueError(f"sharing {self.sharing!r} {'wants a' if evens else 'takes no'} `rotation_period`")
        for name, ramp in (("ramp_up", self.ramp_up), ("ramp_down", self.ramp_down)):
            if ramp == 0.0:
                raise ValueError(f"{name} must lie above 0; leave it out for no limit")
        thermal = self.thermal
        if thermal is not None:
            if not COLDEST <= thermal.ambient < self.cell.operating_temperature:
                raise ValueError("thermal.ambient must lie between 0 degC and the cell's operating_temperature")
            if thermal.time_constant <= 0.0:
                raise ValueError("thermal.time_constant must lie above 0")
        if self.gas_purity is not None and not 0.0 < self.gas_purity.at_rated < self.gas_purity.highest < 0.04:
            raise ValueError(
                "gas_purity wants 0 < at_rated < highest < 0.04, the lower explosion limit; found "
                f"{self.gas_purity.at_rated:g} and {self.gas_purity.highest:g}"
            )
        return self
