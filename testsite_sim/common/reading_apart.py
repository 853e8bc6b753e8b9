"""A process of its own that reads a user's file first, or instead: a damaged one can hang or end the library below."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from testsite_sim.common.errors import DataError

ELAPSED_SECONDS = 60.0 if os.name == "posix" else 10.0  # by the clock, of a machine that others use as well
REFUSED = 3  # exit code; what is wrong stands in its output
_LIMITED = """
import json, sys
sys.path[:] = json.loads(sys.argv[2])
try:
    import resource
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime + float(sys.argv[3])) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (most, most + 1))
except (ImportError, ValueError):
    pass
"""


def read_apart(
    code: str,
    path: Path,
    *arguments: str,
    name: str,
    kind: str,
    library: str,
    seconds: float,
    elapsed: float | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Run code that reads a file in a process of its own, and return how it ended.

    Parameters
    ----------
    code : str
        Python; `sys.argv` has the file at 1 and the arguments from 4 on. It leaves with `REFUSED` and a sentence on
        standard output where it refuses the file.
    path : Path
        The file.
    *arguments : str
        For the code.
    name, kind, library : str
        What a message calls the file, its kind, and what reads it.
    seconds, elapsed : float
        Of CPU time, where the system bounds it, and by the clock (None: a minute), that it may take [s].

    Raises
    ------
    DataError
        When the file is refused, takes longer, or ends the process by a signal.
    """
    libraries = json.dumps([each for each in sys.path if each])  # not the working folder, which may hold anything
    command = [sys.executable, "-P", "-c", _LIMITED + code, str(path.resolve()), libraries, str(seconds), *arguments]
    hangs = f"{name}: cannot be read as {kind} (it makes {library} hang); is it damaged?"
    try:
        done = subprocess.run(command, timeout=elapsed or ELAPSED_SECONDS, check=False, capture_output=True)
    except subprocess.TimeoutExpired as error:
        raise DataError(hangs) from error
    if os.name == "posix" and done.returncode == -signal.SIGXCPU:
        raise DataError(hangs)
    if done.returncode == REFUSED:
        raise DataError(done.stdout.decode("utf-8", "replace"))
    if done.returncode < 0:
        ends = f"it ends {library} by signal {-done.returncode}"
        raise DataError(f"{name}: cannot be read as {kind} ({ends}); is it damaged?")
    return done


def last_words(done: subprocess.CompletedProcess[bytes]) -> str:
    """Return the last line of the error output of a process, which says what ended it; empty where there is none."""
    return done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]


@contextmanager
def refusals_reported(unreadable: Callable[[Exception], str]) -> Iterator[None]:
    """Leave the process that reads, where the file is refused, with `REFUSED` and the sentence on standard output.

    Parameters
    ----------
    unreadable : callable
        What is said of an error of the library that reads.
    """
    try:
        yield
        return
    except DataError as error:
        sentence = str(error)
    except Exception as error:
        sentence = unreadable(error)
    sys.stdout.buffer.write(sentence.encode("utf-8", "replace"))
    sys.stdout.flush()
    sys.exit(REFUSED)


def bound_memory(room: int) -> None:
    """Let this process take so much more memory [byte], where the system bounds it; for a process that reads apart."""
    try:
        import resource

        used = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        asked = used + room
        resource.setrlimit(resource.RLIMIT_AS, (asked if most == resource.RLIM_INFINITY else min(asked, most), most))
    except (ImportError, OSError, ValueError):
        pass  # another system
