"""A hydrogen refuelling station: buffer, compressor, cascade of banks, pre-cooling, dispensers, vehicles in a queue.

Index n arrival (in order of time), b bank, k dispenser. Times in s from the start of the series, mass kg, pressure Pa.
Within a chain step the station moves from event to event (an arrival, the end of a connection, the end of a
filling), never further than `inner_step` while a vehicle fills and `coarse_step` while only a compressor runs.

A vehicle fills at the least of what dispenser and vehicle allow, from the first bank in the drawing order that stands
above the vehicle by the margin; its pressure follows from its tank's volume, its mass and the temperature of the gas
in it. The compressor lifts hydrogen from the buffer into the banks in the filling order, at a flow proportional to
the density at its suction; it starts when a bank falls below the restart level and stops when all banks are full.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.numerics.arrays import Floats, Integers
from testsite_kernels.numerics.compile_options import bare_kernel, bare_part
from testsite_kernels.numerics.limits import UNLIMITED
from testsite_kernels.numerics.sums import copy_row
from testsite_kernels.plant.delivery import (
    Pipeline,
    Trailer,
    draw_trailer,
    pipeline_power,
    pipeline_pressure,
    pipeline_step,
    trailer_limit,
)
from testsite_kernels.storage.banks import Banks, bank_pressure, fill, room_in, update_pressures
from testsite_kernels.storage.compression import WorkTable, table_work
from testsite_kernels.storage.properties import Isotherms, isotherm_pressure

FLOWS = (
    "hydrogen_taken",  # [kg/s] from what was offered, into the buffer
    "hydrogen_dispensed",  # [kg/s] into vehicles
    "power_compressor",  # [W] buffer to cascade
    "power_booster",  # [W] supply to buffer
    "power_precooling",  # [W] with its standing part
    "power_auxiliary",  # [W] lights, controls, ventilation
    "hydrogen_requested",  # [kg/s] of vehicles that arrived
    "hydrogen_unserved",  # [kg/s] of vehicles that left with less than they asked for
    "hydrogen_pending",  # [kg] asked for by vehicles still there at the end of the interval
    "waiting_time",  # [s] summed over vehicles that began to fill, or left, in the interval
    "queue",  # vehicles waiting at the end of the interval
    "compressor_starts",
)
AUXILIARY = FLOWS.index("power_auxiliary")
HEAD, COUNTED, COMPRESSOR, FIRST_DISPENSER = 0, 1, 2, 3  # places in `State.integers`
FREE = -1
MOMENT = 1e-6  # [s]
CRUMB = 1e-9  # [kg]
_HELD = 4.0  # inner steps that a filling held up by pressure waits


class Station(NamedTuple):
    """The station as plain numbers (Pa, K, m3, kg, kg/s, J/kg, W, s); work tables are electricity per mass."""

    supply_pressure: float
    buffer_isotherm: Isotherms
    buffer_volume: float
    buffer_minimum: float
    buffer_capacity: float
    buffer_fill_limit: float
    has_booster: bool
    booster: WorkTable
    booster_capacity: float
    compressor: WorkTable
    compressor_capacity: float
    rated_suction_density: float
    banks: Banks
    margin: float
    restart_level: float
    dispenser_flow: float
    connection_time: float
    precooling_energy: float
    precooling_standing: float
    auxiliary_power: float
    inner_step: float
    coarse_step: float


class Arrivals(NamedTuple):
    """Vehicles (n) and the kinds that they are of (fleet); `served`, `begin`, `end` are written by the station."""

    time: Floats
    deadline: Floats
    mass: Floats
    fleet: Integers
    tank_volume: Floats
    tank_mass: Floats
    isotherms: Isotherms
    flow_limit: Floats
    served: Floats
    begin: Floats
    end: Floats


class State(NamedTuple):
    """What a station carries on: mass in buffer (1) and banks (b), pressures, the queue, fillings held up (k)."""

    buffer: Floats
    mass: Floats
    pressure: Floats
    integers: Integers
    held_up: NDArray[np.bool_]


@bare_part
def _admit(station: Station, arrivals: Arrivals, state: State, k: int, now: float) -> tuple[float, float]:
    """Give a free dispenser to the first vehicle in the queue; return unserved mass and waiting time that this ends."""
    unserved = waited = 0.0
    places = state.integers
    while places[HEAD] < arrivals.time.size and arrivals.time[places[HEAD]] <= now + MOMENT:
        n = places[HEAD]
        places[HEAD] += 1
        if not np.isnan(arrivals.end[n]):
            continue  # it left the queue before
        if arrivals.deadline[n] <= now:
            arrivals.end[n] = arrivals.deadline[n]
            unserved += arrivals.mass[n]
            waited += arrivals.deadline[n] - arrivals.time[n]
        else:
            arrivals.begin[n] = now
            waited += max(now - arrivals.time[n], 0.0)
            places[FIRST_DISPENSER + k] = n
            state.held_up[k] = False
            break
    return unserved, waited


@bare_part
def _until_next(station: Station, arrivals: Arrivals, state: State, now: float, longest: float) -> float:
    """Return how long the station can go on without an event [s]."""
    places = state.integers
    duration = longest
    free = False
    for k in range(places.size - FIRST_DISPENSER):
        n = places[FIRST_DISPENSER + k]
        if n == FREE:
            free = True
            continue
        duration = min(duration, max(arrivals.deadline[n] - now, MOMENT))
        connected = arrivals.begin[n] + station.connection_time
        if connected > now + MOMENT:
            duration = min(duration, connected - now)
        else:
            flow = min(station.dispenser_flow, arrivals.flow_limit[arrivals.fleet[n]])
            left = (arrivals.mass[n] - arrivals.served[n]) / flow
            duration = min(duration, _HELD * station.inner_step if state.held_up[k] else min(left, station.inner_step))
    if free and places[HEAD] < arrivals.time.size:
        duration = min(duration, max(arrivals.time[places[HEAD]] - now, MOMENT))
    return duration


@bare_part
def _equalise(
    station: Station, arrivals: Arrivals, state: State, fleet: int, content: float, requested: float, duration: float
) -> float:
    """Draw up to `requested` [kg] into a vehicle, bank after bank, each no further than to equal pressure; return it.

    Where bank and vehicle would meet, p_bank(m) = p_vehicle(m) + margin is solved for the mass m by false position.
    """
    banks = station.banks
    drawn = 0.0
    for b in banks.draw_order:
        amount = min(min(requested - drawn, state.mass[b] - banks.minimum[b]), banks.draw_limit[b] * duration)
        if amount <= 0.0:
            continue
        volume, within = arrivals.tank_volume[fleet], content + drawn
        above = state.pressure[b] - isotherm_pressure(arrivals.isotherms, fleet, within / volume) - station.margin
        if above <= 0.0:
            continue
        after = bank_pressure(banks, b, state.mass[b] - amount)
        excess = after - isotherm_pressure(arrivals.isotherms, fleet, (within + amount) / volume) - station.margin
        low, high = 0.0, amount
        for _ in range(4):
            if abs(excess) < 1.0 or (amount == high and excess >= 0.0):
                break
            if excess < 0.0:
                high, below = amount, excess
            else:
                low, above = amount, excess
            amount = low + (high - low) * above / (above - below)
            after = bank_pressure(banks, b, state.mass[b] - amount)
            excess = after - isotherm_pressure(arrivals.isotherms, fleet, (within + amount) / volume) - station.margin
        state.mass[b] = max(state.mass[b] - amount, banks.minimum[b])
        state.pressure[b] = after
        drawn += amount
    return drawn


@bare_part
def _fill_vehicle(
    station: Station, arrivals: Arrivals, state: State, k: int, now: float, duration: float
) -> tuple[float, float]:
    """Fill the vehicle at a dispenser for a duration; return mass dispensed and mass it leaves without [kg]."""
    n = state.integers[FIRST_DISPENSER + k]
    fleet = arrivals.fleet[n]
    remaining = arrivals.mass[n] - arrivals.served[n]
    amount = 0.0
    if arrivals.begin[n] + station.connection_time <= now + MOMENT:
        requested = min(min(station.dispenser_flow, arrivals.flow_limit[fleet]) * duration, remaining)
        content = arrivals.tank_mass[fleet] - remaining
        amount = _equalise(station, arrivals, state, fleet, content, requested, duration)
        state.held_up[k] = amount < 0.5 * requested
        arrivals.served[n] += amount
        remaining = arrivals.mass[n] - arrivals.served[n]
    if remaining <= CRUMB or arrivals.deadline[n] <= now + duration + MOMENT:
        arrivals.end[n] = now + duration
        state.integers[FIRST_DISPENSER + k] = FREE
        return amount, max(remaining, 0.0)
    return amount, 0.0


@bare_part
def _wants_compressor(station: Station, state: State) -> bool:
    """Tell whether the compressor runs: on below the restart level of a bank, off when all banks are full."""
    banks = station.banks
    full = True
    for b in range(state.mass.size):
        usable = banks.capacity[b] - banks.minimum[b]
        if state.mass[b] - banks.minimum[b] < station.restart_level * usable:
            return True
        full = full and state.mass[b] >= banks.capacity[b] * (1.0 - 1e-12)
    return state.integers[COMPRESSOR] == 1 and not full


@bare_part
def _look_at_queue(arrivals: Arrivals, state: State, finish: float) -> tuple[float, float, float, float]:
    """Let those leave whose patience ends; return pending mass [kg], queue, unserved mass [kg], waiting time [s]."""
    pending = queue = unserved = waited = 0.0
    for n in range(state.integers[HEAD], state.integers[COUNTED]):
        if not np.isnan(arrivals.end[n]):
            continue
        if arrivals.deadline[n] <= finish:
            arrivals.end[n] = arrivals.deadline[n]
            unserved += arrivals.mass[n]
            waited += arrivals.deadline[n] - arrivals.time[n]
        else:
            pending += arrivals.mass[n]
            queue += 1.0
    for k in range(state.integers.size - FIRST_DISPENSER):
        n = state.integers[FIRST_DISPENSER + k]
        if n != FREE:
            pending += arrivals.mass[n] - arrivals.served[n]
    return pending, queue, unserved, waited


@bare_part
def station_step(
    station: Station,
    arrivals: Arrivals,
    state: State,
    start: float,
    step: float,
    offered: float,
    flows: Floats,
) -> None:
    """Carry the station through one chain step, from `start` [s] for `step` [s], with hydrogen offered [kg/s].

    Writes `flows` (order of `FLOWS`), the state, and what the vehicles of the step got.
    """
    places = state.integers
    banks = station.banks
    taken = dispensed = compression = boosting = unserved = waited = starts = 0.0
    now, finish = start, start + step
    while finish - now > MOMENT:
        for k in range(places.size - FIRST_DISPENSER):
            if places[FIRST_DISPENSER + k] == FREE:
                lost, waits = _admit(station, arrivals, state, k, now)
                unserved += lost
                waited += waits
        duration = _until_next(station, arrivals, state, now, finish - now)
        at_hand = state.buffer[0] - station.buffer_minimum > CRUMB or offered > 0.0
        running = at_hand and _wants_compressor(station, state)
        if running or (station.has_booster and offered > 0.0):
            duration = min(duration, station.coarse_step)
        inflow = min(min(offered, station.buffer_fill_limit), station.booster_capacity) * duration
        # cascade: the compressor's flow follows the density at its suction, in the middle of the step
        lifted = 0.0
        if running:
            share = station.compressor_capacity * duration / (station.rated_suction_density * station.buffer_volume)
            lifted = share * (state.buffer[0] + 0.5 * inflow) / (1.0 + 0.5 * share)
            lifted = min(min(lifted, station.compressor_capacity * duration), room_in(banks, state.mass, duration))
        # buffer
        accepted = max(min(inflow, station.buffer_capacity - state.buffer[0] + lifted), 0.0)
        lifted = max(min(lifted, state.buffer[0] + accepted - station.buffer_minimum), 0.0)
        suction = 0.0
        if lifted > 0.0 or (station.has_booster and accepted > 0.0):
            middle = state.buffer[0] + 0.5 * (accepted - lifted)
            suction = isotherm_pressure(station.buffer_isotherm, 0, middle / station.buffer_volume)
        if station.has_booster and accepted > 0.0:
            boosting += accepted * table_work(station.booster, station.supply_pressure, suction)
        taken += accepted
        if lifted > 0.0:
            lifted, work = fill(banks, station.compressor, suction, state.mass, state.pressure, lifted, duration)
            compression += work
            starts += 1.0 - places[COMPRESSOR]
        places[COMPRESSOR] = 1 if running and lifted > 0.0 else 0
        state.buffer[0] += accepted - lifted
        # vehicles
        for k in range(places.size - FIRST_DISPENSER):
            if places[FIRST_DISPENSER + k] != FREE:
                amount, lost = _fill_vehicle(station, arrivals, state, k, now, duration)
                dispensed += amount
                unserved += lost
        now += duration
    requested = 0.0
    while places[COUNTED] < arrivals.time.size and arrivals.time[places[COUNTED]] < finish - MOMENT:
        requested += arrivals.mass[places[COUNTED]]
        places[COUNTED] += 1
    pending, queue, lost, waits = _look_at_queue(arrivals, state, finish)
    flows[0] = taken / step
    flows[1] = dispensed / step
    flows[2] = compression / step
    flows[3] = boosting / step
    flows[4] = station.precooling_standing + dispensed * station.precooling_energy / step
    flows[5] = station.auxiliary_power
    flows[6] = requested / step
    flows[7] = (unserved + lost) / step
    flows[8] = pending
    flows[9] = waited + waits
    flows[10] = queue
    flows[11] = starts


class Delivery(NamedTuple):
    """How hydrogen comes to a station: at once, or through a pipeline that holds `pipe_mass` [kg], and in trailers."""

    has_pipe: bool
    pipe: Pipeline
    pipe_mass: float
    has_trailer: bool
    trailer: Trailer
    trailer_state: Floats


class StationSeries(NamedTuple):
    """What `simulate_station` fills; levels are those at the end of the interval.

    `flows` (time, 12; order of `FLOWS`), `buffer` (time, 2: mass, pressure), `masses`, `pressures` (time, b).
    `delivery` (time, 8) holds flows from supply and trailer, mass and pressure in the pipeline, mass in the trailer,
    trailers that came, mass that went back with them, and the electricity of the pipeline.
    """

    flows: Floats
    buffer: Floats
    masses: Floats
    pressures: Floats
    delivery: Floats


@bare_kernel
def simulate_station(
    station: Station,
    arrivals: Arrivals,
    state: State,
    step: float,
    supply: Floats,
    by: Delivery,
    out: StationSeries,
) -> None:
    """Fill `out`: the supply [kg/s] comes at once or through a pipeline; a trailer gives what the supply lacks."""
    flows, delivery, pipe_mass = out.flows, out.delivery, by.pipe_mass
    update_pressures(station.banks, state.mass, state.pressure)
    for t in range(supply.size):
        offered = supply[t]
        if by.has_pipe:
            _, offered, _ = pipeline_step(by.pipe, pipe_mass, supply[t], UNLIMITED, step)
        extra = trailer_limit(by.trailer, by.trailer_state, step) if by.has_trailer else 0.0
        station_step(station, arrivals, state, t * step, step, offered + extra, flows[t])
        first = min(flows[t, 0], offered)
        delivery[t, 0] = first
        if by.has_pipe:
            delivery[t, 0], first, pipe_mass = pipeline_step(by.pipe, pipe_mass, supply[t], first, step)
            delivery[t, 2] = pipe_mass
            delivery[t, 3] = pipeline_pressure(by.pipe, pipe_mass)
            delivery[t, 7] = pipeline_power(by.pipe, pipe_mass, delivery[t, 0])
        delivery[t, 1] = max(flows[t, 0] - first, 0.0)
        if by.has_trailer:
            came, back = draw_trailer(by.trailer, by.trailer_state, delivery[t, 1], step)
            delivery[t, 4], delivery[t, 5], delivery[t, 6] = by.trailer_state[0], came, back
        out.buffer[t, 0] = state.buffer[0]
        out.buffer[t, 1] = isotherm_pressure(station.buffer_isotherm, 0, state.buffer[0] / station.buffer_volume)
        copy_row(state.mass, out.masses, t)
        copy_row(state.pressure, out.pressures, t)
