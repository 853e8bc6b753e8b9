"""A member is the single run of its draw: what its quantities reach is opened and built of the draw, never before it.

The chain is a function of what is prepared of a scenario, so that is compared, for every quantity of scenarios that
between them have every part.
"""

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
import xarray as xr
from pydantic import BaseModel

from tests.ensemble.small import SHORT
from testsite_sim.cases.scenario import load_scenario
from testsite_sim.chain import prepare
from testsite_sim.chain.preparation import Prepared
from testsite_sim.common.errors import TestsiteError
from testsite_sim.configuration.base import quantities
from testsite_sim.configuration.ensemble import Ensemble, MemberWeather
from testsite_sim.configuration.quantities import Quantity
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.ensemble.assumptions import Assumption
from testsite_sim.ensemble.members import MemberRunner
from testsite_sim.ensemble.plan import Plan

# A climate, days scaled to it, one price, curves of a turbulence: what is made of the record and the farm before a run.
MADE = (
    *(each for each in SHORT if not each.startswith(("weather.climate", "economics"))),
    "economics.scale_to_year=by-climate",
    "market.price=60 EUR/MWh",
    "wind.curve_averaging=hourly-from-the-coast",
    "wind.curve_averaging.curve_turbulence=0.08",
)
NAMES_ALONE = ("title", "description", "name", "source", "thrust_source")


def drawn(plain: Scenario, path: str, value: float, runner: MemberRunner | None) -> MemberRunner:
    """Return what runs the member whose one draw is given, with the records of another that has opened them."""
    stated = dict(quantities(plain))[path]
    low, high = sorted((float(stated), value))
    assumption = Assumption(path, float(stated), low, high, stated.si or "1", "", "", ("", ""), "", "assumption")
    flow = None if plain.farm is None else "exact"
    how = Ensemble(members=1, flow=flow, weather=MemberWeather(kind="record"))  # type: ignore[arg-type]
    made = MemberRunner(Plan((plain,), ({},), how, (assumption,), 1), None if runner is None else runner.records)
    made.draws = Given({path: value})  # type: ignore[assignment]
    prepared = made.prepared(0)[0] if runner is None else runner.prepared(0)[0]
    made.prepared = lambda point: (prepared, ())  # type: ignore[assignment]  # its seeds stay those of the run
    return made


class Given:
    """One draw, as it is given."""

    def __init__(self, values: dict[str, float]) -> None:
        self._values = values

    def values(self, number: int) -> dict[str, float]:
        return self._values


def singly(name: str, overrides: tuple[str, ...], path: str, stated: Quantity) -> Iterator[tuple[float, Scenario]]:
    """Yield the scenario with another value written, of the nearest value it takes; nothing where it takes none."""
    for factor in (1.03, 0.97, 1.3, 0.5):
        value = float(stated) * factor if stated else factor - 0.96
        try:
            yield value, load_scenario(name, (*overrides, f"{path}={value!r} {stated.si}".rstrip()))
        except TestsiteError:
            continue
        return


def alike(first: Any, second: Any) -> bool:
    """Return whether two things that are prepared are the same, but for what they are called."""
    if first is second:
        return True
    if isinstance(first, xr.Dataset):
        return first.equals(second)
    if isinstance(first, np.ndarray):
        return np.array_equal(first, second)
    if isinstance(first, list | tuple):
        return len(first) == len(second) and all(map(alike, first, second))
    if isinstance(first, BaseModel) or (hasattr(first, "__dict__") and not isinstance(first, float)):
        parts = vars(first).keys() & vars(second).keys()  # what is found when it is asked for is not with both
        return all(alike(vars(first)[part], vars(second)[part]) for part in parts if part not in NAMES_ALONE)
    if isinstance(first, dict):
        return first.keys() == second.keys() and all(alike(first[key], second[key]) for key in first)
    return bool(first == second)


def differing(member: Prepared, single: Prepared) -> list[str]:
    """Return what of a member is not that of a single run."""
    of_members = {name: getattr(member, name) for name in ("threads", "log", "each_turbine", "optimum")}
    as_run = replace(single, **of_members)
    return [each.name for each in fields(member) if not alike(getattr(member, each.name), getattr(as_run, each.name))]


def walked(name: str, overrides: tuple[str, ...], *begin: str) -> tuple[dict[str, list[str]], int]:
    """Return of each quantity what of its member is not that of the single run, and how many were compared."""
    plain = load_scenario(name, overrides).model_copy(update={"ensemble": None})
    runner, found, compared = None, dict[str, list[str]](), 0
    for path, stated in quantities(plain):
        if begin and not path.startswith(begin):
            continue
        for value, single in singly(name, overrides, path, stated):
            runner = drawn(plain, path, value, runner)
            compared += 1
            try:
                expected = prepare(single.model_copy(update={"ensemble": None}))
            except TestsiteError as error:
                with pytest.raises(type(error)) as caught:
                    runner.member(1)
                assert caught.value.problems == error.problems
                continue
            if differs := differing(runner.member(1), expected):
                found[path] = differs
    return found, compared


def test_a_member_is_prepared_of_its_draw_where_more_than_the_scenario_is_made_of_it() -> None:
    reach = ("weather.climate.wind.sh", "location.t", "wind.curve_averaging.c", "market.price")
    found, compared = walked("flanders-wind-farm/test-site", MADE, *reach)
    assert found == {}
    assert compared >= 10


def test_the_walk_finds_members_that_are_prepared_before_their_draw(monkeypatch: pytest.MonkeyPatch) -> None:
    before = lambda known, scenario, opened: replace(known, scenario=scenario)  # noqa: E731
    monkeypatch.setattr("testsite_sim.ensemble.members.prepared_alike", before)
    found, _ = walked("flanders-wind-farm/test-site", MADE, "location.t", "weather.climate.wind.shape.0")
    assert found == {
        "location.turbulence_intensity": ["turbines"],
        "weather.climate.wind.shape.0": ["record", "reference", "mapping"],
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "waterstof/balancing-capacity",
        "waterstof/balancing-rolling-horizon",
        "waterstof/balancing-stacks",
        "waterstof/bus-depot-antwerp",
        "waterstof/offshore-hydrogen",
    ],
)
def test_every_member_is_the_single_run_of_its_draw(name: str) -> None:
    found, compared = walked(name, SHORT)
    assert found == {}
    assert compared > 50


@pytest.mark.slow
def test_every_member_of_a_plant_without_turbines_is_the_single_run_of_its_draw() -> None:
    found, compared = walked("waterstof/coastal-depot", ("weather.climate=null",))
    assert found == {}
    assert compared > 50
