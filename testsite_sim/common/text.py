"""Text that came from anywhere, made harmless for a terminal, for a log and for a spreadsheet."""

import re
from typing import Any

# What spreadsheets take for a formula at the beginning of a cell (OWASP, "CSV Injection"), wide letters among them;
# also behind a semicolon, which separates cells in many countries.
_FORMULA = re.compile(r"(^|;)(\s*)(?=[=+\-@＝＋－＠])")
_FORMULA_OF_A_LINE = re.compile(r"([;,])(\s*)(?=[=+\-@＝＋－＠])")


def printable(text: object) -> str:
    r"""Return text as one line of printable characters; each other one becomes a space.

    Terminal escapes, line ends and marks that turn the direction of writing are not printable.

    Examples
    --------
    >>> printable("a\x1b[2J\nb")
    'a [2J b'
    """
    return "".join(letter if letter.isprintable() else " " for letter in str(text))


def harmless(value: Any) -> Any:
    """Return a cell for a spreadsheet: text that would be a formula begins with an apostrophe.

    Examples
    --------
    >>> harmless("=1+1"), harmless(-2.0), harmless("PEM 10 MW")
    ("'=1+1", -2.0, 'PEM 10 MW')
    """
    return _FORMULA.sub(r"\1\2'", printable(value)) if isinstance(value, str) else value


def harmless_line(text: object) -> str:
    """Return text of a line that is not quoted, as a comment of a CSV: no comma in it begins a cell with a formula.

    Examples
    --------
    >>> harmless_line("a farm, =1+1")
    "a farm, '=1+1"
    """
    return _FORMULA_OF_A_LINE.sub(r"\1\2'", printable(text))


def shortened(text: str, most: int = 160) -> str:
    """Return the first line of a text, of at most `most` characters, cut between words and never in one.

    Examples
    --------
    >>> shortened("a store of hydrogen", 12)
    'a store of …'
    """
    line = (text.splitlines() or [""])[0]
    if len(line) <= most:
        return line
    cut = line[: most + 1].rsplit(maxsplit=1)[0]
    return f"{cut if len(cut) <= most else line[:most]} …"  # one word as long as this has no place to be cut
