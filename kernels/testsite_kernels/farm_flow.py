"""Farm flow by one sweep from upstream to downstream, over blocks of hours with like wind direction.

The hours of a block share the order of the turbines and the pairs that can matter; an hour is a SIMD lane, and the
loops over the lanes of a pair, in `wake_deficit` and `wake_turbulence`, have neither branch nor call.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.compile_options import contracted_kernel, part
from testsite_kernels.lane_mathematics import power_of_small
from testsite_kernels.turbine_curves import read_curves
from testsite_kernels.wake_deficit import (
    AMBIENT,
    ROWS,
    SLOPE,
    SPEED,
    SQUARED,
    STRENGTH,
    THRUST,
    WIDTH,
    add_gaussian,
    add_gaussian_overlap,
    add_top_hat,
    add_turbopark,
    induction_madsen,
    induction_momentum,
    turbopark_integral,
)
from testsite_kernels.wake_reach import (
    BOUNDS,
    bounds_of_crespo,
    bounds_of_frandsen,
    bounds_of_gaussian,
    bounds_of_top_hat,
    bounds_of_turbopark,
    select_sources,
)
from testsite_kernels.wake_turbulence import add_crespo, add_frandsen

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

LANES = 32  # a multiple of the eight that a register holds

NO_WAKE, TOP_HAT, TOP_HAT_OVERLAP, GAUSSIAN, GAUSSIAN_MOMENTUM, GAUSSIAN_OVERLAP, TURBOPARK = range(7)
NO_TURBULENCE, CRESPO, FRANDSEN = range(3)


class Model(NamedTuple):
    """A wake model by numbers: its parts, named above, and their parameters.

    The slope of the wake is `slope_per_intensity` times the effective turbulence intensity at the source plus `slope`;
    the width at the rotor is `width_factor` times the square root of β (Bastankhah and Porté-Agel (2014), eq. 10), the
    thrust in β limited to `largest_thrust`. A deficit refers to the effective wind speed of the source where
    `refers_to_source` is 1, else to the undisturbed one of the target. Crespo and Hernández: the factor, and the
    exponents of induction and ambient intensity.
    """

    deficit: int
    superposition: int
    turbulence: int
    refers_to_source: int
    slope_per_intensity: float
    slope: float
    width_factor: float
    width_is_fixed: int
    largest_thrust: float
    crespo_factor: float
    crespo_induction: float
    crespo_intensity: float
    mirrors: int


@contracted_kernel
def write_block(
    hours: Integers, count: int, turbines: int, found: Floats, effective_speed: Floats, power: Floats, thrust: Floats,
    effective_intensity: Floats,
) -> None:  # fmt: skip
    """Copy what a block found, shape (4, turbines, lanes), to its hours, row by row as they lie in memory."""
    for lane in range(count):
        t = hours[lane]
        for j in range(turbines):
            effective_speed[t, j] = found[0, j, lane]
        for j in range(turbines):
            power[t, j] = found[1, j, lane]
        for j in range(turbines):
            thrust[t, j] = found[2, j, lane]
        if effective_intensity.size > 0:
            for j in range(turbines):
                effective_intensity[t, j] = found[3, j, lane]


@part
def describe_sources(
    model: Model, j: int, lanes: int, diameter: float, speed: Floats, thrust: Floats, intensity: Floats,
    ambient: Floats, ambient_factor: Floats, source: Floats,
) -> None:  # fmt: skip
    """Write what the wake of turbine j depends on into its rows; see `wake_deficit`."""
    for lane in range(lanes):
        source[j, SPEED, lane], source[j, THRUST, lane] = speed[lane], thrust[lane]
        source[j, SLOPE, lane] = model.slope_per_intensity * intensity[lane] + model.slope
        source[j, AMBIENT, lane] = ambient[lane]
    if model.width_is_fixed:
        source[j, WIDTH, :lanes] = model.width_factor * diameter
    else:
        for lane in range(lanes):
            root = math.sqrt(1.0 - min(model.largest_thrust, thrust[lane]))
            source[j, WIDTH, lane] = model.width_factor * diameter * math.sqrt((1.0 + root) / (2.0 * root))
    if model.deficit == TURBOPARK:
        for lane in range(lanes):
            source[j, SLOPE, lane] = 0.8 * ambient[lane] / math.sqrt(max(thrust[lane], 1e-20))
            source[j, STRENGTH, lane] = ambient_factor[lane]
    elif model.turbulence == CRESPO:
        for lane in range(lanes):
            madsen, momentum = induction_madsen(thrust[lane]), induction_momentum(thrust[lane])
            induced = madsen if model.deficit == GAUSSIAN else momentum
            grown = power_of_small(max(induced, 1e-10), model.crespo_induction)
            source[j, STRENGTH, lane] = model.crespo_factor * grown * ambient_factor[lane]


@part
def describe_ambient(model: Model, lanes: int, ambient: Floats, factor: Floats) -> None:
    """Fill what the wakes take from the ambient turbulence alone, shape (lanes,)."""
    if model.deficit == TURBOPARK:
        for lane in range(lanes):
            factor[lane] = turbopark_integral(1.5 * ambient[lane])
    elif model.turbulence == CRESPO:
        for lane in range(lanes):
            factor[lane] = ambient[lane] ** model.crespo_intensity


@part
def describe_reach(
    model: Model, lanes: int, diameter: float, largest_target: float, source: Floats, bounds: Floats
) -> None:  # fmt: skip
    """Fill the bounds of the wake of a source, described by its rows; see `wake_reach`."""
    slope, width, intense, least, narrowest = 0.0, 0.0, 0.0, math.inf, math.inf
    for lane in range(lanes):
        slope, width = max(slope, source[SLOPE, lane]), max(width, source[WIDTH, lane])
        least, narrowest = min(least, source[SLOPE, lane]), min(narrowest, source[WIDTH, lane])
        intense = max(intense, source[AMBIENT, lane])
    if model.deficit == TOP_HAT or model.deficit == TOP_HAT_OVERLAP:
        bounds_of_top_hat(diameter, largest_target, slope, least, bounds)
    elif model.deficit == TURBOPARK:
        bounds_of_turbopark(width, intense, largest_target, bounds)
    else:
        bounds_of_gaussian(width, slope, largest_target, bounds)
    if model.turbulence == CRESPO:
        bounds_of_crespo(width, slope, narrowest, least, largest_target, bounds)
    elif model.turbulence == FRANDSEN:
        bounds_of_frandsen(diameter, bounds)


@contracted_kernel
def sweep(
    model: Model,
    x: Floats, y: Floats, hub_height: Floats, diameter: Floats,
    table_start: Integers, table_speed: Floats, table_power: Floats, table_thrust: Floats, table_bins: Integers,
    wind_speed: Floats, wind_direction: Floats, turbulence_intensity: Floats, density_factor: Floats,
    largest_power: Floats, blocked: Floats, times: Integers, block_start: Integers,
    effective_speed: Floats, power: Floats, thrust: Floats, effective_intensity: Floats,
) -> None:  # fmt: skip
    """Fill the effective wind speed, power, thrust and turbulence of every turbine and time.

    Indices: t time, j target turbine, i source turbine upstream of j.

    Parameters
    ----------
    model : Model
        The parts and parameters of the wake model.
    x, y, hub_height, diameter : ndarray, shape (turbines,)
        Position east and north, hub height, rotor diameter [m].
    table_start : ndarray, shape (turbines, 2)
        First and one past the last row of each turbine's table.
    table_speed, table_power, table_thrust : ndarray, shape (rows,)
        Tables end to end: wind speed [m/s], power [W], thrust coefficient. Power and thrust are zero outside a table.
    table_bins : ndarray, shape (turbines, bins)
        Where to begin to look in each turbine's table, see `table_row`.
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
        First place in `times` of each block, at most `LANES` long, and the end. The directions of a block differ so
        little that turbines which pass each other in the order do not see each other's wakes.
    effective_speed, power, thrust, effective_intensity : ndarray, shape (times, turbines)
        Written: [m/s], [W], [1], [1]; the last is left alone where it has no element.
    """
    turbines = x.size
    own_speed, own_intensity = wind_speed.shape[1] > 1, turbulence_intensity.shape[1] > 1
    headings = wind_direction.shape[1]
    cosine, sine = np.empty((headings, LANES)), np.empty((headings, LANES))
    total, added = np.empty(LANES), np.empty(LANES)
    undisturbed, ambient, hours = np.empty(LANES), np.empty(LANES), np.empty(LANES, np.int64)
    deficit, sigma, squared, scratch = np.empty(LANES), np.empty(LANES), np.empty(LANES), np.empty((6, LANES))
    source = np.zeros((turbines, ROWS, LANES))
    # In the order of the block: place along and across the wind, and how far a wake reaches off its axis.
    ahead, aside, bounds = np.empty(turbines), np.empty(turbines), np.full((turbines, BOUNDS), -1.0)
    largest_target = diameter.max()
    near, extents, near_full = np.empty(turbines, np.int64), np.empty(turbines), np.empty(turbines, np.int64)
    close, close_full = np.empty(turbines, np.int64), np.empty(turbines, np.int64)
    speed, intensity, coefficient = np.empty(LANES), np.empty(LANES), np.empty(LANES)
    ambient_factor, generated = np.zeros(LANES), np.empty(LANES)
    found = np.empty((4, turbines, LANES))
    for block in range(block_start.size - 1):
        begin, end = block_start[block], block_start[block + 1]
        # Registers are filled up with the last hour, which is then computed more than once, to the same result.
        lanes = (end - begin + 7) // 8 * 8
        for lane in range(lanes):
            hours[lane] = times[min(begin + lane, end - 1)]
            for r in range(headings):
                angle = math.radians(90.0 - wind_direction[hours[lane], r])
                cosine[r, lane], sine[r, lane] = -math.cos(angle), -math.sin(angle)
        along, sideways = 0.0, 0.0
        for r in range(headings):
            for lane in range(lanes):
                along, sideways = along + cosine[r, lane], sideways + sine[r, lane]
        length = math.hypot(along, sideways)
        along, sideways = along / length, sideways / length
        turn = 0.0  # sine of the largest angle between a lane and the middle of the block
        for r in range(headings):
            for lane in range(lanes):
                turn = max(turn, abs(cosine[r, lane] * sideways - sine[r, lane] * along))
        order = np.argsort(along * x + sideways * y)
        for k in range(turbines):
            j = order[k]
            ahead[k], aside[k] = along * x[j] + sideways * y[j], along * y[j] - sideways * x[j]
        for k in range(turbines):
            j = order[k]
            if own_speed or k == 0:
                for lane in range(lanes):
                    undisturbed[lane] = wind_speed[hours[lane], j if own_speed else 0]
            if own_intensity or k == 0:
                for lane in range(lanes):
                    ambient[lane] = turbulence_intensity[hours[lane], j if own_intensity else 0]
                describe_ambient(model, lanes, ambient, ambient_factor)
            for lane in range(lanes):
                total[lane], added[lane] = 0.0, 0.0
            count, closest = 0, 0
            if model.deficit != NO_WAKE:
                count, closest = select_sources(
                    k, order, ahead, aside, hub_height, diameter, turn, bounds, near, extents, near_full, close,
                    close_full,
                )  # fmt: skip
            if count > 0:
                add_wakes(
                    model, near, count, j, x, y, hub_height, diameter, lanes, cosine, sine, source,
                    deficit, total, squared, sigma, scratch, extents, near_full,
                )  # fmt: skip
            if closest > 0:
                if model.turbulence == CRESPO:
                    add_crespo(
                        close, closest, j, x, y, hub_height, diameter, lanes, along, sideways, turn, cosine, sine,
                        source, added, close_full, deficit,
                    )  # fmt: skip
                elif model.turbulence == FRANDSEN:
                    add_frandsen(
                        close, closest, j, x, y, hub_height, diameter, lanes, cosine, sine, source, ambient, added
                    )
            if model.superposition == SQUARED:
                for lane in range(lanes):
                    total[lane] = math.sqrt(total[lane])
            for lane in range(lanes):
                lost = total[lane] if model.refers_to_source else total[lane] * undisturbed[lane]
                speed[lane] = max(undisturbed[lane] - lost, 0.0)
            if blocked.size > 0:
                for lane in range(lanes):
                    speed[lane] = max(speed[lane] - blocked[hours[lane], j], 0.0)
            if model.turbulence == CRESPO:
                for lane in range(lanes):
                    intensity[lane] = math.sqrt(ambient[lane] * ambient[lane] + added[lane] * added[lane])
            else:
                for lane in range(lanes):
                    intensity[lane] = ambient[lane] + added[lane]
            read_curves(
                j, lanes, hours, table_start, table_speed, table_power, table_thrust, table_bins, density_factor,
                largest_power, speed, generated, coefficient,
            )  # fmt: skip
            for lane in range(lanes):
                found[0, j, lane], found[1, j, lane] = speed[lane], generated[lane]
                found[2, j, lane] = coefficient[lane]
            if effective_intensity.size > 0:
                for lane in range(lanes):
                    found[3, j, lane] = intensity[lane]
            if model.deficit != NO_WAKE:
                describe_sources(
                    model, j, lanes, diameter[j], speed, coefficient, intensity, ambient, ambient_factor, source
                )
                describe_reach(model, lanes, diameter[j], largest_target, source[j], bounds[k])
        write_block(hours, end - begin, turbines, found, effective_speed, power, thrust, effective_intensity)


@part
def add_wakes(
    model: Model, near: Integers, count: int, j: int, x: Floats, y: Floats, hub_height: Floats, diameter: Floats,
    lanes: int, cosine: Floats, sine: Floats, source: Floats, deficit: Floats, total: Floats,
    squared: Floats, sigma: Floats, scratch: Floats, extents: Floats, full: Integers,
) -> None:  # fmt: skip
    """Add the deficits of the near sources at target j, by the function of the model."""
    reference, superposition = model.refers_to_source, model.superposition
    if model.deficit == GAUSSIAN or model.deficit == GAUSSIAN_MOMENTUM:
        add_gaussian(
            near, count, j, x, y, hub_height, diameter, lanes, cosine, sine, source, reference,
            superposition, deficit, total, model.deficit == GAUSSIAN_MOMENTUM,
        )  # fmt: skip
    elif model.deficit == TOP_HAT or model.deficit == TOP_HAT_OVERLAP:
        add_top_hat(
            near, count, j, x, y, hub_height, diameter, lanes, cosine, sine, source, reference,
            superposition, deficit, total, model.deficit == TOP_HAT_OVERLAP, full,
        )  # fmt: skip
    elif model.deficit == GAUSSIAN_OVERLAP:
        add_gaussian_overlap(
            near, count, j, x, y, hub_height, diameter, lanes, cosine, sine, source, reference,
            superposition, deficit, total, squared, sigma, scratch,
        )  # fmt: skip
    else:
        add_turbopark(
            near, count, j, x, y, hub_height, diameter, lanes, cosine, sine, source, reference,
            superposition, deficit, total, squared, sigma, scratch, extents,
        )  # fmt: skip
