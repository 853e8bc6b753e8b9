"""The wind profile over sea: bulk fluxes by COARE 3.5, Monin-Obukhov similarity, a boundary layer of finite depth.

Bulk fluxes: Fairall et al. (2003), J. Climate 16, 571-591, with the drag of Edson et al. (2013), J. Physical
Oceanography 43, 1589-1610; the sea's temperature is that of its skin. Profile: Peña, Gryning and Hasager (2008),
Boundary-Layer Meteorology 129, 479-495: the stress falls linearly to zero at the top of the boundary layer, so that in
stable air φ_m - 1 is weighted by 1 - z/z_i; its depth is that of Rossby and Montgomery (1935), z_i = C u*/f.
"""

import math
from typing import NamedTuple

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import kernel, part
from testsite_kernels.numerics.constants import COARE_ZERO_CELSIUS, STANDARD_GRAVITY
from testsite_kernels.weather.stability import heat_stability, momentum_stability, stable_excess

KARMAN = 0.4
GUST_DEPTH = 600.0  # of the convective boundary layer that makes gusts, the default of COARE [m]
ITERATIONS = 20  # ten in COARE; twice as many where the air is nearly calm and warm
LARGEST_STABILITY = 10.0  # z/L, up to which Beljaars and Holtslag (1991) had data


class Air(NamedTuple):
    """One state of air and sea: wind speed and its height, air temperature and its height, humidity, sea."""

    speed: float  # [m/s]
    height: float  # [m]
    temperature: float  # [°C]
    temperature_height: float  # [m]
    humidity: float  # relative [1]
    sea: float  # [°C]
    pressure: float  # [hPa]
    gravity: float  # [m/s²]


class Surface(NamedTuple):
    """What the bulk fluxes give."""

    friction: float  # u* with gusts [m/s]
    roughness: float  # z0 [m]
    inverse_length: float  # 1/L [1/m]
    gusts: float  # speed with gusts over the mean speed [1]


@part
def saturation_pressure(temperature: float, pressure: float) -> float:
    """Return the pressure of saturated vapour [hPa] at °C and hPa: Buck (1981), J. Applied Meteorology 20, 1527."""
    return 6.1121 * math.exp(17.502 * temperature / (240.97 + temperature)) * (1.0007 + pressure * 3.46e-6)


@part
def charnock(neutral: float) -> float:
    """Return Charnock's parameter by the neutral wind speed at 10 m [m/s]: Edson et al. (2013), constant from 19 on.

    Below 3 m/s, where the line is negative, COARE 3.5 lets it be so; the smooth part of z0 is then the larger.
    """
    return 0.0017 * min(neutral, 19.0) - 0.005


@part
def surface_layer(air: Air, roughness_factor: float) -> Surface:
    """Return friction velocity, roughness and Obukhov length of a state; `roughness_factor` multiplies Charnock's."""
    vapour = 0.98 * saturation_pressure(air.sea, air.pressure)  # over salt water
    humid_sea = 0.622 * vapour / (air.pressure - 0.378 * vapour)
    vapour = air.humidity * saturation_pressure(air.temperature, air.pressure)
    humid_air = 0.62197 * vapour / (air.pressure - 0.378 * vapour)
    t = air.temperature
    kelvin = t + COARE_ZERO_CELSIUS
    viscosity = 1.326e-5 * (1.0 + 6.542e-3 * t + 8.301e-6 * t * t - 4.84e-9 * t * t * t)
    warmer = air.sea - t - 0.0098 * air.temperature_height  # of the sea, potential
    wetter = humid_sea - humid_air
    mean = max(air.speed, 0.1)
    gusty = math.sqrt(mean * mean + 0.25)
    friction = 0.035 * gusty * math.log(10.0 / 1e-4) / math.log(air.height / 1e-4)
    alpha, inverse, roughness = 0.011, 0.0, 1e-4
    most = LARGEST_STABILITY / air.height
    for iteration in range(ITERATIONS):
        rough = roughness_factor * alpha * friction * friction / air.gravity
        roughness = max(rough + 0.11 * viscosity / friction, 1e-6)
        thermal = min(1.6e-4, 5.8e-5 / (roughness * friction / viscosity) ** 0.72)
        friction = gusty * KARMAN / (math.log(air.height / roughness) - momentum_stability(air.height * inverse))
        exchange = KARMAN / (
            math.log(air.temperature_height / thermal) - heat_stability(air.temperature_height * inverse)
        )
        scale = -(warmer + 0.61 * kelvin * wetter) * exchange  # virtual temperature
        buoyancy = -air.gravity / kelvin * friction * scale
        gust = 1.2 * (buoyancy * GUST_DEPTH) ** 0.333 if buoyancy > 0.0 else 0.2
        gusty = math.sqrt(mean * mean + gust * gust)
        found = min(KARMAN * air.gravity / kelvin * scale / (friction * friction), most)
        # in stable air the plain iteration jumps between two states: half the way is taken
        inverse = found if found < 0.0 or iteration == 0 else 0.5 * (found + max(inverse, 0.0))
        alpha = charnock(friction / KARMAN * mean / gusty * math.log(10.0 / roughness))
    return Surface(friction, roughness, inverse, gusty / mean)


