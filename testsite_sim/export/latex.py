"""Tables as LaTeX, to be included in a report: longtable and booktabs, every text escaped."""

import re
from collections.abc import Mapping, Sequence

from testsite_sim.common.text import printable
from testsite_sim.export.printed import heading, is_numeric, not_printed, printed_rows, printed_tables
from testsite_sim.export.tables import Table
from testsite_sim.output.phrases import IN_ENGLISH, Phrases

PACKAGES = ("booktabs", "longtable", "array")
EM_PER_LETTER = 0.54  # of the columns that are not broken into lines
MOST_SHORT = 60  # letters of these columns for which the others leave room
LONG = 24  # letters from which a column of text is broken into lines
_ESCAPES = str.maketrans({
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#",
    "_": r"\_\allowbreak{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "<": r"\textless{}", ">": r"\textgreater{}",
    "[": "{[}", "]": "{]}", "²": r"\textsuperscript{2}", "³": r"\textsuperscript{3}", "°": r"\textdegree{}",
    "±": r"\textpm{}", "×": r"\texttimes{}", "−": r"\textminus{}", "€": r"\texteuro{}", "µ": r"\textmu{}",
    "≤": r"$\leq$", "≈": r"$\approx$", "≥": r"$\geq$", "\N{NO-BREAK SPACE}": "~", "₂": r"\textsubscript{2}",
})  # fmt: skip
_DOT_OF_A_PATH = re.compile(r"(?<=\w)\.(?=[A-Za-z])")  # behind it `plant.store.capacity` may be broken into lines
_POWER = re.compile(r"([+-]?)([\d,.\N{NO-BREAK SPACE}]*\d)(?:e([+-]\d+))?")


def escaped(text: str) -> str:
    r"""Return text as LaTeX prints it.

    Examples
    --------
    >>> escaped("CO₂ & 5 %_a"), escaped("\\input{x}")
    ('CO\\textsubscript{2} \\& 5 \\%\\_\\allowbreak{}a', '\\textbackslash{}input\\{x\\}')
    """
    return _DOT_OF_A_PATH.sub(r".\\allowbreak{}", printable(text).translate(_ESCAPES))


def latex_bytes(
    about: Mapping[str, str], tables: Sequence[Table], left_out: Sequence[Table], say: Phrases = IN_ENGLISH
) -> bytes:
    r"""Return tables for `\input{…}`, with the packages that they need named at the head (UTF-8)."""
    fitting, others = printed_tables(tables, left_out)
    lines = [f"% {printable(say.units(name))}: {printable(text)}" for name, text in about.items()]
    lines.append(f"% {say('needs')} \\usepackage{{{','.join(PACKAGES)}}}")
    if others:
        why = say("Tables for excel or csv alone, too large for a page or made for programs")
        lines.append(f"% {why}: {printable(not_printed(others, say))}")
    for table in fitting:
        lines += ["", *_table(table, say)]
    return ("\n".join(lines) + "\n").encode()


def _table(table: Table, say: Phrases) -> list[str]:
    """Return a table with its caption and label; its head is repeated on every page."""
    numeric = [is_numeric(table, k) for k in range(len(table.columns))]
    rows = [
        [_number(cell) if is_number else escaped(cell) for cell, is_number in zip(row, numeric, strict=True)]
        for row in printed_rows(table, say)
    ]
    head = " & ".join(escaped(heading(column, say)) for column in table.columns) + r" \\"
    source = f" {say('Source')}: {escaped(table.source)}." if table.source else ""
    return [
        rf"\begin{{longtable}}{{{_columns(table, say)}}}",
        rf"\caption{{{escaped(table.title)}.{source}}}\label{{tab:{_label(table.name)}}}\\",
        r"\toprule",
        head,
        r"\midrule",
        r"\endfirsthead",
        r"\toprule",
        head,
        r"\midrule",
        r"\endhead",
        r"\bottomrule",
        r"\endfoot",
        *(" & ".join(row) + r" \\" for row in rows),
        r"\end{longtable}",
    ]


def _number(text: str) -> str:
    r"""Return a number with its minus sign, and powers of ten written out.

    Examples
    --------
    >>> _number("-122.5"), _number("2.5e-05"), _number("n/a")
    ('\\textminus{}122.5', '2.5\\texttimes{}10\\textsuperscript{\\textminus{}5}', 'n/a')
    """
    found = _POWER.fullmatch(text)
    if found is None:
        return escaped(text)
    sign, digits, power = found.groups()
    tens = rf"\texttimes{{}}10\textsuperscript{{{_signed(int(power))}}}" if power else ""
    return ("\\textminus{}" if sign == "-" else "") + digits.replace("\N{NO-BREAK SPACE}", "~") + tens


def _signed(power: int) -> str:
    """Return a power with its minus sign."""
    return f"\\textminus{{}}{-power}" if power < 0 else str(power)


def _label(name: str) -> str:
    """Return a name that a label may have."""
    return "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name)


def _columns(table: Table, say: Phrases) -> str:
    """Return the columns: numbers at the right, short text at the left, long text in lines that share the width."""
    rows = printed_rows(table, say)
    heads = [heading(column, say) for column in table.columns]
    lengths = [max([len(head), *(len(row[k]) for row in rows)]) for k, head in enumerate(heads)]
    long = [k for k, length in enumerate(lengths) if length > LONG and not is_numeric(table, k)]
    short = sum(min(lengths[k], LONG) for k in range(len(lengths)) if k not in long)
    left = rf"\linewidth-{EM_PER_LETTER * min(short, MOST_SHORT):.1f}em-{2 * len(lengths)}\tabcolsep"
    shares = {k: round(1000 * min(lengths[k], 90) / sum(min(lengths[each], 90) for each in long)) for k in long}
    kinds = []
    for k in range(len(lengths)):
        if k in long:
            kinds.append(rf">{{\raggedright\arraybackslash}}p{{\dimexpr({left})*{shares[k]}/1000\relax}}")
        else:
            kinds.append("r" if is_numeric(table, k) else "l")
    return "".join(kinds)
