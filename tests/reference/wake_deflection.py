"""Slow and plain: the ways of the wakes of turbines that are turned out of the wind, in NumPy, and a farm with them.

Deflections are above zero to the right of the axis, looking downwind, where the yaw [degree] is above zero.
"""

import numpy as np
from scipy.integrate import quad

ABREAST = 1e-6  # [m] along the wind, up to which neither of two turbines stands in the wake of the other


def jimenez(x, yaw, curve_thrust, diameter, beta=0.1):
    """Return the deflection [m] at x downstream [m], by quadrature of the tangent of the angle of the wake."""
    gamma = np.radians(yaw)
    angle = 0.5 * curve_thrust * np.cos(gamma) ** 2 * np.sin(gamma)
    return quad(lambda z: np.tan(angle / (1.0 + beta * z / diameter) ** 2), 0.0, max(x, 0.0), epsabs=1e-12, limit=200)[
        0
    ]


def gaussian(x, yaw, thrust, diameter, intensity, rate=0.004, rate_per_intensity=0.38):
    """Return the deflection [m] at x downstream [m], by the formulas of Bastankhah and Porté-Agel (2016) in FLORIS."""
    gamma, c, k = np.radians(yaw), min(max(thrust, 1e-4), 0.9999), rate + rate_per_intensity * intensity
    theta = 0.3 * gamma / np.cos(gamma) * (1.0 - np.sqrt(1.0 - c * np.cos(gamma)))
    end = diameter * np.cos(gamma) * (1.0 + np.sqrt(1.0 - c * np.cos(gamma)))
    end /= np.sqrt(2.0) * (2.32 * intensity + 0.154 * (1.0 - np.sqrt(1.0 - c)))
    if x <= end:
        return max(x, 0.0) * np.tan(theta)
    at_rotor = c * np.cos(gamma) / (2.0 * (1.0 - np.sqrt(1.0 - c * np.cos(gamma))))
    sigma_z0 = 0.5 * diameter * np.sqrt(at_rotor / (1.0 + np.sqrt(1.0 - c)))
    sigma_y0 = sigma_z0 * np.cos(gamma)
    sigma_y, sigma_z = sigma_y0 + k * (x - end), sigma_z0 + k * (x - end)
    c0 = 1.0 - np.sqrt(1.0 - c)
    m0, e0 = c0 * (2.0 - c0), c0**2 - 3.0 * np.exp(1.0 / 12.0) * c0 + 3.0 * np.exp(1.0 / 3.0)
    grown, root = np.sqrt(sigma_y * sigma_z / (sigma_y0 * sigma_z0)), np.sqrt(m0)
    logarithm = np.log((1.6 + root) * (1.6 * grown - root) / ((1.6 - root) * (1.6 * grown + root)))
    return end * np.tan(theta) + theta * e0 / 5.2 * np.sqrt(sigma_y0 * sigma_z0 / (k**2 * m0)) * logarithm


def yawed_case(x, y, diameter, curves, exponents, yaw, wind, model):
    """Return effective wind speed, power and thrust coefficient of each turbine with Bastankhah's wakes (2014).

    `curves`: wind speeds, powers, thrusts; `exponents`: of power and thrust; `wind`: speed [m/s], direction [degree]
    and turbulence intensity; `model`: `jimenez-2010`, `gaussian-2016` or `none`.
    """
    (speeds, powers, thrusts), (speed, direction, intensity) = curves, wind
    east, north = -np.cos(np.deg2rad(90.0 - direction)), -np.sin(np.deg2rad(90.0 - direction))
    cosine = np.cos(np.radians(yaw))
    effective, power, thrust, of_curve = (np.zeros(x.size) for _ in range(4))
    for j in np.argsort(east * x + north * y):
        squares = 0.0
        for i in range(x.size):
            downwind = east * (x[j] - x[i]) + north * (y[j] - y[i])
            if downwind <= ABREAST or thrust[i] <= 0.0:
                continue
            offset = {
                "jimenez-2010": lambda i=i, d=downwind: jimenez(d, yaw[i], of_curve[i], diameter),
                "gaussian-2016": lambda i=i, d=downwind: gaussian(d, yaw[i], thrust[i], diameter, intensity),
                "none": lambda: 0.0,
            }[model]()
            across = east * (y[j] - y[i]) - north * (x[j] - x[i]) + offset
            root = np.sqrt(1.0 - min(0.899, thrust[i]))
            width = 0.0324555 * downwind + 0.2 * np.sqrt((1 + root) / (2 * root)) * diameter
            reduced = thrust[i] * diameter**2 / (8.0 * width**2)
            induced = reduced * (0.2460 + reduced * (0.0586 + reduced * 0.0883))
            squares += (speed * min(1.0, 2.0 * induced) * np.exp(-(across**2) / (2.0 * width**2))) ** 2
        effective[j] = speed - np.sqrt(squares)
        felt = effective[j] * cosine[j] ** (exponents[0] / 3.0) if effective[j] < speeds[-1] else effective[j]
        power[j] = np.interp(felt, speeds, powers, left=0.0, right=0.0)
        of_curve[j] = np.interp(felt, speeds, thrusts, left=0.0, right=0.0)
        thrust[j] = of_curve[j] * cosine[j] ** exponents[1]
    return effective, power, thrust
