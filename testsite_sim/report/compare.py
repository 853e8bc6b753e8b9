"""Two runs side by side."""

from pathlib import Path

from testsite_sim.output import read_summary, units_text, value_text


def compare_runs(first: Path, *others: Path) -> str:
    """Return a table of the summaries of runs: every figure, and for two runs its difference, also in per cent.

    Raises
    ------
    ConfigurationError
        When a folder is no run directory.
    """
    summaries = [read_summary(folder) for folder in (first, *others)]
    names = list(dict.fromkeys(name for summary in summaries for name in summary))
    two = len(summaries) == 2
    rows = [["", *map(str, (first, *others)), *(("difference", "") if two else ()), "unit"]]
    for name in names:
        values = [summary.get(name, {}).get("value") for summary in summaries]
        unit = next(summary[name].get("units", "1") for summary in summaries if name in summary)
        rows.append(
            [
                name,
                *(value_text(value, unit) for value in values),
                *(_difference(*values) if two else ()),
                units_text(unit),
            ]
        )
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    lines = []
    for row in rows:
        numbers = [cell.rjust(width) for cell, width in zip(row[1:-1], widths[1:-1], strict=True)]
        lines.append("  ".join([row[0].ljust(widths[0]), *numbers, row[-1]]).rstrip())
    return "\n".join(lines) + "\n"


def _difference(a: float | None, b: float | None) -> tuple[str, str]:
    """Return the difference of two values, and in per cent, as text."""
    if a is None or b is None:
        return "", ""
    return f"{b - a:+.6g}" if b != a else "0", f"{100.0 * (b - a) / abs(a):+.2f} %" if a and b != a else ""
