"""The chain: a checked scenario in; weather, wind, operations, plant and economics out, one Dataset each."""

from testsite_sim.chain.preparation import prepare
from testsite_sim.chain.simulation import (
    has_same_farm,
    simulate_farm,
    simulate_plant,
    simulate_scenario,
    with_price_of,
    with_uncertainty,
)
from testsite_sim.chain.summary import summarise

__all__ = [
    "has_same_farm",
    "prepare",
    "simulate_farm",
    "simulate_plant",
    "simulate_scenario",
    "summarise",
    "with_price_of",
    "with_uncertainty",
]
