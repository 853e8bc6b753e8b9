"""Tables of text: their separator and decimal sign found, their columns by name."""

import io
import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from testsite_sim.common.errors import DataError, nearest
from testsite_sim.common.text import shortened
from testsite_sim.weather.bounded_text import MOST_COLUMNS

DECIMAL_COMMA = r"[+-]?\d*,\d+(?:[eE][+-]?\d+)?"
DECIMAL_POINT = DECIMAL_COMMA.replace(",", r"\.")
MOST_NAMED = 30  # columns that a message lists


def read_table(text: str, name: str, separator: str | None = None, **options: Any) -> pd.DataFrame:
    """Return a table of text columns; the separator is the commonest of ; tab and comma in its first line.

    Raises
    ------
    DataError
        When there is no table, or one of more than a thousand columns.
    """
    text = text.replace("\0", "")
    lines = (line for line in io.StringIO(text) if line.strip() and not line.lstrip().startswith("#"))
    first = next(lines, "").rstrip("\n")
    if separator is None:
        separator = max(";\t,", key=first.count)
    if first.count(separator) > MOST_COLUMNS or max(map(len, text.split("\n", 200)[:200]), default=0) > 1_000_000:
        raise DataError(f"weather: {name}: the first line has more than {MOST_COLUMNS} columns; is it a table?")
    try:
        table: pd.DataFrame = pd.read_csv(
            io.StringIO(text), sep=separator, dtype=str, skipinitialspace=True, on_bad_lines="error", **options
        )
    except (ValueError, pd.errors.ParserError, OverflowError) as error:
        raise DataError(
            f"weather: {name}: is not a table of one width ({shortened(str(error))}{_hint(separator)})."
        ) from error
    if not isinstance(table.index, pd.RangeIndex):  # pandas takes surplus fields at the left for labels of rows
        raise DataError(
            f"weather: {name}: is not a table of one width (rows are wider than the first line{_hint(separator)})."
        )
    table.columns = [str(column).strip() for column in table.columns]
    return table


def _hint(separator: str) -> str:
    """Return what may be wrong with a table of commas."""
    return "; are its decimals commas? Then separate its columns by semicolons" if separator == "," else ""


def require_columns(table: pd.DataFrame, names: Iterable[str], where: str) -> None:
    """Refuse a table that lacks a column, or has it twice: all of them at once, with those that it has.

    Raises
    ------
    DataError
        With the nearest names.
    """
    held = [str(column) for column in table.columns]
    missing = [name for name in dict.fromkeys(names) if name not in held]
    twice = [name for name in dict.fromkeys(names) if held.count(name) > 1]
    if twice:
        raise DataError(f"weather: {where} has the column {twice[0]!r} {held.count(twice[0])} times; name them apart.")
    if not missing:
        return
    listed = ", ".join(held[:MOST_NAMED]) + (f" and {len(held) - MOST_NAMED} more" if len(held) > MOST_NAMED else "")
    offers = [nearest(name, held) for name in missing] if len(held) > 1 else []
    near = "".join(f" {each}" for each in dict.fromkeys(offers) if not each.startswith("Choices"))
    what = "no column " + ", no column ".join(map(repr, missing))
    raise DataError(f"weather: {where} has {what}.{near} Its columns: {listed}.")


def strict_numbers(column: pd.Series, name: str, where: str) -> NDArray[np.float64]:
    """Return a column as floats, missing where it is empty; a decimal comma is one where no point stands.

    Raises
    ------
    DataError
        When a text is not a number, with its row.
    """
    if pd.api.types.is_numeric_dtype(column):
        return np.asarray(column.to_numpy(dtype=np.float64, na_value=np.nan), np.float64)
    text = column.astype("string").str.strip()
    text = text.mask(text == "")
    comma = text.str.fullmatch(DECIMAL_COMMA, na=False)
    if comma.any() and not text.str.fullmatch(DECIMAL_POINT, na=False).any():
        text = text.mask(comma, text.str.replace(",", ".", regex=False))
    parsed = pd.to_numeric(text, errors="coerce").astype("Float64")
    values: NDArray[np.float64] = np.asarray(parsed.to_numpy(dtype=np.float64, na_value=np.nan), np.float64)
    bad = np.flatnonzero(np.isnan(values) & text.notna().to_numpy())
    if bad.size:
        found = str(column.iloc[bad[0]])
        hint = " (a point and a comma: write one decimal sign)" if re.search(r"\d\.\d.*,|,.*\.\d", found) else ""
        raise DataError(
            f"weather: {where}: {shortened(found, 60)!r} in column {name!r}, data row {bad[0] + 1}, is "
            f"not a number{hint}; leave missing values empty."
        )
    return values


def numbers(column: pd.Series) -> NDArray[np.float64]:
    """Return a column as floats, missing where it is not a number; a decimal comma is one where no point stands."""
    text = column.astype("string").str.strip()
    comma = text.str.contains(",", regex=False, na=False) & ~text.str.contains(".", regex=False, na=False)
    text = text.mask(comma, text.str.replace(",", ".", regex=False))
    values = pd.to_numeric(text, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isfinite(values), values, np.nan)
