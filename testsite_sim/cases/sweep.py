"""A sweep: a scenario at every combination of the values of some keys, each as it stands or as an ensemble."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from testsite_sim.cases.ensemble import EnsembleCase
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.configuration.overrides import Overrides
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
    points = [({key: str(plain_data(value)) for key, value in each.items()}, each) for each in points_of(values)]
    return sweep_of_points(case, points, members, until)


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
    values = {key: each.tolist() if hasattr(each, "tolist") else each for key, each in values.items()}
    for key, each in values.items():
        if isinstance(each, str) or not isinstance(each, Sequence) or not each:
            raise ConfigurationError(f"sweep: {key} has {each!r}; expected a list of one value or more.")
        twice = next((value for n, value in enumerate(each) if value in each[:n]), None)
        if twice is not None:
            raise ConfigurationError(f"sweep: {key} has {twice!r} twice; expected each value once.")
    if not values:
        raise ConfigurationError("sweep: found no key; expected one or more, each with its values.")
    points = [dict(zip(values, combination, strict=True)) for combination in itertools.product(*values.values())]
    if len(points) > MOST_POINTS:
        raise ConfigurationError(f"sweep: found {len(points):,} combinations; expected at most {MOST_POINTS:,}.")
    return points
