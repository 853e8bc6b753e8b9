"""The part of the page on what could explain the years not seen."""

from pathlib import Path

from tools.scorecard import causes, low_prices, measured, stations, years
from tools.scorecard.card import Card
from tools.scorecard.page import part, table


def causes_part(card: Card, found: list[years.Year], data: Path) -> None:
    """Add prices below zero, what is reported of them, and what could explain the years."""
    with_totals = years.with_totals(found)
    sold, prices = ({each.name: getattr(each, name) for each in with_totals} for name in ("sold", "price"))
    by_year = low_prices.year_rows(sold, prices)
    metered = [each for each in measured.PERIODS if measured.METER_2023 in each.files]
    about = None if measured.missing(data, metered[0].files) else measured.read(data, metered[0])
    reports = low_prices.report_rows(sold, prices, about)
    parts, _ = stations.found(data)
    card.add(
        "### What could explain the years not seen",
        "",
        "No yearly volume of what Belgian offshore farms reduce at negative prices was found: not of the regulator, "
        "the operator of the grid, the owners' platform, ministers or the press (stored public pages, December 2026; "
        "the operator's open data mark decremental bids by the quarter-hour, and were not at hand). What was found are "
        "reports of single hours. Prices and powers below are those of the runs above; who buys and who is supported "
        "how: [decision 9](../decisions/009-negative-prices.md).",
        "",
        *part("prices below zero", table(low_prices.HEAD, by_year)),
        "",
        *part("reported reductions", table(low_prices.REPORTED_HEAD, reports)),
        "",
        *part("statements on prices below zero", [low_prices.sentence(by_year, reports)]),
        "",
        "Candidates with their size, in % of what is published: by so much the simulation would change. None is in the "
        "runs, and none was estimated on the totals. Where the sign is less, a year that is too high comes nearer; "
        "most sizes are bounds, and are not to be added.",
        "",
        *part("causes", table(causes.head(with_totals), causes.rows(with_totals, parts, data))),
    )
