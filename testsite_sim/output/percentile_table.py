"""The summary of an ensemble as a table: an output a row, its percentiles and mean as columns."""

import re
from collections.abc import Mapping
from typing import Any

from testsite_sim.common.text import printable
from testsite_sim.output.formatting import shown

_PERCENTILE = re.compile(r"(.+)_p(\d+)((?:_at_\d+)?)")
Entries = Mapping[str, Mapping[str, Any]]


def percentile_rows(summary: Entries) -> tuple[list[tuple[str, ...]], list[str]]:
    """Return the rows of the outputs that have percentiles and a mean, the head first, and the names of what is left.

    Parameters
    ----------
    summary : mapping
        Name to value and units. An output of a point of a sweep keeps the number of the point in its name.

    Returns
    -------
    tuple of two lists
        Rows of name, percentiles from the lowest to the highest, mean, units, all of them text, and none where nothing
        has percentiles; and the names of the figures that stand in no row.

    Examples
    --------
    >>> made = {f"energy_{end}": {"value": k, "units": "GWh"} for k, end in enumerate(("p5", "p50", "p95", "mean"))}
    >>> percentile_rows({"members": {"value": 8.0, "units": "count"}} | made)
    ([('', 'P5', 'P50', 'P95', 'mean', 'units'), ('energy', '0', '1', '2', '3', 'GWh')], ['members'])
    """
    outputs: dict[tuple[str, str], dict[int, str]] = {}
    for name in summary:
        match = _PERCENTILE.fullmatch(name)
        if match is not None and f"{match[1]}_mean{match[3]}" in summary:
            outputs.setdefault((match[1], match[3]), {})[int(match[2])] = name
    levels = sorted({level for found in outputs.values() for level in found})
    rows, used = [("", *(f"P{level}" for level in levels), "mean", "units")], set[str]()
    for (stem, mark), found in outputs.items():
        mean = f"{stem}_mean{mark}"
        units = str(summary[mean].get("units", "1"))
        names = [*(found.get(level) for level in levels), mean]
        used |= {name for name in names if name is not None}
        cells = [("", "") if name is None else shown(summary[name].get("value"), units, name=stem) for name in names]
        written = next((unit for _, unit in cells if unit), "")
        rows.append((printable(stem + mark), *(value for value, _ in cells), printable(written)))
    return rows if outputs else [], [name for name in summary if name not in used]


def in_columns(rows: list[tuple[str, ...]]) -> str:
    """Return rows of text in columns, numbers at the right.

    Examples
    --------
    >>> print(in_columns([("", "P50", "units"), ("energy", "12", "GWh")]))
            P50  units
    energy   12  GWh
    """
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for name, *numbers, units in rows:
        cells = (f"{cell:>{width}}" for cell, width in zip(numbers, widths[1:-1], strict=True))
        lines.append("  ".join([f"{name:<{widths[0]}}", *cells, units]).rstrip())
    return "\n".join(lines)
