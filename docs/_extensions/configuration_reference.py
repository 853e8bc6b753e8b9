"""Sphinx extension: a page for every kind of configuration, and for the scenario, written from the models themselves.

The pages are written into `docs/reference/configuration/` before Sphinx looks for its sources, and are not kept.
"""

import dataclasses
import importlib
import inspect
import json
import math
import pkgutil
import types
import typing
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

from generated_pages import write_pages
from pydantic import BaseModel

import testsite_sim
from testsite_sim.common.errors import TestsiteError
from testsite_sim.configuration.base import Component, Configuration, assumptions
from testsite_sim.configuration.catalogue import find_configuration, kinds, names
from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.quantities import Quantity, Unit
from testsite_sim.configuration.reanalysis import Reanalysis
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.configuration.storage import HydrogenPipeline, TubeTrailer
from testsite_sim.configuration.weather import Moment, Weather
from testsite_sim.configuration.wind import Wind
from testsite_sim.studies import STUDIES
from testsite_sim.weather import list_records
from testsite_sim.wind import BLOCKAGES
from testsite_sim.wind.models import DEFLECTIONS, MODELS

if TYPE_CHECKING:
    from sphinx.application import Sphinx

# Kinds that no scenario names, and what takes them: a function from Python, or a command.
OUTSIDE_SCENARIOS: dict[str, tuple[type[BaseModel], str]] = {
    "hydrogen-pipeline": (HydrogenPipeline, "`testsite_sim.plant.simulate_pipeline` from Python"),
    "tube-trailer": (TubeTrailer, "`testsite_sim.plant.simulate_trailers` from Python"),
    "reanalysis": (Reanalysis, "`testsite-sim weather import --format reanalysis --mapping NAME`"),
}
PLAIN = {str: "text", int: "a whole number", float: "a number", bool: "`true` or `false`", Any: "any value"}


@dataclasses.dataclass(frozen=True)
class Page:
    """What one page describes: the models of a kind, and where a case names it."""

    name: str
    models: tuple[type[BaseModel], ...]
    places: tuple[str, ...]


def field_types(model: type[BaseModel]) -> dict[str, Any]:
    """Return the annotations of a model's keys, their marks kept."""
    hints = typing.get_type_hints(model, include_extras=True)
    return {name: hints[name] for name in model.model_fields}


def members(annotation: Any) -> tuple[Any, ...]:
    """Return the members of a union, without None; of another type itself alone."""
    if get_origin(annotation) in (Union, types.UnionType):
        return tuple(member for member in get_args(annotation) if member is not type(None))
    return (annotation,)


def parts(annotation: Any, path: str = "") -> Iterator[tuple[str, str | None, type[BaseModel]]]:
    """Yield the models inside a type: the path that leads there, the kind if a file holds it, the model."""
    if get_origin(annotation) is Annotated:
        inner, *marks = get_args(annotation)
        kind = next((mark.kind for mark in marks if isinstance(mark, Component)), None)
        for inside, other, model in parts(inner, path):
            yield inside, kind if kind is not None else other, model
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield path, None, annotation
    elif get_origin(annotation) in (list, tuple):
        yield from parts(get_args(annotation)[0], f"{path}[]")
    elif get_origin(annotation) is dict:
        yield from parts(get_args(annotation)[1], f"{path}.*")
    elif len(get_args(annotation)) and get_origin(annotation) is not Literal:
        for member in members(annotation):
            if member is not annotation:
                yield from parts(member, path)


@cache
def roots() -> dict[str, type[BaseModel]]:
    """Return the models of whole files: the scenario, and those of the studies."""
    found: dict[str, type[BaseModel]] = {"scenario": Scenario}
    for name, study in STUDIES.items():
        module, _, attribute = study.configuration.partition(":")
        found[f"study-{name}"] = getattr(importlib.import_module(module), attribute)
    return found


def _import_if_installed(module: str) -> None:
    """Import a module of the library, so that its models are known, unless it needs an extra that is not installed."""
    try:
        importlib.import_module(module)
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.partition(".")[0] in ("testsite_sim", "testsite_kernels"):
            raise


