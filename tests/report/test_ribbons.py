"""Flows as ribbons: labels are legible whatever the nodes, their sizes and their names."""

from itertools import combinations, pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle

from testsite_sim.report import plant_flows as plant
from testsite_sim.report.ribbons import draw_ribbons
from testsite_sim.report.style import TWO_COLUMNS, new_figure

NAMES = ("wind", "from the fuel cell", "by-product hydrogen", "battery, lost and kept", "electrolysers")


def drawn(flows: pd.DataFrame, columns: list[list[str]], labels: dict[str, str]) -> Figure:
    figure = new_figure(TWO_COLUMNS, 3.6)
    draw_ribbons(figure.add_subplot(), flows, columns, {}, labels)
    figure.draw_without_rendering()
    return figure


def check_labels(figure: Figure) -> None:
    """Check that no label covers another or a node, and that all are within the figure."""
    (axes,) = figure.axes
    boxes = [text.get_window_extent() for text in axes.texts]
    for (one, first), (other, second) in combinations(zip(axes.texts, boxes, strict=True), 2):
        assert not first.overlaps(second), (one.get_text(), other.get_text())
    nodes = [patch.get_window_extent() for patch in axes.patches if isinstance(patch, Rectangle)]
    for text, box in zip(axes.texts, boxes, strict=True):
        assert not box.count_overlaps(nodes), text.get_text()
        assert box.x0 >= 0.0
        assert box.x1 <= figure.bbox.x1, text.get_text()
        assert box.y0 >= 0.0
        assert box.y1 <= figure.bbox.y1, text.get_text()


@st.composite
def networks(draw: st.DrawFn) -> tuple[pd.DataFrame, list[list[str]], dict[str, str]]:
    """Return flows, columns and labels; aimed at columns of many nodes of which most are too thin for their labels."""
    counts = draw(st.lists(st.integers(1, 9), min_size=2, max_size=6))
    columns = [[f"{number}.{k}" for k in range(count)] for number, count in enumerate(counts)]
    rows = []
    for left, right in pairwise(columns):
        for k in range(max(len(left), len(right))):
            size = 10.0 ** draw(st.integers(-4, 2))
            rows.append((left[min(k, len(left) - 1)], right[min(k, len(right) - 1)], size))
    labels = {node: f"{draw(st.sampled_from(NAMES))}\n0.0123 GWh" for column in columns for node in column}
    return pd.DataFrame(rows, columns=["source", "target", "value"]), columns, labels


@settings(max_examples=60, deadline=None)
@given(networks())
def test_no_label_covers_another_or_a_node(network: tuple[pd.DataFrame, list[list[str]], dict[str, str]]) -> None:
    check_labels(drawn(*network))


def test_every_node_of_a_plant_at_once_is_legible() -> None:
    rows = [(each, "electricity", 1e-3) for each in plant.COLUMNS[0]]
    rows += [("electricity", each, 1e-3) for each in plant.COLUMNS[2] if each != "by-product"]
    rows += [("by-product", "hydrogen", 5.0)]
    rows += [("electrolysers", each, 1e-3) for each in plant.COLUMNS[3]]
    rows += [("hydrogen", each, 1e-3) for each in plant.COLUMNS[4]] + [
        ("fuel cell", each, 1e-3) for each in plant.COLUMNS[5]
    ]
    labels = {node: f"{name}\n0.00123 GWh" for node, name in plant.NAMES.items()}
    flows = pd.DataFrame(rows, columns=["source", "target", "value"])
    check_labels(drawn(flows, [list(column) for column in plant.COLUMNS], labels))


def test_a_label_breaks_only_between_words() -> None:
    flows = pd.DataFrame([(f"{k}", f"{k + 1}", 1.0) for k in range(6)], columns=["source", "target", "value"])
    name = "hydrogen for the vehicles of the distribution centre"
    figure = drawn(flows, [[f"{k}"] for k in range(7)], {f"{k}": name for k in range(7)})
    for text in figure.axes[0].texts:
        assert "\n" in text.get_text()
        assert text.get_text().replace("\n", " ") == name
    check_labels(figure)


def test_ribbons_are_as_wide_as_their_flows() -> None:
    values = [3.0, 1.0, 0.5]
    flows = pd.DataFrame(
        [("a", f"to {k}", value) for k, value in enumerate(values)], columns=["source", "target", "value"]
    )
    figure = drawn(flows, [["a"], ["to 0", "to 1", "to 2"]], {})
    ribbons = [patch for patch in figure.axes[0].patches if isinstance(patch, PathPatch)]
    heights = [float(np.ptp(ribbon.get_path().vertices[[0, -2], 1])) for ribbon in ribbons]
    np.testing.assert_allclose(np.array(heights) / heights[0], np.array(values) / values[0])
    nodes = [patch for patch in figure.axes[0].patches if isinstance(patch, Rectangle)]
    assert nodes[0].get_height() == pytest.approx(sum(heights))
