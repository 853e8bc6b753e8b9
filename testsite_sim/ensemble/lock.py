"""The lock of a folder: held by one living process, and free as soon as it ends, however it ends."""

import os
import sys
from pathlib import Path

from testsite_sim.errors import ConfigurationError

LOCK = "lock"


class FolderLock:
    """An exclusive lock on a file of a folder, which the system releases when the process dies.

    Parameters
    ----------
    folder : Path
        It is made where it is missing.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the lock.

        Raises
        ------
        ConfigurationError
            When another process holds it, or the folder cannot be made.
        """
        path = self.folder / LOCK
        while self._descriptor is None:
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
                descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
            except FileNotFoundError:
                continue  # the process that held it has just finished and removed the folder
            except OSError as error:
                raise ConfigurationError(f"{self.folder}: cannot be written ({error.strerror}).") from error
            if not _locked(descriptor):
                holder = os.read(descriptor, 32).decode("ascii", "replace").strip() or "?"
                os.close(descriptor)
                raise ConfigurationError(
                    f"{self.folder}: another process ({holder}) runs this ensemble; wait for it, or choose another "
                    "`-o`."
                )
            try:
                same = path.exists() and os.path.samestat(os.fstat(descriptor), path.stat())
            except FileNotFoundError:
                same = False
            if not same:
                os.close(descriptor)
                continue
            os.ftruncate(descriptor, 0)
            os.write(descriptor, f"process {os.getpid()}".encode("ascii"))
            self._descriptor = descriptor

    def release(self) -> None:
        """Give the lock back."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _locked(descriptor: int) -> bool:
    """Try to lock a file, without waiting."""
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
