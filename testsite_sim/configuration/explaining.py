"""What a key of a configuration takes: units, limits, default, meaning; read from the models that check it."""

import inspect
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Annotated, Any, Literal, get_args, get_origin

import annotated_types
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from testsite_sim.common.errors import ConfigurationError, nearest
from testsite_sim.configuration.base import Component
from testsite_sim.configuration.quantities import Quantity, Unit

ANY = "*"  # of a path: any name that the user gives, such as that of a group of turbines
DEEPEST = 12  # parts of a path


@dataclass(frozen=True)
class Key:
    """A key of a configuration.

    Attributes
    ----------
    path
        From the top of the file, without numbers of lists; `*` stands for any name.
    takes
        What its value is, in words.
    default
        In words: `required`, or what it is where it is left out.
    meaning
        What the model says that it belongs to.
    kind
        Of the component that it belongs to, `electrolyser`; empty where it is the file's own.
    inside
        Its path within that component.
    """

    path: tuple[str, ...]
    takes: str
    default: str
    meaning: str
    kind: str
    inside: tuple[str, ...]

    @property
    def name(self) -> str:
        """The path as it is written."""
        return ".".join(self.path)


@cache
def keys_of(model: type[BaseModel]) -> tuple[Key, ...]:
    """Return every key that a file of a model may hold, in the order of its fields; of a union each key once."""
    found: dict[tuple[str, ...], Key] = {}
    for key in _walk(model, (), "", (), ()):
        known = found.get(key.path)
        found[key.path] = key if known is None else replace(known, takes=_either(known.takes, key.takes))
    return tuple(found.values())


def _either(one: str, other: str) -> str:
    """Return what a key takes that two members of a union have."""
    choices = "one of "
    if other in one:
        return one
    if one.startswith(choices) and other.startswith(choices):
        return f"{one}, {other.removeprefix(choices)}"
    return f"{one}, or {other}"


@cache
def component_models(model: type[BaseModel]) -> Mapping[str, list[Any]]:
    """Return the models, or unions of models, of every kind of component that a file of a model may name."""
    found: dict[str, list[Any]] = {}
    _collect(model, found, ())
    return found


def find_keys(keys: Sequence[Key], text: str) -> list[Key]:
    """Return the keys that a text means: one by its whole path, else all whose paths end with it.

    Numbers of lists may stand in it or be left out; a kind of component may stand for the path to it, as in
    `electrolyser.capacity`.

    Parameters
    ----------
    keys : sequence of Key
        Those that there are.
    text : str
        As the user wrote it.

    Raises
    ------
    ConfigurationError
        When there is none; the nearest are offered.
    """
    parts = tuple(part for part in text.strip().split(".") if part and not part.isdigit())
    if not parts:
        raise ConfigurationError(f"explain: {text!r} is no key; expected such as plant.store.capacity.")
    whole = [key for key in keys if _is(key.path, parts)]
    if whole:
        return whole[:1]
    of_kind = [key for key in keys if key.kind == parts[0] and _is(key.inside, parts[1:])]
    if of_kind:
        return of_kind[:1]
    ending = [key for key in keys if len(key.path) >= len(parts) and _is(key.path[-len(parts) :], parts)]
    if ending:
        return ending
    names = {key.name for key in keys} if len(parts) > 1 else {key.path[-1] for key in keys if key.path[-1] != ANY}
    raise ConfigurationError(f"explain: there is no key {text!r}. {nearest('.'.join(parts), names)}")


def value_at(data: Any, path: Sequence[str]) -> list[Any]:
    """Return the values that stand at a path of plain data, in every item of its lists."""
    if isinstance(data, list):
        return [value for item in data for value in value_at(item, path)]
    if not path:
        return [] if data is None else [data]
    if not isinstance(data, dict):
        return []
    inner = data.values() if path[0] == ANY else [data[path[0]]] if path[0] in data else []
    return [value for item in inner for value in value_at(item, path[1:])]


def _is(path: Sequence[str], parts: Sequence[str]) -> bool:
    """Return whether parts are a path, of which some may be any name."""
    return len(path) == len(parts) and all(one in (ANY, other) for one, other in zip(path, parts, strict=True))


def _walk(
    model: type[BaseModel], path: tuple[str, ...], kind: str, inside: tuple[str, ...], above: tuple[type, ...]
) -> Iterator[Key]:
    """Yield the keys of a model and of what it holds; a model that holds itself is entered once."""
    if model in above or len(path) > DEEPEST:
        return
    hints = typing.get_type_hints(model, include_extras=True)
    for name, field in model.model_fields.items():
        here, within = (*path, name), (*inside, name)
        takes = _takes(hints[name], field)
        yield Key(here, takes, _default(field), _meaning(model, name), kind, within)
        for part, steps, component in _models_in(hints[name]):
            below = (component, ()) if component else (kind, (*within, *steps))
            yield from _walk(part, (*here, *steps), below[0], below[1], (*above, model))


