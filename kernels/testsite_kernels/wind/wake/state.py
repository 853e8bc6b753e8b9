"""What the sweep keeps of each turbine as the source of a wake, for all hours of a block at once.

`state`, shape (turbines + 1, ROWS, lanes), by the turbines' place in the order of the block; its rows are named below.
"""

import math
from typing import NamedTuple

from numba import types

from testsite_kernels.numerics.arrays import Floats, Integers
from testsite_kernels.numerics.compile_options import bare_part, plain_part, rare_part, separate_part
from testsite_kernels.numerics.lane_room import lane_rooms
from testsite_kernels.numerics.views import named_type, writer_and_reader

DOWNWIND, CROSSWIND = 0, 1  # place along and across the wind [m]
SPEED = 2  # effective wind speed [m/s]
THRUST = 3  # Ct R² [m²]
EXPANSION = 4  # expansion rate: growth of the wake's width per distance [1]
WIDTH = 5  # width σ at the rotor [m]
ADDED = 6  # of the turbulence model: what it adds, as far as that does not depend on the distance
OWN = 7  # the first row of the deficit model's own
ROWS = 11

# Of a turbine that is turned out of the wind: cosine and sine of its yaw, the thrust coefficient of its curve where it
# works (its own thrust coefficient is less by the cosine), and the first row of the deflection model's own.
YAW_COSINE, YAW_SINE, CURVE_THRUST, DEFLECTION_OWN = range(4)
DEFLECTION_ROWS = 11
DEFLECTED = 32  # part of a code, see `wake.reach`: the wake of the source is deflected

# Distance along the wind up to which two turbines stand side by side, neither in the wake of the other [m]: else the
# sign of a rounding error, or the order of two sums, would say which of them is upstream.
ABREAST = 1e-6

MADSEN, MOMENTUM = 0, 1  # how a model finds the axial induction of a thrust coefficient
LINEAR, SQUARED, MAXIMUM = 0, 1, 2  # how the deficits of several sources are added


class Parameters(NamedTuple):
    """The parameters of a wake model.

    `casts`, `adds_turbulence`: whether there are wakes, and whether they add turbulence; `sums_squares`: whether what
    they add and the ambient intensity add by squares. `superposition` and `induction`: as named above. A deficit refers
    to the effective wind speed of the source where `refers_to_source` is 1, else to the undisturbed one of the target.

    The expansion rate of a wake is `expansion_per_intensity` times the effective turbulence intensity at the source
    plus `expansion`; the width at the rotor is `width_factor` times the square root of β (Bastankhah and Porté-Agel
    (2014), eq. 10), the thrust in β limited to `largest_thrust`. Crespo and Hernández: the factor, and the exponents of
    induction and ambient intensity. The ground mirrors the wakes where `mirrors` is 1. Of deflected wakes: β of Jiménez
    et al. (2010), and the expansion rate of Bastankhah and Porté-Agel (2016), per turbulence intensity and without it.
    """

    casts: int
    adds_turbulence: int
    sums_squares: int
    superposition: int
    induction: int
    refers_to_source: int
    expansion_per_intensity: float
    expansion: float
    width_factor: float
    width_is_fixed: int
    largest_thrust: float
    crespo_factor: float
    crespo_induction: float
    crespo_intensity: float
    mirrors: int
    jimenez_expansion: float
    deflection_expansion_per_intensity: float
    deflection_expansion: float


class Layout(NamedTuple):
    """Where the turbines stand, by their place in the order of a block, and where the wind blows to.

    `x`, `y`, `hub`, `radius`, shape (groups,): position east and north, hub height, rotor radius [m]. `cosine`, `sine`:
    of where the wind blows to, shape (turbines, lanes) where each has its own, else (1, lanes). `downwind`,
    `crosswind`, shape (groups,): places along and across the wind in the middle of the block [m]. Groups: as many
    places as `wake.reach.whole_groups` says, those behind the turbines without meaning.
    """

    x: Floats
    y: Floats
    hub: Floats
    radius: Floats
    cosine: Floats
    sine: Floats
    downwind: Floats
    crosswind: Floats


