"""From files to a checked model: `extends`, components by name, overrides, and errors that name file and line."""

import copy
import types
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from stat import S_ISREG
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.configuration.annotations import field_types, member_for
from testsite_sim.configuration.base import Component
from testsite_sim.configuration.catalogue import find_configuration, find_scenario
from testsite_sim.configuration.layout_file import is_layout_file, load_layout
from testsite_sim.configuration.plain_text import PLAIN, unprintable
from testsite_sim.configuration.problems import explained, key_of, lines_of
from testsite_sim.configuration.titles import titled_anew
from testsite_sim.configuration.yaml_loader import Document, Path_, load_document

Model = TypeVar("Model", bound=BaseModel)
LONGEST_CHAIN = 10
_MOST_COMPARED = 2**20  # bytes of a file that are compared


class Whole(dict[str, Any]):
    """A mapping that came from a named component: it replaces what it overrides, and is not merged into it."""


class Files:
    """The files of one case: each is parsed once, and once more when it has changed; read as often as is needed."""

    def __init__(self) -> None:
        self._parsed: dict[Path, tuple[object, Document]] = {}

    def read(self, path: Path) -> Document:
        """Return a copy of what a file holds.

        Raises
        ------
        ConfigurationError
            When it cannot be read or does not parse.
        """
        held = _held(path)
        if path not in self._parsed or self._parsed[path][0] != held:
            self._parsed[path] = held, load_layout(path) if is_layout_file(path.name) else load_document(path)
        parsed = self._parsed[path][1]
        return Document(copy.deepcopy(parsed.data), dict(parsed.places), dict(parsed.problems))


def _held(path: Path) -> object:
    """Return what differs once a file holds something else: its digest, or of a large one when it was written.

    A time alone does not do: a loop may write a file twice within the resolution of its file system.
    """
    with suppress(OSError):
        stated = path.stat()
        small = S_ISREG(stated.st_mode) and stated.st_size <= _MOST_COMPARED
        return sha256(path.read_bytes()).digest() if small else (stated.st_size, stated.st_mtime_ns)
    return None


@dataclass(frozen=True)
class Reading:
    """What is being read: by which files, and which of them stand above, so that none extends itself."""

    files: Files = field(default_factory=Files)
    above: tuple[Path, ...] = ()


def load_scenario_document(name: str, model: type[BaseModel], files: Files | None = None) -> tuple[Document, Path]:
    """Read a scenario with everything that it extends, components expanded.

    Parameters
    ----------
    name : str
        A shipped name, `waterstof/balancing`, or the path of a YAML file.
    model : type
        The model that the scenario will be checked against; its `Component` fields say what is a name.
    files : Files, optional
        What has parsed some of the files already.

    Returns
    -------
    tuple[Document, Path]
        The merged data with the place of each value, and the file of the scenario itself.
    """
    path = find_scenario(name)
    return _load_chain(path, model, find_scenario, Reading(files or Files())), path


def load_component(kind: str, name: str, model: type[Model]) -> Model:
    """Read and check one configuration file by name or path."""
    path = find_configuration(kind, name)
    return checked(model, _load_chain(path, model, lambda n, folder: find_configuration(kind, n, folder), Reading()))


def load_component_document(kind: str, name: str, model: type[BaseModel]) -> dict[str, Any]:
    """Read one configuration file by name or path with what it extends, unchecked."""
    path = find_configuration(kind, name)
    data = _load_chain(path, model, lambda n, folder: find_configuration(kind, n, folder), Reading()).data
    return data if isinstance(data, dict) else {}


def checked(model: type[Model], document: Document) -> Model:
    """Check data against a model.

    Raises
    ------
    ConfigurationError
        Naming file, line, field, what was found and what is expected, for every problem.
    """
    if found := list(unprintable(document.data)):
        raise ConfigurationError(
            *(
                f"{document.place(path)}: {'.'.join(map(str, path)) or 'scenario'}: found the character "
                f"U+{ord(character):04X}; {PLAIN}."
                for path, character in found
            )
        )
    try:
        checked_model = model.model_validate(document.data)
    except ValidationError as error:
        raise ConfigurationError(*explained(error, model, document)) from None
    if document.problems:
        raise ConfigurationError(*lines_of(document.problems))
    return checked_model


@contextmanager
def at_places(document: Document) -> Iterator[None]:
    """Put file and line before each problem that begins with a key of a document, `wind.wake_model: there is no …`.

    Raises
    ------
    ConfigurationError
        What is raised within it, with these.
    """
    try:
        yield
    except ConfigurationError as error:
        keys = [tuple(key_of(word) for word in problem.partition(":")[0].split(".")) for problem in error.problems]
        raise ConfigurationError(
            *(
                f"{document.place(path)}: {problem}" if path[:1] in document.places else problem
                for path, problem in zip(keys, error.problems, strict=True)
            )
        ) from None


