"""Figures of the stacks of electrolysers and fuel cells: curves with the time spent along them; wear by year."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.units import HOUR
from testsite_sim.report.style import DARK_BLUE, GREY, LIGHT_GREY, SKY_BLUE, TWO_COLUMNS, VERMILION, new_figure

AMPERE_PER_SQUARE_CENTIMETRE = 1e4  # [A/m²]
MOST_LINES = 12  # stacks drawn one by one; of more, the range
PANELS = (("voltage", 1.0, "cell voltage [V]"), ("efficiency", 100.0, "efficiency [%]\n(DC, LHV)"))


def machines_with_stacks(results: xr.DataTree) -> Iterator[tuple[str, xr.Dataset]]:
    """Yield the name of each machine with stacks, and what its stacks do."""
    for name in results["stacks"].children:
        yield name, results[f"stacks/{name}"].to_dataset()


def draw_polarisation(results: xr.DataTree) -> tuple[Figure, xr.Dataset]:
    """Draw voltage and efficiency against current density, new and at the end of life, and the time spent there."""
    machines = list(machines_with_stacks(results))
    figure = new_figure(TWO_COLUMNS, 0.5 + 2.5 * len(machines))
    grid = figure.subplots(len(machines), 2, squeeze=False)
    table = xr.Dataset()
    handles: list[Any] = []
    for row, (name, stacks) in zip(grid, machines, strict=True):
        i = stacks["current_density"].to_numpy() / AMPERE_PER_SQUARE_CENTIMETRE
        hours = stacks["time_at_current"].to_numpy() / HOUR
        for axes, (variable, scale, label) in zip(row, PANELS, strict=True):
            bars = _draw_time(axes, i, hours)
            new, old = (stacks[each].to_numpy() * scale for each in (variable, f"{variable}_worn"))
            lines = axes.plot(i, new, color=DARK_BLUE, label="new")
            lines += axes.plot(i, old, color=VERMILION, linestyle="--", label="end of life")
            low, high = min(new[2:].min(), old[2:].min()), max(new[2:].max(), old[2:].max())
            axes.set_ylim(low - 0.08 * (high - low), high + 0.15 * (high - low))
            axes.set_xlim(0.0, float(i[-1] + 0.5 * (i[1] - i[0])))
            axes.set_ylabel(label)
            handles = [*lines, bars]
        row[0].set_title(str(stacks.attrs["title"]), loc="left", fontsize=7)
        place = f"{name}: current density"
        table = table.assign_coords({place: (place, i, {"units": "A/cm²"})})
        for variable in ("voltage", "voltage_worn", "efficiency", "efficiency_worn", "time_at_current"):
            values, units = stacks[variable].to_numpy(), stacks[variable].attrs["units"]
            table[f"{name}: {variable}"] = (place, values, {"units": units})
    for axes in grid[-1]:
        axes.set_xlabel("current density [A/cm²]")
    figure.legend(handles, [str(handle.get_label()) for handle in handles], loc="outside upper center", ncols=3)
    return figure, table


def _draw_time(axes: Axes, current: Floats, hours: Floats) -> Any:
    """Draw the time at each current density behind a curve; return the bars."""
    time = axes.twinx()
    look: dict[str, Any] = {"color": LIGHT_GREY, "edgecolor": "white", "linewidth": 0.3}
    bars = time.bar(current, hours, width=current[1] - current[0], label="time of a stack in the period", **look)
    time.set_ylabel("time [h]", color=GREY)
    time.tick_params(axis="y", colors=GREY)
    time.spines["right"].set_visible(True)
    time.spines["right"].set_color(GREY)
    time.grid(visible=False)
    if hours.max() > 0.0:
        time.set_yscale("log")  # part loads are rare next to the rated one, and must be visible
    time.yaxis.set_major_formatter("{x:,.0f}")
    time.set_ylim(1.0, 5.0 * max(float(hours.max()), 2.0))
    axes.set_zorder(time.get_zorder() + 1)
    axes.patch.set_visible(False)
    return bars


def draw_stack_degradation(results: xr.DataTree) -> tuple[Figure, xr.Dataset]:
    """Draw what the voltage of every stack has changed by over the years, and its replacements."""
    machines = list(machines_with_stacks(results))
    figure = new_figure(TWO_COLUMNS, 0.5 + 2.0 * len(machines))
    panels = figure.subplots(len(machines), sharex=True, squeeze=False)[:, 0]
    table = xr.Dataset()
    for axes, (name, stacks) in zip(panels, machines, strict=True):
        years = np.concatenate([[0], stacks["year"].to_numpy()])
        count = stacks.sizes["stack"]
        change = np.vstack([np.zeros(count), stacks["voltage_change"].to_numpy() * 1000.0])
        renewed = np.vstack([np.zeros(count), stacks["replacements"].to_numpy()])
        if count <= MOST_LINES:
            _draw_each(axes, years, change, renewed)
        else:
            axes.fill_between(
                years, change.min(axis=1), change.max(axis=1), color=SKY_BLUE, label="range of the stacks"
            )
            axes.plot(years, change.mean(axis=1), color=DARK_BLUE, label="mean at the end of the year")
            replaced = renewed.sum(axis=1) / count * 100.0
            axes.bar(years, replaced, width=0.4, color=VERMILION, label="stacks replaced in the year [%]")
        limit = float(stacks.attrs["end_of_life"]) * 1000.0
        if np.isfinite(limit) and limit < 1e6:
            axes.axhline(limit, color="black", linestyle=":", linewidth=1.0, label="end of life")
        axes.set_ylim(0.0, None)
        way = "rise" if stacks.attrs["machine"] == "electrolyser" else "loss"
        axes.set_ylabel(f"{way} of the cell\nvoltage [mV]")
        axes.set_title(str(stacks.attrs["title"]), loc="right", fontsize=7)
        axes.legend(ncols=4, loc="lower left", bbox_to_anchor=(0.0, 1.0), borderaxespad=0.2, fontsize=6.5)
        table = table.assign_coords(year=stacks["year"].to_numpy())
        for variable in ("voltage_change", "replacements"):
            values, units = stacks[variable].to_numpy(), stacks[variable].attrs["units"]
            table[f"{name}: {variable}"] = (("year", f"{name}: stack"), values, {"units": units})
    panels[-1].set_xlabel("year of operation")
    panels[-1].xaxis.set_major_locator(MaxNLocator(integer=True))
    panels[-1].set_xlim(0.0, float(table["year"][-1]) + 0.6)
    return figure, table


def _draw_each(axes: Axes, years: NDArray[np.int64], change: Floats, renewed: Floats) -> None:
    """Draw stacks one by one, with marks where they are replaced."""
    edge: dict[str, Any] = {"markeredgecolor": "black", "markeredgewidth": 0.4}
    mark: str | None = "replaced in the year"
    for s in range(change.shape[1]):
        stack = "a stack, at the end of the year" if s == 0 else None
        axes.plot(years, change[:, s], ".-", color=SKY_BLUE, linewidth=0.9, markersize=3, label=stack)
        marks = np.flatnonzero(renewed[:, s] > 0)
        if marks.size:
            axes.plot(years[marks], change[marks, s], "v", color=VERMILION, markersize=5, label=mark, **edge)
            mark = None
