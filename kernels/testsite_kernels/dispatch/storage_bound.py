"""What no operation of a plant can exceed: the bound that any prices of stored hydrogen prove.

With a price lambda_t [EUR/kg] on the hydrogen that interval t adds to the tank, the intervals fall apart except for
the electrolyser's state:

    bound = max over paths of states  sum_t max_y (G_mode(y) + lambda_t y)
            + lambda_0 s_0 + sum_{t>0} max_s (lambda_t - lambda_{t-1}) s + max_s (end value - lambda_{T-1}) s

with s within the tank. It holds for every lambda; the closest are near the water values of an optimum. Source:
Lagrangian relaxation, Geoffrion (1974), Math. Prog. Study 2, 82-114.
"""

import numpy as np

from testsite_kernels.dispatch.storage_optimum import clamp, reaches, value_at, value_backwards
from testsite_kernels.dispatch.storage_pieces import LEADS_TO, MODES, Machines, Pieces, come_from
from testsite_kernels.dispatch.storage_stage import Stages, StorageProblem
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_kernel, bare_part, kernel


@kernel
def hull_prices(problem: StorageProblem, hull: Stages, prices: Floats) -> bool:
    """Fill `prices` (time) with the water values of the concave hulls of all intervals; False: none were found."""
    steps = problem.wind.size
    keep = np.empty((steps + 1, 4))
    function = value_backwards(problem, hull, np.empty(512), np.empty(512), keep)
    if not reaches(problem, function):
        return False
    _, price = value_at(function, problem.initial)
    for t in range(steps):
        prices[t] = price
        if t < steps - 1:
            price = clamp(price, keep[t + 1, 1], keep[t + 1, 0])
    return True


@bare_part
def stage_gain(stages: Stages, p: int, price: float) -> tuple[float, float]:
    """Return the largest G(y) + price y of a piece, and its y."""
    y = stages.lowest[p, 0]
    gain = stages.lowest[p, 1] + price * y
    for i in range(stages.start[p], stages.start[p + 1]):
        if stages.sigma[i] >= price:
            break
        gain += (price - stages.sigma[i]) * stages.length[i]
        y += stages.length[i]
    return gain, y


@kernel
def best_paths(machines: Machines, first: int, pieces: Pieces, prices: Floats, best: Floats) -> None:
    """Continue `best` (row, state), the most that a path to a state gains [EUR], with the intervals from `first` on.

    `pieces` are those of these intervals, `prices` (row, time) of all.
    """
    rows = prices.shape[0]
    enters = np.empty(MODES, np.int64)
    for mode in range(MODES):
        enters[mode] = come_from(machines, mode)
    next_best = np.empty((rows, 2))
    for s in range(pieces.first.size - 1):
        next_best[:] = -np.inf
        for piece in range(pieces.first[s], pieces.first[s + 1]):
            mode = pieces.mode[piece]
            for r in range(rows):
                gain, _ = stage_gain(pieces.stages, piece, prices[r, first + s])
                for state in range(2):
                    if enters[mode] >> state & 1:
                        to = LEADS_TO[mode]
                        next_best[r, to] = max(next_best[r, to], best[r, state] + gain)
        for r in range(rows):
            best[r, 0], best[r, 1] = next_best[r, 0], next_best[r, 1]


@bare_kernel
def price_bounds(problem: StorageProblem, prices: Floats, best: Floats, bounds: Floats) -> None:
    """Fill `bounds` (row) [EUR]: what each row of `prices` (row, time) proves with the `best` paths of intervals."""
    p = problem
    low, high = p.tank_minimum, p.tank_capacity
    for r in range(prices.shape[0]):
        total = max(best[r, 0], best[r, 1]) + prices[r, 0] * p.initial
        for t in range(1, prices.shape[1]):
            difference = prices[r, t] - prices[r, t - 1]
            total += difference * (high if difference > 0.0 else low)
        difference = p.end_value - prices[r, prices.shape[1] - 1]
        total += difference * (high if difference > 0.0 else max(p.end_minimum, low))
        bounds[r] = total
