"""Which wakes can matter at a target, for all hours of a block at once, before any of them is computed.

Every bound here holds in each hour of the block. Let X and Y be the distances of a target from a source along and
across the wind in the middle of the block, and φ the angle of an hour (or of the source's own wind in it) from that
middle, |φ| ≤ Φ < 90°, with sin Φ = `turn.most`. In that hour the target stands x = X cos φ + Y sin φ downstream of the
source and y = Y cos φ - X sin φ off the axis of its wake, so that

    |y| ≥ |Y| cos Φ - |X| sin Φ,   |y| ≤ |Y| + |X| sin Φ,   X cos Φ - |Y| sin Φ ≤ x ≤ max(X, X cos Φ) + |Y| sin Φ

(the lower bound of x: of a target that lies downstream in the middle). Without the cosines these are not bounds. Where
some wind turns by 90° or more from the middle, sin Φ is taken as 1, and the bounds hold for every angle. A wake that is
deflected stands off that axis, to either side by at most a line above it: its bounds are wider by that, see
`wake.bounds.deflect_bounds`.
"""

import math

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_contracted_kernel, bare_part, lane_part
from testsite_kernels.wind.wake.bounds import (
    BEND,
    BEYOND,
    BEYOND_GROWTH,
    CLEAR,
    CLOSE,
    CLOSE_GROWTH,
    FAR,
    FAR_GROWTH,
    FULL,
    FULL_GROWTH,
    ROUNDING,
)
from testsite_kernels.wind.wake.state import Layout, Near, Turn

# Parts of a code: the wake can matter; the source stands upstream and its deficit is below the whole wind; it stands
# upstream and the rotor of the target lies wholly in the discs of its wake, of speed and of turbulence; it can add
# turbulence; it stands more than three diameters upstream. The next, `DEFLECTED`, is added later.
LISTED, PLAIN, WHOLE, CLOSE_BY, DISTANT = 1, 2, 4, 8, 16


@bare_part
def classify(k: int, sources: int, discs: bool, turn: Turn, layout: Layout, bounds: Floats, near: Near) -> None:
    """Fill code and extent of the first `sources`; those of `discs` and turbulence only where asked for."""
    height, target_radius = layout.hub[k], layout.radius[k]
    upright = math.sqrt(max(0.0, 1.0 - turn.most * turn.most))
    for m in range(sources):
        distance = layout.downwind[k] - layout.downwind[m]
        across = abs(layout.crosswind[k] - layout.crosswind[m])
        swayed = max(distance, distance * upright) + across * turn.most
        nearest = across * upright - abs(distance) * turn.most
        shortest = distance * upright - across * turn.most
        far = bounds[FAR, m] + bounds[FAR_GROWTH, m] * swayed
        beyond = bounds[BEYOND, m] + bounds[BEYOND_GROWTH, m] * swayed
        extent = beyond if shortest > BEND * 2.0 * layout.radius[m] else far
        near.extent[m] = extent
        value = PLAIN if shortest > bounds[CLEAR, m] else 0
        if discs:
            close = bounds[CLOSE, m] + bounds[CLOSE_GROWTH, m] * swayed
            up, farthest = height - layout.hub[m], across + abs(distance) * turn.most
            free = bounds[FULL, m] + bounds[FULL_GROWTH, m] * shortest - target_radius
            room = free if shortest > ROUNDING else 0.0
            squared = room * room if room > 0.0 else -1.0
            value += LISTED if nearest < max(extent, close) else 0
            value += WHOLE if farthest * farthest + up * up <= squared else 0
            value += CLOSE_BY if nearest < close else 0
            value += DISTANT if shortest > 6.0 * layout.radius[m] else 0
        else:
            value += LISTED if nearest < extent else 0
        near.code[m] = value


@bare_contracted_kernel
def select_sources(k: int, sources: int, discs: bool, turn: Turn, layout: Layout, bounds: Floats, near: Near) -> int:
    """List the sources whose wakes can take speed or add turbulence at the k-th of the block; return how many.

    Parameters
    ----------
    sources : int
        The sources are the first so many of the block: those before the k-th, or all, where that casts no wake itself.
    discs : bool
        Whether top hats or turbulence make the last three parts of the code, and what is close by, matter.
    turn : Turn
        The middle direction of the block, and how far the wind is from it.
    layout : Layout
        Where the turbines stand.
    bounds : ndarray, shape (BOUNDS, turbines)
        Of each source.
    near : Near
        Written: the turbines listed; code and extent of every source.
    """
    if discs:
        classify(k, sources, True, turn, layout, bounds, near)
    else:
        classify(k, sources, False, turn, layout, bounds, near)
    found = 0
    for m in range(sources):
        near.source[found] = m
        found += near.code[m] & LISTED
    return found


@lane_part
def next_abreast(k: int, before: int, own_winds: bool, turn: Turn, layout: Layout, bounds: Floats) -> int:
    """Return the next source, from `before` back to the first, that the k-th may pass in the order and act on, or -1.

    Two turbines pass each other only where they stand next to each other, X ≤ |Y| tan Ψ, with Ψ the largest angle
    between the middle of the block and an hour, sin Ψ = `turn.of_order`. In such an hour the one before stands at most
    X + |Y| sin Φ downstream of the k-th, and as far off its axis as the module says. Where turbines have winds of their
    own (`own_winds`), the one before must not act on the k-th either, as in that hour it comes later.
    """
    if turn.of_order >= 1.0:
        return before - 1
    upright = math.sqrt(max(0.0, 1.0 - turn.most * turn.most))
    tangent = turn.of_order / math.sqrt(1.0 - turn.of_order * turn.of_order)
    extent, growth = max(bounds[FAR, k], bounds[CLOSE, k]), max(bounds[FAR_GROWTH, k], bounds[CLOSE_GROWTH, k])
    share = upright - growth * turn.most - tangent * (growth + turn.most)
    # No |Y| above this one is within reach for any such X.
    widest = extent / share if share > 0.0 and not own_winds else 1e9
    for m in range(before - 1, -1, -1):
        distance = layout.downwind[k] - layout.downwind[m]
        across = abs(layout.crosswind[k] - layout.crosswind[m])
        if distance > tangent * widest + ROUNDING:
            return -1
        if distance <= tangent * across + ROUNDING:
            swayed, nearest = distance + across * turn.most, across * upright - distance * turn.most
            for i in (k, m):
                if i == k or own_winds:
                    far = bounds[FAR, i] + bounds[FAR_GROWTH, i] * swayed
                    close = bounds[CLOSE, i] + bounds[CLOSE_GROWTH, i] * swayed
                    if nearest < max(far, close):
                        return m
    return -1
