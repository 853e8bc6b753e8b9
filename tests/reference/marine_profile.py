"""The wind profile over sea in plain NumPy, all states at once: COARE 3.5 and Peña, Gryning and Hasager (2008).

In stable air φ_m - 1 is integrated by a quadrature, which shares no closed form with the kernel.
"""

from typing import Any

import numpy as np


def momentum(zeta: Any) -> Any:
    """ψ_m: Beljaars and Holtslag (1991) where stable, Fairall et al. (1996) with Grachev et al. (2000) where not."""
    stable, unstable = np.maximum(zeta, 0.0), np.minimum(zeta, 0.0)
    warm = -(0.7 * stable + 0.75 * (stable - 5 / 0.35) * np.exp(-0.35 * stable) + 0.75 * 5 / 0.35)
    x = (1 - 15 * unstable) ** 0.25
    near = 2 * np.log((1 + x) / 2) + np.log((1 + x * x) / 2) - 2 * np.arctan(x) + np.pi / 2
    return np.where(zeta < 0, _blended(near, unstable, 10.15), warm)


def heat(zeta: Any) -> Any:
    """ψ_h of the same sources."""
    stable, unstable = np.maximum(zeta, 0.0), np.minimum(zeta, 0.0)
    warm = -((1 + 2 / 3 * stable) ** 1.5 + 2 / 3 * (stable - 5 / 0.35) * np.exp(-0.35 * stable) + 2 / 3 * 5 / 0.35 - 1)
    near = 2 * np.log((1 + np.sqrt(1 - 15 * unstable)) / 2)
    return np.where(zeta < 0, _blended(near, unstable, 34.15), warm)


def _blended(near: Any, zeta: Any, constant: float) -> Any:
    x = np.cbrt(1 - constant * zeta)
    free = 1.5 * np.log((1 + x + x * x) / 3) - np.sqrt(3) * np.arctan((1 + 2 * x) / np.sqrt(3)) + np.pi / np.sqrt(3)
    weight = zeta**2 / (1 + zeta**2)
    return (1 - weight) * near + weight * free


def surface(speed: Any, air: Any, sea: Any, humidity: Any, level: float, at: float, hpa: float, gravity: float) -> Any:
    """Return u*, z0, 1/L: the bulk fluxes iterated a hundred times with a tenth of each step."""
    saturated = lambda t: 6.1121 * np.exp(17.502 * t / (240.97 + t)) * (1.0007 + hpa * 3.46e-6)  # noqa: E731
    salt, moist = 0.98 * saturated(sea), humidity * saturated(air)
    wetter = 0.622 * salt / (hpa - 0.378 * salt) - 0.62197 * moist / (hpa - 0.378 * moist)
    kelvin = air + 273.16
    virtual = sea - air - 0.0098 * at + 0.61 * kelvin * wetter
    nu = 1.326e-5 * (1 + 6.542e-3 * air + 8.301e-6 * air**2 - 4.84e-9 * air**3)
    gusty, inverse = np.hypot(speed, 0.5), np.zeros_like(speed)
    friction, alpha = 0.035 * gusty, 0.011
    for _ in range(300):
        z0 = np.maximum(alpha * friction**2 / gravity + 0.11 * nu / friction, 1e-6)
        thermal = np.minimum(1.6e-4, 5.8e-5 / (z0 * friction / nu) ** 0.72)
        friction = 0.4 * gusty / (np.log(level / z0) - momentum(level * inverse))
        scale = -virtual * 0.4 / (np.log(at / thermal) - heat(at * inverse))
        buoyancy = -gravity / kelvin * friction * scale
        gusty = np.hypot(speed, np.where(buoyancy > 0, 1.2 * np.maximum(buoyancy * 600, 0.0) ** 0.333, 0.2))
        found = np.minimum(0.4 * gravity / kelvin * scale / friction**2, 10.0 / level)
        inverse = inverse + 0.2 * (found - inverse)
        neutral = friction / 0.4 * speed / gusty * np.log(10 / z0)
        alpha = 0.0017 * np.minimum(neutral, 19) - 0.005
    return friction, z0, inverse


def excess(zeta: Any) -> Any:
    """φ_m - 1 where stable, from -ζ dψ_m/dζ of Beljaars and Holtslag (1991)."""
    return zeta * (0.7 + 0.75 * np.exp(-0.35 * zeta) * (1 + 5 - 0.35 * zeta))


def stable_term(height: Any, inverse: Any, depth: Any) -> Any:
    """∫ (φ_m - 1) (1 - z/z_i) dz/z from the sea to a height within the layer, by 64 panels of 20 Gauss points."""
    nodes, weights = np.polynomial.legendre.leggauss(20)
    places = (np.arange(64)[:, None] + 0.5 * (nodes + 1)).ravel() / 64
    z = np.minimum(height, depth)[..., None] * places
    slope = excess(z * np.asarray(inverse)[..., None]) / z * (1 - z / np.asarray(depth)[..., None])
    return (slope * np.tile(weights / 128, 64)).sum(axis=-1) * np.minimum(height, depth)


def ratio(height: float, level: float, friction: Any, z0: Any, inverse: Any, coriolis: float, factor: float) -> Any:
    """Return U(height) / U(level), the boundary layer C u*/f deep."""
    depth = np.maximum(factor * friction / coriolis, 1.0)

    def profile(z: float) -> Any:
        stable = stable_term(z, np.maximum(inverse, 0.0), depth)
        return np.log(z / z0) + np.where(inverse > 0, stable, -momentum(z * inverse))

    return profile(height) / profile(level)
