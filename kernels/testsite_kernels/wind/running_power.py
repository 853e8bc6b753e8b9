"""The power of a fleet some of whose turbines stand still, from that of all of them running."""

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import contracted_kernel

BLOCK = 64  # times whose shares are turned round together: they stay in the cache


@contracted_kernel
def running_power(
    share: NDArray[np.float32], power: Floats, alone: Floats, kind: NDArray[np.int64], total: Floats
) -> None:
    """Fill the power of the fleet in every time.

    Where a part s of the turbines stands still through an interval, the wakes of the rest are weaker by as much, in
    the mean: a turbine gives (1 - s) P + s A, P with the wakes of all and A alone, times the share in which it runs.

    Parameters
    ----------
    share : ndarray, shape (turbines, times)
        Of each interval in which a turbine j runs [1].
    power : ndarray, shape (times, turbines)
        With the wakes of all [W].
    alone : ndarray, shape (times, kinds)
        Of a turbine of the kind standing alone [W].
    kind : ndarray, shape (turbines,)
        The kind of each turbine.
    total : ndarray, shape (times,)
        Written [W].
    """
    turbines, times = share.shape
    runs = np.empty((BLOCK, turbines))
    for begin in range(0, times, BLOCK):
        length = min(BLOCK, times - begin)
        for j in range(turbines):
            for i in range(length):
                runs[i, j] = share[j, begin + i]
        for i in range(length):
            t = begin + i
            still = together = apart = 0.0
            for j in range(turbines):
                a = runs[i, j]
                still += 1.0 if a == 0.0 else 0.0
                together += a * power[t, j]
                apart += a * alone[t, kind[j]]
            s = still / turbines
            total[t] = (1.0 - s) * together + s * apart
