"""Balancing: wind power, prices and hydrogen demand in; dispatch, hydrogen and revenue through time out.

`simulate_balancing` runs a rule on one plant, `simulate_rolling_horizon` the optimum of the hours ahead as forecast,
`simulate_perfect_foresight` the optimum itself; `earned` says what a dispatch is worth as the optimum counts it
(kernels `dispatch`, `rolling_horizon`, `storage_optimum`).
"""

from testsite_sim.dispatch.forecasts import Forecast
from testsite_sim.dispatch.foresight import earned, simulate_perfect_foresight, simulate_rolling_horizon
from testsite_sim.dispatch.general import Objective
from testsite_sim.dispatch.plant import BalancingPlant, LoadTable
from testsite_sim.dispatch.simulation import simulate_balancing
from testsite_sim.dispatch.strategies import STRATEGIES, StrategySettings

__all__ = [
    "STRATEGIES",
    "BalancingPlant",
    "Forecast",
    "LoadTable",
    "Objective",
    "StrategySettings",
    "earned",
    "simulate_balancing",
    "simulate_perfect_foresight",
    "simulate_rolling_horizon",
]
