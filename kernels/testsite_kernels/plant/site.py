"""A hydrogen site through its life: wind, panels, electrolysers, by-product, store, station, fuel cell, battery, grid.

Index t interval, counted on through the years; y year; p electrolysis plant (two places, one or both empty); s stack;
b bank. Power [W] at AC terminals, hydrogen [kg/s], contents [kg, J].

The order of one interval:
1. electrolysers take what wind and panels leave after what the station drew before and what the store's compressor
   will draw; also grid power while the site's level stands below `assist_level` or the price below `assist_price`;
   never more hydrogen than store, station and demand can take;
2. the station takes from production, by-product and store what its buffer has room for, and serves its vehicles;
3. the demand, then the fuel cell, take from what is left; the fuel cell from the store only above `reserve_level`;
4. by-product is taken as far as it is used or stored; the rest of the production fills the store, a lack empties it;
5. a surplus of power charges the battery, is sold, or curtailed where a sale would cost money; a lack is met by the
   battery, then by the grid. What even the grid's limit does not let in is recorded as missing.

Energy:   wind + panels + fuel cell + discharge + import + missing
          = electrolysers + compressor + station + charge + export + curtailed
Hydrogen: produced + by-product = to station + delivered + to fuel cell + vented + change of the store
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.electrolysis.stack import DRAWN, MADE, REPLACEMENTS, RUNNING, STARTS, ElectrolysisPlant, rise_of
from testsite_kernels.electrolysis.stacks import close_year, electrolysis_step
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import kernel, part
from testsite_kernels.plant.fuel_cell import FuelCellPlant, fuel_cell_step
from testsite_kernels.plant.refuelling import FLOWS as STATION_FLOWS
from testsite_kernels.plant.refuelling import Arrivals, State, Station, station_step
from testsite_kernels.storage.banks import Banks, draw, fill, room_in, update_pressures
from testsite_kernels.storage.battery import Battery, battery_room, battery_step
from testsite_kernels.storage.compression import WorkTable, table_work
from testsite_kernels.storage.properties import isotherm_density, isotherm_pressure

RATES = (
    "power_wind",
    "power_photovoltaics",
    "power_fuel_cell",
    "power_discharged",
    "power_imported",
    "power_missing",
    "power_electrolysers",
    "power_compressor",
    "power_station",
    "power_charged",
    "power_exported",
    "power_curtailed",
    "heat_electrolysers",
    "heat_fuel_cell",
    "hydrogen_produced",
    "hydrogen_by_product",
    "hydrogen_to_station",
    "hydrogen_delivered",
    "hydrogen_to_fuel_cell",
    "hydrogen_vented",
    "hydrogen_dispensed",
    "hydrogen_requested",
    "hydrogen_unserved",
    "hydrogen_unmet",
    "sales",  # [EUR/s]
    "purchases",
)
(
    WIND, PANELS, FUEL_CELL, DISCHARGED, IMPORTED, MISSING, ELECTROLYSERS, COMPRESSOR, STATION, CHARGED, EXPORTED,
    CURTAILED, HEAT_ELECTROLYSERS, HEAT_FUEL_CELL, PRODUCED, BY_PRODUCT, TO_STATION, DELIVERED, TO_FUEL_CELL, VENTED,
    DISPENSED, REQUESTED, UNSERVED, UNMET, SALES, PURCHASES,
) = range(len(RATES))  # fmt: skip
LEVELS = (
    "hydrogen_stored",  # [kg] in the store, at the end of the interval
    "hydrogen_in_station",  # [kg] in buffer and banks
    "hydrogen_pending",  # [kg] that vehicles at the station still wait for
    "battery_content",  # [J]
    "battery_capacity_lost",
    "fuel_cell_voltage_lost",  # [V]
    "waiting_time",  # [s], summed over vehicles that began to fill or left
    "queue",
)
EVENTS = ("fuel_cell_running", "fuel_cell_starts", "fuel_cell_replacements", "battery_replacements")
PLANTS = 2  # places for electrolysis plants
_TAKEN, _DISPENSED, _REQUESTED, _UNSERVED, _PENDING, _WAITED, _QUEUE = 0, 1, 6, 7, 8, 9, 10  # of STATION_FLOWS


class Site(NamedTuple):
    """The site as plain numbers and the parts that it is made of; `has_…` tells which of them exist."""

    electrolysers: tuple[ElectrolysisPlant, ElectrolysisPlant]
    assist_level: float
    assist_price: float  # [EUR/J]
    banks: Banks
    work: WorkTable
    compressor_capacity: float  # [kg/s]
    supply_pressure: float  # [Pa]
    delivery_pressure: float
    has_station: bool
    station: Station
    has_fuel_cell: bool
    fuel_cell: FuelCellPlant
    generate_above: float  # [EUR/J]
    reserve_level: float
    has_battery: bool
    battery: Battery
    export_limit: float  # [W]
    import_limit: float


class SiteState(NamedTuple):
    """What the site carries from interval to interval."""

    stacks: tuple[Floats, Floats]
    orders: tuple[NDArray[np.int64], NDArray[np.int64]]
    clocks: tuple[Floats, Floats]
    mass: Floats  # of the store's banks (b)
    pressure: Floats
    station: State
    fuel_cell: Floats  # voltage lost, whether it runs
    battery: Floats
    battery_points: Floats
    battery_closed: Floats


class SiteSeries(NamedTuple):
    """What comes from outside, over the record (n), used again and again: [W], [kg/s], [EUR/J]."""

    wind: Floats
    panels: Floats
    by_product: Floats
    demand: Floats
    sale_price: Floats
    purchase_price: Floats


class SiteOutput(NamedTuple):
    """What the kernel fills; the series cover the first passage through the record, the totals every year."""

    rates: Floats  # (n, RATES)
    levels: Floats  # (n, LEVELS)
    plants: Floats  # (n, p, 3): power, hydrogen, heat of each electrolysis plant
    mass: Floats  # (n, b)
    pressure: Floats
    station_flows: Floats  # (n, STATION_FLOWS)
    station_buffer: Floats  # (n, 2): mass and pressure
    station_mass: Floats  # (n, b) of the station's banks
    station_pressure: Floats
    totals: Floats  # (y, RATES): rates times time
    plant_totals: Floats  # (y, p, 3)
    events: Floats  # (y, EVENTS)
    last_levels: Floats  # (y, LEVELS)
    tallies: tuple[Floats, Floats]  # (y, s, TALLY)


@part
def drawable(site: Site, mass: Floats, pressure: Floats, step: float) -> float:
    """Return what `draw` would give from the store at most [kg/s]."""
    banks = site.banks
    total = 0.0
    for b in range(mass.size):
        if pressure[b] > site.delivery_pressure:
            least = banks.volume[b] * isotherm_density(banks.isotherms, b, site.delivery_pressure)
            total += max(min(mass[b] - max(banks.minimum[b], least), banks.draw_limit[b] * step), 0.0)
    return total / step


@part
def site_level(site: Site, state: SiteState) -> float:
    """Return what store and station could still give over what they could give full, by mass."""
    content = size = 0.0
    for b in range(state.mass.size):
        content += state.mass[b] - site.banks.minimum[b]
        size += site.banks.capacity[b] - site.banks.minimum[b]
    if site.has_station:
        content += state.station.buffer[0] - site.station.buffer_minimum
        size += site.station.buffer_capacity - site.station.buffer_minimum
        for b in range(state.station.mass.size):
            content += state.station.mass[b] - site.station.banks.minimum[b]
            size += site.station.banks.capacity[b] - site.station.banks.minimum[b]
    return content / size if size > 0.0 else 1.0


@part
def station_room(site: Site, state: SiteState, step: float) -> float:
    """Return what the buffer of the station takes in a step for certain [kg/s]."""
    if not site.has_station:
        return 0.0
    room = max(site.station.buffer_capacity - state.station.buffer[0], 0.0) / step
    return min(min(room, site.station.buffer_fill_limit), site.station.booster_capacity)


@part
def run_electrolysers(
    site: Site, state: SiteState, largest: Floats, wish: float, most: float, of_plant: Floats
) -> tuple[float, float, float]:
    """Run the electrolysis plants one after the other on a power [W], up to a most hydrogen [kg/s].

    Fills `of_plant` (p, 3); returns power [W], hydrogen [kg/s] and heat to the cooling [W] of all.
    """
    power = hydrogen = heat = 0.0
    left = max(wish, 0.0)
    for p in range(PLANTS):
        of_plant[p] = 0.0
        if largest[p] > 0.0:
            drawn, made, warmth, _, _, _, _ = electrolysis_step(
                site.electrolysers[p], state.stacks[p], state.orders[p], state.clocks[p], min(left, largest[p]), most
            )
            of_plant[p, 0], of_plant[p, 1], of_plant[p, 2] = drawn, made, warmth
            left = max(left - drawn, 0.0)
            most = max(most - made, 0.0)
            power += drawn
            hydrogen += made
            heat += warmth
    return power, hydrogen, heat


@part
def settle_power(
    site: Site, state: SiteState, net: float, renewable: float, price: float, step: float
) -> tuple[float, float, float, float, float, float, bool]:
    """Settle a surplus (above zero) or a lack of power [W] with battery and grid, at a price of sale [EUR/J].

    Returns
    -------
    tuple
        Charge, discharge, sold, curtailed, bought, missing [W]; whether the battery was worn and replaced.
    """
    charge = discharge = sold = curtailed = bought = missing = most_in = most_out = 0.0
    if site.has_battery:
        most_in, most_out = battery_room(site.battery, state.battery, step)
    if net >= 0.0:
        charge = min(net, most_in)
        rest = net - charge
        curtailed = min(max(rest - (site.export_limit if price >= 0.0 else 0.0), 0.0), renewable)
        sold = rest - curtailed
    else:
        discharge = min(-net, most_out)
        bought = min(-net - discharge, site.import_limit)
        missing = -net - discharge - bought
    worn = False
    if site.has_battery:
        _, worn = battery_step(
            site.battery, state.battery, state.battery_points, state.battery_closed, charge, discharge, step
        )
    return charge, discharge, sold, curtailed, bought, missing, worn


@part
def begin_year(stacks: Floats, tally: Floats) -> None:
    """Note what the stacks (s) have done up to now in `tally` (s, TALLY)."""
    for s in range(stacks.shape[0]):
        tally[s, 0], tally[s, 1], tally[s, 2] = stacks[s, MADE], stacks[s, DRAWN], stacks[s, RUNNING]
        tally[s, 3], tally[s, 4], tally[s, 6] = stacks[s, STARTS], stacks[s, REPLACEMENTS], 0.0


@kernel
def hydrogen_site(
    site: Site,
    state: SiteState,
    series: SiteSeries,
    arrivals: Arrivals,
    step: float,
    steps_per_year: int,
    degradation: float,
    out: SiteOutput,
) -> None:
    """Run the site for the years of `out.totals`; the panels lose `degradation` [1/year] of their power each year."""
    n, years = series.wind.size, out.totals.shape[0]
    update_pressures(site.banks, state.mass, state.pressure)
    station_flows = np.zeros(len(STATION_FLOWS))
    rate = np.empty(len(RATES))
    level = np.zeros(len(LEVELS))
    of_plant = np.zeros((PLANTS, 3))
    if site.has_station:
        update_pressures(site.station.banks, state.station.mass, state.station.pressure)
        station_flows[2] = site.station.auxiliary_power
    largest = np.zeros(PLANTS)
    per_joule = 0.0  # most hydrogen that a joule makes [kg/J]
    for p in range(PLANTS):
        plant = site.electrolysers[p]
        largest[p] = plant.largest * state.stacks[p].shape[0]
        if largest[p] > 0.0:
            for k in range(1, plant.hydrogen.size):
                per_joule = max(per_joule, plant.hydrogen[k] * plant.per_watt / k)
    capacity = largest.sum()
    for y in range(years):
        for p in range(PLANTS):
            begin_year(state.stacks[p], out.tallies[p][y])
        out.totals[y] = 0.0
        out.plant_totals[y] = 0.0
        out.events[y] = 0.0
        health = max(1.0 - degradation * y, 0.0)
        for i in range(steps_per_year):
            now = y * steps_per_year + i
            t = now % n
            wind, panels = series.wind[t], series.panels[t] * health
            renewable = wind + panels
            station_before = station_flows[2] + station_flows[3] + station_flows[4] + station_flows[5]
            at_hand = drawable(site, state.mass, state.pressure, step)
            offered_outside = series.by_product[t]
            # 1. electrolysers
            power = hydrogen = heat = 0.0
            store_room = min(room_in(site.banks, state.mass, step) / step, site.compressor_capacity)
            fullness = site_level(site, state)
            if capacity > 0.0:
                wish = renewable - station_before
                if fullness < site.assist_level or series.purchase_price[t] < site.assist_price:
                    wish += site.import_limit
                if state.mass.size > 0:
                    wish /= 1.0 + per_joule * table_work(site.work, site.supply_pressure, state.pressure.max())
                most = store_room + series.demand[t] + station_room(site, state, step)
                power, hydrogen, heat = run_electrolysers(site, state, largest, wish, most, of_plant)
                for p in range(PLANTS):
                    for s in range(state.stacks[p].shape[0]):
                        out.tallies[p][y, s, 6] += rise_of(state.stacks[p], s)
            # 2. station
            offered = hydrogen + offered_outside + at_hand
            if site.has_station:
                station_step(site.station, arrivals, state.station, now * step, step, offered, station_flows)
            taken = station_flows[_TAKEN]
            station_power = station_flows[2] + station_flows[3] + station_flows[4] + station_flows[5]
            # 3. demand and fuel cell
            delivered = min(series.demand[t], max(offered - taken, 0.0))
            generated = consumed = recovered = 0.0
            if site.has_fuel_cell:
                left = hydrogen + offered_outside - taken - delivered
                if fullness >= site.reserve_level:
                    left += at_hand
                wanted = 0.0
                if series.sale_price[t] >= site.generate_above:
                    # at a price below zero no more than the site itself uses: nobody pays to burn hydrogen
                    most_sold = site.export_limit if series.sale_price[t] >= 0.0 else 0.0
                    wanted = min(site.fuel_cell.capacity, most_sold + power + station_power - renewable)
                ran = state.fuel_cell[1] > 0.0
                generated, consumed, recovered, runs, lost = fuel_cell_step(
                    site.fuel_cell, state.fuel_cell[0], ran, wanted, max(left, 0.0), step
                )
                if lost >= site.fuel_cell.end_of_life:
                    lost = 0.0
                    out.events[y, 2] += 1.0
                out.events[y, 0] += step if runs else 0.0
                out.events[y, 1] += 1.0 if runs and not ran else 0.0
                state.fuel_cell[0] = lost
                state.fuel_cell[1] = 1.0 if runs else 0.0
            # 4. by-product and store
            used = taken + delivered + consumed
            by_product = min(
                offered_outside, max(used - hydrogen, 0.0) + max(store_room - max(hydrogen - used, 0.0), 0.0)
            )
            surplus = hydrogen + by_product - used
            compressed = vented = 0.0
            if surplus > 0.0:
                stored, work = fill(
                    site.banks, site.work, site.supply_pressure, state.mass, state.pressure, surplus * step, step
                )
                compressed = work / step
                vented = max(surplus - stored / step, 0.0)
            elif surplus < 0.0:
                draw(site.banks, state.mass, state.pressure, site.delivery_pressure, -surplus * step, step)
            # 5. power
            net = renewable + generated - power - station_power - compressed
            charge, discharge, sold, curtailed, bought, missing, worn = settle_power(
                site, state, net, renewable, series.sale_price[t], step
            )
            out.events[y, 3] += 1.0 if worn else 0.0
            rate[WIND], rate[PANELS], rate[FUEL_CELL], rate[DISCHARGED] = wind, panels, generated, discharge
            rate[IMPORTED], rate[MISSING] = bought, missing
            rate[ELECTROLYSERS], rate[COMPRESSOR], rate[STATION], rate[CHARGED] = (
                power,
                compressed,
                station_power,
                charge,
            )
            rate[EXPORTED], rate[CURTAILED] = sold, curtailed
            rate[HEAT_ELECTROLYSERS], rate[HEAT_FUEL_CELL] = heat, recovered
            rate[PRODUCED], rate[BY_PRODUCT], rate[TO_STATION] = hydrogen, by_product, taken
            rate[DELIVERED], rate[TO_FUEL_CELL], rate[VENTED] = delivered, consumed, vented
            rate[DISPENSED], rate[REQUESTED] = station_flows[_DISPENSED], station_flows[_REQUESTED]
            rate[UNSERVED], rate[UNMET] = station_flows[_UNSERVED], series.demand[t] - delivered
            rate[SALES], rate[PURCHASES] = sold * series.sale_price[t], bought * series.purchase_price[t]
            level[0] = state.mass.sum()
            level[1] = state.station.buffer[0] + state.station.mass.sum()
            level[2] = station_flows[_PENDING]
            level[3], level[4] = state.battery[0], state.battery[2]
            level[5] = state.fuel_cell[0]
            level[6], level[7] = station_flows[_WAITED], station_flows[_QUEUE]
            for k in range(rate.size):
                out.totals[y, k] += rate[k] * step
            for p in range(PLANTS):
                for k in range(3):
                    out.plant_totals[y, p, k] += of_plant[p, k] * step
            if now < n:
                out.rates[now] = rate
                out.levels[now] = level
                out.plants[now] = of_plant
                out.mass[now] = state.mass
                out.pressure[now] = state.pressure
                out.station_flows[now] = station_flows
                out.station_mass[now] = state.station.mass
                out.station_pressure[now] = state.station.pressure
                if site.has_station:
                    buffer = site.station
                    out.station_buffer[now, 0] = state.station.buffer[0]
                    out.station_buffer[now, 1] = isotherm_pressure(
                        buffer.buffer_isotherm, 0, state.station.buffer[0] / buffer.buffer_volume
                    )
        out.last_levels[y] = level
        for p in range(PLANTS):
            close_year(state.stacks[p], out.tallies[p][y])
            for s in range(state.stacks[p].shape[0]):
                out.tallies[p][y, s, 6] /= steps_per_year
