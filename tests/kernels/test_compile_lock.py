"""Of processes that need the same kernel one compiles it; who ends, however it ends, keeps nobody waiting."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import testsite_kernels
from testsite_kernels.compiling.compile_lock import CompileLock

KERNELS = Path(testsite_kernels.__file__).resolve().parents[1]
HOLD = (
    "import sys; from pathlib import Path; from testsite_kernels.compiling.compile_lock import CompileLock; "
    "lock = CompileLock(Path(sys.argv[1]), 'a'); lock.wait(lambda: False); print('held', flush=True); "
    "sys.stdin.readline(); (Path(sys.argv[1]) / 'a').touch(); lock.release(); print('released', flush=True); "
    "sys.stdin.readline()"
)
COUNT = """
import sys, time
from numba.core import event

compiled = []

class Slow(event.Listener):
    def on_start(self, e):
        compiled.append(e.data["dispatcher"].py_func.__name__)
        time.sleep(0.5)

    def on_end(self, e):
        pass

event.register("numba:compile", Slow())
from testsite_kernels.caller import doubled
print(doubled(3.0), *compiled)
"""
locked = pytest.mark.skipif(os.name not in ("posix", "nt"), reason="there are no locks")


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Yield a process that holds the lock of a kernel until it reads a line, and has written it then."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(KERNELS)},
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


@locked
def test_who_waits_loads_what_the_holder_has_written(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    looked: list[bool] = []

    def is_there() -> bool:
        looked.append((tmp_path / "a").exists())
        if len(looked) == 3 and holder.stdin is not None:
            holder.stdin.write("\n")
            holder.stdin.flush()
        return looked[-1]

    assert CompileLock(tmp_path, "a").wait(is_there, longest=60.0)
    assert looked[:3] == [False, False, False]


@locked
def test_a_killed_holder_keeps_nobody_waiting(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    looked: list[bool] = []

    def is_there() -> bool:
        looked.append(False)
        if len(looked) == 2:
            holder.kill()
            holder.wait()
        return False

    lock = CompileLock(tmp_path, "a")
    assert not lock.wait(is_there, longest=60.0)  # the right to compile
    assert len(looked) < 10
    lock.release()


@locked
def test_a_holder_that_stands_still_is_waited_for_only_so_long(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    begin = time.monotonic()
    assert not CompileLock(tmp_path, "a").wait(lambda: False, longest=0.3)
    assert time.monotonic() - begin >= 0.3
    assert not CompileLock(tmp_path, "b").wait(lambda: False, longest=60.0)  # another kernel is free


def test_without_a_file_of_locks_nobody_waits(tmp_path: Path) -> None:
    assert not CompileLock(tmp_path / "missing", "a").wait(lambda: False, longest=60.0)


@locked
def test_of_processes_that_need_a_kernel_at_once_one_compiles_it(two_kernels: Path, tmp_path: Path) -> None:
    own = {key: value for key, value in os.environ.items() if key != "NUMBA_CACHE_DIR"}
    own |= {"PYTHONPATH": str(two_kernels), "TESTSITE_SIM_CACHE": str(tmp_path)}
    processes = [
        subprocess.Popen([sys.executable, "-c", COUNT], stdout=subprocess.PIPE, text=True, env=own, cwd=two_kernels)
        for _ in range(3)
    ]
    lines = [process.communicate()[0].split() for process in processes]
    assert [line[0] for line in lines] == ["6.0", "6.0", "6.0"]
    assert sorted(name for line in lines for name in line[1:]) == ["doubled", "factor"]
    assert len(list(tmp_path.rglob("*.kernel"))) == 2
