"""Tables as they are printed in a document: cells as text with four figures, and only those that fit on paper."""

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.text import printable
from testsite_sim.export.tables import SEE_UNITS, Column, Table
from testsite_sim.output.formatting import number, shown
from testsite_sim.output.phrases import IN_ENGLISH, Phrases

MOST_ROWS, MOST_COLUMNS = 250, 9  # of a table on paper
_FIGURES_BY_ROW = ("figure", "variable")  # columns that name what `value` and `units` of the row are


def printed_tables(tables: Sequence[Table], left_out: Sequence[Table]) -> tuple[list[Table], list[Table]]:
    """Return the tables that fit on paper, and all others.

    Raises
    ------
    ConfigurationError
        When none does.
    """
    tables = [table.paper or table for table in tables]
    fitting = [table for table in tables if fits(table)]
    if not fitting:
        raise ConfigurationError(
            f"export: {', '.join(table.name for table in tables)}: more than {MOST_ROWS} rows or {MOST_COLUMNS} "
            "columns, which is too much for a page; export it as excel or csv."
        )
    return fitting, [*(table for table in tables if not fits(table)), *left_out]


def fits(table: Table) -> bool:
    """Return whether a table is for paper, and fits there."""
    return not table.for_programs and 0 < len(table.frame) <= MOST_ROWS and len(table.columns) <= MOST_COLUMNS


def printed_rows(table: Table, say: Phrases = IN_ENGLISH) -> list[list[str]]:
    """Return the rows as text; a fraction of a summary in per cent, as the command line prints it."""
    names = [column.name for column in table.columns]
    rows = []
    for record in table.frame.itertuples(index=False, name=None):
        cells = [_cell(value, say) for value in record]
        if "units" in names and names[0] in _FIGURES_BY_ROW:
            units, written = str(record[names.index("units")]), ""
            for k, column in enumerate(table.columns):
                value = record[k]
                is_there = isinstance(value, int | float) and not math.isnan(value)
                if column.units == SEE_UNITS:
                    cells[k], said = shown(value, units, name=str(record[0])) if is_there else ("", "")
                    cells[k], written = say.number(cells[k]), written or said
                elif column.units == "1" and is_there:
                    cells[k] = say.number(f"{100.0 * value:.2f} %")
            cells[names.index("units")] = say.units(written)
        rows.append(cells)
    return rows


def is_numeric(table: Table, position: int) -> bool:
    """Return whether a column holds numbers, which are aligned at the right."""
    return table.frame.dtypes.iloc[position].kind in "iuf"


def heading(column: Column, say: Phrases = IN_ENGLISH) -> str:
    """Return name and units of a column in words, as the head of a printed table."""
    units = "" if column.units in ("", "1", SEE_UNITS, "count") else f" [{say.units(column.units)}]"
    return column.shown.replace("_", " ") + units


def shared_widths(least: Sequence[float], most: Sequence[float], room: float, longest: float) -> list[float]:
    """Return the widths of columns that fill a room at most: what each needs, and of the rest what it can use.

    Parameters
    ----------
    least, most : sequence of float
        What the longest word of each column takes, and its longest text.
    room : float
        For all columns; where the words take more, all are made narrower.
    longest : float
        What no column needs more than, as its text is broken into lines.

    Examples
    --------
    >>> shared_widths([2.0, 4.0], [2.0, 40.0], 20.0, 30.0), shared_widths([10.0, 30.0], [10.0, 30.0], 20.0, 30.0)
    ([2.0, 18.0], [5.0, 15.0])
    """
    asked = [max(min(high, longest) - low, 0.0) for low, high in zip(least, most, strict=True)]
    share = min(max(room - sum(least), 0.0) / sum(asked), 1.0) if sum(asked) else 0.0
    shrunk = min(room / sum(least), 1.0)
    return [low * shrunk + share * more for low, more in zip(least, asked, strict=True)]


def not_printed(tables: Sequence[Table], say: Phrases) -> str:
    """Return the names of tables that do not fit on paper, with their rows, as text."""
    return ", ".join(f"{table.name} ({len(table.frame)} {say('rows')})" for table in tables)


def _cell(value: Any, say: Phrases) -> str:
    """Return a value as text."""
    if isinstance(value, str):
        return printable(value)
    if value is None or value is pd.NaT:
        return ""
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, float):
        return "" if math.isnan(value) else say.number(number(value)) if math.isfinite(value) else say("infinite")
    return str(value)
