"""The report of a study: one HTML file that opens offline, with every text escaped and no request to anywhere."""

import base64
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from testsite_sim import __version__
from testsite_sim.configuration.base import assumptions as all_assumptions
from testsite_sim.configuration.base import sourced_parts
from testsite_sim.configuration.study import StudyConfiguration
from testsite_sim.ensemble.assumptions import Assumption
from testsite_sim.report.study.story import Interval, Story, Table, number
from testsite_sim.report.study.summary import Outcome, outcomes
from testsite_sim.report.study.tornado import ranking_table
from testsite_sim.studies.registry import Headline
from testsite_sim.studies.uncertainty import in_written_units, percentiles

MOST_RANKED = 12
INDICES, ENDS = ("sobol_total",), ("at_low", "at_high")
# From SI to what the chart shows, by the units of a variable.
SERIES_FACTORS = {
    "EUR": (1e-6, "million EUR"), "W": (1e-9, "GW"), "kg": (1e-3, "t"), "J": (1 / 3.6e12, "GWh"),
    "EUR year-1": (1e-6, "million EUR/year"), "kg year-1": (1e-3, "t/year"), "EUR kg-1": (1.0, "EUR/kg"),
    "EUR W-1": (1e3, "EUR/kW"), "EUR J-1": (3.6e9, "EUR/MWh"), "J kg-1": (1 / 3.6e6, "kWh/kg"),
    "kg kg-1": (1.0, "kg/kg"), "year-1": (1.0, "1/year"),
}  # fmt: skip
SERIES_OF = ("market", "application")  # dimensions of which each value has a series of its own


def write_study_report(
    configuration: StudyConfiguration,
    story: Story,
    results: xr.Dataset,
    headlines: Sequence[Headline],
    words: Mapping[str, str],
    figures: Sequence[Path],
    assumptions: Sequence[Assumption],
    scenario: str,
) -> str:
    """Return the report of a study as HTML.

    Parameters
    ----------
    configuration : StudyConfiguration
        Title, description, language, members.
    story : Story
        Question, answer, method, limits, tables.
    results : xarray.Dataset
        Members and ranking.
    headlines : sequence of Headline
        The outputs told first.
    words : mapping of str to str
        Labels in the language of the study.
    figures : sequence of Path
        Files of figures; the SVG ones are shown, as images that cannot run a script.
    assumptions : sequence of Assumption
        What was sampled.
    scenario : str
        The resolved study, YAML.
    """
    # A report is written once in a run: what renders it is imported then.
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("testsite_sim.report.study", "."), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    found = outcomes(results, headlines)
    reference = results.attrs.get("scenario")
    return environment.get_template("page.html.jinja").render(
        words=words,
        language=configuration.language,
        title=configuration.heading.title,
        description=configuration.heading.description,
        members=results.sizes["member"],
        story=story,
        cards=[_card(outcome, words) for outcome in found],
        scenarios=[(name, words.get(name, name)) for name in _scenarios(found)],
        reference=reference,
        outcomes=[_card(outcome, words) for outcome in found],
        tables=[_table(table, words) for table in story.tables],
        rankings=[_ranking(results, words, headline, assumptions) for headline in headlines],
        places={assumption.path: number for number, assumption in enumerate(assumptions)},
        figures=[_figure(path, words) for path in figures if path.suffix == ".svg"],
        assumptions=assumptions,
        fixed=_fixed(configuration, assumptions),
        sources=list(sourced_parts(configuration)),
        series=_series(results, words),
        scenario=scenario,
        version=__version__,
    )


def _fixed(configuration: StudyConfiguration, sampled: Sequence[Assumption]) -> list[dict[str, Any]]:
    """Return the inputs with a source or a range that keep their values, those of a kind in the order of the file."""
    paths = {assumption.path for assumption in sampled}
    return [row for row in all_assumptions(configuration) if row["name"] not in paths]


def _scenarios(found: Sequence[Outcome]) -> list[str]:
    """Return the scenarios of the headlines, the reference first."""
    return list(dict.fromkeys(outcome.scenario for outcome in found if outcome.scenario is not None))


