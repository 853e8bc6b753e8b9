"""How stacks work and wear: their curve, the time that they spend along it, and what they lose year by year."""

from typing import Any

import numpy as np
import xarray as xr
from testsite_kernels.electrolysis.stacks import TALLY
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.constants import HYDROGEN_PER_CHARGE, LOWER_HEATING_VALUE
from testsite_kernels.plant.machines import EVENTS_OF_FUEL_CELLS

from testsite_sim.configuration.electrolysis import ElectrolysisStacks
from testsite_sim.configuration.hydrogen import FuelCell
from testsite_sim.plant.cell import outside_measured, polarisation
from testsite_sim.plant.electrolysis_plant import StackPlant
from testsite_sim.plant.fuel_cell import cell_polarisation, kernel_plant, stacks_in

BINS = 50  # of current density, from zero to the largest
CURRENT, TEMPERATURE = 0, 1  # last index of the series of stacks


def electrolyser_stacks(stacks: ElectrolysisStacks, series: Floats, step: float, tally: Floats | None) -> xr.Dataset:
    """Return how the stacks of an electrolyser work over the record, and how they wear over the years.

    Parameters
    ----------
    stacks : ElectrolysisStacks
        As configured.
    series : ndarray, shape (time, stack, 2)
        Current density while producing [A/m²] and temperature [K].
    step : float
        [s].
    tally : ndarray, shape (year, stack, TALLY), or None
        What each stack did in each year; None: the period stands for none.

    Returns
    -------
    xarray.Dataset, dims (current_density, year, stack)
        voltage, voltage_worn [V], efficiency, efficiency_worn (DC, lower heating value), time_at_current [s] (of a
        stack, mean), stack_voltage [V], stack_current [A]; voltage_change [V], replacements, running_time [s].
        Attributes `machine`, `title`, `end_of_life` [V], `running_time` [s] in the period and, of a cell that says
        where it was measured, `outside_measured`, the share of that time at which it was not.
    """
    plant = StackPlant(stacks)
    cell, current = plant.cell, series[:, :, CURRENT]
    largest = cell.rated_current_density * max(float(stacks.maximum_load), 1.0) * 1.05
    edges = np.linspace(0.0, largest, BINS + 1)
    middle = 0.5 * (edges[:-1] + edges[1:])
    new = polarisation(cell, middle)
    voltage = new["voltage"].to_numpy()
    efficiency = LOWER_HEATING_VALUE / new["specific_consumption"].to_numpy()
    end = np.inf if stacks.ageing is None else float(plant.end_of_life)
    worn = voltage + (end if np.isfinite(end) else 0.0)
    running = current > 0.0
    facts: dict[str, Any] = {"machine": "electrolyser", "title": stacks.title, "end_of_life": end}
    facts["running_time"] = float(running.sum()) * step
    if stacks.cell.measured is not None and running.any():
        outside = outside_measured(stacks.cell.measured, current, series[:, :, TEMPERATURE])
        facts["outside_measured"] = float(outside[running].mean())
    time = np.histogram(current[running], edges)[0] * step / current.shape[1]
    found = _curve(middle, voltage, worn, efficiency, efficiency * voltage / worn, time)
    found = found.assign(_in_series(middle, voltage, stacks.cells_per_stack, plant.cell_area))
    if tally is not None:
        columns = {name: tally[:, :, TALLY.index(name)] for name in ("rise", "replacements", "running")}
        found = found.merge(_years(columns["rise"], columns["replacements"], columns["running"]))
    return found.assign_attrs(facts)


