"""The exact optimum of one storage with concave piecewise-linear benefits, in about T log T.

Backwards in time, the value V_t(s) of holding s kilograms at the start of interval t is concave and
piecewise linear:

    V_t(s) = max_y  G_t(y) + V_{t+1}(s + y),     tank_minimum <= s <= tank_capacity

This is a sup-convolution: the segments of G_t (see `storage_stage`) are merged into those of V_{t+1}, which
are kept sorted by slope, and what lies outside the tank is cut off at both ends. The slope of V is the
value of stored hydrogen. Going forwards, it stays constant until the tank is empty or full: lambda_{t+1} =
clip(lambda_t, slope at the full end, slope at the empty end) of V_{t+1}; each interval then operates at a y
that maximises G_t(y) + lambda_t y, and where several do, a corridor of contents from which the rest of the
path can be kept decides. Sources: sup-convolution of concave functions, Rockafellar (1970), section 16; the
same clipping of a dual path solves the fused lasso, Johnson (2013), J. Comput. Graph. Stat. 22(2).
"""

from typing import NamedTuple

import numpy as np

from testsite_kernels.dispatch.storage_stage import (
    BY_PRODUCT,
    RELAXED,
    UNMET,
    Stages,
    StorageProblem,
    fill_stages,
    flow_limits,
    new_stages,
)
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_part, kernel, part

SOLVED, INFEASIBLE = 0, 1
OPERATION = (
    "electrolyser",
    "fuel_cell",
    "unmet",
    "curtailed",
    "net_export",
    "content",
    "water_value",
    "by_product",
)


class ValueFunction(NamedTuple):
    """V at one time: its segments in rising slope from the full end, `number` of them from `first` on."""

    slope: Floats
    length: Floats
    first: int
    number: int
    lowest: float
    highest: float
    value: float
    solved: bool


@part
def clamp(value: float, low: float, high: float) -> float:
    """Return the value within low and high."""
    return min(max(value, low), high)


class Held(NamedTuple):
    """The segments of V in buffers of slopes `a` and lengths `b`: `number` of them from `first` on."""

    a: Floats
    b: Floats
    first: int
    number: int


@part
def with_room(held: Held, n: int) -> Held:
    """Return the segments in the middle of buffers that have room for n more on either side."""
    a, b, first, count = held
    size = a.size * 2 if count + 4 * n > a.size // 2 else a.size
    new_a, new_b = np.empty(size), np.empty(size)
    at = (size - count) // 2
    for i in range(count):  # a copy by slices would compile the text of errors, two seconds of it
        new_a[at + i] = a[first + i]
        new_b[at + i] = b[first + i]
    return Held(new_a, new_b, at, count)


@bare_part
def insert_segment(a: Floats, b: Floats, first: int, count: int, price: float, length: float) -> int:
    """Insert a segment at its place, moving the shorter side; return the first of now one more."""
    if count > 0 and price <= a[first + (count >> 1)]:
        first -= 1
        i = first
        while a[i + 1] < price:
            a[i] = a[i + 1]
            b[i] = b[i + 1]
            i += 1
    else:
        i = first + count
        while i > first and a[i - 1] > price:
            a[i] = a[i - 1]
            b[i] = b[i - 1]
            i -= 1
    a[i] = price
    b[i] = length
    return first


@bare_part
def merge_stage(
    stages: Stages, t: int, a: Floats, b: Floats, first: int, count: int, skip: float, allowed: float
) -> tuple[int, int, float, float, float]:
    """Merge the segments of an interval into those of V, but for a length `skip` at first and what is not `allowed`.

    Returns the first segment and their number, G at the lowest y that is left, the length merged, and what of `skip`
    is still to be left out.
    """
    base, total = stages.lowest[t, 1], 0.0
    for s in range(stages.start[t], stages.start[t + 1]):
        length, price = stages.length[s], stages.sigma[s]
        if skip > 0.0:
            cut = min(length, skip)
            skip -= cut
            base -= price * cut
            length -= cut
        length = min(length, allowed - total)
        if length <= 0.0:
            continue
        base -= price * length
        total += length
        first = insert_segment(a, b, first, count, price, length)
        count += 1
    return first, count, base, total, skip


@bare_part
def cut_empty_end(
    a: Floats, b: Floats, first: int, count: int, excess: float, slope: float, value: float
) -> tuple[int, float, float]:
    """Cut a length off at the empty end; return how many segments are left, the slope there, and V at the new end."""
    while count > 0 and excess > 0.0:
        i = first + count - 1
        slope = a[i]
        cut = min(b[i], excess)
        value += slope * cut
        excess -= cut
        b[i] -= cut
        if b[i] <= 0.0:
            count -= 1
    return count, slope, value


