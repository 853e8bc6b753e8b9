"""Figures of electrolysis stacks: cell curves and operating points; degradation and replacements."""

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from testsite_sim.common.units import HOUR
from testsite_sim.report.style import (
    DARK_BLUE,
    GREY,
    LIGHT_GREY,
    SKY_BLUE,
    TWO_COLUMNS,
    VERMILION,
    new_figure,
)

AMPERE_PER_SQUARE_CENTIMETRE = 1e4  # [A/m²]
MOST_LINES = 12  # stacks drawn one by one; of more, the range


def draw_polarisation(stacks: xr.Dataset) -> tuple[Figure, xr.Dataset]:
    """Draw voltage and efficiency against current density, new and at the end of life, and the time spent there.

    Parameters
    ----------
    stacks : xarray.Dataset, dims (current_density, …)
        As the chain's step `electrolysis` gives it.
    """
    table = stacks[["voltage", "voltage_worn", "efficiency", "efficiency_worn", "time_at_current"]]
    table = table.drop_vars([name for name in ("year", "stack") if name in table.coords])
    i = table["current_density"].to_numpy() / AMPERE_PER_SQUARE_CENTIMETRE
    hours = table["time_at_current"].to_numpy() / HOUR
    width = float(i[1] - i[0])
    figure = new_figure(TWO_COLUMNS, 3.2)
    panels = (
        ("voltage", 1.0, "cell voltage [V]"),
        ("efficiency", 100.0, "efficiency [%]\n(DC, lower heating value)"),
    )
    for axes, (name, scale, label) in zip(figure.subplots(1, 2), panels, strict=True):
        time = axes.twinx()
        look: dict[str, Any] = {"color": LIGHT_GREY, "edgecolor": "white", "linewidth": 0.3}
        time.bar(i, hours, width=width, label="hours spent, all stacks, first year", **look)
        time.set_ylabel("time [h]", color=GREY)
        time.tick_params(axis="y", colors=GREY)
        time.spines["right"].set_visible(True)
        time.spines["right"].set_color(GREY)
        time.grid(visible=False)
        time.set_yscale("log")  # part loads are rare next to the rated one, and must be visible
        time.yaxis.set_major_formatter("{x:,.0f}")
        time.set_ylim(1.0, 5.0 * max(float(hours.max()), 2.0))
        axes.set_zorder(time.get_zorder() + 1)
        axes.patch.set_visible(False)
        new, old = (table[each].to_numpy() * scale for each in (name, f"{name}_worn"))
        lines = axes.plot(i, new, color=DARK_BLUE, label="new")
        lines += axes.plot(i, old, color=VERMILION, linestyle="--", label="end of life")
        low, high = min(new[2:].min(), old[2:].min()), max(new[2:].max(), old[2:].max())
        axes.set_ylim(low - 0.08 * (high - low), high + 0.15 * (high - low))
        axes.set_xlim(0.0, float(i[-1] + width / 2.0))
        axes.set_xlabel("current density [A/cm²]")
        axes.set_ylabel(label)
        handles = [*lines, *time.containers]
    figure.legend(handles, [str(handle.get_label()) for handle in handles], loc="outside upper center", ncols=3)
    return figure, table


def draw_stack_degradation(stacks: xr.Dataset) -> tuple[Figure, xr.Dataset]:
    """Draw the rise of the voltage of every stack over the years, its replacements, and the hydrogen that is left.

    Parameters
    ----------
    stacks : xarray.Dataset, dims (year, stack, …)
        As the chain's step `electrolysis` gives it.
    """
    table = stacks[["voltage_rise", "replacements", "hydrogen_share"]].drop_vars("current_density", errors="ignore")
    years = np.concatenate([[0], table["year"].to_numpy()])
    rise = np.vstack([np.zeros(table.sizes["stack"]), table["voltage_rise"].to_numpy() * 1000.0])
    renewed = np.vstack([np.zeros(table.sizes["stack"]), table["replacements"].to_numpy()])
    figure = new_figure(TWO_COLUMNS, 4.0)
    above, below = figure.subplots(2, sharex=True, height_ratios=[2.2, 1])
    if table.sizes["stack"] <= MOST_LINES:
        for s in range(table.sizes["stack"]):
            stack, mark = ("a stack, at the end of the year", "replaced in the year") if s == 0 else (None, None)
            above.plot(years, rise[:, s], ".-", color=SKY_BLUE, linewidth=0.9, markersize=3, label=stack)
            marks = np.flatnonzero(renewed[:, s] > 0)
            edge: dict[str, Any] = {"markeredgecolor": "black", "markeredgewidth": 0.4}
            above.plot(years[marks], rise[marks, s], "v", color=VERMILION, markersize=5, label=mark, **edge)
    else:
        above.fill_between(years, rise.min(axis=1), rise.max(axis=1), color=SKY_BLUE, label="range of the stacks")
        above.plot(years, rise.mean(axis=1), color=DARK_BLUE, label="mean at the end of the year")
        replaced = renewed.sum(axis=1) / renewed.shape[1] * 100.0
        above.bar(years, replaced, width=0.4, color=VERMILION, label="stacks replaced in the year [%]")
    limit = float(stacks.attrs["end_of_life"]) * 1000.0
    if np.isfinite(limit):
        above.axhline(limit, color="black", linestyle=":", linewidth=1.0, label="end of life")
    above.set_ylim(0.0, None)
    above.set_ylabel("rise of the cell voltage [mV]")
    above.legend(ncols=4, loc="lower left", bbox_to_anchor=(0.0, 1.0), borderaxespad=0.2)
    share = table["hydrogen_share"].to_numpy() * 100.0
    below.bar(years[1:], share, width=0.7, color=DARK_BLUE)
    below.set_ylim(max(0.0, np.floor(share.min() / 5.0) * 5.0 - 5.0), 100.0)
    below.set_ylabel("hydrogen [% of\nthat dispatched]")
    below.set_xlabel("year of operation")
    below.xaxis.set_major_locator(MaxNLocator(integer=True))
    below.set_xlim(0.0, float(years[-1]) + 0.6)
    return figure, table