@cache
def pages() -> dict[str, Page]:
    """Return what every page describes, found by walking from the scenario and the studies.

    Raises
    ------
    LookupError
        When files of a kind ship that nothing names.
    """
    for module in pkgutil.walk_packages(testsite_sim.__path__, "testsite_sim."):
        if not module.name.endswith("__main__"):
            _import_if_installed(module.name)
    models: dict[str, dict[type[BaseModel], None]] = {}
    places: dict[str, dict[str, None]] = {}

    def walk(model: type[BaseModel], path: str, above: tuple[type[BaseModel], ...]) -> None:
        for name, annotation in field_types(model).items():
            for inside, kind, part in parts(annotation, f"{path}.{name}" if path else name):
                if kind is not None:
                    models.setdefault(kind, {})[part] = None
                    places.setdefault(kind, {})[inside] = None
                if part not in above:
                    walk(part, inside, (*above, part))

    for name, root in roots().items():
        walk(root, "" if name == "scenario" else f"{name}:", (root,))
    for kind, (model, taker) in OUTSIDE_SCENARIOS.items():
        models.setdefault(kind, {model: None})
        places.setdefault(kind, {taker: None})
    missing = set(kinds()) - set(models)
    if missing:
        raise LookupError(f"no model of the configurations {sorted(missing)} is known; name it in OUTSIDE_SCENARIOS")
    found = {name: Page(name, (root,), ()) for name, root in roots().items()}
    found |= {kind: Page(kind, tuple(models[kind]), tuple(places[kind])) for kind in sorted(models)}
    return found


def own_parts(root: type[BaseModel]) -> dict[type[BaseModel], list[str]]:
    """Return the mappings that are written inside a model, not in files of their own, with the keys they stand at."""
    found: dict[type[BaseModel], list[str]] = {}
    queue = [(root, "")]
    while queue:
        model, path = queue.pop(0)
        for name, annotation in field_types(model).items():
            for inside, kind, part in parts(annotation, f"{path}.{name}" if path else name):
                if kind is None and part is not root:
                    if part not in found:
                        queue.append((part, inside))
                    if inside not in found.setdefault(part, []):
                        found[part].append(inside)
    return found


def label(page: str, model: type[BaseModel]) -> str:
    """Return the anchor of a model on a page."""
    return f"configuration-{page}-{model.__name__}".lower()


def described(annotation: Any, page: str) -> str:
    """Return what a key takes, in words and links."""
    if annotation is Moment:
        return "a date or time, for example `2023-06-01T00:00` (UTC)"
    if get_origin(annotation) is Annotated:
        inner, *marks = get_args(annotation)
        for mark in marks:
            if isinstance(mark, Unit):
                return of_unit(mark)
            if isinstance(mark, Component):
                return f"[{mark.kind}]({mark.kind}.md), by name, path or written out"
        return described(inner, page) + bounds([each for mark in marks for each in getattr(mark, "metadata", [mark])])
    if get_origin(annotation) in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(described(member, page) for member in members(annotation)))
    if get_origin(annotation) is Literal:
        return "one of " + ", ".join(f"`{value}`" for value in get_args(annotation))
    if get_origin(annotation) in (list, tuple):
        inside = get_args(annotation)
        if Ellipsis not in inside and get_origin(annotation) is tuple:
            return "a list of " + ", ".join(described(each, page) for each in inside)
        return f"a list; each: {described(inside[0], page)}"
    if get_origin(annotation) is dict:
        return f"a mapping of names; each: {described(get_args(annotation)[1], page)}"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return f"[{chosen_by(annotation) or 'a mapping'}](#{label(page, annotation)})"
    return PLAIN[annotation]


def chosen_by(model: type[BaseModel]) -> str:
    """Return the name or kind by which a mapping is chosen among others, as a strategy is; empty where by none."""
    for mark in ("name", "kind"):
        field = model.model_fields.get(mark)
        choices = get_args(field.annotation) if field is not None and get_origin(field.annotation) is Literal else ()
        if len(choices) == 1:
            return f"`{mark}: {choices[0]}`"
    return ""


