"""Tables as LaTeX, to be included in a report: longtable and booktabs, every text escaped."""

from collections.abc import Mapping, Sequence

from testsite_sim.common.text import printable
from testsite_sim.export.printed import heading, is_numeric, printed_rows, printed_tables
from testsite_sim.export.tables import Table

PACKAGES = ("booktabs", "longtable", "array")
TEXT_WIDTH = 0.95  # of the line, that the columns share
LONG = 24  # letters from which a column of text is broken into lines
_ESCAPES = str.maketrans({
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "[": "{[}", "]": "{]}", "²": r"\textsuperscript{2}", "³": r"\textsuperscript{3}", "°": r"\textdegree{}",
    "±": r"\textpm{}", "×": r"\texttimes{}", "−": r"\textminus{}", "€": r"\texteuro{}", "µ": r"\textmu{}",
    "≤": r"$\leq$", "≥": r"$\geq$", "₂": r"\textsubscript{2}",
})  # fmt: skip


def escaped(text: str) -> str:
    r"""Return text as LaTeX prints it.

    Examples
    --------
    >>> escaped("CO₂ & 5 %_a"), escaped("\\input{x}")
    ('CO\\textsubscript{2} \\& 5 \\%\\_a', '\\textbackslash{}input\\{x\\}')
    """
    return printable(text).translate(_ESCAPES)


def latex_bytes(about: Mapping[str, str], tables: Sequence[Table], left_out: Sequence[Table]) -> bytes:
    r"""Return tables for `\input{…}`, with the packages that they need named at the head (UTF-8)."""
    fitting, others = printed_tables(tables, left_out)
    lines = [f"% {printable(name)}: {printable(text)}" for name, text in about.items()]
    lines.append(f"% needs \\usepackage{{{','.join(PACKAGES)}}}")
    if others:
        names = ", ".join(f"{table.name} ({len(table.frame)} rows)" for table in others)
        lines.append(f"% too large for a page, exported as excel or csv: {printable(names)}")
    for table in fitting:
        lines += ["", *_table(table)]
    return ("\n".join(lines) + "\n").encode()


def _table(table: Table) -> list[str]:
    """Return a table with its caption and label; its head is repeated on every page."""
    rows = [[escaped(cell) for cell in row] for row in printed_rows(table)]
    head = " & ".join(escaped(heading(column)) for column in table.columns) + r" \\"
    source = f" Source: {escaped(table.source)}." if table.source else ""
    return [
        rf"\begin{{longtable}}{{{_columns(table)}}}",
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


def _label(name: str) -> str:
    """Return a name that a label may have."""
    return "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name)


def _columns(table: Table) -> str:
    """Return the columns: numbers at the right, short text at the left, long text in lines that share the width."""
    rows = printed_rows(table)
    lengths = [max([len(row[k]) for row in rows], default=0) for k in range(len(table.columns))]
    long = [k for k, length in enumerate(lengths) if length > LONG and not is_numeric(table, k)]
    short = sum(min(lengths[k], LONG) for k in range(len(lengths)) if k not in long)
    left = max(TEXT_WIDTH - 0.011 * short, 0.3)  # a letter takes about a ninetieth of the line
    total = sum(min(lengths[k], 90) for k in long)
    kinds = []
    for k in range(len(lengths)):
        if k in long:
            kinds.append(rf">{{\raggedright\arraybackslash}}p{{{left * min(lengths[k], 90) / total:.2f}\linewidth}}")
        else:
            kinds.append("r" if is_numeric(table, k) else "l")
    return "".join(kinds)
