"""The waterfall of losses and the cash flow add up to what the run gave."""

from itertools import pairwise

import numpy as np
import pytest
import xarray as xr

import testsite_sim as ts
from testsite_sim.report.cash_flow import cash_table
from testsite_sim.report.losses import draw_losses, losses_table


def test_gross_less_all_losses_is_net(run: ts.Run) -> None:
    table = losses_table(run.results)
    left = table["energy_left"].to_numpy()
    assert left[0] - float(table["energy_lost"].sum()) == pytest.approx(left[-1], rel=1e-12)
    assert left[-1] == pytest.approx(float(run.results["losses"].attrs["net"]) / 3.6e12, rel=1e-9)


def test_an_axis_of_losses_that_does_not_begin_at_zero_says_so(run: ts.Run) -> None:
    axes = draw_losses(run.results)[0].axes[0]
    assert axes.get_ylim()[0] > 0.0
    assert axes.get_ylabel() == "energy, not from zero [GWh]"


def test_the_parts_of_the_cash_flow_are_the_cash_flow(run: ts.Run) -> None:
    economics = run.results["economics"].to_dataset()
    table = cash_table(economics)
    parts = [name for name in table.data_vars if name not in ("cash_flow", "running_sum")]
    total = np.sum([table[name].to_numpy() for name in parts], axis=0)
    np.testing.assert_allclose(total, economics["cash_flow"].to_numpy() / 1e6, rtol=0, atol=1e-9)
    # What is not named is small next to what is: the figure does not hide a cost under another name.
    assert np.abs(table["other"].to_numpy()).max() <= 0.05 * np.abs(table["capital"].to_numpy()).max()


def test_both_are_figures_of_a_run(run: ts.Run) -> None:
    assert {"losses", "cash-flow"} <= set(run.figures)


def test_names_of_many_losses_do_not_overlap() -> None:
    terms = [
        "storms",
        "wakes",
        "neighbours",
        "availability",
        "performance",
        "environmental",
        "electrical",
        "curtailment",
    ]
    after = 3.6e15 * (1.0 - 0.02 * np.arange(1, len(terms) + 1))
    losses = xr.Dataset({"energy_after": ("term", after)}, {"term": terms}, {"gross": 3.6e15, "net": after[-1]})
    figure, _ = draw_losses(xr.DataTree.from_dict({"losses": losses}))
    figure.canvas.draw()
    boxes = [label.get_window_extent() for label in figure.axes[0].get_xticklabels()]
    names = [label.get_text().strip() for label in figure.axes[0].get_xticklabels()]
    assert names == ["gross", *terms, "net"]
    texts = [boxes[0::2], boxes[1::2]]  # every other one stands a line lower
    assert all(a.x1 < b.x0 for row in texts for a, b in pairwise(row))
    assert any(a.x1 > b.x0 for a, b in pairwise(boxes))  # in one line they would
