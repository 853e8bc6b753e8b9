"""Threads that share a counter get numbers of their own, each once."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from testsite_kernels.numerics.compile_options import bare_kernel
from testsite_kernels.numerics.shared_counter import take_numbers


@bare_kernel
def take_all(counter, many, end, taken):
    found = 0
    first = take_numbers(counter, many)
    while first < end:
        for number in range(first, min(first + many, end)):
            taken[number] += 1
            found += 1
        first = take_numbers(counter, many)
    return found


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("many", [1, 7])
def test_every_number_is_taken_once(threads: int, many: int) -> None:
    counter, taken = np.zeros(1, np.int64), np.zeros(200_000, np.int64)
    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(lambda _: take_all(counter, many, taken.size, taken), range(threads)))
    assert sum(found) == taken.size
    assert np.all(taken == 1)
