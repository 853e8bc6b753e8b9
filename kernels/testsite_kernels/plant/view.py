"""What a strategy sees of the plant at the start of an interval, and what limits the interval."""

from typing import NamedTuple

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_part
from testsite_kernels.numerics.sums import largest_of, sum_of
from testsite_kernels.plant.delivery import largest_work
from testsite_kernels.plant.machines import Equipment, Plant, PlantState, Running
from testsite_kernels.storage.banks import Banks, room_in
from testsite_kernels.storage.compression import table_work
from testsite_kernels.storage.properties import isotherm_density
from testsite_kernels.storage.tank import tank_gives, tank_takes


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
    [kg]; `overhead`: power of electrolysers and compressor over the former's.
    """

    renewable: float
    station_power: float
    at_hand: float
    store_room: float
    station_room: float
    content: float
    overhead: float


@bare_part
def steepest(hydrogen: Floats, per_watt: float) -> float:
    """Return the most hydrogen per energy [kg/J] of a table that has `per_watt` points per watt."""
    per_joule = 0.0
    for k in range(1, hydrogen.size):
        per_joule = max(per_joule, hydrogen[k] * per_watt / k)
    return per_joule


@bare_part
def stacks_in(equipment: Equipment | None, state: PlantState, p: int) -> tuple[float, float]:
    """Return the power [W] of the electrolyser p, if it is one of stacks, and the most hydrogen of a joule [kg/J]."""
    if equipment is None:
        return 0.0, 0.0
    machine = equipment.electrolysers[p]
    return machine.largest * state.stacks[p].shape[0], steepest(machine.hydrogen, machine.per_watt)


@bare_part
def sizes_of(running: Running) -> Sizes:
    """Return the sizes of the machines, and keep the power of each electrolyser in the block."""
    plant, each = running.plant, running.block.sizes
    per_joule = fuel_cells = 0.0
    for p in range(each.size):
        if plant.curves.rated[p] > 0.0:
            each[p], most = plant.curves.rated[p], steepest(plant.curves.hydrogen[p], plant.curves.per_watt[p])
        else:
            each[p], most = stacks_in(plant.equipment, running.state, p)
        if each[p] > 0.0:
            per_joule = max(per_joule, most)
    for c in range(len(plant.fuel_cells)):
        fuel_cells += plant.fuel_cells[c].capacity
    return Sizes(sum_of(each), fuel_cells, per_joule)


@bare_part
def drawable(banks: Banks, mass: Floats, pressure: Floats, receiver: float, step: float) -> float:
    """Return what banks give at most in a step to a receiver of a pressure [Pa], as `draw` does [kg]."""
    total = 0.0
    for b in range(mass.size):
        if pressure[b] > receiver:
            least = 0.0
            if banks.volume[b] > 0.0:
                least = banks.volume[b] * isotherm_density(banks.isotherms, b, receiver)
            total += max(min(mass[b] - max(banks.minimum[b], least), banks.draw_limit[b] * step), 0.0)
    return total


@bare_part
def held_elsewhere(equipment: Equipment | None, state: PlantState) -> tuple[float, float]:
    """Return what pipeline and station could still give, and what they could give full [kg]."""
    content = size = 0.0
    if equipment is None:
        return content, size
    if equipment.has_pipeline:
        content += state.pipeline[0] - equipment.pipeline.minimum
        size += equipment.pipeline.capacity - equipment.pipeline.minimum
    if equipment.has_station:
        station = equipment.station
        content += state.station.buffer[0] - station.buffer_minimum
        size += station.buffer_capacity - station.buffer_minimum
        for b in range(state.station.mass.size):
            content += state.station.mass[b] - station.banks.minimum[b]
            size += station.banks.capacity[b] - station.banks.minimum[b]
    return content, size


@bare_part
def fullness_of(plant: Plant, state: PlantState) -> float:
    """Return what store, pipeline and station could still give over what they could give full, by mass."""
    content, size = held_elsewhere(plant.equipment, state)
    for b in range(state.mass.size):
        content += state.mass[b] - plant.store.minimum[b]
        size += plant.store.capacity[b] - plant.store.minimum[b]
    return content / size if size > 0.0 else 1.0


@bare_part
def station_power(flows: Floats) -> float:
    """Return the electricity of the station from its flows [W]: compressor, booster, pre-cooling, auxiliaries."""
    return flows[2] + flows[3] + flows[4] + flows[5]


@bare_part
def station_seen(equipment: Equipment | None, running: Running) -> tuple[float, float]:
    """Return the station's power in the interval before [W], and what its buffer takes in a step for certain [kg/s]."""
    if equipment is None:
        return 0.0, 0.0
    if not equipment.has_station:
        return 0.0, 0.0
    station = equipment.station
    room = max(station.buffer_capacity - running.state.station.buffer[0], 0.0) / running.step
    return station_power(running.block.station), min(min(room, station.buffer_fill_limit), station.booster_capacity)


@bare_part
def store_seen(equipment: Equipment | None, plant: Plant, state: PlantState, step: float) -> tuple[float, ...]:
    """Return what the store gives and takes in a step, what it holds [kg], and the work of filling it [J/kg]."""
    if equipment is None:
        return tank_gives(plant.store, state.mass, step), tank_takes(plant.store, state.mass, step), state.mass[0], 0.0
    if equipment.has_tank:
        return tank_gives(plant.store, state.mass, step), tank_takes(plant.store, state.mass, step), state.mass[0], 0.0
    work = 0.0
    if state.mass.size > 0:
        work = table_work(equipment.work, equipment.supply_pressure, largest_of(state.pressure))
    given = drawable(plant.store, state.mass, state.pressure, plant.delivery_pressure, step)
    return given, room_in(plant.store, state.mass, step), sum_of(state.mass), work


@bare_part
def pipeline_seen(equipment: Equipment | None, state: PlantState) -> tuple[float, float]:
    """Return what the pipeline holds [kg], and the largest work of filling it [J/kg]."""
    if equipment is None:
        return 0.0, 0.0
    if not equipment.has_pipeline:
        return 0.0, 0.0
    return state.pipeline[0], largest_work(equipment.pipeline)


@bare_part
def view_of(running: Running, sizes: Sizes, wind: float, panels: float) -> View:
    """Return the plant as it stands before an interval; the station's power is that of the interval before."""
    plant, state, step = running.plant, running.state, running.step
    given, room, content, work = store_seen(plant.equipment, plant, state, step)
    linepack, of_pipeline = pipeline_seen(plant.equipment, state)
    of_station, into_station = station_seen(plant.equipment, running)
    overhead = 1.0
    if sizes.electrolysers > 0.0:
        overhead += sizes.per_joule * max(work, of_pipeline)
    return View(
        wind + panels,
        of_station,
        given / step,
        min(room / step, plant.compressor_capacity),
        into_station,
        content + linepack,
        overhead,
    )


@bare_part
def without_compressor(view: View, power: float) -> float:
    """Return what of a power [W] electrolysers may draw, so that the compressor of what they make has the rest."""
    return power if view.overhead == 1.0 else power / view.overhead  # a division takes as long as ten sums
