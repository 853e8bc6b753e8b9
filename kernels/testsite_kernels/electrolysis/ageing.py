"""Rise of the cell voltage by ageing: steady, by load cycles, by stops; renewed by replacement only.

The structure and the coefficients are those of NREL's electrolyzer (after Alia, Stariha and Borup 2019, doi
10.1149/2.0231915jes, and Weiss et al. 2019, doi 10.1149/2.0421908jes):

    rise = steady Σ V Δt + cycling Σ range · count + switching · stops

with the ranges of the running voltage counted by rainflow (ASTM E1049-85; what stays open counts as half cycles) and
stops kept apart from them. The damage is linear in the range. A closed cycle of range Y takes 2 Y from the way that the
voltage went up and down and counts Y; a half cycle takes Y and counts Y/2: so the sum is half that way, and is counted
as it comes, without keeping turning points.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.numerics.compile_options import bare_part, kernel


class Ageing(NamedTuple):
    """Coefficients of the rise, and the rise at which a stack is replaced [V]."""

    steady: float  # [V per V s]
    cycling: float  # [V per V of range]
    switching: float  # [V per stop]
    end_of_life: float  # inf: never


@bare_part
def way_up_and_down(last: float, voltage: float) -> float:
    """Return the range · count [V] that a new voltage adds to the rainflow sum; a first one (last = 0) none."""
    return 0.5 * abs(voltage - last) if last > 0.0 else 0.0


@kernel
def voltage_rise(ageing: Ageing, voltage: NDArray[np.float64], step: float, rise: NDArray[np.float64]) -> None:
    """Fill `rise` (n, 3: steady, cycling, switching) [V] after every interval of a voltage (n) [V], 0 when stopped."""
    steady = cycling = switching = last = 0.0
    for k in range(voltage.size):
        if voltage[k] > 0.0:
            steady += ageing.steady * voltage[k] * step
            cycling += ageing.cycling * way_up_and_down(last, voltage[k])
            last = voltage[k]
        elif k > 0 and voltage[k - 1] > 0.0:
            switching += ageing.switching
        rise[k, 0], rise[k, 1], rise[k, 2] = steady, cycling, switching
