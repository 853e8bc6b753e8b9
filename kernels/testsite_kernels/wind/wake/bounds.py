"""How far the wake of a source can matter, for all hours of a block at once, before any of them is computed.

Every model says so by its `bound`, which fills a column of `bounds`, shape (BOUNDS, columns): lengths at the rotor [m]
and their growth per distance. What it says holds for every thrust coefficient up to the largest of the source's curve,
and for the ambient and effective turbulence of all hours of the block.
"""

import math
from typing import NamedTuple

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_part, inlined_part, part
from testsite_kernels.wind.wake.state import ABREAST, Parameters

LEFT_OUT = 3e-10  # of the wind: what all wakes that are left out at a target could take together
ROUNDING = 1e-6  # [m], far above the rounding of places within a million metres of the middle of the farm
BELOW_ONE = 1.15  # thrust coefficient over 8 (σ/D)² up to which the deficit stays below the whole wind
BEND = 20.0  # diameters where the bounds of a wake bend

# How far off its axis a wake can take speed, up to the bend and beyond it; can add turbulence; and how far at least
# its discs reach: each at the rotor and its growth. From CLEAR on [m] the deficit needs no limit.
FAR, FAR_GROWTH, BEYOND, BEYOND_GROWTH, CLOSE, CLOSE_GROWTH, FULL, FULL_GROWTH, CLEAR = range(9)
# What the growths rise by with the expansion rate.
FAR_WIDTHS, BEYOND_WIDTHS, CLOSE_WIDTHS = range(9, 12)
# How far a wake is deflected to either side at most: at the rotor and its growth.
OFFSET, OFFSET_GROWTH = range(12, 14)
BOUNDS = 14


class Strongest(NamedTuple):
    """The strongest wake that a source can cast in a block.

    `radius`, `largest_target`: rotor radius of the source, the largest of the targets [m]; `thrust`: its largest thrust
    coefficient; `weakest`, `ambient`: least and largest ambient turbulence intensity of the hours; `left_out`: relative
    deficit below which a wake is left out.
    """

    radius: float
    largest_target: float
    thrust: float
    weakest: float
    ambient: float
    left_out: float


@part
def left_out_of_one(turbines: int, linear: bool, squared: bool) -> float:
    """Return the relative deficit below which a wake is left out, so that all of them stay below `LEFT_OUT`.

    Of n wakes below d, a linear superposition loses at most n d, a squared one √n d, the largest d.
    """
    if linear:
        return LEFT_OUT / turbines
    return LEFT_OUT / math.sqrt(turbines) if squared else LEFT_OUT


@part
def widths_of(deficit: float, left_out: float) -> float:
    """Return how many widths off its axis a Gaussian wake with this deficit on it can matter."""
    return math.sqrt(2.0 * math.log(max(deficit / left_out, 1.0)))


@inlined_part
def narrowest(parameters: Parameters, source: Strongest) -> float:
    """Return the least width at the rotor [m]."""
    return parameters.width_factor * 2.0 * source.radius


@part
def widest(parameters: Parameters, source: Strongest) -> float:
    """Return the largest width at the rotor [m]: the least one times the square root of the largest β."""
    if parameters.width_is_fixed:
        return narrowest(parameters, source)
    root = math.sqrt(1.0 - min(parameters.largest_thrust, source.thrust))
    return narrowest(parameters, source) * math.sqrt(0.5 + 0.5 / root)


@inlined_part
def least_expansion(parameters: Parameters, source: Strongest) -> float:
    """Return the least expansion rate of the hours."""
    return parameters.expansion_per_intensity * source.weakest + parameters.expansion


@inlined_part
def largest_expansion(parameters: Parameters, source: Strongest) -> float:
    """Return the largest expansion rate of the hours in ambient turbulence."""
    return parameters.expansion_per_intensity * source.ambient + parameters.expansion


