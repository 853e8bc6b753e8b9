"""What tests of all rooms share."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.shared_folders import SharedFolders, ShippedRun, shared_root, shipped_run_of
from tests.unprinted import unprinted

# No test is about time: a loaded machine takes longer for one example than for another. The examples are the same in
# every run, so that a commit alone decides whether its tests pass; `--hypothesis-profile searching` draws new ones.
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.register_profile("searching", deadline=None)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def shared_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedFolders]:
    """Return what makes a folder once for all processes of the session; see `tests/shared_folders.py`."""
    folders = SharedFolders(shared_root(tmp_path_factory))
    yield folders
    folders.check()


@pytest.fixture(scope="session")
def shipped_run(shared_folders: SharedFolders) -> ShippedRun:
    """Return what gives the run directory of a shipped scenario with overrides, made once and read-only."""
    return shipped_run_of(shared_folders)


@pytest.fixture
def unprinted_figures() -> Iterator[None]:
    """Let the figures of a test be drawn and not printed."""
    with unprinted():
        yield


@pytest.fixture(scope="module")
def unprinted_in_module() -> Iterator[None]:
    """Let the figures of a module be drawn and not printed, those of its fixtures as well."""
    with unprinted():
        yield


@pytest.fixture(scope="module")
def drawn_here() -> Iterator[None]:
    """Let this process draw its figures itself, where a test notes what it calls or asks for."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("testsite_sim.common.side_by_side.usable_processors", lambda: 1)
        yield
