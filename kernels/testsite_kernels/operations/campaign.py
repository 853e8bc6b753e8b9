"""An installation campaign through the weather of many years: vessels load, sail, work at sea and return.

Times in steps of the weather record, fractions allowed. Indices: p phase, o operation (of all phases, in order),
u unit, v vessel of a phase, l set of limits, y start of a campaign. A phase's units are shared among its vessels:
who is free first takes the next trip. A unit of a phase is begun at sea when the phases before have finished theirs.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.numerics.compile_options import inlined_part, kernel
from testsite_kernels.operations.weather_windows import finish_interruptible, finish_uninterrupted

Table = NDArray[np.void]

LOAD, SAIL, SITE, BACK = 0, 1, 2, 3  # per unit in port, once a trip, per unit at sea, once a trip
PHASE = np.dtype(
    [
        ("first", "i8"),  # its first operation
        ("last", "i8"),  # one beyond its last operation
        ("units", "i8"),
        ("vessels", "i8"),
        ("capacity", "i8"),  # units of a trip
        ("delay", "f8"),  # after the campaign's start, before the vessels are there
        ("further", "f8"),  # after the campaign's start, before all vessels but the first are there
    ],
    align=True,
)
OPERATION = np.dtype(
    [("place", "i8"), ("duration", "f8"), ("limits", "i8"), ("interruptible", "?")],
    align=True,
)
RESULT = np.dtype(
    [
        ("begin", "f8"),
        ("end", "f8"),
        ("weather", "f8"),  # steps that vessels waited for weather or were interrupted by it
        ("waiting", "f8"),  # steps that vessels waited for earlier phases
        ("vessel_time", "f8"),  # steps that vessels were hired
    ]
)
STAY_COLUMNS = ("phase", "operation", "vessel", "unit", "ready", "start", "end")


class Sea(NamedTuple):
    """Weather tables of the sets of limits, and of the uninterrupted operations."""

    runs: NDArray[np.int32]  # (l, t)
    before: NDArray[np.int32]  # (l, t + 1)
    position: NDArray[np.int32]  # (l, n)
    starts: NDArray[np.int32]  # (o, t + 1); empty rows for interruptible operations


@inlined_part
def perform(o: int, now: float, operation: Table, sea: Sea) -> tuple[float, float]:
    """Return begin and end of operation o that is ready at `now`; infinity when the record ends first."""
    l = operation[o].limits  # noqa: E741
    if now >= sea.runs.shape[1]:
        return math.inf, math.inf
    if operation[o].interruptible:
        begin, end = finish_interruptible(now, operation[o].duration, sea.before[l], sea.position[l])
    else:
        begin, end = finish_uninterrupted(now, operation[o].duration, sea.runs[l], sea.starts[o])
    return (math.inf, math.inf) if begin < 0.0 else (begin, end)


@kernel
def campaigns(
    begins: NDArray[np.float64],
    phase: Table,
    after: NDArray[np.bool_],
    operation: Table,
    sea: Sea,
    finished: NDArray[np.float64],
    results: Table,
    log: NDArray[np.float64],
) -> int:
    """Simulate one campaign from each begin.

    `after` (p, q): phase p waits for phase q, which comes earlier: unit by unit where both have the same number,
    else for all of it. Fills `finished` (y, p, u) and `results` (y, p) RESULT; what the record cuts off is infinite.
    `log` (row, 7), in the order of STAY_COLUMNS, holds the last campaign as far as there is room; returns its rows.
    """
    rows = 0
    units_most = finished.shape[2]
    ready = np.empty(units_most)
    free = np.empty(max(1, phase["vessels"].max()))
    for y in range(begins.size):
        rows = 0
        for p in range(phase.size):
            here, result = phase[p], results[y, p]
            for u in range(here.units):
                ready[u] = 0.0
                for q in range(p):
                    if after[p, q]:
                        if phase[q].units == here.units:
                            ready[u] = max(ready[u], finished[y, q, u])
                        else:
                            ready[u] = max(ready[u], results[y, q].end)
            first = begins[y] + here.delay
            earliest = math.inf
            for u in range(here.units):
                earliest = min(earliest, ready[u])
            first = max(first, earliest)
            free[:] = math.inf
            free[: here.vessels] = first
            free[1 : here.vessels] = max(first, begins[y] + here.further)
            result.begin = first
            result.end = first
            result.weather = result.waiting = result.vessel_time = 0.0
            unit = 0
            while unit < here.units:
                v = int(np.argmin(free))
                now = free[v]
                trip = min(here.capacity, here.units - unit)
                place, o = LOAD, here.first
                u = 0
                while o < here.last:
                    # the operations of a place are done for one unit after the other
                    place = operation[o].place
                    end = o
                    while end < here.last and operation[end].place == place:
                        end += 1
                    repeats = trip if place in (LOAD, SITE) else 1
                    for u in range(repeats):
                        if place == SITE and ready[unit + u] > now:
                            result.waiting += ready[unit + u] - now
                            now = ready[unit + u]
                        for k in range(o, end):
                            begin, done = perform(k, now, operation, sea)
                            result.weather += done - now - operation[k].duration
                            if rows < log.shape[0]:
                                log[rows, 0] = p
                                log[rows, 1] = k
                                log[rows, 2] = v
                                log[rows, 3] = unit + u if repeats == trip else -1
                                log[rows, 4] = now
                                log[rows, 5] = begin
                                log[rows, 6] = done
                            rows += 1
                            now = done
                        if place == SITE:
                            finished[y, p, unit + u] = now
                            result.end = max(result.end, now)
                    o = end
                free[v] = now
                unit += trip
            for v in range(here.vessels):
                joined = first if v == 0 else max(first, begins[y] + here.further)
                result.vessel_time += max(max(free[v], result.end) - joined, 0.0)
    return rows
