"""One interval of a hydrogen plant: set-points carried out as far as the machines can; energy, hydrogen, wear booked.

The order of one interval:
1. electrolysers follow their set-point, one after the other, within what wind, panels and the import limit leave after
   the station and the store's compressor, and never make more hydrogen than store, station and demand can take;
2. the station takes from production, by-product and store what its buffer has room for, and serves its vehicles;
3. the demand, then the fuel cells, take from what is left; fuel cells rest while an electrolyser produces. A pipeline
   to the demand takes production and by-product as far as it has room, and from the store what the demand needs;
4. by-product is bought up to its set-point as far as it is used, or stored and compressed with the power that is left,
   and beyond it where demand or station would go without; the rest of the production fills the store, a lack draws on
   it;
5. a surplus of power charges the battery, is sold, or curtailed where a sale would cost money; a lack is met by the
   battery, then by the grid; what even the import limit does not let in is recorded as missing;
6. modules that are kept in reserve answer the orders of the grid (`reserve`).

Energy:   wind + panels + fuel cells + discharge + import + missing
          = electrolysers + compressor + station + pipeline + charge + export + curtailed
Hydrogen: produced + by-product = to station + to pipeline + to fuel cells + vented + change of the store
          to pipeline = delivered + change of what is in the pipeline
"""

from typing import NamedTuple

from testsite_kernels.electrolysis.curve import curve_step
from testsite_kernels.electrolysis.stack import MODE
from testsite_kernels.electrolysis.stacks import electrolysis_step
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_part
from testsite_kernels.numerics.sums import sum_of
from testsite_kernels.plant.delivery import (
    feed_pipeline,
    largest_work,
    pipeline_power,
    pipeline_pressure,
    pipeline_room,
)
from testsite_kernels.plant.fuel_cell import FuelCellPlant, fuel_cell_step
from testsite_kernels.plant.machines import (
    BY_PRODUCT,
    CHARGED,
    COMPRESSOR,
    CONTRACTS,
    CURTAILED,
    DELIVERED,
    DISCHARGED,
    DISPENSED,
    ELECTROLYSERS,
    EXPORTED,
    FUEL_CELLS,
    HEAT_ELECTROLYSERS,
    HEAT_FUEL_CELLS,
    IMPORTED,
    MISSING,
    PANELS,
    PIPELINE,
    PRODUCED,
    PURCHASES,
    REQUESTED,
    SALES,
    STATION,
    TO_FUEL_CELLS,
    TO_PIPELINE,
    TO_STATION,
    UNMET,
    UNSERVED,
    VENTED,
    WIND,
    Block,
    Equipment,
    EquipmentState,
    Outside,
    Reserve,
    Running,
    SetPoint,
)
from testsite_kernels.plant.refuelling import station_step
from testsite_kernels.plant.reserve import activate
from testsite_kernels.plant.view import Sizes, View, station_power, stored_in, without_compressor
from testsite_kernels.storage.battery import battery_room, battery_step
from testsite_kernels.storage.stores import draw_stores, exchanged, fill_stores
from testsite_kernels.storage.tank import Tank, draw_tank, fill_tank

ROUNDING = 1e-12  # a smaller share of the production is no hydrogen vented
_TAKEN, _DISPENSED, _REQUESTED, _UNSERVED, _PENDING, _WAITED, _QUEUE = 0, 1, 6, 7, 8, 9, 10  # of the station's flows


@bare_part
def run_stacks(
    equipment: Equipment | None, carried: EquipmentState | None, p: int, power: float, most: float
) -> tuple[float, float, float, float]:
    """Run an electrolyser of stacks; return power [W], hydrogen [kg/s], heat [W] and the highest mode of a stack."""
    if equipment is None or carried is None:
        return 0.0, 0.0, 0.0, 0.0
    stacks, mode = carried.stacks[p], 0.0
    drawn, made, heat, _, _, _, _ = electrolysis_step(
        equipment.electrolysers[p], stacks, carried.orders[p], carried.clocks[p], power, most
    )
    for s in range(stacks.shape[0]):
        mode = max(mode, stacks[s, MODE])
    return drawn, made, heat, mode


