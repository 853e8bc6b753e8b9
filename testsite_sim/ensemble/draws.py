"""The draws of the members: quasi-random points of scipy, each a function of the root seed and its number."""

from functools import lru_cache

import numpy as np
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.quasi_random import quasi_random
from testsite_sim.ensemble.assumptions import Assumption, draw, values_at
from testsite_sim.ensemble.streams import stream

_BLOCK = 1024  # points that are made at a time; a power of two keeps the balance of Sobol's


class SobolDraws:
    """Scrambled Sobol points: number n is the same however many are drawn, so that an ensemble can grow.

    Sobol' (1967), USSR Computational Mathematics and Mathematical Physics 7(4), 86-112; Owen (1998), Journal of
    Complexity 14, 466-489 (scrambling).
    """

    def __init__(self, assumptions: list[Assumption], seed: int) -> None:
        self.assumptions = assumptions
        self.seed = seed
        self._block = lru_cache(maxsize=4)(self._made)

    def _made(self, block: int) -> Floats:
        """Return a block of values (point, assumption)."""
        engine = quasi_random().Sobol(len(self.assumptions), rng=stream(self.seed, 0, "sobol"))
        if block:
            engine.fast_forward(block * _BLOCK)
        return values_at(self.assumptions, np.asarray(engine.random(_BLOCK)))

    def values(self, number: int) -> dict[str, float]:
        """Return the values of member `number`, from 1 on, by path [SI]."""
        if not self.assumptions:
            return {}
        block, row = divmod(number - 1, _BLOCK)
        found = self._block(block)[row]
        return {each.path: float(value) for each, value in zip(self.assumptions, found, strict=True)}


class LatinDraws:
    """A Latin hypercube of a fixed number of members, as the studies draw it."""

    def __init__(self, assumptions: list[Assumption], members: int, seed: int) -> None:
        self._values = draw(assumptions, members + 1, seed)

    def values(self, number: int) -> dict[str, float]:
        """Return the values of member `number`, from 1 on, by path [SI]."""
        return {path: float(column[number]) for path, column in self._values.items()}


class TableDraws:
    """Draws that are given row by row, as of a sensitivity design (row, assumption) [SI]."""

    def __init__(self, assumptions: list[Assumption], rows: Floats) -> None:
        self.assumptions, self.rows = assumptions, rows

    def values(self, number: int) -> dict[str, float]:
        """Return the values of row `number`, from 1 on, by path [SI]."""
        return {each.path: float(value) for each, value in zip(self.assumptions, self.rows[number - 1], strict=True)}
