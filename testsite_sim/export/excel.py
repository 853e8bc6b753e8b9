"""Tables as a workbook of Excel: contents and columns first, then a sheet a table."""

import io
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.text import harmless
from testsite_sim.export.tables import Table, columns_table, contents_table, stated
from testsite_sim.output.phrases import ENGLISH, IN_ENGLISH, Phrases

MOST_ROWS, MOST_COLUMNS = 1_048_576 - 2, 16_384  # of a sheet of Excel, less the two rows of names and units
LONGEST_NAME = 31  # of a sheet
LONGEST_TEXT = 32_767  # of a cell
GROUPS = ("study", "percentiles")  # of the results of a study
WIDEST = 60  # of a column, in letters
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_BOLD, _FAINT = Font(bold=True), Font(italic=True, color="666666")


def workbook_bytes(
    about: Mapping[str, str], tables: Sequence[Table], left_out: Sequence[Table], say: Phrases = IN_ENGLISH
) -> bytes:
    """Return a workbook.

    The sheet `about` says what was run and which tables there are; `columns` what every column means. Of a table the
    first row holds the names, the second the units. No text is a formula.

    Raises
    ------
    ConfigurationError
        When a table has more rows than a sheet.
    """
    book = Workbook(write_only=True)
    first, second = say("about"), say("columns")
    names: set[str] = {first.casefold(), second.casefold()}
    sheets = {table.name: _sheet_name(title, names) for table, title in zip(tables, _titles(tables, say), strict=True)}
    contents = _with_sheets(contents_table(tables, left_out, say), sheets, say)
    heads = (stated(say, "about"), stated(say, "text"))
    facts = pd.DataFrame([(say.units(name), text) for name, text in about.items()], columns=["about", "text"])
    _add_sheet(book, first, Table("about", "", heads, facts), say, below=contents)
    meanings = columns_table(tables, say)
    if say.language != ENGLISH:  # a reader knows a table by its sheet
        named = meanings.frame.assign(table=[sheets.get(name, name) for name in meanings.frame["table"]])
        meanings = replace(meanings, frame=named)
    _add_sheet(book, second, meanings, say)
    for table in tables:
        if len(table.frame) > MOST_ROWS or len(table.columns) > MOST_COLUMNS:
            raise ConfigurationError(
                f"export: the table {table.name} has {len(table.frame)} rows of {len(table.columns)} columns, more "
                "than a sheet of Excel holds; export it as csv."
            )
        _add_sheet(book, sheets[table.name], table, say)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _with_sheets(contents: Table, sheets: Mapping[str, str], say: Phrases) -> Table:
    """Return the contents with the sheet of every table, whose name may be shorter than that of the table."""
    frame = contents.frame.copy()
    frame.insert(1, "sheet", [sheets.get(name, "") for name in frame["table"]])
    first, *others = contents.columns
    return replace(contents, columns=(first, stated(say, "sheet"), *others), frame=frame)


def _add_sheet(book: Workbook, name: str, table: Table, say: Phrases, below: Table | None = None) -> None:
    """Add a table as a sheet; `below`: another one under it."""
    sheet = book.create_sheet(name)
    for number, width in enumerate(_widths(table), 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    if below is None:
        sheet.freeze_panes = "A3"
    for part in (table, below):
        if part is None:
            continue
        sheet.append([_text(sheet, column.shown, _BOLD) for column in part.columns])
        if any(column.units for column in part.columns) or below is None:
            sheet.append([_text(sheet, say.units(column.units), _FAINT) for column in part.columns])
        for row in part.frame.itertuples(index=False, name=None):
            sheet.append([_cell(sheet, value, say) for value in row])
        if below is not None:
            sheet.append([])


def _titles(tables: Sequence[Table], say: Phrases) -> Iterator[str]:
    """Yield what the sheets of tables are called in a language: their own names in English.

    In others those without a name of their own, such as a group of results by its dimensions, are numbered.
    """
    counts: Counter[str] = Counter()
    for table in tables:
        stem, _, number = table.name.rpartition("-")
        if say.language == ENGLISH:
            yield table.name
        elif stem == "report" and number.isdigit():
            yield f"{say('table')}-{number}"
        elif table.name.partition("-")[0] in GROUPS:
            group = say(table.name.partition("-")[0])
            counts[group] += 1
            yield f"{group}-{counts[group]:02d}"
        else:
            yield say.units(table.name)


def _sheet_name(name: str, names: set[str]) -> str:
    """Return a name that a sheet may have, and that no other one has."""
    plain = _NOT_IN_NAMES.sub("-", name)[:LONGEST_NAME]
    number = 1
    found = plain
    while found.casefold() in names:
        number += 1
        found = f"{plain[: LONGEST_NAME - len(str(number)) - 1]}-{number}"
    names.add(found.casefold())
    return found


def _cell(sheet: Any, value: Any, say: Phrases) -> Any:
    """Return a value as a cell: text never as a formula, nothing for a missing number."""
    if isinstance(value, str):
        return _text(sheet, value)
    if value is None or value is pd.NaT:
        return None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    if isinstance(value, bool):
        return value
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else _text(sheet, say("infinite" if value > 0.0 else "minus infinite"))
    return value


def _text(sheet: Any, text: str, font: Font | None = None) -> Any:
    """Return text as a cell of text."""
    cell = WriteOnlyCell(sheet, value=str(harmless(text))[:LONGEST_TEXT])
    cell.data_type = "s"
    if font is not None:
        cell.font = font
        cell.alignment = Alignment(vertical="top")
    return cell


def _widths(table: Table) -> list[float]:
    """Return the widths of the columns, from their first rows."""
    found = []
    for column, name in zip(table.columns, table.frame.columns, strict=True):
        first = [len(str(value)) if isinstance(value, str) else 12 for value in table.frame[name].iloc[:200]]
        found.append(float(min(WIDEST, max([len(column.shown), len(column.units), *first]) + 2)))
    return found