def _models_in(annotation: Any, kind: str = "") -> Iterator[tuple[type[BaseModel], tuple[str, ...], str]]:
    """Yield the models that an annotation holds, the steps to them, and the kind of component that they are."""
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *marks = get_args(annotation)
        named = next((mark.kind for mark in marks if isinstance(mark, Component)), kind)
        yield from _models_in(inner, named)
    elif origin in (typing.Union, types.UnionType):
        for member in get_args(annotation):
            yield from _models_in(member, kind)
    elif origin in (tuple, list):
        yield from _models_in(get_args(annotation)[0], kind)
    elif origin is dict:
        for part, steps, named in _models_in(get_args(annotation)[1], kind):
            yield part, (ANY, *steps), named
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation, (), kind


def _collect(model: type[BaseModel], found: dict[str, list[Any]], above: tuple[type, ...]) -> None:
    """Add the models of the components that a model may name."""
    if model in above:
        return
    for annotation in typing.get_type_hints(model, include_extras=True).values():
        _collect_marked(annotation, found)
        for part, _, _ in _models_in(annotation):
            _collect(part, found, (*above, model))


def _collect_marked(annotation: Any, found: dict[str, list[Any]]) -> None:
    """Add what is marked as a component in an annotation."""
    if get_origin(annotation) is Annotated:
        inner, *marks = get_args(annotation)
        for mark in marks:
            if isinstance(mark, Component):
                known = found.setdefault(mark.kind, [])
                if inner not in known:
                    known.append(inner)
    for each in get_args(annotation):
        _collect_marked(each, found)


def _takes(annotation: Any, field: FieldInfo | None = None) -> str:
    """Return what a value is, in words."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        unit = next((mark for mark in parts[1:] if isinstance(mark, Unit)), None)
        component = next((mark for mark in parts[1:] if isinstance(mark, Component)), None)
        if unit is not None:
            return _quantity(unit)
        if component is not None:
            written = _takes(parts[0])
            return f"a name of `testsite-sim list {component.kind}`, the path of a file, or written out: {written}"
        limits = _limits(
            [mark for part in parts[1:] for mark in (part.metadata if isinstance(part, FieldInfo) else [part])]
        )
        return _takes(parts[0]) + limits
    if origin in (typing.Union, types.UnionType):
        return ", or ".join(dict.fromkeys(_takes(part) for part in parts if part is not type(None)))
    if origin is Literal:
        return f"one of {', '.join(map(str, parts))}"
    if origin in (tuple, list):
        return f"a list, each item {_takes(parts[0])}"
    if origin is dict:
        return f"a group of names of your own, each {_takes(parts[1])}"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return f"a group of keys ({', '.join(annotation.model_fields)})"
    words = {bool: "true or false", int: "a whole number", float: "a number", str: "text"}
    limits = "" if field is None else _limits(field.metadata)
    return words.get(annotation, getattr(annotation, "__name__", str(annotation))) + limits


def _quantity(unit: Unit) -> str:
    """Return what a quantity is: its dimension, an example, its limits."""
    low = f"{'above' if unit.above else 'at least'} {unit.minimum:g}" if unit.minimum > float("-inf") else ""
    high = f"at most {unit.maximum:g}" if unit.maximum < float("inf") else ""
    bounds = " and ".join(part for part in (low, high) if part)
    kind = unit.name if unit.is_number else f"{unit.name} with its unit, in any of its dimension"
    said = f"; {bounds}{' ' + unit.si if unit.si else ''}" if bounds else ""
    return f"{kind}, for example {unit.example}{said}"


def _limits(metadata: Sequence[Any]) -> str:
    """Return the limits of a number, or of the length of a list."""
    found = []
    for mark in metadata:
        for kind, limit, word in (
            (annotated_types.Ge, "ge", "at least {}"),
            (annotated_types.Gt, "gt", "above {}"),
            (annotated_types.Le, "le", "at most {}"),
            (annotated_types.Lt, "lt", "below {}"),
            (annotated_types.MinLen, "min_length", "{} or more of them"),
            (annotated_types.MaxLen, "max_length", "at most {} of them"),
        ):
            if isinstance(mark, kind):
                found.append(word.format(getattr(mark, limit)))
    return f"; {' and '.join(found)}" if found else ""


def _default(field: FieldInfo) -> str:
    """Return what a key is where it is left out."""
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    if value is None:
        return "left out"
    if isinstance(value, Quantity):
        return str(value.text)
    if value == ():
        return "an empty list"
    if isinstance(value, BaseModel):
        return "its own defaults"
    return str(value).lower() if isinstance(value, bool) else str(value) or "an empty text"


def _meaning(model: type[BaseModel], name: str) -> str:
    """Return what the model says: its first paragraph, and those that name the key."""
    paragraphs = [" ".join(each.split()) for each in inspect.cleandoc(model.__doc__ or "").split("\n\n")]
    return " ".join(each for k, each in enumerate(paragraphs) if k == 0 or f"`{name}`" in each)