def _card(outcome: Outcome, words: Mapping[str, str]) -> dict[str, Any]:
    """Return one headline in one scenario, in text."""
    is_year = outcome.units == "year"
    return {
        "variable": outcome.variable,
        "label": words.get(outcome.variable, outcome.variable.replace("_", " ")),
        "scenario": outcome.scenario,
        "scenario_label": "" if outcome.scenario is None else words.get(outcome.scenario, outcome.scenario),
        "units": "" if is_year or outcome.units == "1" else words.get(outcome.units, outcome.units),
        "cells": [
            (_shown(value, outcome.units, words), sortable(value))
            for value in (outcome.p10, outcome.p50, outcome.p90)
        ],
    }  # fmt: skip


def _shown(value: float, units: str, words: Mapping[str, str]) -> str:
    """Return an output in text; the thousands of a calendar year are not kept apart."""
    return f"{value:.0f}" if units == "year" and np.isfinite(value) else number(value, words)


def _percent(share: float) -> str:
    """Return a share of variance in text; an output that can be infinite has none."""
    return "–" if np.isnan(share) else f"{max(100.0 * share, 0.0):.0f} %"


def _share(share: float, half: float, resolved: bool) -> str:
    """Return a share of variance with the half width of its 95 % interval; none where it is not determined."""
    if not resolved or np.isnan(share):
        return "–"
    return f"{max(100.0 * share, 0.0):.0f} ± {100.0 * half:.0f} %"


def sortable(value: Any) -> str:
    """Return what a cell is sorted by: a number as it is, with what never happens last."""
    if isinstance(value, bool | str) or not isinstance(value, int | float | np.integer | np.floating):
        return ""
    return "1e308" if np.isinf(value) and value > 0 else "" if np.isnan(value) else f"{float(value):.6g}"


def _figure(path: Path, words: Mapping[str, str]) -> dict[str, Any]:
    """Return a figure as an image in the page, with its caption and its data."""
    data = path.with_suffix(".csv")
    return {
        "name": path.stem,
        "caption": words.get(f"figure.{path.stem}", path.stem),
        "source": "data:image/svg+xml;base64," + base64.b64encode(path.read_bytes()).decode("ascii"),
        "narrow": _width(path) < 400.0,
        "data": data.name if data.is_file() else None,
    }


def _width(path: Path) -> float:
    """Return the width of a drawing as matplotlib writes it [pt]."""
    head = path.read_text(encoding="utf-8")[:1500]
    return float(head.partition('width="')[2].partition("pt")[0] or 0.0)


def _table(table: Table, words: Mapping[str, str]) -> dict[str, Any]:
    """Return a table in text, with what each cell is sorted by, and P10 to P90 below a cell that has them."""
    rows = table.rows
    numeric = [_is_numeric(rows[name]) for name in rows]
    body = [
        [_cell(cell, is_number, name, words) for cell, is_number, name in zip(row, numeric, rows.columns, strict=True)]
        for row in rows.itertuples(index=False, name=None)
    ]
    head = list(zip(map(str, rows.columns), numeric, strict=True))
    return {"title": table.title, "head": head, "rows": body, "variables": ", ".join(table.variables)}


def _is_numeric(column: pd.Series) -> bool:
    """Tell a column of numbers or intervals."""
    return bool(pd.api.types.is_numeric_dtype(column) or column.map(lambda cell: isinstance(cell, Interval)).all())


def _cell(cell: Any, is_number: bool, column: object, words: Mapping[str, str]) -> tuple[str, str, bool, str]:
    """Return text, what it is sorted by, whether it is a number, and its range."""
    if isinstance(cell, Interval):
        return number(cell.p50, words), sortable(cell.p50), True, _spread(cell.p10, cell.p90, words)
    if is_number and not _is_year(column):
        return number(float(cell), words), sortable(cell), True, ""
    return str(cell), sortable(cell), is_number, ""


def _spread(low: float, high: float, words: Mapping[str, str]) -> str:
    """Return a range in text, none where it has no width."""
    return "" if low == high else f"{number(low, words)} – {number(high, words)}"


def _is_year(column: object) -> bool:
    """Tell a column of calendar years, whose thousands are not kept apart."""
    return str(column).lower() in ("year", "jaar")


