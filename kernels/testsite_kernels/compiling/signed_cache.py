"""Compiled kernels on disk, each in a file of its own that is signed: what was not written by this user is not read.

A file holds 32 bytes of keyed BLAKE2b of its name and of what follows: pickled, the signature of the kernel and its
machine code, as numba gives them. A file that is truncated, empty, exchanged or written by others has no valid
signature: nothing of it is unpickled, the kernel is compiled again and the file replaced.

Kernels that were installed with the program (`installed_kernels`) are looked for first; their files are of the same
form, without a key.
"""

import gc
import hashlib
import hmac
import os
import pickle
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
from numba.core.caching import _Cache
from numba.core.runtime.nrt import rtsys
from numba.core.serialize import dumps

from testsite_kernels.compiling.compile_lock import CompileLock
from testsite_kernels.compiling.installed_kernels import NO_KEY, read_installed
from testsite_kernels.compiling.kernel_cache import KernelFolder, announce_compiling, kernel_folder, open_file
from testsite_kernels.compiling.late_bitcode import rebuilt

SIGNATURE_BYTES = 32
KERNELS = "testsite_kernels."
_dumps: Any = dumps  # untyped


def keep(dispatcher: Any) -> None:
    """Give a kernel the signed cache; what is not compiled, as by NUMBA_DISABLE_JIT, needs none."""
    if not hasattr(dispatcher, "_cache") or isinstance(dispatcher._cache, SignedCache):
        return
    kept, compile_or_load = SignedCache(dispatcher.py_func), dispatcher.compile

    def compile_in_turn(signature: Any) -> Any:
        try:
            with collection_paused():
                return compile_or_load(signature)
        finally:
            kept.release()  # also where it could not be compiled

    dispatcher._cache, dispatcher.compile = kept, compile_in_turn


@contextmanager
def collection_paused() -> Iterator[None]:
    """Let Python look for no garbage: a compiler makes many objects that stay, and a seventh of its time went there."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class SignedCache(_Cache):
    """The cache of one kernel: a file for each of its signatures and processors.

    Parameters
    ----------
    function : callable
        The Python function of the kernel.
    """

    def __init__(self, function: Any) -> None:
        code = function.__code__
        self._name = f"{Path(code.co_filename).stem}.{function.__name__}"
        self._code = _digest_of(function)
        self._source, self._line = code.co_filename, code.co_firstlineno
        self._enabled = True
        self._locks: list[CompileLock] = []

    @property
    def cache_path(self) -> str | None:
        """The folder, as numba's statistics show it."""
        folder = kernel_folder()
        return None if folder is None else str(folder.path)

    def enable(self) -> None:
        """Read and write files."""
        self._enabled = True

    def disable(self) -> None:
        """Neither read nor write files."""
        self._enabled = False

    def flush(self) -> None:
        """Remove the files of this kernel."""
        folder = kernel_folder()
        for path in () if folder is None else folder.path.glob(f"{self._name}-*.kernel"):
            path.unlink(missing_ok=True)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return the machine code for a signature, None where it is to be compiled."""
        if not self._enabled:
            announce_compiling()
            return None
        key = self._key(sig, target_context.codegen())
        name = self._file(key)
        found = self._load(_content(NO_KEY, name, read_installed(name)), key, target_context)
        if found is not None:
            return found
        folder = kernel_folder()
        if folder is None:
            announce_compiling()
            return None
        found = self._load(read_signed(folder, name), key, target_context)
        if found is not None:
            return found
        announce_compiling()
        lock = CompileLock(folder.path, name)
        self._locks.append(lock)
        if not lock.wait(lambda: read_signed(folder, name) is not None):
            return None
        return self._load(read_signed(folder, name), key, target_context)

    def _load(self, content: bytes | None, key: tuple[Any, ...], target_context: Any) -> Any:
        """Return the machine code that is kept, None where it is not, or not for this."""
        if content is None:
            return None
        try:
            kept, symbols, data = pickle.loads(content)
            if kept != key:
                return None
            rtsys.initialize(target_context)
            if not all(map(llvm.address_of_symbol, symbols)):
                target_context.refresh()  # defines them, and all that compiling needs, which takes a while
            return rebuilt(target_context, *data)
        except Exception:  # written by us for another numba in all but its version
            return None

    def release(self) -> None:
        """Let other processes have what this one compiled."""
        while self._locks:
            self._locks.pop().release()

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep machine code, where it can be kept; a disk that is full is no reason to end a run."""
        folder = kernel_folder() if self._enabled else None
        if folder is None or data.library.has_dynamic_globals or any(not each.can_cache for each in data.lifted):
            return
        key = self._key(sig, data.codegen)
        try:
            write_signed(folder, self._file(key), _dumps((key, _external_symbols(data.library), data._reduce())))
        except OSError as error:
            _warn_once(f"compiled kernels are not kept: {folder.path}: {error.strerror}.")

    def _key(self, sig: Any, codegen: Any) -> tuple[Any, ...]:
        """Return what must be the same for machine code to be that of this kernel."""
        return sig, codegen.magic_tuple(), self._code, _source_digest(self._source)

    def _file(self, key: tuple[Any, ...]) -> str:
        """Return the name of a file."""
        digest = hashlib.sha256(repr((self._line, key)).encode()).hexdigest()[:20]
        return f"{self._name}-{digest}.kernel"


