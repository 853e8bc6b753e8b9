"""One format of numbers wherever a summary is shown."""

import doctest
import json
from pathlib import Path

import pytest

import testsite_sim.output.formatting
import testsite_sim.output.results
from testsite_sim.output import number, shown
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
        (None, "EUR/kg", ("none", "")),
        (2023.0, "year", ("2023", "year")),
    ],
)
def test_a_value_is_shown_in_one_way(value: float | None, units: str, expected: tuple[str, str]) -> None:
    assert shown(value, units) == expected


@pytest.mark.parametrize("value", [0.00012345678, 0.99996, 9.99996, 99.9996, 999.96, 9999.6, 123456.7])
def test_no_number_shows_fewer_than_its_significant_figures(value: float) -> None:
    assert float(number(value).replace(",", "")) == pytest.approx(value, rel=5e-4)


def test_two_runs_are_compared_in_the_units_that_cards_show(tmp_path: Path) -> None:
    for name, loss, cost in (("a", 0.124, 8.5), ("b", 0.1245, None)):
        (tmp_path / name).mkdir()
        entries = {"wake_loss": {"value": loss, "units": "1"}, "cost": {"value": cost, "units": "EUR/kg"}}
        (tmp_path / name / "summary.json").write_text(json.dumps(entries))
    table = compare_runs(tmp_path / "a", tmp_path / "b").splitlines()
    assert table[1].split() == ["wake_loss", "12.4", "12.45", "+0.05", "+0.40", "%", "%"]
    assert table[2].split() == ["cost", "8.5", "none", "EUR/kg"]
