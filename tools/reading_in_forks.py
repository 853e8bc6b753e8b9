"""Let a copy of this process be the one that reads a user's file apart, in the fuzzers: ten times as many inputs."""

import os
import signal
import subprocess
import sys
import tempfile
import types
from typing import Any

from testsite_sim.common import reading_apart
from tools.processes import ended_in_time


def read_apart_in_forks() -> None:
    """Let a copy of this process be the one that reads first, or instead: the same code, no interpreter that starts."""

    def run(command: list[str], timeout: float, **_: Any) -> subprocess.CompletedProcess[bytes]:
        with tempfile.TemporaryFile() as said:
            process = os.fork()
            if not process:
                os.dup2(said.fileno(), 1)
                os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
                sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115 (the copy ends with it)
                for number in (signal.SIGALRM, signal.SIGPROF):
                    signal.signal(number, signal.SIG_DFL)
                _be_the_reader(command[command.index("-c") + 1 :])
            code = ended_in_time(process, timeout)
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
