"""What a strategy sees of the plant at the start of an interval, and what limits the interval."""

from typing import NamedTuple

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_part
from testsite_kernels.numerics.sums import sum_of
from testsite_kernels.plant.delivery import largest_work
from testsite_kernels.plant.machines import Equipment, EquipmentState, Outside, Plant, PlantState, Running
from testsite_kernels.storage.stores import dearest_work, drawable, takeable
from testsite_kernels.storage.tank import Tank, tank_gives, tank_takes


class Sizes(NamedTuple):
    """What follows from the machines alone: AC power of all electrolysers and of all fuel cells [W].

    `per_joule` is the most hydrogen that a joule makes [kg/J].
    """

    electrolysers: float
    fuel_cells: float
    per_joule: float


class View(NamedTuple):
    """The plant at the start of an interval.

    `renewable` and `station_power` [W]; `at_hand`, `store_room`, `station_room` [kg/s]; `content` of store and pipeline
    [kg]; `overhead`: power of electrolysers and compressor over the former's; `work` of filling the stores [J/kg].
    """

    renewable: float
    station_power: float
    at_hand: float
    store_room: float
    station_room: float
    content: float
    overhead: float
    work: float


@bare_part
def steepest(hydrogen: Floats, per_watt: float) -> float:
    """Return the most hydrogen per energy [kg/J] of a table that has `per_watt` points per watt."""
    per_joule = 0.0
    for k in range(1, hydrogen.size):
        per_joule = max(per_joule, hydrogen[k] * per_watt / k)
    return per_joule


@bare_part
def stacks_in(equipment: Equipment | None, carried: EquipmentState | None, p: int) -> tuple[float, float]:
    """Return the power [W] of the electrolyser p, if it is one of stacks, and the most hydrogen of a joule [kg/J]."""
    if equipment is None or carried is None:
        return 0.0, 0.0
    machine = equipment.electrolysers[p]
    return machine.largest * carried.stacks[p].shape[0], steepest(machine.hydrogen, machine.per_watt)


@bare_part
def sizes_of(running: Running) -> Sizes:
    """Return the sizes of the machines, and keep the power of each electrolyser in the block."""
    plant, each = running.plant, running.block.sizes
    per_joule = fuel_cells = 0.0
    for p in range(each.size):
        if plant.curves.rated[p] > 0.0:
            each[p], most = plant.curves.rated[p], steepest(plant.curves.hydrogen[p], plant.curves.per_watt[p])
        else:
            each[p], most = stacks_in(plant.equipment, running.state.equipment, p)
        if each[p] > 0.0:
            per_joule = max(per_joule, most)
    for c in range(len(plant.fuel_cells)):
        fuel_cells += plant.fuel_cells[c].capacity
    return Sizes(sum_of(each), fuel_cells, per_joule)


@bare_part
def held_elsewhere(equipment: Equipment | None, carried: EquipmentState | None) -> tuple[float, float]:
    """Return what pipeline and station could still give, and what they could give full [kg]."""
    content = size = 0.0
    if equipment is None or carried is None:
        return content, size
    if equipment.has_pipeline:
        content += carried.pipeline[0] - equipment.pipeline.minimum
        size += equipment.pipeline.capacity - equipment.pipeline.minimum
    if equipment.has_station:
        station = equipment.station
        content += carried.station.buffer[0] - station.buffer_minimum
        size += station.buffer_capacity - station.buffer_minimum
        for b in range(carried.station.mass.size):
            content += carried.station.mass[b] - station.banks.minimum[b]
            size += station.banks.capacity[b] - station.banks.minimum[b]
    return content, size


@bare_part
def held_in_store(
    equipment: Equipment | None, tank: Tank, mass: Floats, content: float, size: float
) -> tuple[float, float]:
    """Return a content with what the store could still give, and a size with what it could give full [kg]."""
    if equipment is None:
        return content + (mass[0] - tank.minimum), size + (tank.capacity - tank.minimum)
    if equipment.has_tank:
        return content + (mass[0] - tank.minimum), size + (tank.capacity - tank.minimum)
    banks = equipment.stores.banks
    for b in range(mass.size):
        content += mass[b] - banks.minimum[b]
        size += banks.capacity[b] - banks.minimum[b]
    return content, size


