"""Of processes that need the same kernel one compiles it: the others wait, and load what it has written.

A lock is a byte of one file of the folder, at a place that the kernel's file name gives. The system releases it when
its holder ends, however it ends. Kernels call each other without a circle, so that processes which wait for one another
never do so in a circle either.
"""

import hashlib
import os
import time
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

fcntl: Any = import_module("fcntl") if os.name == "posix" else None
msvcrt: Any = import_module("msvcrt") if os.name == "nt" else None

LOCKS = "compiling"  # the file whose bytes are locked; it stays empty
PLACES = 1 << 30
LONGEST_WAIT = 300.0  # [s] for a process that seems to stand still: then a kernel is compiled here too
PAUSE = 0.02  # [s] between two looks


class CompileLock:
    """The right to compile one kernel; see `wait`.

    Parameters
    ----------
    folder : Path
        Of compiled kernels.
    name : str
        Of the file of the kernel.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._file = _file_of(folder, os.getpid())
        self._place = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) % PLACES
        self._is_held = False

    def wait(self, is_there: Callable[[], bool], longest: float = LONGEST_WAIT, pause: float = PAUSE) -> bool:
        """Wait until this process may compile the kernel, or another has written it; return which: True is the latter.

        Parameters
        ----------
        is_there : callable
            Returns whether the kernel has been written.
        longest : float
            Time after which the kernel is to be compiled in any case [s].
        pause : float
            Time between two looks [s].
        """
        end = time.monotonic() + longest
        while not self._take():
            if is_there():
                return True
            if time.monotonic() > end:
                return False
            time.sleep(pause)
        return is_there()  # written since it was looked for

    def release(self) -> None:
        """Let others compile the kernel, or load it."""
        if self._is_held and self._file is not None:
            self._is_held = False
            with suppress(OSError):
                _unlock(self._file, self._place)

    def _take(self) -> bool:
        """Return whether the lock is had now; where there are no locks, as on some file systems, it always is."""
        if self._file is None:
            return True
        try:
            _lock(self._file, self._place)
        except (BlockingIOError, PermissionError):
            return False
        except OSError:
            return True
        self._is_held = True
        return True


@lru_cache(maxsize=4)
def _file_of(folder: Path, process: int) -> int | None:
    """Return the descriptor of the file of locks, for as long as this process lives: to close it would release all."""
    try:
        return os.open(folder / LOCKS, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError:
        return None


def _lock(file: int, place: int) -> None:
    """Lock a byte.

    Raises
    ------
    OSError
        When another process holds it (BlockingIOError or PermissionError), or there are no locks.
    """
    if fcntl is not None:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
    elif msvcrt is not None:
        os.lseek(file, place, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)


def _unlock(file: int, place: int) -> None:
    """Unlock a byte."""
    if fcntl is not None:
        fcntl.lockf(file, fcntl.LOCK_UN, 1, place)
    elif msvcrt is not None:
        os.lseek(file, place, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_UNLCK, 1)
