"""Energy from Weibull statistics of the wind: integrals in closed form, and the winds that the wakes are simulated in.

What a turbine gives is linear between the points of its curve. Over a Weibull distribution such a function is
integrated exactly from the probability `F` and the first moment `M` up to each point,

    F(u) = 1 - exp(-x),   M(u) = A Γ(1 + 1/k) P(1 + 1/k, x),   x = (u / A)^k

with the scale A, the shape k and the regularised incomplete gamma function P.
"""

import itertools
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.wind.energy import WindClasses, power_taken

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.wind.curves import read_curves
from testsite_sim.wind.farm import Farm, Turbine
from testsite_sim.wind.threads import in_parts

JUMP = 1e-9  # from a jump to the winds that stand for its two sides [m/s]
SHORTEST = 4.0 * JUMP  # cells up to this width hold a jump [m/s]
POINTS_PER_CLASS = 8  # at which the power behind wakes is read; more change the energy by less than the classes do


def weibull_weights(points: Floats, scale: Floats, shape: Floats) -> Floats:
    """Return the weights of values at wind speeds in the mean of a function that is linear between them.

    Outside the points the function is zero.

    Parameters
    ----------
    points : ndarray, shape (points,)
        Wind speeds that do not fall [m/s].
    scale, shape : ndarray, shape (sectors,)
        Of the Weibull distributions, [m/s] and [1].

    Returns
    -------
    ndarray, shape (sectors, points)
        [1].
    """
    from testsite_sim.common.special_functions import gamma, gammainc

    stretched = (points[None, :] / scale[:, None]) ** shape[:, None]
    order = 1.0 + 1.0 / shape[:, None]
    probability = np.diff(-np.expm1(-stretched), axis=1)
    moment = np.diff(scale[:, None] * gamma(order) * gammainc(order, stretched), axis=1)
    width = np.diff(points)
    share = np.full(probability.shape, 0.5)
    np.divide(
        moment - points[:-1] * probability,
        width * probability,
        out=share,
        where=(width > SHORTEST) & (probability > 0.0),
    )
    upper = probability * np.clip(share, 0.0, 1.0)
    weights = np.zeros((scale.size, points.size))
    weights[:, 1:] += upper
    weights[:, :-1] += probability - upper
    return weights


def mean_power(turbine: Turbine, density_factor: float, highest: float, scale: Floats, shape: Floats) -> Floats:
    """Return the mean power of a turbine that stands alone in each sector [W], shape (sectors,).

    Parameters
    ----------
    turbine : Turbine
        Its curve is read at the wind speed times the density factor, and gives nothing where the wind itself lies
        outside the curve.
    density_factor : float
        Cube root of the air density over that of the curve [1].
    highest : float
        Winds above it give nothing [m/s].
    scale, shape : ndarray, shape (sectors,)
        Of the Weibull distributions at its hub, [m/s] and [1].
    """
    speed, power = np.asarray(turbine.wind_speed), np.asarray(turbine.power)
    first, last = float(speed[0]), float(speed[-1])
    moved = speed / density_factor
    within = (moved > first) & (moved < last)
    ends = np.interp(np.clip(np.array([first, last]) * density_factor, first, last), speed, power)
    points = np.concatenate([[first], moved[within], [last]])
    values = np.concatenate([ends[:1], power[within], ends[1:]])
    if highest < last:
        below = points < highest
        values = np.append(values[below], np.interp(highest, points, values) if highest > first else 0.0)
        points = np.append(points[below], highest)
    return np.asarray(weibull_weights(points, scale, shape) @ values)


