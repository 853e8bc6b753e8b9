"""A stochastic generator of weather: wind, direction, temperature, waves and price that hang together."""

from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.weather.generator import (
    ExponentialScore,
    FastWind,
    SectorClimate,
    WindVector,
    latent_wind,
    wind_of_latent,
)

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.roots import bracketed_root
from testsite_sim.common.time_axis import seconds_of_day
from testsite_sim.common.units import DAY, HOUR
from testsite_sim.configuration.weather_climate import Memories, SectorWind, WeatherClimate, WindDynamics
from testsite_sim.weather.generated_series import day_angle, seasonal_series, waves_of

FINE_STEP = 600.0  # [s] the step of the process; coarser records are its averages
_LOWEST, _HIGHEST, _CELLS = -12.0, 12.0, 4800  # grid of the score
_MIDWINTER = 15.0 / 365.25  # [year] 16 January, where the season turns


def generate_weather(
    climate: WeatherClimate, *, start: str, years: int, step: float = HOUR, seed: int = 0, member: int = 0
) -> xr.Dataset:
    """Generate a weather record of a climate.

    The wind is a process in steps of ten minutes (kernel `weather_generator`); a record of a coarser step is its
    average. Temperature, waves and price, where the climate has them, follow its wind.

    Parameters
    ----------
    climate : WeatherClimate
        What to reproduce.
    start : str
        First day, UTC, such as `2001-01-01`.
    years : int
        Calendar years.
    step : float
        Step [s]: a multiple of 600 that divides a day.
    seed, member : int
        Root seed and number of the record: each pair has random numbers of its own.

    Returns
    -------
    xarray.Dataset, dims (time, height)
        wind_speed, wind_direction (time, height) [m s-1, degree]; where given air_temperature [K],
        significant_wave_height [m], wave_period [s] and day_ahead_price [EUR J-1] over (time,).

    Raises
    ------
    ConfigurationError
        When the step, the years or the start do not fit.

    References
    ----------
    Brown, Katz and Murphy (1984), Journal of Climate and Applied Meteorology 23, 1184-1195 (mapping of a Gaussian
    process); Taylor (1986), Modelling financial time series (stochastic volatility).
    """
    fine, parts = _stamps(start, years, step)
    score, speed, direction = _wind(climate, fine, seed, member)
    if parts > 1:
        score = score.reshape(-1, parts).mean(axis=1)
        radians = np.radians(direction.reshape(-1, parts))
        direction = np.degrees(np.arctan2(np.sin(radians).mean(axis=1), np.cos(radians).mean(axis=1))) % 360.0
        speed = speed.reshape(-1, parts).mean(axis=1)
    time = fine[::parts]
    attributes = {
        "wind_speed": {"units": "m s-1", "long_name": "wind speed", "standard_name": "wind_speed"},
        "wind_direction": {"units": "degree", "long_name": "wind direction", "standard_name": "wind_from_direction"},
    }
    about = {"standard_name": "time", "long_name": "start of the interval, UTC"}
    height = {"units": "m", "standard_name": "height", "positive": "up", "long_name": "height"}
    record = xr.Dataset(
        {
            "wind_speed": (("time", "height"), speed[:, None], attributes["wind_speed"]),
            "wind_direction": (("time", "height"), direction[:, None], attributes["wind_direction"]),
        },
        coords={"time": ("time", time, about), "height": ("height", [float(climate.wind.height)], height)},
        attrs={
            "Conventions": "CF-1.11",
            "title": f"generated: {climate.title}",
            "location": climate.title,
            "source": f"stochastic generator of testsite-sim; {climate.source}",
            "license": "CC0-1.0",
            "seed": seed,
            "member": member,
        },
    )
    steps = (step, seed, member)
    if climate.temperature is not None:
        values = seasonal_series(climate.temperature, "K", time, score, direction, *steps, stream=160)
        record["air_temperature"] = (
            "time",
            values,
            {"units": "K", "long_name": "air temperature", "standard_name": "air_temperature"},
        )
    if climate.waves is not None:
        record = record.merge(
            waves_of(climate.waves, climate.wind, time, score, _record_autocorrelation(climate, step), *steps)
        )
    if climate.price is not None:
        values = seasonal_series(climate.price, "EUR/J", time, score, direction, *steps, stream=192)
        record["day_ahead_price"] = (
            "time",
            values,
            {"units": "EUR J-1", "long_name": "day-ahead price of electricity"},
        )
    return record


