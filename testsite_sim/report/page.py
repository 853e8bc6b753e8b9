"""The report: one HTML file that opens offline, with every text escaped."""

import base64
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from testsite_sim.common.version import __version__
from testsite_sim.output import shown
from testsite_sim.report.figures import figures_of
from testsite_sim.report.sea_tables import sea_tables
from testsite_sim.report.style import ONE_COLUMN, TWO_COLUMNS

HIGHLIGHTS = (
    "annual_energy_production",
    "energy_production",
    "capacity_factor",
    "wake_loss",
    "flow_loss",
    "hydrogen_delivered",
    "hydrogen_per_day",
    "renewable_share",
    "dispensed_per_day",
    "served_share",
    "fuel_cell_energy",
    "fuel_cell_efficiency",
    "fuel_cell_total_efficiency",
    "levelised_cost_of_energy",
    "levelised_cost_of_hydrogen",
    "break_even_hydrogen_price",
    "levelised_cost_of_fuel_cell_energy",
)
# the subject of a report; where a run has none of these, the entries above are its highlights
SUBJECTS = (
    "jobs_done",
    "jobs_open",
    "maintenance_cost",
    "vessel_days",
    "downtime",
    "berths",
    "months_to_certificate",
    "days_to_power_curve",
    "days_to_capture_matrix",
    "prototypes_per_year",
    "berth_utilisation",
    "value_of_test_site",
    "test_site_investment",
)
SUBJECT_PREFIXES = ("installation_duration_p50", "installation_duration_p90", "installation_cost")
# Where a key, a path or an address may be broken into lines: behind its separators, but not inside a number.
_BREAK = re.compile(r"(?<=[_/=&?+])(?=[^\s_])|(?<=[.:,])(?=[A-Za-z_])|(?<=[a-z0-9]\.)(?=\d+\.[A-Za-z_])")
_WIDTH = re.compile(rb'<svg[^>]*? width="([\d.]+)pt"')
SHORT = 15  # letters of a word that is not broken
POINT = 1.0 / 72.0  # [inch]


def write_report(
    title: str,
    description: str,
    summary: Mapping[str, Mapping[str, Any]],
    figures: Sequence[Path],
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
    figures : sequence of Path
        Files of figures; the SVG ones are shown, as images that cannot run a script.
    scenario : str
        The resolved scenario, YAML.
    assumptions : sequence of mapping
        name, value, range, source, assumption.
    results : xarray.DataTree
        The results; their attributes say where the weather comes from.
    """
    rows = [_highlight(name, entry) | {"description": entry["description"]} for name, entry in summary.items()]
    given = {name: entry for name, entry in summary.items() if entry["value"] is not None}
    if "annual_energy_production" in given:
        given.pop("energy_production", None)  # one card of energy: of a year where there is one
    subjects = [name for name in given if name in SUBJECTS or name.startswith(SUBJECT_PREFIXES)]
    cards = [*subjects, *(["availability"] if "jobs_done" in given else [])] if subjects else HIGHLIGHTS
    highlights = [_highlight(name, given[name]) for name in cards if name in given]
    return (
        environment()
        .get_template("page.html.jinja")
        .render(
            title=title,
            description=description,
            highlights=highlights,
            alerts=summary.get("warnings", {}).get("sentences", []),
            tables=sea_tables(results),
            rows=rows,
            figures=shown_figures(figures, results),
            provenance=_provenance(results),
            assumptions=assumptions,
            scenario=scenario,
            summary=summary,
            version=__version__,
        )
    )


def environment() -> Environment:
    """Return the environment of the templates: every text escaped, every missing one an error."""
    found = Environment(
        loader=PackageLoader("testsite_sim.report", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    found.filters["breakable"] = breakable
    return found


def breakable(text: object) -> Markup:
    """Return text as HTML that may be broken behind the separators of keys, paths and addresses, not inside words.

    Examples
    --------
    >>> print(breakable("farm.turbine.hub_height of 85 m & more"))
    farm.<wbr>turbine.<wbr>hub_<wbr>height of 85 m &amp; more
    >>> print(breakable("30 Nm3/h"))
    30 <span class="unit">Nm3/h</span>
    """
    return Markup("").join(_breakable_word(word) for word in re.split(r"(\s+)", str(text)))


def _breakable_word(word: str) -> Markup:
    """Return a word that may be broken behind separators if it is long; a short one, as `Nm3/h`, stays whole."""
    if len(word) <= SHORT:
        return Markup('<span class="unit">{}</span>').format(word) if "/" in word else escape(word)
    return Markup("<wbr>").join(escape(part) for part in _BREAK.split(word))


def shown_figures(figures: Sequence[Path], results: xr.DataTree) -> list[dict[str, Any]]:
    """Return the SVG figures with their captions, as images that cannot run a script."""
    captions = figures_of(results)
    found = []
    for path in figures:
        if path.suffix != ".svg":
            continue
        drawing = path.read_bytes()
        found.append(
            {
                "caption": captions[path.stem][1],
                "source": "data:image/svg+xml;base64," + base64.b64encode(drawing).decode("ascii"),
                "narrow": _is_narrow(drawing),
            }
        )
    return found


def _is_narrow(drawing: bytes) -> bool:
    """Return whether a drawing (SVG) is as wide as one column."""
    width = _WIDTH.search(drawing)
    return width is not None and float(width[1]) * POINT < 0.5 * (ONE_COLUMN + TWO_COLUMNS)


def _highlight(name: str, entry: Mapping[str, Any]) -> dict[str, str]:
    """Return name, value and unit of an entry of the summary as text."""
    value, units = shown(entry["value"], entry["units"], name=name)
    return {"label": name.replace("_", " "), "value": value, "units": units}


def _provenance(results: xr.DataTree) -> list[tuple[str, str]]:
    """Return the source of the weather and how it was processed."""
    attributes = results["weather"].attrs
    names = ("title", "site", "source", "license", "comment", "repairs", "hub_height_method", "air_density_method")
    found = [(f"weather: {name.replace('_', ' ')}", str(attributes[name])) for name in names if name in attributes]
    if "distance_to_site" in attributes:
        distance = float(attributes["distance_to_site"]) / 1000.0
        found.append(("weather: distance to the site", f"{distance:.0f} km: the record is used for the site"))
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
