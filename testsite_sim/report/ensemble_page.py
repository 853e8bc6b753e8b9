"""The page of an ensemble: one HTML file that opens offline."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from testsite_sim.common.units import DAY
from testsite_sim.configuration.base import assumptions
from testsite_sim.configuration.quantities import Quantity
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.ensemble.results import ENERGY
from testsite_sim.output import number, units_text
from testsite_sim.report.cards import Card, Question
from testsite_sim.report.drawing import FiguresWritten
from testsite_sim.report.ensemble.headlines import shown_headlines
from testsite_sim.report.grouping import grouped
from testsite_sim.report.magnitude import scale
from testsite_sim.report.page import rendered, shown_figures

TABLE = (5, 50, 95)


def write_ensemble_report(
    scenario: Scenario,
    text: str,
    summary: Mapping[str, Mapping[str, Any]],
    figures: FiguresWritten,
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
    figures : callable
        Gives the files of figures once they are written, and is called last: most of the page is made while they are.
        The SVG ones are shown.
    results : xarray.DataTree
        Of the ensemble.
    """
    rows = {str(row["name"]): row for row in _rows(results)}
    groups = [{"title": title, "rows": [rows[name] for name in names]} for title, names in grouped(rows).items()]
    found = assumptions(scenario)
    return rendered(
        "ensemble/page.html.jinja",
        title=scenario.title,
        description=scenario.description,
        summary=summary,
        questions=_first_screen(results, found),
        columns=[f"P{level}" for level in TABLE],
        rows=list(rows),
        groups_of_rows=groups,
        own_contents=[("members", "Members")] if rows else [],
        tables=_sweep_tables(results),
        figures=shown_figures(figures(), results),
        provenance=_provenance(scenario, results),
        assumptions=found,
        scenario=text,
    )


def _first_screen(results: xr.DataTree, inputs: Sequence[Mapping[str, Any]]) -> list[Question]:
    """Return the questions of the first screen: members, P50 of each headline with P5 to P95, and how sure they are."""
    members = results["members"].sizes["member"] - 1
    points = results["statistics"].sizes["point"] if "statistics" in results.children else 1
    sizes = []
    if members:
        means = "runs of the scenario with drawn weather or inputs; the scenario aside"
        sizes.append(Card("members", f"{members:,}", "", means))
    if points > 1:
        sizes.append(Card("points of the sweep", f"{points:,}", "", "combinations of the values of the swept keys"))
    varied = len(results["draws"].data_vars) if "draws" in results.children else 0
    if members:
        sizes.append(Card("quantities varied", f"{varied:,}", "", "inputs with a range that are drawn"))
    amounts = [(units, card) for units, card in _highlights(results)]
    marked = sum(bool(each["assumption"]) for each in inputs)
    sure = [f"{marked} of {len(inputs)} inputs with a source or a range are assumptions."] if inputs else []
    if "sensitivity" in results.children:
        sure.insert(0, "The design ranks inputs; it draws them over their whole ranges, so that it states no spread.")
    elif members == 0:
        sure.insert(0, "No uncertainty is stated: every point is one run, without members.")
    else:
        sure.insert(0, "P5, P50 and P95 of the members, each with its standard error in the table and the figures.")
    found = (
        Question("What", sizes),
        Question("How much", [card for units, card in amounts if not units.startswith("EUR")]),
        Question("At what cost", [card for units, card in amounts if units.startswith("EUR")]),
        Question("How sure", _exceeded(results) if members and points == 1 else [], sure),
    )
    return [each for each in found if each.cards or each.sentences]


def _exceeded(results: xr.DataTree) -> list[Card]:
    """Return the energy of a year that 90 % of the members exceed, where there is one."""
    if "statistics" not in results.children:
        return []
    statistics = results["statistics"].to_dataset().isel(point=0)
    if ENERGY not in statistics["output"].to_numpy():
        return []
    chosen = statistics.sel(output=ENERGY, percentile=10)
    value = float(chosen["percentile_value"])
    if not np.isfinite(value):
        return []
    factor, unit = _readable(str(chosen["units"].item()), value)
    error = number(float(chosen["percentile_error"]) * factor, 2)
    means = f"P90 of a bank, with a standard error of {error} {units_text(unit)}: {chosen['description'].item()}"
    return [Card("energy of a year, exceeded with 90 %", number(value * factor), units_text(unit), means)]


def _highlights(results: xr.DataTree) -> list[tuple[str, Card]]:
    """Return P50 of each headline with P5 to P95 by its units; of the points of a sweep its lowest and its highest."""
    if "statistics" not in results.children:
        return []
    if results["statistics"].sizes["point"] > 1:
        return _extremes(results["statistics"].to_dataset(), shown_headlines(results))
    statistics = results["statistics"].to_dataset().isel(point=0)
    found = []
    for name in shown_headlines(results):
        chosen = statistics.sel(output=name)
        low, middle, high = (float(chosen["percentile_value"].sel(percentile=level)) for level in TABLE)
        units = str(chosen["units"].item())
        factor, unit = _readable(units, middle)
        label = f"{name.replace('_', ' ')}, {number(low * factor)} to {number(high * factor)}"
        means = f"P50, and P5 to P95: {chosen['description'].item()}"
        found.append((units, Card(label, number(middle * factor), units_text(unit), means)))
    return found


