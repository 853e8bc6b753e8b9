"""Simulate maintenance: many replicas for distributions, one replica with its availability and event log."""

import math
from collections.abc import Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from testsite_kernels.operations.maintenance import maintenance_replicas
from testsite_kernels.operations.maintenance_plan import (
    EVENT_COLUMNS,
    EVENTS,
    FLEET_TALLY,
    MODE_TALLY,
    NO_SHARES,
    Run,
    Shares,
    Table,
    new_world,
)

from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.common.units import DAY, SECONDS_PER_YEAR
from testsite_sim.configuration.maintenance import Maintenance
from testsite_sim.operations.maintenance_tables import Workable, maintenance_tables
from testsite_sim.operations.sea_state import SeaState

OF_ENERGY = ("availability_energy", "energy_lost")  # known only where the power is
REMOTE_RESET = "remote"  # what stands for a vessel for work from afar
ABOUT_SHARES = {"units": "1", "long_name": "share of the interval in which the turbine may run"}
ROOM = 4096  # of the log for turbines of which little is known, besides that for each
_BLOCK = 8  # replicas per call of the kernel: small enough to spread, large enough to be cheap


def simulate_maintenance(
    maintenance: Maintenance,
    sea: SeaState,
    turbines: int,
    *,
    members: int | Sequence[int] = 1,
    seed: int = 0,
    power: NDArray[np.float64] | None = None,
    burn_in: float = 0.0,
    workers: int = 1,
) -> xr.Dataset:
    """Simulate replicas of a fleet over the whole weather record.

    Parameters
    ----------
    maintenance : Maintenance
        Tasks, vessels, crews and rules.
    sea : SeaState
        Wind and waves; also the forecast that dispatchers act on.
    turbines : int
        How many.
    members : int or sequence of int
        Number of replicas, or their numbers; a replica's failures depend on seed and number only.
    seed : int
        Root seed.
    power : array, (time,) or (turbine, time), optional
        What a turbine would produce [W]; without it nothing is known of energy, and the result has neither
        availability_energy nor energy_lost.
    burn_in : float
        For how long the fleet is simulated before the record and nothing is counted [s], so that it begins with the
        failures, repairs and charters of a fleet in service; the weather is that of the record, its end before its
        begin. Zero: all turbines are new and run, all vessels are in port.
    workers : int
        Threads; they do not change a bit of the result.

    Returns
    -------
    xarray.Dataset, dims (member, task, vessel)
        availability_time (member) [1]; where `power` is given availability_energy (member) [1] and energy_lost
        (member, task) [J]; stopped (member, task) [s], failures, completed, open (member, task) [1], technician_time
        (member, task) [s], trips, mobilisations (member, vessel) [1], charter_duration, hired_duration (member, vessel)
        [s], and yearly costs (member)
        [EUR year-1]: cost_parts, cost_technicians, cost_total, and cost_vessel (member, vessel).

    Raises
    ------
    ConfigurationError
        When a repair can never be done: see `maintenance_tables`; when maintenance or sea are of another kind.
    DataError
        When `power` does not fit the record.
    """
    for name, given, kind, made in (
        ("maintenance", maintenance, Maintenance, "case.scenario.operations.maintenance"),
        ("sea", sea, SeaState, "ts.operations.sea_state(record)"),
    ):
        if not isinstance(given, kind):
            raise ConfigurationError(
                f"{name}: found a {type(given).__name__}; expected a {kind.__name__}, as `{made}` gives it."
            )
    numbers = np.arange(members) if isinstance(members, int) else np.asarray(members, np.int64)
    if turbines < 1 or numbers.size < 1 or workers < 1:
        raise ConfigurationError(
            f"maintenance: found {turbines} turbines, {numbers.size} members, {workers} workers; expected at least one."
        )
    before = steps_before(sea, burn_in)
    longer = before_record(sea, before)
    tables = maintenance_tables(maintenance, Workable(longer))
    energy = _energy(power, turbines, sea)
    modes = np.zeros((numbers.size, tables.modes.size), MODE_TALLY)
    fleets = np.zeros((numbers.size, tables.fleets.size), FLEET_TALLY)
    silent = NO_SHARES, np.empty((0, len(EVENT_COLUMNS)))

    def block(first: int) -> None:
        part = slice(first, first + _BLOCK)
        run = _run(maintenance, longer, seed)
        world = new_world(tables.modes, tables.fleets, tables.count, turbines, tables.weather, energy, *silent, before)
        maintenance_replicas(world, run, numbers[part], modes[part], fleets[part])

    starts = range(0, numbers.size, _BLOCK)
    if workers == 1:
        for first in starts:
            block(first)
    else:
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(block, starts))
    totals = _totals(maintenance, sea, turbines, numbers, modes, fleets, energy)
    found = xr.Dataset(
        {name: (total.dims, total.values, total.about) for name, total in totals.items()},
        coords={
            "member": numbers,
            "task": list(maintenance.tasks),
            "vessel": list(maintenance.vessels),
            "task_vessel": ("task", vessels_of_tasks(maintenance)),
        },
        attrs={"turbines": turbines, "years": years_of(sea)},
    )
    return found.drop_vars(OF_ENERGY) if power is None else found


