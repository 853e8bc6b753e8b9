"""The signals that ask a program to end; a terminal that is closed sends the last, which not every system has."""

import signal

ENDING: tuple[int, ...] = (
    signal.SIGINT,
    signal.SIGTERM,
    *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else []),
)


def heard() -> tuple[int, ...]:
    """Return those that this process hears: one that is begun by `nohup` outlives its terminal."""
    hung_up = ENDING[2:]
    return (*ENDING[:2], *(number for number in hung_up if signal.getsignal(number) is not signal.SIG_IGN))
