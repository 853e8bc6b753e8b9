"""A study runs from its file to a page that is text wherever a user's text stands."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from ruamel.yaml import YAML

from tests.page_elements import Elements
from tests.studies.toy import DATA, HOSTILE, TOY
from testsite_sim.cli import main
from testsite_sim.studies import STUDIES


@pytest.fixture
def scenario(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setitem(STUDIES, "toy", TOY)
    path = tmp_path / "study.yaml"
    with path.open("w") as stream:
        YAML(typ="safe").dump(DATA, stream)
    return path


def test_a_study_runs_to_results_summary_figures_and_a_report(scenario: Path, tmp_path: Path, capsys) -> None:
    main(["run", str(scenario), "-o", str(tmp_path / "run")])
    folder = tmp_path / "run"
    assert "jobs_end_all" in capsys.readouterr().out
    summary = json.loads((folder / "summary.json").read_text())
    assert summary["jobs_end_none"]["value"] == 0.0
    assert summary["payback_none"]["value"] is None
    assert summary["jobs_end_all"]["p10"] < summary["jobs_end_all"]["value"] < summary["jobs_end_all"]["p90"]
    with xr.open_datatree(folder / "results.nc") as tree:
        assert tree["study"].sizes["member"] == 40
        assert list(tree["percentiles"]["percentile"].to_numpy()) == [10, 50, 90]
        assert np.isfinite(tree["study"]["sobol_total"].sel(headline="jobs_end")).all()
    assert {path.name for path in (folder / "figures").iterdir()} == {
        f"{name}.{form}" for name in ("path", "tornado") for form in ("svg", "png", "pdf", "csv")
    }


def test_a_resolved_study_runs_again_to_the_same_bytes(scenario: Path, tmp_path: Path) -> None:
    first, again = tmp_path / "first", tmp_path / "again"
    main(["run", str(scenario), "-o", str(first)])
    main(["run", str(first / "scenario.yaml"), "-o", str(again)])
    files = [path for path in first.rglob("*") if path.is_file() and path.name != "run.json"]
    assert len(files) == 12
    for path in files:
        assert path.read_bytes() == (again / path.relative_to(first)).read_bytes(), path.name


@pytest.mark.usefixtures("unprinted_figures")
def test_text_of_a_user_is_only_text_in_the_report(scenario: Path, tmp_path: Path) -> None:
    main(["run", str(scenario), "-o", str(tmp_path / "run")])
    found = Elements()
    found.feed((tmp_path / "run" / "report.html").read_text())
    assert [attributes.get("type") for tag, attributes in found.tags if tag == "script"] == [
        "application/json",
        None,
        None,
    ]
    assert not any(name.startswith("on") for _, attributes in found.tags for name in attributes)
    sources = [
        value or "" for _, attributes in found.tags for key, value in attributes.items() if key in ("src", "href")
    ]
    assert all(value.startswith(("data:", "#")) for value in sources)
    assert found.text.count(HOSTILE) >= 4
    assert "a paper" in found.text


def test_a_word_that_is_no_study_and_a_file_that_states_none_are_refused(scenario: Path, capsys) -> None:
    text = scenario.read_text().replace("study: toy", "study: tay")
    scenario.with_name("wrong.yaml").write_text(text)
    with pytest.raises(SystemExit) as caught:
        main(["check", str(scenario.with_name("wrong.yaml"))])
    assert caught.value.code == 2
    assert "Nearest: toy" in capsys.readouterr().err


def test_a_range_that_does_not_hold_the_value_is_refused_with_its_line(scenario: Path, capsys) -> None:
    with pytest.raises(SystemExit):
        main(["check", str(scenario), "--set", "strong={value: 5, range: [1, 3]}"])
    assert "outside its own range" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("stated", "wrong"),
    [
        ("strong.range=[9, 1]", "ends below where it begins"),
        ("strong.range=[100, 200]", "outside its own range"),
        ("strong.range=[1 EUR, 9 EUR]", "strong"),
        ("strong.value=1000", "outside its own range"),
    ],
)
def test_a_range_or_a_value_that_was_set_is_refused_where_it_was_set(
    scenario: Path, capsys, stated: str, wrong: str
) -> None:
    with pytest.raises(SystemExit):
        main(["check", str(scenario), "--set", stated])
    said = capsys.readouterr().err
    assert wrong in said
    assert f"--set {stated}: " in said
    assert scenario.name not in said


def test_figures_of_a_study_are_drawn_in_dutch_with_their_data(tmp_path: Path, capsys) -> None:
    small = ["--set", "uncertainty.members=20", "--set", "uncertainty.ranking_samples=8"]
    main(["figures", "flanders-wind-farm", "-o", str(tmp_path), "--format", "svg", "--language", "nl", *small])
    written = capsys.readouterr().out.split()
    assert len(written) == 26
    assert all(Path(path).stat().st_size > 100 for path in written)
    assert "aandeel behouden" in (tmp_path / "jobs.svg").read_text()
    chain = (tmp_path / "value-chain.csv").read_text()
    assert chain.startswith("source,target,value,year,units\ninvestment,development,")


def test_figures_of_a_finished_study_are_drawn_again(scenario: Path, tmp_path: Path, capsys) -> None:
    main(["run", str(scenario), "-o", str(tmp_path / "run")])
    capsys.readouterr()
    main(["figures", str(tmp_path / "run"), "-o", str(tmp_path / "again"), "--format", "png"])
    assert len(capsys.readouterr().out.split()) == 4
    for name in ("path.png", "tornado.csv"):
        assert (tmp_path / "again" / name).read_bytes() == (tmp_path / "run" / "figures" / name).read_bytes()
    with pytest.raises(SystemExit):
        main(["figures", str(tmp_path / "run"), "--set", "strong=1"])
    assert "--set is for a study" in capsys.readouterr().err


def test_editors_get_the_schema_of_a_study(capsys) -> None:
    main(["schema", "flanders-wind-farm"])
    schema = json.loads(capsys.readouterr().out)
    assert "value_chain" in schema["anyOf"][0]["required"]
    with pytest.raises(SystemExit):
        main(["schema", "flanders-wind-fram"])
    assert "Nearest: flanders-wind-farm" in capsys.readouterr().err


@pytest.mark.usefixtures("unprinted_figures")
def test_a_study_of_ones_own_may_have_other_scenarios_markets_segments_and_years(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(
        "extends: flanders-wind-farm/study\n"
        "title: Mine\n"
        "description: What I think\n"
        "uncertainty: {members: 10, ranking_samples: 8}\n"
        "jobs: {target_year: 2019, target_jobs: 9000, markets: {forecast-2009: null}}\n"
        "scenarios: {keep: null, lose: null, win: null, drift: {odds_growth: 1 %/year}}\n"
        "reference_scenario: drift\n"
        "hindcast:\n"
        "  market: actual\n"
        "  counts: [{title: Mine, source: I counted, year: 2017, jobs: 5000, direct_share: 0.6}]\n"
        "value_chain:\n"
        "  supplies: {investment: {foundations: null}}\n"
        "  segments:\n"
        "    foundations: null\n"
        "    ports & piers:\n"
        "      {investment_weight: 0.2, operation_weight: 0.1, flemish_share: 0.3, test_site_relevance: 0.5}\n"
    )
    main(["run", str(tmp_path / "mine.yaml"), "-o", str(tmp_path / "run")])
    html = (tmp_path / "run" / "report.html").read_text()
    found = Elements()
    found.feed(html)
    for words in ("“drift”", "ports & piers", "Direct jobs in 2019", "9\N{NO-BREAK SPACE}000 jobs take"):
        assert words in found.text, words
    # The answer, and the method with its limits.
    answer = found.text.partition("Results, with uncertainty")[0].partition("Question")[2]
    answer += found.text.rpartition("Inputs, with source")[0].rpartition("Method")[2]
    # The years in which the test site opens and the public budget is repaid are results, whatever the target year.
    results = (
        r"\(\d{4} to \d{4}\)|(median year|opens it in) \d{4}|\d{4}(?=Public money paid back)|P10–P90: \d{4} – \d{4}"
    )
    answer = re.sub(results, "", answer)
    for words in ("2020", "foundations"):
        assert words not in answer, words
    assert "Hindcast" not in found.text
