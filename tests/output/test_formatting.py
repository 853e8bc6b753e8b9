"""One format of numbers wherever a summary is shown."""

import doctest
import json
import re
from pathlib import Path

import pytest

import testsite_sim.output.formatting
import testsite_sim.output.results
from testsite_sim.output import number, shown, summary_lines
from testsite_sim.report.compare import compare_runs


@pytest.mark.parametrize("module", [testsite_sim.output.formatting, testsite_sim.output.results])
def test_the_examples_hold(module) -> None:
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    ("value", "units", "expected"),
    [
        (0.4994, "1", ("49.94", "%")),
        (0.02027, "1", ("2.027", "%")),
        (2.06e-5, "1", ("0.00206", "%")),
        (-0.769, "1", ("-76.9", "%")),
        (1.9e-16, "1", ("1.9e-16", "")),
        (7146.4, "h", ("7,146", "h")),
        (999.96, "h", ("1,000", "h")),
        (123456789.0, "EUR", ("123,456,789", "EUR")),
        (-0.00001, "MW", ("-1.0e-05", "MW")),
        (0.0, "t", ("0", "t")),
        (12.0, "count", ("12", "")),
        (None, "EUR/kg", ("n/a", "")),
        (2023.0, "year", ("2023", "")),
        (1.435, "1/year", ("1.435", "per year")),
        (1.0, "day", ("1", "day")),
        (162.0, "day", ("162", "days")),
        (13.59, "month", ("13.59", "months")),
    ],
)
def test_a_value_is_shown_in_one_way(value: float | None, units: str, expected: tuple[str, str]) -> None:
    assert shown(value, units) == expected


@pytest.mark.parametrize("value", [0.0, 1.9e-16, 3e-7])
def test_a_residual_is_never_a_percentage(value: float) -> None:
    assert shown(value, "1", name="energy_balance_residual")[1] == ""


@pytest.mark.parametrize("value", [0.00012345678, 0.99996, 9.99996, 99.9996, 999.96, 9999.6, 123456.7])
def test_no_number_shows_fewer_than_its_significant_figures(value: float) -> None:
    assert float(number(value).replace(",", "")) == pytest.approx(value, rel=5e-4)


def test_the_lines_of_a_summary_stand_in_columns_and_state_no_odd_unit() -> None:
    entries = {
        "annual_energy_production": (334.6, "GWh"),
        "scaling_error_energy": (None, "1"),
        "price_year": (2023.0, "year"),
        "hydrogen_balance_residual": (0.0, "1"),
        "prototypes_per_year": (1.435, "1/year"),
        "installation_weather_downtime_conventional": (0.1945, "1"),
        "net_present_value": (-1_126_699_699.0, "EUR"),
        "jobs_open": (417.0, "count"),
    }
    lines = summary_lines({name: {"value": value, "units": units} for name, (value, units) in entries.items()})
    ends = [re.match(r"  \S+ +\S+", line).end() for line in lines]
    assert len(set(ends)) == 1
    assert [line[ends[0] :].strip() for line in lines] == ["GWh", "", "", "", "per year", "%", "EUR", ""]
    assert [line.split()[1] for line in lines] == [
        "334.6",
        "n/a",
        "2023",
        "0",
        "1.435",
        "19.45",
        "-1,126,699,699",
        "417",
    ]


def test_two_runs_are_compared_in_the_units_that_cards_show(tmp_path: Path) -> None:
    for name, loss, cost in (("a", 0.124, 8.5), ("b", 0.1245, None)):
        (tmp_path / name).mkdir()
        entries = {"wake_loss": {"value": loss, "units": "1"}, "cost": {"value": cost, "units": "EUR/kg"}}
        (tmp_path / name / "summary.json").write_text(json.dumps(entries))
    table = compare_runs(tmp_path / "a", tmp_path / "b").splitlines()
    assert table[1].split() == ["wake_loss", "12.4", "12.45", "+0.05", "+0.40", "%", "%"]
    assert table[2].split() == ["cost", "8.5", "n/a", "EUR/kg"]


def test_two_runs_of_a_dutch_study_are_compared_in_dutch(tmp_path: Path) -> None:
    for name, cost, language in (("a", 1234.5, "nl"), ("b", 2000.25, "nl"), ("c", 1.0, "en")):
        (tmp_path / name).mkdir()
        entry = {"value": cost, "units": "million EUR/year", "description": "Kost aan de pomp (P50)"}
        (tmp_path / name / "summary.json").write_text(json.dumps({"nozzle_cost": entry}))
        (tmp_path / name / "scenario.yaml").write_text(f"study: x\nlanguage: {language}\n")
    head, row = compare_runs(tmp_path / "a", tmp_path / "b").splitlines()
    assert head.split()[-2:] == ["verschil", "eenheid"]
    assert row.split("  ")[0] == "Kost aan de pomp (P50)"
    assert "1\N{NO-BREAK SPACE}234,5" in row
    assert "+765,75  +62,03 %  miljoen EUR/jaar" in row
    english = compare_runs(tmp_path / "a", tmp_path / "c")  # two languages
    assert {"nozzle_cost", "1,234.5", "difference"} <= set(english.split())
