"""The study Flanders Wind Farm for every member at once: market, value chain, shares, jobs, money."""

import numpy as np
import xarray as xr
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.studies.flanders_wind_farm.configuration.study import FlandersWindFarm
from testsite_sim.studies.flanders_wind_farm.model.at_sea import SeaSurfaces
from testsite_sim.studies.flanders_wind_farm.model.industry import (
    Industry,
    account_years,
    simulate_industry,
    stack_segments,
)
from testsite_sim.studies.flanders_wind_farm.model.market import learned, study_years
from testsite_sim.studies.flanders_wind_farm.model.money import public_account
from testsite_sim.studies.flanders_wind_farm.model.shares import MECHANISMS, SiteEffects, open_shares, site_effects
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
    described,
    of_jobs,
    of_market,
    of_site,
    of_target,
)
from testsite_sim.studies.framework.uncertainty import Draws, Values, sampled

WIND_FARMS = "wind farms"  # who buys what segments do not sell to each other


def simulate_flanders_wind_farm(study: FlandersWindFarm, sea: SeaSurfaces, draws: Draws) -> xr.Dataset:
    """Return jobs, shares, what the test site adds, and what it costs.

    Jobs of a segment are its share of the European market times the jobs of the market in it, per power worked on and
    per power operating, less what learning and productivity save; a factor of scope, the same in every year, makes the
    jobs of the reference year those that are known. Segments supply each other, and buy at home more readily.

    Parameters
    ----------
    study : FlandersWindFarm
        The configuration.
    sea : SeaSurfaces
        Responses of the simulation at sea, see `simulate_sea`.
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
    effects = site_effects(study, sea, value, industry.years, experience, costs["lifetime"])
    flanders = _flanders(study, value, industry, edges, known, effects)
    added = flanders.jobs - flanders.jobs_without
    return xr.Dataset(
        {
            **of_jobs(study, value, industry, edges, flanders, years.size),
            **of_target(study, value, industry, flanders, known, years),
            **of_market(study, industry, years.size),
            "investment_cost": (
                ("member", "year"),
                costs["investment"][:, : years.size],
                described("EUR W-1", "cost of a wind farm"),
            ),
            **public_account(study, value, industry.years, added, effects.prototypes),
            **of_site(effects, years.size),
            "months_of_histories": (
                "history",
                sea.months_of_members,
                described("month", "to a certificate"),
            ),
            "observed_cost": (
                "farm",
                np.array([float(farm.cost) for farm in study.costs.observed]),
                described("EUR W-1", "cost of wind farms"),
            ),
        },
        coords={
            "year": years,
            "account_year": industry.years,
            "scenario": list(study.scenarios),
            "phase": list(PHASES),
            "segment": list(study.value_chain.segments),
            "buyer": [*study.value_chain.segments, WIND_FARMS],
            "market": list(study.jobs.markets),
            "mechanism": list(MECHANISMS),
            "productivity_growth": (
                "productivity_growth",
                FRONTIER_GROWTH,
                described("year-1", "growth of labour productivity"),
            ),
            "farm": [farm.title for farm in study.costs.observed],
            "farm_year": ("farm", np.array([farm.year for farm in study.costs.observed], dtype=int)),
        },
        attrs={
            "scenario": study.reference_scenario,
            "market": study.market,
            "target_jobs": float(study.jobs.target_jobs),
            "reference_jobs": float(study.jobs.reference_jobs),
            "productivity_growth": float(study.jobs.productivity_growth),
        },
    )


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
        elsewhere,
        shares,
        without,
        np.einsum("mcpys,myps->mcy", shares, jobs),
        jobs_without,
        np.stack(alone, axis=1) - jobs_without[:, reference, target],
    )


def _costs(value: Values, operating: Floats) -> dict[str, Floats]:
    """Return the cost of a wind farm over the years, and its yearly cost over its life in the first year."""
    rate, life = value("returns.discount_rate"), value("costs.life")
    annuity = rate / -np.expm1(-life * np.log1p(rate))
    first = value("costs.investment")
    return {
        "investment": first[:, None] * learned(operating, value("learning.cost")),
        "lifetime": first * annuity + value("costs.operation"),
    }
