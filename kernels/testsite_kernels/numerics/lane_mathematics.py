"""Functions of the mathematical library without branch or call, so that a loop over lanes that uses them is vectorised.

exp and logarithm work on the bits of a number: its exponent is read and written as an integer. The coefficients are
Chebyshev fits; the errors stated were measured over the whole range.
"""

import math

import numpy as np

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_part, inlined_part, lane_part, plain_part, separate_part

LANES = 32  # four registers of eight; a block of fewer than nine hours takes one

LOG_2 = math.log(2.0)
PER_LOG_2 = 1.0 / LOG_2
ROUNDS = 6755399441055744.0  # 1.5 · 2⁵²: added to a number, the last bits hold it as an integer
LARGEST_EXPONENT = 700.0  # exp(-700) = 1e-304
ROOT_OF_HALF = 0x3FE6A09E667F3BCD  # the bits of √½
MANTISSA = 52

_EXP_2, _EXP_3, _EXP_4, _EXP_5, _EXP_6, _EXP_7, _EXP_8 = (
    0.5,
    0.16666666719028975,
    0.0416666667190005,
    0.008333298469798037,
    0.001388885403878417,
    0.00019899285572286938,
    2.4859587841334356e-05,
)
# logarithm of (1 + s) / (1 - s) over s in s²
_LOG_0, _LOG_1, _LOG_2, _LOG_3, _LOG_4, _LOG_5 = (
    1.9999999999999474,
    0.6666666667958301,
    0.3999999488804548,
    0.285721666826147,
    0.221742236294731,
    0.19608517690008506,
)
# arc tangent over z in z², z up to 1, and up to 1/3
_TAN_0, _TAN_1, _TAN_2, _TAN_3, _TAN_4, _TAN_5, _TAN_6, _TAN_7, _TAN_8, _TAN_9, _TAN_10, _TAN_11, _TAN_12 = (
    0.9999999999901037,
    -0.33333332993061543,
    0.19999980291317962,
    -0.1428526158565312,
    0.11105648806917416,
    -0.09051100104182826,
    0.07502109292556387,
    -0.06038278894076496,
    0.043898838699262685,
    -0.02626755050482952,
    0.011599753209095755,
    -0.003260536644431091,
    0.0004300105170480855,
)
SMALL = 1.0 / 3.0
_ARC_0, _ARC_1, _ARC_2, _ARC_3, _ARC_4, _ARC_5, _ARC_6 = (
    0.9999999999987771,
    -0.33333333225370404,
    0.19999984373764643,
    -0.1428486185787147,
    0.11088795554444097,
    -0.08786619195400404,
    0.055614317711887566,
)


@lane_part
def exp_of_minus(z: float) -> float:
    """Return exp(-z) for z ≥ 0; relative error below 5e-12 up to 700, beyond that exp(-700)."""
    y = min(z, LARGEST_EXPONENT)
    shifted = y * (-PER_LOG_2) + ROUNDS
    r = (shifted - ROUNDS) * (-LOG_2) - y
    series = 1.0 + r * (
        1.0 + r * (_EXP_2 + r * (_EXP_3 + r * (_EXP_4 + r * (_EXP_5 + r * (_EXP_6 + r * (_EXP_7 + r * _EXP_8))))))
    )
    exponent = np.float64(shifted).view(np.int64) << MANTISSA
    return np.int64(np.float64(series).view(np.int64) + exponent).view(np.float64)


@plain_part
def logarithm(w: float) -> float:
    """Return the natural logarithm of w > 0, no denormal number; absolute error below 1e-13."""
    bits = np.float64(w).view(np.int64)
    exponent = (bits - ROOT_OF_HALF) >> MANTISSA
    mantissa = np.int64(bits - (exponent << MANTISSA)).view(np.float64)  # from √½ to √2
    s = (mantissa - 1.0) / (mantissa + 1.0)
    t = s * s
    series = s * (_LOG_0 + t * (_LOG_1 + t * (_LOG_2 + t * (_LOG_3 + t * (_LOG_4 + t * _LOG_5)))))
    return float(exponent) * LOG_2 + series


