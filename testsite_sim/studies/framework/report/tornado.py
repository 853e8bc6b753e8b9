"""The tornado: how far each assumption moves each headline output."""

import textwrap
from collections.abc import Sequence

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.figure import Figure

from testsite_sim.report.style import DARK_BLUE, LIGHT_GREY, SKY_BLUE, TWO_COLUMNS, new_figure
from testsite_sim.studies.framework.registry import Headline
from testsite_sim.studies.framework.report.numbers import thousands
from testsite_sim.studies.framework.words import Words, label

MOST_BARS = 8
MOST_TICKS = 6
LABEL_LETTERS = 52  # that fit below an axis next to the names of the assumptions
SHARES = ["sobol_first", "sobol_total", "sobol_total_confidence"]


def draw_tornado(results: xr.Dataset, words: Words, headlines: Sequence[Headline]) -> tuple[Figure, pd.DataFrame]:
    """Draw the outputs with one assumption at the ends of its range, those with the largest effect first.

    Parameters
    ----------
    results : xarray.Dataset
        With the ranking: sobol_total, value_at_low, value_at_high (headline, assumption), value_central (headline).
    words : Words
        In one language.
    headlines : sequence of Headline
        The outputs to show, each in a panel.

    Returns
    -------
    tuple[Figure, pandas.DataFrame]
        The figure, and its data: every assumption of every output shown; without shares of variance where these are not
        resolved.
    """
    tables = [ranking_table(results, words, headline) for headline in headlines]
    shown = [_with_effect(table).head(MOST_BARS) for table in tables]
    rows = max(len(table) for table in shown)
    figure = new_figure(TWO_COLUMNS, 0.55 * len(headlines) + 0.21 * rows * len(headlines) + 0.3)
    panels = figure.subplots(len(headlines), 1, squeeze=False)[:, 0]
    for axes, headline, table in zip(panels, headlines, shown, strict=True):
        central = float(results["value_central"].sel(headline=headline.variable)) * headline.factor
        place = np.arange(len(table))
        for column, colour, hatch, word in (
            ("at_low", SKY_BLUE, "", "tornado.low"),
            ("at_high", DARK_BLUE, "///", "tornado.high"),
        ):
            width = table[column].to_numpy(np.float64) - central
            axes.barh(
                place,
                width,
                left=central,
                height=0.7,
                color=colour,
                hatch=hatch,
                label=words[word],
                edgecolor=LIGHT_GREY if hatch else colour,
                linewidth=0.0,
            )
        axes.axvline(central, color="black", linewidth=0.8)
        resolved = bool(results["ranking_resolved"].sel(headline=headline.variable))
        labels = [
            f"{name}  ({100.0 * total:.0f} %)" if resolved and np.isfinite(total) else name
            for name, total in zip(table["label"], table["sobol_total"], strict=True)
        ]
        axes.set(yticks=place, yticklabels=labels)
        units = "" if headline.units == "1" else f" [{label(words, 'unit', headline.units)}]"
        axes.set_xlabel(textwrap.fill(label(words, "variable", headline.variable) + units, LABEL_LETTERS))
        axes.locator_params(axis="x", nbins=MOST_TICKS)
        if abs(central) >= 1000.0 and headline.units != "year":
            axes.xaxis.set_major_formatter(thousands)
        axes.invert_yaxis()
        axes.grid(visible=False, axis="y")
        axes.margins(x=0.08)
    panels[0].legend(loc="best")
    for headline, table in zip(headlines, tables, strict=True):
        if not bool(results["ranking_resolved"].sel(headline=headline.variable)):
            table[SHARES] = np.nan
    return figure, pd.concat(tables, ignore_index=True)


def _with_effect(table: pd.DataFrame) -> pd.DataFrame:
    """Return a ranking without what moves nothing and has its share only from others that are drawn with it."""
    alone = table["factor"] == table["assumption"]
    return table[alone | (table["at_low"] != table["at_high"])]


def ranking_table(results: xr.Dataset, words: Words, headline: Headline) -> pd.DataFrame:
    """Return the assumptions by what they do to an output, in the units shown, the most important first."""
    chosen = results.sel(headline=headline.variable)
    names = [str(name) for name in results["assumption"].to_numpy()]
    table = pd.DataFrame(
        {
            "output": headline.variable,
            "units": headline.units,
            "assumption": names,
            "label": [label(words, "assumption", name) for name in names],
            "factor": [str(name) for name in results["factor"].to_numpy()],
            "sobol_first": chosen["sobol_first"].to_numpy(),
            "sobol_total": chosen["sobol_total"].to_numpy(),
            "sobol_total_confidence": chosen["sobol_total_confidence"].to_numpy(),
            "turning_value": chosen["turning_value"].to_numpy(),
            "at_low": chosen["value_at_low"].to_numpy() * headline.factor,
            "at_high": chosen["value_at_high"].to_numpy() * headline.factor,
        }
    )
    with np.errstate(invalid="ignore"):
        swing = np.nan_to_num(np.abs(table["at_high"].to_numpy() - table["at_low"].to_numpy()))
    # Shares of variance that are not determined give no order: the swings do.
    by = ["sobol_total", "swing"] if bool(chosen["ranking_resolved"]) else ["swing"]
    order = table.assign(swing=swing).sort_values(by, ascending=False, kind="stable")
    return order.drop(columns="swing").reset_index(drop=True)
