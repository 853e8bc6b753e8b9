"""From files to a checked model: `extends`, components by name, overrides, and errors that name file and line."""

import copy
import difflib
import functools
import re
import types
import typing
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from testsite_sim.common.errors import ConfigurationError, nearest
from testsite_sim.common.text import shortened
from testsite_sim.configuration.base import Component
from testsite_sim.configuration.catalogue import find_configuration, find_scenario
from testsite_sim.configuration.layout_file import is_layout_file, load_layout
from testsite_sim.configuration.plain_text import unprintable
from testsite_sim.configuration.yaml_loader import Document, Path_, Place, load_document

Model = TypeVar("Model", bound=BaseModel)
LONGEST_CHAIN = 10
KEY = re.compile(r"[A-Za-z_][\w.]*")
COUNTED = re.compile(r"\w+ should have at (most|least) (\d+) items? after validation, not (\w+)")
QUOTED = re.compile(r"'([^']*)'")
EXPECTED = {  # how the library says what it wants, and how a user does
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "list": "a list",
    "tuple": "a list",
    "dictionary": "a mapping",
}


class Whole(dict[str, Any]):
    """A mapping that came from a named component: it replaces what it overrides, and is not merged into it."""


class Files:
    """The files of one case: each is parsed once, and read as often as is needed."""

    def __init__(self) -> None:
        self._parsed: dict[Path, Document] = {}

    def read(self, path: Path) -> Document:
        """Return a copy of what a file holds.

        Raises
        ------
        ConfigurationError
            When it cannot be read or does not parse.
        """
        if path not in self._parsed:
            self._parsed[path] = load_layout(path) if is_layout_file(path.name) else load_document(path)
        parsed = self._parsed[path]
        return Document(copy.deepcopy(parsed.data), dict(parsed.places), dict(parsed.problems))


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
    for path, character in unprintable(document.data):
        field = ".".join(map(str, path)) or "scenario"
        raise ConfigurationError(
            f"{document.place(path)}: {field}: found the character U+{ord(character):04X}; expected text "
            "without control characters."
        )
    try:
        checked_model = model.model_validate(document.data)
    except ValidationError as error:
        raise ConfigurationError(*_explain(error, model, document)) from None
    if document.problems:
        raise ConfigurationError(*_lines(document.problems))
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
        keys = [tuple(_key(word) for word in problem.partition(":")[0].split(".")) for problem in error.problems]
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
        return expand(_member_for(annotation, data), data, path, document, folder, reading)
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
        for name, field_type in _field_types(annotation).items():
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
        {(*path, *key): place for key, place in loaded.places.items()},
        {(*path, *key): problem for key, problem in loaded.problems.items()},
    )
    if isinstance(data, str):
        drop_places(document, path)
        document.places.update(below.places)
        document.problems.update(below.problems)
        return below.data
    above = expand(inner, data, path, document, folder, reading)
    merged = Whole(_merge(below, document, below.data, above, path))
    document.places.update(below.places)
    document.problems.update(below.problems)
    document.places[path] = where
    return merged


@functools.cache
def _field_types(model: type[BaseModel]) -> dict[str, Any]:
    """Return the annotations of a model's fields, `Annotated` kept."""
    return {
        name: annotation
        for name, annotation in typing.get_type_hints(model, include_extras=True).items()
        if name in model.model_fields
    }


def _member_for(union: Any, data: Any) -> Any:
    """Return the member of a union that the data is meant for.

    It is the one whose tag the data states (a key of one possible value, such as `kind`), else the model that knows
    most of its keys; the first of several.
    """
    return _members_for(union, data)[0]


def _members_for(union: Any, data: Any) -> list[Any]:
    """Return the members of a union that the data may be meant for, in their order; several where keys fit alike."""
    members = [member for member in get_args(union) if member is not type(None)]
    members = [member for member in members if _is_list(member) == isinstance(data, list)] or members
    stated = data if isinstance(data, dict) else {}

    def fit(member: Any) -> tuple[int, int]:
        tags = _tags_of(member)
        return sum(stated.get(key) == tag for key, tag in tags.items()), len(set(stated) & set(_keys_of(member)))

    best = max(fit(member) for member in members)
    return [member for member in members if fit(member) == best]


