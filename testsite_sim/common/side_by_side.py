"""Tasks done side by side by this process and by copies of it, which share its memory and are there at once.

A copy only helps. What it has not reported as done, since it failed, warned, was ended or stands still, this process
does itself, with the errors and warnings that belong to it. The copies end with this process, also where it is killed.
"""

import ctypes
import gc
import json
import math
import mmap
import os
import select
import signal
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from testsite_sim.common.ending import heard
from testsite_sim.common.processors import usable_processors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_TASKS = 256  # a task is a byte of a pipe
MOST_PROCESSES = 8
LONGEST_WAIT = 60.0  # [s] for a copy that stands still: its task is done here then
PARENT_DEATH_SIGNAL = 1  # of Linux: the signal that a process is sent when its parent ends


@dataclass
class _Copy:
    """A copy of this process: its number, and what it has reported so far."""

    process: int
    reports: int
    said: bytes = b""


@dataclass
class SideBySide:
    """Tasks in progress.

    Attributes
    ----------
    tasks
        Each returns what can be written as JSON, and leaves everything else in files.
    kept
        Descriptors that the copies keep open.
    """

    tasks: Sequence[Callable[[], Any]]
    kept: Sequence[int] = ()
    _results: dict[int, Any] = field(default_factory=dict)
    _copies: list[_Copy] = field(default_factory=list)
    _claims: int = -1

    def start(self, processes: int | None = None) -> None:
        """Let copies of this process begin, where the system makes them safely and there are processors for them."""
        most = min(processes or usable_processors(), MOST_PROCESSES, len(self.tasks))
        if not sys.platform.startswith("linux") or most < 2 or len(self.tasks) > MOST_TASKS:
            return
        self._claims, given = os.pipe()  # who reads a byte does the task of that number
        os.write(given, bytes(range(len(self.tasks))))
        os.close(given)
        for _ in range(most - 1):
            reports, report = os.pipe()
            try:
                process = copy_process()
            except OSError:  # no memory, or too many processes
                os.close(reports)
                os.close(report)
                return
            if process == 0:
                _help(self.tasks, self._claims, report, self.kept)
            os.close(report)
            self._copies.append(_Copy(process, reports))

    def finish(self) -> list[Any]:
        """Do what is left, and return what the tasks return, in their order."""
        while self._copies and (claimed := os.read(self._claims, 1)):
            self._results[claimed[0]] = self.tasks[claimed[0]]()
        worked = -1
        while self._copies and len(self._results) < len(self.tasks):
            watched = select.poll()
            for copy in self._copies:
                watched.register(copy.reports, select.POLLIN)
            ready = {descriptor for descriptor, _ in watched.poll(1000.0 * LONGEST_WAIT)}
            before, worked = worked, sum(time_on_processor(copy.process) for copy in self._copies)
            if not ready and worked == before:
                break
            for copy in [each for each in self._copies if each.reports in ready]:
                self._hear(copy)
        self.end()
        return [self._results[k] if k in self._results else task() for k, task in enumerate(self.tasks)]

    def end(self) -> None:
        """End the copies, whatever they do."""
        for copy in self._copies:
            with suppress(ProcessLookupError):
                os.kill(copy.process, signal.SIGKILL)
        while self._copies:
            self._leave(self._copies[-1])
        if self._claims >= 0:
            os.close(self._claims)
            self._claims = -1

    def _hear(self, copy: _Copy) -> None:
        """Take what a copy reports, a line of JSON for each task."""
        more = os.read(copy.reports, 65_536)
        *lines, copy.said = (copy.said + more).split(b"\n")
        for line in lines:
            number, result = json.loads(line)
            self._results[number] = result
        if not more:
            self._leave(copy)

    def _leave(self, copy: _Copy) -> None:
        """Forget a copy that has ended, or is about to."""
        self._copies.remove(copy)
        os.close(copy.reports)
        with suppress(ChildProcessError):
            os.waitpid(copy.process, 0)


@contextmanager
def side_by_side(
    tasks: Sequence[Callable[[], Any]], processes: int | None = None, kept: Sequence[int] = ()
) -> Iterator[SideBySide]:
    """Begin tasks in copies of this process; `finish` of what is given does the rest and returns their results.

    Parameters
    ----------
    tasks : sequence of callable
        Each returns what can be written as JSON, and leaves everything else in files.
    processes : int, optional
        This one and its copies; None: as many as there are processors.
    kept : sequence of int
        Descriptors that the copies keep open: who reads from their other ends knows when all copies are gone.
    """
    work = SideBySide(tasks, kept)
    try:
        work.start(processes)
        yield work
    finally:
        work.end()


def shared_array(shape: tuple[int, ...]) -> "NDArray[np.float64]":
    """Return zeros that copies of this process, made from now on, share with it: what a task writes there is here.

    Parameters
    ----------
    shape : tuple of int
        Of the array.

    Examples
    --------
    >>> values = shared_array((2, 3))
    >>> with side_by_side([lambda: values[0].fill(1.0), lambda: values[1].fill(2.0)], processes=2) as work:
    ...     work.finish()
    [None, None]
    >>> values.sum(axis=1).tolist()
    [3.0, 6.0]
    """
    import numpy as np

    count = math.prod(shape)
    return np.frombuffer(mmap.mmap(-1, max(8 * count, 1)), np.float64, count).reshape(shape)


def _help(tasks: Sequence[Callable[[], Any]], claims: int, report: int, kept: Sequence[int]) -> None:
    """Do tasks in a copy of this process, and end it; what goes wrong is left to the process that it is a copy of."""
    try:
        parent = os.getppid()
        settle_copy(claims, report, *kept)
        gc.disable()
        refuse_warnings()
        while os.getppid() == parent and (claimed := os.read(claims, 1)):
            line = json.dumps([claimed[0], tasks[claimed[0]]()]) + "\n"
            os.write(report, line.encode())
    finally:
        os._exit(0)  # at once: what is to be done at the end of a process is the other one's


def time_on_processor(process: int) -> int:
    """Return how long a process has run on processors [ns]; 0 where the system does not say."""
    with suppress(OSError, ValueError, IndexError), open(f"/proc/{process}/schedstat", encoding="ascii") as file:
        return int(file.read().split()[0])
    return 0


def copy_process() -> int:
    """Make a copy of this process, and return its number; 0 in the copy.

    Raises
    ------
    OSError
        When there is no memory, or there are too many processes.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of copies of processes with threads
        return os.fork()


def end_with_parent(number: signal.Signals) -> None:
    """Let this process be sent a signal when the one that it is a copy of ends, where the system can do that."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, number)


def settle_copy(*kept: int) -> None:
    """Let a copy of a process, just made, end with that process, and hold nothing of it open but some descriptors."""
    end_with_parent(signal.SIGKILL)
    for number in heard():
        signal.signal(number, signal.SIG_DFL)
    _close_all_but(*kept)


def refuse_warnings() -> None:
    """Let every warning of a copy be an error: the process that it is a copy of does the task then, and gives it."""
    warnings.resetwarnings()
    warnings.simplefilter("error")


def _close_all_but(*kept: int) -> None:
    """Close what the copy has open, such as locks that others wait for, but for the standard streams."""
    first = 3
    for descriptor in (*sorted(kept), os.sysconf("SC_OPEN_MAX")):
        os.closerange(first, descriptor)
        first = descriptor + 1
