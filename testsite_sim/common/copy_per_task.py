"""Tasks done each by a copy of this process of its own, some at a time; each says what it returns, or how it ended.

A copy does not only help, as those of `side_by_side` do: its task is done by it alone. It is asked to end by SIGTERM,
also where this process is killed, so that it can tidy up. Where copies cannot be made, tasks are done here in turn.
"""

import json
import os
import select
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, NoReturn

from testsite_sim.common.ending import ENDING
from testsite_sim.common.side_by_side import LONGEST_WAIT, copy_process, end_with_parent


@dataclass(frozen=True)
class Ended:
    """How a copy ended that returned nothing: its exit code, or less than nothing, the number of a signal."""

    code: int


@dataclass
class _Copy:
    """A copy of this process: its number, which task it does, and what it has said so far."""

    process: int
    task: int
    said: bytes = b""


@dataclass
class CopyPerTask:
    """Tasks in progress; see `copy_per_task`.

    Attributes
    ----------
    results
        What the tasks have returned, or how their copies ended, by their places.
    """

    tasks: Sequence[Callable[[], Any]]
    processes: int
    settle: Callable[[], None]
    results: dict[int, Any] = field(default_factory=dict)
    _copies: dict[int, _Copy] = field(default_factory=dict)  # by the descriptors of their reports

    def as_they_end(self) -> Iterator[int]:
        """Do the tasks, begun in their order, and yield the place of each as it ends."""
        left = deque(range(len(self.tasks)))
        while left or self._copies:
            while left and len(self._copies) < self.processes and self._begin(left[0]):
                left.popleft()
            if self._copies:
                yield from self._heard()
            else:
                self.results[left[0]] = self.tasks[left[0]]()
                yield left.popleft()

    def end(self) -> None:
        """Ask the copies to end, and wait until they have tidied up; one that does not in a while is killed."""
        if not self._copies:
            return
        before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)  # a second request must not leave them behind
        try:
            self._send(signal.SIGTERM)
            until = time.monotonic() + LONGEST_WAIT
            while self._copies and (left := until - time.monotonic()) > 0.0:
                list(self._heard(left))
            self._send(signal.SIGKILL)
            while self._copies:
                list(self._heard())
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def _begin(self, task: int) -> bool:
        """Begin a task in a copy, and return whether there is one."""
        if not sys.platform.startswith("linux"):
            return False
        descriptors: tuple[int, ...] = ()
        parent, before = os.getpid(), signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)  # until the copy is settled
        try:
            descriptors = reports, report = os.pipe()
            process = copy_process()
        except OSError:  # no memory, or too many processes or files
            for each in descriptors:
                os.close(each)
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            return False
        if process == 0:
            _do(self.tasks[task], report, self.settle, parent, before)
        self._copies[reports] = _Copy(process, task)
        os.close(report)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        return True

    def _heard(self, wait: float | None = None) -> Iterator[int]:
        """Yield the places of tasks that have ended, once copies have something to say, or after a wait [s]."""
        watched = select.poll()
        for descriptor in self._copies:
            watched.register(descriptor, select.POLLIN)
        for descriptor, _ in watched.poll(None if wait is None else 1000.0 * wait):
            copy = self._copies[descriptor]
            more = os.read(descriptor, 65_536)
            copy.said += more
            if not more:
                _, status = os.waitpid(copy.process, 0)
                del self._copies[descriptor]
                os.close(descriptor)
                is_whole = copy.said.endswith(b"\n")
                self.results[copy.task] = (
                    json.loads(copy.said) if is_whole else Ended(os.waitstatus_to_exitcode(status))
                )
                yield copy.task

    def _send(self, number: int) -> None:
        """Send a signal to all copies that are left."""
        for copy in self._copies.values():
            with suppress(ProcessLookupError):
                os.kill(copy.process, number)


@contextmanager
def copy_per_task(
    tasks: Sequence[Callable[[], Any]], processes: int, settle: Callable[[], None]
) -> Iterator[CopyPerTask]:
    """Give what does tasks in copies of this process; those that are left at the end are ended.

    Parameters
    ----------
    tasks : sequence of callable
        Each returns what can be written as JSON.
    processes : int
        Copies at a time.
    settle : callable
        What a copy does first: it lets SIGTERM alone end it, once, since its parent sends that.

    Examples
    --------
    >>> with copy_per_task([lambda: "a", lambda: "b"], processes=2, settle=lambda: None) as work:
    ...     ended = sorted(work.as_they_end())
    >>> ended, work.results[1]
    ([0, 1], 'b')
    """
    work = CopyPerTask(tasks, processes, settle)
    try:
        yield work
    finally:
        work.end()


def _do(
    task: Callable[[], Any], report: int, settle: Callable[[], None], parent: int, mask: set[int | signal.Signals]
) -> NoReturn:
    """Do a task in a copy of this process, say what it returns, and end the copy."""
    code = 1
    try:
        end_with_parent(signal.SIGTERM)
        sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__  # a bar of the parent stands before them
        settle()
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        if os.getppid() == parent:
            left = json.dumps(task()).encode() + b"\n"
            while left:
                left = left[os.write(report, left) :]
            code = 0
    finally:
        os._exit(code)  # at once: what is to be done at the end of a process is the parent's
