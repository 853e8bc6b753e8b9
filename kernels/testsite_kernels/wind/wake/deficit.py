"""The velocity deficit of the sources at one target, for all hours of a block at once: one function per publication.

Every function adds the deficits of the sources `near[:count]` at a target to `total`, shape (lanes,): [m/s], or its
square, as `superpose` says; over the undisturbed wind speed of the target unless a deficit `refers_to_source`.
Turbines are numbered by their place in the order of the block. `state`, shape (turbines, rows, lanes), is what the
sweep keeps of each, see `wake_state`; `lanes`, 8 or `LANES`, is how many are in use. A loop for a pair takes the place
of source i from `state`, and that of the target from place t of it, see `look_from`. `code`, shape (turbines,), says
what holds of each source in every hour, see `wake_reach`; where it is not `PLAIN`, a `careful` loop looks after what
stands downstream, or takes all the wind.

Sources: Jensen (1983), Risø-M-2411; Bastankhah and Porté-Agel (2014), Renewable Energy 70, 116-123; Niayifar and
Porté-Agel (2016), Energies 9, 741; Nygaard et al. (2022), J. Phys.: Conf. Ser. 2265, 022063 (TurbOPark); Madsen et al.
(2020), Wind Energ. Sci. 5, 1-27, eq. 8 (induction).
"""

import math

from testsite_kernels.numerics.arrays import Floats, Integers
from testsite_kernels.numerics.compile_options import contracted_kernel, inlined_part
from testsite_kernels.numerics.lane_mathematics import LANES, disc_overlap, exp_of_minus
from testsite_kernels.wind.disc_mean import disc_mean, terms_of_disc_mean
from testsite_kernels.wind.wake.reach import PLAIN, WHOLE
from testsite_kernels.wind.wake.state import (
    AHEAD,
    AMPLITUDE,
    ASIDE,
    GROWTH,
    INTEGRAL,
    INTENSITY,
    SLOPE,
    SPEED,
    STRENGTH,
    THRUST,
    WIDTH,
    Layout,
    induction_madsen,
    induction_momentum,
    look_from,
    turbopark_integral,
)

LINEAR, SQUARED, MAXIMUM = 0, 1, 2
SQUARED_AT_ONCE, LINEAR_AT_ONCE, LATER = 0, 1, 2


@inlined_part
def superposition_of(superposition: int, refers_to_source: int) -> int:
    """Return how deficits are taken into the total: the two that the literature has most in the loop itself."""
    if superposition == SQUARED and not refers_to_source:
        return SQUARED_AT_ONCE
    if superposition == LINEAR and refers_to_source:
        return LINEAR_AT_ONCE
    return LATER


@inlined_part
def take(i: int, lane: int, how: int, value: float, state: Floats, deficit: Floats, total: Floats) -> None:
    """Take the relative deficit of source i in one lane into the total, or keep it for `superpose`."""
    if how == SQUARED_AT_ONCE:
        total[lane] += value * value
    elif how == LINEAR_AT_ONCE:
        total[lane] += value * state[i, SPEED, lane]
    else:
        deficit[lane] = value


@inlined_part
def superpose(
    i: int, lanes: int, state: Floats, refers_to_source: int, superposition: int, deficit: Floats, total: Floats
) -> None:  # fmt: skip
    """Take the relative deficits of source i into the total: linear, squared, or the largest."""
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


@inlined_part
def top_hat(
    i: int, t: int, lanes: int, how: int, up: float, radius: float, target_radius: float, overlaps: bool,
    state: Floats, deficit: Floats, total: Floats,
) -> None:  # fmt: skip
    """Take the deficit of one top hat at the hub, or where it `overlaps` averaged over the rotor."""
    for lane in range(lanes):
        distance = state[t, AHEAD, lane] - state[i, AHEAD, lane]
        across = state[t, ASIDE, lane] - state[i, ASIDE, lane]
        wake_radius = state[i, SLOPE, lane] * max(distance, 0.0) + radius
        centre = state[i, STRENGTH, lane] / (wake_radius * wake_radius)
        squared = across * across + up * up
        if overlaps:
            centre *= disc_overlap(wake_radius, target_radius, math.sqrt(squared))
        else:
            centre = centre if squared < wake_radius * wake_radius else 0.0
        take(i, lane, how, centre if distance > 0.0 else 0.0, state, deficit, total)


