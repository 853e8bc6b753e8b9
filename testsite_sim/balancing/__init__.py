"""Balancing: wind power, prices and hydrogen demand in; dispatch, hydrogen and revenue through time out.

`simulate_balancing` runs one strategy on one plant (kernels `dispatch`, `rolling_horizon`,
`storage_optimum`).
"""

from testsite_sim.balancing.plant import BalancingPlant, LoadTable
from testsite_sim.balancing.simulation import simulate_balancing
from testsite_sim.balancing.strategies import STRATEGIES, StrategySettings

__all__ = ["STRATEGIES", "BalancingPlant", "LoadTable", "StrategySettings", "simulate_balancing"]
