"""The machines of a configured plant as their kernel takes them; what a plant does not have is there, and empty."""

import functools
import typing
from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
import xarray as xr
from testsite_kernels.electrolysis.curve import LoadCurves
from testsite_kernels.electrolysis.stack import STATE, ElectrolysisPlant
from testsite_kernels.electrolysis.stacks import TALLY
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.limits import UNLIMITED
from testsite_kernels.plant.delivery import Pipeline
from testsite_kernels.plant.fuel_cell import FuelCellPlant
from testsite_kernels.plant.machines import Equipment, EquipmentState, Plant, PlantState
from testsite_kernels.plant.refuelling import FLOWS as STATION_FLOWS
from testsite_kernels.plant.refuelling import Arrivals, Station
from testsite_kernels.plant.refuelling import State as StationState
from testsite_kernels.storage.battery import OPEN_POINTS, STATE_SIZE
from testsite_kernels.storage.battery import Battery as KernelBattery

from testsite_sim.configuration.grid import Grid
from testsite_sim.configuration.hydrogen import Electrolyser, FuelCell
from testsite_sim.configuration.plant import PlantConfiguration
from testsite_sim.plant.battery import kernel_battery
from testsite_sim.plant.compression import no_work
from testsite_sim.plant.delivery import initial_content as initial_linepack
from testsite_sim.plant.delivery import kernel_pipeline
from testsite_sim.plant.electrolysis import dispatch_curve
from testsite_sim.plant.electrolysis_plant import StackPlant
from testsite_sim.plant.fuel_cell import kernel_plant
from testsite_sim.plant.kept import Margins
from testsite_sim.plant.load_table import TABLE_POINTS, LoadTable
from testsite_sim.plant.station import kernel_arrivals, kernel_station, new_state
from testsite_sim.plant.stores import initial_content, is_one_tank, kernel_stores, mass_store

Parts = TypeVar("Parts", bound=tuple[Any, ...])
# Dimensions of the arrays of kernel parts where they are not one; empty parts must have the types of real ones.
_DIMENSIONS = {("ElectrolysisPlant", "current"): 2, ("Isotherms", "nodes"): 3}
_WHOLE = ("fill_order", "draw_order", "fleet", "integers")
_TRUE_OR_FALSE = ("held_up",)
# Electrolysers and fuel cells for which a plant has places, whatever it has; one of more compiles a kernel of its own.
PLACES, PLAIN_PLACES = (3, 2), (2, 1)


_hints = functools.cache(typing.get_type_hints)  # reading them anew takes milliseconds


def nothing(kind: type[Parts]) -> Parts:
    """Return a kernel part, a named tuple, of zeros and empty arrays: what a plant without this part hands over."""
    values: dict[str, Any] = {}
    for name, hint in _hints(kind).items():
        if hint in (float, int, bool):
            values[name] = hint(0)
        elif isinstance(hint, type) and issubclass(hint, tuple):
            values[name] = no_work() if hint.__name__ == "WorkTable" else nothing(hint)
        else:
            dtype = np.int64 if name in _WHOLE else np.bool_ if name in _TRUE_OR_FALSE else np.float64
            values[name] = np.zeros((0,) * _DIMENSIONS.get((kind.__name__, name), 1), dtype)
    return kind(**values)


def load_curves(machines: Sequence[Electrolyser], places: int, step: float) -> LoadCurves:
    """Return the electrolysers that are known by their load curves for the kernel, for intervals of a length [s].

    A place of a machine of stacks, or of none, stays empty.
    """
    found = LoadCurves(
        rated=np.zeros(places),
        least=np.zeros(places),
        start_power=np.zeros(places),
        standby_power=np.zeros(places),
        per_watt=np.zeros(places),
        hydrogen=np.zeros((places, TABLE_POINTS)),
    )
    for p, machine in enumerate(machines):
        capacity = float(machine.capacity)
        if machine.stacks is not None or capacity <= 0.0:
            continue
        curve = dispatch_curve(machine)
        table = LoadTable(curve.load, curve.production)
        found.rated[p] = capacity
        found.least[p] = float(curve.minimum_load) * capacity
        found.start_power[p] = float(curve.start_energy) * (1.0 / step)
        found.standby_power[p] = float(curve.standby_power)
        found.per_watt[p] = (TABLE_POINTS - 1) / capacity
        found.hydrogen[p] = capacity * table.flow(table.value, np.linspace(0.0, 1.0, TABLE_POINTS))
    return found


