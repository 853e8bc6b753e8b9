"""What the errors of the months are made of: the air of the hour, turbines that stand, the stations, the rest."""

from pathlib import Path

import numpy as np
import pandas as pd

from tools.scorecard import stations
from tools.scorecard.hindcast import CLIMATE_AIR, Hindcast
from tools.scorecard.page import Rows, number
from tools.scorecard.rated import FEWEST, FULL
from tools.scorecard.statistics import monthly
from tools.scorecard.zone import MAIN, percent, scored

SUMMER = range(4, 10)  # months, April to September
HEAD = [
    "month",
    "error",
    "with the air of the climate",
    "in hours of full wind",
    "in all others",
    "first station over second, less what is usual",
]
TERMS_HEAD = ["term", "how it is simulated", "what is left of it"]
TERMS = (
    (
        "profile by air less sea",
        "hour by hour, by the air of the hour",
        "the sea is a cosine of the year, the same in every year",
    ),
    (
        "air density",
        "hour by hour, by the air temperature",
        "the pressure is that of the standard atmosphere; 10 hPa are 1 % of the density",
    ),
    (
        "turbines that stand",
        "hour by hour: failures, crews, and waves that follow the wind",
        "their season is that of access alone; hours of full wind show it",
    ),
    (
        "wakes",
        "hour by hour, by wind and direction",
        "turbulence is one number a year; by the stability of the hour it changes months by 1 % at most "
        "([decision 10](../decisions/010-wind-from-the-coast.md))",
    ),
    ("coast, fetch", "not at all: the wind between two stations", "errors by direction, below"),
    ("prices below zero", "hour by hour, by the sale of each farm", "20 hours of 2023, none of 2015"),
    ("means over four hours, spread about the curve", "alike in every hour", "not known by month"),
)


def rows(found: Hindcast, data: Path) -> Rows:
    """Return a row of each month; errors in hours of full wind where there are ten or more of them."""
    meter = scored(found)
    errors = monthly(found.power[MAIN], meter)["error"]
    climate = monthly(found.power[CLIMATE_AIR], meter)["error"] if CLIMATE_AIR in found.power else None
    _, ratio = stations.ratios(stations.found(data)[1], found.measured.period)
    hours = pd.DataFrame({"metered": meter, "simulated": found.power[MAIN], "full": found.offered >= FULL}).dropna()
    made = []
    for month, part in hours.groupby(pd.DatetimeIndex(hours.index).to_period("M")):
        cells = [percent(errors[month]), "–" if climate is None else percent(climate[month])]
        for rows_ in (part[part["full"]], part[~part["full"]]):
            sums = rows_[["metered", "simulated"]].sum()
            cells.append(percent(sums["simulated"] / sums["metered"] - 1.0) if len(rows_) >= FEWEST else "–")
        made.append([str(month), *cells, percent(ratio[month]) if month in ratio.index else "–"])
    return made


def sentence(lines: Rows) -> str:
    """Return how the halves of the year differ in each column, and how the columns go with the error, from the rows."""

    def column(k: int, half: bool | None = None) -> list[float]:
        return [
            number(row[k])
            for row in lines
            if row[k] != "–" and (half is None or (int(row[0].split("-")[1]) in SUMMER) == half)
        ]

    parts = []
    for k, name in enumerate(HEAD[1:-1], start=1):
        summer, winter = column(k, half=True), column(k, half=False)
        if summer and winter:
            parts.append(f"{name} {np.mean(summer):+.1f} and {np.mean(winter):+.1f} %")
    both = [(number(row[1]), number(row[-1])) for row in lines if row[-1] != "–"]
    r = float(np.corrcoef(*np.transpose(both))[0, 1]) if len(both) > 2 else float("nan")
    return (
        f"- In the mean of the months April to September, and of the others: {'; '.join(parts)}. The errors go with "
        f"the ratio of the stations by a correlation of {r:+.2f}."
    )


def lines_of(table: list[str], terms: list[str], said: list[str], failures: list[str]) -> list[str]:
    """Return the section, of its tables and sentences as they stand between their marks."""
    return [
        "### What the season is made of",
        "",
        "Months by where their errors are: in hours of full wind turbines that stand, cables and curves, in all others "
        "wind and wakes besides.",
        "",
        *table,
        "",
        *said,
        "",
        "Whether the season of the turbines that stand is one of the failures that were drawn, or of the simulation: "
        "hours in which the wind has to spare at both stations, over several draws of the failures in the same wind "
        "and waves.",
        "",
        *failures,
        "",
        "What follows the hour, and what is one number a year:",
        "",
        *terms,
    ]
