"""The velocity deficit of the sources at one target, for all hours of a block at once: one function per publication.

Every function adds the deficits of the sources `near[:count]` at target j to `total`, shape (lanes,): [m/s], or its
square, as `superpose` says; over the undisturbed wind speed of the target unless a deficit `refers_to_source`.
`cosine` and `sine`, shape (turbines or 1, lanes), are of the direction that the wind blows to, at each source or
everywhere; `source`, shape (turbines, rows, lanes), is what the sweep keeps of each source: see the row numbers below.
`lanes` is how many of the lanes are in use. Where a source is not upstream of the target it has no deficit there.

Sources: Jensen (1983), Risø-M-2411; Bastankhah and Porté-Agel (2014), Renewable Energy 70, 116-123; Niayifar and
Porté-Agel (2016), Energies 9, 741; Nygaard et al. (2022), J. Phys.: Conf. Ser. 2265, 022063 (TurbOPark); Madsen et al.
(2020), Wind Energ. Sci. 5, 1-27, eq. 8 (induction).
"""

import math

from numpy import float64, int64
from numpy.typing import NDArray

from testsite_kernels.compile_options import contracted_kernel, inlined_part
from testsite_kernels.lane_mathematics import disc_overlap, exp_of_minus, exp_of_minus_to_1e11, logarithm

Floats = NDArray[float64]
Integers = NDArray[int64]

SPEED, THRUST, SLOPE, WIDTH, STRENGTH, AMBIENT = 0, 1, 2, 3, 4, 5
ROWS = 6
LINEAR, SQUARED, MAXIMUM = 0, 1, 2
LARGEST_EXPONENT = 24.0  # exp(-24) = 4e-11
LARGEST_OVERLAP_EXPONENT = 48.0  # of the centre line of a rotor whose edge may still be reached


@inlined_part
def induction_madsen(thrust: float) -> float:
    """Return the axial induction of a thrust coefficient, Madsen et al. (2020), eq. 8."""
    return thrust * (0.2460 + thrust * (0.0586 + thrust * 0.0883))


@inlined_part
def induction_momentum(thrust: float) -> float:
    """Return the axial induction of a thrust coefficient by one-dimensional momentum theory."""
    return 0.5 * (1.0 - math.sqrt(1.0 - min(1.0, thrust)))


@inlined_part
def superpose(
    i: int, lanes: int, source: Floats, refers_to_source: int, superposition: int,
    deficit: Floats, total: Floats,
) -> None:  # fmt: skip
    """Take the relative deficits of source i into the total: linear, squared, or the largest."""
    if refers_to_source:
        for lane in range(lanes):
            deficit[lane] *= source[i, SPEED, lane]
    if superposition == SQUARED:
        for lane in range(lanes):
            total[lane] += deficit[lane] * deficit[lane]
    elif superposition == LINEAR:
        for lane in range(lanes):
            total[lane] += deficit[lane]
    else:
        for lane in range(lanes):
            total[lane] = max(total[lane], deficit[lane])


@contracted_kernel
def add_top_hat(
    near: Integers, count: int, j: int, x: Floats, y: Floats, hub_height: Floats, diameter: Floats, lanes: int,
    cosine: Floats, sine: Floats, source: Floats, refers_to_source: int, superposition: int,
    deficit: Floats, total: Floats, overlaps: bool, full: Integers,
) -> None:  # fmt: skip
    """Jensen (1983): a top hat that widens by the slope, at the hub, or where it `overlaps` averaged over the rotor.

    `full`, shape (count,), says that the rotor lies in the wake in every hour.
    """
    target_radius = 0.5 * diameter[j]
    for m in range(count):
        i = near[m]
        r = min(i, cosine.shape[0] - 1)
        east, north, up = x[j] - x[i], y[j] - y[i], hub_height[j] - hub_height[i]
        radius = 0.5 * diameter[i]
        if full[m]:
            for lane in range(lanes):
                distance = cosine[r, lane] * east + sine[r, lane] * north
                share = radius / (source[i, SLOPE, lane] * max(distance, 0.0) + radius)
                centre = 2.0 * induction_madsen(source[i, THRUST, lane]) * share * share
                deficit[lane] = centre if distance > 0.0 else 0.0
            superpose(i, lanes, source, refers_to_source, superposition, deficit, total)
            continue
        for lane in range(lanes):
            distance = cosine[r, lane] * east + sine[r, lane] * north
            across = cosine[r, lane] * north - sine[r, lane] * east
            wake_radius = source[i, SLOPE, lane] * max(distance, 0.0) + radius
            share = radius / wake_radius
            centre = 2.0 * induction_madsen(source[i, THRUST, lane]) * share * share
            squared = across * across + up * up
            if overlaps:
                centre *= disc_overlap(wake_radius, target_radius, math.sqrt(squared))
            else:
                centre = centre if squared < wake_radius * wake_radius else 0.0
            deficit[lane] = centre if distance > 0.0 else 0.0
        superpose(i, lanes, source, refers_to_source, superposition, deficit, total)


