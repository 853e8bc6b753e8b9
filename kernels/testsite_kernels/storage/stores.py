"""Several stores of a plant: each of banks behind its own compressor, filled and drawn in one order of all banks.

Index k store, b bank. A store by mass is one bank without a volume: its pressure is zero, it needs no work and gives at
any pressure. What limits each bank also limits what it gives and takes beyond dispatch (`beyond`): within an interval a
bank gives and takes no more than its rates allow, both uses together, and a compressor lets no more through.

A plan may say what each store shall hold at the end of an interval, its aim [kg] (k). Then each is first brought
towards its aim, and what is left goes through the stores in their order.
"""

import math
from typing import NamedTuple

from testsite_kernels.numerics.arrays import Floats, Integers
from testsite_kernels.numerics.compile_options import bare_part
from testsite_kernels.storage.banks import Banks, bank_pressure, draw_from_bank, put_into_bank
from testsite_kernels.storage.compression import WorkTable, table_work
from testsite_kernels.storage.properties import isotherm_density

ROUNDING = 1e-12  # by so much the last bits of a rate may pass the compressor's, so that they are not lost


class Stores(NamedTuple):
    """Banks of all stores, their orders store after store, and what each store has of its own.

    `of_store` (b): which store a bank is of. `supply_pressure`, `delivery_pressure` (b) [Pa]. `compressor_capacity`
    (k) [kg/s]. `work` (k, i, j) [J/kg]: a table each, over the axes that `first_logarithm`, `suction_step` and
    `ratio_step` state for all, as in `WorkTable`.
    """

    banks: Banks
    of_store: Integers
    supply_pressure: Floats
    delivery_pressure: Floats
    compressor_capacity: Floats
    work: Floats
    first_logarithm: float
    suction_step: float
    ratio_step: float


@bare_part
def work_into(stores: Stores, b: int, pressure: float) -> float:
    """Return the work [J/kg] that brings hydrogen into a bank at a pressure [Pa]."""
    table = WorkTable(stores.work[stores.of_store[b]], stores.first_logarithm, stores.suction_step, stores.ratio_step)
    return table_work(table, stores.supply_pressure[b], pressure)


@bare_part
def bank_gives(banks: Banks, b: int, mass: float, pressure: float, receiver: float, flow: float) -> float:
    """Return what a bank gives at most [kg] to a receiver of a pressure [Pa], and no more than `flow` [kg]."""
    if pressure <= receiver:
        return 0.0
    least = 0.0
    if banks.volume[b] > 0.0:
        least = banks.volume[b] * isotherm_density(banks.isotherms, b, receiver)
    return max(min(mass - max(banks.minimum[b], least), flow), 0.0)


@bare_part
def drawable(stores: Stores, mass: Floats, pressure: Floats, step: float) -> float:
    """Return what the stores give at most in a step, as `draw_stores` does [kg].

    Where orders of reserves took from what is kept in a bank, the others keep as much more.
    """
    total, beyond, banks = 0.0, 0.0, stores.banks
    for b in range(mass.size):
        total += bank_gives(banks, b, mass[b], pressure[b], stores.delivery_pressure[b], banks.draw_limit[b] * step)
        beyond += mass[b] - banks.minimum[b]
    return min(total, max(beyond, 0.0))


@bare_part
def takeable(stores: Stores, has_margins: bool, mass: Floats, step: float) -> float:
    """Return what the stores take at most in a step, as a rate [kg/s]: each within its banks and its compressor.

    Where orders of reserves filled the room that is kept in a bank, the others keep as much more: `has_margins` says
    whether any room is kept.
    """
    banks, total, n = stores.banks, 0.0, mass.size
    room, below, k = 0.0, 0.0, 0
    for b in range(n):  # the banks of a store follow each other
        below += banks.capacity[b] - mass[b]
        room += min(max(banks.capacity[b] - mass[b], 0.0), banks.fill_limit[b] * step)
        k = stores.of_store[b]
        if b + 1 == n or stores.of_store[b + 1] != k:
            total += min(room / step, stores.compressor_capacity[k])
            room = 0.0
    if not has_margins:
        return total
    return min(total, max(below, 0.0) / step)


