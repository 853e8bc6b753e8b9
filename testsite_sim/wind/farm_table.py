"""The power of a farm as a table over its wind, made once and read for thousands of years of an ensemble.

The turbines may have hubs at several heights. The table is made for a wind whose speeds at the hubs keep the ratios of
the mean; each group of like turbines is then read at the wind that it really has, so that only the
wakes are those of a wind of mean shear.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.constants import STANDARD_AIR_DENSITY
from testsite_kernels.wind.farm_of_table import Wind
from testsite_kernels.wind.response_table import ResponseTable, Tiles, Totals, mark_read, sum_groups

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.weather import height_rows
from testsite_sim.wind.farm import Farm
from testsite_sim.wind.farm_flow import BLOCKAGES
from testsite_sim.wind.farm_in_wind import calm_below, farm_in_wind
from testsite_sim.wind.models import WakeModel, not_known, wake_model
from testsite_sim.wind.sweeping import check_workers

DIRECTION_STEP, SPEED_STEP = 1.0, 0.25  # [degree], [m/s]
_SECTOR = 2  # directions of a tile, which is made as a whole
_TOGETHER = 15  # tiles of a block of fewer speeds that are made together
_BLOCK = 32  # speeds of a tile: hours of one direction that the sweep does together


@dataclass(frozen=True, eq=False)
class Tabulated:
    """The flow that a table is made of, as `tabulate_farm` is given it; `share` and `neighbour_share` of the speed."""

    model: WakeModel
    share: Floats
    blockage: str
    neighbours: Farm | None
    neighbour_share: Floats | None
    workers: int | None


@dataclass(frozen=True, eq=False)
class FarmTable:
    """The power of a farm at all directions and speeds.

    `table` (intensity, direction, speed, turbine) [W], single precision; `totals` (intensity, direction, speed, group,
    flow) [W]: of the groups, in the `flows`, each named by what is left out of it (`""`: nothing). Both are made tile
    by tile, as they are read, see `cover`: `made` (intensity, sector, block of speeds) says which are. `starts`
    (group + 1): the first turbine of each group; `height` and `share` (group): its hub height [m] and its wind speed
    over the reference; `cut_out` (group, speed) kernel input; `intensities`: points of turbulence [1]. `first`: the
    first of the speeds at which any turbine may turn; `flow`: what the tiles are made of.
    """

    farm: Farm
    table: NDArray[np.float32]
    totals: Floats
    flows: tuple[str, ...]
    starts: NDArray[np.int64]
    height: Floats
    share: Floats
    cut_out: Floats
    intensities: Floats
    first: int
    made: NDArray[np.bool_]
    flow: Tabulated


def tabulate_farm(
    farm: Farm,
    share: Floats,
    model: str | WakeModel,
    *,
    turbulence_intensities: Sequence[float],
    blockage: str = "none",
    neighbours: Farm | None = None,
    neighbour_share: Floats | None = None,
    workers: int | None = None,
    complete: bool = True,
) -> FarmTable:
    """Make the table of a farm.

    Parameters
    ----------
    farm : Farm
        The turbines.
    share : ndarray, shape (turbines,)
        Mean wind speed at each hub over that at a height of reference [1].
    model, blockage, neighbours
        As in `simulate_farm`.
    turbulence_intensities : sequence of float
        Evenly spaced points [1], at least one.
    neighbour_share : ndarray, optional
        As `share`, of the neighbours.
    workers : int, optional
        Threads; None: one a processor. They change no bit.
    complete : bool
        Whether all of it is made now; else what a wind needs is made when it is first read, to the same bits.

    Returns
    -------
    FarmTable
        Exact at its points: every degree, every 0.25 m/s at the height of reference.
    """
    check_workers(workers)
    if blockage not in BLOCKAGES:
        raise ConfigurationError(not_known("blockage", "blockage", blockage, BLOCKAGES))
    turbines = farm.turbines
    hubs = farm.per_turbine("hub_height")
    ends = np.array([float(np.asarray(turbine.wind_speed)[-1]) for turbine in turbines])
    keys = list(zip(hubs.tolist(), ends.tolist(), share.tolist(), strict=True))
    first = [0, *(k for k in range(1, len(keys)) if keys[k] != keys[k - 1])]
    starts = np.array([*first, len(keys)], np.int64)
    speeds = np.arange(int(np.ceil((ends / share).max() / SPEED_STEP)) + 3) * SPEED_STEP
    directions = round(360.0 / DIRECTION_STEP)
    intensities = np.asarray(turbulence_intensities, np.float64)
    cut_out = np.full((len(first), speeds.size), np.nan)
    for g, k in enumerate(first):
        end = ends[k] / share[k]
        cut_out[g, int(end / SPEED_STEP)] = end
    calm = {turbine: calm_below(turbine) for turbine in farm.types[0]}
    turns = speeds[:, None] * share >= np.array([calm[turbine] for turbine in turbines])
    least = int(np.argmax(turns.any(axis=1)))
    flows = ["", *(["blockage"] if blockage != "none" else []), *(["neighbours"] if neighbours is not None else [])]
    shape, chosen = (intensities.size, directions, speeds.size), np.array(first)
    made = FarmTable(
        farm,
        np.zeros((*shape, len(keys)), np.float32),
        np.zeros((*shape, len(first), len(flows))),
        tuple(flows),
        starts,
        hubs[chosen],
        share[chosen],
        cut_out,
        intensities,
        least,
        np.zeros((intensities.size, directions // _SECTOR, -(-(speeds.size - least) // _BLOCK)), np.bool_),
        Tabulated(wake_model(model), share, blockage, neighbours, neighbour_share, workers),
    )
    if complete:
        _make(made, ~made.made)
    return made


def cover(table: FarmTable, wind: Wind, factors: tuple[float, ...] = (1.0,)) -> None:
    """Make what is missing of a table and is read in winds `factors` times as strong.

    A tile has the same bits whenever it is made, and by whichever process.
    """
    if table.made.all():
        return
    read = np.zeros_like(table.made)
    for factor in factors:
        speed = wind.speed if factor == 1.0 else wind.speed * factor
        mark_read(turbine_response(table), wind.direction, speed, wind.intensity, _tiles(table), read)
    _make(table, read & ~table.made)


def _tiles(table: FarmTable) -> Tiles:
    """Return how a table is divided."""
    return Tiles(_SECTOR, _BLOCK, table.first)


def _make(table: FarmTable, missing: NDArray[np.bool_]) -> None:
    """Make tiles of a table, those of a turbulence and of like speeds together.

    The sweep takes 32 hours at once, in the order of their directions, and what it leaves out as too weak depends on
    which they are: tiles of a block that has fewer speeds are made with those about them, always the same, so that
    others do not change their bits.
    """
    speeds = table.table.shape[2]
    for c, b in np.argwhere(missing.any(axis=1)):
        begin = table.first + b * _BLOCK
        rows, sectors = slice(begin, min(begin + _BLOCK, speeds)), np.flatnonzero(missing[c, :, b])
        some = [sectors]
        if rows.stop - begin < _BLOCK:
            some = [each * _TOGETHER + np.arange(_TOGETHER) for each in np.unique(sectors // _TOGETHER)]
        for each in some:
            directions = (each[:, None] * _SECTOR + np.arange(_SECTOR)).ravel()
            _make_rows(table, int(c), directions, rows)
            table.made[c, each, b] = True


def _make_rows(table: FarmTable, c: int, directions: NDArray[np.int64], rows: slice) -> None:
    """Make the power at some directions and speeds with a turbulence."""
    flow, speeds = table.flow, np.arange(rows.start, rows.stop) * SPEED_STEP
    direction, speed = (grid.ravel() for grid in np.meshgrid(directions * DIRECTION_STEP, speeds, indexing="ij"))
    intensity = np.full(direction.size, table.intensities[c])
    around = None
    if flow.neighbours is not None:
        around = _winds(direction, speed, intensity, np.asarray(flow.neighbour_share))
    inflow = _winds(direction, speed, intensity, flow.share)
    given = farm_in_wind(
        table.farm, inflow, flow.model, flow.workers, neighbours=flow.neighbours, neighbour_inflow=around
    )
    power = given.simulate(blockage=flow.blockage, only_power=True).power
    shape = (directions.size, speeds.size, -1)
    table.table[c, directions, rows] = power.reshape(shape)
    for k, name in enumerate(table.flows):
        if name == "blockage":
            power = given.simulate(only_power=True).power
        elif name == "neighbours":  # without them it is another where they reach alone
            reached = np.flatnonzero(given.reached)
            if flow.blockage == "none" and reached.size < power.shape[0]:
                power[reached] = given.simulate(hours=reached, alone=True, only_power=True).power
            else:
                power = given.simulate(alone=True, only_power=True).power
        sums = np.add.reduceat(power, table.starts[:-1], axis=-1)
        table.totals[c, directions, rows, :, k] = sums.reshape(shape)


def _winds(direction: Floats, speed: Floats, intensity: Floats, share: Floats) -> xr.Dataset:
    """Return the inflow of cases of which each turbine has its share of the speed."""
    return xr.Dataset(
        {
            "wind_speed": (("time", "turbine"), speed[:, None] * share),
            "wind_direction": ("time", direction),
            "turbulence_intensity": ("time", intensity),
        }
    )


def table_wind(table: FarmTable, weather: xr.Dataset, direction: Floats, intensity: Floats) -> Wind:
    """Return the wind of a farm from weather at its hub heights; the air density scales the wind speed.

    Parameters
    ----------
    table : FarmTable
        The table.
    weather : xarray.Dataset, dims (time, height)
        wind_speed [m/s], air_density [kg/m³] at every hub height of the farm.
    direction, intensity : ndarray, shape (time,)
        [degree], [1].
    """
    rows = height_rows(weather, table.height)
    scaled = weather["wind_speed"].to_numpy() * np.cbrt(weather["air_density"].to_numpy() / STANDARD_AIR_DENSITY)
    speed = np.ascontiguousarray(scaled[:, rows] / table.share)
    return Wind(np.ascontiguousarray(direction), np.ascontiguousarray(intensity), speed)


def turbine_response(table: FarmTable) -> ResponseTable:
    """Return the power of every turbine as the kernels read it."""
    points = table.intensities
    width = float(points[1] - points[0]) if points.size > 1 else 1.0
    return ResponseTable(table.table, DIRECTION_STEP, SPEED_STEP, float(points[0]), width, table.cut_out, table.starts)


def power_in_flows(table: FarmTable, wind: Wind, factors: tuple[float, ...] = ()) -> tuple[dict[str, Floats], Floats]:
    """Return the power of the farm [W] in each flow of its table, and in stronger and weaker winds.

    What is missing of the table is made, see `cover`: afterwards all of it is there that these winds read.

    Parameters
    ----------
    table : FarmTable
        The table.
    wind : Wind
        As `table_wind` returns it.
    factors : tuple of float
        On the wind speed in each of the other winds [1].

    Returns
    -------
    dict, ndarray
        Of the wind, shape (time,), by flow; of the others with nothing left out, shape (factors, time).
    """
    hours = wind.direction.size
    power, scaled, several = np.empty((hours, len(table.flows))), np.empty((len(factors), hours)), np.array(factors)
    totals = Totals(table.totals, turbine_response(table), _tiles(table), table.made)
    if not sum_groups(totals, wind.direction, wind.speed, wind.intensity, several, power, scaled):
        cover(table, wind, (1.0, *factors))
        sum_groups(totals, wind.direction, wind.speed, wind.intensity, several, power, scaled)
    return {name: power[:, flow] for flow, name in enumerate(table.flows)}, scaled
