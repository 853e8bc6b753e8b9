"""How long a prototype's measurements take on every berth, from every start of a record."""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.random_streams import fill_normal
from testsite_kernels.operations.certification import completion_steps

from testsite_sim.common.errors import DataError
from testsite_sim.common.units import HOUR
from testsite_sim.configuration.berths import CaptureTurbulence, OffshoreTestSite
from testsite_sim.operations.power_performance import normalised_wind_speed
from testsite_sim.operations.sea_state import SeaState

_TURBULENCE = 7  # purpose of the random numbers


@dataclass(frozen=True)
class _Requirement:
    """What a campaign must have seen: the bin of each step (-1: none), time in each bin and in all [s], their names."""

    name: str
    bins: NDArray[np.int64]
    time_per_bin: Floats
    total_time: float
    labels: list[str]


def certification_time(
    test_site: OffshoreTestSite, sea: SeaState, wind_direction: Floats, air_density: Floats | None = None, seed: int = 0
) -> xr.Dataset:
    """Return how long the measurements take on every berth from every start of the record.

    Parameters
    ----------
    test_site : OffshoreTestSite
        Berths and the campaigns' requirements.
    sea : SeaState
        Wind at hub height.
    wind_direction : array, (time,)
        Where the wind comes from [degree].
    air_density : array, (time,), optional
        [kg m-3]; without it the wind is taken as normalised.
    seed : int
        Root seed of the turbulence, where the capture matrix has bins of it.

    Returns
    -------
    xarray.Dataset, dims (berth, time)
        power_performance, load_measurement [s], nan where the record ends first; valid_share (berth) [1].

    Raises
    ------
    DataError
        When the series do not fit, or no start completes: the bin that is never filled is named.

    Notes
    -----
    A step of the record counts wholly in the bin of its mean wind speed; with hourly steps that is coarser than the
    ten-minute means of the standard. The prototype runs in a share `prototype_availability` of the time, so that the
    time asked for grows by its inverse.
    """
    speed = normalised(sea, wind_direction, air_density)
    campaigns = {
        "power_performance": [_power_performance(test_site, speed)],
        "load_measurement": _load_measurement(test_site, speed, seed),
    }
    found = {name: np.empty((len(test_site.berths), sea.time.size)) for name in campaigns}
    valid_share = np.empty(len(test_site.berths))
    for b, berth in enumerate(test_site.berths):
        valid = ~disturbed_steps(test_site, b, wind_direction)
        valid_share[b] = valid.mean()
        for name, requirements in campaigns.items():
            each = [_duration(item, valid, test_site, sea, berth.name) for item in requirements]
            found[name][b] = np.max(each, axis=0)  # nan where one is never complete
    long_names = {"power_performance": "time to a power curve", "load_measurement": "time to a capture matrix"}
    return xr.Dataset(
        {
            **{
                name: (("berth", "time"), values, {"units": "s", "long_name": long_names[name]})
                for name, values in found.items()
            },
            "valid_share": ("berth", valid_share, {"units": "1", "long_name": "share of time in valid sectors"}),
        },
        coords={"berth": [berth.name for berth in test_site.berths], "time": sea.time},
    )


def normalised(sea: SeaState, wind_direction: Floats, air_density: Floats | None) -> Floats:
    """Return the wind speed normalised to the reference density, (time,) [m/s], the series checked."""
    for name, series in (("wind_direction", wind_direction), ("air_density", air_density)):
        if series is not None and (series.shape != sea.time.shape or not np.isfinite(series).all()):
            raise DataError(f"certification: {name} does not fit the {sea.time.size} steps of the record, or has gaps.")
    return sea.wind_speed if air_density is None else normalised_wind_speed(sea.wind_speed, air_density)


def disturbed_steps(test_site: OffshoreTestSite, b: int, wind_direction: Floats) -> NDArray[np.bool_]:
    """Return in which steps the inflow of a berth is disturbed, shape (time,)."""
    disturbed = np.zeros(wind_direction.size, np.bool_)
    for sector in test_site.berths[b].disturbed:
        width = (sector.end - sector.begin) % 360.0
        disturbed |= (wind_direction - sector.begin) % 360.0 <= width
    return disturbed


