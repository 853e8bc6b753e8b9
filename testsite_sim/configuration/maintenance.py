"""How a fleet is kept running: what fails, who repairs it, with which vessels and rules."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from testsite_sim.common.errors import nearest
from testsite_sim.common.units import DAY
from testsite_sim.configuration.base import Component, Configuration, SourcedConfiguration
from testsite_sim.configuration.quantities import (
    Duration,
    Fraction,
    Length,
    Money,
    PositiveNumber,
    RatePerYear,
)
from testsite_sim.configuration.vessel import Vessel, usually


class Task(Configuration):
    """A failure mode (with `rate` or `life`), or a scheduled task (with `every`), and the work that it takes.

    The vessel is a name among the `vessels`; none means a remote reset, which takes its duration wherever it is.
    `stops_turbine` says whether a failure stops the turbine until it is repaired; where not, it runs on until people
    come. While they work on it, it stands still, unless it `runs_during_work`. A scheduled task stops nothing before
    people come.
    """

    rate: RatePerYear | None = None
    weibull_shape: PositiveNumber = Field(default=1.0)
    life: Duration | None = None
    every: Duration | None = None
    first: Duration = usually("0 day")
    spread: Duration = usually("0 day")
    warning: Duration = usually("0 day")
    detected: Fraction = Field(default=0.0)
    stops_turbine: bool = True
    runs_during_work: bool = False
    duration: Duration
    technicians: int = Field(ge=1)
    parts: Money = usually("0 EUR")
    vessel: str | None = None
    priority: int = 1
    uninterrupted: bool = False

    @model_validator(mode="after")
    def _one_cause(self) -> "Task":
        causes = [name for name in ("rate", "life", "every") if getattr(self, name) is not None]
        if len(causes) != 1:
            raise ValueError(f"expected one of `rate`, `life`, `every`, found {causes or 'none'}")
        if self.every is not None and self.every <= 0.0:
            raise ValueError("`every` must be above zero")
        if self.life is not None and self.life <= 0.0:
            raise ValueError("`life` must be above zero")
        if self.weibull_shape <= 0.0:
            raise ValueError("`weibull_shape` must be above zero")
        if self.parts < 0.0:
            raise ValueError("`parts` must not be negative")
        if self.duration <= 0.0:
            raise ValueError("`duration` must be above zero")
        if self.every is not None and not self.stops_turbine:
            raise ValueError(
                "`stops_turbine: false` belongs to failures; a scheduled task stops the turbine only while people work "
                "on it, and not then with `runs_during_work: true`"
            )
        if self.runs_during_work and self.vessel is None:
            raise ValueError("`runs_during_work` belongs to work that a vessel brings people for")
        if self.warning > 0.0 and (self.every is not None or self.vessel is None):
            raise ValueError("a `warning` belongs to failures that a vessel repairs")
        return self


class ServiceFleet(Configuration):
    """A number of vessels of one class, and the pending jobs for which one of them is chartered."""

    vessel: Annotated[Vessel, Component("vessel")]
    number: int = Field(ge=0)
    charter_threshold: int = Field(default=1, ge=1)


class CrewRules(Configuration):
    """What crews may do in a shift; the published models differ most here.

    `technicians_shared`: the vessels that sail in a shift draw on all technicians for the jobs that wait, instead of
    having an equal share each. `minimum_window`: how long the weather must hold for a vessel to sail.
    """

    further_jobs_in_shift: bool = False
    turbines_per_vessel_and_shift: int = Field(default=31, ge=1, le=31)  # the bits of an integer
    minimum_work: Duration = usually("1 hour")
    minimum_window: Duration = usually("0 hour")
    sailings_per_vessel_and_shift: int = Field(default=1, ge=1)
    technicians_shared: bool = False


class Maintenance(SourcedConfiguration):
    """Maintenance of a fleet from one port.

    `clocks`: `operating`, a stopped turbine does not wear; or `calendar`, failures come at their rate whatever the
    state. `charters`: `until-finished`, a job begun is finished; or `fixed`, the vessel leaves at the end of its
    charter.
    """

    port_distance: Length
    shift_begin: Duration
    shift_length: Duration
    technicians: int = Field(ge=1)
    technician_cost: Money
    vessels: dict[str, ServiceFleet]
    tasks: dict[str, Task] = Field(min_length=1, max_length=64)
    crews: CrewRules = CrewRules()
    clocks: Literal["operating", "calendar"] = "operating"
    charters: Literal["until-finished", "fixed"] = "until-finished"

    @model_validator(mode="after")
    def _everything_is_served(self) -> "Maintenance":
        if self.shift_begin >= DAY or not 0.0 < self.shift_length <= DAY:
            raise ValueError("shift_begin lies within a day, shift_length is above zero and at most a day")
        for name, task in self.tasks.items():
            if task.vessel is None:
                continue
            if task.vessel not in self.vessels:
                raise ValueError(
                    f"task {name!r} wants vessel {task.vessel!r}, which is not among the vessels. "
                    f"{nearest(task.vessel, self.vessels)}"
                )
            served = self.vessels[task.vessel]
            if served.vessel.hire == "campaign":
                raise ValueError(f"task {name!r}: vessel {task.vessel!r} is hired for campaigns, not for maintenance")
        for name in self.vessels:
            if all(task.vessel != name for task in self.tasks.values()):
                raise ValueError(f"vessel {name!r} serves no task; remove it or name it in one")
        return self
