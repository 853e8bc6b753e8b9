"""Farm flow by one sweep from upstream to downstream, over blocks of hours with like wind direction.

Where turbines have winds of their own, and the wake of one reaches back to one before it, the hour is found in rounds.

The sweep is the same for every wake model: it calls the functions of the model, see `wake.functions`, once for a
target and a block. Their loops over the lanes of a pair have neither branch nor call, and a fixed length where the
block is full. Indices: j a turbine by its own number, k and i target and source by their place in the order of a block.
"""

import math
from typing import NamedTuple

import numpy as np

from testsite_kernels.numerics.arrays import Floats, Integers, Truths
from testsite_kernels.numerics.compile_options import (
    bare_part,
    contracted_kernel,
    contracted_part,
    lane_part,
    part,
    separate_part,
)
from testsite_kernels.numerics.fetching import fetch_to_write
from testsite_kernels.numerics.lane_mathematics import LANES, largest_of
from testsite_kernels.numerics.lane_tile import TILE
from testsite_kernels.numerics.shared_counter import take_numbers
from testsite_kernels.wind.block import (
    Block,
    Rounds,
    Turbines,
    end_of_direction,
    lay_out,
    make_block,
    turn_block,
    write_block,
)
from testsite_kernels.wind.curves import BEGIN, THRUST, Curve, Curves, Operation, Yaw, read_curves
from testsite_kernels.wind.dependence import AROUND, BEFORE, SETTLED, approach, end_round, seen_in_round
from testsite_kernels.wind.hours import (
    COUNTERS,
    FILLED,
    KNOWN,
    TAKEN,
    UNSETTLED,
    Hours,
    bins_of,
    order_hours,
    wait_until,
)
from testsite_kernels.wind.wake.bounds import (
    BOUNDS,
    Strongest,
    deflect_bounds,
    left_out_of_one,
    raise_bounds,
    round_bounds,
    start_bounds,
)
from testsite_kernels.wind.wake.functions import Functions
from testsite_kernels.wind.wake.reach import CLOSE_BY, can_reach, next_abreast, select_around, select_sources
from testsite_kernels.wind.wake.state import (
    CURVE_THRUST,
    LINEAR,
    SQUARED,
    YAW_COSINE,
    YAW_SINE,
    Addition,
    Parameters,
    Target,
    Turn,
    describe_source,
    take_from_wind,
)

ONE_DIRECTION = 1e-12  # sine of an angle that is rounding


class Inflow(NamedTuple):
    """The undisturbed wind.

    `column`, shape (turbines,): which of the levels a turbine has, where there are several. `speed`, shape (times,
    levels) or (times, 1): wind speed at each hub [m/s]; `direction`, `intensity`, shape (times, turbines) or (times,
    1): where the wind comes from, clockwise from north [degree], ambient turbulence intensity [1]; one column where all
    are alike. A wake goes straight where the wind at its source blows to. `density_factor`, shape (times, levels),
    (times, 1) or (1, 1): what scales the wind speed for the power curve, the cube root of the air density over that of
    the curve. `limit`, shape (times or 1, turbines), (times, levels) or (times or 1, 1): power that each turbine may
    give [W]; at zero it stands still and casts no wake, held below what it could give it casts a smaller one.
    `blocked`, shape (times, turbines) or (0, 0): wind speed that the induction of the others takes [m/s]. `yaw`: how
    turbines are turned out of the wind; None where none ever is: the sweep is then compiled without it.
    """

    column: Integers
    speed: Floats
    direction: Floats
    intensity: Floats
    density_factor: Floats
    limit: Floats
    blocked: Floats
    yaw: Yaw | None


class Results(NamedTuple):
    """What the sweep fills, each of shape (times, turbines).

    Effective wind `speed` [m/s], `power` [W], `thrust` coefficient [1], effective turbulence `intensity` [1]. Where
    speed or intensity have no element they are left alone, and thrust with the speed.
    """

    speed: Floats
    power: Floats
    thrust: Floats
    intensity: Floats


class Kinds(NamedTuple):
    """The turbine types, by their curves and as sources of wakes.

    `radius`, `thrust`, shape (types,): rotor radius [m], largest thrust coefficient; `casts`, shape (turbines,):
    whether a turbine casts wakes, as `sources` of them do; `largest_radius` [m]; `left_out`: deficit below which a wake
    is left out; `discs`: whether the discs of wakes matter to the model.
    """

    curves: Curves
    radius: Floats
    thrust: Floats
    casts: Truths
    sources: int
    largest_radius: float
    left_out: float
    discs: bool


