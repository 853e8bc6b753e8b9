"""Hydrogen that comes through a pipeline, which stores some of it, or in tube trailers.

Pipeline: the gas in it stands at its mean pressure p in the middle; friction over half the length limits what enters
from the highest pressure and what leaves at the delivery pressure (general flow equation: isothermal flow of a gas of
constant Z; Menon 2005, Gas Pipeline Hydraulics, eq. 2.2): m = C sqrt((p1^2 - p2^2) / Z), C = A sqrt(D / (f (L/2) R T)).
A compressor at the inlet lifts what enters from the pressure of the supply to that which friction asks for there.
Trailer: one stands connected and gives what lies above its residual pressure; the next is ordered at a level and
changed for it once it is there and the first is empty. Events happen at the ends of intervals.
"""

import math
from typing import NamedTuple

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_kernel, bare_part
from testsite_kernels.storage.compression import WorkTable, table_work
from testsite_kernels.storage.properties import Isotherms, isotherm_pressure

MASS, ORDERED, BLOCKED = 0, 1, 2  # places in the state of a trailer
NO_ORDER = -1.0
WITHIN = 1.0 - 1e-9  # of what a pipeline has room for, so that the rounding of its solution rejects nothing
EMPTY = 0.01  # share of the payload at which a trailer counts as empty


class Pipeline(NamedTuple):
    """Isotherm (1), volume [m3], conductance C [kg/s/Pa], pressures [Pa], limits of what is in it [kg].

    `work` and `compressor_capacity` [kg/s] of the compressor at the inlet, which begins at the `supply_pressure` [Pa].
    """

    isotherm: Isotherms
    volume: float
    conductance: float
    maximum_pressure: float
    delivery_pressure: float
    minimum: float
    capacity: float
    work: WorkTable
    compressor_capacity: float
    supply_pressure: float


class Trailer(NamedTuple):
    """Payloads with and without what stays in it [kg], flow limit [kg/s], share at which to order, times [s]."""

    full: float
    residual: float
    flow_limit: float
    order_level: float
    lead_time: float
    changeover_time: float


@bare_part
def pipeline_pressure(pipe: Pipeline, mass: float) -> float:
    """Return the mean pressure [Pa] of a pipeline that holds a mass [kg]."""
    return isotherm_pressure(pipe.isotherm, 0, mass / pipe.volume)


@bare_part
def _pipeline_flows(pipe: Pipeline, mass: float, supply: float, demand: float) -> tuple[float, float]:
    """Return what enters and leaves [kg/s] a pipeline that holds a mass [kg]."""
    p = pipeline_pressure(pipe, mass)
    z = p * pipe.volume / (mass * pipe.isotherm.gas_constant_temperature[0])
    within = pipe.conductance * math.sqrt(max(pipe.maximum_pressure**2 - p * p, 0.0) / z)
    out = pipe.conductance * math.sqrt(max(p * p - pipe.delivery_pressure**2, 0.0) / z)
    return min(min(supply, within), pipe.compressor_capacity), min(demand, out)


@bare_part
def pipeline_step(pipe: Pipeline, mass: float, supply: float, demand: float, step: float) -> tuple[float, float, float]:
    """Return what enters and leaves [kg/s] within a step, and the mass at its end [kg].

    The flows are those of the mass at the end (implicit Euler: no step is too long): m + (in(m') - out(m')) dt = m' has
    one solution m', as what enters falls and what leaves rises with it. It is found by false position and bisection in
    turns; the flow that friction limits is then taken from the balance, which holds to the last digits.
    """
    low, high = pipe.minimum, pipe.capacity
    end = 0.5 * (low + high)
    above, below = high - low, low - high
    for n in range(120):
        inflow, outflow = _pipeline_flows(pipe, end, supply, demand)
        wrong = mass + (inflow - outflow) * step - end
        if wrong > 0.0:
            low, above = end, wrong
        else:
            high, below = end, wrong
        if high - low < 1e-13 * pipe.capacity or wrong == 0.0:
            break
        end = 0.5 * (low + high)
        if n % 2 == 0:
            end = min(max(low + (high - low) * above / (above - below), low), high)
    inflow, outflow = _pipeline_flows(pipe, end, supply, demand)
    if outflow == demand and inflow == supply:
        return inflow, outflow, mass + (inflow - outflow) * step
    if outflow == demand:
        inflow = min(max(demand + (end - mass) / step, 0.0), supply)
    else:
        outflow = min(max(inflow - (end - mass) / step, 0.0), demand)
    return inflow, outflow, mass + (inflow - outflow) * step


@bare_part
def pipeline_room(pipe: Pipeline, mass: float, demand: float, step: float) -> float:
    """Return the most that a pipeline takes within a step [kg/s] while its user takes up to a demand [kg/s]."""
    inflow, _, _ = pipeline_step(pipe, mass, pipe.compressor_capacity, demand, step)
    return WITHIN * inflow


