"""Support of wind farms: what a certificate is worth, for how long, and what holds while prices are negative."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from testsite_sim.configuration.base import Component, Configuration, SourcedConfiguration
from testsite_sim.configuration.quantities import Duration, EnergyPrice, Fraction, Power, Years


class NegativePriceRule(Configuration):
    """When a certificate is worth nothing: in intervals with a day-ahead price below `below`.

    With `consecutive` only where the price stays below it for at least so long without a break, and then from the first
    interval on; with `most_per_year` only the first such intervals of a calendar year (UTC), up to so long in all.
    """

    below: EnergyPrice
    consecutive: Duration | None = None
    most_per_year: Duration | None = None


class Supported(SourcedConfiguration):
    """What all kinds of support share: from 1 January of the year `start` on (UTC) for `duration`."""

    start: int = Field(ge=1990, le=2100)
    duration: Years
    negative_prices: NegativePriceRule | None = None


class FixedCertificate(Supported):
    """A certificate of one value per energy, on top of what the market pays at that hour.

    `price_above` is the value for the part of the concession's capacity above `first`; a farm is paid the mean of both
    by capacity.
    """

    kind: Literal["fixed-certificate"]
    price: EnergyPrice
    first: Power | None = None
    price_above: EnergyPrice | None = None

    @model_validator(mode="after")
    def _two_steps(self) -> "FixedCertificate":
        if (self.first is None) != (self.price_above is None):
            raise ValueError(
                "`first` and `price_above` go together: the capacity that has `price`, and the value above"
            )
        return self


class LevelisedCostCertificate(Supported):
    """A certificate that fills up the price of electricity to a levelised cost, and is never negative.

    It is worth `levelised_cost` less the reference price times (1 - `correction`). `reference_price` is that price;
    without it, it is the mean day-ahead price of the calendar year in the weather record. `sale`: the farm sells its
    energy at the day-ahead price of each hour (`day-ahead`), or all of it at the corrected reference price under a
    contract (`reference-price`): it then earns the same at every hour, and stops at no price.
    """

    kind: Literal["levelised-cost-certificate"]
    levelised_cost: EnergyPrice
    correction: Fraction
    reference_price: EnergyPrice | None = None
    sale: Literal["day-ahead", "reference-price"]


Support = Annotated[FixedCertificate | LevelisedCostCertificate, Field(discriminator="kind")]


class FarmSale(Configuration):
    """A concession: the farms that are counted together, as the groups of the farm are named, and their support."""

    farms: Annotated[tuple[str, ...], Field(strict=False, min_length=1)]
    support: Annotated[Support, Component("support")]


def check_farms(sales: dict[str, FarmSale]) -> None:
    """Refuse a farm that stands in two concessions.

    Raises
    ------
    ValueError
        Naming it.
    """
    seen: dict[str, str] = {}
    for concession, sale in sales.items():
        for farm in sale.farms:
            if farm in seen:
                raise ValueError(f"concessions: {farm!r} stands in {seen[farm]!r} and in {concession!r}; keep one")
            seen[farm] = concession
