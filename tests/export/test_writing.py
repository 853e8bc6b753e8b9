"""Exports are whole or not there, read back as they were, and hold no formula."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import testsite_sim as ts
from testsite_sim.export.tables import Column, Exported, Table
from testsite_sim.export.writing import FORMATS, write_export
from testsite_sim.output.phrases import Phrases

HOSTILE = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "a\nb",
    "\x1b[2J",
    "50 % & $x_1^2 #{}~\\input{/etc/passwd}",
]


def hostile() -> Table:
    frame = pd.DataFrame({"text": HOSTILE, "number": range(len(HOSTILE))})
    return Table("hostile", "=2+2", (Column("text"), Column("number", "MW", "=3")), frame, "@source")


@pytest.mark.parametrize(
    ("to", "end"), [(to, end) for to, ends in FORMATS.items() for end in ends if to not in ("pypsa", "zarr")]
)
def test_a_file_that_stands_there_is_replaced_by_force_alone(
    shipped_run: ts.Run, tmp_path: Path, to: str, end: str
) -> None:
    if to in ("excel", "word"):
        pytest.importorskip({"excel": "openpyxl", "word": "docx"}[to])
    path = tmp_path / f"tables{end}"
    path.write_text("mine")
    with pytest.raises(ts.ConfigurationError, match="exists already"):
        shipped_run.export(path, to)
    assert path.read_text() == "mine"
    shipped_run.export(path, to, force=True, tables=["summary"])
    assert path.stat().st_size > 1000
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_a_wrong_end_format_or_place_is_refused_and_writes_nothing(shipped_run: ts.Run, tmp_path: Path) -> None:
    for path, to, said in (
        ("a.xls", "excel", r"ends in \.xlsx"),
        ("a.xlsx", "exel", "Nearest: excel"),
        ("no/a.xlsx", "excel", "there is no folder"),
    ):
        with pytest.raises(ts.ConfigurationError, match=said):
            shipped_run.export(tmp_path / path, to)
    with pytest.raises(ts.ConfigurationError, match="holds one table"):
        shipped_run.export(tmp_path / "a.csv", "csv", tables=["summary", "plant-time"])
    with pytest.raises(ts.ConfigurationError, match="too much for a page"):
        shipped_run.export(tmp_path / "a.tex", "latex", tables=["wind-time-turbine"])
    assert not list(tmp_path.iterdir())


def test_nothing_is_written_into_a_run_directory(shipped_run: ts.Run, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text("{}")
    with pytest.raises(ts.ConfigurationError, match="lies in a run directory"):
        shipped_run.export(tmp_path / "a.csv", "csv")


def test_a_workbook_reads_back_with_units_and_without_a_formula(shipped_run: ts.Run, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    shipped_run.export(tmp_path / "run.xlsx", "excel")
    book = openpyxl.load_workbook(tmp_path / "run.xlsx")
    assert {"about", "columns", "summary", "assumptions", "plant-time", "capacity-factors"} <= set(book.sheetnames)
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {
        "s",
        "inlineStr",
        "n",
        "d",
        "b",
    }
    assert book["about"]["B2"].value == "'=1+1 & a_test, 5 %"
    frame = pd.read_excel(tmp_path / "run.xlsx", sheet_name="plant-time", header=[0, 1], engine="openpyxl")
    power = shipped_run.results["plant"]["power_wind"].to_numpy() / 1e6
    assert frame["power_wind", "MW"].tolist() == pytest.approx(power.tolist())


def test_csv_reads_back_with_pandas_and_its_text_is_harmless() -> None:
    from testsite_sim.export.delimited import csv_bytes, zip_bytes

    content = csv_bytes({"title": "=4+4\nx"}, hostile())
    frame = pd.read_csv(io.BytesIO(content), comment="#", nrows=4)
    assert list(frame.columns) == ["text", "number [MW]"]
    assert all(text.startswith("'") for text in frame["text"])
    assert b"\x1b" not in content
    first, second = (zip_bytes({"title": "a"}, [hostile()], []) for _ in range(2))
    assert first == second
    assert set(zipfile.ZipFile(io.BytesIO(first)).namelist()) == {"contents.csv", "columns.csv", "hostile.csv"}


def test_a_comment_of_a_csv_begins_no_cell_with_a_formula() -> None:
    from testsite_sim.export.delimited import csv_bytes

    about = {"title": "a farm, =1+1; @SUM(A1),-2, plain", "warnings": "x,+3"}
    comments = [line for line in csv_bytes(about, hostile()).decode().splitlines() if line.startswith("#")]
    assert comments[1] == "# title: a farm, '=1+1; '@SUM(A1),'-2, plain"
    assert comments[2] == "# warnings: x,'+3"


def test_a_file_of_a_zip_stays_in_the_folder_that_it_is_unpacked_into() -> None:
    from testsite_sim.export.delimited import zip_bytes

    climbing = replace(hostile(), name="..\\..\\wind-..:x")
    names = zipfile.ZipFile(io.BytesIO(zip_bytes({}, [climbing], []))).namelist()
    assert not any(letter in name for name in names for letter in "/\\:")


def test_a_workbook_and_a_document_take_hostile_text() -> None:
    openpyxl, docx = pytest.importorskip("openpyxl"), pytest.importorskip("docx")
    from testsite_sim.export.excel import workbook_bytes
    from testsite_sim.export.word import document_bytes

    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes({"title": "=5"}, [hostile()], [])))
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"s", "inlineStr", "n"}
    document = docx.Document(io.BytesIO(document_bytes({"title": "=5"}, [hostile()], [])))
    assert [row.cells[0].text for row in document.tables[0].rows][1:3] == HOSTILE[:2]


def test_latex_escapes_every_text() -> None:
    from testsite_sim.export.latex import latex_bytes

    text = latex_bytes({"title": "a\n\\input{x}"}, [hostile()], []).decode()
    assert r"\textbackslash{}input\{/etc/passwd\}" in text
    body = [line for line in text.splitlines() if not line.startswith("%")]
    assert not any(r"\input" in line for line in body)
    assert text.count(r"\begin{longtable}") == text.count(r"\end{longtable}") == 1
    assert text.splitlines()[0] == r"% title: a \input{x}"


def test_numbers_of_latex_have_a_minus_sign_and_powers_and_names_may_be_broken() -> None:
    from testsite_sim.export.latex import latex_bytes

    frame = pd.DataFrame({"key": ["plant.store.minimum_level", "b"], "value": [-122.5, 2.5e-5]})
    table = Table("t", "t", (Column("key"), Column("value", "MW")), frame)
    rows = [line for line in latex_bytes({}, [table], []).decode().splitlines() if line.endswith(r"\\")][-2:]
    assert rows == [
        r"plant.\allowbreak{}store.\allowbreak{}minimum\_\allowbreak{}level & $-$122.5 \\",
        r"b & 2.5\texttimes{}10\textsuperscript{$-$5} \\",
    ]


def test_columns_of_a_document_hold_their_longest_word_and_fit_the_page() -> None:
    docx = pytest.importorskip("docx")
    from testsite_sim.export.word import LETTER, WIDTH, document_bytes

    frame = pd.DataFrame({"figure": ["a_name_that_is_never_broken"], "about": ["a word " * 60]})
    table = Table("t", "t", (Column("figure"), Column("about")), frame)
    made = docx.Document(io.BytesIO(document_bytes({}, [table], []))).tables[0]
    widths = [column.width.mm for column in made.columns]
    assert widths[0] >= LETTER * len(frame["figure"][0])
    assert widths[1] > widths[0]
    assert sum(widths) <= WIDTH + 0.1


def test_a_document_states_its_language_and_who_made_it() -> None:
    docx = pytest.importorskip("docx")
    from testsite_sim.export.word import document_bytes

    table = Table("t", "t", (Column("figure"),), pd.DataFrame({"figure": ["a"]}))
    document = docx.Document(io.BytesIO(document_bytes({"title": "Proef"}, [table], [], Phrases("nl"))))
    facts = document.core_properties
    assert (facts.title, facts.author, facts.comments, facts.language) == ("Proef", "testsite-sim", "", "nl-BE")
    assert 'w:val="nl-BE"' in document.styles.element.xml


def test_two_sheets_never_have_one_name() -> None:
    openpyxl = pytest.importorskip("openpyxl")
    from testsite_sim.export.excel import workbook_bytes

    tables = [
        Table("percentiles-" + "x" * 30 + end, "", *[(Column("text"),), pd.DataFrame({"text": ["a"]})])
        for end in ("/a", "?b")
    ]
    names = openpyxl.load_workbook(io.BytesIO(workbook_bytes({}, tables, []))).sheetnames
    assert len(set(names)) == 4
    about = openpyxl.load_workbook(io.BytesIO(workbook_bytes({}, tables, [])))["about"]
    assert {about.cell(row, 2).value for row in range(1, 9)} >= set(names[2:])
    assert max(map(len, names)) <= 31


def test_large_tables_are_left_out_and_named(shipped_run: ts.Run, tmp_path: Path) -> None:
    big = pd.DataFrame({"a": range(1_000_001)})
    table = Table("big", "", (Column("a"),), big)
    assert table.is_large
    import xarray as xr

    tree = xr.DataTree.from_dict({"wind": xr.Dataset({"a": ("time", big["a"].to_numpy())})})
    left = write_export(Exported("large", {}, tree), tmp_path / "a.zip", "csv")
    assert [each.name for each in left] == ["wind-time"]
    assert "no: ask for it by its name" in zipfile.ZipFile(tmp_path / "a.zip").read("contents.csv").decode()
