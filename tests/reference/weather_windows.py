"""Weather windows by looking at every start: slow and plain."""

import math


def waits(ok, needed):
    """Count steps from each start to the next one that begins `needed` good steps; -1 if the record ends first."""
    result = []
    for t in range(len(ok)):
        later = [s for s in range(t, len(ok) - needed + 1) if all(ok[s : s + needed])]
        result.append(later[0] - t if later else -1)
    return result


def finish_interruptible(ok, begin, work, parts=1000):
    """Walk in small parts of a step through good steps until the work is done; nan if it never is."""
    x, left = round(begin * parts), round(work * parts)
    while left > 0:
        if x // parts >= len(ok):
            return math.nan
        left -= ok[x // parts]
        x += 1
    return x / parts


def finish_uninterrupted(ok, begin, work, parts=1000):
    """Try every start, in small parts of a step, until one is good throughout; nan if none is."""
    length = round(work * parts)
    for x in range(round(begin * parts), len(ok) * parts - length + 1):
        if all(ok[s] for s in range(x // parts, -((-x - length) // parts))):
            return (x + length) / parts
    return math.nan
