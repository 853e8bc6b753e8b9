"""A battery with its losses and its ageing by time and by cycles, through one step.

Symbols: E energy in the cells [J], p charging and d discharging power at the AC terminals [W], s state of charge, the
content over the present capacity, f ageing function, L lost share of the capacity.

    E' = E + (eta_c p - d / eta_d) dt                       cells and converter, each way
    f  = S_sigma(mean s) S_T k_t t + sum over cycles n S_delta(range) S_sigma(mean) S_T
    S_delta(delta) = 1 / (k_1 delta^k_2 + k_3),  S_sigma(s) = exp(k_sigma (s - s_ref))
    L  = 1 - alpha exp(-beta f) - (1 - alpha) exp(-f)

Source: Xu, Oudalov, Ulbig, Andersson and Kirschen (2018), IEEE Trans. Smart Grid 9(2), 1131-1140 (doi
10.1109/TSG.2016.2578950), equations 12-28; cycles by rainflow counting. The residue of the count, half cycles that
are still open, ages the cells when it closes.
"""

import math
from typing import NamedTuple

import numpy as np

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_part, called_part, kernel
from testsite_kernels.numerics.rainflow import rainflow_push

OPEN_POINTS = 200  # places for turning points of the state of charge
CONTENT, AGEING, LOST, OPEN = 0, 1, 2, 3  # places in the state: J, f, L, open turning points (a number)
STATE_SIZE = 4


class Battery(NamedTuple):
    """The battery as plain numbers (J, W, 1, 1/s); see the module for the ageing."""

    capacity: float
    charge_limit: float
    discharge_limit: float
    minimum: float
    maximum: float
    charge_efficiency: float
    discharge_efficiency: float
    calendar: float
    k1: float
    k2: float
    k3: float
    k_state: float
    state_reference: float
    temperature_stress: float
    alpha: float
    beta: float
    end_of_life: float


@bare_part
def battery_room(battery: Battery, state: Floats, step: float) -> tuple[float, float]:
    """Return what the battery can take and give in a step [W]."""
    size = battery.capacity * (1.0 - state[LOST])
    room = max(battery.maximum * size - state[CONTENT], 0.0)
    content = max(state[CONTENT] - battery.minimum * size, 0.0)
    return (
        min(battery.charge_limit, room / (battery.charge_efficiency * step)),
        min(battery.discharge_limit, content * battery.discharge_efficiency / step),
    )


@called_part
def battery_step(
    battery: Battery, state: Floats, points: Floats, closed: Floats, charge: float, discharge: float, step: float
) -> tuple[float, bool]:
    """Charge or discharge within what `battery_room` allows; return what is lost as heat [W], and whether it is worn.

    A worn battery is replaced by a new one with the same content.
    """
    gain = battery.charge_efficiency * charge - discharge / battery.discharge_efficiency
    state[CONTENT] += gain * step
    size = battery.capacity * (1.0 - state[LOST])
    now = state[CONTENT] / size if size > 0.0 else 0.0
    n, count = rainflow_push(points, int(state[OPEN]), now, closed)
    state[OPEN] = n
    f = battery.calendar * step * math.exp(battery.k_state * (now - battery.state_reference))
    for k in range(count):
        if closed[k, 0] > 1e-6:
            stress = 1.0 / (battery.k1 * closed[k, 0] ** battery.k2 + battery.k3)
            f += closed[k, 2] * stress * math.exp(battery.k_state * (closed[k, 1] - battery.state_reference))
    state[AGEING] += f * battery.temperature_stress
    aged = state[AGEING]
    state[LOST] = 1.0 - battery.alpha * math.exp(-battery.beta * aged) - (1.0 - battery.alpha) * math.exp(-aged)
    worn = state[LOST] >= battery.end_of_life
    if worn:
        state[AGEING] = 0.0
        state[LOST] = 0.0
    return charge - discharge - gain, worn


@kernel
def battery_series(battery: Battery, content: float, step: float, requested: Floats, flows: Floats) -> int:
    """Fill `flows` (time, 5) for a set_point [W], above zero to charge, below to discharge; return replacements.

    Charging power, discharging power, loss [W], content [J] and lost capacity at the end.
    """
    state = np.zeros(STATE_SIZE)
    state[CONTENT] = content
    points, closed = np.empty(OPEN_POINTS), np.empty((OPEN_POINTS, 3))
    replacements = 0
    for t in range(requested.size):
        most_in, most_out = battery_room(battery, state, step)
        charge, discharge = min(max(requested[t], 0.0), most_in), min(max(-requested[t], 0.0), most_out)
        loss, worn = battery_step(battery, state, points, closed, charge, discharge, step)
        replacements += worn
        flows[t, 0] = charge
        flows[t, 1] = discharge
        flows[t, 2] = loss
        flows[t, 3] = state[CONTENT]
        flows[t, 4] = state[LOST]
    return replacements
