"""Energy by month, and the load-duration curve."""

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from testsite_sim.common.units import GIGAWATT_HOUR
from testsite_sim.report.magnitude import physical_scale
from testsite_sim.report.periods import label_months
from testsite_sim.report.rates import rate
from testsite_sim.report.style import DARK_BLUE, ONE_COLUMN, TWO_COLUMNS, USES_OF_POWER, VERMILION, new_figure


def draw_monthly_energy(results: xr.DataTree) -> tuple[Figure, xr.Dataset]:
    """Draw the uses of the wind energy of each month, stacked."""
    plant = results["plant"].to_dataset()
    step = float(plant.attrs["step"])
    names = [name for name, *_ in USES_OF_POWER] + ["power_fuel_cells", "power_wind"]
    month = plant["time"].to_numpy().astype("datetime64[M]")
    months, index = np.unique(month, return_inverse=True)
    table = xr.Dataset(coords={"month": months.astype(str)})
    for name in names:
        energy = np.bincount(index, weights=rate(plant, name), minlength=months.size) * step / GIGAWATT_HOUR
        table[name.replace("power", "energy")] = ("month", energy, {"units": "GWh"})
    figure = new_figure(TWO_COLUMNS, 2.8)
    axes = figure.add_subplot()
    place, bottom = np.arange(months.size), np.zeros(months.size)
    factor, unit = physical_scale("GWh", float(table["energy_wind"].max()))
    for name, label, colour, hatch in USES_OF_POWER:
        values = factor * table[name.replace("power", "energy")].to_numpy()
        if values.any():
            axes.bar(
                place, values, bottom=bottom, color=colour, hatch=hatch, edgecolor="#303030", linewidth=0.4, label=label
            )
        bottom += values
    axes.plot(place, factor * table["energy_wind"], "k_", markersize=16, label="wind")
    label_months(axes, place, months)
    axes.set_ylabel(f"energy [{unit}]")
    axes.grid(axis="x", visible=False)
    axes.legend(ncols=4, loc="lower left", bbox_to_anchor=(0.0, 1.0), borderaxespad=0.2)
    return figure, table


def draw_load_duration(results: xr.DataTree) -> tuple[Figure, xr.Dataset]:
    """Draw wind power and exported power, each sorted from its highest to its lowest, over the share of time."""
    plant = results["plant"].to_dataset()
    share = np.linspace(0.0, 100.0, 501)
    figure = new_figure(ONE_COLUMN, 2.7)
    axes = figure.add_subplot()
    table = xr.Dataset(coords={"share_of_time": ("share_of_time", share, {"units": "%"})})
    for name, label, colour, line in (
        ("power_wind", "wind", VERMILION, "--"),
        ("power_exported", "exported", DARK_BLUE, "-"),
    ):
        curve = np.quantile(rate(plant, name) / 1e6, 1.0 - share / 100.0)
        table[name] = ("share_of_time", curve, {"units": "MW"})
        axes.plot(share, curve, line, color=colour, label=label)
    axes.set_xlim(0.0, 100.0)
    axes.set_ylim(0.0, None)
    axes.set_xlabel("share of time at or above [%]")
    axes.set_ylabel("power [MW]")
    axes.legend()
    return figure, table
