"""A run that is asked to end by a signal ends cleanly."""

import signal
from types import FrameType

from testsite_sim.common.ending import ENDING, heard, ignore_terminal
from testsite_sim.common.printing import echo

_STOPPED: list[int] = []  # signals that asked this run to end


def listen() -> None:
    """Let the signals of interruption, of termination and of a closed terminal stop what is done from now on."""
    _STOPPED.clear()
    for number in heard():
        signal.signal(number, _terminate)


def listen_to_parent() -> None:
    """Let SIGTERM alone stop a copy of the program, and once: its parent sends it, and hears what a terminal sends."""
    ignore_terminal()
    signal.signal(signal.SIGTERM, _terminate_once)


def outlive_terminal() -> None:
    """Let a terminal that is closed from now on change nothing: what was to be done is done."""
    for number in ENDING[2:]:
        signal.signal(number, signal.SIG_IGN)


def was_stopped() -> bool:
    """Return whether a signal asked this run to end."""
    return bool(_STOPPED)


def end_if_stopped() -> None:
    """Raise KeyboardInterrupt where a signal asked this run to end: a library may have swallowed the first one."""
    if _STOPPED:
        raise KeyboardInterrupt


def log(line: str) -> None:
    """Print a line of what is being done; end here if that was asked for."""
    end_if_stopped()
    echo(line, err=True)


def log_nothing(line: str) -> None:
    """Print nothing of what is being done; end here if that was asked for."""
    end_if_stopped()


def _terminate(number: int, frame: FrameType | None) -> None:
    """Turn a request to end into an exception, so that a half-written folder is removed; note it as well.

    A library that is just being imported may swallow the exception: the next line that a run logs raises it again.
    """
    _STOPPED.append(number)
    if number in ENDING[2:]:  # both the system and the shell send it: the second must not stop what tidies up
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _terminate_once(number: int, frame: FrameType | None) -> None:
    """Turn the first request to end into an exception: a second must not stop what tidies up."""
    signal.signal(number, signal.SIG_IGN)
    _terminate(number, frame)
