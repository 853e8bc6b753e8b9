"""One style for all figures: sizes, colours that also differ in grey, and the same bytes for the same data."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import ScalarFormatter

from testsite_sim.common.drawing_library import printing, reading_fonts

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


class _MarkedFormatter(ScalarFormatter):
    """The usual numbers of an axis with another decimal mark."""

    mark = "."

    def __call__(self, x: float, pos: int | None = None) -> str:
        """Return the text of a tick."""
        return str(super().__call__(x, pos)).replace(".", self.mark)


def with_decimal_mark(figure: Figure, mark: str) -> Figure:
    """Return a figure whose axes write their numbers with a decimal mark; axes with texts of their own keep them."""
    if mark == ".":
        return figure
    for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
        formatter = axis.get_major_formatter()
        if type(formatter) is ScalarFormatter:
            marked = _MarkedFormatter()
            vars(marked).update(vars(formatter))
            marked.mark = mark
            axis.set_major_formatter(marked)
    return figure


def save(figure: Figure, folder: Path, name: str, formats: Sequence[str]) -> list[Path]:
    """Write a figure in every format, without dates or random identifiers; its layout is the same in all of them.

    Parameters
    ----------
    figure : matplotlib Figure
        It is laid out by this.
    folder : Path
        Where to write.
    name : str
        Of the files, and what their identifiers are made of.
    formats : sequence of str
        Of svg, png, pdf.

    Raises
    ------
    ValueError
        When the format is none of them.
    """
    paths = []
    for file, content in printed(figure, name, formats).items():
        paths.append(folder / file)
        paths[-1].write_bytes(content)
    return paths


def printed(figure: Figure, name: str, formats: Sequence[str]) -> dict[str, bytes]:
    """Return the files of a figure in every format, by their names; see `save`.

    The canvases print it themselves: `Figure.savefig` would draw it once more for every format, to no effect.
    """
    files = {}
    with reading_fonts(), printing():
        with matplotlib.rc_context(SETTINGS):
            engine = figure.get_layout_engine()
            if engine is not None:
                for _ in range(LAYOUT_PASSES):
                    engine.execute(figure)
            figure.set_layout_engine("none")
        for form in formats:
            with matplotlib.rc_context({**SETTINGS, "svg.hashsalt": name}):
                files[f"{name}.{form}"] = _print(figure, form)
    return files


def _print(figure: Figure, form: str) -> bytes:
    """Print a figure that is laid out in one format; its resolution is as before then."""
    resolution = figure.dpi
    figure.dpi = float(SETTINGS["savefig.dpi"])
    file = io.BytesIO()
    if form == "svg":
        from matplotlib.backends.backend_svg import FigureCanvasSVG

        FigureCanvasSVG(figure).print_svg(file, metadata={"Date": None, "Creator": None})  # type: ignore[no-untyped-call]
    elif form == "pdf":
        from matplotlib.backends.backend_pdf import FigureCanvasPdf

        FigureCanvasPdf(figure).print_pdf(file, metadata={"CreationDate": None})  # type: ignore[no-untyped-call]
    elif form == "png":
        FigureCanvasAgg(figure).print_png(file, metadata={"Software": None})  # type: ignore[no-untyped-call]
    else:
        raise ValueError(f"the format of a figure is svg, png or pdf, not {form}")
    figure.dpi = resolution
    return file.getvalue()
