"""Let a copy of this process be the one that reads a user's file apart, in the fuzzers: ten times as many inputs.

The copy keeps the bounds and the end of its own that the process that reads has. What of the code it reaches is noted
in memory that both share, and reported to atheris once it has ended, whichever way: so the fuzzer is guided by it.
"""

import importlib
import mmap
import os
import signal
import subprocess
import sys
import tempfile
import types
from collections.abc import Sequence
from typing import Any

import numpy as np

from testsite_sim.common import reading_apart
from tools.processes import ended_in_time

# What a copy would import: imported before, it is there in all copies, and measured.
READERS = (
    "testsite_sim.weather.formats.grib",
    "testsite_sim.weather.formats.parquet",
    "testsite_sim.weather.formats.zarr",
    "testsite_sim.common.hdf5_safety",
    "pyarrow.parquet",
    "pyarrow.ipc",
    "cfgrib",
    "cfgrib.xarray_plugin",
    "zarr",
    "xarray.backends.zarr",
)
PLACES = 2**20  # in the code, which is the most that atheris counts
MOST_TIMES = 128  # that a place is reported: larger numbers are one to libFuzzer


class Reached:
    """Counts the places of the code that copies of this process reach, and reports them to atheris."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, PLACES)  # anonymous, and shared with copies
        self._counts = np.frombuffer(self._memory, dtype=np.uint8)

    def begin(self) -> None:
        """Count from now on in a copy, where atheris is there."""
        atheris = sys.modules.get("atheris")
        if atheris is None:
            return
        memory = self._memory

        def reached(place: int) -> None:
            if memory[place] < MOST_TIMES:
                memory[place] += 1

        atheris._trace_branch = reached  # type: ignore[attr-defined]

    def report(self) -> int:
        """Report what was reached since, in the process that was copied; return how many places."""
        atheris = sys.modules.get("atheris")
        if atheris is None:
            return 0
        places = np.flatnonzero(self._counts)
        for place in places.tolist():
            for _ in range(self._counts[place]):
                atheris._trace_branch(place)
        self._counts[places] = 0
        return len(places)


def import_readers(names: Sequence[str] = READERS) -> None:
    """Import what the copies would."""
    for name in names:
        importlib.import_module(name)


def read_apart_in_forks() -> None:
    """Let a copy of this process be the one that reads first, or instead: the same code, no interpreter that starts."""
    import_readers()
    places = Reached()

    def run(command: list[str], timeout: float, **_: Any) -> subprocess.CompletedProcess[bytes]:
        with tempfile.TemporaryFile() as said:
            process = os.fork()
            if not process:
                os.dup2(said.fileno(), 1)
                os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
                sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115 (the copy ends with it)
                for number in (signal.SIGALRM, signal.SIGPROF):
                    signal.signal(number, signal.SIG_DFL)
                places.begin()
                _be_the_reader(command[command.index("-c") + 1 :])
            code = ended_in_time(process, timeout)
            places.report()
            if code is None:
                raise subprocess.TimeoutExpired(command, timeout)
            said.seek(0)
            return subprocess.CompletedProcess(command, code, said.read(), b"")

    reading_apart.subprocess = types.SimpleNamespace(run=run, TimeoutExpired=subprocess.TimeoutExpired)  # type: ignore[attr-defined]


def _be_the_reader(arguments: list[str]) -> None:
    """Run the code of the process that reads as its interpreter would, and end this one."""
    code = 1
    try:
        sys.argv = ["-c", *arguments[1:]]
        exec(compile(arguments[0], "reader", "exec"), {"__name__": "__main__"})
        code = 0
    except SystemExit as end:
        code = int(end.code or 0)
        sys.stdout.flush()
    except BaseException:  # as of an interpreter: exit code 1
        code = 1
    finally:
        os._exit(code)