def _load_chain(path: Path, model: type[BaseModel], find: Any, reading: Reading) -> Document:
    """Load a file, its parents below it, and the components that it names."""
    resolved = path.resolve()
    if resolved in reading.above or len(reading.above) > LONGEST_CHAIN:
        raise ConfigurationError(f"{path}: extends itself, through {' -> '.join(p.name for p in reading.above)}.")
    below = Reading(reading.files, (*reading.above, resolved))
    document = reading.files.read(path)
    if not isinstance(document.data, dict):
        raise ConfigurationError(f"{path}:1: expected a mapping of keys, found {document.data!r:.60}.")
    parent_name = document.data.pop("extends", None)
    document.data = expand(model, document.data, (), document, path.parent, below)
    if parent_name is None:
        return document
    if not isinstance(parent_name, str):
        raise ConfigurationError(f"{document.place(('extends',))}: `extends` wants one name, found {parent_name!r}.")
    try:
        parent_path = find(parent_name, path.parent)
    except ConfigurationError as error:
        raise ConfigurationError(f"{document.place(('extends',))}: {error}") from error
    parent = _load_chain(parent_path, model, find, below)
    parent.data = _merge(parent, document, parent.data, document.data, ())
    parent.places[()] = document.place(())
    parent.problems.update(document.problems)
    return parent


def _merge(base: Document, over: Document, below: Any, above: Any, path: Path_) -> Any:
    """Lay `above` over `below`: mappings merge, everything else replaces, null removes."""
    leaf = not (isinstance(below, dict) and isinstance(above, dict)) or isinstance(above, Whole) or "value" in above
    if leaf:
        drop_places(base, path)
        base.places.update({key: place for key, place in over.places.items() if key[: len(path)] == path})
        return above
    merged = dict(below)
    for key, value in above.items():
        if value is None and key in merged:
            del merged[key]
        elif value is None:
            merged[key] = None  # a key that nothing states may be misspelt: the model says
        else:
            merged[key] = _merge(base, over, merged[key], value, (*path, key)) if key in merged else value
            if key not in below:
                _merge(base, over, None, value, (*path, key))
    return merged


def drop_places(document: Document, path: Path_) -> None:
    """Forget the places, and the problems, below a path that is being replaced."""
    for kept in (document.places, document.problems):
        for key in [key for key in kept if key[: len(path)] == path and key != ()]:
            del kept[key]


def expand(annotation: Any, data: Any, path: Path_, document: Document, folder: Path, reading: Reading) -> Any:
    """Replace the names of components by what their files say, following the types of the model."""
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *marks = get_args(annotation)
        component = next((mark for mark in marks if isinstance(mark, Component)), None)
        if component is not None:
            return _expand_component(component, inner, data, path, document, folder, reading)
        return expand(inner, data, path, document, folder, reading)
    if origin in (Union, types.UnionType):
        if data is None:
            return None
        return expand(member_for(annotation, data), data, path, document, folder, reading)
    if origin in (list, tuple) and isinstance(data, list):
        item = get_args(annotation)[0]
        return [expand(item, each, (*path, n), document, folder, reading) for n, each in enumerate(data)]
    if origin is dict and isinstance(data, dict):
        item = get_args(annotation)[1]
        return type(data)(
            {key: expand(item, each, (*path, key), document, folder, reading) for key, each in data.items()}
        )
    if isinstance(annotation, type) and issubclass(annotation, BaseModel) and isinstance(data, dict):
        expanded = type(data)(data)
        for name, field_type in field_types(annotation).items():
            if name in data:
                expanded[name] = expand(field_type, data[name], (*path, name), document, folder, reading)
        return expanded
    return data


def _expand_component(
    component: Component, inner: Any, data: Any, path: Path_, document: Document, folder: Path, reading: Reading
) -> Any:
    """Expand a name, or a mapping that extends one."""
    name = data if isinstance(data, str) else data.pop("extends", None) if isinstance(data, dict) else None
    if name is None:
        return expand(inner, data, path, document, folder, reading)
    where = document.place(path)
    try:
        file = find_configuration(component.kind, str(name), folder)
    except ConfigurationError as error:
        document.problems[path] = f"{where}: {error}"
        return None
    try:
        loaded = _load_chain(file, inner, lambda n, at: find_configuration(component.kind, n, at), reading)
    except ConfigurationError as error:
        document.problems[path] = "\n".join(error.problems)
        return None
    below = Document(
        Whole(loaded.data),
        {(*path, *key): replace(place, of_component=True) for key, place in loaded.places.items()},
        {(*path, *key): problem for key, problem in loaded.problems.items()},
    )
    if isinstance(data, str):
        drop_places(document, path)
        document.places.update(below.places)
        document.problems.update(below.problems)
        return below.data
    above = expand(inner, data, path, document, folder, reading)
    title = titled_anew(below.data, above)
    merged = Whole(_merge(below, document, below.data, above, path))
    if title is not None:
        merged["title"] = title
    document.places.update(below.places)
    document.problems.update(below.problems)
    document.places[path] = where
    return merged