def maintenance_history(
    maintenance: Maintenance,
    sea: SeaState,
    turbines: int,
    *,
    member: int = 0,
    seed: int = 0,
    power: NDArray[np.float64] | None = None,
    names: Sequence[str] | None = None,
    burn_in: float = 0.0,
    log: bool = True,
) -> xr.Dataset:
    """Simulate one replica and keep what happened: availability of every turbine, and the log of events.

    Parameters are those of `simulate_maintenance`; `names` are those of the turbines; without `log`, no events
    are kept.

    Returns
    -------
    xarray.Dataset, dims (time, turbine), (event)
        availability (time, turbine) [1]: the share of the interval in which the turbine may run; the log: event_kind,
        event_vessel, event_task, event_turbine (text), event_vessel_number, event_start, event_end (UTC),
        event_technicians, event_work [s], the work done in good weather; and what `simulate_maintenance` gives of
        tasks, vessels and costs, of this replica.
    """
    before = steps_before(sea, burn_in)
    shares = np.ones((turbines, sea.time.size), np.float32).T
    labels = [f"T{i + 1:02d}" for i in range(turbines)] if names is None else list(names)
    history = history_in(
        Service(maintenance, sea, before, Workable(before_record(sea, before))),
        shares,
        np.arange(turbines),
        labels,
        member=member,
        seed=seed,
        power=power,
        log=log,
    )
    variables: dict[Hashable, Any] = {"availability": (("time", "turbine"), shares, ABOUT_SHARES)}
    variables |= {name: (total.dims, total.values, total.about) for name, total in history.totals.items()}
    return xr.Dataset(
        variables | history.events,
        coords={
            "time": sea.time,
            "turbine": labels,
            "task": list(maintenance.tasks),
            "vessel": list(maintenance.vessels),
            "task_vessel": ("task", vessels_of_tasks(maintenance)),
        },
        attrs={"seed": seed, "member": member, "turbines": turbines, "years": years_of(sea)},
    )


@dataclass(frozen=True)
class Service:
    """Who keeps turbines running, in which sea; the steps before it, and where vessels can work in both."""

    maintenance: Maintenance
    sea: SeaState
    before: int
    workable: Workable


@dataclass(frozen=True)
class Total:
    """What a replica adds up: dimensions, values, and what they are."""

    dims: tuple[str, ...]
    values: Any
    about: dict[str, str]

    def of_first_member(self) -> "Total":
        """Return that of the first member."""
        return replace(self, dims=self.dims[1:], values=self.values[0]) if self.dims[0] == "member" else self


@dataclass(frozen=True)
class History:
    """What happened in one replica: its totals by name, and its log as variables over `event`, where it is kept."""

    totals: dict[str, Total]
    events: dict[Hashable, Any]


