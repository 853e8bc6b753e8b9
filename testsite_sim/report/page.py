"""The report: one HTML file that opens offline, with every text escaped."""

import base64
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from jinja2 import Environment, PackageLoader, StrictUndefined

from testsite_sim import __version__
from testsite_sim.output import shown
from testsite_sim.report.figures import figures_of
from testsite_sim.report.sea_tables import sea_tables

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
# what a report is about comes first; the figures of every run follow
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
NARROW = ("wind-rose", "load-duration", "fuel-cell")


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
    """Return what renders the templates: every text escaped, every missing one an error."""
    return Environment(
        loader=PackageLoader("testsite_sim.report", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )


def shown_figures(figures: Sequence[Path], results: xr.DataTree) -> list[dict[str, Any]]:
    """Return the SVG figures with their captions, as images that cannot run a script."""
    captions = figures_of(results)
    return [
        {
            "caption": captions[path.stem][1],
            "source": "data:image/svg+xml;base64," + base64.b64encode(path.read_bytes()).decode("ascii"),
            "narrow": path.stem in NARROW,
        }
        for path in figures
        if path.suffix == ".svg"
    ]


def _highlight(name: str, entry: Mapping[str, Any]) -> dict[str, str]:
    """Return one of the large figures."""
    value, units = shown(entry["value"], entry["units"])
    return {"label": name.replace("_", " "), "value": value, "units": units}


def _provenance(results: xr.DataTree) -> list[tuple[str, str]]:
    """Return where the weather comes from and what was done to it."""
    attributes = results["weather"].attrs
    names = ("title", "site", "source", "license", "comment", "repairs", "hub_height_method", "air_density_method")
    found = [(f"weather: {name.replace('_', ' ')}", str(attributes[name])) for name in names if name in attributes]
    if "distance_to_site" in attributes:
        distance = float(attributes["distance_to_site"]) / 1000.0
        found.append(("weather: distance to the site", f"{distance:.0f} km: the record stands in for the site"))
    if "wind" not in results.children:
        return found
    thrust = results["wind"]["thrust_source"].to_numpy()
    sources, counts = np.unique(thrust.astype(str), return_counts=True)
    counted = ", ".join(f"{source}: {count} turbines" for source, count in zip(sources, counts, strict=True))
    found.append(("thrust curves", counted))
    attribution = results["wind"].attrs.get("attribution")
    return [*found, ("positions", str(attribution))] if attribution else found
