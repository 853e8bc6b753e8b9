"""Cut-out with hysteresis: the only part of a turbine's operation that remembers the hour before."""

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.numerics.compile_options import kernel


@kernel
def storm_stops(
    wind_speed: NDArray[np.float64], cut_out: NDArray[np.float64], restart: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Return where turbines stand still in a storm, shape (times, turbines).

    Parameters
    ----------
    wind_speed : ndarray, shape (times, turbines)
        [m/s], in the order of time.
    cut_out, restart : ndarray, shape (turbines,)
        Above the first a turbine stops, not above the second it starts again [m/s].
    """
    times, turbines = wind_speed.shape
    stopped = np.zeros((times, turbines), np.bool_)
    for j in range(turbines):
        stands = False
        for t in range(times):
            if wind_speed[t, j] > cut_out[j]:
                stands = True
            elif wind_speed[t, j] <= restart[j]:
                stands = False
            stopped[t, j] = stands
    return stopped
