"""What the test site costs the public budget, and what comes back."""

import numpy as np
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.studies.flanders_wind_farm.model.roadmap import Dates
from testsite_sim.studies.framework.calendar import part_of_years
from testsite_sim.studies.framework.uncertainty import Values

Variable = tuple[tuple[str, ...], Floats, dict[str, object]]


def public_account(
    value: Values,
    years: NDArray[np.int64],
    jobs_added: Floats,
    prototypes: Floats,
    *,
    dates: Dates,
    at_target: int,
) -> dict[str, Variable]:
    """Return the account of the public budget over the life of the test site and what follows from it.

    The public budget pays its part of the investment, evenly over the construction, the same part of the removal in the
    year after the life, and what operation costs beyond the fees of the berths; taxes and contributions come back on
    the value added of the jobs that would not have been there. What the site adds after its end is not counted.

    Parameters
    ----------
    value : callable
        Values of the members by dotted path.
    years : array, (account_year,)
        Calendar years, at least to the end of the life of the site.
    jobs_added : array, (member, scenario, account_year)
        By the test site.
    prototypes : array, (member,)
        Which the site certifies [1/year].
    dates : Dates
        When the site is built and opens.
    at_target : int
        Place of the target year among the years.

    Returns
    -------
    dict of str to variable
        public_cost, industry_cost (member, account_year), public_return, public_balance (cumulative, discounted to the
        first year), value_added (member, scenario, account_year) [EUR]; job_years_per_public_money [1/EUR],
        benefit_cost_ratio [1], net_public_value, net_public_value_target [EUR], payback_year (member, scenario),
        infinite where the public budget is not paid back by the end; closing_year (member).
    """
    opening, begun = dates.opening[:, None], dates.construction[:, None]
    closing = opening + value("test_site.life")[:, None]
    built = part_of_years(years, begun, opening) / (opening - begun)
    open_part = part_of_years(years, opening, closing)
    removed = part_of_years(years, closing, closing + 1.0)
    # Of a site that closes with the last year, the removal falls into that year.
    removed[:, -1] += 1.0 - removed.sum(axis=1)
    running = np.maximum(value("test_site.operating_cost") - value("test_site.berth_fee") * prototypes, 0.0)[:, None]
    works = value("test_site.investment")[:, None] * built + value("test_site.decommissioning")[:, None] * removed
    cost = value("test_site.public_share")[:, None] * works + running * open_part
    whole_cost = works + value("test_site.operating_cost")[:, None] * open_part
    jobs_open = jobs_added * open_part[:, None]
    net_jobs = jobs_open * value("returns.additionality")[:, None, None]
    value_added = net_jobs * value("returns.value_added_per_job")[:, None, None]
    public_return = value_added * value("returns.fiscal_share")[:, None, None]
    discount = (1.0 + value("returns.discount_rate"))[:, None] ** -(years - years[0])
    balance = np.cumsum((public_return - cost[:, None]) * discount[:, None], axis=2)
    spent = np.cumsum(cost * discount, axis=1)[:, None] > 0.0
    # Paid back for good: from the first year on, after spending has begun, in which the balance stays above zero.
    stays = np.flip(np.logical_and.accumulate(np.flip(balance >= 0.0, axis=2), axis=2), axis=2) & spent
    payback = np.where(stays.any(axis=2), years[np.argmax(stays, axis=2)], np.inf)
    by_scenario, over_years = ("member", "scenario"), ("member", "scenario", "account_year")
    money: dict[str, object] = {"units": "EUR"}
    return {
        "public_cost": (("member", "account_year"), cost, {**money, "long_name": "public money for the test site"}),
        "industry_cost": (
            ("member", "account_year"),
            whole_cost - cost,
            {**money, "long_name": "money of industry for the test site: its part of the works, and fees of berths"},
        ),
        "public_return": (over_years, public_return, {**money, "long_name": "taxes and contributions that come back"}),
        "public_balance": (over_years, balance, {**money, "long_name": "cumulative discounted public balance"}),
        "value_added": (over_years, value_added, {**money, "long_name": "value added by the test site, net"}),
        "job_years_per_public_money": (
            by_scenario,
            net_jobs.sum(axis=2) / cost.sum(axis=1)[:, None],
            {"units": "EUR-1", "long_name": "job-years added per public money, net, over the life of the site"},
        ),
        "benefit_cost_ratio": (
            by_scenario,
            (value_added * discount[:, None]).sum(axis=2) / (whole_cost * discount).sum(axis=1)[:, None],
            {"units": "1", "long_name": "value added over cost, public and private, discounted", "threshold": 1.0},
        ),
        "net_public_value": (
            by_scenario,
            balance[..., -1],
            {**money, "long_name": "public balance at the end of the site", "threshold": 0.0},
        ),
        "net_public_value_target": (
            by_scenario,
            balance[..., at_target],
            {**money, "long_name": "public balance by the target year"},
        ),
        "payback_year": (by_scenario, payback, {"units": "1", "long_name": "year in which public money is repaid"}),
        "closing_year": (("member",), closing[:, 0], {"units": "1", "long_name": "end of the site's life"}),
    }