@contracted_kernel
def add_gaussian(
    near: Integers, count: int, j: int, x: Floats, y: Floats, hub_height: Floats, diameter: Floats, lanes: int,
    cosine: Floats, sine: Floats, source: Floats, refers_to_source: int, superposition: int,
    deficit: Floats, total: Floats, momentum: bool,
) -> None:  # fmt: skip
    """Bastankhah and Porté-Agel (2014), eq. 23, at the hub, with the induction of Madsen et al. or by `momentum`."""
    for m in range(count):
        i = near[m]
        r = min(i, cosine.shape[0] - 1)
        east, north, up = x[j] - x[i], y[j] - y[i], hub_height[j] - hub_height[i]
        reduced = 0.125 * diameter[i] * diameter[i]
        for lane in range(lanes):
            distance = cosine[r, lane] * east + sine[r, lane] * north
            across = cosine[r, lane] * north - sine[r, lane] * east
            sigma = source[i, SLOPE, lane] * max(distance, 0.0) + source[i, WIDTH, lane]
            inverse = 1.0 / (sigma * sigma)
            thrust = source[i, THRUST, lane] * reduced * inverse
            induced = induction_momentum(thrust) if momentum else induction_madsen(thrust)
            exponent = min(0.5 * (across * across + up * up) * inverse, LARGEST_EXPONENT)
            deficit[lane] = min(1.0, 2.0 * induced) * exp_of_minus_to_1e11(exponent) if distance > 0.0 else 0.0
        superpose(i, lanes, source, refers_to_source, superposition, deficit, total)


@inlined_part
def turbopark_integral(u: float) -> float:
    """Return what the width of TurbOPark's wake is the difference of, Nygaard et al. (2022), eq. 5."""
    root = math.sqrt(u * u + 1.0)
    return root - logarithm((root + 1.0) / u)


@inlined_part
def disc_mean(lanes: int, area: float, squared: Floats, sigma: Floats, mean: Floats, scratch: Floats) -> None:
    """Fill the mean of the Gaussian exp(-ρ²/2σ²) over a rotor's disc, shape (lanes,).

    With R the rotor's radius and c its distance off the axis, both in widths, it is, by Pizzetti's mean value over the
    Laplacians of the Gaussian,

        exp(-c²/2) Σ (-R²/2)^k / (k+1)! L_k(c²/2),

    L_k being the Laguerre polynomials; the terms fall as fast as those of an exponential.

    Parameters
    ----------
    area : float
        Half the square of the rotor's radius [m²].
    squared, sigma : ndarray, shape (lanes,)
        Squared distance of rotor and axis [m²], width of the wake [m].
    scratch : ndarray, shape (6, lanes)
        Room to work in.
    """
    largest = 0.0
    for lane in range(lanes):
        inverse = 1.0 / (sigma[lane] * sigma[lane])
        exponent = 0.5 * squared[lane] * inverse
        share = area * inverse
        scratch[0, lane] = exponent
        scratch[1, lane] = share
        scratch[2, lane] = -0.5 * share
        scratch[3, lane] = 1.0 - 0.5 * share * (1.0 - exponent)
        scratch[4, lane] = 1.0
        scratch[5, lane] = 1.0 - exponent
    for lane in range(lanes):
        largest = max(largest, scratch[1, lane])
    bound, term = 0.5 * largest, 1
    while bound > 1e-11 and term < 40:
        a, b, c, d = 1.0 / (term + 1), 2.0 * term + 1.0, 1.0 * term, -1.0 / (term + 2)
        for lane in range(lanes):
            following = ((b - scratch[0, lane]) * scratch[5, lane] - c * scratch[4, lane]) * a
            factor = scratch[2, lane] * scratch[1, lane] * d
            scratch[4, lane] = scratch[5, lane]
            scratch[5, lane] = following
            scratch[2, lane] = factor
            scratch[3, lane] += factor * following
        term += 1
        bound *= largest / (term + 1)
    for lane in range(lanes):
        exponent = scratch[0, lane]
        value = scratch[3, lane] * exp_of_minus(min(exponent, LARGEST_OVERLAP_EXPONENT))
        mean[lane] = value if exponent < LARGEST_OVERLAP_EXPONENT else 0.0


