"""The European industry in every year: the power that is worked on, jobs per power, jobs by segment and phase."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.studies.flanders_wind_farm.configuration.study import FlandersWindFarm
from testsite_sim.studies.flanders_wind_farm.model.market import build_out, highest, learned, study_years, work_of_years
from testsite_sim.studies.flanders_wind_farm.model.outlook import market_ahead
from testsite_sim.studies.flanders_wind_farm.model.roadmap import latest_opening
from testsite_sim.studies.flanders_wind_farm.model.value_chain import PHASES
from testsite_sim.studies.framework.uncertainty import Values


@dataclass(frozen=True)
class Industry:
    """The markets of a study, the first `years` of them those of the study, the others to the end of the site."""

    years: NDArray[np.int64]
    installed: dict[str, Floats]  # by market (member, year) [W]
    operating: dict[str, Floats]  # by market (member, year) [W]
    powers: dict[str, Floats]  # on which jobs depend: worked on, and operating, by market (member, year, phase) [W]
    efforts: dict[str, Floats]  # jobs per power, before the factor of scope, by market (member, year, phase) [1/W]
    weights: Floats  # part of each segment in the jobs of a phase (member, phase, segment)
    scope: Floats  # jobs counted per job of the model (member,)
    jobs: Floats  # of the whole market of the study, as counted (member, year, phase, segment)

    def kept(self, market: str, shares: Floats, count: int) -> Floats:
        """Return the jobs of the first years with the shares (member, segment) kept, as counted, (member, year)."""
        per_phase = self.efforts[market][:, :count] * self.powers[market][:, :count]
        return np.asarray(np.einsum("m,myp,mps,ms->my", self.scope, per_phase, self.weights, shares))


def account_years(study: FlandersWindFarm) -> NDArray[np.int64]:
    """Return the years from the reference to the last one in which a test site can operate, by the ranges."""
    start = max(highest(study.roadmap.start), highest(study.outlook.roadmap_start))
    latest = latest_opening(study.roadmap, start) + highest(study.test_site.life)
    first, target = study_years(study.jobs)[[0, -1]]
    return np.arange(first, max(target, study.outlook.last_year, int(np.ceil(latest))) + 1)


def simulate_industry(study: FlandersWindFarm, value: Values, years: NDArray[np.int64]) -> Industry:
    """Return the markets, and the jobs of the market of the study, over the years.

    A factor of scope, the same in every year, makes the jobs of the reference year those that are known.

    Raises
    ------
    ConfigurationError
        When a market or a year is missing, or no path of the market fits what is stated.
    """
    installed, operating, powers = build_powers(study, value, years)
    efforts = {name: _jobs_per_power(value, years, path) for name, path in operating.items()}
    weights = np.stack([stack_segments(study, value, f"{phase}_weight") for phase in PHASES], axis=1)
    weights = weights / weights.sum(axis=2, keepdims=True)
    per_phase = efforts[study.market] * powers[study.market]
    shares = stack_segments(study, value, "flemish_share")
    scope = study.jobs.reference_jobs / np.einsum("mp,mps,ms->m", per_phase[:, 0], weights, shares)
    jobs = scope[:, None, None, None] * per_phase[..., None] * weights[:, None]
    return Industry(years, installed, operating, powers, efforts, weights, scope, jobs)


def build_powers(
    study: FlandersWindFarm, value: Values, years: NDArray[np.int64]
) -> tuple[dict[str, Floats], dict[str, Floats], dict[str, Floats]]:
    """Return by market what is installed, operating (member, year), and what jobs depend on (member, year, phase).

    The market of the study goes on as the reference market of the outlook, the others by their own growth.
    """
    installed, operating, powers = {}, {}, {}
    ahead = int(years[-1]) + int(np.ceil(highest(study.years_of_work)))
    for name in study.jobs.markets:
        if name == study.market:
            found = market_ahead(study, value, study.outlook.market, ahead)
            every_installed, every_operating = found.installed, found.operating
        else:
            every_installed, every_operating = build_out(study.jobs, name, value, last=ahead)
        installed[name], operating[name] = every_installed[:, : years.size], every_operating[:, : years.size]
        powers[name] = _on_which_jobs_depend(value, every_installed, every_operating, years.size)
    return installed, operating, powers


def _on_which_jobs_depend(value: Values, installed: Floats, operating: Floats, count: int) -> Floats:
    """Return the power that is worked on, and that operates, (member, year, phase) [W]."""
    work = work_of_years(installed, value("years_of_work"), count)
    return np.stack([work, operating[:, :count]], axis=2)


def jobs_of_outlook(study: FlandersWindFarm, value: Values, industry: Industry, name: str) -> tuple[Floats, Floats]:
    """Return jobs (member, year, phase, segment) and operating power (member, year) [W] of a market of the outlook."""
    years = industry.years
    if name == study.outlook.market:
        return industry.jobs, industry.operating[study.market]
    ahead = int(years[-1]) + int(np.ceil(highest(study.years_of_work)))
    found = market_ahead(study, value, name, ahead)
    operating = found.operating[:, : years.size]
    powers = _on_which_jobs_depend(value, found.installed, found.operating, years.size)
    per_phase = _jobs_per_power(value, years, operating) * powers
    return industry.scope[:, None, None, None] * per_phase[..., None] * industry.weights[:, None], operating


def stack_segments(study: FlandersWindFarm, value: Values, name: str) -> Floats:
    """Return a quantity of every segment, (member, segment)."""
    return np.stack([value(f"value_chain.segments.{segment}.{name}") for segment in study.value_chain.segments], axis=1)


def _jobs_per_power(value: Values, years: NDArray[np.int64], operating: Floats) -> Floats:
    """Return the jobs per power worked on and operating, before the factor of scope, (member, year, phase) [1/W]."""
    general = (1.0 + value("jobs.productivity_growth"))[:, None] ** -(years - years[0])
    phases = (
        ("jobs.jobs_per_installed", "learning.investment"),
        ("jobs.jobs_per_operating", "learning.operation"),
    )
    return np.stack(
        [value(jobs)[:, None] * learned(operating, value(rate)) * general for jobs, rate in phases],
        axis=2,
    )
