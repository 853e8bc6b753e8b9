"""The study Flanders Wind Farm for every member at once: market, shares, jobs, money."""

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from testsite_sim.configuration.study_wind import FlandersWindFarm
from testsite_sim.studies.jobs import required_share
from testsite_sim.studies.uncertainty import Draws, Values, sampled
from testsite_sim.studies.wind.at_sea import sea_surfaces
from testsite_sim.studies.wind.market import build_out, learned, study_years
from testsite_sim.studies.wind.money import public_account
from testsite_sim.studies.wind.shares import MECHANISMS, SiteEffects, segment_shares, site_effects

Floats = NDArray[np.float64]
PHASES = ("investment", "operation")
FRONTIER_GROWTH = np.linspace(0.0, 0.12, 25)  # of labour productivity [1/year]
_ONE = {"units": "1"}


def simulate_flanders_wind_farm(study: FlandersWindFarm, draws: Draws) -> xr.Dataset:
    """Return jobs, shares, what the test site adds, and what it costs.

    Jobs of a segment are its share of the European market times the jobs of the market in it, per power installed in
    the year and per power operating, less what learning and productivity save; a factor of scope, the same in every
    year, makes the jobs of the reference year those that are known.

    Parameters
    ----------
    study : FlandersWindFarm
        The configuration.
    draws : mapping of str to array, (member,)
        SI values by dotted path.

    Returns
    -------
    xarray.Dataset, dims (member, scenario, year, segment, phase, market, mechanism, …)
        See `docs/methods/studies.md` for the variables.

    Raises
    ------
    ConfigurationError
        When a market or a year is missing, or no path of the market fits what is stated.
    """
    value = sampled(study, draws)
    years = study_years(study.jobs)
    markets = {name: build_out(study.jobs, name, value) for name in study.jobs.markets}
    installed, operating = markets[study.market]
    efforts = {name: _jobs_per_power(value, years, powers[1]) for name, powers in markets.items()}
    per_power = {name: efforts[name] * np.stack(powers, axis=2) for name, powers in markets.items()}
    weights = _weights(study, value)  # (member, phase, segment)
    shares = _stack(study, value, "flemish_share")
    modelled = np.einsum("mp,mps,ms->m", per_power[study.market][:, 0], weights, shares)
    scope = study.jobs.reference_jobs / modelled
    share_of_power = np.einsum("ms,ms->m", shares, weights[:, 0])
    costs = _costs(value, operating)
    learned_market = per_power[study.market].sum(axis=2)
    unlearned = (
        value("jobs.jobs_per_installed") * installed[:, -1] + value("jobs.jobs_per_operating") * operating[:, -1]
    )
    gain = (unlearned / learned_market[:, -1]) ** (1.0 / (years[-1] - years[0])) - 1.0
    effects = site_effects(study, value, years, share_of_power[:, None] * operating, costs["lifetime"])
    relevance = _stack(study, value, "test_site_relevance")
    names = list(study.scenarios)
    growth = np.stack([value(f"scenarios.{name}.odds_growth") for name in names], axis=1)
    nothing = np.zeros((1, 1, 1))
    without = segment_shares(shares, growth, years, relevance, nothing)
    with_site = segment_shares(shares, growth, years, relevance, effects.log_odds_all[:, None])
    # Jobs of the market by segment and phase, as counted: (member, year, phase, segment).
    counted = np.einsum("m,myp,mps->myps", scope, per_power[study.market], weights)
    jobs_with = np.einsum("mcys,myps->mcy", with_site, counted)
    jobs_without = np.einsum("mcys,myps->mcy", without, counted)
    reference = names.index(study.reference_scenario)
    target_market = counted[:, -1].sum(axis=1)  # (member, segment)
    alone = np.stack(
        [
            segment_shares(shares, growth[:, reference], years, relevance, odds)[:, -1]
            for odds in effects.log_odds
        ],
        axis=1,
    )  # fmt: skip
    by_mechanism = np.einsum("mks,ms->mk", alone - without[:, None, reference, -1], target_market)
    kept = {name: _kept_jobs(scope, shares, weights, per_power[name]) for name in markets}
    money = public_account(study, value, years, jobs_with - jobs_without, effects.prototypes)
    per_cs, per_c, per_cy = (
        ("member", "scenario", "year", "segment"),
        ("member", "scenario"),
        ("member", "scenario", "year"),
    )
    total_weight = counted.sum(axis=2)
    dataset = xr.Dataset(
        {
            "jobs": (per_cy, jobs_with, _text("1", "direct jobs with the test site")),
            "jobs_without_site": (per_cy, jobs_without, _text("1", "direct jobs without a test site")),
            "jobs_added": (per_cy, jobs_with - jobs_without, _text("1", "direct jobs that the test site adds")),
            "market_share": (per_cy, _mean_share(with_site, total_weight), _text("1", "share, with the test site")),
            "market_share_without_site": (
                per_cy, _mean_share(without, total_weight), _text("1", "share, without a test site"),
            ),
            "segment_share": (per_cs, with_site, _text("1", "share of each segment, with the test site")),
            "segment_share_without_site": (per_cs, without, _text("1", "share of each segment, without")),
            "jobs_by_segment": (
                ("member", "year", "phase", "segment"), with_site[:, reference, :, None, :] * counted,
                _text("1", "direct jobs with the test site, reference scenario"),
            ),
            "jobs_of_market": (
                ("member", "year", "phase", "segment"), counted, _text("1", "jobs of the whole market, as counted"),
            ),
            "jobs_kept": (
                ("member", "market", "year"), np.stack(list(kept.values()), axis=1),
                _text("1", "direct jobs with the shares of the reference year kept"),
            ),
            "installed": (
                ("member", "market", "year"), np.stack([powers[0] for powers in markets.values()], axis=1),
                _text("W", "power installed in the year"),
            ),
            "operating": (
                ("member", "market", "year"), np.stack([powers[1] for powers in markets.values()], axis=1),
                _text("W", "power operating at the year's end"),
            ),
            "jobs_per_power": (
                ("member", "year", "phase"),
                scope[:, None, None] * efforts[study.market],
                _text("W-1", "jobs of the whole market per power installed or operating, as counted"),
            ),
            "investment_cost": (("member", "year"), costs["investment"], _text("EUR W-1", "cost of a wind farm")),
            "value_added_per_job": (
                "member", value("returns.value_added_per_job"), _text("EUR year-1", "value added per job"),
            ),
            "scope": ("member", scope, _text("1", "jobs counted per job of the model")),
            "productivity_gain": ("member", gain, _text("year-1", "yearly growth of productivity, learning included")),
            "effective_share": (
                per_c, jobs_with[..., -1] / learned_market[:, -1:],
                _text("1", "jobs in the target year over those of the whole market, without the factor of scope"),
            ),
            "jobs_target": (
                per_c, jobs_with[..., -1],
                {**_text("1", "direct jobs in the target year, with the site"),
                 "threshold": float(study.jobs.target_jobs)},
            ),
            "jobs_added_target": (
                per_c, (jobs_with - jobs_without)[..., -1], _text("1", "jobs that the site adds in the target year"),
            ),
            "required_share_ratio": (
                ("member", "market"),
                study.jobs.target_jobs / np.stack([jobs[:, -1] for jobs in kept.values()], axis=1),
                _text("1", "factor on the share of the reference year that gives the target"),
            ),
            "jobs_added_by_mechanism": (
                ("member", "mechanism"), by_mechanism, _text("1", "jobs in the target year by one mechanism alone"),
            ),
            **money,
            **_of_site(effects),
        },
        coords={
            "year": years, "scenario": names, "segment": list(study.value_chain.segments), "phase": list(PHASES),
            "market": list(markets), "mechanism": list(MECHANISMS),
        },
        attrs={
            "scenario": study.reference_scenario, "market": study.market, "target_jobs": float(study.jobs.target_jobs),
            "reference_jobs": float(study.jobs.reference_jobs),
        },
    )  # fmt: skip
    observed = study.costs.observed
    dataset["observed_cost"] = ("farm", [float(farm.cost) for farm in observed], _text("EUR W-1", "cost of wind farms"))
    dataset = dataset.assign_coords(
        farm=[farm.title for farm in observed],
        farm_year=("farm", np.array([farm.year for farm in observed], dtype=int)),
    )
    dataset["required_share_factor"] = dataset["required_share_ratio"].sel(market=study.market, drop=True)
    frontier = required_share(study.jobs, FRONTIER_GROWTH)
    surfaces = sea_surfaces(study.certification)
    dataset["months_of_histories"] = ("history", surfaces.months_of_members, _text("month", "to a certificate"))
    return dataset.merge(frontier.rename(required_share="frontier_share")).assign_attrs(dataset.attrs)


