"""Runs whose money, discount rates or years are unlike are said to be so, in the terminal, in JSON and on the page."""

from pathlib import Path

import pytest
import xarray as xr

from testsite_sim.cases.study import read_study
from testsite_sim.configuration.writing import to_yaml
from testsite_sim.output.phrases import Phrases
from testsite_sim.report.compare import compare_runs, comparison
from testsite_sim.report.comparison_page import ComparedRun, write_comparison
from testsite_sim.report.unlike_bases import unlike_bases

SUMMARY = '{"cost": {"value": 2.0, "units": "EUR", "description": "cost"}}'
ONE = "prices:\n  year: 2025\nreturns:\n  discount_rate: {value: 4 %/year, source: x}\noutlook:\n  last_year: 2050\n"


def folder(path: Path, scenario: str) -> Path:
    path.mkdir()
    (path / "summary.json").write_text(SUMMARY)
    (path / "scenario.yaml").write_text(scenario)
    return path


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (ONE.replace("2025", "2020"), "Prices differ: money is in euros of 2025 in A, of 2020 in B;"),
        (ONE.partition("returns")[1] + ONE.partition("returns")[2], "of 2025 in A, of no stated year in B;"),
        (ONE.replace("4 %", "3 %"), "Discount rates differ: returns.discount_rate 4 %/year (A), 3 %/year (B);"),
        (ONE.replace("2050", "2040"), "Years differ: outlook.last_year 2050 (A), 2040 (B);"),
    ],
)
def test_what_is_unlike_is_said_in_a_sentence(changed: str, said: str) -> None:
    found = unlike_bases([ONE, changed], ["A", "B"], Phrases())
    assert len(found) == 1
    assert said in found[0]
    assert unlike_bases([ONE, changed], ["A", "B"], Phrases("nl")) != found


def test_weather_of_other_hours_is_said() -> None:
    """The fault: a week next to a year, and January next to July, were compared without a word."""
    year = "weather:\n  record: mast.csv\n  repairs: []\noperations:\n  certification:\n    record: sea\n"
    week = year.replace("  repairs", "  start: '2023-01-01'\n  end: '2023-01-08'\n  repairs")
    (said,) = unlike_bases([year, week], ["A", "B"], Phrases())
    assert said.startswith("Weather differs: weather.start – (A), '2023-01-01' (B); weather.end – (A), ")
    assert unlike_bases([week, week], ["A", "B"], Phrases()) == []
    (said,) = unlike_bases([week, week.replace("mast", "other")], ["A", "B"], Phrases("nl"))
    assert said.startswith("Weer verschilt: weather.record mast.csv (A), other.csv (B); ")


def test_like_runs_and_runs_without_a_scenario_have_nothing_to_say() -> None:
    assert unlike_bases([ONE, ONE], ["A", "B"], Phrases()) == []
    assert unlike_bases(["", ""], ["A", "B"], Phrases()) == []
    other = "prices:\n  year: 2025\nindustry:\n  discount_rate: {value: 7 %/year}\nhorizons:\n  one:\n    end: 2050\n"
    assert unlike_bases([ONE, other], ["A", "B"], Phrases()) == []  # of another study, which has other amounts


@pytest.mark.parametrize(
    ("scenario", "overrides"),
    [
        ("flanders-wind-farm/study", ["prices.year=2020", "outlook.last_year=2045"]),
        ("waterstof/study", ["prices.year=2020", "horizons.to-2050.end=2049"]),
    ],
)
def test_scenarios_as_runs_write_them_are_read(scenario: str, overrides: list[str]) -> None:
    texts = [to_yaml(read_study(scenario, each).configuration) for each in ([], overrides)]
    prices, years = unlike_bases(texts, ["A", "B"], Phrases())
    assert "of 2025 in A, of 2020 in B" in prices
    assert "2050 (A)" in years


def test_the_terminal_the_json_and_the_page_say_it(tmp_path: Path) -> None:
    other = ONE.replace("2025", "2020")
    folders = [folder(tmp_path / name, text) for name, text in (("one", ONE), ("two", other))]
    printed = compare_runs(*folders)
    assert printed.startswith(f"Prices differ: money is in euros of 2025 in {folders[0]}, of 2020 in {folders[1]};")
    assert comparison(*folders)["unlike"][0] in printed
    entries = {"cost": {"value": 2.0, "units": "EUR", "description": "cost"}}
    runs = [
        ComparedRun(f"{at}", at.name, entries, xr.DataTree(), text)
        for at, text in zip(folders, (ONE, other), strict=True)
    ]
    assert "Prices differ: money is in euros of 2025 in A, of 2020 in B;" in write_comparison(runs)
    assert "Prices differ" not in compare_runs(folders[0], folders[0])
