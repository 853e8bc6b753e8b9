"""What contracts pay for power: per energy sold, which is seen at the margin, and whatever the plant does."""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.finite import finite_arguments
from testsite_sim.configuration.contracts import (
    AsProduced,
    Baseload,
    HydrogenOfftake,
    PowerContract,
)
from testsite_sim.dispatch.calendar_means import calendar_means

KNOWN = "known with the day-ahead price"
KNOWN_LATER = "the mean of a {} is known only at its end; strategies see it before"


@dataclass(frozen=True)
class PaidContract:
    """A contract over the record, shape (time,): what it adds to a joule sold [EUR/J], and what it pays anyway [EUR/s].

    `note` says when that is known.
    """

    title: str
    margin: Floats
    fixed: Floats
    note: str = KNOWN


@finite_arguments("dispatch.contracts")
def difference(price: Floats, strike: float, reference: Floats, *, two_sided: bool, suspended_below: float) -> Floats:
    """Return what a contract for difference pays per energy, shape (intervals,) [EUR/J].

    Parameters
    ----------
    price, reference : ndarray, shape (intervals,)
        Day-ahead price, and the price that the strike is compared with [EUR/J].
    strike : float
        [EUR/J].
    two_sided : bool
        The seller pays back what the reference exceeds the strike by; else keeps it.
    suspended_below : float
        In intervals with a lower day-ahead price nothing is paid either way [EUR/J].

    Examples
    --------
    >>> price = np.array([40.0, 120.0, -5.0])
    >>> difference(price, 95.0, price, two_sided=True, suspended_below=0.0).tolist()
    [55.0, -25.0, 0.0]
    """
    owed = strike - reference if two_sided else np.maximum(strike - reference, 0.0)
    return np.where(price < suspended_below, 0.0, owed)


def paid_contract(
    contract: PowerContract,
    time: xr.DataArray,
    price: Floats,
    capability: Floats,
    prices: xr.DataArray | None = None,
) -> PaidContract:
    """Return what a contract pays over the record.

    Parameters
    ----------
    contract : AsProduced, Baseload or ContractForDifference
        As configured.
    time : xarray.DataArray, dims (time,)
        Stamps.
    price : ndarray, shape (intervals,)
        Day-ahead [EUR/J].
    capability : ndarray, shape (intervals,)
        What wind and panels could sell [W].
    prices : xarray.DataArray, dims (time,), optional
        As in `calendar_means` [EUR/J].
    """
    none = np.zeros(price.size)
    if isinstance(contract, Baseload):
        power = float(contract.power) * (1.0 if contract.side == "sale" else -1.0)
        return PaidContract(contract.title, none, power * (float(contract.price) - price))
    below = -np.finfo(np.float64).max if contract.suspended_below is None else float(contract.suspended_below)
    if isinstance(contract, AsProduced):
        owed = difference(price, float(contract.price), price, two_sided=True, suspended_below=below)
        return PaidContract(contract.title, float(contract.share) * owed, none)
    reference, note = price, KNOWN
    if contract.reference != "interval":
        reference = calendar_means(price, time, contract.reference, prices)
        note = KNOWN_LATER.format(contract.reference)
    two_sided = contract.sides == "two-sided"
    owed = difference(price, float(contract.strike), reference, two_sided=two_sided, suspended_below=below)
    owed = float(contract.share) * owed
    if contract.paid_on == "capability":
        return PaidContract(contract.title, none, owed * capability, note)
    return PaidContract(contract.title, owed, none, note)


def paid_contracts(
    contracts: tuple[PowerContract | HydrogenOfftake, ...],
    time: xr.DataArray,
    price: Floats,
    capability: Floats,
    prices: xr.DataArray | None = None,
) -> tuple[PaidContract, ...]:
    """Return what the contracts for power pay; see `paid_contract`."""
    return tuple(
        paid_contract(each, time, price, capability, prices)
        for each in contracts
        if not isinstance(each, HydrogenOfftake)
    )


def with_contracts(result: xr.Dataset, contracts: tuple[PaidContract, ...]) -> xr.Dataset:
    """Return a dispatch with what its contracts pay, whose revenue holds what they pay per energy sold already.

    Parameters
    ----------
    result : xarray.Dataset, dims (time,)
        With power_exported [W] and revenue [EUR]; attribute `step` [s].
    contracts : tuple of PaidContract
        Over the same intervals, or more.
    """
    if not contracts:
        return result
    n, step = result.sizes["time"], float(result.attrs["step"])
    sold = result["power_exported"].to_numpy()
    fixed = [each.fixed[:n] * step for each in contracts]
    paid = [sold * each.margin[:n] * step + anyway for each, anyway in zip(contracts, fixed, strict=True)]
    revenue = result["revenue"] + np.sum(fixed, axis=0)
    notes = {each.note for each in contracts if each.note != KNOWN}
    text = "paid by a contract in the interval, on top of the market"
    margin = {"units": "EUR J-1", "long_name": "what contracts add to energy sold", "comment": "; ".join(sorted(notes))}
    titles = np.array([each.title for each in contracts], dtype=np.str_)
    return result.assign_coords(contract=("contract", titles, {"long_name": "title of the contract"})).assign(
        revenue=revenue.assign_attrs(result["revenue"].attrs),
        contract_margin=("time", np.sum([each.margin[:n] for each in contracts], axis=0), margin),
        contract_revenue=(("time", "contract"), np.stack(paid, axis=1), {"units": "EUR", "long_name": text}),
    )
