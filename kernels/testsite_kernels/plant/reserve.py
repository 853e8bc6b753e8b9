"""Activation of reserved power in one interval: modules that are kept out of dispatch answer the grid's order.

Modules of the fuel cells answer an order for more power (up), modules of the electrolysers one for less (down). They
run at their rated performance, for the share of the interval that the order asks for. Their hydrogen comes from the
stores and goes into them in the order of dispatch, within the level and the rates of each, of which dispatch has had
its part. What the stores, the wind or the connection do not allow is not delivered.
"""

from testsite_kernels.electrolysis.stack import RUNNING
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_part
from testsite_kernels.numerics.sums import sum_of
from testsite_kernels.plant.machines import (
    ACTIVATED_DOWN,
    ACTIVATED_UP,
    COMPRESSOR,
    ELECTROLYSERS,
    EXPORTED,
    FUEL_CELLS,
    IMPORTED,
    PRODUCED,
    TO_FUEL_CELLS,
    Equipment,
    EquipmentState,
    Outside,
    Reserve,
    Running,
)
from testsite_kernels.storage.stores import draw_beyond, fill_beyond, note_through
from testsite_kernels.storage.tank import Tank


@bare_part
def begin_orders(equipment: Equipment | None, carried: EquipmentState | None, mass: Floats, step: float) -> None:
    """Note what dispatch leaves of the compressors of the stores."""
    if equipment is None or carried is None:
        return
    if not equipment.has_tank:
        note_through(equipment.whole_stores, mass, carried.mass_before, step, carried.through)


@bare_part
def give_from_tank(tank: Tank, mass: Floats, flow: float, up: float, consumption: float, step: float) -> float:
    """Give up to a power `up` [W] from a store by mass that gained a `flow` in the interval [kg/s]; return it."""
    most = min((mass[0] - tank.minimum) / step, tank.draw_limit + flow)
    given = min(up, max(most, 0.0) / consumption)
    mass[0] = max(mass[0] - given * consumption * step, min(mass[0], tank.minimum))
    return given


@bare_part
def give(
    equipment: Equipment | None,
    carried: EquipmentState | None,
    tank: Tank,
    mass: Floats,
    flow: float,
    up: float,
    consumption: float,
    step: float,
) -> float:
    """Give up to a power `up` [W] by fuel-cell modules, of a `consumption` [kg/J], after dispatch; return it.

    Dispatch gave the stores a `flow` [kg/s].
    """
    if equipment is None or carried is None:
        return give_from_tank(tank, mass, flow, up, consumption, step)
    if equipment.has_tank:
        return give_from_tank(tank, mass, flow, up, consumption, step)
    requested = up * consumption * step
    given = draw_beyond(equipment.whole_stores, mass, carried.mass_before, carried.pressure, requested, step)
    return up if given == requested else given / (consumption * step)


@bare_part
def take_in_tank(tank: Tank, mass: Floats, flow: float, down: float, production: float, step: float) -> float:
    """Take what a power up to `down` [W] makes into a store by mass that gained a `flow` [kg/s]; return the power."""
    room = min((tank.capacity - mass[0]) / step, tank.fill_limit - flow)
    taken = min(down, max(room, 0.0) / production)
    mass[0] = min(mass[0] + taken * production * step, max(mass[0], tank.capacity))
    return taken


@bare_part
def take(
    equipment: Equipment | None,
    carried: EquipmentState | None,
    tank: Tank,
    mass: Floats,
    flow: float,
    down: float,
    production: float,
    supply: float,
    step: float,
) -> tuple[float, float]:
    """Take what electrolyser modules make of a power up to `down` [W], of a `production` [kg/J], after dispatch.

    They and the compressors of the stores have a `supply` [W]; dispatch and orders up gave the stores a `flow` [kg/s].

    Returns
    -------
    tuple
        The power of the modules and that of the compressors [W].
    """
    if equipment is None or carried is None:
        return take_in_tank(tank, mass, flow, min(down, supply), production, step), 0.0
    if equipment.has_tank:
        return take_in_tank(tank, mass, flow, min(down, supply), production, step), 0.0
    requested = down * production * step
    taken, work = fill_beyond(
        equipment.whole_stores,
        mass,
        carried.mass_before,
        carried.pressure,
        carried.through,
        requested,
        1.0 / production,
        supply * step,
        step,
    )
    return down if taken == requested else taken / (production * step), work / step


@bare_part
def count_of_stacks(carried: EquipmentState | None, step: float) -> None:
    """Count an interval to the running time of the stacks of the first electrolyser."""
    if carried is None:
        return
    stacks = carried.stacks[0]
    for s in range(stacks.shape[0]):
        stacks[s, RUNNING] += step


@bare_part
def count_activated(running: Running, of_fuel_cell: bool, of_electrolyser: bool) -> None:
    """Count the interval to the running time of a first machine that runs by an order alone."""
    if of_fuel_cell:
        running.block.events[0, 0] += running.step
    if of_electrolyser:
        running.state.curves[0, 0, RUNNING] += running.step
        count_of_stacks(running.state.equipment, running.step)


@bare_part
def activate(reserve: Reserve | None, running: Running, outside: Outside, before: float, i: int) -> None:
    """Answer the orders of an interval and add what is delivered to its row i, with the first machine of each kind.

    `before` [kg] is the content at the start of the interval.
    """
    if reserve is None:
        return
    if not reserve.is_kept:
        return
    plant, state, step = running.plant, running.state, running.step
    equipment, carried, tank, mass = plant.equipment, state.equipment, plant.whole_tank, state.mass
    rates = running.block.rates[i]
    of_electrolyser, of_fuel_cell = running.block.electrolysers[i, 0], running.block.fuel_cells[i, 0]
    sold, bought = rates[EXPORTED], rates[IMPORTED]
    up, down, compressed = outside.ordered_up, outside.ordered_down, 0.0
    begin_orders(equipment, carried, mass, step)
    flow = (sum_of(mass) - before) / step
    if up > 0.0:
        up = min(up, max(plant.export_limit - sold + bought, 0.0))
        up = give(equipment, carried, tank, mass, flow, up, reserve.consumption, step)
        flow -= up * reserve.consumption
    if down > 0.0:
        supply = max(sold - bought + up + plant.import_limit, 0.0)
        down, compressed = take(equipment, carried, tank, mass, flow, down, reserve.production, supply, step)
    count_activated(running, up > 0.0 and of_fuel_cell[0] <= 0.0, down > 0.0 and of_electrolyser[1] <= 0.0)
    net = sold - bought + up - down - compressed
    rates[ACTIVATED_UP], rates[ACTIVATED_DOWN] = up, down
    of_electrolyser[0] += down
    of_electrolyser[1] += down * reserve.production
    of_fuel_cell[0] += up
    of_fuel_cell[1] += up * reserve.consumption
    rates[ELECTROLYSERS] += down
    rates[FUEL_CELLS] += up
    rates[COMPRESSOR] += compressed
    rates[PRODUCED] += down * reserve.production
    rates[TO_FUEL_CELLS] += up * reserve.consumption
    rates[EXPORTED], rates[IMPORTED] = max(net, 0.0), max(-net, 0.0)
