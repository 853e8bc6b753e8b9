"""The ideal lead cluster: which lead fleets and lead plants together are worth most, in every member."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.units import HOUR
from testsite_sim.studies.framework.annuity import annuity
from testsite_sim.studies.framework.uncertainty import Values
from testsite_sim.studies.waterstof.configuration.markets import APPLICATIONS
from testsite_sim.studies.waterstof.configuration.study import Waterstof
from testsite_sim.studies.waterstof.model.chain_runs import PlantYear
from testsite_sim.studies.waterstof.model.nozzle import Energy
from testsite_sim.studies.waterstof.model.ownership import Ownership
from testsite_sim.studies.waterstof.model.profiles import hourly_shares
from testsite_sim.studies.waterstof.model.technology import Experience

SOURCES = ("electrolysis", "by-product")
MOBILE = np.array([name != "balancing" for name in APPLICATIONS])
NO_CLUSTER = "none"
MEGAWATT = 1e6
DAY_HOURS = 24.0


@dataclass(frozen=True)
class Clusters:
    """Worth of every combination of applications with its best plants, and which plants these are."""

    worth: Floats  # (member, combination) [EUR/year]
    plants: NDArray[np.int64]  # (member, combination): bit p
    best: NDArray[np.int64]  # (member,) combination

    @property
    def worth_of_best(self) -> Floats:
        """Worth of the ideal cluster [EUR/year], (member,)."""
        return np.asarray(np.take_along_axis(self.worth, self.best[:, None], axis=1)[:, 0])

    def has_plant(self, plants: int) -> Floats:
        """Return 1 where a plant belongs to the ideal cluster, (member, plant)."""
        chosen = np.take_along_axis(self.plants, self.best[:, None], axis=1)
        return ((chosen >> np.arange(plants)) & 1).astype(np.float64)

    def has_application(self) -> Floats:
        """Return 1 where an application belongs to the ideal cluster, (member, application)."""
        return ((self.best[:, None] >> np.arange(len(APPLICATIONS))) & 1).astype(np.float64)


def combinations() -> list[str]:
    """Return the names of the combinations, `forklift + bus`, in the order of their bits."""
    return [
        " + ".join(name for bit, name in enumerate(APPLICATIONS) if (mask >> bit) & 1) or NO_CLUSTER
        for mask in range(1 << len(APPLICATIONS))
    ]


def ideal_clusters(
    study: Waterstof,
    value: Values,
    year: int,
    owned: Ownership,
    energy: Energy,
    electrolyser: Experience,
    station: Experience,
    lead: Mapping[str, PlantYear],
    fleet: Floats,
) -> Clusters:
    """Return the worth of every cluster in one year of a horizon.

    Lead fleets, of vehicles that there are, are taken where hydrogen does best: duties beyond the reach of a battery,
    if there are. A kilogram is worth its price of parity against the rival there, the climate value of what it avoids
    and the industrial return of what is bought because it is hydrogen; a mobile one less its compression. Supply costs
    its electricity or its price, and the climate value of what it emits. Plants cost their capital and upkeep, less
    what an electrolyser earns by taking up surpluses, and less the industrial return of what is built.

    Parameters
    ----------
    study : Waterstof
        The configuration.
    value : callable
        Values of the members by dotted path.
    year : int
        Row of the year in the arrays.
    owned : Ownership
        Cost of ownership.
    energy : Energy
        Prices and emissions.
    electrolyser, station : Experience
        What they cost.
    lead : mapping of str to PlantYear
        The simulated year of every lead plant: what it makes or takes from industry, with which power.
    fleet : array, (member, application)
        Units that could run on hydrogen; a lead fleet of vehicles is no larger.
    """
    from testsite_kernels.studies.lead_cluster import Demands, Supplies, enumerate_clusters

    plants = list(study.cluster.plants.values())
    fleets = np.stack([value(f"cluster.fleets.{name}") for name in APPLICATIONS], axis=1)
    fleets = np.where(MOBILE, np.minimum(fleets, fleet), fleets)
    demand = fleets * owned.mass
    members = fleets.shape[0]
    rate = value("supply.cost_of_capital")
    returned = value("industry.home_share") * value("industry.value_added_share") * value("industry.additionality")
    worth_of_mass = _worth_of_mass(value, year, owned, energy, returned)
    supply_cost = _supply_cost(value, year, energy)
    production, fixed = np.zeros((2, members, len(plants)))
    peak, consumed = np.zeros((2, members, len(plants)))
    electrolysis_annuity = annuity(rate, value("supply.electrolyser.life"))
    station_annuity = annuity(rate, value("supply.stations.life"))
    for column, (name, one) in enumerate(study.cluster.plants.items()):
        run = lead[name]
        if one.source == "by-product":
            production[:, column] = run.hydrogen_by_product
        if one.source == "electrolysis":
            power = run.electrolyser_capacity
            # A plant of a later year makes as much more of the same power as it consumes less.
            used = power * run.electrolyser_hours * HOUR
            production[:, column] = used / energy.consumption[:, year]
            worn = value("supply.electrolyser.replacement") * run.electrolyser_hours
            upkeep = value("supply.electrolyser.operating") + worn / value("supply.electrolyser.operating_life")
            capital = power * electrolyser.cost[:, year]
            fixed[:, column] += capital * (electrolysis_annuity * (1.0 - returned) + upkeep)
            fixed[:, column] -= power * value("cluster.flexibility")
        dispensing = value(f"cluster.plants.{name}.dispensing")
        peak[:, column] = dispensing * DAY_HOURS * HOUR / value("supply.stations.dispensing_hours")
        stations = dispensing / value("supply.stations.capacity") * station.cost[:, year]
        fixed[:, column] += stations * (station_annuity * (1.0 - returned) + value("supply.stations.operating"))
        consumed[:, column] = value(f"cluster.plants.{name}.fuel_cell") / MEGAWATT / np.maximum(fleets[:, 3], 1e-12)
    source = np.array([SOURCES.index(one.source) if one.source != "none" else -1 for one in plants])
    limit = value("supply.by_product.available")
    store_cost = value("supply.stations.storage_cost") * station_annuity
    # Many members of a ranking differ in nothing that a cluster knows: each kind of them is enumerated once.
    kinds, of = distinct(worth_of_mass, demand, production, limit, peak, consumed, fixed, supply_cost, store_cost)
    demands = Demands(worth_of_mass[kinds], demand[kinds], MOBILE, hourly_shares(study))
    supplies = Supplies(
        production=production[kinds],
        source=source,
        by_product_limit=limit[kinds],
        dispensing_peak=peak[kinds],
        fuel_cell_share=consumed[kinds],
        fixed=fixed[kinds],
        supply_cost=supply_cost[kinds],
        store_cost=store_cost[kinds],
    )
    worth = np.empty((kinds.size, 1 << len(APPLICATIONS)))
    chosen = np.empty(worth.shape, dtype=np.int64)
    enumerate_clusters(demands, supplies, worth, chosen)
    worth, chosen = worth[of], chosen[of]
    return Clusters(worth, chosen, np.argmax(worth, axis=1))


def distinct(*inputs: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the members that differ in a bit of their inputs, and which of them each member is like."""
    rows = np.ascontiguousarray(np.column_stack(inputs))
    keys = rows.view(np.dtype((np.void, rows.itemsize * rows.shape[1]))).ravel()
    _, first, of = np.unique(keys, return_index=True, return_inverse=True)
    return first, of


