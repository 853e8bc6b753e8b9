"""What vessels do: daily trips that drop crews on turbines and fetch them, and vessels chartered for large repairs.

Each action sets the moment of the vessel's next one. A vessel does one thing at a time: transfers of its crews
follow one another.
"""

import math

from testsite_kernels.numerics.compile_options import bare_part
from testsite_kernels.operations.maintenance_plan import (
    MOBILISATION,
    MOST_CREWS,
    ON_CHARTER,
    PICK_UP,
    RETURN,
    TRANSFER,
    TRAVEL,
    WORK,
    Run,
    World,
    mode_of,
    turbine_of,
)
from testsite_kernels.operations.maintenance_turbines import book_stop, close_job, write_event
from testsite_kernels.operations.weather_windows import finish_interruptible, finish_uninterrupted

_SMALL = 1e-9


@bare_part
def book_work(
    v: int, i: int, m: int, now: float, start: float, end: float, done: float, world: World, run: Run
) -> None:
    """Book a transfer from `now` and work from `start` to `end`; unless the mode lets it run, the turbine stands."""
    job, turbine = world.jobs[i, m], world.turbines[i]
    crew = world.modes[m].technicians
    transfer = world.fleets[world.vessels[v].fleet].transfer
    job.left -= done
    turbine.busy_until = end
    world.mode_tally[m].work += done * crew
    write_event(world, TRANSFER, v, i, m, now, now + transfer, crew, 0.0)
    write_event(world, WORK, v, i, m, start, end, crew, done)
    if turbine.stops == 0 and not world.modes[m].runs:
        book_stop(i, m, max(start, turbine.up_at), end, world, run)
        turbine.up_at = max(turbine.up_at, end)
    if job.left <= _SMALL:
        close_job(i, m, end, world, run)


@bare_part
def crew_for(v: int, shift: int, world: World, run: Run) -> int:
    """Return the technicians that a vessel can take: its own fresh ones, or what its visits ask for of the pool."""
    vessel = world.vessels[v]
    fleet = world.fleets[vessel.fleet]
    if vessel.sailed > 0 and not fleet.reuse:
        return vessel.aboard
    if run.pool == 0 or vessel.sailed > 0:
        return fleet.seats
    if world.counters[2] != shift:
        world.counters[2], world.counters[3] = shift, 0
    asked, visits = 0, 0
    for q in range(1, world.queue[vessel.fleet, 0] + 1):
        if visits < fleet.visits:
            asked += world.modes[mode_of(world.queue[vessel.fleet, q])].technicians
            visits += 1
    return min(fleet.seats, asked, run.pool - world.counters[3])


@bare_part
def leave_port(v: int, now: float, begin: float, world: World, run: Run) -> None:
    """Sail for the first window of the shift that is worth it, and arrive when it begins."""
    vessel = world.vessels[v]
    c = vessel.fleet
    fleet = world.fleets[c]
    aboard = crew_for(v, int(begin / run.day), world, run)
    if aboard < fleet.smallest_crew:
        return
    last = begin + fleet.shift_length - fleet.transit
    arrival = now + fleet.transit
    shortest = max(2.0 * fleet.transfer + fleet.minimum_work, fleet.window)
    while arrival + shortest <= last + _SMALL and arrival < world.runs.shape[1]:
        t = int(arrival)
        run_length = world.runs[c, t]
        if run_length == 0:
            arrival = float(world.good_starts[c, t])
            continue
        end = min(last, float(t + run_length))
        if end - arrival >= shortest - _SMALL:
            vessel.state = 1
            vessel.until = end
            vessel.aboard = aboard
            if vessel.sailed == 0:
                vessel.visits = 0
                if run.pool > 0:
                    world.counters[3] += aboard
            vessel.sailed += 1
            vessel.out = 0
            vessel.slots = 0
            world.wake[v] = arrival
            world.fleet_tally[c].trips += 1.0
            write_event(world, TRAVEL, v, -1, -1, arrival - fleet.transit, arrival, aboard, 0.0)
            return
        arrival = float(t + run_length)


