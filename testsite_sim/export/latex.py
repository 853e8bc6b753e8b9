r"""Tables as LaTeX, to be included in a report: longtable and booktabs, every text escaped, wide ones on a turned page.

A column is as wide as its longest word needs, by what letters take in Computer Modern; what is left is shared by what
the columns hold. Widths are parts of `\linewidth`, so that a wider page gives wider tables.
"""

import math
import re
from collections.abc import Mapping, Sequence

from testsite_sim.common.text import printable
from testsite_sim.export.printed import heading, is_numeric, not_printed, printed_rows, printed_tables, shared_widths
from testsite_sim.export.tables import Table
from testsite_sim.output.phrases import IN_ENGLISH, Phrases

PACKAGES = ("booktabs", "longtable", "array", "pdflscape", "textcomp")
# Sizes of letters, the first for an upright page, both for a turned one; the room in the width of a page of the class
# article [em] with letters of 10 pt, 11 pt and 12 pt, whichever has least.
UPRIGHT = (r"\footnotesize", 38.5)
TURNED = ((r"\footnotesize", 54.5), (r"\scriptsize", 64.0))
GAP = 0.75  # between columns, 3 pt on either side [em]
LONGEST = 40.0  # of a column that is broken into lines [em]
UNBROKEN = 24  # letters, without a place to break them, beyond which a word may be broken
WORTH_TURNING = 2.0  # a table that is so many times longer upright is turned
_BREAK = "\N{ZERO WIDTH SPACE}"  # a place where a line may end
_APART = "\N{WORD JOINER}"  # between letters that are to stay two
_ESCAPES = str.maketrans({
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#",
    "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", '"': r"\textquotedbl{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", "`": r"\textasciigrave{}",
    "[": "{[}", "]": "{]}", "*": "{*}",
    "¹": r"\textsuperscript{1}", "²": r"\textsuperscript{2}", "³": r"\textsuperscript{3}",
    "⁴": r"\textsuperscript{4}", "⁻": r"\textsuperscript{$-$}", "₂": r"\textsubscript{2}",
    "°": r"\textdegree{}", "±": r"\textpm{}", "×": r"\texttimes{}", "−": r"$-$", "€": r"\texteuro{}",
    "·": r"\textperiodcentered{}", "µ": r"\textmu{}", "μ": r"\textmu{}", "√": r"$\surd$",
    "≤": r"$\leq$", "≈": r"$\approx$", "≥": r"$\geq$", "→": r"$\rightarrow$",
    "α": r"$\alpha$", "β": r"$\beta$", "γ": r"$\gamma$", "δ": r"$\delta$", "ε": r"$\epsilon$", "η": r"$\eta$",
    "λ": r"$\lambda$", "π": r"$\pi$", "ρ": r"$\rho$", "σ": r"$\sigma$", "φ": r"$\phi$", "Γ": r"$\Gamma$",
    "Δ": r"$\Delta$", "Σ": r"$\Sigma$", "Ω": r"$\Omega$",
    "\N{NO-BREAK SPACE}": "~", "\N{NARROW NO-BREAK SPACE}": r"\,", _BREAK: r"\allowbreak{}",
    _APART: r"\kern0pt{}",
})  # fmt: skip
# What pdfLaTeX prints without a package: of Latin the letters with accents of its fonts, and marks of a text.
_KNOWN = re.compile("[ -~À-ÖØ-öø-ſ‘’“”„–—…†‡©®¿¡§‹›«»]")
_ENDS = re.compile(r"(?<=_)(?=\w)|(?<=\w\.)(?=[A-Za-z])")  # where names such as `plant.store.capacity` may be broken
_JOINED = re.compile(r"([-',<>])(?=\1)|[?!](?=`)")  # which TeX joins with the next to a dash or a quotation mark
_LONG = re.compile(rf"[^\s{_BREAK}-]{{{UNBROKEN + 1},}}")
_POWER = re.compile(r"([+-]?)([\d,.\N{NO-BREAK SPACE}]*\d)(?:e([+-]\d+))?")
_WIDE, _NARROW = frozenset("mwMW%@—…"), frozenset("iljtfrI.,:;'!|()[] \N{NO-BREAK SPACE}")


def escaped(text: str) -> str:
    r"""Return text as LaTeX prints it.

    Examples
    --------
    >>> escaped("CO₂ & 5 %_a"), escaped("\\input{x}"), escaped("* --set")
    ('CO\\textsubscript{2} \\& 5 \\%\\_\\allowbreak{}a', '\\textbackslash{}input\\{x\\}', '{*} -\\kern0pt{}-set')
    """
    apart = _JOINED.sub(lambda found: found[0] + _APART, _breakable(printable(text)))
    return "".join(map(_letter, apart))


def _letter(letter: str) -> str:
    """Return a letter as LaTeX prints it; one that pdfLaTeX may not know for engines that read all alone."""
    if (known := _ESCAPES.get(ord(letter))) is not None:
        return str(known)
    return letter if _KNOWN.match(letter) else rf"\ifdefined\Umathchar {letter}\else ?\fi{{}}"


