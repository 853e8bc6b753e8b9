"""The signals that ask a program to end; a terminal that is closed sends the last, which not every system has."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

ENDING: tuple[int, ...] = (
    signal.SIGINT,
    signal.SIGTERM,
    *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else []),
)


def heard() -> tuple[int, ...]:
    """Return those that this process hears: one that is begun by `nohup` outlives its terminal."""
    hung_up = ENDING[2:]
    return (*ENDING[:2], *(number for number in hung_up if signal.getsignal(number) is not signal.SIG_IGN))


def of_parents() -> tuple[int, ...]:
    """Return those that are sent to all processes of a terminal, of which the first one ends the others."""
    return (signal.SIGINT, *ENDING[2:])


@contextmanager
def held() -> Iterator[None]:
    """Let the signals of a terminal wait meanwhile; in processes begun here, until these say `ignore_terminal`.

    A process that begins would say by a traceback that it was interrupted, which is for its parent to say.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, of_parents())
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def ignore_terminal() -> None:
    """Ignore the signals of a terminal in this process: they are its parent's business."""
    for number in of_parents():
        signal.signal(number, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, of_parents())
