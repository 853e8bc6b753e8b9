"""The turbulence that wakes add at a target, for all hours of a block at once. Arguments as in `wake_deficit`.

Sources: Crespo and Hernández (1996), J. Wind Eng. Ind. Aerodyn. 61, 71-85; Frandsen (2007), Risø-R-1188, as corrected
in IEC 61400-1 (2019), annex E, with the shape of the wake of the 2017 version (STF2017).
"""

import math

from testsite_kernels.numerics.arrays import Floats, Integers
from testsite_kernels.numerics.compile_options import contracted_kernel, inlined_part
from testsite_kernels.numerics.lane_mathematics import (
    LANES,
    arc_tangent,
    arc_tangent_ratio_of_small,
    disc_overlap,
    exp_of_minus,
    largest_of,
)
from testsite_kernels.wind.wake.reach import CLOSE_BY, DISTANT, WHOLE
from testsite_kernels.wind.wake.state import ADDED, AHEAD, ASIDE, SLOPE, WIDTH, Layout, look_from

DECAY = -0.32  # exponent of the downstream distance in Crespo and Hernández
LARGEST_SERIES = 1.02  # more than 0.95 to the power of the decay
NARROW = 0.05  # relative spread of the distances in a block up to which the series below holds to 1e-12
HALF_OPENING = 5.0 * math.pi / 180.0  # of the wake in Frandsen, beside half the angle that the rotor is seen under


@inlined_part
def crespo_on_axis(
    i: int, t: int, lanes: int, at_middle: float, per_middle: float, state: Floats, added: Floats
) -> None:
    """Fill what source i adds within its disc, by the series about the middle of the block."""
    for lane in range(lanes):
        e = (state[t, AHEAD, lane] - state[i, AHEAD, lane]) * per_middle - 1.0
        series = 1.0 + e * (-0.32 + e * (0.2112 + e * (-0.163328 + e * (0.13556224 + e * (-0.11712577536 + e * (
            0.103851520819 + e * (-0.093763087368 + e * 0.085793224942)))))))  # fmt: skip
        added[lane] = state[i, ADDED, lane] * at_middle * series


@inlined_part
def within_disc(i: int, t: int, lanes: int, up: float, target_radius: float, state: Floats, added: Floats) -> None:
    """Scale what source i adds by the share of the target's rotor that lies in the disc of two widths."""
    for lane in range(lanes):
        distance = state[t, AHEAD, lane] - state[i, AHEAD, lane]
        across = state[t, ASIDE, lane] - state[i, ASIDE, lane]
        sigma = state[i, SLOPE, lane] * max(distance, 0.0) + state[i, WIDTH, lane]
        added[lane] *= disc_overlap(2.0 * sigma, target_radius, math.sqrt(across * across + up * up))


@inlined_part
def exceeds(lanes: int, added: Floats, largest: Floats, excess: Floats, room: Floats) -> bool:
    """Tell whether something is added in any lane above what is there."""
    for lane in range(lanes):
        excess[lane] = added[lane] - largest[lane]
    return largest_of(excess, lanes, room) > 0.0


@inlined_part
def raise_to(lanes: int, added: Floats, largest: Floats) -> None:
    """Raise the largest to what is added, where that is more."""
    for lane in range(lanes):
        largest[lane] = max(largest[lane], added[lane])


@contracted_kernel
def add_crespo(
    near: Integers, code: Integers, count: int, k: int, lanes: int, along: float, sideways: float, turn: float,
    layout: Layout, state: Floats, largest: Floats, added: Floats, excess: Floats, room: Floats,
) -> None:  # fmt: skip
    """Raise `largest` [1], shape (lanes,), to the turbulence that the sources add, where one of them adds more.

    The added row holds what does not depend on the distance. The power of the distance is that of the middle of the
    block, whose direction has the cosine `along` and the sine `sideways`, times a binomial series in the small
    difference of each hour from it; `turn` is the sine of the largest angle between an hour and that middle. The
    nearest source comes first: one that cannot add more than what is there in any hour is left out.
    """
    target_radius = layout.radius[k]
    for m in range(count - 1, -1, -1):
        i = near[m]
        if not code[i] & CLOSE_BY:
            continue
        east, north, up = layout.x[k] - layout.x[i], layout.y[k] - layout.y[i], layout.hub[k] - layout.hub[i]
        middle = along * east + sideways * north
        t = look_from(i, k, lanes, layout, state)
        per_middle, diameter = 1.0 / max(middle, 1e-6), 2.0 * layout.radius[i]
        narrow = middle > 1e-6 and turn * (abs(along * north - sideways * east) * per_middle + turn) <= NARROW
        if narrow and lanes == LANES:
            at_middle = (middle / diameter) ** DECAY
            crespo_on_axis(i, t, LANES, at_middle, per_middle, state, added)
            if exceeds(LANES, added, largest, excess, room):
                if not code[i] & WHOLE:
                    within_disc(i, t, LANES, up, target_radius, state, added)
                raise_to(LANES, added, largest)
        else:
            for lane in range(lanes):
                distance = state[t, AHEAD, lane] - state[i, AHEAD, lane]
                strength = state[i, ADDED, lane] * (max(distance, 1e-6 * diameter) / diameter) ** DECAY
                added[lane] = strength if distance > 0.0 else 0.0
            within_disc(i, t, lanes, up, target_radius, state, added)
            raise_to(lanes, added, largest)


