"""Figures of the lead cluster: what combinations are worth and how robust that is, and the score of lead markets."""

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.figure import Figure

from testsite_sim.report.style import DARK_BLUE, GREY, SKY_BLUE, TWO_COLUMNS, new_figure
from testsite_sim.studies.framework.words import Words, label
from testsite_sim.studies.waterstof.figures.frame import MILLION, fill_style, frame, horizons, row_of, spread, whisker

MOST_COMBINATIONS = 9
SMALL = 6.5  # points of the texts of a narrow panel


def combination_label(name: str, words: Words) -> str:
    """Return the name of a combination of applications in words."""
    if name == "none":
        return words["short.none"]
    return " + ".join(label(words, "short", part) for part in name.split(" + "))


def draw_cluster_ranking(results: xr.Dataset, words: Words) -> tuple[Figure, pd.DataFrame]:
    """Draw what combinations are worth, the best first, and in how many draws each of them is the best."""
    periods = horizons(results)
    figure = new_figure(TWO_COLUMNS, 3.1)
    rows = []
    panels = figure.subplots(1, 2 * len(periods), width_ratios=[5, 3] * len(periods), squeeze=False)[0]
    for number, (horizon, period) in enumerate(periods):
        worth, best = period["cluster_worth"] / MILLION, period["cluster_is_best"].mean("member")
        names = [str(name) for name in results["combination"].to_numpy()]
        found = {name: spread(worth.sel(combination=name)) for name in names}
        often = {name: 100.0 * float(best.sel(combination=name)) for name in names}
        order = sorted(names, key=lambda name: (-often[name], -found[name][1]))
        left, right = panels[2 * number : 2 * number + 2]
        for place, name in enumerate(order[:MOST_COMBINATIONS]):
            colour = DARK_BLUE if place == 0 else SKY_BLUE
            left.barh(place, found[name][1], height=0.65, color=colour)
            whisker(left, place, found[name], upright=False)
            right.barh(place, often[name], height=0.65, color=colour)
        rows += [
            row_of(
                found[name],
                horizon=horizon,
                combination=name,
                units="million EUR/year",
                best_in_percent_of_draws=often[name],
            )
            for name in order
        ]
        labels = [combination_label(name, words) for name in order[:MOST_COMBINATIONS]]
        left.set_yticks(range(len(labels)), labels, fontsize=SMALL)
        left.locator_params(axis="x", nbins=4)
        left.axvline(0.0, color="black", linewidth=0.8)
        left.set_xlabel(words["axis.worth"], fontsize=SMALL)
        left.set_title(words["heading.in_year"].format(year=int(period["cluster_year"])))
        right.set_xlabel(words["axis.best"], fontsize=SMALL)
        right.set(yticks=[], xlim=(0, 100), xticks=[0, 100])
        for axes in (left, right):
            axes.set_ylim(len(labels) - 0.5, -0.5)
            axes.grid(visible=False, axis="y")
    return figure, frame(rows)


def draw_lead_market_score(results: xr.Dataset, words: Words) -> tuple[Figure, pd.DataFrame]:
    """Draw the advantages of each lead market and its score; judged advantages are hatched."""
    periods = horizons(results)
    markets = [str(name) for name in results["market"].to_numpy()]
    advantages = [str(name) for name in results["advantage"].to_numpy()]
    computed = results["advantage_computed"].to_numpy().astype(bool)
    figure = new_figure(TWO_COLUMNS, 2.9)
    rows = []
    panels = figure.subplots(1, len(periods), squeeze=False, sharey=True)[0]
    width = 0.8 / len(markets)
    for axes, (horizon, period) in zip(panels, periods, strict=True):
        for number, market in enumerate(markets):
            colour, _ = fill_style(market, number)
            for place, advantage in enumerate([*advantages, "score"]):
                variable = (
                    period["market_score"].sel(market=market)
                    if advantage == "score"
                    else period["advantage_score"].sel(market=market, advantage=advantage)
                )
                found = spread(variable)
                judged = advantage != "score" and not computed[place]
                at = place + (0.4 if advantage == "score" else 0.0) + (number - (len(markets) - 1) / 2.0) * width
                axes.bar(
                    at,
                    found[1],
                    width=0.9 * width,
                    color=colour,
                    hatch="////" if judged else "",
                    edgecolor="#d0d0d0" if judged else colour,
                    linewidth=0.0,
                    label=label(words, "market", market) if place == 0 else None,
                )
                whisker(axes, at, found)
                standing = "score" if advantage == "score" else "judged" if judged else "computed"
                rows.append(row_of(found, horizon=horizon, market=market, advantage=advantage, standing=standing))
        labels = [label(words, "advantage", name) for name in advantages] + [words["advantage.score"]]
        places = [*np.arange(len(advantages)).tolist(), len(advantages) + 0.4]
        axes.set_xticks(places, labels, rotation=40, ha="right", rotation_mode="anchor")
        axes.axvline(len(advantages) - 0.3, color=GREY, linewidth=0.8, linestyle=":")
        axes.set(ylim=(0, 1.05), title=words["heading.in_year"].format(year=int(period["cluster_year"])))
        axes.grid(visible=False, axis="x")
    panels[0].set_ylabel(words["axis.advantage"])
    handles, names = panels[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=len(names), title=words["legend.score"])
    return figure, frame(rows)
