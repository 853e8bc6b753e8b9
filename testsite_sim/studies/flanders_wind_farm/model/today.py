"""The same question from today on: jobs to the end of the outlook, and a test site that opens now."""

import numpy as np
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.studies.flanders_wind_farm.configuration.study import FlandersWindFarm
from testsite_sim.studies.flanders_wind_farm.model.industry import Industry, jobs_of_outlook, stack_segments
from testsite_sim.studies.flanders_wind_farm.model.money import public_account
from testsite_sim.studies.flanders_wind_farm.model.outlook import error_of_forecast, known_years
from testsite_sim.studies.flanders_wind_farm.model.roadmap import Dates
from testsite_sim.studies.flanders_wind_farm.model.shares import SiteEffects, open_shares
from testsite_sim.studies.flanders_wind_farm.model.value_chain import Graph, shares_elsewhere, whole_shares
from testsite_sim.studies.flanders_wind_farm.model.variables import Variables, described
from testsite_sim.studies.framework.uncertainty import Values

MONEY = ("public_cost", "net_public_value", "payback_year", "benefit_cost_ratio", "job_years_per_public_money")


def of_today(
    study: FlandersWindFarm,
    value: Values,
    spread: float,
    industry: Industry,
    edges: Graph,
    known: Floats,
    effects: SiteEffects,
    dates: Dates,
) -> Variables:
    """Return jobs from today on by market and scenario, and the account of a test site that opens now.

    No test site opened: the shares of today are those of the reference year, from which each scenario goes on. Jobs
    carry the error of the hindcast; the account of the site does not, since it is a difference.

    Returns
    -------
    dict of str to variable
        outlook_operating (member, outlook_market, outlook_year) [W]; outlook_jobs (member, outlook_market, scenario,
        outlook_year), outlook_jobs_inputs: the same without the error; outlook_jobs_by_segment (member, outlook_year,
        segment); jobs_outlook (member, scenario) in the last year; today_jobs_added (member, scenario, account_year)
        and what `public_account` says of it, each named today_….
    """
    years = industry.years
    today, first = known_years(study), int(known_years(study) - years[0])
    count = study.outlook.last_year - today + 1
    ahead, outlook = slice(first, None), slice(first, first + count)
    relevance = stack_segments(study, value, "test_site_relevance")
    names = list(study.scenarios)
    growth = np.stack([value(f"scenarios.{name}.odds_growth") for name in names], axis=1)
    start, elapsed = shares_elsewhere(edges, known), years[ahead] - today
    without = whole_shares(edges, open_shares(start, growth, elapsed, relevance, np.zeros((1, elapsed.size))))
    shares = whole_shares(edges, open_shares(start, growth, elapsed, relevance, effects.log_odds_all[:, ahead]))
    added = np.einsum("mcpys,myps->mcy", shares - without, industry.jobs[:, ahead])
    error = error_of_forecast(value, spread, years[outlook], today)
    by_market, operating = [], []
    for name in study.outlook.markets:
        jobs, power = jobs_of_outlook(study, value, industry, name)
        by_market.append(np.einsum("mcpys,myps->mcy", without[..., :count, :], jobs[:, outlook]))
        operating.append(power[:, outlook])
    inputs = np.stack(by_market, axis=1)
    jobs = inputs * error[:, None, None]
    reference, market = names.index(study.reference_scenario), list(study.outlook.markets).index(study.outlook.market)
    by_segment = np.einsum("mpys,myps->mys", without[:, reference, :, :count], industry.jobs[:, outlook])
    account = public_account(
        value,
        years[ahead],
        added,
        effects.prototypes,
        dates=dates,
        at_target=study.outlook.last_year - today,
    )
    over_years = ("member", "outlook_market", "scenario", "outlook_year")
    return {
        "outlook_operating": (
            ("member", "outlook_market", "outlook_year"),
            np.stack(operating, axis=1),
            described("W", "power operating at the year's end"),
        ),
        "outlook_jobs": (over_years, jobs, described("1", "direct jobs without a test site, error included")),
        "outlook_jobs_inputs": (over_years, inputs, described("1", "the same by the ranges of the inputs alone")),
        "outlook_jobs_by_segment": (
            ("member", "outlook_year", "segment"),
            by_segment * error[..., None],
            described("1", "direct jobs without a test site, reference market and scenario"),
        ),
        "jobs_outlook": (
            ("member", "scenario"),
            jobs[:, market, :, -1],
            {
                **described("1", "direct jobs in the last year of the outlook"),
                "threshold": float(study.jobs.target_jobs),
            },
        ),
        "today_jobs_added": (
            ("member", "scenario", "outlook_year"),
            added[..., :count],
            described("1", "direct jobs that a test site of today adds"),
        ),
        **of_zone(study, value, industry),
        **{f"today_{name}": _of_today(account[name], first) for name in MONEY},
    }


def of_zone(study: FlandersWindFarm, value: Values, industry: Industry) -> Variables:
    """Return job-years and jobs of the lots of the Belgian zone, as counted and with what is learnt until then."""
    zone = np.stack([value(f"outlook.zone.lots.{name}.power") for name in study.outlook.zone.lots], axis=1)
    job_years = zone * value("outlook.zone.jobs_per_installed")[:, None]
    permanent = zone * value("outlook.zone.jobs_per_operating")[:, None]
    remains = learned_until_lots(study, value, industry)
    return {
        "zone_job_years": (
            ("member", "lot"),
            job_years,
            described("1", "direct job-years of building a lot of the Belgian zone"),
        ),
        "zone_job_years_learned": (
            ("member", "lot"),
            job_years * remains[..., 0],
            described("1", "the same job-years with what the industry learns until the lot is built"),
        ),
        "zone_permanent_jobs": (
            ("member", "lot"),
            permanent,
            described("1", "permanent jobs of operating a lot of the Belgian zone"),
        ),
        "zone_permanent_jobs_learned": (
            ("member", "lot"),
            permanent * remains[..., 1],
            described("1", "the same permanent jobs with what the industry learns until the lot operates"),
        ),
    }


def counted_year(study: FlandersWindFarm) -> int:
    """Return the year of which the jobs per power of the Belgian zone are; the reference year where none is stated."""
    quantity = study.outlook.zone.jobs_per_installed
    years = [study.findings[name].year for name in getattr(quantity, "evidence", ())]
    return next((year for year in years if year is not None), study.jobs.reference_year)


def learned_until_lots(study: FlandersWindFarm, value: Values, industry: Industry) -> Floats:
    """Return what is left of the counted jobs per power when each lot is built, (member, lot, phase)."""
    efforts, years = industry.efforts[study.market], industry.years
    counted = efforts[:, counted_year(study) - years[0]]
    built = [
        np.clip(value(f"outlook.zone.lots.{name}.expected").astype(np.int64) - years[0], 0, years.size - 1)
        for name in study.outlook.zone.lots
    ]
    members = np.arange(efforts.shape[0])
    return np.stack([efforts[members, rows] / counted for rows in built], axis=1)


def _of_today(
    variable: tuple[tuple[str, ...], Floats, dict[str, object]], first: int
) -> tuple[tuple[str, ...], Floats, dict[str, object]]:
    """Return a variable of the account of today over all years, nothing before today."""
    dims, amounts, attributes = variable
    described_today = {**attributes, "long_name": f"{attributes['long_name']}, site of today"}
    if dims[-1] != "account_year":
        return dims, amounts, described_today
    before = np.zeros((*amounts.shape[:-1], first))
    return dims, np.concatenate([before, amounts], axis=-1), described_today
