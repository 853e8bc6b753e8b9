"""Where compiled kernels are kept on disk, and whether the coming run has to compile.

numba's own disk cache does not notice a changed callee or constant in another file. The folder is therefore named
by a digest of every kernel source and of the versions of Python, numba and llvmlite: any change opens a new one.
"""

import hashlib
import os
import sys
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path


def kernel_sources() -> list[Path]:
    """Return the source files of the kernels, sorted by name."""
    specification = find_spec("testsite_kernels")
    if specification is None or not specification.submodule_search_locations:
        raise ImportError("testsite_kernels is not installed beside testsite_sim")
    return sorted(Path(specification.submodule_search_locations[0]).rglob("*.py"))


def cache_digest() -> str:
    """Return the digest that names the cache folder: sources, Python, numba, llvmlite."""
    digest = hashlib.sha256()
    digest.update(sys.version.encode())
    for package in ("numba", "llvmlite"):
        digest.update(f"{package} {metadata.version(package)}".encode())
    for path in kernel_sources():
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:20]


def cache_directory() -> Path:
    """Return the folder for compiled kernels under the user's cache folder (`TESTSITE_SIM_CACHE` overrides it)."""
    configured = os.environ.get("TESTSITE_SIM_CACHE")
    if configured:
        root = Path(configured)
    elif sys.platform == "win32":
        root = Path(os.environ.get("LOCALAPPDATA", str(Path.home()))) / "testsite-sim"
    else:
        root = Path(os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache"))) / "testsite-sim"
    return root / "kernels" / cache_digest()


def prepare_kernel_cache() -> Path:
    """Point numba at the cache folder; to be called before a kernel module is imported.

    Returns
    -------
    Path
        The folder that numba writes to: ours, or the one that the user set in `NUMBA_CACHE_DIR`.
    """
    if "NUMBA_CACHE_DIR" in os.environ:
        return Path(os.environ["NUMBA_CACHE_DIR"])
    directory = cache_directory()
    os.environ["NUMBA_CACHE_DIR"] = str(directory)
    if "numba" in sys.modules:
        sys.modules["numba"].config.reload_config()
    return directory


def has_compiled_kernels(directory: Path) -> bool:
    """Tell whether the cache folder already holds compiled kernels."""
    return directory.is_dir() and any(directory.rglob("*.nbi"))