def _stamps(start: str, years: int, step: float) -> tuple[NDArray[np.datetime64], int]:
    """Return the stamps of the process, and how many of them make one interval of the record."""
    parts = round(step / FINE_STEP)
    if parts < 1 or parts * FINE_STEP != step or DAY % step != 0.0:
        raise ConfigurationError(
            f"weather generate: found a step of {step:g} s; expected a multiple of 600 s that divides a day."
        )
    if not 1 <= years <= 100:
        raise ConfigurationError(
            f"weather generate: found {years} years; expected 1 to 100; more are members of their own."
        )
    try:
        begin = np.datetime64(start, "D")
    except ValueError as error:
        raise ConfigurationError(
            f"weather generate: start: {start!r} is not a day; expected such as 2001-01-01."
        ) from error
    if not 1700 <= begin.astype("datetime64[Y]").astype(int) + 1970 <= 2200 - years + 40:
        raise ConfigurationError(f"weather generate: the years from {start} leave the calendar, 1700 to 2240.")
    month = begin.astype("datetime64[M]")
    end = (month + np.timedelta64(12 * years, "M")).astype("datetime64[D]") + (begin - month.astype("datetime64[D]"))
    fine = np.timedelta64(round(FINE_STEP * 1e9), "ns")
    return np.arange(begin.astype("datetime64[ns]"), end.astype("datetime64[ns]"), fine), parts


def _wind(
    climate: WeatherClimate, time: NDArray[np.datetime64], seed: int, member: int
) -> tuple[Floats, Floats, Floats]:
    """Return score, wind speed [m/s] and direction [degree] in steps of ten minutes."""
    wind, dynamics = climate.wind, climate.dynamics
    score, angle = np.empty(time.size), np.empty(time.size)
    speed, direction = np.empty(time.size), np.empty(time.size)
    vector_smoothing = _correlation(dynamics.vector_smoothing)
    fast = FastWind(
        *_rest(dynamics),
        steady=len(dynamics.steady.memory),
        smoothing=_correlation(dynamics.smoothing),
        activity_memory=_correlation(dynamics.activity_memory),
        activity_spread=float(dynamics.activity_spread),
    )
    vector = WindVector(*_smooth(dynamics.vector, vector_smoothing), vector_smoothing)
    latent_wind(seed, member, vector, fast, float(dynamics.vector_share), score, angle)
    nodes = wind_nodes(wind)
    sectors = SectorClimate(nodes.frequency, nodes.swing, nodes.scale, nodes.shape)
    scores = ExponentialScore(_LOWEST, (_HIGHEST - _LOWEST) / _CELLS, _exponential_score(dynamics))
    season = day_angle(time)
    share = _share(wind, time, season)
    wind_of_latent(score, angle, np.cos(season), share, sectors, scores, speed, direction)
    return score, speed, direction


def _correlation(memory: float) -> float:
    """Return the correlation of neighbours in steps of ten minutes of a memory [s]."""
    return float(np.exp(-FINE_STEP / memory)) if memory > 0.0 else 0.0


def _smooth(memories: Memories, smoothing: float) -> tuple[Floats, Floats]:
    """Return the correlation of neighbours of each component, and the weight that gives its variance when smoothed."""
    r = np.array([_correlation(each) for each in memories.memory])
    variance = np.array(memories.variance, np.float64)
    left = (1.0 - smoothing) ** 2 * (1.0 + r * smoothing) / ((1.0 - smoothing**2) * (1.0 - r * smoothing))
    return r, np.sqrt(variance / variance.sum() / left)


def _rest(dynamics: WindDynamics) -> tuple[Floats, Floats]:
    """Return correlations and weights of the steady and unsteady components, whose variances add up to one."""
    steady, unsteady = sum(dynamics.steady.variance), sum(dynamics.unsteady.variance)
    smooth = _smooth(dynamics.steady, _correlation(dynamics.smoothing))
    rough = _smooth(dynamics.unsteady, 0.0)
    shares = (np.sqrt(each / (steady + unsteady)) for each in (steady, unsteady))
    weights = [share * pair[1] for share, pair in zip(shares, (smooth, rough), strict=True)]
    return np.concatenate([smooth[0], rough[0]]), np.concatenate(weights)


