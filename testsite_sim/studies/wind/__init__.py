"""The study Flanders Wind Farm: a market, a value chain and a test site in; jobs, shares, money over members out.

- `market`: build-out by year, what the industry learns.
- `at_sea`: months to a certificate, prototypes per year and the cost of failures, simulated by the step of operations.
- `shares`: the share of each segment by scenario and mechanism of the test site.
- `simulate_flanders_wind_farm`: all of it, for every member at once.
"""

from testsite_sim.studies.wind.model import simulate_flanders_wind_farm

__all__ = ["simulate_flanders_wind_farm"]
