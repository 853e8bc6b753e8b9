"""Keys that nothing of a scenario uses, for what else it states.

A named configuration describes a thing, and may hold more of it than one scenario uses: what nothing uses of it is left
out of the scenario. What a scenario or an override states itself is refused instead.
"""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from testsite_sim.configuration.loading import checked
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.configuration.strategy import RollingHorizon
from testsite_sim.configuration.yaml_loader import Document, Path_

TURBULENCE = "location.turbulence_intensity"
_TURBULENCE: Path_ = tuple(TURBULENCE.split("."))


def unused_keys(scenario: Scenario) -> dict[Path_, str]:
    """Return the keys that a scenario has and nothing of it uses, each with the reason and what to do.

    Parameters
    ----------
    scenario : Scenario
        The checked scenario, with its ensemble.
    """
    return {path: why for path, why in _candidates(scenario) if _at(scenario, path) is not None}


def checked_scenario(document: Document) -> Scenario:
    """Check a scenario, and return it without what named configurations bring that nothing of it uses.

    Parameters
    ----------
    document : Document
        What it is checked from, with the place of each value.

    Raises
    ------
    ConfigurationError
        As `checked`.
    """
    scenario = checked(Scenario, document)
    for path in unused_keys(scenario):
        if document.place(path).of_component:
            scenario = _without(scenario, path)
    return scenario


def _candidates(scenario: Scenario) -> Iterator[tuple[Path_, str]]:
    """Yield what nothing would use, also where it is not stated."""
    yield from _of_turbulence(scenario)
    yield from _of_years(scenario)
    yield from _of_money(scenario)
    yield from _of_forecasts(scenario)


def _of_turbulence(scenario: Scenario) -> Iterator[tuple[Path_, str]]:
    """Yield the turbulence of the location, where there is no flow, or the weather brings its own."""
    if scenario.wind is None:
        yield _TURBULENCE, "there is no `farm` whose wakes would depend on it; leave it out"
        return
    averaging, climate = scenario.wind.curve_averaging, scenario.weather.climate
    carried = averaging is not None and averaging.curve_turbulence is not None  # the curves, to that of the location
    generated = None if scenario.ensemble is None else scenario.ensemble.weather.climate
    without = generated is not None and generated.wind.turbulence is None  # years that have none
    if climate is not None and climate.wind.turbulence is not None and not carried and not without:
        yield (
            _TURBULENCE,
            "`weather.climate` brings the turbulence of every wind speed; leave it out, or state another table there, "
            "as `weather.climate.wind.turbulence`",
        )


def _of_years(scenario: Scenario) -> Iterator[tuple[Path_, str]]:
    """Yield when the groups of farms entered service, where a farm has no year by which they would stand or not."""
    neighbours = None if scenario.wind is None else scenario.wind.neighbours
    for where, farm in ((("farm",), scenario.farm), (("wind", "neighbours"), neighbours)):
        if farm is not None and farm.year is None:
            key = ".".join(where)
            for name in farm.groups:
                yield (
                    (*where, "groups", name, "commissioned"),
                    f"`{key}.year` says which groups stand by it, and is not stated; state it, or leave this out",
                )


def _of_money(scenario: Scenario) -> Iterator[tuple[Path_, str]]:
    """Yield prices of hydrogen without hydrogen, and the cost of operating turbines that another one replaces."""
    plant = scenario.machines
    if not plant.prices_hydrogen:
        yield (
            ("economics", "hydrogen_price"),
            "no `plant` sells hydrogen or stores it: there is no `demand`, `refuelling`, `store` or `pipeline`; leave "
            "it out",
        )
    if not plant.values_electricity:
        yield (
            ("economics", "electricity_valuation"),
            "it values the electricity of `electrolysers` and of the compressor of a `store`, and `plant` has none; "
            "leave it out",
        )
    if scenario.operations is None:
        return
    if scenario.operations.maintenance is not None:
        yield (
            ("economics", "wind", "operating"),
            "the simulated maintenance and `economics.wind.other_operating` replace it; state that one, or leave out "
            "`operations.maintenance`",
        )
    else:
        yield (
            ("economics", "wind", "other_operating"),
            "it is what a year costs besides simulated maintenance, and `economics.wind.operating` is all of it; state "
            "that one, or simulate `operations.maintenance`",
        )


def _of_forecasts(scenario: Scenario) -> Iterator[tuple[Path_, str]]:
    """Yield what a forecast is not made of: that of a nomination has no prices, one of another kind no errors."""
    strategy = None if scenario.dispatch is None else scenario.dispatch.strategy
    planned = strategy.forecast if isinstance(strategy, RollingHorizon) else None
    for where, forecast, prices in (
        (("market", "forecast"), scenario.sale.forecast, False),
        (("dispatch", "strategy", "forecast"), planned, True),
    ):
        if forecast is None:
            continue
        used, of_kind = forecast.used(prices=prices), forecast.used(prices=True)
        for name in ("wind_error", "price_error", "growth", "correlation", "auction_hour"):
            if name not in used:
                why = "a nomination is of wind power alone" if name in of_kind else f"it is `kind: {forecast.kind}`"
                yield (*where, name), f"{why}; leave it out"


def _at(value: Any, path: Path_) -> Any:
    """Return what stands at a path, None where nothing does."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else getattr(value, str(key), None)
    return value


def _without(value: Any, path: Path_) -> Any:
    """Return a model, or a mapping of models, without what stands at a path."""
    key, *below = path
    inside = value[key] if isinstance(value, dict) else getattr(value, str(key))
    left = _without(inside, tuple(below)) if below else None
    if isinstance(value, BaseModel):
        return value.model_copy(update={str(key): left})
    return {**value, key: left}
