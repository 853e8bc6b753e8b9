"""A folder for a while."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Give a folder that is removed afterwards; where that fails twice it stays: it is no error of what was done in it.

    Raises
    ------
    OSError
        When it cannot be made.
    """
    folder = Path(tempfile.mkdtemp(prefix="testsite-sim-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if folder.exists():
            shutil.rmtree(folder, ignore_errors=True)