def _text(units: str, long_name: str) -> dict[str, str]:
    """Return the attributes of a variable."""
    return {"units": units, "long_name": long_name}


def _jobs_per_power(value: Values, years: NDArray[np.int64], operating: Floats) -> Floats:
    """Return the jobs per power installed and operating, before the factor of scope, (member, year, phase) [1/W]."""
    general = (1.0 + value("jobs.productivity_growth"))[:, None] ** -(years - years[0])
    phases = (
        ("jobs.jobs_per_installed", "learning.investment"),
        ("jobs.jobs_per_operating", "learning.operation"),
    )
    return np.stack(
        [value(jobs)[:, None] * learned(operating, value(rate)) * general for jobs, rate in phases],
        axis=2,
    )


def _stack(study: FlandersWindFarm, value: Values, name: str) -> Floats:
    """Return a quantity of every segment, (member, segment)."""
    return np.stack([value(f"value_chain.segments.{segment}.{name}") for segment in study.value_chain.segments], axis=1)


def _weights(study: FlandersWindFarm, value: Values) -> Floats:
    """Return the part of each segment in the jobs of each phase, adding up to one, (member, phase, segment)."""
    weights = np.stack([_stack(study, value, f"{phase}_weight") for phase in PHASES], axis=1)
    return np.asarray(weights / weights.sum(axis=2, keepdims=True))


