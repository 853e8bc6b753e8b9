"""Power from a table over wind direction, wind speed and turbulence, linear between its points."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.numerics.arrays import Floats, Integers
from testsite_kernels.numerics.compile_options import bare_contracted_kernel, lane_part


class ResponseTable(NamedTuple):
    """Power of the turbines, those g of a group side by side.

    `power`, shape (directions, speeds, intensities, turbines): at directions from 0 on [degree], speeds from 0 on
    [m/s], intensities from the first on [W]; the directions go round once. The steps are in [degree], [m/s] and [1].
    `cut_out`, shape (groups, speeds): where between a speed and the next the power of a group falls at once [m/s]:
    nothing is interpolated there; NaN elsewhere. `starts`, shape (groups + 1,): the first turbine of each group, and
    the number of turbines.
    """

    power: NDArray[np.floating]
    direction_step: float
    speed_step: float
    first_intensity: float
    intensity_step: float
    cut_out: Floats
    starts: Integers


@lane_part
def read_hour(
    response: ResponseTable, direction: float, speed: Floats, intensity: float, t: int, power: Floats, row: int
) -> None:
    """Fill a row of the power of all turbines, in the wind of time t; see `interpolate_response`."""
    table, direction_step, speed_step, first_intensity, intensity_step, cut_out, starts = response
    directions, speeds, intensities, _ = table.shape
    place = (direction % 360.0) / direction_step
    d0 = int(place)
    across = place - d0
    d0 = d0 % directions
    d1 = (d0 + 1) % directions
    c0 = c1 = 0
    within = 0.0
    if intensities > 1:
        place = min(max((intensity - first_intensity) / intensity_step, 0.0), intensities - 1.0)
        c0 = min(int(place), intensities - 2)
        c1, within = c0 + 1, place - c0
    for g in range(starts.size - 1):
        begin, end = starts[g], starts[g + 1]
        place = speed[t, g] / speed_step
        v0 = min(int(place), speeds - 2)
        along = place - v0
        if not math.isnan(cut_out[g, v0]) and along <= 1.0:
            along = 1.0 if speed[t, g] > cut_out[g, v0] else 0.0
        found = power[row, begin:end]  # rows of their own: an index that cannot be negative lets the loops vectorise
        if along > 1.0:
            for j in range(found.size):
                found[j] = 0.0
            continue
        a, b = (1.0 - across) * (1.0 - along), (1.0 - across) * along
        c, d = across * (1.0 - along), across * along
        first, second = table[d0, v0, c0, begin:end], table[d0, v0 + 1, c0, begin:end]
        third, fourth = table[d1, v0, c0, begin:end], table[d1, v0 + 1, c0, begin:end]
        for j in range(found.size):
            found[j] = a * first[j] + b * second[j] + c * third[j] + d * fourth[j]
        if within > 0.0:
            first, second = table[d0, v0, c1, begin:end], table[d0, v0 + 1, c1, begin:end]
            third, fourth = table[d1, v0, c1, begin:end], table[d1, v0 + 1, c1, begin:end]
            for j in range(found.size):
                high = a * first[j] + b * second[j] + c * third[j] + d * fourth[j]
                found[j] += within * (high - found[j])


@bare_contracted_kernel
def interpolate_response(
    response: ResponseTable, direction: Floats, speed: Floats, intensity: Floats, power: Floats
) -> None:
    """Fill the power of every time and turbine.

    Parameters
    ----------
    response : ResponseTable
        What is read.
    direction, intensity : ndarray, shape (times,)
        Undisturbed wind [degree], ambient turbulence [1]; the latter is not read where the table has one alone.
    speed : ndarray, shape (times, groups)
        Undisturbed wind of the group [m/s]. Beyond the last speed the power is zero, beyond the intensities it is that
        of the nearest.
    power : ndarray, shape (times, turbines)
        Written [W].
    """
    for t in range(direction.size):
        read_hour(response, direction[t], speed, intensity[t], t, power, t)