@bare_part
def first_finish(v: int, world: World) -> float:
    """Return the moment at which the first crew of a vessel is done."""
    finish = math.inf
    for k in range(world.vessels[v].out):
        finish = min(finish, world.crews[v, k].finish)
    return finish


@bare_part
def fetch_crew(v: int, now: float, world: World) -> bool:
    """Pick up the crew that has waited longest, if any has finished."""
    vessel = world.vessels[v]
    first = 0
    for k in range(1, vessel.out):
        if world.crews[v, k].finish < world.crews[v, first].finish:
            first = k
    if vessel.out == 0 or world.crews[v, first].finish > now + _SMALL:
        return False
    fleet, crew = world.fleets[vessel.fleet], world.crews[v, first]
    write_event(world, PICK_UP, v, crew.turbine, crew.mode, now, now + fleet.transfer, crew.technicians, 0.0)
    if fleet.reuse:
        vessel.aboard += crew.technicians
    vessel.slots &= ~(1 << crew.slot)
    vessel.out -= 1
    if first != vessel.out:
        last = world.crews[v, vessel.out]
        crew.finish = last.finish
        crew.technicians = last.technicians
        crew.turbine = last.turbine
        crew.mode = last.mode
        crew.slot = last.slot
    world.wake[v] = now + fleet.transfer
    return True


@bare_part
def drop_crew(v: int, now: float, world: World, run: Run) -> bool:
    """Put a crew on the first turbine in the queue that it can serve before the window or the shift ends.

    Pick-ups at the end of the window follow one another: each crew has a place counted from the end, and stops
    work in time for it.
    """
    vessel = world.vessels[v]
    c = vessel.fleet
    fleet = world.fleets[c]
    if vessel.visits >= fleet.visits or vessel.aboard < fleet.smallest_crew:
        return False
    slot = 0
    while vessel.slots & (1 << slot):
        slot += 1
    places = 0
    while vessel.slots >> places:
        places += 1
    start = now + fleet.transfer
    stop = vessel.until - fleet.transfer * (slot + 1)
    if slot >= MOST_CREWS - 1 or stop <= start or start > vessel.until - fleet.transfer * places + _SMALL:
        return False
    for q in range(1, world.queue[c, 0] + 1):
        number = world.queue[c, q]
        i = turbine_of(number)
        if world.turbines[i].busy_until > now + _SMALL:
            continue
        m = mode_of(number)
        mode, left = world.modes[m], world.jobs[i, m].left
        shortest = left if mode.uninterrupted else min(left, fleet.minimum_work)
        if mode.technicians > vessel.aboard or stop - start < shortest - _SMALL:
            continue
        end = min(stop, start + left)
        crew = world.crews[v, vessel.out]
        crew.finish = end
        crew.technicians = mode.technicians
        crew.turbine = i
        crew.mode = m
        crew.slot = slot
        vessel.out += 1
        vessel.slots |= 1 << slot
        vessel.aboard -= mode.technicians
        vessel.visits += 1
        full = vessel.aboard < fleet.smallest_crew or vessel.visits >= fleet.visits
        world.wake[v] = max(start, first_finish(v, world)) if full else start
        book_work(v, i, m, now, start, end, end - start, world, run)
        return True
    return False


@bare_part
def crew_vessel(v: int, now: float, world: World, run: Run) -> None:
    """Do the next thing of a crew vessel: sail, fetch, drop, wait or go home."""
    vessel = world.vessels[v]
    c = vessel.fleet
    fleet = world.fleets[c]
    begin = fleet.shift_begin + math.floor((now - fleet.shift_begin) / run.day + _SMALL) * run.day
    vessel.waiting = False
    if vessel.state == 0:
        world.wake[v] = begin + run.day
        if now <= begin + _SMALL:
            vessel.sailed = 0
        if now < begin + fleet.shift_length:
            if world.queue[c, 0] == 0:
                vessel.waiting = True
            else:
                leave_port(v, now, begin, world, run)
        return
    if fetch_crew(v, now, world) or drop_crew(v, now, world, run):
        return
    last_start = vessel.until - 2.0 * fleet.transfer - fleet.minimum_work
    capable = vessel.aboard >= fleet.smallest_crew and vessel.visits < fleet.visits
    if vessel.out > 0:
        vessel.waiting = capable
        world.wake[v] = first_finish(v, world)
    elif capable and now < last_start - _SMALL:
        vessel.waiting = True
        world.wake[v] = last_start
    else:
        write_event(world, RETURN, v, -1, -1, now, now + fleet.transit, 0, 0.0)
        vessel.state = 0
        ashore = now + fleet.transit
        again = vessel.sailed < fleet.sailings and capable and ashore < begin + fleet.shift_length
        world.wake[v] = ashore if again else begin + run.day


