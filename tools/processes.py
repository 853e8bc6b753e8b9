"""Waiting for processes that a tool has begun by a fork."""

import os
import signal
import time
from collections.abc import Callable

PAUSE = 0.002  # [s] between two looks


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
