"""Figures of runs next to each other: the same quantity of each on the same axes."""

import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.printing import csv_text
from testsite_sim.common.units import GIGAWATT_HOUR
from testsite_sim.output.phrases import IN_ENGLISH, Phrases
from testsite_sim.report.cash_flow import cash_table
from testsite_sim.report.compare import LEAST
from testsite_sim.report.drawing import NamedFigure
from testsite_sim.report.ensemble.headlines import plain_ticks
from testsite_sim.report.losses import losses_table
from testsite_sim.report.periods import label_months
from testsite_sim.report.rates import rate
from testsite_sim.report.style import DARK_BLUE, GREY, ONE_COLUMN, SKY_BLUE, TWO_COLUMNS, VERMILION, YELLOW, new_figure

Trees = Mapping[str, xr.DataTree]
Summaries = Mapping[str, Mapping[str, Mapping[str, Any]]]
Drawn = tuple[Figure, Mapping[str, str]]
LOOKS = ((DARK_BLUE, "-"), (VERMILION, "--"), (SKY_BLUE, "-."), (GREY, ":"), (YELLOW, "-"), ("black", "--"))
MOST_BARS = 24  # of the figure of relative differences
# the ends of the names of percentiles, the widest first
PERCENTILES = (("_p5", "_p50", "_p95"), ("_p10", "_p50", "_p90"))
MOST_PANELS = 6
SOLD = "power_exported"
# Title, name of the rate, and the unit of what it adds up to, of the figure by month.
MONTHLY = (
    ("wind energy [GWh]", "power_wind", GIGAWATT_HOUR),
    ("electricity sold [GWh]", SOLD, GIGAWATT_HOUR),
    ("hydrogen produced [t]", "hydrogen_produced", 1000.0),
)
LETTERS_BELOW = 44  # that fit below a panel of half the width


def comparison_figures(
    summaries: Summaries, trees: Trees, names: Sequence[str], say: Phrases = IN_ENGLISH
) -> dict[str, NamedFigure]:
    """Return the figures that runs have in common.

    Parameters
    ----------
    summaries : mapping
        The summary of each run by its label.
    trees : mapping of str to xarray.DataTree
        The results of each run by its label.
    names : sequence of str
        The entries of the summaries whose relative differences are drawn, where they have some.
    say : Phrases
        Of the language of the page; runs of the chain have English ones alone.
    """
    found: dict[str, tuple[str, Callable[[], Drawn]]] = {}
    if rows := _relative(summaries, names):
        first = next(iter(summaries))
        found["differences"] = (f"Relative differences to {first}.", partial(_draw_relative, rows, list(summaries)[1:]))
    if spreads := _spreads(summaries):
        found["percentiles"] = (
            say("Percentiles of the members: the lowest, P50 and the highest of the table."),
            partial(_draw_percentiles, list(summaries), spreads, say),
        )
    if _all_have(trees, "losses"):
        found["losses"] = (
            "What the wind farm loses, in per cent of the energy before the loss.",
            partial(_draw_losses, trees),
        )
    if _all_have(trees, "plant"):
        plants = {label: tree["plant"].to_dataset() for label, tree in trees.items()}
        months = [np.unique(plant["time"].to_numpy().astype("datetime64[M]")) for plant in plants.values()]
        parts = [part for part in MONTHLY if _is_any(plants, part[1])]
        if parts and months[0].size > 1 and all(np.array_equal(months[0], each) for each in months):
            found["months"] = (
                "Wind energy, electricity sold and hydrogen by month.",
                partial(_draw_months, plants, parts),
            )
        if _is_any(plants, SOLD):
            found["load-duration"] = (
                "Electricity sold, sorted from its highest to its lowest.",
                partial(_draw_duration, plants),
            )
    if _all_have(trees, "economics"):
        found["cash-flow"] = ("Running sum of the cash flow, not discounted.", partial(_draw_cash, trees))
    return {name: NamedFigure(caption, draw) for name, (caption, draw) in found.items()}


def _all_have(trees: Trees, group: str) -> bool:
    """Return whether all runs have a group of results."""
    return all(group in tree.children for tree in trees.values())


def _csv(table: pd.DataFrame) -> Mapping[str, str]:
    """Return the data of a figure as CSV."""
    return {"": csv_text(table, float_format="%.6g")}


def _relative(summaries: Summaries, names: Sequence[str]) -> dict[str, list[float]]:
    """Return the relative differences of every other run to the first, of the entries that have some.

    Where the sign changes, as that of a rate of return may, a difference relative to the first says nothing.
    """
    first, *others = summaries.values()
    found = {}
    for name in names:
        base = first.get(name, {}).get("value")
        values = [other.get(name, {}).get("value") for other in others]
        if not base or any(value is None or value * base < 0.0 for value in values):
            continue
        rows = [(value - base) / abs(base) for value in values]
        if any(abs(each) > LEAST for each in rows):
            found[name] = rows
    return dict(list(found.items())[:MOST_BARS])


