"""Dispatch: a plant, wind power, prices and hydrogen demand in; set-points carried out, hydrogen and revenue out.

`carry_out` runs a strategy on a plant in its market (`Trade`); strategies that look ahead plan on its `reduced_plant`.
`earned` is the value of a dispatch as the optimum counts it. The kernels `dispatch.run` and `dispatch.horizon` work on
the step of the plant (`plant.step`).
"""

from typing import TYPE_CHECKING

from testsite_sim.common.exports import lazy_exports

if TYPE_CHECKING:
    from testsite_sim.dispatch.execution import Surroundings, execute
    from testsite_sim.dispatch.forecasts import Forecast
    from testsite_sim.dispatch.objective import Objective
    from testsite_sim.dispatch.plant import ReducedPlant
    from testsite_sim.dispatch.reduced import is_exact, reduced_plant
    from testsite_sim.dispatch.strategies import STRATEGIES, StrategySettings
    from testsite_sim.dispatch.trade import Dispatched, Trade, earned
    from testsite_sim.dispatch.trading import carry_out

__all__ = [
    "STRATEGIES",
    "Dispatched",
    "Forecast",
    "Objective",
    "ReducedPlant",
    "StrategySettings",
    "Surroundings",
    "Trade",
    "carry_out",
    "earned",
    "execute",
    "is_exact",
    "reduced_plant",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "Surroundings": "execution",
        "execute": "execution",
        "Forecast": "forecasts",
        "Objective": "objective",
        "ReducedPlant": "plant",
        "is_exact": "reduced",
        "reduced_plant": "reduced",
        "STRATEGIES": "strategies",
        "StrategySettings": "strategies",
        "Dispatched": "trade",
        "Trade": "trade",
        "carry_out": "trading",
        "earned": "trade",
    },
)
