"""A block of hours with like wind direction: what is known of a block at once; how hours are cut, see `hours`.

The hours of a block share the order of the turbines and the pairs that can matter; an hour is a SIMD lane.
"""

import math
from typing import NamedTuple

import numpy as np

from testsite_kernels.numerics.arrays import Floats, Integers, Truths
from testsite_kernels.numerics.compile_options import (
    bare_kernel,
    bare_part,
    part,
    separate_kernel,
    separate_part,
)
from testsite_kernels.numerics.lane_mathematics import LANES
from testsite_kernels.numerics.lane_room import room_in_lines
from testsite_kernels.numerics.lane_tile import TILE, write_tile
from testsite_kernels.numerics.ordering import MOST_PARTS, renew_order
from testsite_kernels.numerics.views import WORDS
from testsite_kernels.wind.wake.bounds import BOUNDS
from testsite_kernels.wind.wake.reach import GROUP, whole_groups
from testsite_kernels.wind.wake.state import (
    CROSSWIND,
    DEFLECTION_ROWS,
    DOWNWIND,
    ROWS,
    Layout,
    Near,
    Steered,
    Turn,
    View,
    write_view,
)

BEHIND_ALL = 1e9  # [m]
CANCELS = 1e-9  # length of the mean of unit vectors up to which its direction is rounding


class Turbines(NamedTuple):
    """The turbines of a farm, each of shape (turbines,).

    `x`, `y`, `hub_height`, `diameter`: position east and north, hub height, rotor diameter [m]; `kind`: its type.
    """

    x: Floats
    y: Floats
    hub_height: Floats
    diameter: Floats
    kind: Integers


class Rounds(NamedTuple):
    """Room for a block that is found in rounds, as it may be where each turbine has a wind of its own.

    `downwind`, `crosswind`, shape (groups,): where its sources stand as a target sees them [m]. `burden`, `left`,
    `order`, shape (turbines,): to order them by, see `dependence.order_by_reach`. By the turbines' own numbers, shape
    (turbines, lanes), what was found last: `speed` [m/s], `intensity` [1]. Shape (lanes,): the largest `change` of both
    in the last round, the `least` of all rounds, how many rounds it was `waited` for a smaller one, and the `step` from
    what was found last to what is found next [1].
    """

    downwind: Floats
    crosswind: Floats
    burden: Integers
    left: Truths
    order: Integers
    speed: Floats
    intensity: Floats
    change: Floats
    least: Floats
    waited: Integers
    step: Floats


class Block(NamedTuple):
    """Room for a block: made once, filled for every block anew.

    `hours`, shape (lanes,): which times are in it; `order`, shape (turbines,): the turbines from upstream to
    downstream; `key`, `parts`, shape (turbines,), (MOST_PARTS, 2): to order them by. By the turbines' place in that
    order: `layout`, `near`, `steered`, `state`, shape (turbines + 1, ROWS, lanes), and `bounds`, shape (BOUNDS,
    groups), see `wake.bounds`; `bounds_of_kind`: of each type in ambient turbulence. `address`: where the functions of
    the model find what they read and fill, in `words`. `excess`, `room`, shape (lanes,): for numbers that a part writes
    before it reads them.
    `cosine`, `sine`, shape (turbines or 1, lanes), by the turbines' own numbers. Of the target at hand, shape (lanes,):
    `undisturbed` wind speed [m/s], `ambient` turbulence intensity, `factor` of what wakes add by it, what wakes take in
    `total` and what turbulence they have `added`. By the turbines' own numbers, shape (turbines, lanes), what is found:
    `speed` [m/s], `power` [W], `thrust` [1], `intensity` [1].
    """

    hours: Integers
    order: Integers
    key: Floats
    parts: Integers
    cosine: Floats
    sine: Floats
    layout: Layout
    near: Near
    steered: Steered
    state: Floats
    address: int
    words: Integers
    bounds: Floats
    bounds_of_kind: Floats
    excess: Floats
    room: Floats
    undisturbed: Floats
    ambient: Floats
    factor: Floats
    total: Floats
    added: Floats
    speed: Floats
    power: Floats
    thrust: Floats
    intensity: Floats


