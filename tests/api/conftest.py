"""What the tests of the public face share: a short run of the test site, in memory."""

import pytest

import testsite_sim as ts
from tests.api.short import NAME, SHORT


@pytest.fixture(scope="session")
def made() -> ts.Run:
    return ts.load(NAME, SHORT).run()


@pytest.fixture
def run(made: ts.Run, monkeypatch: pytest.MonkeyPatch) -> ts.Run:
    """Return the run as it was made: saving it in one test places it in no other."""
    monkeypatch.setattr(made, "directory", None)
    return made
