"""The parts of a hydrogen site as its kernel takes them; what a site does not have is there, and empty."""

import typing
from typing import Any, TypeVar

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from testsite_kernels.electrolysis.stack import STATE, ElectrolysisPlant
from testsite_kernels.electrolysis.stacks import TALLY
from testsite_kernels.numerics.limits import UNLIMITED
from testsite_kernels.plant.fuel_cell import FuelCellPlant
from testsite_kernels.plant.refuelling import Arrivals, Station
from testsite_kernels.plant.refuelling import State as StationState
from testsite_kernels.plant.site import PLANTS, Site, SiteState
from testsite_kernels.storage.banks import Banks
from testsite_kernels.storage.battery import OPEN_POINTS, STATE_SIZE
from testsite_kernels.storage.battery import Battery as KernelBattery

from testsite_sim.configuration.balancing import Grid
from testsite_sim.configuration.hydrogen_site import HydrogenSite
from testsite_sim.plant.banks import initial_mass, kernel_banks
from testsite_sim.plant.battery import kernel_battery
from testsite_sim.plant.compression import electricity_table, no_work
from testsite_sim.plant.electrolysis_plant import StackPlant
from testsite_sim.plant.fuel_cell import kernel_plant
from testsite_sim.plant.station import kernel_arrivals, kernel_station, new_state

Parts = TypeVar("Parts", bound=tuple[Any, ...])
# Dimensions of the arrays of kernel parts where they are not one; empty parts must have the types of real ones.
_DIMENSIONS = {("ElectrolysisPlant", "current"): 2, ("Isotherms", "nodes"): 3}
_WHOLE = ("fill_order", "draw_order", "fleet", "integers")
_TRUE_OR_FALSE = ("held_up",)


def nothing(kind: type[Parts]) -> Parts:
    """Return a kernel part, a named tuple, of zeros and empty arrays: what a site without this part hands over."""
    values: dict[str, Any] = {}
    for name, hint in typing.get_type_hints(kind).items():
        if hint in (float, int, bool):
            values[name] = hint(0)
        elif isinstance(hint, type) and issubclass(hint, tuple):
            values[name] = no_work() if hint.__name__ == "WorkTable" else nothing(hint)
        else:
            dtype = np.int64 if name in _WHOLE else np.bool_ if name in _TRUE_OR_FALSE else np.float64
            values[name] = np.zeros((0,) * _DIMENSIONS.get((kind.__name__, name), 1), dtype)
    return kind(**values)


def kernel_site(site: HydrogenSite, grid: Grid, step: float) -> Site:
    """Return a configured site as its kernel takes it, for intervals of a length [s]."""
    plants = [StackPlant(machine.stacks).kernel_plant(step) for machine in site.electrolysers if machine.stacks]
    plants += [plants[0] if plants else nothing(ElectrolysisPlant)] * (PLANTS - len(plants))
    store, compressor = site.store, None if site.store is None else site.store.compressor
    reached = 0.0
    if store is not None:
        reached = float(store.supply_pressure if compressor is None else compressor.maximum_discharge_pressure)
    control = site.control
    return Site(
        electrolysers=(plants[0], plants[1]),
        assist_level=float(control.assist_level),
        assist_price=-UNLIMITED if control.assist_price is None else float(control.assist_price),
        banks=nothing(Banks) if store is None else kernel_banks(store.cascade, reached),
        work=no_work() if compressor is None else electricity_table(compressor),
        compressor_capacity=UNLIMITED if compressor is None else float(compressor.capacity),
        supply_pressure=1e5 if store is None else float(store.supply_pressure),
        delivery_pressure=1e5 if store is None else float(store.delivery_pressure),
        has_station=site.refuelling is not None,
        station=nothing(Station) if site.refuelling is None else kernel_station(site.refuelling.station),
        has_fuel_cell=site.fuel_cell is not None,
        fuel_cell=nothing(FuelCellPlant) if site.fuel_cell is None else kernel_plant(site.fuel_cell),
        generate_above=-UNLIMITED if control.generate_above is None else float(control.generate_above),
        reserve_level=float(control.reserve_level),
        has_battery=site.battery is not None,
        battery=nothing(KernelBattery) if site.battery is None else kernel_battery(site.battery),
        export_limit=UNLIMITED if grid.export_limit is None else float(grid.export_limit),
        import_limit=0.0 if grid.import_limit is None else float(grid.import_limit),
    )


def new_site(site: HydrogenSite) -> SiteState:
    """Return the state of a site at its begin: new machines that are off, initial contents."""
    stacks = [StackPlant(machine.stacks).new_stacks() for machine in site.electrolysers if machine.stacks]
    stacks += [np.zeros((0, len(STATE)))] * (PLANTS - len(stacks))
    mass = np.zeros(0) if site.store is None else initial_mass(site.store.cascade)
    station = nothing(StationState)._replace(buffer=np.zeros(1))
    if site.refuelling is not None:
        station = new_state(site.refuelling.station)
    battery = np.zeros(STATE_SIZE)
    if site.battery is not None:
        battery[0] = float(site.battery.initial_level * site.battery.capacity)
    return SiteState(
        stacks=(stacks[0], stacks[1]),
        orders=(np.arange(stacks[0].shape[0]), np.arange(stacks[1].shape[0])),
        clocks=(np.zeros(1), np.zeros(1)),
        mass=mass,
        pressure=np.zeros(mass.size),
        station=station,
        fuel_cell=np.zeros(2),
        battery=battery,
        battery_points=np.zeros(OPEN_POINTS),
        battery_closed=np.zeros((OPEN_POINTS, 3)),
    )


def no_arrivals() -> Arrivals:
    """Return no vehicles."""
    return nothing(Arrivals)


def site_arrivals(vehicles: xr.Dataset | None, start: np.datetime64) -> Arrivals:
    """Return the vehicles that come to a site; see `kernel_arrivals`."""
    return no_arrivals() if vehicles is None else kernel_arrivals(vehicles, start)


def first_vehicles(arrivals: Arrivals, count: int) -> Arrivals:
    """Return the first so many of the vehicles."""
    names = ("time", "deadline", "mass", "fleet", "served", "begin", "end")
    return arrivals._replace(**{name: getattr(arrivals, name)[:count] for name in names})


def empty_tallies(state: SiteState, years: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return room for what every stack does in every year."""
    first, second = (np.zeros((years, stacks.shape[0], len(TALLY))) for stacks in state.stacks)
    return first, second
