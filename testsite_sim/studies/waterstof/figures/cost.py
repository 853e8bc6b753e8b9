"""Figures of cost: hydrogen at the nozzle, ownership against what is there today, experience, the way to parity."""

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.figure import Figure

from testsite_sim.common.units import MEGAWATT_HOUR
from testsite_sim.report.style import DARK_BLUE, GREY, LIGHT_GREY, SKY_BLUE, TWO_COLUMNS, VERMILION, new_figure
from testsite_sim.studies.framework.report.lines import band, quantile_table, quantiles
from testsite_sim.studies.framework.report.numbers import thousands
from testsite_sim.studies.framework.words import Words, label
from testsite_sim.studies.waterstof.figures.frame import (
    KILOMETRE,
    THOUSAND,
    draw_scenarios,
    frame,
    horizons,
    row_of,
    slanted_ticks,
    spread,
    whisker,
    wrapped,
    year_ticks,
)

# Of a unit of service: factor from SI, and its units, by the coordinate `service_unit`.
SERVICES = {"1": (1.0, "EUR/shift"), "m": (KILOMETRE, "EUR/km"), "J": (MEGAWATT_HOUR, "EUR/MWh")}
TECHNOLOGIES = (
    ("electrolyser", THOUSAND, "EUR/kW", 1e-9, "GW"),
    ("fuel_cell", THOUSAND, "EUR/kW", 1e-9, "GW"),
    ("station", 1e-6, "million EUR", 1.0, "1"),
    ("bus", 1e-6, "million EUR", 1.0, "1"),
)


def draw_nozzle_cost(results: xr.Dataset, words: Words) -> tuple[Figure, pd.DataFrame]:
    """Draw what the cost of hydrogen at the nozzle is made of, in the cluster year of every horizon."""
    periods = horizons(results)
    reference = results.attrs["scenario"]
    names = [str(name) for name in results["component"].to_numpy()]
    figure = new_figure(TWO_COLUMNS, 2.9)
    panels = figure.subplots(1, len(periods), squeeze=False, sharey=True)[0]
    rows = []
    for axes, (horizon, period) in zip(panels, periods, strict=True):
        year = int(period["cluster_year"])
        cost = period["nozzle_cost"].sel(scenario=reference, year=year)
        below = 0.0
        for place, name in enumerate(names):
            size = float(cost.sel(component=name).mean())
            axes.bar(place, size, bottom=below, width=0.7, color=SKY_BLUE if place % 2 else DARK_BLUE)
            axes.plot([place - 0.35, place + 1.35], [below + size] * 2, color=GREY, linewidth=0.6)
            below += size
            rows.append(
                {
                    "horizon": horizon,
                    "year": year,
                    "component": name,
                    "mean": size,
                    **row_of(spread(cost.sel(component=name))),
                }
            )
        whole = spread(cost.sum("component"))
        axes.bar(len(names), below, width=0.7, color=GREY)
        whisker(axes, len(names), (whole[0], below, whole[2]))
        rows.append({"horizon": horizon, "year": year, "component": "whole", "mean": below, **row_of(whole)})
        labels = [label(words, "component", name) for name in names] + [words["component.whole"]]
        for source in results["source"].to_numpy():
            alone = period["source_cost"].sel(scenario=reference, year=year, source=source).sum("component")
            found = spread(alone)
            axes.bar(
                len(labels), found[1], width=0.7, color=LIGHT_GREY, hatch="////", edgecolor="#404040", linewidth=0.0
            )
            whisker(axes, len(labels), found)
            labels.append(label(words, "from", str(source)))
            rows.append(
                {
                    "horizon": horizon,
                    "year": year,
                    "component": f"whole, {source} alone",
                    "mean": float(alone.mean()),
                    **row_of(found),
                }
            )
        axes.set_xticks(range(len(labels)), labels, rotation=40, ha="right", rotation_mode="anchor")
        axes.set_title(words["heading.in_year"].format(year=year))
        axes.grid(visible=False, axis="x")
    panels[0].set_ylabel(words["axis.nozzle"])
    return figure, frame(rows)


