"""The program ends in order when it is asked to, and outlives its terminal where that was asked for."""

import os
import signal
from collections.abc import Iterator

import pytest

from testsite_sim.cli import program, stopping

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture(autouse=True)
def own_handlers() -> Iterator[None]:
    """Put the handlers of the tests back."""
    before = {number: signal.getsignal(number) for number in SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)
    stopping._STOPPED.clear()


def test_a_closed_terminal_stops_a_run_once() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    stopping.listen()
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGHUP)
    assert stopping.was_stopped()
    os.kill(os.getpid(), signal.SIGHUP)  # that of the shell: what tidies up goes on


def test_what_nohup_begins_outlives_its_terminal() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    stopping.listen()
    os.kill(os.getpid(), signal.SIGHUP)
    assert not stopping.was_stopped()


def test_the_exit_code_stays_where_the_terminal_takes_no_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise program.TestsiteError("standard error cannot be written")

    monkeypatch.setattr(program, "echo", refuse)
    with pytest.raises(SystemExit) as end:
        program._stop()
    assert end.value.code == 130
