"""The score of each lead market: Beise's five advantages and regulation, computed from results or else judged."""

import numpy as np
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.studies.framework.uncertainty import Values
from testsite_sim.studies.waterstof.configuration.markets import APPLICATIONS, MARKET_OF, MARKETS
from testsite_sim.studies.waterstof.configuration.study import ADVANTAGES

COMPUTED = ("demand", "price", "regulation")


def market_matrix() -> Floats:
    """Return 1 where an application belongs to a market, (application, market)."""
    return np.array([[float(MARKET_OF[name] == market) for market in MARKETS] for name in APPLICATIONS])


def lead_market_score(
    value: Values, demand: Floats, demand_without: Floats, price_ratio: Floats, fleet: Floats
) -> tuple[Floats, Floats]:
    """Return the advantages of each market and their weighted mean.

    Demand: share of the market in all hydrogen at the end of the horizon, over the largest share. Price: price of
    parity over the price at the nozzle, at most one, of the application that comes nearest. Regulation: part of the
    demand that would not be there without policy. Export, transfer and structure of the market are judged. A market
    without a unit that could run on hydrogen has no advantage.

    Parameters
    ----------
    value : callable
        Values of the members by dotted path.
    demand, demand_without : array, (member, application)
        At the end of the horizon with and without policy [kg/year].
    price_ratio : array, (member, application)
        Price of parity over price.
    fleet : array, (member, application)
        Units that could run on hydrogen.

    Returns
    -------
    tuple of arrays
        (member, market, advantage) and (member, market), between 0 and 1.

    References
    ----------
    Beise (2004), Research Policy 33, 997-1018 (five advantages); Rennings and Smidt (2008), ZEW Discussion Paper 08-007
    (regulation).
    """
    matrix = market_matrix()
    by_market = demand @ matrix
    largest = by_market.max(axis=1, keepdims=True)
    asked = np.divide(by_market, largest, out=np.zeros_like(by_market), where=largest > 0.0)
    without = demand_without @ matrix
    moved = np.divide(by_market - without, by_market, out=np.zeros_like(by_market), where=by_market > 0.0)
    there = np.greater(fleet[:, :, None], 0.0) & np.greater(matrix, 0.0)  # (member, application, market)
    nearest = np.where(there, price_ratio[:, :, None], 0.0).max(axis=1)
    computed = {"demand": asked, "price": np.clip(nearest, 0.0, 1.0), "regulation": np.clip(moved, 0.0, 1.0)}
    advantages = np.stack(
        [
            computed[name]
            if name in COMPUTED
            else np.stack([value(f"score.judgements.{market}.{name}") for market in MARKETS], axis=1)
            for name in ADVANTAGES
        ],
        axis=2,
    )
    advantages = np.where(np.asarray(there.any(axis=1))[:, :, None], advantages, 0.0)
    weights = np.stack([value(f"score.weights.{name}") for name in ADVANTAGES], axis=1)
    total = np.einsum("mka,ma->mk", advantages, weights) / weights.sum(axis=1)[:, None]
    return advantages, total
