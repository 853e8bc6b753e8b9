"""Farms with a support of their own: what each earns per energy, and where it stops because it would pay to deliver."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil

import numpy as np
import xarray as xr
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.finite import finite_arguments
from testsite_sim.common.time_axis import step_of
from testsite_sim.configuration.support import (
    FarmSale,
    FixedCertificate,
    LevelisedCostCertificate,
    NegativePriceRule,
    Supported,
)
from testsite_sim.dispatch.calendar_means import calendar_means

Booleans = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


OTHERS = "other farms"  # those that no concession names


@dataclass(frozen=True)
class FarmSales:
    """What each concession delivers and earns: names (concession,), power [W] and the rest [EUR/J], (time, concession).

    `support` is what energy sold earns besides the day-ahead price, `certificate` the part of it that certificates pay,
    `duration` for how long from the first year of a concession on [year], (concession,).
    """

    names: tuple[str, ...]
    power: Floats
    support: Floats
    certificate: Floats
    duration: Floats

    def in_year(self, year: int) -> "FarmSales":
        """Return the sales in a year of the concessions' lives, from 1: without support where it has ended by then.

        Of a year in which support ends, all counts as supported if more than half of it is.
        """
        lasts = self.duration > year - 0.5
        return replace(self, support=self.support * lasts, certificate=self.certificate * lasts)

    def years_alike(self, years: int) -> list[range]:
        """Return the years of a life, from 1, in parts of equal support."""
        ends = {min(ceil(each - 0.5), years) for each in self.duration if np.isfinite(each)} | {0, years}
        return [range(first + 1, last + 1) for first, last in pairwise(sorted(ends))]


@finite_arguments("market.concessions")
def unpaid_intervals(price: Floats, time: xr.DataArray, rule: NegativePriceRule | None) -> Booleans:
    """Return in which intervals a certificate is worth nothing, shape (time,).

    Parameters
    ----------
    price : ndarray, shape (time,)
        Day-ahead [EUR/J].
    time : xarray.DataArray, dims (time,)
        Stamps.
    rule : NegativePriceRule or None
        As configured; None: it is always paid.

    Examples
    --------
    >>> rule = NegativePriceRule(below="0 EUR/MWh", consecutive="2 hour")
    >>> hours = np.datetime64("2023-01-01", "ns") + np.arange(5) * np.timedelta64(1, "h")
    >>> unpaid_intervals(np.array([-1.0, 1.0, -1.0, -1.0, 1.0]), xr.DataArray(hours, dims="time"), rule).tolist()
    [False, False, True, True, False]
    """
    if rule is None:
        return np.zeros(price.size, np.bool_)
    step = step_of(time.to_numpy())
    unpaid = price < float(rule.below)
    if rule.consecutive is not None:
        number = np.cumsum(np.concatenate([[True], unpaid[1:] != unpaid[:-1]])) - 1  # of the run of equal intervals
        unpaid &= (np.bincount(number) * step >= float(rule.consecutive) - 1e-6)[number]
    if rule.most_per_year is not None:
        years = time.to_numpy().astype("datetime64[Y]")
        for year in np.unique(years):
            inside = years == year
            before = np.cumsum(unpaid[inside]) * step
            unpaid[inside] &= before <= float(rule.most_per_year) + 1e-6
    return unpaid


def in_force(time: xr.DataArray, support: Supported) -> Booleans:
    """Return in which intervals a support runs, shape (time,): from 1 January of its first year, for its duration."""
    whole, rest = divmod(round(float(support.duration) * 12.0, 9), 12.0)
    begin, last, after = (np.datetime64(f"{support.start + n:04d}-01-01", "s") for n in (0, int(whole), int(whole) + 1))
    end = last + (after - last) * (rest / 12.0)
    stamps = time.to_numpy().astype("datetime64[s]")
    return np.asarray((stamps >= begin) & (stamps < end))


def earnings(
    support: FixedCertificate | LevelisedCostCertificate,
    capacity: float,
    price: Floats,
    time: xr.DataArray,
    prices: xr.DataArray | None = None,
) -> tuple[Floats, Floats]:
    """Return what energy sold earns besides the day-ahead price, and what of it certificates pay [EUR/J], (time,).

    Parameters
    ----------
    support : FixedCertificate or LevelisedCostCertificate
        As configured.
    capacity : float
        Installed power of the concession [W].
    price : ndarray, shape (time,)
        Day-ahead [EUR/J].
    time : xarray.DataArray, dims (time,)
        Stamps.
    prices : xarray.DataArray, dims (time,), optional
        As in `calendar_means` [EUR/J].

    Notes
    -----
    Belgian royal decree of 16 July 2002, article 14, as amended: fixed minimum prices of farms closed before May 2014,
    and levelised cost less corrected reference price of those after it.
    """
    runs = in_force(time, support)
    paid = runs & ~unpaid_intervals(price, time, support.negative_prices)
    if isinstance(support, FixedCertificate):
        value = float(support.price)
        if support.first is not None and support.price_above is not None:
            share = min(float(support.first) / capacity, 1.0)
            value = share * value + (1.0 - share) * float(support.price_above)
        certificate = np.where(paid, value, 0.0)
        return certificate, certificate
    reference = _reference(support, price, time, prices) * (1.0 - float(support.correction))
    certificate = np.where(paid, np.maximum(float(support.levelised_cost) - reference, 0.0), 0.0)
    if support.sale == "day-ahead":
        return certificate, certificate
    return certificate + np.where(runs, reference - price, 0.0), certificate


def _reference(
    support: LevelisedCostCertificate, price: Floats, time: xr.DataArray, prices: xr.DataArray | None
) -> Floats:
    """Return the reference price [EUR/J], shape (time,): as stated, or the mean of each calendar year."""
    if support.reference_price is not None:
        return np.full(price.size, float(support.reference_price))
    return calendar_means(price, time, "year", prices)


def farm_sales(
    concessions: Mapping[str, FarmSale],
    power: xr.DataArray,
    capacity: Mapping[str, float],
    price: xr.DataArray,
    prices: xr.DataArray | None = None,
) -> FarmSales:
    """Return what concessions deliver and earn.

    Parameters
    ----------
    concessions : mapping
        As configured, by name.
    power : xarray.DataArray, dims (time, group)
        Of each farm at the connection [W]; `group` holds their names.
    capacity : mapping
        Installed power by farm [W].
    price : xarray.DataArray, dims (time,)
        Day-ahead [EUR/J].
    prices : xarray.DataArray, dims (time,), optional
        As in `calendar_means` [EUR/J].
    """
    names = [str(name) for name in power["group"].to_numpy()]
    values, time = np.asarray(price.to_numpy(), np.float64), price["time"]
    flows = power.transpose("time", "group").to_numpy()
    found: list[tuple[str, Floats, Floats, Floats, float]] = []
    taken: set[str] = set()
    for concession, sale in concessions.items():
        standing = [name for name in names if name in sale.farms]
        taken |= set(standing)
        if standing:
            columns = [names.index(name) for name in standing]
            installed = sum(capacity[name] for name in standing)
            support, certificate = earnings(sale.support, installed, values, time, prices)
            years = float(sale.support.duration)
            found.append((concession, flows[:, columns].sum(axis=1), support, certificate, years))
    rest = [k for k, name in enumerate(names) if name not in taken]
    if rest:
        found.append((OTHERS, flows[:, rest].sum(axis=1), np.zeros(values.size), np.zeros(values.size), np.inf))
    labels, *columns_of, duration = zip(*found, strict=True)
    powers, supports, certificates = (np.stack(each, axis=1) for each in columns_of)
    return FarmSales(tuple(labels), powers, supports, certificates, np.array(duration))


def with_concessions(result: xr.Dataset, sales: FarmSales, sold: Floats) -> xr.Dataset:
    """Return the sale of a wind farm with what each concession sold, what is curtailed of it, and its certificates.

    Parameters
    ----------
    result : xarray.Dataset, dims (time,)
        With attribute `step` [s].
    sales : FarmSales
        The concessions.
    sold : ndarray, shape (time, concession)
        [W].
    """
    step = float(result.attrs["step"])
    columns = {
        "power_sold_of_concession": (sold, "W", "power that a concession sells"),
        "power_curtailed_of_concession": (np.maximum(sales.power, 0.0) - sold, "W", "power of it that is not used"),
        "support_of_concession": (sales.support, "EUR J-1", "what energy sold earns besides the day-ahead price"),
        "certificate_revenue": (sold * sales.certificate * step, "EUR", "paid for certificates in the interval"),
    }
    about = {"long_name": "farms that are counted together, with one support"}
    found = result.assign_coords(concession=("concession", np.array(sales.names, dtype=np.str_), about))
    both = ("time", "concession")
    return found.assign(
        {name: (both, values, {"units": units, "long_name": text}) for name, (values, units, text) in columns.items()}
    )


def sold_by_farm(sales: FarmSales, price: Floats, base: Floats, limit: Floats) -> Floats:
    """Return what each farm sells [W], shape (time, concession): nothing where it would cost money.

    Parameters
    ----------
    sales : FarmSales
        The farms.
    price, base : ndarray, shape (time,)
        Day-ahead price, and what all energy sold earns besides [EUR/J].
    limit : ndarray, shape (time,)
        Of the export of all, shared by what each offers [W].
    """
    worth = (price + base)[:, None] + sales.support
    offered = np.where(worth < 0.0, 0.0, np.maximum(sales.power, 0.0))
    total = offered.sum(axis=1)
    fits = np.divide(limit, total, out=np.ones_like(total), where=total > limit)
    return np.asarray(offered * fits[:, None])


def mean_support(sales: FarmSales, sold: Floats) -> Floats:
    """Return what energy sold earns besides the day-ahead price, mean of all that is sold [EUR/J], shape (time,).

    Where nothing is sold it is the largest, which was still too little.
    """
    total = sold.sum(axis=1)
    paid = (sold * sales.support).sum(axis=1)
    return np.asarray(np.divide(paid, total, out=sales.support.max(axis=1), where=total > 0.0))