def _draw_relative(rows: Mapping[str, list[float]], labels: Sequence[str]) -> Drawn:
    """Draw relative differences as bars, a bar for every run but the first."""
    figure = new_figure(TWO_COLUMNS, 0.8 + 0.16 * len(rows) * (1 + len(labels)) ** 0.7)
    axes = figure.add_subplot()
    place, height = np.arange(len(rows)), 0.8 / len(labels)
    for k, label in enumerate(labels):
        values = [100.0 * each[k] for each in rows.values()]
        axes.barh(
            place + (k - 0.5 * (len(labels) - 1)) * height, values, height, color=LOOKS[(k + 1) % 6][0], label=label
        )
    axes.axvline(0.0, color="black", linewidth=0.8)
    axes.set_yticks(place, [name.replace("_", " ") for name in rows], fontsize=7)
    axes.invert_yaxis()
    axes.grid(axis="y", visible=False)
    axes.set_xlabel("relative difference [%]")
    if max(abs(each) for row in rows.values() for each in row) > 10.0:
        axes.set_xscale("symlog", linthresh=100.0)
        axes.set_xlabel("relative difference [%]; logarithmic beyond 100 %")
    figure.legend(*axes.get_legend_handles_labels(), loc="outside upper left", ncols=2)
    return figure, _csv(pd.DataFrame(rows, index=pd.Index(labels, name="run")).T.rename_axis("figure"))


@dataclass(frozen=True)
class Spread:
    """An output of which all runs have percentiles: what it is called, and the three of each run by its label."""

    title: str
    units: str
    amounts: Mapping[str, tuple[float, float, float]]

    @property
    def shift(self) -> float:
        """How far the medians of the runs lie apart, over the widest range."""
        middles = [middle for _, middle, _ in self.amounts.values()]
        widest = max(high - low for low, _, high in self.amounts.values())
        return (max(middles) - min(middles)) / widest


def _spreads(summaries: Summaries) -> list[Spread]:
    """Return the outputs of which all runs have percentiles that differ: those of a study whose medians differ most."""
    found: list[Spread] = []
    stems: set[str] = set()
    first = next(iter(summaries.values()))
    for ends in PERCENTILES:
        for name in first:
            stem = name.removesuffix(ends[1])
            if stem == name or stem in stems:
                continue
            rows = {label: [run.get(stem + end, {}).get("value") for end in ends] for label, run in summaries.items()}
            if _differ(rows):
                stems.add(stem)
                found.append(_spread(stem.replace("_", " "), str(first[stem + ends[1]]["units"]), rows))
    headlines = []
    for name, entry in first.items():  # an entry of a study has its percentiles in it
        rows = {
            label: [run.get(name, {}).get(key) for key in ("p10", "value", "p90")] for label, run in summaries.items()
        }
        if _differ(rows):
            title = str(entry.get("description", name)).removesuffix(" (P50)")
            headlines.append(_spread(title, str(entry["units"]), rows))
    headlines.sort(key=lambda each: -each.shift)
    return [*found, *(each for each in headlines if each.shift > LEAST)][:MOST_PANELS]


def _differ(rows: Mapping[str, Sequence[Any]]) -> bool:
    """Return whether the percentiles of all runs are known, and those of one of them differ from each other."""
    known = all(value is not None and np.isfinite(value) for row in rows.values() for value in row)
    return known and any(row[0] != row[2] for row in rows.values())


def _spread(title: str, units: str, rows: Mapping[str, Sequence[Any]]) -> Spread:
    """Return percentiles by run."""
    return Spread(title, units, {label: (row[0], row[1], row[2]) for label, row in rows.items()})


