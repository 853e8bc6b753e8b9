"""What a key of a configuration takes: units, limits, default, meaning; read from the models that check it."""

import inspect
import re
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
OF_YOUR_OWN = "a group of names of your own, each "
IN_ITS_UNIT = " with its unit, in any of its dimension"


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
    says
        The clauses of the model's text that are about this key; empty where none names it.
    group
        What the keys next to it are together, in a sentence.
    kind
        Of the component that it belongs to, `electrolyser`; empty where it is the file's own.
    inside
        Its path within that component.
    of
        The names or kinds of the groups that have it, where the group is chosen by one, as a strategy is.
    """

    path: tuple[str, ...]
    takes: str
    default: str
    says: str
    group: str
    kind: str
    inside: tuple[str, ...]
    of: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The path as it is written."""
        return ".".join(self.path)

    @property
    def plain_name(self) -> str:
        """The path without what stands for any name, by which it is found too."""
        return ".".join(_without_any(self.path))

    @property
    def holder(self) -> str:
        """The path of the group that it stands in; empty at the top of the file."""
        return ".".join(_without_any(self.path[:-1]))


@cache
def keys_of(model: type[BaseModel]) -> tuple[Key, ...]:
    """Return every key that a file of a model may hold, in the order of its fields; of a union each key once."""
    found: dict[tuple[str, ...], Key] = {}
    for key in _walk(model, (), "", (), ()):
        known = found.get(key.path)
        if known is None:
            found[key.path] = key
            continue
        takes, says = _either(known.takes, key.takes), _both(known, key)
        found[key.path] = replace(known, takes=takes, says=says, of=(*known.of, *key.of))
    return tuple(found.values())


def _both(known: Key, key: Key) -> str:
    """Return what two members of a union that are chosen by a name say of a key; of others what the first says."""
    if not key.of or key.says in ("", known.says):
        return known.says
    return f"{known.says} {', '.join(key.of)}: {key.says}" if known.says else key.says


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
    `electrolyser.capacity`. Where any name may stand, that of the text is the name of the key that is returned.

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
    return keys_meant([keys], text)[1]


def keys_meant(groups: Sequence[Sequence[Key]], text: str) -> tuple[int, list[Key]]:
    """Return which of several groups of keys has those that a text means, and these; see `find_keys`.

    A key by its whole path, of any group, comes before a kind of component, and that before keys that end so.

    Parameters
    ----------
    groups : sequence of sequence of Key
        Those that there are, such as the keys of scenarios, and those of studies.
    text : str
        As the user wrote it.

    Raises
    ------
    ConfigurationError
        When there is none; the nearest of the first group are offered.
    """
    parts = tuple(part for part in text.strip().split(".") if part and not part.isdigit())
    if not parts:
        raise ConfigurationError(f"explain: {text!r} is no key; expected such as plant.store.capacity.")
    for finds in (_whole, _of_kind, _ending):
        for k, keys in enumerate(groups):
            found = finds(keys, parts)
            if found:
                return k, found
    known = groups[0]
    names = {key.name for key in known} if len(parts) > 1 else {key.path[-1] for key in known if key.path[-1] != ANY}
    raise ConfigurationError(f"explain: there is no key {text!r}. {nearest('.'.join(parts), names)}")


def _whole(keys: Sequence[Key], parts: tuple[str, ...]) -> list[Key]:
    """Return the key whose whole path is meant, or the group of a name that a user gave."""
    found = [key for key in keys if _is(key.path, parts) or _is(_without_any(key.path), parts)]
    if found:
        return [_named(found[0], parts)]
    below = {key.path[:-1] for key in keys}
    held = [key for key in keys if (*key.path, ANY) in below and _is((*key.path, ANY), parts)]
    each = [re.sub(r"; \d+ or more of them.*", "", key.takes.removeprefix(OF_YOUR_OWN)) for key in held[:1]]
    return [
        replace(key, path=parts, inside=(*key.inside, parts[-1]), takes=takes, default="")
        for key, takes in zip(held, each, strict=False)
    ]


