"""Run the cases of a plan that are not done, and put them on disk as they finish."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from testsite_sim.ensemble.members import MemberRunner
from testsite_sim.ensemble.memory import keep_memory
from testsite_sim.ensemble.store import Finished, Store

FLUSH_AFTER = 1.0  # [s] that finished members wait at most for their segment, while others finish
MOST_WAITING = 512  # members that wait for it
Finish = Callable[[Sequence[int]], Iterable[list[Finished]]]


def run_serially(runner: MemberRunner, outputs: tuple[str, ...]) -> Finish:
    """Return what runs cases one after the other in this process."""

    def run(numbers: Sequence[int]) -> Iterator[list[Finished]]:
        keep_memory()
        for number in numbers:
            yield [runner.run(number, outputs)]

    return run


def fill(store: Store, run: Finish, first: int, last: int, report: Callable[[int], None]) -> None:
    """Run the cases from `first` to before `last` that are not done.

    Whatever ends it, an error, an interrupt, a full disk, the members that had finished are on disk then, if it takes
    them.

    Parameters
    ----------
    store : Store
        Opened and recovered.
    run : callable
        From numbers of cases to those that finish, in any order.
    first, last : int
        The cases.
    report : callable
        Called with how many more are on disk.
    """
    missing = first + np.flatnonzero(~store.done[first:last])
    if missing.size == 0:
        return
    waiting: list[Finished] = []
    since = time.monotonic()
    try:
        for finished in run(missing.tolist()):
            waiting += finished
            if time.monotonic() - since >= FLUSH_AFTER or len(waiting) >= MOST_WAITING:
                batch, waiting = waiting, []
                store.append(batch)
                report(len(batch))
                since = time.monotonic()
    finally:
        if waiting:
            store.append(waiting)
            report(len(waiting))
