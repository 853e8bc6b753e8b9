"""The study Flanders Wind Farm: a market, a value chain and a test site in; jobs, shares, money over members out.

- `jobs`: jobs of a region from its share in a market, and what must hold for a target, without members.
- `market`: build-out by year, what the industry learns.
- `at_sea`: months to a certificate, prototypes per year and the cost of failures, simulated by the step of operations;
  `simulate_sea` does so once for all members.
- `shares`: the share of each segment by scenario and mechanism of the test site.
- `simulate_flanders_wind_farm`: all of it, for every member at once.
"""

from testsite_sim.studies.flanders_wind_farm.model.at_sea import simulate_sea
from testsite_sim.studies.flanders_wind_farm.model.jobs import calibrated_share, required_share, simulate_jobs
from testsite_sim.studies.flanders_wind_farm.model.simulation import simulate_flanders_wind_farm

__all__ = ["calibrated_share", "required_share", "simulate_flanders_wind_farm", "simulate_jobs", "simulate_sea"]