def fuel_cell_stacks(
    cell: FuelCell, hydrogen: Floats, step: float, lost: Floats | None, events: Floats | None
) -> xr.Dataset:
    """Return how the stacks of a fuel cell work over the record, and how they wear over the years; all are alike.

    Parameters
    ----------
    cell : FuelCell
        With stacks.
    hydrogen : ndarray, shape (time,)
        That it takes [kg/s].
    step : float
        [s].
    lost : ndarray, shape (year,), or None
        Voltage that a cell has lost at the end of each year [V].
    events : ndarray, shape (year, EVENTS_OF_FUEL_CELLS), or None
        What happened in each year.

    Returns
    -------
    xarray.Dataset, dims (current_density, year, stack)
        As `electrolyser_stacks` gives it, with one stack for all.
    """
    assert cell.stacks is not None
    stack, kernel = cell.stacks.stack, kernel_plant(cell)
    edges = np.linspace(0.0, float(stack.largest_current_density), BINS + 1)
    middle = 0.5 * (edges[:-1] + edges[1:])
    voltage = cell_polarisation(stack, middle)
    # By Faraday's law from what is fed, less what is purged, over all cells.
    utilisation = float(cell.stacks.hydrogen_utilisation)
    area = stacks_in(cell) * stack.cells * float(stack.active_area)
    current = hydrogen * utilisation / HYDROGEN_PER_CHARGE / area
    efficiency = utilisation * voltage / (LOWER_HEATING_VALUE * HYDROGEN_PER_CHARGE)
    end = float(kernel.end_of_life)
    worn = np.maximum(voltage - end, 0.0)
    running = current > 0.0
    time = np.histogram(current[running], edges)[0] * step
    found = _curve(middle, voltage, worn, efficiency, efficiency * worn / voltage, time)
    found = found.assign(_in_series(middle, voltage, stack.cells, float(stack.active_area)))
    if lost is not None and events is not None:
        column = {name: events[:, k, None] for k, name in enumerate(EVENTS_OF_FUEL_CELLS)}
        found = found.merge(_years(lost[:, None], column["replacements"], column["running_time"]))
    facts: dict[str, Any] = {"machine": "fuel cell", "title": cell.title, "end_of_life": end}
    return found.assign_attrs(facts, running_time=float(running.sum()) * step)


def _curve(
    current: Floats, voltage: Floats, worn: Floats, efficiency: Floats, efficiency_worn: Floats, time: Floats
) -> xr.Dataset:
    """Return a curve over current density, new and worn, and the time along it."""
    text = "efficiency (DC, lower heating value)"
    columns = {
        "voltage": (voltage, "V", "voltage of a new cell"),
        "voltage_worn": (worn, "V", "voltage of a cell at the end of its life"),
        "efficiency": (efficiency, "1", f"{text}, new"),
        "efficiency_worn": (efficiency_worn, "1", f"{text}, at the end of life"),
        "time_at_current": (time, "s", "time of a stack at it in the period, mean of all stacks"),
    }
    axis = ("current_density", current, {"units": "A m-2", "long_name": "current density of a cell"})
    return xr.Dataset(
        {
            name: ("current_density", values, {"units": units, "long_name": words})
            for name, (values, units, words) in columns.items()
        },
        coords={"current_density": axis},
    )


def _in_series(current: Floats, voltage: Floats, cells: int, area: float) -> dict[str, Any]:
    """Return what a rectifier or an inverter sees of a stack: its cells in series add up, each carries the current."""
    columns = {
        "stack_voltage": (voltage * cells, "V", "voltage of a new stack, its cells in series"),
        "stack_current": (current * area, "A", "current through a stack"),
    }
    return {
        name: ("current_density", values, {"units": units, "long_name": words})
        for name, (values, units, words) in columns.items()
    }


def _years(change: Floats, replaced: Floats, running: Floats) -> xr.Dataset:
    """Return the wear of stacks over the years, each of shape (year, stack)."""
    text = "change of the voltage of a cell by ageing at the end of the year: up of electrolysis, down of fuel cells"
    columns = {
        "voltage_change": (change, "V", text),
        "replacements": (replaced, "1", "replacements of the stack in the year"),
        "running_time": (running, "s", "time that the stack runs in the year"),
    }
    coordinates = {
        "year": ("year", np.arange(1, change.shape[0] + 1), {"long_name": "year of operation"}),
        "stack": ("stack", np.arange(1, change.shape[1] + 1), {"long_name": "stack"}),
    }
    return xr.Dataset(
        {
            name: (("year", "stack"), np.ascontiguousarray(values, np.float64), {"units": units, "long_name": words})
            for name, (values, units, words) in columns.items()
        },
        coords=coordinates,
    )
