"""What each interval can do for the tank, exactly: every mode of the plant as concave pieces, whatever its curves.

Symbols as in `storage_stage`. A mode runs one machine or none, next to a fixed load L [W] (what a start or standby
draws): z = e, z = -f or z = 0. Over z, hydrogen y(z) follows the machine's true curve from its minimum load up, and

    B(z) = max cash(x),   min(W, 0) - L - z <= x <= W - L - z,   import limit <= x <= export limit

is piecewise linear even where the price rises with the export. The vertices (y, B) of a mode are split where they
bend the wrong way, so that each piece is concave in y; unmet demand and by-product are two more segments of each, and
what the tank cannot take in one interval is cut off. No piece runs both machines: the rule of `plant.step`.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.dispatch.storage_stage import (
    BY_PRODUCT,
    UNMET,
    WALK,
    Stages,
    StorageProblem,
    add_sources,
    flow_limits,
    market_cash,
    sources_of,
)
from testsite_kernels.numerics.arrays import TYPED_ZERO, Floats
from testsite_kernels.numerics.compile_options import bare_part, kernel

IDLE, GENERATE, PRODUCE, START, STANDBY, STANDBY_GENERATE, MODES = 0, 1, 2, 3, 4, 5, 6
COLD, HOT = 0, 1
LEADS_TO = (COLD, COLD, HOT, HOT, HOT, HOT)
FLAT = 1e-12  # relative difference of slopes that is rounding


class Machines(NamedTuple):
    """The true curves: power [W] from minimum load to capacity and flow [kg/s]; empty where a machine is absent.

    `start` and `standby` [W] are drawn in the interval of a start from cold, and by a hot electrolyser that rests.
    """

    electrolyser_power: Floats
    electrolyser_flow: Floats
    fuel_cell_power: Floats
    fuel_cell_flow: Floats
    start: float
    standby: float


class Pieces(NamedTuple):
    """Concave pieces: those of interval t are first[t] … first[t+1]; each is a row of `stages`.

    `mode` and `low` (piece, 3): unmet demand [kg], electrolyser or fuel-cell power with its sign [W] and by-product
    taken [kg] at the lowest y of the piece. `stages.start` counts segments of pieces, `stages.lowest` holds y [kg] and
    G [EUR].
    """

    first: NDArray[np.int64]
    mode: NDArray[np.int64]
    low: Floats
    stages: Stages


@bare_part
def come_from(machines: Machines, mode: int) -> int:
    """Return a bit for each state, cold (1) and hot (2), that may enter a mode."""
    if mode <= GENERATE:
        return 3 if mode == IDLE or machines.fuel_cell_power.size > 0 else 0
    if machines.electrolyser_power.size == 0:
        return 0
    if mode == PRODUCE:
        return 2 if machines.start > 0.0 else 3
    if mode == START:
        return 1 if machines.start > 0.0 else 0
    if machines.standby <= 0.0 or (mode == STANDBY_GENERATE and machines.fuel_cell_power.size == 0):
        return 0
    return 2


@bare_part
def best_export(edges: Floats, prices: Floats, low: float, high: float) -> tuple[float, float]:
    """Return the largest cash [EUR/s] of a net export between two limits, and that export [W]."""
    low, high = max(low, edges[0]), min(high, edges[prices.size])
    best, at = market_cash(edges, prices, low), low
    cash = market_cash(edges, prices, high)
    if cash > best:
        best, at = cash, high
    for j in range(1, prices.size):
        if low < edges[j] < high and prices[j] <= 0.0 <= prices[j - 1]:
            cash = market_cash(edges, prices, edges[j])
            if cash > best:
                best, at = cash, edges[j]
    return best, at


@bare_part
def curve_flow(power: Floats, flow: Floats, at: float) -> float:
    """Return the flow [kg/s] at a power within a curve."""
    low, high = 0, power.size - 1
    if high == 0:
        return float(flow[0])
    while high - low > 1:
        middle = (low + high) // 2
        if power[middle] <= at:
            low = middle
        else:
            high = middle
    share = (at - power[low]) / (power[high] - power[low])
    return float(flow[low] + share * (flow[high] - flow[low]))


@bare_part
def insert_kink(points: Floats, n: int, z: float) -> int:
    """Insert z into the n rising points, unless it lies outside of them or is there; return their number."""
    if not points[0] < z < points[n - 1]:
        return n
    i = n
    while points[i - 1] > z:
        i -= 1
    if points[i - 1] == z:
        return n
    for k in range(n, i, -1):
        points[k] = points[k - 1]
    points[i] = z
    return n + 1


@bare_part
def mode_powers(problem: StorageProblem, machines: Machines, t: int, mode: int, load: float, points: Floats) -> int:
    """Fill `points` with the powers z [W] at which a mode bends; return their number, 0 where it cannot be."""
    edges = problem.edges[t if problem.edges.shape[0] > 1 else 0]
    wind = problem.wind[t]
    last = edges.size - 1
    supply = wind - load - edges[0]
    own = min(wind, 0.0)
    least = own - load - edges[last]
    if supply < 0.0:
        return 0
    n = 0
    if mode in (PRODUCE, START):
        power = machines.electrolyser_power
        if power[0] > supply or power[power.size - 1] < least:
            return 0
        points[0], n = max(power[0], least), 1
        for i in range(power.size):
            if points[0] < power[i] < supply:
                points[n] = power[i]
                n += 1
        top = min(power[power.size - 1], supply)
        if top > points[n - 1]:
            points[n] = top
            n += 1
    elif mode in (GENERATE, STANDBY_GENERATE):
        power = machines.fuel_cell_power
        begin = max(-power[power.size - 1], least)
        if begin > -power[0]:
            return 0
        points[0], n = begin, 1
        for i in range(power.size - 1, -1, -1):
            if -power[i] > begin:
                points[n] = -power[i]
                n += 1
    else:
        points[0], n = 0.0, 1
    for j in range(last + 1):
        n = insert_kink(points, n, own - load - edges[j])
        n = insert_kink(points, n, wind - load - edges[j])
    return n


@bare_part
def insert_crossings(problem: StorageProblem, t: int, load: float, points: Floats, n: int, extra: Floats) -> int:
    """Insert where the best export jumps from one end of its range to another, as a rising price makes it."""
    edges = problem.edges[t if problem.edges.shape[0] > 1 else 0]
    prices = problem.prices[t if problem.prices.shape[0] > 1 else 0]
    rising = False
    for j in range(1, prices.size):
        rising |= prices[j] > prices[j - 1]
    if not rising:
        return n
    wind, last = problem.wind[t] - load, prices.size
    own = min(problem.wind[t], 0.0) - load
    found = 0
    for i in range(n - 1):
        a, b = points[i], points[i + 1]
        middle = 0.5 * (a + b)
        top = -np.inf
        for j in range(last + 1):
            if own - middle < edges[j] < wind - middle:
                top = max(top, market_cash(edges, prices, edges[j]))
        left_a, left_b = market_cash(edges, prices, own - a), market_cash(edges, prices, own - b)
        right_a, right_b = market_cash(edges, prices, wind - a), market_cash(edges, prices, wind - b)
        for first_a, first_b, second_a, second_b in (
            (left_a, left_b, right_a, right_b),
            (left_a, left_b, top, top),
            (right_a, right_b, top, top),
        ):
            below, above = first_a - second_a, first_b - second_b
            if below * above < 0.0 and np.isfinite(below):
                extra[found] = a + (b - a) * below / (below - above)
                found += 1
    for i in range(found):
        n = insert_kink(points, n, extra[i])
    return n


@bare_part
def insert_source(stages: Stages, begin: int, end: int, price: float, mass: float, source: int) -> int:
    """Insert hydrogen from outside [kg] at its price into the segments from `begin` to `end`; return their end now."""
    if mass <= 0.0:
        return end
    sigma, length, width, kind = stages.sigma, stages.length, stages.width, stages.kind
    i = end
    while i > begin and sigma[i - 1] > price:
        sigma[i], length[i], width[i], kind[i] = sigma[i - 1], length[i - 1], width[i - 1], kind[i - 1]
        i -= 1
    sigma[i], length[i], width[i], kind[i] = price, mass, 0.0, source
    return end + 1


@bare_part
def close_piece(
    problem: StorageProblem, pieces: Pieces, p: int, t: int, smallest: float, largest: float, end: int
) -> int:
    """Add hydrogen from outside and cut the piece p, whose segments end before `end`, to the tank.

    Returns the pieces now.
    """
    stages = pieces.stages
    begin = stages.start[p]
    sigma, length, width, kind = stages.sigma, stages.length, stages.width, stages.kind
    pieces.low[p, 0] = pieces.low[p, 2] = 0.0
    end = insert_source(stages, begin, end, problem.penalty, problem.demand[t], UNMET)
    end = insert_source(stages, begin, end, problem.by_product_price, problem.by_product[t], BY_PRODUCT)
    y, value = stages.lowest[p, 0], stages.lowest[p, 1]
    skip = max(smallest - y, 0.0)
    n = begin
    for i in range(begin, end):
        part_length, part_width = length[i], width[i]
        if skip > 0.0:
            cut = min(part_length, skip)
            share = cut / part_length
            skip -= cut
            y += cut
            value -= sigma[i] * cut
            if kind[i] == UNMET:
                pieces.low[p, 0] += cut
            elif kind[i] == BY_PRODUCT:
                pieces.low[p, 2] += cut
            else:
                pieces.low[p, 1] += share * part_width
            part_length -= cut
            part_width -= share * part_width
        if part_length > 0.0:
            sigma[n], length[n], width[n], kind[n] = sigma[i], part_length, part_width, kind[i]
            n += 1
    if skip > 1e-12 * (1.0 + abs(smallest)) or y > largest + 1e-12 * (1.0 + abs(largest)):
        return p
    y = min(max(y, smallest), largest)
    room = largest - y
    last = begin
    while last < n and room > 0.0:
        if length[last] > room:
            width[last] *= room / length[last]
            length[last] = room
        room -= length[last]
        last += 1
    stages.lowest[p, 0], stages.lowest[p, 1] = y, value
    stages.start[p + 1] = last
    return p + 1


@kernel
def fill_pieces(problem: StorageProblem, machines: Machines, first: int, pieces: Pieces, hull: Stages) -> None:
    """Fill the pieces of the intervals from `first` on, and the rows of `hull` unless it has none.

    A row of `hull` is the concave hull of idling, generating and producing; starts and standby are left out of it.
    A kernel of its own: what uses the pieces is compiled without it, and pieces that are used again are filled once.
    """
    stages = pieces.stages
    step = problem.step
    span = problem.tank_capacity - problem.tank_minimum
    room = 4 * (machines.electrolyser_power.size + machines.fuel_cell_power.size + 2 * problem.edges.shape[1] + 8)
    points, extra = np.empty(4 * room), np.empty(4 * room)
    hull_y, hull_g = np.empty(8 * room), np.empty(8 * room)
    with_hull = hull.lowest.shape[0] > 0
    p, h = TYPED_ZERO, TYPED_ZERO
    stages.start[0] = 0
    for s in range(pieces.first.size - 1):
        t = first + s
        pieces.first[s] = p
        edges = problem.edges[t if problem.edges.shape[0] > 1 else 0]
        prices = problem.prices[t if problem.prices.shape[0] > 1 else 0]
        wind, demand = problem.wind[t], problem.demand[t]
        own = min(wind, 0.0)
        corners = TYPED_ZERO
        smallest, largest = flow_limits(problem, t)
        smallest, largest = max(smallest, -span), min(largest, span)
        for k in range(MODES):
            mode = GENERATE if k == 0 else IDLE if k == 1 else k  # of the first three y rises
            if come_from(machines, mode) == 0:
                continue
            load = machines.start if mode == START else machines.standby if mode >= STANDBY else 0.0
            n = mode_powers(problem, machines, t, mode, load, points)
            if n > 1 and prices.size > 1:
                n = insert_crossings(problem, t, load, points, n, extra)
            end = stages.start[p]
            y_before = g_before = z_before = 0.0
            for i in range(n):
                z = points[i]
                mass = 0.0
                if mode in (PRODUCE, START):
                    mass = curve_flow(machines.electrolyser_power, machines.electrolyser_flow, z) * step
                elif mode in (GENERATE, STANDBY_GENERATE):
                    mass = -curve_flow(machines.fuel_cell_power, machines.fuel_cell_flow, -z) * step
                cash, _ = best_export(edges, prices, own - load - z, wind - load - z)
                g = cash * step
                y = mass - demand
                opens = i == 0
                if i > 0:
                    rise = y - y_before
                    if rise <= FLAT * (abs(mass) + 1e-300):
                        p = close_piece(problem, pieces, p, t, smallest, largest, end)
                        end = stages.start[p]
                        opens = True
                    else:
                        cost = (g_before - g) / rise
                        begin = stages.start[p]
                        if end > begin and cost < stages.sigma[end - 1] - FLAT * abs(stages.sigma[end - 1]):
                            p = close_piece(problem, pieces, p, t, smallest, largest, end)
                            end = stages.start[p]
                            stages.lowest[p, 0], stages.lowest[p, 1] = y_before, g_before
                            pieces.mode[p], pieces.low[p, 1] = mode, z_before
                        begin = stages.start[p]
                        straight = False  # also in power: at a cost of zero the curve may bend unseen
                        if end > begin and abs(cost - stages.sigma[end - 1]) <= FLAT * abs(cost):
                            per_mass = stages.width[end - 1] / stages.length[end - 1]
                            straight = abs((z - z_before) / rise - per_mass) <= 1e-9 * abs(per_mass)
                        if straight:
                            stages.length[end - 1] += rise
                            stages.width[end - 1] += z - z_before
                        else:
                            stages.sigma[end], stages.length[end], stages.width[end] = cost, rise, z - z_before
                            stages.kind[end] = WALK
                            end += 1
                if opens:
                    stages.lowest[p, 0], stages.lowest[p, 1] = y, g
                    pieces.mode[p], pieces.low[p, 1] = mode, z
                y_before, g_before, z_before = y, g, z
                if with_hull and k <= PRODUCE:
                    corners = raise_hull(hull_y, hull_g, corners, y, g)
            if n > 0:
                p = close_piece(problem, pieces, p, t, smallest, largest, end)
        if with_hull:
            h = close_hull(problem, hull, s, t, h, hull_y, hull_g, corners)
    pieces.first[pieces.first.size - 1] = p


@bare_part
def raise_hull(hull_y: Floats, hull_g: Floats, corners: int, y: float, g: float) -> int:
    """Add a point on the right to a concave hull from above; return the number of its corners (Andrew 1979)."""
    if corners > 0 and y <= hull_y[corners - 1]:
        if g <= hull_g[corners - 1]:
            return corners
        corners -= 1
    while corners > 1:
        before = (hull_g[corners - 1] - hull_g[corners - 2]) / (hull_y[corners - 1] - hull_y[corners - 2])
        if g - hull_g[corners - 1] < before * (y - hull_y[corners - 1]):
            break
        corners -= 1
    hull_y[corners], hull_g[corners] = y, g
    return corners + 1


@bare_part
def close_hull(
    problem: StorageProblem, hull: Stages, s: int, t: int, n: int, hull_y: Floats, hull_g: Floats, corners: int
) -> int:
    """Write a hull as segments of the row s from the segment n on; return the segment after it."""
    hull.start[s] = n
    hull.lowest[s, 0], hull.lowest[s, 1] = hull_y[0], hull_g[0]
    waiting = sources_of(problem, t)
    for i in range(corners):
        last = i == corners - 1
        rise = 0.0 if last else hull_y[i + 1] - hull_y[i]
        cost = np.inf if last else (hull_g[i] - hull_g[i + 1]) / rise
        if waiting > 0:
            n, waiting = add_sources(problem, hull, n, t, waiting, cost)
        if not last:
            hull.sigma[n], hull.length[n] = cost, rise
            n += 1
    hull.start[s + 1] = n
    return n