@inlined_part
def full_top_hat(
    i: int, t: int, lanes: int, how: int, radius: float, state: Floats, deficit: Floats, total: Floats
) -> None:  # fmt: skip
    """Take the deficit of one top hat in which the whole rotor stands."""
    for lane in range(lanes):
        wake_radius = state[i, SLOPE, lane] * (state[t, AHEAD, lane] - state[i, AHEAD, lane]) + radius
        take(i, lane, how, state[i, STRENGTH, lane] / (wake_radius * wake_radius), state, deficit, total)


@contracted_kernel
def add_top_hat(
    near: Integers, code: Integers, count: int, k: int, lanes: int, layout: Layout, state: Floats,
    refers_to_source: int, superposition: int, deficit: Floats, total: Floats, overlaps: bool,
) -> None:  # fmt: skip
    """Jensen (1983): a top hat that widens by the slope, at the hub, or where it `overlaps` averaged over the rotor.

    The strength row holds the deficit at the rotor times its squared radius [m²].
    """
    how, target_radius = superposition_of(superposition, refers_to_source), layout.radius[k]
    for m in range(count):
        i = near[m]
        t = look_from(i, k, lanes, layout, state)
        up, radius = layout.hub[k] - layout.hub[i], layout.radius[i]
        if lanes < LANES or how != SQUARED_AT_ONCE or not overlaps:
            top_hat(i, t, lanes, LATER, up, radius, target_radius, overlaps, state, deficit, total)
            superpose(i, lanes, state, refers_to_source, superposition, deficit, total)
        elif code[i] & WHOLE:
            full_top_hat(i, t, LANES, SQUARED_AT_ONCE, radius, state, deficit, total)
        else:
            top_hat(i, t, LANES, SQUARED_AT_ONCE, up, radius, target_radius, True, state, deficit, total)


@inlined_part
def gaussian(
    i: int, t: int, lanes: int, how: int, up: float, momentum: bool, careful: bool, state: Floats,
    deficit: Floats, total: Floats,
) -> None:  # fmt: skip
    """Take the deficit of one Gaussian wake at the hub, twice the induction of Madsen et al., or by `momentum`."""
    for lane in range(lanes):
        distance = state[t, AHEAD, lane] - state[i, AHEAD, lane]
        across = state[t, ASIDE, lane] - state[i, ASIDE, lane]
        sigma = state[i, SLOPE, lane] * (max(distance, 0.0) if careful else distance) + state[i, WIDTH, lane]
        inverse = 0.5 / (sigma * sigma)
        c = state[i, THRUST, lane] * inverse
        centre = 2.0 * induction_momentum(c) if momentum else c * (0.4920 + c * (0.1172 + c * 0.1766))
        profile = exp_of_minus((across * across + up * up) * inverse)
        value = centre * profile
        if careful:
            value = min(1.0, centre) * profile if distance > 0.0 else 0.0
        take(i, lane, how, value, state, deficit, total)


@contracted_kernel
def add_gaussian(
    near: Integers, code: Integers, count: int, k: int, lanes: int, layout: Layout, state: Floats,
    refers_to_source: int, superposition: int, deficit: Floats, total: Floats, momentum: bool,
) -> None:  # fmt: skip
    """Bastankhah and Porté-Agel (2014), eq. 23, at the hub; the thrust row holds Ct R² [m²]."""
    how = superposition_of(superposition, refers_to_source)
    for m in range(count):
        i = near[m]
        t = look_from(i, k, lanes, layout, state)
        up = layout.hub[k] - layout.hub[i]
        if lanes == LANES and how == SQUARED_AT_ONCE and code[i] & PLAIN and not momentum:
            gaussian(i, t, LANES, SQUARED_AT_ONCE, up, False, False, state, deficit, total)
        elif lanes == LANES and how == LINEAR_AT_ONCE and code[i] & PLAIN and not momentum:
            gaussian(i, t, LANES, LINEAR_AT_ONCE, up, False, False, state, deficit, total)
        else:
            if lanes == LANES:
                gaussian(i, t, LANES, LATER, up, momentum, True, state, deficit, total)
            else:
                gaussian(i, t, 8, LATER, up, momentum, True, state, deficit, total)
            superpose(i, lanes, state, refers_to_source, superposition, deficit, total)


