"""What wakes take of the mean power, from effective wind speeds at the ends of classes of wind speed."""

from typing import NamedTuple

import numpy as np

from testsite_kernels.numerics.arrays import Floats, Integers
from testsite_kernels.numerics.compile_options import inlined_part, kernel
from testsite_kernels.wind.curves import Curve, Curves, Operation, read_curves


@inlined_part
def limited_slope(before: float, after: float, width_before: float, width_after: float) -> float:
    """Return the slope at a point between two chords that keeps a cubic between points from swinging beyond them.

    Fritsch and Butland (1984), SIAM J. Sci. Stat. Comput. 5, 300-304: the weighted harmonic mean of the chords' slopes,
    and zero where these have different signs.
    """
    if before * after <= 0.0:
        return 0.0
    first, second = 2.0 * width_after + width_before, width_after + 2.0 * width_before
    return (first + second) / (first / before + second / after)


class WindClasses(NamedTuple):
    """The wind speeds that were simulated, and the points between them at which power is read.

    `winds`, shape (winds,): stated wind speeds, rising [m/s]. `cells`, `place`, shape (points,): the cell of each
    point, by the wind that it begins with, and the place in it, 0 to 1. `shortest`: cells of at most this width stand
    for a jump [m/s]. `weights`, shape (directions, points): of the power at the points [1].
    """

    winds: Floats
    cells: Integers
    place: Floats
    shortest: float
    weights: Floats


@kernel
def power_taken(
    classes: WindClasses,
    effective: Floats,
    ratio: Floats,
    kind: Integers,
    curves: Curves,
    density_factor: Floats,
    first: int,
    last: int,
    taken: Floats,
) -> None:
    """Fill the mean power that the wakes take of turbines first … last, shape (turbines,) [W].

    Between the winds, the effective wind speed is a cubic that keeps their order (straight next to cells that are a
    jump); power is read from the curves at the points in the cells.

    Parameters
    ----------
    classes : WindClasses
        The wind speeds.
    effective : ndarray, shape (directions * winds, turbines)
        Effective wind speed [m/s].
    ratio : ndarray, shape (turbines,)
        Wind at each hub over the stated one [1].
    kind : ndarray, shape (turbines,)
        The type of each turbine.
    curves : Curves
        Those of the types.
    density_factor : ndarray, shape (1, 1)
        What scales the wind speed for the power curve [1].
    first, last : int
        Which turbines.
    taken : ndarray, shape (turbines,)
        Written [W].
    """
    winds, cells, place, shortest, weights = classes
    count, points = winds.size, cells.size
    chords, slopes = np.empty(count - 1), np.empty(count)
    speed, power, thrust = np.empty(points), np.empty(points), np.empty(points)
    alone, limit, hours = np.empty(points), np.full((1, 1), np.inf), np.zeros(points, np.int64)
    operation = Operation(density_factor, limit, 0, 0)
    for j in range(first, last):
        own = kind[j]
        segments = curves.segments[curves.start[own] : curves.start[own + 1]]
        curve = Curve(segments, curves.bins[own], curves.bins_per_speed)
        for m in range(points):
            i = cells[m]
            speed[m] = ratio[j] * (winds[i] + place[m] * (winds[i + 1] - winds[i]))
        read_curves(points, hours, curve, operation, speed, alone, thrust)
        total = 0.0
        for d in range(weights.shape[0]):
            row, waked = d * count, False
            for i in range(count):
                waked = waked or effective[row + i, j] < ratio[j] * winds[i] * (1.0 - 1e-13)
            if not waked:
                continue
            for i in range(count - 1):
                chords[i] = (effective[row + i + 1, j] - effective[row + i, j]) / (winds[i + 1] - winds[i])
            slopes[0], slopes[count - 1] = chords[0], chords[count - 2]
            for i in range(1, count - 1):
                before, after = winds[i] - winds[i - 1], winds[i + 1] - winds[i]
                if before <= shortest:
                    slopes[i] = chords[i]
                elif after <= shortest:
                    slopes[i] = chords[i - 1]
                else:
                    slopes[i] = limited_slope(chords[i - 1], chords[i], before, after)
            for m in range(points):
                i, t = cells[m], place[m]
                width, low, high = winds[i + 1] - winds[i], effective[row + i, j], effective[row + i + 1, j]
                if width <= shortest:
                    speed[m] = low + t * (high - low)
                else:
                    bend, back = (slopes[i] - chords[i]) * (1.0 - t), (slopes[i + 1] - chords[i]) * t
                    speed[m] = max(low + t * (high - low) + t * (1.0 - t) * width * (bend - back), 0.0)
            read_curves(points, hours, curve, operation, speed, power, thrust)
            for m in range(points):
                total += weights[d, m] * (alone[m] - power[m])
        taken[j] = total
