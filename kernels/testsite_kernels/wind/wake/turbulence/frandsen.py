"""Frandsen (2007), Risø-R-1188, as corrected in IEC 61400-1 (2019), annex E, with the shape of the 2017 version.

STF2017: the sources add up within angles seen from them.
"""

import math
from typing import Any

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_kernel, separate_kernel, separate_part
from testsite_kernels.numerics.lane_mathematics import LANES, arc_tangent, arc_tangent_ratio_of_small, exp_of_minus
from testsite_kernels.wind.wake.bounds import CLOSE, CLOSE_GROWTH, Strongest
from testsite_kernels.wind.wake.model import Turbulence
from testsite_kernels.wind.wake.reach import CLOSE_BY, DISTANT
from testsite_kernels.wind.wake.state import (
    ABREAST,
    ADDED,
    CROSSWIND,
    DOWNWIND,
    Pair,
    Parameters,
    Target,
    Turn,
    look_from,
    read_view,
)

HALF_OPENING = 5.0 * math.pi / 180.0  # of the wake, next to half the angle that the rotor is seen under


@bare_kernel
def bound(parameters: Parameters, source: Strongest, k: int, bounds: Floats) -> None:
    """Let the turbulence matter up to a line above x tan((atan(D / x) + 10°) / 2), which it is at every x."""
    bounds[CLOSE, k], bounds[CLOSE_GROWTH, k] = 1.04 * source.radius, 0.09


@bare_kernel
def describe_ambient(parameters: Parameters, lanes: int, ambient: Floats, factor: Floats) -> None:
    """Describe nothing: the ambient intensity is looked at where turbulence is added."""


@bare_kernel
def describe(k: int, lanes: int, parameters: Parameters, thrust: Floats, factor: Floats, state: Floats) -> None:
    """Write √Ct."""
    for lane in range(lanes):
        state[k, ADDED, lane] = math.sqrt(thrust[lane])


@separate_part
def far(pair: Pair, up: float, lanes: int, state: Floats, ambient: Floats, total: Floats) -> None:
    """Add what a source adds from three diameters on, where the angles are small."""
    i, t, diameter = pair.source, pair.target, 2.0 * pair.source_radius
    per_diameter = 1.0 / diameter
    for lane in range(lanes):
        distance = state[t, DOWNWIND, lane] - state[i, DOWNWIND, lane]
        across = state[t, CROSSWIND, lane] - state[i, CROSSWIND, lane]
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


@separate_part
def close(pair: Pair, up: float, lanes: int, state: Floats, ambient: Floats, total: Floats) -> None:
    """Add what a source adds at any distance and angle."""
    i, t, diameter = pair.source, pair.target, 2.0 * pair.source_radius
    for lane in range(lanes):
        distance = state[t, DOWNWIND, lane] - state[i, DOWNWIND, lane]
        across = state[t, CROSSWIND, lane] - state[i, CROSSWIND, lane]
        downwind = max(distance, 1e-6 * diameter)
        crosswind = math.sqrt(across * across + up * up)
        root = state[i, ADDED, lane]
        span = math.sqrt(downwind * downwind + crosswind * crosswind) / diameter
        own = root / max(1.5 * root + 0.8 * span, 1e-300)
        half_angle = 0.5 * arc_tangent(diameter / downwind) + HALF_OPENING
        ratio = arc_tangent(crosswind / downwind) / half_angle
        weight = exp_of_minus(ratio * ratio)
        added = weight * (math.sqrt(own * own + ambient[lane] * ambient[lane]) - ambient[lane])
        total[lane] += added if ratio < 1.0 and distance > ABREAST else 0.0


@separate_kernel
def add(target: Target, turn: Turn, view: Any) -> None:
    """Add to `total` [1], shape (lanes,), the turbulence that the sources add to the ambient one."""
    near, layout, _, state, ambient, _, total = read_view(view)
    k, lanes = target.place, target.lanes
    for m in range(target.sources):
        i = near.source[m]
        if not near.code[i] & CLOSE_BY:
            continue
        t = look_from(i, k, lanes, view)
        pair, up = Pair(i, t, near.code[i], layout.radius[i], layout.radius[k]), layout.hub[k] - layout.hub[i]
        if lanes < LANES:
            close(pair, up, 8, state, ambient, total)
        elif near.code[i] & DISTANT:
            far(pair, up, LANES, state, ambient, total)
        else:
            close(pair, up, LANES, state, ambient, total)


TURBULENCE = Turbulence("frandsen", bound, describe_ambient, describe, add)
