"""Failure modes that strike at sea, are found, and are removed: growth of reliability with the hours of a test.

Each mode strikes as a Poisson process of its own rate; a strike reveals the mode, and the redesign removes it with a
probability. Index k member, m mode, g moment of the grid.
"""

import math

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import kernel
from testsite_kernels.numerics.random_streams import uniform

_STRIKES, _REDESIGNS = 4, 5


@kernel
def reliability_growth(
    seed: int,
    members: NDArray[np.int64],
    rates: Floats,
    prototypes: float,
    fix_probability: float,
    delay: float,
    moments: Floats,
    remaining: Floats,
    strikes: Floats,
) -> None:
    """Fill `remaining` (member, g), the failure rate of one turbine left at each moment, and `strikes` (member, g).

    `rates` (m) of one turbine per hour; `moments` (g) rising, hours of test of each of the `prototypes` together at
    sea; a redesign takes effect `delay` hours after the strike that led to it. `strikes` counts failures so far.
    """
    last = moments[moments.size - 1]
    for k in range(members.size):
        remaining[k, :] = 0.0
        strikes[k, :] = 0.0
        for m in range(rates.size):
            rate = rates[m] * prototypes
            now = 0.0
            removed = math.inf
            number = 0
            while rate > 0.0:
                now -= math.log(uniform(seed, _STRIKES, members[k], m, number)) / rate
                if now > min(last, removed):
                    break
                g = np.searchsorted(moments, now)
                for later in range(g, moments.size):
                    strikes[k, later] += 1.0
                if removed == math.inf and uniform(seed, _REDESIGNS, members[k], m, number) < fix_probability:
                    removed = now + delay
                number += 1
            for g in range(moments.size):
                if moments[g] < removed:
                    remaining[k, g] += rates[m]