@inlined_part
def frandsen_far(
    i: int, t: int, lanes: int, up: float, diameter: float, state: Floats, ambient: Floats, total: Floats
) -> None:  # fmt: skip
    """Add what a source adds from three diameters on, where the angles are small."""
    per_diameter = 1.0 / diameter
    for lane in range(lanes):
        distance = state[t, AHEAD, lane] - state[i, AHEAD, lane]
        across = state[t, ASIDE, lane] - state[i, ASIDE, lane]
        inverse = 1.0 / distance
        squared = across * across + up * up
        seen = diameter * inverse
        half_angle = 0.5 * seen * arc_tangent_ratio_of_small(seen * seen) + HALF_OPENING
        tangent = min(squared * inverse * inverse, 1.0 / 9.0)
        angle = arc_tangent_ratio_of_small(tangent)
        squared_angle, squared_half = tangent * angle * angle, half_angle * half_angle
        root = state[i, ADDED, lane]
        span = math.sqrt(distance * distance + squared) * per_diameter
        below = max(1.5 * root + 0.8 * span, 1e-300)
        both = 1.0 / (below * squared_half)
        own = root * squared_half * both
        weight = exp_of_minus(squared_angle * below * both)
        added = weight * (math.sqrt(own * own + ambient[lane] * ambient[lane]) - ambient[lane])
        total[lane] += added if squared_angle < squared_half else 0.0


@inlined_part
def frandsen_near(
    i: int, t: int, lanes: int, up: float, diameter: float, state: Floats, ambient: Floats, total: Floats
) -> None:  # fmt: skip
    """Add what a source adds at any distance and angle."""
    for lane in range(lanes):
        distance = state[t, AHEAD, lane] - state[i, AHEAD, lane]
        across = state[t, ASIDE, lane] - state[i, ASIDE, lane]
        ahead = max(distance, 1e-6 * diameter)
        aside = math.sqrt(across * across + up * up)
        root = state[i, ADDED, lane]
        span = math.sqrt(ahead * ahead + aside * aside) / diameter
        own = root / max(1.5 * root + 0.8 * span, 1e-300)
        half_angle = 0.5 * arc_tangent(diameter / ahead) + HALF_OPENING
        ratio = arc_tangent(aside / ahead) / half_angle
        weight = exp_of_minus(ratio * ratio)
        added = weight * (math.sqrt(own * own + ambient[lane] * ambient[lane]) - ambient[lane])
        total[lane] += added if ratio < 1.0 and distance > 1e-10 else 0.0


@contracted_kernel
def add_frandsen(
    near: Integers, code: Integers, count: int, k: int, lanes: int, layout: Layout, state: Floats,
    ambient: Floats, total: Floats,
) -> None:  # fmt: skip
    """Add to `total` [1], shape (lanes,), the turbulence that the sources add to the ambient one."""
    for m in range(count):
        i = near[m]
        if not code[i] & CLOSE_BY:
            continue
        t = look_from(i, k, lanes, layout, state)
        up, diameter = layout.hub[k] - layout.hub[i], 2.0 * layout.radius[i]
        if lanes < LANES:
            frandsen_near(i, t, 8, up, diameter, state, ambient, total)
        elif code[i] & DISTANT:
            frandsen_far(i, t, LANES, up, diameter, state, ambient, total)
        else:
            frandsen_near(i, t, LANES, up, diameter, state, ambient, total)
