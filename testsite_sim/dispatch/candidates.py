"""The rules as candidates of a plan: run through the whole record only where they can reach a value."""

import numpy as np
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.plant.machines import LEVELS, RATES

from testsite_sim.dispatch.ceiling import Ceiling
from testsite_sim.dispatch.execution import execute
from testsite_sim.dispatch.ruling import by_rule, plain_control_of
from testsite_sim.dispatch.strategies import RULES
from testsite_sim.dispatch.trade import Dispatched, Trade

PARTS = (1 / 64, 1 / 8)  # of the record, after which it is asked whether a rule can still reach a value
NEAR = 1e-9  # relative to all cash: below a value by less than this is not below it


class Candidates:
    """The rules without settings, in the order of `RULES`; each is run in full once at most.

    Parameters
    ----------
    trade : Trade
        The plant in its market.
    """

    def __init__(self, trade: Trade) -> None:
        self._trade = trade
        self._run: dict[str, Dispatched] = {}
        self._most: dict[str, Floats] = {}  # by rule: proven most that it earns, and what of it is rounding [EUR]

    def all(self) -> list[Dispatched]:
        """Return the dispatch of every rule."""
        return [self._dispatched(name) for name in RULES]

    def reaching(self, ceiling: Ceiling, value: float) -> list[Dispatched]:
        """Return the dispatches of the rules but for those that are proven to earn less than a value [EUR].

        Parameters
        ----------
        ceiling : Ceiling
            Of the plant and its market, in which the plant is its own reduced plant and nothing is settled later.
        value : float
            [EUR].
        """
        return [self._dispatched(name) for name in RULES if not self._falls_short(name, ceiling, value)]

    def _dispatched(self, name: str) -> Dispatched:
        if name not in self._run:
            self._run[name] = by_rule(name, self._trade)
        return self._run[name]

    def _falls_short(self, name: str, ceiling: Ceiling, value: float) -> bool:
        """Return whether a rule that was not run is proven to earn less than a value."""
        if name in self._run or not np.isfinite(value):
            return False
        n = self._trade.around.wind.size
        for part in PARTS:
            intervals = int(n * part)
            if name in self._most and self._most[name][2] >= intervals:
                most, cash, _ = self._most[name]
            elif intervals < 1:
                continue
            else:
                most, cash = self._most_of(name, ceiling, intervals)
                self._most[name] = np.array([most, cash, intervals])
            if most < value - NEAR * (cash + abs(value)):
                return True
        return False

    def _most_of(self, name: str, ceiling: Ceiling, intervals: int) -> tuple[float, float]:
        """Return what a rule earns in the first intervals and can at most earn after them, and all its cash [EUR]."""
        trade = self._trade
        control = plain_control_of(name, trade)
        executed = execute(
            trade.plant, trade.grid, trade.around, control, machines=trade.machines, series=False, intervals=intervals
        )
        total = dict(zip(RATES, executed.output.totals[0].tolist(), strict=True))
        content = float(executed.output.last_levels[0, LEVELS.index("hydrogen_stored")])
        short = total["hydrogen_unmet"] + total["hydrogen_unserved"]
        lost = trade.objective.penalty * short + trade.objective.by_product_price * total["hydrogen_by_product"]
        later = ceiling.after(intervals, content)
        earned = total["sales"] - total["purchases"] - lost
        return earned + later, total["sales"] + total["purchases"] + abs(lost) + abs(later)
