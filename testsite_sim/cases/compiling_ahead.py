"""Kernels compiled side by side: while a run is at its first steps, processes of their own compile those of later ones.

They start when the first kernel turns out to be missing, write into the same cache, give nothing else and end with
the run. Where they cannot be started, or fail, the run compiles for itself.
"""

import json
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from testsite_kernels.compiling.kernel_cache import when_compiling

from testsite_sim.common.own_process import expect_plain_arrays, own_process
from testsite_sim.common.processors import usable_processors
from testsite_sim.configuration.scenario import Scenario

WIND, DISPATCH, OPTIMUM = "wind", "dispatch", "optimum"
PARTS = (WIND, DISPATCH, OPTIMUM)  # in the order in which a run needs them
START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from testsite_sim.cases.compiling_ahead import main; main(sys.argv[2:])"
)
LENGTH_BYTES = 8


class CompilingAhead:
    """Which parts of a scenario are still to come, and the processes that compile them."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        stated = {WIND: scenario.farm, DISPATCH: scenario.dispatch, OPTIMUM: scenario.dispatch}
        self._to_come = tuple(part for part in PARTS if stated[part] is not None)
        self.processes: list[subprocess.Popen[bytes]] = []

    def begin_after(self, step: str) -> None:
        """Note that a step of the chain is done: for the part that follows this process compiles itself."""
        before = {WIND: "operations", DISPATCH: "weather" if self._scenario.farm is None else "wind"}
        self._to_come = tuple(part for part in self._to_come if before.get(part) != step)

    def start(self) -> None:
        """Start processes for the parts to come, where there are several processors.

        With this one, which compiles too, there are as many as processors: one more would import all modules once more
        and compile the parts of kernels that another has compiled. Where the first part is that of the wind, this
        process will wait for it, and there is one more for the others.
        """
        parts, self._to_come = self._to_come, ()
        count = min(len(parts), usable_processors() - (0 if WIND in parts else 1))
        if not parts or usable_processors() < 2 or not _is_python(sys.executable):
            return
        content = pickle.dumps(self._scenario, pickle.HIGHEST_PROTOCOL)
        for first in range(count):
            with suppress(OSError):
                self.processes.append(_start(parts[first::count], content))

    def end(self) -> None:
        """End the processes, whatever they do."""
        for process in self.processes:
            process.kill()
        for process in self.processes:
            process.wait()
            with suppress(OSError):
                if process.stdin is not None:
                    process.stdin.close()
        self.processes.clear()


@contextmanager
def compiling_ahead(scenario: Scenario) -> Iterator[CompilingAhead]:
    """Compile the later parts of a scenario in processes of their own as soon as a kernel is missing.

    Parameters
    ----------
    scenario : Scenario
        What is run within this context.
    """
    ahead = CompilingAhead(scenario)
    try:
        with when_compiling(ahead.start):
            yield ahead
    finally:
        ahead.end()


def _is_python(executable: str | None) -> bool:
    """Return whether a program is Python alone: one that Python is built into would start once more as a whole."""
    return bool(executable) and Path(str(executable)).name.lower().startswith("python") and not hasattr(sys, "frozen")


def _start(parts: Sequence[str], content: bytes) -> subprocess.Popen[bytes]:
    """Start a process that compiles parts, and keep its input open for as long as it may live.

    It is no copy of this process and does not import the user's script, which may have no `if __name__ == "__main__":`.

    Raises
    ------
    OSError
        When it cannot be started.
    """
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", START, json.dumps(sys.path), *parts],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    threading.Thread(target=_give, args=(process.stdin, content), daemon=True).start()  # a pipe holds little at once
    return process


def _give(stream: IO[bytes], content: bytes) -> None:
    """Write the scenario to a process, which may be gone."""
    with suppress(OSError, ValueError):
        stream.write(len(content).to_bytes(LENGTH_BYTES) + content)
        stream.flush()


def main(parts: Sequence[str]) -> None:
    """Compile parts of the scenario on standard input, which only the process that started this one writes."""
    stream = open(0, "rb", buffering=0, closefd=False)  # noqa: SIM115 (open as long as this process)
    content = _read(stream, int.from_bytes(_read(stream, LENGTH_BYTES)))
    threading.Thread(target=_end_with_parent, args=(stream,), daemon=True).start()
    own_process()
    expect_plain_arrays()
    from testsite_sim.chain.ahead import COMPILE

    scenario = pickle.loads(content)
    for part in parts:
        COMPILE[part](scenario)


def _read(stream: IO[bytes], length: int) -> bytes:
    """Return `length` bytes of a stream; this process ends where the stream ends before."""
    found = b""
    while len(found) < length:
        more = stream.read(length - len(found))
        if not more:
            sys.exit(0)
        found += more
    return found


def _end_with_parent(stream: IO[bytes]) -> None:
    """End this process once its input is closed, as it is when its parent ends, even by a kill."""
    while stream.read(1):
        pass
    os._exit(0)
