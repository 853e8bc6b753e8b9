"""Studies: from markets to a decision.

In comes what `configs/study-data` and `scenarios/<study>/study.yaml` state with its sources; out come Datasets over
members, years and markets. `uncertainty` draws the members and ranks the assumptions, `jobs` computes the jobs of a
region from its share in a market and what must hold for a target. `STUDIES` maps the name of a study to its parts.
"""

from testsite_sim.studies.jobs import calibrated_share, required_share, simulate_jobs
from testsite_sim.studies.registry import Headline, Study
from testsite_sim.studies.uncertainty import Assumption, draw, percentiles, rank, sampled, study_assumptions

STUDIES: dict[str, Study] = {}

__all__ = [
    "STUDIES",
    "Assumption",
    "Headline",
    "Study",
    "calibrated_share",
    "draw",
    "percentiles",
    "rank",
    "required_share",
    "sampled",
    "simulate_jobs",
    "study_assumptions",
]
