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
from testsite_kernels.numerics.compile_options import (
    bare_contracted_kernel,
    called_part,
    inlined_part,
    lane_part,
    separate_part,
)
from testsite_kernels.numerics.lane_mathematics import largest_of
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
from testsite_kernels.wind.wake.state import ABREAST, Layout, Near, Turn

# Parts of a code: the wake can matter; the source stands upstream and its deficit is below the whole wind; it stands
# upstream and the rotor of the target lies wholly in the discs of its wake, of speed and of turbulence; it can add
# turbulence; it stands more than three diameters upstream. The next, `DEFLECTED`, is added later.
LISTED, PLAIN, WHOLE, CLOSE_BY, DISTANT = 1, 2, 4, 8, 16


GROUP = 8  # sources that are looked at together, in a register


@inlined_part
def whole_groups(sources: int) -> int:
    """Return how many sources whole groups of them are: the least multiple of `GROUP` that is no less."""
    return ((sources + GROUP - 1) >> 3) << 3


@separate_part
def classify(k: int, sources: int, discs: bool, turn: Turn, layout: Layout, bounds: Floats, near: Near) -> None:
    """Fill code and extent of the first `sources`; those of `discs` and turbulence only where asked for.

    In whole groups: what is filled of those behind them has no meaning.
    """
    height, target_radius = layout.hub[k], layout.radius[k]
    upright = math.sqrt(max(0.0, 1.0 - turn.most * turn.most))
    for m in range(whole_groups(sources)):
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
            room = free if shortest > ABREAST + ROUNDING else 0.0
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


@called_part
def select_around(
    k: int, sources: int, layout: Layout, downwind: Floats, crosswind: Floats, bounds: Floats, near: Near
) -> int:
    """List those of the first `sources` that can act on the k-th, wherever they stand; return how many.

    For a block of one direction at each turbine: every source is looked at along its own wind, `downwind` and
    `crosswind` holding the places, so that what holds of it in the middle of the block holds in all hours. The k-th
    itself is none of them.
    """
    for m in range(sources):
        cosine, sine, east, north = layout.cosine[m, 0], layout.sine[m, 0], layout.x[m], layout.y[m]
        downwind[m] = cosine * (east - layout.x[k]) + sine * (north - layout.y[k])
        crosswind[m] = cosine * (north - layout.y[k]) - sine * (east - layout.x[k])
    downwind[k], crosswind[k] = 0.0, 0.0
    room = Layout(layout.x, layout.y, layout.hub, layout.radius, layout.cosine, layout.sine, downwind, crosswind)
    classify(k, sources, True, Turn(1.0, 0.0, 0.0, 0.0), room, bounds, near)
    found = 0
    for m in range(sources):
        near.source[found] = m
        found += near.code[m] & LISTED if m != k else 0
    return found


@lane_part
def next_abreast(k: int, before: int, farthest: float, turn: Turn, layout: Layout, bounds: Floats) -> int:
    """Return the next source, from `before` back to the first, that the k-th can pass in the order and act on, or -1.

    Two turbines pass each other only where they stand next to each other, X ≤ |Y| tan Ψ, with Ψ the largest angle
    between the middle of the block and a wind that says the order, sin Ψ = `farthest`: that of an hour, or, where each
    turbine has a wind of its own, that at any of them. In such an hour the one before stands at most X + |Y| sin Φ
    downstream of the k-th, and as far off its axis as the module says.
    """
    if farthest >= 1.0:
        return before - 1
    upright = math.sqrt(max(0.0, 1.0 - turn.most * turn.most))
    tangent = farthest / math.sqrt(1.0 - farthest * farthest)
    extent, growth = max(bounds[FAR, k], bounds[CLOSE, k]), max(bounds[FAR_GROWTH, k], bounds[CLOSE_GROWTH, k])
    share = upright - growth * turn.most - tangent * (growth + turn.most)
    widest = extent / share if share > 0.0 else 1e9  # no |Y| above this one is within reach for any such X
    for m in range(before - 1, -1, -1):
        distance = layout.downwind[k] - layout.downwind[m]
        across = abs(layout.crosswind[k] - layout.crosswind[m])
        if distance > tangent * widest + ROUNDING:
            return -1
        if distance <= tangent * across + ROUNDING:
            swayed, nearest = distance + across * turn.most, across * upright - distance * turn.most
            far = bounds[FAR, k] + bounds[FAR_GROWTH, k] * swayed
            close = bounds[CLOSE, k] + bounds[CLOSE_GROWTH, k] * swayed
            if nearest < max(far, close):
                return m
    return -1


@lane_part
def can_reach(i: int, k: int, lanes: int, layout: Layout, bounds: Floats, excess: Floats, room: Floats) -> bool:
    """Return whether the wake of source i, along its own wind, can matter at the k-th in any lane."""
    east, north, bend = layout.x[k] - layout.x[i], layout.y[k] - layout.y[i], BEND * 2.0 * layout.radius[i]
    for lane in range(lanes):
        distance = layout.cosine[i, lane] * east + layout.sine[i, lane] * north
        across = abs(layout.cosine[i, lane] * north - layout.sine[i, lane] * east)
        excess[lane] = margin(i, distance, across, bend, bounds)
    return largest_of(excess, lanes, room) > 0.0


@inlined_part
def margin(i: int, distance: float, across: float, bend: float, bounds: Floats) -> float:
    """Return how far within the reach of source i a target stands [m], below zero where it does not."""
    far = bounds[FAR, i] + bounds[FAR_GROWTH, i] * distance
    beyond = bounds[BEYOND, i] + bounds[BEYOND_GROWTH, i] * distance
    close = bounds[CLOSE, i] + bounds[CLOSE_GROWTH, i] * distance
    extent = max(beyond if distance > bend + ROUNDING else far, close)
    return extent - across if distance > 0.0 else -1.0
