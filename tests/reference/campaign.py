"""An installation campaign in plain Python: every finish is found by walking through the record."""

import math

from tests.reference.weather_windows import finish_interruptible, finish_uninterrupted

PARTS = 4  # durations are multiples of a quarter step


def campaign(begin, phases, operations, good):
    """Return the finish of every unit by phase, and the weather delay of every phase.

    `phases`: mappings with units, vessels, capacity, delay, operations (numbers), after (numbers of phases).
    `operations`: (place, duration, limits, interruptible); `good`: by limits, a list of booleans.
    """
    finished, delays = [], []
    for phase in phases:
        ready = []
        for unit in range(phase["units"]):
            before = [
                finished[q][unit] if phases[q]["units"] == phase["units"] else max(finished[q]) for q in phase["after"]
            ]
            ready.append(max([0.0, *before]))
        start = max(begin + phase["delay"], min(ready))
        free = [start] + [max(start, begin + phase["further"])] * (phase["vessels"] - 1)
        mine, delay, unit = [math.nan] * phase["units"], 0.0, 0
        while unit < phase["units"]:
            vessel = free.index(min(free))
            now = free[vessel]
            trip = range(unit, min(unit + phase["capacity"], phase["units"]))
            chosen = [operations[o] for o in phase["operations"]]
            jobs = [(item, None) for u in trip for item in chosen if item[0] == "load"]
            jobs += [(item, None) for item in chosen if item[0] == "sail"]
            jobs += [(item, u) for u in trip for item in chosen if item[0] == "site"]
            jobs += [(item, None) for item in chosen if item[0] == "return"]
            for (_, duration, limits, interruptible), u in jobs:
                if u is not None:
                    now = max(now, ready[u])
                find = finish_interruptible if interruptible else finish_uninterrupted
                done = find(good[limits], now, duration, PARTS)
                delay += done - now - duration
                now = done
                if u is not None:
                    mine[u] = now
            free[vessel] = now
            unit += len(trip)
        finished.append(mine)
        delays.append(delay)
    return finished, delays
