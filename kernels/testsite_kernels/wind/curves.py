"""Power and thrust of a turbine at its effective wind speeds, from the segments of its curves."""

import math
from typing import NamedTuple

from testsite_kernels.numerics.arrays import Floats, Integers
from testsite_kernels.numerics.compile_options import bare_contracted_kernel, bare_part, part, separate_part
from testsite_kernels.numerics.lane_mathematics import LANES
from testsite_kernels.numerics.lane_room import lane_rooms
from testsite_kernels.numerics.lane_rows import GROUP, read_rows
from testsite_kernels.wind.wake.state import induction_momentum

# Of each segment of a curve: wind speed at which it begins, and the next one does [m/s]; thrust coefficient and power
# [W] where it begins, and their growth with the wind speed.
BEGIN, NEXT, THRUST, THRUST_GROWTH, POWER, POWER_GROWTH = range(6)
SEGMENT = 6


class Curves(NamedTuple):
    """The curves of turbine types, end to end.

    `start`, shape (types + 1,): first row of each type in `segments`, shape (rows, SEGMENT), and the end; `bins`, shape
    (types, bins), `bins_per_speed` of them a metre per second: where to begin to look, see `segment_of`, counted from
    the first row of the type; no bins where every segment is one.
    """

    start: Integers
    segments: Floats
    bins: Integers
    bins_per_speed: float


class Curve(NamedTuple):
    """The curve of one turbine type: its rows of `Curves`."""

    segments: Floats
    bins: Integers
    bins_per_speed: float


class Operation(NamedTuple):
    """What changes the power that a curve states, see `testsite_kernels.wind.sweep.Inflow`: rows are hours.

    `density_factor`: what scales the wind speed for the power curve [1]; `limit`: power that a turbine may give [W].
    One row or column where all are alike. `density_column`, `limit_column`: those of the turbine at hand.
    """

    density_factor: Floats
    limit: Floats
    density_column: int
    limit_column: int


class Yaw(NamedTuple):
    """How turbines are turned out of the wind, and what that takes of their own power and thrust.

    `angle`, shape (times, turbines) or (1, turbines): above zero where a turbine is turned counter-clockwise, seen from
    above [degree]. `power_exponent`, `thrust_exponent`, shape (turbines,):
    p and q, see `testsite_kernels.wind.sweep.operate`.
    """

    angle: Floats
    power_exponent: Floats
    thrust_exponent: Floats


class Rows(NamedTuple):
    """Room for what lanes read of a curve, each of shape (lanes,).

    Where in the segments the numbers lie that are read, the wind speed above the beginning of its segment [m/s]; and
    these numbers, named as above.
    """

    begin: Floats
    above: Floats
    thrust: Floats
    thrust_growth: Floats
    power: Floats
    power_growth: Floats


make_rows = lane_rooms(Rows)  # in a kernel alone, see there


@part
def derated_thrust(thrust: float, share: float) -> float:
    """Return the thrust coefficient of a turbine held at a share of the power that it could give.

    One-dimensional momentum theory: the power coefficient 4 a (1 - a)² falls by the share, and the thrust coefficient
    4 a (1 - a) with the induction a that belongs to it, below 1/3.
    """
    if share <= 0.0 or thrust <= 0.0:
        return 0.0
    before = min(induction_momentum(thrust), 1.0 / 3.0)
    coefficient = 4.0 * before * (1.0 - before) * (1.0 - before) * share
    angle = math.acos(max(-1.0, min(1.0, 27.0 * coefficient / 8.0 - 1.0)))
    after = 2.0 / 3.0 + 2.0 / 3.0 * math.cos((angle + 2.0 * math.pi) / 3.0)
    return thrust * after * (1.0 - after) / (before * (1.0 - before))


@bare_part
def segment_of(speed: float, segments: Floats, bins: Integers, per_speed: float) -> int:
    """Return the segment that a wind speed lies in, from the first one of the speed's bin on.

    `bins`, shape (bins,), `per_speed` of them a metre per second, holds the segment at the lower edge of each. The last
    segment has no end.
    """
    row = bins[min(int(speed * per_speed), bins.size - 1)]
    row += 1 if speed >= segments[row, NEXT] else 0  # mostly enough: a branch less that is taken at random
    while speed >= segments[row, NEXT]:
        row += 1
    return row


@separate_part
def find_rows(lanes: int, last: float, per_speed: float, speed: Floats, begin: Floats, above: Floats) -> None:
    """Fill where the numbers of each wind speed lie in segments of one width, and how far above their beginning it is.

    `last`: the last row.
    """
    width = 1.0 / per_speed
    for lane in range(lanes):
        below = math.floor(min(speed[lane] * per_speed, last))
        begin[lane], above[lane] = below * SEGMENT + THRUST, speed[lane] - below * width


