"""Other values for single keys of a scenario or a study, of the command line or of Python."""

import copy
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.configuration.loading import (
    Files,
    Reading,
    Whole,
    drop_places,
    expand,
    load_scenario_document,
)
from testsite_sim.configuration.python_values import file_here, from_python
from testsite_sim.configuration.titles import titled_anew
from testsite_sim.configuration.writing import plain_data
from testsite_sim.configuration.yaml_loader import Document, Path_, Place, parse_value


@dataclass(frozen=True)
class Override:
    """A value for one key: where it goes, what it is, and how messages name it."""

    keys: tuple[str, ...]
    value: Any
    origin: str


Overrides = Mapping[str, Any] | Sequence[str | Override]


def read_overrides(stated: Overrides) -> list[Override]:
    """Return overrides of `a.b=VALUE`, as the command line has them, or of a mapping of dotted keys to values.

    A text that names a file in the current folder is given its whole path, also inside a mapping; of Python, arrays,
    paths, moments and a table of turbines are taken as `from_python` says.

    Raises
    ------
    ConfigurationError
        When one has no `=`, an empty key, or a value that does not parse or that no YAML file could state.

    Examples
    --------
    >>> read_overrides({"plant.electrolysers.0.capacity": "20 MW"})[0].keys
    ('plant', 'electrolysers', '0', 'capacity')
    >>> read_overrides(["wind.wake_model=jensen"])[0].value
    'jensen'
    """
    if isinstance(stated, Mapping):
        return [_of_python(key, value) for key, value in stated.items()]
    if isinstance(stated, str):
        raise ConfigurationError(f"overrides: found the text {stated!r}; expected a mapping of dotted keys to values.")
    if not isinstance(stated, Iterable):
        raise ConfigurationError(f"overrides: found {stated!r}; expected a mapping of dotted keys to values.")
    return [each if isinstance(each, Override) else _of_text(each) for each in stated]


def _of_text(text: object) -> Override:
    """Read one `a.b=VALUE`."""
    if not isinstance(text, str):
        raise ConfigurationError(f"overrides: found {text!r}; expected a mapping of dotted keys to values.")
    dotted, separator, written = text.partition("=")
    origin = f"--set {text}"
    keys = tuple(key.strip() for key in dotted.split("."))
    if not separator or not all(keys):
        raise ConfigurationError(f"{origin}: expected `a.b=VALUE`, for example `--set wind.wake_model=bastankhah`.")
    file = file_here(written)
    return Override(keys, parse_value(written, origin) if file is None else file, origin)


def _of_python(dotted: object, value: Any) -> Override:
    """Check one pair of a mapping."""
    origin = f"override {dotted!r}"
    keys = tuple(key.strip() for key in dotted.split(".")) if isinstance(dotted, str) else ()
    if not keys or not all(keys):
        raise ConfigurationError(f"{origin}: expected a dotted key, for example 'wind.wake_model'.")
    plain = plain_data(from_python(keys, value))
    _refuse_what_no_file_states(plain, origin)
    return Override(keys, plain, origin)


def _refuse_what_no_file_states(value: Any, origin: str) -> None:
    """Refuse a value that is neither text, number, truth value, list nor mapping, or holds one."""
    if isinstance(value, dict):
        wrong = next((key for key in value if not isinstance(key, str)), None)
        if wrong is not None:
            raise ConfigurationError(f"{origin}: found the key {wrong!r}; expected keys that are text.")
    inside: Iterable[Any] = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inside:
        _refuse_what_no_file_states(each, origin)
    if not isinstance(value, str | int | float | list | dict | None):
        raise ConfigurationError(
            f"{origin}: found a {type(value).__name__}; expected text with a unit such as '20 MW', a number, a truth "
            f"value, a list or a mapping.{_as_file(value)}"
        )
    if isinstance(value, float) and not math.isfinite(value):
        raise ConfigurationError(f"{origin}: {value!r} is not a finite number.")


def _as_file(value: Any) -> str:
    """Return the sentence that says what to do with data in memory; empty for what is none."""
    if not hasattr(value, "to_numpy") and not hasattr(value, "to_netcdf"):
        return ""
    return " Data over time is a file: write it, with `to_csv` or `to_netcdf`, and name that as `weather.record`."