def _variances(dynamics: WindDynamics) -> tuple[float, float]:
    """Return the variance of the score that is steady, and that which the activity multiplies."""
    steady, unsteady = sum(dynamics.steady.variance), sum(dynamics.unsteady.variance)
    rest = 1.0 - dynamics.vector_share
    return dynamics.vector_share + rest * steady / (steady + unsteady), rest * unsteady / (steady + unsteady)


def score_autocorrelation(dynamics: WindDynamics, lags: Floats) -> Floats:
    """Return the autocorrelation of the score at lags [s], shape as lags.

    The length of a Gaussian vector with correlation r has a normal score with correlation sum_n c_n^2 r^(2 n), c_n its
    coefficients in Laguerre polynomials (Kibble 1941, Sankhya 5, 137). Activity of spread s and correlation q times a
    component of correlation r gives r exp(-s^2 (1 - q)).
    """
    lags = np.asarray(lags, np.float64)[..., None]
    coefficient = _length_coefficients()
    order = np.arange(1, coefficient.size + 1)
    vector = _mixed(dynamics.vector, lags, dynamics.vector_smoothing)
    length = (coefficient * vector[..., None] ** (2 * order)).sum(axis=-1) / coefficient.sum()
    steady, unsteady = sum(dynamics.steady.variance), sum(dynamics.unsteady.variance)
    calm = np.exp(-(float(dynamics.activity_spread) ** 2) * (1.0 - np.exp(-lags[..., 0] / dynamics.activity_memory)))
    rest = steady * _mixed(dynamics.steady, lags, dynamics.smoothing)
    rest += unsteady * calm * _mixed(dynamics.unsteady, lags, 0.0)
    share = float(dynamics.vector_share)
    return np.asarray(share * length + (1.0 - share) * rest / (steady + unsteady))


@lru_cache(maxsize=1)
def _length_coefficients() -> Floats:
    """Return the squared Laguerre coefficients, from the first on, of the normal score of an exponential number."""
    from testsite_sim.common.special_functions import eval_laguerre, ndtri

    levels = (np.arange(20_000) + 0.5) / 20_000
    order = np.arange(1, 41)
    return np.asarray((ndtri(levels) * eval_laguerre(order[:, None], -np.log1p(-levels))).mean(axis=1) ** 2)


def _mixed(memories: Memories, lags: Floats, smoothing: float) -> Floats:
    """Return the autocorrelation of a sum of smoothed components at lags [s] (…, 1), those of two poles r and m.

    ((1 - m^2) r^(k+1) - (1 - r^2) m^(k+1)) / ((r - m) (1 + r m)) at lag k, as of any AR(2) process.
    """
    variance, steps = np.array(memories.variance, np.float64), lags / FINE_STEP
    r, m = np.array([_correlation(each) for each in memories.memory]), _correlation(smoothing)
    r = np.where(np.abs(r - m) < 1e-9, r + 1e-6, r)
    each = ((1.0 - m * m) * r ** (steps + 1.0) - (1.0 - r * r) * m ** (steps + 1.0)) / ((r - m) * (1.0 + r * m))
    return np.asarray((variance * each).sum(axis=-1) / variance.sum())


@lru_cache(maxsize=32)
def _exponential_score(dynamics: WindDynamics) -> Floats:
    """Return -ln(1 - F) of the score on its grid; F is a mixture of normal distributions over the activity."""
    from scipy.special import logsumexp

    from testsite_sim.common.special_functions import log_ndtr

    nodes, weights = np.polynomial.hermite_e.hermegauss(48)
    spread = float(dynamics.activity_spread)
    steady, unsteady = _variances(dynamics)
    deviation = np.sqrt(steady + unsteady * np.exp(2.0 * spread * (nodes - spread)))
    grid = np.linspace(_LOWEST, _HIGHEST, _CELLS + 1)
    survival = logsumexp(log_ndtr(-grid[:, None] / deviation), b=weights / weights.sum(), axis=1)
    return np.asarray(-survival)


