"""What the sweep keeps of each turbine as the source of a wake, for all hours of a block at once.

`state`, shape (turbines, rows, lanes), by the turbines' place in the order of the block; its rows are named below.
Sources: as in `wake_deficit` and `wake_turbulence`.
"""

import math
from typing import NamedTuple

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import inlined_part, part
from testsite_kernels.numerics.lane_mathematics import LANES, logarithm, power_of_small

# Place along and across the wind [m]; effective wind speed [m/s]; Ct R² [m²]; growth of the width per distance, and
# width at the rotor [m]; what a top hat takes at the rotor times R² [m²]; turbulence that is added at one diameter,
# or √Ct; TurbOPark: 1.5 I, its growth per distance [1/m], the width per integral [m], and the integral at the rotor.
AHEAD, ASIDE, SPEED, THRUST, SLOPE, WIDTH, STRENGTH, ADDED, INTENSITY, GROWTH, AMPLITUDE, INTEGRAL = range(12)
ROWS = 12

NO_WAKE, TOP_HAT, TOP_HAT_OVERLAP, GAUSSIAN, GAUSSIAN_MOMENTUM, GAUSSIAN_OVERLAP, TURBOPARK = range(7)
GAUSSIAN_MADSEN_OVERLAP = 7
NO_TURBULENCE, CRESPO, FRANDSEN = range(3)


class Model(NamedTuple):
    """A wake model by numbers: its parts, named above, and their parameters.

    The slope of the wake is `slope_per_intensity` times the effective turbulence intensity at the source plus `slope`;
    the width at the rotor is `width_factor` times the square root of β (Bastankhah and Porté-Agel (2014), eq. 10), the
    thrust in β limited to `largest_thrust`. A deficit refers to the effective wind speed of the source where
    `refers_to_source` is 1, else to the undisturbed one of the target. Crespo and Hernández: the factor, and the
    exponents of induction and ambient intensity. The ground mirrors the wakes where `mirrors` is 1.
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


class Layout(NamedTuple):
    """Where the turbines stand, by their place in the order of a block, and where the wind blows to.

    `x`, `y`, `hub`, `radius`, shape (turbines,): position east and north, hub height, rotor radius [m]. `cosine`,
    `sine`: of where the wind blows to, shape (turbines, lanes) where each has its own, else (1, lanes).
    """

    x: Floats
    y: Floats
    hub: Floats
    radius: Floats
    cosine: Floats
    sine: Floats


@inlined_part
def induction_madsen(thrust: float) -> float:
    """Return the axial induction of a thrust coefficient, Madsen et al. (2020), eq. 8."""
    return thrust * (0.2460 + thrust * (0.0586 + thrust * 0.0883))


@inlined_part
def induction_momentum(thrust: float) -> float:
    """Return the axial induction of a thrust coefficient by one-dimensional momentum theory."""
    return 0.5 * (1.0 - math.sqrt(1.0 - min(1.0, thrust)))


@inlined_part
def turbopark_integral(u: float) -> float:
    """Return what the width of TurbOPark's wake is the difference of, Nygaard et al. (2022), eq. 5."""
    root = math.sqrt(u * u + 1.0)
    return root - logarithm((root + 1.0) / u)


@inlined_part
def look_from(i: int, k: int, lanes: int, layout: Layout, state: Floats) -> int:
    """Return where in `state` target k stands along and across the wind that blows at source i.

    Where each turbine has a wind direction of its own, that is written to the last place, which is no turbine's.
    """
    if layout.cosine.shape[0] == 1:
        return k
    last = state.shape[0] - 1
    for lane in range(lanes):
        state[last, AHEAD, lane] = layout.cosine[i, lane] * layout.x[k] + layout.sine[i, lane] * layout.y[k]
        state[last, ASIDE, lane] = layout.cosine[i, lane] * layout.y[k] - layout.sine[i, lane] * layout.x[k]
    return last


@part
def describe_ambient(model: Model, lanes: int, ambient: Floats, factor: Floats) -> None:
    """Fill what the wakes take from the ambient turbulence alone, shape (lanes,)."""
    if model.turbulence == CRESPO:
        for lane in range(lanes):
            factor[lane] = model.crespo_factor * ambient[lane] ** model.crespo_intensity


@inlined_part
def describe(
    k: int, lanes: int, model: Model, radius: float, speed: Floats, thrust: Floats, intensity: Floats, ambient: Floats,
    ambient_factor: Floats, state: Floats,
) -> None:  # fmt: skip
    """Write what the wake of turbine k depends on into its rows."""
    for lane in range(lanes):
        state[k, SPEED, lane] = speed[lane]
        state[k, THRUST, lane] = radius * radius * thrust[lane]
        state[k, SLOPE, lane] = model.slope_per_intensity * intensity[lane] + model.slope
    if model.deficit == TOP_HAT or model.deficit == TOP_HAT_OVERLAP:
        for lane in range(lanes):
            state[k, STRENGTH, lane] = 2.0 * radius * radius * induction_madsen(thrust[lane])
    if model.width_is_fixed:
        for lane in range(lanes):
            state[k, WIDTH, lane] = model.width_factor * 2.0 * radius
    else:
        for lane in range(lanes):
            root = math.sqrt(1.0 - min(model.largest_thrust, thrust[lane]))
            state[k, WIDTH, lane] = model.width_factor * 2.0 * radius * math.sqrt(0.5 + 0.5 / root)
    if model.deficit == TURBOPARK:
        for lane in range(lanes):
            grown = 0.4 * ambient[lane] / (math.sqrt(max(thrust[lane], 1e-20)) * radius)
            state[k, INTENSITY, lane], state[k, GROWTH, lane] = 1.5 * ambient[lane], grown
            state[k, AMPLITUDE, lane] = 0.04 * ambient[lane] / grown
            state[k, INTEGRAL, lane] = turbopark_integral(1.5 * ambient[lane])
    if model.turbulence == CRESPO:
        for lane in range(lanes):
            madsen, momentum = induction_madsen(thrust[lane]), induction_momentum(thrust[lane])
            of_madsen = model.deficit == GAUSSIAN or model.deficit == GAUSSIAN_MADSEN_OVERLAP
            induced = madsen if of_madsen else momentum
            state[k, ADDED, lane] = power_of_small(max(induced, 1e-10), model.crespo_induction) * ambient_factor[lane]
    elif model.turbulence == FRANDSEN:
        for lane in range(lanes):
            state[k, ADDED, lane] = math.sqrt(thrust[lane])


@part
def describe_source(
    k: int, lanes: int, model: Model, radius: float, speed: Floats, thrust: Floats, intensity: Floats, ambient: Floats,
    ambient_factor: Floats, state: Floats,
) -> None:  # fmt: skip
    """Write what the wake of turbine k depends on into its rows, in a loop of fixed length where the block is full."""
    if lanes == LANES:
        describe(k, LANES, model, radius, speed, thrust, intensity, ambient, ambient_factor, state)
    else:
        describe(k, 8, model, radius, speed, thrust, intensity, ambient, ambient_factor, state)
