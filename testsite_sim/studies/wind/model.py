"""The study Flanders Wind Farm for every member at once: market, value chain, shares, jobs, money."""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.configuration.study_wind import FlandersWindFarm
from testsite_sim.studies.uncertainty import Draws, Values, sampled
from testsite_sim.studies.wind.at_sea import sea_surfaces
from testsite_sim.studies.wind.chain import PHASES, Graph, graph, jobs_by_buyer, shares_elsewhere, whole_shares
from testsite_sim.studies.wind.industry import Industry, account_years, simulate_industry, stack_segments
from testsite_sim.studies.wind.market import learned, study_years
from testsite_sim.studies.wind.money import public_account
from testsite_sim.studies.wind.shares import MECHANISMS, SiteEffects, open_shares, site_effects

Variables = dict[str, tuple[str | tuple[str, ...], Floats, dict[str, object]]]
FRONTIER_GROWTH = np.linspace(0.0, 0.12, 25)  # of labour productivity [1/year]
WIND_FARMS = "wind farms"  # who buys what segments do not sell to each other
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
    jobs_alone: Floats  # added by each mechanism alone in the target year, reference scenario (member, mechanism)


def simulate_flanders_wind_farm(study: FlandersWindFarm, draws: Draws) -> xr.Dataset:
    """Return jobs, shares, what the test site adds, and what it costs.

    Jobs of a segment are its share of the European market times the jobs of the market in it, per power worked on and
    per power operating, less what learning and productivity save; a factor of scope, the same in every year, makes the
    jobs of the reference year those that are known. Segments supply each other, and buy at home more readily.

    Parameters
    ----------
    study : FlandersWindFarm
        The configuration.
    draws : mapping of str to array, (member,)
        SI values by dotted path.

    Returns
    -------
    xarray.Dataset, dims (member, scenario, year, account_year, segment, buyer, phase, market, mechanism, …)
        See `docs/methods/studies.md` for the variables.

    Raises
    ------
    ConfigurationError
        When a market or a year is missing, or no path of the market fits what is stated.
    """
    value = sampled(study, draws)
    years = study_years(study.jobs)
    industry = simulate_industry(study, value, account_years(study))
    edges = graph(study.value_chain, value)
    known = stack_segments(study, value, "flemish_share")
    costs = _costs(value, industry.operating[study.market])
    experience = np.einsum("ms,ms->m", known, industry.weights[:, 0])[:, None] * industry.operating[study.market]
    effects = site_effects(study, value, industry.years, experience, costs["lifetime"])
    flanders = _flanders(study, value, industry, edges, known, effects)
    added = flanders.jobs - flanders.jobs_without
    return xr.Dataset(
        {
            **_of_jobs(study, value, industry, edges, flanders, years.size),
            **_of_target(study, value, industry, flanders, known, years),
            **_of_market(study, industry, years.size),
            "investment_cost": (
                ("member", "year"), costs["investment"][:, : years.size], _text("EUR W-1", "cost of a wind farm"),
            ),
            **public_account(study, value, industry.years, added, effects.prototypes),
            **_of_site(effects, years.size),
            "months_of_histories": (
                "history", sea_surfaces(study.certification).months_of_members, _text("month", "to a certificate"),
            ),
            "observed_cost": (
                "farm", np.array([float(farm.cost) for farm in study.costs.observed]),
                _text("EUR W-1", "cost of wind farms"),
            ),
        },
        coords={
            "year": years, "account_year": industry.years, "scenario": list(study.scenarios), "phase": list(PHASES),
            "segment": list(study.value_chain.segments), "buyer": [*study.value_chain.segments, WIND_FARMS],
            "market": list(study.jobs.markets), "mechanism": list(MECHANISMS),
            "productivity_growth": (
                "productivity_growth", FRONTIER_GROWTH, _text("year-1", "growth of labour productivity"),
            ),
            "farm": [farm.title for farm in study.costs.observed],
            "farm_year": ("farm", np.array([farm.year for farm in study.costs.observed], dtype=int)),
        },
        attrs={
            "scenario": study.reference_scenario, "market": study.market, "target_jobs": float(study.jobs.target_jobs),
            "reference_jobs": float(study.jobs.reference_jobs),
            "productivity_growth": float(study.jobs.productivity_growth),
        },
    )  # fmt: skip


