"""Crespo and Hernández (1996), J. Wind Eng. Ind. Aerodyn. 61, 71-85: turbulence within a disc of two widths.

    ΔI = 0.73 a^0.8325 I^-0.0325 (x / D)^-0.32, of the source that adds most; √(I² + ΔI²) in all

Factor and exponents of induction and ambient intensity are parameters of the wake model.
"""

import math
from typing import Any

import numpy as np

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_kernel, separate_kernel, separate_part
from testsite_kernels.numerics.lane_mathematics import LANES, disc_overlap, largest_of, power_of_small
from testsite_kernels.wind.wake.bounds import (
    CLOSE,
    CLOSE_GROWTH,
    CLOSE_WIDTHS,
    FULL,
    FULL_GROWTH,
    Strongest,
    largest_expansion,
    least_expansion,
    narrowest,
    widest,
)
from testsite_kernels.wind.wake.model import Turbulence
from testsite_kernels.wind.wake.reach import CLOSE_BY, WHOLE
from testsite_kernels.wind.wake.state import (
    ABREAST,
    ADDED,
    CROSSWIND,
    DOWNWIND,
    EXPANSION,
    MADSEN,
    WIDTH,
    Pair,
    Parameters,
    Scratch,
    Target,
    Turn,
    induction_madsen,
    induction_momentum,
    look_from,
    make_scratch,
    read_view,
)

DECAY = -0.32  # exponent of the downstream distance
CLOSEST = 1e-6  # of a diameter: nearer to the rotor no more is added
NARROW = 0.05  # relative spread of the distances in a block up to which the series below holds to 1e-12
# A bound of the power of a distance in diameters: that of the step which it lies in, at its beginning, and a billionth
# more, which is far above the rounding of the power and of the series.
PER_DIAMETER, STEPS = 4, 1024
AT_LEAST = np.concatenate([[1e300], (np.arange(1, STEPS) / PER_DIAMETER) ** DECAY]) * (1.0 + 1e-9)


@bare_kernel
def bound(parameters: Parameters, source: Strongest, k: int, bounds: Floats) -> None:
    """Let the turbulence matter up to the edge of its disc and a rotor beyond; within it, a rotor stands wholly."""
    bounds[CLOSE, k] = 2.0 * widest(parameters, source) + source.largest_target
    bounds[CLOSE_GROWTH, k], bounds[CLOSE_WIDTHS, k] = 2.0 * largest_expansion(parameters, source), 2.0
    bounds[FULL, k] = min(bounds[FULL, k], 2.0 * narrowest(parameters, source))
    bounds[FULL_GROWTH, k] = min(bounds[FULL_GROWTH, k], 2.0 * least_expansion(parameters, source))


@bare_kernel
def describe_ambient(parameters: Parameters, lanes: int, ambient: Floats, factor: Floats) -> None:
    """Fill what the wakes take from the ambient turbulence alone, shape (lanes,)."""
    for lane in range(lanes):
        factor[lane] = parameters.crespo_factor * ambient[lane] ** parameters.crespo_intensity


@bare_kernel
def describe(k: int, lanes: int, parameters: Parameters, thrust: Floats, factor: Floats, state: Floats) -> None:
    """Write what is added at one diameter."""
    for lane in range(lanes):
        madsen, momentum = induction_madsen(thrust[lane]), induction_momentum(thrust[lane])
        induced = madsen if parameters.induction == MADSEN else momentum
        state[k, ADDED, lane] = power_of_small(max(induced, 1e-10), parameters.crespo_induction) * factor[lane]


@separate_part
def within_series(pair: Pair, lanes: int, at_middle: float, per_middle: float, state: Floats, scratch: Scratch) -> None:
    """Fill what the source adds within its disc, by the binomial series about the middle of the block."""
    i, t = pair.source, pair.target
    for lane in range(lanes):
        e = (state[t, DOWNWIND, lane] - state[i, DOWNWIND, lane]) * per_middle - 1.0
        series = 1.0 + e * (
            -0.32
            + e
            * (
                0.2112
                + e
                * (
                    -0.163328
                    + e
                    * (
                        0.13556224
                        + e * (-0.11712577536 + e * (0.103851520819 + e * (-0.093763087368 + e * 0.085793224942)))
                    )
                )
            )
        )
        scratch.deficit[lane] = state[i, ADDED, lane] * at_middle * series


