"""The study Waterstof: markets, technologies, plants, policies in; demand, cost, cash, roadmap over members out.

- `chain_runs`: what the chain says of every plant; `simulate_plants` runs each scenario once.
- `technology`, `nozzle`, `ownership`: experience curves, cost of hydrogen, cost of ownership and parity.
- `profiles`, `cluster`: demand by hour, and the ideal lead cluster, enumerated.
- `policy`, `uptake`, `hydrogen_market`: implementation scenarios, who follows, price and supply of hydrogen.
- `money`, `valley`: accounts, the valley of death.
- `score`, `roadmap`: the score of each lead market, milestones and phases.
- `simulate_waterstof`: all of it, for every member at once.
"""

from testsite_sim.studies.waterstof.model.chain_runs import simulate_plants
from testsite_sim.studies.waterstof.model.simulation import simulate_headlines, simulate_waterstof

__all__ = ["simulate_headlines", "simulate_plants", "simulate_waterstof"]
