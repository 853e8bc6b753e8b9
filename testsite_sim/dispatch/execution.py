"""Run the machines of a plant through time, by a rule, by a schedule of set-points, or by a rolling horizon."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import xarray as xr
from testsite_kernels.dispatch.horizon import Forecasts, Room, run_rolling_horizon
from testsite_kernels.dispatch.rule import NONE, SCHEDULE, Rule
from testsite_kernels.dispatch.run import EquipmentOutput, PlantOutput, PlantSeries, Years, run_plant
from testsite_kernels.dispatch.storage_optimum import OPERATION
from testsite_kernels.dispatch.storage_stage import StorageProblem
from testsite_kernels.electrolysis.stacks import TALLY
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.limits import UNLIMITED
from testsite_kernels.plant.machines import (
    BLOCK,
    COLUMNS,
    EVENTS_OF_FUEL_CELLS,
    LEVELS,
    OF_ELECTROLYSERS,
    OF_FUEL_CELLS,
    RATES,
    Block,
    EquipmentState,
    Plant,
    PlantState,
    Reserve,
    Running,
)
from testsite_kernels.plant.refuelling import FLOWS as STATION_FLOWS
from testsite_kernels.plant.refuelling import Arrivals, StationSeries

from testsite_sim.common.units import SECONDS_PER_YEAR
from testsite_sim.configuration.grid import Grid
from testsite_sim.configuration.plant import PlantConfiguration
from testsite_sim.dispatch.concessions import FarmSales
from testsite_sim.dispatch.contracts import PaidContract, with_contracts
from testsite_sim.plant.demand import vehicle_arrivals
from testsite_sim.plant.kept import Margins
from testsite_sim.plant.lifetime import YearBooks, lifetime_dataset
from testsite_sim.plant.machines import (
    arrivals_of,
    empty_tallies,
    first_vehicles,
    machines_of,
    new_plant,
    with_aims,
)
from testsite_sim.plant.refuelling import station_dataset
from testsite_sim.plant.results import (
    Contents,
    Described,
    Filled,
    balance_residuals,
    contents_of,
    parts_of,
    plant_dataset,
)
from testsite_sim.plant.stack_work import electrolyser_stacks, fuel_cell_stacks
from testsite_sim.plant.station import check_reach

NO_RULE = Rule(NONE, 0.0, 0.0, 0.0, 0.0, 0.0, -UNLIMITED, 0.0, True)
BY_SCHEDULE = NO_RULE._replace(number=SCHEDULE)
NO_RESERVE = Reserve(0.0, 0.0, is_kept=False)


@dataclass(frozen=True)
class Surroundings:
    """What a plant works in over the record, shape (time,): [W], [kg/s], [EUR/J].

    `support` is paid per energy sold on top of the price, with what `contracts` pay per energy; `purchase_fee` per
    energy bought.
    """

    time: xr.DataArray
    step: float
    wind: Floats
    photovoltaics: Floats
    by_product: Floats
    demand: Floats
    price: Floats
    support: Floats
    purchase_fee: float
    contracts: tuple[PaidContract, ...] = ()
    sales: FarmSales | None = None

    @property
    def contract_margin(self) -> Floats:
        """What contracts add to energy sold [EUR/J]."""
        return sum((each.margin for each in self.contracts), np.zeros(self.price.size))

    @property
    def contract_fixed(self) -> Floats:
        """What contracts pay whatever the plant does [EUR/s]."""
        return sum((each.fixed for each in self.contracts), np.zeros(self.price.size))

    @property
    def sale_price(self) -> Floats:
        """What energy sold earns [EUR/J]."""
        return self.price + self.support


@dataclass(frozen=True)
class Control:
    """What a plant carries out: a rule with the price that it looks at and the power promised, or set-points.

    `signal` [EUR/J] and `promised` [W], shape (time,); `sellable` [W], shape (time,): the largest export that does not
    cost money; `schedule`, shape (time, 4): power of electrolysers and fuel cells [W], whether the former go
    cold, by-product [kg/s]; `ordered` [W], shape (time, 2): orders
    of the grid to the reserves, no rows where nothing is reserved; `aims` [kg], shape (time, store): what each store
    shall hold at the end of the interval, no rows where stores are filled and emptied in their order.
    """

    rule: Rule
    signal: Floats
    promised: Floats
    sellable: Floats
    schedule: Floats
    ordered: Floats
    reserve: Reserve | None
    margins: Margins
    aims: Floats = field(default_factory=lambda: np.empty((0, 0)))


@dataclass(frozen=True)
class Executed:
    """What the machines did: as the kernel filled it, and what it began with."""

    plant: PlantConfiguration
    surroundings: Surroundings
    machines: Plant
    output: PlantOutput
    arrivals: Arrivals
    vehicles: xr.Dataset | None
    initial: Contents
    done: int
    unsolved: int = 0


def plain_control(surroundings: Surroundings, export_limit: float, rule: Rule = NO_RULE) -> Control:
    """Return the control of a rule that looks at the market price and promises nothing."""
    n = surroundings.wind.size
    return Control(
        rule,
        surroundings.price,
        np.zeros(n),
        np.where(surroundings.sale_price < 0.0, 0.0, export_limit),
        np.empty((0, 4)),
        np.empty((0, 2)),
        None,
        Margins(),
    )


def _series(surroundings: Surroundings, control: Control, intervals: int | None = None) -> PlantSeries:
    """Return the series for the kernel, of the first intervals or of all.

    All are copied: an array that may not be written to is another type, for which the kernel would be compiled again.
    """

    def fresh(values: Floats) -> Floats:
        return np.array(np.broadcast_to(values, surroundings.wind.shape)[:intervals], np.float64)

    return PlantSeries(
        wind=fresh(surroundings.wind),
        panels=fresh(surroundings.photovoltaics),
        by_product=fresh(surroundings.by_product),
        demand=fresh(surroundings.demand),
        sale_price=fresh(surroundings.sale_price),
        purchase_price=fresh(surroundings.price + surroundings.purchase_fee),
        contract_price=fresh(surroundings.contract_margin),
        sellable=fresh(control.sellable),
        signal=fresh(control.signal),
        promised=fresh(control.promised),
        ordered=np.array(control.ordered[:intervals], np.float64),
        schedule=np.array(control.schedule[:intervals], np.float64),
        aims=np.array(control.aims[:intervals], np.float64),
    )


def _block(machines: Plant) -> Block:
    """Return room for a block of intervals."""
    p, c = machines.curves.rated.size, len(machines.fuel_cells)
    return Block(
        np.zeros((BLOCK, COLUMNS)),
        np.zeros(COLUMNS),
        np.zeros((BLOCK, len(LEVELS))),
        np.zeros((BLOCK, p, len(OF_ELECTROLYSERS))),
        np.zeros((BLOCK, c, len(OF_FUEL_CELLS))),
        np.zeros((c, len(EVENTS_OF_FUEL_CELLS))),
        np.zeros(p),
    )


def _running(machines: Plant, state: PlantState, reserve: Reserve | None, step: float) -> Running:
    """Return a plant that runs; one of equipment states as well that it keeps nothing in reserve."""
    if reserve is None and machines.equipment is not None:
        reserve = NO_RESERVE
    return Running(machines, state, reserve, step, _block(machines))


def _output(machines: Plant, state: PlantState, n: int, years: int) -> PlantOutput:
    """Return room for what the kernel fills."""
    p, c, b = machines.curves.rated.size, len(machines.fuel_cells), state.mass.size
    return PlantOutput(
        rates=np.zeros((n, len(RATES))),
        levels=np.zeros((n, len(LEVELS))),
        electrolysers=np.zeros((n, p, len(OF_ELECTROLYSERS))),
        fuel_cells=np.zeros((n, c, len(OF_FUEL_CELLS))),
        set_points=np.zeros((n, 4)),
        mass=np.zeros((n, b)),
        totals=np.zeros((years, len(RATES))),
        electrolyser_totals=np.zeros((years, p, 3)),
        fuel_cell_totals=np.zeros((years, c, 3)),
        fuel_cell_events=np.zeros((years, c, len(EVENTS_OF_FUEL_CELLS))),
        last_levels=np.zeros((years, len(LEVELS))),
        curve_tallies=np.zeros((p, years, 1, len(TALLY))),
        fuel_cell_lost=np.zeros((years, c)),
        equipment=None if state.equipment is None else _equipment_output(state.equipment, n, years),
    )


def _equipment_output(state: EquipmentState, n: int, years: int) -> EquipmentOutput:
    """Return room for what the kernel fills of equipment."""
    b, s = state.pressure.size, state.station.mass.size
    return EquipmentOutput(
        pressure=np.zeros((n, b)),
        station_flows=np.zeros((n, len(STATION_FLOWS))),
        station_buffer=np.zeros((n, 2)),
        station_mass=np.zeros((n, s)),
        station_pressure=np.zeros((n, s)),
        stack_series=tuple(np.zeros((n if len(stacks) else 0, len(stacks), 2)) for stacks in state.stacks),
        tallies=empty_tallies(state.stacks, years),
        battery_replacements=np.zeros(years),
    )


def execute(
    plant: PlantConfiguration,
    grid: Grid,
    surroundings: Surroundings,
    control: Control,
    *,
    years: int = 0,
    machines: Plant | None = None,
    series: bool = True,
    intervals: int | None = None,
) -> Executed:
    """Run the plant by a rule or a schedule.

    Parameters
    ----------
    plant : PlantConfiguration
        The machines.
    grid : Grid
        The limits of the connection.
    surroundings : Surroundings
        What the plant works in.
    control : Control
        The rule, or the schedule.
    years : int
        Of 8,760 h; the record is used again until they are full, wear carried along. 0: the record once.
    machines : Plant, optional
        Of the plant, its connection and the margins of the control, where they are known; stacks take long to make.
    series : bool
        Whether the intervals of the first passage through the record are kept; False: the totals of the years alone.
    intervals : int, optional
        Of the record that are run, the first ones, with `years` of 0; None: all.
    """
    n, step = surroundings.wind.size if intervals is None else intervals, surroundings.step
    per_year = n if years == 0 else max(round(SECONDS_PER_YEAR / step), 1)
    count = max(years, 1)
    machines = machines_of(plant, grid, step, control.margins) if machines is None else machines
    vehicles, arrivals = _vehicles(plant, surroundings, count * per_year)
    state = with_aims(new_plant(plant, machines, arrivals), control.aims)
    initial = contents_of(state)
    output = _output(machines, state, n if series else 0, count)
    degradation = 0.0 if plant.photovoltaics is None else float(plant.photovoltaics.degradation)
    running = _running(machines, state, control.reserve, step)
    run_plant(running, control.rule, _series(surroundings, control, n), Years(per_year, degradation), output)
    return Executed(plant, surroundings, machines, output, arrivals, vehicles, initial, min(n, count * per_year))


def execute_rolling(
    plant: PlantConfiguration,
    grid: Grid,
    surroundings: Surroundings,
    control: Control,
    problem: StorageProblem,
    forecasts: Forecasts,
    hydrogen_per_joule: float,
) -> Executed:
    """Run the plant once through the record by the optimum of the hours ahead; see `run_rolling_horizon`."""
    n, step = surroundings.wind.size, surroundings.step
    machines = machines_of(plant, grid, step, control.margins)
    vehicles, arrivals = _vehicles(plant, surroundings, n)
    state = new_plant(plant, machines, arrivals)
    initial = contents_of(state)
    output = _output(machines, state, n, 1)
    horizon, columns = forecasts.wind_error.size, problem.prices.shape[1]
    plans = (np.empty((horizon, len(OPERATION))) for _ in range(2))
    limits, banks = (np.empty(horizon) for _ in range(2)), (np.empty(state.mass.size) for _ in range(2))
    room = Room(np.empty(horizon), np.empty((horizon, columns)), *plans, *limits, *banks)
    running = _running(machines, state, control.reserve, step)
    unsolved = run_rolling_horizon(
        running, problem, forecasts, hydrogen_per_joule, _series(surroundings, control), room, output
    )
    found = Executed(plant, surroundings, machines, output, arrivals, vehicles, initial, n)
    return replace(found, unsolved=int(unsolved))


def _vehicles(
    plant: PlantConfiguration, surroundings: Surroundings, intervals: int
) -> tuple[xr.Dataset | None, Arrivals]:
    """Return the vehicles that come in a number of intervals, as drawn and for the kernel."""
    start = surroundings.time.to_numpy()[0]
    if plant.refuelling is None:
        return None, arrivals_of(None, start)
    end = start + np.timedelta64(round(intervals * surroundings.step), "s")
    vehicles = vehicle_arrivals(plant.refuelling.fleets, start, end, seed=plant.refuelling.seed)
    check_reach(plant.refuelling.station, vehicles)
    return vehicles, arrivals_of(vehicles, start)


def described(
    executed: Executed, *, wind: bool, reserves: bool = False, more: Mapping[str, Described] | None = None
) -> xr.Dataset:
    """Return the first passage through the record, named, with prices, revenue and the residuals of the balances.

    Parameters
    ----------
    executed : Executed
        What the machines did.
    wind, reserves : bool
        Whether there is a wind farm, and whether power is kept in reserve.
    more : mapping, optional
        Variables to add: dimensions, values, attributes.
    """
    around, out, done = executed.surroundings, executed.output, executed.done
    parts = parts_of(executed.plant, wind, reserves)
    filled = Filled(
        out.rates[:done],
        out.levels[:done],
        out.electrolysers[:done],
        out.fuel_cells[:done],
        out.mass[:done],
        None if out.equipment is None else out.equipment.pressure[:done],
    )
    rate = dict(zip(RATES, out.rates[:done].T, strict=True))
    revenue = (rate["sales"] - rate["purchases"]) * around.step
    money: dict[str, Described] = {
        name: (("time",), np.array(values, np.float64), {"units": units, "long_name": text})
        for name, values, units, text in (
            ("price", around.price[:done], "EUR J-1", "market price of electricity"),
            ("support", around.support[:done], "EUR J-1", "support per energy sold, less the fee on it"),
            ("revenue", revenue, "EUR", "electricity sold minus electricity bought in the interval"),
        )
    }
    money |= more or {}
    result = plant_dataset(executed.plant, executed.machines, filled, around.time[:done], parts, money)
    residuals = balance_residuals(filled.rates, filled.levels, executed.initial, around.step)
    result.attrs.update(
        step=around.step, purchase_fee=around.purchase_fee, first_filling=sum(executed.initial), **residuals
    )
    return with_contracts(result, around.contracts)


def tallies_of(executed: Executed) -> tuple[Floats, ...]:
    """Return what the stacks of each electrolyser did by year (y, s, TALLY); one by its curve is one stack."""
    out = executed.output
    return tuple(
        out.curve_tallies[p] if machine.stacks is None or out.equipment is None else out.equipment.tallies[p]
        for p, machine in enumerate(executed.plant.electrolysers)
    )


def life_of(executed: Executed, *, wind: bool, reserves: bool = False) -> xr.Dataset:
    """Return the years that were run, named; attribute `first_filling` [kg]."""
    out = executed.output
    years = YearBooks(
        out.totals,
        out.electrolyser_totals,
        out.fuel_cell_totals,
        out.fuel_cell_events,
        np.zeros(len(out.totals)) if out.equipment is None else out.equipment.battery_replacements,
        out.last_levels,
        tallies_of(executed),
    )
    parts = parts_of(executed.plant, wind, reserves) | ({"contracts"} if executed.surroundings.contracts else set())
    result = lifetime_dataset(executed.plant, years, parts)
    return result.assign_attrs(first_filling=sum(executed.initial), vehicles=int(executed.arrivals.time.size))


def stacks_of(executed: Executed, aged: Executed | None) -> Iterator[tuple[str, xr.Dataset]]:
    """Yield the machines with stacks, by kind and number from one, and how their stacks work and wear.

    Parameters
    ----------
    executed : Executed
        The first passage through the record.
    aged : Executed or None
        The years, where the period stands for one.
    """
    step, out = executed.surroundings.step, executed.output
    for p, machine in enumerate(executed.plant.electrolysers):
        if machine.stacks is not None and out.equipment is not None:
            tally = None if aged is None else tallies_of(aged)[p]
            series = out.equipment.stack_series[p]
            yield f"electrolyser-{p + 1}", electrolyser_stacks(machine.stacks, series, step, tally)
    for c, cell in enumerate(executed.plant.fuel_cells):
        if cell.stacks is not None and cell.capacity > 0.0:  # without capacity there is no stack
            lost = None if aged is None else aged.output.fuel_cell_lost[:, c]
            events = None if aged is None else aged.output.fuel_cell_events[:, c]
            yield f"fuel-cell-{c + 1}", fuel_cell_stacks(cell, out.fuel_cells[:, c, 1], step, lost, events)


def refuelling_of(executed: Executed) -> xr.Dataset | None:
    """Return the first passage of the station, None without one."""
    refuelling, vehicles, out, done = executed.plant.refuelling, executed.vehicles, executed.output, executed.done
    equipment, kept = executed.machines.equipment, out.equipment
    if refuelling is None or vehicles is None or equipment is None or kept is None:
        return None
    time, step = executed.surroundings.time[:done], executed.surroundings.step
    end = time.to_numpy()[-1] + np.timedelta64(round(step), "s")
    came = int(np.searchsorted(vehicles["arrival_time"].to_numpy(), end))
    flows, buffer, masses, pressures = (
        each[:done] for each in (kept.station_flows, kept.station_buffer, kept.station_mass, kept.station_pressure)
    )
    return station_dataset(
        refuelling.station,
        equipment.station.banks,
        vehicles.isel(arrival=slice(0, came)),
        first_vehicles(executed.arrivals, came),
        time,
        step,
        StationSeries(flows, buffer, masses, pressures, np.empty((done, 0))),
    )
