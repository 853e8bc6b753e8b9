"""The reduced plant that optimisers plan on, derived from the full one, and whether it leaves anything out."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.constants import LOWER_HEATING_VALUE
from testsite_kernels.numerics.limits import UNLIMITED

from testsite_sim.configuration.grid import Grid
from testsite_sim.configuration.hydrogen import Electrolyser, FuelCell
from testsite_sim.configuration.plant import PlantConfiguration
from testsite_sim.dispatch.plant import ReducedPlant
from testsite_sim.plant.delivery import initial_content as initial_linepack
from testsite_sim.plant.delivery import kernel_pipeline
from testsite_sim.plant.electrolysis import dispatch_curve
from testsite_sim.plant.fuel_cell import efficiency_curve
from testsite_sim.plant.kept import Margins
from testsite_sim.plant.load_table import LoadTable
from testsite_sim.plant.machines import resized
from testsite_sim.plant.stores import initial_content, is_one_tank, kernel_stores, mass_store


def is_exact(plant: PlantConfiguration) -> bool:
    """Return whether the reduced plant is the plant itself: one machine of each kind by its curve, one store by mass.

    Wind, panels, by-product and demand are series of both.
    """
    return is_exact_but_for_stores(plant) and len(plant.stores) <= 1


def is_exact_but_for_stores(plant: PlantConfiguration) -> bool:
    """Return whether the reduced plant is the plant itself, but that it may have several stores, all by mass."""
    stacks = [machine.stacks for machine in plant.electrolysers] + [cell.stacks for cell in plant.fuel_cells]
    others = (plant.battery, plant.refuelling, plant.pipeline)
    return (
        len(plant.electrolysers) <= 1
        and len(plant.fuel_cells) <= 1
        and all(each is None for each in stacks)
        and not plant.of_banks
        and not any(part is not None for part in others)
    )


def left_out(plant: PlantConfiguration) -> list[str]:
    """Return by name what of a plant a plan on its reduced plant does not see, or takes as it came."""
    stacks = [machine.stacks for machine in plant.electrolysers] + [cell.stacks for cell in plant.fuel_cells]
    found = []
    if any(each is not None for each in stacks):
        found.append("wear, temperature, start times and ramps of stacks")
    if len(plant.electrolysers) > 1 or len(plant.fuel_cells) > 1:
        found.append("starts and least loads of all but the first machine of a kind")
    if len(plant.stores) > 1:
        of_sums = plant.pipeline is not None
        found.append(
            "the limits of each store, of which it sees the sums"
            if of_sums
            else "what each store will hold, which it takes from the plan before it"
        )
    if plant.of_banks:
        found.append("pressures of the banks")
    if plant.compresses:
        found.append("the compressor, whose power is taken as it came")
    if plant.pipeline is not None:
        found.append("pressures of the pipeline, and the compressor at its inlet, whose power is taken as it came")
    if plant.battery is not None:
        found.append("the battery, which follows its rule and whose power is taken as it came")
    if plant.refuelling is not None:
        found.append("buffer and queue of the refuelling station, whose hydrogen and power are taken as they came")
    if plant.side_streams is not None:
        found.append("revenue and cost of side streams")
    return found


def reduced_plant(plant: PlantConfiguration, grid: Grid, margins: Margins) -> ReducedPlant:
    """Return one electrolyser, one store by mass and one fuel cell that stand for a plant, behind its connection.

    Machines of a kind are called one after the other, so their curves follow each other; stacks are new and warm. A
    store of banks gives and takes what its compressor, its banks and their limits let through. What a pipeline holds
    counts as content of the store.

    Parameters
    ----------
    plant : PlantConfiguration
        The full plant.
    grid : Grid
        The connection.
    margins : Margins
        What reserves keep out of dispatch.
    """
    values: dict[str, Any] = {}
    if grid.export_limit is not None:
        values["export_limit"] = float(grid.export_limit)
    if grid.import_limit is not None:
        values["import_limit"] = float(grid.import_limit)
    electrolysers = _left_of(plant.electrolysers, margins.electrolysers)
    fuel_cells = _left_of(plant.fuel_cells, margins.fuel_cells)
    return ReducedPlant(**values, **_electrolysers(electrolysers), **_fuel_cells(fuel_cells), **_store(plant, margins))


def _left_of(machines: Sequence[Electrolyser | FuelCell], kept: float) -> list[Electrolyser | FuelCell]:
    """Return the machines of which anything is left for dispatch, where a share of each is kept."""
    left = [resized(each, 1.0 - kept) for each in machines]
    return [each for each in left if each.capacity > 0.0]


def _electrolysers(machines: list[Electrolyser | FuelCell]) -> dict[str, Any]:
    """Return the electrolysers as one."""
    if not machines:
        return {}
    curves = [dispatch_curve(machine) for machine in machines if isinstance(machine, Electrolyser)]
    sizes = np.array([float(machine.capacity) for machine in machines])
    load, production = curves[0].load, curves[0].production
    if len(curves) > 1:
        load, flow = _one_after_the_other(sizes, [c.load for c in curves], [c.load * c.production for c in curves])
        production = np.divide(flow, load, out=np.full(load.size, curves[0].production[0]), where=load > 0.0)
    return {
        "electrolyser_capacity": float(sizes.sum()),
        "electrolyser_production": LoadTable(load, production),
        "electrolyser_minimum_load": float(curves[0].minimum_load) * float(sizes[0] / max(sizes.sum(), 1e-300)),
        "electrolyser_start_energy": float(curves[0].start_energy),
        "electrolyser_standby_power": float(curves[0].standby_power),
    }


def _fuel_cells(machines: list[Electrolyser | FuelCell]) -> dict[str, Any]:
    """Return the fuel cells as one."""
    cells = [machine for machine in machines if isinstance(machine, FuelCell)]
    if not cells:
        return {}
    sizes = np.array([float(cell.capacity) for cell in cells])
    curves = [efficiency_curve(cell) for cell in cells]
    load, efficiency = curves[0]
    if len(cells) > 1:
        load, flow = _one_after_the_other(sizes, [c[0] for c in curves], [c[0] / c[1] for c in curves])
        efficiency = np.divide(load, flow, out=np.full(load.size, efficiency[0]), where=flow > 0.0)
    return {
        "fuel_cell_capacity": float(sizes.sum()),
        "fuel_cell_yield": LoadTable(load, efficiency * LOWER_HEATING_VALUE),
        "fuel_cell_minimum_load": float(cells[0].minimum_load) * float(sizes[0] / max(sizes.sum(), 1e-300)),
    }


def _one_after_the_other(sizes: Floats, loads: list[Floats], flows: list[Floats]) -> tuple[Floats, Floats]:
    """Return load and flow per capacity of machines that are called one after the other.

    `loads` and `flows` (per capacity of the machine) rise; below its first load a machine adds nothing.
    """
    load, flow = [np.asarray(loads[0]) * sizes[0]], [np.asarray(flows[0]) * sizes[0]]
    for k in range(1, sizes.size):
        rising = np.asarray(loads[k]) > 0.0
        load.append(load[-1][-1] + np.asarray(loads[k])[rising] * sizes[k])
        flow.append(flow[-1][-1] + np.asarray(flows[k])[rising] * sizes[k])
    total = np.concatenate(load) / sizes.sum()
    total[-1] = 1.0
    return total, np.concatenate(flow) / sizes.sum()


def _store(plant: PlantConfiguration, margins: Margins) -> dict[str, Any]:
    """Return store and pipeline as one mass with limits of flow."""
    store = _own_store(plant, margins)
    if plant.pipeline is None:
        return store
    pipe = kernel_pipeline(plant.pipeline)
    contents = (pipe.capacity, pipe.minimum, initial_linepack(pipe, plant.pipeline))
    names = ("tank_capacity", "tank_minimum", "tank_initial")
    summed = {name: store.get(name, 0.0) + value for name, value in zip(names, contents, strict=True)}
    through = min(store.get("charge_limit", 0.0) + pipe.compressor_capacity, UNLIMITED)
    return summed | {"charge_limit": through, "discharge_limit": UNLIMITED}


def _own_store(plant: PlantConfiguration, margins: Margins) -> dict[str, Any]:
    """Return the stores as one mass with limits of flow."""
    if not plant.stores:
        return {}
    if is_one_tank(plant):
        tank = mass_store(plant, margins)
        limits: Any = tank
        charge = tank.fill_limit
    else:
        stores = kernel_stores(plant, margins)
        limits = stores.banks
        filled = np.bincount(stores.of_store, limits.fill_limit, len(plant.stores))
        charge = float(np.minimum(filled, stores.compressor_capacity).sum())
    return {
        "tank_capacity": float(np.sum(limits.capacity)),
        "tank_minimum": float(np.sum(limits.minimum)),
        "tank_initial": float(initial_content(plant).sum()),
        "charge_limit": min(charge, UNLIMITED),
        "discharge_limit": float(np.sum(limits.draw_limit)),
    }
