"""Folders of compiled kernels that nothing uses any more are removed, so that a cache does not grow with every version.

Each version of the kernels has a folder of its own. A process holds a shared lock on a file of the folder that it uses
and notes the time. The folders used last are kept, and those of the last day: who changes between branches should not
compile each time. No folder that another process holds is touched. Where a system has no such locks, none is removed.
"""

import os
import re
import shutil
import time
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

fcntl: Any = import_module("fcntl") if os.name == "posix" else None  # Windows has none

USED = "used"  # the file that is locked; its time is that of the last use
NEWEST = 3  # folders that are kept, the one in use among them
RECENT = 86_400.0  # [s] since the last use, within which a folder is kept in any case
_FOLDER = re.compile(r"[0-9a-f]{20}")
_REMOVED = re.compile(r"[0-9a-f]{20}\.removed\.[0-9]+")


def hold(folder: Path) -> int | None:
    """Note that a folder is used now, and hold it until this process ends.

    Parameters
    ----------
    folder : Path
        A folder of compiled kernels.

    Returns
    -------
    int or None
        The descriptor that holds it; None where the system, or the file system, has no locks.

    Raises
    ------
    FileNotFoundError
        When another process removed the folder in this moment.
    OSError
        When the folder cannot be written.
    """
    descriptor = os.open(folder / USED, os.O_CREAT | os.O_RDWR, 0o600)
    os.utime(folder / USED)
    if fcntl is None:
        os.close(descriptor)
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
    except OSError:
        os.close(descriptor)
        return None
    # Whoever removes a folder locks it first: what was locked here may be another one, put aside.
    if not os.path.exists(folder / USED) or not os.path.samestat(os.fstat(descriptor), (folder / USED).stat()):
        os.close(descriptor)
        raise FileNotFoundError(2, "was removed by another process", str(folder))
    return descriptor


def prune(root: Path, newest: int = NEWEST, recent: float = RECENT) -> list[str]:
    """Remove the folders of kernels that were used longest ago, but for the newest, the recent and those that are held.

    Parameters
    ----------
    root : Path
        Where the folders stand. Only folders of this user, named by a digest and with a note of their use, are touched.
    newest : int
        How many are kept.
    recent : float
        Time since the last use within which a folder is kept [s].

    Returns
    -------
    list of str
        The names of those that were removed.
    """
    if fcntl is None:
        return []
    used = []
    for folder in root.iterdir():
        with suppress(OSError):
            if _REMOVED.fullmatch(folder.name) and folder.lstat().st_uid == os.getuid():
                shutil.rmtree(folder, ignore_errors=True)  # of a process that ended while it removed it
            elif _FOLDER.fullmatch(folder.name) and not folder.is_symlink() and folder.stat().st_uid == os.getuid():
                used.append(((folder / USED).lstat().st_mtime_ns, folder.name))
    oldest = time.time_ns() - int(recent * 1e9)
    names = [name for moment, name in sorted(used, reverse=True)[newest:] if moment < oldest]
    return [name for name in names if _remove(root / name)]


def _remove(folder: Path) -> bool:
    """Remove a folder that nobody holds; return whether it is gone."""
    try:
        descriptor = os.open(folder / USED, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        aside = folder.with_name(f"{folder.name}.removed.{os.getpid()}")
        folder.rename(aside)  # at once: nobody finds half a folder
    except OSError:
        return False
    finally:
        os.close(descriptor)
    shutil.rmtree(aside, ignore_errors=True)
    return True