@part
def kinds_of(parameters: Parameters, discs: bool, turbines: Turbines, curves: Curves) -> Kinds:
    """Return the turbine types with what they are as sources."""
    radius, thrust = np.empty(curves.start.size - 1), np.empty(curves.start.size - 1)
    casts, sources, largest = np.empty(turbines.x.size, np.bool_), 0, 0.0
    for j in range(turbines.x.size):
        radius[turbines.kind[j]] = 0.5 * turbines.diameter[j]
        largest = max(largest, turbines.diameter[j])
    for own in range(thrust.size):
        thrust[own] = curves.segments[curves.start[own], THRUST]
        for segment in range(curves.start[own] + 1, curves.start[own + 1]):
            thrust[own] = max(thrust[own], curves.segments[segment, THRUST])
    for j in range(turbines.x.size):
        casts[j] = thrust[turbines.kind[j]] > 0.0 and parameters.casts != 0
        sources += casts[j]
    left_out = left_out_of_one(max(sources, 1), parameters.superposition == LINEAR, parameters.superposition == SQUARED)
    return Kinds(curves, radius, thrust, casts, sources, 0.5 * largest, left_out, discs)


@bare_part
def read_ambient(j: int, lanes: int, inflow: Inflow, block: Block) -> tuple[float, float]:
    """Fill the ambient turbulence of a target; return the least and the largest of the hours."""
    weakest, largest = math.inf, 0.0
    for lane in range(lanes):
        block.ambient[lane] = inflow.intensity[block.hours[lane], j]
        weakest, largest = min(weakest, block.ambient[lane]), max(largest, block.ambient[lane])
    return weakest, largest


@contracted_part
def bound_kinds(
    functions: Functions, parameters: Parameters, kinds: Kinds, weakest: float, largest: float, bounds: Floats
) -> None:
    """Fill the bounds of every type of source, for hours with such ambient turbulence."""
    for own in range(kinds.radius.size):
        strongest = Strongest(
            kinds.radius[own], kinds.largest_radius, kinds.thrust[own], weakest, largest, kinds.left_out
        )
        start_bounds(own, bounds)
        functions.bound_deficit(parameters, strongest, own, bounds)
        functions.bound_turbulence(parameters, strongest, own, bounds)
        round_bounds(own, parameters.adds_turbulence, bounds)


@separate_part
def add_intensity(lanes: int, sums_squares: int, ambient: Floats, added: Floats, intensity: Floats) -> None:
    """Fill the effective turbulence intensity from the ambient one and what wakes add."""
    if sums_squares:
        for lane in range(lanes):
            intensity[lane] = math.sqrt(ambient[lane] * ambient[lane] + added[lane] * added[lane])
    else:
        for lane in range(lanes):
            intensity[lane] = ambient[lane] + added[lane]


@bare_part
def deflect(functions: Functions, target: Target, yaw: Yaw | None, block: Block) -> None:
    """Fill how far the wakes near a target are deflected there."""
    if yaw is None:
        return
    functions.deflect(target, block.address)


@contracted_part
def acts_on(
    functions: Functions,
    parameters: Parameters,
    i: int,
    k: int,
    lanes: int,
    left_out: float,
    yaw: Yaw | None,
    block: Block,
) -> bool:
    """Return whether source i takes speed or adds turbulence at target k in any lane; the order does not count."""
    near, total, added, room = block.near, block.total, block.added, block.room
    for lane in range(lanes):
        total[lane], added[lane] = 0.0, 0.0
    near.source[0], near.code[i], near.extent[i] = i, CLOSE_BY, math.inf
    target, plain = Target(k, lanes, 1), Addition(0, LINEAR, parameters.mirrors)
    deflect(functions, target, yaw, block)
    functions.add_deficits(target, plain, block.address)
    taken = largest_of(total, lanes, room)
    if parameters.adds_turbulence:
        any_turn = Turn(1.0, 0.0, 1.0, 1.0)
        functions.add_turbulence(target, any_turn, block.address)
    return max(taken, largest_of(added, lanes, room)) > left_out


@lane_part
def acts_back(
    functions: Functions,
    parameters: Parameters,
    k: int,
    lanes: int,
    left_out: float,
    turn: Turn,
    yaw: Yaw | None,
    block: Block,
    rounds: Rounds | None,
) -> bool:
    """Return whether turbine k acts on one before it in any hour of the block."""
    farthest = turn.of_order if rounds is None else turn.most
    m = next_abreast(k, k, farthest, turn, block.layout, block.bounds)
    while m >= 0:
        near = True
        if rounds is not None:
            near = can_reach(k, m, lanes, block.layout, block.bounds, block.excess, block.room)
        if near and acts_on(functions, parameters, k, m, lanes, left_out, yaw, block):
            return True
        m = next_abreast(k, m, farthest, turn, block.layout, block.bounds)
    return False


