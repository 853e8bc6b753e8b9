"""Numbers of cases, cut into chunks of about as much work."""

from collections import deque
from collections.abc import Sequence

CHUNK_SECONDS = 0.5  # of work that a process is given at a time
LARGEST_CHUNK = 64  # members


class Chunks:
    """Cuts numbers of cases into chunks of about as much work, by the time that members took."""

    def __init__(self, numbers: Sequence[int]) -> None:
        self._left = deque(numbers)
        self._seconds = CHUNK_SECONDS  # of a member

    def __bool__(self) -> bool:
        return bool(self._left)

    def next(self) -> list[int]:
        """Return the next chunk."""
        size = min(max(1, int(CHUNK_SECONDS / self._seconds)), LARGEST_CHUNK, len(self._left))
        return [self._left.popleft() for _ in range(size)]

    def give_back(self, numbers: Sequence[int]) -> None:
        """Take back what was not done."""
        self._left.extendleft(reversed(numbers))

    def took(self, seconds: float, members: int) -> None:
        """Learn how long members took."""
        self._seconds = 0.5 * self._seconds + 0.5 * max(seconds / members, 1e-4)