def _record_autocorrelation(climate: WeatherClimate, step: float) -> Floats:
    """Return the autocorrelation of the record's score at lags of whole steps, over ten times the sea's response."""
    response = float(climate.waves.response) if climate.waves is not None else step
    return score_autocorrelation(climate.dynamics, np.arange(0.0, 10.0 * response + 2.0 * step, step))


@dataclass(frozen=True)
class WindNodes:
    """The wind of a climate for the kernel, at the centres of sectors and months.

    scale [m/s], shape, frequency, swing over (sector,); share over (month,), the wind of a month over that of a
    direction's year.
    """

    scale: Floats
    shape: Floats
    frequency: Floats
    swing: Floats
    share: Floats


@lru_cache(maxsize=32)
def wind_nodes(wind: SectorWind) -> WindNodes:
    """Return what gives the stated Weibull distributions by sector and the stated means by month.

    Seasons and hours widen a distribution, straight lines between centres smooth it, and a sector of the summer has
    the summer's wind: each is taken off, the last by turns for sectors and months.
    """
    from testsite_sim.common.special_functions import gamma

    stated, shape = np.array(wind.scale.values_in("m/s")), np.array(wind.shape, np.float64)
    months = np.array(wind.monthly_share, np.float64)
    months /= months.mean()
    frequency = np.array(wind.frequency, np.float64) / sum(wind.frequency)
    swing = np.array(wind.swing, np.float64)
    swing = np.clip(swing - (swing * frequency).sum(), -0.98, 0.98)  # what would change all of them alike
    season = np.cos(2.0 * np.pi * ((np.arange(12) + 0.5) / 12.0 - _MIDWINTER))
    blowing = frequency[:, None] * (1.0 + swing[:, None] * season)  # (sector, month)
    blowing /= blowing.sum(axis=0)
    means = stated * gamma(1.0 + 1.0 / shape)
    year = (blowing * means[:, None]).sum(axis=0).mean()
    share, level = months.copy(), means.copy()
    for _ in range(50):
        level = means * blowing.sum(axis=1) / (blowing * share).sum(axis=1)
        share = months * year / (blowing * level[:, None]).sum(axis=0)
    widening = (blowing * share**2).sum(axis=1) * blowing.sum(axis=1) / (blowing * share).sum(axis=1) ** 2 - 1.0
    widening += 0.5 * float(wind.daily_amplitude) ** 2

    def variation(k: float) -> float:
        return float(gamma(1.0 + 2.0 / k) / gamma(1.0 + 1.0 / k) ** 2)

    def above(level: float, k: float) -> float:
        return variation(k) - level

    expected = [max(variation(k) / (1.0 + w), 1.0 + 1e-6) for k, w in zip(shape, widening, strict=True)]
    narrow = _sharpened(np.array([bracketed_root(partial(above, w), 0.2, 2000.0) for w in expected]))
    narrow = np.maximum(narrow, 0.5)
    scale = np.maximum(_sharpened(level), 0.1 * level) / gamma(1.0 + 1.0 / narrow)
    return WindNodes(scale, narrow, frequency, swing, _sharpened(share))


def _sharpened(values: Floats) -> Floats:
    """Return the nodes around a circle whose straight lines have the stated means between them, (12,)."""
    smoothing = np.eye(12) * 0.75 + 0.125 * (np.roll(np.eye(12), 1, axis=0) + np.roll(np.eye(12), -1, axis=0))
    return np.asarray(np.linalg.solve(smoothing, values))


def _share(wind: SectorWind, time: NDArray[np.datetime64], season: Floats) -> Floats:
    """Return the wind of the time of year (`day_angle`) and day over that of a direction's year, (time,)."""
    nodes = wind_nodes(wind).share
    centres = (np.arange(14) - 0.5) / 12.0
    year = (season / (2.0 * np.pi) + _MIDWINTER) % 1.0
    yearly = np.interp(year, centres, np.concatenate([nodes[-1:], nodes, nodes[:1]]))
    second = seconds_of_day(time)
    daily = 1.0 + float(wind.daily_amplitude) * np.cos(2.0 * np.pi * (second - float(wind.daily_peak)) / DAY)
    return np.asarray(yearly * daily)
