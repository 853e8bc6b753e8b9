"""Failure clocks, open jobs and the booking of stops: the turbines' side of the maintenance kernel.

A repair's end is known when a crew begins it (the weather of the record is the forecast), so its effects are
applied at once, at their own moments: stops are booked as intervals, and a failure that happens before the end of
what is already booked counts from there.
"""

import math

from testsite_kernels.numerics.compile_options import bare_part
from testsite_kernels.numerics.random_streams import uniform, weibull
from testsite_kernels.operations.maintenance_plan import (
    FAILURE,
    REMOTE,
    REMOTE_WORK,
    WARNING,
    Run,
    World,
    job_number,
    mode_of,
)

_LIFETIMES, _DETECTIONS = 1, 2


@bare_part
def write_event(
    world: World, kind: int, v: int, i: int, m: int, start: float, end: float, technicians: int, done: float
) -> None:
    """Write one row of the log if there is room; count it in any case. No vessel, turbine or mode: -1.

    What ends before the first step that counts is left out; times are those since that step.
    """
    begin = float(world.counters[4])
    if end < begin:
        return
    row = world.counters[0]
    world.counters[0] += 1
    if row < world.events.shape[0]:
        world.events[row, 0] = kind
        world.events[row, 1] = world.vessels[v].fleet if v >= 0 else -1
        world.events[row, 2] = world.vessels[v].number if v >= 0 else -1
        world.events[row, 3] = i
        world.events[row, 4] = m
        world.events[row, 5] = start - begin
        world.events[row, 6] = end - begin
        world.events[row, 7] = technicians
        world.events[row, 8] = done


@bare_part
def book_stop(i: int, m: int, start: float, end: float, world: World, run: Run) -> None:
    """Book turbine i as stopped from start to end because of mode m: time, energy, series, from the first count on."""
    begin = float(world.counters[4])
    start = max(start, begin) - begin
    end = min(end, run.horizon) - begin
    if end <= start:
        return
    tally = world.mode_tally[m]
    tally.down += end - start
    row = min(i, world.energy.shape[0] - 1)
    a, b = int(start), min(int(end), world.energy.shape[1] - 2)
    e_start = world.energy[row, a] + (start - a) * (world.energy[row, a + 1] - world.energy[row, a])
    e_end = world.energy[row, b] + (end - b) * (world.energy[row, b + 1] - world.energy[row, b])
    tally.energy_lost += e_end - e_start
    if world.shares.flat.size > 0:
        shares, at = world.shares.flat, world.shares.place[i] + world.shares.stride * a
        for t in range(a, b + 1):
            shares[at] = max(shares[at] - max(0.0, min(end, t + 1.0) - max(start, float(t))), 0.0)
            at += world.shares.stride


@bare_part
def set_soonest(i: int, world: World, run: Run) -> None:
    """Keep the earliest clock of turbine i; on operating clocks only scheduled tasks strike while it stands still."""
    frozen = run.operating_clocks and world.turbines[i].stops > 0
    earliest = math.inf
    for m in range(world.modes.size):
        if world.modes[m].scheduled or not frozen:
            earliest = min(earliest, world.jobs[i, m].clock)
    world.soonest[i] = earliest
    world.counters[1] = 1


@bare_part
def next_life(i: int, m: int, world: World, run: Run) -> float:
    """Draw the next lifetime of mode m on turbine i."""
    job, mode = world.jobs[i, m], world.modes[m]
    n = job.draws
    job.draws = n + 1
    return weibull(run.seed, _LIFETIMES, run.member, i * world.modes.size + m, n, mode.shape, mode.scale)


@bare_part
def start_clock(i: int, m: int, now: float, fails: float, world: World, run: Run) -> None:
    """Set the clock of a mode that fails at `fails`: to its warning if monitoring reports it, else to the failure."""
    job, mode = world.jobs[i, m], world.modes[m]
    job.failure = fails
    job.clock = fails
    job.warned = False
    if mode.warning > 0.0:
        stream = i * world.modes.size + m
        if uniform(run.seed, _DETECTIONS, run.member, stream, job.draws) < mode.detected:
            job.clock = max(fails - mode.warning, now)
            job.warned = True


