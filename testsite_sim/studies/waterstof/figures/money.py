"""Figures of money and climate: the valley of death, CO2 avoided and its cost, the implementation scenarios."""

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.figure import Figure

from testsite_sim.report.style import DARK_BLUE, TWO_COLUMNS, VERMILION, new_figure
from testsite_sim.studies.framework.report.lines import band, line_style, quantile_table, quantiles
from testsite_sim.studies.framework.report.numbers import thousands
from testsite_sim.studies.framework.words import Words, label
from testsite_sim.studies.waterstof.figures.frame import (
    MILLION,
    THOUSAND,
    TONNE,
    frame,
    horizons,
    row_of,
    slanted_ticks,
    spread,
    stack,
    whisker,
    year_ticks,
)

KILOTONNE = 1e6
# What the scenarios are compared by: name, factor from SI.
COMPARED = (
    ("demand", 1.0 / TONNE),
    ("jobs", 1.0),
    ("co2", 1.0 / KILOTONNE),
    ("public", 1.0 / MILLION),
    ("benefit", 1.0 / MILLION),
)


def draw_valley(results: xr.Dataset, words: Words) -> tuple[Figure, pd.DataFrame]:
    """Draw the cumulative cash flow of the cluster with and without support of the trajectory, reference scenario."""
    periods = horizons(results)
    reference = results.attrs["scenario"]
    figure = new_figure(TWO_COLUMNS, 2.8)
    panels = figure.subplots(1, len(periods), squeeze=False)[0]
    for axes, (_, period) in zip(panels, periods, strict=True):
        years = period["year"].to_numpy()
        cash = period["cumulative_cash"].sel(scenario=reference) / MILLION
        for support, colour, dashes in (("without", VERMILION, "--"), ("with", DARK_BLUE, "-")):
            path = cash.sel(support=support)
            band(axes, years, path, colour)
            middle = quantiles(path)[1]
            axes.plot(years, middle, dashes, color=colour, label=words[f"support.{support}"])
            deepest = int(np.argmin(middle))
            axes.plot(years[deepest], middle[deepest], "v", color=colour, markersize=5, clip_on=False)
        axes.axhline(0.0, color="black", linewidth=0.8)
        axes.yaxis.set_major_formatter(thousands)
        year_ticks(axes, years)
    panels[0].set_ylabel(words["axis.cumulative"])
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels))
    return figure, quantile_table(results["cumulative_cash"], words, 1.0 / MILLION).assign(units="million EUR")


def draw_co2(results: xr.Dataset, words: Words) -> tuple[Figure, pd.DataFrame]:
    """Draw the CO2 that each application avoids, mean of the members, and what a tonne costs by scenario."""
    periods = horizons(results)
    reference = results.attrs["scenario"]
    scenarios = [str(name) for name in results["scenario"].to_numpy()]
    figure = new_figure(TWO_COLUMNS, 2.9)
    *areas, bars = figure.subplots(1, len(periods) + 1, squeeze=False)[0]
    rows = []
    for axes, (horizon, period) in zip(areas, periods, strict=True):
        years = period["year"].to_numpy()
        avoided = period["co2_avoided"].sel(scenario=reference).mean("member") / KILOTONNE
        parts = {str(name): avoided.sel(application=name).to_numpy() for name in results["application"].to_numpy()}
        # What avoids less than nothing is drawn as a line below the others, which are stacked.
        stack(axes, years, {name: np.maximum(size, 0.0) for name, size in parts.items()}, words, "application")
        total = np.sum(list(parts.values()), axis=0)
        axes.plot(years, total, color="black", linewidth=1.0, label=words["legend.co2_net"])
        axes.axhline(0.0, color="black", linewidth=0.6)
        year_ticks(axes, years, 3)
        rows += [
            {
                "quantity": "co2 avoided",
                "horizon": horizon,
                "application": name,
                "year": int(year),
                "mean": value,
                "units": "kt/year",
            }
            for name, size in parts.items()
            for year, value in zip(years, size, strict=True)
        ]
    areas[0].set_ylabel(words["axis.co2"])
    place, ticks = 0.0, []
    for horizon, period in periods:
        start = place
        for scenario in scenarios:
            found = spread(period["abatement_cost"].sel(scenario=scenario), THOUSAND)
            if np.isfinite(found[1]):
                bars.bar(place, found[1], width=0.75, color=line_style(results, scenario)[0])
                whisker(bars, place, found)
            ticks.append((place, label(words, "short", scenario)))
            rows.append(row_of(found, quantity="abatement cost", horizon=horizon, scenario=scenario, units="EUR/t"))
            place += 1.0
        bars.annotate(
            label(words, "horizon", horizon),
            ((start + place - 1.0) / 2.0, 1.0),
            fontsize=7,
            xycoords=("data", "axes fraction"),
            ha="center",
            va="bottom",
        )
        place += 0.6
    slanted_ticks(bars, ticks)
    bars.set_ylabel(words["axis.abatement"])
    bars.yaxis.set_major_formatter(thousands)
    bars.axhline(0.0, color="black", linewidth=0.6)
    bars.grid(visible=False, axis="x")
    handles, labels = areas[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels))
    return figure, frame(rows)


def draw_policies(results: xr.Dataset, words: Words) -> tuple[Figure, pd.DataFrame]:
    """Draw what the implementation scenarios bring and cost in every horizon."""
    periods = horizons(results)
    scenarios = [str(name) for name in results["scenario"].to_numpy()]
    figure = new_figure(TWO_COLUMNS, 1.35 * len(periods) + 0.5)
    panels = figure.subplots(len(periods), len(COMPARED), squeeze=False, sharey=True)
    rows = []
    for line, (horizon, period) in zip(panels, periods, strict=True):
        last = period.isel(year=-1)
        found = {
            "demand": last["demand"].sum("application"),
            "jobs": last["jobs"].sum("place"),
            "co2": period["co2_avoided_total"],
            "public": period["public_cost_total"],
            "benefit": period["net_benefit"],
        }
        for axes, (name, factor) in zip(line, COMPARED, strict=True):
            for place, scenario in enumerate(scenarios):
                values = spread(found[name].sel(scenario=scenario), factor)
                colour = line_style(results, scenario)[0]
                axes.plot([values[0], values[2]], [place, place], color=colour, linewidth=4.0, alpha=0.4)
                axes.plot(
                    values[1], place, "D", color=colour, markersize=4.5, markeredgecolor="black", markeredgewidth=0.4
                )
                rows.append(
                    row_of(values, horizon=horizon, quantity=name, scenario=scenario, units=words[f"compared.{name}"])
                )
            axes.set_yticks(range(len(scenarios)), [label(words, "short", name) for name in scenarios])
            axes.set_ylim(len(scenarios) - 0.5, -0.5)
            axes.grid(visible=False, axis="y")
            axes.xaxis.set_major_formatter(thousands)
            axes.tick_params(axis="x", labelsize=6.5)
            axes.locator_params(axis="x", nbins=3)
            if name == "benefit":
                axes.axvline(0.0, color="black", linewidth=0.8)
        line[0].set_ylabel(label(words, "horizon", horizon))
    for axes, (name, _) in zip(panels[0], COMPARED, strict=True):
        axes.set_title(words[f"compared.{name}"], fontsize=7.5)
    return figure, frame(rows)
