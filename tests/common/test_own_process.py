"""A process of the program's own ends at once when it is done, and after all that Python does before an end."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import atexit, sys, threading, time
from testsite_sim.common.own_process import done, own_process

class Object:
    def __del__(self):
        print("taken apart")

def late():
    time.sleep(0.2)
    print("thread")

kept = Object()
own_process()
atexit.register(print, "at exit")
threading.Thread(target=late).start()
{end}
"""


def ended(end: str, **options: int) -> tuple[int, list[str]]:
    environment = {"PYTHONPATH": ":".join(entry for entry in sys.path if entry)}
    made = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(end=end)],
        env=environment,
        text=True,
        check=False,
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options},  # type: ignore[call-overload]
    )
    return made.returncode, (made.stdout or "").split("\n")[:-1]


def test_a_process_that_is_done_waits_for_threads_and_takes_nothing_apart() -> None:
    assert ended("done()") == (0, ["thread", "at exit"])


@pytest.mark.parametrize(("end", "code"), [("", 0), ("sys.exit(3)", 3), ("raise ValueError", 1)])
def test_a_process_that_is_not_done_ends_as_python_ends(end: str, code: int) -> None:
    assert ended(end) == (code, ["thread", "at exit", "taken apart"])


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
def test_a_process_whose_last_lines_cannot_be_written_says_so() -> None:
    with open("/dev/full", "wb") as full:
        code, _ = ended("done()", stdout=full.fileno())
    assert code == 120  # as of Python


def test_garbage_is_looked_for_late_at_first_and_oftener_from_then_on() -> None:
    end = """
print(*gc.get_threshold())
lists = [[] for _ in range(1_100_000)]
print(*gc.get_threshold())
done()
"""
    code, lines = ended("import gc" + end)
    lines.remove("thread")  # which may be late or early
    assert (code, lines[:2]) == (0, ["1000000 20 100", "100000 20 100"])


def test_a_run_imports_no_solver_no_sockets_and_what_draws_no_hdf5() -> None:
    code = (
        "import sys\n"
        "from testsite_sim.common.own_process import expect_plain_arrays, own_process\n"
        "own_process()\n"
        "expect_plain_arrays()\n"
        "import testsite_sim.output.results, testsite_sim.report\n"
        "assert 'h5py' not in sys.modules\n"
        "import testsite_sim.chain\n"
        "assert not {'highspy', 'ssl', 'yaml.reader'} & set(sys.modules)\n"
        "import asyncio\n"
        "assert asyncio.run(asyncio.sleep(0.0, 5)) == 5"
    )
    environment = {**os.environ, "PYTHONPATH": ":".join(entry for entry in sys.path if entry)}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)
