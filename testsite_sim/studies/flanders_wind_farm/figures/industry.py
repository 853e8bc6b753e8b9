"""Figures of the industry: the market, the value chain, and what it learns."""

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.figure import Figure

from testsite_sim.report.ribbons import draw_ribbons
from testsite_sim.report.style import DARK_BLUE, GREY, SKY_BLUE, TWO_COLUMNS, VERMILION, YELLOW, new_figure
from testsite_sim.studies.flanders_wind_farm.figures.ticks import decimal_ticks
from testsite_sim.studies.framework.report.lines import LINE_STYLES, band, quantile_table, quantiles
from testsite_sim.studies.framework.report.numbers import thousands
from testsite_sim.studies.framework.words import Words, label

GIGAWATT = 1e9
PER_MEGAWATT = 1e6


def draw_market(results: xr.Dataset, words: Words) -> tuple[Figure, pd.DataFrame]:
    """Draw what was built in Europe and what was forecast, and on what was worked."""
    figure = new_figure(TWO_COLUMNS, 2.5)
    years = results["year"].to_numpy()
    for axes, name in zip(figure.subplots(1, 2), ("installed", "operating"), strict=True):
        for number, market in enumerate(results["market"].to_numpy()):
            colour, dashes = LINE_STYLES[number % 2]
            path = results[name].sel(market=market)
            band(axes, years, path, colour, 1.0 / GIGAWATT)
            axes.plot(years, quantiles(path)[1] / GIGAWATT, dashes, color=colour, label=label(words, "market", market))
            if name == "installed":
                work = quantiles(results["worked_on"].sel(market=market))[1] / GIGAWATT
                axes.plot(years, work, dashes, color=colour, linewidth=0.7)
        axes.set(ylabel=words[f"axis.{name}"], ylim=(0, None))
        axes.set_xticks(years[len(years) % 2 == 0 :: 2])
        decimal_ticks(axes, words)
        axes.legend(loc="upper left", title=words["legend.worked_on"] if name == "installed" else None)
    names = ("installed", "worked_on", "operating")
    tables = [quantile_table(results[name], words, 1.0 / GIGAWATT) for name in names]
    return figure, pd.concat(tables, ignore_index=True)


def draw_value_chain(results: xr.Dataset, words: Words) -> tuple[Figure, pd.DataFrame]:
    """Draw the jobs of the market by phase, segment and place in the target year, mean of the members."""
    year = int(results["year"][-1])
    market = results["jobs_of_market"].sel(year=year).mean("member")
    ours = results["jobs_by_segment"].sel(year=year).mean("member").sum("phase")
    phases = [str(name) for name in results["phase"].to_numpy()]
    segments = [str(name) for name in results["segment"].to_numpy()]
    flows = [
        {"source": phase, "target": segment, "value": float(market.sel(phase=phase, segment=segment))}
        for phase in phases
        for segment in segments
    ]
    for segment in segments:
        here, whole = float(ours.sel(segment=segment)), float(market.sel(segment=segment).sum())
        flows += [
            {"source": segment, "target": "Flanders", "value": here},
            {"source": segment, "target": "elsewhere", "value": whole - here},
        ]
    table = pd.DataFrame(flows)
    table = table[table["value"] > 0.0]
    nodes = [*phases, *segments, "Flanders", "elsewhere"]
    sizes = {
        node: max(float(table.loc[table[side] == node, "value"].sum()) for side in ("source", "target"))
        for node in nodes
    }
    kinds = dict.fromkeys(phases, "phase") | dict.fromkeys(segments, "segment")
    labels = {
        node: f"{label(words, kinds.get(node, 'place'), node)}  {_thousands(size)}" for node, size in sizes.items()
    }
    figure = new_figure(TWO_COLUMNS, 3.6)
    axes = figure.subplots()
    colours = {"investment": GREY, "operation": YELLOW, "Flanders": DARK_BLUE, "elsewhere": "#b8b8b8"}
    axes.set_title(words["heading.value-chain"].format(year=year))
    draw_ribbons(axes, table, [phases, segments, ["Flanders", "elsewhere"]], colours, labels)
    return figure, table.assign(year=year, units="jobs")