@inlined_part
def add_rotor_mean(
    i: int, lanes: int, east: float, north: float, vertical: float, reduced: float, area: float,
    cosine: Floats, sine: Floats, source: Floats, refers_to_source: int, superposition: int,
    squared: Floats, sigma: Floats, deficit: Floats, total: Floats, scratch: Floats,
) -> None:  # fmt: skip
    """Add the deficit of one Gaussian wake of width `sigma`, by momentum theory, averaged over the target's rotor."""
    r = min(i, cosine.shape[0] - 1)
    for lane in range(lanes):
        across = cosine[r, lane] * north - sine[r, lane] * east
        squared[lane] = across * across + vertical * vertical
    disc_mean(lanes, area, squared, sigma, deficit, scratch)
    for lane in range(lanes):
        distance = cosine[r, lane] * east + sine[r, lane] * north
        centre = 2.0 * induction_momentum(source[i, THRUST, lane] * reduced / (sigma[lane] * sigma[lane]))
        deficit[lane] = centre * deficit[lane] if distance > 0.0 else 0.0
    superpose(i, lanes, source, refers_to_source, superposition, deficit, total)


@contracted_kernel
def add_gaussian_overlap(
    near: Integers, count: int, j: int, x: Floats, y: Floats, hub_height: Floats, diameter: Floats, lanes: int,
    cosine: Floats, sine: Floats, source: Floats, refers_to_source: int, superposition: int,
    deficit: Floats, total: Floats,
    squared: Floats, sigma: Floats, scratch: Floats,
) -> None:  # fmt: skip
    """Niayifar and Porté-Agel (2016): the Gaussian wake by momentum theory, averaged over the target's rotor."""
    area = 0.125 * diameter[j] * diameter[j]
    for m in range(count):
        i = near[m]
        r = min(i, cosine.shape[0] - 1)
        east, north, up = x[j] - x[i], y[j] - y[i], hub_height[j] - hub_height[i]
        for lane in range(lanes):
            distance = cosine[r, lane] * east + sine[r, lane] * north
            sigma[lane] = source[i, SLOPE, lane] * max(distance, 0.0) + source[i, WIDTH, lane]
        add_rotor_mean(
            i, lanes, east, north, up, 0.125 * diameter[i] * diameter[i], area, cosine, sine, source,
            refers_to_source, superposition, squared, sigma, deficit, total, scratch,
        )  # fmt: skip


@contracted_kernel
def add_turbopark(
    near: Integers, count: int, j: int, x: Floats, y: Floats, hub_height: Floats, diameter: Floats, lanes: int,
    cosine: Floats, sine: Floats, source: Floats, refers_to_source: int, superposition: int,
    deficit: Floats, total: Floats,
    squared: Floats, sigma: Floats, scratch: Floats, extents: Floats,
) -> None:  # fmt: skip
    """Nygaard et al. (2022): a Gaussian that turbulence widens, averaged over the rotor, mirrored by the ground.

    The slope row holds 0.8 I / √thrust, the strength row the integral at the rotor. `extents`, shape (count,), is how
    far [m] each wake can matter: the mirrored one, at the negative height, is left out where it cannot.
    """
    area = 0.125 * diameter[j] * diameter[j]
    for m in range(count):
        i = near[m]
        r = min(i, cosine.shape[0] - 1)
        east, north, up = x[j] - x[i], y[j] - y[i], hub_height[j] - hub_height[i]
        reduced = 0.125 * diameter[i] * diameter[i]
        for lane in range(lanes):
            distance = max(cosine[r, lane] * east + sine[r, lane] * north, 0.0)
            grown, intensity = source[i, SLOPE, lane], source[i, AMBIENT, lane]
            integral = turbopark_integral(1.5 * intensity + grown * distance / diameter[i]) - source[i, STRENGTH, lane]
            sigma[lane] = 0.04 * intensity * diameter[i] / grown * integral + source[i, WIDTH, lane]
        add_rotor_mean(
            i, lanes, east, north, up, reduced, area, cosine, sine, source,
            refers_to_source, superposition, squared, sigma, deficit, total, scratch,
        )  # fmt: skip
        mirrored = hub_height[j] + hub_height[i]
        if mirrored < extents[m]:
            add_rotor_mean(
                i, lanes, east, north, mirrored, reduced, area, cosine, sine, source,
                refers_to_source, superposition, squared, sigma, deficit, total, scratch,
            )  # fmt: skip
