"""What follows a generated wind: waves, and series of months, hours and direction such as temperature and price."""

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.weather.metocean import add_autoregressive, low_pass

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.time_axis import hours_of_day
from testsite_sim.configuration.quantities import parse_quantity
from testsite_sim.configuration.weather_climate import SeasonalSeries, SectorWind, Waves
from testsite_sim.weather.waves import waves_of_heights

Times = NDArray[np.datetime64]
_SWELL = 128  # stream of the swell
_MIDWINTER_DAY = 15.0  # days after New Year at which the season turns


def day_angle(time: Times) -> Floats:
    """Return the angle of the year [rad], zero on 16 January, (time,)."""
    year = time.astype("datetime64[Y]")
    length = ((year + np.timedelta64(1, "Y")).astype("datetime64[D]") - year.astype("datetime64[D]")) / np.timedelta64(
        1, "D"
    )
    day = (time - year.astype("datetime64[ns]")) / np.timedelta64(1, "D")
    return np.asarray(2.0 * np.pi * (day - _MIDWINTER_DAY) / length)


def seasonal_series(
    series: SeasonalSeries,
    unit: str,
    time: Times,
    score: Floats,
    direction: Floats,
    step: float,
    seed: int,
    member: int,
    stream: int,
) -> Floats:
    """Return a series of months, hours, wind and noise in an SI unit, (time,).

    Raises
    ------
    ConfigurationError
        When the series states a unit that is none of the expected kind.
    """
    from testsite_sim.common.special_functions import ndtr, ndtri

    try:
        zero, one = (parse_quantity(f"{n} {series.units}", unit) for n in (0, 1))
    except ValueError as error:
        raise ConfigurationError(f"climate: the units of a series: {error}; expected one such as {unit}.") from error
    season = day_angle(time)
    winter = 0.5 * (1.0 + np.cos(season))
    hour = hours_of_day(time).astype(int)
    angle = (season / (2.0 * np.pi) + _MIDWINTER_DAY / 365.25) % 1.0
    values = _circular(np.array(series.monthly_mean, np.float64), angle, offset=0.5)
    for table, weight in ((series.winter_hours, winter), (series.summer_hours, 1.0 - winter)):
        values += weight * np.array(table, np.float64)[hour]
    for table, weight in ((series.winter_sectors, winter), (series.summer_sectors, 1.0 - winter)):
        values += weight * _circular(np.array(table, np.float64), direction / 360.0, offset=0.0)
    values += float(series.wind_slope) * score + float(series.wind_curvature) * (score * score - 1.0)
    if series.weekend:
        weekday = (time.astype("datetime64[D]").astype(int) + 3) % 7  # Monday 0
        values += float(series.weekend) * ((weekday >= 5) - 2.0 / 7.0)
    noise = np.zeros(time.size)
    memory, variance = (np.array(each, np.float64) for each in (series.memories.memory, series.memories.variance))
    for k, (each, share) in enumerate(zip(memory, variance / variance.sum(), strict=True)):
        add_autoregressive(seed, member, stream + k, float(np.exp(-step / each)), float(np.sqrt(share)), noise)
    at, quantiles = np.array(series.scores), np.array(series.quantiles)
    values += np.interp(noise, at, quantiles) - _mean_of_map(at, quantiles, ndtr, ndtri)
    return np.asarray(values * (one - zero) + zero)


def _circular(table: Floats, at: Floats, offset: float) -> Floats:
    """Interpolate a table around a circle; `at` in turns, the first entry at `offset` entries after zero."""
    n = table.size
    position = at * n - offset
    low = np.floor(position).astype(int)
    share = position - low
    return np.asarray((1.0 - share) * table[low % n] + share * table[(low + 1) % n])


def _mean_of_map(scores: Floats, quantiles: Floats, ndtr: np.ufunc, ndtri: np.ufunc) -> float:
    """Return the mean of the mapped noise: what the months already say must not be added twice."""
    levels = (np.arange(4000) + 0.5) / 4000
    return float(np.interp(ndtri(levels), scores, quantiles).mean())


def waves_of(
    waves: Waves,
    wind: SectorWind,
    time: Times,
    score: Floats,
    autocorrelation: Floats,
    step: float,
    seed: int,
    member: int,
) -> xr.Dataset:
    """Return the waves that follow a wind score: a low-pass filter (the sea answers late) and a swell of its own.

    The sum is mapped to the Weibull distribution of the season. The share of the swell is that which gives the stated
    correlation of wave height and wind, for the stated autocorrelation of the score at lags 0, 1, … steps.

    Returns
    -------
    xarray.Dataset, dims (time,)
        significant_wave_height [m], wave_period [s].
    """
    from testsite_sim.common.special_functions import gamma, log_ndtr

    filtered, memory = np.empty(score.size), float(np.exp(-step / waves.response))
    low_pass(score, memory, filtered)
    # Of a series of variance v and autocorrelation r: variance v (1 - m) / (1 + m) (1 + 2 sum m^k r_k) behind the
    # filter, covariance v (1 - m) sum m^k r_k with the series itself.
    powers = memory ** np.arange(autocorrelation.size)
    reach = float((powers * autocorrelation).sum())
    variance = (1.0 - memory) / (1.0 + memory) * (2.0 * reach - 1.0)
    follows = (1.0 - memory) * reach / np.sqrt(variance)
    filtered /= np.sqrt(variance)
    weight = min(float(waves.wind_correlation) / follows, 1.0)
    swell = np.zeros(score.size)
    add_autoregressive(seed, member, _SWELL, float(np.exp(-step / waves.swell_memory)), 1.0, swell)
    gaussian = weight * filtered + np.sqrt(1.0 - weight**2) * swell
    months = np.array(wind.monthly_share, np.float64) ** 1.5
    angle = (day_angle(time) / (2.0 * np.pi) + _MIDWINTER_DAY / 365.25) % 1.0
    share = _circular(months / months.mean(), angle, offset=0.5)
    scale = float(waves.mean_height) / gamma(1.0 + 1.0 / waves.weibull_shape)
    height = scale * share * (-log_ndtr(-gaussian)) ** (1.0 / float(waves.weibull_shape))
    return waves_of_heights(time, height, float(waves.period_factor))
