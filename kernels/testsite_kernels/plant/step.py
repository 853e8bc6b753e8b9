"""One interval of a hydrogen plant: set-points carried out as far as the machines can; energy, hydrogen, wear booked.

The order of one interval:
1. electrolysers follow their set-point, one after the other, within what wind, panels and the import limit leave after
   the station and the store's compressor, and never make more hydrogen than store, station and demand can take;
2. the station takes from production, by-product and store what its buffer has room for, and serves its vehicles;
3. the demand, then the fuel cells, take from what is left; fuel cells rest while an electrolyser produces. A pipeline
   to the demand takes production and by-product as far as it has room, and from the store what the demand needs;
4. by-product is taken as far as it is used or stored; the rest of the production fills the store, a lack empties it;
5. a surplus of power charges the battery, is sold, or curtailed where a sale would cost money; a lack is met by the
   battery, then by the grid; what even the import limit does not let in is recorded as missing;
6. modules that are kept in reserve answer the orders of the grid (`reserve`).

Energy:   wind + panels + fuel cells + discharge + import + missing
          = electrolysers + compressor + station + pipeline + charge + export + curtailed
Hydrogen: produced + by-product = to station + to pipeline + to fuel cells + vented + change of the store
          to pipeline = delivered + change of what is in the pipeline
"""

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
from testsite_kernels.plant.fuel_cell import fuel_cell_step
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
    Outside,
    Plant,
    PlantState,
    Reserve,
    Row,
    SetPoint,
)
from testsite_kernels.plant.refuelling import Arrivals, station_step
from testsite_kernels.plant.reserve import activate
from testsite_kernels.plant.view import Sizes, View, station_power
from testsite_kernels.storage.banks import draw, fill
from testsite_kernels.storage.battery import battery_room, battery_step

ROUNDING = 1e-12  # a smaller share of the production is no hydrogen vented
_TAKEN, _DISPENSED, _REQUESTED, _UNSERVED, _PENDING, _WAITED, _QUEUE = 0, 1, 6, 7, 8, 9, 10  # of the station's flows


@bare_part
def run_electrolysers(
    plant: Plant,
    state: PlantState,
    of_each: Floats,
    set_point: float,
    go_cold: bool,
    supply: float,
    most: float,
    row: Floats,
) -> tuple[float, float, float]:
    """Run the electrolysers one after the other on a set-point and a supply [W], up to a most hydrogen [kg/s].

    Fills `row` (p, OF_ELECTROLYSERS); returns power [W], hydrogen [kg/s] and heat to the cooling [W] of all.
    """
    power = hydrogen = heat = 0.0
    left = max(set_point, 0.0)
    for p in range(of_each.size):
        for k in range(4):
            row[p, k] = 0.0
        if of_each[p] > 0.0:
            machine = plant.electrolysers[p]
            if machine.by_curve:
                drawn, made, heat_made = curve_step(machine, state.stacks[p], left, supply, most, go_cold)
            else:
                allowed = min(min(left, max(supply, 0.0)), of_each[p])
                drawn, made, heat_made, _, _, _, _ = electrolysis_step(
                    machine, state.stacks[p], state.orders[p], state.clocks[p], allowed, most
                )
            mode = 0.0
            for s in range(state.stacks[p].shape[0]):
                mode = max(mode, state.stacks[p][s, MODE])
            row[p, 0], row[p, 1], row[p, 2], row[p, 3] = drawn, made, heat_made, mode
            left, supply, most = max(left - drawn, 0.0), supply - drawn, max(most - made, 0.0)
            power, hydrogen, heat = power + drawn, hydrogen + made, heat + heat_made
    return power, hydrogen, heat


