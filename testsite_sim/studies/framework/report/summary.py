"""The headline outputs of a study as numbers with their uncertainty."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from testsite_sim.studies.framework.prices import MONEY
from testsite_sim.studies.framework.registry import Headline
from testsite_sim.studies.framework.uncertainty import percentiles
from testsite_sim.studies.framework.words import Words, label

CALENDAR = ("year", "years")  # units of what may never come


@dataclass(frozen=True)
class Outcome:
    """One headline in one scenario, as shown: P10, P50 and P90."""

    variable: str
    scenario: str | None
    units: str
    p10: float
    p50: float
    p90: float


def outcomes(results: xr.Dataset, headlines: Sequence[Headline]) -> list[Outcome]:
    """Return every headline in every scenario; the reference scenario first."""
    quantiles = percentiles(results[[headline.variable for headline in headlines]])
    found = []
    for headline in headlines:
        variable = results[headline.variable]
        scenarios: list[str | None] = [None]
        if "scenario" in variable.dims:
            reference = str(results.attrs["scenario"])
            scenarios = sorted(variable["scenario"].to_numpy().tolist(), key=lambda name: name != reference)
        for scenario in scenarios:
            chosen = {} if scenario is None else {"scenario": scenario}
            low, middle, high = quantiles[headline.variable].sel(chosen).to_numpy() * headline.factor
            found.append(Outcome(headline.variable, scenario, headline.units, float(low), float(middle), float(high)))
    return found


def summarise_study(results: xr.Dataset, headlines: Sequence[Headline], words: Words) -> dict[str, dict[str, Any]]:
    """Return the summary of a study: every headline in every scenario as P50, with P10 and P90.

    What never happens has the value None, and where it is a year or a number of them a `text` that says so.
    """
    summary: dict[str, dict[str, Any]] = {}
    for outcome in outcomes(results, headlines):
        name = outcome.variable if outcome.scenario is None else f"{outcome.variable}_{outcome.scenario}"
        text = words.get(
            f"variable.{outcome.variable}", results[outcome.variable].attrs.get("long_name", outcome.variable)
        )
        scenario = "" if outcome.scenario is None else f", {label(words, 'scenario', outcome.scenario)}"
        summary[name.replace("-", "_")] = {
            "value": _finite(outcome.p50),
            "units": "count" if outcome.units == "1" else outcome.units,  # of studies: jobs, units, scores
            "description": f"{text}{scenario}{_money(outcome.units, words)} (P50)",
            "p10": _finite(outcome.p10),
            "p90": _finite(outcome.p90),
        }
        if np.isinf(outcome.p50) and outcome.units in CALENDAR:
            summary[name.replace("-", "_")]["text"] = words["never"]
    return summary


def _money(units: str, words: Words) -> str:
    """Return in whose prices an amount of money is, as it follows what the amount is; nothing of other amounts."""
    said = words.get("money", "")
    return f", {said}" if said and MONEY.search(units) else ""


def _finite(value: float) -> float | None:
    """Return a number for JSON, None where it is none."""
    return value if np.isfinite(value) else None
