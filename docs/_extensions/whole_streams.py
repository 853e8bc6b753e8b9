"""Sphinx extension: what a command prints in several pieces stands on the page as it was printed.

MyST-NB ends each piece of a stream with a new line when it merges them, also where a piece ends in the middle of one.
Pieces are joined here, as they are, before it does so.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbformat import NotebookNode
    from sphinx.application import Sphinx


def joined(outputs: "list[NotebookNode]") -> "list[NotebookNode]":
    """Return the outputs of a cell with each stream in one piece, where it first stood."""
    kept: list[NotebookNode] = []
    streams: dict[str, NotebookNode] = {}
    for output in outputs:
        name = output.get("name") if output["output_type"] == "stream" else None
        if name in streams:
            streams[name]["text"] += output["text"]
        else:
            kept.append(output)
            if name is not None:
                streams[name] = output
    return kept


def setup(app: "Sphinx") -> dict[str, Any]:
    """Join the pieces before MyST-NB merges streams."""
    from myst_nb.core import render

    merge = render.coalesce_streams
    render.coalesce_streams = lambda outputs: merge(joined(outputs))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