def history_in(
    service: Service,
    shares: NDArray[np.float32],
    columns: NDArray[np.int64],
    names: Sequence[str],
    *,
    member: int,
    seed: int,
    power: NDArray[np.float64] | None = None,
    log: bool,
) -> History:
    """Simulate one replica of turbines that may be a part of a fleet.

    Parameters
    ----------
    service : Service
        Maintenance and sea.
    shares : float32 array, (time, turbine)
        Of the whole fleet, one at first and contiguous in either order; the columns of these turbines are lowered.
    columns : array, (turbine,)
        Where these turbines stand in it.
    names : sequence of str
        Those of these turbines.
    member, seed, power, log
        As in `maintenance_history`.
    """
    maintenance, sea, before, turbines = service.maintenance, service.sea, service.before, columns.size
    tables = maintenance_tables(maintenance, service.workable)
    energy = _energy(power, turbines, sea)
    modes, fleets = np.zeros((1, tables.modes.size), MODE_TALLY), np.zeros((1, tables.fleets.size), FLEET_TALLY)
    along, across = (each // shares.itemsize for each in shares.strides)
    lowered = Shares(shares.ravel(order="K"), columns * across, along)
    rows = ROOM + int(128.0 * turbines * sea.years) if log else 0
    run = _run(maintenance, service.workable.sea, seed)
    while True:
        events = np.empty((rows, len(EVENT_COLUMNS)))
        world = new_world(
            tables.modes, tables.fleets, tables.count, turbines, tables.weather, energy, lowered, events, before
        )
        found = maintenance_replicas(world, run, np.array([member], np.int64), modes, fleets)
        if found <= rows or not log:
            break
        rows = found
        shares[:, columns] = 1.0
    totals = _totals(maintenance, sea, turbines, np.array([member]), modes, fleets, energy)
    left_out = {"availability_time", "availability_energy"} | ({"energy_lost"} if power is None else set())
    return History(
        {name: total.of_first_member() for name, total in totals.items() if name not in left_out},
        _events(events[:found], maintenance, sea, names) if log else {},
    )


def years_of(sea: SeaState) -> float:
    """Return how long a record is, in years as costs count them, of 365 days."""
    return sea.time.size * sea.step / SECONDS_PER_YEAR


def vessels_of_tasks(maintenance: Maintenance) -> list[str]:
    """Return which vessel each task is done with."""
    return [task.vessel or REMOTE_RESET for task in maintenance.tasks.values()]


def steps_before(sea: SeaState, burn_in: float) -> int:
    """Return how many steps of a record are simulated before it: whole days, so that shifts begin at their hour."""
    if not (np.isfinite(burn_in) and burn_in >= 0.0):
        raise ConfigurationError(f"maintenance: burn_in is {burn_in:g} s; expected zero or a time above it.")
    return round(math.ceil(burn_in / DAY - 1e-9) * DAY / sea.step)


def before_record(sea: SeaState, before: int) -> SeaState:
    """Return a record with its own weather, wrapped, for `before` steps before it."""
    if before == 0:
        return sea
    rows = np.arange(-before, sea.time.size) % sea.time.size
    first = sea.time[0] - np.arange(before, 0, -1) * np.timedelta64(round(sea.step * 1e9), "ns")
    return replace(
        sea,
        time=np.concatenate([first, sea.time]),
        wind_speed=sea.wind_speed[rows],
        significant_wave_height=sea.significant_wave_height[rows],
        month=sea.month[rows],
        hour=sea.hour[rows],
    )


def _run(maintenance: Maintenance, sea: SeaState, seed: int) -> Run:
    """Return the scalars of the kernel; it sets the member itself."""
    pool = maintenance.technicians if maintenance.crews.technicians_shared else 0
    return Run(float(sea.time.size), DAY / sea.step, maintenance.clocks == "operating", pool, seed, 0)


def _energy(power: NDArray[np.float64] | None, turbines: int, sea: SeaState) -> NDArray[np.float64]:
    """Return the energy produced before each step (1 or turbine, time + 1) [J]."""
    series = np.ones((1, sea.time.size)) if power is None else np.atleast_2d(np.asarray(power, np.float64))
    if series.shape[1] != sea.time.size or series.shape[0] not in (1, turbines):
        raise DataError(
            f"maintenance: power has the shape {series.shape}; expected ({sea.time.size},) or "
            f"({turbines}, {sea.time.size}), the steps of the weather record."
        )
    energy = np.zeros((series.shape[0], series.shape[1] + 1))
    np.cumsum(series * sea.step, axis=1, out=energy[:, 1:])
    return energy


def _totals(
    maintenance: Maintenance,
    sea: SeaState,
    turbines: int,
    numbers: NDArray[np.int64],
    mode: Table,
    fleet: Table,
    energy: NDArray[np.float64],
) -> dict[str, Total]:
    """Name the totals and price them."""
    years = years_of(sea)
    potential = energy[:, -1].sum() * (turbines if energy.shape[0] == 1 else 1)
    parts = np.array([float(task.parts) for task in maintenance.tasks.values()])
    served = maintenance.vessels.values()
    rate = np.array([float(item.vessel.day_rate) for item in served])
    all_year = np.array([item.number if item.vessel.hire == "crew" else 0 for item in served])
    mobilisation = np.array([float(item.vessel.mobilisation_cost) for item in served])
    number = np.array([float(item.number) for item in served])
    lead_of = {
        name: float(item.vessel.mobilisation_duration + item.vessel.charter_duration)
        for name, item in maintenance.vessels.items()
    }
    lead = np.array([lead_of.get(task.vessel or REMOTE_RESET, 0.0) for task in maintenance.tasks.values()])
    threshold = {
        name: float(item.charter_threshold)
        for name, item in maintenance.vessels.items()
        if item.vessel.hire == "charter"
    }
    waiting = np.array([threshold.get(task.vessel or REMOTE_RESET, 0.0) for task in maintenance.tasks.values()])
    days = fleet["charter"] * sea.step / DAY + all_year * years * 365.0
    cost_vessel = (days * rate + fleet["mobilisations"] * mobilisation) / years
    cost_parts = (mode["completed"] @ parts) / years
    wages = np.full(numbers.size, maintenance.technicians * float(maintenance.technician_cost))
    by_task, by_vessel, alone = ("member", "task"), ("member", "vessel"), ("member",)
    available = 1.0 - mode["down"].sum(axis=1) / (turbines * sea.time.size)
    lost = mode["energy_lost"].sum(axis=1)
    columns = {
        "availability_time": (alone, available, "1", "time-based availability"),
        "availability_energy": (alone, 1.0 - lost / max(potential, 1e-300), "1", "energy-based availability"),
        "stopped": (by_task, mode["down"] * sea.step, "s", "time that turbines stood still, by cause"),
        "energy_lost": (by_task, mode["energy_lost"], "J", "energy not produced, by cause"),
        "failures": (by_task, mode["failures"], "1", "jobs that came up, or were open at the start"),
        "completed": (by_task, mode["completed"], "1", "jobs finished"),
        "open": (by_task, mode["failures"] - mode["completed"], "1", "jobs that came up and are not finished"),
        "technician_time": (by_task, mode["work"] * sea.step, "s", "work of technicians on turbines"),
        "trips": (by_vessel, fleet["trips"], "1", "trips of crew vessels, visits of chartered vessels"),
        "mobilisations": (by_vessel, fleet["mobilisations"], "1", "mobilisations"),
        "charter_duration": (by_vessel, fleet["charter"] * sea.step, "s", "time on charter"),
        "vessels": (("vessel",), number, "1", "vessels of the class"),
        "task_charter_threshold": (("task",), waiting, "1", "open jobs for which a vessel of the task is chartered"),
        "task_lead_time": (("task",), lead, "s", "time to get a vessel and to keep it, for the task"),
        "hired_duration": (by_vessel, days * DAY, "s", "time that vessels are paid for, all of their class"),
        "cost_vessel": (by_vessel, cost_vessel, "EUR year-1", "yearly cost of vessels"),
        "cost_parts": (alone, cost_parts, "EUR year-1", "yearly cost of parts of finished jobs"),
        "cost_technicians": (alone, wages, "EUR year-1", "yearly cost of technicians"),
        "cost_total": (alone, cost_parts + cost_vessel.sum(axis=1) + wages, "EUR year-1", "yearly direct cost"),
    }
    return {
        name: Total(dims, values, {"units": units, "long_name": long_name})
        for name, (dims, values, units, long_name) in columns.items()
    }


def _events(
    rows: NDArray[np.float64], maintenance: Maintenance, sea: SeaState, turbines: Sequence[str]
) -> dict[Hashable, Any]:
    """Return the log as variables over `event`, in the order of begin, and how many turbines were worked on."""
    rows = rows[np.argsort(rows[:, EVENT_COLUMNS.index("start")], kind="stable")]
    column = {name: rows[:, k] for k, name in enumerate(EVENT_COLUMNS)}

    def named(choices: Sequence[str], numbers: NDArray[np.float64]) -> NDArray[np.str_]:
        return np.array([*choices, ""])[numbers.astype(np.int64)]

    def moment(steps: NDArray[np.float64]) -> NDArray[np.datetime64]:
        # What was under way when the record began shows from there on.
        seconds = np.clip(steps, 0.0, 1e3 * sea.time.size) * sea.step
        return np.asarray(sea.time[0] + np.round(seconds).astype("timedelta64[s]"))

    columns = {
        "event_kind": (named(EVENTS, column["kind"]), "kind of event"),
        "event_vessel": (named(list(maintenance.vessels), column["vessel_class"]), "vessel"),
        "event_vessel_number": (column["vessel"].astype(np.int32), "number in its class"),
        "event_turbine": (named(turbines, column["turbine"]), "turbine"),
        "event_task": (named(list(maintenance.tasks), column["mode"]), "task"),
        "event_start": (moment(column["start"]), "begin (UTC)"),
        "event_end": (moment(column["end"]), "end (UTC)"),
        "event_technicians": (column["technicians"].astype(np.int32), "technicians"),
        "event_work": (column["done"] * sea.step, "work done in good weather"),
    }
    table: dict[Hashable, Any] = {
        name: ("event", values, {"long_name": text} | ({"units": "s"} if name == "event_work" else {}))
        for name, (values, text) in columns.items()
    }
    worked = column["turbine"][column["kind"] == EVENTS.index("work")]
    about = {"units": "1", "long_name": "turbines on which people worked"}
    return table | {"turbines_visited": ((), float(np.unique(worked).size), about)}
