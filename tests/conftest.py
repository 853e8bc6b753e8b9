"""What tests of all rooms share."""

import gc
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from testsite_kernels.compiling.installed_kernels import installed_folder

from tests.shared_folders import SharedFolders, ShippedRun, shared_root, shipped_run_of
from tests.unprinted import unprinted

# No test is about time: a loaded machine takes longer for one example than for another. The examples are the same in
# every run, so that a commit alone decides whether its tests pass; `--hypothesis-profile searching` draws new ones.
UNTIMED = [HealthCheck.too_slow]
settings.register_profile("repeatable", deadline=None, derandomize=True, suppress_health_check=UNTIMED)
settings.register_profile("searching", deadline=None, suppress_health_check=UNTIMED)
settings.load_profile("repeatable")

# Looking for garbage took a seventh of the time of collecting tests, and a twentieth of running them: what is imported
# and collected stays until the end.
gc.set_threshold(50_000, 10, 10)
HELPED = ("testsite_sim.common.side_by_side", "testsite_sim.cases.compiling_ahead")


def pytest_report_header() -> str:
    """Say whether tests compile what shipped scenarios need, which takes minutes."""
    if installed_folder() is None:
        return "kernels: none installed for these sources and versions, so that tests compile them"
    return "kernels: those of shipped scenarios are installed"


@given(st.none())
def _begin_drawing(_: None) -> None:
    """Let hypothesis make its own random numbers."""


def pytest_collection_finish() -> None:
    """Look for no garbage among what is there before the first test."""
    # From Python 3.14 on, hypothesis does not see who holds its random numbers where that is frozen first, and warns.
    _begin_drawing()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def unhelped() -> Iterator[None]:
    """Let no process of tests start others that help it: pytest-xdist has one for each processor.

    Tests of such helpers start them all the same, those of studies as well.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name in HELPED:
            patch.setattr(f"{name}.usable_processors", lambda: 1)
        yield


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
