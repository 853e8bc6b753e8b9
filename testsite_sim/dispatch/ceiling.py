"""What a dispatch can still come to that has been followed for some time: no more than prices of hydrogen prove.

The bound of `storage_bound` holds from any interval on, for any content then and either state of the electrolyser. What
a rule earned up to there and that bound together are more than the rule can earn in all, so that a rule that falls
behind early is known to fall short without the rest of the record.
"""

import numpy as np
from testsite_kernels.dispatch.storage_bound import best_paths, price_bounds
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.dispatch.decisions import Decisions


class Ceiling:
    """What can be earned from an interval on, by prices of stored hydrogen.

    Parameters
    ----------
    decisions : Decisions
        What each interval can do.
    prices : ndarray, shape (intervals,)
        Of hydrogen in the tank [EUR/kg]: any will do, water values are the closest.
    fixed : ndarray, shape (intervals or 1,)
        Cash of each interval whatever the plant does [EUR/s].
    """

    def __init__(self, decisions: Decisions, prices: Floats, fixed: Floats) -> None:
        self._decisions, self._prices, self._fixed = decisions, prices, fixed
        self._paths: dict[int, Floats] = {}

    def after(self, done: int, content: float) -> float:
        """Return what no operation earns more than after the first `done` intervals, from a content [kg] then [EUR]."""
        steps, problem = self._decisions.steps, self._decisions.problem
        prices = np.ascontiguousarray(self._prices[None, done:])
        bound = np.empty(1)
        price_bounds(problem._replace(initial=content), prices, self._best(done), bound)
        return float(bound[0] + np.broadcast_to(self._fixed, (steps,))[done:].sum() * problem.step)

    def _best(self, done: int) -> Floats:
        """Return the most that paths of states gain after the first intervals, whichever state they begin in."""
        if done not in self._paths:
            best, prices = np.zeros((1, 2)), np.ascontiguousarray(self._prices[None, :])
            for first in self._decisions.firsts:
                pieces = self._decisions.pieces(first) if first + self._decisions.block > done else None
                if pieces is not None:
                    before = max(done - first, 0)
                    later = pieces._replace(first=pieces.first[before:])
                    best_paths(self._decisions.machines, first + before, later, prices, best)
            self._paths[done] = best
        return self._paths[done]
