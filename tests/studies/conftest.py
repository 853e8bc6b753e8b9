"""Studies are simulated side by side in their tests, as those of users are."""

from collections.abc import Iterator

import pytest

from testsite_sim.common.processors import usable_processors


@pytest.fixture(scope="module", autouse=True)
def helped() -> Iterator[None]:
    """Let copies of this process help it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("testsite_sim.common.side_by_side.usable_processors", usable_processors)
        yield
