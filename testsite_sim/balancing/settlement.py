"""The settlement of a nomination: what deviations earn and cost, per quarter-hour."""

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy.special import ndtri
from testsite_kernels.imbalance_settlement import (
    DUAL_2018,
    OFFSHORE_BAND_2009,
    SINGLE_2020,
    imbalance_prices,
    settle,
)
from testsite_kernels.rolling_horizon import fill_noise

from testsite_sim.configuration.imbalance import Imbalance
from testsite_sim.constants import MEGAWATT_HOUR
from testsite_sim.errors import DataError, nearest

Floats = NDArray[np.float64]
QUARTER = 900.0  # [s]
RAREST = 1.0 / 24_000.0  # one of the quarter-hours that the quantiles come from
REGIMES = {"dual_2018": DUAL_2018, "single_2020": SINGLE_2020, "offshore_band_2009": OFFSHORE_BAND_2009}
_IMBALANCE = 12  # purpose of the random numbers


def belgian_prices(
    regime: str, system_imbalance: Floats, incremental: Floats, decremental: Floats
) -> dict[str, Floats]:
    """Return the imbalance prices of quarter-hours.

    Parameters
    ----------
    regime : str
        One of `REGIMES`.
    system_imbalance : array, (quarters,)
        Of the system, above zero for a surplus [MW].
    incremental, decremental : array, (quarters,)
        Marginal prices of upward and downward regulation [EUR/MWh].

    Returns
    -------
    dict
        long_price, short_price, alpha, each (quarters,) [EUR/MWh].

    Raises
    ------
    DataError
        When there is no such regime, the series differ in length, or hold a value that is not finite.
    """
    if regime not in REGIMES:
        raise DataError(f"settlement: there is no regime {regime!r}. {nearest(regime, REGIMES)}")
    series = [np.ascontiguousarray(each, np.float64) for each in (system_imbalance, incremental, decremental)]
    if len({each.shape for each in series}) != 1 or series[0].ndim != 1:
        raise DataError(f"settlement: the series have shapes {[each.shape for each in series]}; wanted one length.")
    if not all(np.isfinite(each).all() for each in series):
        raise DataError("settlement: a value of the series is not finite; fill the gaps first.")
    found = {name: np.empty(series[0].size) for name in ("long_price", "short_price", "alpha")}
    imbalance_prices(REGIMES[regime], *series, *found.values())
    return found


def system_imbalance(imbalance: Imbalance, quarters: int, fleet_deviation: Floats | None = None) -> Floats:
    """Return a system imbalance with the stated quantiles and persistence, shape (quarters,) [MW].

    `fleet_deviation`, shape (quarters,) [MW], comes on top with the share that is stated.
    """
    noise = np.empty(quarters)
    fill_noise(imbalance.seed, _IMBALANCE, 0, float(imbalance.persistence), noise)
    # Between the quantiles linear in the normal score; the ends stand for the extremes of the measured quarter-hours.
    ends = np.clip(imbalance.probabilities, RAREST, 1.0 - RAREST)
    found = np.interp(noise, ndtri(ends), imbalance.quantiles.values)
    if fleet_deviation is not None:
        found = found + float(imbalance.shared) * fleet_deviation
    return np.asarray(found)


def settle_nomination(
    nominated: xr.DataArray, delivered: xr.DataArray, price: xr.DataArray, imbalance: Imbalance
) -> xr.Dataset:
    """Settle what was delivered against what was nominated.

    Longer steps are cut into quarter-hours in which power and day-ahead price hold.

    Parameters
    ----------
    nominated, delivered : xarray.DataArray, dims (time,)
        Net export [W].
    price : xarray.DataArray, dims (time,)
        Day-ahead [EUR/J].
    imbalance : Imbalance
        The regime, the system's imbalance, its prices.

    Returns
    -------
    xarray.Dataset, dims (time,)
        power_nominated [W], system_imbalance [W], price_long, price_short [EUR/J] (means of the quarters),
        revenue_day_ahead, revenue_imbalance [EUR]; attribute `cash_balance_residual`, relative.

    Raises
    ------
    DataError
        When the step is no whole number of quarter-hours.
    """
    stamps = delivered["time"].to_numpy()
    step = float((stamps[1] - stamps[0]) / np.timedelta64(1, "s"))
    parts = round(step / QUARTER)
    if parts < 1 or parts * QUARTER != step:
        raise DataError(f"settlement: the step of {step:g} s is no whole number of quarter-hours.")
    promised, given, market = (
        np.repeat(np.asarray(each.to_numpy(), np.float64), parts) * factor
        for each, factor in ((nominated, 1e-6), (delivered, 1e-6), (price, MEGAWATT_HOUR))
    )
    deviation = given - promised
    system = system_imbalance(imbalance, promised.size, deviation)
    marginal = np.interp(-system, imbalance.volume.values, imbalance.price.values)
    prices = belgian_prices(imbalance.regime, system, marginal, marginal)
    cash = np.empty(promised.size)
    settle(REGIMES[imbalance.regime], promised, given, market, prices["long_price"], prices["short_price"], cash)
    hours = QUARTER / 3600.0

    def per_step(quarters: Floats) -> Floats:
        return np.asarray(quarters.reshape(-1, parts).mean(axis=1))

    day_ahead = per_step(promised * market) * parts * hours
    settled = per_step(cash) * parts * hours
    columns = {
        "power_nominated": (np.asarray(nominated.to_numpy()), "W", "net export promised the day before"),
        "system_imbalance": (per_step(system) * 1e6, "W", "imbalance of the system, above zero for a surplus"),
        "price_long": (per_step(prices["long_price"]) / MEGAWATT_HOUR, "EUR J-1", "price of a surplus"),
        "price_short": (per_step(prices["short_price"]) / MEGAWATT_HOUR, "EUR J-1", "price of a shortage"),
        "revenue_day_ahead": (day_ahead, "EUR", "paid for what was nominated"),
        "revenue_imbalance": (settled, "EUR", "paid for surpluses, less the cost of shortages"),
    }
    result = xr.Dataset(
        {
            name: ("time", values, {"units": units, "long_name": text})
            for name, (values, units, text) in columns.items()
        },
        coords={"time": delivered["time"]},
    )
    total = float((promised * market + cash).sum() * hours)
    booked = float(day_ahead.sum() + settled.sum())
    scale = max(float(np.abs(promised * market).sum()) * hours, 1e-300)
    return result.assign_attrs(cash_balance_residual=abs(total - booked) / scale, regime=imbalance.regime)
