"""Where compiled kernels are kept on disk, that they are ours before they are used, and that compiling is announced.

numba's own disk cache does not notice a changed callee or constant in another file, and it executes whatever stands in
its files. The folder is therefore named by a digest of every kernel source and of the versions of Python, numba and
llvmlite, and each file of it is signed (`signed_cache`) by a key that only this user can read.
"""

import atexit
import errno
import hashlib
import os
import shutil
import stat
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from testsite_kernels.compiling.cache_pruning import hold, prune

CACHE = "TESTSITE_SIM_CACHE"
KEY = "key"
KEY_BYTES = 32
COMPILING = "compiling kernels (once; the next run starts at once) …"
_LISTENERS: list[Callable[[], None]] = []
_TO_DO: list[Callable[[], None]] = []


@dataclass(frozen=True)
class KernelFolder:
    """A folder of compiled kernels that only this user can write, and the key that signs its files.

    `held`: the descriptor by which this process keeps others from removing it.
    """

    path: Path
    key: bytes
    held: int | None = field(default=None, compare=False, repr=False)


def kernel_sources() -> tuple[Path, list[Path]]:
    """Return the folder of the kernels and their source files, sorted by path."""
    root = Path(__file__).resolve().parents[1]
    return root, sorted(root.rglob("*.py"))


@lru_cache(maxsize=1)
def cache_digest() -> str:
    """Return the digest that names the cache folder: sources, Python, numba, llvmlite."""
    from importlib import metadata  # takes a while, and is not needed to answer `--help`

    digest = hashlib.sha256()
    digest.update(sys.version.encode())
    for package in ("numba", "llvmlite"):
        digest.update(f"{package} {metadata.version(package)}".encode())
    root, sources = kernel_sources()
    for path in sources:
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:20]


def cache_directory() -> Path:
    """Return the folder for compiled kernels under the user's cache folder.

    `TESTSITE_SIM_CACHE` overrides it, and so does `NUMBA_CACHE_DIR`, where a user has set it.

    Raises
    ------
    RuntimeError
        When the user has no home.
    """
    configured = os.environ.get(CACHE) or os.environ.get("NUMBA_CACHE_DIR")
    root = Path(configured) if configured else _user_cache()
    return root / "kernels" / cache_digest()


def _user_cache() -> Path:
    """Return the folder of this program in the user's cache folder, by the conventions of the system."""
    from platformdirs import user_cache_path  # takes a while, and is not needed to answer `--help`

    path = user_cache_path("testsite-sim", appauthor=False)
    if not path.is_absolute():
        raise RuntimeError("the user has no home folder")
    return path


@lru_cache(maxsize=1)
def kernel_folder() -> KernelFolder | None:
    """Return the folder of compiled kernels, made where it is missing; None where not even a temporary one can be made.

    Where the folder of the user cannot be written, or is not the user's own, a private temporary folder is used
    until the process ends, and a warning says so.
    """
    try:
        return _own_folder(cache_directory())
    except (OSError, RuntimeError) as error:
        reason = _reason(error)
    try:
        root = tempfile.mkdtemp(prefix="testsite-sim-")
        os.environ[CACHE] = root  # for processes that this one starts
        folder = _own_folder(cache_directory())
    except OSError as error:
        warnings.warn(f"compiled kernels are not kept: {reason}, {_reason(error)}.", stacklevel=2)
        return None
    atexit.register(_remove, root, os.getpid())
    warnings.warn(f"compiled kernels are kept until the end of this run only: {reason}.", stacklevel=2)
    return folder


def _reason(error: Exception) -> str:
    """Return in a few words why a folder is not used."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}"
    return str(error)


def _remove(root: str, process: int) -> None:
    """Remove a temporary folder at the end of the process that made it."""
    if os.getpid() == process:
        shutil.rmtree(root, ignore_errors=True)


def _own_folder(path: Path, attempts: int = 3) -> KernelFolder:
    """Return a folder with its key, held until this process ends; its neighbours that nobody uses any more are removed.

    Raises
    ------
    PermissionError
        When the folder belongs to somebody else.
    OSError
        When it cannot be made or written.
    """
    is_new = not path.is_dir()
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    about = path.stat()
    if hasattr(os, "getuid") and about.st_uid != os.getuid():
        raise PermissionError(13, "belongs to another user", str(path))
    if not os.access(path, os.W_OK | os.X_OK):
        raise PermissionError(13, "cannot be written", str(path))
    was_open = os.name == "posix" and bool(about.st_mode & 0o022)
    if was_open:  # what others could write is not used: under a new key no file has a valid signature
        path.chmod(0o700)
    key = None if was_open else _read_key(path / KEY)
    try:
        held = hold(path)
    except FileNotFoundError:
        if attempts > 1:
            return _own_folder(path, attempts - 1)
        raise
    if is_new and held is not None:
        prune(path.parent)
    return KernelFolder(path, _new_key(path, replace=was_open) if key is None else key, held)


def _read_key(path: Path) -> bytes | None:
    """Return the key in a file; None where it is not whole, or not the user's alone."""
    with suppress(OSError):
        about = path.lstat()
        private = os.name != "posix" or (about.st_uid == os.getuid() and not about.st_mode & 0o077)
        if stat.S_ISREG(about.st_mode) and private and about.st_size == KEY_BYTES:
            return path.read_bytes()
    return None


def open_file(path: Path) -> BinaryIO:
    """Open a file to be read, and only a file: a pipe of its name would let this process wait for a writer.

    Raises
    ------
    OSError
        When there is none, or something else.
    """
    stream = open(path, "rb", opener=_without_waiting)  # noqa: SIM115 (for the caller to close)
    if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
        stream.close()
        raise OSError(errno.EINVAL, "is no file", str(path))
    return stream


def _without_waiting(path: str, flags: int) -> int:
    """Open a file without waiting for the other end, where the system can."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _new_key(folder: Path, replace: bool) -> bytes:
    """Write a key, whole or not at all; of processes that do so at once the first one's counts."""
    descriptor, name = tempfile.mkstemp(dir=folder)  # readable by the user alone
    made = os.urandom(KEY_BYTES)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(made)
        if not replace:
            with suppress(OSError):  # it is there already, or the file system knows no links
                os.link(name, folder / KEY)
            found = _read_key(folder / KEY)
            if found is not None:
                return found
        os.replace(name, folder / KEY)
        return made
    finally:
        Path(name).unlink(missing_ok=True)


@contextmanager
def announced(say: Callable[[str], None]) -> Iterator[None]:
    """Say a line when the first kernel is compiled, since that takes a while; nothing where all are kept already."""
    lines: list[str] = []

    def listener() -> None:
        if not lines:
            lines.append(COMPILING)
            say(COMPILING)

    _LISTENERS.append(listener)
    try:
        yield
    finally:
        _LISTENERS.remove(listener)


@contextmanager
def when_compiling(act: Callable[[], None]) -> Iterator[None]:
    """Do something once, when the first kernel is compiled; nothing where all are kept already."""
    _TO_DO.append(act)
    try:
        yield
    finally:
        with suppress(ValueError):  # it has been done
            _TO_DO.remove(act)


def announce_compiling() -> None:
    """Let the innermost `announced` know that a kernel is about to be compiled, and do what `when_compiling` asks."""
    if _LISTENERS:
        _LISTENERS[-1]()
    while _TO_DO:
        _TO_DO.pop()()
