"""The share of the region in each segment: odds that grow or shrink, and what a test site adds to them.

The odds to win an order follow a logit model (McFadden, 1974): the logarithm of the odds grows with time by scenario,
with the references that the region has, and with the advantage in price that knowledge and reliability give.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.studies.flanders_wind_farm.configuration.study import FlandersWindFarm
from testsite_sim.studies.flanders_wind_farm.model.at_sea import MONTH, SeaSurfaces, failure_rates
from testsite_sim.studies.framework.uncertainty import Values

MECHANISMS = ("certification", "references", "knowledge", "reliability")
YEAR_MONTHS = 12.0


@dataclass(frozen=True)
class SiteEffects:
    """What the test site does in every member, before it reaches the shares."""

    months_with: Floats  # from arrival to certificate at the site (member,) [month]
    months_without: Floats  # elsewhere (member,) [month]
    prototypes: Floats  # that the site certifies (member,) [1/year]
    rate_before: Floats  # failures of a turbine of a new design (member,) [1/year]
    rate_after: Floats  # after the test (member,) [1/year]
    saving: Floats  # of a fleet of tested turbines (member,) [EUR/W/year]
    references_without: Floats  # (member, year)
    references_with: Floats  # (member, year)
    knowledge: Floats  # of the site, in commercial power that teaches as much (member, year) [W]
    log_odds: Floats  # added by each mechanism alone, at a relevance of one (mechanism, member, year)
    log_odds_all: Floats  # added by all together (member, year)


def site_effects(
    study: FlandersWindFarm,
    sea: SeaSurfaces,
    value: Values,
    years: NDArray[np.int64],
    flemish_operating: Floats,
    lifetime_cost: Floats,
    opening: Floats,
) -> SiteEffects:
    """Return how the test site acts in every member and year.

    Parameters
    ----------
    study : FlandersWindFarm
        The configuration.
    sea : SeaSurfaces
        Responses of the simulation at sea.
    value : callable
        Values of the members by dotted path.
    years : array, (year,)
        Calendar years; states are those at their ends.
    flemish_operating : array, (member, year)
        Operating power with Flemish content at the shares of the reference year: the experience without a site [W].
    lifetime_cost : array, (member,)
        Yearly cost of a wind farm per power, investment included [EUR/W/year].
    opening : array, (member,)
        When the test site opens, calendar year.
    """
    test_site = "certification.test_site"
    months_with, prototypes = sea.of_berths(
        value(f"{test_site}.arrivals"), value(f"{test_site}.reliability_growth.test_duration")
    )
    months_without = value("mechanisms.certification_elsewhere") / MONTH
    ends = years[None, :] + 1.0
    open_for = np.maximum(ends - opening[:, None], 0.0)
    delay_with, delay_without = (months[:, None] / YEAR_MONTHS for months in (months_with, months_without))
    obsolescence = value("mechanisms.obsolescence")[:, None]
    flow = value("mechanisms.references_without")[:, None]
    since = ends - years[0] - 1.0
    without = value("mechanisms.references_in_2009")[:, None] * np.exp(-obsolescence * since) + flow * _stock(
        obsolescence, since
    )
    novel = (prototypes * value("mechanisms.flemish_content"))[:, None]
    # Prototypes that would have gone elsewhere, and since the opening are certified sooner at the site.
    sooner = flow * np.clip(np.minimum(open_for - delay_with, delay_without - delay_with), 0.0, None)
    late = novel * _stock(obsolescence, np.maximum(open_for - delay_without, 0.0))
    early = novel * _stock(obsolescence, np.maximum(open_for - delay_with, 0.0))
    effect = value("mechanisms.reference_effect")[:, None]
    forgetting = value("mechanisms.forgetting")[:, None]
    power = (prototypes * value(f"{test_site}.prototype.rated_power") * value("mechanisms.learning_intensity"))[:, None]
    knowledge = power * _stock(forgetting, open_for)
    # Experience lowers the cost by the learning rate per doubling; a lower cost wins orders by the price sensitivity.
    doublings = np.log2(1.0 + knowledge / flemish_operating)
    cheaper = -np.log1p(-value("learning.cost"))[:, None] * doublings
    before, after = failure_rates(study.certification.test_site, value, test_site)
    price = value("certification.fleet.price")
    saving = sea.cost_of_failures(before, price) - sea.cost_of_failures(after, price)
    first_years = study.certification.fleet.years if study.certification.fleet is not None else 0
    advantage = saving * first_years / value("costs.life") / lifetime_cost * value("mechanisms.tested_share")
    tested = np.clip(open_for - delay_with, 0.0, 1.0)
    sensitivity = value("mechanisms.price_sensitivity")[:, None]
    reliable = sensitivity * advantage[:, None] * tested
    odds = np.stack(
        [
            effect * np.log1p(sooner / (1.0 + without)),
            effect * np.log1p(late / (1.0 + without)),
            sensitivity * cheaper,
            reliable,
        ]
    )
    together = effect * np.log1p((sooner + early) / (1.0 + without)) + sensitivity * cheaper + reliable
    return SiteEffects(
        months_with,
        months_without,
        prototypes,
        before,
        after,
        saving,
        without,
        without + sooner + early,
        knowledge,
        odds,
        together,
    )


def _stock(decay: Floats, duration: Floats) -> Floats:
    """Return what a flow of one per year has built up after a number of years, with an exponential decay [year]."""
    return np.asarray(-np.expm1(-decay * duration) / decay)


def open_shares(
    shares: Floats, odds_growth: Floats, elapsed: NDArray[np.int64], relevance: Floats, log_odds: Floats
) -> Floats:
    """Return the share of orders from elsewhere over the years, shape (member, scenario, phase, year, segment).

    Parameters
    ----------
    shares : array, (member, phase, segment)
        In the first year [1].
    odds_growth : array, (member, scenario)
        Growth of the odds without a test site [1/year].
    elapsed : array, (year,)
        Since the first year [year].
    relevance : array, (member, segment)
        What the test site means to a segment [1].
    log_odds : array, (member, year)
        What the test site adds to the logarithm of the odds at a relevance of one.
    """
    start = np.log(shares / (1.0 - shares))[:, None, :, None, :]
    drift = np.log1p(odds_growth)[:, :, None, None, None] * elapsed[:, None]
    odds: Floats = np.asarray(start + drift, np.float64)
    if log_odds.any():
        odds += (relevance[:, None, :] * log_odds[:, :, None])[:, None, None]
    # 1 / (1 + exp(-odds)), in place: these are the largest arrays of the study.
    np.negative(odds, out=odds)
    np.exp(odds, out=odds)
    odds += 1.0
    return np.divide(1.0, odds, out=odds)
