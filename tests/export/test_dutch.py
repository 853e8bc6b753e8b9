"""What is read of an export of a Dutch study is Dutch, with Dutch numbers on paper; programs read what they did."""

import io
import re
import zipfile
from pathlib import Path

import pandas as pd
import pytest
import xarray as xr

from testsite_sim.export.tables import Column, Exported, Table
from testsite_sim.export.writing import write_export

ENGLISH = re.compile(
    r"\b(the|and|with|value|units|title|source|table|rows|yes|no|Source|Summary|Assumptions|Results|Comparison|"
    r"difference|description|figure|made|Contents|Columns)\b"
)


def exported(label: str = "run", amount: float = 1234.5) -> Exported:
    """Return a Dutch study of two outputs and one table of its report, with results for programs."""
    summary = {
        "jobs_target": {
            "value": amount,
            "units": "count",
            "description": "Directe jobs (P50)",
            "p10": 0.25,
            "p90": 2e6,
        },
        "balance": {"value": -12.5, "units": "million EUR", "description": "Publieke balans (P50)"},
    }
    paper = Table(
        "report-01", "Markten", (Column("Toepassing"), Column("vraag")), pd.DataFrame({"a": ["x"], "b": ["1,5"]})
    )
    report = Table("report-01", "Markten", (Column("vraag"),), pd.DataFrame({"vraag": [1.5]}), paper=paper)
    years = xr.Dataset({"price": ("year", [1234.5, 2.5], {"units": "EUR kg-1"})}, {"year": [2020, 2021]})
    tree = xr.DataTree.from_dict({"percentiles": years})
    tree.attrs = {"source": "simulation by testsite-sim 0.1.0"}
    found = [{"name": "a.b", "value": f"{amount:g} MW", "range": None, "source": "een bron", "assumption": True}]
    return Exported("Een studie", summary, tree, found, None, label, (report,), "nl")


def text_of_document(path: Path) -> str:
    docx = pytest.importorskip("docx")
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_a_document_is_dutch_with_dutch_numbers(tmp_path: Path) -> None:
    write_export(exported(), tmp_path / "a.docx", "word")
    text = text_of_document(tmp_path / "a.docx")
    assert {"1\xa0234", "miljoen EUR", "-12,5", "Samenvatting"} <= set(text.split("\n"))
    assert "bron: simulatie door testsite-sim 0.1.0" in text
    assert ENGLISH.findall(text.replace("assumptions (1 rijen), percentiles-year (2 rijen)", "")) == []


def test_latex_is_dutch_with_dutch_numbers(tmp_path: Path) -> None:
    write_export(exported(), tmp_path / "a.tex", "latex")
    text = (tmp_path / "a.tex").read_text()
    assert "1~234" in text
    assert r"$-$12,5" in text
    assert r"\caption{Samenvatting. Bron: simulatie door" in text
    words = re.sub(r"\\\w+|tab:\S+|assumptions \(1|%.*usepackage.*", "", text)
    assert ENGLISH.findall(words) == []


def test_a_comparison_on_paper_is_dutch(tmp_path: Path) -> None:
    pair = [exported("een"), exported("twee", 2000.5)]
    write_export(pair[0], tmp_path / "a.docx", "word", others=pair[1:])
    text = text_of_document(tmp_path / "a.docx")
    assert "62,05 %" in text
    assert "Vergelijking van runs" in text
    assert ENGLISH.findall(text) == []


def test_runs_in_two_languages_are_compared_in_english(tmp_path: Path) -> None:
    from dataclasses import replace

    write_export(exported("een"), tmp_path / "a.docx", "word", others=[replace(exported("two"), language="en")])
    assert "Comparison of runs" in text_of_document(tmp_path / "a.docx")


def test_a_workbook_has_dutch_sheets_and_heads_and_numbers_that_are_numbers(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    write_export(exported(), tmp_path / "a.xlsx", "excel")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["info", "kolommen", "samenvatting", "tabel-01", "aannames", "percentielen-01"]
    head = [cell.value for cell in book["samenvatting"][1]]
    assert head == ["resultaat", "waarde", "eenheid", "betekenis", "p10", "p90"]
    assert book["samenvatting"]["B3"].value == 1234.5
    assert book["samenvatting"]["C4"].value == "miljoen EUR"
    assert book["aannames"]["E3"].value == "ja"
    info = [str(cell.value) for row in book["info"].iter_rows() for cell in row]
    meanings = [
        str(cell.value) for row in book["kolommen"].iter_rows() if row[0].value == "samenvatting" for cell in row
    ]
    assert len(meanings) == 4 * 6
    assert [text for text in [*info, *meanings] if ENGLISH.search(text)] == []


def test_csv_has_dutch_heads_and_plain_numbers(tmp_path: Path) -> None:
    write_export(exported(), tmp_path / "a.zip", "csv")
    packed = zipfile.ZipFile(tmp_path / "a.zip")
    content = packed.read("summary.csv")
    assert content.decode().startswith("# tabel: Samenvatting\n")
    frame = pd.read_csv(io.BytesIO(content), comment="#")
    assert frame["waarde [zie eenheid]"].tolist() == [1234.5, -12.5]
    assert "neen" not in packed.read("contents.csv").decode()
