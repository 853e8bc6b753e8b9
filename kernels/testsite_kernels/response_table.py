"""Power from a table over wind direction, wind speed and turbulence, linear between its points."""

import math

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.compile_options import contracted_kernel

Floats = NDArray[np.float64]


@contracted_kernel
def interpolate_response(
    table: Floats, direction_step: float, speed_step: float, first_intensity: float, intensity_step: float,
    cut_out: Floats, direction: Floats, speed: Floats, intensity: Floats, power: Floats,
) -> None:  # fmt: skip
    """Fill the power of every time and turbine.

    Parameters
    ----------
    table : ndarray, shape (directions, speeds, intensities, turbines)
        Power [W] at directions from 0 on [degree], speeds from 0 on [m/s], intensities from the first on.
    direction_step, speed_step, first_intensity, intensity_step : float
        [degree], [m/s], [1], [1]; the directions go round once.
    cut_out : ndarray, shape (speeds,)
        Where between a speed and the next the power falls at once [m/s]: nothing is interpolated there; NaN elsewhere.
    direction, speed, intensity : ndarray, shape (times,)
        Undisturbed wind [degree], [m/s], ambient turbulence [1]; the last is not read where the table has one alone.
        Beyond the last speed the power is zero, beyond the intensities it is that of the nearest.
    power : ndarray, shape (times, turbines)
        Written [W].
    """
    directions, speeds, intensities, turbines = table.shape
    for t in range(direction.size):
        place = (direction[t] % 360.0) / direction_step
        d0 = int(place)
        across = place - d0
        d0 = d0 % directions
        d1 = (d0 + 1) % directions
        place = speed[t] / speed_step
        v0 = min(int(place), speeds - 2)
        along = place - v0
        if not math.isnan(cut_out[v0]) and along <= 1.0:
            along = 1.0 if speed[t] > cut_out[v0] else 0.0
        c0 = c1 = 0
        within = 0.0
        if intensities > 1:
            place = min(max((intensity[t] - first_intensity) / intensity_step, 0.0), intensities - 1.0)
            c0 = min(int(place), intensities - 2)
            c1, within = c0 + 1, place - c0
        if along > 1.0:
            for j in range(turbines):
                power[t, j] = 0.0
            continue
        a, b = (1.0 - across) * (1.0 - along), (1.0 - across) * along
        c, d = across * (1.0 - along), across * along
        for j in range(turbines):
            low = (a * table[d0, v0, c0, j] + b * table[d0, v0 + 1, c0, j]
                   + c * table[d1, v0, c0, j] + d * table[d1, v0 + 1, c0, j])  # fmt: skip
            power[t, j] = low
        if within > 0.0:
            for j in range(turbines):
                high = (a * table[d0, v0, c1, j] + b * table[d0, v0 + 1, c1, j]
                        + c * table[d1, v0, c1, j] + d * table[d1, v0 + 1, c1, j])  # fmt: skip
                power[t, j] += within * (high - power[t, j])
