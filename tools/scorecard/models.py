"""The wake models of this project on the zone: what does not hang on the level of the wind, for decision 7."""

import numpy as np
import pandas as pd

from tools.scorecard.hindcast import Hindcast
from tools.scorecard.page import number
from tools.scorecard.statistics import by_class, scores
from tools.scorecard.zone import classes, percent, scored, year_of

PAGE, MARK = "007-wake-models.md", "wake models on the zone"


def evenness(power: pd.Series, meter: pd.Series, sector: pd.Series) -> float:
    """Return how unevenly the sectors are met [1]: deviation of simulated over metered energy, over its mean.

    Both by metered energy.
    """
    found = by_class(power, meter, sector)
    weights = (found["measured"] * found["hours"]).to_numpy()
    ratio = (found["simulated"] / found["measured"]).to_numpy()
    mean = float(np.average(ratio, weights=weights))
    return float(np.sqrt(np.average((ratio - mean) ** 2, weights=weights))) / mean


def rows(found: list[Hindcast]) -> list[list[str]]:
    """Return the rows of the models: energy, r, RMSE and evenness in each period."""
    made: dict[str, list[str]] = {}
    for each in found:
        meter, sector = scored(each), classes(each)["wind direction"]
        for name, power in each.models.items():
            of = scores(power, meter, each.measured.period.capacity)
            cells = [
                percent(of.energy),
                f"{of.r:.3f}",
                f"{100.0 * of.error:.1f} %",
                f"{evenness(power, meter, sector):.3f}",
            ]
            made.setdefault(f"`{name}`", []).extend(cells)
    return [[name, *cells] for name, cells in made.items()]


def head(found: list[Hindcast]) -> list[str]:
    """Return the head of the table."""
    return ["model", *(f"{year_of(each)}: {what}" for each in found for what in ("energy", "r", "RMSE", "sectors"))]


def sentences(titles: list[str], lines: list[list[str]]) -> list[str]:
    """Return which model is best by what, from the table."""
    said = []
    for k, title in enumerate(titles):
        period, _, what = title.partition(": ")
        if what in ("r", "RMSE", "sectors"):
            best = sorted(lines, key=lambda row: number(row[k]), reverse=what == "r")
            said.append(f"{period} by {what}: {best[0][0]} ({best[0][k]}), then {best[1][0]} ({best[1][k]})")
    return [f"- Best of {'; of '.join(said)}."]
