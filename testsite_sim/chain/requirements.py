"""What a scenario asks of its weather, in one list: `check` and `run` refuse by it before anything is simulated."""

from collections.abc import Callable, Iterable, Iterator

import numpy as np
import xarray as xr

from testsite_sim.common.errors import ConfigurationError, DataError, TestsiteError
from testsite_sim.common.time_axis import length_of, step_of
from testsite_sim.common.units import DAY, HOUR
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.configuration.strategy import RollingHorizon
from testsite_sim.configuration.unused import TURBULENCE, unused_keys
from testsite_sim.configuration.weather import Weather
from testsite_sim.dispatch.settlement import QUARTER
from testsite_sim.plant.by_product import BY_PRODUCT
from testsite_sim.plant.photovoltaics import SOURCE as IRRADIANCE
from testsite_sim.weather import open_record
from testsite_sim.weather.profile import LOWEST_SHEAR_LEVEL

WAVES = "significant_wave_height"
PRICE = "day_ahead_price"
SHORTEST_FOR_WAVES = 2.0 * DAY  # of a wind from which a climate makes waves [s]
Problem = Callable[[xr.Dataset], str | None]


def require_weather(scenario: Scenario, record: xr.Dataset, hub_heights: Iterable[float]) -> None:
    """Refuse a record that lacks what the scenario asks of it, all at once.

    Parameters
    ----------
    scenario : Scenario
        The checked scenario.
    record : xarray.Dataset, dims (time[, height])
        Its weather, not in a climate yet.
    hub_heights : iterable of float
        Of all turbines, those of neighbouring farms among them [m]; empty where there is no fleet.

    Raises
    ------
    DataError
        With a sentence for each requirement that is not met.
    """
    problems = [problem for ask in requirements(scenario, hub_heights) if (problem := ask(record)) is not None]
    problems += list(_of_other_records(scenario))
    if problems:
        raise DataError(*problems)


def requirements(scenario: Scenario, hub_heights: Iterable[float]) -> Iterator[Problem]:
    """Yield what the scenario asks of its record: functions that return the sentence of what is not met, or None."""
    name = scenario.weather.record
    if scenario.farm is not None:
        yield lambda record: _no_wind(record, name)
        yield lambda record: _no_direction(record, name)
        heights = np.unique(np.asarray(list(hub_heights), np.float64))
        yield lambda record: _heights_out_of_reach(record, scenario, heights)
        yield lambda record: _no_turbulence(record, scenario)
        operations = scenario.wind_farm.operations
        if operations.maintenance is not None:
            yield lambda record: _no_waves(record, name, made=operations.climate is not None)
    elif scenario.weather.climate is not None:
        yield lambda record: _no_wind(record, name)
        yield lambda record: _no_direction(record, name)
    flat = "`market: {price: 60 EUR/MWh}`"
    yield lambda record: _lacks(
        record,
        PRICE,
        f"weather: {name} carries no {PRICE}, which the market needs; take a record that has one, add "
        "the column to your file, join a file of prices (`testsite-sim weather import … --join`), or state one price: "
        f"{flat}.",
    )
    if scenario.plant is not None and scenario.plant.photovoltaics is not None:
        yield lambda record: _lacks(
            record,
            IRRADIANCE,
            f"photovoltaics: the weather record {name} carries no {IRRADIANCE}; take "
            "hollandse-kust-noord-2023 or one that has it, or leave the panels out.",
        )
    by_product = None if scenario.plant is None else scenario.plant.by_product
    if by_product is not None and by_product.from_record:
        yield lambda record: _lacks(
            record,
            BY_PRODUCT,
            f"by-product hydrogen: the weather record {name} carries no {BY_PRODUCT}; add the "
            "column, or state a `rate`.",
        )
    reserves = scenario.dispatch is not None and bool(scenario.dispatch.reserves)
    if scenario.sale.imbalance is not None or reserves:
        what = "market.imbalance" if scenario.sale.imbalance is not None else "dispatch.reserves"
        yield lambda record: _no_quarters(record, scenario, what)


