"""A single run next to an ensemble, and runs that share no figure."""

from pathlib import Path

import pandas as pd
import pytest

import testsite_sim as ts
from testsite_sim.cli import main
from testsite_sim.report.kinds import alike

SHORT = {"weather.start": "2023-02-01", "weather.end": "2023-02-04", "weather.climate": None}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a run of three days and an ensemble of it."""
    place = tmp_path_factory.mktemp("kinds")
    case = ts.load("waterstof/balancing", SHORT)
    case.run(place / "one")
    case.ensemble(members=4).run(place / "many")
    return place / "one", place / "many"


def test_the_median_of_an_ensemble_stands_next_to_a_single_run(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    one, many = (ts.open_run(each).summary for each in folders)
    main(["compare", *map(str, folders)])
    said = capsys.readouterr().out
    assert f"{folders[1]} is an ensemble of 4 members: its P50 stands next to the single values of {folders[0]}" in said
    row = next(line for line in said.splitlines() if line.startswith("hydrogen_produced "))
    assert " – " in row
    assert "%" in row
    assert "n/a" not in row
    table = ts.compare(*map(ts.open_run, folders)).loc["hydrogen_produced"]
    assert table.iloc[0] == one["hydrogen_produced"].value
    assert table.iloc[1] == many["hydrogen_produced_p50"].value
    alone = [line.split()[0] for line in said.splitlines() if "n/a" in line]
    assert not [name for name in alone if name.endswith(("_p5", "_p50", "_p95", "_mean"))]


def test_exports_and_the_page_of_it_have_the_percentiles(folders: tuple[Path, Path], tmp_path: Path) -> None:
    many = ts.open_run(folders[1]).summary
    runs = [*map(str, folders)]
    main(["export", *runs, "--to", "csv", "-o", str(tmp_path / "both.csv")])
    frame = pd.read_csv(tmp_path / "both.csv", comment="#", index_col="figure")
    for end in ("P5", "P95"):
        column = next(name for name in frame.columns if f" {end} " in name)
        value = frame.loc["hydrogen_produced", column]
        assert value == pytest.approx(many[f"hydrogen_produced_{end.lower()}"].value)
    main(["compare", *runs, "--page", str(tmp_path / "page.html")])
    page = (tmp_path / "page.html").read_text()
    assert "is an ensemble of 4 members" in page
    assert "of a single run no spread is stated" in page


def test_runs_that_share_no_figure_say_so_and_two_ensembles_stay_as_they_are() -> None:
    entry = {"value": 1.0, "units": "1"}
    many = {"members": entry, "energy_p50": entry, "energy_p5": entry, "energy_p95": entry}
    _, (said,) = alike([{"energy": entry}, {"demand": {**entry, "p10": 0.0, "p90": 2.0}}], ["A", "B"])
    assert said.endswith("they are of other kinds (A: a single run, B: a study).")
    found, sentences = alike([many, many], ["A", "B"])
    assert found == [many, many]
    assert not sentences
    _, (said,) = alike([{"energy": entry}, {"members": entry, "energy_p50_at_0": entry}], ["A", "B"])
    assert "B: a sweep" in said