@bare_part
def inflow_to_aim(stores: Stores, k: int, aim: float, mass: Floats, step: float) -> float:
    """Return what a store takes in a step towards its aim [kg]."""
    room, held, banks = 0.0, 0.0, stores.banks
    for b in range(mass.size):
        if stores.of_store[b] == k:
            room += min(max(banks.capacity[b] - mass[b], 0.0), banks.fill_limit[b] * step)
            held += mass[b]
    return max(min(aim - held, min(room, stores.compressor_capacity[k] * step)), 0.0)


@bare_part
def outflow_to_aim(stores: Stores, k: int, aim: float, mass: Floats, pressure: Floats, step: float) -> float:
    """Return what a store gives in a step towards its aim [kg]."""
    given, held, banks = 0.0, 0.0, stores.banks
    for b in range(mass.size):
        if stores.of_store[b] == k:
            most = banks.draw_limit[b] * step
            given += bank_gives(banks, b, mass[b], pressure[b], stores.delivery_pressure[b], most)
            held += mass[b]
    return max(min(held - aim, given), 0.0)


@bare_part
def share_of(towards: float, later: float, left: float) -> float:
    """Return what a store moves at most [kg] of what is left, where the stores after it want so much for their aims."""
    return max(min(towards, left), left - max(later, 0.0))


@bare_part
def dearest_work(stores: Stores, aims: Floats, mass: Floats, pressure: Floats, rate: float, step: float) -> float:
    """Return the largest work [J/kg] into a bank when the stores are filled at a rate [kg/s] for a step.

    Walks as `fill_stores` does. At a lower rate each bank takes no more, so that its mean pressure is no higher: what
    is left for the compressors at this work is enough for every rate up to this. Where stores have aims, any of them
    may be the first.
    """
    banks, largest, left, through, store = stores.banks, 0.0, rate * step, 0.0, -1
    for b in banks.fill_order:
        if stores.of_store[b] != store:
            store = stores.of_store[b]
            through = stores.compressor_capacity[store] * step
            if aims.size > 0:
                left = rate * step
        room = min(max(banks.capacity[b] - mass[b], 0.0), banks.fill_limit[b] * step)
        amount = min(min(left, room), through)
        if amount > 0.0:
            after = bank_pressure(banks, b, mass[b] + amount)
            largest = max(largest, work_into(stores, b, 0.5 * (pressure[b] + after)))
            left -= amount
            through -= amount
    return largest


@bare_part
def fill_stores(
    stores: Stores, aims: Floats, mass: Floats, pressure: Floats, requested: float, step: float
) -> tuple[float, float]:
    """Put up to `requested` [kg] into the stores, towards their aims and in their order.

    Returns the mass taken [kg] and the work [J]: from the supply pressure to the mean of the bank's before and after.
    """
    banks, taken, work, through = stores.banks, 0.0, 0.0, 0.0
    store, later = -1, 0.0
    for k in range(aims.size):
        later += inflow_to_aim(stores, k, aims[k], mass, step)
    for b in banks.fill_order:
        if stores.of_store[b] != store:
            store = stores.of_store[b]
            through = stores.compressor_capacity[store] * step * (1.0 + ROUNDING)
            if aims.size > 0:
                towards = inflow_to_aim(stores, store, aims[store], mass, step)
                later -= towards
                through = min(through, share_of(towards, later, requested - taken))
        room = min(max(banks.capacity[b] - mass[b], 0.0), banks.fill_limit[b] * step)
        amount = min(min(requested - taken, room), through)
        if amount > 0.0:
            work += amount * work_into(stores, b, put_into_bank(banks, b, mass, pressure, amount))
            taken += amount
            through -= amount
    return taken, work


