"""Implementation scenarios: when they act, what is ordered, guaranteed, granted, built ahead, and lent by the fund."""

from dataclasses import dataclass

import numpy as np
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.studies.framework.calendar import Years, part_of_years
from testsite_sim.studies.framework.uncertainty import Values
from testsite_sim.studies.waterstof.configuration.markets import APPLICATIONS
from testsite_sim.studies.waterstof.configuration.study import Horizon, Waterstof


@dataclass(frozen=True)
class Levers:
    """What the scenarios do; the gate of the fund opens in members whose ideal cluster is worth more than nothing."""

    active: Floats  # (member, scenario, year): part of the year
    ordered_share: Floats  # (member, scenario, application, year) of what is bought
    guaranteed_price: Floats  # (member, scenario) [EUR/kg]; infinite where there is none
    grant_share: Floats  # (member, scenario)
    lead_stations: Floats  # (member, scenario, year)
    fund: Floats  # (member, scenario): 1 where the fund lends
    fund_active: Floats  # (member, year): part of the year after the cluster roadmap
    cost_of_capital: Floats  # (member, scenario) [1/year]
    gate: Floats  # (member,): 1 where the cluster roadmap is convincing
    ready: Floats  # (member,): when the cluster roadmap is ready [year]
    opening: Floats  # (member,): when the first lead plant opens [year]
    supplied: Floats  # (member, year): part of the year in which hydrogen of a new plant can be had


def levers(study: Waterstof, value: Values, horizon: Horizon, years: Years, gate: Floats) -> Levers:
    """Return the levers of every scenario in a horizon; orders and guarantees act from the first lead plant on.

    Parameters
    ----------
    study : Waterstof
        The configuration.
    value : callable
        Values of the members by dotted path.
    horizon : Horizon
        Its start is that of the study.
    years : array, (year,)
        Calendar years.
    gate : array, (member,)
        1 where the cluster has a convincing roadmap.
    """
    members = gate.size
    study_done = horizon.start + value("roadmap.study")
    ready = study_done + value("roadmap.cluster_forming")
    opening = ready + value("roadmap.construction")
    names = list(study.policies)
    active = np.zeros((members, len(names), years.size))
    ordered = np.zeros((members, len(names), len(APPLICATIONS), years.size))
    guaranteed = np.full((members, len(names)), np.inf)
    granted, fund = np.zeros((2, members, len(names)))
    stations = np.zeros(active.shape)
    capital = np.repeat(value("supply.cost_of_capital")[:, None], len(names), axis=1)
    for row, (name, policy) in enumerate(study.policies.items()):
        path = f"policies.{name}"
        duration = value(f"{path}.duration")
        active[:, row] = part_of_years(years, opening[:, None], (opening + duration)[:, None])
        for application in policy.procurement:
            share = value(f"{path}.procurement.{application}")[:, None]
            ordered[:, row, APPLICATIONS.index(application)] = share * active[:, row]
        if policy.guaranteed_price is not None:
            guaranteed[:, row] = value(f"{path}.guaranteed_price")
        if policy.grant_share:
            granted[:, row] = value(f"{path}.grant_share")
        if policy.lead_stations:
            built = np.cumsum(part_of_years(years, opening[:, None], (opening + duration)[:, None]), axis=1)
            stations[:, row] = value(f"{path}.lead_stations")[:, None] * built / duration[:, None]
        if policy.fund:
            fund[:, row] = gate
            capital[:, row] = np.where(gate > 0.0, value("fund.cost_of_capital"), capital[:, row])
    never = np.full((members, 1), np.inf)
    after, supplied = (part_of_years(years, moment[:, None], never) for moment in (ready, opening))
    return Levers(active, ordered, guaranteed, granted, stations, fund, after, capital, gate, ready, opening, supplied)


def user_price(price: Floats, found: Levers) -> Floats:
    """Return what users pay [EUR/kg], (member, scenario, application, year): the guarantee at most, while in force."""
    above = np.maximum(price - found.guaranteed_price[:, :, None, None], 0.0)
    return np.asarray(price - found.active[:, :, None] * above)
