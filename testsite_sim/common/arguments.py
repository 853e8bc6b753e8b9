"""Arguments of the public face: what cannot be used is refused in one sentence, before anything is done."""

import numbers
import os
from pathlib import Path
from typing import Any, TypeVar

from testsite_sim.common.errors import ConfigurationError

Kind = TypeVar("Kind")
MOST_MEMBERS = 10_000_000  # of an ensemble
MOST_SAMPLES = 1_000_000  # base samples or trajectories of a ranking


def whole_number(value: Any, name: str, least: int, most: int | None = None) -> int:
    """Return a whole number, of Python or of NumPy.

    Raises
    ------
    ConfigurationError
        When it is another kind of value, or out of its range.

    Examples
    --------
    >>> whole_number(4, "members", 1)
    4
    """
    expected = f"{least} or more" if most is None else f"from {least} to {most:,}"
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        raise ConfigurationError(f"{name}: found {value!r}; expected a whole number, {expected}.")
    number = int(value)
    if number < least or (most is not None and number > most):
        raise ConfigurationError(f"{name}: found {number}; expected {expected}.")
    return number


def path_of(value: Any, name: str) -> Path:
    """Return a path.

    Raises
    ------
    ConfigurationError
        When the value is neither text nor a path.
    """
    if not isinstance(value, str | os.PathLike):
        raise ConfigurationError(f"{name}: found {value!r}; expected text or a path.")
    return Path(value)


def instance_of(value: Any, kind: type[Kind], name: str, expected: str) -> Kind:
    """Return a value of a type.

    Raises
    ------
    ConfigurationError
        When it is of another.
    """
    if not isinstance(value, kind):
        raise ConfigurationError(f"{name}: found {_shown(value)}; expected {expected}.")
    return value


def _shown(value: Any) -> str:
    """Return a plain value as it is written, and the type of any other."""
    return repr(value) if value is None or isinstance(value, str | int | float) else f"a {type(value).__name__}"
