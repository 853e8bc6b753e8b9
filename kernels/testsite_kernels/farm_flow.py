"""Farm flow by one sweep from upstream to downstream, over blocks of hours with like wind direction.

Wake: Bastankhah, M. and Porté-Agel, F. (2014), A new analytical model for wind-turbine wakes, Renewable Energy 70,
116-123, with the induction polynomial of Madsen et al. (2020), Wind Energ. Sci. 5, 1-27, and squared-sum superposition.

The hours of a block share the order of the turbines and the pairs that can matter; an hour is a SIMD lane, and the
loop over the lanes of a pair has neither branch nor call.
"""

import math

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.compile_options import contracted_kernel, part

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

EXPANSION = 0.0324555  # growth of the wake's width per downstream distance
LARGEST_THRUST = 0.899  # the initial width is singular at a thrust coefficient of one
LANES = 32
REACH = 6.9  # widths off the axis beyond which a wake is left out: exp(-6.9² / 2) = 5e-11
LARGEST_EXPONENT = 24.0  # exp(-24) = 4e-11


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


@contracted_kernel
def add_wake(
    east: float, north: float, up_squared: float, diameter: float,
    cosine: Floats, sine: Floats, width: Floats, thrust: Floats, total: Floats,
) -> None:  # fmt: skip
    """Add the squared relative deficit of one source at one target, lane by lane.

    Parameters
    ----------
    east, north, up_squared : float
        Target minus source [m], and the squared difference of the hub heights [m²].
    diameter : float
        Rotor diameter of the source [m].
    cosine, sine : ndarray, shape (lanes,)
        Of the direction that the wind blows to.
    width, thrust : ndarray, shape (lanes,)
        Initial wake width [m] and thrust coefficient of the source; no thrust, no wake.
    total : ndarray, shape (lanes,)
        Added to.
    """
    for lane in range(total.size):
        distance = cosine[lane] * east + sine[lane] * north
        across = cosine[lane] * north - sine[lane] * east
        sigma = EXPANSION * max(distance, 0.0) + width[lane]
        inverse = 1.0 / (sigma * sigma)
        spread = thrust[lane] * diameter * diameter * 0.125 * inverse
        centre = min(1.0, 2.0 * spread * (0.2460 + spread * (0.0586 + spread * 0.0883)))
        # exp(-z) as the 64th power of the Taylor series of exp(-z / 64), within 3e-11 for z up to 24.
        z = min(0.5 * (across * across + up_squared) * inverse, LARGEST_EXPONENT) * (-1.0 / 64.0)
        series = 1.0 + z * (1.0 + z * (1 / 2 + z * (1 / 6 + z * (1 / 24 + z * (1 / 120 + z * (
            1 / 720 + z * (1 / 5040 + z * (1 / 40320 + z * (1 / 362880 + z * (1 / 3628800))))))))))  # fmt: skip
        power = series * series
        power *= power
        power *= power
        power *= power
        power *= power
        power *= power
        deficit = centre * power if distance > 0.0 else 0.0
        total[lane] += deficit * deficit


@part
def initial_width(thrust: float, diameter: float) -> float:
    """Return the width of a wake at its rotor [m], Bastankhah and Porté-Agel (2014), eq. 21."""
    root = math.sqrt(1.0 - min(LARGEST_THRUST, thrust))
    return 0.2 * math.sqrt((1.0 + root) / (2.0 * root)) * diameter


