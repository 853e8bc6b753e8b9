"""What tests of copies of a process share: nothing of them is left, and they end with a process that is killed."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

LONGEST = 10.0  # [s] that copies have to end


@contextmanager
def nothing_left() -> Iterator[None]:
    """Hold that no child and no descriptor is left of what is done within."""
    before = sorted(os.listdir("/proc/self/fd"))
    yield
    assert sorted(os.listdir("/proc/self/fd")) == before
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def killed_and_its_copies_ended(program: str, folder: Path) -> None:
    """Run a program that kills itself, and hold that its copies end: those whose numbers are names in a folder."""
    subprocess.run([sys.executable, "-c", program], check=False, timeout=60.0)
    end = time.monotonic() + LONGEST
    while any(Path("/proc", name).exists() for name in os.listdir(folder)):
        assert time.monotonic() < end
        time.sleep(0.01)
