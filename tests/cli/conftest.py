"""What the tests of commands share: a scenario of `init`, and what would have been opened in a browser."""

from collections.abc import Callable
from pathlib import Path

import pytest

from testsite_sim.cli import main


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """Return the current folder, in which `init` has written a scenario into `mine`; `capsys` has what it said."""
    monkeypatch.chdir(tmp_path)
    main(["init", "mine"])
    return tmp_path


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the addresses that are opened in a browser from now on."""
    addresses: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda address: addresses.append(address) or True)
    return addresses


@pytest.fixture
def completed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[[str], list[str]]:
    """Return what gives the lines by which a shell completes the last of some words."""

    def of(words: str) -> list[str]:
        monkeypatch.setenv("_TESTSITE_SIM_COMPLETE", "bash_complete")
        monkeypatch.setenv("COMP_WORDS", f"testsite-sim {words}")
        monkeypatch.setenv("COMP_CWORD", str(len(words.split())))
        with pytest.raises(SystemExit):
            main([])
        return capsys.readouterr().out.splitlines()

    return of