def _of_kind(keys: Sequence[Key], parts: tuple[str, ...]) -> list[Key]:
    """Return the key of a component that is meant by its kind."""
    return [key for key in keys if key.kind == parts[0] and _is(key.inside, parts[1:])][:1]


def _ending(keys: Sequence[Key], parts: tuple[str, ...]) -> list[Key]:
    """Return the keys whose paths end so."""
    return [key for key in keys if len(key.path) >= len(parts) and _is(key.path[-len(parts) :], parts)]


def _named(key: Key, parts: tuple[str, ...]) -> Key:
    """Return a key with the names that a user gave where any may stand."""
    if len(parts) != len(key.path):
        return key
    return replace(key, path=parts, inside=parts[len(parts) - len(key.inside) :])


def keys_below(model: type[BaseModel], key: Key) -> list[Key]:
    """Return the keys of the group that a key holds; empty where it holds none."""
    return [each for each in keys_of(model) if _is(each.path[:-1], key.path) or _is(each.path[:-1], (*key.path, ANY))]


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


def _without_any(path: Sequence[str]) -> tuple[str, ...]:
    """Return a path without the names that a user gives."""
    return tuple(part for part in path if part != ANY)


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
        text = _text(model)
        of = tuple(chosen) if len(chosen := _names_of(model)) == 1 else ()
        says = _clauses(text, name) or _of_choices(text, hints[name])
        yield Key(here, takes, _default(field), says, _sentences(text)[0], kind, within, of)
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
        return _one_of([part for part in parts if part is not type(None)])
    if origin is Literal:
        return f"one of {', '.join(map(str, parts))}"
    if origin in (tuple, list):
        return f"a list, each item {_takes(parts[0])}"
    if origin is dict:
        return OF_YOUR_OWN + _takes(parts[1])
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return f"a group of keys ({', '.join(annotation.model_fields)})"
    words = {bool: "true or false", int: "a whole number", float: "a number", str: "text"}
    limits = "" if field is None else _limits(field.metadata)
    return words.get(annotation, getattr(annotation, "__name__", str(annotation))) + limits


def _one_of(parts: Sequence[Any]) -> str:
    """Return what a value is that may be of several types; groups that are distinguished by a name or kind are one."""
    groups = [part for part in parts if isinstance(part, type) and issubclass(part, BaseModel)]
    if len(groups) < 2 or len(groups) < len(parts):
        said = list(dict.fromkeys(map(_takes, parts)))
        for one in said:  # a list of what may stand alone
            said = [each.replace(f"a list, each item {one}", "a list of these") for each in said]
        return ", or ".join(said)
    keys = dict.fromkeys(name for group in groups for name in group.model_fields)
    for mark in ("name", "kind"):
        fields = [group.model_fields.get(mark) for group in groups]
        chosen = [choice for field in fields if field is not None for choice in get_args(field.annotation)]
        if len(chosen) >= len(groups):
            return f"a group of keys ({', '.join(keys)}), of which {mark} is one of {', '.join(map(str, chosen))}"
    return ", or ".join(dict.fromkeys(map(_takes, groups)))


def _quantity(unit: Unit) -> str:
    """Return what a quantity is: its dimension, an example, its limits."""
    low = f"{'above' if unit.above else 'at least'} {unit.minimum:g}" if unit.minimum > float("-inf") else ""
    high = f"at most {unit.maximum:g}" if unit.maximum < float("inf") else ""
    bounds = " and ".join(part for part in (low, high) if part)
    kind = unit.name if unit.is_number else unit.name + IN_ITS_UNIT
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
    lengths = [getattr(mark, name) for mark in metadata for name in ("min_length", "max_length") if hasattr(mark, name)]
    if len(lengths) == 2 == len(found) and lengths[0] == lengths[1]:
        found = [f"{lengths[0]} of them"]
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
    if value == {}:
        return "an empty group"
    if isinstance(value, BaseModel):
        return "its own defaults"
    return str(value).lower() if isinstance(value, bool) else str(value) or "an empty text"


