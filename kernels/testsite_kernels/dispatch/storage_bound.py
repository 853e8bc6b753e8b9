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
from testsite_kernels.dispatch.storage_pieces import (
    LEADS_TO,
    MODES,
    Machines,
    Pieces,
    come_from,
    fill_pieces,
    new_pieces,
    segments_per_interval,
)
from testsite_kernels.dispatch.storage_stage import Stages, StorageProblem, stages_of
from testsite_kernels.numerics.arrays import TYPED_ZERO, Floats
from testsite_kernels.numerics.compile_options import kernel, part


@kernel
def hull_prices(problem: StorageProblem, machines: Machines, block: int, prices: Floats) -> bool:
    """Fill `prices` (time) with the water values of the concave hulls of all intervals; False: none were found."""
    steps = problem.wind.size
    n = steps * segments_per_interval(problem, machines)
    hull = stages_of(steps, n)
    pieces = new_pieces(problem, machines, min(block, steps))
    begin, used = TYPED_ZERO, TYPED_ZERO
    while begin < steps:
        end = min(begin + block, steps)
        held = Pieces(pieces.first[: end - begin + 1], pieces.mode, pieces.low, pieces.stages)
        rows = Stages(
            hull.start[begin : end + 1],
            hull.sigma[used:],
            hull.length[used:],
            hull.width,
            hull.kind,
            hull.lowest[begin:end],
            hull.sold,
        )
        fill_pieces(problem, machines, begin, held, rows)
        for s in range(end - begin + 1):
            rows.start[s] += used
        used = rows.start[end - begin]
        begin = end
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


@part
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
def price_bounds(problem: StorageProblem, machines: Machines, block: int, prices: Floats) -> Floats:
    """Return the bound [EUR] that each row of `prices` (row, time) proves."""
    p = problem
    rows, steps = prices.shape
    enters = np.empty(MODES, np.int64)
    for mode in range(MODES):
        enters[mode] = come_from(machines, mode)
    best = np.empty((rows, 2))
    best[:, 0], best[:, 1] = 0.0, -np.inf
    next_best = np.empty((rows, 2))
    pieces = new_pieces(problem, machines, min(block, steps))
    no_hull = stages_of(0, 0)
    for begin in range(0, steps, block):
        end = min(begin + block, steps)
        held = Pieces(pieces.first[: end - begin + 1], pieces.mode, pieces.low, pieces.stages)
        fill_pieces(problem, machines, begin, held, no_hull)
        for t in range(begin, end):
            next_best[:] = -np.inf
            for piece in range(pieces.first[t - begin], pieces.first[t - begin + 1]):
                mode = pieces.mode[piece]
                for r in range(rows):
                    gain, _ = stage_gain(pieces.stages, piece, prices[r, t])
                    for state in range(2):
                        if enters[mode] >> state & 1:
                            to = LEADS_TO[mode]
                            next_best[r, to] = max(next_best[r, to], best[r, state] + gain)
            for r in range(rows):
                best[r, 0], best[r, 1] = next_best[r, 0], next_best[r, 1]
    low, high = p.tank_minimum, p.tank_capacity
    bounds = np.empty(rows)
    for r in range(rows):
        total = max(best[r, 0], best[r, 1]) + prices[r, 0] * p.initial
        for t in range(1, steps):
            difference = prices[r, t] - prices[r, t - 1]
            total += difference * (high if difference > 0.0 else low)
        difference = p.end_value - prices[r, steps - 1]
        total += difference * (high if difference > 0.0 else max(p.end_minimum, low))
        bounds[r] = total
    return bounds
