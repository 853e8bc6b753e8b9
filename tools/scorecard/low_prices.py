"""Prices below zero in the years not seen: what is simulated in them, and what is reported of farms that reduced.

No yearly volume of what Belgian offshore farms reduce was found, looked up in December 2026 as stored public pages: of
the regulator, the operator of the grid, the owners' platform, ministers and the press. What was found are single hours.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from tools.scorecard import measured
from tools.scorecard.page import Rows, number
from tools.validation_pages import listed

IMBALANCE = "belgium_imbalance_2024_2025_15min.csv.gz"
LEVELISED = ("Rentel", "Norther", "Northwester 2", "SeaMade")  # concessions whose certificate fills up to a cost
# Eneco buys all of SeaMade (offshorewind.biz, 11 December 2018); it is one buyer of Norther and had 160 MW of it
# stopped, about half of what could be had (Knack, 5 April 2021): half is an assumption.
BOUGHT = {"SeaMade": 1.0, "Norther": 0.5}
UNPAID = -20.0  # [EUR/MWh] tariff of an imbalance at which certificates of Rentel and Norther are worth nothing
HEAD = [
    "year",
    "hours below zero",
    "simulated in them [GWh]",
    "of farms with a levelised cost [GWh]",
    "bought by Eneco [GWh]",
    "reported as reduced [GWh]",
]
NO_SIZE = "no size"  # of a reduction, in the report of it
REPORTED_HEAD = [
    "when, local time",
    "reported",
    "day-ahead price, mean [EUR/MWh]",
    "simulated [MW]",
    "reduced by the report [GWh]",
    "metered, of the operator's forecast",
    "source",
]


@dataclass(frozen=True)
class Report:
    """A reduction of farms that was reported.

    `first`, `last`: hours in UTC, by their start; `concessions`: those that are named, all if empty; `below_zero`: of
    these hours, those with a day-ahead price below zero alone; `energy`: reduced [GWh], or `share` of what could be
    had, as reported; None where no size is.
    """

    when: str
    said: str
    first: str
    last: str
    source: str
    concessions: tuple[str, ...] = ()
    below_zero: bool = False
    energy: float | None = None
    share: float | None = None


REPORTS = (
    Report(
        "11 March 2021, 12 to 13 h", "SeaMade almost wholly stopped by its buyer, at -50 EUR/MWh within the day",
        "2021-03-11T11", "2021-03-11T11", "VRT, 12 March 2021; Focus-WTV, March 2021", ("SeaMade",), share=1.0,
    ),
    Report(
        "5 April 2021, hours below zero", "all farms gave a third of what they could have given",
        "2021-04-04T22", "2021-04-05T21", "Belgian Offshore Platform, by VRT, 6 April 2021", below_zero=True,
        share=2.0 / 3.0,
    ),
    Report(
        "15 April 2023, 13 to 17 h", "500 MW asked for by the operator of the grid, at -300 EUR/MWh of imbalance",
        "2023-04-15T11", "2023-04-15T14", "Belgian Offshore Platform, by Het Belang van Limburg, 18 April 2023",
        energy=1.4,
    ),
    Report(
        "19 April 2023, hours below zero", "a part of the turbines at sea stopped",
        "2023-04-18T22", "2023-04-19T21", "Belgian Offshore Platform, by De Standaard, 19 April 2023", below_zero=True,
    ),
    Report(
        "29 May 2023, hours below zero", "turbines stopped, at -658 EUR/MWh of imbalance",
        "2023-05-28T22", "2023-05-29T21", "The Brussels Times on Pentecost Monday 2023", below_zero=True,
    ),
)  # fmt: skip


def of_year(sold: pd.DataFrame, price: pd.Series) -> tuple[int, float, float, float]:
    """Return the hours of a year below zero, and what is simulated in them [GWh].

    Of all farms, of those with a levelised cost, and of what Eneco buys.

    Parameters
    ----------
    sold : DataFrame, (hour, concession)
        Simulated power [MW].
    price : Series, (hour,)
        Day-ahead [EUR/MWh].
    """
    is_below = price.reindex(sold.index) < 0.0
    inside = sold[is_below].sum() / 1e3
    bought = sum(share * float(inside[name]) for name, share in BOUGHT.items())
    return int(is_below.sum()), float(inside.sum()), float(inside[[*LEVELISED]].sum()), bought


def at_unpaid_imbalance(data: Path, sold: pd.DataFrame) -> tuple[float, str] | None:
    """Return what farms with a levelised cost give [GWh] where the tariff of an imbalance is `UNPAID` or less.

    And the days from which to which it is known; None where it is not.
    """
    if measured.missing(data, (IMBALANCE,)):
        return None
    table = pd.read_csv(data / IMBALANCE, parse_dates=["datetime_utc"]).set_index("datetime_utc")
    inside = (table["price_eur_mwh"] <= UNPAID).resample("h").mean().reindex(sold.index)
    if inside.notna().sum() == 0:
        return None
    known = f"{str(inside.first_valid_index())[:10]} to {str(inside.last_valid_index())[:10]}"
    return float((sold[[*LEVELISED]].sum(axis=1) * inside).sum()) / 1e3, known


def reduced(report: Report, sold: pd.DataFrame, price: pd.Series) -> tuple[float, float, float | None]:
    """Return the mean price [EUR/MWh] and simulated power [MW] of the hours of a report, and what it says was reduced.

    In GWh: as reported, or the reported share of what is simulated; None where no size was reported.
    """
    hours = sold.loc[report.first : report.last]
    if report.below_zero:
        hours = hours[price.reindex(hours.index) < 0.0]
    power = hours[[*(report.concessions or hours.columns)]].sum(axis=1)
    energy = report.energy
    if report.share is not None:
        energy = report.share * float(power.sum()) / 1e3
    return float(price.reindex(hours.index).mean()), float(power.mean()), energy


def reported(year: str, sold: pd.DataFrame, price: pd.Series) -> float | None:
    """Return what the reports of a year that have a size say was reduced [GWh]; None where none has one."""
    sizes = [reduced(each, sold, price)[2] for each in REPORTS if each.last[:4] == year]
    known = [each for each in sizes if each is not None]
    return sum(known) if known else None


def of_forecast(report: Report, about: measured.Measured | None) -> str:
    """Return what was metered in the hours of a report over what the operator had forecast the day before."""
    if about is None or about.forecast is None:
        return "–"
    both = pd.DataFrame({"power": about.power, "forecast": about.forecast, "price": about.table["price"]})
    hours = both.loc[report.first : report.last].dropna()
    if report.below_zero:
        hours = hours[hours["price"] < 0.0]
    return f"{100.0 * hours['power'].sum() / hours['forecast'].sum():.0f} %" if len(hours) else "–"


def report_rows(sold: dict[str, pd.DataFrame], prices: dict[str, pd.Series], metered: measured.Measured | None) -> Rows:
    """Return a row of each report of a year that was simulated."""
    rows = []
    for each in REPORTS:
        year = each.last[:4]
        if year not in sold:
            continue
        price, power, energy = reduced(each, sold[year], prices[year])
        gone = NO_SIZE if energy is None else f"{energy:.2f}"
        seen = of_forecast(each, metered)
        rows.append([each.when, each.said, f"{price:.0f}", f"{power:,.0f}", gone, seen, each.source])
    return rows


def year_rows(sold: dict[str, pd.DataFrame], prices: dict[str, pd.Series]) -> Rows:
    """Return a row of each year as `HEAD` has them."""
    rows = []
    for year, power in sold.items():
        hours, *energies = of_year(power, prices[year])
        known = reported(year, power, prices[year])
        gone = "–" if known is None else f"{known:.1f}"
        rows.append([year, str(hours), *(f"{each:,.0f}" for each in energies), gone])
    return rows


def sentence(found: Rows, reports: Rows) -> str:
    """Return what the reports hold of the energy below zero, from the rows of the years and of the reports."""
    sized = [f"{row[5]} GWh in {row[0]}, where {row[2]} GWh" for row in found if row[5] != "–"]
    nothing = [row[0] for row in found if row[5] == "–"]
    none = f"; of {listed(nothing)} none was found" if nothing else ""
    above = [row[0].partition(",")[0] for row in reports if row[4] != NO_SIZE and number(row[2]) >= 0.0]
    not_below = f", that of {listed(above)} at prices of the day before above zero" if above else ""
    total = np.array([[number(row[k]) for k in (2, 3, 4)] for row in found]).sum(axis=0)
    return (
        f"- Reports that have a size hold {listed(sized)} are simulated at prices below zero{not_below}{none}. Of all "
        f"that is simulated at such prices {100.0 * total[1] / total[0]:.0f} % is of farms with a "
        f"levelised cost and {100.0 * total[2] / total[0]:.0f} % is bought by Eneco, which is reported to stop farms."
    )
