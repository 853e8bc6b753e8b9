"""The hindcast of method: what the model would have said with what was known then, scored against what was counted.

The jobs of the market forecast then, at the jobs per power and the learning that were known, with the shares kept; then
with the market as it was built; then with what is known of learning today. The errors are logarithms, which add up.
"""

from dataclasses import dataclass

import numpy as np
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.studies.flanders_wind_farm.configuration.study import FlandersWindFarm
from testsite_sim.studies.flanders_wind_farm.model.industry import Industry, stack_segments
from testsite_sim.studies.flanders_wind_farm.model.market import build_out, highest, learned, study_years, work_of_years
from testsite_sim.studies.flanders_wind_farm.model.value_chain import PHASES
from testsite_sim.studies.flanders_wind_farm.model.variables import Variables, described
from testsite_sim.studies.framework.uncertainty import Values

STEPS = ("then", "market", "today")


@dataclass(frozen=True)
class Hindcast:
    """Direct jobs of the region that the method gives, and that were counted, in the years of the counts."""

    method: Floats  # with the shares kept: as then, with the market as built, with learning as known today
    counted: Floats  # (member, count)
    horizons: Floats  # since the reference year (count,) [year]

    @property
    def error(self) -> Floats:
        """Logarithm of the method, the market being known, over the count, (member, count)."""
        return np.asarray(np.log(self.method[:, STEPS.index("market")] / self.counted))

    @property
    def spread(self) -> Floats:
        """Standard deviation of the error per square root of a year, (member,)."""
        return np.asarray(np.sqrt((self.error**2 / self.horizons).mean(axis=1)))


def simulate_hindcast(study: FlandersWindFarm, value: Values, industry: Industry) -> Hindcast:
    """Return what the method gives in the years in which jobs were counted, (member, step, count)."""
    first = study.jobs.reference_year
    at = np.array([count.year - first for count in study.hindcast.counts])
    then = _kept(study, value, study.hindcast.market)
    market = _kept(study, value, study.market)
    today = industry.kept(study.market, stack_segments(study, value, "flemish_share"), industry.years.size)
    method = np.stack([jobs[:, at] for jobs in (then, market, today)], axis=1)
    counted = np.stack(
        [
            value(f"hindcast.counts.{k}.jobs") * value(f"hindcast.counts.{k}.direct_share")
            for k in range(len(study.hindcast.counts))
        ],
        axis=1,
    )
    return Hindcast(method, counted, at.astype(np.float64))


def _kept(study: FlandersWindFarm, value: Values, market: str) -> Floats:
    """Return the jobs with the shares kept, at the learning that was known then, (member, year)."""
    last = max(count.year for count in study.hindcast.counts)
    years = np.arange(study.jobs.reference_year, max(last, int(study_years(study.jobs)[-1])) + 1)
    ahead = int(years[-1]) + int(np.ceil(highest(study.years_of_work)))
    installed, operating = build_out(study.jobs, market, value, last=ahead)
    operating = operating[:, : years.size]
    work = work_of_years(installed, value("years_of_work"), years.size)
    remains = learned(operating, value("hindcast.learning"))
    per_phase = np.stack(
        [
            value("jobs.jobs_per_installed")[:, None] * remains * work,
            value("jobs.jobs_per_operating")[:, None] * remains * operating,
        ],
        axis=2,
    )
    weights = np.stack([stack_segments(study, value, f"{phase}_weight") for phase in PHASES], axis=1)
    weights = weights / weights.sum(axis=2, keepdims=True)
    shares = stack_segments(study, value, "flemish_share")
    jobs = np.einsum("myp,mps,ms->my", per_phase, weights, shares)
    return np.asarray(study.jobs.reference_jobs * jobs / jobs[:, :1])


def of_hindcast(study: FlandersWindFarm, hindcast: Hindcast) -> Variables:
    """Return the hindcast as variables."""
    kept = np.exp(np.log(hindcast.counted) - np.log(hindcast.method[:, STEPS.index("today")]))
    by_count = ("member", "count")
    return {
        "hindcast_jobs": (
            ("member", "known", "count"),
            hindcast.method,
            described("1", "direct jobs that the method gives with the shares kept"),
        ),
        "counted_jobs": (by_count, hindcast.counted, described("1", "direct jobs that were counted")),
        "hindcast_error": (by_count, hindcast.error, described("1", "logarithm of the method over the count")),
        "counted_share_factor": (by_count, kept, described("1", "share that the count means, over that of 2009")),
        "hindcast_spread": (
            "member",
            hindcast.spread,
            described("year-0.5", "standard deviation of the error of the method, grows with the root of time"),
        ),
    }
