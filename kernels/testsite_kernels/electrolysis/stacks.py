"""A plant of electrolysis stacks: power shared between them, interval after interval, with wear carried along.

`electrolysis_step` is one interval, and `open_year`, `add_interval`, `close_year` are the books of a year: the plant
steps its stacks by them, and so do stacks alone. `electrolysis_series` keeps every interval of stacks alone,
`electrolysis_years` sums up years and keeps nothing else. Indices: t interval, s stack, y year.
"""

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.electrolysis.stack import (
    CURRENT,
    DRAWN,
    HYDROGEN,
    MADE,
    MODE,
    NEXT_MODE,
    OFF,
    PRODUCING,
    REPLACEMENTS,
    RUNNING,
    STARTS,
    TARGET,
    TEMPERATURE,
    WISH,
    ElectrolysisPlant,
    State,
    carry_out,
    hold_back,
    plan,
    read,
    rise_of,
    stand_still,
)
from testsite_kernels.numerics.compile_options import bare_part, called_part, kernel

EQUAL, SEQUENTIAL, ROTATING, BEST = range(4)
FLOWS = ("power", "hydrogen", "heat", "heat_lost", "heat_stored", "auxiliary", "conversion")  # [W], hydrogen [kg/s]
TALLY = ("hydrogen", "energy", "running", "starts", "replacements", "rise", "rise_mean")  # of a stack in a year


@called_part
def renew_order(state: State, order: NDArray[np.int64]) -> None:
    """Sort the order in which stacks are called: the least worn first, of equals the first."""
    for k in range(1, order.size):
        s = order[k]
        worn = rise_of(state, s)
        m = k
        while m > 0 and rise_of(state, order[m - 1]) > worn:
            order[m] = order[m - 1]
            m -= 1
        order[m] = s


@bare_part
def best_number(plant: ElectrolysisPlant, power: float, count: int) -> int:
    """Return how many new stacks make most hydrogen from a power [W], shared equally; 0 where none can run."""
    best, most = 0, 0.0
    for k in range(1, count + 1):
        each = min(power / k, plant.largest)
        if each < plant.least:
            break
        made = k * read(plant.hydrogen, each * plant.per_watt)
        if made > most:
            best, most = k, made
    return best


@bare_part
def share_power(plant: ElectrolysisPlant, state: State, order: NDArray[np.int64], power: float) -> None:
    """Set what every stack may draw.

    Equal: all the same, and all stand still where that is below the least load. Best: as many as make most hydrogen.
    Sequential, rotating: one after the other up to the rated power (above it only when all are there); the last one
    runs at its least load where the one before can spare the rest. Hot stacks that stand still are kept hot first.
    """
    count = state.shape[0]
    if plant.sharing == EQUAL:
        for s in range(count):
            state[s, WISH] = power / count
        return
    cap = min(max(power / count, plant.rated), plant.largest)
    if plant.sharing == BEST:
        called = best_number(plant, power, count)
    else:
        called = min(int(power / cap * (1.0 + 1e-12)), count)
        rest = power - called * cap
        if called < count and rest > 0.0 and (rest >= plant.least or (called > 0 and cap + rest >= 2.0 * plant.least)):
            called += 1
    hot = 0
    for k in range(called, count):
        if state[order[k], MODE] != OFF:
            hot += 1
    kept = hot * plant.standby_power
    if power - kept < called * plant.least:
        kept = 0.0
    left = power - kept
    for k in range(count):
        s = order[k]
        if k >= called:
            state[s, WISH] = plant.standby_power if kept > 0.0 and state[s, MODE] != OFF else 0.0
        elif plant.sharing == BEST:
            state[s, WISH] = (power - kept) / called
        else:
            state[s, WISH] = min(cap, left - (called - 1 - k) * plant.least)
            left -= state[s, WISH]


@bare_part
def electrolysis_step(
    plant: ElectrolysisPlant,
    state: State,
    order: NDArray[np.int64],
    clock: NDArray[np.float64],
    power: float,
    most: float,
) -> tuple[float, float, float, float, float, float, float]:
    """Run the plant for one interval.

    Parameters
    ----------
    plant : ElectrolysisPlant
        The plant, for the length of the interval.
    state : float64 array (s, column)
        The state of the stacks; changed.
    order : int64 array (s)
        The order in which stacks are called; changed by the sharings that even out wear.
    clock : float64 array (1)
        Time since the order was renewed [s]; changed.
    power : float
        AC power that the plant may draw [W].
    most : float
        Most hydrogen that can be taken [kg/s].

    Returns
    -------
    tuple
        As `FLOWS`: AC power drawn, hydrogen made, heat to the cooling at the temperature of operation, heat to the
        surroundings, heat stored in the stacks, auxiliaries, loss of the rectifiers; power = hydrogen × heating
        value + the five others.
    """
    if plant.sharing >= ROTATING:
        clock[0] += plant.step
        if clock[0] >= plant.rotation:
            clock[0] = 0.0
            renew_order(state, order)
    share_power(plant, state, order, power)
    made = 0.0
    for s in range(state.shape[0]):
        plan(plant, state, s)
        made += state[s, HYDROGEN]
    if made > most:
        made = limit_production(plant, state, order, made, most)
    drawn = heat = lost = stored = auxiliary = conversion = 0.0
    for s in range(state.shape[0]):
        flows = carry_out(plant, state, s)
        drawn += flows[0]
        heat += flows[1]
        lost += flows[2]
        stored += flows[3]
        auxiliary += flows[4]
        conversion += flows[5]
    return drawn, made, heat, lost, stored, auxiliary, conversion


