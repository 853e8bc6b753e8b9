"""The tables of the report of a study as they are exported, in its language: what it says, its inputs, its sources."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
import pandas as pd

from testsite_sim.export.tables import SUMMARY, Column, Table

if TYPE_CHECKING:
    import xarray as xr

    from testsite_sim.cases.study import StudyCase
    from testsite_sim.studies.framework.report import Narrative
    from testsite_sim.studies.framework.report import Table as ReportTable
    from testsite_sim.studies.framework.words import Words

REPORT = "report"  # what their names begin with
QUANTILES = ("P10", "P50", "P90")


def tables_of_study(case: "StudyCase", members: "xr.Dataset") -> list[Table]:
    """Return the tables of the report of a study, for a workbook and for paper.

    In a workbook a column with its uncertainty is three columns of numbers; on paper it is one column of text, written
    as in the report: decimal mark, thousands and units in the language of the study.

    Parameters
    ----------
    case : StudyCase
        The study.
    members : xarray.Dataset
        Its members with the ranking.

    Returns
    -------
    list of Table
        `report-answer`: question, answer and what the first screen says, a line on each subject; `report-verdict`,
        `report-01` and so on in the order of the report; `report-inputs`, `report-sources`, and
        `report-captions`: the captions of its figures in every language of the study.
    """
    narrative = case.study.part("narrative")(case.configuration, members, case.words)
    stated = [] if narrative.verdict is None else [(f"{REPORT}-verdict", narrative.verdict)]
    stated += [(f"{REPORT}-{number:02d}", table) for number, table in enumerate(narrative.tables, start=1)]
    exported = [_exported(name, table, case.words) for name, table in stated]
    return [_answer(narrative, case.words), *exported, _inputs(case), _sources(case), _captions(case)]


def _answer(narrative: "Narrative", words: "Words") -> Table:
    """Return the question, the answer and the lines below it, each with its subject."""
    rows = [[words["page.question"], narrative.question]]
    rows += [[words["page.answer"] if k == 0 else "", text] for k, text in enumerate(narrative.answer)]
    rows += [[subject, text] for subject, _, text in (line.partition(": ") for line in narrative.short)]
    return _table(f"{REPORT}-answer", words["page.answer"], ["", ""], rows)


def headlines_of_study(case: "StudyCase", members: "xr.Dataset") -> Table:
    """Return the summary of a study as it stands on paper: each headline in each scenario, as in the report."""
    from testsite_sim.studies.framework.report.page import headline_cards

    words = case.words
    cards = headline_cards(members, case.study.headlines, words)
    rows = []
    for card in cards:
        low, middle, high = (text for text, _ in card["cells"])
        spread = middle if low == high else f"{middle} ({low} – {high})"
        rows.append([card["label"], card["scenario_label"], spread, card["units"]])
    heads = [words["page.output"], words["page.scenario"], "P50 (P10 – P90)", words["page.unit"]]
    if not any(card["scenario_label"] for card in cards):
        heads, rows = [heads[0], *heads[2:]], [[row[0], *row[2:]] for row in rows]
    return _table(SUMMARY, _with_money(words["page.results"], words["money"]), heads, rows)


def _with_money(title: str, money: str) -> str:
    """Return a title with what all money of its table is in, where that is stated."""
    return f"{title} ({money})" if money else title


def _exported(name: str, table: "ReportTable", words: "Words") -> Table:
    """Return a table of the report, with its numbers, and as text for paper."""
    from testsite_sim.studies.framework.report.cells import table_cells

    cells = table_cells(table, words)
    made = f"results.nc: {', '.join(table.variables)}" if table.variables else ""
    texts = [[f"{text} ({spread})" if spread else text for text, _, _, spread in row] for row in cells["rows"]]
    heads = [head for head, _ in cells["head"]]
    title = _with_money(table.title, cells["money"])
    paper = _table(name, title, heads, texts, made)
    parts = dict(_columns(table))
    return Table(name, title, tuple(Column(head) for head in parts), pd.DataFrame(parts), made, paper=paper)


def _columns(table: "ReportTable") -> Iterator[tuple[str, list[Any]]]:
    """Yield the columns of a table with their values; P10, P50 and P90 of one with its uncertainty."""
    from testsite_sim.studies.framework.report import Interval

    for head in map(str, table.rows.columns):
        values = table.rows[head].tolist()
        if any(isinstance(value, Interval) for value in values):
            for quantile in QUANTILES:
                yield (
                    f"{head}, {quantile}",
                    [
                        float(getattr(value, quantile.lower())) if isinstance(value, Interval) else np.nan
                        for value in values
                    ],
                )
        else:
            yield head, values


def _inputs(case: "StudyCase") -> Table:
    """Return the ranged inputs with value, range, standing and source."""
    from testsite_sim.studies.framework.report.evidence import input_rows
    from testsite_sim.studies.framework.uncertainty import study_assumptions

    words = case.words
    heads = [words[f"page.{key}"] for key in ("quantity", "value", "range", "standing", "source")]
    rows = []
    for row in input_rows(case.configuration, study_assumptions(case.configuration), words):
        known = row["standing"] == "assumption"
        standing = words["page.assumption"] if known else words[f"standing.{row['standing']}"]
        found = [f"{each['text']} [{each['number']}]" for each in row["findings"]]
        who = [f"{words['page.answered_by']} {row['answered_by']}"] if row["answered_by"] else []
        converted = [row["converted"]] if row["converted"] else []
        source = (
            "; ".join([*converted, *found, *([row["reason"]] if row["reason"] else []), *who])
            or words["page.own_estimate"]
        )
        rows.append([row["label"], row["text"], row["range"], standing, source])
    return _table(f"{REPORT}-inputs", words["page.inputs"], heads, rows)


def _sources(case: "StudyCase") -> Table:
    """Return the numbered sources."""
    from testsite_sim.studies.framework.report.evidence import bibliography

    words = case.words
    rows = [
        [f"[{each['number']}]", f"{each['text']} {each['kind']}, {each['address']}"]
        for each in bibliography(case.configuration, words)
    ]
    return _table(f"{REPORT}-sources", words["page.bibliography"], ["", words["page.source"]], rows)


def _captions(case: "StudyCase") -> Table:
    """Return the captions of the figures in every language that the study has."""
    from testsite_sim.studies.framework.configuration import Language
    from testsite_sim.studies.framework.words import words_of

    languages = [
        case.configuration.language,
        *(each for each in get_args(Language) if each != case.configuration.language),
    ]
    said = {
        language: words_of(case.study, case.configuration.model_copy(update={"language": language}))
        for language in languages
    }
    rows = [
        [f"figures/{name}", *(words.get(f"figure.{name}", name) for words in said.values())]
        for name in case.study.part("figures")
    ]
    return _table(f"{REPORT}-captions", case.words["page.figures"], ["", *languages], rows)


def _table(name: str, title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], source: str = "") -> Table:
    """Return a table of text."""
    unique = [head or " " * (k + 1) for k, head in enumerate(heads)]  # a frame has no two columns of one name
    return Table(name, title, tuple(Column(head) for head in unique), pd.DataFrame(rows, columns=unique), source)