def stack_electrolyser(machine: Electrolyser, step: float) -> ElectrolysisPlant:
    """Return an electrolyser of stacks for the kernel; nothing where it is known by its curve, or has no capacity."""
    if machine.stacks is None or machine.capacity <= 0.0:
        return nothing(ElectrolysisPlant)
    return StackPlant(machine.stacks).kernel_plant(step)


def resized(machine: Electrolyser | FuelCell, share: float) -> Electrolyser | FuelCell:
    """Return a machine of which a share is left; of none, one without capacity, which does nothing."""
    changed: dict[str, object] = {"capacity": float(machine.capacity) * share}
    if isinstance(machine, Electrolyser) and machine.stacks is not None:
        changed["stacks"] = machine.stacks.resized(float(machine.capacity) * share)
    return machine.model_copy(update=changed)


def machines_of(plant: PlantConfiguration, grid: Grid, step: float, margins: Margins | None = None) -> Plant:
    """Return the machines of a plant as their kernel takes them.

    Parameters
    ----------
    plant : PlantConfiguration
        What is built.
    grid : Grid
        The limits of the connection; no import where it states none.
    step : float
        Length of an interval [s].
    margins : Margins, optional
        What reserves keep out of dispatch.

    Raises
    ------
    ConfigurationError
        When a machine cannot be.
    """
    kept = Margins() if margins is None else margins
    electrolysers: list[Any] = [resized(each, 1.0 - kept.electrolysers) for each in plant.electrolysers]
    fuel_cells: list[Any] = [resized(each, 1.0 - kept.fuel_cells) for each in plant.fuel_cells]
    generated = [kernel_plant(each) if each.capacity > 0.0 else nothing(FuelCellPlant) for each in fuel_cells]
    for_electrolysers, for_fuel_cells = PLAIN_PLACES if is_plain(plant) else PLACES
    generated += [nothing(FuelCellPlant)] * (for_fuel_cells - len(generated))
    return Plant(
        curves=load_curves(electrolysers, max(len(electrolysers), for_electrolysers), step),
        fuel_cells=tuple(generated),
        tank=mass_store(plant, kept),
        whole_tank=mass_store(plant, Margins()),
        export_limit=UNLIMITED if grid.export_limit is None else float(grid.export_limit),
        import_limit=0.0 if grid.import_limit is None else float(grid.import_limit),
        equipment=None if is_plain(plant) else equipment_of(plant, electrolysers, step, kept),
    )


def is_plain(plant: PlantConfiguration) -> bool:
    """Return whether a plant is one store by mass with machines by their curves, or fuel cells, and nothing else."""
    others = (plant.pipeline, plant.refuelling, plant.battery, *(machine.stacks for machine in plant.electrolysers))
    return is_one_tank(plant) and all(each is None for each in others)


