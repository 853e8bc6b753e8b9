"""Jiménez, Crespo and Migoya (2010), Wind Energy 13, 559-572: the wake of a turbine in yaw, by momentum and a top hat.

The angle of the wake to the wind is α = α₀ / s², α₀ = ½ Ct cos²γ sin γ, s = 1 + β x / D, and its centre stands at
the integral of tan α off the axis. Ct is the thrust coefficient over the wind normal to the rotor, as the curve states
it. (PyWake 2.6.20 takes the one over the wind, which holds cos²γ already, and so has it twice.) With the series of the
tangent the integral has a closed form,

    δ = D/β (F(1) - F(1/s)),  F(r) = α₀ r Σ t_n (α₀² r⁴)^n / (4 n + 1),  tan a = Σ t_n a^(2n+1),

which is summed until what is left out is below 1e-11 of δ for α₀ up to 0.24 (Ct = 1.2); its first two terms are those
of Gebraad et al. (2016), Wind Energy 19, 95-114.
"""

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_kernel, bare_part, plain_part
from testsite_kernels.wind.wake.bounds import OFFSET, OFFSET_GROWTH
from testsite_kernels.wind.wake.model import deflection_model
from testsite_kernels.wind.wake.state import (
    CURVE_THRUST,
    DEFLECTION_OWN,
    DOWNWIND,
    YAW_COSINE,
    YAW_SINE,
    Pair,
    Parameters,
    Steered,
)

# α₀; β / D [1/m]; D / β F(1) [m], at which the deflection ends.
ANGLE, PER_DISTANCE, LARGEST = DEFLECTION_OWN, DEFLECTION_OWN + 1, DEFLECTION_OWN + 2
# t_n / (4 n + 1), with the tangent's 1, 1/3, 2/15, 17/315, 62/2835, 1382/155925, 21844/6081075
_T1, _T2, _T3 = 1.0 / 15.0, 2.0 / 135.0, 17.0 / 4095.0
_T4, _T5, _T6 = 62.0 / 48195.0, 1382.0 / 3274425.0, 21844.0 / 152026875.0


@plain_part
def integral(angle: float, r: float) -> float:
    """Return F(r)."""
    u = angle * angle * r * r * r * r
    return angle * r * (1.0 + u * (_T1 + u * (_T2 + u * (_T3 + u * (_T4 + u * (_T5 + u * _T6))))))


@bare_kernel
def describe(
    k: int, lanes: int, parameters: Parameters, radius: float, thrust: Floats, intensity: Floats, steered: Steered
) -> None:
    """Write the angle at the rotor, how fast it falls, and where the deflection ends."""
    rows, per_distance = steered.rows, parameters.jimenez_expansion / (2.0 * radius)
    for lane in range(lanes):
        cosine, sine = rows[k, YAW_COSINE, lane], rows[k, YAW_SINE, lane]
        angle = 0.5 * rows[k, CURVE_THRUST, lane] * cosine * cosine * sine
        rows[k, ANGLE, lane], rows[k, PER_DISTANCE, lane] = angle, per_distance
        rows[k, LARGEST, lane] = integral(angle, 1.0) / per_distance


@bare_kernel
def bound(k: int, lanes: int, radius: float, steered: Steered, bounds: Floats) -> None:
    """Let the wake stand at most where it ends: the deflection grows with the distance, to D/β F(1)."""
    bounds[OFFSET, k] = bounds[OFFSET_GROWTH, k] = 0.0
    for lane in range(lanes):
        bounds[OFFSET, k] = max(bounds[OFFSET, k], abs(steered.rows[k, LARGEST, lane]))


@bare_part
def deflection(pair: Pair, lanes: int, state: Floats, steered: Steered, offset: Floats) -> None:
    """Fill the deflections of a pair, see `deflection_model`."""
    i, t, rows = pair.source, pair.target, steered.rows
    for lane in range(lanes):
        distance = max(state[t, DOWNWIND, lane] - state[i, DOWNWIND, lane], 0.0)
        per_distance = rows[i, PER_DISTANCE, lane]
        left = integral(rows[i, ANGLE, lane], 1.0 / (1.0 + per_distance * distance))
        offset[i, lane] = rows[i, LARGEST, lane] - left / per_distance


DEFLECTION = deflection_model("jimenez-2010", deflection=deflection, describe=describe, bound=bound)
