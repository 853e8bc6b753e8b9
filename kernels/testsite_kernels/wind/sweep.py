"""Farm flow by one sweep from upstream to downstream, over blocks of hours with like wind direction.

The hours of a block share the order of the turbines and the pairs that can matter; an hour is a SIMD lane, and the
loops over the lanes of a pair, in `wake_deficit` and `wake_turbulence`, have neither branch nor call, and a fixed
length where the block is full.
"""

import math

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.numerics.arrays import Floats, Integers
from testsite_kernels.numerics.compile_options import contracted_kernel, inlined_part, kernel, part
from testsite_kernels.numerics.lane_mathematics import LANES, largest_of
from testsite_kernels.wind.curves import THRUST as THRUST_OF_SEGMENT
from testsite_kernels.wind.curves import read_curves
from testsite_kernels.wind.wake.deficit import LINEAR, SQUARED, add_gaussian, add_gaussian_overlap, add_top_hat
from testsite_kernels.wind.wake.reach import (
    BOUNDS,
    CLOSE_BY,
    fill_bounds,
    left_out_of_one,
    next_beside,
    raise_bounds,
    select_sources,
)
from testsite_kernels.wind.wake.state import (
    AHEAD,
    ASIDE,
    CRESPO,
    FRANDSEN,
    GAUSSIAN,
    GAUSSIAN_MADSEN_OVERLAP,
    GAUSSIAN_MOMENTUM,
    NO_TURBULENCE,
    NO_WAKE,
    ROWS,
    TOP_HAT,
    TOP_HAT_OVERLAP,
    TURBOPARK,
    Layout,
    Model,
    describe_ambient,
    describe_source,
)
from testsite_kernels.wind.wake.turbulence import add_crespo, add_frandsen

TILE = 8  # numbers in a line of the cache
BEHIND_ALL = 1e9  # [m]
ONE_DIRECTION = 1e-12  # sine of an angle that is rounding


@kernel
def cut_blocks(direction: Floats, widest: float) -> Integers:
    """Return the first place of each block of at most `LANES` hours, no wider than `widest` [degree], and the end.

    `direction`, shape (hours,), rises but for its last bits [degree].
    """
    starts, count, begin = np.empty(direction.size + 1, np.int64), 0, 0
    while begin < direction.size:
        starts[count] = begin
        count += 1
        end = begin + 1
        while end < min(begin + LANES, direction.size) and direction[end] - direction[begin] <= widest:
            end += 1
        begin = end
    starts[count] = direction.size
    return starts[: count + 1].copy()


@contracted_kernel
def write_block(hours: Integers, count: int, found: Floats, result: Floats) -> None:
    """Copy what a block found, shape (turbines, lanes), to its hours, in pieces of rows as they lie in memory."""
    for first in range(0, found.shape[0], TILE):
        last = min(first + TILE, found.shape[0])
        for lane_of in range(0, count, TILE):
            for j in range(first, last):
                for lane in range(lane_of, min(lane_of + TILE, count)):
                    result[hours[lane], j] = found[j, lane]


@kernel
def end_of_direction(first: int, end: int, times: Integers, wind_direction: Floats) -> int:
    """Return the end of the run of places from the first on whose wind directions are its own, bit by bit."""
    last = first + 1
    while last < end:
        for r in range(wind_direction.shape[1]):
            if wind_direction[times[last], r] != wind_direction[times[first], r]:
                return last
        last += 1
    return end