@bare_part
def open_job(i: int, m: int, now: float, world: World) -> None:
    """Open the job of mode m on turbine i, queue it by priority and age, wake vessels that wait for one."""
    job, mode = world.jobs[i, m], world.modes[m]
    job.open = True
    job.left = mode.work
    world.mode_tally[m].failures += 1.0
    c = mode.fleet
    if c == REMOTE:
        return
    k = world.queue[c, 0] + 1
    world.queue[c, 0] = k
    while k > 1 and world.modes[mode_of(world.queue[c, k - 1])].priority > mode.priority:
        world.queue[c, k] = world.queue[c, k - 1]
        k -= 1
    world.queue[c, k] = job_number(i, m)
    for v in range(world.wake.size):
        if world.vessels[v].fleet == c and world.vessels[v].waiting:
            world.wake[v] = min(world.wake[v], now)


@bare_part
def take_from_queue(c: int, number: int, world: World) -> None:
    """Remove a job from the queue of its class."""
    k = 1
    while world.queue[c, k] != number:
        k += 1
    last = world.queue[c, 0]
    world.queue[c, 0] = last - 1
    for q in range(k, last):
        world.queue[c, q] = world.queue[c, q + 1]


@bare_part
def close_job(i: int, m: int, end: float, world: World, run: Run) -> None:
    """Finish a job at `end`: book the stop, thaw the other clocks, start the mode's clock again."""
    job, mode, turbine = world.jobs[i, m], world.modes[m], world.turbines[i]
    job.open = False
    if end <= run.horizon:
        world.mode_tally[m].completed += 1.0
    if mode.fleet != REMOTE:
        take_from_queue(mode.fleet, job_number(i, m), world)
    if mode.stops and not mode.scheduled and not job.warned:
        turbine.stops -= 1
        if turbine.stops == 0:
            book_stop(i, m, turbine.down_since, end, world, run)
            if run.operating_clocks:
                pause = end - turbine.down_since
                for other in range(world.modes.size):
                    if other != m and not world.modes[other].scheduled:
                        world.jobs[i, other].clock += pause
                        world.jobs[i, other].failure += pause
            turbine.up_at = max(turbine.up_at, end)
    if mode.scheduled:
        job.clock = max(job.failure, end)
    elif run.operating_clocks or mode.warning > 0.0:
        start_clock(i, m, end, end + next_life(i, m, world, run), world, run)
    else:
        job.clock = max(job.failure, end)
    set_soonest(i, world, run)


@bare_part
def process_event(i: int, world: World, run: Run) -> None:
    """Let the earliest clock of turbine i strike: a warning, a failure or a scheduled task."""
    now = world.soonest[i]
    turbine = world.turbines[i]
    m = 0
    frozen = run.operating_clocks and turbine.stops > 0
    while world.jobs[i, m].clock != now or (frozen and not world.modes[m].scheduled):
        m += 1
    job, mode = world.jobs[i, m], world.modes[m]
    job.clock = math.inf
    if mode.scheduled:
        job.failure += mode.scale
        open_job(i, m, now, world)
    elif job.warned and not job.open:
        write_event(world, WARNING, -1, i, m, now, now, 0, 0.0)
        job.clock = job.failure
        open_job(i, m, now, world)
    else:
        write_event(world, FAILURE, -1, i, m, now, now, 0, 0.0)
        if not run.operating_clocks and mode.warning == 0.0:
            job.failure = now + next_life(i, m, world, run)
        if mode.stops:
            if turbine.stops == 0:
                turbine.down_since = max(now, turbine.up_at)
            turbine.stops += 1
        if job.warned:
            job.warned = False  # the announced failure came before its repair
        else:
            open_job(i, m, now, world)
        if mode.fleet == REMOTE:
            end = max(now, turbine.up_at) + mode.work
            world.mode_tally[m].work += mode.work * mode.technicians
            write_event(world, REMOTE_WORK, -1, i, m, now, end, mode.technicians, mode.work)
            close_job(i, m, end, world, run)
    set_soonest(i, world, run)