class Near(NamedTuple):
    """The sources whose wakes can matter at a target, see `testsite_kernels.wind.wake.reach.select_sources`.

    `source`, shape (turbines,): their places in the order of the block, `count` of which are listed by the caller.
    `code`, `extent`, shape (groups,), by place: what holds of the source in every hour, how far its wake can matter
    [m]. `offset`, shape (turbines, lanes): how far the wake of a source that is `DEFLECTED` stands to the right of its
    axis at the target at hand, looking downwind [m]; (0, lanes) where no turbine is turned out of the wind.
    """

    source: Integers
    code: Integers
    extent: Floats
    offset: Floats


class Steered(NamedTuple):
    """The turbines that are turned out of the wind, by their place in the order of the block.

    `yawed`, shape (turbines,): 1 where it is, in any hour; `rows`, shape (turbines, DEFLECTION_ROWS, lanes), as they
    are named above. No turbines where none ever is.
    """

    yawed: Integers
    rows: Floats


class View(NamedTuple):
    """What the functions of a model read of a block at a target, and what they fill, see `wind.block.Block`."""

    near: Near
    layout: Layout
    steered: Steered
    state: Floats
    ambient: Floats
    total: Floats
    added: Floats


_BLOCK, ROWS_TYPE = types.Array(types.float64, 2, "C"), types.Array(types.float64, 3, "C")
STEERED_TYPE = named_type(Steered, rows=ROWS_TYPE)
write_view, read_view = writer_and_reader(
    named_type(
        View,
        near=named_type(Near, offset=_BLOCK),
        layout=named_type(Layout, cosine=_BLOCK, sine=_BLOCK),
        steered=STEERED_TYPE,
        state=ROWS_TYPE,
    )
)


class Turn(NamedTuple):
    """The middle direction of a block, and how far its hours are from it.

    `along`, `sideways`: cosine and sine of where the wind blows to; `most`: sine of the largest angle between that
    middle and the wind at any turbine, `of_order`: and the direction of an hour; an angle of 90° or more counts as 1.
    """

    along: float
    sideways: float
    most: float
    of_order: float


class Target(NamedTuple):
    """A turbine at which wakes are added: its place, how many lanes the block has, how many sources are near it."""

    place: int
    lanes: int
    sources: int


class Addition(NamedTuple):
    """How the deficits of several sources add up at a target: these fields of `Parameters`."""

    refers_to_source: int
    superposition: int
    mirrors: int


class Pair(NamedTuple):
    """A source and a target.

    `source`: the place of the source in `state`; `target`: that of the target, as the source's own wind sees it;
    `code`: what holds of them in every hour, see `testsite_kernels.wind.wake.reach`; the radii of their rotors [m].
    """

    source: int
    target: int
    code: int
    source_radius: float
    target_radius: float


class Scratch(NamedTuple):
    """Room for numbers of the lanes, each of shape (lanes,), that a part writes before it reads them."""

    deficit: Floats
    inverse: Floats
    centre: Floats
    excess: Floats
    room: Floats
    total: Floats


make_scratch = lane_rooms(Scratch)  # in a kernel alone, see there


@plain_part
def induction_madsen(thrust: float) -> float:
    """Return the axial induction of a thrust coefficient, Madsen et al. (2020), Wind Energ. Sci. 5, 1-27, eq. 8."""
    return thrust * (0.2460 + thrust * (0.0586 + thrust * 0.0883))


@plain_part
def induction_momentum(thrust: float) -> float:
    """Return the axial induction of a thrust coefficient by one-dimensional momentum theory."""
    return 0.5 * (1.0 - math.sqrt(1.0 - min(1.0, thrust)))


