"""What the parts of a project cost: capital, operation, and the replacement of what wears."""

import numpy as np
import xarray as xr
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.configuration.economics import Economics
from testsite_sim.configuration.hydrogen import PlantCost, Tank
from testsite_sim.configuration.plant import PlantConfiguration
from testsite_sim.economics.finance import replacements
from testsite_sim.plant.delivery import pipeline_cost
from testsite_sim.plant.station import station_cost
from testsite_sim.plant.storage import storage_cost

COMPONENTS = ("wind", "photovoltaics", "electrolysers", "store", "pipeline", "station", "fuel_cells", "battery")


def components_of(plant: PlantConfiguration, wind_power: float) -> list[str]:
    """Return the components that are built, in the order of `COMPONENTS`."""
    exists = {
        "wind": wind_power > 0.0,
        "photovoltaics": plant.photovoltaics is not None,
        "electrolysers": bool(plant.electrolysers),
        "store": bool(plant.stores),
        "pipeline": plant.pipeline is not None,
        "station": plant.refuelling is not None,
        "fuel_cells": bool(plant.fuel_cells),
        "battery": plant.battery is not None,
    }
    return [name for name in COMPONENTS if exists[name]]


def component_costs(
    lifetime: xr.Dataset,
    plant: PlantConfiguration,
    rows: list[str],
    wind_power: float,
    economics: Economics,
    maintenance: float | None,
) -> tuple[Floats, Floats, Floats]:
    """Return capital, operating and replacement costs [EUR], each of shape (component, year).

    Parameters
    ----------
    lifetime : xarray.Dataset, dims (year, electrolyser, fuel_cell)
        What runs and is replaced in each year.
    plant : PlantConfiguration
        What is built.
    rows : list of str
        The components, as `components_of` gives them.
    wind_power : float
        [W].
    economics : Economics
        Cost of wind.
    maintenance : float or None
        Yearly cost of simulated maintenance [EUR]; None: not simulated.
    """
    capital, operating, replacement = (np.zeros((len(rows), lifetime.sizes["year"] + 1)) for _ in range(3))

    def build(component: str, invested: float, running: float) -> None:
        capital[rows.index(component), 0] += invested
        operating[rows.index(component), 1:] += running

    def renew(component: str, amounts: Floats) -> None:
        replacement[rows.index(component), 1:-1] += amounts[:-1]  # never in the last year

    if wind_power > 0.0 and economics.wind is not None:
        build("wind", float(economics.wind.capital) * wind_power, economics.wind.yearly(wind_power, maintenance))
    if plant.photovoltaics is not None:
        invested = float(plant.photovoltaics.cost.capital * plant.photovoltaics.capacity)
        build("photovoltaics", invested, invested * float(plant.photovoltaics.cost.operating))
    for number, machine in enumerate(plant.electrolysers):
        invested = float(machine.cost.capital * machine.capacity)
        build("electrolysers", invested, invested * float(machine.cost.operating))
        if machine.stacks is not None and machine.stacks.ageing is not None:
            shares = lifetime["stacks_replaced"].to_numpy()[:, number] / float(machine.stacks.stacks)
        else:
            shares = _by_life(lifetime["stack_running_time"].to_numpy()[:, number], machine.cost)
        renew("electrolysers", shares * invested * float(machine.cost.replacement))
    for invested, running in _store_costs(plant):
        build("store", invested, running)
    if plant.pipeline is not None:
        for invested, running in pipeline_cost(plant.pipeline):
            build("pipeline", invested, running)
    if plant.refuelling is not None:
        for invested, running in station_cost(plant.refuelling.station).values():
            build("station", invested, running)
    for number, cell in enumerate(plant.fuel_cells):
        invested = float(cell.cost.capital * cell.capacity)
        build("fuel_cells", invested, invested * float(cell.cost.operating))
        if cell.stacks is None:
            times = _by_life(lifetime["fuel_cell_running_time"].to_numpy()[:, number], cell.cost)
        else:
            times = lifetime["fuel_cell_replacements"].to_numpy()[:, number]
        renew("fuel_cells", times * invested * float(cell.cost.replacement))
    if plant.battery is not None:
        cells = float(plant.battery.cost.storage * plant.battery.capacity)
        invested = cells + float(plant.battery.cost.converter * plant.battery.power)
        build("battery", invested, invested * float(plant.battery.cost.operating))
        renew("battery", lifetime["battery_replacements"].to_numpy() * cells * float(plant.battery.cost.replacement))
    return capital, operating, replacement


def _store_costs(plant: PlantConfiguration) -> list[tuple[float, float]]:
    """Return capital [EUR] and yearly operating cost [EUR/year] of each store, of one of banks by its parts."""
    found: list[tuple[float, float]] = []
    for store in plant.stores:
        if isinstance(store, Tank):
            invested = float(store.cost.capital * store.capacity)
            found.append((invested, float(store.cost.operating) * invested))
        else:
            found += storage_cost(store).values()
    return found


def _by_life(running: Floats, cost: PlantCost) -> Floats:
    """Return how often stacks of a stated operating life are replaced in each year, from the time that they run."""
    mean = float(running.mean())
    return np.array(replacements(mean, float(cost.operating_life), running.size)[1:], np.float64)
