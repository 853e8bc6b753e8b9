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

    `table` (direction, speed, intensity, turbine) [W], single precision; `totals`: of the groups, by what is left out
    of the flow (`""`: nothing), (direction, speed, intensity, group). `starts` (group + 1): the first turbine of each
    group; `height` and `share` (group): its hub height [m] and its wind speed over the reference; `cut_out`
    (group, speed) kernel input; `intensities`: points of turbulence [1].
    """

    farm: Farm
    table: NDArray[np.float32]
    totals: dict[str, Floats]
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
    totals = {name: np.empty((*table.shape[:3], len(first))) for name in left_out}
    for begin in range(0, directions.size, _DIRECTIONS_AT_ONCE):
        rows = slice(begin, begin + _DIRECTIONS_AT_ONCE)
        direction, speed, intensity = (
            grid.ravel() for grid in np.meshgrid(directions[rows], speeds, intensities, indexing="ij")
        )
        inflow = _winds(direction, speed, intensity, share)
        for name, (kind, others) in left_out.items():
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
            totals[name][rows] = np.add.reduceat(power, first, axis=-1)
    chosen = np.array(first)
    return FarmTable(farm, table, totals, starts, hubs[chosen], share[chosen], cut_out, intensities)


def _winds(direction: Floats, speed: Floats, intensity: Floats, share: Floats) -> xr.Dataset:
    """Return the inflow of cases of which each turbine has its share of the speed."""
    return xr.Dataset(
        {
            "wind_speed": (("time", "turbine"), speed[:, None] * share),
            "wind_direction": ("time", direction),
            "turbulence_intensity": ("time", intensity),
        }
    )


@dataclass(frozen=True, eq=False)
class TableWind:
    """The wind of a farm as its table is read: direction and turbulence (time,), speed (time, group) [m/s]."""

    direction: Floats
    intensity: Floats
    speed: Floats


def table_wind(table: FarmTable, weather: xr.Dataset, direction: Floats, intensity: Floats) -> TableWind:
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
    return TableWind(np.ascontiguousarray(direction), np.ascontiguousarray(intensity), speed)


def turbine_power(table: FarmTable, wind: TableWind) -> Floats:
    """Return the power of every turbine [W], shape (time, turbine)."""
    return _read(table, table.table, table.starts, wind, 1.0)


def group_power(table: FarmTable, wind: TableWind, left_out: str = "", factor: float = 1.0) -> Floats:
    """Return the power of every group [W], shape (time, group): of another flow, or of a wind so much stronger."""
    return _read(table, table.totals[left_out], np.arange(table.height.size + 1), wind, factor)


def _read(
    table: FarmTable, power_at: NDArray[np.floating], starts: NDArray[np.int64], wind: TableWind, factor: float
) -> Floats:
    """Read a table of power."""
    points = table.intensities
    width = float(points[1] - points[0]) if points.size > 1 else 1.0
    power = np.empty((wind.direction.size, power_at.shape[-1]))
    speed = wind.speed if factor == 1.0 else wind.speed * factor
    response = ResponseTable(power_at, DIRECTION_STEP, SPEED_STEP, float(points[0]), width, table.cut_out, starts)
    interpolate_response(response, wind.direction, speed, wind.intensity, power)
    return power
