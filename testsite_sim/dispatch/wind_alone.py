"""A connection without a plant: what pays is sold, the rest curtailed."""

import numpy as np
import xarray as xr
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.dispatch.concessions import FarmSales, mean_support, sold_by_farm, with_concessions
from testsite_sim.dispatch.contracts import with_contracts
from testsite_sim.dispatch.settlement import settled
from testsite_sim.dispatch.trade import Dispatched, Trade

_VARIABLES = (
    ("power_wind", "W", "wind power at the connection"),
    ("power_imported", "W", "power bought from the grid"),
    ("power_exported", "W", "power sold to the grid"),
    ("power_curtailed", "W", "power of wind and panels not used"),
    ("price", "EUR J-1", "market price of electricity"),
    ("support", "EUR J-1", "support per energy sold, less the fee on it"),
    ("revenue", "EUR", "electricity sold minus electricity bought in the interval"),
)


def sell(trade: Trade) -> Dispatched:
    """Return the sale of a wind farm without a plant; its standby power in a calm is bought.

    Parameters
    ----------
    trade : Trade
        With a plant without machines.

    Returns
    -------
    Dispatched
        With `power_missing` where the limit of import is below the standby power; nothing is executed by machines.
    """
    around, control = trade.around, trade.control()
    available, standby = np.maximum(around.wind, 0.0), np.maximum(-around.wind, 0.0)
    sales, by_farm, support = around.sales, np.empty((0, 0)), around.support
    if sales is None:
        curtailed = np.minimum(np.maximum(available - control.sellable, 0.0), available)
        sold = available - curtailed
    else:
        by_farm = sold_by_farm(sales, around.price, around.support, _room(trade, sales, available))
        curtailed = np.minimum((np.maximum(sales.power, 0.0) - by_farm).sum(axis=1), available)
        sold = available - curtailed
        support = around.support + mean_support(sales, by_farm)
    bought = np.minimum(standby, 0.0 if trade.grid.import_limit is None else float(trade.grid.import_limit))
    revenue = ((around.price + support) * sold - (around.price + around.purchase_fee) * bought) * around.step
    values = (around.wind, bought, sold, curtailed, around.price, support, revenue)
    result = xr.Dataset(coords={"time": around.time})
    for (name, units, text), column in zip(_VARIABLES, values, strict=True):
        result[name] = ("time", np.array(column, np.float64), {"units": units, "long_name": text})
    missing = standby - bought
    if missing.any():
        text = "power that the wind farm lacked in a calm: beyond the limit of import"
        result["power_missing"] = ("time", missing, {"units": "W", "long_name": text})
    mismatch = float(np.max(np.abs(around.wind + bought + missing - sold - curtailed), initial=0.0))
    scale = max(float(np.mean(np.abs(around.wind))), 1e-300)
    result.attrs.update(
        step=around.step,
        purchase_fee=around.purchase_fee,
        first_filling=0.0,
        strategy="none",
        energy_balance_residual=mismatch / scale,
        hydrogen_balance_residual=0.0,
    )
    if sales is not None:
        result = with_concessions(result, sales, by_farm)
    result = with_contracts(result, around.contracts)
    if trade.nominated is not None and trade.quarters is not None:
        result = settled(result, trade.nominated, result["price"], trade.quarters)
    return Dispatched(None, result, control)


def _room(trade: Trade, sales: FarmSales, available: Floats) -> Floats:
    """Return how much all farms may sell together [W], shape (time,).

    That is what there is, where the standby power of one takes some of what another gives, and the limit of export.
    """
    limit = np.inf if trade.grid.export_limit is None else float(trade.grid.export_limit)
    offered = np.maximum(sales.power, 0.0).sum(axis=1)
    return np.minimum(np.where(offered > available * (1.0 + 1e-9), available, np.inf), limit)