@bare_part
def good_time(c: int, begin: float, end: float, world: World) -> float:
    """Return the good steps between two moments."""
    last = world.runs.shape[1] - 1
    a, b = min(int(begin), last), min(int(end), last)
    before = world.before[c]
    done_end = before[b] + (min(end, last + 1.0) - b) * (before[b + 1] - before[b])
    done_begin = before[a] + (min(begin, last + 1.0) - a) * (before[a + 1] - before[a])
    return float(done_end - done_begin)


@bare_part
def charter_job(v: int, now: float, world: World, run: Run) -> bool:
    """Work on the first job in the queue that the chartered vessel can do before it leaves."""
    vessel = world.vessels[v]
    c = vessel.fleet
    fleet = world.fleets[c]
    until = vessel.until
    arrival = now + fleet.transfer
    for q in range(1, world.queue[c, 0] + 1):
        number = world.queue[c, q]
        i, m = turbine_of(number), mode_of(number)
        if world.turbines[i].busy_until > now + _SMALL:
            continue
        done = world.jobs[i, m].left
        whole = world.modes[m].uninterrupted
        if whole:
            start, end = finish_uninterrupted(arrival, done, world.runs[c], world.mode_starts[m])
        else:
            start, end = finish_interruptible(arrival, done, world.before[c], world.position[c])
        if end < 0.0 or (end > until and not (fleet.overrun and start < until)):
            done = 0.0 if whole else good_time(c, arrival, until, world)
            start, end = arrival, until
            if done <= _SMALL:
                continue
        world.fleet_tally[c].trips += 1.0
        world.wake[v] = end
        book_work(v, i, m, now, start, end, done, world, run)
        return True
    return False


@bare_part
def charter_vessel(v: int, now: float, world: World, run: Run) -> None:
    """Do the next thing of a chartered vessel: wait for enough jobs, mobilise, work, leave."""
    vessel = world.vessels[v]
    c = vessel.fleet
    fleet = world.fleets[c]
    vessel.waiting = False
    if vessel.state == 1:
        vessel.state = 2
        vessel.charter_begin = now
        vessel.until = now + fleet.charter
        world.wake[v] = now + fleet.transit
        write_event(world, TRAVEL, v, -1, -1, now, now + fleet.transit, 0, 0.0)
        return
    if vessel.state == 2:
        if now < vessel.until - _SMALL:
            if not charter_job(v, now, world, run):
                vessel.waiting = True
                world.wake[v] = vessel.until
            return
        world.fleet_tally[c].charter += max(now - max(vessel.charter_begin, float(world.counters[4])), 0.0)
        write_event(world, ON_CHARTER, v, -1, -1, vessel.charter_begin, now, 0, 0.0)
        vessel.state = 0
    under_way = 0
    for other in range(world.wake.size):
        if world.vessels[other].fleet == c and world.vessels[other].state > 0:
            under_way += 1
    if world.queue[c, 0] >= fleet.threshold * (1 + under_way):
        vessel.state = 1
        world.wake[v] = now + fleet.mobilisation
        world.fleet_tally[c].mobilisations += 1.0
        write_event(world, MOBILISATION, v, -1, -1, now, now + fleet.mobilisation, 0, 0.0)
    else:
        vessel.waiting = True
        world.wake[v] = math.inf