@bare_part
def draw_stores(stores: Stores, aims: Floats, mass: Floats, pressure: Floats, requested: float, step: float) -> float:
    """Take up to `requested` [kg] from the stores, towards their aims and in their order; return it.

    Each gives above its delivery pressure.
    """
    drawn, banks = 0.0, stores.banks
    store, later, share = -1, 0.0, math.inf
    for k in range(aims.size):
        later += outflow_to_aim(stores, k, aims[k], mass, pressure, step)
    for b in banks.draw_order:
        if aims.size > 0 and stores.of_store[b] != store:
            store = stores.of_store[b]
            towards = outflow_to_aim(stores, store, aims[store], mass, pressure, step)
            later -= towards
            share = share_of(towards, later, requested - drawn)
        amount = min(min(requested - drawn, mass[b] - banks.minimum[b]), banks.draw_limit[b] * step)
        amount = min(amount, share)
        if amount > 0.0 and pressure[b] > stores.delivery_pressure[b]:
            given = draw_from_bank(banks, b, mass, pressure, stores.delivery_pressure[b], amount)
            drawn += given
            share -= given
    return drawn


@bare_part
def exchanged(
    stores: Stores, aims: Floats, mass: Floats, pressure: Floats, surplus: float, through: float, step: float
) -> float:
    """Return what some stores give while others take it [kg], for the sake of their aims, next to a surplus [kg/s].

    No more than `through` [kg/s] of what is made and used in the same step: the use is served by the ones, and what is
    made goes into the others.
    """
    given = taken = 0.0
    for k in range(aims.size):
        given += outflow_to_aim(stores, k, aims[k], mass, pressure, step)
        taken += inflow_to_aim(stores, k, aims[k], mass, step)
    most = min(taken - max(surplus, 0.0) * step, given - max(-surplus, 0.0) * step)
    return max(min(through * step, most), 0.0)


@bare_part
def draw_beyond(stores: Stores, mass: Floats, before: Floats, pressure: Floats, requested: float, step: float) -> float:
    """Take up to `requested` [kg] after dispatch, which began the step with `before` (b) [kg]; return it."""
    drawn, banks = 0.0, stores.banks
    for b in banks.draw_order:
        flow = banks.draw_limit[b] * step + (mass[b] - before[b])
        most = bank_gives(banks, b, mass[b], pressure[b], stores.delivery_pressure[b], flow)
        amount = min(requested - drawn, most)
        if amount > 0.0:
            drawn += draw_from_bank(banks, b, mass, pressure, stores.delivery_pressure[b], amount)
    return drawn


@bare_part
def note_through(stores: Stores, mass: Floats, before: Floats, step: float, through: Floats) -> None:
    """Fill `through` (k) with what each compressor can still let through in a step after dispatch [kg]."""
    for k in range(through.size):
        through[k] = stores.compressor_capacity[k] * step
    for b in range(mass.size):
        through[stores.of_store[b]] -= max(mass[b] - before[b], 0.0)


@bare_part
def fill_beyond(
    stores: Stores,
    mass: Floats,
    before: Floats,
    pressure: Floats,
    through: Floats,
    requested: float,
    per_mass: float,
    energy: float,
    step: float,
) -> tuple[float, float]:
    """Put up to `requested` [kg] into the stores after dispatch; return mass taken [kg] and work [J].

    Each kilogram takes `per_mass` [J] to make, and the work of its compressor: both together no more than `energy` [J].
    """
    taken, work, banks = 0.0, 0.0, stores.banks
    for b in banks.fill_order:
        k = stores.of_store[b]
        flow = min(banks.fill_limit[b] * step - (mass[b] - before[b]), through[k])
        amount = min(requested - taken, max(min(banks.capacity[b] - mass[b], flow), 0.0))
        if amount > 0.0:
            highest = bank_pressure(banks, b, mass[b] + amount)
            left = energy - taken * per_mass - work
            amount = min(amount, max(left, 0.0) / (per_mass + work_into(stores, b, highest)))
            work += amount * work_into(stores, b, put_into_bank(banks, b, mass, pressure, amount))
            taken += amount
            through[k] -= amount
    return taken, work
