"""Flows between columns of nodes, as ribbons whose width is their size (Sankey, 1898)."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.text import Text

NODE_WIDTH = 0.022  # of the axes
PAD = 0.008  # between a node and its label, and between a label and the next column, of the axes
GAPS = 0.2  # of the height of the fullest column, between its nodes and around them
LABELS = 0.5  # of the height: what the labels of a column take at most; a figure with more of them grows
LINE = 1.15  # height of a label's slot, in heights of its text
BACK = {"facecolor": "white", "alpha": 0.5, "edgecolor": "none", "pad": 0.5}  # behind labels: lines may cross them
STEPS = 50  # of the bisection of the scale


def draw_ribbons(
    axes: Axes,
    flows: pd.DataFrame,
    columns: Sequence[Sequence[str]],
    colours: Mapping[str, str],
    labels: Mapping[str, str],
) -> None:
    """Draw flows between nodes in columns; no two labels overlap, and none reaches a node of the next column.

    A label stands to the right of its node, broken between words to fit the space before the next column. Every node
    has a slot as high as the node or its label, whichever is higher; the scale of the flows is the largest with which
    the slots of every column fit into the axes.

    Parameters
    ----------
    axes : matplotlib Axes
        Emptied of its frame; its figure grows where the labels of a column need more than half of the height. Titles
        and labels of the figure are to be set before.
    flows : pandas.DataFrame
        Columns source, target, value; between neighbouring columns.
    columns : sequence of sequence of str
        The nodes of each column from top to bottom, left to right.
    colours : mapping of str to str
        Of nodes; a ribbon has the colour of its target, or of its source where the target has none.
    labels : mapping of str to str
        Text next to a node.
    """
    sizes = {
        node: max(float(flows.loc[flows[end] == node, "value"].sum()) for end in ("source", "target"))
        for column in columns
        for node in column
    }
    axes.set(xlim=(0.0, 1.0), ylim=(0.0, 1.0))
    axes.axis("off")
    texts = {
        node: axes.text(0.0, 0.5, labels.get(node, node), ha="left", va="center", fontsize=7, zorder=3, bbox=BACK)
        for column in columns
        for node in column
    }
    left, heights = _fit_labels(axes, columns, texts)
    tallest = max(sum(heights[node] for node in column) for column in columns)
    if tallest > LABELS:
        figure = _figure_of(axes)
        figure.set_figheight(figure.get_figheight() * tallest / LABELS)
        left, heights = _fit_labels(axes, columns, texts)
    scale = _largest_scale(columns, sizes, heights)
    places: dict[str, tuple[float, float]] = {}
    for x, column in zip(left, columns, strict=True):
        slots = [max(scale * sizes[node], heights[node]) for node in column]
        gap = (1.0 - sum(slots)) / (len(column) + 1)
        top = 1.0 - gap
        for node, slot in zip(column, slots, strict=True):
            height, middle = scale * sizes[node], top - slot / 2.0
            places[node] = (x, middle + height / 2.0)
            colour = colours.get(node, "#404040")
            axes.add_patch(Rectangle((x, middle - height / 2.0), NODE_WIDTH, height, color=colour, lw=0))
            texts[node].set_position((x + NODE_WIDTH + PAD, middle))
            top -= slot + gap
    _draw_flows(axes, flows, places, scale, colours)


def _figure_of(axes: Axes) -> Figure:
    """Return the figure that axes belong to."""
    figure = axes.get_figure(root=True)
    if figure is None:
        raise ValueError("ribbons are drawn in axes of a figure")
    return figure


def _fit_labels(
    axes: Axes, columns: Sequence[Sequence[str]], texts: Mapping[str, Text]
) -> tuple[list[float], dict[str, float]]:
    """Break the labels to fit before the next column; return the left edge of every column and heights of labels."""
    figure = _figure_of(axes)
    figure.draw_without_rendering()  # settles where the axes are
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    box = axes.get_window_extent(renderer)
    # The labels of the last column take at most what every other column has, and no more than they need.
    most = 1.0 / len(columns)
    for node in columns[-1]:
        _wrap(texts[node], renderer, (most - NODE_WIDTH - 2.0 * PAD) * box.width)
    last = max(texts[node].get_window_extent(renderer).width for node in columns[-1]) / box.width
    pitch = (1.0 - last - PAD - NODE_WIDTH) / max(len(columns) - 1, 1)
    for column in columns[:-1]:
        for node in column:
            _wrap(texts[node], renderer, (pitch - NODE_WIDTH - 2.0 * PAD) * box.width)
    heights = {node: LINE * text.get_window_extent(renderer).height / box.height for node, text in texts.items()}
    return [number * pitch for number in range(len(columns))], heights


def _wrap(text: Text, renderer: RendererAgg, most: float) -> None:
    """Break a label between words so that no line is wider than `most` pixels, where its words allow it."""
    lines: list[str] = []
    for written in text.get_text().split("\n"):
        line = ""
        for word in written.split(" "):
            longer = f"{line} {word}" if line else word
            text.set_text(longer)
            if line and text.get_window_extent(renderer).width > most:
                lines.append(line)
                longer = word
            line = longer
        lines.append(line)
    text.set_text("\n".join(lines))


def _largest_scale(columns: Sequence[Sequence[str]], sizes: Mapping[str, float], heights: Mapping[str, float]) -> float:
    """Return the largest scale of flows with which the slots of every column fit, by bisection."""

    def fits(scale: float) -> bool:
        return all(sum(max(scale * sizes[node], heights[node]) for node in column) <= 1.0 - GAPS for column in columns)

    low, high = 0.0, 1.0 / max(sizes.values())
    for _ in range(STEPS):
        middle = (low + high) / 2.0
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low


def _draw_flows(
    axes: Axes, flows: pd.DataFrame, places: Mapping[str, tuple[float, float]], scale: float, colours: Mapping[str, str]
) -> None:
    """Draw the ribbons between nodes whose upper left corners are known."""
    used: dict[tuple[str, str], float] = {}
    for source, target, size in flows[["source", "target", "value"]].itertuples(index=False):
        height = scale * size
        x0, y0 = places[source][0] + NODE_WIDTH, places[source][1] - used.get((source, "out"), 0.0)
        x1, y1 = places[target][0], places[target][1] - used.get((target, "in"), 0.0)
        used[source, "out"] = used.get((source, "out"), 0.0) + height
        used[target, "in"] = used.get((target, "in"), 0.0) + height
        middle = (x0 + x1) / 2.0
        upper = [(x0, y0), (middle, y0), (middle, y1), (x1, y1)]
        lower = [(x1, y1 - height), (middle, y1 - height), (middle, y0 - height), (x0, y0 - height)]
        codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
        colour = colours.get(target, colours.get(source, "#767676"))
        path = Path(np.array([*upper, *lower, (x0, y0)]), codes)
        axes.add_patch(PathPatch(path, facecolor=colour, alpha=0.45, linewidth=0))
