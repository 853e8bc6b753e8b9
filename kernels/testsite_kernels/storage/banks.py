"""Banks of pressure vessels: fill and draw in a fixed order, pressure from mass, temperature and real-gas density.

Index b bank. A bank is a volume V [m3] at a constant temperature T [K]; its mass stays between the cushion and what
its rated pressure holds. Gas flows into a bank through a compressor, out of it only while its pressure is above that
of the receiver.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_kernel, bare_part
from testsite_kernels.numerics.sums import copy_row
from testsite_kernels.storage.compression import WorkTable, table_work
from testsite_kernels.storage.properties import Isotherms, isotherm_density, isotherm_pressure

FLOWS = (
    "hydrogen_taken",
    "hydrogen_rejected",
    "hydrogen_delivered",
    "hydrogen_unmet",
    "power_compressor",
)


class Banks(NamedTuple):
    """Banks (b): isotherms, volume [m3], mass limits [kg], flow limits [kg/s], and the order of both uses."""

    isotherms: Isotherms
    volume: Floats
    minimum: Floats
    capacity: Floats
    fill_limit: Floats
    draw_limit: Floats
    fill_order: NDArray[np.int64]
    draw_order: NDArray[np.int64]


@bare_part
def bank_pressure(banks: Banks, b: int, mass: float) -> float:
    """Return the pressure [Pa] of a bank that holds a mass [kg]; zero of a store by mass, which has no volume."""
    if banks.volume[b] == 0.0:
        return 0.0
    return isotherm_pressure(banks.isotherms, b, mass / banks.volume[b])


@bare_part
def update_pressures(banks: Banks, mass: Floats, pressure: Floats) -> None:
    """Set the pressure [Pa] of all banks."""
    for b in range(mass.size):
        pressure[b] = bank_pressure(banks, b, mass[b])


@bare_part
def room_in(banks: Banks, mass: Floats, duration: float) -> float:
    """Return what the banks can take within a duration [kg]."""
    room = 0.0
    for b in range(mass.size):
        room += min(max(banks.capacity[b] - mass[b], 0.0), banks.fill_limit[b] * duration)
    return room


@bare_part
def put_into_bank(banks: Banks, b: int, mass: Floats, pressure: Floats, amount: float) -> float:
    """Put an amount [kg] into a bank; return the mean [Pa] of its pressure before and after, to which work is done."""
    before = pressure[b]
    mass[b] = min(mass[b] + amount, banks.capacity[b])
    pressure[b] = bank_pressure(banks, b, mass[b])
    return 0.5 * (before + pressure[b])


@bare_part
def draw_from_bank(banks: Banks, b: int, mass: Floats, pressure: Floats, receiver: float, amount: float) -> float:
    """Take an amount [kg] from a bank above the receiver's pressure [Pa], no further than to it; return it."""
    after = bank_pressure(banks, b, mass[b] - amount)
    if after < receiver:
        amount = mass[b] - banks.volume[b] * isotherm_density(banks.isotherms, b, receiver)
        if amount <= 0.0:
            return 0.0
        after = bank_pressure(banks, b, mass[b] - amount)
    mass[b] = max(mass[b] - amount, banks.minimum[b])
    pressure[b] = after
    return amount


@bare_part
def fill(
    banks: Banks,
    table: WorkTable,
    suction: float,
    mass: Floats,
    pressure: Floats,
    requested: float,
    duration: float,
) -> tuple[float, float]:
    """Put up to `requested` [kg] into the banks in their order; return mass taken [kg] and work [J].

    The work is that from the suction pressure [Pa] to the mean of the bank's pressure before and after.
    """
    taken = work = 0.0
    for b in banks.fill_order:
        room = min(max(banks.capacity[b] - mass[b], 0.0), banks.fill_limit[b] * duration)
        amount = min(requested - taken, room)
        if amount > 0.0:
            work += amount * table_work(table, suction, put_into_bank(banks, b, mass, pressure, amount))
            taken += amount
    return taken, work


@bare_part
def draw(banks: Banks, mass: Floats, pressure: Floats, receiver: float, requested: float, duration: float) -> float:
    """Take up to `requested` [kg] from the banks in their order while they stand above the receiver [Pa]; return it."""
    drawn = 0.0
    for b in banks.draw_order:
        amount = min(min(requested - drawn, mass[b] - banks.minimum[b]), banks.draw_limit[b] * duration)
        if amount > 0.0 and pressure[b] > receiver:
            drawn += draw_from_bank(banks, b, mass, pressure, receiver, amount)
    return drawn


class BankStore(NamedTuple):
    """Banks behind a compressor: work table [J/kg], capacity [kg/s], pressures of supply and of delivery [Pa]."""

    banks: Banks
    work: WorkTable
    compressor_capacity: float
    supply_pressure: float
    delivery_pressure: float


class BankSeries(NamedTuple):
    """What `simulate_banks` fills: `flows` (time, 5; order of `FLOWS`), masses and pressures (time, b) at the ends."""

    flows: Floats
    masses: Floats
    pressures: Floats


@bare_kernel
def simulate_banks(
    store: BankStore,
    mass: Floats,
    pressure: Floats,
    supply: Floats,
    demand: Floats,
    step: float,
    parts: int,
    out: BankSeries,
) -> None:
    """Fill `out` from what is in the banks at first, `mass` (b) [kg], which is changed; `pressure` (b) is room.

    Supply and demand [kg/s]. Demand is served first from the supply of the same interval, compressed where it comes
    below the delivery pressure, then from the banks; what is left of the supply is stored. Each interval is walked
    in `parts` pieces, so that work and pressure follow each other.
    """
    banks = store.banks
    update_pressures(banks, mass, pressure)
    dt = step / parts
    direct_work = table_work(store.work, store.supply_pressure, store.delivery_pressure)
    for t in range(supply.size):
        taken = delivered = work = 0.0
        for _ in range(parts):
            offered, requested = supply[t] * dt, demand[t] * dt
            through = store.compressor_capacity * dt
            direct = min(offered, requested)
            if direct_work > 0.0:
                direct = min(direct, through)
                through -= direct
                work += direct * direct_work
            drawn = draw(banks, mass, pressure, store.delivery_pressure, requested - direct, dt)
            left = min(offered - direct, through)
            stored, spent = fill(banks, store.work, store.supply_pressure, mass, pressure, left, dt)
            taken += direct + stored
            delivered += direct + drawn
            work += spent
        out.flows[t, 0] = taken / step
        out.flows[t, 1] = max(supply[t] - taken / step, 0.0)
        out.flows[t, 2] = delivered / step
        out.flows[t, 3] = max(demand[t] - delivered / step, 0.0)
        out.flows[t, 4] = work / step
        copy_row(mass, out.masses, t)
        copy_row(pressure, out.pressures, t)
