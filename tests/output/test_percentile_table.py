"""The summary of an ensemble: an output a row, its percentiles and mean as columns, and nothing left out."""

import doctest

from testsite_sim.output import percentile_table
from testsite_sim.output.percentile_table import percentile_rows

ENDS = ("p5", "p50", "p95", "mean")


def entries(name: str, mark: str = "", units: str = "GWh") -> dict[str, dict[str, object]]:
    """Return what an ensemble states of an output."""
    return {f"{name}_{end}{mark}": {"value": k + 0.5, "units": units} for k, end in enumerate(ENDS)}


def test_the_examples_are_right() -> None:
    found = doctest.testmod(percentile_table)
    assert found.attempted > 0
    assert found.failed == 0


def test_every_figure_stands_in_one_row_or_is_left() -> None:
    summary = {"members": {"value": 8.0, "units": "count"}}
    summary |= entries("annual_energy_p90") | entries("wake_loss", "_at_0", "1") | entries("wake_loss", "_at_1", "1")
    summary |= {"annual_energy_p50": {"value": 3.0, "units": "GWh"}}  # a figure of one run, of no members
    summary |= {"annual_energy_p90_exceeded": {"value": 3.0, "units": "GWh"}}
    rows, left = percentile_rows(summary)
    assert left == ["members", "annual_energy_p50", "annual_energy_p90_exceeded"]
    assert [row[0] for row in rows[1:]] == ["annual_energy_p90", "wake_loss_at_0", "wake_loss_at_1"]
    assert rows[2][1:] == ("50", "150", "250", "350", "%")


def test_a_missing_number_and_a_missing_percentile_are_shown_as_such() -> None:
    summary = entries("rate", units="EUR/kg") | entries("cost")
    summary["rate_p5"]["value"] = None
    del summary["cost_p5"]
    rows, left = percentile_rows(summary)
    assert not left
    assert rows[1][1:3] == ("n/a", "1.5")
    assert rows[2][1:3] == ("", "1.5")
    assert rows[1][-1] == "EUR/kg"


def test_a_single_run_has_no_such_rows() -> None:
    assert percentile_rows({"energy": {"value": 1.0, "units": "GWh"}}) == ([], ["energy"])
