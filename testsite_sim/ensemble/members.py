"""One member: a pure function of plan and number, from the scenario through the chain to its summary figures."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

import numpy as np
import xarray as xr

from testsite_sim.chain import prepare, simulate_scenario, summarise
from testsite_sim.chain.flow import tabulate
from testsite_sim.chain.preparation import NOT_OF_THE_RECORD, Prepared, at_one_price, prepared_alike
from testsite_sim.chain.requirements import PRICE, refuse_unused, refuse_unused_deflection, require_weather
from testsite_sim.chain.summary import WARNINGS
from testsite_sim.common.errors import ConfigurationError, DataError, TestsiteError
from testsite_sim.common.time_axis import length_of
from testsite_sim.common.units import DAY
from testsite_sim.configuration.ensemble import MemberWeather
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.configuration.unused import TURBULENCE
from testsite_sim.configuration.weather import Weather
from testsite_sim.economics.period import is_whole_years
from testsite_sim.ensemble.assumptions import ranged_quantities
from testsite_sim.ensemble.member_weather import member_weather, only_as_it_is
from testsite_sim.ensemble.plan import OF_THE_TURBINES, Plan
from testsite_sim.ensemble.series import kept_series
from testsite_sim.ensemble.store import Finished
from testsite_sim.ensemble.streams import stream_seed
from testsite_sim.ensemble.variation import seed_paths, with_draw
from testsite_sim.weather.opening import open_as_measured
from testsite_sim.wind import FarmTable

Summary = dict[str, dict[str, Any]]
Records = list[tuple[Weather, bool, xr.Dataset]]  # weather, whether uncut, its record
_MOST_POINTS = 4  # scenarios of a sweep that are kept prepared, with their tables


class MemberRunner:
    """Runs cases of a plan; what they share is prepared once: record, farm, table of the fleet.

    Parameters
    ----------
    plan : Plan
        The ensemble.
    records : list of pairs, optional
        Weather configurations without climate and their records as measured; others are opened here.
    threads : int, optional
        Of the flow; None: one a processor. They change no bit.
    """

    def __init__(self, plan: Plan, records: Records | None = None, threads: int | None = 1) -> None:
        self.plan, self.threads = plan, threads
        self.records: Records = list(records or [])
        self.draws = plan.draws()
        self.tables: list[tuple[Any, FarmTable]] = []
        self.prepared = lru_cache(maxsize=_MOST_POINTS)(self._prepare)

    def _prepare(self, point: int) -> tuple[Prepared, tuple[str, ...]]:
        """Open and check what a scenario names, and find its seeds."""
        scenario = self.plan.scenarios[point]
        if scenario.weather.stations and self.plan.ensemble.weather.kind != "record":
            raise ConfigurationError(
                "weather.stations: the stations of an ensemble are those of the record; state `ensemble: {weather: "
                "{kind: record}, flow: exact}`."
            )
        prepared = prepare(scenario, self.record(point), opened=self._opened)
        _refuse_other_length(prepared, self.plan.ensemble.weather)
        return self._for_members(prepared), tuple(seed_paths(scenario))

    def _for_members(self, prepared: Prepared) -> Prepared:
        """Return what a scenario names with what members ask of it: no log, and of turbines what is kept of them."""
        each = any(name.startswith("wind/") for name in self.plan.ensemble.keep_series)
        optimum = self.plan.ensemble.optimum
        return replace(prepared, threads=self.threads, log=False, each_turbine=each, optimum=optimum)

    def record(self, point: int) -> xr.Dataset:
        """Return the weather record of a scenario as measured; whole, where it is to take a climate."""
        scenario = self.plan.scenarios[point]
        return self._opened(scenario.weather, wind=scenario.farm is not None)

    def _opened(self, weather: Weather, *, wind: bool = True, keep: bool = True) -> xr.Dataset:
        """Return a record as measured, of those that are open already; whole, where it is to take a climate."""
        whole = weather.climate is not None
        weather = weather.model_copy(update={"climate": None, **NOT_OF_THE_RECORD})
        for known, uncut, record in self.records:
            if (known, uncut) == (weather, whole):
                return record
        record = open_as_measured(weather, wind=wind, whole=whole)
        if keep:
            self.records.append((weather, whole, record))
        return record

    def table(self, point: int) -> FarmTable:
        """Return the table of the farm of a scenario; scenarios with the same farm, wakes and weather share it."""
        prepared, _ = self.prepared(point)
        scenario = prepared.scenario
        farm, wind, _ = scenario.wind_farm
        key = (
            farm,
            wind.wake_model,
            wind.deflection,
            wind.blockage,
            wind.neighbours,
            wind.curve_averaging,
            scenario.location,
            scenario.weather,
        )
        for known, table in self.tables:
            if known == key:
                return table
        ranged = ((each.low, each.high) for each in self.plan.assumptions if each.path == TURBULENCE)
        limits = next(ranged, None)
        made = tabulate(replace(prepared, record=self._turbulent(prepared)), limits, complete=False)
        self.tables = [*self.tables[1 - _MOST_POINTS :], (key, made)]
        return made

    def _turbulent(self, prepared: Prepared) -> xr.Dataset:
        """Return the record, with the turbulence that the generator will give where it is generated."""
        how = self.plan.ensemble.weather
        if how.climate is None or how.climate.wind.turbulence is None:
            return prepared.record
        table = np.array(how.climate.wind.turbulence.intensity, np.float64)
        return prepared.record.assign(turbulence_intensity=("time", np.resize(table, prepared.record.sizes["time"])))

    def member(self, number: int) -> Prepared:
        """Return everything that a case runs with: its scenario, weather, farm, plant."""
        case, plan = self.plan.case(number), self.plan
        prepared, seeds = self.prepared(case.point)
        if case.draw == 0:
            return prepared
        draw = {path: value for path, value in self.draws.values(case.draw).items() if plan.has(case.point, path)}
        seeds_of_member = (
            {path: stream_seed(plan.ensemble.seed, case.seed_index, path) for path in seeds} if case.seed_index else {}
        )
        scenario = with_draw(prepared.scenario, draw, seeds_of_member)
        opened = partial(self._opened, wind=scenario.farm is not None, keep=False)
        prepared = prepared_alike(prepared, scenario, opened)
        if plan.reads_table(case.point):
            prepared = replace(prepared, table=self.table(case.point))
        scenario, record = self._in_weather(scenario, prepared.record, case.weather)
        own = case.weather and plan.ensemble.weather.kind != "record" and _holds_whole_years(record)
        prices = None if own else prepared.prices  # a year of its own has the mean prices of its own
        return replace(prepared, scenario=scenario, record=record, prices=prices)

    def _in_weather(self, scenario: Scenario, record: xr.Dataset, number: int) -> tuple[Scenario, xr.Dataset]:
        """Return the scenario with what the weather of that number brings besides, and that weather."""
        how = self.plan.ensemble.weather
        made = member_weather(record, how, self.plan.ensemble.seed, number)
        fitted = scenario.weather.profile == "power-law" and scenario.weather.shear_exponent is None
        if how.climate is not None and number and fitted:
            shear = {"shear_exponent": how.climate.wind.shear_exponent}
            scenario = scenario.model_copy(update={"weather": scenario.weather.model_copy(update=shear)})
        priced = at_one_price(made, scenario)  # that of the draw: the record is prepared before it
        if PRICE not in priced:
            raise DataError(
                "ensemble.weather: the climate has no `price`, which the market needs; take one that has, or state one "
                "price: `market: {price: 60 EUR/MWh}`."
            )
        return scenario, priced

    def _unused(self, point: int) -> ConfigurationError | None:
        """Return what a scenario states that nothing of it would use, in its own weather nor in that of members."""
        prepared, _ = self.prepared(point)
        try:
            if any(each.path.startswith(OF_THE_TURBINES) for each in self.plan.assumptions):
                refuse_unused_deflection(prepared.scenario)  # hubs that are drawn may lie beyond the levels
                return None
            refuse_unused(self._with_ensemble(prepared.scenario), self.record(point), prepared.hub_heights)
        except ConfigurationError as error:
            if self.plan.ensemble.weather.kind == "record":
                return error
            scenario, record = self._in_weather(prepared.scenario, prepared.record, 1)
            try:
                refuse_unused(self._with_ensemble(scenario), record, prepared.hub_heights)
            except ConfigurationError:
                return error
        return None

    def _with_ensemble(self, scenario: Scenario) -> Scenario:
        """Return a scenario with the ensemble that its members are of, whose weather may use what its own does not."""
        return scenario.model_copy(update={"ensemble": self.plan.ensemble})

    def check(self) -> list[str]:
        """Check every scenario of the plan, and that the weather of its members holds what it asks of its weather.

        Returns
        -------
        list of str
            What is worth a word: where no member can have another weather than the record, and ranges of a climate
            that no generated year is drawn from.

        Raises
        ------
        ConfigurationError, DataError
            What would end the run at its first member.
        """
        unused = [self._unused(point) for point in range(self.plan.points)]
        if unused and unused[0] is not None and all(unused):  # of a sweep, a key may be that of some scenarios alone
            raise unused[0]
        if not self.plan.ensemble.optimum and all(each.dispatch is None for each in self.plan.scenarios):
            raise ConfigurationError("ensemble.optimum: there is no `dispatch` that an optimum would be set next to.")
        seen, notes = list[Weather](), _not_drawn(self.plan)
        for point in range(self.plan.points):
            prepared, _ = self.prepared(point)
            if prepared.scenario.weather in seen or self.plan.ensemble.weather.kind == "record":
                continue
            seen.append(prepared.scenario.weather)
            note = only_as_it_is(prepared.record, self.plan.ensemble.weather)
            if note is not None and note not in notes:
                notes.append(note)
            scenario, record = self._in_weather(prepared.scenario, prepared.record, 1)
            try:
                require_weather(scenario, record, prepared.hub_heights)
            except TestsiteError as error:
                raise type(error)(*(f"ensemble.weather: of the members: {each}" for each in error.problems)) from error
        return notes

    def summary(self, number: int, *, table: bool = False) -> tuple[Summary, Mapping[str, xr.Dataset]]:
        """Run a case; return its summary and the Datasets of its steps.

        With `table` the flow is read from the table of the farm even where it is the scenario as it stands.
        """
        prepared = self.member(number)
        if table:
            prepared = replace(prepared, table=self.table(self.plan.case(number).point))
        results = dict(simulate_scenario(prepared))
        return summarise(results), results

    def run(self, number: int, outputs: tuple[str, ...]) -> Finished:
        """Run a case and reduce it.

        Raises
        ------
        ConfigurationError, DataError
            When a member cannot be simulated; the message names it.
        """
        try:
            summary, results = self.summary(number)
        except TestsiteError as error:
            raise type(error)(f"member {number // self.plan.points}: {error}") from error
        unknown = [name for name in summary if name not in outputs and name != WARNINGS]
        if unknown:
            raise RuntimeError(f"member {number} has an output that member 0 lacks: {unknown}")
        return finished(number, summary, outputs, kept_series(results, self.plan.ensemble.keep_series))


def finished(number: int, summary: Summary, outputs: Sequence[str], series: Mapping[str, Any]) -> Finished:
    """Return a case with the figures of its summary that are asked for, NaN where it has none, and what is kept."""
    return Finished(number, np.array([_value(summary, name) for name in outputs]), dict(series))


def _not_drawn(plan: Plan) -> list[str]:
    """Return which ranges of a climate move no generated year: the generator takes its climate as it is stated."""
    climate = plan.ensemble.weather.climate
    if climate is None:
        return []
    paths = [f"ensemble.weather.climate.{each.path}" for each in ranged_quantities(climate)]
    paths += [each.path for each in plan.assumptions if each.path.startswith("weather.climate.")]
    if not paths:
        return []
    return [f"generated years have their climate as it is stated; no range of it moves them: {', '.join(paths)}"]


def _holds_whole_years(record: xr.Dataset) -> bool:
    return is_whole_years(length_of(record["time"].to_numpy()))


def _refuse_other_length(prepared: Prepared, how: MemberWeather) -> None:
    """Refuse generated years next to a scenario that is no year, and so has none of their annual figures."""
    economics = prepared.scenario.economics
    length = length_of(prepared.record["time"].to_numpy())
    scaled = economics is not None and economics.scale_to_year is not None
    if how.kind == "generator" and not scaled and not is_whole_years(length):
        raise ConfigurationError(
            f"ensemble.weather: `kind: generator` makes whole years, and the scenario has {length / DAY:g} days; take "
            "a period of a year (weather.start, weather.end), `kind: blocks`, or `economics.scale_to_year: "
            "by-repetition`."
        )


def _value(summary: Summary, name: str) -> float:
    """Return a figure of a summary, NaN where there is none."""
    value = summary[name]["value"] if name in summary else None
    return np.nan if value is None else float(value)
