"""Work on several threads: how many, in parts, or together on the same.

The threads are made when they are first needed and then wait for the next work: to make one takes 50 µs, in which the
thread that asks waits for it.
"""

import itertools
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

import numpy as np

PARTS_PER_THREAD = 4
MOST_HELPERS = 256  # what more are asked for, the thread that asks does itself
Answer = TypeVar("Answer")


@cache
def _helpers() -> ThreadPoolExecutor:
    """Return the threads that wait for work; as many are made as have work at once."""
    return ThreadPoolExecutor(MOST_HELPERS, thread_name_prefix="wind")


if hasattr(os, "register_at_fork"):  # a copy of this process has none of its threads
    os.register_at_fork(after_in_child=_helpers.cache_clear)


def threads_of(workers: int | None) -> int:
    """Return how many threads there are; None: one a processor, up to eight."""
    return workers or min(os.cpu_count() or 1, 8)


def do_together(tasks: Sequence[Callable[[], Answer]]) -> list[Answer]:
    """Do tasks that share their work, the first on this thread and the others on further ones; return what they return.

    A task that no other thread has begun when the first is done, as on a busy machine, is done on this one.
    """
    asked = [_helpers().submit(task) for task in tasks[1:]]
    own = tasks[0]()
    others = zip(tasks[1:], asked, strict=True)
    return [own, *(task() if other.cancel() else other.result() for task, other in others)]


def in_parts(work: Callable[[int, int], None], size: int, workers: int | None) -> None:
    """Do work on 0 … size, cut into parts for threads (None: one a processor); where they are cut changes no result."""
    threads = threads_of(workers)
    # Several parts a thread, as some take longer than others.
    bounds = np.linspace(0, size, (PARTS_PER_THREAD * threads if threads > 1 else 1) + 1).astype(int)
    parts = [(first, last) for first, last in itertools.pairwise(bounds) if last > first]
    if len(parts) == 1:
        work(*parts[0])
        return
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda bound: work(*bound), parts))
