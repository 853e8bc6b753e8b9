"""One horizon of the study for every member at once: prices, ownership, cluster, uptake, accounts, valley, roadmap."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.units import HOUR
from testsite_sim.studies.framework.calendar import Years
from testsite_sim.studies.framework.uncertainty import Values
from testsite_sim.studies.waterstof.configuration.markets import APPLICATIONS, MARKETS
from testsite_sim.studies.waterstof.configuration.study import Waterstof
from testsite_sim.studies.waterstof.model.balancing import HYDROGEN, Balancing, balancing
from testsite_sim.studies.waterstof.model.chain_runs import Plants
from testsite_sim.studies.waterstof.model.cluster import SOURCES, Clusters, ideal_clusters
from testsite_sim.studies.waterstof.model.hydrogen_market import Supplied, simulate_market
from testsite_sim.studies.waterstof.model.money import CASH_ITEMS, SUPPORT_ITEMS, Accounts, accounts
from testsite_sim.studies.waterstof.model.nozzle import Energy, emissions_of_hydrogen, energy_of, station_mass
from testsite_sim.studies.waterstof.model.ownership import INCUMBENTS, Ownership, bus_parity, ownership
from testsite_sim.studies.waterstof.model.policy import Levers, levers
from testsite_sim.studies.waterstof.model.profiles import hourly_shares
from testsite_sim.studies.waterstof.model.roadmap import milestones
from testsite_sim.studies.waterstof.model.score import lead_market_score, market_matrix
from testsite_sim.studies.waterstof.model.symbiosis import Symbiosis, symbiosis
from testsite_sim.studies.waterstof.model.technology import TECHNOLOGIES, Experience, experience
from testsite_sim.studies.waterstof.model.uptake import Uptake, fleets
from testsite_sim.studies.waterstof.model.valley import Valley, first_year, valley_of_death

BALANCING = APPLICATIONS.index("balancing")


@dataclass(frozen=True)
class Period:
    """What a horizon gives; indices m member, s scenario, a application, i incumbent, k market, y year."""

    years: Years
    learnt: dict[str, Experience]
    energy: Energy
    owned: Ownership
    clusters: Clusters
    levers: Levers
    components: Floats  # (m, s, y, component) [EUR/kg]
    by_source: Floats  # (m, s, y, source, component) [EUR/kg]
    price: Floats  # (m, s, a, y) [EUR/kg]
    paid: Floats  # (m, s, a, y) [EUR/kg]
    ownership_cost: Floats  # (m, s, a, y) at the price [EUR/year]
    taken: Uptake
    supply: Supplied
    balancing: Balancing
    symbiosis: Symbiosis
    hydrogen_emissions: Floats  # (m, s, y) [kg/kg]
    avoided: Floats  # (m, s, a, y) [kg/year]
    accounts: Accounts
    cash: Floats  # (m, s, y) [EUR/year]
    cash_unsupported: Floats  # (m, s, y) [EUR/year]
    valleys: tuple[Valley, Valley]  # without and with support, (m, s)
    break_even: Floats  # (m, s, a, i) year
    milestones: Floats  # (m, s, milestone)
    advantages: Floats  # (m, k, advantage)
    score: Floats  # (m, k)
    planned_mass: Floats  # (m,) of a station [kg/year]
    # (m,) against diesel, at the reference cost of a bus, without a price of carbon [EUR/kg]
    bus_parity_reference: Floats
    hourly_demand: Floats  # (m, a, hour) in the last year of the reference scenario [kg/s]


def simulate_horizon(study: Waterstof, value: Values, name: str, plants: Plants) -> Period:
    """Return everything of one horizon.

    Parameters
    ----------
    study : Waterstof
        The configuration.
    value : callable
        Values of the members by dotted path.
    name : str
        One of the horizons.
    plants : Plants
        Simulated years.
    """
    horizon = study.horizons[name]
    years = np.arange(horizon.start, horizon.end + 1)
    learnt = {
        each: experience(value, each, name, getattr(study.technologies, each).references[name].year, years)
        for each in TECHNOLOGIES
    }
    energy = energy_of(study, value, years, plants.supply)
    owned = ownership(study, value, years, energy, learnt["fuel_cell"], learnt["bus"], plants.balancing)
    row = horizon.cluster_year - horizon.start
    there = fleets(study, value, years)
    clusters = ideal_clusters(
        study, value, row, owned, energy, learnt["electrolyser"], learnt["station"], plants.lead, there[:, :, row]
    )
    found = levers(study, value, horizon, years, (clusters.worth_of_best > 0.0).astype(np.float64))
    sold = simulate_market(study, value, name, years, learnt, energy, owned, found, plants.supply)
    taken, price = sold.taken, sold.price
    made = sold.by_source[..., SOURCES.index("electrolysis"), :]
    flexible = balancing(study, value, years, energy, learnt, plants.flexibility, sold.supply.electrolysers, made)
    total = taken.demand.sum(axis=2)
    realised = np.divide(sold.supply.by_product, total, out=np.zeros_like(total), where=total > 0.0)
    emissions = emissions_of_hydrogen(value, energy, realised)
    avoided = taken.stock * owned.of_rivals(owned.emissions, taken.rival_share) - taken.demand * emissions[:, :, None]
    money = accounts(
        study, value, years, sold=sold, owned=owned, energy=energy, learnt=learnt, found=found, avoided=avoided
    )
    cash, unsupported = _cash_of(money)
    valleys = (valley_of_death(unsupported, years), valley_of_death(cash, years))
    cost = owned.fixed[:, None] + owned.mass[:, None, :, None] * price
    reference = list(study.policies).index(study.reference_scenario)
    dates = milestones(
        value,
        years,
        found=found,
        demand=total,
        stations=sold.supply.stations,
        coverage=taken.coverage,
        at_parity=_markets_at_parity(cost, owned, flexible, there),
        cash=cash,
        valley=valleys[1],
    )
    ratio = owned.lead_parity[..., row] / price[:, reference, :, row]
    ratio[:, BALANCING] = (flexible.best_income() / flexible.cost)[:, :HYDROGEN, row].max(axis=1)
    through = _hydrogen_through(taken, flexible, energy)
    advantages, score = lead_market_score(value, through[:, reference], through[:, 0], ratio, _open_to(there[:, :, -1]))
    drawn = taken.demand[:, reference, :, -1] / (365.0 * HOUR)
    return Period(
        years=years,
        learnt=learnt,
        energy=energy,
        owned=owned,
        clusters=clusters,
        levers=found,
        components=sold.components,
        by_source=sold.by_source,
        price=price,
        paid=sold.paid,
        ownership_cost=cost,
        taken=taken,
        supply=sold.supply,
        balancing=flexible,
        symbiosis=symbiosis(value, sold.supply.by_product, taken.demand, _standing(study, years, plants), plants.lead),
        hydrogen_emissions=emissions,
        avoided=avoided,
        accounts=money,
        cash=cash,
        cash_unsupported=unsupported,
        valleys=valleys,
        break_even=_break_even(cost, owned, years),
        milestones=dates,
        advantages=advantages,
        score=score,
        planned_mass=station_mass(value),
        bus_parity_reference=bus_parity(value, value(f"technologies.bus.references.{name}.cost")),
        hourly_demand=drawn[..., None] * hourly_shares(study),
    )


def _cash_of(money: Accounts) -> tuple[Floats, Floats]:
    """Return the cash flow of the cluster, and that without support, (m, s, y)."""
    cash = money.cash.sum(axis=3)
    supporting = [CASH_ITEMS.index(item) for item in SUPPORT_ITEMS]
    return cash, cash - money.cash[..., supporting].sum(axis=3)


def _hydrogen_through(taken: Uptake, flexible: Balancing, energy: Energy) -> Floats:
    """Return the hydrogen that goes through each application in the last year, (m, s, a).

    With that of electrolysers that balance alone; that of the others counts where it is used.
    """
    through = taken.demand[..., -1].copy()
    made_alone = flexible.competing[:, 0, -1] * flexible.hours[:, -1] / energy.consumption[:, -1]
    through[..., BALANCING] += made_alone[:, None]
    return np.asarray(through)


def _open_to(fleet: Floats) -> Floats:
    """Return what could run on hydrogen, (m, a); whoever balances needs no fuel cell, and is always there."""
    found = fleet.copy()
    found[:, BALANCING] = np.inf
    return found


def _markets_at_parity(cost: Floats, owned: Ownership, flexible: Balancing, fleet: Floats) -> NDArray[np.bool_]:
    """Return whether part of an application of each market costs no more than its rival, (m, s, market, year).

    Balancing does where a hydrogen plant earns its cost by it next to its rivals.
    """
    reached = (cost - owned.fixed[:, None]) / owned.mass[:, None, :, None] <= owned.lead_parity[:, None]
    reached &= fleet[:, None] > 0.0
    matrix = market_matrix() > 0.0
    found = np.stack([reached[:, :, matrix[:, column]].any(axis=2) for column in range(len(MARKETS))], axis=2)
    found[:, :, MARKETS.index("balancing")] = (flexible.competing[:, :HYDROGEN].max(axis=1) > 0.0)[:, None]
    return found


def _standing(study: Waterstof, years: Years, plants: Plants) -> Floats:
    """Return 1 where a lead plant stands, (year, plant): from its year to the end of its life."""
    begin = np.array([plant.year for plant in study.cluster.plants.values()])
    life = np.array([run.lifetime for run in plants.lead.values()])
    return np.asarray((years[:, None] >= begin) & (years[:, None] < begin + life), np.float64)


def _break_even(cost: Floats, owned: Ownership, years: Years) -> Floats:
    """Return the first year in which hydrogen costs no more than each rival; nan where there is no such rival."""
    members, scenarios, applications, _ = cost.shape
    found = np.full((members, scenarios, applications, len(INCUMBENTS)), np.nan)
    for column in range(len(INCUMBENTS)):
        rival = owned.incumbent[:, None, :, column]
        year = first_year(cost <= np.where(np.isnan(rival), -np.inf, rival), years)
        known = np.broadcast_to(~np.isnan(rival[..., -1]), year.shape)
        found[..., column] = np.where(known, year, np.nan)
    return found
