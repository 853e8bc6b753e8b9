"""The account of the single-lift vessel and of the fund: what is saved, whose jobs it makes, what comes back."""

import numpy as np

from testsite_sim.common.units import DAY, SECONDS_PER_YEAR
from testsite_sim.studies.flanders_wind_farm.configuration.study import FlandersWindFarm
from testsite_sim.studies.flanders_wind_farm.model.campaigns import Campaigns
from testsite_sim.studies.flanders_wind_farm.model.industry import Industry
from testsite_sim.studies.flanders_wind_farm.model.variables import Variables, described
from testsite_sim.studies.framework.uncertainty import Values

DAYS_PER_YEAR = SECONDS_PER_YEAR / DAY


def vessel_account(
    study: FlandersWindFarm, value: Values, campaigns: Campaigns, industry: Industry, target: int
) -> Variables:
    """Return what the single-lift vessel saves per power, and the jobs that it moves to the region and makes needless.

    Its owners undercut by what they do not retain of the saving, which raises the odds of the region for the orders
    that the vessel can serve (logit, as in `shares`); fewer days at sea need fewer crews.

    Returns
    -------
    dict of str to variable
        vessel_days_conventional, vessel_days_single_lift (campaign) [day]; vessel_saving [EUR/W],
        vessel_saving_share [1], vessel_rate_even [EUR] (a day, at which nothing is saved), vessel_capacity [W/year],
        vessel_jobs_won, vessel_jobs_of_crews (member).
    """
    vessel, path = study.vessel, "vessel"
    usual, single = (float(np.median(days)) for days in (campaigns.conventional, campaigns.single_lift))
    power = vessel.turbines * float(vessel.turbine_power)
    rate = value(f"{path}.day_rate")
    saving = rate * (usual - single * value(f"{path}.day_rate_ratio")) / power
    capacity = value(f"{path}.utilisation") * DAYS_PER_YEAR * power / single
    segment = list(study.value_chain.segments).index(vessel.segment)
    worked = industry.powers[study.market][:, target, 0]
    per_power = industry.jobs[:, target, 0, segment] / industry.scope / np.maximum(worked, 1e-9)
    share = value(f"value_chain.segments.{vessel.segment}.flemish_share")
    passed_on = 1.0 - value("fund.retained")
    advantage = (
        value("mechanisms.price_sensitivity")
        * passed_on
        * saving
        / (value(f"{path}.cost_share") * value("costs.investment"))
    )
    won = share / (share + (1.0 - share) * np.exp(-advantage)) - share
    served = np.minimum(capacity, worked)
    people = value(f"{path}.crew") * value(f"{path}.crews")
    fewer = people * (usual - single) / DAYS_PER_YEAR * served / power
    one = ("member",)
    return {
        "vessel_days_conventional": (("campaign",), campaigns.conventional, described("day", "hired for the turbines")),
        "vessel_days_single_lift": (("campaign",), campaigns.single_lift, described("day", "the same, single lift")),
        "vessel_saving": (one, saving, described("EUR W-1", "saved by the single-lift vessel per power")),
        "vessel_saving_share": (one, saving * power / (rate * usual), described("1", "saved of the hire")),
        "vessel_rate_even": (one, rate * usual / single, described("EUR", "hire a day at which nothing is saved")),
        "vessel_capacity": (one, capacity, described("W year-1", "turbines that the vessel sets in a year")),
        "vessel_jobs_won": (one, won * per_power * served, described("1", "jobs that its saving wins for the region")),
        "vessel_jobs_of_crews": (one, -share * fewer, described("1", "jobs of crews of the region that fall away")),
    }


def fund_account(study: FlandersWindFarm, value: Values, vessel: Variables) -> Variables:
    """Return what the fund draws, what comes back, what is additional.

    The fund pays its part of the public money for the site, of which nothing comes back since fees do not cover the
    operation, and equity in the vessel: dividends from what the owners retain, and the equity at the exit if the vessel
    saves anything.

    Returns
    -------
    dict of str to variable
        fund_drawn, fund_returned, fund_additional [EUR], fund_drawn_share, fund_revolved [1] (member).
    """
    saving, capacity = (np.asarray(vessel[name][1]) for name in ("vessel_saving", "vessel_capacity"))
    equity = value("fund.vessel_equity")
    site = value("fund.site_share") * value("test_site.public_share") * value("test_site.investment")
    drawn = np.minimum(equity + site, value("fund.capital"))
    dividend = value("fund.vessel_part") * value("fund.retained") * np.maximum(saving, 0.0) * capacity
    returned = dividend * value("fund.exit") + np.where(saving > 0.0, equity, 0.0)
    one = ("member",)
    return {
        "fund_drawn": (one, drawn, described("EUR", "drawn from the fund by vessel and test site")),
        "fund_returned": (one, returned, described("EUR", "come back to the fund by its exit")),
        "fund_additional": (
            one,
            value("returns.additionality") * drawn,
            described("EUR", "that others would not have paid"),
        ),
        "fund_drawn_share": (one, drawn / value("fund.capital"), described("1", "of the fund's capital that is drawn")),
        "fund_revolved": (one, returned / np.maximum(drawn, 1.0), described("1", "of what is drawn that comes back")),
    }