@bare_part
def run_electrolysers(
    running: Running, set_point: SetPoint, supply: float, most: float, i: int
) -> tuple[float, float, float]:
    """Run the electrolysers one after the other on a set-point and a supply [W], up to a most hydrogen [kg/s].

    Fills the row i; returns power [W], hydrogen [kg/s] and heat to the cooling [W] of all.
    """
    plant, state, of_each, rows = running.plant, running.state, running.block.sizes, running.block.electrolysers
    power = hydrogen = heat = 0.0
    left = max(set_point.electrolysers, 0.0)
    for p in range(of_each.size):
        if of_each[p] > 0.0:
            if plant.curves.rated[p] > 0.0:
                stack = state.curves[p]
                drawn, made = curve_step(plant.curves, p, stack, left, supply, most, set_point.go_cold, running.step)
                heat_made, mode = 0.0, stack[0, MODE]
            else:
                allowed = min(min(left, max(supply, 0.0)), of_each[p])
                drawn, made, heat_made, mode = run_stacks(plant.equipment, state.equipment, p, allowed, most)
            rows[i, p, 0], rows[i, p, 1], rows[i, p, 2], rows[i, p, 3] = drawn, made, heat_made, mode
            left, supply, most = max(left - drawn, 0.0), supply - drawn, max(most - made, 0.0)
            power, hydrogen, heat = power + drawn, hydrogen + made, heat + heat_made
    return power, hydrogen, heat


@bare_part
def run_fuel_cells(
    machines: tuple[FuelCellPlant, ...],
    carried: Floats,
    requested: float,
    available: float,
    step: float,
    row: Floats,
    events: Floats,
) -> tuple[float, float, float]:
    """Run the fuel cells one after the other towards a power [W] on the hydrogen available [kg/s], with their wear.

    Changes what they have `carried` (c, 2): voltage lost, whether each runs. Fills `row` (c, OF_FUEL_CELLS) and adds to
    `events` (c, EVENTS_OF_FUEL_CELLS); returns power, hydrogen and heat.
    """
    power = hydrogen = heat = 0.0
    for c in range(len(machines)):
        machine = machines[c]
        if machine.capacity <= 0.0:
            continue  # there is none, or all of it is kept in reserve
        ran = carried[c, 1] > 0.0
        made, used, heat_made, runs, lost = fuel_cell_step(
            machine, carried[c, 0], ran, requested - power, max(available - hydrogen, 0.0), step
        )
        if lost >= machine.end_of_life:
            lost = 0.0
            events[c, 2] += 1.0
        events[c, 0] += step if runs else 0.0
        events[c, 1] += 1.0 if runs and not ran else 0.0
        carried[c, 0], carried[c, 1] = lost, 1.0 if runs else 0.0
        row[c, 0], row[c, 1], row[c, 2], row[c, 3] = made, used, heat_made, lost
        power, hydrogen, heat = power + made, hydrogen + used, heat + heat_made
    return power, hydrogen, heat


@bare_part
def use_battery(
    equipment: Equipment | None, state: EquipmentState | None, block: Block, net: float, step: float, i: int
) -> float:
    """Charge the battery with a surplus of power (above zero) or meet a lack from it; return what is left [W]."""
    if equipment is None or state is None:
        return net
    if not equipment.has_battery:
        return net
    most_in, most_out = battery_room(equipment.battery, state.battery, step)
    charge, discharge = min(max(net, 0.0), most_in), min(max(-net, 0.0), most_out)
    _, worn = battery_step(
        equipment.battery, state.battery, state.battery_points, state.battery_closed, charge, discharge, step
    )
    block.rates[i, CHARGED], block.rates[i, DISCHARGED] = charge, discharge
    block.levels[i, 3], block.levels[i, 4] = state.battery[0], state.battery[2]
    state.battery_replacements[0] += 1.0 if worn else 0.0
    return net - charge + discharge