def _flanders(
    study: FlandersWindFarm, value: Values, industry: Industry, edges: Graph, known: Floats, effects: SiteEffects
) -> Flanders:
    """Return shares and jobs of the region, with the test site, without it, and with one mechanism of it at a time."""
    relevance = stack_segments(study, value, "test_site_relevance")
    names = list(study.scenarios)
    growth = np.stack([value(f"scenarios.{name}.odds_growth") for name in names], axis=1)
    start = shares_elsewhere(edges, known)
    years, jobs = industry.years, industry.jobs
    nothing = np.zeros((1, years.size))
    without = whole_shares(edges, open_shares(start, growth, years - years[0], relevance, nothing))
    elsewhere = open_shares(start, growth, years - years[0], relevance, effects.log_odds_all)
    shares = whole_shares(edges, elsewhere)
    reference, target = [names.index(study.reference_scenario)], [study_years(study.jobs).size - 1]
    jobs_without = np.einsum("mcpys,myps->mcy", without, jobs)
    alone = []
    for odds in effects.log_odds:
        one = open_shares(start, growth[:, reference], (years - years[0])[target], relevance, odds[:, target])
        alone.append(np.einsum("mcpys,myps->m", whole_shares(edges, one), jobs[:, target]))
    return Flanders(
        elsewhere, shares, without, np.einsum("mcpys,myps->mcy", shares, jobs), jobs_without,
        np.stack(alone, axis=1) - jobs_without[:, reference, target],
    )  # fmt: skip


def _of_jobs(
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
        edges, flanders.elsewhere[:, reference, :, target], flanders.shares[:, reference, :, target],
        industry.jobs[:, target],
    )  # fmt: skip
    return {
        "jobs": (BY_SCENARIO, jobs, _text("1", "direct jobs with the test site")),
        "jobs_without_site": (BY_SCENARIO, without, _text("1", "direct jobs without a test site")),
        "jobs_added": (BY_SCENARIO, jobs - without, _text("1", "direct jobs that the test site adds")),
        "indirect_jobs": (BY_SCENARIO, indirect, _text("1", "jobs at suppliers outside the chain, with the site")),
        "direct_value_added": (
            BY_SCENARIO, jobs * worth[:, None, None], _text("EUR", "value added in the year by direct jobs"),
        ),
        "indirect_value_added": (
            BY_SCENARIO, indirect * worth_indirect[:, None, None],
            _text("EUR", "value added in the year by indirect jobs"),
        ),
        "market_share": (BY_SCENARIO, jobs / whole, _text("1", "share, with the test site")),
        "market_share_without_site": (BY_SCENARIO, without / whole, _text("1", "share, without a test site")),
        "segment_share": (
            (*BY_SCENARIO, "segment"), _mean_share(shares, counted),
            _text("1", "share of each segment, with the test site"),
        ),
        "segment_share_without_site": (
            (*BY_SCENARIO, "segment"), _mean_share(shares_without, counted),
            _text("1", "share of each segment, without"),
        ),
        "jobs_by_segment": (
            BY_SEGMENT, shares[:, reference].swapaxes(1, 2) * counted,
            _text("1", "direct jobs with the test site, reference scenario"),
        ),
        "jobs_by_buyer": (
            ("member", "phase", "segment", "buyer"), by_buyer,
            _text("1", "direct jobs in the target year by who buys the work, with the test site, reference scenario"),
        ),
        "jobs_of_market": (BY_SEGMENT, counted, _text("1", "jobs of the whole market, as counted")),
        "value_added_per_job": ("member", worth, _text("EUR year-1", "value added per job")),
    }  # fmt: skip


