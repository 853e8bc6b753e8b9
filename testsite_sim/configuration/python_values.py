"""Values of overrides as Python has them: arrays, paths, moments and tables become what a YAML file could state."""

import datetime
from os.path import isfile
from pathlib import Path
from typing import Any

import numpy as np

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.configuration.layout_file import layout_of_table

NOT_FILES = frozenset({"title", "description", "source", "column"})  # keys whose text names no file


def from_python(keys: tuple[str, ...], value: Any) -> Any:
    """Return a value of an override with what only Python has turned into text, numbers, lists and mappings.

    An array, series or index of one dimension becomes a list; a path the whole path, from the working folder; a moment
    its text in UTC, one without a zone taken to be so; a text that names a file in the working folder its whole path.
    A pandas table of turbines becomes a farm where a farm is expected. Anything else stays what it is, for the caller
    to refuse.

    Parameters
    ----------
    keys : tuple of str
        Where the value goes.
    value : Any
        As the user gave it; it is not changed.

    Raises
    ------
    ConfigurationError
        When a table is no layout, or a moment none of UTC.

    Examples
    --------
    >>> from_python(("weather", "start"), datetime.date(2023, 2, 1))
    '2023-02-01'
    >>> from_python(("farm", "groups", "mine", "x"), np.array([0.0, 1500.0]))
    [0.0, 1500.0]
    """
    if keys[-1:] in (("farm",), ("neighbours",)) and is_table(value):
        return layout_of_table(value, f"override {'.'.join(keys)!r}")
    if isinstance(value, dict):
        return {key: from_python((*keys, str(key)), each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [from_python(keys, each) for each in value]
    if isinstance(value, str):
        return value if keys[-1] in NOT_FILES else file_here(value) or value
    if isinstance(value, Path):
        return str(value.absolute())
    if isinstance(value, datetime.datetime):
        try:
            moment = value if value.tzinfo is None else value.astimezone(datetime.UTC).replace(tzinfo=None)
        except OverflowError:  # of the first or the last day that Python knows
            raise ConfigurationError(
                f"override {'.'.join(keys)!r}: {value} lies outside the calendar in UTC."
            ) from None
        return moment.isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, np.datetime64):
        return str(value)
    return _list_of(value)


def file_here(text: str) -> str | None:
    """Return the whole path of a file that a text names in the working folder; None where it names none."""
    file = Path(text)
    if file.suffix and not file.is_absolute() and isfile(file):  # False also of a name too long for the system
        return str(file.absolute())  # of a link its own name, as where a scenario or a Path names it
    return None


def is_table(value: Any) -> bool:
    """Return whether a value is a table of pandas, which is not imported for this."""
    return hasattr(value, "columns") and hasattr(value, "itertuples")


def _list_of(value: Any) -> Any:
    """Return the items of what holds numbers or texts along one dimension; anything else as it is."""
    if not hasattr(value, "to_numpy") and not isinstance(value, np.ndarray):
        return value
    if getattr(value, "ndim", 0) != 1:
        return value
    items = np.asarray(value)
    return items.tolist() if items.dtype.kind in "biufUTO" else value
