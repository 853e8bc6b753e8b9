"""A plant through time under a rule or a schedule of set-points: every interval of the record, and totals by year.

Index t interval of the record (n), used again and again until the years are full; y year; p electrolyser; c fuel cell.
"""

from typing import NamedTuple

from testsite_kernels.dispatch.rule import SCHEDULE, Rule, set_point_of
from testsite_kernels.electrolysis.stack import CURRENT, TEMPERATURE
from testsite_kernels.electrolysis.stacks import add_interval, close_year, open_year
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_kernel, bare_part
from testsite_kernels.numerics.sums import copy_row, copy_table
from testsite_kernels.plant.machines import (
    Outside,
    Plant,
    PlantState,
    Reserve,
    Row,
    SetPoint,
)
from testsite_kernels.plant.refuelling import Arrivals
from testsite_kernels.plant.step import plant_step
from testsite_kernels.plant.view import sizes_of, view_of
from testsite_kernels.storage.banks import update_pressures
from testsite_kernels.storage.properties import isotherm_pressure


class PlantSeries(NamedTuple):
    """What comes from outside over the record (n): [W], [kg/s], [EUR/J].

    `signal` is the price that a rule looks at, `promised` the power promised to the grid; `ordered` (n, 2) the orders
    of reserves up and down, no rows where nothing is reserved; `schedule` (n, 3) the set-points of electrolysers and
    fuel cells and whether the former go cold, no rows where a rule decides.
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


class PlantOutput(NamedTuple):
    """What the kernel fills; the series cover the first passage through the record, the totals every year."""

    rates: Floats  # (n, RATES)
    levels: Floats  # (n, LEVELS)
    electrolysers: Floats  # (n, p, OF_ELECTROLYSERS)
    fuel_cells: Floats  # (n, c, OF_FUEL_CELLS)
    set_points: Floats  # (n, 3), as a schedule
    mass: Floats  # (n, b)
    pressure: Floats
    station_flows: Floats  # (n, STATION_FLOWS)
    station_buffer: Floats  # (n, 2): mass and pressure
    station_mass: Floats  # (n, b) of the station's banks
    station_pressure: Floats
    totals: Floats  # (y, RATES): rates times time
    electrolyser_totals: Floats  # (y, p, 3): energy, hydrogen, heat
    fuel_cell_totals: Floats  # (y, c, 3)
    fuel_cell_events: Floats  # (y, c, EVENTS_OF_FUEL_CELLS)
    fuel_cell_lost: Floats  # (y, c): voltage that a cell has lost at the end of the year [V]
    battery_replacements: Floats  # (y)
    last_levels: Floats  # (y, LEVELS)
    tallies: tuple[Floats, ...]  # (y, s, TALLY) of each electrolyser
    stack_series: tuple[Floats, ...]  # (n, s, 2): current density [A/m2], temperature [K]; no rows by curve


@bare_part
def begin_row(plant: Plant, row: Row) -> None:
    """Begin with an empty row; the station draws its auxiliaries."""
    if plant.has_station:
        row.station[2] = plant.station.auxiliary_power


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
def scheduled(series: PlantSeries, t: int, fuel_cell_export: float) -> SetPoint:
    """Return the set-points of a schedule; a plan may curtail wind in favour of a fuel cell."""
    row = series.schedule
    return SetPoint(row[t, 0], row[t, 1], row[t, 2] > 0.0, True, fuel_cell_export)


@bare_part
def keep_row(plant: Plant, state: PlantState, row: Row, set_point: SetPoint, t: int, out: PlantOutput) -> None:
    """Keep an interval of the first passage through the record."""
    copy_row(row.rates, out.rates, t)
    copy_row(row.levels, out.levels, t)
    copy_table(row.electrolysers, out.electrolysers, t)
    copy_table(row.fuel_cells, out.fuel_cells, t)
    out.set_points[t, 0], out.set_points[t, 1] = set_point.electrolysers, set_point.fuel_cells
    out.set_points[t, 2] = 1.0 if set_point.go_cold else 0.0
    copy_row(state.mass, out.mass, t)
    copy_row(state.pressure, out.pressure, t)
    for p in range(len(plant.electrolysers)):
        kept = out.stack_series[p]
        if kept.shape[0] > 0:
            for s in range(kept.shape[1]):
                kept[t, s, 0], kept[t, s, 1] = state.stacks[p][s, CURRENT], state.stacks[p][s, TEMPERATURE]
    if plant.has_station:
        copy_row(row.station, out.station_flows, t)
        copy_row(state.station.mass, out.station_mass, t)
        copy_row(state.station.pressure, out.station_pressure, t)
        out.station_buffer[t, 0] = state.station.buffer[0]
        out.station_buffer[t, 1] = isotherm_pressure(
            plant.station.buffer_isotherm, 0, state.station.buffer[0] / plant.station.buffer_volume
        )


@bare_part
def begin_year(plant: Plant, state: PlantState, y: int, out: PlantOutput) -> None:
    """Open the books of a year: nothing yet, and what stacks have done up to now."""
    for k in range(out.totals.shape[1]):
        out.totals[y, k] = 0.0
    for p in range(len(plant.electrolysers)):
        for k in range(3):
            out.electrolyser_totals[y, p, k] = 0.0
        open_year(state.stacks[p], out.tallies[p], y)
    for c in range(len(plant.fuel_cells)):
        for k in range(3):
            out.fuel_cell_totals[y, c, k] = 0.0


@bare_part
def begin_plant(plant: Plant, state: PlantState) -> None:
    """Set the pressures that follow from the contents."""
    update_pressures(plant.store, state.mass, state.pressure)
    if plant.has_station:
        update_pressures(plant.station.banks, state.station.mass, state.station.pressure)


@bare_part
def add_to_year(plant: Plant, state: PlantState, row: Row, step: float, y: int, out: PlantOutput) -> None:
    """Add an interval to the totals of its year."""
    for k in range(row.rates.size):
        out.totals[y, k] += row.rates[k] * step
    for p in range(len(plant.electrolysers)):
        for k in range(3):
            out.electrolyser_totals[y, p, k] += row.electrolysers[p, k] * step
        add_interval(state.stacks[p], out.tallies[p], y)
    for c in range(len(plant.fuel_cells)):
        for k in range(3):
            out.fuel_cell_totals[y, c, k] += row.fuel_cells[c, k] * step


@bare_part
def end_year(plant: Plant, state: PlantState, row: Row, intervals: int, y: int, out: PlantOutput) -> None:
    """Close the books of a year."""
    copy_row(row.levels, out.last_levels, y)
    copy_table(row.events, out.fuel_cell_events, y)
    out.battery_replacements[y] = row.battery_replacements[0]
    row.battery_replacements[0] = 0.0
    for c in range(len(plant.fuel_cells)):
        out.fuel_cell_lost[y, c] = state.fuel_cells[c, 0]
        for k in range(row.events.shape[1]):
            row.events[c, k] = 0.0
    for p in range(len(plant.electrolysers)):
        close_year(state.stacks[p], out.tallies[p], y, intervals)


@bare_kernel
def run_plant(
    plant: Plant,
    state: PlantState,
    reserve: Reserve,
    rule: Rule,
    series: PlantSeries,
    arrivals: Arrivals,
    step: float,
    steps_per_year: int,
    degradation: float,
    row: Row,
    out: PlantOutput,
) -> None:
    """Run the plant for the years of `out.totals`; panels lose `degradation` [1/year] of their power each year.

    `row` is room for an interval.
    """
    n = series.wind.size
    begin_plant(plant, state)
    begin_row(plant, row)
    sizes = sizes_of(plant, state, row.sizes)
    for y in range(out.totals.shape[0]):
        begin_year(plant, state, y, out)
        health = max(1.0 - degradation * y, 0.0)
        for i in range(steps_per_year):
            now = y * steps_per_year + i
            t = now % n
            outside = outside_at(series, t, health)
            view = view_of(plant, state, sizes, row.station, outside.wind, outside.panels, step)
            if rule.number == SCHEDULE:
                set_point = scheduled(series, t, plant.export_limit + max(view.renewable, 0.0))
            else:
                set_point = set_point_of(rule, sizes, plant, view, outside, series.signal[t], series.promised[t])
            plant_step(plant, state, arrivals, sizes, reserve, view, outside, set_point, now * step, step, row)
            add_to_year(plant, state, row, step, y, out)
            if now < n:
                keep_row(plant, state, row, set_point, now, out)
        end_year(plant, state, row, steps_per_year, y, out)
