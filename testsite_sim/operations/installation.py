"""Simulate an installation campaign from the same day of every year of a weather record."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from testsite_kernels.operations.campaign import (
    BACK,
    LOAD,
    OPERATION,
    PHASE,
    RESULT,
    SAIL,
    SITE,
    STAY_COLUMNS,
    Sea,
    Table,
    campaigns,
)
from testsite_kernels.operations.weather_windows import good_runs, good_steps_before, limits_met, next_starts

from testsite_sim.common.errors import ConfigurationError, DataError, nearest
from testsite_sim.common.units import DAY, HOUR
from testsite_sim.configuration.installation import TECHNICAL_STOPS, Installation, Operation, Phase
from testsite_sim.operations.censoring import censored_quantile, censored_weights
from testsite_sim.operations.sea_state import SeaState

_PLACES = {"load": LOAD, "sail": SAIL, "site": SITE, "return": BACK}


@dataclass(frozen=True)
class _Plan:
    """The kernel's arrays for one campaign."""

    phases: Table
    after: NDArray[np.bool_]
    operations: Table
    names: tuple[str, ...]
    sea: Sea


def simulate_installation(installation: Installation, sea: SeaState, turbines: int) -> xr.Dataset:
    """Simulate the campaign from its start day in every year of the record.

    Parameters
    ----------
    installation : Installation
        Phases, vessels, operations.
    sea : SeaState
        Wind and waves.
    turbines : int
        Units of every phase that does not state its own.

    Returns
    -------
    xarray.Dataset, dims (year, phase)
        begin, end (UTC), duration, weather_downtime, waiting (for earlier phases), vessel_time [s], cost [EUR];
        campaign_end, campaign_duration [s], campaign_cost [EUR] (year), campaign_duration_p50, campaign_duration_p90
        () [s], campaign_cost_p50, campaign_cost_mean () [EUR], turbine_ready (year, turbine): the end of its last phase
        with as many units; cut_off_duration (year_cut_off) [s]: from the start to the end of the record, of the years
        whose campaign the record's end cuts off; attribute `years_cut_off` counts them. They are not among the years,
        but weigh in the percentiles (Kaplan and Meier); a percentile that lies among them is nan: it is not reached.

    Raises
    ------
    ConfigurationError
        When an operation never fits any window of the record.
    DataError
        When the record does not hold one whole campaign.
    """
    plan = _plan(installation, sea, turbines)
    years, begins = _begins(installation, sea)
    finished = np.full((begins.size, plan.phases.size, int(plan.phases["units"].max())), np.nan)
    results = np.zeros((begins.size, plan.phases.size), RESULT)
    campaigns(begins, plan.phases, plan.after, plan.operations, plan.sea, finished, results, np.empty((0, 7)))
    whole = np.isfinite(results["end"]).all(axis=1)
    if not whole.any():
        raise DataError(
            f"installation: no campaign of {turbines} turbines that starts on {installation.start_day}/"
            f"{installation.start_month} ends within the record ({sea.years:.1f} years); expected a longer record, "
            "more vessels, or higher limits."
        )
    cut_off, cut_off_years = (sea.time.size - begins[~whole]) * sea.step, years[~whole]
    results, finished, years, begins = results[whole], finished[whole], years[whole], begins[whole]
    cost = _cost(installation, results, sea)
    duration = (results["end"].max(axis=1) - begins) * sea.step
    weights, started = censored_weights(duration, cut_off), duration.size + cut_off.size
    total = cost.sum(axis=1)
    p50, p90 = (censored_quantile(duration, weights, started, share) for share in (0.5, 0.9))
    per_turbine = np.flatnonzero(plan.phases["units"] == turbines)
    columns: dict[str, tuple[tuple[str, ...], NDArray[np.generic] | float, str, str]] = {
        "begin": (("year", "phase"), _moments(results["begin"], sea), "", "begin of the phase"),
        "end": (("year", "phase"), _moments(results["end"], sea), "", "end of the phase"),
        "duration": (("year", "phase"), (results["end"] - results["begin"]) * sea.step, "s", "duration of the phase"),
        "weather_downtime": (("year", "phase"), results["weather"] * sea.step, "s", "vessel time lost to weather"),
        "waiting": (("year", "phase"), results["waiting"] * sea.step, "s", "vessel time waiting for earlier phases"),
        "vessel_time": (("year", "phase"), results["vessel_time"] * sea.step, "s", "hired vessel time"),
        "cost": (("year", "phase"), cost, "EUR", "cost of vessels, mobilisation and equipment"),
        "campaign_end": (("year",), _moments(results["end"].max(axis=1), sea), "", "end of the campaign"),
        "campaign_duration": (("year",), duration, "s", "campaign duration"),
        "campaign_duration_p50": ((), p50, "s", "median duration over the weather years"),
        "campaign_duration_p90": ((), p90, "s", "duration not exceeded in 90 % of the years"),
        "campaign_cost": (("year",), total, "EUR", "cost of the campaign"),
        "campaign_cost_p50": ((), censored_quantile(total, weights, started, 0.5), "EUR", "median cost"),
        "campaign_cost_mean": ((), _mean(total, weights, cut_off), "EUR", "mean cost over the weather years"),
        "cut_off_duration": (("year_cut_off",), cut_off, "s", "known to take longer: from start to the record's end"),
    }
    if per_turbine.size:
        ready = finished[:, per_turbine, :turbines].max(axis=1)
        columns["turbine_ready"] = (("year", "turbine"), _moments(ready, sea), "", "end of the turbine's last phase")
    return xr.Dataset(
        {
            name: (dims, values, {"long_name": text} | ({"units": units} if units else {}))
            for name, (dims, values, units, text) in columns.items()
        },
        coords={"year": years, "phase": list(installation.phases), "year_cut_off": cut_off_years},
        attrs={"turbines": turbines, "years_cut_off": int((~whole).sum()), "years_started": started},
    )


