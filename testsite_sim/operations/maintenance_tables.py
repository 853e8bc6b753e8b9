"""From a maintenance configuration and a sea state to the arrays of the kernels, with every check that can be made."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Truths
from testsite_kernels.operations.maintenance_plan import CHARTER, CREW, FLEET, MODE, REMOTE, Table
from testsite_kernels.operations.weather_windows import good_runs, good_steps_before, limits_met, next_starts

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.units import HOUR, SECONDS_PER_YEAR
from testsite_sim.configuration.maintenance import Maintenance, Task
from testsite_sim.configuration.vessel import Vessel
from testsite_sim.operations.sea_state import SeaState

Windows = tuple[NDArray[np.int32], ...]


class Workable:
    """Where vessels can work in a sea state: each limit and each shift is looked at once, whoever has it.

    Parameters
    ----------
    sea : SeaState
        That of all who ask.
    """

    def __init__(self, sea: SeaState) -> None:
        self.sea = sea
        self._shifts: dict[tuple[float, float], Truths] = {}
        self._windows: dict[tuple[float, float, tuple[float, float] | None], Windows] = {}

    def in_shift(self, maintenance: Maintenance) -> Truths:
        """Return the steps that lie wholly within the working day."""
        shift = (float(maintenance.shift_begin), float(maintenance.shift_length))
        if shift not in self._shifts:
            begin = (self.sea.hour - maintenance.shift_begin / HOUR) % 24.0
            self._shifts[shift] = begin + self.sea.step / HOUR <= maintenance.shift_length / HOUR + 1e-9
        return self._shifts[shift]

    def windows(self, maintenance: Maintenance, vessel: Vessel) -> Windows:
        """Return runs (t), next good steps (t + 1), good steps before (t + 1) and their positions (t) for a vessel."""
        sea, size = self.sea, self.sea.time.size
        wave_limit, wind_limit = (
            float(vessel.wave_limit),
            float(sea.wind_limit(vessel.wind_limit, vessel.wind_limit_height)),
        )
        by_day = vessel.hire == "charter" and not vessel.around_the_clock
        shift = (float(maintenance.shift_begin), float(maintenance.shift_length)) if by_day else None
        key = (wave_limit, wind_limit, shift)
        if key in self._windows:
            return self._windows[key]
        ok, position = np.empty(size, np.bool_), np.zeros(size, np.int32)
        runs, good, before = (np.empty(size + more, np.int32) for more in (0, 1, 1))
        limits_met(sea.significant_wave_height, sea.wind_speed, wave_limit, wind_limit, ok)
        if by_day:
            ok &= self.in_shift(maintenance)
        good_runs(ok, runs)
        next_starts(runs, 1, good)
        good_steps_before(ok, before, position)
        return self._windows.setdefault(key, (runs, good, before, position))


@dataclass(frozen=True)
class MaintenanceTables:
    """The kernel's arrays: modes (m), fleets and count (c), and the weather tables in the order of `World`."""

    modes: Table
    fleets: Table
    count: NDArray[np.int64]
    weather: Windows


def maintenance_tables(maintenance: Maintenance, workable: Workable) -> MaintenanceTables:
    """Return the arrays of a maintenance configuration in a sea state.

    Raises
    ------
    ConfigurationError
        When the port cannot be reached within a shift, a crew does not fit, or a repair never fits any window.
    """
    sea = workable.sea
    modes = _modes(maintenance, sea)
    fleets = _fleets(maintenance, modes, sea)
    tables = MaintenanceTables(
        modes=modes,
        fleets=fleets,
        count=np.array([item.number for item in maintenance.vessels.values()], np.int64),
        weather=_weather(maintenance, modes, workable),
    )
    _check(maintenance, tables, workable)
    return tables


def _modes(maintenance: Maintenance, sea: SeaState) -> Table:
    """Return the tasks (mode,), in the order of the configuration; times in steps of the record."""
    classes = list(maintenance.vessels)
    begin_of_year = (sea.time[0] - sea.time[0].astype("datetime64[Y]")) / np.timedelta64(1, "s")
    modes = np.zeros(len(maintenance.tasks), MODE)
    for m, task in enumerate(maintenance.tasks.values()):
        modes[m] = (
            _scale(task) / sea.step,
            task.weibull_shape,
            task.every is not None,
            (task.first - begin_of_year) % SECONDS_PER_YEAR / sea.step,
            task.spread / sea.step,
            task.warning / sea.step,
            task.detected,
            task.stops_turbine,
            task.duration / sea.step,
            task.technicians,
            REMOTE if task.vessel is None else classes.index(task.vessel),
            task.priority,
            task.uninterrupted,
            task.runs_during_work,
        )
    return modes


def _scale(task: Task) -> float:
    """Return the Weibull scale [s] of a failure mode, or the interval of a scheduled task."""
    if task.every is not None:
        return float(task.every)
    if task.life is not None:
        return float(task.life)
    return SECONDS_PER_YEAR / float(task.rate) if task.rate else np.inf


