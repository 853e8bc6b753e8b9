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
from testsite_kernels.wind.response_table import ResponseTable, interpolate_response

from testsite_sim.weather import height_rows
from testsite_sim.wind.farm import Farm
from testsite_sim.wind.farm_flow import simulate_farm
from testsite_sim.wind.models import WakeModel

DIRECTION_STEP, SPEED_STEP = 1.0, 0.25  # [degree], [m/s]
_DIRECTIONS_AT_ONCE = 12  # bounds the memory that the table takes to make


@dataclass(frozen=True, eq=False)
class FarmTable:
    """The power of a farm at all directions and speeds.

    `table` (direction, speed, intensity, turbine) [W], single precision; `totals` (direction, speed, intensity, group,
    flow) [W]: of the groups, in the `flows`, each named by what is left out of it (`""`: nothing). `starts`
    (group + 1): the first turbine of each group; `height` and `share` (group): its hub height [m] and its wind speed
    over the reference; `cut_out` (group, speed) kernel input; `intensities`: points of turbulence [1].
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

    Returns
    -------
    FarmTable
        Exact at its points: every degree, every 0.25 m/s at the height of reference.
    """
    turbines = farm.turbines
    hubs = farm.per_turbine("hub_height")
    ends = np.array([float(np.asarray(turbine.wind_speed)[-1]) for turbine in turbines])
    keys = list(zip(hubs.tolist(), ends.tolist(), share.tolist(), strict=True))
    first = [0, *(k for k in range(1, len(keys)) if keys[k] != keys[k - 1])]
    starts = np.array([*first, len(keys)], np.int64)
    speeds = np.arange(int(np.ceil((ends / share).max() / SPEED_STEP)) + 3) * SPEED_STEP
    directions = np.arange(round(360.0 / DIRECTION_STEP)) * DIRECTION_STEP
    intensities = np.asarray(turbulence_intensities, np.float64)
    cut_out = np.full((len(first), speeds.size), np.nan)
    for g, k in enumerate(first):
        end = ends[k] / share[k]
        cut_out[g, int(end / SPEED_STEP)] = end
    table = np.empty((directions.size, speeds.size, intensities.size, len(keys)), np.float32)
    left_out = {"": (blockage, neighbours)}
    if blockage != "none":
        left_out["blockage"] = ("none", neighbours)
    if neighbours is not None:
        left_out["neighbours"] = ("none", None)
    totals = np.empty((*table.shape[:3], len(first), len(left_out)))
    for begin in range(0, directions.size, _DIRECTIONS_AT_ONCE):
        rows = slice(begin, begin + _DIRECTIONS_AT_ONCE)
        direction, speed, intensity = (
            grid.ravel() for grid in np.meshgrid(directions[rows], speeds, intensities, indexing="ij")
        )
        inflow = _winds(direction, speed, intensity, share)
        for flow, (name, (kind, others)) in enumerate(left_out.items()):
            their_inflow = None if others is None else _winds(direction, speed, intensity, np.asarray(neighbour_share))
            power = (
                simulate_farm(
                    farm, inflow, model, workers, blockage=kind, neighbours=others, neighbour_inflow=their_inflow
                )["power"]
                .to_numpy()
                .reshape(-1, *table.shape[1:])
            )
            if not name:
                table[rows] = power
            totals[rows, ..., flow] = np.add.reduceat(power, first, axis=-1)
    chosen = np.array(first)
    return FarmTable(farm, table, totals, tuple(left_out), starts, hubs[chosen], share[chosen], cut_out, intensities)


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
    return _response(table, table.table, table.starts)


def group_power(table: FarmTable, wind: Wind, factor: float = 1.0) -> dict[str, Floats]:
    """Return the power of every group [W], shape (time, group), of each flow, in a wind `factor` times as strong."""
    flows = len(table.flows)
    whole = table.totals.reshape(*table.totals.shape[:3], -1)
    response = _response(table, whole, np.arange(table.height.size + 1) * flows)
    power = np.empty((wind.direction.size, whole.shape[-1]))
    speed = wind.speed if factor == 1.0 else wind.speed * factor
    interpolate_response(response, wind.direction, speed, wind.intensity, power)
    return {name: power[:, flow::flows] for flow, name in enumerate(table.flows)}


def _response(table: FarmTable, power_at: NDArray[np.floating], starts: NDArray[np.int64]) -> ResponseTable:
    """Return a table of power as the kernels read it."""
    points = table.intensities
    width = float(points[1] - points[0]) if points.size > 1 else 1.0
    return ResponseTable(power_at, DIRECTION_STEP, SPEED_STEP, float(points[0]), width, table.cut_out, starts)
