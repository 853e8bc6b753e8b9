"""What the tests of the public face share: a short run of the test site, in memory."""

import pytest

import testsite_sim as ts
from tests.api.short import NAME, SHORT


@pytest.fixture(scope="session")
def run() -> ts.Run:
    return ts.load(NAME, SHORT).run()
