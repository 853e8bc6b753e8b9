"""A store by mass: one bank without a volume, so that nothing depends on its pressure.

The same as `banks` does for it, in a fraction of the time: no isotherm, no work, no order.
"""

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_part
from testsite_kernels.storage.banks import Banks


@bare_part
def tank_gives(tank: Banks, mass: Floats, step: float) -> float:
    """Return what a store by mass gives at most in a step [kg]."""
    return max(min(mass[0] - tank.minimum[0], tank.draw_limit[0] * step), 0.0)


@bare_part
def tank_takes(tank: Banks, mass: Floats, step: float) -> float:
    """Return what a store by mass takes at most in a step [kg]."""
    return min(max(tank.capacity[0] - mass[0], 0.0), tank.fill_limit[0] * step)


@bare_part
def fill_tank(tank: Banks, mass: Floats, requested: float, step: float) -> float:
    """Put up to `requested` [kg] into a store by mass within a step; return what it took [kg]."""
    amount = min(requested, tank_takes(tank, mass, step))
    if amount > 0.0:
        mass[0] = min(mass[0] + amount, tank.capacity[0])
    return amount


@bare_part
def draw_tank(tank: Banks, mass: Floats, requested: float, step: float) -> None:
    """Take up to `requested` [kg] from a store by mass within a step."""
    amount = min(min(requested, mass[0] - tank.minimum[0]), tank.draw_limit[0] * step)
    if amount > 0.0:
        mass[0] = max(mass[0] - amount, tank.minimum[0])
