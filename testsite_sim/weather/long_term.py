"""From a record to the long-term climate of a location: sector-wise quantile mapping, and measure-correlate-predict."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.errors import DataError
from testsite_sim.configuration.weather_climate import SectorWind

SECTORS = 12
FEWEST = 12  # intervals of a sector below which it is mapped with its neighbours


def map_to_climate(record: xr.Dataset, wind: SectorWind) -> xr.Dataset:
    """Map wind and direction of a record to the sectors of a climate.

    Directions are moved by a rising map of the circle, straight between the borders of the sectors, so that each
    sector blows as often as in the climate. Then the speeds of each sector, at the climate's height, take the values of
    its Weibull distribution at their ranks; what the record has of hours, seasons and storms stays in its place. Other
    levels keep their ratio to that height, times a constant that brings their mean to the climate's shear.

    Parameters
    ----------
    record : xarray.Dataset, dims (time, height)
        wind_speed (time, height) or wind_speed_at_hub (time,) [m/s] and wind_direction (time, height) [degree].
    wind : SectorWind
        The climate.

    Returns
    -------
    xarray.Dataset
        The record with other wind, direction and, where the climate states it, turbulence_intensity (time,) [1].
        Attribute `climate` says what was done.

    Raises
    ------
    DataError
        When the record has no direction, no wind, or more than one sector of the climate has no wind in it.

    References
    ----------
    Panofsky and Brier (1968), Some applications of statistics to meteorology (quantile mapping).
    """
    return mapping_of(record, wind).applied(record, wind)


# What of a climate the generator alone uses, or the shear, which only scales the levels next to its height.
_NOT_MAPPED = ("shear_exponent", "swing", "monthly_share", "daily_amplitude", "daily_peak")
_OF_THE_WIND = ("wind_speed", "wind_direction", "wind_speed_at_hub")


@dataclass(frozen=True, eq=False)
class ClimateMapping:
    """What `map_to_climate` finds of a record whatever the shear is, so that it serves climates that differ in that.

    `measured`: the arrays of the record by name, `levels` their heights [m]; `mapped` (time,): speed at the climate's
    height; `speed` (time, height): of the levels, before their means are brought to the shear; `direction` (time,
    height); `intensity` (time,), where the climate has turbulence; `about`: attribute `climate`; `inserted`: where the
    climate's height becomes a level, and its direction (time,).
    """

    wind: SectorWind
    measured: Mapping[str, NDArray[Any]]
    levels: Floats
    mapped: Floats
    speed: Floats | None
    direction: Floats
    intensity: Floats | None
    about: str
    inserted: tuple[int, Floats] | None

    def serves(self, record: xr.Dataset, wind: SectorWind) -> bool:
        """Return whether a record holds the very arrays that were mapped, and a climate differs in the shear alone."""
        names = [name for name in _OF_THE_WIND if name in record.variables]
        stated = [name for name in SectorWind.model_fields if name not in _NOT_MAPPED]
        return (
            names == list(self.measured)
            and np.array_equal(record["height"].to_numpy(), self.levels)
            and all(record.variables[name].data is self.measured[name] for name in names)
            and all(getattr(wind, name) == getattr(self.wind, name) for name in stated)
        )

    def applied(self, record: xr.Dataset, wind: SectorWind) -> xr.Dataset:
        """Return a record that it serves in that climate."""
        height, levels = float(wind.height), record["height"].to_numpy()
        columns: dict[str, Floats] = {"wind_direction": self.direction}
        if self.speed is not None:
            expected = self.mapped.mean() * (levels / height) ** float(wind.shear_exponent)
            columns["wind_speed"] = self.speed * (expected / np.maximum(self.speed.mean(axis=0), 1e-9))
        series: dict[str, Any] = {}
        if "wind_speed_at_hub" in record:
            series["wind_speed_at_hub"] = ("time", self.mapped, record["wind_speed_at_hub"].attrs)
        if self.intensity is not None:
            about = {"units": "1", "long_name": "turbulence intensity of the climate at its wind speed"}
            series["turbulence_intensity"] = ("time", self.intensity, about)
        others = record
        if self.inserted is not None:  # the climate's level, as it was mapped; other profiles are left out
            place, direction = self.inserted
            about = record["height"].attrs
            others = record.drop_dims("height").assign_coords(
                height=("height", np.insert(levels, place, height), about)
            )
            columns = {
                "wind_speed": np.insert(columns["wind_speed"], place, self.mapped, axis=1),
                "wind_direction": np.insert(self.direction, place, direction, axis=1),
            }
        profiles = {name: (("time", "height"), each, record[name].attrs) for name, each in columns.items()}
        return others.assign(series | profiles).assign_attrs(climate=self.about)


def mapping_of(record: xr.Dataset, wind: SectorWind) -> ClimateMapping:
    """Return how the wind of a record is mapped to the sectors of a climate; see `map_to_climate`."""
    if "wind_direction" not in record:
        raise DataError(
            "weather.climate: the record has no wind_direction, by which a climate is mapped; add it, or set "
            "`climate: null` to keep the record's own wind."
        )
    height = float(wind.height)
    levels = record["height"].to_numpy()
    nearest = int(np.argmin(np.abs(levels - height)))
    direction = record["wind_direction"].isel(height=nearest).to_numpy()
    at_hub = "wind_speed_at_hub" in record
    speed = record["wind_speed_at_hub"].to_numpy() if at_hub else _at_height(record, height)
    if not (np.isfinite(speed).all() and np.isfinite(direction).all()):
        raise DataError("weather.climate: the record has gaps; name a repair, or choose a period without them.")
    turned = map_directions(direction, np.array(wind.frequency, np.float64))
    mapped = map_speeds(speed, turned, np.array(wind.scale.values_in("m/s")), np.array(wind.shape, np.float64))
    factor = np.where(speed > 0.01, mapped / np.maximum(speed, 0.01), 1.0)
    turn = turned - direction
    every = (record["wind_direction"].transpose("time", "height").to_numpy() + turn[:, None]) % 360.0
    other = None
    if "wind_speed" in record:
        other = record["wind_speed"].transpose("time", "height").to_numpy() * factor[:, None]
    intensity = None
    if wind.turbulence is not None:
        table = wind.turbulence
        intensity = np.interp(mapped, np.array(table.speed.values_in("m/s")), np.array(table.intensity, np.float64))
    inserted = None
    if other is not None and not at_hub and levels[nearest] != height:
        inserted = int(np.searchsorted(levels, height)), np.array(every[:, nearest])
    shift = np.abs((turn + 180.0) % 360.0 - 180.0)
    about = (
        f"mapped by sectors at {height:g} m: mean wind speed {speed.mean():.2f} to {mapped.mean():.2f} m/s, "
        f"directions turned by {shift.mean():.1f} degree in the mean; {wind.source}"
    )
    measured = {name: record.variables[name].data for name in _OF_THE_WIND if name in record.variables}
    return ClimateMapping(wind, measured, levels, mapped, other, every, intensity, about, inserted)


def map_directions(direction: Floats, frequency: Floats) -> Floats:
    """Return the directions [degree], moved so that each sector, the first about north, occurs as often as stated.

    Raises
    ------
    DataError
        When a sector of the climate has no direction of the record in it to move.
    """
    width = 360.0 / frequency.size
    at = (direction + 0.5 * width) % 360.0  # from the border of the first sector on
    order = np.argsort(at, kind="stable")
    rank = np.empty(at.size)
    rank[order] = (np.arange(at.size) + 0.5) / at.size
    if not np.ptp(at) > 0.0:
        raise DataError("weather.climate: the record blows from one direction only; it cannot be mapped to sectors.")
    borders = np.concatenate([[0.0], np.cumsum(frequency / frequency.sum())])
    borders[-1] = 1.0
    # Within a sector the order of the record decides; it is spread evenly over the sector.
    turned = np.interp(rank, borders, np.linspace(0.0, 360.0, frequency.size + 1))
    return np.asarray((turned - 0.5 * width) % 360.0)


def map_speeds(speed: Floats, direction: Floats, scale: Floats, shape: Floats) -> Floats:
    """Return the speeds [m/s] of the Weibull distribution of their sector at their ranks."""
    width = 360.0 / scale.size
    sector = np.floor((direction + 0.5 * width) / width).astype(int) % scale.size
    mapped = np.empty(speed.size)
    for k in range(scale.size):
        here = np.flatnonzero(sector == k)
        if here.size == 0:
            continue
        pool = here
        if here.size < FEWEST:
            pool = np.flatnonzero((np.abs(sector - k) <= 1) | (np.abs(sector - k) == scale.size - 1))
        # Means of the distribution over equal shares of probability would be exact; the middle of each is close.
        levels = (np.searchsorted(np.sort(speed[pool]), speed[here], side="left") + 0.5) / pool.size
        if pool is here:
            order = np.argsort(speed[here], kind="stable")
            levels[order] = (np.arange(here.size) + 0.5) / here.size
        mapped[here] = scale[k] * (-np.log1p(-np.minimum(levels, 1.0 - 1e-9))) ** (1.0 / shape[k])
    return mapped


def _at_height(record: xr.Dataset, height: float) -> Floats:
    """Return the wind speed at a height, interpolated or by the record's shear."""
    from testsite_sim.weather.hub_height import speed_at_heights
    from testsite_sim.weather.profile import Profile

    alone = float(record["height"].size) == 1.0
    return speed_at_heights(record, np.array([height]), Profile(shear_exponent=0.1 if alone else None))[0][:, 0]


