"""The shadow of a mast: sectors in which an anemometer stands in the wake of its own structure, seen by its gusts.

A gust of seconds passes the structure's wake far less weakened than the mean: in the shadow the gust factor, gust over
mean, is larger than in the other sectors.
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.units import DAY

SECTOR = 10.0  # [degree]
SEASON = 91.0 * DAY  # [s] over which sectors are judged: a sensor is moved from one day to the next
STEADY = 4.0  # [m/s] from which on gust factors scatter little; in a shadow the mean seldom rises further
FEWEST = 12  # values of a sector and season
LARGER = 1.12  # times the factor of the season; off Flanders free sectors reach 1.07, shadowed ones from 1.14 to 1.33
LEAST = 3.0  # [m/s] below which nothing is corrected


@dataclass(frozen=True)
class Shadow:
    """Which values (time,) stand in the shadow, and the gust factor of the free sectors at their time [1]."""

    mask: NDArray[np.bool_]
    factor: Floats
    sectors: str


def mast_shadow(record: xr.Dataset) -> Shadow | None:
    """Return where the wind of the lowest level stands in a shadow; None without gusts, or nowhere.

    Parameters
    ----------
    record : xarray.Dataset, dims (time, height)
        wind_speed, wind_direction and wind_gust (time,) [m/s], the gusts of the lowest level.
    """
    if not {"wind_speed", "wind_direction", "wind_gust"} <= set(record.data_vars):
        return None
    speed, direction = (record[name].transpose("time", "height").to_numpy()[:, 0] for name in WIND)
    gust = record["wind_gust"].to_numpy()
    seconds = (record["time"].to_numpy() - record["time"].to_numpy()[0]) / np.timedelta64(1, "s")
    season = (seconds / SEASON).astype(np.int64)
    with np.errstate(invalid="ignore"):
        sector = np.where(np.isfinite(direction), direction % 360.0 // SECTOR, -1.0).astype(np.int64)
        known = (speed >= STEADY) & np.isfinite(gust) & (sector >= 0)
    mask, factor, named = np.zeros(speed.size, np.bool_), np.ones(speed.size), set()
    for each in np.unique(season):
        rows = season == each
        used = rows & known
        if used.sum() < FEWEST:
            continue
        ratio = gust / np.maximum(speed, STEADY)
        medians = {k: float(np.median(ratio[used & (sector == k)])) for k in np.unique(sector[used])}
        many = {k: np.count_nonzero(used & (sector == k)) >= FEWEST for k in medians}
        free = float(np.median(list(medians.values())))
        shaded = [k for k, median in medians.items() if many[k] and median > LARGER * free]
        factor[rows] = free
        mask |= rows & np.isin(sector, shaded) & np.isfinite(gust)
        named |= {int(k) for k in shaded}
    if not mask.any():
        return None
    return Shadow(mask, factor, ", ".join(f"{k * SECTOR:g}" for k in sorted(named)))


WIND = ("wind_speed", "wind_direction")


def correct_mast_shadow(record: xr.Dataset) -> tuple[xr.Dataset, list[str]]:
    """Return the record with shadowed means replaced by the gust over the factor of the free sectors, where larger."""
    found = mast_shadow(record)
    if found is None:
        return record, []
    wind = record["wind_speed"].transpose("time", "height")
    data = wind.to_numpy().copy()
    gust = record["wind_gust"].to_numpy()
    with np.errstate(invalid="ignore"):
        raised = found.mask & (gust / found.factor > data[:, 0]) & (data[:, 0] >= LEAST)
    data[raised, 0] = gust[raised] / found.factor[raised]
    note = f"correct-mast-shadow: {int(raised.sum())} value(s) of wind_speed in sectors from {found.sectors} degree"
    return record.assign(wind_speed=(wind.dims, data, wind.attrs)), [note]
