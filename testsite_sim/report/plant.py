"""Figures of a hydrogen plant: a week, the months, the fuel cell at work, the machines over the plant's life."""

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.dates import ConciseDateFormatter, DayLocator
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.constants import LOWER_HEATING_VALUE

from testsite_sim.common.units import DAY, HOUR, KILOWATT_HOUR
from testsite_sim.report.periods import label_months, week_of_highest
from testsite_sim.report.rates import rate
from testsite_sim.report.style import (
    DARK_BLUE,
    GREY,
    LIGHT_GREY,
    ONE_COLUMN,
    SKY_BLUE,
    TWO_COLUMNS,
    VERMILION,
    YELLOW,
    new_figure,
)

Layer = tuple[str, str, str, str]  # variable, label, colour, hatch or style of the line
SOURCES: tuple[Layer, ...] = (
    ("power_wind", "wind", SKY_BLUE, ""),
    ("power_photovoltaics", "panels", YELLOW, ""),
    ("power_fuel_cells", "fuel cells", VERMILION, ""),
    ("power_discharged", "out of the battery", GREY, ""),
    ("power_imported", "bought", LIGHT_GREY, "////"),
)
USES: tuple[Layer, ...] = (
    ("power_electrolysers", "electrolysers", DARK_BLUE, ""),
    ("power_station", "station", VERMILION, ""),
    ("power_compressor", "compressor", GREY, ""),
    ("power_pipeline", "pipeline", "#303030", ""),
    ("power_charged", "into the battery", YELLOW, ""),
    ("power_exported", "sold", SKY_BLUE, ""),
    ("power_curtailed", "curtailed", LIGHT_GREY, "////"),
)
HYDROGEN: tuple[Layer, ...] = (
    ("hydrogen_by_product", "by-product", LIGHT_GREY, "////"),
    ("hydrogen_dispensed", "dispensed", SKY_BLUE, ""),
    ("hydrogen_to_fuel_cells", "fuel cells", VERMILION, ""),
    ("hydrogen_delivered", "delivered", GREY, ""),
)
STORES: tuple[Layer, ...] = (
    ("hydrogen_stored", "store", DARK_BLUE, "-"),
    ("hydrogen_in_station", "station", VERMILION, "--"),
    ("hydrogen_in_pipeline", "pipeline", GREY, "-."),
)
MANY = ((DARK_BLUE, ""), (YELLOW, "...."), (GREY, "\\\\"), (LIGHT_GREY, "xxxx"))  # electrolysers one after the other


def has_any(plant: xr.Dataset, layers: tuple[Layer, ...]) -> bool:
    """Return whether one of the series is above zero at some time."""
    return any(bool(np.any(rate(plant, name) > 0.0)) for name, *_ in layers)


def busiest_week(plant: xr.Dataset) -> xr.Dataset:
    """Return the week, from midnight on, in which the flows of power vary most.

    Every flow counts by its standard deviation within the week over that of the whole period, so that a week is shown
    in which machines start and stop rather than run through.
    """

    def variation(starts: NDArray[np.int64], length: int) -> Floats:
        score = np.zeros(starts.size)
        for name, *_ in (*SOURCES, *USES):
            values = rate(plant, name)
            spread = float(values.std())
            if spread > 0.0:
                sums = np.concatenate([[0.0], np.cumsum(values)])
                squares = np.concatenate([[0.0], np.cumsum(values**2)])
                mean = (sums[starts + length] - sums[starts]) / length
                variance = (squares[starts + length] - squares[starts]) / length - mean**2
                score += np.sqrt(np.maximum(variance, 0.0)) / spread
        return score

    return week_of_highest(plant, variation)


def draw_plant_week(results: xr.DataTree) -> tuple[Figure, xr.Dataset]:
    """Draw where the power of a week comes from and where it goes, and the stored hydrogen below."""
    plant = results["plant"].to_dataset()
    week = busiest_week(plant)
    stamps = week["time"].to_numpy()
    edges = np.append(stamps, stamps[-1] + (stamps[1] - stamps[0]))
    drawn = [(layers, text) for layers, text in ((SOURCES, "from"), (USES, "to")) if has_any(week, layers)]
    held = [each for each in STORES if rate(week if drawn else plant, each[0]).any()]
    totals = [np.sum([rate(week, name) for name, *_ in each], axis=0) for each in (SOURCES, USES)]
    peak = max(float(total.max()) for total in totals)
    unit, scale = ("MW", 1e6) if peak >= 1e6 else ("kW", 1e3)
    heights = [2] * len(drawn) + [1] * bool(held)
    figure = new_figure(TWO_COLUMNS, 1.2 + 0.76 * sum(heights) if held else 3.8)
    panels = figure.subplots(len(heights), sharex=True, height_ratios=heights, squeeze=False)[:, 0]
    for axes, (layers, text) in zip(panels, drawn, strict=False):
        _stack(axes, edges, week, layers, scale)
        axes.set_ylabel(f"{text} [{unit}]")
        axes.set_ylim(0.0, None)
        axes.legend(ncols=6, loc="lower left", bbox_to_anchor=(0.0, 1.0), borderaxespad=0.2)
    if held:
        for name, label, colour, line in held:
            panels[-1].plot(stamps + (stamps[1] - stamps[0]), week[name], line, color=colour, label=label)
        panels[-1].set_ylim(0.0, None)
        panels[-1].set_ylabel("hydrogen\n[kg]")
        panels[-1].legend(ncols=2, loc="lower left", bbox_to_anchor=(0.0, 1.0), borderaxespad=0.2)
    locator = DayLocator()  # type: ignore[no-untyped-call]
    panels[-1].xaxis.set_major_locator(locator)
    panels[-1].xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
    panels[-1].set_xlabel("time (UTC)")
    panels[-1].set_xlim(edges[0], edges[-1])
    names = [name for name, *_ in (*SOURCES, *USES)] + [name for name, *_ in held]
    return figure, week[[name for name in names if name in week]]


