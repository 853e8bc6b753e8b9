"""Figures with their data in a page: images that cannot run a script, and tables that can be saved from it."""

import base64
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from testsite_sim.report.style import ONE_COLUMN, TWO_COLUMNS

MOST_DATA = 60_000  # of the tables of a figure in its page; larger ones stand in the folder of figures alone [byte]
POINT = 1.0 / 72.0  # [inch]
_WIDTH = re.compile(rb'<svg[^>]*? width="([\d.]+)pt"')


def embedded_figures(files: Sequence[Path], captions: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the figures of a page: caption, image, whether it is as wide as one column, and its tables.

    Parameters
    ----------
    files : sequence of Path
        As `write_figures` returns them: a drawing (SVG) is followed by its other formats and its tables (CSV).
    captions : mapping of str to str
        By the name of the figure.
    """
    found: list[dict[str, Any]] = []
    for path in files:
        if path.suffix == ".svg":
            drawing = path.read_bytes()
            source, narrow = image(drawing), is_narrow(drawing)
            found.append(
                {"name": path.stem, "caption": captions[path.stem], "source": source, "narrow": narrow, "data": []}
            )
        elif path.suffix == ".csv" and found:
            found[-1]["data"].append(table(path.name, path.read_bytes()))
    return found


def image(drawing: bytes) -> str:
    """Return the address of a drawing (SVG) that holds it whole."""
    return "data:image/svg+xml;base64," + base64.b64encode(drawing).decode("ascii")


def table(name: str, content: bytes) -> dict[str, Any]:
    """Return a table (CSV) as a page offers it: name, and address where it is not too large for a page."""
    is_small = len(content) <= MOST_DATA
    source = "data:text/csv;base64," + base64.b64encode(content).decode("ascii") if is_small else None
    return {"name": name, "source": source}


def is_narrow(drawing: bytes) -> bool:
    """Return whether a drawing (SVG) is as wide as one column."""
    width = _WIDTH.search(drawing)
    return width is not None and float(width[1]) * POINT < 0.5 * (ONE_COLUMN + TWO_COLUMNS)