def draw_ownership(results: xr.Dataset, words: Words) -> tuple[Figure, pd.DataFrame]:
    """Draw the cost of ownership per service on hydrogen and on what is there today, with its range."""
    periods = horizons(results)
    reference = results.attrs["scenario"]
    figure = new_figure(TWO_COLUMNS, 2.7)
    names = [str(name) for name in results["application"].to_numpy()]
    rows = []
    for axes, name in zip(figure.subplots(1, len(names), squeeze=False)[0], names, strict=True):
        factor, units = SERVICES[str(results["service_unit"].sel(application=name).item())]
        place, ticks = 0.0, []
        for number, (horizon, period) in enumerate(periods):
            year = int(period["cluster_year"])
            chosen = period.sel(application=name, year=year)
            service = chosen["service_per_unit"] / factor
            found = [("hydrogen", chosen["ownership_cost"].sel(scenario=reference))]
            found += [
                (str(rival), chosen["incumbent_cost"].sel(incumbent=rival)) for rival in results["incumbent"].to_numpy()
            ]
            start = place
            for fuel, cost in found:
                if not np.isfinite(cost).all():
                    continue  # not sold for this, or not yet
                bar = spread(cost / service)
                colour, hatch = (DARK_BLUE, "") if fuel == "hydrogen" else (LIGHT_GREY, "////")
                axes.bar(
                    place,
                    bar[1],
                    width=0.75,
                    color=colour,
                    hatch=hatch,
                    edgecolor="#404040" if hatch else colour,
                    linewidth=0.0,
                )
                whisker(axes, place, bar)
                ticks.append((place, label(words, "power", fuel)))
                rows.append(row_of(bar, horizon=horizon, year=year, application=name, power=fuel, units=units))
                place += 1.0
            axes.annotate(
                str(year),
                ((start + place - 1.0) / 2.0, 1.0),
                xycoords=("data", "axes fraction"),
                ha="center",
                va="bottom",
                fontsize=7.5,
            )
            place += 0.6 if number < len(periods) - 1 else 0.0
        slanted_ticks(axes, ticks)
        axes.set_title(f"{label(words, 'application', name)}\n[{label(words, 'unit', units)}]", pad=14, fontsize=8)
        axes.set_ylim(bottom=0)
        axes.grid(visible=False, axis="x")
    return figure, frame(rows)


def draw_learning(results: xr.Dataset, words: Words) -> tuple[Figure, pd.DataFrame]:
    """Draw the experience curves: cost against what stands in the world, in each horizon."""
    periods = horizons(results)
    figure = new_figure(TWO_COLUMNS, 2.4)
    tables = []
    for axes, (name, factor, units, size, world_units) in zip(
        figure.subplots(1, len(TECHNOLOGIES)), TECHNOLOGIES, strict=True
    ):
        for (_, period), colour, dashes in zip(periods, (VERMILION, DARK_BLUE), ("--", "-"), strict=False):
            world = quantiles(period[f"{name}_world"])[1] * size
            cost = period[f"{name}_cost"]
            band(axes, world, cost, colour, factor)
            years = period["year"].to_numpy()
            axes.plot(world, quantiles(cost)[1] * factor, dashes, color=colour, label=f"{years[0]}–{years[-1]}")
        shown = "" if world_units == "1" else f" [{world_units}]"
        axes.set(xscale="log", xlabel=words["axis.world"] + shown)
        low, high = (float(edge) for edge in axes.get_xlim())
        decades = np.arange(np.ceil(np.log10(low)), np.floor(np.log10(high)) + 1.0)
        decades = decades[:: max(1, -(-len(decades) // 3))]  # labels do not meet
        axes.set_xticks(10.0**decades, [plain(10.0**decade).replace(".", words["decimal_mark"]) for decade in decades])
        axes.minorticks_off()
        axes.set_ylim(bottom=0)
        if axes.get_ylim()[1] >= 1000.0:
            axes.yaxis.set_major_formatter(thousands)
        axes.set_title(f"{label(words, 'technology', name)} [{label(words, 'unit', units)}]", fontsize=8)
        tables += [
            quantile_table(results[f"{name}_cost"], words, factor).assign(units=units),
            quantile_table(results[f"{name}_world"], words, size).assign(units=world_units),
        ]
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels))
    return figure, pd.concat(tables, ignore_index=True)


def plain(value: float) -> str:
    """Return a power of ten in figures."""
    return thousands(value) if value >= 1.0 else f"{value:g}"


def draw_parity(results: xr.Dataset, words: Words) -> tuple[Figure, pd.DataFrame]:
    """Draw the cost of hydrogen at the nozzle over the years with the prices at which vehicles are at parity."""
    periods = horizons(results)
    figure = new_figure(TWO_COLUMNS, 2.9)
    rows = []
    panels = figure.subplots(1, len(periods), squeeze=False, sharey=True)[0]
    for axes, (horizon, period) in zip(panels, periods, strict=True):
        years = period["year"].to_numpy()
        cost = period["nozzle_cost"].sum("component")
        draw_scenarios(
            axes,
            years,
            cost,
            results,
            lambda name: words["legend.nozzle_cost"].format(scenario=label(words, "scenario", name)),
        )
        for name, mark in (("bus", "o"), ("truck", "s")):
            parity = quantiles(period["parity_price"].sel(application=name, incumbent="diesel"))[1]
            axes.plot(
                years,
                parity,
                color="black",
                linewidth=0.9,
                marker=mark,
                markersize=3.5,
                markerfacecolor="white",
                markevery=max(1, len(years) // 8),
                label=words["legend.parity_price"].format(application=label(words, "application", name)),
            )
            rows += [
                {"horizon": horizon, "quantity": f"parity price, {name}", "year": int(year), "p50": value}
                for year, value in zip(years, parity, strict=True)
            ]
        rows += [
            row_of(
                spread(cost.sel(scenario=scenario, year=year)),
                horizon=horizon,
                quantity="nozzle cost",
                scenario=str(scenario),
                year=int(year),
            )
            for scenario in results["scenario"].to_numpy()
            for year in years
        ]
        year_ticks(axes, years)
        axes.axhline(0.0, color="black", linewidth=0.6)
    panels[0].set_ylabel(words["axis.parity"])
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, [wrapped(label, 44) for label in labels], loc="outside lower center", ncols=2)
    return figure, frame(rows)
