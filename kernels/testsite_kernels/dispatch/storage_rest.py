"""When it pays to let all machines rest: the prices of stored hydrogen between which an interval adds nothing to it.

An interval in which idling leaves the tank as it is, y = 0, gains G_0 by it. Whatever the value V of the tank after the
interval, with slopes from d_low to d_high [EUR/kg] over all contents, and whatever is gained by leaving the
electrolyser hot, at most e [EUR], another piece with G(y) at a content s is worth

    G(y) + V(s + y) + e  <=  G(y) + V(s) + d_high y + e    for y > 0,    d_low y  for y < 0,

so that idling is the best from every content and every state if for all kinks of all other pieces

    d_high + e / y  <  (G_0 - G(y)) / y    where y > 0,        d_low  >  (G(y) - G_0) / -y    where y < 0.

The right-hand sides are properties of the interval alone.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.dispatch.storage_pieces import IDLE, Pieces
from testsite_kernels.numerics.arrays import TYPED_ZERO, Floats
from testsite_kernels.numerics.compile_options import bare_kernel, bare_part

# Differences of prices, relative and [EUR/kg], within which nothing is said to be the better: far beyond the rounding
# of values, so that what is as good as the best is still compared by value.
NEAR, ROUNDING = 1e-6, 1e-7


class Rest(NamedTuple):
    """Of each interval of some pieces: what idling is and gains, and what water values make it the best.

    `idle` is the piece of idling, below zero where idling is not always allowed or changes the tank; `base` what it
    gains [EUR]. Filling pays at no water value below `above`, drawing at none above
    `below` [EUR/kg]; `least` is the least that filling adds [kg].
    """

    idle: NDArray[np.int64]
    base: Floats
    above: Floats
    below: Floats
    least: Floats


@bare_kernel
def find_rest(pieces: Pieces, rest: Rest) -> None:
    """Fill `rest` (interval) of the intervals of `pieces`."""
    stages = pieces.stages
    for s in range(pieces.first.size - 1):
        idle, idles = TYPED_ZERO - 1, TYPED_ZERO
        for p in range(pieces.first[s], pieces.first[s + 1]):
            if pieces.mode[p] == IDLE:
                idle, idles = p, idles + 1
        resting = idles == 1 and stages.start[idle + 1] == stages.start[idle] and stages.lowest[idle, 0] == 0.0
        rest.above[s], rest.below[s], rest.least[s] = np.inf, -np.inf, np.inf
        base = stages.lowest[idle, 1] if resting else 0.0
        rest.base[s] = base
        if resting:
            for p in range(pieces.first[s], pieces.first[s + 1]):
                if p != idle and not worth_of_piece(pieces, p, base, rest, s):
                    resting = False
        rest.idle[s] = idle if resting else TYPED_ZERO - 1


@bare_part
def worth_of_piece(pieces: Pieces, p: int, base: float, rest: Rest, s: int) -> bool:
    """Narrow the water values at which an interval rests by the kinks of a piece; False: it may leave the tank too."""
    stages = pieces.stages
    y, value = stages.lowest[p, 0], stages.lowest[p, 1]
    begins_below = y < 0.0
    i, end = stages.start[p], stages.start[p + 1]
    while True:
        if y > 0.0:
            if begins_below:
                return False
            rest.above[s] = min(rest.above[s], (base - value) / y)
            rest.least[s] = min(rest.least[s], y)
        elif y < 0.0:
            rest.below[s] = max(rest.below[s], (value - base) / -y)
        else:
            return False
        if i >= end:
            return True
        y += stages.length[i]
        value -= stages.sigma[i] * stages.length[i]
        i += 1


@bare_part
def rests(rest: Rest, s: int, low: float, high: float, hot: float) -> bool:
    """Return whether idling is better than all else where V has slopes from `low` to `high`, and `hot` is worth e."""
    if rest.idle[s] < 0:
        return False
    above, below = rest.above[s] - hot / rest.least[s], rest.below[s]
    return bool(high + margin(high) < above and low - margin(low) > below)


@bare_part
def margin(price: float) -> float:
    """Return by how much another price must differ from a price to be said to be above or below it [EUR/kg]."""
    return NEAR * abs(price) + ROUNDING
