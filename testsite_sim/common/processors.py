"""How many processors there are to use."""

import os

_SHARED: list[int] = []  # how many processes like this one run at once


def usable_processors() -> int:
    """Return how many processors this process may use."""
    found = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(found // _SHARED[-1], 1) if _SHARED else found


def share_processors(processes: int) -> None:
    """Leave their parts of the processors to the others of so many processes that run at once."""
    _SHARED.append(processes)