def _is_list(annotation: Any) -> bool:
    """Return whether an annotation is that of a list."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    return get_origin(annotation) in (list, tuple)


def _is_meant(member: Any, said: str) -> bool:
    """Return whether a member of a union is the one that a location says: by its name, its kind or its tag."""
    while get_origin(member) is Annotated:
        member = get_args(member)[0]
    if get_origin(member) in (Union, types.UnionType):
        return said.startswith("union[")
    if _is_list(member):
        return said.startswith(("tuple[", "list["))
    return _plain_type(member).__name__ in said or said in _tags_of(member).values()


def _tags_of(annotation: Any) -> dict[str, str]:
    """Return the keys of a model that have one possible value, with it."""
    model = _plain_type(annotation)
    if not issubclass(model, BaseModel):
        return {}
    stated = {name: get_args(field.annotation) for name, field in model.model_fields.items()}
    return {name: str(values[0]) for name, values in stated.items() if len(values) == 1 and isinstance(values[0], str)}


def _keys_of(annotation: Any) -> list[str]:
    """Return the keys that a model knows; none for other types."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return list(annotation.model_fields)
    return []


_TAG = re.compile(r"found using '(\w+)'")  # pydantic's word for the key that says which model it is


def _explain(error: ValidationError, model: type[BaseModel], document: Document) -> list[str]:
    """Write a sentence for every problem of a validation error, in the order of their lines."""
    found: dict[Path_, str] = {}
    misspelt: set[Path_] = set()  # what unknown keys probably mean, which is then not missing
    problems = error.errors(include_url=False, include_context=False)
    for problem in sorted(problems, key=lambda problem: problem["type"] == "missing"):
        location = tuple(problem["loc"])
        if problem["type"] == "too_short" and any(
            len(each["loc"]) > len(location) and each["loc"][: len(location)] == location for each in problems
        ):
            continue  # of the items that there are, those with a problem of their own are not counted
        unknown = problem["type"] == "extra_forbidden"
        inside = _written(model, document.data, location[:-1] if unknown else location)
        # Parts that contradict each other are judged once every part is there.
        if inside is None or (not inside and document.problems and not unknown and problem["type"] != "missing"):
            continue
        written = (*inside, location[-1]) if unknown else inside
        field = ".".join(str(key) for key in written) or "scenario"
        if unknown:
            valid = _keys_at(model, document.data, written[:-1])
            misspelt.update(
                (*inside, key) for key in difflib.get_close_matches(str(written[-1]), valid, n=1, cutoff=0.6)
            )
            renamed = getattr(_meant_at(model, document.data, written[:-1]), "RENAMED", {}).get(str(written[-1]))
            above = "" if len(written) == 1 else f" in {'.'.join(map(str, written[:-1]))!r}"
            sentence = _other_kind(model, document.data, written) or (
                f"unknown key {str(written[-1])!r}{above}. {nearest(str(written[-1]), valid)}".rstrip()
            )
            if renamed is not None:
                sentence = f"there is no key {str(written[-1])!r} any more: {renamed}."
        elif problem["type"] == "missing":
            if written in misspelt:
                continue
            sentence = f"the key {field!r} is missing; add it."
        else:
            # A validator that finds several faults lists them, a line each.
            parts = str(problem["msg"]).split("\n")
            said = [_found_and_expected({**problem, "msg": part}) for part in parts]
            if problem["type"] == "model_type":
                said = [s.replace("a mapping.", f"{_expected_at(model, document.data, written)}.") for s in said]
            sentence = "\n".join(f"{field}: {each}" for each in said)
        place = document.place(written[:-1] if problem["type"] == "missing" else written)
        if problem["type"] == "union_tag_invalid" and (tag := _TAG.search(str(problem["msg"]))):
            place = document.place((*written, tag[1]))
        elif problem["type"] == "value_error":
            place = _place_of_named(document, written, str(problem["msg"])) or place
        elif problem["type"] == "quantity":
            place = _place_of_changed(document, written) or place
        found.setdefault(written, "\n".join(f"{place}: {line}" for line in sentence.split("\n")))
    lacking = getattr(model, "lacking", None)
    if lacking is not None and () not in found and isinstance(document.data, dict):
        # Where other problems keep the parts from being judged together: what is not there is named all the same.
        stated = {key for key, value in document.data.items() if value is not None}
        stated |= {path[0] for path in (*document.problems, *misspelt) if path}
        if sentences := lacking(stated):
            found[()] = "\n".join(f"{document.place(())}: scenario: {sentence}." for sentence in sentences)
    for path, sentence in document.problems.items():
        # What a component without a file lacks is not a problem of its own.
        found = {key: said for key, said in found.items() if key[: len(path)] != path}
        found[path] = sentence
    return _lines(found)