@lane_part
def add_wakes(
    functions: Functions,
    parameters: Parameters,
    kinds: Kinds,
    k: int,
    lanes: int,
    turn: Turn,
    sees: int,
    yaw: Yaw | None,
    block: Block,
    rounds: Rounds | None,
) -> None:
    """Fill what the wakes take and what turbulence they add at the k-th of the block, of the sources that it sees."""
    for lane in range(lanes):
        block.total[lane], block.added[lane] = 0.0, 0.0
    if not parameters.casts:
        return
    sources = kinds.sources if sees == AROUND else min(k, kinds.sources)
    if rounds is None or sees == BEFORE:
        count = select_sources(k, sources, kinds.discs, turn, block.layout, block.bounds, block.near)
    else:
        downwind, crosswind = rounds.downwind, rounds.crosswind
        count = select_around(k, sources, block.layout, downwind, crosswind, block.bounds, block.near)
    if count == 0:
        return
    target = Target(k, lanes, count)
    addition = Addition(parameters.refers_to_source, parameters.superposition, parameters.mirrors)
    deflect(functions, target, yaw, block)
    functions.add_deficits(target, addition, block.address)
    if parameters.adds_turbulence:
        functions.add_turbulence(target, turn, block.address)


@lane_part
def operate(j: int, k: int, lanes: int, curve: Curve, operation: Operation, yaw: Yaw | None, block: Block) -> None:
    """Fill power and thrust coefficient of turbine j, the k-th of the block, at its effective wind speed.

    A turbine that is turned out of the wind by γ works at the point of its curve that belongs to u (cos γ)^(p/3), so
    that its power falls by (cos γ)^p where that goes with the cube of the wind; its thrust coefficient over the wind
    that it stands in is the one of that point times (cos γ)^q. It stands still where the wind itself lies beyond the
    end of the curve.
    """
    speed, power, thrust = block.speed[j], block.power[j], block.thrust[j]
    if yaw is None:
        read_curves(lanes, block.hours, curve, operation, speed, power, thrust)
        return
    if not turn_out(j, k, lanes, yaw.angle, block):
        read_curves(lanes, block.hours, curve, operation, speed, power, thrust)
        return
    rows, felt = block.steered.rows, block.excess
    end = curve.segments[curve.segments.shape[0] - 1, BEGIN]
    for lane in range(lanes):
        share = rows[k, YAW_COSINE, lane] ** (yaw.power_exponent[j] / 3.0)
        felt[lane] = speed[lane] * share if speed[lane] < end else speed[lane]
    read_curves(lanes, block.hours, curve, operation, felt, power, thrust)
    for lane in range(lanes):
        rows[k, CURVE_THRUST, lane] = thrust[lane]
        thrust[lane] *= rows[k, YAW_COSINE, lane] ** yaw.thrust_exponent[j]


@contracted_part
def turn_out(j: int, k: int, lanes: int, angle: Floats, block: Block) -> bool:
    """Fill cosine and sine of the yaw of turbine j, the k-th of the block; return whether it is turned in any hour."""
    last, steered, turned = angle.shape[0] - 1, block.steered, False
    for lane in range(lanes):
        yaw = math.radians(angle[min(block.hours[lane], last), j])
        steered.rows[k, YAW_COSINE, lane], steered.rows[k, YAW_SINE, lane] = math.cos(yaw), math.sin(yaw)
        turned = turned or yaw != 0.0
    steered.yawed[k] = 1 if turned else 0
    return turned


@contracted_part
def steer(
    functions: Functions, parameters: Parameters, k: int, lanes: int, j: int, yaw: Yaw | None, block: Block
) -> None:
    """Describe how the wake of turbine j, the k-th of the block, is deflected, and widen its bounds by that."""
    if yaw is None:
        return
    if block.steered.yawed[k]:
        radius = block.layout.radius[k]
        functions.describe_deflection(k, lanes, parameters, radius, block.thrust[j], block.intensity[j], block.steered)
        functions.bound_deflection(k, lanes, radius, block.steered, block.bounds)
        deflect_bounds(k, block.bounds)


@bare_part
def column_of_limit(j: int, turbines: int, inflow: Inflow) -> int:
    """Return the column of the limits that a turbine has."""
    columns = inflow.limit.shape[1]
    if columns == turbines:
        return j
    return inflow.column[j] if columns > 1 else 0


