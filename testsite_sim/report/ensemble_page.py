"""The page of an ensemble: one HTML file that opens offline."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from testsite_sim.common.units import DAY
from testsite_sim.common.version import __version__
from testsite_sim.configuration.base import assumptions
from testsite_sim.configuration.quantities import Quantity
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.output import number, units_text
from testsite_sim.report.ensemble.headlines import shown_headlines
from testsite_sim.report.page import environment, shown_figures

TABLE = (5, 50, 95)


def write_ensemble_report(
    scenario: Scenario,
    text: str,
    summary: Mapping[str, Mapping[str, Any]],
    figures: Sequence[Path],
    results: xr.DataTree,
) -> str:
    """Return the report of an ensemble as HTML.

    Parameters
    ----------
    scenario : Scenario
        With its section `ensemble`.
    text : str
        The same, as YAML.
    summary : mapping
        As `summary_of` gives it.
    figures : sequence of Path
        Files of figures; the SVG ones are shown.
    results : xarray.DataTree
        Of the ensemble.
    """
    template = environment().get_template("ensemble/page.html.jinja")
    return template.render(
        title=scenario.title,
        description=scenario.description,
        highlights=_highlights(results),
        columns=[f"P{level}" for level in TABLE],
        rows=_rows(results),
        figures=shown_figures(figures, results),
        provenance=_provenance(scenario, results),
        assumptions=assumptions(scenario),
        scenario=text,
        summary=summary,
        version=__version__,
    )


def _highlights(results: xr.DataTree) -> list[dict[str, str]]:
    """Return P50 of each headline with P5 to P95, where there are statistics of one scenario."""
    if "statistics" not in results.children or results["statistics"].sizes["point"] > 1:
        return []
    statistics = results["statistics"].to_dataset().isel(point=0)
    found = []
    for name in shown_headlines(results):
        chosen = statistics.sel(output=name)
        low, middle, high = (float(chosen["percentile_value"].sel(percentile=level)) for level in TABLE)
        units = str(chosen["units"].item())
        factor, unit = _readable(units, middle)
        label = f"{name.replace('_', ' ')}, {number(low * factor)} to {number(high * factor)}"
        found.append({"label": label, "value": number(middle * factor), "units": units_text(unit)})
    return found


def _readable(units: str, value: float) -> tuple[float, str]:
    """Return factor and unit in which a value is read at a glance: millions of euro rather than nine digits."""
    if units == "1":
        return 100.0, "%"
    return (1e-6, "million EUR") if units == "EUR" and abs(value) >= 1e6 else (1.0, units)


def _rows(results: xr.DataTree) -> list[dict[str, Any]]:
    """Return a row for every output that differs between members."""
    if "statistics" not in results.children or results["statistics"].sizes["point"] > 1:
        return []
    statistics = results["statistics"].to_dataset().isel(point=0)
    found = []
    for name in statistics["output"].to_numpy().tolist():
        chosen = statistics.sel(output=name)
        levels = [float(chosen["percentile_value"].sel(percentile=level)) for level in TABLE]
        if not np.isfinite(levels).all() or levels[0] == levels[-1]:
            continue
        errors = [float(chosen["percentile_error"].sel(percentile=level)) for level in TABLE]
        # a residual of a balance is not a percentage
        factor, units = (1.0, "1") if name.endswith("_residual") else _readable(str(chosen["units"].item()), levels[1])
        cells = [_with_error(value * factor, error * factor) for value, error in zip(levels, errors, strict=True)]
        found.append(
            {
                "label": name.replace("_", " "),
                "cells": cells,
                "central": number(float(chosen["central"]) * factor),
                "units": units_text(units),
                "description": str(chosen["description"].item()),
                "missing": int(chosen["missing"]),
            }
        )
    return found


def _with_error(value: float, error: float) -> str:
    """Return a value with its standard error, to two significant figures."""
    return f"{number(value)} ±\N{NO-BREAK SPACE}{number(error, 2)}"


def _provenance(scenario: Scenario, results: xr.DataTree) -> list[tuple[str, str]]:
    """Return what varied and how, and the error of the tabulated wind farm."""
    ensemble = scenario.ensemble
    if ensemble is None:
        raise ValueError("the scenario of an ensemble has its section")
    weather = ensemble.weather
    block = weather.block.text if isinstance(weather.block, Quantity) else f"{weather.block / DAY:g} day"
    text = {
        "blocks": f"blocks of {block} of {scenario.weather.record}, resampled within the season",
        "years": f"years of {scenario.weather.record}",
        "generator": f"generated years of {'' if weather.climate is None else weather.climate.title}",
        "record": f"{scenario.weather.record} in every member",
    }[weather.kind]
    members = results["members"].sizes["member"] - 1
    count = results["draws"].sizes.get("member", 1) - 1
    quantities = len(results["draws"].data_vars)
    draws = "rows of the design" if "sensitivity" in results.children else f"{ensemble.sampling} points"
    found = [
        ("members", f"{members}, besides member 0, which is the scenario without variation"),
        ("weather of the members", text),
        ("quantities with a range", f"{quantities} varied, triangular over their ranges: {count} {draws}"),
        ("root seed", str(ensemble.seed)),
        ("errors", "standard errors; of percentiles by Woodruff (1952), as of independent members"),
    ]
    if "statistics" not in results.children or "central_by_table" not in results["statistics"].data_vars:
        return found
    statistics = results["statistics"].to_dataset().isel(point=0)
    keys = ("central", "central_by_table")
    exact, table = (float(statistics[key].sel(output="energy_production")) for key in keys)
    error = 100.0 * (table / exact - 1.0)
    note = f"read from a table of the wind farm; its energy of the scenario without variation is {error:+.2f} % off"
    return [*found, ("flow of the members", note)]
