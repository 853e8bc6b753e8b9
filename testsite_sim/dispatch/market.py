"""What a net export earns in each interval: a marginal price curve from import limit to export limit."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from testsite_kernels.dispatch.settlement import SHORTAGE_SHARE, SURPLUS_SHARE
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.finite import finite_arguments
from testsite_sim.dispatch.plant import ReducedPlant

Support = float | Floats  # per energy sold [EUR/J], one or over (intervals,)


@dataclass(frozen=True)
class MarketCurve:
    """Marginal price of net export, piecewise constant.

    Parameters
    ----------
    edges : ndarray, shape (intervals or 1, segments + 1)
        Net export [W], rising from minus the import limit to the export limit.
    prices : ndarray, shape (intervals or 1, segments)
        Price within each segment [EUR/J]; falling where the market is concave.
    fixed : ndarray, shape (intervals or 1,)
        Cash at a net export of zero [EUR/s], such as the sale of a nomination.
    """

    edges: Floats
    prices: Floats
    fixed: Floats

    def cash(self, export: Floats) -> Floats:
        """Return the cash of a net export in each interval [EUR/s]."""
        low, high = self.edges[:, :-1], self.edges[:, 1:]
        taken = np.clip(export[:, None], low, high) - np.clip(0.0, low, high)
        return np.asarray(self.fixed + (self.prices * taken).sum(axis=1))

    def marginal(self, export: Floats) -> Floats:
        """Return the price [EUR/J] that the next sold watt earns at a net export."""
        index = np.clip((export[:, None] >= self.edges[:, 1:-1]).sum(axis=1), 0, self.prices.shape[1] - 1)
        rows = np.arange(export.size) if self.prices.shape[0] > 1 else np.zeros(export.size, int)
        return np.asarray(self.prices[rows, index])

    def is_concave(self) -> NDArray[np.bool_]:
        """Return for each row whether the price never rises with the export (segments without width aside)."""
        hull = self.concave_prices()
        wide = np.diff(self.edges, axis=1) > 0.0
        return np.asarray(np.all(~wide | (np.abs(hull - self.prices) <= 1e-12 * np.abs(self.prices)), axis=1))

    def concave_prices(self) -> Floats:
        """Return the prices of the least concave cash curve above this one (pool of adjacent violators)."""
        width = np.broadcast_to(np.diff(self.edges, axis=1), self.prices.shape)
        result = np.array(self.prices, float)
        suspects = np.flatnonzero(np.any(np.diff(self.prices, axis=1) > 0.0, axis=1))
        for row in suspects:
            pools: list[tuple[float, float, int]] = []
            for price, span in zip(result[row], width[row], strict=True):
                pool = (float(price), float(span), 1)
                while pools and pools[-1][0] < pool[0]:
                    before = pools.pop()
                    total = before[1] + pool[1]
                    mean = (before[0] * before[1] + pool[0] * pool[1]) / total if total > 0.0 else pool[0]
                    pool = (mean, total, before[2] + pool[2])
                pools.append(pool)
            result[row] = np.repeat([pool[0] for pool in pools], [pool[2] for pool in pools])
        return result


@finite_arguments("market")
def energy_market(price: Floats, plant: ReducedPlant, support: Support = 0.0, purchase_fee: float = 0.0) -> MarketCurve:
    """Return the curve of a market with one price [EUR/J]: sales earn support, purchases pay a fee."""
    zero = np.zeros(1)
    if plant.import_limit <= 0.0:
        return MarketCurve(np.array([[0.0, plant.export_limit]]), (price + support)[:, None], zero)
    edges = np.array([[-plant.import_limit, 0.0, plant.export_limit]])
    return MarketCurve(edges, np.stack([price + purchase_fee, price + support], axis=1), zero)


@finite_arguments("market.imbalance")
def deviation_market(
    plant: ReducedPlant,
    nomination: Floats,
    day_ahead: Floats,
    long_price: Floats,
    short_price: Floats,
    support: Support = 0.0,
    purchase_fee: float = 0.0,
    band: float = 0.0,
) -> MarketCurve:
    """Return the curve of a nomination sold day-ahead whose deviation settles at imbalance prices.

    Parameters
    ----------
    plant : ReducedPlant
        Gives the export and import limits.
    nomination : ndarray, shape (intervals,)
        Power sold day-ahead [W].
    day_ahead, long_price, short_price : ndarray, shape (intervals,)
        Day-ahead price; price paid for a surplus; price charged for a shortage [EUR/J].
    support, purchase_fee : float or ndarray
        Paid per energy sold, and per energy bought [EUR/J].
    band : float
        Share of the nomination within which the day-ahead price settles deviations, as in the regime of 2009.
    """
    low, high = -plant.import_limit, plant.export_limit
    reach = band * np.maximum(nomination, 0.0)
    marks = [nomination, *([nomination - reach, nomination + reach] if band > 0.0 else [])]
    if low < 0.0:
        marks.append(np.zeros(nomination.size))
    ends = np.full(nomination.size, low), np.full(nomination.size, high)
    edges = np.sort(np.stack([ends[0], *(np.clip(mark, low, high) for mark in marks), ends[1]], axis=1), axis=1)
    middle = 0.5 * (edges[:, :-1] + edges[:, 1:])
    beyond = [nomination[:, None], reach[:, None], day_ahead[:, None], long_price[:, None], short_price[:, None]]
    added = np.where(middle > 0.0, np.broadcast_to(np.asarray(support), nomination.shape)[:, None], purchase_fee)
    prices = _price_of_deviation(middle, *beyond) + added
    # cash at zero export: the nomination is sold, and all of it is missing; outside the band at the dearer price
    missing = np.where(
        nomination >= 0.0,
        np.minimum(nomination, reach) * SHORTAGE_SHARE * day_ahead + np.maximum(nomination - reach, 0.0) * short_price,
        long_price * nomination,
    )
    return MarketCurve(edges, prices, day_ahead * nomination - missing)


def _price_of_deviation(
    export: Floats, nomination: Floats, reach: Floats, day_ahead: Floats, long_price: Floats, short_price: Floats
) -> Floats:
    """Return the price of the next watt at a net export."""
    inside = np.where(export < nomination, SHORTAGE_SHARE, SURPLUS_SHARE) * day_ahead
    outside = np.where(export < nomination, short_price, long_price)
    return np.where(np.abs(export - nomination) < reach, inside, outside)
