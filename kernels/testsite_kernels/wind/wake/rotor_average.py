"""A Gaussian wake averaged over the rotor of the target: shared by the deficits that do so.

`prepare` fills, shape (lanes,), `scratch.inverse`, one over twice the squared width of the wake [1/m²], and
`scratch.centre`, the deficit on its axis [1], zero where the target does not stand downstream.
"""

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import called_part, separate_part
from testsite_kernels.numerics.lane_mathematics import LANES, exp_of_minus
from testsite_kernels.wind.disc_mean import (
    FARTHEST,
    LARGEST_SHARE,
    MOST_TERMS,
    disc_mean,
    next_term,
    terms_of_disc_mean,
    wide_disc_mean,
)
from testsite_kernels.wind.wake.state import (
    ABREAST,
    CROSSWIND,
    DOWNWIND,
    EXPANSION,
    THRUST,
    WIDTH,
    Pair,
    Scratch,
    induction_momentum,
)


@separate_part
def terms_of(pair: Pair, lanes: int, scratch: Scratch) -> int:
    """Return how many terms the mean needs, from the inverse."""
    return terms_of_disc_mean(pair.target_radius * pair.target_radius, lanes, scratch.inverse, scratch.room)


@separate_part
def prepare_linear_width(pair: Pair, lanes: int, state: Floats, scratch: Scratch) -> int:
    """Prepare a wake by momentum theory whose width grows by the expansion rate."""
    i, t = pair.source, pair.target
    for lane in range(lanes):
        distance = state[t, DOWNWIND, lane] - state[i, DOWNWIND, lane]
        sigma = state[i, EXPANSION, lane] * max(distance, 0.0) + state[i, WIDTH, lane]
        inverse = 0.5 / (sigma * sigma)
        centre = 2.0 * induction_momentum(state[i, THRUST, lane] * inverse)
        scratch.inverse[lane], scratch.centre[lane] = inverse, centre if distance > ABREAST else 0.0
    return terms_of(pair, lanes, scratch)


@separate_part
def rotor_mean(pair: Pair, up: float, lanes: int, terms: int, state: Floats, scratch: Scratch) -> None:
    """Fill the deficit of one Gaussian wake, averaged over the target's rotor, with a number of terms that is fixed."""
    i, t, area = pair.source, pair.target, pair.target_radius * pair.target_radius
    for lane in range(lanes):
        across = state[t, CROSSWIND, lane] - state[i, CROSSWIND, lane]
        exponent = min((across * across + up * up) * scratch.inverse[lane], FARTHEST)
        scratch.deficit[lane] = scratch.centre[lane] * disc_mean(exponent, area * scratch.inverse[lane], terms)


@separate_part
def rotor_mean_by_terms(pair: Pair, up: float, lanes: int, terms: int, state: Floats, scratch: Scratch) -> None:
    """Fill the same with any number of terms, each for all lanes at once: a lane at a time takes ten times as long."""
    i, t, area = pair.source, pair.target, pair.target_radius * pair.target_radius
    before, now, exponent, total = scratch.room, scratch.deficit, scratch.excess, scratch.total
    for lane in range(lanes):
        across = state[t, CROSSWIND, lane] - state[i, CROSSWIND, lane]
        exponent[lane] = min((across * across + up * up) * scratch.inverse[lane], FARTHEST)
        before[lane], now[lane] = 1.0, 0.5 * (area * scratch.inverse[lane]) * (exponent[lane] - 1.0)
        total[lane] = 1.0 + now[lane]
    for k in range(1, terms):
        of_now, of_before = 1.0 / ((k + 1.0) * (k + 2.0)), k / ((k + 1.0) * (k + 1.0) * (k + 2.0))
        for lane in range(lanes):
            following = next_term(
                exponent[lane], area * scratch.inverse[lane], k, of_now, of_before, before[lane], now[lane]
            )
            before[lane], now[lane] = now[lane], following
            total[lane] += following
    for lane in range(lanes):
        scratch.deficit[lane] = scratch.centre[lane] * (total[lane] * exp_of_minus(exponent[lane]))


@called_part
def replace_wide(pair: Pair, up: float, lanes: int, state: Floats, scratch: Scratch) -> None:
    """Replace what has been filled where the rotor is too wide, next to the wake, for the series."""
    i, t, area = pair.source, pair.target, pair.target_radius * pair.target_radius
    for lane in range(lanes):
        share = area * scratch.inverse[lane]
        if share > LARGEST_SHARE:
            across = state[t, CROSSWIND, lane] - state[i, CROSSWIND, lane]
            exponent = (across * across + up * up) * scratch.inverse[lane]
            mean = wide_disc_mean(exponent, share) if scratch.centre[lane] > 0.0 else 0.0  # the series may be infinite
            scratch.deficit[lane] = scratch.centre[lane] * mean


@separate_part
def fill_rotor_mean(pair: Pair, up: float, lanes: int, terms: int, state: Floats, scratch: Scratch) -> None:
    """Fill the deficit of a Gaussian wake over the target's rotor, by a loop for each number of terms that is common.

    `terms`: what `terms_of` returns.
    """
    if lanes < LANES:
        rotor_mean_by_terms(pair, up, 8, terms, state, scratch)
    elif terms == 5:
        rotor_mean(pair, up, LANES, 5, state, scratch)
    elif terms == 7:
        rotor_mean(pair, up, LANES, 7, state, scratch)
    elif terms == 9:
        rotor_mean(pair, up, LANES, 9, state, scratch)
    elif terms == 12:
        rotor_mean(pair, up, LANES, 12, state, scratch)
    elif terms == 16:
        rotor_mean(pair, up, LANES, 16, state, scratch)
    else:
        rotor_mean_by_terms(pair, up, LANES, terms, state, scratch)
    if terms >= MOST_TERMS:
        replace_wide(pair, up, lanes, state, scratch)
