"""The study Flanders Wind Farm for every member at once: market, value chain, shares, jobs, money, outlook."""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.identity import kept_by_identity
from testsite_sim.studies.flanders_wind_farm.configuration.study import FlandersWindFarm
from testsite_sim.studies.flanders_wind_farm.model.basis import Basis
from testsite_sim.studies.flanders_wind_farm.model.fund import fund_account, vessel_account
from testsite_sim.studies.flanders_wind_farm.model.hindcast import STEPS, of_hindcast, simulate_hindcast
from testsite_sim.studies.flanders_wind_farm.model.industry import (
    Industry,
    account_years,
    simulate_industry,
    stack_segments,
)
from testsite_sim.studies.flanders_wind_farm.model.market import learned, study_years
from testsite_sim.studies.flanders_wind_farm.model.money import public_account
from testsite_sim.studies.flanders_wind_farm.model.outlook import known_years
from testsite_sim.studies.flanders_wind_farm.model.roadmap import Dates, step_dates
from testsite_sim.studies.flanders_wind_farm.model.shares import MECHANISMS, SiteEffects, open_shares, site_effects
from testsite_sim.studies.flanders_wind_farm.model.today import of_today
from testsite_sim.studies.flanders_wind_farm.model.value_chain import (
    PHASES,
    Graph,
    graph,
    shares_elsewhere,
    whole_shares,
)
from testsite_sim.studies.flanders_wind_farm.model.variables import (
    FRONTIER_GROWTH,
    Flanders,
    Variables,
    described,
    of_jobs,
    of_market,
    of_site,
    of_target,
)
from testsite_sim.studies.framework.annuity import annuity
from testsite_sim.studies.framework.uncertainty import Draws, Values, sampled

WIND_FARMS = "wind farms"  # who buys what segments do not sell to each other
HEADLINE_DIMS = {"member", "scenario"}
PERIODS = ("then", "today")