def predict_long_term(short: xr.Dataset, long: xr.Dataset, *, method: str = "variance-ratio") -> xr.Dataset:
    """Measure, correlate, predict: what the short record's location had through the long record.

    The records' common stamps give, for each of twelve sectors of the long record, a straight line from its speed to
    the short one's; by `variance-ratio` it keeps mean and spread, by `least-squares` it is the best guess of each hour
    (and too narrow a distribution). Directions turn by the mean difference of each sector.

    Parameters
    ----------
    short, long : xarray.Dataset, dims (time, height)
        wind_speed [m/s] and wind_direction [degree]; the first level of each is used. Same step.
    method : str
        `variance-ratio` or `least-squares`.

    Returns
    -------
    xarray.Dataset, dims (time, height)
        wind_speed and wind_direction at the height of the short record, over the time of the long one. Attributes:
        correlation of the common speeds, and number of common intervals.

    Raises
    ------
    DataError
        When the method is unknown or fewer than 500 intervals are common.

    References
    ----------
    Rogers, Rogers and Manwell (2005), Journal of Wind Engineering and Industrial Aerodynamics 93, 243-264.
    """
    from testsite_sim.common.errors import nearest

    methods = ("variance-ratio", "least-squares")
    if method not in methods:
        raise DataError(f"long term: there is no method {method!r}. {nearest(method, methods)}")
    names = ["wind_speed", "wind_direction"]
    first, second = xr.align(short[names].isel(height=0, drop=True), long[names].isel(height=0, drop=True))
    speeds = first["wind_speed"].to_numpy(), second["wind_speed"].to_numpy()
    known = np.isfinite(speeds[0]) & np.isfinite(speeds[1]) & np.isfinite(second["wind_direction"].to_numpy())
    if known.sum() < 500:
        raise DataError(f"long term: the records have {int(known.sum())} intervals in common; expected 500 or more.")
    y, x = speeds[0][known], speeds[1][known]
    turn = np.exp(1j * np.radians((first["wind_direction"] - second["wind_direction"]).to_numpy()[known]))
    sector = _sector(second["wind_direction"].to_numpy()[known])
    everywhere = long["wind_speed"].isel(height=0).to_numpy()
    bearing = long["wind_direction"].isel(height=0).to_numpy()
    at = _sector(bearing)
    predicted, veer = np.full(everywhere.size, np.nan), np.zeros(everywhere.size)
    for k in range(SECTORS):
        here = sector == k
        if here.sum() < 30:  # too few for a line of their own: that of all directions
            here = np.ones(x.size, dtype=np.bool_)
        slope = y[here].std() / x[here].std()
        if method == "least-squares":
            slope *= np.corrcoef(x[here], y[here])[0, 1]
        there = at == k
        predicted[there] = np.maximum(y[here].mean() + slope * (everywhere[there] - x[here].mean()), 0.0)
        mean_turn = np.nansum(turn[here])
        veer[there] = np.degrees(np.angle(mean_turn))
    height = short["height"].isel(height=slice(0, 1))
    return xr.Dataset(
        {
            "wind_speed": (("time", "height"), predicted[:, None], short["wind_speed"].attrs),
            "wind_direction": (("time", "height"), ((bearing + veer) % 360.0)[:, None], short["wind_direction"].attrs),
        },
        coords={"time": long["time"], "height": height},
        attrs={
            "location": short.attrs.get("location", "?"),
            "source": f"{method} of {short.attrs.get('source', '?')} on {long.attrs.get('source', '?')}",
            "license": "as its sources",
            "correlation": float(np.corrcoef(x, y)[0, 1]),
            "common_intervals": int(known.sum()),
        },
    )


def _sector(direction: Floats) -> NDArray[np.int64]:
    """Return the sector of each direction, the first about north; -1 where it is missing."""
    known = np.isfinite(direction)
    sector = np.floor((np.where(known, direction, 0.0) + 15.0) / 30.0).astype(np.int64) % SECTORS
    return np.where(known, sector, -1)
