"""Generate wind and waves of a stated climate, or waves for a wind record that has none."""

from collections.abc import Callable

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.weather.metocean import Curve, add_autoregressive, correlation_of_waves, low_pass

from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.common.time_axis import months, step_of
from testsite_sim.common.units import DAY, HOUR
from testsite_sim.configuration.climate import Climate
from testsite_sim.weather.waves import waves_of_heights

_MEMORIES = np.array([6.0, 9.0, 12.0, 18.0, 24.0, 48.0, 96.0, 192.0]) * HOUR  # [s] of the components of the wind
_SMOOTHINGS = np.array([0.5, 1.0, 1.5, 2.0, 3.0, 4.0]) * HOUR  # [s] of which the best fit is taken
_CELLS = 512  # cubics of a curve of wave heights
_CLEARLY = 1e-5  # difference of correlations that the error of such a curve, below 1e-9, cannot turn
_ROUGHER = 1.5  # power of the wind's monthly share that the waves of a month follow
_DAYS = np.array([31.0, 28.25, 31.0, 30.0, 31.0, 30.0, 31.0, 31.0, 30.0, 31.0, 30.0, 31.0])  # of the months


def generate_metocean(
    climate: Climate, *, start: str, years: int, step: float = HOUR, seed: int = 0, member: int = 0
) -> xr.Dataset:
    """Generate wind speed, significant wave height and wave period of a climate.

    A Gaussian process, the sum of autoregressive components that fit the stated autocorrelation, is mapped to the
    Weibull distribution of each month. Waves follow it: see `generate_waves`.

    Parameters
    ----------
    climate : Climate
        The statistics to reproduce.
    start : str
        First stamp, UTC, such as `2001-01-01`.
    years : int
        Calendar years.
    step : float
        Step [s].
    seed, member : int
        Root seed and number of the record.

    Returns
    -------
    xarray.Dataset, dims (time, height)
        wind_speed (time, height) [m s-1], significant_wave_height (time) [m], wave_period (time) [s].

    Raises
    ------
    ConfigurationError
        When the step does not divide a day or there is no year.

    References
    ----------
    Brown, Katz and Murphy (1984), Time series models to simulate and forecast wind speed and wind power, Journal of
    Climate and Applied Meteorology 23, 1184-1195: the mapping of a Gaussian process.
    """
    if years < 1 or step <= 0.0 or DAY % step != 0.0:
        raise ConfigurationError(
            f"metocean: found {years} years of {step:g} s; expected a year or more, steps of a day."
        )
    begin = np.datetime64(start, "D")
    end = (begin.astype("datetime64[Y]") + np.timedelta64(years, "Y")).astype("datetime64[D]") + (
        begin - begin.astype("datetime64[Y]")
    )
    time = np.arange(
        begin.astype("datetime64[ns]"), end.astype("datetime64[ns]"), np.timedelta64(round(step * 1e9), "ns")
    )
    smoothing, weights = _components(climate)
    rough = np.zeros(time.size)
    for k, (memory, weight) in enumerate(zip(_MEMORIES, weights, strict=True)):
        if weight > 0.0:
            raw = weight * (memory + smoothing) / memory  # what the filter takes from the variance
            add_autoregressive(seed, member, k, float(np.exp(-step / memory)), float(np.sqrt(raw)), rough)
    latent = np.empty(time.size)
    low_pass(rough, float(np.exp(-step / smoothing)), latent)
    latent = (latent - latent.mean()) / latent.std()
    month = months(time)
    share = np.array([float(value) for value in climate.monthly_share])
    season = share / share[month].mean()
    wind = _weibull(latent, climate.mean_wind_speed, climate.weibull_shape, season, month)
    record = xr.Dataset(
        {
            "wind_speed": (
                ("time", "height"),
                wind[:, None],
                {"units": "m s-1", "long_name": "wind speed", "standard_name": "wind_speed"},
            )
        },
        coords={"time": time, "height": ("height", [float(climate.height)], {"units": "m"})},
        attrs={"title": f"generated: {climate.title}", "source": climate.source, "seed": seed, "member": member},
    )
    rougher = share**_ROUGHER
    season = rougher / rougher[month].mean()
    return record.merge(_waves(latent, wind, time, month, step, climate, season, seed, member))


def generate_waves(wind_speed: xr.DataArray, climate: Climate, *, seed: int = 0, member: int = 0) -> xr.Dataset:
    """Generate waves that follow a wind record.

    The wind over what its month has in the climate, made Gaussian by its ranks, passes a low-pass filter (the sea
    answers with a delay) and meets a swell of its own; the sum is mapped to the Weibull wave climate of each month. So
    the season is in the waves once, as in `generate_metocean`, and a month that was windier than it usually is has
    higher waves. The share of the swell is the one that gives the stated correlation of wave height and wind speed.

    Parameters
    ----------
    wind_speed : xarray.DataArray, dims (time,)
        Without gaps.
    climate : Climate
        Its statistics of waves.
    seed, member : int
        Root seed and number of the record.

    Returns
    -------
    xarray.Dataset, dims (time,)
        significant_wave_height [m], wave_period [s].

    Raises
    ------
    DataError
        When the wind has gaps or is shorter than two days.
    """
    from testsite_sim.common.special_functions import ndtri

    speed = np.asarray(wind_speed.to_numpy(), np.float64)
    time = wind_speed["time"].to_numpy()
    step = step_of(time) if time.size > 1 else 0.0
    if speed.ndim != 1 or not np.isfinite(speed).all() or time.size * step < 2 * DAY:
        raise DataError("metocean: expected a series of wind speed without gaps, of two days at least.")
    share = np.array([float(value) for value in climate.monthly_share])
    rougher = share**_ROUGHER
    season = rougher / np.average(rougher, weights=_DAYS)  # of a whole year, which the record need not cover
    month = months(time)
    usual = speed / share[month]
    ranks = np.empty(speed.size)
    ranks[np.argsort(usual, kind="stable")] = np.arange(speed.size) + 0.5
    return _waves(ndtri(ranks / speed.size), speed, time, month, step, climate, season, seed, member)