def installation_log(installation: Installation, sea: SeaState, turbines: int, year: int) -> xr.Dataset:
    """Return what every vessel does in the campaign of one year: the data of a Gantt chart.

    Returns
    -------
    xarray.Dataset, dims (event,)
        phase, operation (text), vessel, unit (-1 for a whole trip), expected, start, end (UTC), each operation once;
        attributes `year`, `start`, the day on which the campaign begins.

    Raises
    ------
    DataError
        When no campaign starts in that year.
    """
    plan = _plan(installation, sea, turbines)
    years, begins = _begins(installation, sea)
    if year not in years:
        raise DataError(f"installation: no campaign starts in {year}; expected one of {years[0]} to {years[-1]}.")
    finished = np.full((1, plan.phases.size, int(plan.phases["units"].max())), np.nan)
    results = np.zeros((1, plan.phases.size), RESULT)
    log = np.empty(
        (int((plan.phases["units"] * (plan.phases["last"] - plan.phases["first"])).sum()), len(STAY_COLUMNS))
    )
    rows = campaigns(begins[years == year], plan.phases, plan.after, plan.operations, plan.sea, finished, results, log)
    log = log[:rows][np.isfinite(log[:rows, 6])]
    column = {name: log[:, k] for k, name in enumerate(STAY_COLUMNS)}
    phases = np.array(list(installation.phases))
    return xr.Dataset(
        {
            name: ("event", values, {"long_name": text})
            for name, values, text in (
                ("phase", phases[column["phase"].astype(np.int64)], "phase of the campaign"),
                ("operation", np.array(plan.names)[column["operation"].astype(np.int64)], "operation of a vessel"),
                ("vessel", column["vessel"].astype(np.int32), "number of the vessel in its phase"),
                ("unit", column["unit"].astype(np.int32), "number of the unit in its phase, -1 for a whole trip"),
                ("ready", _moments(column["ready"], sea), "when all but the weather allows the operation, UTC"),
                ("start", _moments(column["start"], sea), "start of the operation, UTC"),
                ("end", _moments(column["end"], sea), "end of the operation, UTC"),
            )
        },
        attrs={"year": year, "start": str(_moments(begins[years == year], sea)[0])[:10]},
    )