def _stack(
    axes: Axes, edges: NDArray[np.datetime64], week: xr.Dataset, layers: tuple[Layer, ...], scale: float
) -> None:
    """Draw powers [W], divided by a scale, stacked; those that are zero all week are left out."""
    bottom = np.zeros(edges.size)
    for name, label, colour, hatch in layers:
        values = rate(week, name) / scale
        top = bottom + np.append(values, values[-1])
        if np.any(top > bottom):
            look: dict[str, Any] = {"facecolor": colour, "edgecolor": "#404040", "hatch": hatch, "linewidth": 0.0}
            axes.fill_between(edges, bottom, top, step="post", label=label, **look)
        bottom = top


def draw_plant_months(results: xr.DataTree) -> tuple[Figure, xr.Dataset]:
    """Draw hydrogen by month: where it comes from, electrolyser by electrolyser, next to where it goes."""
    plant = results["plant"].to_dataset()
    step = float(plant.attrs["step"])
    months, index = np.unique(plant["time"].to_numpy().astype("datetime64[M]"), return_inverse=True)
    days = np.bincount(index) * step / DAY

    def per_day(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.bincount(index, weights=values) * step / days

    made = [
        (str(title), per_day(plant["electrolyser_hydrogen"][:, k].to_numpy()), *MANY[k % len(MANY)])
        for k, title in enumerate(plant["electrolyser"].to_numpy() if "electrolyser" in plant.coords else ())
    ]
    label, colour, hatch = HYDROGEN[0][1:]
    made.append((label, per_day(rate(plant, "hydrogen_by_product")), colour, hatch))
    used = [(label, per_day(rate(plant, name)), colour, hatch) for name, label, colour, hatch in HYDROGEN[1:]]
    table = xr.Dataset(coords={"month": months.astype(str)})
    figure = new_figure(TWO_COLUMNS, 3.0)
    axes = figure.add_subplot()
    place = np.arange(months.size)
    for shift, bars, side in ((-0.21, made, "from"), (0.21, used, "to")):
        bottom = np.zeros(months.size)
        for label, values, colour, hatch in bars:
            if values.any():
                look: dict[str, Any] = {"color": colour, "hatch": hatch, "edgecolor": "#303030", "linewidth": 0.4}
                axes.bar(place + shift, values, width=0.38, bottom=bottom, label=f"{side} {label}", **look)
                table[f"{side} {label}"] = ("month", values, {"units": "kg/day"})
            bottom = bottom + values
    label_months(axes, place, months)
    axes.set_ylabel("hydrogen [kg/day]")
    axes.grid(axis="x", visible=False)
    axes.legend(ncols=2, loc="lower left", bbox_to_anchor=(0.0, 1.0), borderaxespad=0.2)
    return figure, table


def draw_fuel_cell(results: xr.DataTree) -> tuple[Figure, xr.Dataset]:
    """Draw the efficiency of the fuel cell against its load, with its heat, over the time at each load."""
    plant = results["plant"].to_dataset()
    capacity, step = float(plant.attrs["fuel_cell_capacity"]), float(plant.attrs["step"])
    runs = plant["power_fuel_cells"].to_numpy() > 0.0
    power = plant["power_fuel_cells"].to_numpy()[runs]
    useful = {"electrical": power}
    if "heat_fuel_cells" in plant:  # of fuel cells by their curves it is not known
        useful["total"] = power + plant["heat_fuel_cells"].to_numpy()[runs]
    fuel = plant["hydrogen_to_fuel_cells"].to_numpy()[runs] * LOWER_HEATING_VALUE
    edges = np.linspace(0.0, 1.0, 21)
    load = np.minimum(power / capacity, 1.0)
    hours = np.histogram(load, edges)[0] * step / HOUR
    middle = 0.5 * (edges[1:] + edges[:-1])
    which = np.clip(np.digitize(load, edges) - 1, 0, middle.size - 1)
    table = xr.Dataset({"hours": ("load", hours, {"units": "h"})}, coords={"load": ("load", middle)})
    for name, values in useful.items():
        mean = np.bincount(which, values, middle.size) / np.maximum(np.bincount(which, fuel, middle.size), 1e-300)
        table[f"{name}_efficiency"] = ("load", np.where(hours > 0.0, mean, np.nan))
    figure = new_figure(ONE_COLUMN, 2.9)
    axes = figure.add_subplot()
    at = axes.twinx()
    axes.bar(middle, hours, width=0.045, color=LIGHT_GREY, edgecolor="#808080", linewidth=0.4)
    axes.set_ylabel("time [h]")
    axes.grid(visible=False)
    axes.set_xlabel("load, net power over capacity")
    axes.set_xlim(0.0, 1.02)
    at.plot(middle, 100.0 * table["electrical_efficiency"], "o-", color=DARK_BLUE, markersize=3.5, label="electrical")
    if "total" in useful and plant["heat_fuel_cells"].any():
        total = 100.0 * table["total_efficiency"]
        at.plot(middle, total, "s--", color=VERMILION, markersize=3.5, label="with usable heat")
    at.set_ylabel("efficiency [% of the lower heating value]")
    at.set_ylim(0.0, 100.0)
    at.spines["right"].set_visible(True)
    at.grid(visible=False)
    at.legend(ncols=2, loc="lower left", bbox_to_anchor=(0.0, 1.0), borderaxespad=0.2)
    return figure, table


def draw_plant_life(results: xr.DataTree) -> tuple[Figure, xr.Dataset]:
    """Draw the degradation of the machines over the plant's life: consumption or efficiency by year, replacements."""
    lifetime = results["lifetime"].to_dataset()
    year = lifetime["year"].to_numpy()
    panels: list[tuple[str, list[tuple[str, NDArray[np.float64], NDArray[np.float64], str, str]]]] = []
    electrolysers = []
    for number, title in enumerate(lifetime["electrolyser"].to_numpy() if "stacks_replaced" in lifetime else ()):
        mass = lifetime["electrolyser_mass"][:, number].to_numpy()
        if mass.any():
            energy = lifetime["electrolyser_energy"][:, number].to_numpy()
            values = np.where(mass > 0.0, energy / np.maximum(mass, 1e-300) / KILOWATT_HOUR, np.nan)
            colour, line = ((DARK_BLUE, "-"), (VERMILION, "--"))[number % 2]
            electrolysers.append((str(title), values, lifetime["stacks_replaced"][:, number].to_numpy(), colour, line))
    if electrolysers:
        panels.append(("electricity\n[kWh/kg]", electrolysers))
    if "fuel_cell_replacements" in lifetime:
        fuel = lifetime["hydrogen_to_fuel_cells"].to_numpy() * LOWER_HEATING_VALUE
        values = np.where(fuel > 0.0, 100.0 * lifetime["energy_fuel_cells"].to_numpy() / np.maximum(fuel, 1.0), np.nan)
        replaced = lifetime["fuel_cell_replacements"].sum("fuel_cell").to_numpy()
        panels.append(("efficiency\n[% LHV]", [("fuel cells", values, replaced, DARK_BLUE, "-")]))
    if "battery_replacements" in lifetime:
        values = 100.0 * (1.0 - lifetime["battery_capacity_lost"].to_numpy())
        replaced = lifetime["battery_replacements"].to_numpy()
        panels.append(("capacity left\n[%]", [("battery", values, replaced, GREY, "-")]))
    figure = new_figure(TWO_COLUMNS, 1.0 + 1.5 * max(len(panels), 1))
    table = xr.Dataset(coords={"year": year})
    shared = figure.subplots(max(len(panels), 1), sharex=True, squeeze=False)[:, 0]
    for axes, (label, curves) in zip(shared, panels, strict=False):
        mark: str | None = "replaced in the year"
        for title, values, replaced, colour, line in curves:
            axes.plot(year, values, line, color=colour, label=title, marker=".", markersize=4)
            at = replaced > 0.0
            if at.any():
                axes.plot(year[at], values[at], "v", color=colour, markersize=6, label=mark)
                mark = None
            table[title] = ("year", values)
            table[f"{title}, replaced"] = ("year", replaced)
        axes.set_ylabel(label)
        axes.legend(ncols=3, loc="lower left", bbox_to_anchor=(0.0, 1.0), borderaxespad=0.2, fontsize=6.5)
    shared[-1].xaxis.set_major_locator(MaxNLocator(integer=True))
    shared[-1].set_xlabel("year of operation")
    shared[-1].set_xlim(year[0] - 0.5, year[-1] + 0.5)
    return figure, table