@bare_part
def bound_straight(k: int, at_rotor: float, growth: float, widths: float, bounds: Floats) -> None:
    """Let a wake matter up to a straight line off its axis, whose growth rises by `widths` times the expansion rate."""
    bounds[FAR, k] = bounds[BEYOND, k] = at_rotor
    bounds[FAR_GROWTH, k] = bounds[BEYOND_GROWTH, k] = growth
    bounds[FAR_WIDTHS, k] = bounds[BEYOND_WIDTHS, k] = widths


@bare_part
def bound_gaussian(
    parameters: Parameters, source: Strongest, k: int, weak: float, averages: bool, bounds: Floats
) -> None:
    """Let a Gaussian wake matter as far as its widths say, `weak` being the largest deficit on its axis at the bend.

    Where it `averages` over the rotor of the target, that is added.
    """
    wide, growth = widest(parameters, source), largest_expansion(parameters, source)
    target = source.largest_target if averages else 0.0
    widths, beyond = widths_of(1.0, source.left_out), widths_of(min(weak, 1.0), source.left_out)
    bounds[FAR, k], bounds[FAR_GROWTH, k], bounds[FAR_WIDTHS, k] = widths * wide + target, widths * growth, widths
    bounds[BEYOND, k], bounds[BEYOND_GROWTH, k] = beyond * wide + target, beyond * growth
    bounds[BEYOND_WIDTHS, k] = beyond


@inlined_part
def thrust_at_bend(parameters: Parameters, source: Strongest) -> float:
    """Return the largest thrust coefficient over 8 (σ/D)² where the bounds bend."""
    sigma = narrowest(parameters, source) + least_expansion(parameters, source) * (BEND * 2.0 * source.radius)
    reduced = source.radius * source.radius * source.thrust
    return 0.5 * reduced / (sigma * sigma)


@bare_part
def start_bounds(k: int, bounds: Floats) -> None:
    """Begin the bounds of a source: no turbulence, no disc, no limit."""
    bounds[CLEAR, k] = ABREAST + ROUNDING
    bounds[CLOSE, k] = bounds[CLOSE_GROWTH, k] = bounds[CLOSE_WIDTHS, k] = 0.0
    bounds[FULL, k] = bounds[FULL_GROWTH, k] = math.inf


@bare_part
def round_bounds(k: int, adds_turbulence: int, bounds: Floats) -> None:
    """Widen the bounds of a source by more than their rounding."""
    bounds[FAR, k] += ROUNDING
    bounds[BEYOND, k] += ROUNDING
    bounds[CLOSE, k] += ROUNDING if adds_turbulence else 0.0
    bounds[FULL, k] -= ROUNDING


@bare_part
def raise_bounds(parameters: Parameters, k: int, ambient: float, strongest: float, bounds: Floats) -> None:
    """Raise the bounds of the k-th source, filled for the largest ambient intensity, to the largest effective one."""
    more = parameters.expansion_per_intensity * max(strongest - ambient, 0.0)
    bounds[FAR_GROWTH, k] += bounds[FAR_WIDTHS, k] * more
    bounds[BEYOND_GROWTH, k] += bounds[BEYOND_WIDTHS, k] * more
    bounds[CLOSE_GROWTH, k] += bounds[CLOSE_WIDTHS, k] * more


@bare_part
def deflect_bounds(k: int, bounds: Floats) -> None:
    """Let the wake of the k-th source matter as much further off its axis as it is deflected; nothing is in its discs.

    A target that stands y off the axis stands at least |y| - |δ| off a wake deflected by δ, and |δ| is at most the line
    of `OFFSET`, at every distance in every hour.
    """
    for at_rotor, growth in ((FAR, FAR_GROWTH), (BEYOND, BEYOND_GROWTH), (CLOSE, CLOSE_GROWTH)):
        bounds[at_rotor, k] += bounds[OFFSET, k]
        bounds[growth, k] += bounds[OFFSET_GROWTH, k]
    bounds[FULL, k], bounds[FULL_GROWTH, k] = -math.inf, 0.0
