"""The tables of farms as files that processes of this machine map: they share what none of them writes to."""

import mmap
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

ARRAYS = ".arrays"  # of the file next to that of the rest
_PAGE = mmap.ALLOCATIONGRANULARITY
_PIECE = 2**16  # [byte] that are left out of the file where all are zero, as of tiles that are not made


def write_tables(path: Path, tables: list[tuple[Any, Any]]) -> None:
    """Write tables, the content of their arrays into a file next to it that holds no zeros.

    Parameters
    ----------
    path : Path
        Of the file; it appears after that of the arrays.
    tables : list of tuple
        What each is known by, and the table.
    """
    buffers: list[pickle.PickleBuffer] = []
    content = pickle.dumps(tables, pickle.HIGHEST_PROTOCOL, buffer_callback=buffers.append)
    views = [buffer.raw() for buffer in buffers]
    sizes = [view.nbytes for view in views]
    places = list(_places(sizes))
    with path.with_name(path.name + ARRAYS).open("wb") as file:
        for view, (begin, _) in zip(views, places, strict=True):
            for first in range(0, view.nbytes, _PIECE):
                piece = view[first : first + _PIECE]
                if np.frombuffer(piece, np.int64 if piece.nbytes % 8 == 0 else np.uint8).any():
                    file.seek(begin + first)
                    file.write(piece)
        file.truncate(places[-1][1] if places else 0)
    path.write_bytes(pickle.dumps((sizes, content), pickle.HIGHEST_PROTOCOL))


def read_tables(path: Path) -> list[tuple[Any, Any]]:
    """Return tables that are read page by page as they are used; what is written to them stays in this process."""
    sizes, content = pickle.loads(path.read_bytes())
    places = list(_places(sizes))
    if not places or places[-1][1] == 0:
        return list(pickle.loads(content, buffers=[bytearray() for _ in sizes]))
    with path.with_name(path.name + ARRAYS).open("rb") as file:
        mapped = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY))
    return list(pickle.loads(content, buffers=[mapped[begin:end] for begin, end in places]))


def _places(sizes: list[int]) -> Iterator[tuple[int, int]]:
    """Give where each array begins and ends in the file [byte]: each begins with a page of its own."""
    begin = 0
    for size in sizes:
        yield begin, begin + size
        begin += -(-size // _PAGE) * _PAGE