@bare_part
def settle_power(running: Running, net: float, renewable: float, sellable: float, i: int) -> None:
    """Settle a surplus (above zero) or a lack of power [W] with battery and grid, and book it in the row i.

    So much is `sellable` [W]; below zero it is the import that a plan makes while it curtails: where it is paid to
    consume.
    """
    rates = running.block.rates
    rest = use_battery(running.plant.equipment, running.state.equipment, running.block, net, running.step, i)
    curtailed = min(max(rest - sellable, 0.0), max(renewable, 0.0))
    rest -= curtailed
    bought = min(max(-rest, 0.0), running.plant.import_limit)
    rates[i, IMPORTED], rates[i, MISSING] = bought, max(-rest, 0.0) - bought
    rates[i, EXPORTED], rates[i, CURTAILED] = max(rest, 0.0), curtailed


@bare_part
def move_by_mass(tank: Tank, mass: Floats, surplus: float, step: float) -> float:
    """Fill a store by mass with a surplus [kg/s] or meet a lack from it; return what is vented [kg/s]."""
    if surplus > 0.0:
        requested = surplus * step
        stored = fill_tank(tank, mass, requested, step)
        return max(surplus - stored / step, 0.0) if stored < requested else 0.0
    if surplus < 0.0:
        draw_tank(tank, mass, -surplus * step, step)
    return 0.0


@bare_part
def move_hydrogen(
    equipment: Equipment | None,
    carried: EquipmentState | None,
    tank: Tank,
    mass: Floats,
    surplus: float,
    through: float,
    step: float,
) -> tuple[float, float]:
    """Fill the stores with a surplus [kg/s] or meet a lack from them; return the compressors' power [W], and vented.

    So much hydrogen goes `through` the plant [kg/s], made and used in the same interval: a plan may have it stored in
    one store and the use served from another.
    """
    if equipment is None or carried is None:
        return 0.0, move_by_mass(tank, mass, surplus, step)
    if equipment.has_tank:
        return 0.0, move_by_mass(tank, mass, surplus, step)
    stores, aims, pressure, swapped = equipment.stores, carried.aims, carried.pressure, 0.0
    if aims.size > 0 and through > 0.0:
        swapped = exchanged(stores, aims, mass, pressure, surplus, through, step)
    lack = max(-surplus, 0.0) * step
    if lack + swapped > 0.0:
        drawn = draw_stores(stores, aims, mass, pressure, lack + swapped, step)
        swapped = min(swapped, max(drawn - lack, 0.0))
    requested = max(surplus, 0.0) * step + swapped
    if requested > 0.0:
        stored, work = fill_stores(stores, aims, mass, pressure, requested, step)
        if requested - stored <= ROUNDING * requested:
            return work / step, 0.0
        return work / step, max(max(surplus, 0.0) - (stored - swapped) / step, 0.0)
    return 0.0, 0.0


@bare_part
def battery_gives(equipment: Equipment | None, state: EquipmentState | None, step: float) -> float:
    """Return what the battery can give in a step [W]."""
    if equipment is None or state is None:
        return 0.0
    if not equipment.has_battery:
        return 0.0
    _, most_out = battery_room(equipment.battery, state.battery, step)
    return most_out


@bare_part
def storable(running: Running, view: View, own: float, net: float) -> float:
    """Return what the stores take of by-product [kg/s] next to the plant's own hydrogen that they take.

    Its compressor has what that of the own hydrogen leaves of a surplus of power `net` [W], of battery and connection.
    """
    plant = running.plant
    room = max(view.store_room - own, 0.0)
    if view.work > 0.0:
        power = net + plant.import_limit + battery_gives(plant.equipment, running.state.equipment, running.step)
        room = min(room, max(power / view.work - own, 0.0))
    return room