def _worth_of_mass(value: Values, year: int, owned: Ownership, energy: Energy, returned: Floats) -> Floats:
    """Return what a kilogram is worth to each application [EUR/kg], (member, application)."""
    best = np.argmax(np.where(owned.rival_share > 0.0, owned.parity, -np.inf)[..., year], axis=2)[:, :, None]
    parity = np.take_along_axis(owned.parity[..., year], best, axis=2)[:, :, 0]
    emitted = np.take_along_axis(owned.emissions[..., year], best, axis=2)[:, :, 0]
    avoided = emitted / owned.mass * value("industry.carbon_value")[:, None]
    lives = np.stack([value(f"markets.{name}.life") for name in APPLICATIONS], axis=1)
    bought = owned.investment[:, :, year] * annuity(value("markets.cost_of_capital")[:, None], lives) / owned.mass
    compression = value("supply.stations.compression") * (
        energy.retail_price[:, year] + energy.grid_emissions[:, year] * value("industry.carbon_value")
    )
    return np.asarray(parity + avoided + bought * returned[:, None] - compression[:, None] * MOBILE)


def _supply_cost(value: Values, year: int, energy: Energy) -> Floats:
    """Return what a kilogram costs from either source, its emissions included [EUR/kg], (member, 2)."""
    carbon = value("industry.carbon_value")
    electrolysis = energy.consumption[:, year] * (energy.wind_price[:, year] + value("energy.wind_emissions") * carbon)
    bought = value("supply.by_product.price") + value("supply.by_product.delivery")
    bought = bought + value("supply.by_product.replacement_emissions") * carbon
    return np.stack([electrolysis, bought], axis=1)