def _components(climate: Climate) -> tuple[float, Floats]:
    """Return the smoothing [s] and the variance of each component (memory,) that fit the autocorrelation best.

    An autoregressive process of memory a, passed through a low-pass filter of memory s, has the autocorrelation
    (a exp(-h/a) - s exp(-h/s)) / (a - s).
    """
    from scipy.optimize import nnls

    lags = np.array([0.0, *climate.persistence.lags])[:, None]
    expected = np.array([1.0, *climate.persistence.autocorrelation])
    best = (np.inf, 0.0, _MEMORIES)
    for smoothing in _SMOOTHINGS:
        rows = _MEMORIES * np.exp(-lags / _MEMORIES) - smoothing * np.exp(-lags / smoothing)
        rows /= _MEMORIES - smoothing
        rows[0] *= 100.0  # the variances add up to one
        weights, residual = nnls(rows, np.concatenate([[100.0], expected[1:]]))
        if residual < best[0]:
            best = (residual, float(smoothing), weights / weights.sum())
    return best[1], best[2]


def _weibull(latent: Floats, mean: float, shape: float, season: Floats, month: NDArray[np.int8]) -> Floats:
    """Return the Weibull series of a standard normal one, of `season` times the mean in each month, (12,) [1]."""
    from testsite_sim.common.special_functions import gamma, log_ndtr

    scale = mean / gamma(1.0 + 1.0 / shape) * season
    return np.asarray(scale[month] * (-log_ndtr(-latent)) ** (1.0 / shape))


def _waves(
    latent: Floats,
    wind: Floats,
    time: NDArray[np.datetime64],
    month: NDArray[np.int8],
    step: float,
    climate: Climate,
    season: Floats,
    seed: int,
    member: int,
) -> xr.Dataset:
    """Return the waves that follow a standard normal wind series, as correlated with the wind as the climate says.

    `latent` has no season; `season` is the mean height of each month over that of the year, (12,) [1].
    """
    filtered = np.empty(latent.size)
    low_pass(latent, float(np.exp(-step / climate.response)), filtered)
    filtered = (filtered - filtered.mean()) / filtered.std()
    swell = np.zeros(latent.size)
    add_autoregressive(seed, member, _MEMORIES.size, float(np.exp(-step / climate.swell_memory)), 1.0, swell)

    def height_of(weight: float) -> Floats:
        gaussian = weight * filtered + np.sqrt(1.0 - weight**2) * swell
        return _weibull(gaussian, climate.mean_wave_height, climate.wave_weibull_shape, season, month)

    expected = climate.wave_wind_correlation
    roughly = _rough_correlation(filtered, swell, climate, season[month], wind)
    low, high = 0.0, 1.0
    for _ in range(10):  # to 0.001 in the weight
        middle = 0.5 * (low + high)
        found = roughly(middle)
        if not abs(found - expected) > _CLEARLY:
            found = float(np.corrcoef(height_of(middle), wind)[0, 1])
        if found < expected:
            low = middle
        else:
            high = middle
    height = height_of(0.5 * (low + high))
    return waves_of_heights(time, height, float(climate.period_factor))


def _rough_correlation(
    filtered: Floats, swell: Floats, climate: Climate, season: Floats, wind: Floats
) -> Callable[[float], float]:
    """Return what gives the correlation of waves and wind by the weight of the wind, by a curve of the heights.

    It errs by less than 1e-9 and takes a tenth of the time; `season` and the other series are over (time,).
    """
    span = 1e-6 + float(np.hypot(np.abs(filtered).max(), np.abs(swell).max()))
    width = 2.0 * span / _CELLS
    points = np.asarray(-span + width * np.arange(-1, _CELLS + 2), np.float64)
    one = np.ones(1)
    y = _weibull(points, 1.0, climate.wave_weibull_shape, one, np.zeros(points.size, np.int8))
    before, begin, end, after = y[:-3], y[1:-2], y[2:-1], y[3:]  # the cubic through four points, from the second on
    terms = np.stack(
        [
            begin,
            end - before / 3.0 - begin / 2.0 - after / 6.0,
            (before + end) / 2.0 - begin,
            (after - before) / 6.0 + (begin - end) / 2.0,
        ],
        axis=1,
    )
    curve, anomaly, seasons = Curve(-span, width, terms), wind - wind.mean(), np.array(season)
    return lambda weight: float(correlation_of_waves(filtered, swell, weight, curve, seasons, anomaly))
