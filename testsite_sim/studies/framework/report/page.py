"""The report of a study: one HTML file that opens offline, with every text escaped and no request to anywhere."""

import base64
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from testsite_sim.common.version import __version__
from testsite_sim.configuration.base import assumptions as all_assumptions
from testsite_sim.configuration.base import quantities, sourced_parts
from testsite_sim.ensemble.assumptions import Assumption
from testsite_sim.report.drawing import FiguresWritten
from testsite_sim.studies.framework.configuration import StudyConfiguration
from testsite_sim.studies.framework.registry import Headline
from testsite_sim.studies.framework.report.cells import shown, sortable, table_cells
from testsite_sim.studies.framework.report.evidence import (
    bibliography,
    bibtex,
    converted_text,
    finding_lines,
    index_text,
    input_rows,
    source_numbers,
    sourced_rows,
)
from testsite_sim.studies.framework.report.narrative import Narrative
from testsite_sim.studies.framework.report.rankings import ranking_rows
from testsite_sim.studies.framework.report.series import series_over_years
from testsite_sim.studies.framework.report.summary import Outcome, outcomes
from testsite_sim.studies.framework.report.written import written
from testsite_sim.studies.framework.words import Words, label

PACKAGE = "testsite_sim.studies.framework.report"


def write_study_report(
    configuration: StudyConfiguration,
    narrative: Narrative,
    results: xr.Dataset,
    headlines: Sequence[Headline],
    words: Words,
    figures: FiguresWritten,
    assumptions: Sequence[Assumption],
    scenario: str,
) -> str:
    """Return the report of a study as HTML.

    Parameters
    ----------
    configuration : StudyConfiguration
        Title, description, language, members.
    narrative : Narrative
        Question, answer, method, limits, tables.
    results : xarray.Dataset
        Members and ranking.
    headlines : sequence of Headline
        The outputs reported first.
    words : mapping of str to str
        Labels in the language of the study.
    figures : callable
        Gives the files of figures once they are written, and is called last: most of the page is made while they are.
        The SVG ones are shown, as images that cannot run a script.
    assumptions : sequence of Assumption
        What was sampled.
    scenario : str
        The resolved study, YAML.
    """
    # A report is written once in a run: what renders it is imported then.
    from testsite_sim.report.templates import assets, environment

    series = series_over_years(results, words)
    found, cards = outcomes(results, headlines), headline_cards(results, headlines, words)
    reference = results.attrs.get("scenario")
    return (
        environment(PACKAGE)
        .get_template("page.html.jinja")
        .render(
            words=words,
            language=configuration.language,
            title=configuration.heading.title,
            description=configuration.heading.description,
            members=results.sizes["member"],
            narrative=narrative,
            cards=cards,
            scenarios=[(name, label(words, "scenario", name)) for name in _scenarios(found)],
            reference=reference,
            outcomes=cards,
            tables=[table_cells(table, words) for table in narrative.tables],
            verdict=None if narrative.verdict is None else table_cells(narrative.verdict, words),
            index=index_text(configuration, words),
            inputs=input_rows(configuration, assumptions, words),
            sourced=sourced_rows(results, headlines, words),
            bibliography=bibliography(configuration, words),
            bibtex=bibtex(configuration.references),
            rankings=[ranking_rows(results, words, headline, assumptions) for headline in headlines],
            places={assumption.path: number for number, assumption in enumerate(assumptions)},
            assumptions=assumptions,
            fixed=_fixed(configuration, assumptions, words),
            sources=[
                (path, label(words, "source", title), label(words, "source", source))
                for path, title, source in sourced_parts(configuration)
            ],
            series=series,
            scenario=scenario,
            version=__version__,
            **assets(
                styles=[_own("page.css")],
                scripts=[_own("page.js")],
                data={"data": {"series": series, "reference": reference or ""}},
            ),
            figures=[_figure(path, words) for path in figures() if path.suffix == ".svg"],
        )
    )


def headline_cards(results: xr.Dataset, headlines: Sequence[Headline], words: Words) -> list[dict[str, Any]]:
    """Return every headline in every scenario in text; the reference scenario first."""
    return [_card(outcome, words) for outcome in outcomes(results, headlines)]


def _own(name: str) -> str:
    """Return the text of the style sheet or the script of the pages of studies."""
    return resources.files(PACKAGE).joinpath(name).read_text(encoding="utf-8")


def _fixed(configuration: StudyConfiguration, sampled: Sequence[Assumption], words: Words) -> list[dict[str, Any]]:
    """Return the inputs with a source or a range that keep their values, those of a kind in the order of the file."""
    paths = {assumption.path for assumption in sampled}
    rows = [row for row in all_assumptions(configuration) if row["name"] not in paths]
    evidence = {path: quantity.evidence for path, quantity in quantities(configuration)}
    numbers = source_numbers(configuration)
    return [
        {
            **row,
            "label": words.get(f"assumption.{row['name']}", ""),
            "sort": str(row["value"]).partition(" ")[0],
            "value": written(row["value"], words),
            "converted": converted_text(configuration, row["name"], str(row["value"]), words),
            "range": written((row["range"] or "").replace(" to ", " – "), words),
            "source": label(words, "source", row["source"]),
            "findings": finding_lines(configuration, evidence[row["name"]], words, numbers),
        }
        for row in rows
    ]


def _scenarios(found: Sequence[Outcome]) -> list[str]:
    """Return the scenarios of the headlines, the reference first."""
    return list(dict.fromkeys(outcome.scenario for outcome in found if outcome.scenario is not None))


def _card(outcome: Outcome, words: Words) -> dict[str, Any]:
    """Return one headline in one scenario, in text."""
    is_year = outcome.units == "year"
    return {
        "variable": outcome.variable,
        "label": words.get(f"variable.{outcome.variable}", outcome.variable.replace("_", " ")),
        "scenario": outcome.scenario,
        "scenario_label": "" if outcome.scenario is None else label(words, "scenario", outcome.scenario),
        "units": "" if is_year or outcome.units == "1" else label(words, "unit", outcome.units),
        "finite": bool(np.isfinite(outcome.p50)),
        "cells": [
            (shown(value, outcome.units, words), sortable(value)) for value in (outcome.p10, outcome.p50, outcome.p90)
        ],
    }


def _figure(path: Path, words: Words) -> dict[str, Any]:
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
