"""Activation of reserved power in one interval: modules that are kept out of dispatch answer the grid's order.

Modules of the fuel cells answer an order for more power (up), modules of the electrolysers one for less (down). They
run at their rated performance, for the share of the interval that the order asks for. What the store, the wind or the
connection does not allow is not delivered.
"""

from testsite_kernels.electrolysis.stack import RUNNING
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_part
from testsite_kernels.numerics.sums import largest_of, sum_of
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
from testsite_kernels.storage.banks import Banks, bank_pressure
from testsite_kernels.storage.compression import table_work
from testsite_kernels.storage.tank import Tank


@bare_part
def move_content(banks: Banks, mass: Floats, pressure: Floats, amount: float) -> None:
    """Put an amount [kg] into banks in their order of filling, or take one below zero in that of drawing."""
    left = amount
    for k in range(mass.size):
        b = banks.fill_order[k] if amount > 0.0 else banks.draw_order[k]
        after = min(max(mass[b] + left, min(mass[b], banks.minimum[b])), max(mass[b], banks.capacity[b]))
        left -= after - mass[b]
        mass[b] = after
        pressure[b] = bank_pressure(banks, b, after)


@bare_part
def chosen_banks(whole: Banks | None, banks: Banks) -> Banks:
    """Return the whole banks, which are those of dispatch where none are named."""
    if whole is None:
        return banks
    return whole


@bare_part
def limits_of(equipment: Equipment | None, tank: Tank) -> Tank:
    """Return the limits of the whole store, all banks together."""
    if equipment is None:
        return tank
    if equipment.has_tank:
        return tank
    banks = chosen_banks(equipment.whole_banks, equipment.banks)
    return Tank(sum_of(banks.minimum), sum_of(banks.capacity), sum_of(banks.fill_limit), sum_of(banks.draw_limit))


@bare_part
def move_in_tank(tank: Tank, mass: Floats, amount: float) -> None:
    """Put an amount [kg] into a store by mass, or take one below zero."""
    mass[0] = min(max(mass[0] + amount, min(mass[0], tank.minimum)), max(mass[0], tank.capacity))


@bare_part
def move_in_store(
    equipment: Equipment | None, carried: EquipmentState | None, tank: Tank, mass: Floats, amount: float
) -> None:
    """Put an amount [kg] into the store, or take one below zero."""
    if equipment is None or carried is None:
        move_in_tank(tank, mass, amount)
        return
    if equipment.has_tank:
        move_in_tank(tank, mass, amount)
        return
    move_content(chosen_banks(equipment.whole_banks, equipment.banks), mass, carried.pressure, amount)


@bare_part
def work_of_filling(equipment: Equipment | None, carried: EquipmentState | None) -> float:
    """Return the work that brings hydrogen into the store [J/kg]."""
    if equipment is None or carried is None:
        return 0.0
    return table_work(equipment.work, equipment.supply_pressure, largest_of(carried.pressure))


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
    plant, state, step = running.plant, running.state, running.step
    rates = running.block.rates[i]
    of_electrolyser, of_fuel_cell = running.block.electrolysers[i, 0], running.block.fuel_cells[i, 0]
    level = sum_of(state.mass)
    least, size, fill_limit, draw_limit = limits_of(plant.equipment, plant.whole_tank)
    sold, bought = rates[EXPORTED], rates[IMPORTED]
    up, down, compressed = outside.ordered_up, outside.ordered_down, 0.0
    flow = (level - before) / step
    if up > 0.0:
        content = min((level - least) / step, draw_limit + flow)
        up = min(up, max(content, 0.0) / reserve.consumption, max(plant.export_limit - sold + bought, 0.0))
        level -= up * reserve.consumption * step
        flow -= up * reserve.consumption
        move_in_store(plant.equipment, state.equipment, plant.whole_tank, state.mass, -up * reserve.consumption * step)
    if down > 0.0:
        work = work_of_filling(plant.equipment, state.equipment) * reserve.production
        room = min((size - level) / step, fill_limit - flow)
        supply = (sold - bought + up + plant.import_limit) / (1.0 + work)
        down = min(down, max(room, 0.0) / reserve.production, max(supply, 0.0))
        compressed = work * down
        move_in_store(plant.equipment, state.equipment, plant.whole_tank, state.mass, down * reserve.production * step)
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