class Measured(NamedTuple):
    """Wind speed [m/s] at a level [m]; air temperature [°C] at its height [m], humidity [1], sea [°C], pressure [hPa].

    Shapes: all but the heights (time).
    """

    speed: Floats
    level: float
    temperature: Floats
    temperature_height: float
    humidity: Floats
    sea: Floats
    pressure: Floats


class Layer(NamedTuple):
    """The boundary layer: Coriolis parameter [1/s], its depth over u*/f, factor of the roughness of the sea."""

    coriolis: float
    depth_factor: float
    roughness_factor: float


class Spread(NamedTuple):
    """What is not known of the air temperature: offsets [K] and weights of sum one, nodes of a quadrature (nodes)."""

    offsets: Floats
    weights: Floats


@part
def reduced_speed(height: float, surface: Surface, depth: float) -> float:
    """Return κ U / u* at a height: ln(z/z0) - ψ_m(z/L), in stable air ln(z/z0) + ∫ (φ_m - 1) (1 - z/z_i) dz/z.

    The integral from the sea up is -ψ_m(ζ) - (1/ζ_i) ∫ (φ_m - 1) dζ, ζ_i = z_i/L; with φ_m = 1 + b ζ it is the factor
    1 - z/(2 z_i) of Peña et al. (2008). Above the boundary layer, of depth z_i, it stays as it is at its top.
    """
    zeta = min(height, depth) * surface.inverse_length
    if zeta <= 0.0:
        return math.log(height / surface.roughness) - momentum_stability(height * surface.inverse_length)
    weakened = stable_excess(zeta) / (depth * surface.inverse_length)
    return math.log(height / surface.roughness) - momentum_stability(zeta) - weakened


@kernel
def speed_ratios(
    measured: Measured, layer: Layer, spread: Spread, heights: Floats, ratios: Floats, inverse_length: Floats
) -> None:
    """Fill the ratio of the wind speed at heights to that at a level, and 1/L [1/m].

    Shapes: heights [m] (heights); ratios (time, heights); inverse_length (time). Both are means over the nodes of what
    is not known of the air temperature.
    """
    for t in range(measured.speed.size):
        ratios[t, :] = 0.0
        inverse_length[t] = 0.0
        for node in range(spread.offsets.size):
            air = Air(
                measured.speed[t],
                measured.level,
                measured.temperature[t] + spread.offsets[node],
                measured.temperature_height,
                measured.humidity[t],
                measured.sea[t],
                measured.pressure[t],
                STANDARD_GRAVITY,
            )
            surface = surface_layer(air, layer.roughness_factor)
            depth = max(layer.depth_factor * surface.friction / layer.coriolis, 1.0)
            base = reduced_speed(measured.level, surface, depth)
            for k in range(heights.size):
                ratios[t, k] += spread.weights[node] * reduced_speed(heights[k], surface, depth) / base
            inverse_length[t] += spread.weights[node] * surface.inverse_length
