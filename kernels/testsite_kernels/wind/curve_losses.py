"""Losses that act on the power curve: what keeps a turbine short of its curve takes nothing at rated power."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.numerics.arrays import Floats, Integers
from testsite_kernels.numerics.compile_options import bare_kernel, bare_part

# Of each row: power on the curve at which it begins, and the next one does, and what lies between [W]; from LEFT on, by
# loss, the power that is left where the row begins, and by how much more that is where the next one does [W].
BEGIN, NEXT, WIDTH, LEFT = range(4)
PER_LOSS = 2


class LossCurves(NamedTuple):
    """What losses, one after the other, leave of the power on the curves of turbine types: linear in each row.

    `rows`, shape (types, rows, LEFT + PER_LOSS · losses); the first of a type holds the powers of which nothing is
    lost, on standby and up to the first point of the curve, the last one all from the end of the curve on. `bins`,
    shape (types, bins), `bins_per_watt` of them, shape (types,): the row at the lower edge of each, from 0 W on.
    """

    rows: Floats
    bins: Integers
    bins_per_watt: Floats


@bare_part
def row_of(power: float, k: int, curves: LossCurves) -> int:
    """Return the row of the curve of type k that a power lies in, from the first one of its bin on."""
    place = min(max(int(power * curves.bins_per_watt[k]), 0), curves.bins.shape[1] - 1)
    row = curves.bins[k, place]
    while power >= curves.rows[k, row, NEXT]:
        row += 1
    return row


@bare_part
def left_of(power: float, k: int, row: int, n: int, curves: LossCurves) -> float:
    """Return what loss n, and those before it, leave of a power in a row of the curve of type k [W]."""
    share = (power - curves.rows[k, row, BEGIN]) / curves.rows[k, row, WIDTH]
    at = LEFT + PER_LOSS * n
    return curves.rows[k, row, at] + share * curves.rows[k, row, at + 1]


@bare_kernel
def power_after_losses(
    power: Floats,
    share: Floats,
    kind: NDArray[np.int64],
    curves: LossCurves,
    group: NDArray[np.int64],
    total: Floats,
    by_group: Floats,
) -> None:
    """Fill the power of a farm before and after losses that act on the curve of each turbine.

    Parameters
    ----------
    power : ndarray, shape (times, turbines)
        Of a turbine that runs, on its own curve [W].
    share : ndarray, shape (times, turbines)
        Of each interval in which a turbine runs [1].
    kind, group : ndarray, shape (turbines,)
        Type of the turbine, and the group that it belongs to.
    curves : LossCurves
        Of the types.
    total : ndarray, shape (times, losses + 1)
        Written: power of the farm before and after each loss [W].
    by_group : ndarray, shape (times, groups)
        Written: power of each group after all of them [W].
    """
    losses = total.shape[1] - 1
    for t in range(power.shape[0]):
        for n in range(losses + 1):
            total[t, n] = 0.0
        for g in range(by_group.shape[1]):
            by_group[t, g] = 0.0
        for i in range(power.shape[1]):
            runs, full = float(share[t, i]), power[t, i]
            row, left = row_of(full, kind[i], curves), full
            total[t, 0] += runs * full
            for n in range(losses):
                left = left_of(full, kind[i], row, n, curves)
                total[t, n + 1] += runs * left
            by_group[t, group[i]] += runs * left
