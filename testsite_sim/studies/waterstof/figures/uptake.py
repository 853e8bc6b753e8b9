"""Figures of the lead markets: adoption, demand and supply over the years, demand over the day."""

import textwrap

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.figure import Figure

from testsite_sim.common.units import HOUR
from testsite_sim.report.style import TWO_COLUMNS, new_figure
from testsite_sim.studies.framework.report.lines import quantile_table
from testsite_sim.studies.framework.report.numbers import thousands
from testsite_sim.studies.framework.words import Words, label
from testsite_sim.studies.waterstof.figures.frame import TONNE, draw_scenarios, frame, horizons, stack, year_ticks

SOURCES = ("hydrogen_by_product", "hydrogen_electrolysis")
TITLE_LETTERS = 20  # that fit over a panel, a quarter of the figure


def draw_adoption(results: xr.Dataset, words: Words) -> tuple[Figure, pd.DataFrame]:
    """Draw the units on hydrogen of every application by scenario, in each horizon."""
    periods = horizons(results)
    names = [str(name) for name in results["application"].to_numpy()]
    figure = new_figure(TWO_COLUMNS, 1.75 * len(periods) + 0.5)
    panels = figure.subplots(len(periods), len(names), squeeze=False)
    for row, (_, period) in zip(panels, periods, strict=True):
        years = period["year"].to_numpy()
        for axes, name in zip(row, names, strict=True):
            units = period["stock"].sel(application=name)
            draw_scenarios(axes, years, units, results, lambda each: label(words, "scenario", each))
            # Less than a unit is none: its axis does not stretch over fractions of one.
            axes.set_ylim(bottom=0, top=max(axes.get_ylim()[1], 1.0))
            if axes.get_ylim()[1] >= 10.0:
                axes.yaxis.set_major_formatter(thousands)
            year_ticks(axes, years, 2)
    for axes, name in zip(panels[0], names, strict=True):
        axes.set_title(textwrap.fill(words[f"plural.{name}"], TITLE_LETTERS))
    handles, labels = panels[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels))
    return figure, quantile_table(results["stock"], words)


def draw_demand_and_supply(results: xr.Dataset, words: Words) -> tuple[Figure, pd.DataFrame]:
    """Draw the hydrogen that the markets ask for and where it comes from, reference scenario, mean of the members."""
    periods = horizons(results)
    reference = results.attrs["scenario"]
    figure = new_figure(TWO_COLUMNS, 4.3)
    panels = figure.subplots(2, len(periods), squeeze=False, sharex="col")
    rows = []
    for column, (horizon, period) in enumerate(periods):
        years = period["year"].to_numpy()
        markets = period["demand_by_market"].sel(scenario=reference).mean("member") / TONNE
        asked = {str(name): markets.sel(market=name).to_numpy() for name in results["market"].to_numpy()}
        made = {name: period[name].sel(scenario=reference).mean("member").to_numpy() / TONNE for name in SOURCES}
        for axes, parts, kind in zip(panels[:, column], (asked, made), ("market", "variable"), strict=True):
            stack(axes, years, parts, words, kind)
            axes.set_ylim(bottom=0)
            axes.yaxis.set_major_formatter(thousands)
            year_ticks(axes, years)
            rows += [
                {"horizon": horizon, "part": name, "year": int(year), "mean": value, "units": "t/year"}
                for name, sizes in parts.items()
                for year, value in zip(years, sizes, strict=True)
            ]
    panels[0, 0].set_ylabel(words["axis.demand"])
    panels[1, 0].set_ylabel(words["axis.supply"])
    # Areas fill the panels: their legends stand below them.
    handles, labels = (
        [each for axes in panels[:, -1] for each in axes.get_legend_handles_labels()[k]] for k in range(2)
    )
    figure.legend(handles, labels, loc="outside lower center", ncols=3)
    return figure, frame(rows)


def draw_demand_profile(results: xr.Dataset, words: Words) -> tuple[Figure, pd.DataFrame]:
    """Draw the hydrogen drawn over the hours of the day at the end of every horizon, mean of the members."""
    periods = horizons(results)
    figure = new_figure(TWO_COLUMNS, 2.4)
    hours = results["hour"].to_numpy().astype(np.float64)
    edges = np.repeat(np.append(hours, hours[-1] + 1.0), 2)[1:-1]
    rows = []
    for axes, (horizon, period) in zip(figure.subplots(1, len(periods), squeeze=False)[0], periods, strict=True):
        drawn = period["hourly_demand"].mean("member") * HOUR
        parts = {str(name): drawn.sel(application=name).to_numpy() for name in results["application"].to_numpy()}
        stack(axes, edges, {name: np.repeat(sizes, 2) for name, sizes in parts.items()}, words, "application")
        axes.set(
            xlim=(0, 24),
            xlabel=words["axis.hour"],
            xticks=range(0, 25, 6),
            title=words["heading.in_year"].format(year=int(period["year"][-1])),
        )
        axes.set_ylim(bottom=0)
        axes.yaxis.set_major_formatter(thousands)
        rows += [
            {"horizon": horizon, "application": name, "hour": int(hour), "mean": value, "units": "kg/h"}
            for name, sizes in parts.items()
            for hour, value in zip(hours, sizes, strict=True)
        ]
        if horizon == periods[0][0]:
            axes.set_ylabel(words["axis.drawn"])
            handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels))
    return figure, frame(rows)