def _place_of_named(document: Document, path: Path_, message: str) -> Place | None:
    """Return where a key stands that a message on a part names; None where it names none that was written.

    Of several keys that contradict each other, the one of an override or of the file itself is what was changed last.
    """
    named = [(*path, *(_key(word) for word in token.rstrip(".").split("."))) for token in re.findall(KEY, message)]
    places = [document.places[key] for key in named if key in document.places]
    own = document.place(()).origin
    files = {place.origin for place in document.places.values() if place.line is not None}
    return next(
        (place for place in places if place.origin not in files or place.origin == own), places[0] if places else None
    )


def _place_of_changed(document: Document, path: Path_) -> Place | None:
    """Return where a part of a quantity was changed last, such as its range; None where it stands in one place."""
    stated = document.data
    for step in path:
        if isinstance(stated, list) and isinstance(step, int):
            stated = stated[step]
        else:
            stated = stated.get(step) if isinstance(stated, dict) else None
    if not (isinstance(stated, dict) and "value" in stated):
        return None
    parts = [place for key, place in document.places.items() if len(key) > len(path) and key[: len(path)] == path]
    own = document.place(()).origin
    for changed in (lambda place: place.line is None, lambda place: place.origin == own):
        found = [place for place in parts if changed(place)]
        if found and len(found) < len(parts):
            return found[-1]
    return None


def _key(word: str) -> str | int:
    """Return a key, or an index of a list."""
    return int(word) if word.isdecimal() else word


def _found_and_expected(problem: Any) -> str:
    """Return the sentence of a problem: what was found, and what is expected or the nearest choice."""
    message = str(problem["msg"]).removeprefix("Value error, ")
    if problem["type"] == "union_tag_invalid":
        tag, key, *known = re.findall(QUOTED, message.replace("''", "'"))
        return f"there is no {key} {tag!r}. {nearest(tag, known)}"
    if problem["type"] == "union_tag_not_found":
        return f"the key {re.findall(QUOTED, message)[0]!r} is missing; it says which kind this is."
    if count := COUNTED.fullmatch(message):
        return f"found {count[3]} items; expected at {count[1]} {count[2]}."
    if problem["type"] == "missing" or not message.startswith("Input should be "):
        return message if message.endswith((".", "…")) else f"{message}."
    value = problem["input"]
    if isinstance(value, dict | list):
        shown = "a mapping" if isinstance(value, dict) else "a list"
    else:
        shown = {"None": "null", "True": "true", "False": "false"}.get(repr(value)) or shortened(repr(value), 60)
    if problem["type"] == "literal_error":
        return f"found {shown}. {nearest(str(value), re.findall(QUOTED, message))}"
    expected = message.removeprefix("Input should be ").removeprefix("a valid ").split(", unable to parse")[0]
    expected = expected.split(" or instance of ")[0]
    return f"found {shown}; expected {EXPECTED.get(expected, expected)}."


def _lines(problems: dict[Path_, str]) -> list[str]:
    """Return the sentences, one a problem; a file that was not read may have several."""
    return [line for sentences in problems.values() for line in sentences.split("\n")]


def _written(annotation: Any, data: Any, location: Path_) -> Path_ | None:
    """Return a location without what pydantic adds to it: names of members of unions; None: of a member not meant."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if not location:
        return ()
    members = [member for member in get_args(annotation) if member is not type(None)]
    if get_origin(annotation) in (Union, types.UnionType):
        meant = _member_for(annotation, data)
        if len(members) == 1:
            return _written(meant, data, location)
        return _written(meant, data, location[1:]) if _is_meant(meant, str(location[0])) else None
    step, *rest = location
    if get_origin(annotation) in (list, tuple, dict):
        inner = get_args(annotation)[-1 if get_origin(annotation) is dict else 0]
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        inner = _field_types(annotation).get(str(step))
    else:
        return () if isinstance(step, str) and "[" in step else location
    inside: Any = None
    if isinstance(data, dict):
        inside = data.get(step)
    elif isinstance(data, list) and isinstance(step, int) and step < len(data):
        inside = data[step]
    tail = _written(inner, inside, tuple(rest))
    return None if tail is None else (step, *tail)


def _plain_type(annotation: Any) -> type:
    """Return the type behind `Annotated`."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    return annotation if isinstance(annotation, type) else type(annotation)


