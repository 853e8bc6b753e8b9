"""Figures that are drawn and not printed, for tests that look at no picture: printing takes most of a short run."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import pytest
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text

from testsite_sim.report import style

POINTS = 72.0  # an inch


def _content(artist: Artist) -> bytes:
    """Return what an artist shows: its data, in the units of its axes, or its text."""
    if isinstance(artist, Text):
        return artist.get_text().encode()
    if isinstance(artist, Line2D):
        return np.asarray(artist.get_xydata(), float).tobytes()
    if isinstance(artist, Patch):
        return artist.get_transform().transform_path(artist.get_path()).vertices.tobytes()
    values = getattr(artist, "get_array", lambda: None)()
    offsets = getattr(artist, "get_offsets", lambda: ())()
    paths = getattr(artist, "get_paths", lambda: ())()
    parts = [np.asarray(offsets, float), *(path.vertices for path in paths)]
    return b"".join(part.tobytes() for part in [*parts, np.ma.filled(np.ma.asarray(values, float), np.nan)])


def _artists(figure: Figure) -> Iterator[Artist]:
    """Yield what a figure shows but for the ticks, which follow from the data and are made when it is printed."""
    yield from (*figure.texts, *figure.lines, *figure.patches, *figure.images)
    legends = list(figure.legends)
    for axes in figure.axes:
        yield from axes.get_children()
        yield from (axes.xaxis.label, axes.yaxis.label)
        legends += [legend] if (legend := axes.get_legend()) is not None else []
    for legend in legends:
        yield from legend.get_texts()


def digest(figure: Figure) -> str:
    """Return a digest of the data and the texts of a figure."""
    found = hashlib.sha256()
    for artist in _artists(figure):
        found.update(type(artist).__name__.encode() + _content(artist))
    return found.hexdigest()


def print_digest(figure: Figure, name: str, formats: Sequence[str]) -> dict[str, bytes]:
    """Return what `report.style.printed` does, a digest alone in each file: an empty drawing as wide as the figure."""
    text = f'<svg width="{figure.get_figwidth() * POINTS}pt" xmlns="http://www.w3.org/2000/svg">{digest(figure)}</svg>'
    return {f"{name}.{form}": text.encode() for form in formats}


@contextmanager
def unprinted() -> Iterator[None]:
    """Let figures be drawn and not printed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("testsite_sim.report.drawing.printed", print_digest)
        yield


@contextmanager
def printed() -> Iterator[None]:
    """Let figures be printed, also where a test that asks for them prints none of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("testsite_sim.report.drawing.printed", style.printed)
        yield
