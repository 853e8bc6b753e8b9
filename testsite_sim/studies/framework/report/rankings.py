"""What matters most to each output, as rows of the report."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr

from testsite_sim.ensemble.assumptions import Assumption
from testsite_sim.studies.framework.registry import Headline
from testsite_sim.studies.framework.report.cells import shown, sortable
from testsite_sim.studies.framework.report.numbers import number
from testsite_sim.studies.framework.report.tornado import ranking_table
from testsite_sim.studies.framework.report.written import written
from testsite_sim.studies.framework.uncertainty import in_written_units
from testsite_sim.studies.framework.words import Words, label

MOST_RANKED = 12
MOST_THRESHOLDS = 4
INDICES, ENDS = ("sobol_total",), ("at_low", "at_high")


def ranking_rows(
    results: xr.Dataset, words: Words, headline: Headline, assumptions: Sequence[Assumption]
) -> dict[str, Any]:
    """Return what matters most to an output, and where it brings the output to its threshold."""
    table = ranking_table(results, words, headline)
    ends = table[["at_low", "at_high"]].to_numpy()
    central = float(results["value_central"].sel(headline=headline.variable)) * headline.factor
    shared = table["factor"].to_numpy() != table["assumption"].to_numpy()  # a share of all that is drawn together
    moves = (ends != central).any(axis=1) | ((table["sobol_total"].to_numpy() > 0.0) & ~shared)
    rows = table[moves].head(MOST_RANKED).to_dict("records")
    known = {assumption.path: assumption for assumption in assumptions}
    threshold = results[headline.variable].attrs.get("threshold")
    ranking = results.sel(headline=headline.variable)
    resolved = bool(ranking["ranking_resolved"])
    return {
        "resolved": resolved,
        "of_rank": str(ranking["sobol_of"].item()) == "rank",
        "rest": _percent(float(ranking["sobol_total_others"])) if resolved else "–",
        "variable": headline.variable,
        "moved": int(moves.sum()),
        "others": table[moves].iloc[MOST_RANKED:][["label", "assumption"]].to_dict("records"),
        "threshold": None if threshold is None else number(float(threshold) * headline.factor, words),
        "label": words.get(f"variable.{headline.variable}", headline.variable.replace("_", " ")),
        "units": "" if headline.units == "1" else label(words, "unit", headline.units),
        "rows": [
            {
                "label": row["label"],
                "with": "" if row["factor"] == row["assumption"] else label(words, "correlation", str(row["factor"])),
                "path": row["assumption"],
                "turning": turning_text(known[str(row["assumption"])], float(row["turning_value"]), words),
                "cells": [
                    *(
                        (_share(float(row[key]), float(row["sobol_total_confidence"]), resolved), sortable(row[key]))
                        for key in INDICES
                    ),
                    *((shown(float(row[key]), headline.units, words), sortable(row[key])) for key in ENDS),
                ],
            }
            for row in rows
        ],
    }


def thresholds(results: xr.Dataset, words: Words, assumptions: Sequence[Assumption], headline: str) -> str:
    """Return which assumptions alone bring a headline to its threshold, with the values that do, in text.

    Members that are not ranked have no such values.
    """
    if "turning_value" not in results:
        return "–"
    known = {each.path: each for each in assumptions}
    of = results.sel(headline=headline)
    swing = np.nan_to_num(np.abs(of["value_at_high"].to_numpy() - of["value_at_low"].to_numpy()))
    found = []
    for path in map(str, results["assumption"].to_numpy()[np.argsort(-swing, kind="stable")]):
        value = float(of["turning_value"].sel(assumption=path))
        if np.isfinite(value):
            text, _ = turning_text(known[path], value, words)
            median, _ = turning_text(known[path], known[path].median, words)
            name = label(words, "assumption", path)
            found.append(words["answer.turns"].format(name=name, value=text, median=median.partition(" ")[0]))
    return "; ".join(found[:MOST_THRESHOLDS]) or words["answer.nothing_alone"]


def _percent(share: float) -> str:
    """Return a share of variance in text; an output that can be infinite has none."""
    return "–" if np.isnan(share) else f"{max(100.0 * share, 0.0):.0f} %"


def _share(share: float, half: float, resolved: bool) -> str:
    """Return a share of variance with the half width of its 95 % interval; none where it is not determined."""
    if not resolved or np.isnan(share):
        return "–"
    return f"{max(100.0 * share, 0.0):.0f} ± {100.0 * half:.0f} %"


def turning_text(assumption: Assumption, value: float, words: Words) -> tuple[str, str]:
    """Return the value of an assumption at which an output reaches its threshold, in text and to sort by."""
    if np.isnan(value):
        return "–", ""
    shown, unit = in_written_units(assumption, value)
    is_year = 1900.0 < shown < 2200.0 and unit in ("", "1")
    text = f"{shown:.0f}" if is_year else f"{number(shown, words)} {written(unit, words)}".strip()
    return text, sortable(shown)