def _keys_at(annotation: Any, data: Any, path: Path_) -> list[str]:
    """Return the keys that the model knows at a path; of all models that the data may be meant for."""
    taken, inside = _taken_at(annotation, data, path)
    return [key for model in _models(taken, inside) for key in _keys_of(model)]


def _other_kind(annotation: Any, data: Any, path: Path_) -> str:
    """Return the sentence on a key that another model of a union has than the one meant; an empty text for others."""
    *above, key = path
    taken, inside = _taken_at(annotation, data, tuple(above))
    meant = [set(_keys_of(model)) for model in _models(taken, inside)]
    if not isinstance(inside, dict) or len(meant) != 1:
        return ""
    others = [set(_keys_of(model)) for model in _models(taken, None) if str(key) in _keys_of(model)]
    own = [stated for stated in inside if stated in meant[0] and not any(stated in other for other in others)]
    if not others or not own:
        return ""
    where = ".".join(map(str, above))
    return f"{str(key)!r} in {where!r} is a key of another kind than {own[0]!r}; state the keys of one kind."


def _models(annotation: Any, data: Any) -> list[Any]:
    """Return the models that data may be meant for, behind `Annotated` and unions; all of them where there is none."""
    if get_origin(annotation) is Annotated:
        return _models(get_args(annotation)[0], data)
    if get_origin(annotation) in (Union, types.UnionType):
        members = _members_for(annotation, data) if data is not None else get_args(annotation)
        return [model for member in members for model in _models(member, data)]
    return [annotation] if _keys_of(annotation) else []


def _expected_at(annotation: Any, data: Any, path: Path_) -> str:
    """Return what may stand at a path, for a message: a name, a mapping, a list."""
    found: list[str] = []

    def look(taken: Any, is_name: bool) -> None:
        if get_origin(taken) is Annotated:
            inner, *marks = get_args(taken)
            look(inner, is_name or any(isinstance(mark, Component) for mark in marks))
        elif get_origin(taken) in (Union, types.UnionType):
            for member in get_args(taken):
                look(member, is_name)
        elif _is_list(taken):
            found.append("a list")
        elif _keys_of(taken):
            found.extend(["a name", "a mapping"] if is_name else ["a mapping"])

    look(_taken_at(annotation, data, path)[0], False)
    *first, last = dict.fromkeys(found) or ["a mapping"]
    return f"{', '.join(first)} or {last}" if first else last


def _meant_at(annotation: Any, data: Any, path: Path_) -> Any:
    """Return the model, or another type, that is meant at a path; None where there is none."""
    annotation, data = _taken_at(annotation, data, path)
    while get_origin(annotation) in (Annotated, Union, types.UnionType):
        is_union = get_origin(annotation) is not Annotated
        annotation = _member_for(annotation, data) if is_union else get_args(annotation)[0]
    return annotation


def _taken_at(annotation: Any, data: Any, path: Path_) -> tuple[Any, Any]:
    """Return the whole annotation of what stands at a path, and the data there; None where there is none."""
    if not path:
        return annotation, data
    while get_origin(annotation) in (Annotated, Union, types.UnionType):
        is_union = get_origin(annotation) is not Annotated
        annotation = _member_for(annotation, data) if is_union else get_args(annotation)[0]
    step, *rest = path
    inside: Any = None
    if isinstance(data, dict):
        inside = data.get(step)
    elif isinstance(data, list) and isinstance(step, int):
        inside = data[step]
    if get_origin(annotation) in (list, tuple, dict):
        return _taken_at(get_args(annotation)[-1 if get_origin(annotation) is dict else 0], inside, tuple(rest))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _taken_at(_field_types(annotation).get(str(step)), inside, tuple(rest))
    return None, None
