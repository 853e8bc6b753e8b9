"""Weather windows: where work can start, how long it can last, how long to wait, for all starts at once.

Index t time step. `ok[t]` says whether the limits are met in step t. A backward pass gives the run of good
steps from t on, a second one the next start from which a run of the needed length begins: the cost is that of
one pass over the record, whatever is asked of it afterwards.
"""

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.numerics.arrays import Floats, Truths
from testsite_kernels.numerics.compile_options import bare_part, kernel

Steps = NDArray[np.int32]


@kernel
def limits_met(wave: Floats, wind: Floats, wave_limit: float, wind_limit: float, ok: Truths) -> None:
    """Fill `ok[t]`: significant wave height [m] and wind speed [m/s] at or below their limits."""
    for t in range(wave.size):
        ok[t] = wave[t] <= wave_limit and wind[t] <= wind_limit


@kernel
def good_runs(ok: Truths, runs: Steps) -> None:
    """Fill `runs[t]`: the number of consecutive good steps that begin with t."""
    run = 0
    for t in range(ok.size - 1, -1, -1):
        run = run + 1 if ok[t] else 0
        runs[t] = run


@kernel
def next_starts(runs: Steps, needed: int, starts: Steps) -> None:
    """Fill `starts[t]`: the first step at or after t that begins a run of `needed` good steps; the size if none.

    `starts` has one entry more than `runs`, so that a search may begin at the end of the record.
    """
    found = runs.size
    starts[found] = found
    for t in range(runs.size - 1, -1, -1):
        if runs[t] >= needed:
            found = t
        starts[t] = found


@kernel
def good_steps_before(ok: Truths, before: Steps, position: Steps) -> None:
    """Fill `before[t]`, the good steps before t (size + 1), and `position[k]`, the step of the k-th good one.

    With both, work that may be interrupted finishes without a search: see `finish_interruptible`.
    """
    count = 0
    for t in range(ok.size):
        before[t] = count
        if ok[t]:
            position[count] = t
            count += 1
    before[ok.size] = count


@bare_part
def finish_interruptible(begin: float, work: float, before: Steps, position: Steps) -> tuple[float, float]:
    """Return first and last moment [steps] of `work` steps that proceed in good steps only; (-1, -1) if never.

    Good time done up to x is C(x) = before[i] + (x - i) ok[i], i the whole part of x; the finish is the first x
    with C(x) = C(begin) + work.
    """
    size = before.size - 1
    i = int(begin)
    if begin < 0.0 or i >= size:
        return -1.0, -1.0
    k = before[i]
    done = float(k)
    start = begin
    if before[i + 1] > k:
        done += begin - i
    elif k < before[size]:
        start = float(position[k])
    else:
        return -1.0, -1.0
    needed_by_end = done + work
    last = int(np.ceil(needed_by_end)) - 1
    if last < 0 or last >= before[size]:
        return -1.0, -1.0
    return start, max(start, position[last] + (needed_by_end - last))


@bare_part
def finish_uninterrupted(begin: float, work: float, runs: Steps, starts: Steps) -> tuple[float, float]:
    """Return first and last moment [steps] of `work` steps in one good run; (-1, -1) if there is none.

    `starts` is the table of `next_starts` for the work rounded up to whole steps.
    """
    i = int(begin)
    if begin < 0.0 or i >= runs.size:
        return -1.0, -1.0
    if runs[i] > 0 and i + runs[i] - begin >= work:
        return begin, begin + work
    start = starts[i + 1]
    if start >= runs.size:
        return -1.0, -1.0
    return float(start), start + work


@kernel
def waiting_steps(starts: Steps, waits: Steps) -> int:
    """Fill `waits[t]`, the steps from t to the next start, -1 where the record ends first; return the largest."""
    largest = 0
    for t in range(waits.size):
        wait = starts[t] - t
        waits[t] = wait if starts[t] < waits.size else -1
        largest = max(largest, waits[t])
    return largest


@kernel
def count_waits(
    waits: Steps, month: NDArray[np.int8], counts: NDArray[np.int64], unresolved: NDArray[np.int64]
) -> None:
    """Add up `counts` (month, waiting steps) and `unresolved` (month), the starts that the record's end cuts off."""
    for t in range(waits.size):
        if waits[t] < 0:
            unresolved[month[t]] += 1
        else:
            counts[month[t], waits[t]] += 1


@kernel
def count_windows(runs: Steps, month: NDArray[np.int8], needed: int, counts: NDArray[np.int64]) -> None:
    """Add up `counts` (month): maximal runs of at least `needed` good steps, by the month in which they begin."""
    for t in range(runs.size):
        if runs[t] >= needed and (t == 0 or runs[t - 1] == 0):
            counts[month[t]] += 1
