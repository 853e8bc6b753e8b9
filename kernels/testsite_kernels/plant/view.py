"""What a strategy sees of the plant at the start of an interval, and what limits the interval."""

from typing import NamedTuple

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_part
from testsite_kernels.numerics.sums import largest_of, sum_of
from testsite_kernels.plant.delivery import largest_work
from testsite_kernels.plant.machines import Plant, PlantState
from testsite_kernels.storage.banks import Banks, room_in
from testsite_kernels.storage.compression import table_work
from testsite_kernels.storage.properties import isotherm_density


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
    [kg]; `fullness` of store, pipeline and station, 0 to 1; `overhead`: power of electrolysers and compressor over the
    former's.
    """

    renewable: float
    station_power: float
    at_hand: float
    store_room: float
    station_room: float
    content: float
    fullness: float
    overhead: float


@bare_part
def sizes_of(plant: Plant, state: PlantState, each: Floats) -> Sizes:
    """Return the sizes of the machines; fills `each` (p), the power of each electrolyser."""
    per_joule = fuel_cells = 0.0
    for p in range(len(plant.electrolysers)):
        machine = plant.electrolysers[p]
        each[p] = machine.largest * state.stacks[p].shape[0]
        if each[p] > 0.0:
            for k in range(1, machine.hydrogen.size):
                per_joule = max(per_joule, machine.hydrogen[k] * machine.per_watt / k)
    for c in range(len(plant.fuel_cells)):
        fuel_cells += plant.fuel_cells[c].capacity
    return Sizes(sum_of(each), fuel_cells, per_joule)


@bare_part
def drawable(banks: Banks, mass: Floats, pressure: Floats, receiver: float, step: float) -> float:
    """Return what banks give at most in a step to a receiver of a pressure [Pa], as `draw` does [kg/s]."""
    total = 0.0
    for b in range(mass.size):
        if pressure[b] > receiver:
            least = 0.0
            if banks.volume[b] > 0.0:
                least = banks.volume[b] * isotherm_density(banks.isotherms, b, receiver)
            total += max(min(mass[b] - max(banks.minimum[b], least), banks.draw_limit[b] * step), 0.0)
    return total / step


@bare_part
def fullness_of(plant: Plant, state: PlantState) -> float:
    """Return what store, pipeline and station could still give over what they could give full, by mass."""
    content = size = 0.0
    for b in range(state.mass.size):
        content += state.mass[b] - plant.store.minimum[b]
        size += plant.store.capacity[b] - plant.store.minimum[b]
    if plant.has_pipeline:
        content += state.pipeline[0] - plant.pipeline.minimum
        size += plant.pipeline.capacity - plant.pipeline.minimum
    if plant.has_station:
        content += state.station.buffer[0] - plant.station.buffer_minimum
        size += plant.station.buffer_capacity - plant.station.buffer_minimum
        for b in range(state.station.mass.size):
            content += state.station.mass[b] - plant.station.banks.minimum[b]
            size += plant.station.banks.capacity[b] - plant.station.banks.minimum[b]
    return content / size if size > 0.0 else 1.0


@bare_part
def station_room(plant: Plant, state: PlantState, step: float) -> float:
    """Return what the buffer of the station takes in a step for certain [kg/s]."""
    if not plant.has_station:
        return 0.0
    room = max(plant.station.buffer_capacity - state.station.buffer[0], 0.0) / step
    return min(min(room, plant.station.buffer_fill_limit), plant.station.booster_capacity)


@bare_part
def station_power(flows: Floats) -> float:
    """Return the electricity of the station from its flows [W]: compressor, booster, pre-cooling, auxiliaries."""
    return flows[2] + flows[3] + flows[4] + flows[5]


@bare_part
def view_of(
    plant: Plant, state: PlantState, sizes: Sizes, station_flows: Floats, wind: float, panels: float, step: float
) -> View:
    """Return the plant as it stands before an interval; the station's power is that of the interval before."""
    work = linepack = 0.0
    if state.mass.size > 0:
        work = table_work(plant.work, plant.supply_pressure, largest_of(state.pressure))
    if plant.has_pipeline:
        linepack = state.pipeline[0]
        work = max(work, largest_work(plant.pipeline))
    overhead = 1.0
    if sizes.electrolysers > 0.0:
        overhead += sizes.per_joule * work
    return View(
        wind + panels,
        station_power(station_flows),
        drawable(plant.store, state.mass, state.pressure, plant.delivery_pressure, step),
        min(room_in(plant.store, state.mass, step) / step, plant.compressor_capacity),
        station_room(plant, state, step),
        sum_of(state.mass) + linepack,
        fullness_of(plant, state),
        overhead,
    )
