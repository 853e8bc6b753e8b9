"""SYMBIOSE: side streams that find a user, what the match is worth, and whether the platform lives without subsidy."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.studies.framework.uncertainty import Values
from testsite_sim.studies.waterstof.model.chain_runs import PlantYear

STREAMS = ("by-product-for-vehicles", "by-product-for-power", "heat")


@dataclass(frozen=True)
class Symbiosis:
    """Side streams of a horizon: matched mass or heat, their worth, and what the platform earns of its cost."""

    matched: Floats  # (m, s, y, stream): hydrogen [kg/year], heat last [J/year]
    worth: Floats  # (m, s, y, stream) [EUR/year]
    independence: Floats  # (m, s, y): fees over cost, at most one


def symbiosis(
    value: Values, by_product: Floats, demand: Floats, standing: Floats, lead: Mapping[str, PlantYear]
) -> Symbiosis:
    """Return the account of side streams.

    A match is worth what the stream is sold for beyond its use as heat, the use that it had before. Residual heat of
    the lead plants, and residual hydrogen of their fuel cells, are as their runs of the chain say while they stand.

    Parameters
    ----------
    value : callable
        Values of the members by dotted path.
    by_product : array, (member, scenario, year)
        Residual hydrogen that vehicles and fuel cells use [kg/year].
    demand : array, (member, scenario, application, year)
        Of which the last application is fuel cells [kg/year].
    standing : array, (year, plant)
        1 where a lead plant stands.
    lead : mapping of str to PlantYear
        Their simulated years.
    """
    total = demand.sum(axis=2)
    for_power = np.divide(by_product * demand[:, :, -1], total, out=np.zeros_like(by_product), where=total > 0.0)
    heat = standing @ np.array([run.heat_sold for run in lead.values()])
    used_for_power = [run.hydrogen_by_product if run.fuel_cell_capacity > 0.0 else 0.0 for run in lead.values()]
    used = standing @ np.array(used_for_power)
    revenue = standing @ np.array([run.heat_revenue for run in lead.values()])
    shape = by_product.shape
    matched = np.stack(
        [by_product - for_power, for_power + np.broadcast_to(used, shape), np.broadcast_to(heat, shape)], axis=3
    )
    saved = (value("supply.by_product.price") - value("symbiosis.worth_as_heat"))[:, None, None, None]
    worth = np.concatenate([matched[..., :2] * saved, np.broadcast_to(revenue, shape)[..., None]], axis=3)
    fees = value("symbiosis.fee")[:, None, None] * np.maximum(worth, 0.0).sum(axis=3)
    return Symbiosis(matched, worth, np.minimum(fees / value("symbiosis.cost")[:, None, None], 1.0))
