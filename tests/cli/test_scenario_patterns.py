"""Scenarios by patterns: which names they stand for, in which order, and what is said where they match none."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from testsite_sim.cli import main
from testsite_sim.cli.scenario_patterns import expanded
from testsite_sim.configuration.catalogue import names

TEST_SITE, STATION, BATTERY = "flanders-wind-farm/test-site", "waterstof/halle-station", "waterstof/halle-battery"


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (["waterstof/halle-*"], [BATTERY, STATION]),
        (["*/test-s?te"], [TEST_SITE]),
        (["waterstof/halle-[!a-m]*"], [STATION]),
        ([STATION, "waterstof/halle-*"], [STATION, BATTERY]),  # what is there is not repeated
        (["waterstof/halle-*", STATION, TEST_SITE], [BATTERY, STATION, TEST_SITE]),
        (["*/*-battery", "waterstof/halle*"], [BATTERY, STATION]),
        ([STATION, STATION, "*/halle-station"], [STATION, STATION]),  # refused later on
        (["*/*"], names("scenarios")),
    ],
)
def test_a_pattern_stands_for_the_names_it_matches(stated: list[str], expected: list[str]) -> None:
    assert expanded(stated) == (expected, [])


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine[1].yaml").touch()
    assert expanded(["mine[1].yaml"]) == (["mine[1].yaml"], [])


@pytest.mark.parametrize("command", ["run", "compile"])
def test_patterns_that_match_nothing_are_refused_with_what_is_near(
    command: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as caught:
        main([command, "waterstof/hale-*", "hall*", "mine/*.yaml"])
    first, second, third = capsys.readouterr().err.splitlines()
    assert caught.value.code == 2
    assert "no scenario matches 'waterstof/hale-*'. Nearest: waterstof/halle-" in first
    assert "'hall*': names have two parts, FOLDER/NAME; '*/*' are all of them" in second
    assert "no file is called 'mine/*.yaml'" in third
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="paths of it differ")
def test_a_pattern_of_one_scenario_is_run_as_several_are(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "out" / TEST_SITE).mkdir(parents=True)
    (tmp_path / "out" / TEST_SITE / "notes.txt").touch()
    with pytest.raises(SystemExit):
        main(["run", "*/test-site", "-o", "out"])  # `-o` holds the run directory, and is none
    assert f"out/{TEST_SITE}: exists already" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["run", "*/test-site", "--members", "3"])
    assert "--members is for an ensemble of one scenario" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("run waterstof/hal", [BATTERY, STATION]),
        (f"run {STATION} waterstof/hal", [BATTERY]),
        ("run waterstof/halle-b* waterstof/hal", [STATION]),
    ],
)
def test_completion_offers_what_is_not_named_yet(
    words: str, expected: list[str], completed: Callable[[str], list[str]]
) -> None:
    assert completed(words) == [f"plain,{name}" for name in expected]
