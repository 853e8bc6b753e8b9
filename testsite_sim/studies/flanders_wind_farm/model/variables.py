"""The variables of the study, with their dimensions, units and names."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.studies.flanders_wind_farm.configuration.study import FlandersWindFarm
from testsite_sim.studies.flanders_wind_farm.model.industry import Industry
from testsite_sim.studies.flanders_wind_farm.model.shares import SiteEffects
from testsite_sim.studies.flanders_wind_farm.model.value_chain import Graph, jobs_by_buyer
from testsite_sim.studies.framework.uncertainty import Values

Variables = dict[str, tuple[str | tuple[str, ...], Floats, dict[str, object]]]
FRONTIER_GROWTH = np.linspace(0.0, 0.12, 25)  # of labour productivity [1/year]
BY_SCENARIO = ("member", "scenario", "year")
BY_SEGMENT = ("member", "year", "phase", "segment")
BY_MARKET = ("member", "market", "year")


@dataclass(frozen=True)
class Flanders:
    """Shares and jobs of the region over all years of the account; phases and segments in that order."""

    elsewhere: Floats  # share of orders from elsewhere, with the site (member, scenario, phase, year, segment)
    shares: Floats  # of all work, with the site (member, scenario, phase, year, segment)
    shares_without: Floats  # without a site
    jobs: Floats  # with the site (member, scenario, year)
    jobs_without: Floats


def of_jobs(
    study: FlandersWindFarm, value: Values, industry: Industry, edges: Graph, flanders: Flanders, count: int
) -> Variables:
    """Return jobs and shares over the years of the study, and who buys the work of the target year."""
    reference, target = list(study.scenarios).index(study.reference_scenario), count - 1
    jobs, without = flanders.jobs[..., :count], flanders.jobs_without[..., :count]
    counted = industry.jobs[:, :count]
    shares, shares_without = flanders.shares[..., :count, :], flanders.shares_without[..., :count, :]
    whole = counted.sum(axis=(2, 3))[:, None]
    indirect = value("value_chain.indirect_jobs")[:, None, None] * jobs
    worth = value("returns.value_added_per_job")
    worth_indirect = value("returns.value_added_per_indirect_job")
    by_buyer = jobs_by_buyer(
        edges,
        flanders.elsewhere[:, reference, :, target],
        flanders.shares[:, reference, :, target],
        industry.jobs[:, target],
    )
    return {
        "jobs": (BY_SCENARIO, jobs, described("1", "direct jobs with the test site")),
        "jobs_without_site": (BY_SCENARIO, without, described("1", "direct jobs without a test site")),
        "jobs_added": (BY_SCENARIO, jobs - without, described("1", "direct jobs that the test site adds")),
        "indirect_jobs": (BY_SCENARIO, indirect, described("1", "jobs at suppliers outside the chain, with the site")),
        "direct_value_added": (
            BY_SCENARIO,
            jobs * worth[:, None, None],
            described("EUR", "value added in the year by direct jobs"),
        ),
        "indirect_value_added": (
            BY_SCENARIO,
            indirect * worth_indirect[:, None, None],
            described("EUR", "value added in the year by indirect jobs"),
        ),
        "market_share": (BY_SCENARIO, jobs / whole, described("1", "share, with the test site")),
        "market_share_without_site": (BY_SCENARIO, without / whole, described("1", "share, without a test site")),
        "segment_share": (
            (*BY_SCENARIO, "segment"),
            _mean_share(shares, counted),
            described("1", "share of each segment, with the test site"),
        ),
        "segment_share_without_site": (
            (*BY_SCENARIO, "segment"),
            _mean_share(shares_without, counted),
            described("1", "share of each segment, without"),
        ),
        "jobs_by_segment": (
            BY_SEGMENT,
            shares[:, reference].swapaxes(1, 2) * counted,
            described("1", "direct jobs with the test site, reference scenario"),
        ),
        "jobs_by_buyer": (
            ("member", "phase", "segment", "buyer"),
            by_buyer,
            described(
                "1", "direct jobs in the target year by who buys the work, with the test site, reference scenario"
            ),
        ),
        "jobs_of_market": (BY_SEGMENT, counted, described("1", "jobs of the whole market, as counted")),
        "value_added_per_job": ("member", worth, described("EUR year-1", "value added per job")),
    }


def of_target(
    study: FlandersWindFarm,
    value: Values,
    industry: Industry,
    flanders: Flanders,
    known: Floats,
    years: NDArray[np.int64],
) -> Variables:
    """Return jobs in the target year, what adds them, and what the target takes."""
    target = years.size - 1
    powers, efforts = (each[study.market][:, target] for each in (industry.powers, industry.efforts))
    learned_market = (efforts * powers).sum(axis=1)
    per_power = np.stack([value("jobs.jobs_per_installed"), value("jobs.jobs_per_operating")], axis=1)
    gain = ((per_power * powers).sum(axis=1) / learned_market) ** (1.0 / (years[-1] - years[0])) - 1.0
    jobs = flanders.jobs[..., target]
    kept = np.stack([industry.kept(name, known, years.size) for name in study.jobs.markets], axis=1)
    ratio = study.jobs.target_jobs / kept[..., -1]
    of_market = list(study.jobs.markets).index(study.market)
    # General growth divides the jobs of every segment alike, so that the factor follows for any growth.
    span = float(years[-1] - years[0])
    general = ratio / (1.0 + value("jobs.productivity_growth"))[:, None] ** span
    frontier = general[:, :, None] * (1.0 + FRONTIER_GROWTH) ** span
    per_scenario = ("member", "scenario")
    return {
        "jobs_target": (
            per_scenario,
            jobs,
            {
                **described("1", "direct jobs in the target year, with the site"),
                "threshold": float(study.jobs.target_jobs),
            },
        ),
        "jobs_added_target": (
            per_scenario,
            jobs - flanders.jobs_without[..., target],
            described("1", "jobs that the site adds in the target year"),
        ),
        "jobs_kept": (BY_MARKET, kept, described("1", "direct jobs with the shares of the reference year kept")),
        "required_share_ratio": (
            ("member", "market"),
            ratio,
            described("1", "factor on the share of the reference year that gives the target"),
        ),
        "required_share_factor": (
            "member",
            ratio[:, of_market],
            described("1", "the same in the market of the study"),
        ),
        "frontier_factor": (
            ("member", "market", "productivity_growth"),
            frontier,
            described("1", "the same, against the general growth of productivity"),
        ),
        "reached_share_factor": (
            per_scenario,
            jobs / kept[:, of_market, -1][:, None],
            described("1", "jobs in the target year, with the site, over those with the shares of the reference year"),
        ),
        "productivity_gain": ("member", gain, described("year-1", "yearly growth of productivity, learning included")),
        "scope": ("member", industry.scope, described("1", "jobs counted per job of the model")),
    }


def of_market(study: FlandersWindFarm, industry: Industry, count: int) -> Variables:
    """Return the markets over the years of the study."""

    def stacked(paths: dict[str, Floats]) -> Floats:
        return np.stack([path[:, :count] for path in paths.values()], axis=1)

    work = {name: path[..., 0] for name, path in industry.powers.items()}
    effort = industry.scope[:, None, None] * industry.efforts[study.market][:, :count]
    return {
        "installed": (BY_MARKET, stacked(industry.installed), described("W", "power installed in the year")),
        "worked_on": (
            BY_MARKET,
            stacked(work),
            described("W", "power on which the work of a year is done in the year"),
        ),
        "operating": (BY_MARKET, stacked(industry.operating), described("W", "power operating at the year's end")),
        "jobs_per_power": (
            ("member", "year", "phase"),
            effort,
            described("W-1", "jobs of the whole market per power worked on or operating, as counted"),
        ),
    }


def of_site(effects: SiteEffects, count: int) -> Variables:
    """Return what the site does, as variables."""
    over_years = ("member", "year")
    return {
        "months_to_certificate": ("member", effects.months_with, described("month", "to a certificate at the site")),
        "months_elsewhere": ("member", effects.months_without, described("month", "to a certificate elsewhere")),
        "months_saved": (
            "member",
            effects.months_without - effects.months_with,
            described("month", "saved on the way to a certificate"),
        ),
        "prototypes": ("member", effects.prototypes, described("year-1", "prototypes that the site certifies")),
        "failure_rate_before": ("member", effects.rate_before, described("year-1", "failures of a new turbine design")),
        "failure_rate_after": ("member", effects.rate_after, described("year-1", "failures of a turbine, as tested")),
        "fleet_saving": (
            "member",
            effects.saving,
            described("EUR W-1 year-1", "saved by a fleet of tested turbines in its first years"),
        ),
        "references": (over_years, effects.references_with[:, :count], described("1", "references with the site")),
        "references_without_site": (
            over_years,
            effects.references_without[:, :count],
            described("1", "references without"),
        ),
        "knowledge": (
            over_years,
            effects.knowledge[:, :count],
            described("W", "power that teaches as much as the site"),
        ),
    }


def _mean_share(shares: Floats, counted: Floats) -> Floats:
    """Return the share of every segment over both phases, weighted by jobs, (member, scenario, year, segment)."""
    segments = counted.sum(axis=2)
    weighted = np.einsum("mcpys,myps->mcys", shares, counted)
    even = shares.mean(axis=2)  # of a segment without jobs in the market
    return np.asarray(
        np.where(segments[:, None] > 0.0, weighted / np.where(segments > 0.0, segments, 1.0)[:, None], even)
    )


def described(units: str, long_name: str) -> dict[str, object]:
    """Return the attributes of a variable."""
    return {"units": units, "long_name": long_name}
