"""A sweep: a scenario at every combination of the values of some keys, each as it stands or as an ensemble."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from testsite_sim.cases.ensemble import EnsembleCase
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.configuration.overrides import Overrides
from testsite_sim.configuration.python_values import is_table
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.configuration.writing import plain_data
from testsite_sim.ensemble.sweep import MOST_POINTS


class Changeable(Protocol):
    """A scenario that gives itself with other values for some keys: `testsite_sim.cases.scenario.ScenarioCase`."""

    @property
    def scenario(self) -> Scenario:
        """Everything that a run needs to know."""

    def changed(self, overrides: Overrides) -> "Changeable":
        """Return the same scenario with other values for some keys."""


def sweep_case(
    case: Changeable, values: Mapping[str, Sequence[Any]], members: int | None = None, until: str | None = None
) -> EnsembleCase:
    """Return the case that runs every combination of the values of some keys.

    Parameters
    ----------
    case : ScenarioCase
        What is varied.
    values : mapping of str to sequence
        The values of each dotted key.
    members, until
        See `sweep_of_points`.

    Raises
    ------
    ConfigurationError
        When a key has no value, there are too many combinations, or one of them is wrong.
    """
    points = points_of(values)
    tables = {
        key: [*{id(each[key]): each[key] for each in points if is_table(each[key])}.values()] for key in points[0]
    }
    labelled = [({key: _label(value, tables[key]) for key, value in each.items()}, each) for each in points]
    return sweep_of_points(case, labelled, members, until)


def _label(value: Any, tables: Sequence[Any]) -> str:
    """Return what a value is called; a table by its number from 1 among those of its key."""
    if not is_table(value):
        return str(plain_data(value))
    return f"table {1 + next(k for k, each in enumerate(tables) if each is value)}"


def sweep_of_points(
    case: Changeable,
    points: Sequence[tuple[Mapping[str, str], Overrides]],
    members: int | None = None,
    until: str | None = None,
) -> EnsembleCase:
    """Return the case that runs the points of a sweep; their files are parsed once.

    Parameters
    ----------
    case : ScenarioCase
        What is varied.
    points : sequence of pairs
        How each is labelled, key to value as text, and what it changes.
    members : int, optional
        How many members each has besides the scenario as it stands; None: as its section `ensemble` says, or none.
    until : str, optional
        A precision at which to stop before all members have run.
    """
    if members is None and until is None and case.scenario.ensemble is None:
        members = 0
    swept = [(label, case.changed(changes).scenario) for label, changes in points]
    return EnsembleCase.of_members(case.scenario, members, until, swept)


def points_of(values: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    """Return every combination of the values of some keys.

    Raises
    ------
    ConfigurationError
        When there are no values, or too many combinations.

    Examples
    --------
    >>> points_of({"a": ["1 m", "2 m"], "b": [3]})
    [{'a': '1 m', 'b': 3}, {'a': '2 m', 'b': 3}]
    """
    if not isinstance(values, Mapping):
        raise ConfigurationError(f"sweep: found {values!r}; expected a mapping of dotted keys to lists of values.")
    values = {key: _listed(each) for key, each in values.items()}
    for key, each in values.items():
        if isinstance(each, str) or not isinstance(each, Sequence) or not each:
            raise ConfigurationError(f"sweep: {key} has {each!r}; expected a list of one value or more.")
        twice = next((value for n, value in enumerate(each) if any(_is_same(value, other) for other in each[:n])), None)
        if twice is not None:
            raise ConfigurationError(f"sweep: {key} has {twice!r} twice; expected each value once.")
    if not values:
        raise ConfigurationError("sweep: found no key; expected one or more, each with its values.")
    points = [dict(zip(values, combination, strict=True)) for combination in itertools.product(*values.values())]
    if len(points) > MOST_POINTS:
        raise ConfigurationError(f"sweep: found {len(points):,} combinations; expected at most {MOST_POINTS:,}.")
    return points


def _listed(values: Any) -> Any:
    """Return an array or a series as a list, and those that a list holds as lists; all else as it is."""
    if isinstance(values, np.ndarray) and values.dtype.kind in "mM":
        return list(values)  # whose `tolist` gives numbers
    if hasattr(values, "tolist"):
        return values.tolist()
    return [_listed(each) for each in values] if isinstance(values, list | tuple) else values


def _is_same(one: Any, other: Any) -> bool:
    """Return whether two values of a key are the same; of tables, whether they hold the same."""
    if is_table(one) or is_table(other):
        return type(one) is type(other) and bool(one.equals(other))
    return bool(one == other)
