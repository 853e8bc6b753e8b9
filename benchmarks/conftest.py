"""`gauge` times a function with pytest-benchmark and notes its ratio to the kernel that never changes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from testsite_kernels.compiling.kernel_cache import cache_directory

WARM = cache_directory() / "benchmarks-have-run"
os.environ.setdefault("OMP_NUM_THREADS", "1")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile every kernel in another process first: a kernel from the cache does not run quite like a new one."""
    disabled = session.config.getoption("benchmark_disable") or session.config.getoption("collectonly")
    if disabled or WARM.exists():
        return
    arguments = [argument for argument in session.config.args if not argument.startswith("-")]
    imported = f"--import-mode={session.config.getoption('importmode')}"
    command = [sys.executable, "-m", "pytest", "-q", "--benchmark-disable", "-p", "no:cacheprovider", imported]
    command += arguments
    subprocess.run(command, cwd=Path.cwd(), check=True, stdout=subprocess.DEVNULL)
    WARM.parent.mkdir(parents=True, exist_ok=True)
    WARM.touch()


@pytest.fixture
def gauge(benchmark):
    """Return a function that measures another: `gauge(function, *arguments, rounds=None)`."""
    from testsite_sim.benchmarking import measure

    def run(function, *arguments, rounds=None):
        if rounds is None:
            result = benchmark(function, *arguments)
        else:
            result = benchmark.pedantic(function, arguments, rounds=rounds, warmup_rounds=1)
        if benchmark.disabled:
            return result
        measured = measure(lambda: function(*arguments))
        benchmark.extra_info.update(
            ratio=measured.ratio,
            cpu_seconds=measured.cpu_seconds,
            reference_cpu_seconds=measured.reference_cpu_seconds,
        )
        return result

    return run