@contracted_kernel
def sweep_bastankhah(
    x: Floats, y: Floats, hub_height: Floats, diameter: Floats,
    table_start: Integers, table_speed: Floats, table_power: Floats, table_thrust: Floats,
    wind_speed: Floats, wind_direction: Floats, density_factor: Floats,
    times: Integers, block_start: Integers,
    effective_speed: Floats, power: Floats, thrust: Floats,
) -> None:  # fmt: skip
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
    density_factor : ndarray, shape (times, turbines)
        What scales the wind speed for the power curve: the cube root of the air density over that of the curve.
    times : ndarray, shape (hours,)
        Which times to fill, in the order of the blocks.
    block_start : ndarray, shape (blocks + 1,)
        First place in `times` of each block, at most `LANES` long, and the end. The directions of a block differ so
        little that turbines which pass each other in the order do not see each other's wakes.
    effective_speed, power, thrust : ndarray, shape (times, turbines)
        Written: [m/s], [W], [1].
    """
    turbines = x.size
    cosine, sine, total = np.empty(LANES), np.empty(LANES), np.empty(LANES)
    lane_thrust, lane_width = np.zeros((turbines, LANES)), np.ones((turbines, LANES))
    for block in range(block_start.size - 1):
        begin = block_start[block]
        lanes = block_start[block + 1] - begin
        for lane in range(lanes):
            angle = math.radians(90.0 - wind_direction[times[begin + lane]])
            cosine[lane], sine[lane] = -math.cos(angle), -math.sin(angle)
        along, sideways = np.sum(cosine[:lanes]) / lanes, np.sum(sine[:lanes]) / lanes
        length = math.hypot(along, sideways)
        along, sideways = along / length, sideways / length
        turn = 0.0  # sine of the largest angle between a lane and the middle of the block
        for lane in range(lanes):
            turn = max(turn, abs(cosine[lane] * sideways - sine[lane] * along))
        order = np.argsort(along * x + sideways * y)
        for k in range(turbines):
            j = order[k]
            total[:] = 0.0
            for m in range(k):
                i = order[m]
                east, north = x[j] - x[i], y[j] - y[i]
                distance = along * east + sideways * north
                across = abs(along * north - sideways * east)
                widest = initial_width(LARGEST_THRUST, diameter[i]) + EXPANSION * (distance + across * turn)
                if across - distance * turn < REACH * widest:
                    up = hub_height[j] - hub_height[i]
                    add_wake(
                        east, north, up * up, diameter[i], cosine[:lanes], sine[:lanes],
                        lane_width[i, :lanes], lane_thrust[i, :lanes], total[:lanes],
                    )  # fmt: skip
            first, last = table_start[j, 0], table_start[j, 1]
            for lane in range(lanes):
                t = times[begin + lane]
                speed = wind_speed[t, j] * (1.0 - math.sqrt(total[lane]))
                coefficient, generated = 0.0, 0.0
                if table_speed[first] <= speed <= table_speed[last - 1]:
                    generated = table_value(speed * density_factor[t, j], table_speed, table_power, first, last)
                    coefficient = table_value(speed, table_speed, table_thrust, first, last)
                lane_width[j, lane], lane_thrust[j, lane] = initial_width(coefficient, diameter[j]), coefficient
                effective_speed[t, j], power[t, j], thrust[t, j] = speed, generated, coefficient


@contracted_kernel
def sweep_without_wakes(
    x: Floats, y: Floats, hub_height: Floats, diameter: Floats,
    table_start: Integers, table_speed: Floats, table_power: Floats, table_thrust: Floats,
    wind_speed: Floats, wind_direction: Floats, density_factor: Floats,
    times: Integers, block_start: Integers,
    effective_speed: Floats, power: Floats, thrust: Floats,
) -> None:  # fmt: skip
    """Fill what every turbine gives standing alone; the arguments are those of `sweep_bastankhah`."""
    for t in times:
        for j in range(x.size):
            first, last = table_start[j, 0], table_start[j, 1]
            speed = wind_speed[t, j]
            coefficient, generated = 0.0, 0.0
            if table_speed[first] <= speed <= table_speed[last - 1]:
                generated = table_value(speed * density_factor[t, j], table_speed, table_power, first, last)
                coefficient = table_value(speed, table_speed, table_thrust, first, last)
            effective_speed[t, j], power[t, j], thrust[t, j] = speed, generated, coefficient