@bare_part
def fullness_of(plant: Plant, state: PlantState) -> float:
    """Return what store, pipeline and station could still give over what they could give full, by mass."""
    content, size = held_elsewhere(plant.equipment, state.equipment)
    content, size = held_in_store(plant.equipment, plant.tank, state.mass, content, size)
    return content / size if size > 0.0 else 1.0


@bare_part
def station_power(flows: Floats) -> float:
    """Return the electricity of the station from its flows [W]: compressor, booster, pre-cooling, auxiliaries."""
    return flows[2] + flows[3] + flows[4] + flows[5]


@bare_part
def station_seen(equipment: Equipment | None, carried: EquipmentState | None, step: float) -> tuple[float, float]:
    """Return the station's power in the interval before [W], and what its buffer takes in a step for certain [kg/s]."""
    if equipment is None or carried is None:
        return 0.0, 0.0
    if not equipment.has_station:
        return 0.0, 0.0
    station = equipment.station
    room = max(station.buffer_capacity - carried.station.buffer[0], 0.0) / step
    return station_power(carried.station_flows), min(min(room, station.buffer_fill_limit), station.booster_capacity)


@bare_part
def stored_in(equipment: Equipment | None, mass: Floats) -> float:
    """Return what the store holds [kg]."""
    if equipment is None:
        return mass[0]
    return sum_of(mass)


@bare_part
def store_seen(
    equipment: Equipment | None, carried: EquipmentState | None, tank: Tank, mass: Floats, rate: float, step: float
) -> tuple[float, ...]:
    """Return the rates at which the stores give and take in a step [kg/s], what they hold [kg], the work [J/kg].

    The work is that of filling them at a `rate` [kg/s].
    """
    if equipment is None or carried is None:
        return tank_gives(tank, mass, step) / step, tank_takes(tank, mass, step) / step, mass[0], 0.0
    if equipment.has_tank:
        return tank_gives(tank, mass, step) / step, tank_takes(tank, mass, step) / step, mass[0], 0.0
    stores, pressure = equipment.stores, carried.pressure
    given, room = drawable(stores, mass, pressure, step) / step, takeable(stores, equipment.has_margins, mass, step)
    return given, room, sum_of(mass), dearest_work(stores, carried.aims, mass, pressure, rate, step)


@bare_part
def pipeline_seen(equipment: Equipment | None, carried: EquipmentState | None) -> tuple[float, float]:
    """Return what the pipeline holds [kg], and the largest work of filling it [J/kg]."""
    if equipment is None or carried is None:
        return 0.0, 0.0
    if not equipment.has_pipeline:
        return 0.0, 0.0
    return carried.pipeline[0], largest_work(equipment.pipeline)


@bare_part
def view_of(running: Running, sizes: Sizes, outside: Outside) -> View:
    """Return the plant as it stands before an interval; the station's power is that of the interval before."""
    plant, state, step = running.plant, running.state, running.step
    most = sizes.per_joule * sizes.electrolysers + outside.by_product
    at_hand, room, content, work = store_seen(plant.equipment, state.equipment, plant.tank, state.mass, most, step)
    linepack, of_pipeline = pipeline_seen(plant.equipment, state.equipment)
    of_station, into_station = station_seen(plant.equipment, state.equipment, step)
    overhead = 1.0
    if sizes.electrolysers > 0.0:
        overhead += sizes.per_joule * max(work, of_pipeline)
    return View(
        outside.wind + outside.panels,
        of_station,
        at_hand,
        room,
        into_station,
        content + linepack,
        overhead,
        work,
    )


@bare_part
def without_compressor(view: View, power: float) -> float:
    """Return what of a power [W] electrolysers may draw, so that the compressor of what they make has the rest."""
    return power if view.overhead == 1.0 else power / view.overhead  # a division takes as long as ten sums
