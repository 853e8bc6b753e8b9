"""Two runs side by side."""

from pathlib import Path

from testsite_sim.output import read_summary, units_text, value_text


def compare_runs(first: Path, second: Path) -> str:
    """Return a table of both summaries: every figure, its difference, and the difference in per cent.

    Raises
    ------
    ConfigurationError
        When a folder is no run directory.
    """
    left, right = read_summary(first), read_summary(second)
    rows = [("", str(first), str(second), "difference", "", "unit")]
    for name in [*left, *(name for name in right if name not in left)]:
        a, b = (summary.get(name, {}).get("value") for summary in (left, right))
        unit = (left.get(name) or right[name])["units"]
        difference = relative = ""
        if a is not None and b is not None:
            difference = f"{b - a:+.6g}" if b != a else "0"
            relative = f"{100.0 * (b - a) / abs(a):+.2f} %" if a and b != a else ""
        rows.append((name, value_text(a), value_text(b), difference, relative, units_text(unit)))
    widths = [max(len(row[k]) for row in rows) for k in range(6)]
    lines = []
    for row in rows:
        cells = [
            row[0].ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(row[1:5], widths[1:5], strict=True)),
        ]
        lines.append("  ".join([*cells, row[5]]).rstrip())
    return "\n".join(lines) + "\n"
