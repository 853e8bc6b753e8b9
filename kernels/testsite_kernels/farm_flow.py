"""Farm flow by one sweep from upstream to downstream, with the wake of Bastankhah and Porté-Agel.

Source: Bastankhah, M. and Porté-Agel, F. (2014), A new analytical model for wind-turbine wakes, Renewable Energy 70,
116-123, with the induction polynomial of Madsen et al. (2020), Wind Energ. Sci. 5, 1-27, and squared-sum superposition.
"""

import math

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.compile_options import kernel, part

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

EXPANSION = 0.0324555  # growth of the wake's width per downstream distance
LARGEST_THRUST = 0.899  # the initial width is singular at a thrust coefficient of one


@part
def induction(thrust: float) -> float:
    """Return the axial induction of a thrust coefficient, Madsen et al. (2020), eq. 8."""
    return thrust * (0.2460 + thrust * (0.0586 + thrust * 0.0883))


@part
def deficit(downstream: float, lateral_squared: float, thrust: float, diameter: float) -> float:
    """Return the relative velocity deficit at a point behind a rotor, Bastankhah and Porté-Agel (2014), eq. 23."""
    root = math.sqrt(1.0 - min(LARGEST_THRUST, thrust))
    width = EXPANSION * downstream + 0.2 * math.sqrt((1.0 + root) / (2.0 * root)) * diameter
    squared = width * width
    centre = min(1.0, 2.0 * induction(thrust * diameter * diameter / (8.0 * squared)))
    return centre * math.exp(-lateral_squared / (2.0 * squared))


@part
def table_value(speed: float, speeds: Floats, values: Floats, first: int, last: int) -> float:
    """Interpolate linearly between the points first … last - 1 of a table, held constant beyond its ends."""
    if speed <= speeds[first]:
        return values[first]
    if speed >= speeds[last - 1]:
        return values[last - 1]
    low, high = first, last - 1
    while high - low > 1:
        middle = (low + high) // 2
        if speeds[middle] <= speed:
            low = middle
        else:
            high = middle
    share = (speed - speeds[low]) / (speeds[high] - speeds[low])
    return values[low] + share * (values[high] - values[low])


@kernel
def sweep_bastankhah(
    x: Floats,
    y: Floats,
    hub_height: Floats,
    diameter: Floats,
    table_start: Integers,
    table_speed: Floats,
    table_power: Floats,
    table_thrust: Floats,
    wind_speed: Floats,
    wind_direction: Floats,
    effective_speed: Floats,
    power: Floats,
    thrust: Floats,
) -> None:
    """Fill the effective wind speed, power and thrust coefficient of every turbine and time.

    Indices: t time, j target turbine, i source turbine upstream of j.

    Parameters
    ----------
    x, y, hub_height, diameter : ndarray, shape (turbines,)
        Position east and north, hub height, rotor diameter [m].
    table_start : ndarray, shape (turbines, 2)
        First and one past the last row of each turbine's table.
    table_speed, table_power, table_thrust : ndarray, shape (rows,)
        Tables end to end: wind speed [m/s], power [W], thrust coefficient. Power and thrust are zero outside a table.
    wind_speed : ndarray, shape (times, turbines)
        Undisturbed wind speed at each hub [m/s].
    wind_direction : ndarray, shape (times,)
        Where the wind comes from, clockwise from north [degree].
    effective_speed, power, thrust : ndarray, shape (times, turbines)
        Written: [m/s], [W], [1].
    """
    times, turbines = wind_speed.shape
    downwind = np.empty(turbines)
    crosswind = np.empty(turbines)
    for t in range(times):
        angle = math.radians(90.0 - wind_direction[t])
        cosine, sine = math.cos(angle), math.sin(angle)
        for j in range(turbines):
            downwind[j] = -cosine * x[j] - sine * y[j]
            crosswind[j] = sine * x[j] - cosine * y[j]
        order = np.argsort(downwind)
        for k in range(turbines):
            j = order[k]
            total = 0.0
            for m in range(k):
                i = order[m]
                distance = downwind[j] - downwind[i]
                if distance <= 0.0 or thrust[t, i] <= 0.0:
                    continue
                across = crosswind[j] - crosswind[i]
                up = hub_height[j] - hub_height[i]
                loss = wind_speed[t, j] * deficit(distance, across * across + up * up, thrust[t, i], diameter[i])
                total += loss * loss
            speed = wind_speed[t, j] - math.sqrt(total)
            first, last = table_start[j, 0], table_start[j, 1]
            effective_speed[t, j] = speed
            if table_speed[first] <= speed <= table_speed[last - 1]:
                power[t, j] = table_value(speed, table_speed, table_power, first, last)
                thrust[t, j] = table_value(speed, table_speed, table_thrust, first, last)
            else:
                power[t, j] = 0.0
                thrust[t, j] = 0.0
