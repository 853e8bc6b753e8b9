"""The mean of a Gaussian over a rotor's disc.

With R the rotor's radius and c its distance off the axis, both in widths, the mean of exp(-ρ²/2) is, by Pizzetti's
mean value over the Laplacians of the Gaussian,

    exp(-c²/2) Σ T_k,  T_k = (-s)^k / (k+1)! L_k(t),  s = R²/2, t = c²/2,

L_k being the Laguerre polynomials, whose recurrence is that of the terms:

    T_k+1 = s ((t - 2k - 1) T_k / ((k+1)(k+2)) - s k T_k-1 / ((k+1)² (k+2))).

Where the disc is so wide that its terms cancel each other, the mean is, over s, the chance that a Poisson number of
mean t is less than one of mean s (Marcum's Q function of order one), of which all terms are positive.
"""

import math

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_part, called_part, inlined_part
from testsite_kernels.numerics.lane_mathematics import exp_of_minus, largest_of

LEFT_OUT = 3e-11  # bound of the first term left out: s^k / (k + 1)!, as |L_k(t)| exp(-t/2) ≤ 1
MOST_TERMS = 60


def _largest_share(terms: int) -> float:
    """Return the largest s for which so many terms are enough."""
    return float((LEFT_OUT * math.factorial(terms + 1)) ** (1.0 / terms))


SHARE_OF_5, SHARE_OF_7, SHARE_OF_9 = _largest_share(5), _largest_share(7), _largest_share(9)
SHARE_OF_12, SHARE_OF_16 = _largest_share(12), _largest_share(16)
LARGEST_SHARE = _largest_share(MOST_TERMS)  # beyond it, the disc is wide
FARTHEST = 700.0  # t beyond which the mean is nothing, and the terms would grow out of the range of numbers
OUTSIDE = 6.0  # √t - √s from which on the mean is nothing: below exp(-36)
SPREAD, ROOM = 9.0, 20.0  # numbers that matter: this many standard deviations off their mean, and a few


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
def next_term(
    exponent: float, share: float, k: int, of_now: float, of_before: float, before: float, now: float
) -> float:
    """Return the term of number k + 1 of the series from the two before it.

    `of_now`, `of_before`: 1 / ((k + 1) (k + 2)) and k / ((k + 1)² (k + 2)).
    """
    return share * ((exponent * of_now - (2.0 * k + 1.0) * of_now) * now - of_before * (share * before))


@inlined_part
def disc_mean(exponent: float, share: float, terms: int) -> float:
    """Return the mean of the Gaussian over the disc: t, s, and how many terms are added up."""
    before, now = 1.0, 0.5 * share * (exponent - 1.0)
    total = 1.0 + now
    for k in range(1, terms):
        of_now, of_before = 1.0 / ((k + 1.0) * (k + 2.0)), k / ((k + 1.0) * (k + 1.0) * (k + 2.0))
        following = next_term(exponent, share, k, of_now, of_before, before, now)
        before, now = now, following
        total += following
    return total * exp_of_minus(exponent)


@called_part
def wide_disc_mean(t: float, s: float) -> float:
    """Return the mean of the Gaussian over a disc of any width: the sum of P(N = n) P(M > n), of means t and s."""
    if math.sqrt(t) - math.sqrt(s) > OUTSIDE:
        return 0.0
    first = max(0.0, math.floor(t - SPREAD * math.sqrt(t) - ROOM))
    last = math.floor(t + SPREAD * math.sqrt(t) + ROOM)
    chance = math.exp(first * math.log(max(t, 1e-300)) - t - math.lgamma(first + 1.0))
    begin = max(first + 1.0, math.floor(s - SPREAD * math.sqrt(s) - ROOM))
    of_s = math.exp(begin * math.log(s) - s - math.lgamma(begin + 1.0))
    above, each, m = 0.0, of_s, begin
    while m <= s + SPREAD * math.sqrt(s) + ROOM:
        above += each
        m += 1.0
        each *= s / m
    each, m, total, n = of_s, begin, 0.0, first
    while n <= last and above > 0.0:
        total += chance * above
        n += 1.0
        chance *= t / n
        if n >= m:  # of P(M > n) the next number is gone
            above -= each
            m += 1.0
            each *= s / m
    return min(total / s, 1.0)
