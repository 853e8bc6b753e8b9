"""Slow and plain: the Bastankhah wake of one case, in NumPy."""

import numpy as np

ABREAST = 1e-6  # [m] along the wind, up to which neither of two turbines stands in the wake of the other


def bastankhah_case(x, y, diameter, speeds, powers, thrusts, wind_speed, wind_direction):
    """Return effective wind speed, power and thrust coefficient of each turbine (one type, one hub height).

    `wind_direction` is one, or one for each turbine; a wake follows that of its source.
    """
    east = np.broadcast_to(-np.cos(np.deg2rad(90.0 - wind_direction)), x.shape)
    north = np.broadcast_to(-np.sin(np.deg2rad(90.0 - wind_direction)), x.shape)
    order = np.argsort(east.mean() * x + north.mean() * y)
    effective, thrust = np.zeros(x.size), np.zeros(x.size)
    for j in order:
        downwind = east * (x[j] - x) + north * (y[j] - y)
        up = np.flatnonzero((downwind > ABREAST) & (thrust > 0.0))
        root = np.sqrt(1.0 - np.minimum(0.899, thrust[up]))
        width = 0.0324555 * downwind[up] + 0.2 * np.sqrt((1 + root) / (2 * root)) * diameter
        reduced = thrust[up] * diameter**2 / (8.0 * width**2)
        induced = reduced * (0.2460 + reduced * (0.0586 + reduced * 0.0883))
        lateral = (east * (y[j] - y) - north * (x[j] - x))[up]
        loss = wind_speed * np.minimum(1.0, 2.0 * induced) * np.exp(-(lateral**2) / (2.0 * width**2))
        effective[j] = wind_speed - np.sqrt(np.sum(loss**2))
        thrust[j] = np.interp(effective[j], speeds, thrusts, left=0.0, right=0.0)
    return effective, np.interp(effective, speeds, powers, left=0.0, right=0.0), thrust
