"""A week of dispatch: where the power goes, where it comes from, and the store below."""

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.dates import ConciseDateFormatter, DayLocator
from matplotlib.figure import Figure
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.units import MEGAWATT_HOUR
from testsite_sim.report.periods import week_of_highest
from testsite_sim.report.rates import rate
from testsite_sim.report.style import GREY, SKY_BLUE, TWO_COLUMNS, USES_OF_POWER, VERMILION, YELLOW, new_figure


def representative_week(plant: xr.Dataset) -> xr.Dataset:
    """Return the week, from midnight on, in which electrolyser and fuel cell both work most.

    This is measured by the product of their energies; where one of them never runs, by the electrolyser's energy;
    without a plant, the week with the widest range of wind power is taken.
    """

    def work(starts: NDArray[np.int64], length: int) -> Floats:
        sums = [np.concatenate([[0.0], np.cumsum(rate(plant, name))]) for name in _MACHINES]
        electrolyser, fuel_cell = (total[starts + length] - total[starts] for total in sums)
        if electrolyser.any():
            both: Floats = electrolyser * fuel_cell
            return both if both.any() else electrolyser
        power = plant["power_wind"].to_numpy()
        return np.array([np.ptp(power[start : start + length]) for start in starts])

    return week_of_highest(plant, work)


_MACHINES = ("power_electrolysers", "power_fuel_cells")


def draw_dispatch_week(results: xr.DataTree) -> tuple[Figure, xr.Dataset]:
    """Draw the uses of power stacked, the wind as a line, the fuel cell above it; store and price below."""
    week = representative_week(results["plant"].to_dataset())
    stamps = week["time"].to_numpy()
    edges = np.append(stamps, stamps[-1] + (stamps[1] - stamps[0]))
    has_store = bool(rate(week, "hydrogen_stored").any())
    figure = new_figure(TWO_COLUMNS, 4.6 if has_store else 3.8)
    panels = figure.subplots(3 if has_store else 2, sharex=True, height_ratios=[3, 1, 1] if has_store else [3, 1])
    power, price = panels[0], panels[-1]

    def megawatt(name: str) -> np.ndarray:
        values = rate(week, name)
        return np.append(values, values[-1]) / 1e6

    bottom = np.zeros(edges.size)
    for name, label, colour, hatch in USES_OF_POWER:
        top = bottom + megawatt(name)
        if np.any(top > bottom):
            look: dict[str, Any] = {"facecolor": colour, "edgecolor": "#404040", "hatch": hatch, "linewidth": 0.0}
            power.fill_between(edges, bottom, top, step="post", label=label, **look)
        bottom = top
    wind = megawatt("power_wind")
    if rate(week, "power_fuel_cells").any():
        top = wind + megawatt("power_fuel_cells")
        outline: dict[str, Any] = {"facecolor": YELLOW, "edgecolor": "black", "linewidth": 0.3}
        power.fill_between(edges, wind, top, step="post", label="of these from fuel cells", **outline)
    power.plot(edges, wind, drawstyle="steps-post", color="black", linewidth=1.0, label="wind")
    if "power_nominated" in week:
        dashed: dict[str, Any] = {"color": VERMILION, "linewidth": 0.9, "linestyle": (0, (3, 1.5))}
        power.plot(edges, megawatt("power_nominated"), drawstyle="steps-post", label="nominated", **dashed)
    power.set_ylim(0.0, None)
    power.set_ylabel("power [MW]")
    power.legend(ncols=5, loc="lower left", bbox_to_anchor=(0.0, 1.0), borderaxespad=0.2)
    if has_store:
        stored = week["hydrogen_stored"].to_numpy() / 1000.0
        panels[1].fill_between(stamps + (stamps[1] - stamps[0]), stored, color=GREY, linewidth=0.0)
        panels[1].set_ylim(0.0, None)
        panels[1].set_ylabel("hydrogen\nstored [t]")
    if "price_long" in week:
        middle = 0.5 * (week["price_long"] + week["price_short"]).to_numpy() * MEGAWATT_HOUR
        price.step(edges, np.append(middle, middle[-1]), where="post", color=SKY_BLUE, linewidth=0.8, label="imbalance")
    euro = week["price"].to_numpy() * MEGAWATT_HOUR
    price.step(edges, np.append(euro, euro[-1]), where="post", color=VERMILION, label="day-ahead")
    if "price_long" in week:
        price.legend(ncols=2, loc="upper right", frameon=True, framealpha=0.8, borderaxespad=0.2)
    price.axhline(0.0, color="black", linewidth=0.6)
    price.set_ylabel("price\n[EUR/MWh]")
    locator = DayLocator()  # type: ignore[no-untyped-call]
    price.xaxis.set_major_locator(locator)
    price.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
    price.set_xlabel("time (UTC)")
    price.set_xlim(edges[0], edges[-1])
    return figure, week