@inlined_part
def rotor_mean(
    i: int, t: int, lanes: int, up: float, area: float, terms: int, state: Floats, inverse: Floats,
    deficit: Floats,
) -> None:  # fmt: skip
    """Fill the deficit of one Gaussian wake by momentum theory, averaged over the target's rotor.

    `inverse`, shape (lanes,), is one over twice the squared width of the wake [1/m²]; `area` is the squared radius of
    the rotor [m²].
    """
    for lane in range(lanes):
        across = state[t, ASIDE, lane] - state[i, ASIDE, lane]
        exponent = (across * across + up * up) * inverse[lane]
        centre = 2.0 * induction_momentum(state[i, THRUST, lane] * inverse[lane])
        value = centre * disc_mean(exponent, area * inverse[lane], terms)
        deficit[lane] = value if state[t, AHEAD, lane] > state[i, AHEAD, lane] else 0.0


@inlined_part
def fill_rotor_mean(
    i: int, t: int, lanes: int, up: float, area: float, terms: int, state: Floats, inverse: Floats,
    deficit: Floats,
) -> None:  # fmt: skip
    """Fill as `rotor_mean` does, by a loop of its own for each number of terms that is common."""
    if lanes < LANES:
        rotor_mean(i, t, 8, up, area, terms, state, inverse, deficit)
    elif terms == 5:
        rotor_mean(i, t, LANES, up, area, 5, state, inverse, deficit)
    elif terms == 7:
        rotor_mean(i, t, LANES, up, area, 7, state, inverse, deficit)
    elif terms == 9:
        rotor_mean(i, t, LANES, up, area, 9, state, inverse, deficit)
    elif terms == 12:
        rotor_mean(i, t, LANES, up, area, 12, state, inverse, deficit)
    elif terms == 16:
        rotor_mean(i, t, LANES, up, area, 16, state, inverse, deficit)
    else:
        rotor_mean(i, t, LANES, up, area, terms, state, inverse, deficit)


@inlined_part
def exchange_induction(i: int, lanes: int, state: Floats, inverse: Floats, deficit: Floats) -> None:
    """Turn deficits by momentum theory into those by the induction of Madsen et al."""
    for lane in range(lanes):
        c = state[i, THRUST, lane] * inverse[lane]
        momentum = max(2.0 * induction_momentum(c), 1e-300)
        deficit[lane] *= min(1.0, 2.0 * induction_madsen(c)) / momentum


@contracted_kernel
def add_gaussian_overlap(
    near: Integers, extents: Floats, count: int, k: int, lanes: int, layout: Layout, state: Floats,
    refers_to_source: int, superposition: int, mirrors: int, deficit: Floats, total: Floats, inverse: Floats,
    room: Floats, turbopark: bool, of_madsen: bool,
) -> None:  # fmt: skip
    """Add Gaussian wakes by momentum theory, or twice the induction `of_madsen`, averaged over the target's rotor.

    Niayifar and Porté-Agel (2016): the width grows by the slope. Nygaard et al. (2022), `turbopark`: it grows as the
    turbulence of ambient and wake does, see `wake_state`. Where the ground `mirrors`, a wake at the negative height is
    added; it is left out where it cannot matter: `extents`, shape (count,), is how far each wake does [m].
    """
    area = layout.radius[k] * layout.radius[k]
    for m in range(count):
        i = near[m]
        t = look_from(i, k, lanes, layout, state)
        if turbopark:
            for lane in range(lanes):
                distance = max(state[t, AHEAD, lane] - state[i, AHEAD, lane], 0.0)
                grown = turbopark_integral(state[i, INTENSITY, lane] + state[i, GROWTH, lane] * distance)
                sigma = state[i, AMPLITUDE, lane] * (grown - state[i, INTEGRAL, lane]) + state[i, WIDTH, lane]
                inverse[lane] = 0.5 / (sigma * sigma)
        else:
            for lane in range(lanes):
                distance = max(state[t, AHEAD, lane] - state[i, AHEAD, lane], 0.0)
                sigma = state[i, SLOPE, lane] * distance + state[i, WIDTH, lane]
                inverse[lane] = 0.5 / (sigma * sigma)
        terms = terms_of_disc_mean(area, lanes, inverse, room)
        fill_rotor_mean(i, t, lanes, layout.hub[k] - layout.hub[i], area, terms, state, inverse, deficit)
        if of_madsen:
            exchange_induction(i, lanes, state, inverse, deficit)
        superpose(i, lanes, state, refers_to_source, superposition, deficit, total)
        mirrored = layout.hub[k] + layout.hub[i]
        if mirrors and mirrored < extents[i]:
            fill_rotor_mean(i, t, lanes, mirrored, area, terms, state, inverse, deficit)
            if of_madsen:
                exchange_induction(i, lanes, state, inverse, deficit)
            superpose(i, lanes, state, refers_to_source, superposition, deficit, total)
