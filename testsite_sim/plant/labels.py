"""Labels of machines and stores in results."""

from collections import Counter
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Titled(Protocol):
    """What has a title."""

    @property
    def title(self) -> str:
        """What it is called."""


def labels_of(parts: Sequence[Titled]) -> NDArray[np.str_]:
    """Return one label for each of several parts: its title, and where others have it too, with its place in the list.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> labels_of([SimpleNamespace(title=text) for text in ("tank", "cavern", "tank")]).tolist()
    ['tank (1)', 'cavern', 'tank (3)']
    """
    titles = [str(part.title) for part in parts]
    often = Counter(titles)
    found = [f"{title} ({k})" if often[title] > 1 else title for k, title in enumerate(titles, start=1)]
    if len(set(found)) < len(found):  # another is called as one is labelled: `tank`, `tank` and `tank (1)`
        found = [f"{title} ({k})" for k, title in enumerate(titles, start=1)]
    return np.array(found, dtype=np.str_)
