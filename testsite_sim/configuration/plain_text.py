"""Text that every file of a run can hold and shows as it is: no control characters and no halves of characters."""

import re
from collections.abc import Iterator
from typing import Any

from testsite_sim.configuration.yaml_loader import Path_

# NetCDF refuses U+0000, XML (and thus SVG) all of these but tab and line ends, UTF-8 the halves of surrogate pairs;
# terminals take those from U+0080 on for commands.
_CONTROL = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff"
# Marks that turn the direction of writing (Bidi_Control of Unicode, UAX 9): a title would read as another one.
_DIRECTION = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
UNPRINTABLE = re.compile(f"[{_CONTROL}{_DIRECTION}]")
PLAIN = "expected text without control characters or marks of the direction of writing"


def unprintable(data: Any, path: Path_ = ()) -> Iterator[tuple[Path_, str]]:
    r"""Yield where data have text, or keys, with a character that not every file can hold, and the first such one.

    Examples
    --------
    >>> list(unprintable({"title": "a", "stores": [{"title": "b\0"}]}))
    [(('stores', 0, 'title'), '\x00')]
    """
    if isinstance(data, str):
        if found := UNPRINTABLE.search(data):
            yield path, found[0]
    elif isinstance(data, dict):
        for key, value in data.items():
            if isinstance(key, str) and (found := UNPRINTABLE.search(key)):
                yield path, found[0]
            yield from unprintable(value, (*path, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from unprintable(value, (*path, number))
