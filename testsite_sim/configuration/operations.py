"""How much of the fleet's power reaches the connection, and what is done at sea."""

from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from testsite_sim.common.errors import nearest
from testsite_sim.configuration.base import Component, Configuration, Seed, refuse_all, unused_of
from testsite_sim.configuration.berths import OffshoreTestSite
from testsite_sim.configuration.climate import Climate
from testsite_sim.configuration.installation import Installation
from testsite_sim.configuration.maintenance import Maintenance
from testsite_sim.configuration.quantities import (
    Duration,
    EnergyPrice,
    Fraction,
    Length,
    RatePerYear,
    Speed,
)
from testsite_sim.configuration.turbine import TurbineConfiguration
from testsite_sim.configuration.vessel import usually
from testsite_sim.configuration.weather_climate import WeatherClimate
from testsite_sim.configuration.wind import Electrical, Losses


class SeaSource(Configuration):
    """Wind and waves of many years: a packaged record by name, or years generated of a climate with waves."""

    record: str | None = None
    climate: Annotated[WeatherClimate, Component("climate")] | None = None
    years: int | None = Field(default=None, ge=1, le=100)

    @model_validator(mode="after")
    def _one_sea(self) -> "SeaSource":
        if (self.record is None) == (self.climate is None):
            raise ValueError("expected either `record`, a name, or `climate` with `years`, one of them")
        if (self.climate is None) != (self.years is None):
            raise ValueError("`years` are those generated of a `climate`; state both of them, or a `record`")
        if self.climate is not None and self.climate.waves is None:
            raise ValueError(
                f"climate {self.climate.title!r} has no waves; expected one with them, such as flemish-site"
            )
        return self


class LimitSweep(Configuration):
    """Limits of one operation of one way of installing, to be varied."""

    campaign: str
    phase: str
    operation: str
    wind_limits: Annotated[tuple[Speed, ...], Field(strict=False, min_length=1)]
    wave_limits: Annotated[tuple[Length, ...], Field(strict=False, min_length=1)]


class WeatherWindows(Configuration):
    """For which lengths of work, within which limits, weather windows are counted."""

    durations: Annotated[tuple[Duration, ...], Field(strict=False, min_length=1)]
    wave_limit: Length
    wind_limit: Speed
    wind_limit_height: Length = usually("100 m")


class FleetValue(Configuration):
    """The commercial fleet that starts better because its design was tested: what it is, what its energy is worth."""

    maintenance: Annotated[Maintenance, Component("maintenance")]
    turbine: Annotated[TurbineConfiguration, Component("turbine")]
    turbines: int = Field(ge=1, le=1000)
    mature_failure_rate: RatePerYear
    price: EnergyPrice
    years: int = Field(ge=1, le=10)
    members: int = Field(ge=1, le=10_000)

    @model_validator(mode="after")
    def _fails_at_all(self) -> "FleetValue":
        if not self.mature_failure_rate > 0.0:
            raise ValueError("mature_failure_rate must be above zero: the other rates are shares of it")
        return self


class Campaigns(SeaSource):
    """Strategies of installation, each simulated from every year of a record with waves, or of generated years.

    `seed` is that of the generated years.
    """

    RENAMED: ClassVar[dict[str, str]] = {"ways": "strategies of installation are `strategies`"}

    seed: Seed | None = None
    turbines: int = Field(ge=1, le=1000)
    strategies: Annotated[dict[str, Annotated[Installation, Component("installation")]], Field(min_length=1)]
    sweep: LimitSweep | None = None
    windows: WeatherWindows | None = None

    @model_validator(mode="after")
    def _sweep_is_known(self) -> "Campaigns":
        if (self.seed is None) != (self.climate is None):
            raise ValueError("`seed` is that of the years generated of a `climate`; state both of them, or none")
        if self.sweep is not None and self.sweep.campaign not in self.strategies:
            raise ValueError(
                f"sweep: there is no strategy {self.sweep.campaign!r}; expected one of {', '.join(self.strategies)}"
            )
        if self.sweep is not None:
            phases = self.strategies[self.sweep.campaign].phases
            if self.sweep.phase not in phases:
                raise ValueError(f"sweep: there is no phase {self.sweep.phase!r}. {nearest(self.sweep.phase, phases)}")
            names = [operation.name for operation in phases[self.sweep.phase].operations]
            if self.sweep.operation not in names:
                raise ValueError(
                    f"sweep: phase {self.sweep.phase!r} has no operation {self.sweep.operation!r}. "
                    f"{nearest(self.sweep.operation, names)}"
                )
        return self


class Certification(SeaSource):
    """The berths of a test site, their prototypes and the measurements asked of them, on a record with waves."""

    RENAMED: ClassVar[dict[str, str]] = {"site": "the berths and what is asked of them are `test_site`"}

    test_site: Annotated[OffshoreTestSite, Component("test-site")]
    prototype: Annotated[TurbineConfiguration, Component("turbine")] | None = None
    fleet: FleetValue | None = None
    members: int = Field(ge=1, le=100_000)
    seed: Seed


class MaintenanceBase(Configuration):
    """Farms that are maintained by themselves, from a base or a vessel at sea of their own."""

    farms: Annotated[tuple[str, ...], Field(strict=False, min_length=1)]
    maintenance: Annotated[Maintenance, Component("maintenance")]


class Operations(Configuration):
    """What keeps turbines from giving their power: a constant availability, or simulated maintenance; then the cables.

    `climate` makes the waves where the weather record has none; `seed` is that of failures and waves. `losses` are
    those of the turbines that are not simulated; the electrical ones are a constant share, or grow with the load.
    `bases` are farms with people and vessels of their own; `maintenance` is that of all others.

    `burn_in` is for how long failures and repairs are simulated before the weather record, on its own weather, and
    nothing is counted: a fleet in service begins with turbines that stand still and jobs that wait. `0 day`: it is new.
    """

    availability: Fraction | None = None
    maintenance: Annotated[Maintenance, Component("maintenance")] | None = None
    bases: dict[str, MaintenanceBase] = Field(default_factory=dict)
    climate: Annotated[Climate, Component("climate")] | None = None
    seed: Seed | None = None
    burn_in: Duration = usually("730 day")
    electrical_loss: Fraction | None = None
    electrical: Electrical | None = None
    losses: Losses = Losses()
    installation: Campaigns | None = None
    certification: Certification | None = None

    @model_validator(mode="after")
    def _one_of_each(self) -> "Operations":
        faults = []
        if (self.electrical_loss is None) == (self.electrical is None):
            faults.append("expected either `electrical_loss`, a constant share, or `electrical`, one of them")
        if (self.availability is None) == (self.maintenance is None):
            faults.append("expected either `availability` or `maintenance`, one of them")
        elif self.maintenance is None and (self.climate is not None or self.seed is not None):
            faults.append("`climate` and `seed` belong to `maintenance`; leave them out without it")
        elif self.maintenance is not None and self.seed is None:
            faults.append("`maintenance` wants a `seed`, for example 1")
        if self.maintenance is None:
            faults += unused_of(self, ("burn_in",), "`maintenance`")
        if self.bases and self.maintenance is None:
            faults.append(
                "`bases` belong to `maintenance`, which is that of all other farms; state it, or leave them out"
            )
        farms = [farm for base in self.bases.values() for farm in base.farms]
        faults += [
            f"bases: two are to serve {farm!r}; leave one out" for farm in dict.fromkeys(farms) if farms.count(farm) > 1
        ]
        refuse_all(faults)
        return self