@part
def turn_block(
    x: Floats,
    y: Floats,
    casts: NDArray[np.bool_],
    order: Integers,
    wind_direction: Floats,
    hours: Integers,
    lanes: int,
    cosine: Floats,
    sine: Floats,
    ahead: Floats,
    aside: Floats,
) -> tuple[float, float, float, float]:
    """Fill directions and order of a block; return its middle direction, and the sines of the largest angles from it.

    The direction of an hour is the mean of the turbines'; the middle lies half way between the outermost hours, so that
    it does not matter how often an hour is in the block. The first sine is of the wind at any turbine, the second of
    the hours; where an angle is 90° or more, its sine counts as 1. Turbines that never cast a wake come last in the
    order, so that they see all others.

    `cosine` and `sine`, shape (turbines or 1, lanes), are of where the wind blows to, by the turbines' own numbers.
    """
    headings, low, high, turns_far = wind_direction.shape[1], 0.0, 0.0, False
    first_along, first_sideways = 1.0, 0.0
    for lane in range(lanes):
        mean_along, mean_sideways = 0.0, 0.0
        for r in range(headings):
            angle = math.radians(90.0 - wind_direction[hours[lane], r])
            cosine[r, lane], sine[r, lane] = -math.cos(angle), -math.sin(angle)
            mean_along, mean_sideways = mean_along + cosine[r, lane], mean_sideways + sine[r, lane]
        length = math.hypot(mean_along, mean_sideways)
        if length > 0.0:
            mean_along, mean_sideways = mean_along / length, mean_sideways / length
        else:
            mean_along, mean_sideways = cosine[0, lane], sine[0, lane]
        if lane == 0:
            first_along, first_sideways = mean_along, mean_sideways
        else:
            sine_from_first = first_along * mean_sideways - first_sideways * mean_along
            low, high = min(low, sine_from_first), max(high, sine_from_first)
            turns_far = turns_far or first_along * mean_along + first_sideways * mean_sideways <= 0.0
    low, high = math.asin(max(low, -1.0)), math.asin(min(high, 1.0))
    half, angle = 0.5 * (high - low), 0.5 * (high + low)
    along = first_along * math.cos(angle) - first_sideways * math.sin(angle)
    sideways = first_along * math.sin(angle) + first_sideways * math.cos(angle)
    order_turn = 1.0 if turns_far or half >= 0.5 * math.pi else math.sin(half)
    turn = order_turn
    for r in range(headings):
        for lane in range(lanes):
            across = abs(cosine[r, lane] * sideways - sine[r, lane] * along)
            turn = max(turn, across if cosine[r, lane] * along + sine[r, lane] * sideways > 0.0 else 1.0)
    key = along * x + sideways * y
    for j in range(x.size):
        if not casts[j]:
            key[j] += BEHIND_ALL
    order[:] = np.argsort(key)
    for k in range(x.size):
        j = order[k]
        ahead[k], aside[k] = along * x[j] + sideways * y[j], along * y[j] - sideways * x[j]
    return along, sideways, min(turn, 1.0), order_turn


@inlined_part
def place(k: int, lanes: int, r: int, east: float, north: float, layout: Layout, state: Floats) -> None:
    """Write where the k-th turbine of the block stands along and across the wind in every hour."""
    for lane in range(lanes):
        state[k, AHEAD, lane] = layout.cosine[r, lane] * east + layout.sine[r, lane] * north
        state[k, ASIDE, lane] = layout.cosine[r, lane] * north - layout.sine[r, lane] * east


@part
def lay_out(
    order: Integers, x: Floats, y: Floats, hub_height: Floats, diameter: Floats, lanes: int, cosine: Floats,
    sine: Floats, layout: Layout, state: Floats,
) -> None:  # fmt: skip
    """Fill the layout in the order of the block, and the places along and across the wind of every hour."""
    headings = cosine.shape[0]
    for k in range(headings):
        r = order[k] if headings > 1 else 0
        for lane in range(lanes):
            layout.cosine[k, lane], layout.sine[k, lane] = cosine[r, lane], sine[r, lane]
    for k in range(order.size):
        j = order[k]
        r = k if headings > 1 else 0
        layout.x[k], layout.y[k] = x[j], y[j]
        layout.hub[k], layout.radius[k] = hub_height[j], 0.5 * diameter[j]
        if lanes == LANES:
            place(k, LANES, r, x[j], y[j], layout, state)
        else:
            place(k, 8, r, x[j], y[j], layout, state)


