"""What the annotations of a model take at a path of data, of the members of unions those that the data is meant for."""

import functools
import types
import typing
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from testsite_sim.configuration.base import Component
from testsite_sim.configuration.yaml_loader import Path_


@functools.cache
def field_types(model: type[BaseModel]) -> dict[str, Any]:
    """Return the annotations of a model's fields, `Annotated` kept."""
    return {
        name: annotation
        for name, annotation in typing.get_type_hints(model, include_extras=True).items()
        if name in model.model_fields
    }


def member_for(union: Any, data: Any) -> Any:
    """Return the member of a union that the data is meant for.

    It is the one whose tag the data states (a key of one possible value, such as `kind`), else the model that knows
    most of its keys; the first of several.
    """
    return members_for(union, data)[0]


def members_for(union: Any, data: Any) -> list[Any]:
    """Return the members of a union that the data may be meant for, in their order; several where keys fit alike."""
    members = [member for member in get_args(union) if member is not type(None)]
    members = [member for member in members if is_list(member) == isinstance(data, list)] or members
    stated = data if isinstance(data, dict) else {}

    def fit(member: Any) -> tuple[int, int]:
        tags = tags_of(member)
        return sum(stated.get(key) == tag for key, tag in tags.items()), len(set(stated) & set(keys_of(member)))

    best = max(fit(member) for member in members)
    return [member for member in members if fit(member) == best]


def bare(annotation: Any) -> Any:
    """Return an annotation without what `Annotated` adds to it."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    return annotation


def is_list(annotation: Any) -> bool:
    """Return whether an annotation is that of a list."""
    return get_origin(bare(annotation)) in (list, tuple)


def is_meant(member: Any, said: str) -> bool:
    """Return whether a member of a union is the one that a location says: by its name, its kind or its tag."""
    member = bare(member)
    if get_origin(member) in (Union, types.UnionType):
        return said.startswith("union[")
    if is_list(member):
        return said.startswith(("tuple[", "list["))
    return plain_type(member).__name__ in said or said in tags_of(member).values()


def tags_of(annotation: Any) -> dict[str, str]:
    """Return the keys of a model that have one possible value, with it."""
    model = plain_type(annotation)
    if not issubclass(model, BaseModel):
        return {}
    stated = {name: get_args(field.annotation) for name, field in model.model_fields.items()}
    return {name: str(values[0]) for name, values in stated.items() if len(values) == 1 and isinstance(values[0], str)}


def keys_of(annotation: Any) -> list[str]:
    """Return the keys that a model knows; none for other types."""
    annotation = bare(annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return list(annotation.model_fields)
    return []


def plain_type(annotation: Any) -> type:
    """Return the type behind `Annotated`."""
    annotation = bare(annotation)
    return annotation if isinstance(annotation, type) else type(annotation)


def written_location(annotation: Any, data: Any, location: Path_) -> Path_ | None:
    """Return a location without what pydantic adds to it: names of members of unions; None: of a member not meant."""
    annotation = bare(annotation)
    if not location:
        return ()
    members = [member for member in get_args(annotation) if member is not type(None)]
    if get_origin(annotation) in (Union, types.UnionType):
        meant = member_for(annotation, data)
        if len(members) == 1:
            return written_location(meant, data, location)
        return written_location(meant, data, location[1:]) if is_meant(meant, str(location[0])) else None
    step, *rest = location
    if get_origin(annotation) in (list, tuple, dict):
        inner = get_args(annotation)[-1 if get_origin(annotation) is dict else 0]
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        inner = field_types(annotation).get(str(step))
    else:
        return () if isinstance(step, str) and "[" in step else location
    inside: Any = None
    if isinstance(data, dict):
        inside = data.get(step)
    elif isinstance(data, list) and isinstance(step, int) and step < len(data):
        inside = data[step]
    tail = written_location(inner, inside, tuple(rest))
    return None if tail is None else (step, *tail)


def keys_at(annotation: Any, data: Any, path: Path_) -> list[str]:
    """Return the keys that the model knows at a path; of all models that the data may be meant for."""
    taken, inside = taken_at(annotation, data, path)
    return [key for model in models_of(taken, inside) for key in keys_of(model)]


def models_of(annotation: Any, data: Any) -> list[Any]:
    """Return the models that data may be meant for, behind `Annotated` and unions; all of them where there is none."""
    if get_origin(annotation) is Annotated:
        return models_of(get_args(annotation)[0], data)
    if get_origin(annotation) in (Union, types.UnionType):
        members = members_for(annotation, data) if data is not None else get_args(annotation)
        return [model for member in members for model in models_of(member, data)]
    return [annotation] if keys_of(annotation) else []


def expected_at(annotation: Any, data: Any, path: Path_) -> str:
    """Return what may stand at a path, for a message: a name, a mapping, a list."""
    found: list[str] = []

    def look(taken: Any, is_name: bool) -> None:
        if get_origin(taken) is Annotated:
            inner, *marks = get_args(taken)
            look(inner, is_name or any(isinstance(mark, Component) for mark in marks))
        elif get_origin(taken) in (Union, types.UnionType):
            for member in get_args(taken):
                look(member, is_name)
        elif is_list(taken):
            found.append("a list")
        elif keys_of(taken):
            found.extend(["a name", "a mapping"] if is_name else ["a mapping"])

    look(taken_at(annotation, data, path)[0], False)
    *first, last = dict.fromkeys(found) or ["a mapping"]
    return f"{', '.join(first)} or {last}" if first else last


def meant_at(annotation: Any, data: Any, path: Path_) -> Any:
    """Return the model, or another type, that is meant at a path; None where there is none."""
    return _meant(*taken_at(annotation, data, path))


def _meant(annotation: Any, data: Any) -> Any:
    """Return what data is meant for, behind `Annotated` and unions."""
    while get_origin(annotation) in (Annotated, Union, types.UnionType):
        is_union = get_origin(annotation) is not Annotated
        annotation = member_for(annotation, data) if is_union else get_args(annotation)[0]
    return annotation


def taken_at(annotation: Any, data: Any, path: Path_) -> tuple[Any, Any]:
    """Return the whole annotation of what stands at a path, and the data there; None where there is none."""
    if not path:
        return annotation, data
    annotation = _meant(annotation, data)
    step, *rest = path
    inside: Any = None
    if isinstance(data, dict):
        inside = data.get(step)
    elif isinstance(data, list) and isinstance(step, int):
        inside = data[step]
    if get_origin(annotation) in (list, tuple, dict):
        return taken_at(get_args(annotation)[-1 if get_origin(annotation) is dict else 0], inside, tuple(rest))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return taken_at(field_types(annotation).get(str(step)), inside, tuple(rest))
    return None, None
