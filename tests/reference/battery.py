"""The battery, plain: energy balance step by step; ageing of the whole series counted afresh at its end."""

import math

from tests.reference.rainflow import count


def run(battery, expected, step):
    """Return (charge, discharge, content) per step; the capacity does not shrink here."""
    content, result = float(battery.initial_level * battery.capacity), []
    for set_point in expected:
        charge = min(max(set_point, 0.0), battery.power)
        room = battery.maximum_level * battery.capacity - content
        charge = max(min(charge, room / battery.charging_efficiency / step), 0.0)
        discharge = min(max(-set_point, 0.0), battery.power)
        left = content - battery.minimum_level * battery.capacity
        discharge = max(min(discharge, left * battery.discharging_efficiency / step), 0.0)
        content += (battery.charging_efficiency * charge - discharge / battery.discharging_efficiency) * step
        result.append((charge, discharge, content))
    return result


def ageing_function(battery, states, step):
    """Return f of Xu et al. (2018) from the states of charge, with the residue."""
    a = battery.ageing
    stress = lambda s: math.exp(a.k_sigma * (s - a.reference_state))  # noqa: E731
    heat = math.exp(
        a.k_temperature * (a.cell_temperature - a.reference_temperature) * a.reference_temperature / a.cell_temperature
    )
    calendar = sum(a.calendar * step * stress(s) for s in states)
    cycles = sum(
        n * stress(mean) / (a.k_delta1 * size**a.k_delta2 + a.k_delta3)
        for size, mean, n in count(states)
        if size > 1e-6
    )
    return (calendar + cycles) * heat


def lost(battery, f):
    return 1 - battery.ageing.alpha * math.exp(-battery.ageing.beta * f) - (1 - battery.ageing.alpha) * math.exp(-f)
