"""Installation campaigns: phases with their vessels and operations, each with its limits."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from testsite_sim.common.errors import nearest
from testsite_sim.configuration.base import Component, Configuration, SourcedConfiguration
from testsite_sim.configuration.quantities import Duration, Length, Money, Speed
from testsite_sim.configuration.vessel import Vessel, usually

TECHNICAL_STOPS = "technical stops"  # the operation that stands for what a vessel does not work besides weather


class Operation(Configuration):
    """One step of a trip.

    `place`: `load`, in port for each unit; `sail`, once a trip (duration from the distance where not given); `site`,
    at sea for each unit; `return`, once a trip. Without limits of its own it has those of its vessel; `sheltered`
    work in port has none. `daylight_only` restricts it to the campaign's working hours. The wind limit holds at
    `wind_limit_height`, that of the vessel where the operation states none.
    """

    name: str
    place: Literal["load", "sail", "site", "return"]
    duration: Duration | None = None
    wave_limit: Length | None = None
    wind_limit: Speed | None = None
    wind_limit_height: Length | None = None
    interruptible: bool = False
    sheltered: bool = False
    daylight_only: bool = False

    @model_validator(mode="after")
    def _takes_time(self) -> "Operation":
        if self.duration is None and self.place in ("load", "site"):
            raise ValueError(f"operation {self.name!r} in place {self.place!r} needs a duration")
        if self.duration is not None and self.duration <= 0.0:
            raise ValueError(f"operation {self.name!r}: duration must be above zero")
        if self.wind_limit_height is not None and self.wind_limit is None:
            raise ValueError(f"operation {self.name!r}: `wind_limit_height` belongs to a `wind_limit`")
        if self.wind_limit_height is not None and self.wind_limit_height <= 0.0:
            raise ValueError(f"operation {self.name!r}: wind_limit_height must be above zero")
        return self


class Phase(Configuration):
    """What one kind of vessel installs: a number of units, or one for each turbine.

    `delay` is the time from the campaign's start until the vessels are hired, `further_delay` that of all vessels but
    the first, where they join later.
    """

    vessel: Annotated[Vessel, Component("vessel")]
    number: int = Field(default=1, ge=1)
    units: int | None = Field(default=None, ge=1)
    after: Annotated[tuple[str, ...], Field(strict=False)] = ()
    delay: Duration = usually("0 day")
    further_delay: Duration | None = None
    equipment_cost: Money = usually("0 EUR")
    operations: Annotated[tuple[Operation, ...], Field(strict=False, min_length=1)]

    @model_validator(mode="after")
    def _in_order(self) -> "Phase":
        order = ["load", "sail", "site", "return"]
        places = [order.index(operation.place) for operation in self.operations]
        if places != sorted(places) or 2 not in places:
            raise ValueError("operations come in the order load, sail, site, return, with at least one at site")
        if self.further_delay is not None and self.number == 1:
            raise ValueError("`further_delay` is that of vessels beyond the first; `number` is 1")
        return self


class Installation(SourcedConfiguration):
    """A campaign from one port; the phases in an order in which each comes after those that it waits for."""

    port_distance: Length
    working_hours_begin: Duration = usually("6 hour")
    working_hours_length: Duration = usually("12 hour")
    start_month: int = Field(ge=1, le=12)
    start_day: int = Field(default=1, ge=1, le=28)
    phases: dict[str, Phase] = Field(min_length=1)

    @model_validator(mode="after")
    def _phases_follow(self) -> "Installation":
        earlier: list[str] = []
        for name, phase in self.phases.items():
            for before in phase.after:
                if before not in earlier:
                    raise ValueError(
                        f"phase {name!r} comes after {before!r}, which is not an earlier phase. "
                        f"{nearest(before, earlier)}"
                    )
            earlier.append(name)
        return self