def _external_symbols(library: Any) -> list[str]:
    """Return the names of what machine code takes from elsewhere, such as the functions of numba's runtime."""
    module = library._final_module
    found = (each.name for each in (*module.functions, *module.global_variables) if each.is_declaration)
    return [name for name in found if not name.startswith("llvm.")]


def _digest_of(function: Any) -> str:
    """Return the digest of a function's code, and of what it takes from elsewhere than the kernels' own sources.

    Those name the folder; functions and numbers in its closure, or in a module that is not theirs, do not.
    """
    digest, seen = hashlib.sha256(), set()

    def read(function: Any) -> None:
        code = function.__code__
        if code in seen:
            return
        seen.add(code)
        digest.update(code.co_code)
        digest.update(_source_digest(code.co_filename).encode())
        cells = [cell.cell_contents for cell in function.__closure__ or ()]
        names = [] if function.__module__.startswith(KERNELS) else code.co_names
        for value in (*cells, *(function.__globals__.get(name) for name in names)):
            inner = getattr(value, "py_func", None)
            if inner is not None:
                read(inner)
            elif isinstance(value, int | float | str | tuple):
                digest.update(repr(value).encode())

    read(function)
    return digest.hexdigest()


def digest_of_sources(*functions: Any) -> str:
    """Return a few letters that differ where the source files of functions do."""
    paths = sorted({getattr(each, "py_func", each).__code__.co_filename for each in functions})
    return hashlib.sha256("".join(map(_source_digest, paths)).encode()).hexdigest()[:8]


@cache
def _source_digest(path: str) -> str:
    """Return the digest of a source file."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest() if Path(path).is_file() else ""


@cache
def _warn_once(text: str) -> None:
    """Warn of something once."""
    warnings.warn(text, stacklevel=2)


def _sign(key: bytes, name: str, content: bytes) -> bytes:
    """Return the signature of a file."""
    digest = hashlib.blake2b(f"{name}\0".encode(), key=key, digest_size=SIGNATURE_BYTES)
    digest.update(content)
    return digest.digest()


def _content(key: bytes, name: str, found: bytes | None) -> bytes | None:
    """Return what follows the signature of a file, None where there is no file or the signature is not valid."""
    if found is None:
        return None
    content = found[SIGNATURE_BYTES:]
    return content if hmac.compare_digest(found[:SIGNATURE_BYTES], _sign(key, name, content)) else None


def read_signed(folder: KernelFolder, name: str) -> bytes | None:
    """Return the content of a file whose signature is valid, None of any other."""
    try:
        with open_file(folder.path / name) as stream:
            found = stream.read()
    except OSError:
        return None
    return _content(folder.key, name, found)


def write_signed(folder: KernelFolder, name: str, content: bytes) -> None:
    """Write a file with its signature, whole or not at all.

    Raises
    ------
    OSError
        When the disk is full or the folder gone; nothing is left then.
    """
    descriptor, temporary = tempfile.mkstemp(dir=folder.path)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(_sign(folder.key, name, content))
            stream.write(content)
        os.replace(temporary, folder.path / name)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