def simulate_flanders_wind_farm(study: FlandersWindFarm, basis: Basis, draws: Draws) -> xr.Dataset:
    """Return jobs, shares, what the test site adds, what it costs; vessel, fund, roadmap, hindcast and outlook.

    Jobs of a segment are its share of the European market times the jobs of the market in it, per power worked on and
    per power operating, less what learning and productivity save; a factor of scope, the same in every year, makes the
    jobs of the reference year those that are known. Segments supply each other, and buy at home more readily.

    Parameters
    ----------
    study : FlandersWindFarm
        The configuration.
    basis : Basis
        What all members share, see `simulate_basis`.
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
    world = _world(study, basis, value)
    industry, edges, known, costs = world.industry, world.edges, world.known, world.costs
    dates, then, flanders = world.dates, world.then, world.flanders
    vessel = vessel_account(study, value, basis.campaigns, industry, years.size - 1)
    return xr.Dataset(
        {
            **of_jobs(study, value, industry, edges, flanders, years.size),
            **of_target(study, value, industry, flanders, known, years),
            "jobs_added_by_mechanism": (
                ("member", "mechanism"),
                _jobs_alone(study, value, world),
                described("1", "jobs in the target year by one mechanism alone"),
            ),
            **of_market(study, industry, years.size),
            "investment_cost": (
                ("member", "year"),
                costs["investment"][:, : years.size],
                described("EUR W-1", "cost of a wind farm"),
            ),
            **_account_of_then(value, world, years.size - 1),
            **of_site(then, years.size),
            **_of_roadmap(dates),
            **vessel,
            **fund_account(study, value, vessel),
            **of_hindcast(study, simulate_hindcast(study, value, industry)),
            **_of_now(study, basis, value, world),
            "months_of_histories": (
                "history",
                basis.sea.months_of_members,
                described("month", "to a certificate"),
            ),
            "observed_cost": (
                "farm",
                np.array([float(value(f"costs.observed.{k}.cost")[0]) for k in range(len(study.costs.observed))]),
                described("EUR W-1", "cost of wind farms"),
            ),
        },
        coords=_coordinates(study, industry, years),
        attrs={
            "scenario": study.reference_scenario,
            "market": study.market,
            "outlook_market": study.outlook.market,
            "target_jobs": float(study.jobs.target_jobs),
            "reference_jobs": float(study.jobs.reference_jobs),
            "productivity_growth": float(study.jobs.productivity_growth),
            "spread": basis.spread,
        },
    )


def rank_flanders_wind_farm(study: FlandersWindFarm, basis: Basis, draws: Draws) -> xr.Dataset:
    """Return the outputs on which the study is judged, in its reference scenario and market, and no others."""
    alone, value = _reference(study), sampled(study, draws)
    years = study_years(alone.jobs)
    world = _world(alone, basis, value)
    found = {
        **of_target(alone, value, world.industry, world.flanders, world.known, years),
        **_account_of_then(value, world, years.size - 1),
        **_of_now(alone, basis, value, world),
        "months_saved": of_site(world.then, years.size)["months_saved"],
    }
    # What has neither a year nor a segment: the headlines are among it.
    judged = {name: variable for name, variable in found.items() if set(np.atleast_1d(variable[0])) <= HEADLINE_DIMS}
    return xr.Dataset(judged, coords={"scenario": list(alone.scenarios)}, attrs={"scenario": alone.reference_scenario})


@kept_by_identity
def _reference(study: FlandersWindFarm) -> FlandersWindFarm:
    """Return the study with its reference scenario and market alone."""
    scenario, market = study.reference_scenario, study.outlook.market
    return study.model_copy(
        update={
            "scenarios": {scenario: study.scenarios[scenario]},
            "outlook": study.outlook.model_copy(update={"markets": {market: study.outlook.markets[market]}}),
        }
    )


@dataclass(frozen=True)
class _World:
    """What all outputs of the members are made of."""

    industry: Industry
    edges: Graph
    known: Floats  # Flemish share of every segment (member, segment)
    costs: dict[str, Floats]
    dates: list[Dates]  # of the roadmap of then, and of today
    then: SiteEffects
    now: SiteEffects
    flanders: Flanders


def _world(study: FlandersWindFarm, basis: Basis, value: Values) -> _World:
    """Return the industry with and without the test site, and what the test site does, then and now."""
    industry = simulate_industry(study, value, account_years(study))
    edges = graph(study.value_chain, value)
    known = stack_segments(study, value, "flemish_share")
    costs = _costs(value, industry.operating[study.market])
    experience = np.einsum("ms,ms->m", known, industry.weights[:, 0])[:, None] * industry.operating[study.market]
    dates = [step_dates(study.roadmap, value, value(path)) for path in ("roadmap.start", "outlook.roadmap_start")]
    then, now = (
        site_effects(study, basis.sea, value, industry.years, experience, costs["lifetime"], each.opening)
        for each in dates
    )
    flanders = _flanders(study, value, industry, edges, known, then)
    return _World(industry, edges, known, costs, dates, then, now, flanders)


def _account_of_then(value: Values, world: _World, target: int) -> Variables:
    """Return what the test site costs and returns whose roadmap began in the year of the study."""
    added = world.flanders.jobs - world.flanders.jobs_without
    return {
        **public_account(
            value, world.industry.years, added, world.then.prototypes, dates=world.dates[0], at_target=target
        )
    }


def _of_now(study: FlandersWindFarm, basis: Basis, value: Values, world: _World) -> Variables:
    """Return the industry from today on, and a test site of today."""
    return of_today(study, value, basis.spread, world.industry, world.edges, world.known, world.now, world.dates[1])


def _coordinates(study: FlandersWindFarm, industry: Industry, years: NDArray[np.int64]) -> dict[str, object]:
    """Return the coordinates of the results."""
    today = known_years(study)
    return {
        "year": years,
        "account_year": industry.years,
        "outlook_year": np.arange(today, study.outlook.last_year + 1),
        "scenario": list(study.scenarios),
        "phase": list(PHASES),
        "segment": list(study.value_chain.segments),
        "buyer": [*study.value_chain.segments, WIND_FARMS],
        "market": list(study.jobs.markets),
        "outlook_market": list(study.outlook.markets),
        "lot": list(study.outlook.zone.lots),
        "mechanism": list(MECHANISMS),
        "known": list(STEPS),
        "count": [count.title for count in study.hindcast.counts],
        "count_year": ("count", np.array([count.year for count in study.hindcast.counts], dtype=int)),
        "period": list(PERIODS),
        "step": list(study.roadmap.steps),
        "step_leads": ("step", [step.leads for step in study.roadmap.steps.values()]),
        "productivity_growth": (
            "productivity_growth",
            FRONTIER_GROWTH,
            described("year-1", "growth of labour productivity"),
        ),
        "farm": [farm.title for farm in study.costs.observed],
        "farm_year": ("farm", np.array([farm.year for farm in study.costs.observed], dtype=int)),
    }


def _of_roadmap(dates: list[Dates]) -> Variables:
    """Return the dates of the roadmap of then and of today."""
    by_step = ("member", "period", "step")
    return {
        "step_begin": (
            by_step,
            np.stack([each.begin for each in dates], axis=1),
            described("1", "begin of a step of the roadmap, calendar year"),
        ),
        "step_end": (
            by_step,
            np.stack([each.end for each in dates], axis=1),
            described("1", "end of a step of the roadmap, calendar year"),
        ),
        "opening_year": (
            ("member", "period"),
            np.stack([each.opening for each in dates], axis=1),
            described("1", "opening of the test site, calendar year"),
        ),
    }


def _flanders(
    study: FlandersWindFarm, value: Values, industry: Industry, edges: Graph, known: Floats, effects: SiteEffects
) -> Flanders:
    """Return shares and jobs of the region, with the test site and without it."""
    relevance = stack_segments(study, value, "test_site_relevance")
    growth = _odds_growth(study, value)
    start = shares_elsewhere(edges, known)
    years, jobs = industry.years, industry.jobs
    nothing = np.zeros((1, years.size))
    without = whole_shares(edges, open_shares(start, growth, years - years[0], relevance, nothing))
    elsewhere = open_shares(start, growth, years - years[0], relevance, effects.log_odds_all)
    shares = whole_shares(edges, elsewhere)
    jobs_without = np.einsum("mcpys,myps->mcy", without, jobs)
    return Flanders(elsewhere, shares, without, np.einsum("mcpys,myps->mcy", shares, jobs), jobs_without)


def _jobs_alone(study: FlandersWindFarm, value: Values, world: _World) -> Floats:
    """Return the jobs that each mechanism alone adds in the target year, reference scenario, (member, mechanism)."""
    years, jobs = world.industry.years, world.industry.jobs
    start, growth = shares_elsewhere(world.edges, world.known), _odds_growth(study, value)
    relevance = stack_segments(study, value, "test_site_relevance")
    reference = [list(study.scenarios).index(study.reference_scenario)]
    target = [study_years(study.jobs).size - 1]
    alone = []
    for odds in world.then.log_odds:
        one = open_shares(start, growth[:, reference], (years - years[0])[target], relevance, odds[:, target])
        alone.append(np.einsum("mcpys,myps->m", whole_shares(world.edges, one), jobs[:, target]))
    return np.stack(alone, axis=1) - world.flanders.jobs_without[:, reference, target]


def _odds_growth(study: FlandersWindFarm, value: Values) -> Floats:
    """Return the yearly growth of the odds of an order without a test site, (member, scenario)."""
    return np.stack([value(f"scenarios.{name}.odds_growth") for name in study.scenarios], axis=1)


def _costs(value: Values, operating: Floats) -> dict[str, Floats]:
    """Return the cost of a wind farm over the years, and its yearly cost over its life in the first year."""
    yearly = annuity(value("returns.discount_rate"), value("costs.life"))
    first = value("costs.investment")
    return {
        "investment": first[:, None] * learned(operating, value("learning.cost")),
        "lifetime": first * yearly + value("costs.operation"),
    }
