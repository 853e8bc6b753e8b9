"""A Gaussian wake averaged over the rotor of the target: shared by the deficits that do so.

`scratch.inverse`, shape (lanes,), is one over twice the squared width of the wake [1/m²], filled by `prepare`.
"""

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_part, called_part, lane_part
from testsite_kernels.numerics.lane_mathematics import LANES
from testsite_kernels.wind.disc_mean import (
    FARTHEST,
    LARGEST_SHARE,
    MOST_TERMS,
    disc_mean,
    terms_of_disc_mean,
    wide_disc_mean,
)
from testsite_kernels.wind.wake.state import (
    CROSSWIND,
    DOWNWIND,
    EXPANSION,
    THRUST,
    WIDTH,
    Pair,
    Scratch,
    induction_madsen,
    induction_momentum,
)


@lane_part
def prepare_linear_width(pair: Pair, lanes: int, state: Floats, scratch: Scratch) -> int:
    """Fill the inverse for a width that grows by the expansion rate; return how many terms the mean needs."""
    i, t = pair.source, pair.target
    for lane in range(lanes):
        distance = max(state[t, DOWNWIND, lane] - state[i, DOWNWIND, lane], 0.0)
        sigma = state[i, EXPANSION, lane] * distance + state[i, WIDTH, lane]
        scratch.inverse[lane] = 0.5 / (sigma * sigma)
    return terms_of_disc_mean(pair.target_radius * pair.target_radius, lanes, scratch.inverse, scratch.room)


@bare_part
def rotor_mean(pair: Pair, up: float, lanes: int, terms: int, state: Floats, scratch: Scratch) -> None:
    """Fill the deficit of one Gaussian wake by momentum theory, averaged over the target's rotor."""
    i, t, area = pair.source, pair.target, pair.target_radius * pair.target_radius
    for lane in range(lanes):
        across = state[t, CROSSWIND, lane] - state[i, CROSSWIND, lane]
        exponent = min((across * across + up * up) * scratch.inverse[lane], FARTHEST)
        centre = 2.0 * induction_momentum(state[i, THRUST, lane] * scratch.inverse[lane])
        value = centre * disc_mean(exponent, area * scratch.inverse[lane], terms)
        scratch.deficit[lane] = value if state[t, DOWNWIND, lane] > state[i, DOWNWIND, lane] else 0.0


@called_part
def replace_wide(pair: Pair, up: float, lanes: int, state: Floats, scratch: Scratch) -> None:
    """Replace what `rotor_mean` has filled where the rotor is too wide, next to the wake, for its series."""
    i, t, area = pair.source, pair.target, pair.target_radius * pair.target_radius
    for lane in range(lanes):
        share = area * scratch.inverse[lane]
        if share > LARGEST_SHARE and state[t, DOWNWIND, lane] > state[i, DOWNWIND, lane]:
            across = state[t, CROSSWIND, lane] - state[i, CROSSWIND, lane]
            exponent = (across * across + up * up) * scratch.inverse[lane]
            centre = 2.0 * induction_momentum(state[i, THRUST, lane] * scratch.inverse[lane])
            scratch.deficit[lane] = centre * wide_disc_mean(exponent, share)


@bare_part
def fill_rotor_mean(pair: Pair, up: float, lanes: int, terms: int, state: Floats, scratch: Scratch) -> None:
    """Fill as `rotor_mean` does, by a loop of its own for each number of terms that is common."""
    if lanes < LANES:
        rotor_mean(pair, up, 8, terms, state, scratch)
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
        rotor_mean(pair, up, LANES, terms, state, scratch)
    if terms >= MOST_TERMS:
        replace_wide(pair, up, lanes, state, scratch)


@bare_part
def exchange_induction(pair: Pair, lanes: int, state: Floats, scratch: Scratch) -> None:
    """Turn deficits by momentum theory into those by the induction of Madsen et al."""
    for lane in range(lanes):
        c = state[pair.source, THRUST, lane] * scratch.inverse[lane]
        momentum = max(2.0 * induction_momentum(c), 1e-300)
        scratch.deficit[lane] *= min(1.0, 2.0 * induction_madsen(c)) / momentum
