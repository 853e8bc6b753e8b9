"""What could explain the years not seen: each candidate with its size in each year, its sign and its source.

None of them is in the run of the aims, and none was estimated on the totals that the years are held against.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from testsite_sim.configuration.farm import FarmConfiguration
from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.weather import WindError
from testsite_sim.weather.homogeneity import Segment
from tools.scorecard import low_prices
from tools.scorecard.measured import STATIONS
from tools.scorecard.page import Rows, number
from tools.validation_pages import marked, tables

DECISION = Path(__file__).resolve().parents[2] / "docs" / "decisions" / "010-wind-from-the-coast.md"
CABLE = ("2024-01-09", "2024-05-28")  # Rentel's to the shore (Elia, 29 January 2024; RTL, 28 May 2024)
BEHIND_CABLE = ("Rentel", "Northwester 2", "SeaMade")
LIMIT = 800.0  # [MW] of the 1,000 of the four farms, meanwhile (tweakers.net and De Tijd, 29 January 2024)
# [1/year] Energiforsk, Wind turbine performance decline (Olauson et al.): 6 % of a life in Sweden, whose mean age is
# taken as ten years; Staffell and Green (2014), Renewable Energy 66: 1.6 % in the United Kingdom; both on land.
AGEING = (0.006, 0.016)
HEAD_OF = ("candidate", "sign", "how sure", "source")
NONE = "–"


@dataclass(frozen=True)
class Simulated:
    """A year as the run of the aims has it.

    `published`, `rounding`: its total and half of the last digit [GWh]; `sold`: simulated power [MW] (hour,
    concession); `price`: day-ahead [EUR/MWh] (hour,); `sensitivity`: relative change of the energy over that of the
    wind speed [1].
    """

    name: str
    published: float
    rounding: float
    sold: pd.DataFrame
    price: pd.Series
    sensitivity: float

    @property
    def energy(self) -> float:
        """Energy of the year [GWh]."""
        return float(self.sold.sum().sum()) / 1e3


def head(years: Sequence[Simulated]) -> list[str]:
    """Return the head of the table."""
    return [HEAD_OF[0], *(each.name for each in years), *HEAD_OF[1:]]


def age(year: int) -> float:
    """Return how old the zone is in the middle of a year, mean by rated power [year]; farms begin in mid-year."""
    groups = load_component("farm", "belgian-zone", FarmConfiguration).groups.values()
    power = np.array([float(each.turbine.rated_power) * len(each.x) for each in groups])
    return float(np.average([year - each.commissioned for each in groups], weights=power))


def behind_cable(year: Simulated) -> float | None:
    """Return what four farms would have lost to the limit while a cable was broken [GWh]; None in other years."""
    power = year.sold[[*BEHIND_CABLE]].sum(axis=1).loc[CABLE[0] : CABLE[1]]
    return float((power - LIMIT).clip(lower=0.0).sum()) / 1e3 if len(power) else None


def mean_over(months: pd.PeriodIndex, found: Sequence[Segment], values: dict[str, float]) -> float | None:
    """Return the mean over months of what stands by the first month of a segment; None where no month has any."""
    by = np.full(len(months), np.nan)
    for each in found:
        if each.first in values:
            by[(months >= pd.Period(each.first)) & (months <= pd.Period(each.last))] = values[each.first]
    return None if np.isnan(by).all() else float(np.nansum(by) / by.size)


def by_land(found: Sequence[Segment]) -> dict[str, float]:
    """Return by how much the wind between both stations is still off by the winds on land, by the first month [1].

    What both stand out by, from decision 10, less what the breaks have been corrected by; mean of both.
    """
    _, *rows = tables(marked(DECISION.read_text(encoding="utf-8"), "winds on land"))[0]
    result = {}
    for each in found:
        mine = {row[1]: np.log1p(number(row[2]) / 100.0) for row in rows if row[0].startswith(each.first)}
        if len(mine) == len(STATIONS):
            result[each.first] = float(np.mean(list(mine.values())) - np.mean(each.offsets))
    return result


def lost(values: Sequence[float | None], years: Sequence[Simulated]) -> list[str]:
    """Return what energies [GWh] would take from each year, in % of what is published."""
    return [
        NONE if each is None else f"{-100.0 * each / year.published:+.1f}"
        for each, year in zip(values, years, strict=True)
    ]


def of_wind(values: Sequence[float | None], years: Sequence[Simulated], mark: str = "") -> list[str]:
    """Return what changes of the wind speed [1] would change of the energy of each year [%], after a mark or signed."""
    return [
        NONE if each is None else f"{mark}{100.0 * year.sensitivity * each:{'' if mark else '+'}.1f}"
        for each, year in zip(values, years, strict=True)
    ]


def rows(years: Sequence[Simulated], found: Sequence[Segment], data: Path) -> Rows:
    """Return a row of each candidate: by how much of what is published the simulation would change [%].

    Parameters
    ----------
    years : sequence of Simulated
        Years of which a total is published.
    found : sequence of Segment
        Of the stations.
    data : pathlib.Path
        Folder of the measurements.
    """
    errors = [f"{100.0 * (each.energy / each.published - 1.0):+.1f}" for each in years]
    rounding = [f"± {100.0 * each.rounding / each.published:.1f}" for each in years]
    return [
        ["error, as simulated", *errors, "", "", "above"],
        ["rounding of what is published", *rounding, "either", "known", "above"],
        *_rows_of_prices(years, data),
        *_rows_of_others(years, found),
    ]


def _rows_of_prices(years: Sequence[Simulated], data: Path) -> Rows:
    below = [low_prices.of_year(each.sold, each.price) for each in years]
    unpaid = [low_prices.at_unpaid_imbalance(data, each.sold) for each in years]
    spans = [known[1] for known in unpaid if known]
    reported = [low_prices.reported(each.name, each.sold, each.price) for each in years]
    return [
        [
            "all farms stop at day-ahead prices below zero", *lost([each[1] for each in below], years),
            "less", "at most so much of such hours", "day-ahead prices; decision 9",
        ],
        [
            "farms with a levelised cost do", *lost([each[2] for each in below], years), "less", "at most so much",
            "royal decree of 16 July 2002, article 14; changed on 26 May 2023, also for hours in which they are to be "
            "stopped (news.belgium.be, 16 December 2022), in terms that could not be read",
        ],
        [
            "what Eneco buys does", *lost([each[3] for each in below], years), "less", "at most so much",
            "SeaMade and half of Norther (Knack, 5 April 2021; VRT, 12 March 2021)",
        ],
        [
            "farms with a levelised cost stop where an imbalance pays -20 EUR/MWh or less",
            *lost([None if each is None else each[0] for each in unpaid], years), "less",
            f"at most so much, at positive day-ahead prices too; known from {' and '.join(spans) or 'no day'}",
            "Elia's tariff by quarter-hour; the same decree",
        ],
        [
            "reductions that were reported with a size",
            *lost(reported, years), "less", "at least so much", "table above",
        ],
    ]  # fmt: skip


def _rows_of_others(years: Sequence[Simulated], found: Sequence[Segment]) -> Rows:
    ages = [age(int(each.name)) for each in years]
    aged = [f"-{100.0 * AGEING[0] * each:.1f} to -{100.0 * AGEING[1] * each:.1f}" for each in ages]
    months = [pd.period_range(f"{each.name}-01", f"{each.name}-12", freq="M") for each in years]
    errors = {each.first: float(np.mean(each.errors)) for each in found if any(each.errors)}
    spread = [mean_over(each, found, errors) for each in months]
    still_off = by_land(found)
    land = [mean_over(each, found, still_off) for each in months]
    turned = [None if each is None else -each for each in land]
    low, high = load_component("wind-error", "coastal-stations", WindError).record.range
    level = float(high - low) / 24.0**0.5  # of a triangle
    return [
        [
            "cable of Rentel, 9 January to 28 May 2024", *lost([behind_cable(each) for each in years], years), "less",
            "known; of four farms 800 MW at most",
            "Elia, 29 January 2024; tweakers.net, the same day; RTL, 28 May 2024",
        ],
        [
            f"age, {np.min(ages):.1f} to {np.max(ages):.1f} years", *aged, "less",
            "farms on land; of those at sea none was found; the metered periods had an age too",
            "Energiforsk (Olauson et al.), 0.6 % a year; Staffell and Green (2014), 1.6 %",
        ],
        [
            "shares of the breaks, one standard error", *of_wind(spread, years, "± "), "either", "estimated",
            "the stations, and their breaks",
        ],
        [
            "winds between the stations by those on land", *of_wind(turned, years),
            "as it stands", "± 1 % of wind; not used", "decision 10, 12 stations on land",
        ],
        [
            "level of the stations, one standard deviation", *of_wind([level] * len(years), years, "± "), "either",
            "estimated", "`wind-error/coastal-stations`",
        ],
        [
            "neighbours", *(["0"] * len(years)), "none",
            "Borssele I to V, which stood before 2021, is in the run of every year",
            "windpowernl.com, 27 November 2020",
        ],
    ]  # fmt: skip
