"""A store by mass: nothing depends on its pressure, so that it is four numbers, without isotherm, work and order."""

from typing import NamedTuple

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_part


class Tank(NamedTuple):
    """Limits of a store by mass [kg], and of what flows into it and out of it [kg/s]."""

    minimum: float
    capacity: float
    fill_limit: float
    draw_limit: float


@bare_part
def tank_gives(tank: Tank, mass: Floats, step: float) -> float:
    """Return what a store by mass gives at most in a step [kg]."""
    return max(min(mass[0] - tank.minimum, tank.draw_limit * step), 0.0)


@bare_part
def tank_takes(tank: Tank, mass: Floats, step: float) -> float:
    """Return what a store by mass takes at most in a step [kg]."""
    return min(max(tank.capacity - mass[0], 0.0), tank.fill_limit * step)


@bare_part
def fill_tank(tank: Tank, mass: Floats, requested: float, step: float) -> float:
    """Put up to `requested` [kg] into a store by mass within a step; return what it took [kg]."""
    amount = min(requested, tank_takes(tank, mass, step))
    if amount > 0.0:
        mass[0] = min(mass[0] + amount, tank.capacity)
    return amount


@bare_part
def draw_tank(tank: Tank, mass: Floats, requested: float, step: float) -> None:
    """Take up to `requested` [kg] from a store by mass within a step."""
    amount = min(min(requested, mass[0] - tank.minimum), tank.draw_limit * step)
    if amount > 0.0:
        mass[0] = max(mass[0] - amount, tank.minimum)
