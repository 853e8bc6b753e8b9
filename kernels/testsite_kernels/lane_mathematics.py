"""Functions of the mathematical library without branch or call, so that a loop over lanes that uses them is vectorised.

The coefficients are Chebyshev fits; the errors stated were measured over the whole range.
"""

import math

from testsite_kernels.compile_options import inlined_part

# arc cosine over the square root of 1 - u, and arc tangent over z in z²
_ARC_0, _ARC_1, _ARC_2, _ARC_3, _ARC_4, _ARC_5, _ARC_6, _ARC_7, _ARC_8, _ARC_9, _ARC_10, _ARC_11, _ARC_12 = (
    1.5707963267930654,
    -0.21460183596279434,
    0.08904858542357953,
    -0.050791962232900154,
    0.03367102073231261,
    -0.02429972677327922,
    0.018317434195411958,
    -0.01372168932974827,
    0.009480739966819737,
    -0.005483418347413012,
    0.002368655995526459,
    -0.000656295607989843,
    8.57275218655167e-05,
)
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


@inlined_part
def sixty_fourth_power(base: float) -> float:
    """Return a number to the power of 64."""
    power = base * base
    power *= power
    power *= power
    power *= power
    power *= power
    return power * power


@inlined_part
def exp_of_minus(z: float) -> float:
    """Return exp(-z) for 0 ≤ z ≤ 64 as the 64th power of a Taylor series; relative error 5e-11 at 24, 5e-6 at 64."""
    t = z * (-1.0 / 64.0)
    series = 1.0 + t * (1.0 + t * (1 / 2 + t * (1 / 6 + t * (1 / 24 + t * (1 / 120 + t * (
        1 / 720 + t * (1 / 5040 + t * (1 / 40320 + t * (1 / 362880 + t * (1 / 3628800))))))))))  # fmt: skip
    return sixty_fourth_power(series)


@inlined_part
def exp_of_minus_to_1e11(z: float) -> float:
    """Return exp(-z) for 0 ≤ z ≤ 24 with an absolute error below 1e-11, shorter than `exp_of_minus`."""
    t = z * (-1.0 / 64.0)
    series = 1.0 + t * (1.0 + t * (1 / 2 + t * (1 / 6 + t * (1 / 24 + t * (1 / 120 + t * (1 / 720))))))
    return sixty_fourth_power(series)


@inlined_part
def arc_cosine(u: float) -> float:
    """Return the arc cosine of u in [-1, 1]; absolute error below 2e-12."""
    a = min(abs(u), 1.0)
    series = _ARC_0 + a * (_ARC_1 + a * (_ARC_2 + a * (_ARC_3 + a * (_ARC_4 + a * (_ARC_5 + a * (_ARC_6 + a * (
        _ARC_7 + a * (_ARC_8 + a * (_ARC_9 + a * (_ARC_10 + a * (_ARC_11 + a * _ARC_12)))))))))))  # fmt: skip
    value = math.sqrt(1.0 - a) * series
    return value if u >= 0.0 else math.pi - value


@inlined_part
def arc_tangent(z: float) -> float:
    """Return the arc tangent of z ≥ 0; absolute error below 4e-11."""
    t = min(z, 1.0 / max(z, 1e-300))
    s = t * t
    series = _TAN_0 + s * (_TAN_1 + s * (_TAN_2 + s * (_TAN_3 + s * (_TAN_4 + s * (_TAN_5 + s * (_TAN_6 + s * (
        _TAN_7 + s * (_TAN_8 + s * (_TAN_9 + s * (_TAN_10 + s * (_TAN_11 + s * _TAN_12)))))))))))  # fmt: skip
    value = t * series
    return value if z <= 1.0 else 0.5 * math.pi - value


@inlined_part
def logarithm(w: float) -> float:
    """Return the natural logarithm of w in [1, 150], by its eighth root and the area tangent; error below 2e-9."""
    root = math.sqrt(math.sqrt(math.sqrt(w)))
    s = (root - 1.0) / (root + 1.0)
    t = s * s
    return (
        16.0 * s * (1.0 + t * (1 / 3 + t * (1 / 5 + t * (1 / 7 + t * (1 / 9 + t * (1 / 11 + t * (1 / 13 + t / 15)))))))
    )


@inlined_part
def power_of_small(a: float, exponent: float) -> float:
    """Return a to a power between 0 and 2, for a in [1e-10, 1], by its 64th root; relative error below 1e-8."""
    root = math.sqrt(math.sqrt(math.sqrt(math.sqrt(math.sqrt(math.sqrt(1.0 / a))))))
    s = (root - 1.0) / (root + 1.0)
    t = s * s
    logarithm_of_inverse = (
        128.0 * s * (1.0 + t * (1 / 3 + t * (1 / 5 + t * (1 / 7 + t * (1 / 9 + t * (1 / 11 + t / 13))))))
    )
    return exp_of_minus(min(exponent * logarithm_of_inverse, 64.0))


@inlined_part
def disc_overlap(wake_radius: float, rotor_radius: float, apart: float) -> float:
    """Return the share of a rotor's disc that lies in a wake's disc whose centre is `apart` from its own [m]."""
    r = max(apart, 1e-9 * rotor_radius)
    large, small = max(wake_radius, rotor_radius), min(wake_radius, rotor_radius)
    first = (large * large + r * r - small * small) / (2.0 * large * r)
    second = (small * small + r * r - large * large) / (2.0 * small * r)
    first, second = max(-1.0, min(1.0, first)), max(-1.0, min(1.0, second))
    height = math.sqrt(1.0 - first * first) * large * r
    area = arc_cosine(first) * large * large + arc_cosine(second) * small * small - height
    return max(0.0, area) / (math.pi * rotor_radius * rotor_radius)
