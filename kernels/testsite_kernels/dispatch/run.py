"""A plant through time under a rule or a schedule of set-points: every interval of the record, and totals by year.

Index t interval of the record (n), used again and again until the years are full; y year; p electrolyser; c fuel cell.
"""

from typing import NamedTuple

import numpy as np

from testsite_kernels.dispatch.rule import SCHEDULE, Rule, set_point_of
from testsite_kernels.electrolysis.stack import CURRENT, TEMPERATURE
from testsite_kernels.electrolysis.stacks import add_interval, close_year, open_year
from testsite_kernels.numerics.arrays import TYPED_ZERO, Floats
from testsite_kernels.numerics.compile_options import bare_kernel, bare_part
from testsite_kernels.numerics.sums import copy_row, copy_table
from testsite_kernels.plant.machines import (
    BLOCK,
    COLUMNS,
    RATES,
    Block,
    Equipment,
    EquipmentState,
    Outside,
    Running,
    SetPoint,
)
from testsite_kernels.plant.refuelling import AUXILIARY
from testsite_kernels.plant.step import plant_step
from testsite_kernels.plant.view import sizes_of, view_of
from testsite_kernels.storage.banks import update_pressures
from testsite_kernels.storage.properties import isotherm_pressure


class PlantSeries(NamedTuple):
    """What comes from outside over the record (n): [W], [kg/s], [EUR/J].

    `signal` is the price that a rule looks at, `promised` the power promised to the grid; `ordered` (n, 2) the orders
    of reserves up and down, no rows where nothing is reserved; `schedule` (n, 4) the set-points of electrolysers and
    fuel cells, whether the former go cold, and of by-product [kg/s], no rows where a rule decides; `aims` (n, k) what
    each store shall hold after the interval [kg], no rows where nothing is said about it.
    """

    wind: Floats
    panels: Floats
    by_product: Floats
    demand: Floats
    sale_price: Floats
    purchase_price: Floats
    contract_price: Floats
    sellable: Floats
    signal: Floats
    promised: Floats
    ordered: Floats
    schedule: Floats
    aims: Floats


class Years(NamedTuple):
    """How many intervals a year has, and which share of their power panels lose each year [1/year]."""

    intervals: int
    degradation: float


class EquipmentOutput(NamedTuple):
    """What the kernel fills of equipment."""

    pressure: Floats  # (n, b) of the store's banks
    station_flows: Floats  # (n, STATION_FLOWS)
    station_buffer: Floats  # (n, 2): mass and pressure
    station_mass: Floats  # (n, b) of the station's banks
    station_pressure: Floats
    stack_series: tuple[Floats, ...]  # (n, s, 2): current density [A/m2], temperature [K]; no rows by curve
    tallies: tuple[Floats, ...]  # (y, s, TALLY) of each electrolyser; no stacks of one by its curve
    battery_replacements: Floats  # (y)


class PlantOutput(NamedTuple):
    """What the kernel fills: the series cover the first intervals, as many as they have rows, the totals every year."""

    rates: Floats  # (n, RATES)
    levels: Floats  # (n, LEVELS)
    electrolysers: Floats  # (n, p, OF_ELECTROLYSERS)
    fuel_cells: Floats  # (n, c, OF_FUEL_CELLS)
    set_points: Floats  # (n, 4), as a schedule
    mass: Floats  # (n, b)
    totals: Floats  # (y, RATES): rates times time
    electrolyser_totals: Floats  # (y, p, 3): energy, hydrogen, heat
    fuel_cell_totals: Floats  # (y, c, 3)
    fuel_cell_events: Floats  # (y, c, EVENTS_OF_FUEL_CELLS)
    fuel_cell_lost: Floats  # (y, c): voltage that a cell has lost at the end of the year [V]
    last_levels: Floats  # (y, LEVELS)
    curve_tallies: Floats  # (p, y, 1, TALLY) of each electrolyser by its curve
    equipment: EquipmentOutput | None  # None where the plant has none


@bare_part
def outside_at(series: PlantSeries, t: int, health: float) -> Outside:
    """Return what comes from outside in an interval; panels give a share `health` of their power."""
    up = down = 0.0
    if series.ordered.shape[0] > 0:
        up, down = series.ordered[t, 0], series.ordered[t, 1]
    return Outside(
        series.wind[t],
        series.panels[t] * health,
        series.by_product[t],
        series.demand[t],
        series.sale_price[t],
        series.purchase_price[t],
        series.contract_price[t],
        series.sellable[t],
        up,
        down,
    )


@bare_part
def scheduled(rule: Rule, series: PlantSeries, t: int, fuel_cell_export: float) -> SetPoint:
    """Return the set-points of a schedule; a plan may curtail wind in favour of a fuel cell."""
    row = series.schedule
    return SetPoint(row[t, 0], row[t, 1], row[t, 2] > 0.0, True, fuel_cell_export, row[t, 3], rule.by_product_serves)


