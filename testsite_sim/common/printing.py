"""What leaves the program: lines on standard output and error, and tables as CSV, of harmless text."""

import os
import sys
from collections.abc import Hashable
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.text import harmless, printable

if TYPE_CHECKING:
    import pandas as pd

CLOSED_PIPE = 141  # exit code of a program whose reader has gone, as shells give it


def csv_text(table: "pd.DataFrame", **options: Any) -> str:
    """Return a table as CSV whose text a spreadsheet does not execute; `options` as pandas takes them."""

    def name(each: Hashable) -> Hashable:
        return str(harmless(each)) if isinstance(each, str) else each

    kept: dict[str, Any] = {}  # many rows hold the same few texts

    def cell(each: Any) -> Any:
        if not isinstance(each, str):
            return each
        if each not in kept:
            kept[each] = harmless(each)
        return kept[each]

    safe = table.rename(columns=name).rename_axis(index=name)
    safe.index = _harmless_index(safe.index)
    for column, kind in enumerate(safe.dtypes):
        if _is_text(kind):
            safe.isetitem(column, safe.iloc[:, column].map(cell).to_numpy())
    text: str = safe.to_csv(lineterminator="\n", **options)
    return text


def _is_text(kind: Any) -> bool:
    """Return whether values of a dtype may be text: they are neither numbers, flags nor times."""
    return kind.kind not in "biufcmM"


def _harmless_index(index: Any) -> Any:
    """Return an index of harmless labels; each is looked at once, and stamps and numbers, which hold no text, never."""
    if index.nlevels == 1:
        return index.map(harmless) if _is_text(index.dtype) else index
    levels = [level.map(harmless) if _is_text(level.dtype) else level for level in index.levels]
    if all(level.is_unique for level in levels):
        return index.set_levels(levels, verify_integrity=False)
    return index.map(lambda labels: tuple(harmless(each) for each in labels))  # two labels became one


def echo(text: object = "", *, err: bool = False, nl: bool = True) -> None:
    """Print lines of printable characters.

    Raises
    ------
    ConfigurationError
        When they cannot be printed, as on a full disk.
    SystemExit
        When nobody reads them any more.
    """
    import click

    lines = "\n".join(printable(line) for line in str(text).split("\n"))
    try:
        click.echo(lines, err=err, nl=nl)
    except OSError as error:
        refuse_output(error, err)


def is_terminal(stream: TextIO | None) -> bool:
    """Return whether somebody may watch a standard stream: Python has none where it was closed before it started."""
    return stream is not None and stream.isatty()


def refuse_output(error: OSError, err: bool = False) -> NoReturn:
    """Say that standard output cannot be written; what is left in it is dropped."""
    stream = sys.stderr if err else sys.stdout
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        os.dup2(nowhere.fileno(), stream.fileno())
    if isinstance(error, BrokenPipeError):
        raise SystemExit(CLOSED_PIPE)
    name = "standard error" if err else "standard output"
    raise ConfigurationError(f"{name} cannot be written ({error.strerror or error}).") from error
