"""Nygaard et al. (2022), J. Phys.: Conf. Ser. 2265, 022063 (TurbOPark): the width grows as the wake's turbulence does.

A Gaussian by momentum theory, averaged over the target's rotor, whose width σ grows by

    dσ/dx = 0.04 √(1/w² + I²),  w = 1.5 + 0.4 x / (√Ct R)

and has a closed form (eq. 5).
"""

import math

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_kernel, plain_part, separate_part
from testsite_kernels.numerics.lane_mathematics import logarithm
from testsite_kernels.wind.wake.bounds import (
    BEND,
    BEYOND,
    BEYOND_GROWTH,
    BEYOND_WIDTHS,
    FAR,
    FAR_GROWTH,
    FAR_WIDTHS,
    Strongest,
    widest,
    widths_of,
)
from testsite_kernels.wind.wake.model import deficit_model
from testsite_kernels.wind.wake.rotor_average import fill_rotor_mean, terms_of
from testsite_kernels.wind.wake.state import (
    ABREAST,
    DOWNWIND,
    OWN,
    THRUST,
    WIDTH,
    Pair,
    Parameters,
    Scratch,
    induction_momentum,
)

A = 0.04  # the wake's expansion over its turbulence intensity
# 1.5 I; its growth per distance [1/m]; the width per integral [m]; the integral at the rotor.
INTENSITY, GROWTH, AMPLITUDE, INTEGRAL = OWN, OWN + 1, OWN + 2, OWN + 3


@plain_part
def integral(u: float) -> float:
    """Return what the width of the wake is the difference of, eq. 5."""
    root = math.sqrt(u * u + 1.0)
    return root - logarithm((root + 1.0) / u)


@bare_kernel
def bound(parameters: Parameters, source: Strongest, k: int, bounds: Floats) -> None:
    """Let the wake matter up to tangents of the widest one.

    The width grows by 0.04 √(1/w² + I²) with w = 1.5 + 0.4 x / (√Ct R): the more, the larger the ambient I and the
    thrust are, and the less, the further it goes. So the line that touches the widest one at the rotor is above all of
    them, and so is the line that touches it at the bend. The effective turbulence is not in it.
    """
    ambient, wide, bend = source.ambient, widest(parameters, source), BEND * 2.0 * source.radius
    widths = widths_of(1.0, source.left_out)  # a deficit is at most the whole wind
    start = 1.5 * ambient
    grown = 0.4 * ambient / (math.sqrt(max(source.thrust, 1e-20)) * source.radius)
    u = start + grown * bend
    first = A * ambient * math.sqrt(1.0 + start * start) / start
    second = A * ambient * math.sqrt(1.0 + u * u) / u
    at_bend = A * ambient / grown * (integral(u) - integral(start))
    bounds[FAR, k], bounds[FAR_GROWTH, k] = widths * wide + source.largest_target, widths * first
    bounds[BEYOND, k] = widths * (wide + at_bend - second * bend) + source.largest_target
    bounds[BEYOND_GROWTH, k] = widths * second
    bounds[FAR_WIDTHS, k] = bounds[BEYOND_WIDTHS, k] = 0.0


@bare_kernel
def describe(
    k: int, lanes: int, parameters: Parameters, radius: float, thrust: Floats, ambient: Floats, state: Floats
) -> None:
    """Write how the width grows."""
    for lane in range(lanes):
        grown = 0.4 * ambient[lane] / (math.sqrt(max(thrust[lane], 1e-20)) * radius)
        state[k, INTENSITY, lane], state[k, GROWTH, lane] = 1.5 * ambient[lane], grown
        state[k, AMPLITUDE, lane] = A * ambient[lane] / grown
        state[k, INTEGRAL, lane] = integral(1.5 * ambient[lane])


@separate_part
def prepare(pair: Pair, lanes: int, state: Floats, scratch: Scratch) -> int:
    """Prepare a wake by momentum theory of this width."""
    i, t = pair.source, pair.target
    for lane in range(lanes):
        distance = state[t, DOWNWIND, lane] - state[i, DOWNWIND, lane]
        grown = integral(state[i, INTENSITY, lane] + state[i, GROWTH, lane] * max(distance, 0.0))
        sigma = state[i, AMPLITUDE, lane] * (grown - state[i, INTEGRAL, lane]) + state[i, WIDTH, lane]
        inverse = 0.5 / (sigma * sigma)
        centre = 2.0 * induction_momentum(state[i, THRUST, lane] * inverse)
        scratch.inverse[lane], scratch.centre[lane] = inverse, centre if distance > ABREAST else 0.0
    return terms_of(pair, lanes, scratch)


@separate_part
def deficit(pair: Pair, up: float, lanes: int, prepared: int, state: Floats, scratch: Scratch) -> None:
    """Fill the deficits of a pair, see `deficit_model`; `prepared`: terms of the mean."""
    fill_rotor_mean(pair, up, lanes, prepared, state, scratch)


DEFICIT = deficit_model(
    "turbopark",
    deficit=deficit,
    bound=bound,
    describe=describe,
    prepare=prepare,
    may_mirror=True,
    needs_turbulence=True,
)