@bare_part
def fetch_results(hours: Integers, lanes: int, j: int, results: Results) -> None:
    """Let the lines be fetched that hold turbine j in the hours of a block: writing them would wait for each."""
    for lane in range(lanes):
        fetch_to_write(results.power, hours[lane], j)
    if results.speed.size > 0:
        for lane in range(lanes):
            fetch_to_write(results.speed, hours[lane], j)
            fetch_to_write(results.thrust, hours[lane], j)
    if results.intensity.size > 0:
        for lane in range(lanes):
            fetch_to_write(results.intensity, hours[lane], j)


@contracted_part
def fill_block(
    functions: Functions,
    parameters: Parameters,
    kinds: Kinds,
    turbines: Turbines,
    inflow: Inflow,
    lanes: int,
    turn: Turn,
    sees: int,
    may_act_back: bool,
    block: Block,
    results: Results,
    rounds: Rounds | None,
) -> bool:
    """Fill what is found of a block, turbine by turbine; return False where one acts on one before it.

    `sees`: the sources that a target sees; `may_act_back`: whether that is to be looked for; `results` are not written.
    """
    curves = kinds.curves
    own_speed, own_intensity = inflow.speed.shape[1] > 1, inflow.intensity.shape[1] > 1
    largest = 0.0
    for k in range(turbines.x.size):
        if k % TILE == 0:
            fetch_results(block.hours, lanes, k, results)
        j = block.order[k]
        own, level = turbines.kind[j], inflow.column[j]
        if own_speed or k == 0:
            for lane in range(lanes):
                block.undisturbed[lane] = inflow.speed[block.hours[lane], level if own_speed else 0]
        if own_intensity or k == 0:
            weakest, largest = read_ambient(j if own_intensity else 0, lanes, inflow, block)
            functions.describe_ambient(parameters, lanes, block.ambient, block.factor)
            bound_kinds(functions, parameters, kinds, weakest, largest, block.bounds_of_kind)
        add_wakes(functions, parameters, kinds, k, lanes, turn, sees, inflow.yaw, block, rounds)
        speed, intensity, thrust = block.speed[j], block.intensity[j], block.thrust[j]
        take_from_wind(lanes, parameters, block.undisturbed, block.total, speed)
        if inflow.blocked.size > 0:
            for lane in range(lanes):
                speed[lane] = max(speed[lane] - inflow.blocked[block.hours[lane], j], 0.0)
        add_intensity(lanes, parameters.sums_squares, block.ambient, block.added, intensity)
        if rounds is not None and sees == AROUND:
            approach(lanes, rounds.step, rounds.speed[j], speed)
            approach(lanes, rounds.step, rounds.intensity[j], intensity)
        segments = curves.segments[curves.start[own] : curves.start[own + 1]]
        curve = Curve(segments, curves.bins[own], curves.bins_per_speed)
        operation = Operation(
            inflow.density_factor,
            inflow.limit,
            level if inflow.density_factor.shape[1] > 1 else 0,
            column_of_limit(j, turbines.x.size, inflow),
        )
        operate(j, k, lanes, curve, operation, inflow.yaw, block)
        if k < kinds.sources:
            radius, strongest = block.layout.radius[k], largest
            if lanes == LANES:
                describe_source(k, LANES, parameters, radius, speed, thrust, intensity, block.state)
            else:
                describe_source(k, 8, parameters, radius, speed, thrust, intensity, block.state)
            functions.describe_deficit(k, lanes, parameters, radius, thrust, block.ambient, block.state)
            functions.describe_turbulence(k, lanes, parameters, thrust, block.factor, block.state)
            for row in range(BOUNDS):
                block.bounds[row, k] = block.bounds_of_kind[row, own]
            if parameters.adds_turbulence:
                strongest = largest_of(intensity, lanes, block.room)
            raise_bounds(parameters, k, largest, strongest, block.bounds)
            steer(functions, parameters, k, lanes, j, inflow.yaw, block)
            if may_act_back and acts_back(
                functions, parameters, k, lanes, kinds.left_out, turn, inflow.yaw, block, rounds
            ):
                return False
    return True