@contracted_kernel
def sweep(
    model: Model,
    x: Floats, y: Floats, hub_height: Floats, diameter: Floats,
    kind: Integers, segment_start: Integers, segments: Floats, bins: Integers, bins_per_speed: float,
    wind_speed: Floats, wind_direction: Floats, turbulence_intensity: Floats, density_factor: Floats,
    largest_power: Floats, blocked: Floats, times: Integers, block_start: Integers,
    effective_speed: Floats, power: Floats, thrust: Floats, effective_intensity: Floats,
) -> None:  # fmt: skip
    """Fill the effective wind speed, power, thrust and turbulence of every turbine and time.

    Indices: t time, j turbine, k and i target and source by their place in the order of a block.

    Parameters
    ----------
    model : Model
        The parts and parameters of the wake model.
    x, y, hub_height, diameter : ndarray, shape (turbines,)
        Position east and north, hub height, rotor diameter [m].
    kind : ndarray, shape (turbines,)
        The type of each turbine.
    segment_start : ndarray, shape (types + 1,)
        First row of each type in `segments`, and the end.
    segments, bins, bins_per_speed : ndarray, shape (rows, SEGMENT), ndarray, shape (types, bins), float
        The curves, end to end, and where to begin to look in them, see `turbine_curves`.
    wind_speed, turbulence_intensity : ndarray, shape (times, turbines) or (times, 1)
        Undisturbed wind speed at each hub [m/s], ambient turbulence intensity [1]; one column where all have the same.
    wind_direction : ndarray, shape (times, turbines) or (times, 1)
        Where the wind comes from, clockwise from north [degree]; a wake goes straight where the wind at its source
        blows to.
    density_factor : ndarray, shape (times, turbines), (times, 1) or (1, 1)
        What scales the wind speed for the power curve: the cube root of the air density over that of the curve.
    largest_power : ndarray, shape (times, turbines), (1, turbines) or (1, 1)
        Power that each turbine may give [W]; at zero it stands still and casts no wake, held below what it could give
        it casts a smaller one.
    blocked : ndarray, shape (times, turbines) or (0, 0)
        Wind speed that the induction of the others takes [m/s].
    times : ndarray, shape (hours,)
        Which times to fill, in the order of the blocks.
    block_start : ndarray, shape (blocks + 1,)
        First place in `times` of each block, at most `LANES` long, and the end. Where turbines that pass each other in
        the order, from one direction of a block to another, could see each other's wakes, its directions are computed
        one by one.
    effective_speed, power, thrust, effective_intensity : ndarray, shape (times, turbines)
        Written: [m/s], [W], [1], [1]; the last is left alone where it has no element.
    """
    turbines, headings = x.size, wind_direction.shape[1]
    own_speed, own_intensity = wind_speed.shape[1] > 1, turbulence_intensity.shape[1] > 1
    hours, order = np.empty(LANES, np.int64), np.empty(turbines, np.int64)
    cosine, sine = np.empty((headings, LANES)), np.empty((headings, LANES))
    ahead, aside, bounds = np.empty(turbines), np.empty(turbines), np.full((BOUNDS, turbines), -1.0)
    layout = Layout(
        np.empty(turbines), np.empty(turbines), np.empty(turbines), np.empty(turbines),
        np.empty((headings, LANES)), np.empty((headings, LANES)),
    )  # fmt: skip
    state = np.zeros((turbines + 1, ROWS, LANES))
    near, code, extents = np.empty(turbines, np.int64), np.empty(turbines, np.int64), np.empty(turbines)
    bounds_of_kind = np.empty((BOUNDS, segment_start.size - 1))
    undisturbed, ambient, ambient_factor = np.empty(LANES), np.empty(LANES), np.zeros(LANES)
    total, added, deficit = np.empty(LANES), np.empty(LANES), np.empty(LANES)
    inverse, room, excess = np.empty(LANES), np.empty(LANES), np.empty(LANES)
    found_speed, found_power = np.empty((turbines, LANES)), np.empty((turbines, LANES))
    found_thrust, found_intensity = np.empty((turbines, LANES)), np.empty((turbines, LANES))
    largest_radius, largest_thrust = 0.5 * diameter.max(), np.empty(segment_start.size - 1)
    casts = np.empty(turbines, np.bool_)
    radius_of_kind = np.empty(largest_thrust.size)
    for j in range(turbines):
        radius_of_kind[kind[j]] = 0.5 * diameter[j]
    for kind_of in range(largest_thrust.size):
        largest_thrust[kind_of] = segments[segment_start[kind_of] : segment_start[kind_of + 1], THRUST_OF_SEGMENT].max()
    sources = 0
    for j in range(turbines):
        casts[j] = largest_thrust[kind[j]] > 0.0 and model.deficit != NO_WAKE
        sources += casts[j]
    left_out = left_out_of_one(max(sources, 1), model.superposition == LINEAR, model.superposition == SQUARED)
    discs = model.turbulence != NO_TURBULENCE or model.deficit == TOP_HAT_OVERLAP
    block, begin, one_by_one = 0, block_start[0], False
    while block < block_start.size - 1:
        if begin >= block_start[block + 1]:
            block, one_by_one = block + 1, False
            continue
        end = block_start[block + 1]
        if one_by_one:
            end = end_of_direction(begin, end, times, wind_direction)
        passes = False
        # Lanes are filled up with the last hour, which is then computed more than once, to the same result.
        lanes = LANES if end - begin > 8 else 8
        for lane in range(lanes):
            hours[lane] = times[min(begin + lane, end - 1)]
        along, sideways, turn, order_turn = turn_block(
            x, y, casts, order, wind_direction, hours, lanes, cosine, sine, ahead, aside
        )  # fmt: skip
        lay_out(order, x, y, hub_height, diameter, lanes, cosine, sine, layout, state)
        for k in range(turbines):
            j = order[k]
            if own_speed or k == 0:
                for lane in range(lanes):
                    undisturbed[lane] = wind_speed[hours[lane], j if own_speed else 0]
            if own_intensity or k == 0:
                weakest, ambient_largest = math.inf, 0.0
                for lane in range(lanes):
                    ambient[lane] = turbulence_intensity[hours[lane], j if own_intensity else 0]
                    weakest, ambient_largest = min(weakest, ambient[lane]), max(ambient_largest, ambient[lane])
                describe_ambient(model, lanes, ambient, ambient_factor)
                for own in range(segment_start.size - 1):
                    fill_bounds(
                        model, own, radius_of_kind[own], largest_radius, largest_thrust[own], weakest,
                        ambient_largest, left_out, bounds_of_kind,
                    )  # fmt: skip
            for lane in range(lanes):
                total[lane], added[lane] = 0.0, 0.0
            count = 0
            if model.deficit != NO_WAKE:
                count = select_sources(
                    k, min(k, sources), discs, ahead, aside, layout, turn, bounds, near, code, extents
                )
            if count > 0:
                add_wakes(
                    model,
                    model.refers_to_source,
                    model.superposition,
                    near,
                    code,
                    extents,
                    count,
                    k,
                    lanes,
                    layout,
                    state,
                    deficit,
                    total,
                    inverse,
                    room,
                )
                if model.turbulence == CRESPO:
                    add_crespo(
                        near, code, count, k, lanes, along, sideways, turn, layout, state, added, deficit,
                        excess, room,
                    )  # fmt: skip
                elif model.turbulence == FRANDSEN:
                    add_frandsen(near, code, count, k, lanes, layout, state, ambient, added)
            speed, intensity = found_speed[j], found_intensity[j]
            if model.superposition == SQUARED:
                for lane in range(lanes):
                    total[lane] = math.sqrt(total[lane])
            if not model.refers_to_source:
                for lane in range(lanes):
                    total[lane] *= undisturbed[lane]
            for lane in range(lanes):
                speed[lane] = max(undisturbed[lane] - total[lane], 0.0)
            if blocked.size > 0:
                for lane in range(lanes):
                    speed[lane] = max(speed[lane] - blocked[hours[lane], j], 0.0)
            strongest = ambient_largest
            if model.turbulence == CRESPO:
                for lane in range(lanes):
                    intensity[lane] = math.sqrt(ambient[lane] * ambient[lane] + added[lane] * added[lane])
            else:
                for lane in range(lanes):
                    intensity[lane] = ambient[lane] + added[lane]
            if model.turbulence != NO_TURBULENCE:
                strongest = largest_of(intensity, lanes, room)
            own = kind[j]
            read_curves(
                j, lanes, hours, segments[segment_start[own] : segment_start[own + 1]], bins[own], bins_per_speed,
                density_factor, largest_power, speed, found_power[j], found_thrust[j],
            )  # fmt: skip
            if k < sources:
                describe_source(
                    k, lanes, model, layout.radius[k], speed, found_thrust[j], intensity, ambient, ambient_factor, state
                )
                for row in range(BOUNDS):
                    bounds[row, k] = bounds_of_kind[row, own]
                raise_bounds(model, k, ambient_largest, strongest, bounds)
                if not one_by_one and order_turn > ONE_DIRECTION:
                    m = next_beside(k, k, headings > 1, ahead, aside, turn, order_turn, bounds)
                    while m >= 0 and not passes:
                        passes = acts_on(
                            model,
                            k,
                            m,
                            lanes,
                            layout,
                            state,
                            ambient,
                            left_out,
                            near,
                            code,
                            extents,
                            deficit,
                            total,
                            added,
                            inverse,
                            room,
                            excess,
                        )
                        if headings > 1 and not passes:
                            passes = acts_on(
                                model,
                                m,
                                k,
                                lanes,
                                layout,
                                state,
                                ambient,
                                left_out,
                                near,
                                code,
                                extents,
                                deficit,
                                total,
                                added,
                                inverse,
                                room,
                                excess,
                            )
                        m = next_beside(k, m, headings > 1, ahead, aside, turn, order_turn, bounds)
                    if passes:
                        break
        if passes:  # again, direction by direction
            one_by_one = True
            continue
        write_block(hours, end - begin, found_speed, effective_speed)
        write_block(hours, end - begin, found_power, power)
        write_block(hours, end - begin, found_thrust, thrust)
        if effective_intensity.size > 0:
            write_block(hours, end - begin, found_intensity, effective_intensity)
        begin = end