def names_of(model: type[BaseModel], key: str) -> str:
    """Return the names that a key takes which its type does not list: models of wakes and blockage, records."""
    if model is Weather and key == "record":
        return ", ".join(f"`{record.name}`" for record in list_records())
    known: dict[str, Iterable[str]] = {"wake_model": MODELS, "deflection": DEFLECTIONS, "blockage": BLOCKAGES}
    return ", ".join(f"`{name}`" for name in known[key]) if model is Wind and key in known else ""


def of_unit(unit: Unit) -> str:
    """Return what a quantity is, an example and its bounds."""
    low = f"{'above' if unit.above else 'at least'} {unit.minimum:g}" if unit.minimum > -math.inf else ""
    high = f"at most {unit.maximum:g}" if unit.maximum < math.inf else ""
    limits = " and ".join(part for part in (low, high) if part)
    stored = f" [{unit.si}]" if unit.si else ""
    return f"{unit.name}{stored}, for example `{unit.example}`" + (f"; {limits}" if limits else "")


def bounds(marks: list[Any]) -> str:
    """Return the bounds of a number or of the length of a list, as pydantic's marks state them."""
    said = {"ge": "at least", "gt": "above", "le": "at most", "lt": "below"}
    found = [f"{word} {getattr(mark, name)}" for mark in marks for name, word in said.items() if hasattr(mark, name)]
    lengths = {"min_length": "at least", "max_length": "at most"}
    found += [f"{w} {getattr(mark, name)} long" for mark in marks for name, w in lengths.items() if hasattr(mark, name)]
    return f" ({', '.join(found)})" if found else ""


def default_of(model: type[BaseModel], name: str) -> str:
    """Return what a key is where it is left out."""
    field = model.model_fields[name]
    if field.is_required():
        return "**required**"
    value = field.get_default(call_default_factory=True)
    if value is None or value == "":
        return "–"
    if value == ():
        return "none"
    if isinstance(value, Quantity):
        return f"`{value.text}`"
    if isinstance(value, BaseModel):
        return "as its keys"
    return f"`{value if isinstance(value, str) else json.dumps(value)}`"


def cell(text: str) -> str:
    """Return text that stands in one cell of a table."""
    return text.replace("|", "\\|").replace("\n", " ")


def prose(text: str) -> str:
    """Return text of a file, whose characters mean nothing to Markdown."""
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]<>#|$~^" else letter for letter in text)


def docstring(model: type[BaseModel]) -> str:
    """Return what the model says of itself."""
    return inspect.cleandoc(model.__doc__ or "")


def keys_table(model: type[BaseModel], page: str) -> str:
    """Return the table of the keys of a model."""
    rows = ["| key | what it takes | where left out |", "|---|---|---|"]
    for name, annotation in field_types(model).items():
        takes = described(annotation, page) + bounds(
            [mark for mark in model.model_fields[name].metadata if get_origin(annotation) is not Annotated]
        )
        if named := names_of(model, name):
            takes += f": {named}" + (", or the path of a file" if name == "record" else "")
        rows.append(f"| `{name}` | {cell(takes)} | {default_of(model, name)} |")
    return "\n".join(rows)


def model_section(model: type[BaseModel], page: str, heading: str, level: int, seen: set[type[BaseModel]]) -> list[str]:
    """Return the heading, the words and the keys of a model, and of every mapping inside it that was not seen yet."""
    lines = [f"({label(page, model)})=", f"{'#' * level} {heading}", docstring(model), keys_table(model, page)]
    for part, paths in own_parts(model).items():
        if part in seen:
            continue
        seen.add(part)
        others = f"Also at {', '.join(f'`{path}`' for path in paths[1:])}." if paths[1:] else ""
        named = f"{paths[0]}, {mark}" if (mark := chosen_by(part)) else paths[0]
        lines += [f"({label(page, part)})=", f"{'#' * (level + 1)} {named}", docstring(part), others]
        lines.append(keys_table(part, page))
    return lines


