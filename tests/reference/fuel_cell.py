"""The fuel-cell plant, plain: the current that gives the expected power by bisection on the cell's own equations."""

import math

FARADAY, MOLAR_MASS = 96485.33212, 2.01588e-3
HHV = 39.39 * 3.6e6


def cell_voltage(stack, current):
    """Mann et al. (2000), equations 1-20; current in A."""
    t, area = float(stack.temperature), float(stack.active_area) * 1e4
    hydrogen, oxygen = (float(p) / 101325.0 for p in (stack.hydrogen_pressure, stack.oxygen_pressure))
    c_oxygen = oxygen / (5.08e6 * math.exp(-498.0 / t))
    c_hydrogen = hydrogen / (1.09e6 * math.exp(77.0 / t))
    xi2 = 0.00286 + 0.0002 * math.log(area) + 4.3e-5 * math.log(c_hydrogen)
    nernst = 1.229 - 8.5e-4 * (t - 298.15) + 4.308e-5 * t * (math.log(hydrogen) + 0.5 * math.log(oxygen))
    activation = stack.xi1 + xi2 * t + stack.xi3 * t * math.log(c_oxygen) + stack.xi4 * t * math.log(current)
    j = current / area
    rho = 181.6 * (1 + 0.03 * j + 0.062 * (t / 303) ** 2 * j**2.5)
    rho /= (stack.membrane_water - 0.634 - 3 * j) * math.exp(4.18 * (t - 303) / t)
    ohmic = current * (rho * stack.membrane_thickness * 100 / area + stack.electronic_resistance * 1e4 / area)
    limit = float(stack.limiting_current_density) / 1e4
    return nernst + activation - ohmic + stack.concentration_voltage * math.log(1 - j / limit)


def operate(cell, lost, expected):
    """Return hydrogen [kg/s] and usable heat [W] at a net power [W]."""
    plant, stack = cell.stacks, cell.stacks.stack
    number = cell.capacity / plant.power_per_stack * stack.cells

    def state(current):
        direct = number * current * (cell_voltage(stack, current) - lost)
        reacted = number * current * MOLAR_MASS / (2 * FARADAY)
        fed = reacted / plant.hydrogen_utilisation
        net = (
            direct * plant.inverter_efficiency
            - plant.auxiliary_power_per_capacity * cell.capacity
            - plant.auxiliary_per_hydrogen * fed
        )
        return net, fed, plant.usable_heat * (HHV * reacted - direct)

    low, high = 1e-3, float(stack.largest_current_density * stack.active_area)
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if state(middle)[0] < expected else (low, middle)
    return state(high)[1:]
