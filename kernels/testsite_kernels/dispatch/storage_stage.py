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
from testsite_kernels.numerics.compile_options import bare_part, part

# kinds of segment: ordinary; pooled where consuming is paid for; unmet demand; by-product taken
WALK, RELAXED, UNMET, BY_PRODUCT = 0, 1, 2, 3


class StorageProblem(NamedTuple):
    """A storage to be operated over T intervals of `step` seconds; rows of length one serve all intervals.

    `demand` and `by_product` (T) are hydrogen asked for and on offer [kg]; what is left of either costs nothing but the
    `penalty` for the former, what is taken of the latter `by_product_price` [EUR/kg].
    `machine_slope` [kg/s/W] and `machine_width` [W] list the fuel cell's segments from full load to zero,
    then the electrolyser's from zero to full; `fuel_segments` of them belong to the fuel cell. `edges` (T
    or 1, K+1) and `prices` (T or 1, K) describe the marginal price of net export from the import limit to
    the export limit.
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
    charge_limit: float
    discharge_limit: float
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


@part
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


@part
def fill_stages(problem: StorageProblem, first: int, stages: Stages) -> bool:
    """Fill the segments of the intervals from `first` on; False where one has no feasible operation.

    The lowest y of such an interval is nan.
    """
    step = problem.step
    slope, span, fuel = problem.machine_slope, problem.machine_width, problem.fuel_segments
    machines = slope.size
    edges_of, prices_of, wind_of, demand_of = problem.edges, problem.prices, problem.wind, problem.demand
    e_low_of, e_high_of = problem.electrolyser_low, problem.electrolyser_high
    f_low_of, f_high_of = problem.fuel_cell_low, problem.fuel_cell_high
    # stride 0 where one row serves all
    per_edge, per_price = int(edges_of.shape[0] > 1), int(prices_of.shape[0] > 1)
    per_el, per_eh = int(e_low_of.size > 1), int(e_high_of.size > 1)
    per_fl, per_fh = int(f_low_of.size > 1), int(f_high_of.size > 1)
    sigma, length, width, kind = stages.sigma, stages.length, stages.width, stages.kind
    start, lowest, sold = stages.start, stages.lowest, stages.sold
    last = prices_of.shape[1]
    n = 0
    feasible = True
    for s in range(start.size - 1):
        t = first + s
        start[s] = n
        edges, prices = edges_of[t * per_edge], prices_of[t * per_price]
        wind = wind_of[t]
        own = min(wind, 0.0)  # what cannot be curtailed
        e_low, e_high = e_low_of[t * per_el], e_high_of[t * per_eh]
        f_low, f_high = f_low_of[t * per_fl], f_high_of[t * per_fh]
        z = max(e_low - f_high, own - edges[last])
        z_end = min(e_high - f_low, wind - edges[0])
        if z > z_end:
            lowest[s, 0] = np.nan
            feasible = False
            continue
        x0 = edges[0]
        for j in range(last):
            if prices[j] < 0.0:
                break
            x0 = edges[j + 1]
        z_paid = min(own - x0, z_end)  # below it, consuming more is paid for
        z_free = wind - x0  # up to it, consuming more costs nothing: that wind was curtailed
        lowest[s, 2] = z
        sold[s] = x0
        y = 0.0
        e = max(e_low, z + f_low)
        left = e
        for i in range(fuel, machines):
            used = min(left, span[i])
            y += used * slope[i]
            left -= used
        left = e - z
        for i in range(fuel - 1, -1, -1):
            used = min(left, span[i])
            y -= used * slope[i]
            left -= used
        x = max(own - z, min(wind - z, x0))
        lowest[s, 1] = market_cash(edges, prices, x) * step
        lowest[s, 0] = y * step - demand_of[t]
        waiting = sources_of(problem, t)
        # ordinary walk: the fuel cell goes down from f to its lowest power, then the electrolyser up from e
        f = e - z
        price = 0.0
        j = last - 1
        paid = last - 1
        limit = z_paid
        above = 0.0  # power of the fuel cell below the segment i
        for i in range(fuel):
            above += span[i]
        begun = 0.0  # power of the electrolyser below the segment i
        for i in range(machines):
            if z >= z_end:
                break
            if i < fuel:
                above -= span[i]
                machine_end = z + (f - max(above, f_low))
                if f <= above:
                    continue
            else:
                begun += span[i]
                machine_end = z + (begun - e)
                if begun <= e:
                    continue
            k = slope[i]
            while z < machine_end and z < z_end:
                pooled = False
                if z < z_paid:
                    while paid > 0 and own - edges[paid] <= z:
                        paid -= 1
                    limit = min(z_paid, own - edges[paid])
                    price = prices[paid]
                    pooled = True
                elif z < z_free:
                    limit = z_free
                    price = 0.0
                else:
                    while j > 0 and wind - edges[j] <= z:
                        j -= 1
                    limit = wind - edges[j]
                    price = prices[j]
                limit = min(min(limit, machine_end), z_end)
                d = limit - z
                if d <= 0.0:
                    break
                cost = price / k
                if waiting > 0:
                    n, waiting = add_sources(problem, stages, n, t, waiting, cost)
                mass, kind[n] = k * d * step, WALK
                z = limit
                while pooled and n > start[s] and sigma[n - 1] > cost:
                    n -= 1
                    cost = (cost * mass + sigma[n] * length[n]) / (mass + length[n])
                    mass, d, kind[n] = mass + length[n], d + width[n], RELAXED
                sigma[n], length[n], width[n] = cost, mass, d
                n += 1
            if i < fuel:
                f = max(above, f_low)
            else:
                e = begun
        if waiting > 0:
            n, waiting = add_sources(problem, stages, n, t, waiting, np.inf)
    start[start.size - 1] = n
    return feasible
