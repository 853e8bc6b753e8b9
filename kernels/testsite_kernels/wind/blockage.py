"""The wind speed that the induction of turbines takes from those upstream and next to them.

Source: Troldborg and Meyer Forsting (2017), A simple model of the wind turbine induction zone derived from numerical
simulations, Wind Energy 20, 2011-2020: eq. 5 to 8 and 13, with the induction of Madsen et al. (2020) at the thrust
coefficient times γ. Upstream of the rotor plane only; the inductions of several turbines add up.
"""

import math

import numpy as np

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import contracted_kernel, inlined_part
from testsite_kernels.numerics.lane_mathematics import LANES, exp_of_minus
from testsite_kernels.wind.block import Turbines
from testsite_kernels.wind.wake.state import induction_madsen

GAMMA, LAMBDA, ETA, BETA = 1.1, 0.587, 1.32, math.sqrt(2.0)
ALPHA = 8.0 / 9.0
TWO_TO_ALPHA = 2.0**ALPHA
LARGEST_EXPONENT = 48.0
# (1 + e) to the power of -8/9 in 2 e - 1, e from 0 to 1; error below 2e-10
_S0, _S1, _S2, _S3, _S4, _S5, _S6, _S7, _S8, _S9, _S10, _S11, _S12 = (
    0.6973879457621434,
    -0.2066334640120254,
    0.06505127568507924,
    -0.02088069555955747,
    0.006766892342703216,
    -0.002205192346087212,
    0.0007214506882197594,
    -0.000237740480595274,
    7.814836176536655e-05,
    -2.3937762337461896e-05,
    7.888647249070078e-06,
    -4.0349954724184334e-06,
    1.3331959336501988e-06,
)


@inlined_part
def hyperbolic_secant_to_alpha(z: float) -> float:
    """Return (1 / cosh z) to the power of 8/9, z ≥ 0; absolute error below 3e-10."""
    decay = exp_of_minus(min(ALPHA * z, LARGEST_EXPONENT))
    u = 2.0 * exp_of_minus(min(2.0 * z, LARGEST_EXPONENT)) - 1.0
    rest = _S0 + u * (
        _S1
        + u
        * (
            _S2
            + u
            * (
                _S3
                + u
                * (_S4 + u * (_S5 + u * (_S6 + u * (_S7 + u * (_S8 + u * (_S9 + u * (_S10 + u * (_S11 + u * _S12))))))))
            )
        )
    )
    return TWO_TO_ALPHA * decay * rest


@contracted_kernel
def add_induction(
    i: int, j: int, turbines: Turbines, lanes: int, cosine: Floats, sine: Floats, strength: Floats, total: Floats
) -> None:
    """Add to `total`, shape (lanes,), the wind speed that turbine i takes at turbine j upstream of it [m/s]."""
    east, north = turbines.x[j] - turbines.x[i], turbines.y[j] - turbines.y[i]
    up = turbines.hub_height[j] - turbines.hub_height[i]
    r = min(i, cosine.shape[0] - 1)
    inverse = 2.0 / turbines.diameter[i]
    for lane in range(lanes):
        distance = (cosine[r, lane] * east + sine[r, lane] * north) * inverse
        across = cosine[r, lane] * north - sine[r, lane] * east
        aside = math.sqrt(across * across + up * up) * inverse
        half = math.sqrt(LAMBDA * (ETA + distance * distance))
        along = 1.0 + distance / math.sqrt(1.0 + distance * distance)
        value = strength[i, lane] * along * hyperbolic_secant_to_alpha(BETA * aside / half)
        total[lane] += value if distance < -1e-10 else 0.0


@contracted_kernel
def self_similar_blockage(
    turbines: Turbines, wind_speed: Floats, wind_direction: Floats, thrust: Floats, blocked: Floats
) -> None:
    """Fill the wind speed that the induction of all turbines takes at each.

    Parameters
    ----------
    turbines : Turbines
        The farm.
    wind_speed, wind_direction : ndarray, shape (times, turbines) or (times, 1)
        Undisturbed wind [m/s], [degree].
    thrust : ndarray, shape (times, turbines)
        Thrust coefficients.
    blocked : ndarray, shape (times, turbines)
        Written [m/s].
    """
    count, times = turbines.x.size, thrust.shape[0]
    headings, speeds = wind_direction.shape[1], wind_speed.shape[1]
    cosine, sine = np.empty((headings, LANES)), np.empty((headings, LANES))
    strength, total = np.empty((count, LANES)), np.empty(LANES)
    for begin in range(0, times, LANES):
        for lane in range(LANES):
            t = min(begin + lane, times - 1)
            for r in range(headings):
                angle = math.radians(90.0 - wind_direction[t, r])
                cosine[r, lane], sine[r, lane] = -math.cos(angle), -math.sin(angle)
            for i in range(count):
                strength[i, lane] = wind_speed[t, min(i, speeds - 1)] * induction_madsen(GAMMA * thrust[t, i])
        for j in range(count):
            for lane in range(LANES):
                total[lane] = 0.0
            for i in range(count):
                if i != j:
                    add_induction(i, j, turbines, LANES, cosine, sine, strength, total)
            for lane in range(min(LANES, times - begin)):
                blocked[begin + lane, j] = total[lane]
