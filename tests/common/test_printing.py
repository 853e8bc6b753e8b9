"""Text that came from anywhere is harmless in a terminal, a log and a spreadsheet."""

import ast
import csv
import io
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

import testsite_sim
from testsite_sim.cli import main
from testsite_sim.common.printing import csv_text
from testsite_sim.common.progress import progress_bar, reported_steps, seldom
from testsite_sim.common.text import harmless, printable

FORMULAS = ["=cmd|'/C calc'!A0", "+1", "-1+1", "@SUM(A1)", "  =1", "\t=1", "＝1", "a;=1+1", "\r=1"]
ROOT = Path(testsite_sim.__file__).parent


@given(st.text())
def test_whatever_the_text_no_cell_is_a_formula_and_no_letter_moves_the_cursor(text: str) -> None:
    cell = harmless(text)
    for part in cell.split(";"):
        assert not part.lstrip().startswith(tuple("=+-@＝＋－＠"))
    assert printable(text).isprintable()
    assert harmless(cell) == cell


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_of_a_table_is_a_formula(formula: str) -> None:
    table = pd.DataFrame({formula: [formula, "plain"], "number": [-1.5, 2.0], "name": ["+x", None]})
    table.index = pd.Index([formula, "b"], name=formula)
    rows = list(csv.reader(io.StringIO(csv_text(table))))
    texts = [rows[0][0], rows[0][1], rows[1][0], rows[1][1], rows[1][3]]
    assert all(not each.lstrip().startswith(tuple("=+-@＝")) for each in texts)
    assert rows[1][2] == "-1.5"
    assert rows[2] == ["b", "plain", "2.0", ""]
    assert csv_text(table.set_index([formula, "number"])).count("'") >= 3


def test_numbers_and_times_are_written_as_ever() -> None:
    table = pd.DataFrame(
        {"t": pd.date_range("2024-01-01", periods=2, freq="h"), "v": [-1.0, np.nan], "n": [1, -2], "b": [True, False]}
    )
    assert csv_text(table, index=False) == table.to_csv(index=False, lineterminator="\n")
    for index in ("t", ["t", "n"], ["b", "t"]):
        assert csv_text(table.set_index(index)) == table.set_index(index).to_csv(lineterminator="\n")


def test_labels_of_several_levels_are_harmless_also_where_two_become_one() -> None:
    levels = pd.MultiIndex.from_product([["=1", "b"], ["x\x1by", "x y"], [1, 2]], names=["=a", "text", "n"])
    rows = list(csv.reader(io.StringIO(csv_text(pd.DataFrame({"v": np.arange(8.0)}, index=levels)))))
    assert rows[0] == ["'=a", "text", "n", "v"]
    assert [row[0] for row in rows[1:]] == ["'=1"] * 4 + ["b"] * 4
    assert {row[1] for row in rows[1:]} == {"x y"}
    assert [row[3] for row in rows[1:]] == [f"{value:.1f}" for value in range(8)]
    plain = pd.DataFrame({"v": [1.0, 2.0]}, index=pd.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["t", "n"]))
    assert csv_text(plain) == plain.to_csv(lineterminator="\n")


def test_only_one_module_prints_or_writes_csv() -> None:
    for path in ROOT.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if path.name != "printing.py" and "benchmarking" not in path.parts:
            assert "click.echo(" not in text, path
            assert ".to_csv(" not in text, path


def test_a_span_of_time_always_has_its_unit() -> None:
    for path in [*ROOT.rglob("*.py"), *(ROOT.parent / "kernels").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("np.timedelta64", "numpy.timedelta64"):
                assert len(node.args) == 2, f"{path}:{node.lineno}: deprecated from NumPy 2.5 on"


def test_a_title_with_escapes_is_printed_in_printable_letters(tmp_path: Path, capsys) -> None:
    time = np.datetime64("2024-01-01", "ns") + np.arange(48) * np.timedelta64(1, "h")
    wind = ("time", "height"), np.random.default_rng(1).random((48, 1)), {"units": "m s-1"}
    record = xr.Dataset({"wind_speed": wind}, {"time": time, "height": [100.0]}, {"title": "a\x1b[2J\nsite: b‮c"})
    record.to_netcdf(tmp_path / "a.nc", engine="h5netcdf")
    main(["weather", "info", str(tmp_path / "a.nc")])
    lines = capsys.readouterr().out.split("\n")
    assert all(line.isprintable() for line in lines)
    assert lines[0] == "title: a [2J site: b c"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
def test_output_that_cannot_be_written_is_one_sentence() -> None:
    own = {**os.environ, "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry)}
    for arguments in (["list", "scenarios"], ["--help"]):
        with open("/dev/full", "w") as full:
            command = [sys.executable, "-m", "testsite_sim", *arguments]
            done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, env=own, check=False)
        assert done.returncode == 2
        assert done.stderr.count("\n") == 1
        assert "No space left" in done.stderr


def test_a_program_without_standard_streams_does_what_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where they were closed before it was started, by a service or by `2>&-`."""
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    main(["explain", "wind.wake_model"])
    with reported_steps(2) as show, progress_bar(2, 0, "members") as advance:
        show("a step")
        advance(2)


def test_what_is_counted_is_reported_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 1.0, 10.0, 12.0, 20.5])
    monkeypatch.setattr("testsite_sim.common.progress.time.monotonic", lambda: next(clock))
    lines: list[str] = []
    count = seldom(lines.append, "{} sizes tried")
    for number in range(1, 5):
        count(number)
    assert lines == ["2 sizes tried", "4 sizes tried"]
