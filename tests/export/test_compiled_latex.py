"""LaTeX of exports goes through pdfLaTeX and LuaLaTeX without an error and without a line that is too wide."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import testsite_sim as ts
from tests.export.test_writing import hostile
from testsite_sim.export.latex import latex_bytes
from testsite_sim.export.tables import Column, Table

ENGINES = ("pdflatex", "lualatex")
DOCUMENT = r"""\documentclass[%s]{article}
%s
\begin{document}
\input{tables.tex}
\end{document}
"""


def compiled(folder: Path, content: bytes, engine: str, letters: str = "10pt") -> str:
    """Return the log of a document with the packages that the tables name."""
    if shutil.which(engine) is None:
        pytest.skip(f"no {engine} here")
    (folder / "tables.tex").write_bytes(content)
    needed = next(line for line in content.decode().splitlines() if r"\usepackage" in line)
    (folder / "main.tex").write_text(DOCUMENT % (letters, needed[needed.index("\\") :]))
    for _ in range(2):  # longtable learns the widths of its columns
        done = subprocess.run(
            [engine, "-interaction=nonstopmode", "-halt-on-error", "main.tex"],
            cwd=folder,
            capture_output=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, done.stdout.decode(errors="replace")[-2000:]
    return (folder / "main.log").read_text(errors="replace")


def aimed() -> list[Table]:
    """Return tables of hostile text, of letters that no font of TeX has, of long words, and of many columns."""
    words = [
        "x" * 70,
        "https://example.org/" + "a_path/" * 12,
        "Δη ≤ √2 · µ₂ ⅔ 汉 ＝ ș 😀",
        "12 345.6 – 78 901.2",
        "[a]",
        "",
    ]
    wide = {
        f"a long name of column {k} [MWh]": ["1 234 567", "market pull with the fund", "−0.1", "a", "b", "c"]
        for k in range(9)
    }
    return [
        replace(hostile(), source="50 % & $x_1^2 #{}~"),
        Table("words", "Long words", (Column("a"), Column("b")), pd.DataFrame({"a": words, "b": words[::-1]})),
        Table("wide", "Wide", tuple(map(Column, wide)), pd.DataFrame(wide)),
    ]


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("letters", ["10pt", "11pt", "12pt"])
def test_hostile_long_and_wide_tables_compile_within_the_page(tmp_path: Path, engine: str, letters: str) -> None:
    log = compiled(tmp_path, latex_bytes({"title": "a\n\\input{x}"}, aimed(), []), engine, letters)
    assert "Overfull" not in log
    if engine == "pdflatex":
        assert "Missing character" not in log


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_the_tables_of_a_run_compile_within_the_page(shipped_run: ts.Run, tmp_path: Path, engine: str) -> None:
    shipped_run.export(tmp_path / "run.tex", "latex")
    log = compiled(tmp_path, (tmp_path / "run.tex").read_bytes(), engine)
    assert "Overfull" not in log
    assert "Missing character" not in log


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_letters_that_tex_joins_or_takes_for_its_own_are_printed_as_they_are(tmp_path: Path, engine: str) -> None:
    # `\\*` keeps a page together and prints no star; two hyphens become one dash, two apostrophes one mark.
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext here")
    words = ["first", "*starred", "** both", "[a] x", "--set a=b", "a---b", ",,low", "<<a>>", "?`x"]
    table = Table("words", "*All --of them", (Column("a"), Column("b")), pd.DataFrame({"a": words, "b": words}))
    compiled(tmp_path, latex_bytes({"title": "a"}, [table], []), engine)
    read = subprocess.run(["pdftotext", "-layout", "main.pdf", "-"], cwd=tmp_path, capture_output=True, check=True)
    lines = [" ".join(line.split()) for line in read.stdout.decode().splitlines()]
    assert [f"{word} {word}" for word in words if f"{word} {word}" not in lines] == []
    assert "Table 1: *All --of them." in lines
