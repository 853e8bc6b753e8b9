"""Bastankhah and Porté-Agel (2016), J. Fluid Mech. 806, 506-541: the wake of a turbine in yaw, by its momentum.

As FLORIS 4 has it (`gauss`, without the effects that it adds: secondary steering, yaw-added recovery, transverse
velocities). With the thrust coefficient C over the wind, the yaw γ, the turbulence intensity I and the expansion rate
k = k_a I + k_b of the wake, it goes straight up to the end of the near wake at x₀ and bends back from there on
(eq. 6.12 and section 7 of the paper):

    θ = 0.3 γ / cos γ (1 - √(1 - C cos γ))
    x₀ / D = cos γ (1 + √(1 - C cos γ)) / (√2 (4 α I + 2 β (1 - √(1 - C))))
    δ = x tan θ                                                                                     for x ≤ x₀
    δ = x₀ tan θ + θ E₀ / 5.2 √(σ_y₀ σ_z₀ / (k² C)) ln((1.6 + √C)(1.6 m - √C) / ((1.6 - √C)(1.6 m + √C)))   beyond

    m² = σ_y σ_z / (σ_y₀ σ_z₀),  σ = σ₀ + k (x - x₀),  σ_z₀ = D/2 √(u_R / (1 + √(1 - C))),  σ_y₀ = σ_z₀ cos γ
    u_R = C cos γ / (2 (1 - √(1 - C cos γ))),  c = 1 - √(1 - C),  E₀ = c² - 3 e^(1/12) c + 3 e^(1/3)
"""

import math

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_kernel, bare_part
from testsite_kernels.numerics.lane_mathematics import logarithm
from testsite_kernels.wind.wake.bounds import OFFSET, OFFSET_GROWTH
from testsite_kernels.wind.wake.model import deflection_model
from testsite_kernels.wind.wake.state import DEFLECTION_OWN, DOWNWIND, YAW_COSINE, YAW_SINE, Pair, Parameters, Steered

ALPHA, BETA = 0.58, 0.077  # of the end of the near wake: α* / 4 and β* / 2 of eq. 7.3, 2.32 and 0.154
LEAST_THRUST, LARGEST_THRUST = 1e-4, 0.9999  # as FLORIS limits the thrust coefficient, which must be between 0 and 1
E_TO_A_TWELFTH, E_TO_A_THIRD = math.exp(1.0 / 12.0), math.exp(1.0 / 3.0)
# x₀ [m]; tan θ; the factor of the logarithm [m]; √C; σ_y₀, σ_z₀ [m]; k.
END_OF_NEAR, TANGENT, FACTOR, ROOT, WIDTH_Y, WIDTH_Z, EXPANSION = range(DEFLECTION_OWN, DEFLECTION_OWN + 7)


@bare_kernel
def describe(
    k: int, lanes: int, parameters: Parameters, radius: float, thrust: Floats, intensity: Floats, steered: Steered
) -> None:
    """Write where the near wake ends, its angle, and what the far wake depends on."""
    rows, diameter = steered.rows, 2.0 * radius
    for lane in range(lanes):
        cosine, yaw = rows[k, YAW_COSINE, lane], math.asin(rows[k, YAW_SINE, lane])
        c = min(max(thrust[lane], LEAST_THRUST), LARGEST_THRUST)
        root, skewed = math.sqrt(1.0 - c), math.sqrt(1.0 - c * cosine)
        angle = 0.3 * yaw / cosine * (1.0 - skewed)
        near = math.sqrt(2.0) * (4.0 * ALPHA * intensity[lane] + 2.0 * BETA * (1.0 - root))
        growth = parameters.deflection_expansion_per_intensity * intensity[lane] + parameters.deflection_expansion
        width_z = radius * math.sqrt(c * cosine / (2.0 * (1.0 - skewed)) / (1.0 + root))
        width_y = width_z * cosine
        deficit = 1.0 - root
        momentum = deficit * deficit - 3.0 * E_TO_A_TWELFTH * deficit + 3.0 * E_TO_A_THIRD
        rows[k, END_OF_NEAR, lane] = diameter * cosine * (1.0 + skewed) / near
        rows[k, TANGENT, lane] = math.tan(angle)
        rows[k, FACTOR, lane] = angle * momentum / 5.2 * math.sqrt(width_y * width_z / c) / growth
        rows[k, ROOT, lane] = math.sqrt(c)
        rows[k, WIDTH_Y, lane], rows[k, WIDTH_Z, lane] = width_y, width_z
        rows[k, EXPANSION, lane] = growth


@bare_kernel
def bound(k: int, lanes: int, radius: float, steered: Steered, bounds: Floats) -> None:
    """Let the wake stand at most where it ends: the deflection grows with the distance, as m does, without end."""
    rows, largest = steered.rows, 0.0
    for lane in range(lanes):
        root = rows[k, ROOT, lane]
        far = abs(rows[k, FACTOR, lane]) * math.log((1.6 + root) / (1.6 - root))
        largest = max(largest, rows[k, END_OF_NEAR, lane] * abs(rows[k, TANGENT, lane]) + far)
    bounds[OFFSET, k], bounds[OFFSET_GROWTH, k] = largest, 0.0


@bare_part
def deflection(pair: Pair, lanes: int, state: Floats, steered: Steered, offset: Floats) -> None:
    """Fill the deflections of a pair, see `deflection_model`."""
    i, t, rows = pair.source, pair.target, steered.rows
    for lane in range(lanes):
        distance = max(state[t, DOWNWIND, lane] - state[i, DOWNWIND, lane], 0.0)
        root, width_y, width_z = rows[i, ROOT, lane], rows[i, WIDTH_Y, lane], rows[i, WIDTH_Z, lane]
        grown = rows[i, EXPANSION, lane] * max(distance - rows[i, END_OF_NEAR, lane], 0.0)
        m = math.sqrt((width_y + grown) * (width_z + grown) / (width_y * width_z))
        ratio = (1.6 + root) * (1.6 * m - root) / ((1.6 - root) * (1.6 * m + root))
        near = rows[i, TANGENT, lane] * min(distance, rows[i, END_OF_NEAR, lane])
        offset[i, lane] = near + rows[i, FACTOR, lane] * logarithm(ratio)


DEFLECTION = deflection_model(
    "gaussian-2016", deflection=deflection, describe=describe, bound=bound, needs_turbulence=True
)