@bare_part
def cut_full_end(a: Floats, b: Floats, first: int, count: int, excess: float, slope: float) -> tuple[int, int, float]:
    """Cut a length off at the full end; return the first segment and how many are left, and the slope there."""
    while count > 0 and excess > 0.0:
        slope = a[first]
        cut = min(b[first], excess)
        excess -= cut
        b[first] -= cut
        if b[first] <= 0.0:
            first += 1
            count -= 1
    return first, count, slope


@part
def value_backwards(problem: StorageProblem, stages: Stages, a: Floats, b: Floats, keep: Floats) -> ValueFunction:
    """Build V_0 in the buffers a (slopes) and b (lengths), which grow where needed.

    `keep` (T, 4) takes each V_t's slopes at the empty and the full end and its domain, unless it has no rows.
    """
    smallest, largest = problem.tank_minimum, problem.tank_capacity
    steps = stages.start.size - 1
    lo, hi = max(problem.end_minimum, smallest), largest
    value = problem.end_value * lo
    first, count = a.size // 2, 0
    e_slope = f_slope = problem.end_value
    solved = True
    if hi > lo:
        a[first] = problem.end_value
        b[first] = hi - lo
        count = 1
    for t in range(steps - 1, -1, -1):
        n = stages.start[t + 1] - stages.start[t]
        if first < n or first + count + n > a.size:
            a, b, first, count = with_room(Held(a, b, first, count), n)
        discharged, charged = flow_limits(problem, t)
        y_low = stages.lowest[t, 0]
        skip = max(discharged - y_low, 0.0)
        allowed = charged - y_low - skip
        y_low += skip
        first, count, base, total, skip = merge_stage(stages, t, a, b, first, count, skip, allowed)
        # the domain of contents from which the next domain can be reached, cut to the tank
        lo -= y_low + total
        hi -= y_low
        value += base
        slack = 1e-13 * (1.0 + abs(y_low) + total)  # rounding: without a tank the two ends are one
        if skip > slack or allowed < -slack or lo > largest + slack or hi < smallest - slack:
            solved = False
            break
        lo, hi = min(lo, largest), max(hi, smallest)
        if smallest > lo:
            count, e_slope, value = cut_empty_end(a, b, first, count, smallest - lo, e_slope, value)
            lo = smallest
        if hi > largest:
            first, count, f_slope = cut_full_end(a, b, first, count, hi - largest, f_slope)
            hi = largest
        if count > 0:
            e_slope, f_slope = a[first + count - 1], a[first]
        if keep.shape[0] > 0:
            keep[t, 0], keep[t, 1], keep[t, 2], keep[t, 3] = e_slope, f_slope, lo, hi
    return ValueFunction(a, b, first, count, lo, hi, value, solved)


@part
def value_at(function: ValueFunction, content: float) -> tuple[float, float]:
    """Return V and its slope at a content of its domain."""
    left = content - function.lowest
    value, slope = function.value, 0.0
    for k in range(function.number):
        i = function.first + function.number - 1 - k
        slope = function.slope[i]
        taken = min(left, function.length[i])
        value += slope * taken
        left -= taken
        if left <= 0.0:
            break
    return value, slope


@part
def reaches(problem: StorageProblem, function: ValueFunction) -> bool:
    """Return whether the initial content lies in the domain of V_0 (up to rounding)."""
    slack = 1e-9 * (1.0 + problem.tank_capacity)
    inside = function.lowest - slack <= problem.initial <= function.highest + slack
    return function.solved and inside


@bare_part
def choice(problem: StorageProblem, stages: Stages, t: int, price: float) -> tuple[float, float]:
    """Return the lowest and the highest y [kg] that maximise G(y) + price y within the tank's flow limits."""
    low = stages.lowest[t, 0]
    i, end = stages.start[t], stages.start[t + 1]
    while i < end and stages.sigma[i] < price:
        low += stages.length[i]
        i += 1
    high = low
    while i < end and stages.sigma[i] == price:
        high += stages.length[i]
        i += 1
    smallest, largest = flow_limits(problem, t)
    return clamp(low, smallest, largest), clamp(high, smallest, largest)


@bare_part
def power_of(problem: StorageProblem, flow: float) -> float:
    """Return the power z [W] of one machine that makes (above zero) or consumes a flow of hydrogen [kg/s]."""
    z, left = 0.0, abs(flow)
    if flow >= 0.0:
        for i in range(problem.fuel_segments, problem.machine_slope.size):
            used = min(problem.machine_width[i], left / problem.machine_slope[i])
            z += used
            left -= used * problem.machine_slope[i]
        return z
    for i in range(problem.fuel_segments - 1, -1, -1):
        used = min(problem.machine_width[i], left / problem.machine_slope[i])
        z -= used
        left -= used * problem.machine_slope[i]
    return z


