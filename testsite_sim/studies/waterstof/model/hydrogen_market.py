"""The hydrogen of a horizon: its price, who takes it, and where it comes from."""

from dataclasses import dataclass

import numpy as np
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.units import HOUR
from testsite_sim.studies.framework.calendar import Years
from testsite_sim.studies.framework.uncertainty import Values
from testsite_sim.studies.waterstof.configuration.markets import APPLICATIONS
from testsite_sim.studies.waterstof.configuration.study import Waterstof
from testsite_sim.studies.waterstof.model.chain_runs import PlantYear
from testsite_sim.studies.waterstof.model.cluster import MOBILE
from testsite_sim.studies.waterstof.model.nozzle import (
    AT_THE_STATION,
    COMPONENTS,
    Energy,
    nozzle_components,
    station_mass,
)
from testsite_sim.studies.waterstof.model.ownership import Ownership
from testsite_sim.studies.waterstof.model.policy import Levers, user_price
from testsite_sim.studies.waterstof.model.profiles import hourly_shares, store_of_a_day
from testsite_sim.studies.waterstof.model.technology import Experience
from testsite_sim.studies.waterstof.model.uptake import Uptake, uptake

BUS = APPLICATIONS.index("bus")


@dataclass(frozen=True)
class Supplied:
    """Hydrogen by source [kg/year], and what is built for it."""

    by_product: Floats  # (member, scenario, year)
    electrolysis: Floats  # (member, scenario, year)
    electrolysers: Floats  # power that stands (member, scenario, year) [W]
    stations: Floats  # that stand, public and of depots (member, scenario, year)


@dataclass(frozen=True)
class Market:
    """What hydrogen costs, who takes it and where it comes from; indices as in `Period`."""

    components: Floats
    by_source: Floats
    price: Floats
    paid: Floats
    taken: Uptake
    supply: Supplied


def simulate_market(
    study: Waterstof,
    value: Values,
    name: str,
    years: Years,
    learnt: dict[str, Experience],
    energy: Energy,
    owned: Ownership,
    found: Levers,
    plant: PlantYear,
) -> Market:
    """Return price, uptake and supply of hydrogen in a horizon.

    The share of by-product hydrogen follows from demand, which follows from the price: expected, then realised.
    """
    buffer = np.full(found.gate.size, store_of_a_day(hourly_shares(study)[BUS]))

    def components_of(by_product_share: Floats) -> Floats:
        stations, electrolyser = learnt["station"], learnt["electrolyser"]
        capital = found.cost_of_capital
        return nozzle_components(value, energy, electrolyser, stations, plant, buffer, capital, by_product_share)

    made = components_of(np.zeros(found.active.shape))
    bought = components_of(np.ones(found.active.shape))
    expected = uptake(study, value, name, years, owned, user_price(_price(made), found), found)
    total = expected.demand.sum(axis=2)
    spared = supplied(value, years, expected, energy, plant).by_product
    components = components_of(np.divide(spared, total, out=np.ones_like(total), where=total > 0.0))
    price = _price(components)
    paid = user_price(price, found)
    taken = uptake(study, value, name, years, owned, paid, found)
    supply = supplied(value, years, taken, energy, plant)
    return Market(components, np.stack([made, bought], axis=3), price, paid, taken, supply)


def _price(components: Floats) -> Floats:
    """Return the price of hydrogen [EUR/kg], (m, s, a, y); only vehicles refuel at a station."""
    at_station = [COMPONENTS.index(each) for each in AT_THE_STATION if each != "storage"]
    whole = components.sum(axis=3)
    without = whole - components[..., at_station].sum(axis=3)
    return np.asarray(np.where(MOBILE[:, None], whole[:, :, None], without[:, :, None]))


def supplied(value: Values, years: Years, taken: Uptake, energy: Energy, plant: PlantYear) -> Supplied:
    """Return where the hydrogen comes from: industry as long as it has some to spare, then electrolysis."""
    total = taken.demand.sum(axis=2)
    by_product = np.minimum(total, value("supply.by_product.available")[:, None, None])
    electrolysis = total - by_product
    needed = electrolysis * energy.consumption[:, None] / (plant.electrolyser_hours * HOUR)
    served = taken.demand / station_mass(value)[:, None, None, None]
    public = np.maximum(taken.stations, served[:, :, taken.on_the_way].sum(axis=2))
    at_home = served[:, :, MOBILE & ~taken.on_the_way].sum(axis=2)
    stations = np.maximum.accumulate(public + at_home, axis=2)
    return Supplied(by_product, electrolysis, np.maximum.accumulate(needed, axis=2), stations)