def _of_other_records(scenario: Scenario) -> Iterator[str]:
    """Yield what the records lack that campaigns at sea name besides."""
    if scenario.farm is None:
        return
    operations = scenario.wind_farm.operations
    for key, part in (("installation", operations.installation), ("certification", operations.certification)):
        if part is None or part.record is None:  # generated years have waves, wind and direction
            continue
        try:
            record = open_record(part.record)
        except TestsiteError as error:
            yield f"operations.{key}.record: {error}"
            continue
        problems = [_no_waves(record, part.record, made=False), _no_wind(record, part.record)]
        if key == "certification":
            problems.append(_no_direction(record, part.record))
        yield from (f"operations.{key}: {problem}" for problem in problems if problem is not None)


def _lacks(record: xr.Dataset, variable: str, problem: str) -> str | None:
    """Return the problem where the record has no such variable."""
    return None if variable in record else problem


def _no_wind(record: xr.Dataset, name: str) -> str | None:
    if "wind_speed" in record or "wind_speed_at_hub" in record:
        return None
    return f"weather: {name} holds no wind_speed; add that column or variable."


def _no_direction(record: xr.Dataset, name: str) -> str | None:
    problem = (
        f"weather: {name} has no wind_direction, without which wakes cannot be placed and a climate cannot be mapped; "
        "add it, or choose another record."
    )
    return _lacks(record, "wind_direction", problem)


def _no_turbulence(record: xr.Dataset, scenario: Scenario) -> str | None:
    """Return why the turbulence of the wind is not known: neither location, climate nor record state it."""
    climate, averaging = scenario.weather.climate, scenario.wind_farm.wind.curve_averaging
    carried = averaging is not None and averaging.curve_turbulence is not None
    brought = "turbulence_intensity" in record or (climate is not None and climate.wind.turbulence is not None)
    if scenario.location.turbulence_intensity is not None or (brought and not carried):
        return None
    why = "`wind.curve_averaging` carries the curves to it" if carried else "the weather has none"
    return f"{TURBULENCE} is missing, and {why}; state it, at sea about 0.06 to 0.10."


def _no_waves(record: xr.Dataset, name: str, *, made: bool) -> str | None:
    """Return what is wrong with the waves that vessels look at; a climate may make them of the wind."""
    if WAVES in record:
        return None
    if not made:
        return (
            f"weather: {name} has no {WAVES}, which work at sea needs; take a record with waves, such as "
            "north-sea-58n-1994-2023, or state `operations.climate`, which makes them of the wind."
        )
    span = length_of(record["time"].to_numpy())
    if span < SHORTEST_FOR_WAVES:
        return f"weather: {name} lasts {span / DAY:.3g} days; waves are made of a wind of two days at least."
    return None


def _levels(record: xr.Dataset, scenario: Scenario) -> np.ndarray:
    """Return the levels of the wind of a record [m]; that of a climate is added to them."""
    levels = record["height"].to_numpy().astype(np.float64)
    climate = scenario.weather.climate
    return levels if climate is None else np.union1d(levels, [float(climate.wind.height)])


