"""The small ensemble, run by one process from begin to end: what others must equal bit by bit."""

import pytest

from tests.ensemble.small import bits, run
from tests.shared_folders import SharedFolders
from tests.unprinted import unprinted


@pytest.fixture(scope="session")
def unbroken(shared_folders: SharedFolders) -> dict[str, bytes]:
    with unprinted():
        return bits(shared_folders.get("small-ensemble", lambda path: run(path) and None))
