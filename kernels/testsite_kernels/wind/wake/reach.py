"""Which wakes can matter at a target, for all hours of a block at once, before any of them is computed.

Every bound here holds in each hour of the block. Let X and Y be the distances of a target from a source along and
across the wind in the middle of the block, and φ the angle of an hour (or of the source's own wind in it) from that
middle, |φ| ≤ Φ < 90°, with sin Φ = `turn`. In that hour the target stands x = X cos φ + Y sin φ downstream of the
source and y = Y cos φ - X sin φ off the axis of its wake, so that

    |y| ≥ |Y| cos Φ - |X| sin Φ,   |y| ≤ |Y| + |X| sin Φ,   X cos Φ - |Y| sin Φ ≤ x ≤ max(X, X cos Φ) + |Y| sin Φ

(the lower bound of x: of a target that lies downstream in the middle). Without the cosines these are no bounds. Where
some wind turns by 90° or more from the middle, sin Φ is taken as 1, and the bounds hold for every angle.
The bounds of a source hold for every thrust coefficient up to the largest of its curve, and for the ambient and
effective turbulence of all hours of the block. Every one is wider by `ROUNDING` than its formula.
"""

import math

from testsite_kernels.numerics.arrays import Floats, Integers
from testsite_kernels.numerics.compile_options import contracted_kernel, inlined_part, part
from testsite_kernels.wind.wake.state import (
    CRESPO,
    FRANDSEN,
    GAUSSIAN,
    GAUSSIAN_MADSEN_OVERLAP,
    GAUSSIAN_OVERLAP,
    NO_TURBULENCE,
    TOP_HAT,
    TOP_HAT_OVERLAP,
    TURBOPARK,
    Layout,
    Model,
    induction_madsen,
    induction_momentum,
    turbopark_integral,
)

LEFT_OUT = 3e-10  # of the wind: what all wakes that are left out at a target could take together
ROUNDING = 1e-6  # [m], far above the rounding of places within a million metres of the middle of the farm
BELOW_ONE = 1.15  # thrust coefficient over 8 (σ/D)² up to which the deficit stays below the whole wind
BEND = 20.0  # diameters where the bounds of a wake bend
# Of each source, in the order of the block: how far off its axis it can take speed, up to the bend and beyond, and add
# turbulence, and how far at least its discs reach, each as a length at the rotor [m] and its growth per distance; from
# which distance on its deficit needs no limit [m]; what the growths rise by with the growth of the width.
FAR, FAR_GROWTH, BEYOND, BEYOND_GROWTH, CLOSE, CLOSE_GROWTH, FULL, FULL_GROWTH, CLEAR = range(9)
FAR_WIDTHS, BEYOND_WIDTHS, CLOSE_WIDTHS = range(9, 12)
BOUNDS = 12
LISTED, PLAIN, WHOLE, CLOSE_BY, DISTANT = 1, 2, 4, 8, 16


@part
def left_out_of_one(turbines: int, linear: bool, squared: bool) -> float:
    """Return the relative deficit below which a wake is left out, so that all of them stay below `LEFT_OUT`.

    Of n wakes below d, a linear superposition loses at most n d, a squared one √n d, the largest d.
    """
    if linear:
        return LEFT_OUT / turbines
    return LEFT_OUT / math.sqrt(turbines) if squared else LEFT_OUT


