"""Contracts of a plant: what it sells or buys its electricity and sells its hydrogen for, on top of the market."""

from typing import Annotated, Literal

from pydantic import Field

from testsite_sim.configuration.base import SourcedConfiguration
from testsite_sim.configuration.quantities import EnergyPrice, Fraction, HydrogenPrice, MassFlow, Power

FULL = 1.0 + 1e-9  # shares of one energy that are written with rounding add up to no more


class AsProduced(SourcedConfiguration):
    """A power-purchase agreement, pay-as-produced: a share of what is sold earns the price instead of the market's.

    Where the day-ahead price is below `suspended_below` the buyer takes nothing, and all is sold to the market.
    """

    kind: Literal["power-purchase-as-produced"]
    price: EnergyPrice
    share: Fraction
    suspended_below: EnergyPrice | None = None


class Baseload(SourcedConfiguration):
    """A power-purchase agreement over a constant power, sold or bought at the price.

    What the plant exports above or below it is sold or bought at the day-ahead price, which is what a watt more earns.
    """

    kind: Literal["power-purchase-baseload"]
    side: Literal["sale", "purchase"]
    price: EnergyPrice
    power: Power


class ContractForDifference(SourcedConfiguration):
    """A contract that pays the strike less a reference price, for a share of a power.

    The reference is the day-ahead price of the interval, or its mean over the calendar month or year. It is paid on
    what is sold (`production`) or on what wind and panels could have sold (`capability`: their available power up to
    the export limit, whatever the plant does with it). `two-sided`: what the reference exceeds the strike by is paid
    back. Where the day-ahead price is below `suspended_below` nothing is paid either way.
    """

    kind: Literal["contract-for-difference"]
    sides: Literal["two-sided", "one-sided"]
    strike: EnergyPrice
    reference: Literal["interval", "month", "year"]
    paid_on: Literal["production", "capability"]
    share: Fraction = 1.0
    suspended_below: EnergyPrice | None = None


class HydrogenOfftake(SourcedConfiguration):
    """The sale of the hydrogen that the demand takes: price, and a quantity that both sides are bound to in a year.

    The buyer pays for `take_or_pay` of the quantity even where the demand asks for less; what the demand asks for, up
    to the quantity, and the plant does not deliver costs the plant `shortfall_penalty` per mass.
    """

    kind: Literal["hydrogen-offtake"]
    price: HydrogenPrice
    quantity: MassFlow
    take_or_pay: Fraction
    shortfall_penalty: HydrogenPrice


Contract = Annotated[AsProduced | Baseload | ContractForDifference | HydrogenOfftake, Field(discriminator="kind")]
PowerContract = AsProduced | Baseload | ContractForDifference


def offtake_of(contracts: tuple[PowerContract | HydrogenOfftake, ...]) -> HydrogenOfftake | None:
    """Return the sale of hydrogen among contracts, None where there is none."""
    return next((each for each in contracts if isinstance(each, HydrogenOfftake)), None)


def check_contracts(contracts: tuple[PowerContract | HydrogenOfftake, ...], *, demand: bool) -> None:
    """Refuse contracts that sell one energy twice, two sales of the same hydrogen, or one without a `demand`.

    Raises
    ------
    ValueError
        Naming the contract.
    """
    for kind, what in ((AsProduced, "power-purchase-as-produced"), (ContractForDifference, "contract-for-difference")):
        shares = [float(each.share) for each in contracts if isinstance(each, kind)]
        if sum(shares) > FULL:
            raise ValueError(f"dispatch.contracts: the shares of {what} add up to {sum(shares):g}; expected at most 1")
    offtakes = [each for each in contracts if isinstance(each, HydrogenOfftake)]
    if len(offtakes) > 1:
        titles = " and ".join(repr(each.title) for each in offtakes[:2])
        raise ValueError(f"dispatch.contracts: {titles} sell the same hydrogen; keep one")
    if offtakes and not demand:
        raise ValueError(
            f"dispatch.contracts: {offtakes[0].title!r} sells hydrogen, and `plant` has no `demand` that takes it"
        )