@bare_part
def set_aims(state: EquipmentState | None, aims: Floats, t: int) -> None:
    """Set what each store shall hold after an interval [kg], where that is said."""
    if state is None:
        return
    for k in range(state.aims.size):
        state.aims[k] = aims[t, k]


@bare_part
def keep_equipment(
    equipment: Equipment | None, state: EquipmentState | None, t: int, out: EquipmentOutput | None
) -> None:
    """Keep what banks, stacks and station hold at the end of an interval."""
    if equipment is None or state is None or out is None:
        return
    copy_row(state.pressure, out.pressure, t)
    for p in range(len(state.stacks)):
        kept = out.stack_series[p]
        if kept.shape[0] > 0:
            for s in range(kept.shape[1]):
                kept[t, s, 0], kept[t, s, 1] = state.stacks[p][s, CURRENT], state.stacks[p][s, TEMPERATURE]
    if equipment.has_station:
        station, buffer = equipment.station, state.station.buffer[0]
        copy_row(state.station_flows, out.station_flows, t)
        copy_row(state.station.mass, out.station_mass, t)
        copy_row(state.station.pressure, out.station_pressure, t)
        out.station_buffer[t, 0] = buffer
        out.station_buffer[t, 1] = isotherm_pressure(station.buffer_isotherm, 0, buffer / station.buffer_volume)


@bare_part
def keep_interval(running: Running, set_point: SetPoint, t: int, out: PlantOutput) -> None:
    """Keep the set-point of an interval, and what stores, stacks and station hold at its end."""
    state = running.state
    out.set_points[t, 0], out.set_points[t, 1] = set_point.electrolysers, set_point.fuel_cells
    out.set_points[t, 2], out.set_points[t, 3] = 1.0 if set_point.go_cold else 0.0, set_point.by_product
    copy_row(state.mass, out.mass, t)
    keep_equipment(running.plant.equipment, state.equipment, t, out.equipment)


@bare_part
def keep_block(block: Block, count: int, t: int, out: PlantOutput) -> None:
    """Keep the first `count` rows of the block as the intervals from t on."""
    for i in range(count):
        for k in range(len(RATES)):
            out.rates[t + i, k] = block.rates[i, k]
        for k in range(block.levels.shape[1]):
            out.levels[t + i, k] = block.levels[i, k]
        for p in range(block.electrolysers.shape[1]):
            for k in range(block.electrolysers.shape[2]):
                out.electrolysers[t + i, p, k] = block.electrolysers[i, p, k]
        for c in range(block.fuel_cells.shape[1]):
            for k in range(block.fuel_cells.shape[2]):
                out.fuel_cells[t + i, c, k] = block.fuel_cells[i, c, k]


@bare_part
def add_machines(rows: Floats, m: int, count: int, step: float, totals: Floats, y: int) -> None:
    """Add energy, hydrogen and heat of the machine m, the first `count` rows (i, machine, column), to totals."""
    energy, hydrogen, heat = totals[y, m, 0], totals[y, m, 1], totals[y, m, 2]
    for i in range(count):
        energy += rows[i, m, 0] * step
        hydrogen += rows[i, m, 1] * step
        heat += rows[i, m, 2] * step
    totals[y, m, 0], totals[y, m, 1], totals[y, m, 2] = energy, hydrogen, heat


@bare_part
def add_rows(rows: Floats, count: int, sums: Floats) -> None:
    """Add the first `count` rows to the sums of their columns, each in order.

    Four rows at once, so that sums are read and written a quarter as often; columns are added side by side.
    """
    whole = count - count % 4
    for i in range(0, whole, 4):
        for k in range(sums.size):
            sums[k] = sums[k] + rows[i, k] + rows[i + 1, k] + rows[i + 2, k] + rows[i + 3, k]
    for i in range(whole, count):
        for k in range(sums.size):
            sums[k] += rows[i, k]


@bare_part
def add_block(block: Block, count: int, step: float, y: int, out: PlantOutput) -> None:
    """Add the first `count` rows of the block to the totals of their year.

    A place without a machine adds nothing; what is wholly kept in reserve is a first machine.
    """
    add_rows(block.rates, count, block.sums)
    for p in range(block.electrolysers.shape[1]):
        if p == 0 or block.sizes[p] > 0.0:
            add_machines(block.electrolysers, p, count, step, out.electrolyser_totals, y)
    for c in range(block.fuel_cells.shape[1]):
        add_machines(block.fuel_cells, c, count, step, out.fuel_cell_totals, y)


@bare_part
def add_wear(carried: EquipmentState | None, out: EquipmentOutput | None, y: int) -> None:
    """Add the wear of the stacks in an interval, of which the year has the mean."""
    if carried is None or out is None:
        return
    for p in range(len(carried.stacks)):
        add_interval(carried.stacks[p], out.tallies[p], y)