def sweep_limits(
    installation: Installation,
    sea: SeaState,
    turbines: int,
    phase: str,
    operation: str,
    wind_limits: Sequence[float],
    wave_limits: Sequence[float],
) -> xr.Dataset:
    """Simulate the campaign for every pair of limits of one operation.

    Returns
    -------
    xarray.Dataset, dims (wind_limit, wave_limit)
        duration_p50, duration_p90 [s] over the weather years, of the whole campaign, cost_p50 [EUR]; nan where the
        percentile is not reached within the record; years_cut_off [1]; attributes `years_started`, `operation`.

    Raises
    ------
    ConfigurationError
        When there is no such phase or operation.
    """
    if phase not in installation.phases:
        raise ConfigurationError(f"installation: there is no phase {phase!r}. {nearest(phase, installation.phases)}")
    names = [item.name for item in installation.phases[phase].operations]
    if operation not in names:
        raise ConfigurationError(
            f"installation: phase {phase!r} has no operation {operation!r}. {nearest(operation, names)}"
        )
    found = np.full((3, len(wind_limits), len(wave_limits)), np.nan)
    cut_off = np.full(found.shape[1:], _begins(installation, sea)[0].size)
    for i, wind in enumerate(wind_limits):
        for j, wave in enumerate(wave_limits):
            try:
                result = simulate_installation(_limited(installation, phase, operation, wind, wave), sea, turbines)
            except DataError:
                continue
            for k, name in enumerate(("campaign_duration_p50", "campaign_duration_p90", "campaign_cost_p50")):
                found[k, i, j] = float(result[name])
            cut_off[i, j] = result.attrs["years_cut_off"]
    dims = ("wind_limit", "wave_limit")
    return xr.Dataset(
        {
            "duration_p50": (dims, found[0], {"units": "s", "long_name": "median duration of the campaign"}),
            "duration_p90": (dims, found[1], {"units": "s", "long_name": "duration not exceeded in 90 % of years"}),
            "cost_p50": (dims, found[2], {"units": "EUR", "long_name": "median cost of the campaign"}),
            "years_cut_off": (dims, cut_off, {"units": "1", "long_name": "years whose campaign does not end in time"}),
        },
        coords={
            "wind_limit": ("wind_limit", np.asarray(wind_limits, float), {"units": "m s-1"}),
            "wave_limit": ("wave_limit", np.asarray(wave_limits, float), {"units": "m"}),
        },
        attrs={"years_started": int(_begins(installation, sea)[0].size), "operation": f"{phase}: {operation}"},
    )


def _mean(cost: NDArray[np.float64], weights: NDArray[np.float64], cut_off: NDArray[np.float64]) -> float:
    """Return the mean cost; nan where campaigns that the record's end cuts off hold a part of the probability."""
    return float(cost.mean()) if cut_off.size == 0 else float(cost @ weights) if weights.sum() > 1.0 - 1e-9 else np.nan


def _limited(installation: Installation, phase: str, operation: str, wind: float, wave: float) -> Installation:
    """Return the campaign with other limits of one operation."""
    there = installation.phases[phase]
    operations = tuple(
        item.model_copy(update={"wind_limit": wind, "wave_limit": wave}) if item.name == operation else item
        for item in there.operations
    )
    changed = there.model_copy(update={"operations": operations})
    return installation.model_copy(update={"phases": {**installation.phases, phase: changed}})


def _plan(installation: Installation, sea: SeaState, turbines: int) -> _Plan:
    """Return the kernel's arrays, checked."""
    if turbines < 1:
        raise ConfigurationError(f"installation: found {turbines} turbines; expected at least one.")
    phases = np.zeros(len(installation.phases), PHASE)
    after = np.zeros((phases.size, phases.size), np.bool_)
    names = list(installation.phases)
    rows: list[tuple[int, float, int, bool]] = []
    sets: dict[tuple[float, float, bool], int] = {}
    titles: list[str] = []
    for p, (name, phase) in enumerate(installation.phases.items()):
        first = len(rows)
        for item in _with_stops(phase):
            duration = installation.port_distance / phase.vessel.speed if item.duration is None else item.duration
            limits = sets.setdefault(_limits(item, phase, sea), len(sets))
            rows.append((_PLACES[item.place], duration / sea.step, limits, item.interruptible))
            titles.append(f"{name}: {item.name}")
        phases[p] = (
            first,
            len(rows),
            phase.units or turbines,
            phase.number,
            phase.vessel.capacity,
            (phase.delay + phase.vessel.mobilisation_duration) / sea.step,
            ((phase.further_delay or 0.0) + phase.vessel.mobilisation_duration) / sea.step,
        )
        after[p, [names.index(other) for other in phase.after]] = True
    operations = np.array(rows, OPERATION)
    short = tuple(title.split(": ", 1)[1] for title in titles)
    return _Plan(phases, after, operations, short, _tables(installation, sea, operations, list(sets), titles))


