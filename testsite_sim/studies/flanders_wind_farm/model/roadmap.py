"""The dates of the roadmap: every step begins when those that it waits for have ended."""

from dataclasses import dataclass

import numpy as np
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.studies.flanders_wind_farm.configuration.roadmap import Roadmap
from testsite_sim.studies.flanders_wind_farm.model.market import highest
from testsite_sim.studies.framework.uncertainty import Values


@dataclass(frozen=True)
class Dates:
    """When the steps of a roadmap begin and end, calendar years."""

    begin: Floats  # (member, step)
    end: Floats  # (member, step)
    gate: Floats  # from when on the fund may invest (member,)
    construction: Floats  # of the test site, begin (member,)
    opening: Floats  # of the test site (member,)


def step_dates(roadmap: Roadmap, value: Values, start: Floats, path: str = "roadmap") -> Dates:
    """Return the dates of every step of a roadmap that starts in a year, (member,)."""
    names = list(roadmap.steps)
    begin, end = np.empty((2, start.size, len(names)))
    for column, (name, step) in enumerate(roadmap.steps.items()):
        ends = [end[:, names.index(earlier)] for earlier in step.after]
        begin[:, column] = np.max([start, *ends], axis=0)
        end[:, column] = begin[:, column] + value(f"{path}.steps.{name}.duration")
    gate, opens = names.index(roadmap.gate), names.index(roadmap.opens)
    return Dates(begin, end, end[:, gate], begin[:, opens], end[:, opens])


def latest_opening(roadmap: Roadmap, start: float) -> float:
    """Return the latest year in which the test site can open, by the ranges of the steps."""
    ends: dict[str, float] = {}
    for name, step in roadmap.steps.items():
        ends[name] = max([highest(start), *(ends[earlier] for earlier in step.after)]) + highest(step.duration)
    return ends[roadmap.opens]
