"""Runs next to each other as a page: what differs is there, of any run, and of hostile names too."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

import testsite_sim as ts
from testsite_sim.cli import main
from testsite_sim.configuration.writing import to_yaml
from testsite_sim.report import comparison_page
from testsite_sim.report.compare import difference_text
from testsite_sim.report.comparison_figures import comparison_figures
from testsite_sim.report.comparison_page import ComparedRun, differing_keys, write_comparison

SHORT = {
    "weather.start": "2023-02-01",
    "weather.end": "2023-02-04",
    "weather.climate": None,
    "economics.scale_to_year": "by-repetition",
}
HOSTILE = "</script><script>alert(1)</script>"


@pytest.fixture(scope="module")
def runs() -> tuple[ts.Run, ts.Run]:
    other = {**SHORT, "plant.electrolysers.0.capacity": "20 MW", "title": HOSTILE}
    return ts.load("flanders-wind-farm/test-site", SHORT).run(), ts.load("flanders-wind-farm/test-site", other).run()


@pytest.fixture(scope="module")
def page(runs: tuple[ts.Run, ts.Run], tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("page") / "compared.html"
    assert ts.compare(*runs).write_page(path) == path
    return path.read_text()


def test_the_page_has_the_key_that_differs_and_its_values(page: str) -> None:
    text = re.sub(r"<wbr>", "", page)
    assert ">plant.electrolysers.0.capacity</td>" in text
    assert "20 MW" in text


def test_a_difference_on_the_page_is_that_of_the_summaries(runs: tuple[ts.Run, ts.Run], page: str) -> None:
    first, second = (run.summary["hydrogen_produced"].value for run in runs)
    assert first is not None
    assert second is not None
    row = re.search(r"<tr><td>hydrogen produced<small>.*?</tr>", re.sub(r"<wbr>", "", page))
    assert row is not None
    assert f"{100.0 * (second - first) / first:+,.2f} %" in row[0]


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [(1.0, 21.0, "+2,000"), (1.0, 23.6, "+2,260"), (50.0, 35.5, "-29"), (1.0, 1.125, "+12.5")],
)
def test_a_change_on_a_card_is_written_with_its_digits(first: float, last: float, shown: str) -> None:
    def run(value: float) -> ComparedRun:
        entry = {"value": value, "units": "GWh", "description": "energy exported"}
        return ComparedRun("x", "x", {"energy_exported": entry}, xr.DataTree(), "title: x\n")

    text = re.sub(r"<[^>]*>|\s", " ", write_comparison([run(first), run(last)])).replace("\N{MINUS SIGN}", "-")
    assert re.search(rf"(?<![\d+-]){re.escape(shown)} +%", text)


def test_runs_have_figures_on_the_same_axes_and_series(page: str) -> None:
    for name in ("differences.csv", "losses.csv", "load-duration.csv", "cash-flow.csv"):
        assert f'download="{name}"' in page
    assert 'download="months.csv"' not in page  # of one month, whose sums stand in the table
    assert 'id="series-data"' in page
    assert "All runs have the same wind" in page


def test_runs_without_wind_sales_and_electrolysers_have_no_empty_figure() -> None:
    time = pd.date_range("2023-01-31", periods=48, freq="h")
    still = xr.Dataset({"power_exported": ("time", np.zeros(48))}, {"time": time}, {"step": 3600.0})
    selling = still.assign(power_exported=still["power_exported"] + 1e6)

    def figures(plant: xr.Dataset) -> set[str]:
        tree = xr.DataTree.from_dict({"plant": plant})
        found = comparison_figures({"a": {}, "b": {}}, {"a": tree, "b": tree}, [])
        for each in found.values():
            each.draw()
        return set(found)

    assert figures(still) == set()
    assert figures(selling) == {"months", "load-duration"}


def test_hostile_titles_are_only_text_on_the_page(page: str) -> None:
    assert HOSTILE not in page
    assert "&lt;/script&gt;" in page.replace("<wbr>", "")
    assert "default-src 'none'" in page
    assert "unsafe" not in page


def test_the_page_is_the_same_when_it_is_made_again(runs: tuple[ts.Run, ts.Run], page: str, tmp_path: Path) -> None:
    ts.compare(*runs).write_page(tmp_path / "again.html")
    assert (tmp_path / "again.html").read_text() == page


def test_a_comparison_is_still_a_table_and_its_parts_are_plain(runs: tuple[ts.Run, ts.Run]) -> None:
    table = ts.compare(*runs)
    assert table.loc["capacity_factor", "difference"] == 0.0
    assert not hasattr(table.loc[["capacity_factor"]], "write_page")


def test_a_page_that_stands_there_is_kept(runs: tuple[ts.Run, ts.Run], tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("mine")
    with pytest.raises(ts.ConfigurationError, match="exists already"):
        ts.compare(*runs).write_page(path)
    assert path.read_text() == "mine"
    with pytest.raises(ts.ConfigurationError, match=r"ends in \.html"):
        ts.compare(*runs).write_page(tmp_path / "page.txt")


@pytest.mark.usefixtures("unprinted_figures")
def test_the_command_line_writes_the_page(
    runs: tuple[ts.Run, ts.Run], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = [str(run.save(tmp_path / name)) for run, name in zip(runs, "ab", strict=True)]
    page = tmp_path / "page.html"
    main(["compare", *folders, "--json", "--page", str(page)])
    printed = capsys.readouterr()
    assert json.loads(printed.out)["runs"] == folders
    assert printed.err == f"written to {page}\n"
    with pytest.raises(SystemExit, match="2"):
        main(["compare", *folders, "--page", str(page)])
    assert "replace it with `--force`" in capsys.readouterr().err
    main(["compare", *folders, "--page", str(page), "--force"])
    for wrong in (["--force"], ["--page", str(Path(folders[0]) / "page.html")], ["--page", str(tmp_path / "p.pdf")]):
        with pytest.raises(SystemExit, match="2"):
            main(["compare", *folders, *wrong])
    assert not (Path(folders[0]) / "page.html").exists()


def test_runs_are_called_what_the_user_calls_them(
    runs: tuple[ts.Run, ts.Run], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    called = dict(zip(("10 MW", "20 MW <b>"), runs, strict=True))
    table = ts.compare(called)
    assert list(table.columns)[:2] == list(called)
    text = table.write_page(tmp_path / "page.html").read_text()
    assert "A: 10 MW" in text
    assert "20 MW &lt;b&gt;" in text
    assert "20 MW <b>" not in text.replace("\\u003c", "<").partition("<script")[0]
    runs[0].export(tmp_path / "named.csv", "csv", tables=["comparison"], others={"large": runs[1]}, label="small")
    written = (tmp_path / "named.csv").read_text()
    assert all(name in written for name in ("small", "large"))
    folders = [str(run.save(tmp_path / name)) for run, name in zip(runs, ("a", "b=c"), strict=True)]
    main(["compare", f"10 MW={folders[0]}", folders[1], "--json"])
    assert json.loads(capsys.readouterr().out)["runs"] == ["10 MW", folders[1]]
    main(["compare", f"10 MW={folders[0]}", f"20 MW={folders[1]}"])
    assert re.search(r"^ +10 MW +20 MW +difference", capsys.readouterr().out, re.MULTILINE)
    main(["export", f"ten={folders[0]}", f"twenty={folders[1]}", "--to", "csv", "-o", str(tmp_path / "all.zip")])


@pytest.mark.parametrize(
    ("names", "said"),
    [(("units", "b"), "the name of a run is 'units'"), (("", "b"), "the name of a run is ''"), ((1, "b"), "is 1")],
)
def test_names_that_are_none_are_refused(runs: tuple[ts.Run, ts.Run], names: tuple[object, str], said: str) -> None:
    with pytest.raises(ts.ConfigurationError, match=said):
        ts.compare(dict(zip(names, runs, strict=True)))
    with pytest.raises(ts.ConfigurationError, match="after a mapping"):
        ts.compare({"a": runs[0]}, runs[1])
    with pytest.raises(ts.ConfigurationError, match="two or more"):
        ts.compare({"a": runs[0]})


def test_a_name_that_stands_twice_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    for wrong, said in (
        (["a=x", "a=y"], "two runs are called 'a'"),
        (["n=x", "y", "y"], "y stands twice"),
        (["=x", "y"], "expected a run directory, or NAME="),
    ):
        with pytest.raises(SystemExit, match="2"):
            main(["compare", *wrong])
        assert said in capsys.readouterr().err


LEAVES = st.one_of(st.integers(0, 3), st.sampled_from(["a", "b"]), st.lists(st.integers(0, 2), max_size=2))
TREES = st.recursive(LEAVES, lambda inner: st.dictionaries(st.sampled_from("xyz"), inner, max_size=3), max_leaves=8)


@given(st.dictionaries(st.sampled_from("xyz"), TREES, min_size=1), st.dictionaries(st.sampled_from("xyz"), TREES))
def test_keys_differ_where_and_only_where_scenarios_do(first: dict, second: dict) -> None:
    texts = [json.dumps(each) for each in (first, second)]
    rows, others = differing_keys(texts)
    assert (first == second) == (not rows and not others)
    assert sorted(row[0] for row in differing_keys(texts[::-1])[0]) == sorted(row[0] for row in rows)


def test_runs_that_have_nothing_in_common_are_compared() -> None:
    def run(name: str) -> ComparedRun:
        summary = {name: {"value": 1.0, "units": "1", "description": "d"}}
        return ComparedRun(name, name, summary, xr.DataTree(), f"title: {name}")

    text = write_comparison([run("one"), run("two"), run("three")])
    assert "one" in text
    with pytest.raises(ValueError, match="two runs or more"):
        write_comparison([run("one")])


def test_a_name_of_a_strategy_is_a_key_that_matters() -> None:
    scenario = ts.load("waterstof/balancing").scenario
    assert "name" not in comparison_page.TEXTS
    assert differing_keys([to_yaml(scenario)] * 2) == ([], [])


def study_run(place: str, middle: float) -> ComparedRun:
    """Return a run of a study with two outputs, of which one does not differ."""
    entry = {"units": "count", "description": "Jobs in 2020, keep (P50)", "value": middle, "p10": 100.0, "p90": 900.0}
    same = {"units": "EUR/kg", "description": "Cost (P50)", "value": 5.0, "p10": 4.0, "p90": 6.0}
    tree = xr.DataTree.from_dict({"study": xr.Dataset({"jobs": ("member", [1.0])})})
    return ComparedRun(place, "Jobs", {"jobs_target_keep": entry, "cost": same}, tree, f"share: {middle}")


def test_runs_of_a_study_are_compared_by_their_headlines_with_the_uncertainty_of_each() -> None:
    page = re.sub(r"<wbr>", "", write_comparison([study_run("one", 300.0), study_run("two", 450.0)]))
    assert 'download="percentiles.csv"' in page
    assert "Jobs in 2020, keep: A 300, B 450" in page
    assert "Maintenance" not in page
    assert "Headlines, P50 (P10 to P90)" in page
    row = re.search(r"<tr><td>Jobs in 2020, keep<small>jobs_target_keep</small>.*?</tr>", page)
    assert row is not None
    assert "300 (100 – 900)" in row[0]
    assert "P10 to P90 stand next to it" in page


def test_a_value_that_changes_its_sign_is_compared_by_its_difference_and_not_in_per_cent() -> None:
    page = re.sub(r"<wbr>", "", write_comparison([study_run("one", 100.0), study_run("two", -300.0)]))
    card = re.search(r"([^>]*)(?:<[^>]*>\s*)+Jobs in 2020, keep: A 100, B −300", page)
    assert card is not None
    assert "−400" in card[0]
    assert "%" not in card[0]
    assert difference_text(100.0, -300.0, "count", "jobs") == ("-400", "")
    assert difference_text(100.0, 0.0, "count", "jobs") == ("-100", "-100.00 %")


def test_runs_of_a_dutch_study_are_compared_in_dutch() -> None:
    head = "language: nl\ntranslations: {nl: {title: Banen}}\n"
    first, second = (replace(study_run("a", each), scenario=f"{head}share: {each}") for each in (1300.5, 1450.0))
    page = write_comparison([first, second])
    assert '<html lang="nl">' in page
    assert "<title>Banen: 2 runs vergeleken</title>" in page
    text = re.sub(r"<(style|script).*?</\1>|<[^>]+>", " ", page.replace("<wbr>", ""), flags=re.DOTALL)
    assert "Jobs in 2020, keep: A 1\xa0300, B 1\xa0450" in text
    assert "+11,5" in text
    assert "+11,50 %" in text
    assert not re.search(
        r"\b(What|How|Runs compared|Keys|Figures|Results|name|unit|folder|difference|Data|Each)\b", text
    )


def test_runs_of_a_study_in_two_languages_are_compared_in_english() -> None:
    other = replace(study_run("two", 450.0), scenario="language: nl")
    assert "Keys that differ" in write_comparison([study_run("one", 300.0), other])


def test_outputs_of_studies_whose_medians_are_alike_are_not_drawn() -> None:
    page = write_comparison([study_run("one", 300.0), study_run("two", 300.0)])
    assert 'download="percentiles.csv"' not in page
    assert "No figure differs." in page


def test_what_changes_its_sign_has_no_bar_of_relative_difference() -> None:
    summaries = {
        "A": {"internal_rate_of_return": {"value": -0.0017}, "hydrogen_produced": {"value": 340.0}},
        "B": {"internal_rate_of_return": {"value": 0.0047}, "hydrogen_produced": {"value": 357.0}},
    }
    found = comparison_figures(summaries, {"A": xr.DataTree(), "B": xr.DataTree()}, list(summaries["A"]))
    _, tables = found["differences"].draw()
    data = tables[""]
    assert [line.split(",")[0] for line in data.splitlines()] == ["figure", "hydrogen_produced"]