@inlined_part
def power_of_small(a: float, exponent: float) -> float:
    """Return a to a power of at least 0, for a in (0, 1]; relative error below 1e-11."""
    return exp_of_minus(max(-exponent * logarithm(a), 0.0))


@inlined_part
def arc_tangent_of_share(z: float) -> float:
    """Return the arc tangent of z in [0, 1]; absolute error below 2e-11."""
    s = z * z
    series = _TAN_0 + s * (
        _TAN_1
        + s
        * (
            _TAN_2
            + s
            * (
                _TAN_3
                + s
                * (
                    _TAN_4
                    + s
                    * (
                        _TAN_5
                        + s
                        * (
                            _TAN_6
                            + s * (_TAN_7 + s * (_TAN_8 + s * (_TAN_9 + s * (_TAN_10 + s * (_TAN_11 + s * _TAN_12)))))
                        )
                    )
                )
            )
        )
    )
    return z * series


@inlined_part
def arc_tangent(z: float) -> float:
    """Return the arc tangent of z ≥ 0; absolute error below 2e-11."""
    value = arc_tangent_of_share(min(z, 1.0 / max(z, 1e-300)))
    return value if z <= 1.0 else 0.5 * math.pi - value


@inlined_part
def arc_tangent_ratio_of_small(s: float) -> float:
    """Return the arc tangent of z over z for s = z² in [0, 1/9]; relative error below 2e-12."""
    return _ARC_0 + s * (_ARC_1 + s * (_ARC_2 + s * (_ARC_3 + s * (_ARC_4 + s * (_ARC_5 + s * _ARC_6)))))


@inlined_part
def disc_overlap(wake_radius: float, rotor_radius: float, apart: float) -> float:
    """Return the share of a rotor's disc that lies in a wake's disc whose centre is `apart` from its own [m].

    The chord through the edges' crossings stands p from the centre of the larger disc and q from that of the smaller;
    half of it, h, is seen from the centres under the angles whose halves have the tangents h / (L + p), h / (S + q).
    """
    r = max(apart, 1e-9 * rotor_radius)
    large, small = max(wake_radius, rotor_radius), min(wake_radius, rotor_radius)
    p = 0.5 * (r + (large * large - small * small) / r)
    q = r - p
    h = math.sqrt(max(large * large - p * p, 0.0))
    from_large, from_small = large + p, small + abs(q)
    inverse = 1.0 / (from_large * from_small)
    first = 2.0 * arc_tangent_of_share(h * from_small * inverse)
    second = 2.0 * arc_tangent_of_share(h * from_large * inverse)
    second = second if q >= 0.0 else math.pi - second
    area = first * large * large + second * small * small - r * h
    return max(0.0, area) * (1.0 / (math.pi * rotor_radius * rotor_radius))


@separate_part
def fold_largest(quarter: int, values: Floats, room: Floats) -> None:
    """Fill the first quarter of the room with the largest of four values each.

    How many they are is not fixed here: so short a loop of a fixed length is written out lane by lane.
    """
    for lane in range(quarter):
        first, second = values[lane], values[lane + quarter]
        third, fourth = values[lane + 2 * quarter], values[lane + 3 * quarter]
        room[lane] = max(max(first, second), max(third, fourth))


@bare_part
def largest_of(values: Floats, lanes: int, room: Floats) -> float:
    """Return the largest of the lanes (8 or `LANES`), by quarters: vectorised, as a running maximum is not."""
    fold_largest(lanes // 4, values, room)
    if lanes == LANES:
        low, high = max(max(room[0], room[1]), max(room[2], room[3])), max(max(room[4], room[5]), max(room[6], room[7]))
        return max(low, high)
    return max(room[0], room[1])
