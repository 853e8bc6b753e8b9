"""Cells of tables in the report: text, and what they are sorted by."""

from typing import Any

import numpy as np
import pandas as pd

from testsite_sim.studies.framework.prices import MONEY
from testsite_sim.studies.framework.report.narrative import Interval, Table
from testsite_sim.studies.framework.report.numbers import number
from testsite_sim.studies.framework.words import Words


def table_cells(table: Table, words: Words) -> dict[str, Any]:
    """Return a table in text, with what each cell is sorted by, and P10 to P90 below a cell that has them."""
    rows = table.rows
    numeric = [_is_numeric(rows[name]) for name in rows]
    body = [
        [_cell(cell, is_number, name, words) for cell, is_number, name in zip(row, numeric, rows.columns, strict=True)]
        for row in rows.itertuples(index=False, name=None)
    ]
    head = list(zip(map(str, rows.columns), numeric, strict=True))
    note = words["money"] if not table.has_own_prices and any(MONEY.search(name) for name, _ in head) else ""
    return {"title": table.title, "head": head, "rows": body, "variables": ", ".join(table.variables), "money": note}


def _is_numeric(column: pd.Series) -> bool:
    """Return whether a column holds numbers or intervals."""
    return bool(pd.api.types.is_numeric_dtype(column) or column.map(lambda cell: isinstance(cell, Interval)).all())


def _cell(cell: Any, is_number: bool, column: object, words: Words) -> tuple[str, str, bool, str]:
    """Return text, what it is sorted by, whether it is a number, and its range."""
    if isinstance(cell, Interval):
        said = words if not cell.infinite else {**words, "never": cell.infinite}
        return number(cell.p50, said), sortable(cell.p50), True, _spread(cell.p10, cell.p90, said)
    if is_number and not _is_year(column):
        return number(float(cell), words), sortable(cell), True, ""
    return str(cell), sortable(cell), is_number, ""


def _spread(low: float, high: float, words: Words) -> str:
    """Return a range in text, none where it has no width."""
    return "" if low == high else f"{number(low, words)} – {number(high, words)}"


def _is_year(column: object) -> bool:
    """Return whether a column holds calendar years, whose thousands are not kept apart."""
    return str(column).lower() in ("year", "jaar")


def shown(value: float, units: str, words: Words) -> str:
    """Return an output in text; the thousands of a calendar year are not kept apart."""
    return f"{value:.0f}" if units == "year" and np.isfinite(value) else number(value, words)


def sortable(value: Any) -> str:
    """Return what a cell is sorted by: a number as it is, with what never happens last."""
    if isinstance(value, bool | str) or not isinstance(value, int | float | np.integer | np.floating):
        return ""
    return "1e308" if np.isinf(value) and value > 0 else "" if np.isnan(value) else f"{float(value):.6g}"
