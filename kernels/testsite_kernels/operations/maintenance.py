"""Maintenance of a fleet as discrete events: failures, crews, vessels, weather; many replicas in one call.

The loop takes what comes first: the earliest failure clock of a turbine, or the vessel that acts next.
"""

import math

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.numerics.compile_options import bare_kernel, bare_part
from testsite_kernels.operations.maintenance_plan import CREW, Run, World
from testsite_kernels.operations.maintenance_turbines import (
    book_stop,
    next_life,
    process_event,
    set_soonest,
    start_clock,
)
from testsite_kernels.operations.maintenance_vessels import charter_vessel, crew_vessel


@bare_part
def reset(world: World, run: Run) -> None:
    """Set a replica to its initial state: everything runs, every vessel is in port, clocks are drawn."""
    world.counters[0] = world.counters[3] = 0
    world.counters[2] = -1
    for i in range(world.turbines.size):
        turbine = world.turbines[i]
        turbine.stops = 0
        turbine.down_since = turbine.up_at = turbine.busy_until = 0.0
        for m in range(world.modes.size):
            job, mode = world.jobs[i, m], world.modes[m]
            job.draws = 0
            job.warned = job.open = False
            if mode.scheduled:
                job.clock = job.failure = mode.first + mode.spread * i / world.turbines.size
            elif math.isinf(mode.scale):
                job.clock = job.failure = math.inf
            else:
                start_clock(i, m, 0.0, next_life(i, m, world, run), world, run)
        set_soonest(i, world, run)
    for m in range(world.modes.size):
        tally = world.mode_tally[m]
        tally.down = tally.energy_lost = tally.failures = tally.completed = tally.work = 0.0
    for c in range(world.fleets.size):
        world.queue[c, 0] = 0
        use = world.fleet_tally[c]
        use.trips = use.mobilisations = use.charter = 0.0
    for v in range(world.wake.size):
        vessel = world.vessels[v]
        vessel.state = vessel.out = vessel.sailed = 0
        crew = world.fleets[vessel.fleet].kind == CREW
        vessel.waiting = not crew
        world.wake[v] = world.fleets[vessel.fleet].shift_begin if crew else math.inf


@bare_part
def begin_to_count(world: World) -> None:
    """Forget what was counted; the jobs that are open stay among those that came up.

    Time and energy lost are booked from the first count on in any case, see `book_stop`.
    """
    for m in range(world.modes.size):
        tally = world.mode_tally[m]
        tally.failures = tally.completed = tally.work = 0.0
        for i in range(world.turbines.size):
            if world.jobs[i, m].open:
                tally.failures += 1.0
    for c in range(world.fleets.size):
        use = world.fleet_tally[c]
        use.trips = use.mobilisations = use.charter = 0.0


@bare_part
def first(moments: NDArray[np.float64]) -> int:
    """Return the index of the earliest moment; -1 if there is none."""
    found = -1
    earliest = math.inf
    for k in range(moments.size):
        if moments[k] < earliest:
            earliest = moments[k]
            found = k
    return found


@bare_part
def finish(world: World, run: Run) -> None:
    """Book what is still under way at the horizon."""
    for i in range(world.turbines.size):
        if world.turbines[i].stops > 0:
            blamed = 0
            for m in range(world.modes.size - 1, -1, -1):
                job, mode = world.jobs[i, m], world.modes[m]
                if job.open and mode.stops and not mode.scheduled and not job.warned:
                    blamed = m
            book_stop(i, blamed, world.turbines[i].down_since, run.horizon, world, run)
    for v in range(world.wake.size):
        vessel = world.vessels[v]
        if world.fleets[vessel.fleet].kind != CREW and vessel.state == 2:
            since = max(vessel.charter_begin, float(world.counters[4]))
            world.fleet_tally[vessel.fleet].charter += run.horizon - since


@bare_kernel
def maintenance_replicas(
    world: World, run: Run, members: NDArray[np.int64], mode_tallies: NDArray[np.void], fleet_tallies: NDArray[np.void]
) -> int:
    """Fill `mode_tallies` (member, mode) and `fleet_tallies` (member, class) for replicas of the given numbers.

    `world` holds the series and the log of the last replica. Returns the number of its events, which may exceed the
    room of the log.
    """
    for k in range(members.size):
        replica = Run(run.horizon, run.day, run.operating_clocks, run.pool, run.seed, members[k])
        reset(world, replica)
        i = first(world.soonest)
        v = first(world.wake)
        counts = world.counters[4] == 0
        while True:
            strike = world.soonest[i] if i >= 0 else math.inf
            action = world.wake[v] if v >= 0 else math.inf
            if not counts and min(strike, action) >= world.counters[4]:
                begin_to_count(world)
                counts = True
            if min(strike, action) >= run.horizon:
                break
            if strike <= action:
                process_event(i, world, replica)
            elif world.fleets[world.vessels[v].fleet].kind == CREW:
                crew_vessel(v, action, world, replica)
            else:
                charter_vessel(v, action, world, replica)
            if world.counters[1] > 0:
                i = first(world.soonest)
                world.counters[1] = 0
            v = first(world.wake)
        finish(world, replica)
        for m in range(world.modes.size):
            mode_tallies[k, m] = world.mode_tally[m]
        for c in range(world.fleets.size):
            fleet_tallies[k, c] = world.fleet_tally[c]
    return int(world.counters[0])
