"""Activation of reserved power in one interval: modules that are kept out of dispatch answer the grid's order.

Modules of the fuel cell answer an order for more power (up), modules of the electrolyser one for less (down). They
run at their rated performance, for the share of the interval that the order asks for. What the tank, the wind or the
connection does not allow is not delivered.
"""

from typing import NamedTuple

from testsite_kernels.dispatch.plant import Plant
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import part

UP, DOWN = 0, 1


class Reserve(NamedTuple):
    """Orders `ordered`, shape (time, 2), up and down [W]; no rows: nothing is reserved.

    `production` [kg/J] and `consumption` [kg/J] are those of the modules; `tank_minimum`, `tank_capacity` [kg] the
    whole tank, of which dispatch leaves a part to them at both ends.
    """

    ordered: Floats
    production: float
    consumption: float
    tank_minimum: float
    tank_capacity: float


@part
def activate(
    plant: Plant, reserve: Reserve, t: int, step: float, before: float, level: float, sold: float, bought: float
) -> tuple[float, float, float]:
    """Return the power delivered up and down [W] and the tank content after it [kg].

    `before` and `level` [kg] are the contents at the start of the interval and after dispatch; `sold` and `bought`
    [W] what dispatch leaves at the connection.
    """
    up, down = reserve.ordered[t, UP], reserve.ordered[t, DOWN]
    flow = (level - before) / step
    if up > 0.0:
        content = min((level - reserve.tank_minimum) / step, plant.discharge_limit + flow)
        up = min(up, max(content, 0.0) / reserve.consumption, max(plant.export_limit - sold + bought, 0.0))
        level -= up * reserve.consumption * step
        flow -= up * reserve.consumption
    if down > 0.0:
        room = min((reserve.tank_capacity - level) / step, plant.charge_limit - flow)
        supply = sold - bought + up + plant.import_limit
        down = min(down, max(room, 0.0) / reserve.production, max(supply, 0.0))
        level += down * reserve.production * step
    level = min(max(level, reserve.tank_minimum), reserve.tank_capacity)
    return up, down, level
