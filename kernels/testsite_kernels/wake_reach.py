"""Which wakes can matter at a target, for all hours of a block at once, before any of them is computed.

The axis of a wake and the way to a target turn with the hours of a block by at most a small angle, whose sine is
`turn`: what holds for the middle of the block holds for all of them within bounds.
"""

import math

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.compile_options import contracted_kernel, part

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

REACH = 6.4  # widths off the axis beyond which a wake is left out: exp(-6.4² / 2) = 1.3e-9 of its middle
# Of each source, in the order of the block: how far off its axis it can take speed, and add turbulence, and how far at
# least it does either in full, each as a length at the rotor [m] and its growth per distance; the greatest strength.
FAR, FAR_GROWTH, CLOSE, CLOSE_GROWTH, FULL, FULL_GROWTH = range(6)
BOUNDS = 6


@part
def bounds_of_top_hat(diameter: float, largest_target: float, slope: float, least: float, bounds: Floats) -> None:
    """Fill the bounds of a wake that widens from the rotor's edge."""
    bounds[FAR], bounds[FAR_GROWTH] = 0.5 * (diameter + largest_target), slope
    bounds[FULL], bounds[FULL_GROWTH] = 0.5 * diameter, least


@part
def bounds_of_gaussian(width: float, slope: float, largest_target: float, bounds: Floats) -> None:
    """Fill the bounds of a Gaussian whose width grows by the slope."""
    bounds[FAR], bounds[FAR_GROWTH] = REACH * width + 0.5 * largest_target, REACH * slope


@part
def bounds_of_turbopark(width: float, ambient: float, largest_target: float, bounds: Floats) -> None:
    """Fill the bounds of TurbOPark's wake, whose growth falls with the distance: at the rotor it is the largest."""
    u = 1.5 * ambient
    bounds[FAR] = REACH * width + 0.5 * largest_target
    bounds[FAR_GROWTH] = REACH * 0.04 * ambient * math.sqrt(1.0 + u * u) / u


@part
def bounds_of_crespo(
    width: float, slope: float, narrowest: float, least: float, largest_target: float, bounds: Floats
) -> None:  # fmt: skip
    """Fill the bounds of the disc of two widths in which Crespo's and Hernández' turbulence is added."""
    bounds[CLOSE], bounds[CLOSE_GROWTH] = 2.0 * width + 0.5 * largest_target, 2.0 * slope
    bounds[FULL], bounds[FULL_GROWTH] = 2.0 * narrowest, 2.0 * least


@part
def bounds_of_frandsen(diameter: float, bounds: Floats) -> None:
    """Fill the bounds of Frandsen's cone: x tan((atan(D / x) + 10°) / 2) stays below this line at every x."""
    bounds[CLOSE], bounds[CLOSE_GROWTH] = 0.52 * diameter, 0.09


@contracted_kernel
def select_sources(
    k: int, order: Integers, ahead: Floats, aside: Floats, hub_height: Floats, diameter: Floats, turn: float,
    bounds: Floats, near: Integers, extents: Floats, near_full: Integers, close: Integers, close_full: Integers,
) -> tuple[int, int]:  # fmt: skip
    """List the sources whose wakes can take speed, and those that can add turbulence, at the k-th of the block.

    Parameters
    ----------
    order, ahead, aside : ndarray, shape (turbines,)
        The turbines in the order of the block, and where they stand along and across the wind [m].
    bounds : ndarray, shape (turbines, BOUNDS)
        Of each source before the k-th, in that order.
    near, extents, near_full, close, close_full : ndarray, shape (turbines,)
        Written: the turbines listed, how far each wake can matter [m], and whether the whole rotor of the target lies
        in the full disc of the wake in every hour.

    Returns
    -------
    tuple of int
        How many are near, and how many are close.
    """
    count, closest = 0, 0
    target_radius, upright = 0.5 * diameter[order[k]], math.sqrt(max(0.0, 1.0 - turn * turn))
    for m in range(k):
        distance, across = ahead[k] - ahead[m], abs(aside[k] - aside[m])
        swayed = distance + across * turn
        extent = bounds[m, FAR] + bounds[m, FAR_GROWTH] * swayed
        nearest = across - distance * turn
        if nearest < extent:
            up = hub_height[order[k]] - hub_height[order[m]]
            farthest = across + distance * turn
            room = bounds[m, FULL] + bounds[m, FULL_GROWTH] * (distance * upright - across * turn) - target_radius
            full = 1 if room > 0.0 and farthest * farthest + up * up <= room * room else 0
            near[count], extents[count], near_full[count] = order[m], extent, full
            count += 1
            if nearest < bounds[m, CLOSE] + bounds[m, CLOSE_GROWTH] * swayed:
                close[closest], close_full[closest] = order[m], full
                closest += 1
    return count, closest