@part
def acts_on(
    model: Model,
    i: int,
    k: int,
    lanes: int,
    layout: Layout,
    state: Floats,
    ambient: Floats,
    left_out: float,
    near: Integers,
    code: Integers,
    extents: Floats,
    deficit: Floats,
    total: Floats,
    added: Floats,
    inverse: Floats,
    room: Floats,
    excess: Floats,
) -> bool:
    """Return whether source i takes speed or adds turbulence at target k in any lane; the order does not count."""
    for lane in range(lanes):
        total[lane], added[lane] = 0.0, 0.0
    near[0], code[i], extents[i] = i, CLOSE_BY, math.inf
    add_wakes(model, 0, LINEAR, near, code, extents, 1, k, lanes, layout, state, deficit, total, inverse, room)
    taken = largest_of(total, lanes, room)
    if model.turbulence == CRESPO:
        add_crespo(near, code, 1, k, lanes, 1.0, 0.0, 1.0, layout, state, added, deficit, excess, room)
    elif model.turbulence == FRANDSEN:
        add_frandsen(near, code, 1, k, lanes, layout, state, ambient, added)
    return max(taken, largest_of(added, lanes, room)) > left_out


@part
def add_wakes(
    model: Model, reference: int, superposition: int, near: Integers, code: Integers, extents: Floats, count: int,
    k: int, lanes: int, layout: Layout, state: Floats, deficit: Floats, total: Floats, inverse: Floats, room: Floats,
) -> None:  # fmt: skip
    """Add the deficits of the near sources at target k, by the function of the model.

    `reference` and `superposition` are those of the model, or others.
    """
    if model.deficit == GAUSSIAN or model.deficit == GAUSSIAN_MOMENTUM:
        add_gaussian(
            near, code, count, k, lanes, layout, state, reference, superposition, deficit, total,
            model.deficit == GAUSSIAN_MOMENTUM,
        )  # fmt: skip
    elif model.deficit == TOP_HAT or model.deficit == TOP_HAT_OVERLAP:
        add_top_hat(
            near, code, count, k, lanes, layout, state, reference, superposition, deficit, total,
            model.deficit == TOP_HAT_OVERLAP,
        )  # fmt: skip
    else:
        add_gaussian_overlap(
            near, extents, count, k, lanes, layout, state, reference, superposition, model.mirrors, deficit,
            total, inverse, room, model.deficit == TURBOPARK, model.deficit == GAUSSIAN_MADSEN_OVERLAP,
        )  # fmt: skip