@bare_part
def run_fuel_cells(
    plant: Plant, state: PlantState, requested: float, available: float, step: float, row: Floats, events: Floats
) -> tuple[float, float, float]:
    """Run the fuel cells one after the other towards a power [W] on the hydrogen available [kg/s], with their wear.

    Fills `row` (c, OF_FUEL_CELLS) and adds to `events` (c, EVENTS_OF_FUEL_CELLS); returns power, hydrogen and heat.
    """
    power = hydrogen = heat = 0.0
    for c in range(len(plant.fuel_cells)):
        machine = plant.fuel_cells[c]
        if machine.capacity <= 0.0:
            continue
        ran = state.fuel_cells[c, 1] > 0.0
        made, used, heat_made, runs, lost = fuel_cell_step(
            machine, state.fuel_cells[c, 0], ran, requested - power, max(available - hydrogen, 0.0), step
        )
        if lost >= machine.end_of_life:
            lost = 0.0
            events[c, 2] += 1.0
        events[c, 0] += step if runs else 0.0
        events[c, 1] += 1.0 if runs and not ran else 0.0
        state.fuel_cells[c, 0], state.fuel_cells[c, 1] = lost, 1.0 if runs else 0.0
        row[c, 0], row[c, 1], row[c, 2], row[c, 3] = made, used, heat_made, lost
        power, hydrogen, heat = power + made, hydrogen + used, heat + heat_made
    return power, hydrogen, heat


@bare_part
def settle_power(
    plant: Plant, state: PlantState, net: float, renewable: float, sellable: float, step: float
) -> tuple[float, float, float, float, float, float, bool]:
    """Settle a surplus (above zero) or a lack of power [W] with battery and grid, where so much is sellable [W].

    Below zero `sellable` is the import that a plan makes while it curtails: where it is paid to consume.

    Returns
    -------
    tuple
        Charge, discharge, sold, curtailed, bought, missing [W]; whether the battery was worn and replaced.
    """
    charge = discharge = most_in = most_out = 0.0
    if plant.has_battery:
        most_in, most_out = battery_room(plant.battery, state.battery, step)
    if net >= 0.0:
        charge = min(net, most_in)
    else:
        discharge = min(-net, most_out)
    rest = net - charge + discharge
    curtailed = min(max(rest - sellable, 0.0), max(renewable, 0.0))
    rest -= curtailed
    sold = max(rest, 0.0)
    bought = min(max(-rest, 0.0), plant.import_limit)
    missing = max(-rest, 0.0) - bought
    worn = False
    if plant.has_battery:
        _, worn = battery_step(
            plant.battery, state.battery, state.battery_points, state.battery_closed, charge, discharge, step
        )
    return charge, discharge, sold, curtailed, bought, missing, worn


@bare_part
def settle_hydrogen(
    plant: Plant, state: PlantState, view: View, hydrogen: float, offered: float, used: float, step: float
) -> tuple[float, float, float]:
    """Take by-product as far as it is used or stored, fill the store with the rest of the production or empty it.

    Returns
    -------
    tuple
        By-product taken [kg/s], electricity of the compressor [W], hydrogen vented [kg/s].
    """
    by_product = min(offered, max(used - hydrogen, 0.0) + max(view.store_room - max(hydrogen - used, 0.0), 0.0))
    surplus = hydrogen + by_product - used
    compressed = vented = 0.0
    if surplus > 0.0:
        stored, work = fill(
            plant.store, plant.work, plant.supply_pressure, state.mass, state.pressure, surplus * step, step
        )
        compressed = work / step
        vented = max(surplus - stored / step, 0.0)
        if vented <= ROUNDING * surplus:
            vented = 0.0
    elif surplus < 0.0:
        draw(plant.store, state.mass, state.pressure, plant.delivery_pressure, -surplus * step, step)
    return by_product, compressed, vented


@bare_part
def deliver(
    plant: Plant,
    state: PlantState,
    view: View,
    demand: float,
    own: float,
    produced: float,
    power: float,
    room: float,
    step: float,
) -> tuple[float, float, float]:
    """Deliver to the demand [kg/s] from the plant's own hydrogen less that of the station, then from the store.

    A pipeline takes what it has `room` for. From the store and from by-product it takes no more than the `power` [W]
    that is left can compress.

    Returns
    -------
    tuple
        Hydrogen into the pipeline (to the demand at once without one) and to the demand [kg/s]; power of the pipeline.
    """
    if not plant.has_pipeline:
        at_once = min(demand, max(own + view.at_hand, 0.0))
        return at_once, at_once, 0.0
    work = largest_work(plant.pipeline)
    if work > 0.0:
        room = min(room, max(max(power, 0.0) / work, min(own, produced)))
    inflow, outflow, state.pipeline[0] = feed_pipeline(
        plant.pipeline, state.pipeline[0], own, view.at_hand, demand, room, step
    )
    return inflow, outflow, pipeline_power(plant.pipeline, state.pipeline[0], inflow)


