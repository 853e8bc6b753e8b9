"""Figures by name, drawn when they are asked for, with their data."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib
from matplotlib.figure import Figure

from testsite_sim.report.style import SETTINGS, save


@dataclass(frozen=True)
class NamedFigure:
    """A figure that can be drawn: its caption, and what gives the figure and its data.

    The data are tables as CSV, by the end of the names of their files: that without an end, and others such as `-hour`.
    """

    caption: str
    _draw: Callable[[], tuple[Figure, Mapping[str, str]]]

    def draw(self) -> tuple[Figure, Mapping[str, str]]:
        """Return the figure in the look of all figures, and its data as CSV by the end of the file's name."""
        with matplotlib.rc_context(SETTINGS):
            return self._draw()


def write_figures(figures: Mapping[str, NamedFigure], folder: Path, formats: Sequence[str]) -> list[Path]:
    """Write figures in every format, and the data of each as CSV.

    Parameters
    ----------
    figures : mapping of str to NamedFigure
        By the name of their files.
    folder : Path
        Where to write; it is made.
    formats : sequence of str
        Of svg, png, pdf.

    Returns
    -------
    list of Path
        The files, in the order of the figures.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths: list[Path] = []
    for name, named in figures.items():
        figure, tables = named.draw()
        paths += save(figure, folder, name, formats)
        for end, table in tables.items():
            data = folder / f"{name}{end}.csv"
            data.write_text(table, encoding="utf-8", newline="\n")
            paths.append(data)
    return paths
