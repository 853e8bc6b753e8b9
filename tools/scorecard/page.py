"""The page of the scorecard: its tables, and the sentences that follow from them."""

import re
from collections.abc import Sequence

from tools.validation_pages import listed

Rows = list[list[str]]
REACHED = "reached"


def table(head: Sequence[str], rows: Rows) -> list[str]:
    """Return the lines of a table."""
    return ["| " + " | ".join(head) + " |", "|---" * len(head) + "|", *("| " + " | ".join(row) + " |" for row in rows)]


def part(name: str, lines: Sequence[str]) -> list[str]:
    """Return lines between the marks of a name, as `tools.validation_pages.marked` finds them."""
    return [f"<!-- {name} -->", *lines, f"<!-- end of {name} -->"]


def number(cell: str) -> float:
    """Return the first number of a cell."""
    found = re.search(r"[-+]?\d[\d,]*\.?\d*", cell)
    if found is None:
        raise ValueError(f"no number in {cell!r}")
    return float(found[0].replace(",", ""))


AIM_HEAD = ["what", "aim", "found", "verdict"]


def aim_row(
    what: str,
    found: float,
    *,
    most: float | None = None,
    least: float | None = None,
    unit: str = "",
) -> list[str]:
    """Return the row of an aim: what is found, and how far it is off where it is not reached.

    With `least` and `most` what is found lies between them; with `most` alone its size counts, as that of an error.
    """
    percent = unit == "%"
    factor, digits = (100.0, 1) if percent else (1.0, 3)

    def text(value: float, sign: str = "") -> str:
        return f"{factor * value:{sign}.{digits}f}{' %' if percent else ''}"

    if least is not None and most is not None:
        aim, off = f"{text(least)} to {text(most)}", max(least - found, found - most)
    elif most is not None:
        aim, off = f"at most {text(most)}", abs(found) - most
    elif least is not None:
        aim, off = f"at least {text(least)}", least - found
    else:
        raise ValueError("an aim has a least or a most")
    signed = "+" if most is not None and least is None and percent else ""
    return [what, aim, text(found, signed), REACHED if off <= 1e-9 else f"off by {text(off)}"]


def sentences(rows: Rows) -> list[str]:
    """Return what is right and what is not, from the rows of the aims."""
    right = [row[0] for row in rows if row[3] == REACHED]
    wrong = [f"{row[0]} ({row[2]}, {row[3]})" for row in rows if row[3] != REACHED]
    return [
        f"- **Right, {len(right)} of {len(rows)}:** {'; '.join(right) or 'none'}.",
        f"- **Not, {len(wrong)} of {len(rows)}:** {'; '.join(wrong) or 'none'}.",
    ]


def coverage_sentence(inside: int, total: int, least: int, most: int) -> str:
    """Return what the coverage of the months says, and what chance allows."""
    verdict = "fewer than" if inside < least else "more than" if inside > most else "as"
    share = 100.0 * inside / total
    return (
        f"- The P10 to P90 of the ensemble contains {inside} of {total} metered months, {share:.0f} %, {verdict} "
        f"chance allows: an ensemble that contains 80 % of all months contains {least} to {most} of {total} in nine "
        "such samples of ten."
    )


def centre_sentence(centred: int, total: int, middle: float, spread: float, width: float) -> str:
    """Return whether the middle or the width of the ensemble keeps months outside.

    Parameters
    ----------
    centred, total : int
        Months inside, were the median of each period right; months.
    middle, spread : float
        Mean and standard deviation over the months of the median over the meter, less one [1].
    width : float
        Mean of the ensemble's own standard deviation of a month over its median [1].
    """
    return (
        f"- The median is {100.0 * middle:+.1f} % off in the mean of the months and scatters by "
        f"{100.0 * spread:.1f} %; the "
        f"ensemble's own standard deviation of a month is {100.0 * width:.1f} %. Were the energy of each period "
        "right, "
        f"{centred} of {total} months would be inside."
    )


def coverage_of(rows: Rows) -> tuple[int, int]:
    """Return how many months are inside and how many there are, from the rows of the months."""
    return sum(row[-1] == "yes" for row in rows), len(rows)


def best_sentence(head: Sequence[str], rows: Rows) -> str:
    """Return which models have the smallest error on each measured row, from the rows of the models."""
    best = []
    for column, name in enumerate(head[2:], start=2):
        row = min(rows, key=lambda each: number(each[column]))
        best.append(f"{name}: {row[0]} `{row[1].strip('`')}` ({row[column]})")
    return "- Smallest error: " + "; ".join(best) + "."


def twins(rows: Rows, pairs: Sequence[tuple[str, str]]) -> str:
    """Return how far models of this project and the same of a peer are apart in all columns of errors."""
    by_name = {(row[0], row[1].strip("`")): row for row in rows}
    apart = []
    for ours, theirs in pairs:
        mine, other = by_name.get(("testsite-sim", ours)), by_name.get(("PyWake", theirs))
        if mine is not None and other is not None:
            most = max(abs(number(a) - number(b)) for a, b in zip(mine[2:], other[2:], strict=True))
            apart.append(f"`{ours}` and PyWake's `{theirs}` differ by {most:.3f} at most")
    return f"- {listed(apart)}." if apart else "- No peer is at hand."
