"""What a process of the program's own sets for itself, so that it starts fast; one of the user's is left alone."""

import atexit
import gc
import os
import sys
from collections.abc import Mapping
from typing import Any

from testsite_sim.common.absent import absent, defer

ALLOCATIONS = 100_000  # between two collections of garbage
# Before the first one: what a run imports and reads is half a million objects, which stay, and four collections looked
# at them for 120 ms.
ALLOCATIONS_AT_START = 1_000_000
_IS_OURS: list[bool] = []
_IS_RUN: list[bool] = []
_IS_DONE: list[bool] = []


def own_process() -> None:
    """Note that this process is the program's own, and let it look for garbage less often than Python does."""
    _IS_OURS.append(True)
    gc.set_threshold(ALLOCATIONS_AT_START, 20, 100)
    gc.callbacks.append(_collect_oftener)
    atexit.register(_end_at_once, os.getpid())  # before all others, so that it is called after them


def _collect_oftener(phase: str, about: Mapping[str, Any]) -> None:
    """Let the collections of garbage that follow the first come after fewer objects."""
    gc.callbacks.remove(_collect_oftener)
    gc.set_threshold(ALLOCATIONS, 20, 100)


def done() -> None:
    """Note that the program has done all that it was asked for: it ends with code 0 as soon as Python lets it.

    Threads are waited for and what was to be done at the end is done; what is spared is to take modules and compiled
    kernels apart, one object after another, which takes a tenth of a short run.
    """
    _IS_DONE.append(True)


def _end_at_once(process: int) -> None:
    """End a process that is done, if its last lines can be written; if not, Python says so."""
    if _IS_DONE and os.getpid() == process:
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        except (OSError, ValueError, AttributeError):  # a full disk, or closed
            return
        os._exit(0)


def is_own_process() -> bool:
    """Return whether this process is the program's own."""
    return bool(_IS_OURS)


def is_own_run() -> bool:
    """Return whether this process is the program's own and simulates, so that it needs the folder of the kernels."""
    return bool(_IS_RUN)


def expect_plain_arrays() -> None:
    """Import xarray, without the other array libraries where this process is the program's own.

    xarray imports dask, pint and others when it first converts an array, to know whether it is one of theirs, which
    takes as long as a short simulation. It keeps in mind what is missing. No step of the chain makes such arrays.
    pandas imports pyarrow and numexpr where they are installed, for columns and expressions that no step has; a Parquet
    file is read all the same.
    windpowerlib imports requests to fetch its table of turbines, which no step does; scipy imports all that numpy has,
    its compiler of Fortran too; xarray imports asyncio, and with it sockets and TLS, to load what is far away; numba
    imports a reader of YAML for settings of the user's own, which few have.
    """
    if _IS_OURS:
        _IS_RUN.append(True)
        for module in ("requests", "numpy.f2py", "asyncio", "yaml"):
            defer(module)
        # A script of the user's, which a worker imports first, has imported xarray: that knows already that dask is
        # installed, and fails where it is then missing.
        libraries = () if "xarray" in sys.modules else ("dask", "pint", "cupy", "sparse")
        with absent(*libraries, "pyarrow", "numexpr"):
            import xarray as xr

            xr.Variable((), 0.0).to_numpy()