@bare_part
def carrying_mass(pipe: Pipeline, flow: float) -> float:
    """Return the least content [kg] whose pressure drives a flow [kg/s] to the user; the capacity where none does."""
    low, high = pipe.minimum, pipe.capacity
    for _ in range(60):
        middle = 0.5 * (low + high)
        _, outflow = _pipeline_flows(pipe, middle, 0.0, flow)
        if outflow < flow:
            low = middle
        else:
            high = middle
        if high - low < 1e-12 * pipe.capacity:
            break
    return high


@bare_part
def feed_pipeline(
    pipe: Pipeline, mass: float, own: float, at_hand: float, demand: float, most: float, step: float
) -> tuple[float, float, float]:
    """Fill a pipeline with the plant's own hydrogen, and from its store with what the demand needs besides [kg/s].

    The store keeps the content that carries the demand: what lies above that is used before the store is. `own` may be
    below zero, where the plant uses more than it makes; no more than `most` enters. Returns what enters and leaves
    [kg/s] and the mass at the end [kg].
    """
    needed = demand + (carrying_mass(pipe, demand) - mass) / step
    supply = min(max(max(own, min(needed, own + at_hand)), 0.0), most)
    inflow, outflow, after = pipeline_step(pipe, mass, supply, demand, step)
    return inflow, outflow, after


@bare_part
def inlet_pressure(pipe: Pipeline, mass: float, flow: float) -> float:
    """Return the pressure [Pa] at the inlet of a pipeline that holds a mass [kg] and takes a flow [kg/s]."""
    p = pipeline_pressure(pipe, mass)
    z = p * pipe.volume / (mass * pipe.isotherm.gas_constant_temperature[0])
    return min(math.sqrt(p * p + z * (flow / pipe.conductance) ** 2), pipe.maximum_pressure)


@bare_part
def pipeline_power(pipe: Pipeline, mass: float, flow: float) -> float:
    """Return the electricity [W] that brings a flow [kg/s] into a pipeline that holds a mass [kg] at the end."""
    return flow * table_work(pipe.work, pipe.supply_pressure, inlet_pressure(pipe, mass, flow))


@bare_part
def largest_work(pipe: Pipeline) -> float:
    """Return the work [J/kg] of the compressor at the inlet at its highest pressure."""
    return table_work(pipe.work, pipe.supply_pressure, pipe.maximum_pressure)


@bare_part
def trailer_limit(trailer: Trailer, state: Floats, step: float) -> float:
    """Return the largest flow [kg/s] that the connected trailer gives within a step."""
    if state[BLOCKED] > 0.0:
        return 0.0
    return min(trailer.flow_limit, max(state[MASS] - trailer.residual, 0.0) / step)


@bare_part
def draw_trailer(trailer: Trailer, state: Floats, flow: float, step: float) -> tuple[float, float]:
    """Take a flow [kg/s] within the limit for a step; return trailers that came and mass that went back [kg]."""
    state[MASS] = max(state[MASS] - flow * step, min(trailer.residual, state[MASS]))
    state[BLOCKED] = max(state[BLOCKED] - step, 0.0)
    payload = trailer.full - trailer.residual
    if state[ORDERED] == NO_ORDER:
        if state[MASS] - trailer.residual > trailer.order_level * payload:
            return 0.0, 0.0
        state[ORDERED] = trailer.lead_time
    else:
        state[ORDERED] = max(state[ORDERED] - step, 0.0)
    if state[ORDERED] > 0.0 or state[MASS] - trailer.residual > EMPTY * payload:
        return 0.0, 0.0
    back = state[MASS]
    state[MASS] = trailer.full
    state[ORDERED] = NO_ORDER
    state[BLOCKED] = trailer.changeover_time
    return 1.0, back


@bare_kernel
def simulate_pipe(pipe: Pipeline, initial: float, supply: Floats, demand: Floats, step: float, flows: Floats) -> None:
    """Fill `flows` (time, 5): taken, delivered [kg/s]; mass [kg], mean pressure [Pa] at the end; electricity [W]."""
    mass = initial
    for t in range(supply.size):
        flows[t, 0], flows[t, 1], mass = pipeline_step(pipe, mass, supply[t], demand[t], step)
        flows[t, 2] = mass
        flows[t, 3] = pipeline_pressure(pipe, mass)
        flows[t, 4] = pipeline_power(pipe, mass, flows[t, 0])


@bare_kernel
def simulate_trailer(trailer: Trailer, state: Floats, demand: Floats, step: float, flows: Floats) -> None:
    """Fill `flows` (time, 4): delivered [kg/s], mass in the trailer at the end [kg], trailers that came, mass back."""
    for t in range(demand.size):
        flow = min(demand[t], trailer_limit(trailer, state, step))
        came, back = draw_trailer(trailer, state, flow, step)
        flows[t, 0] = flow
        flows[t, 1] = state[MASS]
        flows[t, 2] = came
        flows[t, 3] = back
