"""`gauge` times a function with pytest-benchmark and notes its ratio to the kernel that never changes."""

import os

import pytest

from testsite_sim.kernel_cache import prepare_kernel_cache

prepare_kernel_cache()
os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture
def gauge(benchmark):
    """Return a function that measures another: `gauge(function, *arguments, rounds=None)`."""
    from testsite_sim.benchmarking import measure

    def run(function, *arguments, rounds=None):
        if rounds is None:
            benchmark(function, *arguments)
        else:
            benchmark.pedantic(function, arguments, rounds=rounds, warmup_rounds=1)
        measured = measure(lambda: function(*arguments))
        benchmark.extra_info.update(
            ratio=measured.ratio, cpu_seconds=measured.cpu_seconds,
            reference_cpu_seconds=measured.reference_cpu_seconds,
        )  # fmt: skip

    return run