def _with_stops(phase: Phase) -> list[Operation]:
    """Return the operations of a phase, with the technical stops of its vessel after the last one at site."""
    lost = 1.0 / float(phase.vessel.technical_availability) - 1.0
    operations = list(phase.operations)
    if lost > 0.0:
        per_unit = [item for item in operations if item.place in ("load", "site")]
        seconds = lost * sum(float(item.duration) for item in per_unit if item.duration is not None)
        stops = Operation.model_validate(
            {
                "name": TECHNICAL_STOPS,
                "place": "site",
                "duration": f"{seconds!r} s",
                "sheltered": True,
                "interruptible": True,
            }
        )
        last = max(k for k, item in enumerate(operations) if item.place == "site")
        operations.insert(last + 1, stops)
    return operations


def _limits(item: Operation, phase: Phase, sea: SeaState) -> tuple[float, float, bool]:
    """Return wave limit, wind limit at the height of the sea state, and whether only the working hours count."""
    if item.sheltered:
        return np.inf, np.inf, item.daylight_only
    vessel = phase.vessel
    wave = vessel.wave_limit if item.wave_limit is None else item.wave_limit
    wind = vessel.wind_limit if item.wind_limit is None else item.wind_limit
    height = vessel.wind_limit_height if item.wind_limit_height is None else item.wind_limit_height
    return float(wave), sea.wind_limit(wind, height), item.daylight_only


def _tables(
    installation: Installation,
    sea: SeaState,
    operations: Table,
    sets: list[tuple[float, float, bool]],
    titles: list[str],
) -> Sea:
    """Return the weather tables; refuse operations that never fit."""
    size = sea.time.size
    runs, before = np.empty((len(sets), size), np.int32), np.empty((len(sets), size + 1), np.int32)
    position = np.zeros((len(sets), size), np.int32)
    working = (sea.hour - installation.working_hours_begin / HOUR) % 24.0 < installation.working_hours_length / HOUR
    for k, (wave_limit, wind_limit, daylight) in enumerate(sets):
        ok = np.empty(size, np.bool_)
        limits_met(sea.significant_wave_height, sea.wind_speed, wave_limit, wind_limit, ok)
        if daylight:
            ok &= working
        good_runs(ok, runs[k])
        good_steps_before(ok, before[k], position[k])
    starts = np.zeros((operations.size, size + 1), np.int32)
    for o, operation in enumerate(operations):
        limits = int(operation["limits"])
        longest, needed = int(runs[limits].max()), float(operation["duration"])
        if longest < (1.0 if operation["interruptible"] else needed):
            wave, wind, _ = sets[limits]
            raise ConfigurationError(
                f"installation: {titles[o]!r} of {needed * sea.step / HOUR:g} h never fits any window of the record; "
                f"the longest found within {wave:g} m and {wind:g} m/s at {sea.height:g} m is "
                f"{longest * sea.step / HOUR:g} h."
            )
        if not operation["interruptible"]:
            next_starts(runs[limits], int(np.ceil(needed - 1e-9)), starts[o])
    return Sea(runs, before, position, starts)


def _begins(installation: Installation, sea: SeaState) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the years in which a campaign can start within the record, and the moments [steps]."""
    first, last = (int(str(stamp)[:4]) for stamp in (sea.time[0], sea.time[-1]))
    years = np.arange(first, last + 1)
    dates = [np.datetime64(f"{year:04d}-{installation.start_month:02d}-{installation.start_day:02d}") for year in years]
    steps = (np.array(dates, "datetime64[ns]") - sea.time[0]) / np.timedelta64(1, "s") / sea.step
    inside = (steps >= 0.0) & (steps < sea.time.size)
    return years[inside], steps[inside]


def _moments(steps: NDArray[np.float64], sea: SeaState) -> NDArray[np.datetime64]:
    """Return moments as UTC stamps, to the second."""
    return np.asarray(sea.time[0] + np.round(steps * sea.step).astype("timedelta64[s]"))


def _cost(installation: Installation, results: Table, sea: SeaState) -> NDArray[np.float64]:
    """Return the cost (year, phase) [EUR]: hire by the day, mobilisation of each vessel, equipment."""
    cost = np.empty(results.shape)
    for p, phase in enumerate(installation.phases.values()):
        hire = results["vessel_time"][:, p] * sea.step / DAY * phase.vessel.day_rate
        cost[:, p] = hire + phase.number * phase.vessel.mobilisation_cost + phase.equipment_cost
    return cost
