"""The summary of a run: every figure by its name, with unit and meaning."""

import html
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from testsite_sim.cases.case import UnknownNameError
from testsite_sim.common.errors import nearest
from testsite_sim.common.text import printable
from testsite_sim.output.formatting import shown
from testsite_sim.output.percentile_table import in_columns, percentile_rows

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class SummaryValue:
    """One figure of a summary.

    Attributes
    ----------
    name
        Its name in the summary.
    value
        The number in `units`; None where there is none, such as the rate of return of a loss.
    units
        Its unit: `1` of a fraction, `count` of a number of things.
    description
        What it means.
    more
        What else is known of it, such as its `standard_error` or its percentiles.
    """

    name: str
    value: float | None
    units: str
    description: str
    more: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return value and unit as people read them: four significant figures, fractions in per cent."""
        return " ".join(shown(self.value, self.units, name=self.name)).rstrip()

    def __float__(self) -> float:
        """Return the number in `units`, NaN where there is none."""
        return math.nan if self.value is None else float(self.value)


class RunSummary(Mapping[str, SummaryValue]):
    """The figures of a run by name, in the order of its report.

    Parameters
    ----------
    entries : mapping
        Name to value, units, description and more, as in `summary.json`.

    Examples
    --------
    >>> made = RunSummary({"capacity_factor": {"value": 0.4994, "units": "1", "description": "mean over rated power"}})
    >>> made["capacity_factor"].value, made["capacity_factor"].units
    (0.4994, '1')
    >>> made
    capacity_factor  49.94 %  mean over rated power
    >>> ends = {"p5": 0.4, "p50": 0.45, "p95": 0.5, "mean": 0.451}
    >>> RunSummary({f"capacity_factor_{end}": {"value": value, "units": "1"} for end, value in ends.items()})
                     P5  P50  P95  mean  units
    capacity_factor  40   45   50  45.1  %
    """

    def __init__(self, entries: Mapping[str, Mapping[str, Any]]) -> None:
        self.entries = {name: dict(entry) for name, entry in entries.items()}

    def __getitem__(self, name: str) -> SummaryValue:
        """Return a figure.

        Raises
        ------
        UnknownNameError
            When there is none of that name; the nearest are offered.
        """
        if name not in self.entries:
            raise UnknownNameError(f"the summary has no figure {name!r}. {nearest(str(name), self.entries)}".rstrip())
        known = dict(self.entries[name])
        return SummaryValue(name, known.pop("value"), known.pop("units", "1"), known.pop("description", ""), known)

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def __contains__(self, name: object) -> bool:
        return name in self.entries

    def to_frame(self) -> "pd.DataFrame":
        """Return a table of pandas with a row for each figure by its name: value, NaN where there is none, and units.

        Of an ensemble or a sweep a figure has a row for each of its percentiles, or points; in tables of their own they
        stand in `run.results` (`statistics`, `members`).

        Examples
        --------
        >>> made = RunSummary({"capacity_factor": {"value": 0.4994, "units": "1", "description": "mean over rated"}})
        >>> float(made.to_frame().loc["capacity_factor", "value"])
        0.4994
        """
        import pandas as pd

        rows = {name: (float(each), each.units, each.description) for name, each in self.items()}
        table = pd.DataFrame.from_dict(rows, orient="index", columns=["value", "units", "description"])
        return table.astype({"value": float}).rename_axis("figure")

    def __repr__(self) -> str:
        """Return a table: name, value with unit, meaning; of an ensemble an output a row, percentiles as columns."""
        table, left = percentile_rows(self.entries)
        rows = [tuple(map(printable, (name, self[name], self[name].description))) for name in left]
        widths = [max((len(row[column]) for row in rows), default=0) for column in (0, 1)]
        lines = [f"{name:<{widths[0]}}  {value:>{widths[1]}}  {text}".rstrip() for name, value, text in rows]
        return "\n".join([*lines, *([in_columns(table)] if table else [])])

    def _repr_html_(self) -> str:
        """Return the same as a table for notebooks."""
        table, left = percentile_rows(self.entries)
        rows = "".join(
            f"<tr><td>{html.escape(name)}</td><td style='text-align:right'>{html.escape(str(self[name]))}</td>"
            f"<td style='text-align:left'>{html.escape(self[name].description)}</td></tr>"
            for name in left
        )
        found = (
            f"<table><thead><tr><th>name</th><th>value</th><th>meaning</th></tr></thead><tbody>{rows}</tbody></table>"
            if rows or not table
            else ""
        )
        if not table:
            return found
        head, *outputs = table
        body = "".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in outputs)
        titles = "".join(f"<th>{html.escape(cell)}</th>" for cell in head)
        return f"{found}<table><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table>"