def _beyond(hubs: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Return the hubs that lie above or below all levels [m]."""
    return np.extract((hubs < levels.min()) | (hubs > levels.max()), hubs)


def _heights_out_of_reach(record: xr.Dataset, scenario: Scenario, hubs: np.ndarray) -> str | None:
    """Return why the wind cannot be carried to the hubs: one level, no exponent, no temperatures."""
    profile = scenario.weather.profile
    stated = scenario.weather.shear_exponent is not None or profile == "logarithmic"
    if stated or "wind_speed_at_hub" in record or "wind_speed" not in record or hubs.size == 0:
        return None
    levels = _levels(record, scenario)
    beyond = _beyond(hubs, levels)
    used = int((levels >= LOWEST_SHEAR_LEVEL).sum())
    if beyond.size and profile == "monin-obukhov":
        return _no_temperatures(record, scenario)
    if beyond.size == 0 or used >= 2 or (profile == "hourly-power-law" and "shear_exponent" in record):
        return None
    has, wants = (", ".join(f"{each:g}" for each in heights) for heights in (levels, beyond))
    return (
        f"weather: {scenario.weather.record} has wind at {has} m; the wind at hubs of {wants} m follows from "
        "two heights of 10 m or more: add one, or give `weather: {shear_exponent: …}`, at sea about 0.08 to 0.11."
    )


def _no_temperatures(record: xr.Dataset, scenario: Scenario) -> str | None:
    """Return why the stability over sea is not known: a temperature is missing, and there is no climate of it."""
    missing = [name for name in ("air_temperature", "sea_surface_temperature") if name not in record]
    if not missing or scenario.weather.air_sea is not None:
        return None
    return (
        f"weather.profile: monin-obukhov wants the temperatures of air and sea; {scenario.weather.record} has no "
        f"{' and no '.join(missing)}: add the column, or name a climate of them, `air_sea: southern-north-sea`."
    )


def _no_quarters(record: xr.Dataset, scenario: Scenario, what: str) -> str | None:
    """Return why an interval is not a whole number of quarter-hours, in which the system is settled."""
    step = _step(record, scenario)
    if step % QUARTER == 0.0:
        return None
    return (
        f"{what}: the system is settled by the quarter-hour; the record has a step of {step:g} s, no whole number of "
        "them: take a record of 15 min or 1 h."
    )


def refuse_unused(scenario: Scenario, record: xr.Dataset, hub_heights: Iterable[float]) -> None:
    """Refuse what nothing of a scenario uses, such as a profile where no hub lies beyond the levels.

    Parameters
    ----------
    scenario : Scenario
        The checked scenario.
    record : xarray.Dataset, dims (time[, height])
        Its weather, not in a climate yet.
    hub_heights : iterable of float
        See `require_weather`.

    Raises
    ------
    ConfigurationError
        Naming the keys that would change nothing, and why.
    """
    stated = {".".join(map(str, path)): why for path, why in unused_keys(scenario).items()}
    if stated:
        raise ConfigurationError(*(f"{key}: nothing would use it, for {why}." for key, why in stated.items()))
    refuse_unused_deflection(scenario)
    weather, hubs = scenario.weather, np.unique(np.asarray(list(hub_heights), np.float64))
    if weather.stations:
        return  # each has levels of its own
    between = "wind_speed" not in record or hubs.size == 0
    why = "there are no turbines" if hubs.size == 0 else "the record gives the wind at the hubs"
    if not between:
        levels = _levels(record, scenario)
        between = _beyond(hubs, levels).size == 0
        why = (
            f"the hubs, at {hubs.min():g} to {hubs.max():g} m, lie between the levels of the record, "
            f"{levels.min():g} to {levels.max():g} m"
        )
    unused = [] if not between else [name for name in ("profile", "shear_exponent") if _is_stated(weather, name)]
    needed = (not between and weather.profile != "power-law") or (hubs.size and "air_temperature" not in record)
    if weather.air_sea is not None and not needed:
        unused.append("air_sea")
        if not between:
            why = "the record has air temperatures, and `profile: power-law` asks for none"
    if unused:
        names = " and ".join(f"weather.{name}" for name in unused)
        raise ConfigurationError(f"{names}: nothing would use what is stated, for {why}; leave it out.")


def refuse_unused_deflection(scenario: Scenario) -> None:
    """Refuse a deflection of wakes where no turbine is turned.

    Raises
    ------
    ConfigurationError
        Naming the key.
    """
    wind = scenario.wind
    if wind is None or wind.deflection is None:
        return
    farms = [farm for farm in (scenario.farm, wind.neighbours) if farm is not None]
    if not any(group.yaw for farm in farms for group in farm.groups.values()):
        raise ConfigurationError(
            "wind.deflection: it is that of turbines that are turned out of the wind, and none is; state `yaw` of a "
            "group of the farm, or leave it out."
        )


def _is_stated(weather: Weather, name: str) -> bool:
    """Return whether a key says anything but its default, which a resolved scenario states."""
    return bool(getattr(weather, name) != type(weather).model_fields[name].default)


def require_horizon(scenario: Scenario, record: xr.Dataset) -> None:
    """Refuse a rolling horizon that sees less than two intervals of the record.

    Raises
    ------
    ConfigurationError
        It is the strategy that is wrong, not the record.
    """
    strategy = None if scenario.dispatch is None else scenario.dispatch.strategy
    if not isinstance(strategy, RollingHorizon) or strategy.horizon is None:
        return
    horizon, step = float(strategy.horizon), _step(record, scenario)
    if round(horizon / step) < 2:
        raise ConfigurationError(
            f"dispatch.strategy: a horizon of {horizon / HOUR:g} h is shorter than two intervals of {step:g} s; "
            "expected 24 to 48 h."
        )


def _step(record: xr.Dataset, scenario: Scenario | None = None) -> float:
    """Return the step of a record [s], or that which the scenario divides it into."""
    if scenario is not None and scenario.weather.step is not None:
        return float(scenario.weather.step)
    return step_of(record["time"].to_numpy())
