"""Folders for a while, which a process holds while it uses them; what a killed one left the next command removes."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from testsite_sim.common.holding import MARK, hold, remove_marked

BEGINS = "testsite-sim-"
_NAME = re.compile(rf"{BEGINS}[a-z0-9_]{{8}}")


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Give a folder that is removed afterwards; where that fails twice it stays: it is no error of what was done in it.

    Raises
    ------
    OSError
        When it cannot be made.
    """
    clear_temporary_folders()
    folder = Path(tempfile.mkdtemp(prefix=BEGINS))
    held: int | None = None
    try:
        held = hold(folder)
        if held is not None:  # else another process might remove it
            with suppress(OSError):  # of a full disk: what is to stand in the folder will say so
                (folder / MARK).touch()
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if folder.exists():
            shutil.rmtree(folder, ignore_errors=True)
        if held is not None:
            os.close(held)


def clear_temporary_folders() -> None:
    """Remove the temporary folders of ours that no living process holds: those that bear our mark, of this user alone.

    Where the system cannot lock folders, none is known to be left, and none is removed.
    """
    if os.name == "nt":
        return
    with suppress(OSError):
        for folder in sorted(Path(tempfile.gettempdir()).iterdir()):
            if _NAME.fullmatch(folder.name) is None or folder.is_symlink() or not (folder / MARK).is_file():
                continue
            if folder.stat().st_uid != os.geteuid():
                continue
            descriptor = hold(folder)
            if descriptor is None:
                continue
            try:
                remove_marked(folder)
            finally:
                os.close(descriptor)
