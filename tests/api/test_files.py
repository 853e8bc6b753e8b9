"""The files of a case: each is parsed once, and again when it has changed."""

import os
from collections import Counter
from pathlib import Path

import pytest

import testsite_sim as ts
from tests.api.short import NAME, SHORT
from testsite_sim.cli import main
from testsite_sim.configuration import yaml_loader


def test_a_file_that_has_changed_is_read_again_by_the_same_case(tmp_path: Path) -> None:
    # A notebook corrects its layout and runs the cell again: within a tick of the clock, and as long as before.
    path, case = tmp_path / "layout.csv", ts.load(NAME, SHORT)
    for east in (1000, 2000):
        path.write_text(f"type,x,y\niea-10mw,0,0\niea-10mw,{east},0\n")
        os.utime(path, ns=(0, 0))
        assert case.changed({"farm": path}).scenario.farm.groups["layout"].x == (0.0, float(east))


def test_a_linked_file_has_its_own_name_however_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kept.csv").write_text("type,x,y\niea-10mw,0,0\n")
    (tmp_path / "link.csv").symlink_to("kept.csv")
    (tmp_path / "own.yaml").write_text(f"extends: {NAME}\nfarm: link.csv\n")
    monkeypatch.chdir(tmp_path)
    cases = ts.load("own.yaml", SHORT), *(ts.load(NAME, {**SHORT, "farm": each("link.csv")}) for each in (str, Path))
    assert [list(each.scenario.farm.groups) for each in cases] == 3 * [["link"]]


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> Counter:
    """Count how often each file is parsed."""
    found: Counter[str] = Counter()
    parse = yaml_loader.parse_document

    def counting(text: str, origin: str, include=None):
        if origin.endswith(".yaml"):
            found[origin] += 1
        return parse(text, origin, include)

    monkeypatch.setattr(yaml_loader, "parse_document", counting)
    monkeypatch.setattr(yaml_loader, "_parsed", counting)  # what a process has kept is not counted as parsed
    return found


@pytest.mark.parametrize("name", ["waterstof/balancing-single-2020", "flanders-wind-farm/study"])
def test_a_case_parses_each_of_its_files_once(parsed: Counter, name: str) -> None:
    ts.load(name)
    assert len(parsed) > 1
    assert set(parsed.values()) == {1}


@pytest.mark.usefixtures("unprinted_figures")
def test_a_run_parses_its_scenario_once(parsed: Counter, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(f"extends: {NAME}\ntitle: mine\n")
    sets = [f"--set={key}={'null' if value is None else value}" for key, value in SHORT.items()]
    main(["run", str(tmp_path / "mine.yaml"), "-o", str(tmp_path / "run"), *sets])
    assert parsed[str(tmp_path / "mine.yaml")] == 1
    assert {name for name, count in parsed.items() if count > 1} == set()


def test_the_points_of_a_sweep_parse_no_file_again(parsed: Counter) -> None:
    swept = ts.load(NAME, SHORT).sweep({"plant.electrolysers.0.capacity": ["5 MW", "10 MW", "20 MW"]})
    assert swept.plan.points == 3
    assert set(parsed.values()) == {1}
