"""One price base: amounts of money of the inputs, each in the prices of its year, in those of the year of the study."""

import re
from collections.abc import Mapping
from typing import Annotated, Protocol, cast

from pydantic import BaseModel, Field, model_validator

from testsite_sim.common.errors import ConfigurationError, nearest
from testsite_sim.common.identity import kept_by_identity
from testsite_sim.configuration.base import Component, Configuration, SourcedConfiguration, quantities
from testsite_sim.configuration.evidence import Finding, Reference
from testsite_sim.configuration.quantities import Quantity, Unit

MONEY = re.compile(r"(EUR|GBP|USD|DKK)\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_CALENDAR_YEAR = re.compile("[0-9]{4}")

GrowthOfPrices = Annotated[float, Unit("1/year", "a growth of prices over the year before", "2 %/year", -0.5, 1.0)]


class PriceIndex(SourcedConfiguration):
    """By how much prices grew in a calendar year over the year before."""

    growth: Annotated[dict[str, GrowthOfPrices], Field(min_length=1)]

    @model_validator(mode="after")
    def _years_follow(self) -> "PriceIndex":
        years = list(self.growth)
        if not all(_CALENDAR_YEAR.fullmatch(year) for year in years) or [int(year) for year in years] != list(
            range(int(years[0]), int(years[0]) + len(years))
        ):
            raise ValueError(f"growth: expected calendar years that follow each other, found {', '.join(years)}")
        return self

    def factor(self, first: int, last: int) -> float:
        """Return what one euro of a year is in euros of another."""
        if first > last:
            return 1.0 / self.factor(last, first)
        product = 1.0
        for year in range(first + 1, last + 1):
            product *= 1.0 + self.growth[str(year)]
        return product

    def covers(self, year: int) -> bool:
        """Return whether amounts of a year can be converted."""
        return int(next(iter(self.growth))) - 1 <= year <= int(next(reversed(self.growth)))


class Prices(Configuration):
    """The price base of a study: all money is in euros of `year`.

    `stated` says in which year's prices inputs are that name no publication, by path, or by the path of a part of the
    configuration: all below it. Money that rests on evidence is in the prices that its first finding in money states,
    or else of the year of the finding, of its publication where that is earlier. All other money is in euros of `year`.
    """

    year: int
    index: Annotated[PriceIndex, Component("study-data")]
    stated: dict[str, int] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _years_are_known(self) -> "Prices":
        for path, year in {"year": self.year, **self.stated}.items():
            if not self.index.covers(year):
                raise ValueError(f"{path}: the index of prices does not hold the year {year}")
        return self


class Priced(Protocol):
    """What has a price base: the configuration of a study."""

    prices: Prices | None

    @property
    def findings(self) -> Mapping[str, Finding]:
        """The findings of the evidence by name."""

    @property
    def references(self) -> Mapping[str, Reference]:
        """The publications that quantities rest on."""


def is_money(finding: Finding) -> bool:
    """Return whether a finding is an amount of money, whose prices are of some year."""
    return any(MONEY.search(text) for text in (finding.value, *(finding.range or ())) if text)


def year_of_prices(finding: Finding, reference: Reference) -> int:
    """Return in which year's prices a finding is: as stated, or else its own year or that of its publication."""
    stated = _YEAR.search(finding.prices)
    if stated:
        return int(stated.group())
    return min(finding.year or reference.year, reference.year)


@kept_by_identity
def price_years(configuration: Priced) -> dict[str, int]:
    """Return in which year's prices every amount of money of a study is, by its dotted path; nothing without a base.

    Raises
    ------
    ConfigurationError
        When `prices.stated` names what is no money, or the index lacks a year: no study is read with such prices.
    """
    prices = configuration.prices
    if prices is None:
        return {}
    findings, references = configuration.findings, configuration.references
    found: dict[str, int] = {}
    for path, quantity in quantities(cast(BaseModel, configuration)):
        if not power_of_money(quantity):
            continue
        of = _money_of_evidence(findings, quantity)
        published = year_of_prices(of[0], references[of[0].reference]) if of else prices.year
        found[path] = _stated(prices.stated, path) or published
        if not prices.index.covers(found[path]):
            raise ConfigurationError(f"{path}: the index of prices does not hold the year {found[path]}.")
    for path in prices.stated:
        if not any(_is_below(each, path) for each in found):
            raise ConfigurationError(f"prices.stated: {path!r} is no amount of money. {nearest(path, found)}")
    return found


@kept_by_identity
def undated_amounts(configuration: Priced) -> list[str]:
    """Return the paths of the amounts above zero of which nobody states in which year's prices they are.

    They count as euros of the year of the study; nothing is as much in every year.
    """
    prices = configuration.prices
    if prices is None:
        return []
    return [
        path
        for path, quantity in quantities(cast(BaseModel, configuration))
        if power_of_money(quantity)
        and float(quantity) != 0.0
        and _stated(prices.stated, path) is None
        and not _money_of_evidence(configuration.findings, quantity)
    ]


def _money_of_evidence(findings: Mapping[str, Finding], quantity: Quantity) -> list[Finding]:
    """Return the findings in money that a quantity rests on, in their order."""
    return [findings[name] for name in quantity.evidence if is_money(findings[name])]


@kept_by_identity
def price_factors(configuration: Priced) -> dict[str, float]:
    """Return by what every amount of money is multiplied to be in the prices of the study, where this is not one."""
    prices = configuration.prices
    if prices is None:
        return {}
    powers = {path: power_of_money(quantity) for path, quantity in quantities(cast(BaseModel, configuration))}
    factors = {
        path: prices.index.factor(year, prices.year) ** powers[path]
        for path, year in price_years(configuration).items()
    }
    return {path: factor for path, factor in factors.items() if factor != 1.0}


def power_of_money(quantity: Quantity) -> int:
    """Return the power of the euro in the unit of a quantity: 1 of an amount, -1 of a number per amount, 0 of others.

    Examples
    --------
    >>> from testsite_sim.configuration.quantities import Unit
    >>> [power_of_money(Unit(unit, "", "").validate(f"2 {unit}")) for unit in ("EUR/kg", "1/EUR", "W")]
    [1, -1, 0]
    """
    above, *below = quantity.si.split("/")
    return int(above == "EUR") - sum(part.startswith("EUR") for part in below)


def _stated(stated: Mapping[str, int], path: str) -> int | None:
    """Return the year that is stated for a path or for the longest part of it."""
    named = [each for each in stated if _is_below(path, each)]
    return stated[max(named, key=len)] if named else None


def _is_below(path: str, above: str) -> bool:
    """Return whether a path is another one, or leads on from it."""
    return path == above or path.startswith(f"{above}.")
