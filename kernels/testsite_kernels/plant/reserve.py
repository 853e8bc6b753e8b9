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
    Outside,
    PlantState,
    Running,
)
from testsite_kernels.storage.banks import Banks, bank_pressure
from testsite_kernels.storage.compression import table_work


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
def work_of_filling(equipment: Equipment | None, state: PlantState) -> float:
    """Return the work that brings hydrogen into the store [J/kg]."""
    if equipment is None:
        return 0.0
    return table_work(equipment.work, equipment.supply_pressure, largest_of(state.pressure))


@bare_part
def count_activated(running: Running, of_fuel_cell: bool, of_electrolyser: bool) -> None:
    """Count the interval to the running time of a first machine that runs by an order alone."""
    if of_fuel_cell:
        running.block.events[0, 0] += running.step
    if of_electrolyser:
        stacks = running.state.stacks[0]
        for s in range(stacks.shape[0]):
            stacks[s, RUNNING] += running.step


@bare_part
def activate(running: Running, outside: Outside, before: float, i: int) -> None:
    """Answer the orders of an interval and add what is delivered to its row i, with the first machine of each kind.

    `before` [kg] is the content at the start of the interval.
    """
    plant, state, reserve, step = running.plant, running.state, running.reserve, running.step
    rates = running.block.rates[i]
    of_electrolyser, of_fuel_cell = running.block.electrolysers[i, 0], running.block.fuel_cells[i, 0]
    banks = plant.whole_store
    level = sum_of(state.mass)
    least, size, draw_limit, fill_limit = (
        sum_of(banks.minimum),
        sum_of(banks.capacity),
        sum_of(banks.draw_limit),
        sum_of(banks.fill_limit),
    )
    sold, bought = rates[EXPORTED], rates[IMPORTED]
    up, down, compressed = outside.ordered_up, outside.ordered_down, 0.0
    flow = (level - before) / step
    if up > 0.0:
        content = min((level - least) / step, draw_limit + flow)
        up = min(up, max(content, 0.0) / reserve.consumption, max(plant.export_limit - sold + bought, 0.0))
        level -= up * reserve.consumption * step
        flow -= up * reserve.consumption
        move_content(banks, state.mass, state.pressure, -up * reserve.consumption * step)
    if down > 0.0:
        work = work_of_filling(plant.equipment, state) * reserve.production
        room = min((size - level) / step, fill_limit - flow)
        supply = (sold - bought + up + plant.import_limit) / (1.0 + work)
        down = min(down, max(room, 0.0) / reserve.production, max(supply, 0.0))
        compressed = work * down
        move_content(banks, state.mass, state.pressure, down * reserve.production * step)
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