@bare_part
def operate_stage(problem: StorageProblem, stages: Stages, s: int, t: int, y: float, out: Floats) -> float:
    """Write e, f, unmet and by-product [kg], curtailed, net export of t (segments of s) to `out`; return relaxed kg."""
    el, eh = problem.electrolyser_low, problem.electrolyser_high
    fl, fh = problem.fuel_cell_low, problem.fuel_cell_high
    e_low, e_high = el[t if el.size > 1 else 0], eh[t if eh.size > 1 else 0]
    f_low, f_high = fl[t if fl.size > 1 else 0], fh[t if fh.size > 1 else 0]
    left = y - stages.lowest[s, 0]
    z = stages.lowest[s, 2]
    unmet = taken = relaxed = 0.0
    for i in range(stages.start[s], stages.start[s + 1]):
        length, kind = stages.length[i], stages.kind[i]
        share = 0.0
        if left > 0.0:
            share = 1.0 if left >= length else left / length
            left -= length
        if kind == UNMET:
            unmet = share * length
            continue
        if kind == BY_PRODUCT:
            taken = share * length
            continue
        z += share * stages.width[i]
        if kind == RELAXED:
            relaxed += min(share, 1.0 - share) * length
    if relaxed > 0.0:
        z = power_of(problem, (y + problem.demand[t] - unmet - taken) / problem.step)
    e = clamp(max(e_low, z + f_low), e_low, e_high)
    f = clamp(e - z, f_low, f_high)
    wind = problem.wind[t]
    x = max(min(wind, 0.0) + f - e, min(wind + f - e, stages.sold[s]))
    out[0], out[1], out[2], out[3], out[4], out[7] = e, f, unmet, wind + f - e - x, x, taken
    return relaxed


@bare_part
def best_contents(problem: StorageProblem, stages: Stages, price: float, keep: Floats, operation: Floats) -> None:
    """Fill content and water value in `operation` (time, 8), from V_0's slope at the start and the V that were kept."""
    steps = problem.wind.size
    keep[steps, 0] = keep[steps, 1] = problem.end_value
    keep[steps, 2], keep[steps, 3] = max(problem.end_minimum, problem.tank_minimum), problem.tank_capacity
    # prices forwards, with the choices that they leave, and the contents that they allow after the interval
    for t in range(steps):
        operation[t, 0], operation[t, 1] = choice(problem, stages, t, price)
        operation[t, 6] = price
        e_slope, f_slope = keep[t + 1, 0], keep[t + 1, 1]
        operation[t, 2] = keep[t + 1, 3] if price < f_slope else keep[t + 1, 2]
        operation[t, 3] = keep[t + 1, 2] if price > e_slope else keep[t + 1, 3]
        price = clamp(price, f_slope, e_slope)
    # corridor backwards: contents after each interval from which the choices can be kept
    for t in range(steps - 2, -1, -1):
        operation[t, 2] = max(operation[t, 2], operation[t + 1, 2] - operation[t + 1, 1])
        operation[t, 3] = min(operation[t, 3], operation[t + 1, 3] - operation[t + 1, 0])
    content = problem.initial
    for t in range(steps):
        after = clamp(content + operation[t, 1], operation[t, 2], operation[t, 3])
        content = clamp(after, problem.tank_minimum, problem.tank_capacity)
        operation[t, 5] = content


@kernel
def storage_optimum(problem: StorageProblem, operation: Floats) -> tuple[int, float, float]:
    """Fill `operation` (time, 8), in the order of `OPERATION`, with an optimal operation.

    Returns
    -------
    tuple
        Status (`SOLVED` or `INFEASIBLE`), the optimum [EUR] from the value function (cash of exports from
        zero, minus the penalty for unmet demand, plus the value of the end content), and the hydrogen [kg]
        that lies within pooled segments (zero: the optimum is exact).
    """
    steps = problem.wind.size
    stages = new_stages(problem, steps)
    if not fill_stages(problem, np.int64(0), stages):
        return INFEASIBLE, 0.0, 0.0
    keep = np.empty((steps + 1, 4))
    function = value_backwards(problem, stages, np.empty(512), np.empty(512), keep)
    if not reaches(problem, function):
        return INFEASIBLE, 0.0, 0.0
    optimum, price = value_at(function, problem.initial)
    best_contents(problem, stages, price, keep, operation)
    content = problem.initial
    relaxed = 0.0
    for t in range(steps):
        after = operation[t, 5]
        relaxed += operate_stage(problem, stages, t, t, after - content, operation[t])
        content = after
    return SOLVED, optimum, relaxed


@kernel
def storage_value(problem: StorageProblem) -> tuple[int, float, float]:
    """Return status, the optimum [EUR] and the value of one more kilogram at the start [EUR/kg]."""
    stages = new_stages(problem, problem.wind.size)
    if not fill_stages(problem, np.int64(0), stages):
        return INFEASIBLE, 0.0, 0.0
    function = value_backwards(problem, stages, np.empty(512), np.empty(512), np.empty((0, 4)))
    if not reaches(problem, function):
        return INFEASIBLE, 0.0, 0.0
    optimum, price = value_at(function, problem.initial)
    return SOLVED, optimum, price
