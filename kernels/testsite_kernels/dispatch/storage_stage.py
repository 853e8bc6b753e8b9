"""What each interval can do for the tank: the concave benefit of a change of its content, as sorted segments.

Symbols, per interval t: W wind [W], x net export [W], c curtailed [W], e electrolyser [W], f fuel cell [W],
z = e - f [W], D demand [kg], u unmet [kg], B by-product on offer [kg], b taken of it [kg], y change of the tank's
content [kg], q marginal price of export [EUR/J]. A wind power below zero is a load.

    y = step (h_e(e) - h_f(f)) - D + u + b,      x = W - c - z,      0 <= c <= max(W, 0)
    G(y) = max  step * integral_0^x q dx - U u - P b,      0 <= u <= D,      0 <= b <= B

With q falling in x, h_e concave and h_f convex, G is concave and piecewise linear: walking z from its
lowest to its highest value meets its segments in order. A segment is (sigma, length): sigma [EUR/kg] is
what one more kilogram in the tank costs, rising along the walk; unmet demand and by-product are segments of
their own price. Electrolyser and fuel cell never run at once. Where consuming is paid for (q < 0 beyond the
wind), the walk bends the wrong way, as a worse machine then earns more per kilogram: pooled segments (kind
RELAXED) stand for its concave hull there, an upper bound whose ends are met exactly.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_part, called_part, part

# kinds of segment: ordinary; pooled where consuming is paid for; unmet demand; by-product taken
WALK, RELAXED, UNMET, BY_PRODUCT = 0, 1, 2, 3


class StorageProblem(NamedTuple):
    """A storage to be operated over T intervals of `step` seconds; rows of length one serve all intervals.

    `demand` and `by_product` (T) are hydrogen asked for and on offer [kg]; what is left of either costs nothing but the
    `penalty` for the former, what is taken of the latter `by_product_price` [EUR/kg].
    `machine_slope` [kg/s/W] and `machine_width` [W] list the fuel cell's segments from full load to zero,
    then the electrolyser's from zero to full; `fuel_segments` of them belong to the fuel cell. `edges` (T
    or 1, K+1) and `prices` (T or 1, K) describe the marginal price of net export from the import limit to
    the export limit. `charge_limit` and `discharge_limit` (T or 1) are the largest flows into and out of the tank
    [kg/s].
    """

    step: float
    wind: Floats
    demand: Floats
    by_product: Floats
    edges: Floats
    prices: Floats
    electrolyser_low: Floats
    electrolyser_high: Floats
    fuel_cell_low: Floats
    fuel_cell_high: Floats
    machine_slope: Floats
    machine_width: Floats
    fuel_segments: int
    penalty: float
    by_product_price: float
    charge_limit: Floats
    discharge_limit: Floats
    tank_minimum: float
    tank_capacity: float
    initial: float
    end_minimum: float
    end_value: float


class Stages(NamedTuple):
    """The segments of all intervals, one after the other: those of t are start[t] … start[t+1], rising sigma.

    `width` [W] is the walk in z that a segment stands for; `lowest` (T, 3) holds the lowest y [kg], G there
    [EUR] and the z [W] at which the walk begins; `sold` is x0 [W], the largest export with a price not
    below zero.
    """

    start: NDArray[np.int64]
    sigma: Floats
    length: Floats
    width: Floats
    kind: NDArray[np.int8]
    lowest: Floats
    sold: Floats


@part
def stages_of(rows: int, segments: int) -> Stages:
    """Allocate room for a number of rows and segments in all (pages that stay unused cost nothing)."""
    return Stages(
        np.empty(rows + 1, np.int64),
        np.empty(segments),
        np.empty(segments),
        np.empty(segments),
        np.empty(segments, np.int8),
        np.empty((rows, 3)),
        np.empty(rows),
    )


@part
def new_stages(problem: StorageProblem, steps: int) -> Stages:
    """Allocate room for the segments of a number of intervals."""
    return stages_of(steps, steps * (2 * problem.machine_slope.size + 2 * problem.prices.shape[1] + 5))


@bare_part
def flow_limits(problem: StorageProblem, t: int) -> tuple[float, float]:
    """Return the lowest and the highest change of the content that the tank allows in an interval [kg]."""
    charge, discharge, step = problem.charge_limit, problem.discharge_limit, problem.step
    return -discharge[t if discharge.size > 1 else 0] * step, charge[t if charge.size > 1 else 0] * step


@bare_part
def market_cash(edges: Floats, prices: Floats, x: float) -> float:
    """Return the cash of a net export x, integral of the marginal price from zero [EUR/s]."""
    cash = 0.0
    for j in range(prices.size):
        low, high = edges[j], edges[j + 1]
        cash += prices[j] * (min(max(x, low), high) - min(max(0.0, low), high))
    return cash


@bare_part
def add_sources(problem: StorageProblem, stages: Stages, n: int, t: int, waiting: int, cost: float) -> tuple[int, int]:
    """Add the hydrogen from outside that is cheaper than a cost, the cheaper first.

    `waiting` has the bits 1 (by-product) and 2 (unmet demand) of what is not yet there; returned are the number of
    segments and what still waits.
    """
    by_product_first = problem.by_product_price <= problem.penalty
    for k in range(2):
        if (k == 0) == by_product_first:
            bit, price, mass, kind = 1, problem.by_product_price, problem.by_product[t], BY_PRODUCT
        else:
            bit, price, mass, kind = 2, problem.penalty, problem.demand[t], UNMET
        if waiting & bit and cost > price:
            stages.sigma[n], stages.length[n], stages.width[n], stages.kind[n] = price, mass, 0.0, kind
            n, waiting = n + 1, waiting - bit
    return n, waiting


@bare_part
def sources_of(problem: StorageProblem, t: int) -> int:
    """Return which hydrogen from outside an interval has: the bits 1 (by-product) and 2 (unmet demand)."""
    return (1 if problem.by_product[t] > 0.0 else 0) + (2 if problem.demand[t] > 0.0 else 0)


class Interval(NamedTuple):
    """One interval of a problem: marginal price of net export, wind, what of it cannot be curtailed, limits of power.

    `sold` [W] is the largest export with a price not below zero.
    """

    edges: Floats
    prices: Floats
    wind: float
    own: float
    e_low: float
    e_high: float
    f_low: float
    f_high: float
    sold: float


class Walk(NamedTuple):
    """A place on the walk in z [W], the segments written up to it, and what waits (see `sources_of`).

    `j` and `paid` are the segments of the market that the last export, and the last import that was paid for, lay in.
    """

    z: float
    n: int
    waiting: int
    j: int
    paid: int


@bare_part
def interval_of(problem: StorageProblem, t: int) -> Interval:
    """Return an interval; a row of length one serves all."""
    edges = problem.edges[t if problem.edges.shape[0] > 1 else 0]
    prices = problem.prices[t if problem.prices.shape[0] > 1 else 0]
    sold = edges[0]
    for j in range(prices.size):
        if prices[j] < 0.0:
            break
        sold = edges[j + 1]
    return Interval(
        edges,
        prices,
        problem.wind[t],
        min(problem.wind[t], 0.0),
        problem.electrolyser_low[t if problem.electrolyser_low.size > 1 else 0],
        problem.electrolyser_high[t if problem.electrolyser_high.size > 1 else 0],
        problem.fuel_cell_low[t if problem.fuel_cell_low.size > 1 else 0],
        problem.fuel_cell_high[t if problem.fuel_cell_high.size > 1 else 0],
        sold,
    )


@bare_part
def flow_of(problem: StorageProblem, e: float, f: float) -> float:
    """Return the hydrogen that an electrolyser power makes less what a fuel-cell power takes [kg/s]."""
    slope, span = problem.machine_slope, problem.machine_width
    y, left = 0.0, e
    for i in range(problem.fuel_segments, slope.size):
        used = min(left, span[i])
        y += used * slope[i]
        left -= used
    left = f
    for i in range(problem.fuel_segments - 1, -1, -1):
        used = min(left, span[i])
        y -= used * slope[i]
        left -= used
    return y


@bare_part
def walk_segment(
    problem: StorageProblem, stages: Stages, s: int, t: int, hour: Interval, walk: Walk, k: float, end: float
) -> Walk:
    """Walk on the segment of a machine, of slope k [kg/s/W], up to a power `end` [W], and write what it is worth.

    Where consuming is paid for, what bends the wrong way is pooled with the segments before it.
    """
    sigma, length, width, kind = stages.sigma, stages.length, stages.width, stages.kind
    z, n, waiting, j, paid = walk
    edges, wind, own = hour.edges, hour.wind, hour.own
    z_paid = own - hour.sold  # below it, consuming more is paid for
    z_free = wind - hour.sold  # up to it, consuming more costs nothing: that wind was curtailed
    while z < end:
        pooled = False
        if z < z_paid:
            while paid > 0 and own - edges[paid] <= z:
                paid -= 1
            limit, price, pooled = min(z_paid, own - edges[paid]), hour.prices[paid], True
        elif z < z_free:
            limit, price = z_free, 0.0
        else:
            while j > 0 and wind - edges[j] <= z:
                j -= 1
            limit, price = wind - edges[j], hour.prices[j]
        d = min(limit, end) - z
        if d <= 0.0:
            break
        cost = price / k
        if waiting > 0:
            n, waiting = add_sources(problem, stages, n, t, waiting, cost)
        mass, kind[n] = k * d * problem.step, WALK
        z = min(limit, end)
        while pooled and n > stages.start[s] and sigma[n - 1] > cost:
            n -= 1
            cost = (cost * mass + sigma[n] * length[n]) / (mass + length[n])
            mass, d, kind[n] = mass + length[n], d + width[n], RELAXED
        sigma[n], length[n], width[n] = cost, mass, d
        n += 1
    return Walk(z, n, waiting, j, paid)


@bare_part
def walk_machines(
    problem: StorageProblem, stages: Stages, s: int, t: int, hour: Interval, walk: Walk, z_end: float, e: float
) -> Walk:
    """Walk the machines from the place of `walk`: the fuel cell down to its lowest power, then the electrolyser up."""
    slope, span, fuel = problem.machine_slope, problem.machine_width, problem.fuel_segments
    f = e - walk.z
    above = 0.0  # power of the fuel cell below the segment i
    for i in range(fuel):
        above += span[i]
    begun = 0.0  # power of the electrolyser below the segment i
    for i in range(slope.size):
        if walk.z >= z_end:
            break
        if i < fuel:
            above -= span[i]
            if f <= above:
                continue
            end = walk.z + (f - max(above, hour.f_low))
        else:
            begun += span[i]
            if begun <= e:
                continue
            end = walk.z + (begun - e)
        walk = walk_segment(problem, stages, s, t, hour, walk, slope[i], min(end, z_end))
        if i < fuel:
            f = max(above, hour.f_low)
        else:
            e = begun
    return walk


@called_part
def fill_stages(problem: StorageProblem, first: int, stages: Stages) -> bool:
    """Fill the segments of the intervals from `first` on; False where one has no feasible operation.

    The lowest y of such an interval is nan.
    """
    start, lowest, step = stages.start, stages.lowest, problem.step
    n = 0
    feasible = True
    for s in range(start.size - 1):
        t = first + s
        start[s] = n
        hour = interval_of(problem, t)
        last = hour.prices.size
        z = max(hour.e_low - hour.f_high, hour.own - hour.edges[last])
        z_end = min(hour.e_high - hour.f_low, hour.wind - hour.edges[0])
        if z > z_end:
            lowest[s, 0] = np.nan
            feasible = False
            continue
        e = max(hour.e_low, z + hour.f_low)
        x = max(hour.own - z, min(hour.wind - z, hour.sold))
        lowest[s, 0] = flow_of(problem, e, e - z) * step - problem.demand[t]
        lowest[s, 1] = market_cash(hour.edges, hour.prices, x) * step
        lowest[s, 2] = z
        stages.sold[s] = hour.sold
        begin = Walk(z, n, sources_of(problem, t), last - 1, last - 1)
        walk = walk_machines(problem, stages, s, t, hour, begin, z_end, e)
        n = walk.n
        if walk.waiting > 0:
            n, _ = add_sources(problem, stages, n, t, walk.waiting, np.inf)
    start[start.size - 1] = n
    return feasible
