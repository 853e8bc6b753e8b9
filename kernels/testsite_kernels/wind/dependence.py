"""Turbines that have winds of their own, where the order of the mean wind does not hold: another order, and rounds.

The wake of every turbine goes where the wind at its place blows to, so that who stands upstream of whom is for each
source to say. A turbine comes after all that can act on it; where some act on each other in a circle, the one comes
first that those left can act on least, and what is found of all of them is found in rounds.
"""

import math

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_part, called_part
from testsite_kernels.wind.block import Block, Rounds, Turbines, lay_out
from testsite_kernels.wind.wake.bounds import BEND
from testsite_kernels.wind.wake.reach import margin

PER_DIAMETER = 0.1  # growth of a wake's radius, where sources are weighed by what is left of their wakes
FINENESS = 1e6  # weights are whole numbers, so that they add up to nothing where nothing acts
# Which sources a target sees: those before it, by what is known of the block at once or by their own winds; all others.
BEFORE, BEFORE_BY_OWN_WIND, AROUND = range(3)
# What is found in rounds is so when no speed [m/s] and no turbulence intensity [1] changes by more than SETTLED in one
# more, at most MOST_ROUNDS. Where the largest change has not become less in PATIENCE of them, the next take half the
# step, each hour on its own.
SETTLED, MOST_ROUNDS, PATIENCE, SMALLEST_STEP = 1e-11, 200, 20, 1.0 / 32.0


@bare_part
def weight(i: int, k: int, block: Block) -> int:
    """Return how much source i can act on the k-th in the first hour of the block: 0 where its wake cannot matter."""
    layout, radius = block.layout, block.layout.radius[i]
    east, north = layout.x[k] - layout.x[i], layout.y[k] - layout.y[i]
    distance = layout.cosine[i, 0] * east + layout.sine[i, 0] * north
    across = abs(layout.cosine[i, 0] * north - layout.sine[i, 0] * east)
    within = margin(i, distance, across, BEND * 2.0 * radius, block.bounds)
    if within <= 0.0 or i == k:
        return 0
    share = radius / (radius + PER_DIAMETER * distance)
    return 1 + int(FINENESS * share * share * within / (within + across))


@called_part
def order_by_reach(sources: int, block: Block, rounds: Rounds) -> None:
    """Order the first `sources` of a block of one direction at each turbine by what can act on what.

    Their bounds are known. Of two that weigh the same, the earlier one stays the earlier. Where turbines stand in
    the block is to be laid out again.
    """
    burden, left, order = rounds.burden, rounds.left, rounds.order
    for k in range(sources):
        burden[k], left[k] = 0, True
        for i in range(sources):
            burden[k] += weight(i, k, block)
    for place in range(sources):
        first = -1
        for k in range(sources):
            if left[k] and (first < 0 or burden[k] < burden[first]):
                first = k
        left[first], order[place] = False, block.order[first]
        for k in range(sources):
            burden[k] -= weight(first, k, block)
    for place in range(sources):
        block.order[place] = order[place]


@bare_part
def begin_rounds(lanes: int, rounds: Rounds) -> None:
    """Begin with whole steps."""
    for lane in range(lanes):
        rounds.change[lane], rounds.least[lane] = math.inf, math.inf
        rounds.waited[lane], rounds.step[lane] = 0, 1.0


@bare_part
def keep_last(lanes: int, block: Block, rounds: Rounds) -> None:
    """Keep what is found as what was found last."""
    for j in range(block.order.size):
        for lane in range(lanes):
            rounds.speed[j, lane], rounds.intensity[j, lane] = block.speed[j, lane], block.intensity[j, lane]


@bare_part
def approach(lanes: int, step: Floats, last: Floats, found: Floats) -> None:
    """Go a step from what was found last to what is found now."""
    for lane in range(lanes):
        part_way = last[lane] + step[lane] * (found[lane] - last[lane])
        found[lane] = part_way if step[lane] < 1.0 else found[lane]


@bare_part
def settles(lanes: int, block: Block, rounds: Rounds) -> bool:
    """Fill how far each hour has changed in a round, and the next step; return whether all have settled."""
    settled = True
    for lane in range(lanes):
        rounds.change[lane] = 0.0
    for j in range(block.order.size):
        for lane in range(lanes):
            of_speed = abs(block.speed[j, lane] - rounds.speed[j, lane])
            of_intensity = abs(block.intensity[j, lane] - rounds.intensity[j, lane])
            rounds.change[lane] = max(rounds.change[lane], max(of_speed, of_intensity))
    for lane in range(lanes):
        settled = settled and rounds.change[lane] <= SETTLED
        rounds.waited[lane] = 0 if rounds.change[lane] < rounds.least[lane] else rounds.waited[lane] + 1
        rounds.least[lane] = min(rounds.least[lane], rounds.change[lane])
        if rounds.waited[lane] >= PATIENCE:
            rounds.waited[lane], rounds.step[lane] = 0, max(0.5 * rounds.step[lane], SMALLEST_STEP)
    return settled


@bare_part
def seen_in_round(number: int) -> int:
    """Return which sources a target sees in a round; 0 where a block is not found in rounds."""
    return BEFORE if number <= 1 else BEFORE_BY_OWN_WIND if number == 2 else AROUND


@called_part
def end_round(number: int, sources: int, lanes: int, turbines: Turbines, block: Block, rounds: Rounds) -> bool:
    """Return whether what is found is so at the end of a round, counted from 1, and prepare the next.

    In the first, the turbines stand in the order of the mean wind: by the bounds of the wakes then known they are put
    in an order in which each comes after those that can act on it. The second finds each in the wakes of those before
    it, every further one in the wakes of all others as they were found last, until nothing changes: one is enough,
    unless turbines act on each other in a circle.
    """
    if number == 1:
        order_by_reach(sources, block, rounds)
        lay_out(turbines, lanes, block)
        return False
    done = False
    if number == 2:
        begin_rounds(lanes, rounds)
    else:
        done = settles(lanes, block, rounds) or number - 2 >= MOST_ROUNDS
    keep_last(lanes, block, rounds)
    return done