def _fleets(maintenance: Maintenance, modes: Table, sea: SeaState) -> Table:
    """Return the vessels (class,)."""
    served = list(maintenance.vessels.values())
    crew_vessels = sum(item.number for item in served if item.vessel.hire == "crew")
    share = maintenance.technicians // (1 if maintenance.crews.technicians_shared else max(crew_vessels, 1))
    fleets = np.zeros(len(served), FLEET)
    for c, item in enumerate(served):
        vessel = item.vessel
        fleets[c] = (
            CREW if vessel.hire == "crew" else CHARTER,
            min(vessel.technicians, share),
            modes["technicians"][modes["fleet"] == c].min(),
            maintenance.port_distance / vessel.speed / sea.step,
            vessel.transfer_duration / sea.step,
            (maintenance.shift_begin / HOUR - sea.hour[0]) % 24.0 * HOUR / sea.step,
            maintenance.shift_length / sea.step,
            maintenance.crews.turbines_per_vessel_and_shift,
            maintenance.crews.further_jobs_in_shift,
            maintenance.crews.minimum_work / sea.step,
            maintenance.crews.minimum_window / sea.step,
            maintenance.crews.sailings_per_vessel_and_shift,
            item.charter_threshold,
            vessel.mobilisation_duration / sea.step,
            vessel.charter_duration / sea.step,
            maintenance.charters == "until-finished",
        )
    return fleets


def _weather(maintenance: Maintenance, modes: Table, workable: Workable) -> Windows:
    """Return the windows of each class (class, …), and next starts of each task (mode, t + 1)."""
    size, classes = workable.sea.time.size, len(maintenance.vessels)
    runs, good, before, position = (np.empty((classes, size + more), np.int32) for more in (0, 1, 1, 0))
    for c, item in enumerate(maintenance.vessels.values()):
        runs[c], good[c], before[c], position[c] = workable.windows(maintenance, item.vessel)
    mode_starts = np.zeros((modes.size, size + 1), np.int32)
    for m in np.flatnonzero(modes["uninterrupted"] & (modes["fleet"] >= 0)):
        next_starts(runs[modes["fleet"][m]], int(np.ceil(modes["work"][m] - 1e-9)), mode_starts[m])
    return runs, good, before, position, mode_starts


def _check(maintenance: Maintenance, tables: MaintenanceTables, workable: Workable) -> None:
    """Refuse what can never work, saying what would."""
    names, sea = list(maintenance.vessels), workable.sea
    hours = sea.step / HOUR
    longest_run, good = tables.weather[0].max(axis=1), tables.weather[0] > 0
    for c, item in enumerate(maintenance.vessels.values()):
        if item.vessel.hire == "crew":
            good[c] &= workable.in_shift(maintenance)
    good_steps = good.sum(axis=1)
    for mode, (name, task) in zip(tables.modes, maintenance.tasks.items(), strict=True):
        c = int(mode["fleet"])
        if c == REMOTE and mode["work"] > sea.time.size:
            raise ConfigurationError(
                f"maintenance: task {name!r}: {mode['work'] * hours:g} h of work from afar do not end within the "
                f"record of {sea.time.size * hours:g} h; expected shorter work or a longer record."
            )
        if c == REMOTE or tables.count[c] == 0:
            continue
        vessel, fleet = maintenance.vessels[names[c]].vessel, tables.fleets[c]
        where = f"maintenance: task {name!r} with vessel {names[c]!r}"
        if vessel.hire == "charter" and task.technicians > vessel.technicians:
            raise ConfigurationError(
                f"{where}: wants {task.technicians} technicians, found {vessel.technicians} aboard."
            )
        if vessel.hire == "crew":
            if task.technicians > fleet["seats"]:
                raise ConfigurationError(
                    f"{where}: wants {task.technicians} technicians, found {fleet['seats']} aboard (seats of the "
                    f"vessel, or its share of the {maintenance.technicians} technicians)."
                )
            stay = float(fleet["shift_length"] - 2.0 * fleet["transit"] - 2.0 * fleet["transfer"])
            if stay < fleet["minimum_work"]:
                raise ConfigurationError(
                    f"{where}: the port is unreachable within a shift: travel of 2 x {fleet['transit'] * hours:.2f} h "
                    f"and transfers leave {stay * hours:.2f} of {fleet['shift_length'] * hours:g} h; expected at least "
                    f"{fleet['minimum_work'] * hours:g} h (a nearer port, a faster vessel, a longer shift)."
                )
            if mode["uninterrupted"] and mode["work"] > stay:
                raise ConfigurationError(
                    f"{where}: {mode['work'] * hours:g} h without interruption do not fit into a shift, which leaves "
                    f"{stay * hours:.2f} h; expected shorter work, or `uninterrupted: false`."
                )
        elif fleet["charter"] <= fleet["transit"] + fleet["transfer"]:
            raise ConfigurationError(
                f"{where}: a charter of {fleet['charter'] * hours:g} h ends before the vessel is at work, "
                f"{(fleet['transit'] + fleet['transfer']) * hours:.2f} h after its start; expected a longer one."
            )
        done = float(good_steps[c])
        if mode["work"] > done:
            raise ConfigurationError(
                f"{where}: {mode['work'] * hours:g} h of work are never done in the record: {done * hours:g} of "
                f"its {sea.time.size * hours:g} h lie within the limits{' and the shifts' * (vessel.hire == 'crew')}; "
                "expected shorter work, higher limits or a longer record."
            )
        longest = int(longest_run[c])
        needed = float(mode["work"]) if mode["uninterrupted"] else 1.0
        if longest < needed:
            raise ConfigurationError(
                f"{where}: {needed * hours:g} h never fit any window of the record; the longest found within the "
                f"limits ({float(vessel.wave_limit):g} m, {_limit(vessel.wind_limit)}) is {longest * hours:g} h."
            )


def _limit(wind_limit: float | None) -> str:
    """Return the wind limit as text."""
    return "any wind" if wind_limit is None else f"{float(wind_limit):g} m/s"
