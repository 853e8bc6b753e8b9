"""How kernels are compiled: loops over lanes ask neither where arrays lie nor go lane by lane, and vectors are wide."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pytest
from numba import float64, int64, void
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import kernel, separate_kernel, separate_part
from testsite_kernels.numerics.lane_mathematics import LANES
from testsite_kernels.numerics.lane_room import lane_rooms


class Room(NamedTuple):
    """Numbers of the lanes."""

    sums: Floats


SIGNATURE = void(int64, float64[::1], float64[::1], float64[::1])


make_room = lane_rooms(Room)


@separate_part
def add_squares(lanes, values, total):
    for lane in range(lanes):
        total[lane] += values[lane] * values[lane]


@separate_kernel
def sums_of_squares(count, first, second, total):
    room = make_room().sums
    for m in range(count):
        for lane in range(LANES):
            room[lane] = first[lane] + second[lane] * (m + 1.0)
        add_squares(LANES if count > 0 else 8, room, total)


@kernel
def sums_anywhere(count, first, second, total):
    for m in range(count):
        for lane in range(LANES):
            total[lane] += (first[lane] + second[lane] * (m + 1.0)) ** 2


@pytest.fixture(params=[sums_of_squares, sums_anywhere], ids=["apart", "anywhere"])
def compiled(request: pytest.FixtureRequest) -> Iterator[object]:
    """Return a kernel that is compiled here: one from disk shows no code."""
    cache = request.param._cache
    cache.disable()
    request.param.compile(SIGNATURE.args)
    yield request.param
    cache.enable()


def test_every_function_asks_for_the_widest_vectors(compiled) -> None:
    (code,) = compiled.inspect_llvm().values()
    assert '"prefer-vector-width"="512"' in code
    assert compiled.py_func.__name__ in code


def test_arrays_that_lie_apart_are_not_compared_where_they_lie() -> None:
    codes = {}
    for each in (sums_of_squares, sums_anywhere):
        each._cache.disable()
        each.compile(SIGNATURE.args)
        (codes[each],) = each.inspect_llvm().values()
        each._cache.enable()
    assert "memcheck" not in codes[sums_of_squares]
    assert "x double>" in codes[sums_of_squares]


def test_room_on_the_stack_is_that_of_the_call() -> None:
    first, second = np.linspace(0.0, 1.0, LANES), np.linspace(2.0, -3.0, LANES)
    expected = sum((first + second * (m + 1.0)) ** 2 for m in range(5))
    for each in (sums_of_squares, sums_anywhere):
        total = np.zeros(LANES)
        each(5, first, second, total)
        np.testing.assert_allclose(total, expected, rtol=1e-14)


INTERRUPTED = """
import signal
from typing import NamedTuple

import numpy as np
from testsite_kernels.numerics.compile_options import kernel


class Found(NamedTuple):
    total: float
    used: int


@kernel
def add(times: int) -> Found:
    total = 0.0
    for k in range(times):
        total += np.sin(k * 1.0)
    return Found(total, times)


def hear(number, frame):
    raise KeyboardInterrupt


add(1)
signal.signal(signal.SIGALRM, hear)
signal.setitimer(signal.ITIMER_REAL, 0.02)
try:
    while True:
        add(2_000_000)
except KeyboardInterrupt:
    print("heard", add(1).used)
"""


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="the system has no such alarm")
def test_an_interrupt_while_a_kernel_runs_does_not_crash_what_it_returns(tmp_path):
    file = tmp_path / "interrupted.py"
    file.write_text(INTERRUPTED, encoding="utf-8")
    done = subprocess.run([sys.executable, str(file)], check=False, capture_output=True, text=True, timeout=120.0)
    assert (done.returncode, done.stdout) == (0, "heard 1\n"), done.stderr
