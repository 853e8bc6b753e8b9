"""Jensen (1983) and Katić et al. (1986): a top hat, averaged over the rotor of the target by the overlap of discs."""

import math

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_kernel, separate_part
from testsite_kernels.numerics.lane_mathematics import LANES, disc_overlap
from testsite_kernels.wind.wake.bounds import (
    FULL,
    FULL_GROWTH,
    Strongest,
    bound_straight,
    largest_expansion,
    least_expansion,
)
from testsite_kernels.wind.wake.deficit.top_hat import STRENGTH, describe
from testsite_kernels.wind.wake.model import deficit_model
from testsite_kernels.wind.wake.reach import WHOLE
from testsite_kernels.wind.wake.state import ABREAST, CROSSWIND, DOWNWIND, EXPANSION, Pair, Parameters, Scratch


@bare_kernel
def bound(parameters: Parameters, source: Strongest, k: int, bounds: Floats) -> None:
    """Let the wake matter up to its edge and a rotor beyond; within its disc, a rotor stands wholly."""
    bound_straight(k, source.radius + source.largest_target, largest_expansion(parameters, source), 1.0, bounds)
    bounds[FULL, k] = min(bounds[FULL, k], source.radius)
    bounds[FULL_GROWTH, k] = min(bounds[FULL_GROWTH, k], least_expansion(parameters, source))


@separate_part
def partial(pair: Pair, up: float, lanes: int, state: Floats, scratch: Scratch) -> None:
    """Fill the deficits of a rotor that may stand in the wake in part."""
    i, t = pair.source, pair.target
    for lane in range(lanes):
        distance = state[t, DOWNWIND, lane] - state[i, DOWNWIND, lane]
        across = state[t, CROSSWIND, lane] - state[i, CROSSWIND, lane]
        wake_radius = state[i, EXPANSION, lane] * max(distance, 0.0) + pair.source_radius
        centre = state[i, STRENGTH, lane] / (wake_radius * wake_radius)
        centre *= disc_overlap(wake_radius, pair.target_radius, math.sqrt(across * across + up * up))
        scratch.deficit[lane] = centre if distance > ABREAST else 0.0


@separate_part
def whole(pair: Pair, lanes: int, state: Floats, scratch: Scratch) -> None:
    """Fill the deficits of a rotor that stands in the wake wholly, in every hour."""
    i, t = pair.source, pair.target
    for lane in range(lanes):
        wake_radius = state[i, EXPANSION, lane] * (state[t, DOWNWIND, lane] - state[i, DOWNWIND, lane])
        wake_radius += pair.source_radius
        scratch.deficit[lane] = state[i, STRENGTH, lane] / (wake_radius * wake_radius)


@separate_part
def deficit(pair: Pair, up: float, lanes: int, prepared: int, state: Floats, scratch: Scratch) -> None:
    """Fill the deficits of a pair, see `deficit_model`."""
    if lanes == LANES and pair.code & WHOLE:
        whole(pair, lanes, state, scratch)
    else:
        partial(pair, up, lanes, state, scratch)


DEFICIT = deficit_model("top-hat-overlap", deficit=deficit, bound=bound, describe=describe, discs=True)