def load_overridden(
    name: str, model: type[BaseModel], stated: Overrides, files: Files | None = None
) -> tuple[Document, Path]:
    """Read a scenario or a study with what it extends, its components expanded, with other values for some keys.

    See `load_scenario_document` and `read_overrides`.

    Raises
    ------
    ConfigurationError
        Also when an override is lost, since a later one replaces what it is in.
    """
    files = files or Files()
    document, path = load_scenario_document(name, model, files)
    changes = read_overrides(stated)
    _refuse_lost(changes)
    for change in changes:
        apply_override(document, change, model, path.parent, files)
    return document, path


def _refuse_lost(changes: Sequence[Override]) -> None:
    """Refuse an override that a later one of a broader key replaces as a whole, and so ignores.

    Raises
    ------
    ConfigurationError
        Naming every such pair.
    """
    lost = [
        f"{earlier.origin}: is lost, since {later.origin} after it replaces all of {'.'.join(later.keys)!r}; state the "
        "broader one first."
        for n, later in enumerate(changes)
        for earlier in changes[:n]
        if len(earlier.keys) > len(later.keys) and earlier.keys[: len(later.keys)] == later.keys
    ]
    if lost:
        raise ConfigurationError(*lost)


def apply_override(document: Document, change: Override, model: type[BaseModel], folder: Path, files: Files) -> None:
    """Put a value into a document, inside what a named configuration says where the key leads there.

    Parameters
    ----------
    document : Document
        As `load_scenario_document` gives it: components expanded. It is changed.
    change : Override
        What to put where; None removes a key.
    model : type
        The model that the document will be checked against.
    folder : Path
        The folder of the scenario, for the paths of components.
    files : Files
        What has parsed some of the files already.

    Raises
    ------
    ConfigurationError
        When the key leads into a value, or to an item that a list does not have.
    """
    path: Path_ = ()
    target = document.data
    *above, last = change.keys
    component, of_component = None, last
    for depth, key in enumerate(above):
        step = _step(target, key, change, depth)
        path = (*path, step)
        if isinstance(target, Whole):
            component, of_component = target, key
        if isinstance(target, dict) and target.get(key) is None:
            target[key] = {}
            document.places[path] = Place(change.origin)
        target = target[step]
    step = _step(target, last, change, len(above))
    if last == "extends" and isinstance(target, Whole):  # what is read is there already, and would stand above the name
        where = ".".join(above)
        raise ConfigurationError(
            f"{change.origin}: {where} has been read from what it extends; expected the name as {where} itself."
        )
    path = (*path, step)
    if isinstance(target, Whole):
        component, of_component = target, last
    drop_places(document, path)
    before: Any = target.get(last) if isinstance(target, dict) else target[step]
    if change.value is None and isinstance(target, dict) and last in target:
        del target[last]
    else:
        target[step] = copy.deepcopy(change.value)
    document.places.update(dict.fromkeys(_parts_of(change.value, path), Place(change.origin)))
    if component is not None and before != change.value:
        title = titled_anew({**component, of_component: before}, {of_component: change.value})
        if title is not None:
            component["title"] = title
    if not (_is_plain(before) and _is_plain(change.value)):  # numbers name nothing that is read
        document.data = expand(model, document.data, (), document, folder, Reading(files))


def _parts_of(value: Any, path: Path_) -> Iterator[Path_]:
    """Yield the path of a value and of every key in it, which a message on it then finds to be the override's."""
    yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in pairs:
        if isinstance(value, dict) or isinstance(each, dict | list):
            yield from _parts_of(each, (*path, key))


def _is_plain(value: Any) -> bool:
    """Return whether a value is a number, or a list of numbers: neither names a file, nor says which model is meant."""
    return all(isinstance(each, int | float) for each in (value if isinstance(value, list) else [value]))


def _step(target: Any, key: str, change: Override, depth: int) -> str | int:
    """Return the key of a mapping, or the index of a list.

    Raises
    ------
    ConfigurationError
        When the target is neither, or the list has no such item.
    """
    if isinstance(target, dict):
        return key
    where = ".".join(change.keys[:depth])
    if not isinstance(target, list):
        raise ConfigurationError(f"{change.origin}: {where} is a value and has no key {key!r}.")
    if key not in (indices := [str(n) for n in range(len(target))]):
        expected = f"an index from 0 to {len(target) - 1}" if len(target) > 1 else "the index 0" if target else "none"
        such = f", such as {where}.0" if target and not key.lstrip("-").isdecimal() else ""
        raise ConfigurationError(
            f"{change.origin}: {where} is a list of {len(target)}; expected {expected}{such}, not {key!r}."
        )
    return indices.index(key)
