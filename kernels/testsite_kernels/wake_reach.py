"""Which wakes can matter at a target, for all hours of a block at once, before any of them is computed.

The axis of a wake and the way to a target turn with the hours of a block by at most a small angle, whose sine is
`turn`: what holds for the middle of the block holds for all of them within bounds. The bounds of a source hold for
every thrust coefficient up to the largest of its curve.
"""

import math

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.compile_options import contracted_kernel, inlined_part, part
from testsite_kernels.wake_state import (
    CRESPO,
    FRANDSEN,
    GAUSSIAN,
    GAUSSIAN_MADSEN_OVERLAP,
    GAUSSIAN_OVERLAP,
    TOP_HAT,
    TOP_HAT_OVERLAP,
    TURBOPARK,
    Layout,
    Model,
    induction_madsen,
    induction_momentum,
    turbopark_integral,
)

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

LEFT_OUT = 1e-10  # relative deficit below which a wake is left out
ON_AXIS = 0.5  # relative deficit on the axis that is not exceeded from one diameter on
BELOW_ONE = 1.15  # thrust coefficient over 8 (σ/D)² up to which the deficit stays below the whole wind
NEAR_REACH = math.sqrt(2.0 * math.log(ON_AXIS / LEFT_OUT))  # widths, of a wake near its rotor
BEND = 20.0  # diameters where the bounds of a wake bend
# Of each source, in the order of the block: how far off its axis it can take speed, up to the bend and beyond, and add
# turbulence, and how far at least it does either in full, each as a length at the rotor [m] and its growth per
# distance; from which distance on its deficit needs no limit [m].
FAR, FAR_GROWTH, BEYOND, BEYOND_GROWTH, CLOSE, CLOSE_GROWTH, FULL, FULL_GROWTH, CLEAR = range(9)
BOUNDS = 9
LISTED, PLAIN, WHOLE, CLOSE_BY, DISTANT = 1, 2, 4, 8, 16


@part
def reach(deficit: float) -> float:
    """Return how many widths off the axis a wake with this deficit on it can matter."""
    return math.sqrt(2.0 * math.log(max(deficit / LEFT_OUT, 1.0)))


@part
def largest_beta(model: Model, thrust: float) -> float:
    """Return the square root of the largest β of a turbine, 1 where the width is fixed."""
    if model.width_is_fixed:
        return 1.0
    root = math.sqrt(1.0 - min(model.largest_thrust, thrust))
    return math.sqrt(0.5 + 0.5 / root)


@part
def fill_bounds(
    model: Model, k: int, radius: float, largest_target: float, thrust: float, weakest: float, ambient: float,
    bounds: Floats,
) -> None:  # fmt: skip
    """Fill the k-th column of bounds, shape (BOUNDS, columns), for a source in ambient turbulence.

    Parameters
    ----------
    radius, largest_target : float
        Rotor radius of the source, the largest of the targets [m].
    thrust : float
        Its largest thrust coefficient.
    weakest, ambient : float
        Least and largest ambient turbulence intensity of the hours.
    """
    slope = model.slope_per_intensity * ambient + model.slope
    least = model.slope_per_intensity * weakest + model.slope
    narrow = model.width_factor * 2.0 * radius
    wide = narrow * largest_beta(model, thrust)
    bend, reduced = BEND * 2.0 * radius, radius * radius * thrust
    bounds[CLEAR, k] = 1e-6 * radius
    bounds[CLOSE, k] = bounds[CLOSE_GROWTH, k] = 0.0
    if model.deficit == TOP_HAT or model.deficit == TOP_HAT_OVERLAP:
        bounds[FAR, k] = bounds[BEYOND, k] = radius + (largest_target if model.deficit == TOP_HAT_OVERLAP else 0.0)
        bounds[FAR_GROWTH, k] = bounds[BEYOND_GROWTH, k] = slope
    elif model.deficit == TURBOPARK:
        # The growth falls with the distance, and with the thrust: the line that touches it at the rotor is above it,
        # and so is the one that touches it at the bend, where the thrust is the largest.
        start = 1.5 * ambient
        grown = 0.4 * ambient / (math.sqrt(max(thrust, 1e-20)) * radius)
        u = start + grown * bend
        first = 0.04 * ambient * math.sqrt(1.0 + start * start) / start
        second = 0.04 * ambient * math.sqrt(1.0 + u * u) / u
        at_bend = 0.04 * ambient / grown * (turbopark_integral(u) - turbopark_integral(start))
        bounds[FAR, k], bounds[FAR_GROWTH, k] = NEAR_REACH * wide + largest_target, NEAR_REACH * first
        bounds[BEYOND, k] = NEAR_REACH * (wide + at_bend - second * bend) + largest_target
        bounds[BEYOND_GROWTH, k] = NEAR_REACH * second
    else:
        of_madsen = model.deficit == GAUSSIAN or model.deficit == GAUSSIAN_MADSEN_OVERLAP
        overlaps = model.deficit == GAUSSIAN_OVERLAP or model.deficit == GAUSSIAN_MADSEN_OVERLAP
        target = largest_target if overlaps else 0.0
        sigma = narrow + least * bend
        c = 0.5 * reduced / (sigma * sigma)
        weak = 2.0 * (induction_madsen(c) if of_madsen else induction_momentum(c))
        beyond = reach(min(weak, ON_AXIS))
        bounds[FAR, k], bounds[FAR_GROWTH, k] = NEAR_REACH * wide + target, NEAR_REACH * slope
        bounds[BEYOND, k], bounds[BEYOND_GROWTH, k] = beyond * wide + target, beyond * slope
        shortfall = math.sqrt(0.5 * reduced / BELOW_ONE) - narrow
        if model.deficit == GAUSSIAN and shortfall > 0.0:
            bounds[CLEAR, k] = shortfall / least if least > 0.0 else math.inf
    if model.turbulence == CRESPO:
        bounds[CLOSE, k], bounds[CLOSE_GROWTH, k] = 2.0 * wide + largest_target, 2.0 * slope
    elif model.turbulence == FRANDSEN:
        # x tan((atan(D / x) + 10°) / 2) stays below this line at every x
        bounds[CLOSE, k], bounds[CLOSE_GROWTH, k] = 1.04 * radius, 0.09
    if model.deficit == TOP_HAT_OVERLAP:
        bounds[FULL, k], bounds[FULL_GROWTH, k] = radius, least
    else:
        bounds[FULL, k], bounds[FULL_GROWTH, k] = 2.0 * narrow, 2.0 * least


