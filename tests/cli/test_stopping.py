"""The program ends in order when it is asked to, and outlives its terminal where that was asked for."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from testsite_sim.cli import program, run, stopping

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


@pytest.mark.usefixtures("unprinted_figures")
def test_a_finished_run_that_is_stopped_while_it_is_shown_says_that_it_is_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "print_summary", stop)
    short = ("weather.start=2023-01-01", "weather.end=2023-01-03", "weather.climate=null")
    settings = [each for text in (*short, "economics.scale_to_year=by-repetition") for each in ("--set", text)]
    with pytest.raises(SystemExit) as end:
        program.main(["run", "flanders-wind-farm/test-site", "-o", str(tmp_path / "run"), *settings])
    assert end.value.code == 130
    assert f"stopped; {tmp_path / 'run'} is written." in capsys.readouterr().err
    assert (tmp_path / "run" / "results.nc").is_file()
