"""The best lead cluster: every combination of applications with every set of plants is enumerated.

Indices: m member, a application, p plant, k combination of applications (bit a), h hour of the day.

A cluster is worth, in a year, the value of the hydrogen that it serves less what its supply costs, less the fixed
cost of its plants and of the store between a steady supply and the demand of the day. Supply and demand meet in the
order of merit, which solves this transport problem without distances exactly.
"""

from typing import NamedTuple

import numpy as np

from testsite_kernels.numerics.arrays import Floats, Integers, Truths
from testsite_kernels.numerics.compile_options import kernel, part

DAYS = 365.0
ROUNDING = 1e-9  # relative: by less a bound may miss what it bounds


@part
def _fleet_profile(
    mask: int, demand: Floats, mobile: Truths, hourly_share: Floats, profile: Floats
) -> tuple[float, float]:
    """Fill the mobile demand by hour [kg/h] and return peak [kg/h] and store over a day [kg]."""
    hours = profile.size
    total, peak = 0.0, 0.0
    for h in range(hours):
        drawn = 0.0
        for a in range(demand.size):
            if mobile[a] and (mask >> a) & 1:
                drawn += demand[a] / DAYS * hourly_share[a, h]
        profile[h] = drawn
        total += drawn
        peak = max(peak, drawn)
    level, highest, lowest = 0.0, 0.0, 0.0
    for h in range(hours):
        level += total / hours - profile[h]
        highest = max(highest, level)
        lowest = min(lowest, level)
    return peak, highest - lowest


@part
def _met(left: Floats, value: Floats, order: Integers, available: Floats, cost: Floats) -> float:
    """Return what demands, the most valuable first, are worth beyond the cheapest supply [EUR/year]."""
    first = 0 if cost[0] <= cost[1] else 1
    worth = 0.0
    for rank in range(order.size):
        a = order[rank]
        for step in range(2):
            source = first if step == 0 else 1 - first
            gain = value[a] - cost[source]
            moved = min(left[a], available[source])
            if gain > 0.0 and moved > 0.0:
                worth += gain * moved
                left[a] -= moved
                available[source] -= moved
    return worth


@part
def _of_plants(
    production: Floats,
    source: Integers,
    dispensing_peak: Floats,
    fuel_cell_share: Floats,
    fixed: Floats,
    made: Floats,
    sums: Floats,
) -> None:
    """Fill what every set of plants makes by source, dispenses, consumes and costs: that without its last, and that.

    Out: made (set, 2) [kg/year]; sums (set, 3): peak [kg/h], share [1], cost [EUR/year].
    """
    for p in range(production.size):
        for before in range(1 << p):
            built = before | (1 << p)
            for k in range(2):
                made[built, k] = made[before, k]
            if source[p] >= 0:
                made[built, source[p]] += production[p]
            sums[built, 0] = sums[before, 0] + dispensing_peak[p]
            sums[built, 1] = sums[before, 1] + fuel_cell_share[p]
            sums[built, 2] = sums[before, 2] + fixed[p]


@part
def _most(mask: int, value: Floats, demand: Floats, cost: Floats, store_cost: float) -> float:
    """Return what a combination is worth at most, all of it served from the cheaper source [EUR/year]."""
    if store_cost < 0.0:
        return np.inf
    most = 0.0
    for a in range(demand.size):
        if (mask >> a) & 1:
            most += max(value[a] - min(cost[0], cost[1]), 0.0) * demand[a]
    return most


class Demands(NamedTuple):
    """The demand of the applications.

    `value`, shape (m, a) [EUR/kg], `demand`, shape (m, a) [kg/year]; `mobile`, shape (a,): whether it refuels;
    `hourly_share`, shape (a, h): of the day's demand [1].
    """

    value: Floats
    demand: Floats
    mobile: Truths
    hourly_share: Floats


class Supplies(NamedTuple):
    """The plants that may be built.

    `production`, shape (m, p) [kg/year]; `source`, shape (p,): 0 electrolysis, 1 by-product, -1 none;
    `by_product_limit`, shape (m,) [kg/year]; `dispensing_peak`, shape (m, p) [kg/h]; `fuel_cell_share`, shape (m, p):
    part of the demand of what is not mobile that the plant can consume [1]; `fixed`, shape (m, p) [EUR/year];
    `supply_cost`, shape (m, 2), by source [EUR/kg]; `store_cost`, shape (m,) [EUR/kg/year].
    """

    production: Floats
    source: Integers
    by_product_limit: Floats
    dispensing_peak: Floats
    fuel_cell_share: Floats
    fixed: Floats
    supply_cost: Floats
    store_cost: Floats


@kernel
def enumerate_clusters(demands: Demands, supplies: Supplies, worth: Floats, plants: Integers) -> None:
    """Fill the worth of every combination with its best plants, and which these are.

    Out: worth (m, k) [EUR/year], plants (m, k): bits.
    """
    value, demand, mobile, hourly_share = demands
    production, source, by_product_limit, dispensing_peak, fuel_cell_share, fixed, supply_cost, store_cost = supplies
    members, applications = value.shape
    count = production.shape[1]
    profile = np.empty(hourly_share.shape[1])
    left, available = np.empty(applications), np.empty(2)
    made, sums = np.zeros((1 << count, 2)), np.zeros((1 << count, 3))
    for m in range(members):
        order = np.argsort(-value[m])
        _of_plants(production[m], source, dispensing_peak[m], fuel_cell_share[m], fixed[m], made, sums)
        for mask in range(1 << applications):
            peak, store = _fleet_profile(mask, demand[m], mobile, hourly_share, profile)
            still = 0.0
            for a in range(applications):
                if (mask >> a) & 1 and not mobile[a]:
                    still += demand[m, a]
            # A plant that makes nothing, whose nozzles or fuel cell nobody asks for, only costs: its sets are passed.
            idle = 0
            for p in range(count):
                asked = (peak > 0.0 and dispensing_peak[m, p] > 0.0) or (still > 0.0 and fuel_cell_share[m, p] > 0.0)
                if source[p] < 0 and not asked and fixed[m, p] >= 0.0:
                    idle |= 1 << p
            most = _most(mask, value[m], demand[m], supply_cost[m], store_cost[m])
            best, chosen = -np.inf, 0
            for built in range(1 << count):
                if built & idle or most - sums[built, 2] < best - ROUNDING * (most + abs(best)):
                    continue  # it costs without use, or too much for all that it could sell
                available[0], available[1] = made[built, 0], min(made[built, 1], by_product_limit[m])
                dispensed, consumed, paid = sums[built]
                served = min(1.0, dispensed / peak) if peak > 0.0 else 1.0
                for a in range(applications):
                    left[a] = 0.0
                    if (mask >> a) & 1:
                        left[a] = demand[m, a] * (served if mobile[a] else min(1.0, consumed))
                total = _met(left, value[m], order, available, supply_cost[m]) - paid - store_cost[m] * store * served
                if total > best:
                    best, chosen = total, built
            worth[m, mask] = best
            plants[m, mask] = chosen
