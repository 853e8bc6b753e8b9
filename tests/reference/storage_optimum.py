"""A `StorageProblem` evaluated in plain NumPy; its optimum by HiGHS is that of the peers' benchmark."""

import numpy as np

from benchmarks.peers.storage_highs import solve

__all__ = ["cash", "machine_flow", "solve"]


def cash(problem, operation):
    """Return the objective [EUR] of an operation (time, 8), evaluated from its powers alone."""
    p = problem
    export, unmet, content = operation[:, 4], operation[:, 2], operation[:, 5]
    low, high = p.edges[:, :-1], p.edges[:, 1:]
    taken = np.clip(export[:, None], low, high) - np.clip(0.0, low, high)
    paid = p.penalty * unmet.sum() + p.by_product_price * operation[:, 7].sum()
    return (p.prices * taken).sum() * p.step - paid + p.end_value * content[-1]


def machine_flow(problem, electrolyser, fuel_cell):
    """Return h_e(e) - h_f(f) [kg/s] by interpolation on the segments."""
    n = problem.fuel_segments
    width, slope = problem.machine_width, problem.machine_slope

    def curve(w, k, power):
        return np.interp(power, np.concatenate([[0], np.cumsum(w)]), np.concatenate([[0], np.cumsum(w * k)]))

    return curve(width[n:], slope[n:], electrolyser) - curve(width[:n][::-1], slope[:n][::-1], fuel_cell)