def read(kind: str, name: str, models: tuple[type[BaseModel], ...]) -> BaseModel:
    """Return what a file that ships holds, by whichever model of the kind reads it.

    Raises
    ------
    TestsiteError
        When none does.
    """
    for model in models[:-1]:
        try:
            return load_component(kind, name, model)
        except TestsiteError:
            continue
    return load_component(kind, name, models[-1])


def file_section(page: Page, name: str) -> list[str]:
    """Return what one file that ships says, with the sources of its figures."""
    content = read(page.name, name, page.models)
    lines = [f"### {name}", prose(str(getattr(content, "title", "")))]
    if getattr(content, "source", ""):
        lines.append(f"Source: {prose(content.source)}")
    rows = assumptions(content)
    if rows:
        table = ["| key | value | range | source |", "|---|---|---|---|"]
        for row in rows:
            source = ("assumption: " if row["assumption"] else "") + (row["source"] or "")
            table.append(f"| `{row['name']}` | {row['value']} | {row['range'] or '–'} | {cell(prose(source)) or '–'} |")
        lines += [f":::{{dropdown}} {len(rows)} figures with their sources", "\n".join(table), ":::"]
    text = find_configuration(page.name, name).read_text(encoding="utf-8").rstrip()
    lines += [f":::{{dropdown}} configs/{page.name}/{name}.yaml", f"```yaml\n{text}\n```", ":::"]
    return lines


def write_page(page: Page) -> str:
    """Return the page of a kind."""
    lines = [f"# {page.name}"]
    if page.places and page.name not in OUTSIDE_SCENARIOS:
        stated = ", ".join(f"`{place.replace(':.', ': ')}`" for place in page.places)
        lines.append(f"Stands at {stated}: by name, by the path of a file of your own, or written out in the scenario.")
    elif page.places:
        lines.append(f"Taken by {page.places[0]}.")
    else:
        lines.append("The keys of the file. `extends: NAME` lays it over another one; `testsite-sim check` tests it.")
    several = len(page.models) > 1
    seen: set[type[BaseModel]] = set()
    for model in page.models:
        lines += model_section(model, page.name, model.__name__ if several else "Keys", 2, seen)
    shipped = names("configs", page.name) if page.name in kinds() else []
    if shipped:
        lines += ["## What ships", f"`testsite-sim list {page.name}` names them."]
        for name in shipped:
            lines += file_section(page, name)
    return "\n\n".join(line for line in lines if line) + "\n"


def write_index() -> str:
    """Return the page that lists all others."""
    lines = [
        "# Configuration",
        "Every kind of file that can be written, from the models that check it: keys, what they take, what holds where "
        "one is left out, and the files that ship with the sources of their figures. A quantity is text with its unit, "
        "`10 MW`, or a mapping of `value`, `source`, `range` and `assumption`. A component is the name of a file that "
        "ships, the path of your own next to the scenario, or a mapping written out, which may begin with "
        "`extends: NAME`. A key that is not listed is refused.",
        "| kind | what it describes | ship |\n|---|---|---|",
    ]
    rows = []
    for page in pages().values():
        count = len(names("configs", page.name)) if page.name in kinds() else 0
        first = docstring(page.models[0]).split("\n\n")[0].replace("\n", " ")
        rows.append(f"| [{page.name}]({page.name}.md) | {cell(first)} | {count or '–'} |")
    lines[-1] += "\n" + "\n".join(rows)
    lines.append("```{toctree}\n:hidden:\n\n" + "\n".join(pages()) + "\n```")
    return "\n\n".join(lines) + "\n"


def all_pages() -> dict[str, str]:
    """Return the text of every page by its name."""
    return {**{f"{name}.md": write_page(page) for name, page in pages().items()}, "index.md": write_index()}


def write_reference(app: "Sphinx") -> None:
    """Write the pages before Sphinx looks for its sources."""
    write_pages(Path(app.srcdir) / "reference" / "configuration", all_pages())


def setup(app: "Sphinx") -> dict[str, Any]:
    """Register the extension."""
    app.connect("builder-inited", write_reference)
    return {"version": testsite_sim.__version__, "parallel_read_safe": True, "parallel_write_safe": True}


__all__ = ["Configuration", "all_pages", "pages", "setup"]
