"""Let a copy of this process be the one that reads a user's file apart, in the fuzzers: many times as many inputs.

A copy reads one file after the other, until one ends it or it has read `MOST_FILES`; a copy for each file takes ten
times as long to begin as to read a small one. It keeps the bounds and the end of its own that the process that reads
has. What of the code it reaches is noted in memory that both share, and reported to atheris after each file, whichever
way it ended: so the fuzzer is guided by it.
"""

import functools
import gc
import importlib
import json
import mmap
import os
import resource
import select
import signal
import subprocess
import sys
import tempfile
import time
import types
from collections.abc import Sequence
from typing import IO, Any

import h5py
import numpy as np

from testsite_sim.common import reading_apart
from tools import processes

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
TIMES = np.repeat([0, 1, 2, 3, 4, 8, 16, 32, 128], [1, 1, 1, 1, 4, 8, 16, 96, 128]).tolist()  # the least it takes alike
# Signals that end a copy as they end the process that reads; atheris would write a finding down for some.
ENDING = (signal.SIGALRM, signal.SIGPROF, signal.SIGINT, signal.SIGTERM, signal.SIGSEGV, signal.SIGABRT)
ENDING += (signal.SIGBUS, signal.SIGFPE, signal.SIGILL)
MOST_FILES = 500  # that a copy reads
MOST_MEMORY = 2**28  # bytes that a copy may gain

_readers: list["Reader"] = []  # the one that lives


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
        words = np.flatnonzero(self._counts.view(np.uint64))
        if not len(words):
            return 0
        near = self._counts.reshape(-1, 8)[words]
        places = (8 * words[:, None] + np.arange(8))[near > 0].tolist()
        trace = atheris._trace_branch
        for place, times in zip(places, near[near > 0].tolist(), strict=True):
            for _ in range(TIMES[times]):
                trace(place)
        self._counts.reshape(-1, 8)[words] = 0
        return len(places)


def import_readers(names: Sequence[str] = READERS) -> None:
    """Import what the copies would."""
    for name in names:
        importlib.import_module(name)


class Reader:
    """A copy of this process that reads files apart, one after the other.

    Parameters
    ----------
    places : Reached
        What it notes the code that it reaches in.
    """

    def __init__(self, places: Reached) -> None:
        self.files = 0
        self._reported = 0.0  # [s] of CPU time
        asked, self._ask = os.pipe()
        self._answers, answer = os.pipe()
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 (both hold it as long as they live)
        self._process = os.fork()
        if self._process:
            os.close(asked)
            os.close(answer)
            return
        os.close(self._ask)
        os.close(self._answers)
        _serve(asked, answer, self._said, places)

    def run(self, arguments: Sequence[str], wait: float) -> tuple[int | None, bytes, bool]:
        """Run code with its arguments.

        Parameters
        ----------
        arguments : sequence of str
            The code first.
        wait : float
            For how long [s].

        Returns
        -------
        int or None
            Exit code (negative: the signal that ended it); None where it had to be ended.
        bytes
            What it wrote to standard output.
        bool
            Whether it has ended.
        """
        self.files += 1
        asked = json.dumps(list(arguments)).encode()
        os.write(self._ask, len(asked).to_bytes(4, "little"))
        while asked:
            asked = asked[os.write(self._ask, asked) :]
        answered, _, _ = select.select([self._answers], [], [], wait)
        answer = os.read(self._answers, 1024) if answered else b""
        if not answer:
            code = processes.ended_in_time(self._process, wait) if answered else self._kill()
            said = self._words()
            self._close()
            return code, said, True
        code, took, stale = json.loads(answer)
        processes.add_seconds(took)
        self._reported += took
        said = self._words()
        if stale or self.files >= MOST_FILES:
            self.end()
            return code, said, True
        return code, said, False

    def end(self) -> None:
        """End the copy."""
        self._kill()
        self._close()

    def _kill(self) -> None:
        os.kill(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)

    def _close(self) -> None:
        os.close(self._ask)
        os.close(self._answers)
        self._said.close()
        processes.add_seconds(-self._reported)  # which the system counts from now on

    def _words(self) -> bytes:
        self._said.seek(0)
        return self._said.read()


def read_apart_in_forks() -> None:
    """Let a copy of this process be the one that reads first, or instead: the same code, no interpreter that starts."""
    import_readers()
    places = Reached()

    def run(command: list[str], timeout: float, **_: Any) -> subprocess.CompletedProcess[bytes]:
        if not _readers:
            _readers.append(Reader(places))
        code, said, ended = _readers[0].run(command[command.index("-c") + 1 :], timeout)
        if ended:
            _readers.clear()
        places.report()
        if code is None:
            raise subprocess.TimeoutExpired(command, timeout)
        return subprocess.CompletedProcess(command, code, said, b"")

    reading_apart.subprocess = types.SimpleNamespace(run=run, TimeoutExpired=subprocess.TimeoutExpired)  # type: ignore[attr-defined]


def end_copy() -> None:
    """End the copy: the next file has one of this process as it is then."""
    while _readers:
        _readers.pop().end()


def _serve(asked: int, answer: int, said: IO[bytes], places: Reached) -> None:
    """Be the copy: run what is asked until nobody asks, and end this process."""
    try:
        os.dup2(said.fileno(), 1)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115 (the copy ends with it)
        for number in ENDING:
            signal.signal(number, signal.SIG_DFL)
        set_bound = resource.setrlimit
        # The next file has bounds of its own, which may be higher.
        resource.setrlimit = lambda kind, bounds: set_bound(kind, (bounds[0], resource.RLIM_INFINITY))  # type: ignore[assignment]
        paths, before = list(sys.path), (_open_files(), _resident())
        places.begin()
        with open(asked, "rb") as questions:
            while size := questions.read(4):
                arguments = json.loads(questions.read(int.from_bytes(size, "little")))
                os.ftruncate(1, 0)
                os.lseek(1, 0, os.SEEK_SET)
                began = time.process_time()
                code = _be_the_reader(arguments)
                sys.stdout.flush()
                sys.path[:] = paths
                stale = _stale(*before)
                os.write(answer, json.dumps([code, time.process_time() - began, stale]).encode())
    finally:
        os._exit(1)


def _be_the_reader(arguments: list[str]) -> int:
    """Run the code of the process that reads as its interpreter would, and return its exit code."""
    try:
        sys.argv = ["-c", *arguments[1:]]
        exec(_compiled(arguments[0]), {"__name__": "__main__"})
    except SystemExit as end:
        return int(end.code or 0)
    except BaseException:  # as of an interpreter: exit code 1
        return 1
    return 0


@functools.cache
def _compiled(code: str) -> types.CodeType:
    return compile(code, "reader", "exec")


def _open_files() -> int:
    """Return how many files HDF5 holds open, which it would take for the next ones of the same name."""
    return h5py.h5f.get_obj_count(h5py.h5f.OBJ_ALL, h5py.h5f.OBJ_FILE)


def _stale(files: int, memory: int) -> bool:
    """Return whether the copy holds more files of HDF5, or much more memory, than when it began."""
    if _open_files() > files:
        gc.collect()
    return _open_files() > files or _resident() > memory + MOST_MEMORY


def _resident() -> int:
    """Return the bytes of memory that this process has."""
    with open("/proc/self/statm") as opened:
        return int(opened.read().split()[1]) * resource.getpagesize()