@bare_part
def settle_hydrogen(
    running: Running, view: View, hydrogen: float, offered: float, used: float, net: float
) -> tuple[float, float, float]:
    """Take by-product as far as it is used or stored, fill the store with the rest of the production or empty it.

    `net` [W] is the surplus of power without the compressor of the store.

    Returns
    -------
    tuple
        By-product taken [kg/s], electricity of the compressor [W], hydrogen vented [kg/s].
    """
    plant, state = running.plant, running.state
    own = max(hydrogen - used, 0.0)
    by_product = min(offered, max(used - hydrogen, 0.0) + storable(running, view, own, net))
    surplus = hydrogen + by_product - used
    through = min(hydrogen + by_product, used) if view.work <= 0.0 else 0.0  # no power is left for more compression
    compressed, vented = move_hydrogen(
        plant.equipment, state.equipment, plant.tank, state.mass, surplus, through, running.step
    )
    if vented <= ROUNDING * surplus:
        vented = 0.0
    return by_product, compressed, vented


@bare_part
def pipeline_accepts(equipment: Equipment | None, carried: EquipmentState | None, demand: float, step: float) -> float:
    """Return what the pipeline takes in a step, or the demand where there is none [kg/s]."""
    if equipment is None or carried is None:
        return demand
    if not equipment.has_pipeline:
        return demand
    return pipeline_room(equipment.pipeline, carried.pipeline[0], demand, step)


class Hand(NamedTuple):
    """What is left for the demand [kg/s]: the plant's `own` hydrogen, and what it `produced`; what is in the store."""

    own: float
    produced: float
    in_store: float


@bare_part
def deliver(
    equipment: Equipment | None,
    carried: EquipmentState | None,
    levels: Floats,
    hand: Hand,
    demand: float,
    power: float,
    room: float,
    step: float,
    i: int,
) -> tuple[float, float, float]:
    """Deliver to the demand [kg/s] from the plant's own hydrogen less that of the station, then from the store.

    A pipeline takes what it has `room` for. From the store and from by-product it takes no more than the `power` [W]
    that is left can compress. Its content is booked in the row i of the levels.

    Returns
    -------
    tuple
        Hydrogen into the pipeline (to the demand at once without one) and to the demand [kg/s]; power of the pipeline.
    """
    at_once = min(demand, max(hand.own + hand.in_store, 0.0))
    if equipment is None or carried is None:
        return at_once, at_once, 0.0
    if not equipment.has_pipeline:
        return at_once, at_once, 0.0
    pipe, mass = equipment.pipeline, carried.pipeline
    work = largest_work(pipe)
    if work > 0.0:
        room = min(room, max(max(power, 0.0) / work, min(hand.own, hand.produced)))
    inflow, outflow, mass[0] = feed_pipeline(pipe, mass[0], hand.own, hand.in_store, demand, room, step)
    levels[i, 7], levels[i, 8] = mass[0], pipeline_pressure(pipe, mass[0])
    return inflow, outflow, pipeline_power(pipe, mass[0], inflow)


@bare_part
def content_before(
    reserve: Reserve | None, carried: EquipmentState | None, mass: Floats, block: Block, i: int
) -> float:
    """Return the content of the store [kg] for reserves, and begin the row i of the first machines with nothing.

    The content of each bank is kept as well. What is wholly kept in reserve has no step of its own.
    """
    if reserve is None:
        return 0.0
    if not reserve.is_kept:
        return 0.0
    for k in range(block.electrolysers.shape[2]):
        block.electrolysers[i, 0, k] = 0.0
    for k in range(block.fuel_cells.shape[2]):
        block.fuel_cells[i, 0, k] = 0.0
    if carried is not None:
        for b in range(mass.size):
            carried.mass_before[b] = mass[b]
    return sum_of(mass)


@bare_part
def serve_station(
    equipment: Equipment | None,
    carried: EquipmentState | None,
    block: Block,
    offered: float,
    now: float,
    step: float,
    i: int,
) -> tuple[float, float]:
    """Run the station on hydrogen offered [kg/s], and book it in the row i; return what it takes, and its power [W]."""
    if equipment is None or carried is None:
        return 0.0, 0.0
    if not equipment.has_station:
        return 0.0, 0.0
    station, flows = carried.station, carried.station_flows
    rates, levels = block.rates, block.levels
    station_step(equipment.station, carried.arrivals, station, now, step, offered, flows)
    rates[i, STATION], rates[i, TO_STATION] = station_power(flows), flows[_TAKEN]
    rates[i, DISPENSED], rates[i, REQUESTED] = flows[_DISPENSED], flows[_REQUESTED]
    rates[i, UNSERVED] = flows[_UNSERVED]
    levels[i, 1] = station.buffer[0] + sum_of(station.mass)
    levels[i, 2], levels[i, 5], levels[i, 6] = flows[_PENDING], flows[_WAITED], flows[_QUEUE]
    return flows[_TAKEN], station_power(flows)


