"""Adoption of a new technology by fleets that turn over, with a network of stations that grows with demand.

Indices: m member, s scenario, a application, y year.

Bass (1969), Management Science 15, 215-227: dA/dt = (p + q A/M) (M - A). Within a year, with M constant, its exact
solution is u = (1 - x0) / (p + q x0) exp(-(p + q)), x1 = (1 - p u) / (1 + q u), with x = A/M. M is what would gain
from the new technology: attraction x coverage x fleet. Not more is bought than leaves the fleet of the incumbent,
(F - A) / L. Coverage grows with the stations, the stations with demand (Struben and Sterman, 2008, Environment and
Planning B 35, 1070-1097, in its simplest form).
"""

import math
from typing import NamedTuple

import numpy as np

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import kernel, part


@part
def _bass_step(share: float, innovation: float, imitation: float) -> float:
    """Return the share of the willing that has adopted a year later."""
    rate = innovation + imitation
    speed = innovation + imitation * share
    if share >= 1.0 or speed <= 0.0:
        return share
    rest = (1.0 - share) / speed * math.exp(-rate)
    return (1.0 - innovation * rest) / (1.0 + imitation * rest)


class Fleets(NamedTuple):
    """The fleets, and what of them would choose the new technology.

    `fleet`, shape (m, a, y) [1]; `attraction`, `ordered_share`, shape (m, s, a, y) [1]; `life`, shape (m, a) [year];
    `innovation`, `imitation`, shape (m,) [1/year]; `initial`, shape (m, a): stock before the first year [1].
    """

    fleet: Floats
    attraction: Floats
    ordered_share: Floats
    life: Floats
    innovation: Floats
    imitation: Floats
    initial: Floats


class Network(NamedTuple):
    """The stations.

    `network`, shape (m, a): stations that cover 1 - 1/e of the fleet, 0 where it refuels at home; `station_demand`,
    shape (m, a): stations that one vehicle fills; `lead_stations`, shape (m, s, y): stations built ahead of demand.
    """

    network: Floats
    station_demand: Floats
    lead_stations: Floats


class Adoption(NamedTuple):
    """What is found: `stock` at the end of the year, `sales` with replacements, `ordered`, shape (m, s, a, y) [1].

    `ordered`: of the sales, those that a public order added; `stations`, shape (m, s, y): in the year [1].
    """

    stock: Floats
    sales: Floats
    ordered: Floats
    stations: Floats


@kernel
def adopt(fleets: Fleets, stations_on_the_way: Network, found: Adoption) -> None:
    """Fill stock and purchases of hydrogen vehicles, and the public stations on their way."""
    fleet, attraction, ordered_share, life, innovation, imitation, initial = fleets
    network, station_demand, lead_stations = stations_on_the_way
    stock, sales, ordered, stations = found
    members, scenarios, applications, years = attraction.shape
    for m in range(members):
        for s in range(scenarios):
            before = np.empty(applications)
            for a in range(applications):
                before[a] = min(initial[m, a], fleet[m, a, 0])
            standing = 0.0
            for y in range(years):
                needed = 0.0
                for a in range(applications):
                    if network[m, a] > 0.0:
                        needed += before[a] * station_demand[m, a]
                standing = max(standing, needed, lead_stations[m, s, y])
                stations[m, s, y] = standing
                for a in range(applications):
                    covered = 1.0
                    if network[m, a] > 0.0:
                        covered = 1.0 - math.exp(-standing / network[m, a])
                    whole = fleet[m, a, y]
                    willing = attraction[m, s, a, y] * covered * whole
                    held = min(before[a], whole)
                    joined, left = 0.0, 0.0
                    if held < willing:
                        joined = willing * _bass_step(held / willing, innovation[m], imitation[m]) - held
                    else:
                        left = (held - willing) * min(1.0 / life[m, a], 1.0)
                    turnover = (whole - held) / life[m, a]
                    public = min(ordered_share[m, s, a, y] * turnover, whole - held)
                    added = max(min(joined, turnover, whole - held), public)
                    after = held - left + added
                    stock[m, s, a, y] = after
                    sales[m, s, a, y] = added + held * min(1.0 / life[m, a], 1.0) - left
                    ordered[m, s, a, y] = max(public - min(joined, turnover), 0.0)
                    before[a] = after