def equipment_of(
    plant: PlantConfiguration, electrolysers: Sequence[Electrolyser], step: float, margins: Margins
) -> Equipment:
    """Return what a plant has besides machines by their curves, fuel cells and one store by mass, for the kernel.

    Parameters
    ----------
    plant : PlantConfiguration
        What is built.
    electrolysers : sequence of Electrolyser
        Its electrolysers, less what reserves keep.
    step : float
        Length of an interval [s].
    margins : Margins
        What reserves keep out of dispatch.
    """
    stacks = [stack_electrolyser(each, step) for each in electrolysers]
    stacks += [nothing(ElectrolysisPlant)] * (PLACES[0] - len(stacks))
    return Equipment(
        electrolysers=tuple(stacks),
        has_tank=is_one_tank(plant),
        stores=kernel_stores(plant, margins),
        whole_stores=kernel_stores(plant, Margins()),
        has_margins=margins != Margins(),
        has_pipeline=plant.pipeline is not None,
        pipeline=nothing(Pipeline) if plant.pipeline is None else kernel_pipeline(plant.pipeline),
        has_station=plant.refuelling is not None,
        station=nothing(Station) if plant.refuelling is None else kernel_station(plant.refuelling.station),
        has_battery=plant.battery is not None,
        battery=nothing(KernelBattery) if plant.battery is None else kernel_battery(plant.battery),
    )


def new_plant(plant: PlantConfiguration, places: Plant, arrivals: Arrivals) -> PlantState:
    """Return the state of a plant initially: new machines that are off, initial contents; and its vehicles."""
    mass = initial_content(plant)
    return PlantState(
        curves=np.zeros((places.curves.rated.size, 1, len(STATE))),
        mass=mass,
        fuel_cells=np.zeros((len(places.fuel_cells), 2)),
        equipment=None if places.equipment is None else new_equipment(plant, places.equipment, arrivals),
    )


def new_equipment(plant: PlantConfiguration, places: Equipment, arrivals: Arrivals) -> EquipmentState:
    """Return the state of equipment initially; see `new_plant`."""
    stacks = [
        np.zeros((0, len(STATE))) if machine.stacks is None else StackPlant(machine.stacks).new_stacks()
        for machine in plant.electrolysers
    ]
    stacks += [np.zeros((0, len(STATE)))] * (len(places.electrolysers) - len(stacks))
    linepack = 0.0 if plant.pipeline is None else initial_linepack(places.pipeline, plant.pipeline)
    station = nothing(StationState)._replace(buffer=np.zeros(1))
    if plant.refuelling is not None:
        station = new_state(plant.refuelling.station)
    battery = np.zeros(STATE_SIZE)
    if plant.battery is not None:
        battery[0] = float(plant.battery.initial_level * plant.battery.capacity)
    return EquipmentState(
        stacks=tuple(stacks),
        orders=tuple(np.arange(each.shape[0]) for each in stacks),
        clocks=tuple(np.zeros(1) for _ in stacks),
        pressure=np.zeros(places.stores.of_store.size),
        mass_before=np.zeros(places.stores.of_store.size),
        aims=np.empty(0),
        through=np.zeros(places.stores.compressor_capacity.size),
        pipeline=np.array([linepack]),
        station=station,
        station_flows=np.zeros(len(STATION_FLOWS)),
        arrivals=arrivals,
        battery=battery,
        battery_points=np.zeros(OPEN_POINTS),
        battery_closed=np.zeros((OPEN_POINTS, 3)),
        battery_replacements=np.zeros(1),
    )


def with_aims(state: PlantState, aims: Floats) -> PlantState:
    """Return a state with room for what each store shall hold, where `aims` (time, store) say it."""
    if state.equipment is None or aims.shape[0] == 0:
        return state
    return state._replace(equipment=state.equipment._replace(aims=np.zeros(aims.shape[1])))


def arrivals_of(vehicles: xr.Dataset | None, start: np.datetime64) -> Arrivals:
    """Return the vehicles that come to a plant; see `kernel_arrivals`."""
    return nothing(Arrivals) if vehicles is None else kernel_arrivals(vehicles, start)


def first_vehicles(arrivals: Arrivals, count: int) -> Arrivals:
    """Return the first `count` vehicles."""
    names = ("time", "deadline", "mass", "fleet", "served", "begin", "end")
    return arrivals._replace(**{name: getattr(arrivals, name)[:count] for name in names})


def empty_tallies(stacks: Sequence[Floats], years: int) -> tuple[Floats, ...]:
    """Return room for what every stack does in every year."""
    return tuple(np.zeros((years, each.shape[0], len(TALLY))) for each in stacks)
