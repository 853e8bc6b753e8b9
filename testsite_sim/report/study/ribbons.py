"""Flows between columns of nodes, as ribbons whose width is their size (Sankey, 1898)."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

NODE_WIDTH = 0.03  # of the axes
GAP = 0.035  # between nodes, of the height


def draw_ribbons(
    axes: Axes,
    flows: pd.DataFrame,
    columns: Sequence[Sequence[str]],
    colours: Mapping[str, str],
    labels: Mapping[str, str],
) -> None:
    """Draw flows between nodes in columns.

    Parameters
    ----------
    axes : matplotlib Axes
        Emptied of its frame.
    flows : pandas.DataFrame
        Columns source, target, value; between neighbouring columns.
    columns : sequence of sequence of str
        The nodes of each column from top to bottom, left to right.
    colours : mapping of str to str
        Of nodes; a ribbon has the colour of its target, or of its source where the target has none.
    labels : mapping of str to str
        Text beside a node.
    """
    sizes = {
        node: max(flows.loc[flows["source"] == node, "value"].sum(), flows.loc[flows["target"] == node, "value"].sum())
        for column in columns
        for node in column
    }
    most = max(len(column) for column in columns)
    scale = (1.0 - GAP * (most - 1)) / max(sum(sizes[node] for node in column) for column in columns)
    places: dict[str, tuple[float, float]] = {}
    for number, column in enumerate(columns):
        x = number / (len(columns) - 1) * (1.0 - NODE_WIDTH)
        free = 1.0 - scale * sum(sizes[node] for node in column)
        gap = free / (len(column) + 1) if len(column) < most else free / max(len(column) - 1, 1)
        top = 1.0 - (gap if len(column) < most else 0.0)
        for node in column:
            height = scale * sizes[node]
            places[node] = (x, top)
            axes.add_patch(Rectangle((x, top - height), NODE_WIDTH, height, color=colours.get(node, "#404040"), lw=0))
            left = number == len(columns) - 1
            axes.text(
                x - 0.012 if left else x + NODE_WIDTH + 0.012, top - height / 2.0, labels.get(node, node),
                ha="right" if left else "left", va="center", fontsize=7, zorder=3,
            )  # fmt: skip
            top -= height + gap
    used: dict[tuple[str, str], float] = {}
    for source, target, size in flows[["source", "target", "value"]].itertuples(index=False):
        height = scale * size
        x0, y0 = places[source][0] + NODE_WIDTH, places[source][1] - used.get((source, "out"), 0.0)
        x1, y1 = places[target][0], places[target][1] - used.get((target, "in"), 0.0)
        used[source, "out"] = used.get((source, "out"), 0.0) + height
        used[target, "in"] = used.get((target, "in"), 0.0) + height
        middle = (x0 + x1) / 2.0
        corners = [(x0, y0), (middle, y0), (middle, y1), (x1, y1), (x1, y1 - height), (middle, y1 - height),
                   (middle, y0 - height), (x0, y0 - height), (x0, y0)]  # fmt: skip
        codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
        colour = colours.get(target, colours.get(source, "#767676"))
        axes.add_patch(PathPatch(Path(np.array(corners), codes), facecolor=colour, alpha=0.45, linewidth=0))
    axes.set(xlim=(0.0, 1.0), ylim=(-0.005, 1.005))
    axes.axis("off")
