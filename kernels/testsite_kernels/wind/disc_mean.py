"""The mean of a Gaussian over a rotor's disc.

With R the rotor's radius and c its distance off the axis, both in widths, the mean of exp(-ρ²/2) is, by Pizzetti's
mean value over the Laplacians of the Gaussian,

    exp(-c²/2) Σ T_k,  T_k = (-s)^k / (k+1)! L_k(t),  s = R²/2, t = c²/2,

L_k being the Laguerre polynomials, whose recurrence is that of the terms:

    T_k+1 = s ((t - 2k - 1) T_k / ((k+1)(k+2)) - s k T_k-1 / ((k+1)² (k+2))).
"""

import math

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_part, inlined_part
from testsite_kernels.numerics.lane_mathematics import exp_of_minus, largest_of

LEFT_OUT = 3e-11  # bound of the first term left out: s^k / (k + 1)!, as |L_k(t)| exp(-t/2) ≤ 1
MOST_TERMS = 60


def _largest_share(terms: int) -> float:
    """Return the largest s for which so many terms are enough."""
    return float((LEFT_OUT * math.factorial(terms + 1)) ** (1.0 / terms))


SHARE_OF_5, SHARE_OF_7, SHARE_OF_9 = _largest_share(5), _largest_share(7), _largest_share(9)
SHARE_OF_12, SHARE_OF_16 = _largest_share(12), _largest_share(16)


@bare_part
def terms_of_disc_mean(area: float, lanes: int, inverse: Floats, room: Floats) -> int:
    """Return how many terms are enough for all lanes; `area` [m²] times `inverse` [1/m²] is s."""
    largest = area * largest_of(inverse, lanes, room)
    if largest <= SHARE_OF_5:
        return 5
    if largest <= SHARE_OF_7:
        return 7
    if largest <= SHARE_OF_9:
        return 9
    if largest <= SHARE_OF_12:
        return 12
    if largest <= SHARE_OF_16:
        return 16
    bound, terms = 0.5 * largest, 1
    while bound > LEFT_OUT and terms < MOST_TERMS:
        terms += 1
        bound *= largest / (terms + 1)
    return terms


@inlined_part
def disc_mean(exponent: float, share: float, terms: int) -> float:
    """Return the mean of the Gaussian over the disc: t, s, and how many terms are added up."""
    before, now = 1.0, 0.5 * share * (exponent - 1.0)
    total = 1.0 + now
    for k in range(1, terms):
        a, b = 1.0 / ((k + 1.0) * (k + 2.0)), k / ((k + 1.0) * (k + 1.0) * (k + 2.0))
        following = share * ((exponent * a - (2.0 * k + 1.0) * a) * now - b * (share * before))
        before, now = now, following
        total += following
    return total * exp_of_minus(exponent)