@called_part
def limit_production(
    plant: ElectrolysisPlant, state: State, order: NDArray[np.int64], made: float, most: float
) -> float:
    """Plan less hydrogen: all stacks less; where one cannot, the last called one stands still and the others share."""
    for k in range(order.size, 0, -1):
        factor = most / made if made > 0.0 else 0.0
        running = 0
        for s in range(state.shape[0]):
            running += state[s, NEXT_MODE] == PRODUCING
        if running == 0 or factor >= 1.0:
            break
        least = 1.0
        for s in range(state.shape[0]):
            if state[s, NEXT_MODE] == PRODUCING:
                least = min(least, plant.least / state[s, TARGET])
        if factor >= least or running == 1 or plant.sharing == EQUAL:
            break
        s = order[k - 1]
        if state[s, NEXT_MODE] == PRODUCING:
            made -= state[s, HYDROGEN]
            stand_still(plant, state, s)
    total = 0.0
    factor = most / made if made > 0.0 else 0.0
    for s in range(state.shape[0]):
        if state[s, NEXT_MODE] == PRODUCING:
            if factor <= 1e-6:  # below any least load
                stand_still(plant, state, s)
            elif factor < 1.0:
                hold_back(plant, state, s, factor)
            total += state[s, HYDROGEN]
    return min(total, most)


@kernel
def electrolysis_series(
    plant: ElectrolysisPlant,
    state: State,
    order: NDArray[np.int64],
    power: NDArray[np.float64],
    most: NDArray[np.float64],
    flows: NDArray[np.float64],
    modes: NDArray[np.int8],
    series: NDArray[np.float64],
) -> None:
    """Run intervals of a power (t) [W] and a most hydrogen (t) [kg/s].

    Fills `flows` (t, 7; `FLOWS`), `modes` (t, s) and `series` (4, t, s): AC power drawn over the interval [W], current
    density while producing [A/m²], temperature at the end [K], rise of the voltage at the end [V].
    """
    clock = np.zeros(1)
    before = np.empty(state.shape[0])
    for t in range(power.size):
        for s in range(state.shape[0]):
            before[s] = state[s, DRAWN]
        row = electrolysis_step(plant, state, order, clock, power[t], most[t])
        for column in range(7):
            flows[t, column] = row[column]
        for s in range(state.shape[0]):
            modes[t, s] = state[s, MODE]
            series[0, t, s] = (state[s, DRAWN] - before[s]) / plant.step
            series[1, t, s] = state[s, CURRENT]
            series[2, t, s] = state[s, TEMPERATURE]
            series[3, t, s] = rise_of(state, s)


@bare_part
def open_year(state: State, tallies: NDArray[np.float64], y: int) -> None:
    """Note in `tallies` (y, s, `TALLY`) what stacks have done up to the start of a year."""
    for s in range(state.shape[0]):
        tallies[y, s, 0], tallies[y, s, 1] = state[s, MADE], state[s, DRAWN]
        tallies[y, s, 2], tallies[y, s, 3] = state[s, RUNNING], state[s, STARTS]
        tallies[y, s, 4], tallies[y, s, 6] = state[s, REPLACEMENTS], 0.0


@bare_part
def add_interval(state: State, tallies: NDArray[np.float64], y: int) -> None:
    """Add the rise of the voltage in an interval, of which the year has the mean."""
    for s in range(state.shape[0]):
        tallies[y, s, 6] += rise_of(state, s)


@bare_part
def close_year(state: State, tallies: NDArray[np.float64], y: int, intervals: int) -> None:
    """Turn what was noted at the year's begin into what the year of a number of intervals brought."""
    for s in range(state.shape[0]):
        tallies[y, s, 0] = state[s, MADE] - tallies[y, s, 0]
        tallies[y, s, 1] = state[s, DRAWN] - tallies[y, s, 1]
        tallies[y, s, 2] = state[s, RUNNING] - tallies[y, s, 2]
        tallies[y, s, 3] = state[s, STARTS] - tallies[y, s, 3]
        tallies[y, s, 4] = state[s, REPLACEMENTS] - tallies[y, s, 4]
        tallies[y, s, 5] = rise_of(state, s)
        tallies[y, s, 6] /= intervals


@kernel
def electrolysis_years(
    plant: ElectrolysisPlant,
    state: State,
    order: NDArray[np.int64],
    power: NDArray[np.float64],
    most: NDArray[np.float64],
    row_of_year: NDArray[np.int64],
    totals: NDArray[np.float64],
    tallies: NDArray[np.float64],
) -> None:
    """Run years one after the other, each with one row of `power` and `most` (r, t), wear and state carried along.

    Fills `totals` (y, 7; `FLOWS` times time: [J], hydrogen [kg]) and `tallies` (y, s, 7; `TALLY`: [kg], [J], [s],
    numbers, rise of the voltage at the end of the year and its mean [V]).
    """
    clock = np.zeros(1)
    for y in range(row_of_year.size):
        r = row_of_year[y]
        open_year(state, tallies, y)
        for column in range(7):
            totals[y, column] = 0.0
        for t in range(power.shape[1]):
            row = electrolysis_step(plant, state, order, clock, power[r, t], most[r, t])
            for column in range(7):
                totals[y, column] += row[column] * plant.step
            add_interval(state, tallies, y)
        close_year(state, tallies, y, power.shape[1])
