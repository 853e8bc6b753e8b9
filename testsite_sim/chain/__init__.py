"""The chain: a checked scenario in; weather, wind, operations, plant and economics out, one Dataset each."""

from testsite_sim.chain.preparation import prepare
from testsite_sim.chain.simulation import (
    has_same_farm,
    has_same_operations,
    has_same_plant,
    lacks_losses,
    simulate_farm,
    simulate_plant,
    simulate_scenario,
    with_losses,
    with_money_of,
    with_price_of,
    with_uncertainty,
    with_uncertainty_of,
)
from testsite_sim.chain.summary import summarise

__all__ = [
    "has_same_farm",
    "has_same_operations",
    "has_same_plant",
    "lacks_losses",
    "prepare",
    "simulate_farm",
    "simulate_plant",
    "simulate_scenario",
    "summarise",
    "with_losses",
    "with_money_of",
    "with_price_of",
    "with_uncertainty",
    "with_uncertainty_of",
]
