"""Figures by name, drawn when they are asked for, with their data."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType

import matplotlib
from matplotlib.figure import Figure

from testsite_sim.common.drawing_library import reading_fonts
from testsite_sim.common.side_by_side import side_by_side
from testsite_sim.report.style import SETTINGS, printed

FiguresWritten = Callable[[], Sequence[Path]]  # returns the files of figures, once all are written


@dataclass(frozen=True)
class NamedFigure:
    """A figure that can be drawn: its caption, and what gives the figure and its data.

    The data are tables as CSV, by the end of the names of their files: that without an end, and others such as `-hour`.
    `draws` is the function that draws it, where it is given one group of the results alone: it is the same figure then,
    whatever the other groups hold.
    """

    caption: str
    _draw: Callable[[], tuple[Figure, Mapping[str, str]]]
    draws: object = None

    def draw(self) -> tuple[Figure, Mapping[str, str]]:
        """Return the figure in the look of all figures, and its data as CSV by the end of the file's name."""
        with reading_fonts(), matplotlib.rc_context(SETTINGS):
            return self._draw()


def write_figures(
    figures: Mapping[str, NamedFigure],
    folder: Path,
    formats: Sequence[str],
    drawn: Mapping[str, Mapping[str, bytes]] = MappingProxyType({}),
    kept: Sequence[int] = (),
) -> list[Path]:
    """Write figures in every format, and the data of each as CSV.

    Parameters
    ----------
    figures : mapping of str to NamedFigure
        By the name of their files.
    folder : Path
        Where to write; it is made.
    formats : sequence of str
        Of svg, png, pdf.
    drawn : mapping of str to mapping of str to bytes
        The files of figures that are drawn already, as `rendered` returns them.
    kept : sequence of int
        See `side_by_side`.

    Returns
    -------
    list of Path
        The files, in the order of the figures.
    """
    with writing_figures(figures, folder, formats, drawn, kept) as finish:
        return finish()


@contextmanager
def writing_figures(
    figures: Mapping[str, NamedFigure],
    folder: Path,
    formats: Sequence[str],
    drawn: Mapping[str, Mapping[str, bytes]] = MappingProxyType({}),
    kept: Sequence[int] = (),
) -> Iterator[Callable[[], list[Path]]]:
    """Begin to write figures on the processors that are free; what is given finishes and returns as `write_figures`.

    Each figure and its bytes depend on its data alone, whoever draws it.

    Parameters
    ----------
    figures, folder, formats, drawn, kept
        See `write_figures`.
    """
    if figures:  # a run holds no empty folder
        folder.mkdir(parents=True, exist_ok=True)
    others = {name: named for name, named in figures.items() if name not in drawn}
    tasks = [partial(_write, named, folder, name, tuple(formats)) for name, named in others.items()]
    with side_by_side(tasks, kept=kept) as work:
        for files in drawn.values():
            _write_files(files, folder)

        def finish() -> list[Path]:
            written = dict(zip(others, work.finish(), strict=True))
            names = [drawn[name] if name in drawn else written[name] for name in figures]
            return [folder / file for files in names for file in files]

        yield finish


def rendered(named: NamedFigure, name: str, formats: Sequence[str]) -> dict[str, bytes]:
    """Return the files of a figure in every format, and of its data, by their names in the order of `write_figures`."""
    figure, tables = named.draw()
    return printed(figure, name, formats) | {f"{name}{end}.csv": table.encode() for end, table in tables.items()}


def _write(named: NamedFigure, folder: Path, name: str, formats: Sequence[str]) -> list[str]:
    """Write a figure and its data, and return the names of the files."""
    files = rendered(named, name, formats)
    _write_files(files, folder)
    return list(files)


def _write_files(files: Mapping[str, bytes], folder: Path) -> None:
    """Write the files of a figure."""
    for file, content in files.items():
        (folder / file).write_bytes(content)
