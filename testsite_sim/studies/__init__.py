"""Studies: from markets to a decision.

In comes what `configs/study-data` states with its sources; out come Datasets over years and markets. `jobs` computes
the jobs of a region from its share in a market, calibrated in a known year, and what must hold for a target.
"""

from testsite_sim.studies.jobs import calibrated_share, required_share, simulate_jobs

__all__ = ["calibrated_share", "required_share", "simulate_jobs"]