@bare_part
def by_product_offered(view: View, outside: Outside, set_point: SetPoint, produced: float) -> float:
    """Return the by-product that may be bought [kg/s]: by the set-point, and what is needed beyond own hydrogen."""
    most = set_point.by_product
    if most < outside.by_product and set_point.serves:
        most = max(most, outside.demand + view.station_room - produced - view.at_hand)
    return min(outside.by_product, most)


@bare_part
def plant_step(
    running: Running, sizes: Sizes, view: View, outside: Outside, set_point: SetPoint, now: float, i: int
) -> None:
    """Carry out a set-point for one interval that begins `now` [s], and fill the row i of the block."""
    plant, state, step, block = running.plant, running.state, running.step, running.block
    equipment, carried = plant.equipment, state.equipment
    before = content_before(running.reserve, carried, state.mass, block, i)
    room = pipeline_accepts(equipment, carried, outside.demand, step)
    power = hydrogen = heat = 0.0
    if sizes.electrolysers > 0.0:
        supply = without_compressor(view, view.renewable + plant.import_limit - view.station_power)
        power, hydrogen, heat = run_electrolysers(
            running, set_point, supply, view.store_room + room + view.station_room, i
        )
    by_product = by_product_offered(view, outside, set_point, hydrogen)
    offered = hydrogen + by_product + view.at_hand
    taken, of_station = serve_station(equipment, carried, block, offered, now, step, i)
    hand = Hand(hydrogen + by_product - taken, hydrogen, view.at_hand)
    left_power = view.renewable + plant.import_limit - of_station - power
    entered, delivered, of_pipeline = deliver(
        equipment, carried, block.levels, hand, outside.demand, left_power, room, step, i
    )
    left = hand.own - entered
    if set_point.from_store:
        left += view.at_hand
    requested = min(
        set_point.fuel_cells, set_point.fuel_cell_export + power + of_station + of_pipeline - view.renewable
    )
    if hydrogen > 0.0:  # an electrolyser and a fuel cell at once would only lose energy
        requested = 0.0
    generated, consumed, recovered = run_fuel_cells(
        plant.fuel_cells, state.fuel_cells, requested, max(left, 0.0), step, block.fuel_cells[i], block.events
    )
    used = taken + entered + consumed
    net = view.renewable + generated - power - of_station - of_pipeline
    by_product, compressed, vented = settle_hydrogen(running, view, hydrogen, by_product, used, net)
    settle_power(running, net - compressed, view.renewable, outside.sellable, i)
    rates = block.rates[i]
    rates[WIND], rates[PANELS], rates[FUEL_CELLS] = outside.wind, outside.panels, generated
    rates[ELECTROLYSERS], rates[COMPRESSOR], rates[PIPELINE] = power, compressed, of_pipeline
    rates[HEAT_ELECTROLYSERS], rates[HEAT_FUEL_CELLS] = heat, recovered
    rates[PRODUCED], rates[BY_PRODUCT], rates[TO_PIPELINE] = hydrogen, by_product, entered
    rates[DELIVERED], rates[TO_FUEL_CELLS], rates[VENTED] = delivered, consumed, vented
    rates[UNMET] = outside.demand - delivered
    activate(running.reserve, running, outside, before, i)
    rates[SALES] = rates[EXPORTED] * outside.sale_price
    rates[CONTRACTS] = rates[EXPORTED] * outside.contract_price
    rates[PURCHASES] = rates[IMPORTED] * outside.purchase_price
    block.levels[i, 0] = stored_in(equipment, state.mass)
