"""The report of a run of the chain: one HTML file that opens offline, with every text escaped."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from testsite_sim.common.version import __version__
from testsite_sim.output import shown
from testsite_sim.output.phrases import ENGLISH, IN_ENGLISH
from testsite_sim.report.cards import first_screen
from testsite_sim.report.drawing import FiguresWritten
from testsite_sim.report.embedding import embedded_figures
from testsite_sim.report.figures import figures_of
from testsite_sim.report.grouping import grouped
from testsite_sim.report.magnitude import physical_scale
from testsite_sim.report.sea_tables import sea_tables
from testsite_sim.report.series import embedded_series
from testsite_sim.report.templates import assets, environment

PAGE = "page.html.jinja"
TEMPLATES = (PAGE, "base.html.jinja", "parts.html.jinja")  # of the page of a run: its own, and what it is made of


def write_report(
    title: str,
    description: str,
    summary: Mapping[str, Mapping[str, Any]],
    figures: FiguresWritten,
    scenario: str,
    assumptions: Sequence[Mapping[str, Any]],
    results: xr.DataTree,
) -> str:
    """Return the report of a run as HTML.

    Parameters
    ----------
    title, description : str
        Of the scenario.
    summary : mapping
        Name to value, units and description.
    figures : callable
        Gives the files of figures once they are written, and is called last: most of the page is made while they are.
        The SVG ones are shown, as images that cannot run a script.
    scenario : str
        The resolved scenario, YAML.
    assumptions : sequence of mapping
        name, value, range, source, assumption.
    results : xarray.DataTree
        The results; their attributes say where the weather comes from.
    """
    return rendered(
        PAGE,
        title=title,
        description=description,
        summary=summary,
        questions=first_screen(summary, results, assumptions),
        alerts=summary.get("warnings", {}).get("sentences", []),
        tables=[table | {"id": identifier(table["title"])} for table in sea_tables(results)],
        series=embedded_series({"": results}),
        groups=summary_groups(summary),
        provenance=_provenance(results),
        assumptions=assumptions,
        scenario=scenario,
        figures=shown_figures(figures(), results),
    )


def prepare_page() -> None:
    """Compile the templates of the page of a run, which the first page of a process would do."""
    for name in TEMPLATES:
        environment().get_template(name)


def rendered(template: str, **content: Any) -> str:
    """Return a page of a run; parts that it is not given are empty.

    Parameters
    ----------
    template : str
        Its name.
    **content : Any
        title, description and scenario; summary, questions, alerts, tables, series, figures, groups, provenance,
        assumptions, as `write_report` makes them; what else the template names.
    """
    empty: dict[str, Any] = {"summary": {}, "series": None, "contents": None, "say": IN_ENGLISH, "language": ENGLISH}
    parts = ("questions", "alerts", "tables", "figures", "groups", "provenance", "assumptions")
    filled = {**empty, **{name: [] for name in parts}, **content}
    data = {"summary": filled["summary"], **({"series-data": filled["series"]} if filled["series"] else {})}
    if filled["contents"] is None:
        filled["contents"] = contents_of(filled)
    return (
        environment()
        .get_template(template)
        .render(version=__version__, **filled, **assets(series=bool(filled["series"]), data=data))
    )


def contents_of(page: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the table of contents of a page: identifier and title of its parts."""
    found = [(table["id"], table["title"]) for table in page["tables"]]
    found += page.get("own_contents", [])
    found += [("time-series", "Time series")] if page["series"] else []
    found += [("figures", "Figures")] if page["figures"] else []
    found += [(group["id"], group["title"]) for group in page["groups"]]
    found += [("input", "Input")] if page["provenance"] else []
    found += [("assumptions", "Sources and assumptions")] if page["assumptions"] else []
    return [*found, ("scenario", "Scenario")]


def identifier(title: str) -> str:
    """Return the identifier of a part of a page by its title.

    Examples
    --------
    >>> identifier("Losses of the wind farm")
    'losses-of-the-wind-farm'
    """
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def summary_groups(summary: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the entries of a summary as tables, a table for each step of the chain."""
    return [
        {"title": title, "id": identifier(title), "rows": [summary_row(name, summary[name]) for name in names]}
        for title, names in grouped(summary).items()
    ]


def summary_row(name: str, entry: Mapping[str, Any]) -> dict[str, str]:
    """Return name, value, unit and meaning of an entry of the summary as text."""
    factor, read = physical_scale(entry["units"], entry["value"])
    value, units = shown(None if entry["value"] is None else factor * entry["value"], read, name=name)
    return {"label": name.replace("_", " "), "value": value, "units": units, "description": entry["description"]}


def shown_figures(figures: Sequence[Path], results: xr.DataTree) -> list[dict[str, Any]]:
    """Return the figures of a run with their captions and their data."""
    return embedded_figures(figures, {name: caption for name, (_, caption) in figures_of(results).items()})


def _provenance(results: xr.DataTree) -> list[tuple[str, str]]:
    """Return the source of the weather and how it was processed."""
    attributes = results["weather"].attrs
    names = ("title", "location", "source", "license", "comment", "repairs", "hub_height_method", "air_density_method")
    found = [(f"weather: {name.replace('_', ' ')}", str(attributes[name])) for name in names if name in attributes]
    if "distance_to_location" in attributes:
        distance = float(attributes["distance_to_location"]) / 1000.0
        found.append(("weather: distance to the location", f"{distance:.0f} km: the record is used for the location"))
    if "wind" not in results.children:
        return found
    thrust = results["wind"]["thrust_source"].to_numpy()
    sources, counts = np.unique(thrust.astype(str), return_counts=True)
    numbers = [
        f"{source}: {count} turbine{'s' if count > 1 else ''}" for source, count in zip(sources, counts, strict=True)
    ]
    found.append(("thrust curves", ", ".join(numbers)))
    attribution = results["wind"].attrs.get("attribution")
    return [*found, ("positions", str(attribution))] if attribution else found