def _draw_percentiles(labels: Sequence[str], spreads: Sequence[Spread], say: Phrases) -> Drawn:
    """Draw for each output the percentiles of every run below each other."""
    rows = -(-len(spreads) // 2)
    figure = new_figure(TWO_COLUMNS, 0.4 + (0.8 + 0.22 * len(labels)) * rows)
    panels = figure.subplots(rows, 2, squeeze=False).ravel()
    table = {}
    for axes, spread in zip(panels, spreads, strict=False):
        for k, label in enumerate(labels):
            low, middle, high = table[spread.title, label] = spread.amounts[label]
            axes.plot([low, high], [k, k], color=LOOKS[k % 6][0], linewidth=3.0, solid_capstyle="butt")
            axes.plot(middle, k, "o", color="white", markeredgecolor=LOOKS[k % 6][0], markersize=5)
        axes.set_yticks(range(len(labels)), labels, fontsize=7)
        axes.set_ylim(len(labels) - 0.5, -0.5)
        units = f" [{say.units(spread.units)}]" if spread.units not in ("1", "count", "year") else ""
        axes.set_xlabel(textwrap.fill(spread.title + units, LETTERS_BELOW))
        axes.grid(axis="y", visible=False)
        if spread.units != "year":  # whose thousands are not kept apart
            plain_ticks(axes, say=say)
        axes.locator_params(axis="x", nbins=4)
    for axes in panels[len(spreads) :]:
        axes.set_visible(False)
    index = pd.MultiIndex.from_tuples(list(table), names=[say("output"), "run"])
    return figure, _csv(pd.DataFrame(list(table.values()), index, columns=[say("lowest"), "P50", say("highest")]))


def _draw_losses(trees: Trees) -> Drawn:
    """Draw each loss of every run next to that of the others."""
    shares: dict[str, Floats] = {}
    steps: list[str] = []
    for label, tree in trees.items():
        table = losses_table(tree)
        lost, left = table["energy_lost"].to_numpy()[1:-1], table["energy_left"].to_numpy()[1:-1]
        shares[label] = 100.0 * lost / np.maximum(lost + left, 1e-300)
        steps = list(table["step"].to_numpy()[1:-1])
    kept = [k for k in range(len(steps)) if any(abs(each[k]) > 1e-9 for each in shares.values())]
    figure = new_figure(TWO_COLUMNS, 2.6)
    axes = figure.add_subplot()
    _grouped(axes, {label: each[kept] for label, each in shares.items()})
    axes.set_xticks(range(len(kept)), [str(steps[k]).replace(" ", "\n") for k in kept])
    axes.set_ylabel("lost [%]")
    return figure, _csv(pd.DataFrame(shares, index=pd.Index(steps, name="loss")))


def _is_any(plants: Mapping[str, xr.Dataset], name: str) -> bool:
    """Return whether a plant has any of a quantity: a depot that is supplied makes and sells nothing."""
    return any(rate(plant, name).any() for plant in plants.values())


def _draw_months(plants: Mapping[str, xr.Dataset], parts: Sequence[tuple[str, str, float]]) -> Drawn:
    """Draw wind, sales and hydrogen of each month, of every run next to the others."""
    months = np.unique(next(iter(plants.values()))["time"].to_numpy().astype("datetime64[M]"))
    figure = new_figure(TWO_COLUMNS, 0.8 + 1.3 * len(parts))
    frames = {}
    for axes, (title, name, unit) in zip(
        figure.subplots(len(parts), sharex=True, squeeze=False)[:, 0], parts, strict=True
    ):
        values: dict[str, Floats] = {}
        for label, plant in plants.items():
            index = np.unique(plant["time"].to_numpy().astype("datetime64[M]"), return_inverse=True)[1]
            sums = np.bincount(index, weights=rate(plant, name)) * (float(plant.attrs["step"]) / unit)
            values[label] = np.asarray(sums, np.float64)
            frames[f"{title}: {label}"] = values[label]
        _grouped(axes, values, legend=title == parts[0][0])
        axes.set_ylabel(title.replace(" [", "\n["))
    label_months(axes, np.arange(months.size), months)
    return figure, _csv(pd.DataFrame(frames, index=pd.Index(months.astype(str), name="month")))


def _grouped(axes: Axes, values: Mapping[str, Floats], *, legend: bool = True) -> None:
    """Draw bars of runs next to each other."""
    width = 0.8 / len(values)
    for k, (label, each) in enumerate(values.items()):
        place = np.arange(each.size) + (k - 0.5 * (len(values) - 1)) * width
        axes.bar(place, each, width, color=LOOKS[k % 6][0], edgecolor="#303030", linewidth=0.3, label=label)
    axes.grid(axis="x", visible=False)
    if legend:
        axes.legend(ncols=2, loc="lower left", bbox_to_anchor=(0.0, 1.0), borderaxespad=0.2)


def _draw_duration(plants: Mapping[str, xr.Dataset]) -> Drawn:
    """Draw the load-duration curve of what is sold, of every run."""
    share = np.linspace(0.0, 100.0, 501)
    figure = new_figure(ONE_COLUMN, 2.9)
    axes = figure.add_subplot()
    table = pd.DataFrame(index=pd.Index(share, name="share of time [%]"))
    for k, (label, plant) in enumerate(plants.items()):
        curve = np.quantile(rate(plant, SOLD) / 1e6, 1.0 - share / 100.0)
        table[f"{label} [MW]"] = curve
        axes.plot(share, curve, LOOKS[k % 6][1], color=LOOKS[k % 6][0], label=label)
    axes.set(xlim=(0.0, 100.0), xlabel="share of time at or above [%]", ylabel="power sold [MW]")
    axes.set_ylim(0.0, None)
    figure.legend(*axes.get_legend_handles_labels(), loc="outside upper left", ncols=1)
    return figure, _csv(table)


def _draw_cash(trees: Trees) -> Drawn:
    """Draw the running sum of the cash flow of every run."""
    figure = new_figure(ONE_COLUMN, 2.9)
    axes = figure.add_subplot()
    columns = {}
    for k, (label, tree) in enumerate(trees.items()):
        table = cash_table(tree["economics"].to_dataset())
        columns[label] = pd.Series(table["running_sum"].to_numpy(), table["year"].to_numpy())
        axes.plot(table["year"], table["running_sum"], LOOKS[k % 6][1], color=LOOKS[k % 6][0], label=label)
    axes.axhline(0.0, color="black", linewidth=0.6)
    axes.set(xlabel="year of the project", ylabel="running sum [million EUR]")
    figure.legend(*axes.get_legend_handles_labels(), loc="outside upper left", ncols=1)
    return figure, _csv(pd.DataFrame(columns).rename_axis("year"))
