"""Tables as a document of Word: a heading, what was run, and the tables that fit on paper."""

import io
from collections.abc import Mapping, Sequence

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Length, Mm, Pt
from docx.table import _Cell, _Row

from testsite_sim.common.text import printable
from testsite_sim.export.printed import heading, is_numeric, not_printed, printed_rows, printed_tables, shared_widths
from testsite_sim.export.tables import Table
from testsite_sim.output.phrases import IN_ENGLISH, Phrases

AUTHOR = "testsite-sim"
LANGUAGES = {"en": "en-GB", "nl": "nl-BE"}
STYLE = "Light List Accent 1"
LETTERS = Pt(8)
WIDTH = 257.0  # between the margins of the page [mm]
LETTER = 1.85  # width that a letter takes at most [mm]
LONGEST = 90  # letters of a column that is not broken into lines


def document_bytes(
    about: Mapping[str, str], tables: Sequence[Table], left_out: Sequence[Table], say: Phrases = IN_ENGLISH
) -> bytes:
    """Return a document, on A4 across; tables that do not fit on paper are named at its end."""
    fitting, others = printed_tables(tables, left_out)
    document = docx.Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(20)
    facts = dict(about)
    _state_origin(document, printable(facts.get("title", ""))[:255], LANGUAGES.get(say.language, say.language))
    document.add_heading(printable(facts.pop("title", "testsite-sim")), 0)
    for name, text in facts.items():
        paragraph = document.add_paragraph()
        paragraph.add_run(f"{printable(say.units(name))}: ").bold = True
        paragraph.add_run(printable(text))
    for table in fitting:
        document.add_heading(printable(table.title), 1)
        if table.source:
            document.add_paragraph(f"{say('Source')}: {printable(table.source)}.")
        _add_table(document, table, say)
    if others:
        document.add_heading(say("Not in this document"), 1)
        why = say("Tables for excel or csv alone, too large for a page or made for programs")
        document.add_paragraph(f"{why}: {not_printed(others, say)}.")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _state_origin(document: "docx.document.Document", title: str, language: str) -> None:
    """State title, author and language, by which Word checks the spelling, over those of the template."""
    facts = document.core_properties
    facts.title, facts.author, facts.comments, facts.language = title, AUTHOR, "", language
    for element in document.styles.element.iter(qn("w:lang")):
        element.set(qn("w:val"), language)


def _add_table(document: "docx.document.Document", table: Table, say: Phrases) -> None:
    """Add a table; its head is repeated on every page."""
    rows = printed_rows(table, say)
    made = document.add_table(rows=len(rows) + 1, cols=len(table.columns), style=STYLE)
    numeric = [is_numeric(table, k) for k in range(len(table.columns))]
    written = [[heading(column, say) for column in table.columns], *rows]
    widths = _widths(written)
    made.autofit = False
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width
    for row, texts in zip(made.rows, written, strict=True):
        for cell, text, right, width in zip(row.cells, texts, numeric, widths, strict=True):
            cell.width = width
            _fill(cell, text, right)
    _repeat(made.rows[0])


def _widths(rows: Sequence[Sequence[str]]) -> list[Length]:
    """Return the widths of columns: each as long as its longest word needs, the rest by what it holds."""
    columns = list(zip(*rows, strict=True))
    least = [max(len(part) for text in column for part in text.split() or [""]) + 2 for column in columns]
    most = [max(max(map(len, column)) + 2, low) for column, low in zip(columns, least, strict=True)]
    return [Mm(LETTER * letters) for letters in shared_widths(least, most, WIDTH / LETTER, LONGEST)]


def _fill(cell: _Cell, text: str, right: bool) -> None:
    """Write text into a cell, numbers at the right."""
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(text)
    run.font.size = LETTERS
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _repeat(row: _Row) -> None:
    """Repeat a row at the head of every page."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)