@rare_part
def look_aslant(i: int, k: int, lanes: int, view: int) -> int:
    """Return what `look_from` does where each turbine has a wind direction of its own, or wakes are deflected."""
    near, layout, _, state, _, _, _ = read_view(view)
    own, deflected = layout.cosine.shape[0] > 1, near.code[i] & DEFLECTED
    if not own and not deflected:
        return k
    last = state.shape[0] - 1
    for lane in range(lanes):
        state[last, DOWNWIND, lane] = state[k, DOWNWIND, lane]
        state[last, CROSSWIND, lane] = state[k, CROSSWIND, lane]
    if own:
        for lane in range(lanes):
            state[last, DOWNWIND, lane] = layout.cosine[i, lane] * layout.x[k] + layout.sine[i, lane] * layout.y[k]
            state[last, CROSSWIND, lane] = layout.cosine[i, lane] * layout.y[k] - layout.sine[i, lane] * layout.x[k]
    if deflected:
        for lane in range(lanes):
            state[last, CROSSWIND, lane] += near.offset[i, lane]
    return last


@bare_part
def look_from(i: int, k: int, lanes: int, view: int) -> int:
    """Return where in `state` target k stands along the wind that blows at source i, and across it from its wake.

    Where each turbine has a wind direction of its own, or the wake is deflected, that is written to the last place,
    which is not a turbine's: a wake that stands to the right of its axis leaves the target so much further to the left.
    """
    near, layout, _, _, _, _, _ = read_view(view)
    if layout.cosine.shape[0] + near.offset.shape[0] == 1:  # one comparison, by which compilers split the loop
        return k
    return look_aslant(i, k, lanes, view)


@separate_part
def describe_source(
    k: int,
    lanes: int,
    parameters: Parameters,
    radius: float,
    speed: Floats,
    thrust: Floats,
    intensity: Floats,
    state: Floats,
) -> None:
    """Write what the wake of turbine k depends on, whatever its model, into its rows."""
    for lane in range(lanes):
        state[k, SPEED, lane] = speed[lane]
        state[k, THRUST, lane] = radius * radius * thrust[lane]
        state[k, EXPANSION, lane] = parameters.expansion_per_intensity * intensity[lane] + parameters.expansion
    if parameters.width_is_fixed:
        for lane in range(lanes):
            state[k, WIDTH, lane] = parameters.width_factor * 2.0 * radius
    else:
        for lane in range(lanes):
            root = math.sqrt(1.0 - min(parameters.largest_thrust, thrust[lane]))
            state[k, WIDTH, lane] = parameters.width_factor * 2.0 * radius * math.sqrt(0.5 + 0.5 / root)


@separate_part
def superpose(i: int, lanes: int, addition: Addition, state: Floats, deficit: Floats, total: Floats) -> None:
    """Take the relative deficits of source i into the total, shape (lanes,): linear, squared, or the largest."""
    refers_to_source, superposition = addition.refers_to_source, addition.superposition
    if refers_to_source and superposition == LINEAR:  # the most common of these: in one loop
        for lane in range(lanes):
            total[lane] += deficit[lane] * state[i, SPEED, lane]
        return
    if refers_to_source:
        for lane in range(lanes):
            deficit[lane] *= state[i, SPEED, lane]
    if superposition == SQUARED:
        for lane in range(lanes):
            total[lane] += deficit[lane] * deficit[lane]
    elif superposition == LINEAR:
        for lane in range(lanes):
            total[lane] += deficit[lane]
    else:
        for lane in range(lanes):
            total[lane] = max(total[lane], deficit[lane])


@separate_part
def take_from_wind(lanes: int, parameters: Parameters, undisturbed: Floats, total: Floats, speed: Floats) -> None:
    """Fill the effective wind speed [m/s] from the undisturbed one and what the wakes take together."""
    if parameters.superposition == SQUARED:
        for lane in range(lanes):
            total[lane] = math.sqrt(total[lane])
    if not parameters.refers_to_source:
        for lane in range(lanes):
            total[lane] *= undisturbed[lane]
    for lane in range(lanes):
        speed[lane] = max(undisturbed[lane] - total[lane], 0.0)
