"""The roadmap of the cluster: who does what after what, and how long it takes."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from testsite_sim.common.errors import nearest
from testsite_sim.configuration.base import Configuration, SourcedConfiguration
from testsite_sim.configuration.quantities import Unit, Years

CalendarYear = Annotated[float, Unit("", "a year", "2013", 1990.0, 2100.0)]
Participant = Literal["government", "industry", "knowledge"]


class Step(Configuration):
    """A step of the roadmap: it begins when all those before it have ended."""

    leads: Participant
    takes_part: Annotated[tuple[Participant, ...], Field(strict=False)] = ()
    after: Annotated[tuple[str, ...], Field(strict=False)] = ()
    duration: Years


class Roadmap(SourcedConfiguration):
    """Steps in an order in which each stands after those that it waits for.

    The test site opens with the end of the step `opens`; the fund may invest from the end of the step `gate` on.
    """

    start: CalendarYear
    steps: Annotated[dict[str, Step], Field(min_length=1)]
    gate: str
    opens: str

    @model_validator(mode="after")
    def _steps_follow_each_other(self) -> "Roadmap":
        before: list[str] = []
        for name, step in self.steps.items():
            for earlier in step.after:
                if earlier not in before:
                    raise ValueError(
                        f"{name} waits for {earlier!r}, which stands not before it. {nearest(earlier, before)}"
                    )
            before.append(name)
        for key in ("gate", "opens"):
            if getattr(self, key) not in self.steps:
                raise ValueError(
                    f"{key}: there is no step {getattr(self, key)!r}. {nearest(getattr(self, key), before)}"
                )
        return self
