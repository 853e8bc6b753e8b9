"""`testsite-sim export` writes what it says, and a wrong word gets one sentence and exit code 2."""

from pathlib import Path

import pandas as pd
import pytest

from tests.shared_folders import ShippedRun
from testsite_sim.cli import main


@pytest.fixture(scope="module")
def run(shipped_run: ShippedRun) -> Path:
    return shipped_run("waterstof/balancing", "weather.start=2023-03-01", "weather.end=2023-03-03")


def test_a_table_for_models_of_energy_systems_is_exported(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "farm.csv"
    main(["export", str(run), "--to", "csv", "-o", str(path), "--table", "capacity-factors"])
    assert capsys.readouterr().out == f"written to {path}\n"
    frame = pd.read_csv(path, comment="#")
    assert len(frame) == 24
    assert list(frame.columns[:3]) == ["month [1]", "hour [1]", "duration [h]"]


def test_runs_are_exported_next_to_each_other(run: Path, tmp_path: Path) -> None:
    main(["export", str(run), str(run), "--to", "csv", "-o", str(tmp_path / "both.csv")])
    frame = pd.read_csv(tmp_path / "both.csv", comment="#")
    assert (frame["difference [see units]"].dropna() == 0.0).all()


def test_a_file_that_is_not_named_is_called_as_the_run(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    main(["export", str(run), "--to", "latex"])
    main(["export", str(run), "--to", "csv", "--table", "summary"])
    main(["export", str(run), "--to", "csv", "--table", "plant-time"])
    main(["export", str(run), "--to", "csv", "--table", "summary", "--table", "plant-time"])
    main(["export", str(run), str(run), "--to", "csv"])
    ends = (".tex", "-summary.csv", "-plant-time.csv", "-summary-plant-time.zip", "-compared.zip")
    names = [f"{run.name}{end}" for end in ends]
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith("written")] == [f"written to {name}" for name in names]
    assert lines[1].startswith("not in it: too large for a page, or made for programs; export them as excel or csv: ")
    assert "plant-time (" in lines[1]
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted(names)
    with pytest.raises(SystemExit) as caught:
        main(["export", str(run), "--to", "latex"])
    assert caught.value.code == 2
    assert "exists already; choose another `-o`, or replace it with `--force`" in capsys.readouterr().err
    main(["export", str(run), "--to", "latex", "--force"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--to", "csv", "-o", "a.xlsx"], "ends in .csv or .zip"),
        (["--to", "exel", "-o", "a.xlsx"], "exel"),
        (["--to", "csv", "-o", "a.csv", "--days", "3"], "--days is for --aggregation representative-days"),
        (["--to", "csv", "-o", "a.csv", "--table", "summary", "--aggregation", "interval"], "--aggregation is for"),
        (["--to", "csv", "-o", "a.csv", "--table", "sumary"], "Nearest: summary"),
    ],
)
def test_a_wrong_word_gets_one_sentence(
    run: Path,
    arguments: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as caught:
        main(["export", str(run), *arguments])
    assert caught.value.code == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