@bare_part
def open_equipment(carried: EquipmentState | None, out: EquipmentOutput | None, y: int) -> None:
    """Note what stacks have done up to the start of a year."""
    if carried is None or out is None:
        return
    for p in range(len(carried.stacks)):
        open_year(carried.stacks[p], out.tallies[p], y)


@bare_part
def close_equipment(carried: EquipmentState | None, out: EquipmentOutput | None, y: int, intervals: int) -> None:
    """Close the books of stacks and battery for a year of a number of intervals."""
    if carried is None or out is None:
        return
    out.battery_replacements[y] = carried.battery_replacements[0]
    carried.battery_replacements[0] = 0.0
    for p in range(len(carried.stacks)):
        close_year(carried.stacks[p], out.tallies[p], y, intervals)


@bare_part
def begin_year(running: Running, y: int, out: PlantOutput) -> None:
    """Open the books of a year: nothing yet, and what stacks have done up to now."""
    for k in range(COLUMNS):
        running.block.sums[k] = 0.0
    for p in range(out.curve_tallies.shape[0]):
        for k in range(3):
            out.electrolyser_totals[y, p, k] = 0.0
        open_year(running.state.curves[p], out.curve_tallies[p], y)
    open_equipment(running.state.equipment, out.equipment, y)
    for c in range(len(running.plant.fuel_cells)):
        for k in range(3):
            out.fuel_cell_totals[y, c, k] = 0.0


@bare_part
def begin_equipment(equipment: Equipment | None, carried: EquipmentState | None, mass: Floats) -> None:
    """Set the pressures that follow from the contents of store and station; the station draws its auxiliaries."""
    if equipment is None or carried is None:
        return
    if not equipment.has_tank:
        update_pressures(equipment.stores.banks, mass, carried.pressure)
    if equipment.has_station:
        update_pressures(equipment.station.banks, carried.station.mass, carried.station.pressure)
        carried.station_flows[AUXILIARY] = equipment.station.auxiliary_power


@bare_part
def end_year(running: Running, last: int, intervals: int, y: int, out: PlantOutput) -> None:
    """Close the books of a year of a number of intervals, of which the row `last` of the block is the last."""
    block = running.block
    for k in range(out.totals.shape[1]):
        out.totals[y, k] = block.sums[k] * running.step
    for k in range(block.levels.shape[1]):
        out.last_levels[y, k] = block.levels[last, k]
    copy_table(block.events, out.fuel_cell_events, y)
    for c in range(len(running.plant.fuel_cells)):
        out.fuel_cell_lost[y, c] = running.state.fuel_cells[c, 0]
        for k in range(block.events.shape[1]):
            block.events[c, k] = 0.0
    for p in range(out.curve_tallies.shape[0]):
        close_year(running.state.curves[p], out.curve_tallies[p], y, intervals)
    close_equipment(running.state.equipment, out.equipment, y, intervals)


@bare_kernel
def run_plant(running: Running, rule: Rule, series: PlantSeries, years: Years, out: PlantOutput) -> None:
    """Run the plant for the years of `out.totals`; see `Running`, `PlantSeries` and `Years`.

    Intervals are booked by blocks: a sum that is added to in every one of them is a chain that nothing overtakes.
    """
    step, n, kept = running.step, series.wind.size, out.rates.shape[0]
    begin_equipment(running.plant.equipment, running.state.equipment, running.state.mass)
    sizes = sizes_of(running)
    now = t = last = TYPED_ZERO
    for y in range(out.totals.shape[0]):
        begin_year(running, y, out)
        health = max(1.0 - years.degradation * y, 0.0)
        end = now + years.intervals
        while now < end:
            first, count = now, min(BLOCK, end - now)
            for i in range(count):
                at = np.uint64(t)  # an index without a sign is not looked up from the end
                outside = outside_at(series, at, health)
                set_aims(running.state.equipment, series.aims, at)
                view = view_of(running, sizes, outside)
                if rule.number == SCHEDULE:
                    set_point = scheduled(rule, series, at, running.plant.export_limit + max(view.renewable, 0.0))
                else:
                    set_point = set_point_of(
                        rule, sizes, running, view, outside, series.signal[at], series.promised[at]
                    )
                plant_step(running, sizes, view, outside, set_point, now * step, i)
                add_wear(running.state.equipment, out.equipment, y)
                if now < kept:
                    keep_interval(running, set_point, now, out)
                now += 1
                t = t + 1 if t + 1 < n else 0
            add_block(running.block, count, step, y, out)
            keep_block(running.block, min(count, kept - first), first, out)
            last = count - 1
        end_year(running, last, years.intervals, y, out)