def _of_target(
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
    kept = np.stack([industry.kept(name, known)[:, : years.size] for name in study.jobs.markets], axis=1)
    ratio = study.jobs.target_jobs / kept[..., -1]
    of_market = list(study.jobs.markets).index(study.market)
    # General growth divides the jobs of every segment alike, so that the factor follows for any growth.
    general = (1.0 + FRONTIER_GROWTH) / (1.0 + value("jobs.productivity_growth"))[:, None]
    frontier = ratio[:, :, None] * general[:, None, :] ** float(years[-1] - years[0])
    per_scenario = ("member", "scenario")
    return {
        "jobs_target": (
            per_scenario, jobs,
            {**_text("1", "direct jobs in the target year, with the site"), "threshold": float(study.jobs.target_jobs)},
        ),
        "jobs_added_target": (
            per_scenario, jobs - flanders.jobs_without[..., target],
            _text("1", "jobs that the site adds in the target year"),
        ),
        "jobs_added_by_mechanism": (
            ("member", "mechanism"), flanders.jobs_alone,
            _text("1", "jobs in the target year by one mechanism alone"),
        ),
        "jobs_kept": (BY_MARKET, kept, _text("1", "direct jobs with the shares of the reference year kept")),
        "required_share_ratio": (
            ("member", "market"), ratio, _text("1", "factor on the share of the reference year that gives the target"),
        ),
        "required_share_factor": (
            "member", ratio[:, of_market], _text("1", "the same in the market of the study"),
        ),
        "frontier_factor": (
            ("member", "market", "productivity_growth"), frontier,
            _text("1", "the same, against the general growth of productivity"),
        ),
        "reached_share_factor": (
            per_scenario, jobs / kept[:, of_market, -1][:, None],
            _text("1", "jobs in the target year, with the site, over those with the shares of the reference year"),
        ),
        "productivity_gain": ("member", gain, _text("year-1", "yearly growth of productivity, learning included")),
        "scope": ("member", industry.scope, _text("1", "jobs counted per job of the model")),
    }  # fmt: skip


def _of_market(study: FlandersWindFarm, industry: Industry, count: int) -> Variables:
    """Return the markets over the years of the study."""

    def stacked(paths: dict[str, Floats]) -> Floats:
        return np.stack([path[:, :count] for path in paths.values()], axis=1)

    work = {name: path[..., 0] for name, path in industry.powers.items()}
    effort = industry.scope[:, None, None] * industry.efforts[study.market][:, :count]
    return {
        "installed": (BY_MARKET, stacked(industry.installed), _text("W", "power installed in the year")),
        "worked_on": (BY_MARKET, stacked(work), _text("W", "power on which the work of a year is done in the year")),
        "operating": (BY_MARKET, stacked(industry.operating), _text("W", "power operating at the year's end")),
        "jobs_per_power": (
            ("member", "year", "phase"), effort,
            _text("W-1", "jobs of the whole market per power worked on or operating, as counted"),
        ),
    }  # fmt: skip


def _text(units: str, long_name: str) -> dict[str, object]:
    """Return the attributes of a variable."""
    return {"units": units, "long_name": long_name}


def _costs(value: Values, operating: Floats) -> dict[str, Floats]:
    """Return the cost of a wind farm over the years, and its yearly cost over its life in the first year."""
    rate, life = value("returns.discount_rate"), value("costs.life")
    annuity = rate / -np.expm1(-life * np.log1p(rate))
    first = value("costs.investment")
    return {
        "investment": first[:, None] * learned(operating, value("learning.cost")),
        "lifetime": first * annuity + value("costs.operation"),
    }


def _mean_share(shares: Floats, counted: Floats) -> Floats:
    """Return the share of every segment over both phases, weighted by jobs, (member, scenario, year, segment)."""
    segments = counted.sum(axis=2)
    weighted = np.einsum("mcpys,myps->mcys", shares, counted)
    even = shares.mean(axis=2)  # of a segment without jobs in the market
    return np.asarray(
        np.where(segments[:, None] > 0.0, weighted / np.where(segments > 0.0, segments, 1.0)[:, None], even)
    )


def _of_site(effects: SiteEffects, count: int) -> Variables:
    """Return what the site does, as variables."""
    over_years = ("member", "year")
    return {
        "months_to_certificate": ("member", effects.months_with, _text("month", "to a certificate at the site")),
        "months_elsewhere": ("member", effects.months_without, _text("month", "to a certificate elsewhere")),
        "months_saved": (
            "member", effects.months_without - effects.months_with, _text("month", "saved on the way to a certificate"),
        ),
        "prototypes": ("member", effects.prototypes, _text("year-1", "prototypes that the site certifies")),
        "failure_rate_before": ("member", effects.rate_before, _text("year-1", "failures of a new turbine design")),
        "failure_rate_after": ("member", effects.rate_after, _text("year-1", "failures of a turbine, as tested")),
        "fleet_saving": (
            "member", effects.saving, _text("EUR W-1 year-1", "saved by a fleet of tested turbines in its first years"),
        ),
        "references": (over_years, effects.references_with[:, :count], _text("1", "references with the site")),
        "references_without_site": (
            over_years, effects.references_without[:, :count], _text("1", "references without"),
        ),
        "knowledge": (
            over_years, effects.knowledge[:, :count], _text("W", "power that teaches as much as the site"),
        ),
    }  # fmt: skip