def _text(model: type[BaseModel]) -> str:
    """Return what a model says of itself and its keys, as one line."""
    return " ".join(inspect.cleandoc(model.__doc__ or "").split())


def _sentences(text: str) -> list[str]:
    """Return the sentences of a text; a full stop within a number or a name ends none."""
    return re.split(r"(?<=\.)\s+(?=[A-Z`])", text)


def _clauses(text: str, name: str) -> str:
    """Return what a text says of one key: the clauses whose first key it is, else all that name it.

    A clause reaches to the next semicolon; those that follow it in its sentence and name no key belong to it.
    """
    found: list[tuple[bool, str]] = []
    for sentence in _sentences(text):
        about = first = False
        for clause in re.split(r"(?<=;)\s+", sentence):
            named = re.findall(r"`([a-z_0-9]+)`", clause)
            if named and not clause.startswith(("it ", "they ")):  # else of what the clause before is about
                about, first = name in named, named[0] == name
            if about:
                found.append((first, clause))
    said = " ".join(clause for first, clause in found if first or not any(first for first, _ in found))
    said = said.removeprefix(f"`{name}`: ")  # a definition stands at its key
    return re.sub(r"[;:]$", ".", said[:1].upper() + said[1:])


def _of_choices(text: str, annotation: Any) -> str:
    """Return what a text says of the values that a key chooses from, where it says so of all of them."""
    choices = [str(choice) for choice in get_args(annotation)] if get_origin(annotation) is Literal else []
    clauses = [clause for sentence in _sentences(text) for clause in re.split(r"(?<=;)\s+", sentence)]
    found = [clause for clause in clauses if any(clause.startswith(f"`{choice}`:") for choice in choices)]
    return " ".join(found) if choices and len(found) == len(choices) else ""


def _of_the_group(text: str) -> str:
    """Return the first sentence of a model's text, and those that name no key; what is said of keys stands at them."""
    first, *others = _sentences(text)
    return " ".join([first, *(each for each in others if "`" not in each)])


def texts_of(model: type[BaseModel], path: Sequence[str]) -> list[str]:
    """Return what the models of the group at a path say of it; of several each with the name or kind that chooses it.

    Parameters
    ----------
    model : type
        Of the file.
    path : sequence of str
        From the top of the file, as `Key.path`.
    """
    models = list(dict.fromkeys(_models_at(model, tuple(path))))
    if len(models) == 1:
        return [_of_the_group(_text(models[0]))]
    return [f"{_chosen_by(each)}{_of_the_group(_text(each))}" for each in models]


def _models_at(model: type[BaseModel], path: tuple[str, ...]) -> Iterator[type[BaseModel]]:
    """Yield the models of the group at a path."""
    if not path:
        yield model
    elif path[0] in model.model_fields:
        for part, steps, _ in _models_in(typing.get_type_hints(model, include_extras=True)[path[0]]):
            if _is(steps, path[1 : 1 + len(steps)]):
                yield from _models_at(part, path[1 + len(steps) :])
            elif _is(steps[: len(path) - 1], path[1:]):
                yield part


def _chosen_by(model: type[BaseModel]) -> str:
    """Return the name or kind by which a model is chosen among others."""
    return f"{', '.join(names)}: " if (names := _names_of(model)) else ""


def _names_of(model: type[BaseModel]) -> list[str]:
    """Return the names or kinds that a model takes."""
    for mark in ("name", "kind"):
        field = model.model_fields.get(mark)
        if field is not None and get_origin(field.annotation) is Literal:
            return [str(name) for name in get_args(field.annotation)]
    return []
