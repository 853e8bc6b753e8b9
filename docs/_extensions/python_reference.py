"""Sphinx extension: a page for the public face and for each step of the chain, from `__all__` and the docstrings."""

import inspect
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generated_pages import write_pages

if TYPE_CHECKING:
    from sphinx.application import Sphinx


MODULES = {
    "testsite_sim": "The public face",
    "testsite_sim.weather": "Weather",
    "testsite_sim.operations": "Operations at sea",
    "testsite_sim.wind": "Wind",
    "testsite_sim.plant": "Hydrogen plant",
    "testsite_sim.dispatch": "Dispatch",
    "testsite_sim.economics": "Economics",
    "testsite_sim.ensemble": "Ensembles",
    "testsite_sim.studies": "Studies",
    "testsite_sim.output.results": "Results in the units that people read",
}
FROM_RESULTS = ("in_shown_units",)
INHERITED = "   :inherited-members: Mapping, tuple, Exception"  # up to, and not of, these


def public_names(module: str) -> list[str]:
    """Return what a module shows, functions after classes, each as it is sorted in `__all__`."""
    found = FROM_RESULTS if module.endswith(".results") else import_module(module).__all__
    return [name for name in found if not name.startswith("__")]


def is_described(value: Any) -> bool:
    """Return whether a docstring of its own says what a value is."""
    return inspect.isclass(value) or inspect.isroutine(value)


def summary_of(value: Any) -> str:
    """Return the first sentence of a docstring."""
    lines = inspect.cleandoc(inspect.getdoc(value) or "").split("\n\n")
    return lines[0].replace("\n", " ").replace("|", "\\|")


def entry(module: str, name: str, value: Any) -> str:
    """Return the directive that describes one name."""
    if inspect.isclass(value):
        members = (
            ""
            if issubclass(value, BaseException)
            else "\n   :members:\n   :inherited-members: Mapping, tuple, Exception"
        )
        return f".. autoclass:: {module}.{name}{members}"
    if inspect.isroutine(value):
        return f".. autofunction:: {module}.{name}"
    return f".. py:data:: {module}.{name}\n\n   {described_data(value)}"


def described_data(value: Any) -> str:
    """Return what a table of the module holds."""
    if isinstance(value, dict):
        return "By name: " + ", ".join(f"``{key}``" for key in value) + "."
    if isinstance(value, tuple | list):
        return "In this order: " + ", ".join(f"``{key}``" for key in value) + "."
    return f"The type ``{getattr(value, '__value__', value)}``."


def write_page(module: str) -> str:
    """Return the page of a module."""
    loaded = import_module(module)
    lines = [f"# {MODULES[module]}", f"`{module}`"]
    lines.append(_indented_docstring(loaded))
    rows = ["| name | what it is |", "|---|---|"]
    entries = []
    for name in public_names(module):
        value = getattr(loaded, name)
        said = summary_of(value) if is_described(value) else "values"
        rows.append(f"| [{name}](#{module}.{name}) | {said} |")
        entries.append(entry(module, name, value))
    lines += ["\n".join(rows), "```{eval-rst}\n" + "\n\n".join(entries) + "\n```"]
    return "\n\n".join(lines) + "\n"


def _indented_docstring(module: Any) -> str:
    """Return what a module says of itself, code blocks kept; the first line of the face is its title."""
    return inspect.cleandoc(module.__doc__ or "")


def write_index() -> str:
    """Return the page that lists the modules."""
    rows = ["| module | what it holds |", "|---|---|"]
    rows += [f"| [{module}]({module}.md) | {summary_of(import_module(module))} |" for module in MODULES]
    return (
        "# Python\n\n[From Python](../../python.md) shows how they go together.\n\n"
        + "\n".join(rows)
        + "\n\n```{toctree}\n:hidden:\n\n"
        + "\n".join(MODULES)
        + "\n```\n"
    )


def all_pages() -> dict[str, str]:
    """Return the text of every page by its name."""
    return {**{f"{module}.md": write_page(module) for module in MODULES}, "index.md": write_index()}


def write_reference(app: "Sphinx") -> None:
    """Write the pages before Sphinx looks for its sources."""
    write_pages(Path(app.srcdir) / "reference" / "python", all_pages())


def setup(app: "Sphinx") -> dict[str, Any]:
    """Register the extension."""
    app.connect("builder-inited", write_reference)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


__all__ = ["MODULES", "all_pages", "setup"]
