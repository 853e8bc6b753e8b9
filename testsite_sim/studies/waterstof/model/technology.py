"""Experience curves: what a technology costs as more of it stands in the world."""

from dataclasses import dataclass

import numpy as np
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.studies.framework.calendar import Years
from testsite_sim.studies.framework.uncertainty import Values

TECHNOLOGIES = ("electrolyser", "fuel_cell", "station", "bus")


@dataclass(frozen=True)
class Experience:
    """What a technology costs, and how much of it stands in the world and is added in the year, (member, year)."""

    cost: Floats
    world: Floats
    added: Floats


def experience(value: Values, technology: str, horizon: str, reference_year: int, years: Years) -> Experience:
    """Return the experience curve of a technology over the years of a horizon.

    What stands in the world grows at a constant rate from the reference year; each doubling saves the learning rate.

    References
    ----------
    Wright (1936), Journal of the Aeronautical Sciences 3, 122-128.
    """
    path = f"technologies.{technology}.references.{horizon}"
    growth = (1.0 + value(f"{path}.growth"))[:, None] ** (years - reference_year)
    world = value(f"{path}.world")[:, None] * growth
    saved = (1.0 - value(f"technologies.{technology}.learning_rate"))[:, None]
    cost = value(f"{path}.cost")[:, None] * saved ** np.log2(growth)
    return Experience(cost, world, world * (1.0 - 1.0 / (1.0 + value(f"{path}.growth")))[:, None])
