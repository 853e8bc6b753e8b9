"""Compiled kernels that were installed with the program: `tools/compile_at_installation.py` makes them, runs only read.

They are a package of their own next to the other packages, so that pip removes them with the program, and that each
environment of an editable checkout has its own. Like the cache of a user, its folder is named by the digest of sources,
Python, numba and llvmlite, and the name of a file by the processor: after an edit, an upgrade or a move to another
machine nothing is found, and kernels are compiled into the cache of the user.
"""

import os
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from testsite_kernels.compiling.kernel_cache import cache_digest, open_file

PACKAGE = "testsite_compiled_kernels"
NO_KEY = b""  # the digest of an installed file shows damage; who wrote it is for the file system to say


@lru_cache(maxsize=1)
def installed_folder() -> Path | None:
    """Return the folder of the kernels that were installed for these sources and versions, None where there is none."""
    found = find_spec(PACKAGE)
    for place in (found and found.submodule_search_locations) or ():
        folder = Path(place) / cache_digest()
        if folder.is_dir():
            return folder
    return None


def read_installed(name: str) -> bytes | None:
    """Return the bytes of a file that was installed, None where it is not, or where others could have written it."""
    folder = installed_folder()
    if folder is None:
        return None
    try:
        with open_file(folder / name) as stream:
            return stream.read() if _as_trusted_as_python(os.fstat(stream.fileno())) else None
    except OSError:
        return None


def _as_trusted_as_python(about: os.stat_result) -> bool:
    """Return whether nobody could have written a file but this user, root, and who could write this very source.

    Python runs what the last of them writes in any case: the modes that an installer gives to all files need no other
    rule, while one file that is more open than the others is not read.
    """
    if os.name != "posix":
        return True
    own = Path(__file__).stat()
    return about.st_uid in (os.getuid(), 0, own.st_uid) and not about.st_mode & ~own.st_mode & 0o022
