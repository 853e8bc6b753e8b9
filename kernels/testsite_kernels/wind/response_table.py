"""Power from a table over wind direction, wind speed and turbulence, linear between its points."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.numerics.arrays import Floats, Integers, Truths
from testsite_kernels.numerics.compile_options import bare_contracted_kernel, lane_part


class ResponseTable(NamedTuple):
    """Power of the turbines, those g of a group side by side.

    `power`, shape (intensities, directions, speeds, turbines): at intensities from the first on, directions from 0 on
    [degree], speeds from 0 on [m/s] [W]; the directions go round once. The steps are in [1], [degree] and [m/s].
    `cut_out`, shape (groups, speeds): where between a speed and the next the power of a group falls at once [m/s]:
    nothing is interpolated there; NaN elsewhere. `starts`, shape (groups + 1,): the first turbine of each group, and
    the number of turbines.
    """

    power: NDArray[np.floating]
    direction_step: float
    speed_step: float
    first_intensity: float
    intensity_step: float
    cut_out: Floats
    starts: Integers


class Tiles(NamedTuple):
    """How a table is divided: into sectors of `directions` each, and blocks of `speeds` each from the row `first` on.

    The rows before it are zero.
    """

    directions: int
    speeds: int
    first: int


@lane_part
def place_of_direction(direction: float, step: float, directions: int) -> tuple[int, int, float]:
    """Return the points around a direction, and where it lies between them [1]."""
    place = (direction % 360.0) / step
    d0 = int(place)
    across = place - d0
    d0 = d0 % directions
    return d0, (d0 + 1) % directions, across


@lane_part
def place_of_intensity(intensity: float, first: float, step: float, intensities: int) -> tuple[int, int, float]:
    """Return the points around a turbulence, and where it lies between them [1]; at 0 the second is not read."""
    if intensities == 1:
        return 0, 0, 0.0
    place = min(max((intensity - first) / step, 0.0), intensities - 1.0)
    c0 = min(int(place), intensities - 2)
    return c0, c0 + 1, place - c0


@lane_part
def place_of_speed(speed: float, step: float, speeds: int) -> tuple[int, float]:
    """Return the point before a speed, and where it lies between that and the next [1]; above 1 none is read."""
    place = speed / step
    v0 = min(int(place), speeds - 2)
    return v0, place - v0


@lane_part
def read_hour(
    response: ResponseTable, direction: float, speed: Floats, intensity: float, t: int, power: Floats, row: int
) -> None:
    """Fill a row of the power of all turbines, in the wind of time t; see `interpolate_response`."""
    table, direction_step, speed_step, first_intensity, intensity_step, cut_out, starts = response
    intensities, directions, speeds, _ = table.shape
    d0, d1, across = place_of_direction(direction, direction_step, directions)
    c0, c1, within = place_of_intensity(intensity, first_intensity, intensity_step, intensities)
    for g in range(starts.size - 1):
        begin, end = starts[g], starts[g + 1]
        v0, along = place_of_speed(speed[t, g], speed_step, speeds)
        if not math.isnan(cut_out[g, v0]) and along <= 1.0:
            along = 1.0 if speed[t, g] > cut_out[g, v0] else 0.0
        found = power[row, begin:end]  # rows of their own: an index that cannot be negative lets the loops vectorise
        if along > 1.0:
            for j in range(found.size):
                found[j] = 0.0
            continue
        a, b = (1.0 - across) * (1.0 - along), (1.0 - across) * along
        c, d = across * (1.0 - along), across * along
        first, second = table[c0, d0, v0, begin:end], table[c0, d0, v0 + 1, begin:end]
        third, fourth = table[c0, d1, v0, begin:end], table[c0, d1, v0 + 1, begin:end]
        for j in range(found.size):
            found[j] = a * first[j] + b * second[j] + c * third[j] + d * fourth[j]
        if within > 0.0:
            first, second = table[c1, d0, v0, begin:end], table[c1, d0, v0 + 1, begin:end]
            third, fourth = table[c1, d1, v0, begin:end], table[c1, d1, v0 + 1, begin:end]
            for j in range(found.size):
                high = a * first[j] + b * second[j] + c * third[j] + d * fourth[j]
                found[j] += within * (high - found[j])


@bare_contracted_kernel
def interpolate_response(
    response: ResponseTable, direction: Floats, speed: Floats, intensity: Floats, power: Floats
) -> None:
    """Fill the power of every time and turbine.

    Parameters
    ----------
    response : ResponseTable
        What is read.
    direction, intensity : ndarray, shape (times,)
        Undisturbed wind [degree], ambient turbulence [1]; the latter is not read where the table has one alone.
    speed : ndarray, shape (times, groups)
        Undisturbed wind of the group [m/s]. Beyond the last speed the power is zero, beyond the intensities it is that
        of the nearest.
    power : ndarray, shape (times, turbines)
        Written [W].
    """
    for t in range(direction.size):
        read_hour(response, direction[t], speed, intensity[t], t, power, t)


class Totals(NamedTuple):
    """What is read of the groups of a farm.

    `power`, shape (intensities, directions, speeds, groups, flows): of each group in each flow [W]; `read` says where
    its points lie. `tiles`, `made`, shape (intensities, sectors, blocks): how it is divided, and which tiles of it
    there are.
    """

    power: Floats
    read: ResponseTable
    tiles: Tiles
    made: Truths


@bare_contracted_kernel
def sum_groups(
    totals: Totals,
    direction: Floats,
    speed: Floats,
    intensity: Floats,
    factors: Floats,
    power: Floats,
    scaled: Floats,
) -> bool:
    """Fill the power of all groups together in each flow, and in stronger and weaker winds; see `interpolate_response`.

    Parameters
    ----------
    totals : Totals
        What is read.
    direction, speed, intensity
        As in `interpolate_response`.
    factors : ndarray, shape (winds,)
        On the speed, in each of the other winds [1].
    power : ndarray, shape (times, flows)
        Written [W]; of no meaning where a tile is missing.
    scaled : ndarray, shape (winds, times)
        As `power`, of the first flow in each of the other winds.

    Returns
    -------
    bool
        Whether every tile that was to be read is made; the first that is not ends it.
    """
    table, tiles, made = totals.power, totals.tiles, totals.made
    _, direction_step, speed_step, first_intensity, intensity_step, cut_out, _ = totals.read
    intensities, directions, speeds, groups, flows = table.shape
    for t in range(direction.size):
        d0, d1, across = place_of_direction(direction[t], direction_step, directions)
        c0, c1, within = place_of_intensity(intensity[t], first_intensity, intensity_step, intensities)
        c1 = c1 if within > 0.0 else c0
        s0, s1 = d0 // tiles.directions, d1 // tiles.directions
        known = -1  # the blocks of a group are mostly those of the one before, and of the other winds
        for f in range(flows):
            power[t, f] = 0.0
        for wind in range(factors.size):
            scaled[wind, t] = 0.0
        for g in range(groups):
            for wind in range(-1, factors.size):
                own = speed[t, g] if wind < 0 else speed[t, g] * factors[wind]
                v0, along = place_of_speed(own, speed_step, speeds)
                if along > 1.0:
                    continue
                if v0 + 1 >= tiles.first:
                    b0, b1 = max(v0 - tiles.first, 0) // tiles.speeds, (v0 + 1 - tiles.first) // tiles.speeds
                    if b0 + b1 != known:
                        for block in (b0, b1):
                            for point in (c0, c1):
                                if not (made[point, s0, block] and made[point, s1, block]):
                                    return False
                        known = b0 + b1
                if not math.isnan(cut_out[g, v0]):
                    along = 1.0 if own > cut_out[g, v0] else 0.0
                a, b = (1.0 - across) * (1.0 - along), (1.0 - across) * along
                c, d = across * (1.0 - along), across * along
                for f in range(flows if wind < 0 else 1):
                    found = a * table[c0, d0, v0, g, f] + b * table[c0, d0, v0 + 1, g, f]
                    found += c * table[c0, d1, v0, g, f] + d * table[c0, d1, v0 + 1, g, f]
                    if within > 0.0:
                        high = a * table[c1, d0, v0, g, f] + b * table[c1, d0, v0 + 1, g, f]
                        high += c * table[c1, d1, v0, g, f] + d * table[c1, d1, v0 + 1, g, f]
                        found += within * (high - found)
                    if wind < 0:
                        power[t, f] += found
                    else:
                        scaled[wind, t] += found
    return True


@bare_contracted_kernel
def mark_read(
    response: ResponseTable, direction: Floats, speed: Floats, intensity: Floats, tiles: Tiles, read: Truths
) -> None:
    """Mark the tiles of a table that `interpolate_response` reads in such winds.

    Parameters
    ----------
    response, direction, speed, intensity
        As there.
    tiles : Tiles
        How the table is divided.
    read : ndarray, shape (intensities, sectors, blocks)
        Set to true where any point of a tile is read, with a weight of zero too; else left as it is.
    """
    intensities, directions, speeds, _ = response.power.shape
    for t in range(direction.size):
        d0, d1, _ = place_of_direction(direction[t], response.direction_step, directions)
        c0, c1, within = place_of_intensity(
            intensity[t], response.first_intensity, response.intensity_step, intensities
        )
        c1 = c1 if within > 0.0 else c0
        d0, d1 = d0 // tiles.directions, d1 // tiles.directions
        for g in range(speed.shape[1]):
            v0, along = place_of_speed(speed[t, g], response.speed_step, speeds)
            if v0 + 1 < tiles.first or along > 1.0:
                continue
            b0, b1 = max(v0 - tiles.first, 0) // tiles.speeds, (v0 + 1 - tiles.first) // tiles.speeds
            for c in (c0, c1):
                for d in (d0, d1):
                    read[c, d, b0] = read[c, d, b1] = True
