"""What wakes take of the mean power, from effective wind speeds at the ends of classes of wind speed."""

import numpy as np

from testsite_kernels.numerics.arrays import Floats, Integers
from testsite_kernels.numerics.compile_options import inlined_part, kernel
from testsite_kernels.wind.curves import read_curves


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


@kernel
def power_taken(
    winds: Floats, cells: Integers, place: Floats, shortest: float, weights: Floats, effective: Floats, ratio: Floats,
    kind: Integers, segment_start: Integers, segments: Floats, bins: Integers, bins_per_speed: float,
    density_factor: Floats, first: int, last: int, taken: Floats,
) -> None:  # fmt: skip
    """Fill the mean power that the wakes take of turbines first … last, shape (turbines,) [W].

    Between the winds, the effective wind speed is a cubic that keeps their order (straight beside cells that are a
    jump); power is read from the curves at the points in the cells.

    Parameters
    ----------
    winds : ndarray, shape (winds,)
        Stated wind speeds that were simulated, rising [m/s].
    cells, place : ndarray, shape (points,)
        The cell of each point, by the wind that it begins with, and the place in it, 0 to 1.
    shortest : float
        Cells of at most this width stand for a jump [m/s].
    weights : ndarray, shape (directions, points)
        Of the power at the points [1].
    effective : ndarray, shape (directions * winds, turbines)
        Effective wind speed [m/s].
    ratio : ndarray, shape (turbines,)
        Wind at each hub over the stated one [1].
    kind, segment_start, segments, bins, bins_per_speed
        The turbine types and their curves, as the sweep takes them.
    density_factor : ndarray, shape (1, 1)
        As the sweep takes it.
    """
    count, points = winds.size, cells.size
    chords, slopes = np.empty(count - 1), np.empty(count)
    speed, power, thrust = np.empty(points), np.empty(points), np.empty(points)
    alone, limit, hours = np.empty(points), np.full((1, 1), np.inf), np.zeros(points, np.int64)
    for j in range(first, last):
        own = kind[j]
        curve, table = segments[segment_start[own] : segment_start[own + 1]], bins[own]
        for m in range(points):
            i = cells[m]
            speed[m] = ratio[j] * (winds[i] + place[m] * (winds[i + 1] - winds[i]))
        read_curves(0, points, hours, curve, table, bins_per_speed, density_factor, limit, speed, alone, thrust)
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
            read_curves(0, points, hours, curve, table, bins_per_speed, density_factor, limit, speed, power, thrust)
            for m in range(points):
                total += weights[d, m] * (alone[m] - power[m])
        taken[j] = total