@separate_part
def at_any_distance(pair: Pair, lanes: int, state: Floats, scratch: Scratch) -> None:
    """Fill what the source adds within its disc."""
    i, t, diameter = pair.source, pair.target, 2.0 * pair.source_radius
    for lane in range(lanes):
        distance = state[t, DOWNWIND, lane] - state[i, DOWNWIND, lane]
        strength = state[i, ADDED, lane] * (max(distance, CLOSEST * diameter) / diameter) ** DECAY
        scratch.deficit[lane] = strength if distance > ABREAST else 0.0


@separate_part
def within_disc(pair: Pair, up: float, lanes: int, state: Floats, scratch: Scratch) -> None:
    """Scale what the source adds by the share of the target's rotor that lies in the disc of two widths."""
    i, t = pair.source, pair.target
    for lane in range(lanes):
        distance = state[t, DOWNWIND, lane] - state[i, DOWNWIND, lane]
        across = state[t, CROSSWIND, lane] - state[i, CROSSWIND, lane]
        sigma = state[i, EXPANSION, lane] * max(distance, 0.0) + state[i, WIDTH, lane]
        share = disc_overlap(2.0 * sigma, pair.target_radius, math.sqrt(across * across + up * up))
        scratch.deficit[lane] *= share


@separate_part
def exceeds(lanes: int, largest: Floats, scratch: Scratch) -> bool:
    """Return whether something is added in any lane above what is there."""
    for lane in range(lanes):
        scratch.excess[lane] = scratch.deficit[lane] - largest[lane]
    return largest_of(scratch.excess, lanes, scratch.room) > 0.0


@separate_part
def may_exceed(i: int, lanes: int, bound: float, state: Floats, largest: Floats, scratch: Scratch) -> bool:
    """Return whether source i may add something above what is there in any lane, the power of the distance bounded."""
    for lane in range(lanes):
        scratch.excess[lane] = state[i, ADDED, lane] * bound - largest[lane]
    return largest_of(scratch.excess, lanes, scratch.room) > 0.0


@separate_part
def raise_to(lanes: int, largest: Floats, scratch: Scratch) -> None:
    """Raise the largest to what is added, where that is more."""
    for lane in range(lanes):
        largest[lane] = max(largest[lane], scratch.deficit[lane])


@separate_kernel
def add(target: Target, turn: Turn, view: Any) -> None:
    """Raise `total` [1], shape (lanes,), to the turbulence that the sources add, where one of them adds more.

    The power of the distance is that of the middle of the block times a binomial series in the small difference of each
    hour from it. The nearest source comes first: one that cannot add more than what is there in any hour is left out,
    by a bound of that power where this says so already.

    Loops of one operation are given a number of lanes that is not fixed: LLVM would write them out lane by lane.
    """
    near, layout, _, state, _, _, total = read_view(view)
    k, lanes = target.place, target.lanes
    scratch = make_scratch()
    for m in range(target.sources - 1, -1, -1):
        i = near.source[m]
        if not near.code[i] & CLOSE_BY:
            continue
        east, north, up = layout.x[k] - layout.x[i], layout.y[k] - layout.y[i], layout.hub[k] - layout.hub[i]
        middle = turn.along * east + turn.sideways * north
        t = look_from(i, k, lanes, view)
        pair = Pair(i, t, near.code[i], layout.radius[i], layout.radius[k])
        per_middle, diameter = 1.0 / max(middle, 1e-6), 2.0 * layout.radius[i]
        sway = turn.most * (abs(turn.along * north - turn.sideways * east) * per_middle + turn.most)
        nearest = middle * (1.0 - sway)
        if nearest > ABREAST + CLOSEST * diameter and sway <= NARROW and lanes == LANES:
            steps = min(nearest / diameter * PER_DIAMETER, STEPS - 1.0)
            if not may_exceed(i, lanes, AT_LEAST[int(steps)], state, total, scratch):
                continue
            at_middle = (middle / diameter) ** DECAY
            within_series(pair, LANES, at_middle, per_middle, state, scratch)
            if exceeds(lanes, total, scratch):
                if not near.code[i] & WHOLE:
                    within_disc(pair, up, LANES, state, scratch)
                raise_to(lanes, total, scratch)
        else:
            at_any_distance(pair, lanes, state, scratch)
            within_disc(pair, up, lanes, state, scratch)
            raise_to(lanes, total, scratch)


TURBULENCE = Turbulence("crespo-hernandez", bound, describe_ambient, describe, add, sums_squares=True)