def winds_of_wakes(farms: Sequence[tuple[Farm, Floats]], step: float, highest: float) -> Floats:
    """Return the wind speeds at which the wakes are simulated [m/s]: classes of one width, both sides of each jump.

    Power and thrust jump where the curve of a turbine begins or ends.

    Parameters
    ----------
    farms : sequence of (Farm, ndarray)
        Farms, with the ratio of the wind at each hub to the stated one [1].
    step : float
        Largest width of a class [m/s].
    highest : float
        End of the winds [m/s].
    """
    jumps = np.unique(
        [
            np.asarray(turbine.wind_speed)[place] / ratio
            for farm, ratios in farms
            for turbine, ratio in set(zip(farm.turbines, ratios.tolist(), strict=True))
            for place in (0, -1)
        ]
    )
    jumps = np.append(jumps[jumps < highest], highest) if highest < jumps[-1] else jumps
    jumps = jumps[np.append(True, np.diff(jumps) > SHORTEST)]
    parts = [
        np.linspace(begin + JUMP, end - JUMP, int(np.ceil((end - begin) / step - 1e-9)) + 1)
        for begin, end in itertools.pairwise(jumps)
    ]
    outside = [np.array([max(jumps[0] - JUMP, 0.0)]), np.array([jumps[-1] + JUMP])]
    return np.concatenate([outside[0], *parts, outside[1]])


def direction_classes(first: float, sectors: int, step: float) -> tuple[Floats, Floats]:
    """Return directions [degree] and the share of each sector in each of their classes, shape (directions, sectors).

    Within a sector every direction is as likely; a class that lies in several sectors has its part of each.

    Parameters
    ----------
    first : float
        Middle of the first sector, and the first direction [degree].
    sectors : int
        How many, all around.
    step : float
        Width of the classes [degree].

    Raises
    ------
    ConfigurationError
        When the step does not divide 360.
    """
    count = round(360.0 / step)
    if count < 1 or abs(count * step - 360.0) > 1e-9:
        raise ConfigurationError(f"direction_step is {step:g} degrees; expected a divisor of 360.")
    turned, width = np.arange(count) * step, 360.0 / sectors
    apart = (turned[:, None] - np.arange(sectors) * width + 180.0) % 360.0 - 180.0
    overlap = sum(
        np.clip(0.5 * (width + step) - np.abs(apart + turn), 0.0, min(width, step)) for turn in (-360.0, 0.0, 360.0)
    )
    return np.asarray((first + turned) % 360.0), np.asarray(overlap) / width


def points_of_cells(winds: Floats) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Return the points at which power is read between winds: their cell, their place in it, their wind speed [m/s]."""
    places = np.arange(POINTS_PER_CLASS) / POINTS_PER_CLASS
    inside = [places if width > SHORTEST else places[:1] for width in np.diff(winds)]
    cells = np.repeat(np.arange(winds.size - 1), [part.size for part in inside])
    place = np.append(np.concatenate(inside), 1.0)
    cells = np.append(cells, winds.size - 2).astype(np.int64)
    return cells, place, winds[cells] + place * np.diff(winds)[cells]


def mean_power_taken(
    farm: Farm,
    ratios: Floats,
    winds: Floats,
    effective: Floats,
    density_factor: float,
    weights_of: Callable[[Floats], Floats],
) -> Floats:
    """Return the mean power that the wakes take of each turbine [W], shape (turbines,).

    Parameters
    ----------
    farm : Farm
        The turbines.
    ratios : ndarray, shape (turbines,)
        Wind at each hub over the stated one [1].
    winds : ndarray, shape (winds,)
        Stated wind speeds that were simulated [m/s].
    effective : ndarray, shape (directions * winds, turbines)
        Effective wind speed [m/s], direction by direction.
    density_factor : float
        As in `mean_power`.
    weights_of : callable
        From wind speeds (points,) to their weights (directions, points).
    """
    types, kind = farm.types
    curves = read_curves(types)
    cells, place, points = points_of_cells(winds)
    classes, taken = WindClasses(winds, cells, place, SHORTEST, weights_of(points)), np.zeros(kind.size)
    found, factor = np.ascontiguousarray(effective), np.full((1, 1), density_factor)

    def part(first: int, last: int) -> None:
        power_taken(classes, found, ratios, kind, curves, factor, first, last, taken)

    in_parts(part, kind.size, None)
    return taken