def make_rounds(turbines: int) -> Rounds:
    """Return the room for rounds of `turbines` that have winds of their own, before a kernel is called."""
    of_turbines, of_lanes = np.empty((2, -(-turbines // GROUP) * GROUP)), np.empty((3, LANES))
    found = np.empty((2, turbines, LANES))
    return Rounds(
        of_turbines[0],
        of_turbines[1],
        np.empty(turbines, np.int64),
        np.empty(turbines, np.bool_),
        np.empty(turbines, np.int64),
        found[0],
        found[1],
        of_lanes[0],
        of_lanes[1],
        np.empty(LANES, np.int64),
        of_lanes[2],
    )


@part
def lane_rows(rows: int) -> Floats:
    """Return room for a number of each lane, shape (rows, LANES)."""
    return room_in_lines(rows * LANES).reshape((rows, LANES))


@part
def make_block(turbines: int, headings: int, kinds: int, steers: bool) -> Block:
    """Return room for a block; `headings`: how many turbines have a wind direction of their own, 1 where none has.

    `steers`: whether any turbine is turned out of the wind.
    """
    steerable, groups = turbines if steers else 0, whole_groups(turbines)
    layout = Layout(
        room_in_lines(groups),
        room_in_lines(groups),
        room_in_lines(groups),
        room_in_lines(groups),
        lane_rows(headings),
        lane_rows(headings),
        room_in_lines(groups),
        room_in_lines(groups),
    )
    near = Near(
        np.empty(turbines, np.int64),
        room_in_lines(groups).view(np.int64),
        room_in_lines(groups),
        np.empty((steerable, LANES)),
    )
    bounds, state = room_in_lines(BOUNDS * groups), room_in_lines((turbines + 1) * ROWS * LANES)
    bounds[:], state[:] = -1.0, 0.0
    of_target = lane_rows(7)
    of_target[4] = 0.0
    order = np.empty(turbines, np.int64)
    for k in range(turbines):
        order[k] = k
    steered = Steered(np.zeros(steerable, np.int64), np.empty((steerable, DEFLECTION_ROWS, LANES)))
    rows, words = state.reshape((turbines + 1, ROWS, LANES)), np.empty(WORDS, np.int64)
    address = write_view(View(near, layout, steered, rows, of_target[3], of_target[5], of_target[6]), words)
    return Block(
        np.empty(LANES, np.int64),
        order,
        np.empty(turbines),
        np.empty((MOST_PARTS, 2), np.int64),
        lane_rows(headings),
        lane_rows(headings),
        layout,
        near,
        steered,
        rows,
        address,
        words,
        bounds.reshape((BOUNDS, groups)),
        np.empty((BOUNDS, kinds)),
        of_target[0],
        of_target[1],
        of_target[2],
        of_target[3],
        of_target[4],
        of_target[5],
        of_target[6],
        lane_rows(turbines),
        lane_rows(turbines),
        lane_rows(turbines),
        lane_rows(turbines),
    )


@separate_kernel
def write_block(hours: Integers, count: int, found: Floats, result: Floats) -> None:
    """Copy what a block found, shape (turbines, lanes), to its first `count` hours.

    The lanes behind them that fill up a tile are the last hour once more, to the same numbers.
    """
    turbines = found.shape[0]
    whole = turbines // TILE * TILE
    if whole == 0:
        for lane in range(count):
            for j in range(turbines):
                result[hours[lane], j] = found[j, lane]
        return
    for lane in range(0, count, TILE):
        for first in range(0, whole, TILE):
            write_tile(found, first, lane, hours, result)
        if whole < turbines:
            write_tile(found, turbines - TILE, lane, hours, result)


@bare_kernel
def end_of_direction(first: int, end: int, times: Integers, wind_direction: Floats) -> int:
    """Return the end of the run of places from the first on whose wind directions are its own, bit by bit."""
    last = first + 1
    while last < end:
        for r in range(wind_direction.shape[1]):
            if wind_direction[times[last], r] != wind_direction[times[first], r]:
                return last
        last += 1
    return end


@bare_part
def middle_of(wind_direction: Floats, lanes: int, block: Block) -> tuple[float, float, float]:
    """Fill the directions of a block; return cosine and sine of its middle, and the sine of the hours' largest angle.

    The direction of an hour is the mean of the turbines', eastward where they cancel out; the middle lies half way
    between the outermost hours, so that it does not matter how often an hour is in the block.
    """
    cosine, sine = block.cosine, block.sine
    headings, low, high, turns_far = wind_direction.shape[1], 0.0, 0.0, False
    first_along, first_sideways = 1.0, 0.0
    for lane in range(lanes):
        mean_along, mean_sideways = 0.0, 0.0
        for r in range(headings):
            angle = math.radians(90.0 - wind_direction[block.hours[lane], r])
            cosine[r, lane], sine[r, lane] = -math.cos(angle), -math.sin(angle)
            mean_along, mean_sideways = mean_along + cosine[r, lane], mean_sideways + sine[r, lane]
        length = math.hypot(mean_along, mean_sideways)
        if length > CANCELS * headings:
            mean_along, mean_sideways = mean_along / length, mean_sideways / length
        else:
            mean_along, mean_sideways = 1.0, 0.0
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
    return along, sideways, 1.0 if turns_far or half >= 0.5 * math.pi else math.sin(half)


@bare_part
def turn_block(turbines: Turbines, casts: Truths, wind_direction: Floats, lanes: int, block: Block) -> Turn:
    """Fill directions, order and places of a block; return its middle direction and how far its hours are from it.

    Where an angle is 90° or more, its sine counts as 1. Turbines that never cast a wake come last in the order, so that
    they see all others.
    """
    along, sideways, of_order = middle_of(wind_direction, lanes, block)
    most = of_order
    for r in range(wind_direction.shape[1]):
        for lane in range(lanes):
            across = abs(block.cosine[r, lane] * sideways - block.sine[r, lane] * along)
            downwind = block.cosine[r, lane] * along + block.sine[r, lane] * sideways
            most = max(most, across if downwind > 0.0 else 1.0)
    x, y, key = turbines.x, turbines.y, block.key
    for j in range(x.size):
        key[j] = along * x[j] + sideways * y[j]
        if not casts[j]:
            key[j] += BEHIND_ALL
    renew_order(key, block.parts, block.order)  # a block's directions are near those of the last one
    for k in range(x.size):
        j = block.order[k]
        block.layout.downwind[k] = along * x[j] + sideways * y[j]
        block.layout.crosswind[k] = along * y[j] - sideways * x[j]
    return Turn(along, sideways, min(most, 1.0), of_order)


@separate_part
def place(k: int, lanes: int, r: int, east: float, north: float, layout: Layout, state: Floats) -> None:
    """Write where the k-th turbine of the block stands along and across the wind in every hour."""
    for lane in range(lanes):
        state[k, DOWNWIND, lane] = layout.cosine[r, lane] * east + layout.sine[r, lane] * north
        state[k, CROSSWIND, lane] = layout.cosine[r, lane] * north - layout.sine[r, lane] * east


@bare_part
def lay_out(turbines: Turbines, lanes: int, block: Block) -> None:
    """Fill the layout in the order of the block, and the places along and across the wind of every hour."""
    layout, order, headings = block.layout, block.order, block.cosine.shape[0]
    for k in range(headings):
        r = order[k] if headings > 1 else 0
        for lane in range(lanes):
            layout.cosine[k, lane], layout.sine[k, lane] = block.cosine[r, lane], block.sine[r, lane]
    for k in range(order.size):
        j = order[k]
        r = k if headings > 1 else 0
        layout.x[k], layout.y[k] = turbines.x[j], turbines.y[j]
        layout.hub[k], layout.radius[k] = turbines.hub_height[j], 0.5 * turbines.diameter[j]
        if lanes == LANES:
            place(k, LANES, r, turbines.x[j], turbines.y[j], layout, block.state)
        else:
            place(k, 8, r, turbines.x[j], turbines.y[j], layout, block.state)
