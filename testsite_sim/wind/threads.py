"""Work on several threads: how many, in parts, or together on the same.

The threads are made when they are first needed, and then wait for the next work: to make one takes 50 µs, in which the
thread that asks waits for it. They end with the process, which does not wait for them: none of them has work once those
who asked for it have returned.
"""

import itertools
import os
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, Generic, TypeVar

import numpy as np

PARTS_PER_THREAD = 4
MOST_HELPERS = 256  # what more are asked for, the thread that asks does itself
Answer = TypeVar("Answer")


class _Asked(Generic[Answer]):
    """A task that another thread is asked for: whoever claims it first does it, once."""

    __slots__ = ("_answers", "_by", "_ended", "_error", "_stop", "_task")

    def __init__(self, task: Callable[[], Answer], stop: Callable[[], None]) -> None:
        self._task, self._stop, self._answers = task, stop, list[Answer]()
        self._by: dict[str, object] = {}
        self._ended = Lock()
        self._ended.acquire()
        self._error: BaseException | None = None

    def claim(self, by: object) -> bool:
        """Return whether the task is the caller's, to do or to leave: no other has begun it, nor ever will.

        One step, so that an interrupt leaves no doubt whose it is.
        """
        return self._by.setdefault("by", by) is by

    def do(self) -> None:
        """Do the task, which is claimed, and keep its answer or its error."""
        try:
            self._answers.append(self._task())
        except BaseException as error:  # whatever it is: it is raised where the task was asked for
            self._error = error
            self._stop()
        finally:
            self._ended.release()

    def wait(self) -> None:
        """Wait until the task, which another has claimed, has ended."""
        with self._ended:
            pass

    def answer(self) -> Answer:
        """Return what the task has returned, or raise what it has raised."""
        error, self._error = self._error, None
        try:
            if error is not None:
                raise error
            return self._answers[0]
        finally:
            del error  # knows this frame, which knows it


class _Helpers:
    """Threads that wait for tasks."""

    def __init__(self) -> None:
        self.tasks: SimpleQueue[_Asked[Any]] = SimpleQueue()
        self.asked: set[_Asked[Any]] = set()  # by all threads at once
        self.threads: list[Thread] = []

    def ask(self, asked: Sequence[_Asked[Any]]) -> None:
        """Let tasks be done, each on a thread of its own where there are so many."""
        self.asked.update(asked)
        for task in asked:
            self.tasks.put(task)
        while len(self.threads) < min(len(self.asked), MOST_HELPERS):
            thread = Thread(target=self._help, name=f"wind-{len(self.threads)}", daemon=True)
            self.threads.append(thread)
            try:
                thread.start()
            except RuntimeError:  # the system gives no more threads, or the interpreter ends: others do the tasks
                self.threads.remove(thread)
                return

    def _help(self) -> None:
        """Do one task after the other, for ever."""
        me = object()
        while True:
            task = self.tasks.get()
            if task.claim(me):
                task.do()
            del task  # what it holds may be large


_helpers = _Helpers()


def _begin_anew() -> None:
    """Forget the threads of the process that this one is a copy of: it has none of them."""
    global _helpers
    _helpers = _Helpers()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)


def threads_of(workers: int | None) -> int:
    """Return how many threads there are; None: one a processor, up to eight."""
    return workers or min(os.cpu_count() or 1, 8)


def do_together(
    tasks: Sequence[Callable[[], Answer]],
    *,
    stop: Callable[[], None] = lambda: None,
    is_done: Callable[[], bool] | None = None,
) -> list[Answer]:
    """Do tasks that share their work, the first on this thread and the others on further ones.

    A task that no other thread has begun when the first has ended, as on a busy machine, is done on this one. Where a
    task fails, or this thread is interrupted, the others that have begun are waited for, as they write to what is the
    caller's.

    Parameters
    ----------
    tasks : sequence of callable
        Without arguments.
    stop : callable, optional
        Called when one has failed, at least once: lets the others end soon.
    is_done : callable, optional
        Asked when the first has ended: whether all work is done, so that the others need not be waited for.

    Returns
    -------
    list
        What the tasks returned, in their order; that of the first alone where all work was done with it.

    Raises
    ------
    BaseException
        What a task raised, the first of several; KeyboardInterrupt.
    """
    helpers, me, asked = _helpers, object(), [_Asked(task, stop) for task in tasks[1:]]
    try:
        helpers.ask(asked)
        own = tasks[0]()
        if is_done is not None and is_done():
            for task in asked:
                task.claim(me)
            return [own]
        for task in asked:
            if task.claim(me):
                task.do()
            else:
                task.wait()
        return [own, *(task.answer() for task in asked)]
    except BaseException:
        stop()
        for task in [task for task in asked if not task.claim(me)]:
            task.wait()
        raise
    finally:
        helpers.asked.difference_update(asked)


def in_parts(work: Callable[[int, int], None], size: int, workers: int | None) -> None:
    """Do work on 0 … size, cut into parts for threads (None: one a processor); where they are cut changes no result.

    The first part to fail ends it: no other is begun.
    """
    threads = threads_of(workers)
    # Several parts a thread, as some take longer than others.
    bounds = np.linspace(0, size, (PARTS_PER_THREAD * threads if threads > 1 else 1) + 1).astype(int)
    parts = [(first, last) for first, last in itertools.pairwise(bounds.tolist()) if last > first]
    left = iter(parts)  # which threads share: each takes the next

    def do_next() -> None:
        for first, last in left:
            work(first, last)

    do_together([do_next] * max(min(threads, len(parts)), 1), stop=lambda: _exhaust(left))


def _exhaust(left: Any) -> None:
    """Leave nothing of an iterator."""
    for _ in left:
        pass
