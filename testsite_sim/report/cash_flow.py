"""The cash flow of a project by year: what is paid, what is earned, and their running sum."""

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from testsite_sim.report.style import (
    DARK_BLUE,
    GREY,
    LIGHT_GREY,
    SKY_BLUE,
    TWO_COLUMNS,
    VERMILION,
    YELLOW,
    new_figure,
)

MILLION = 1e6
COSTS = (
    ("capital_cost", "capital", DARK_BLUE, ""),
    ("operating_cost", "operation", GREY, ""),
    ("replacement_cost", "replacement", VERMILION, ""),
)
ELECTRICITY, HYDROGEN = "electricity_revenue", "hydrogen_revenue"


def cash_table(economics: xr.Dataset) -> xr.Dataset:
    """Return the parts of the cash flow by year [million EUR], costs negative; what is left of it is `other`."""
    table = xr.Dataset(coords={"year": economics["year"].to_numpy()})
    for name, label, *_ in COSTS:
        table[label] = ("year", -economics[name].sum("component").to_numpy() / MILLION)
    for name, label in ((ELECTRICITY, "electricity"), (HYDROGEN, "hydrogen")):
        if name in economics:
            table[label] = ("year", economics[name].to_numpy() / MILLION)
    total = economics["cash_flow"].to_numpy() / MILLION
    parts = np.sum([table[name].to_numpy() for name in table.data_vars], axis=0)
    table["other"] = ("year", total - parts)
    table["cash_flow"] = ("year", total)
    table["running_sum"] = ("year", np.cumsum(total))
    for variable in table.data_vars.values():
        variable.attrs["units"] = "million EUR"
    return table


def draw_cash_flow(results: xr.DataTree) -> tuple[Figure, xr.Dataset]:
    """Draw costs below and revenues above zero, year by year, and the running sum, not discounted."""
    table = cash_table(results["economics"].to_dataset())
    years = table["year"].to_numpy()
    looks = [(label, colour, hatch) for _, label, colour, hatch in COSTS]
    looks += [("electricity", SKY_BLUE, ""), ("hydrogen", YELLOW, ""), ("other", LIGHT_GREY, "////")]
    figure = new_figure(TWO_COLUMNS, 3.4)
    bars, total = figure.subplots(2, sharex=True, height_ratios=[2, 1])
    above, below = np.zeros(years.size), np.zeros(years.size)
    largest = max(float(np.abs(table[name].to_numpy()).max()) for name in table.data_vars)
    for label, colour, hatch in looks:
        if label not in table or float(np.abs(table[label].to_numpy()).max()) <= 1e-9 * largest:
            continue
        values = table[label].to_numpy()
        look: dict[str, Any] = {"color": colour, "hatch": hatch, "edgecolor": "#303030", "linewidth": 0.4}
        bottom = np.where(values >= 0.0, above, below)
        bars.bar(years, values, bottom=bottom, label=label, **look)
        above, below = above + np.maximum(values, 0.0), below + np.minimum(values, 0.0)
    bars.axhline(0.0, color="black", linewidth=0.6)
    bars.set_ylabel("cash flow\n[million EUR]")
    bars.grid(axis="x", visible=False)
    bars.legend(ncols=6, loc="lower left", bbox_to_anchor=(0.0, 1.0), borderaxespad=0.2)
    total.plot(years, table["running_sum"], ".-", color="black", linewidth=1.0, markersize=3)
    total.axhline(0.0, color="black", linewidth=0.6)
    total.set_ylabel("running sum\n[million EUR]")
    total.set_xlabel("year of the project")
    total.xaxis.set_major_locator(MaxNLocator(integer=True))
    return figure, table
