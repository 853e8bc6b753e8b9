"""One style for all figures: sizes, colours that also differ in grey, and the same bytes for the same data."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

LAYOUT_PASSES = 2  # the first one finds room for labels, the second settles it
ONE_COLUMN, TWO_COLUMNS = 3.5, 7.2  # the two widths of figures [inch]
# Okabe and Ito's colours (2008), safe for the colour-blind, chosen and ordered so that they differ in lightness too.
DARK_BLUE = "#0b3c6f"
VERMILION = "#d55e00"
SKY_BLUE = "#56b4e9"
YELLOW = "#f0e442"
GREY = "#767676"
LIGHT_GREY = "#d0d0d0"
SEQUENTIAL = "cividis"
# Uses of the power: variable, label, colour, hatch.
USES_OF_POWER = (
    ("power_exported", "exported", SKY_BLUE, ""),
    ("power_electrolysers", "electrolysers", DARK_BLUE, ""),
    ("power_curtailed", "curtailed", LIGHT_GREY, "////"),
)

SETTINGS: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 8.0,
    "axes.titlesize": 9.0,
    "axes.labelsize": 8.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#e3e3e3",
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "legend.frameon": False,
    "legend.fontsize": 7.5,
    "lines.linewidth": 1.2,
    "figure.dpi": 100,
    "savefig.dpi": 160,
    "svg.fonttype": "none",
    "hatch.linewidth": 0.6,
    "hatch.color": "#404040",
    "text.parse_math": False,  # names come from users: a dollar sign in them is a dollar sign
}


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure of one of the two widths, in inches, with constrained layout, drawn without pyplot.

    Raises
    ------
    ValueError
        When the width is not that of one column or of two.
    """
    if width not in (ONE_COLUMN, TWO_COLUMNS):
        raise ValueError(f"the width of a figure is {ONE_COLUMN} or {TWO_COLUMNS} inch, not {width}")
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def save(figure: Figure, folder: Path, name: str, formats: Sequence[str]) -> list[Path]:
    """Write a figure in every format, without dates or random identifiers; its layout is the same in all of them."""
    with matplotlib.rc_context(SETTINGS):
        for _ in range(LAYOUT_PASSES):
            figure.draw_without_rendering()
        figure.set_layout_engine("none")
    paths = []
    for form in formats:
        path = folder / f"{name}.{form}"
        metadata: dict[str, str | None] = {"svg": {"Date": None, "Creator": None}, "pdf": {"CreationDate": None}}.get(
            form, {"Software": None}
        )  # type: ignore[assignment]
        with matplotlib.rc_context({**SETTINGS, "svg.hashsalt": name}):
            figure.savefig(path, format=form, metadata=metadata)
        paths.append(path)
    return paths
