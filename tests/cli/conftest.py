"""What the tests of commands share: a scenario of `init`, and what would have been opened in a browser."""

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
