"""Vehicles that come to a refuelling station: events by fleet, day of the week and hour, from counted draws."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.random_streams import fill_uniform

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.finite import finite_arguments
from testsite_sim.common.units import DAY, HOUR
from testsite_sim.configuration.refuelling import VehicleFleet
from testsite_sim.plant.properties import hydrogen_density
from testsite_sim.plant.station import REFERENCE_TEMPERATURE

REMEMBERED = 4  # draws of arrivals that are kept: a page asks for them again after each change of the plant
PURPOSE = 40  # of the draws: vehicles at a refuelling station
_COUNT, _MOMENT, _MASS, _STREAMS = 0, 1, 2, 3  # streams of a fleet


@finite_arguments("hydrogen: vehicle_arrivals")
def vehicle_arrivals(
    fleets: Sequence[VehicleFleet], start: np.datetime64, end: np.datetime64, *, seed: int = 0, member: int = 0
) -> xr.Dataset:
    """Return the vehicles of fleets that come to a station from `start` to before `end`.

    Parameters
    ----------
    fleets : sequence of VehicleFleet
        How many vehicles, how often, when, and for how much.
    start, end : datetime64
        UTC; days are counted from `start`'s.
    seed, member : int
        Root seed and member of the ensemble; the draws of a fleet depend on these and its place in the list only.

    Returns
    -------
    xarray.Dataset, dims (arrival, kind)
        arrival_time [UTC, whole seconds], requested_mass [kg], fleet (arrival, number from 0); of every fleet (kind):
        title, tank_mass [kg], tank_volume [m3], gas_temperature [K], maximum_flow [kg s-1], patience [s].

    Raises
    ------
    ConfigurationError
        When there is no fleet or the time runs back.

    Notes
    -----
    The number of a day is the vehicles' refuellings times the day's share, rounded up or down by one draw. By a
    timetable the vehicles of a day divide it evenly by the hourly share, each anywhere within its own part of it; at
    random each comes anywhere in the day by the hourly share. The mass is even between its limits. All of this is a
    model of ours; the shares come from the fleets' sources.
    """
    if not fleets:
        raise ConfigurationError("refuelling: no fleet; expected at least one")
    if not start < end:
        raise ConfigurationError(f"refuelling: the time runs from {start} to {end}; expected a later end")
    return _drawn(tuple(fleets), start, end, seed, member).copy(deep=True)


@lru_cache(REMEMBERED)
def _drawn(
    fleets: tuple[VehicleFleet, ...], start: np.datetime64, end: np.datetime64, seed: int, member: int
) -> xr.Dataset:
    """Return the vehicles of fleets; the same draws are asked for by the period and by the years of a plant."""
    midnight = start.astype("datetime64[D]")
    days = int(np.ceil((end - midnight) / np.timedelta64(1, "D")))
    weekday = (midnight.astype(np.int64) + 3 + np.arange(days)) % 7  # 1970-01-01 was a Thursday, 3 from Monday
    parts = [_arrivals_of(fleet, number, weekday, seed, member) for number, fleet in enumerate(fleets)]
    offset = np.concatenate([part[0] for part in parts])
    mass = np.concatenate([part[1] for part in parts])
    kind = np.repeat(np.arange(len(fleets)), [part[0].size for part in parts])
    after = (np.round(offset).astype(np.int64) * 1_000_000_000).astype("timedelta64[ns]")
    time = midnight.astype("datetime64[ns]") + after
    order = np.lexsort((kind, time))
    order = order[(time[order] >= start) & (time[order] < end)]
    volume = [float(f.tank_mass) / float(hydrogen_density(f.nominal_pressure, REFERENCE_TEMPERATURE)) for f in fleets]
    return xr.Dataset(
        {
            "arrival_time": ("arrival", time[order], {"long_name": "arrival of the vehicle, UTC"}),
            "requested_mass": ("arrival", mass[order], {"units": "kg", "long_name": "hydrogen asked for"}),
            "fleet": ("arrival", kind[order], {"long_name": "fleet of the vehicle"}),
            "title": ("kind", [fleet.title for fleet in fleets], {"long_name": "fleet"}),
            "tank_mass": ("kind", [float(fleet.tank_mass) for fleet in fleets], {"units": "kg"}),
            "tank_volume": ("kind", volume, {"units": "m3"}),
            "gas_temperature": ("kind", [float(fleet.filling_temperature) for fleet in fleets], {"units": "K"}),
            "maximum_flow": ("kind", [float(fleet.maximum_flow) for fleet in fleets], {"units": "kg s-1"}),
            "patience": ("kind", [float(fleet.patience) for fleet in fleets], {"units": "s"}),
        }
    )


def _arrivals_of(
    fleet: VehicleFleet, number: int, weekday: NDArray[np.int64], seed: int, member: int
) -> tuple[Floats, Floats]:
    """Return seconds from midnight of the first day, and masses [kg], of one fleet."""

    def draws(stream: int, count: int) -> Floats:
        values = np.empty(count)
        fill_uniform(seed, PURPOSE, member, _STREAMS * number + stream, values)
        return values

    requested = fleet.vehicles * float(fleet.refuellings_per_day) * np.array(fleet.daily_share, np.float64)[weekday]
    count = np.floor(requested + draws(_COUNT, requested.size)).astype(np.int64)
    day = np.repeat(np.arange(requested.size), count)
    place = np.arange(day.size) - np.repeat(np.cumsum(count) - count, count)
    share = draws(_MOMENT, day.size)
    if fleet.arrivals == "timetable":
        share = (place + share) / np.repeat(count, count)
    cumulated = np.concatenate([[0.0], np.cumsum(np.array(fleet.hourly_share, np.float64))])
    moment = HOUR * np.interp(share, cumulated / cumulated[-1], np.arange(25.0))
    spread = float(fleet.refuelled_spread) * (2.0 * draws(_MASS, day.size) - 1.0)
    return day * DAY + moment, float(fleet.refuelled_mass) * (1.0 + spread)


def mean_demand(fleet: VehicleFleet) -> float:
    """Return the mean hydrogen asked for by a fleet over the week [kg/s]."""
    day = fleet.vehicles * float(fleet.refuellings_per_day) * float(fleet.refuelled_mass)
    return day * float(np.mean(np.array(fleet.daily_share, np.float64))) / DAY
