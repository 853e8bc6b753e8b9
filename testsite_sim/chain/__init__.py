"""The chain: a checked scenario in; weather, wind, operations, plant and economics out, one Dataset each."""

from testsite_sim.chain.preparation import prepare
from testsite_sim.chain.simulation import simulate_scenario
from testsite_sim.chain.summary import summarise

__all__ = ["prepare", "simulate_scenario", "summarise"]
