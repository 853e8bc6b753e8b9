"""Work of the page apart from its event loop: one computation at a time, and of each asker only the newest request.

The chain uses all processors, so that two computations at once would only slow each other down; the page of every
session answers clicks meanwhile.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

from testsite_sim.common.errors import TestsiteError

Request = TypeVar("Request")
Stage = TypeVar("Stage")
FAULT = ("This is a fault of the program, described in the terminal; please report it.",)
_LOG = logging.getLogger(__name__)


class Worker:
    """The one thread that computes, for all sessions in turn."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(1, "explore")

    def submit(self, work: Callable[[], None]) -> None:
        """Do a piece of work after those that wait already; nothing once the server ends."""
        try:
            self._executor.submit(work)
        except RuntimeError:
            _LOG.debug("work after the end is left out")

    def end(self) -> None:
        """Leave out what waits, and finish what is being done."""
        self._executor.shutdown(wait=True, cancel_futures=True)


class Newest(Generic[Request, Stage]):
    """Requests of one asker: the newest is answered, in stages; what it overtakes is left out.

    Parameters
    ----------
    worker : Worker
        Where it is computed.
    stages : callable
        Takes a request and yields what is known of its answer, stage by stage; in the thread of the worker.
    deliver : callable
        Given the request and each stage; in the thread of the worker.
    refuse : callable
        Given the request and the sentences of what is wrong with it.
    """

    def __init__(
        self,
        worker: Worker,
        stages: Callable[[Request], Iterator[Stage]],
        deliver: Callable[[Request, Stage], None],
        refuse: Callable[[Request, tuple[str, ...]], None],
    ) -> None:
        self._worker, self._stages, self._deliver, self._refuse = worker, stages, deliver, refuse
        self._lock = threading.Lock()
        self._waiting: list[Request] = []
        self._is_busy = self._is_closed = False

    def ask(self, request: Request) -> None:
        """Ask for an answer, instead of any that was not begun."""
        with self._lock:
            if self._is_closed:
                return
            self._waiting = [request]
            if self._is_busy:
                return
            self._is_busy = True
        self._worker.submit(self._work)

    def close(self) -> None:
        """Answer nothing more."""
        with self._lock:
            self._is_closed, self._waiting = True, []

    def _work(self) -> None:
        """Answer the newest request, as long as there is no newer one; others' work comes between two of them."""
        with self._lock:
            request = self._waiting.pop() if self._waiting else None
            if request is None:
                self._is_busy = False
                return
        try:
            for stage in self._stages(request):
                if self._is_closed:
                    break
                self._deliver(request, stage)
                if self._waiting:
                    break
        except TestsiteError as error:
            self._refuse(request, tuple(error.problems))
        except Exception:
            _LOG.exception("explore: a request failed")
            self._refuse(request, FAULT)
        self._worker.submit(self._work)