@part
def reach(deficit: float, left_out: float) -> float:
    """Return how many widths off the axis a wake with this deficit on it can matter."""
    return math.sqrt(2.0 * math.log(max(deficit / left_out, 1.0)))


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
    left_out: float, bounds: Floats,
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
    left_out : float
        Relative deficit below which a wake is left out.
    """
    slope = model.slope_per_intensity * ambient + model.slope
    least = model.slope_per_intensity * weakest + model.slope
    narrow = model.width_factor * 2.0 * radius
    wide = narrow * largest_beta(model, thrust)
    bend, reduced = BEND * 2.0 * radius, radius * radius * thrust
    widths = reach(1.0, left_out)  # a deficit is at most the whole wind
    bounds[CLEAR, k] = ROUNDING
    bounds[CLOSE, k] = bounds[CLOSE_GROWTH, k] = bounds[CLOSE_WIDTHS, k] = 0.0
    if model.deficit == TOP_HAT or model.deficit == TOP_HAT_OVERLAP:
        bounds[FAR, k] = bounds[BEYOND, k] = radius + (largest_target if model.deficit == TOP_HAT_OVERLAP else 0.0)
        bounds[FAR_GROWTH, k] = bounds[BEYOND_GROWTH, k] = slope
        bounds[FAR_WIDTHS, k] = bounds[BEYOND_WIDTHS, k] = 1.0
    elif model.deficit == TURBOPARK:
        # The width grows by 0.04 √(1/w² + I²) with w = 1.5 + 0.4 x / (√Ct R): the more, the larger the ambient I and
        # the thrust are, and the less, the further it goes. So the line that touches the widest one at the rotor is
        # above all of them, and so is the line that touches it at the bend. The effective turbulence is not in it.
        start = 1.5 * ambient
        grown = 0.4 * ambient / (math.sqrt(max(thrust, 1e-20)) * radius)
        u = start + grown * bend
        first = 0.04 * ambient * math.sqrt(1.0 + start * start) / start
        second = 0.04 * ambient * math.sqrt(1.0 + u * u) / u
        at_bend = 0.04 * ambient / grown * (turbopark_integral(u) - turbopark_integral(start))
        bounds[FAR, k], bounds[FAR_GROWTH, k] = widths * wide + largest_target, widths * first
        bounds[BEYOND, k] = widths * (wide + at_bend - second * bend) + largest_target
        bounds[BEYOND_GROWTH, k] = widths * second
        bounds[FAR_WIDTHS, k] = bounds[BEYOND_WIDTHS, k] = 0.0
    else:
        of_madsen = model.deficit == GAUSSIAN or model.deficit == GAUSSIAN_MADSEN_OVERLAP
        overlaps = model.deficit == GAUSSIAN_OVERLAP or model.deficit == GAUSSIAN_MADSEN_OVERLAP
        target = largest_target if overlaps else 0.0
        sigma = narrow + least * bend
        c = 0.5 * reduced / (sigma * sigma)
        weak = 2.0 * (induction_madsen(c) if of_madsen else induction_momentum(c))
        beyond = reach(min(weak, 1.0), left_out)
        bounds[FAR, k], bounds[FAR_GROWTH, k], bounds[FAR_WIDTHS, k] = widths * wide + target, widths * slope, widths
        bounds[BEYOND, k], bounds[BEYOND_GROWTH, k] = beyond * wide + target, beyond * slope
        bounds[BEYOND_WIDTHS, k] = beyond
        shortfall = math.sqrt(0.5 * reduced / BELOW_ONE) - narrow
        if model.deficit == GAUSSIAN and shortfall > 0.0:
            bounds[CLEAR, k] = shortfall / least + ROUNDING if least > 0.0 else math.inf
    if model.turbulence == CRESPO:
        bounds[CLOSE, k], bounds[CLOSE_GROWTH, k] = 2.0 * wide + largest_target, 2.0 * slope
        bounds[CLOSE_WIDTHS, k] = 2.0
    elif model.turbulence == FRANDSEN:
        # x tan((atan(D / x) + 10°) / 2) stays below this line at every x
        bounds[CLOSE, k], bounds[CLOSE_GROWTH, k] = 1.04 * radius, 0.09
    # The disc of the top hat, that of turbulence, or, where a model has both, what lies in both of them.
    bounds[FULL, k], bounds[FULL_GROWTH, k] = 2.0 * narrow, 2.0 * least
    if model.deficit == TOP_HAT_OVERLAP:
        bounds[FULL, k] = min(radius, 2.0 * narrow) if model.turbulence == CRESPO else radius
        bounds[FULL_GROWTH, k] = least
    bounds[FAR, k] += ROUNDING
    bounds[BEYOND, k] += ROUNDING
    bounds[CLOSE, k] += ROUNDING if model.turbulence != NO_TURBULENCE else 0.0
    bounds[FULL, k] -= ROUNDING


@inlined_part
def raise_bounds(model: Model, k: int, ambient: float, strongest: float, bounds: Floats) -> None:
    """Raise the bounds of the k-th source, filled for the largest ambient intensity, to the largest effective one."""
    more = model.slope_per_intensity * max(strongest - ambient, 0.0)
    bounds[FAR_GROWTH, k] += bounds[FAR_WIDTHS, k] * more
    bounds[BEYOND_GROWTH, k] += bounds[BEYOND_WIDTHS, k] * more
    bounds[CLOSE_GROWTH, k] += bounds[CLOSE_WIDTHS, k] * more


@inlined_part
def classify(
    k: int, sources: int, discs: bool, ahead: Floats, aside: Floats, layout: Layout, turn: float, bounds: Floats,
    code: Integers, extents: Floats,
) -> None:  # fmt: skip
    """Fill code and extents of the first `sources`; those of `discs` and turbulence only where asked for."""
    here, beside, height, target_radius = ahead[k], aside[k], layout.hub[k], layout.radius[k]
    upright = math.sqrt(max(0.0, 1.0 - turn * turn))
    for m in range(sources):
        distance, across = here - ahead[m], abs(beside - aside[m])
        swayed = max(distance, distance * upright) + across * turn
        nearest = across * upright - abs(distance) * turn
        shortest = distance * upright - across * turn
        far = bounds[FAR, m] + bounds[FAR_GROWTH, m] * swayed
        beyond = bounds[BEYOND, m] + bounds[BEYOND_GROWTH, m] * swayed
        extent = beyond if shortest > BEND * 2.0 * layout.radius[m] else far
        extents[m] = extent
        value = PLAIN if shortest > bounds[CLEAR, m] else 0
        if discs:
            close = bounds[CLOSE, m] + bounds[CLOSE_GROWTH, m] * swayed
            up, farthest = height - layout.hub[m], across + abs(distance) * turn
            free = bounds[FULL, m] + bounds[FULL_GROWTH, m] * shortest - target_radius
            room = free if shortest > ROUNDING else 0.0
            squared = room * room if room > 0.0 else -1.0
            value += LISTED if nearest < max(extent, close) else 0
            value += WHOLE if farthest * farthest + up * up <= squared else 0
            value += CLOSE_BY if nearest < close else 0
            value += DISTANT if shortest > 6.0 * layout.radius[m] else 0
        else:
            value += LISTED if nearest < extent else 0
        code[m] = value


@contracted_kernel
def select_sources(
    k: int, sources: int, discs: bool, ahead: Floats, aside: Floats, layout: Layout, turn: float, bounds: Floats,
    near: Integers, code: Integers, extents: Floats,
) -> int:  # fmt: skip
    """List the sources whose wakes can take speed or add turbulence at the k-th of the block; return how many.

    Parameters
    ----------
    sources : int
        The sources are the first so many of the block: those before the k-th, or all, where that casts no wake itself.
    discs : bool
        Whether top hats or turbulence make the last three parts of the code, and what is close by, matter.
    ahead, aside : ndarray, shape (turbines,)
        Where the turbines stand along and across the wind in the middle of the block [m], in its order.
    turn : float
        Sine of the largest angle between the middle of the block and the wind at a source in an hour.
    bounds : ndarray, shape (BOUNDS, turbines)
        Of each source.
    near : ndarray, shape (turbines,)
        Written: the turbines listed.
    code, extents : ndarray, shape (turbines,)
        Written, of every source: what holds in every hour, and how far its wake can matter [m]. The
        code is a sum: `PLAIN`, the source stands upstream and its deficit is below the whole wind; `WHOLE`, it stands
        upstream and the rotor of the target lies wholly in the discs of the wake, of speed and of turbulence;
        `CLOSE_BY`, it can add turbulence; `DISTANT`, it stands more than three diameters upstream.
    """
    if discs:
        classify(k, sources, True, ahead, aside, layout, turn, bounds, code, extents)
    else:
        classify(k, sources, False, ahead, aside, layout, turn, bounds, code, extents)
    found = 0
    for m in range(sources):
        near[found] = m
        found += code[m] & LISTED
    return found


@part
def next_beside(
    k: int, before: int, own_winds: bool, ahead: Floats, aside: Floats, turn: float, order_turn: float, bounds: Floats
) -> int:
    """Return the next source, from `before` back to the first, that the k-th may pass in the order and act on, or -1.

    Two turbines pass each other only where they stand beside each other, X ≤ |Y| tan Ψ, with Ψ the largest angle
    between the middle of the block and an hour, sin Ψ = `order_turn`. In such an hour the one before stands at most
    X + |Y| sin Φ downstream of the k-th, and as far off its axis as the module says. Where turbines have winds of their
    own (`own_winds`), the one before must not act on the k-th either, as in that hour it comes later.
    """
    if order_turn >= 1.0:
        return before - 1
    upright, tangent = math.sqrt(max(0.0, 1.0 - turn * turn)), order_turn / math.sqrt(1.0 - order_turn * order_turn)
    extent, growth = max(bounds[FAR, k], bounds[CLOSE, k]), max(bounds[FAR_GROWTH, k], bounds[CLOSE_GROWTH, k])
    share = upright - growth * turn - tangent * (growth + turn)
    # No |Y| above this one is within reach for any such X.
    widest = extent / share if share > 0.0 and not own_winds else 1e9
    for m in range(before - 1, -1, -1):
        distance, across = ahead[k] - ahead[m], abs(aside[k] - aside[m])
        if distance > tangent * widest + ROUNDING:
            return -1
        if distance <= tangent * across + ROUNDING:
            swayed, nearest = distance + across * turn, across * upright - distance * turn
            for i in (k, m):
                if i == k or own_winds:
                    far = bounds[FAR, i] + bounds[FAR_GROWTH, i] * swayed
                    close = bounds[CLOSE, i] + bounds[CLOSE_GROWTH, i] * swayed
                    if nearest < max(far, close):
                        return m
    return -1