def _breakable(text: str) -> str:
    """Return text with marks where a line may end within a word: of names at their dots, of long words anywhere."""
    return _LONG.sub(lambda found: _cut(found[0]), _ENDS.sub(_BREAK, text))


def _cut(word: str) -> str:
    """Return a long word, such as an address, with marks behind its strokes, or else every few letters."""
    parts = re.sub(r"(?<=[/=?,;:])(?=[^/\d])", _BREAK, word).split(_BREAK)
    return _BREAK.join(_BREAK.join(part[k : k + UNBROKEN] for k in range(0, len(part), UNBROKEN)) for part in parts)


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
    printed = printed_rows(table, say)
    heads = [heading(column, say) for column in table.columns]
    rows = [
        [_number(cell) if is_number else escaped(cell) for cell, is_number in zip(row, numeric, strict=True)]
        for row in printed
    ]
    head = " & ".join(map(escaped, heads)) + r" \\"
    source = f" {say('Source')}: {escaped(table.source)}." if table.source else ""
    size, widths, turned = _layout([heads, *printed])
    lines = [
        rf"{{{size}\setlength{{\tabcolsep}}{{3pt}}",
        rf"\begin{{longtable}}{{{_columns(widths, numeric)}}}",
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
        r"\end{longtable}}",
    ]
    return [r"\begin{landscape}", *lines, r"\end{landscape}"] if turned else lines


def _number(text: str) -> str:
    r"""Return a number with its minus sign, and powers of ten written out.

    Examples
    --------
    >>> _number("-122.5"), _number("2.5e-05"), _number("n/a")
    ('$-$122.5', '2.5\\texttimes{}10\\textsuperscript{$-$5}', 'n/a')
    """
    found = _POWER.fullmatch(text)
    if found is None:
        return escaped(text)
    sign, digits, power = found.groups()
    tens = rf"\texttimes{{}}10\textsuperscript{{{_signed(int(power))}}}" if power else ""
    return ("$-$" if sign == "-" else "") + digits.replace("\N{NO-BREAK SPACE}", "~") + tens


def _signed(power: int) -> str:
    """Return a power with its minus sign."""
    return f"$-${-power}" if power < 0 else str(power)


def _label(name: str) -> str:
    """Return a name that a label may have."""
    return "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name)


def _layout(rows: Sequence[Sequence[str]]) -> tuple[str, list[float], bool]:
    """Return the size of the letters, the widths of the columns as parts of the line, and whether the page is turned.

    A table is turned where its words do not fit an upright page, or make it much longer there.
    """
    columns = [[_breakable(cell) for cell in column] for column in zip(*rows, strict=True)]
    least = [max((_width(word) for cell in column for word in _words(cell)), default=1.0) for column in columns]
    most = [max(low, *map(_width, column)) for column, low in zip(columns, least, strict=True)]
    gaps = GAP * len(columns)

    def laid_out(size: str, room: float) -> tuple[str, list[float], int]:
        """Return the size, the widths, and how many lines the table has."""
        widths = shared_widths(least, most, room - gaps, max(LONGEST, *least))
        height = sum(
            max(math.ceil(_width(cell) / width) for cell, width in zip(row, widths, strict=True))
            for row in zip(*columns, strict=True)
        )
        return size, [width / (room - gaps) for width in widths], height

    fits = [sum(least) <= room - gaps for _, room in (UPRIGHT, *TURNED)]
    upright, across = laid_out(*UPRIGHT), laid_out(*TURNED[0 if fits[1] else 1])
    is_turned = not fits[0] or upright[-1] > WORTH_TURNING * across[-1]
    size, widths, _ = across if is_turned else upright
    return size, widths, is_turned


def _words(cell: str) -> list[str]:
    """Return the parts of a cell between which a line may end."""
    return [word for word in re.split(rf"[ {_BREAK}]|(?<=-)", cell) if word]


def _width(text: str) -> float:
    """Return what text takes at most, nearly, in Computer Modern [em]."""
    return sum(
        0.0 if letter == _BREAK
        else 0.36 if letter in _NARROW
        else 0.95 if letter in _WIDE
        else 0.76 if letter.isupper()
        else 0.54
        for letter in text
    )  # fmt: skip


def _columns(widths: Sequence[float], numeric: Sequence[bool]) -> str:
    """Return the columns: numbers at the right, all others at the left, each with its part of the line."""
    line = rf"\dimexpr\linewidth-{2 * len(widths)}\tabcolsep\relax"
    return "".join(
        rf">{{\{'raggedleft' if right else 'raggedright'}\arraybackslash\hspace{{0pt}}}}"
        rf"p{{\dimexpr({line})*{math.floor(10000 * width)}/10000\relax}}"
        for width, right in zip(widths, numeric, strict=True)
    )