@contracted_part
def fill_blocks(
    functions: Functions,
    parameters: Parameters,
    kinds: Kinds,
    turbines: Turbines,
    inflow: Inflow,
    hours: Hours,
    blocks: int,
    block: Block,
    results: Results,
    rounds: Rounds | None,
) -> None:
    """Do what `sweep` does with the room that it makes: a part that makes none counts no references."""
    times, shared = hours.times, hours.shared
    taken, filled, unsettled = shared[TAKEN:KNOWN], shared[FILLED:UNSETTLED], shared[UNSETTLED:COUNTERS]
    begin, end, finish, lanes, one_by_one = 0, 0, 0, LANES, False
    turn, number_of_round, works = Turn(1.0, 0.0, 0.0, 0.0), 0, False
    while True:
        if begin >= finish:
            if works:
                take_numbers(filled, 1)
            number, one_by_one, works = take_numbers(taken, 1), False, True
            if number >= blocks:
                break
            begin, finish = hours.block_start[number], hours.block_start[number + 1]
        may_act_back = False
        if number_of_round == 0:
            end = finish
            if one_by_one:
                end = end_of_direction(begin, end, times, inflow.direction)
            # Lanes are filled up with the last hour, which is then computed more than once, to the same result.
            lanes = LANES if end - begin > 8 else 8
            for lane in range(lanes):
                block.hours[lane] = times[min(begin + lane, end - 1)]
            turn = turn_block(turbines, kinds.casts, inflow.direction, lanes, block)
            lay_out(turbines, lanes, block)
            may_act_back = turn.of_order > ONE_DIRECTION and not one_by_one
            may_act_back = may_act_back or (rounds is not None and turn.most > ONE_DIRECTION)
        sees = seen_in_round(number_of_round)
        if not fill_block(
            functions, parameters, kinds, turbines, inflow, lanes, turn, sees, may_act_back, block, results, rounds
        ):
            if one_by_one:
                number_of_round = 1
            one_by_one = True  # again, direction by direction, and then in rounds
            continue
        if rounds is not None and number_of_round > 0:
            if not end_round(number_of_round, kinds.sources, lanes, turbines, block, rounds):
                number_of_round += 1
                continue
            for lane in range(end - begin):
                if rounds.change[lane] > SETTLED:
                    take_numbers(unsettled, 1)
            number_of_round = 0
        write_block(block.hours, end - begin, block.power, results.power)
        if results.speed.size > 0:
            write_block(block.hours, end - begin, block.speed, results.speed)
            write_block(block.hours, end - begin, block.thrust, results.thrust)
        if results.intensity.size > 0:
            write_block(block.hours, end - begin, block.intensity, results.intensity)
        begin = end


@contracted_kernel
def sweep(
    functions: Functions,
    parameters: Parameters,
    discs: bool,
    turbines: Turbines,
    curves: Curves,
    inflow: Inflow,
    hours: Hours,
    leads: bool,
    results: Results,
    rounds: Rounds | None,
) -> bool:
    """Fill the effective wind speed, power, thrust and turbulence of every turbine and time.

    Parameters
    ----------
    functions, parameters : Functions, Parameters
        The wake model.
    discs : bool
        Whether the discs of its wakes matter to it, of speed or of turbulence.
    turbines, curves : Turbines, Curves
        The farm, and the power and thrust curves of its types.
    inflow : Inflow
        The undisturbed wind.
    hours : Hours
        Which times to fill. All that fill the same results, each on a thread of its own, have the same; in how many of
        them turbines act on each other in a circle, and what is found of them has not settled, is counted there. Where
        turbines that pass each other in the order, from one direction of a block to another, could see each other's
        wakes, the directions of a block are computed one by one.
    leads : bool
        Whether to sort the hours and cut them into blocks, as one of the threads must, and to wait for the others at
        the end, not long.
    results : Results
        Written.
    rounds : Rounds or None
        Room to find blocks in rounds, where turbines have winds of their own.

    Returns
    -------
    bool
        Whether any block could be taken: False of a thread that does not lead where the blocks are not known soon, and
        it is to call again.
    """
    kinds = kinds_of(parameters, discs, turbines, curves)
    block = make_block(turbines.x.size, inflow.direction.shape[1], curves.start.size - 1, inflow.yaw is not None)
    known, size = hours.shared[KNOWN:FILLED], hours.times.size
    if leads:
        blocks = order_hours(hours, np.empty(size), np.empty(size, np.int64), np.empty(bins_of(size) + 1, np.int64))
        take_numbers(known, blocks + 1)
    else:
        blocks = wait_until(known, 1) - 1
        if blocks < 0:
            return False
    fill_blocks(functions, parameters, kinds, turbines, inflow, hours, blocks, block, results, rounds)
    if leads:
        wait_until(hours.shared[FILLED:UNSETTLED], blocks)
    return True
