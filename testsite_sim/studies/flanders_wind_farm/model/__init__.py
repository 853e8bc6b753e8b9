"""The study Flanders Wind Farm: a market, a value chain and a test site in; jobs, shares, money over members out.

- `jobs`: jobs of a region from its share in a market, and what must hold for a target, without members.
- `market`: build-out by year, what the industry learns.
- `at_sea`: months to a certificate, prototypes per year and the cost of failures, simulated by the step of operations;
  `campaigns`: vessel days of the usual and of the single-lift vessel on the same sea.
- `hindcast`: what the method would have said with what was known in 2012, and the error against what was counted.
- `outlook`, `today`: the market and the jobs from today on, and a test site that opens now.
- `fund`: the account of the single-lift vessel and of the fund.
- `simulate_basis` does once what all members share.
- `roadmap`: the dates of the cluster, of which the opening of the test site is one.
- `shares`: the share of each segment by scenario and mechanism of the test site.
- `simulate_flanders_wind_farm`: all of it, for every member at once.
"""

from testsite_sim.studies.flanders_wind_farm.model.basis import Basis, simulate_basis
from testsite_sim.studies.flanders_wind_farm.model.jobs import calibrated_share, required_share, simulate_jobs
from testsite_sim.studies.flanders_wind_farm.model.simulation import (
    rank_flanders_wind_farm,
    simulate_flanders_wind_farm,
)

__all__ = [
    "Basis",
    "calibrated_share",
    "rank_flanders_wind_farm",
    "required_share",
    "simulate_basis",
    "simulate_flanders_wind_farm",
    "simulate_jobs",
]