def draw_supplies(results: xr.Dataset, words: Words) -> tuple[Figure, pd.DataFrame]:
    """Draw the Flemish jobs of each segment by who buys the work in the target year, mean of the members."""
    year = int(results["year"][-1])
    jobs = results["jobs_by_buyer"].mean("member").sum("phase")
    table = jobs.to_series().rename("value").rename_axis(["source", "target"]).reset_index()
    table = table[table["value"] > 0.0]
    sellers, buyers = ([str(name) for name in results[side].to_numpy()] for side in ("segment", "buyer"))
    # A segment stands on both sides, under two names: as one that sells and as one that buys.
    drawn = table.assign(target="to " + table["target"])
    bought = [f"to {name}" for name in [buyers[-1], *buyers[:-1]] if name in set(table["target"])]
    sizes = {**table.groupby("source")["value"].sum(), **drawn.groupby("target")["value"].sum()}
    kinds = {f"to {buyers[-1]}": "buyer"}
    labels = {
        node: f"{label(words, kinds.get(node, 'segment'), node.removeprefix('to '))}  {_thousands(size)}"
        for node, size in sizes.items()
    }
    figure = new_figure(TWO_COLUMNS, 3.6)
    axes = figure.subplots()
    colours = {f"to {buyers[-1]}": "#b8b8b8"} | dict.fromkeys(bought[1:], DARK_BLUE)
    axes.set_title(words["heading.supplies"].format(year=year))
    draw_ribbons(axes, drawn, [[name for name in sellers if name in sizes], bought], colours, labels)
    return figure, table.rename(columns={"source": "supplier", "target": "buyer"}).assign(year=year, units="jobs")


def _thousands(value: float) -> str:
    """Return a number of jobs to three figures."""
    digits = max(len(str(int(abs(value)))) - 3, 0)
    return thousands(round(value / 10**digits) * 10**digits)


def draw_learning(results: xr.Dataset, words: Words) -> tuple[Figure, pd.DataFrame]:
    """Draw jobs per power and cost per power against the operating power, with what wind farms have cost."""
    figure = new_figure(TWO_COLUMNS, 2.7)
    left, right = figure.subplots(1, 2)
    operating = results["operating"].sel(market=results.attrs["market"]).isel(member=0).to_numpy() / GIGAWATT
    scope = results["scope"]
    for phase, colour, dashes in (("investment", DARK_BLUE, "-"), ("operation", VERMILION, "--")):
        per_power = results["jobs_per_power"].sel(phase=phase) / scope * PER_MEGAWATT
        band(left, operating, per_power, colour)
        left.plot(operating, quantiles(per_power)[1], dashes, color=colour, label=words[f"learning.{phase}"])
    left.set(xscale="log", yscale="log", xlabel=words["axis.operating"], ylabel=words["axis.per_power"])
    left.legend(loc="center left")
    cost = results["investment_cost"]
    band(right, operating, cost, SKY_BLUE)
    right.plot(operating, quantiles(cost)[1], color=DARK_BLUE, label=words["learning.cost"])
    years = results["year"].to_numpy()
    known = results["observed_cost"]
    at = np.interp(known["farm_year"].to_numpy(), years, operating).tolist()
    right.plot(at, known, "o", color="black", markersize=4, label=words["learning.observed"])
    costs = known.to_numpy().tolist()
    for number, (x, y, name) in enumerate(zip(at, costs, known["farm"].to_numpy(), strict=True)):
        # A label stands below its point where a near neighbour lies higher.
        near = [
            costs[other] for other in (number - 1, number + 1) if 0 <= other < len(at) and 0.5 < at[other] / x < 2.0
        ]
        right.annotate(
            name,
            (x, y),
            (0, -9 if near and max(near) > y else 4),
            textcoords="offset points",
            fontsize=6.5,
            ha="left" if x < operating[-1] / 3.0 else "right",
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.4},
        )
    right.set(
        xscale="log", xlabel=words["axis.operating"], ylabel=words["axis.cost"], ylim=(0, 1.1 * max(costs, default=4.0))
    )
    right.legend(loc="lower left")
    left.set_yticks([0.1, 0.3, 1, 3, 10, 30])
    decimal_ticks(left, words)
    decimal_ticks(right, words)
    left.set_ylim(0.1, 30)
    ticks = [tick for tick in (2, 5, 10, 20, 40) if operating[0] * 0.9 <= tick <= operating[-1] * 1.1]
    for axes in (left, right):
        axes.set_xticks(ticks, [str(tick) for tick in ticks])
        axes.minorticks_off()
    tables = [
        quantile_table((results["jobs_per_power"] / scope * PER_MEGAWATT).rename("jobs_per_power"), words),
        quantile_table(cost, words),
        pd.DataFrame(
            {"quantity": "observed_cost", "farm": known["farm"], "year": known["farm_year"], "p50": known.to_numpy()}
        ),
    ]
    return figure, pd.concat(tables, ignore_index=True)