def _ranking(
    results: xr.Dataset, words: Mapping[str, str], headline: Headline, assumptions: Sequence[Assumption]
) -> dict[str, Any]:
    """Return what matters most to an output, and where it brings the output to its threshold."""
    table = ranking_table(results, words, headline)
    ends = table[["at_low", "at_high"]].to_numpy()
    central = float(results["value_central"].sel(headline=headline.variable)) * headline.factor
    moves = (ends != central).any(axis=1) | (table["sobol_total"].to_numpy() > 0.0)
    rows = table[moves].head(MOST_RANKED).to_dict("records")
    known = {assumption.path: assumption for assumption in assumptions}
    threshold = results[headline.variable].attrs.get("threshold")
    ranking = results.sel(headline=headline.variable)
    resolved = bool(ranking["ranking_resolved"])
    return {
        "resolved": resolved,
        "of_rank": str(ranking["sobol_of"].item()) == "rank",
        "rest": _percent(float(ranking["sobol_total_others"])) if resolved else "–",
        "variable": headline.variable,
        "moved": int(moves.sum()),
        "others": table[moves].iloc[MOST_RANKED:][["label", "assumption"]].to_dict("records"),
        "threshold": None if threshold is None else number(float(threshold) * headline.factor, words),
        "label": words.get(headline.variable, headline.variable.replace("_", " ")),
        "units": "" if headline.units == "1" else words.get(headline.units, headline.units),
        "rows": [
            {
                "label": row["label"],
                "path": row["assumption"],
                "turning": _turning(known[str(row["assumption"])], float(row["turning_value"]), words),
                "cells": [
                    *(
                        (_share(float(row[key]), float(row["sobol_total_confidence"]), resolved), sortable(row[key]))
                        for key in INDICES
                    ),
                    *((_shown(float(row[key]), headline.units, words), sortable(row[key])) for key in ENDS),
                ],
            }
            for row in rows
        ],
    }


def _turning(assumption: Assumption, value: float, words: Mapping[str, str]) -> tuple[str, str]:
    """Return the value of an assumption at which an output reaches its threshold, in text and to sort by."""
    if np.isnan(value):
        return "–", ""
    shown, unit = in_written_units(assumption, value)
    is_year = 1900.0 < shown < 2200.0 and unit in ("", "1")
    return f"{shown:.0f}" if is_year else f"{number(shown, words)} {unit}".strip(), sortable(shown)


def _series(results: xr.Dataset, words: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return P10, P50 and P90 of every output over the years, by scenario, for the chart that can be explored."""
    chosen = [
        str(name) for name, variable in results.data_vars.items()
        if variable.dtype.kind == "f" and "member" in variable.dims and _years_of(variable) is not None
        and set(variable.dims) <= {"member", "scenario", *SERIES_OF, _years_of(variable)}
    ]  # fmt: skip
    chosen.sort(key=lambda name: "scenario" not in results[name].dims)  # what differs by scenario stands first
    quantiles = percentiles(results[chosen])
    found = []
    for name in chosen:
        variable = quantiles[name]
        label = words.get(name, variable.attrs.get("long_name", name))
        part = next((dim for dim in SERIES_OF if dim in variable.dims), None)
        if part is None:
            found.append(_one_series(variable, label, words))
            continue
        for value in variable[part].to_numpy():
            of_part = words.get(str(value), words.get(f"{part}.{value}", str(value)))
            found.append(_one_series(variable.sel({part: value}), f"{label}: {of_part}", words))
    return found


def _one_series(variable: xr.DataArray, label: str, words: Mapping[str, str]) -> dict[str, Any]:
    """Return the quantiles of one output over the years by scenario, in the units that are shown."""
    factor, units = SERIES_FACTORS.get(variable.attrs.get("units", "1"), (1.0, variable.attrs.get("units", "1")))
    scenarios = variable["scenario"].to_numpy().tolist() if "scenario" in variable.dims else [""]
    years = _years_of(variable)
    paths = {}
    for scenario in scenarios:
        one = variable.sel(scenario=scenario) if scenario else variable
        table = one.transpose("percentile", years).to_numpy() * factor
        paths[scenario] = [[float(f"{value:.4g}") if np.isfinite(value) else None for value in row] for row in table]
    return {
        "label": label,
        "units": "" if units == "1" else words.get(units, units),
        "years": [int(year) for year in variable[years].to_numpy()],
        "names": scenarios,  # in their order, which an object in JSON does not keep
        "paths": paths,
        "scenarios": {scenario: words.get(scenario, scenario) for scenario in scenarios},
    }


def _years_of(variable: xr.DataArray) -> str | None:
    """Return the dimension of years of a variable, `year` or another that ends in it."""
    return next((str(dim) for dim in variable.dims if str(dim).endswith("year")), None)
