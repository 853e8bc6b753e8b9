"""Crespo and Hernández (1996), J. Wind Eng. Ind. Aerodyn. 61, 71-85: turbulence within a disc of two widths.

    ΔI = 0.73 a^0.8325 I^-0.0325 (x / D)^-0.32, of the source that adds most; √(I² + ΔI²) in all

Factor and exponents of induction and ambient intensity are parameters of the wake model.
"""

import math

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_kernel, bare_part, lane_part, separate_kernel
from testsite_kernels.numerics.lane_mathematics import LANES, disc_overlap, largest_of, power_of_small
from testsite_kernels.numerics.lane_room import lane_room
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
    ADDED,
    CROSSWIND,
    DOWNWIND,
    EXPANSION,
    MADSEN,
    WIDTH,
    Layout,
    Near,
    Pair,
    Parameters,
    Scratch,
    Target,
    Turn,
    induction_madsen,
    induction_momentum,
    look_from,
)

DECAY = -0.32  # exponent of the downstream distance
NARROW = 0.05  # relative spread of the distances in a block up to which the series below holds to 1e-12


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


@bare_part
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


@lane_part
def at_any_distance(pair: Pair, lanes: int, state: Floats, scratch: Scratch) -> None:
    """Fill what the source adds within its disc."""
    i, t, diameter = pair.source, pair.target, 2.0 * pair.source_radius
    for lane in range(lanes):
        distance = state[t, DOWNWIND, lane] - state[i, DOWNWIND, lane]
        strength = state[i, ADDED, lane] * (max(distance, 1e-6 * diameter) / diameter) ** DECAY
        scratch.deficit[lane] = strength if distance > 0.0 else 0.0


@bare_part
def within_disc(pair: Pair, up: float, lanes: int, state: Floats, scratch: Scratch) -> None:
    """Scale what the source adds by the share of the target's rotor that lies in the disc of two widths."""
    i, t = pair.source, pair.target
    for lane in range(lanes):
        distance = state[t, DOWNWIND, lane] - state[i, DOWNWIND, lane]
        across = state[t, CROSSWIND, lane] - state[i, CROSSWIND, lane]
        sigma = state[i, EXPANSION, lane] * max(distance, 0.0) + state[i, WIDTH, lane]
        share = disc_overlap(2.0 * sigma, pair.target_radius, math.sqrt(across * across + up * up))
        scratch.deficit[lane] *= share


@bare_part
def exceeds(lanes: int, largest: Floats, scratch: Scratch) -> bool:
    """Return whether something is added in any lane above what is there."""
    for lane in range(lanes):
        scratch.excess[lane] = scratch.deficit[lane] - largest[lane]
    return largest_of(scratch.excess, lanes, scratch.room) > 0.0


@bare_part
def raise_to(lanes: int, largest: Floats, scratch: Scratch) -> None:
    """Raise the largest to what is added, where that is more."""
    for lane in range(lanes):
        largest[lane] = max(largest[lane], scratch.deficit[lane])


@separate_kernel
def add(
    target: Target,
    turn: Turn,
    near: Near,
    layout: Layout,
    state: Floats,
    ambient: Floats,
    total: Floats,
) -> None:
    """Raise `total` [1], shape (lanes,), to the turbulence that the sources add, where one of them adds more.

    The power of the distance is that of the middle of the block times a binomial series in the small difference of each
    hour from it. The nearest source comes first: one that cannot add more than what is there in any hour is left out.
    """
    k, lanes = target.place, target.lanes
    scratch = Scratch(lane_room(), lane_room(), lane_room(), lane_room(), lane_room(), lane_room())
    for m in range(target.sources - 1, -1, -1):
        i = near.source[m]
        if not near.code[i] & CLOSE_BY:
            continue
        east, north, up = layout.x[k] - layout.x[i], layout.y[k] - layout.y[i], layout.hub[k] - layout.hub[i]
        middle = turn.along * east + turn.sideways * north
        t = look_from(i, k, lanes, near, layout, state)
        pair = Pair(i, t, near.code[i], layout.radius[i], layout.radius[k])
        per_middle, diameter = 1.0 / max(middle, 1e-6), 2.0 * layout.radius[i]
        sway = turn.most * (abs(turn.along * north - turn.sideways * east) * per_middle + turn.most)
        if middle > 1e-6 and sway <= NARROW and lanes == LANES:
            at_middle = (middle / diameter) ** DECAY
            within_series(pair, LANES, at_middle, per_middle, state, scratch)
            if exceeds(LANES, total, scratch):
                if not near.code[i] & WHOLE:
                    within_disc(pair, up, LANES, state, scratch)
                raise_to(LANES, total, scratch)
        else:
            at_any_distance(pair, lanes, state, scratch)
            within_disc(pair, up, lanes, state, scratch)
            raise_to(lanes, total, scratch)


TURBULENCE = Turbulence("crespo-hernandez", bound, describe_ambient, describe, add, sums_squares=True)
