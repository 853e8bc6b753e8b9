"""Folders and files that a process holds while it uses them, so that others know what a killed one has left."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

MARK = ".testsite-sim"  # stands in a folder that is being written


def hold(path: Path) -> int | None:
    """Lock a folder or file until the process ends or the descriptor is closed; None where another process holds it.

    Where the system cannot lock folders, nobody knows whether another process holds it: None.
    """
    from filelock import lock_descriptor  # takes a while, and is not needed to answer `--help`

    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except OSError:  # Windows opens no folder
        return None
    try:
        held = lock_descriptor(descriptor, blocking=False)
    except OSError:
        held = False
    if not held:
        os.close(descriptor)
        return None
    return descriptor


def remove_marked(folder: Path) -> None:
    """Remove a folder of ours, its mark last: a kill half way leaves what the next run knows for ours.

    Twice where a call of the system fails: of a run that is in its place nothing but this can be left.
    """
    for _ in range(2):
        with suppress(OSError):
            for path in folder.iterdir():
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path, ignore_errors=True)
                elif path.name != MARK:
                    path.unlink()
            (folder / MARK).unlink(missing_ok=True)
            folder.rmdir()
            return
