"""Demand over the years: who chooses hydrogen, what the fleets of it draw, and the stations that serve them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.studies.framework.calendar import Years, over_years
from testsite_sim.studies.framework.uncertainty import Values
from testsite_sim.studies.waterstof.configuration.markets import APPLICATIONS
from testsite_sim.studies.waterstof.configuration.study import Waterstof
from testsite_sim.studies.waterstof.model.cluster import MEGAWATT, MOBILE
from testsite_sim.studies.waterstof.model.nozzle import station_mass
from testsite_sim.studies.waterstof.model.ownership import Ownership
from testsite_sim.studies.waterstof.model.policy import Levers


@dataclass(frozen=True)
class Uptake:
    """Units on hydrogen at the end of the year, bought in it, and by public order; public stations in the year."""

    fleet: Floats  # (member, application, year)
    attraction: Floats  # (member, scenario, application, year): share that would choose hydrogen
    stock: Floats  # (member, scenario, application, year)
    sales: Floats  # (member, scenario, application, year)
    ordered: Floats  # (member, scenario, application, year)
    demand: Floats  # (member, scenario, application, year) [kg/year]
    stations: Floats  # (member, scenario, year), public ones, as planned when the year began
    on_the_way: NDArray[np.bool_]  # (application,): refuels at public stations
    coverage: Floats  # (member, scenario, year) of trucks
    rival_share: Floats  # (member, scenario, application, incumbent, year) of those that choose hydrogen


def fleets(study: Waterstof, value: Values, years: Years) -> Floats:
    """Return what could run on hydrogen: vehicles, megawatts of fuel cells, (member, application, year)."""
    counts = [np.repeat(value(f"markets.{name}.fleet")[:, None], years.size, axis=1) for name in APPLICATIONS]
    wind = over_years(study.markets.balancing.offshore_wind, value, "markets.balancing.offshore_wind", years)
    counts[APPLICATIONS.index("balancing")] = counts[APPLICATIONS.index("balancing")] * wind / MEGAWATT
    return np.stack(counts, axis=1)


def uptake(
    study: Waterstof, value: Values, horizon: str, years: Years, owned: Ownership, price: Floats, found: Levers
) -> Uptake:
    """Return the uptake of hydrogen in every application.

    The share that would choose hydrogen is a logit of its cost of ownership over that of the cheapest rival
    (McFadden, 1974), duty by duty: those within the reach of a battery and those beyond. Bass (1969) and the turnover
    of the fleet set how fast they do.

    Parameters
    ----------
    study : Waterstof
        The configuration.
    value : callable
        Values of the members by dotted path.
    horizon : str
        Its name.
    years : array, (year,)
        Calendar years.
    owned : Ownership
        Cost of ownership.
    price : array, (member, scenario, application, year)
        What users pay for hydrogen [EUR/kg].
    found : Levers
        What the scenarios do.
    """
    from testsite_kernels.studies.adoption import Adoption, Fleets, Network, adopt

    whole = fleets(study, value, years)
    cost = owned.fixed[:, None] + owned.mass[:, None, :, None] * price
    sensitivity = np.stack([value(f"markets.diffusion.choice_sensitivity.{name}") for name in APPLICATIONS], axis=1)[
        :, :, None, None
    ]
    members, scenarios = found.active.shape[:2]
    chosen = np.zeros((members, scenarios, *owned.rival_share.shape[1:]))
    for a, i in np.argwhere((owned.rival_share > 0.0).any(axis=(0, 3))):  # the others are nobody's cheapest choice
        rival = np.where(np.isnan(owned.incumbent[:, a, i]), np.inf, owned.incumbent[:, a, i])[:, None]
        ratio = sensitivity[:, a] * (cost[:, :, a] / rival - 1.0)
        # What stands serves what runs already: nobody else chooses hydrogen before a new plant makes it.
        chosen[:, :, a, i] = owned.rival_share[:, None, a, i] / (1.0 + np.exp(ratio)) * found.supplied[:, None]
    attraction = chosen.sum(axis=3)
    rival_share = np.divide(
        chosen, attraction[:, :, :, None], out=np.zeros_like(chosen), where=attraction[:, :, :, None] > 0.0
    )

    def by_application(name: str) -> Floats:
        return np.stack([value(f"markets.{each}.{name}") for each in APPLICATIONS], axis=1)

    stock, sales, ordered = (np.empty(attraction.shape) for _ in range(3))
    stations = np.empty(found.active.shape)
    network = by_application("network_stations")
    adopt(
        Fleets(
            fleet=whole,
            attraction=attraction,
            ordered_share=found.ordered_share,
            life=by_application("life"),
            innovation=value("markets.diffusion.innovation"),
            imitation=value("markets.diffusion.imitation"),
            initial=by_application(f"initial_stock.{horizon}"),
        ),
        Network(network, owned.mass * MOBILE / station_mass(value)[:, None], found.lead_stations),
        Adoption(stock, sales, ordered, stations),
    )
    widest = network.max(axis=1)[:, None, None]
    coverage = np.where(widest > 0.0, -np.expm1(-stations / np.maximum(widest, 1e-300)), 1.0)
    demand = stock * owned.mass[:, None, :, None]
    return Uptake(
        whole, attraction, stock, sales, ordered, demand, stations, np.any(network > 0.0, axis=0), coverage, rival_share
    )