@part
def raise_bounds(model: Model, k: int, ambient: float, strongest: float, bounds: Floats) -> None:
    """Raise the bounds of the k-th source, filled for the largest ambient intensity, to the largest effective one."""
    if model.slope_per_intensity > 0.0 and model.deficit != TURBOPARK:
        least = model.slope_per_intensity * ambient + model.slope
        ratio = (model.slope_per_intensity * strongest + model.slope) / least
        bounds[FAR_GROWTH, k] *= ratio
        bounds[BEYOND_GROWTH, k] *= ratio
        if model.turbulence == CRESPO:
            bounds[CLOSE_GROWTH, k] *= ratio


@inlined_part
def classify(
    k: int, discs: bool, ahead: Floats, aside: Floats, layout: Layout, turn: float, bounds: Floats, code: Integers,
    extents: Floats,
) -> None:  # fmt: skip
    """Fill code and extents of every turbine before the k-th; those of `discs` and turbulence only where told."""
    here, beside, height, target_radius = ahead[k], aside[k], layout.hub[k], layout.radius[k]
    upright = math.sqrt(max(0.0, 1.0 - turn * turn))
    for m in range(k):
        distance, across = here - ahead[m], abs(beside - aside[m])
        swayed, nearest = distance + across * turn, across - distance * turn
        shortest = distance * upright - across * turn
        far = bounds[FAR, m] + bounds[FAR_GROWTH, m] * swayed
        beyond = bounds[BEYOND, m] + bounds[BEYOND_GROWTH, m] * swayed
        extent = beyond if shortest > BEND * 2.0 * layout.radius[m] else far
        extents[m] = extent
        value = PLAIN if shortest > bounds[CLEAR, m] else 0
        if discs:
            close = bounds[CLOSE, m] + bounds[CLOSE_GROWTH, m] * swayed
            up, farthest = height - layout.hub[m], across + distance * turn
            free = max(bounds[FULL, m] + bounds[FULL_GROWTH, m] * shortest - target_radius, 0.0)
            value += LISTED if nearest < max(extent, close) else 0
            value += WHOLE if farthest * farthest + up * up <= free * free else 0
            value += CLOSE_BY if nearest < close else 0
            value += DISTANT if shortest > 6.0 * layout.radius[m] else 0
        else:
            value += LISTED if nearest < extent else 0
        code[m] = value


@contracted_kernel
def select_sources(
    k: int, discs: bool, ahead: Floats, aside: Floats, layout: Layout, turn: float, bounds: Floats, near: Integers,
    code: Integers, extents: Floats,
) -> int:  # fmt: skip
    """List the sources whose wakes can take speed or add turbulence at the k-th of the block; return how many.

    Parameters
    ----------
    discs : bool
        Whether top hats or turbulence make the last three parts of the code, and what is close by, matter.
    ahead, aside : ndarray, shape (turbines,)
        Where the turbines stand along and across the wind in the middle of the block [m], in its order.
    bounds : ndarray, shape (BOUNDS, turbines)
        Of each source before the k-th.
    near : ndarray, shape (turbines,)
        Written: the turbines listed.
    code, extents : ndarray, shape (turbines,)
        Written, of every turbine before the k-th: what holds in every hour, and how far its wake can matter [m]. The
        code is a sum: `PLAIN`, the source stands upstream and its deficit is below the whole wind; `WHOLE`, the rotor
        of the target lies wholly in the disc of the wake; `CLOSE_BY`, it can add turbulence; `DISTANT`, it stands more
        than three diameters upstream.
    """
    if discs:
        classify(k, True, ahead, aside, layout, turn, bounds, code, extents)
    else:
        classify(k, False, ahead, aside, layout, turn, bounds, code, extents)
    found = 0
    for m in range(k):
        near[found] = m
        found += code[m] & LISTED
    return found
