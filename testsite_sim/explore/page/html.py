"""Texts of the page as HTML, every value escaped."""

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from testsite_sim.explore.page.words import change, headlines_of, title_of, written

Summaries = Mapping[str, Mapping[str, Mapping[str, Any]]]  # of each variant


@cache
def _templates() -> Environment:
    """Return the environment of the templates of this folder."""
    return Environment(
        loader=PackageLoader(__package__, "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page_template() -> Template:
    """Return the template of the whole page, with Bokeh's macros at hand."""
    from bokeh.core.templates import get_env

    source, _, _ = _templates().loader.get_source(_templates(), "page.html.jinja")  # type: ignore[union-attr]
    template: Template = get_env().overlay(autoescape=True).from_string(source)
    return template


def cards(summaries: Summaries, standing: Mapping[str, Mapping[str, Any]], old: Collection[str] = frozenset()) -> str:
    """Return the headlines of each variant, and how they differ from the scenario as it stands.

    Those that are `old`, of what was simulated before, are shown so.
    """
    rows = []
    for name in headlines_of(next(iter(summaries.values()))):
        values = []
        for variant, summary in summaries.items():
            entry = summary.get(name, {"value": None, "units": ""})
            number, units = written(entry["value"], entry["units"], name)
            before = standing.get(name, {}).get("value")
            values.append((variant, number, units, change(before, entry["value"], entry["units"])))
        rows.append((title_of(name), standing.get(name, {}).get("description", ""), values, name in old))
    return _templates().get_template("cards.html.jinja").render(rows=rows)


def values_table(summaries: Summaries, standing: Mapping[str, Mapping[str, Any]]) -> str:
    """Return every figure of the summaries, with what it is in the scenario as it stands."""
    names = list(dict.fromkeys(name for summary in summaries.values() for name in summary))
    rows = []
    for name in names:
        entries = [summary.get(name) for summary in summaries.values()]
        found = next(entry for entry in entries if entry is not None)
        shown = [" ".join(written(entry["value"], entry["units"], name)) if entry else "" for entry in entries]
        known = standing.get(name)
        before = " ".join(written(known["value"], known["units"], name)) if known else ""
        rows.append((name, shown, before, found["description"], any(text != before for text in shown)))
    return _templates().get_template("values.html.jinja").render(rows=rows, variants=list(summaries))


def problem(sentences: Sequence[str], kept: str) -> str:
    """Return what is wrong, in the sentences of the command line; nothing where nothing is."""
    return _templates().get_template("problem.html.jinja").render(sentences=sentences, kept=kept) if sentences else ""


def remarks(sentences: Sequence[str]) -> str:
    """Return what the chain warns of in what is shown; nothing where it warns of nothing.

    Examples
    --------
    >>> remarks(["turbines stand <near>"])
    '<div class="remark" role="note"><b>Simulated, but</b><p>turbines stand &lt;near&gt;</p></div>'
    >>> remarks([])
    ''
    """
    said = "{% for each in sentences %}<p>{{ each }}</p>{% endfor %}"
    block = f'<div class="remark" role="note"><b>Simulated, but</b>{said}</div>'
    return escaped(block, sentences=sentences) if sentences else ""


def status(state: str, text: str) -> str:
    """Return the state of the page: `ready`, `working` or `wrong`, and a text."""
    return (
        _templates()
        .from_string('<div class="status {{ state }}" role="status" data-state="{{ state }}"><i></i>{{ text }}</div>')
        .render(state=state, text=text)
    )


def escaped(template: str, **values: Any) -> str:
    """Return a short template with its values."""
    return _templates().from_string(template).render(**values)


def legend(entries: Sequence[tuple[str, str, bool]]) -> str:
    """Return the legend of a figure: label, colour, and whether it is an area."""
    return escaped(
        '<div class="legend">{% for label, colour, area in entries %}<span><i style="background: {{ colour }}" class='
        "\"{{ 'area' if area else 'line' }}\"></i>{{ label }}</span>{% endfor %}</div>",
        entries=entries,
    )


def variant_heading(name: str) -> str:
    """Return the heading of the views of a variant."""
    return escaped('<div class="{{ name | lower }}">Variant {{ name }}</div>', name=name)


def parts_table(labels: Sequence[tuple[str, str]], values: Mapping[str, Sequence[float]], units: str) -> str:
    """Return the parts of a cost, label and colour of each, with their values by variant."""
    rows = [
        (label, colour, [written(each[k], units)[0] for each in values.values()])
        for k, (label, colour) in enumerate(labels)
    ]
    return _templates().get_template("parts.html.jinja").render(rows=rows, variants=list(values), units=units)


def study_cards(rows: Sequence[tuple[str, str, str, str, str]]) -> str:
    """Return the headlines of a study: name, P50, P10 to P90, units, and P10 to P90 as the study stands."""
    return _templates().get_template("study_cards.html.jinja").render(rows=rows)