def _power_performance(test_site: OffshoreTestSite, speed: Floats) -> _Requirement:
    """Return the bins of the power curve and the time asked of each."""
    test = test_site.power_performance
    low = np.floor((test.cut_in - 1.0) / test.bin_width + 0.5)
    high = np.floor(1.5 * test.speed_at_85_percent / test.bin_width + 0.5)
    count = int(high - low) + 1
    labels = [f"{(low + k) * test.bin_width:g} m/s" for k in range(count)]
    bins = _within(np.floor(speed / test.bin_width + 0.5) - low, count)
    return _Requirement(
        "power performance", bins, np.full(count, float(test.time_per_bin)), float(test.total_time), labels
    )


def _load_measurement(test_site: OffshoreTestSite, speed: Floats, seed: int) -> list[_Requirement]:
    """Return the bins of the capture matrix: of wind speed, and where stated, of wind speed and turbulence."""
    loads = test_site.load_measurement
    count = int(np.ceil((loads.last - loads.first) / loads.bin_width))
    edges = [float(loads.first + k * loads.bin_width) for k in range(count)]
    bins = _within(np.floor((speed - loads.first) / loads.bin_width), count)
    labels = [f"{edge:g} m/s" for edge in edges]
    by_speed = _Requirement("load measurement", bins, np.full(count, float(loads.time_per_bin)), 0.0, labels)
    if loads.turbulence is None:
        return [by_speed]
    from testsite_sim.common.special_functions import ndtr

    turbulence = loads.turbulence
    noise = np.empty(speed.size)
    fill_normal(seed, _TURBULENCE, 0, 0, noise)
    spread, width = float(turbulence.spread), float(turbulence.bin_width)
    intensity = _median_intensity(speed, turbulence) * np.exp(spread * noise)
    rows = int(np.ceil(float(intensity.max()) / width))
    middle = np.array(edges) + 0.5 * float(loads.bin_width)
    borders = np.log(np.maximum(np.arange(rows + 1) * width, 1e-12))
    centre = np.log(_median_intensity(middle, turbulence))
    expected = np.diff(ndtr((borders[None, :] - centre[:, None]) / spread), axis=1)
    asked = np.where(expected >= turbulence.least_share, float(turbulence.time_per_bin), 0.0)
    both = np.where(bins >= 0, bins * rows + np.floor(intensity / width).astype(np.int64), -1)
    labels = [f"{edge:g} m/s and turbulence {100.0 * width * row:.3g} %" for edge in edges for row in range(rows)]
    return [by_speed, _Requirement("load measurement", both, asked.ravel(), 0.0, labels)]


def _median_intensity(speed: Floats, turbulence: CaptureTurbulence) -> Floats:
    """Return the median turbulence intensity at wind speeds: its mean, less what the log-normal spread adds to it."""
    mean = np.interp(speed, turbulence.wind_speed.values_in("m/s"), turbulence.intensity)
    return np.asarray(mean * np.exp(-0.5 * float(turbulence.spread) ** 2))


def _within(bins: Floats, count: int) -> NDArray[np.int64]:
    """Return the number of each bin, -1 outside."""
    return np.where((bins >= 0) & (bins < count), bins, -1).astype(np.int64)


def _duration(
    requirement: _Requirement, valid: NDArray[np.bool_], test_site: OffshoreTestSite, sea: SeaState, berth: str
) -> Floats:
    """Return the time to completion from every step [s], nan where the record ends first."""
    number = np.where(valid, requirement.bins, -1)
    steps = sea.step * float(test_site.prototype_availability)
    required = np.ceil(requirement.time_per_bin / steps - 1e-9)
    completion = np.empty(sea.time.size, np.int32)
    completion_steps(number.astype(np.int16), required, requirement.total_time / steps, completion)
    if completion.max() < 0:
        seen = np.bincount(number[number >= 0], minlength=required.size) * sea.step / HOUR
        worst = int(np.argmin(seen - required * sea.step / HOUR))
        raise DataError(
            f"certification: {requirement.name} on berth {berth!r} is never complete in the record: the bin at "
            f"{requirement.labels[worst]} was seen for {seen[worst]:g} h of the "
            f"{required[worst] * sea.step / HOUR:g} h asked for; expected a longer record or less disturbance."
        )
    duration = (completion - np.arange(sea.time.size)) * sea.step
    return np.where(completion >= 0, duration, np.nan)
