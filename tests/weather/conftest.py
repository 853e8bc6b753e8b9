"""NetCDF that tests read is tried by copies of this process, which are there at once, not by programs started anew.

That a program is started, and what it does with a file that hangs or ends it, is tested all the same: by the tests of
`test_broken_files.py` that change the program, and by those of the other rooms.
"""

import os
import select
import signal
import subprocess
import sys
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from testsite_sim.common import hdf5_probe, reading_apart

PROGRAM = reading_apart._LIMITED + hdf5_probe._PROBE
START = subprocess.run


def run(command: Sequence[str], *, timeout: float, **options: Any) -> subprocess.CompletedProcess[bytes]:
    """Do what `subprocess.run` does for the program that tries NetCDF, by a copy of this process."""
    program, *arguments = command[3:]
    if program != PROGRAM or not sys.platform.startswith("linux"):
        return START(command, timeout=timeout, **options)
    output, given = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of copies of processes with threads
        process = os.fork()
    if process == 0:
        _try(program, arguments, given)
    os.close(given)
    said = b""
    with os.fdopen(output, "rb", buffering=0) as stream:
        while select.select([stream], [], [], timeout)[0]:
            more = stream.read(65_536)
            if not more:
                break
            said += more
        else:
            os.kill(process, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    return subprocess.CompletedProcess(command, code, said, b"")


def _try(program: str, arguments: Sequence[str], given: int) -> None:
    """Run the program in a copy of this process, and end the copy."""
    code: object = 1  # of an error that the program does not expect
    try:
        sys.argv[1:] = arguments
        sys.stdout = os.fdopen(given, "w")
        exec(program, {})
        code = 0
    except SystemExit as left:
        code = left.code
    finally:
        sys.stdout.flush()
        os._exit(code if isinstance(code, int) else 1)


@pytest.fixture(autouse=True)
def tried_by_copies() -> Iterator[None]:
    """Let copies of this process try NetCDF."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading_apart, "subprocess", _Started())
        yield


class _Started:
    """The module `subprocess` with `run` above."""

    run = staticmethod(run)
    TimeoutExpired = subprocess.TimeoutExpired