@bare_part
def plant_step(
    plant: Plant,
    state: PlantState,
    arrivals: Arrivals,
    sizes: Sizes,
    reserve: Reserve,
    view: View,
    outside: Outside,
    set_point: SetPoint,
    now: float,
    step: float,
    row: Row,
) -> None:
    """Carry out a set-point for one interval that begins `now` [s], and fill `row`."""
    rates, levels, before = row.rates, row.levels, sum_of(state.mass)
    supply = (view.renewable + plant.import_limit - view.station_power) / view.overhead
    accepted = outside.demand
    if plant.has_pipeline:
        accepted = pipeline_room(plant.pipeline, state.pipeline[0], outside.demand, step)
    most = view.store_room + accepted + view.station_room
    power = hydrogen = heat = 0.0
    if sizes.electrolysers > 0.0:
        power, hydrogen, heat = run_electrolysers(
            plant, state, row.sizes, set_point.electrolysers, set_point.go_cold, supply, most, row.electrolysers
        )
    offered = hydrogen + outside.by_product + view.at_hand
    if plant.has_station:
        station_step(plant.station, arrivals, state.station, now, step, offered, row.station)
    taken, of_station = row.station[_TAKEN], station_power(row.station)
    own = hydrogen + outside.by_product - taken
    entered, delivered, of_pipeline = deliver(
        plant,
        state,
        view,
        outside.demand,
        own,
        hydrogen,
        view.renewable + plant.import_limit - of_station - power,
        accepted,
        step,
    )
    left = own - entered
    if set_point.from_store:
        left += view.at_hand
    requested = min(
        set_point.fuel_cells, set_point.fuel_cell_export + power + of_station + of_pipeline - view.renewable
    )
    if hydrogen > 0.0:  # an electrolyser and a fuel cell at once would only lose energy
        requested = 0.0
    generated, consumed, recovered = run_fuel_cells(
        plant, state, requested, max(left, 0.0), step, row.fuel_cells, row.events
    )
    used = taken + entered + consumed
    by_product, compressed, vented = settle_hydrogen(plant, state, view, hydrogen, outside.by_product, used, step)
    net = view.renewable + generated - power - of_station - of_pipeline - compressed
    charge, discharge, sold, curtailed, bought, missing, worn = settle_power(
        plant, state, net, view.renewable, outside.sellable, step
    )
    row.battery_replacements[0] += 1.0 if worn else 0.0
    rates[WIND], rates[PANELS], rates[FUEL_CELLS], rates[DISCHARGED] = (
        outside.wind,
        outside.panels,
        generated,
        discharge,
    )
    rates[IMPORTED], rates[MISSING], rates[EXPORTED], rates[CURTAILED] = bought, missing, sold, curtailed
    rates[ELECTROLYSERS], rates[COMPRESSOR], rates[STATION], rates[CHARGED] = power, compressed, of_station, charge
    rates[PIPELINE], rates[TO_PIPELINE] = of_pipeline, entered
    rates[HEAT_ELECTROLYSERS], rates[HEAT_FUEL_CELLS] = heat, recovered
    rates[PRODUCED], rates[BY_PRODUCT], rates[TO_STATION] = hydrogen, by_product, taken
    rates[DELIVERED], rates[TO_FUEL_CELLS], rates[VENTED] = delivered, consumed, vented
    rates[DISPENSED], rates[REQUESTED] = row.station[_DISPENSED], row.station[_REQUESTED]
    rates[UNSERVED], rates[UNMET] = row.station[_UNSERVED], outside.demand - delivered
    if reserve.exists:
        activate(plant, state, reserve, outside, before, step, row)
    rates[SALES] = rates[EXPORTED] * outside.sale_price
    rates[CONTRACTS] = rates[EXPORTED] * outside.contract_price
    rates[PURCHASES] = rates[IMPORTED] * outside.purchase_price
    levels[0] = sum_of(state.mass)
    levels[1] = state.station.buffer[0] + sum_of(state.station.mass)
    levels[2] = row.station[_PENDING]
    levels[3], levels[4] = state.battery[0], state.battery[2]
    levels[5], levels[6] = row.station[_WAITED], row.station[_QUEUE]
    if plant.has_pipeline:
        levels[7], levels[8] = state.pipeline[0], pipeline_pressure(plant.pipeline, state.pipeline[0])