def _costs(value: Values, operating: Floats) -> dict[str, Floats]:
    """Return the cost of a wind farm over the years, and its yearly cost over its life in the first year."""
    rate, life = value("returns.discount_rate"), value("costs.life")
    annuity = rate / -np.expm1(-life * np.log1p(rate))
    first = value("costs.investment")
    return {
        "investment": first[:, None] * learned(operating, value("learning.cost")),
        "lifetime": first * annuity + value("costs.operation"),
    }


def _mean_share(shares: Floats, weights: Floats) -> Floats:
    """Return the share of the whole chain, weighted by the jobs of the market, (member, scenario, year)."""
    return np.asarray(np.einsum("mcys,mys->mcy", shares, weights) / weights.sum(axis=2)[:, None])


def _kept_jobs(scope: Floats, shares: Floats, weights: Floats, per_power: Floats) -> Floats:
    """Return the jobs with the shares of the reference year kept, (member, year)."""
    return np.asarray(np.einsum("m,myp,mps,ms->my", scope, per_power, weights, shares))


def _of_site(effects: SiteEffects) -> dict[str, object]:
    """Return what the site does, as variables."""
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
        "references": (("member", "year"), effects.references_with, _text("1", "references with the site")),
        "references_without_site": (("member", "year"), effects.references_without, _text("1", "references without")),
        "knowledge": (("member", "year"), effects.knowledge, _text("W", "power that teaches as much as the site")),
    }  # fmt: skip