@separate_part
def follow_rows(lanes: int, end: float, rows: Rows, speed: Floats, power: Floats, thrust: Floats) -> None:
    """Fill power and thrust coefficient from the rows that are read."""
    for lane in range(lanes):
        of_thrust = rows.thrust[lane] + rows.above[lane] * rows.thrust_growth[lane]
        of_power = rows.power[lane] + rows.above[lane] * rows.power_growth[lane]
        within = speed[lane] < end
        thrust[lane], power[lane] = of_thrust if within else 0.0, of_power if within else 0.0


@bare_contracted_kernel
def read_curves(
    lanes: int,
    hours: Integers,
    curve: Curve,
    operation: Operation,
    speed: Floats,
    power: Floats,
    thrust: Floats,
) -> None:
    """Fill power [W] and thrust coefficient of a turbine, shape (lanes,), at its effective wind speeds.

    Both are linear between the points of the curve, and zero where the wind speed lies outside it: its segments, shape
    (segments, SEGMENT), have one before the first point, whose wind speed is its beginning, and one after the last; see
    `segment_of` for `bins`. Where there are no bins, each segment is one: the kernel then need not look.
    """
    segments, bins, per_speed = curve
    density_factor, largest_power, density_column, limit_column = operation
    end = segments[segments.shape[0] - 1, BEGIN]
    last = segments.shape[0] - 1
    if bins.size == 0 and lanes <= LANES and lanes % GROUP == 0:
        rows = make_rows()
        find_rows(lanes, float(last), per_speed, speed, rows.begin, rows.above)
        for lane in range(0, lanes, GROUP):
            read_rows(segments, rows.begin, lane, rows.thrust, rows.thrust_growth, rows.power, rows.power_growth)
        follow_rows(lanes, end, rows, speed, power, thrust)
    elif bins.size == 0:
        width = 1.0 / per_speed
        for lane in range(lanes):
            row = min(int(speed[lane] * per_speed), last)
            above = speed[lane] - row * width
            within = speed[lane] < end
            thrust[lane] = segments[row, THRUST] + above * segments[row, THRUST_GROWTH] if within else 0.0
            power[lane] = segments[row, POWER] + above * segments[row, POWER_GROWTH] if within else 0.0
    else:
        for lane in range(lanes):
            row = segment_of(speed[lane], segments, bins, per_speed)
            above = speed[lane] - segments[row, BEGIN]
            thrust[lane] = segments[row, THRUST] + above * segments[row, THRUST_GROWTH]
            power[lane] = segments[row, POWER] + above * segments[row, POWER_GROWTH]
    if density_factor.size > 1 or density_factor[0, 0] != 1.0:
        # A turbine stands still where the wind itself lies outside the curve; denser wind stays at the ends of it.
        for lane in range(lanes):
            if segments[0, BEGIN] <= speed[lane] < end:
                corrected = max(min(speed[lane] * density_factor[hours[lane], density_column], end), segments[0, BEGIN])
                regular = bins.size == 0
                row = int(corrected * per_speed) if regular else segment_of(corrected, segments, bins, per_speed)
                row = min(row, segments.shape[0] - 2)
                power[lane] = segments[row, POWER] + (corrected - segments[row, BEGIN]) * segments[row, POWER_GROWTH]
    if largest_power.size > 1 or largest_power[0, 0] < math.inf:
        height = largest_power.shape[0] - 1
        for lane in range(lanes):
            limit = largest_power[min(hours[lane], height), limit_column]
            if power[lane] > limit:
                thrust[lane] = derated_thrust(thrust[lane], limit / power[lane])
                power[lane] = limit
            elif limit <= 0.0:
                thrust[lane] = 0.0


@bare_contracted_kernel
def power_alone(curves: Curves, speed: Floats, density_factor: Floats, factor: float, power: Floats) -> None:
    """Fill the power [W] of a turbine of each type that stands alone, shape (types, times), as `read_curves` has it.

    Parameters
    ----------
    curves : Curves
        Of the types.
    speed : ndarray, shape (times, types)
        Undisturbed wind [m/s].
    density_factor : ndarray, shape (times or 1, types or 1)
        What scales the wind speed for the power curve [1].
    factor : float
        On the wind speed [1].
    power : ndarray, shape (types, times)
        Written [W].
    """
    start, table, bins, per_speed = curves
    regular, every_time, of_types = bins.shape[1] == 0, density_factor.shape[0] > 1, density_factor.shape[1] > 1
    for k in range(start.size - 1):
        segments, found = table[start[k] : start[k + 1]], power[k]
        last = segments.shape[0] - 1
        begin, end, column = segments[0, BEGIN], segments[last, BEGIN], k if of_types else 0
        for t in range(found.size):
            own = speed[t, k] * factor
            # A turbine stands still where the wind itself lies outside the curve; denser wind stays at the ends of it.
            corrected = max(min(own * density_factor[t if every_time else 0, column], end), begin)
            row = int(corrected * per_speed) if regular else segment_of(corrected, segments, bins[k], per_speed)
            row = min(row, last - 1)
            inside = segments[row, POWER] + (corrected - segments[row, BEGIN]) * segments[row, POWER_GROWTH]
            found[t] = inside if begin <= own < end else 0.0
