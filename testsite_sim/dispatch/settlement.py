"""The settlement of a nomination: what deviations earn and cost, per quarter-hour."""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from testsite_kernels.dispatch.horizon import fill_noise
from testsite_kernels.dispatch.settlement import (
    BAND,
    DUAL_2018,
    OFFSHORE_BAND_2009,
    SINGLE_2020,
    imbalance_prices,
    settle,
)
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.balances import relative_residual
from testsite_sim.common.errors import DataError, nearest
from testsite_sim.common.finite import finite_arguments
from testsite_sim.common.time_axis import step_of
from testsite_sim.common.units import HOUR, MEGAWATT_HOUR
from testsite_sim.configuration.imbalance import Imbalance
from testsite_sim.dispatch.market import MarketCurve, Support, deviation_market
from testsite_sim.dispatch.plant import ReducedPlant

QUARTER = 900.0  # [s]
RAREST = 1.0 / 24_000.0  # one of the quarter-hours that the quantiles come from
REGIMES = {"dual_2018": DUAL_2018, "single_2020": SINGLE_2020, "offshore_band_2009": OFFSHORE_BAND_2009}
_IMBALANCE = 12  # purpose of the random numbers


@finite_arguments("market.imbalance")
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
        raise DataError(f"market.imbalance: there is no regime {regime!r}. {nearest(regime, REGIMES)}")
    series = [np.ascontiguousarray(each, np.float64) for each in (system_imbalance, incremental, decremental)]
    if len({each.shape for each in series}) != 1 or series[0].ndim != 1:
        raise DataError(
            f"market.imbalance: the series have shapes {[each.shape for each in series]}; expected one length."
        )
    if not all(np.isfinite(each).all() for each in series):
        raise DataError("market.imbalance: a value of the series is not finite; fill the gaps first.")
    found = {name: np.empty(series[0].size) for name in ("long_price", "short_price", "alpha")}
    imbalance_prices(REGIMES[regime], *series, *found.values())
    return found


@finite_arguments("market.imbalance")
def system_imbalance(imbalance: Imbalance, quarters: int, fleet_deviation: Floats | None = None) -> Floats:
    """Return a system imbalance with the stated quantiles and persistence, shape (quarters,) [MW].

    `fleet_deviation`, shape (quarters,) [MW], comes on top with the share that is stated.
    """
    from testsite_sim.common.special_functions import ndtri

    noise = np.empty(quarters)
    fill_noise(imbalance.seed, _IMBALANCE, 0, float(imbalance.persistence), noise)
    # Between the quantiles linear in the normal score; the ends stand for the extremes of the measured quarter-hours.
    ends = np.clip(imbalance.probabilities, RAREST, 1.0 - RAREST)
    found = np.interp(noise, ndtri(ends), imbalance.quantiles.values_in("MW"))
    if fleet_deviation is not None:
        found = found + float(imbalance.shared) * fleet_deviation
    return np.asarray(found)


@dataclass(frozen=True)
class QuarterPrices:
    """The system's imbalance and what deviations from a nomination earn and cost, per quarter-hour.

    Nothing that a plant does moves them: it is small next to the market.

    Parameters
    ----------
    regime : str
        One of `REGIMES`.
    parts : int
        Quarter-hours in an interval of the run.
    system : array, (quarters,)
        Imbalance of the system, above zero for a surplus [MW].
    long_price, short_price : array, (quarters,)
        Price of a surplus and of a shortage [EUR/MWh].
    marginal : array, (quarters,)
        Price of regulation, from which they follow [EUR/MWh].
    """

    regime: str
    parts: int
    system: Floats
    long_price: Floats
    short_price: Floats
    marginal: Floats

    def over_intervals(self, quarters: Floats) -> Floats:
        """Return the means over the intervals of the run, shape (intervals,)."""
        return np.asarray(quarters.reshape(-1, self.parts).mean(axis=1))

    def known(self, day_ahead: Floats) -> Floats:
        """Return the price that is known when each interval begins, shape (intervals,) [EUR/J].

        It is that of the quarter-hour that has just ended (the mean for a surplus and a shortage), and the day-ahead
        price [EUR/J] in the first interval, before which nothing was settled.
        """
        middle = 0.5 * (self.long_price + self.short_price) / MEGAWATT_HOUR
        ended = middle[self.parts - 1 :: self.parts]
        return np.concatenate([day_ahead[:1], ended[:-1]])


def quarters_per_interval(time: xr.DataArray) -> int:
    """Return how many quarter-hours an interval has; a DataError where that is no whole number."""
    step = step_of(time.to_numpy())
    parts = round(step / QUARTER)
    if parts < 1 or parts * QUARTER != step:
        raise DataError(f"market.imbalance: the step of {step:g} s is no whole number of quarter-hours.")
    return parts


