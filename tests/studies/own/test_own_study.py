"""A study of one's own, from the folder that the tutorial writes; the framework finds it by its path."""

import re
from pathlib import Path

import pytest

import testsite_sim as ts
from testsite_sim.cli import main
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.studies.framework.finding import find_study

TUTORIAL = Path(__file__).resolve().parents[3] / "docs" / "tutorials" / "own-study.md"
SMALL = {"uncertainty.members": 40, "uncertainty.ranking_samples": 16}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the files of the tutorial."""
    (tmp_path / "shore_power").mkdir()
    cells = re.findall(r"%%writefile (\S+)\n(.*?)\n```", TUTORIAL.read_text(encoding="utf-8"), re.DOTALL)
    assert len(cells) == 4
    for name, text in cells:
        (tmp_path / name).write_text(text + "\n", encoding="utf-8")
    return tmp_path


def test_a_folder_outside_the_package_is_a_study_with_report_and_figures(folder: Path) -> None:
    out = folder / "run"
    run = ts.load(str(folder / "shore-power.yaml"), SMALL).run(out)
    assert run.summary["gap_last"].units == "EUR/MWh"
    assert {"cost", "tornado"} <= set(run.figures)
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "lead market at the quay" in page
    assert "price of marine fuel" in page
    heads = re.findall(r"<h2[^>]*>([^<]+)", page)
    assert heads[:2] == ["Results, with uncertainty", "What would change the answer"]  # before all that they rest on


@pytest.mark.usefixtures("unprinted_figures")
def test_the_scenario_of_its_run_runs_again_to_the_same_numbers(folder: Path) -> None:
    first, second = folder / "first", folder / "second"
    ts.load(str(folder / "shore-power.yaml"), SMALL).run(first)
    ts.load(str(first / "scenario.yaml")).run(second)
    for name in ("summary.json", "scenario.yaml"):
        assert (first / name).read_bytes() == (second / name).read_bytes()


def test_it_speaks_the_language_asked_for(folder: Path) -> None:
    case = ts.load(str(folder / "shore-power.yaml"), {"language": "nl"})
    assert case.words["variable.cost"] == "Walstroom"
    (folder / "shore_power" / "text.nl.yaml").unlink()
    with pytest.raises(ConfigurationError, match=r"no text\.nl\.yaml"):
        ts.load(str(folder / "shore-power.yaml"), {"language": "nl"}).words  # noqa: B018 (read for its error)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("study: ./nowhere", r"study: './nowhere': there is no __init__\.py in"),
        ("study: shore-power", r"there is no study 'shore-power'"),
    ],
)
def test_what_is_no_study_is_refused_by_name(folder: Path, change: str, message: str) -> None:
    scenario = folder / "shore-power.yaml"
    scenario.write_text(scenario.read_text(encoding="utf-8").replace("study: ./shore_power", change), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=message):
        ts.load(str(scenario))


def test_a_folder_without_a_study_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "__init__.py").write_text("STUDIES = 1\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="defines no STUDY"):
        find_study("./empty", tmp_path, {})


def test_the_command_line_checks_it_and_refuses_a_wrong_value_by_its_line(folder: Path, capsys) -> None:
    scenario = folder / "shore-power.yaml"
    main(["check", str(scenario)])
    capsys.readouterr()
    scenario.write_text(scenario.read_text(encoding="utf-8").replace("4 MEUR", "4 MW"), encoding="utf-8")
    with pytest.raises(SystemExit) as leaving:
        main(["check", str(scenario)])
    assert leaving.value.code == 2
    error = capsys.readouterr().err
    assert "berths.capital" in error
    assert "Traceback" not in error


@pytest.mark.usefixtures("unprinted_figures")
def test_a_run_directory_that_brings_its_program_along_does_not_run_it(folder: Path) -> None:
    run = folder / "run"
    ts.load(str(folder / "shore-power.yaml"), SMALL).run(run)
    assert ts.open_run(run).figures
    (run / "shore_power").mkdir()
    (run / "shore_power" / "__init__.py").write_text(f"open({str(folder / 'ran')!r}, 'w')\n", encoding="utf-8")
    (folder / "link").symlink_to(folder / "shore_power")
    (folder / "parent.yaml").write_text("study: ./run/shore_power\n", encoding="utf-8")
    scenario = run / "scenario.yaml"
    text = scenario.read_text(encoding="utf-8")
    own = f"study: {(folder / 'shore_power').resolve()}"
    assert own in text
    for named in ("./shore_power", "../shore_power", str(run / "shore_power"), str(folder / "link"), "/proc/self/cwd"):
        scenario.write_text(text.replace(own, f"study: {named}"), encoding="utf-8")
        opened = ts.open_run(run)
        for use in (lambda opened=opened: opened.figures, lambda opened=opened: opened.export(folder / "a.csv", "csv")):
            with pytest.raises(ConfigurationError, match="a program that would run"):
                use()
        with pytest.raises(SystemExit):
            main(["figures", str(run), "-o", str(folder / "figures")])
    assert not (folder / "ran").exists()
