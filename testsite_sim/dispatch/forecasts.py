"""Forecasts of wind power and prices: perfect, persistent, or with an error that grows with the horizon."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from testsite_kernels.dispatch.horizon import MODELLED, PERSISTENCE, Forecasts, fill_noise
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.errors import ConfigurationError, nearest
from testsite_sim.common.finite import finite_arguments
from testsite_sim.common.time_axis import hours_of_day
from testsite_sim.common.units import DAY, HOUR, MEGAWATT_HOUR

KINDS = ("modelled", "perfect", "persistence")
_WIND, _PRICE = 10, 11  # purposes of the random numbers


@dataclass(frozen=True)
class Forecast:
    """How well the hours ahead are known.

    Parameters
    ----------
    kind : str
        `modelled`, with the errors below; `perfect`; or `persistence`: wind as now, unset prices as a day before.
    wind_error : float
        Standard deviation of the error of wind power far ahead, over the largest wind power.
    price_error : float
        Standard deviation of the error of a price far ahead that no auction has set [EUR/J].
    growth : float
        Time in which the error grows to 63 % of that [s].
    correlation : float
        Of the errors of two moments an hour apart.
    auction_hour : float
        Hour (UTC) from which on the prices of the next day are known.
    """

    kind: str = "modelled"
    wind_error: float = 0.10
    price_error: float = 15.0 / MEGAWATT_HOUR
    growth: float = 8.0 * HOUR
    correlation: float = 0.9
    auction_hour: float = 12.0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ConfigurationError(
                f"dispatch.strategy.forecast: there is no kind {self.kind!r}. {nearest(self.kind, KINDS)}"
            )
        if min(self.wind_error, self.price_error) < 0.0 or self.growth <= 0.0:
            raise ConfigurationError("dispatch.strategy.forecast: errors must be zero or more, growth above zero.")
        if not 0.0 <= self.correlation < 1.0:
            raise ConfigurationError(
                f"dispatch.strategy.forecast: correlation is {self.correlation:g}; expected 0 or more, below 1."
            )


@finite_arguments("dispatch.strategy.forecast")
def day_ahead_forecast(forecast: Forecast, wind: Floats, step: float, seed: int) -> Floats:
    """Return the wind power that is forecast for each moment the day before, a day ahead, shape (time,) [W]."""
    if forecast.kind == "perfect":
        return wind.copy()
    if forecast.kind == "persistence":
        day = round(DAY / step)
        return np.concatenate([wind[:day], wind[:-day]]) if wind.size > day else wind.copy()
    noise, largest = np.empty(wind.size), float(wind.max(initial=0.0))
    fill_noise(seed, _WIND, 0, forecast.correlation ** (step / HOUR), noise)
    size = forecast.wind_error * largest * (1.0 - np.exp(-DAY / forecast.growth))
    return np.asarray(np.clip(wind + size * noise, 0.0, largest))


def intervals_ahead(horizon: float, step: float) -> int:
    """Return how many intervals of a step [s] a horizon [s] has."""
    return round(horizon / step)


@finite_arguments("dispatch.strategy.forecast")
def make_forecasts(
    forecast: Forecast, time: NDArray[np.datetime64], wind: Floats, step: float, horizon: float, seed: int, member: int
) -> Forecasts:
    """Return the forecasts of a series for the kernel.

    Parameters
    ----------
    forecast : Forecast
        How they come about.
    time, wind : ndarray, shape (time,)
        Stamps; wind power [W].
    step, horizon : float
        [s].
    seed, member : int
        Of the errors.

    Raises
    ------
    ConfigurationError
        When the horizon is shorter than two intervals.
    """
    count = intervals_ahead(horizon, step)
    if count < 2:
        raise ConfigurationError(
            f"dispatch.strategy.horizon: {horizon / HOUR:g} h is shorter than two intervals of {step:g} s; "
            "expected 24 to 48 h."
        )
    ahead = np.arange(count) * step
    shape = np.zeros(count) if forecast.kind == "perfect" else 1.0 - np.exp(-ahead / forecast.growth)
    noise = np.empty((2, wind.size))
    for row, purpose in enumerate((_WIND, _PRICE)):
        fill_noise(seed, purpose, member, forecast.correlation ** (step / HOUR), noise[row])
    hour = hours_of_day(time)
    left = 24.0 - hour + np.where(hour >= forecast.auction_hour, 24.0, 0.0)
    largest = float(wind.max(initial=0.0))
    return Forecasts(
        kind=PERSISTENCE if forecast.kind == "persistence" else MODELLED,
        wind_error=shape * forecast.wind_error * largest,
        price_error=shape * forecast.price_error,
        wind_noise=noise[0],
        price_noise=noise[1],
        largest_wind=largest,
        known=np.floor(left * HOUR / step + 1e-9).astype(np.int64),
        day=round(DAY / step),
        spread=np.empty(0),
        fading=np.empty(0),
    )
