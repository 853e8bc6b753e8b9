"""Waiting for processes that a tool has begun by a fork, and the CPU time of them."""

import os
import resource
import signal
import time
from collections.abc import Callable

PAUSE = 0.002  # [s] between two looks
_living = [0.0]  # [s] of CPU time of processes that have not ended yet, which the system counts when they have


def used() -> float:
    """Return the CPU time of this process, of those that it has waited for, and what others reported [s]."""
    each = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(times.ru_utime + times.ru_stime for times in each) + _living[0]


def add_seconds(reported: float) -> None:
    """Add the CPU time that a process which goes on has reported [s]; what it had reported is taken off at its end."""
    _living[0] += reported


def ended(process: int, wait: float) -> int | None:
    """Wait so long [s] for a process; return its code once it has ended (negative: by a signal), None otherwise."""
    until = time.monotonic() + wait
    while True:
        number, status = os.waitpid(process, os.WNOHANG)
        if number:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() >= until:
            return None
        time.sleep(PAUSE)


def ended_in_time(process: int, wait: float, kill: Callable[[int, int], None] = os.kill) -> int | None:
    """Wait so long [s] for a process; return its code, None when it had to be ended, by `os.kill` or `os.killpg`."""
    code = ended(process, wait)
    if code is None:
        kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
    return code
