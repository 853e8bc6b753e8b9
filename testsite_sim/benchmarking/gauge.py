"""Measure a function by the ratio of its CPU time to that of a kernel that never changes.

On a machine with noisy neighbours wall-clock times scatter by factors; the ratio of the smallest CPU times of two
functions that take turns repeats within some per cent.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from testsite_kernels.numerics.reference_clock import reference_clock

REFERENCE_ROUNDS = 100_000  # about a third of a millisecond
LONGEST = 3.0  # [s] of CPU time that one measurement may take
FEWEST, MOST = 5, 60  # turns


@dataclass(frozen=True)
class Measurement:
    """Smallest CPU time of the function and of the reference [s], and their ratio."""

    cpu_seconds: float
    reference_cpu_seconds: float

    @property
    def ratio(self) -> float:
        """How many times the reference the function takes."""
        return self.cpu_seconds / self.reference_cpu_seconds


def measure(function: Callable[[], object], clock: Callable[[], float] = time.process_time) -> Measurement:
    """Run a function and the reference in turns and keep the smallest CPU time of each.

    Parameters
    ----------
    function : callable
        Without arguments; it is called once before anything is timed.
    clock : callable
        CPU time [s]: of the process, all threads together.
    """
    table = np.linspace(1.0, 2.0, 1001)
    function()
    reference_clock(table, REFERENCE_ROUNDS)
    best, best_reference, spent = np.inf, np.inf, 0.0
    for turn in range(MOST):
        for _ in range(3):
            begin = clock()
            reference_clock(table, REFERENCE_ROUNDS)
            best_reference = min(best_reference, clock() - begin)
        begin = clock()
        function()
        taken = clock() - begin
        best, spent = min(best, taken), spent + taken
        if turn + 1 >= FEWEST and spent > LONGEST:
            break
    return Measurement(float(best), float(best_reference))
