"""What calls the kernels of the fixture `two_kernels`, in a process of its own, and says when it compiles them."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

CALL = (
    "from testsite_kernels.compiling.kernel_cache import announced\n"
    "with announced(print):\n"
    "    from testsite_kernels.caller import doubled\n"
    "    print(doubled(3.0))\n"
)
posix = pytest.mark.skipif(os.name != "posix", reason="owners and modes are those of POSIX")
# A process that has numba, has compiled once, and knows nothing of kernels: its copies begin where new processes of
# Python have imported numba. Each does what is to be done at its exit, and does not take all of numba apart.
NUMBA = """
import atexit, json, os, sys
from numba import njit
njit(lambda x: 2.0 * x)(1.0)
assert not any(name.startswith("testsite") for name in sys.modules)
for line in sys.stdin:
    asked = json.loads(line)
    process = os.fork()
    if process == 0:
        for number, name in ((1, "out"), (2, "error")):
            file = os.open(asked[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(file, number)
            os.close(file)
        os.chdir(asked["folder"])
        os.environ.clear()
        os.environ.update(asked["environment"])
        sys.path[:0] = [asked["folder"], *asked["path"]]
        break
    print(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), flush=True)
else:
    os._exit(0)
exec(asked["code"])
atexit._run_exitfuncs()
sys.stdout.flush()
os._exit(0)
"""
_RUNNING: list["subprocess.Popen[str]"] = []


@contextmanager
def copied_processes() -> Iterator[None]:
    """Let `called` run in copies of one process, which begins when it is needed and ends here."""
    try:
        yield
    finally:
        while _RUNNING:
            _RUNNING.pop().communicate()


def called(folder: Path, path: list[Path], cache: str, scratch: Path, changes: Mapping[str, str]) -> tuple[str, str]:
    """Run the kernel in a process of its own, with sources from a path and a cache; return what it prints.

    A process whose environment has `changes` is a new one: numba and Python read some when they are imported.
    """
    own = {key: value for key, value in os.environ.items() if key not in ("NUMBA_CACHE_DIR", "TESTSITE_SIM_CACHE")}
    own |= {"PYTHONPATH": os.pathsep.join(map(str, path)), "TESTSITE_SIM_CACHE": cache, **changes}
    if changes or not hasattr(os, "fork"):
        command = [sys.executable, "-c", CALL]
        done = subprocess.run(command, capture_output=True, text=True, env=own, cwd=folder, check=True)
        return done.stdout, done.stderr
    if not _RUNNING:
        environment = {key: value for key, value in os.environ.items() if key not in ("NUMBA_CACHE_DIR", "PYTHONPATH")}
        _RUNNING.append(
            subprocess.Popen(
                [sys.executable, "-P", "-c", NUMBA],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env=environment,
            )
        )
    (process,) = _RUNNING
    assert process.stdin is not None
    assert process.stdout is not None
    out, error = scratch / "called.out", scratch / "called.error"
    asked = {"folder": str(folder), "path": [*map(str, path)], "environment": own, "code": CALL}
    print(json.dumps(asked | {"out": str(out), "error": str(error)}), file=process.stdin, flush=True)
    code = process.stdout.readline()
    assert code == "0\n", (code, error.read_text())
    return out.read_text(), error.read_text()