def _extremes(statistics: xr.Dataset, names: Sequence[str]) -> list[tuple[str, Card]]:
    """Return the lowest and the highest value of each headline by its units, and at which points they are."""
    keys = [str(name) for name in statistics.coords if statistics[name].dims == ("point",)]
    places = [", ".join(str(statistics[key].to_numpy()[k]) for key in keys) for k in range(statistics.sizes["point"])]
    has_members = bool(np.isfinite(statistics["mean"]).any())
    found = []
    for name in names:
        chosen = statistics.sel(output=name)
        values = (chosen["percentile_value"].sel(percentile=50) if has_members else chosen["central"]).to_numpy()
        if not np.isfinite(values).any():
            continue
        low, high = int(np.nanargmin(values)), int(np.nanargmax(values))
        if np.isclose(values[low], values[high], rtol=1e-9, atol=0.0):
            continue
        units = str(chosen["units"].item())
        factor, unit = _readable(units, float(np.nanmax(np.abs(values))))
        label = f"{name.replace('_', ' ')}: lowest at {places[low]}, highest at {places[high]}"
        span = f"{number(values[low] * factor)} to {number(values[high] * factor)}"
        means = f"{'P50 of the points' if has_members else 'over the points'}: {chosen['description'].item()}"
        found.append((units, Card(label, span, units_text(unit), means)))
    return found


def _sweep_tables(results: xr.DataTree) -> list[dict[str, Any]]:
    """Return the headlines of every point of a sweep: P50 with P5 to P95, or the run where there are no members."""
    if "statistics" not in results.children or results["statistics"].sizes["point"] == 1:
        return []
    statistics = results["statistics"].to_dataset()
    keys = [str(name) for name in statistics.coords if statistics[name].dims == ("point",)]
    has_members = bool(np.isfinite(statistics["mean"]).any())
    names = shown_headlines(results)
    head, columns = list(keys), []
    for name in names:
        chosen = statistics.sel(output=name)
        factor, unit = _readable(str(chosen["units"].item()), float(np.nanmax(np.abs(chosen["central"].to_numpy()))))
        head.append(f"{name.replace('_', ' ')} [{units_text(unit)}]" if units_text(unit) else name.replace("_", " "))
        if not has_members:
            columns.append([number(value * factor) for value in chosen["central"].to_numpy()])
            continue
        levels = [chosen["percentile_value"].sel(percentile=level).to_numpy() * factor for level in TABLE]
        columns.append(
            [f"{number(mid)} ({number(low)} to {number(high)})" for low, mid, high in zip(*levels, strict=True)]
        )
    rows = [
        [*(str(statistics[key].to_numpy()[k]) for key in keys), *(column[k] for column in columns)]
        for k in range(statistics.sizes["point"])
    ]
    note = "P50 of the members, P5 to P95 in brackets." if has_members else "The scenario at every point, one run each."
    return [{"title": "Points of the sweep", "id": "points-of-the-sweep", "head": head, "rows": rows, "note": note}]


def _readable(units: str, value: float) -> tuple[float, str]:
    """Return factor and unit in which a value is read at a glance; a fraction in per cent."""
    return (100.0, "%") if units == "1" else scale(units, value)


def _rows(results: xr.DataTree) -> list[dict[str, Any]]:
    """Return a row for every output that differs between members."""
    if "statistics" not in results.children or results["statistics"].sizes["point"] > 1:
        return []
    statistics = results["statistics"].to_dataset().isel(point=0)
    found = []
    for name in statistics["output"].to_numpy().tolist():
        chosen = statistics.sel(output=name)
        levels = [float(chosen["percentile_value"].sel(percentile=level)) for level in TABLE]
        if not np.isfinite(levels).all() or np.isclose(levels[0], levels[-1], rtol=1e-9, atol=0.0):
            continue
        errors = [float(chosen["percentile_error"].sel(percentile=level)) for level in TABLE]
        # a residual of a balance is not a percentage
        factor, units = (1.0, "1") if name.endswith("_residual") else _readable(str(chosen["units"].item()), levels[1])
        cells = [_with_error(value * factor, error * factor) for value, error in zip(levels, errors, strict=True)]
        found.append(
            {
                "name": name,
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


def _days(number: float) -> str:
    """Return a number of days."""
    return f"{number:g} day{'' if number == 1 else 's'}"


def _provenance(scenario: Scenario, results: xr.DataTree) -> list[tuple[str, str]]:
    """Return what varied and how, and the error of the tabulated wind farm."""
    ensemble = scenario.ensemble
    if ensemble is None:
        raise ValueError("the scenario of an ensemble has its section")
    weather = ensemble.weather
    block = weather.block.text if isinstance(weather.block, Quantity) else _days(weather.block / DAY)
    of_record = Path(scenario.weather.record).name  # a page names no folder of its machine
    text = {
        "blocks": f"blocks of {block} of {of_record}, resampled within the season",
        "years": f"years of {of_record}",
        "generator": f"generated years of {'' if weather.climate is None else weather.climate.title}",
        "record": f"{of_record} in every member",
    }[weather.kind]
    members = results["members"].sizes["member"] - 1
    if members == 0:
        return [("members", "none: the scenario itself at every point"), ("weather", of_record)]
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
    energy = results["statistics"].to_dataset().sel(output="energy_production")
    errors = 100.0 * (energy["central_by_table"] / energy["central"] - 1.0).to_numpy()
    read = errors[np.isfinite(errors)]
    where = "" if read.size == errors.size else f" at {read.size} of {errors.size} points, exact at the others"
    most = "at most " if read.size > 1 else ""
    worst = read[np.argmax(np.abs(read))]
    note = (
        f"read from a table of the wind farm{where}; its energy of the scenario without variation is {most}"
        f"{worst:+.2f} % off"
    )
    return [*found, ("flow of the members", note)]