@finite_arguments("market.imbalance")
def quarter_prices(imbalance: Imbalance, forecast_error: xr.DataArray, price: xr.DataArray) -> QuarterPrices:
    """Draw the system's imbalance and its prices over the quarter-hours of a run.

    Parameters
    ----------
    imbalance : Imbalance
        The regime, the system's imbalance, its prices.
    forecast_error : xarray.DataArray, dims (time,)
        Wind power less what was forecast [W]; the stated share of it adds to the system's imbalance.
    price : xarray.DataArray, dims (time,)
        Day-ahead [EUR/J], which the ladder may follow.

    Raises
    ------
    DataError
        When the step is no whole number of quarter-hours.
    """
    parts = quarters_per_interval(forecast_error["time"])
    deviation = np.repeat(np.asarray(forecast_error.to_numpy(), np.float64), parts) / 1e6
    system = system_imbalance(imbalance, deviation.size, deviation)
    ladder = imbalance.volume.values_in("MW"), imbalance.price.values_in("EUR/MWh")
    marginal = np.interp(-system, *ladder)
    if imbalance.follows_day_ahead:
        balanced = float(np.interp(0.0, *ladder))
        marginal = marginal + np.repeat(np.asarray(price.to_numpy(), np.float64), parts) * MEGAWATT_HOUR - balanced
    prices = belgian_prices(imbalance.regime, system, marginal, marginal)
    return QuarterPrices(imbalance.regime, parts, system, prices["long_price"], prices["short_price"], marginal)


@finite_arguments("market.imbalance")
def settled_market(
    nominated: Floats, price: Floats, quarters: QuarterPrices, plant: ReducedPlant, support: Support, fee: float
) -> MarketCurve:
    """Return what a net export earns after a nomination, as the exact optimum takes it.

    Parameters
    ----------
    nominated, price : ndarray, shape (intervals,)
        Net export promised [W]; day-ahead price [EUR/J].
    quarters : QuarterPrices
        The prices of deviations, of which an interval sees the mean: power holds through it.
    plant : ReducedPlant
        Gives the limits of export and import.
    support, fee : float or ndarray
        Paid per energy sold, and per energy bought [EUR/J].
    """
    long_price, short_price = (
        quarters.over_intervals(each) / MEGAWATT_HOUR for each in (quarters.long_price, quarters.short_price)
    )
    band = BAND if quarters.regime == "offshore_band_2009" else 0.0
    return deviation_market(plant, nominated, price, long_price, short_price, support, fee, band)


@finite_arguments("market.imbalance")
def settle_nomination(
    nominated: xr.DataArray, delivered: xr.DataArray, price: xr.DataArray, quarters: QuarterPrices
) -> xr.Dataset:
    """Settle what was delivered against what was nominated.

    Longer steps are cut into quarter-hours in which power and day-ahead price hold.

    Parameters
    ----------
    nominated, delivered : xarray.DataArray, dims (time,)
        Net export [W].
    price : xarray.DataArray, dims (time,)
        Day-ahead [EUR/J].
    quarters : QuarterPrices
        The prices of deviations.

    Returns
    -------
    xarray.Dataset, dims (time,)
        power_nominated [W], system_imbalance [W], price_long, price_short [EUR/J] (means of the quarters),
        revenue_day_ahead, revenue_imbalance [EUR]; attribute `cash_balance_residual`, relative.

    Raises
    ------
    DataError
        When the step is no whole number of quarter-hours, or the prices are not those of as many quarter-hours.
    """
    parts = quarters_per_interval(delivered["time"])
    if quarters.system.size != parts * delivered.sizes["time"]:
        raise DataError(
            f"market.imbalance: prices of {quarters.system.size} quarter-hours for {delivered.sizes['time']} intervals "
            f"of {parts}; expected {parts * delivered.sizes['time']}."
        )
    promised, given, market = (
        np.repeat(np.asarray(each.to_numpy(), np.float64), parts) * factor
        for each, factor in ((nominated, 1e-6), (delivered, 1e-6), (price, MEGAWATT_HOUR))
    )
    cash = np.empty(promised.size)
    settle(REGIMES[quarters.regime], promised, given, market, quarters.long_price, quarters.short_price, cash)
    hours = QUARTER / HOUR
    per_step = quarters.over_intervals
    day_ahead = per_step(promised * market) * parts * hours
    settled = per_step(cash) * parts * hours
    columns = {
        "power_nominated": (np.asarray(nominated.to_numpy()), "W", "net export promised the day before"),
        "system_imbalance": (per_step(quarters.system) * 1e6, "W", "imbalance of the system, above zero for a surplus"),
        "price_long": (per_step(quarters.long_price) / MEGAWATT_HOUR, "EUR J-1", "price of a surplus"),
        "price_short": (per_step(quarters.short_price) / MEGAWATT_HOUR, "EUR J-1", "price of a shortage"),
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
    residual = relative_residual(total, booked, float(np.abs(promised * market).sum()) * hours)
    return result.assign_attrs(cash_balance_residual=residual, regime=quarters.regime)


def settled(result: xr.Dataset, nominated: xr.DataArray, price: xr.DataArray, quarters: QuarterPrices) -> xr.Dataset:
    """Return a dispatch whose revenue is that of its nomination and of its deviations, with the columns of both.

    Support and fees per energy stay as they were counted.
    """
    net = result["power_exported"] - result["power_imported"]
    found = settle_nomination(nominated, net, price, quarters)
    as_it_comes = net * price * float(result.attrs["step"])
    revenue = result["revenue"] - as_it_comes + found["revenue_day_ahead"] + found["revenue_imbalance"]
    return result.assign(revenue=revenue.assign_attrs(result["revenue"].attrs)).merge(
        found, combine_attrs="no_conflicts"
    )
