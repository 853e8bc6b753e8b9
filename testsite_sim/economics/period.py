"""From a simulated period to a year: whole years as they are, other periods only on request and with their error."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.units import DAY, SECONDS_PER_YEAR

CLASS_WIDTH = 1.0  # of wind speed [m/s], as the bins of IEC 61400-12-1 are 0.5 m/s and a few days fill no finer ones


def is_whole_years(seconds: float) -> bool:
    """Return whether a period is a year or several, of 365 or 366 days each, give or take a day.

    Parameters
    ----------
    seconds : float
        Length of the period [s].

    Examples
    --------
    >>> is_whole_years(8784 * 3600.0), is_whole_years(9 * 86400.0), is_whole_years(500 * 86400.0)
    (True, False, False)
    """
    years = round(seconds / (365.25 * DAY))
    return years >= 1 and 365.0 * years - 1.0 <= seconds / DAY <= 366.0 * years + 1.0


@dataclass(frozen=True)
class Annual:
    """How a simulated period stands for a year of 8,760 h.

    Parameters
    ----------
    weights : ndarray, shape (intervals,)
        What each interval counts, with mean one: ones, or by how often its wind occurs in the climate.
    seconds : float
        Length of the period [s].
    method : str
        `whole-years`, `by-repetition` or `by-climate`.
    energy_error, revenue_error : float, optional
        Relative standard errors of annual energy and revenue that the scaling leaves; None: not known, or none.
    uncovered : float
        Share of the climate in classes of wind speed that the period never saw; the nearest class stands in.
    """

    weights: Floats
    seconds: float
    method: str = "whole-years"
    energy_error: float | None = None
    revenue_error: float | None = None
    uncovered: float = 0.0

    @property
    def factor(self) -> float:
        """Periods in a year."""
        return SECONDS_PER_YEAR / self.seconds

    def total(self, values: NDArray[np.generic]) -> float:
        """Return the annual sum of values per interval, shape (intervals,), in their units."""
        return float(np.dot(self.weights, np.asarray(values, np.float64))) * self.factor


def repeated(intervals: int, step: float, method: str = "whole-years") -> Annual:
    """Return a year that repeats the period: a number of intervals, each `step` seconds long."""
    return Annual(np.ones(intervals), intervals * step, method)


def climate_weights(speed: Floats, climate: Floats) -> tuple[Floats, float]:
    """Return what each interval counts so that classes of wind speed are as frequent as in a climate.

    Post-stratification: the weight of an interval is the share of its class in the climate over that in the period.
    What the climate has in classes that the period never saw counts to the nearest class that it saw.

    Parameters
    ----------
    speed : ndarray, shape (intervals,)
        Wind speed at hub height in the period [m/s].
    climate : ndarray, shape (hours,)
        The same in the climate [m/s].

    Returns
    -------
    tuple of ndarray, shape (intervals,), and float
        Weights of mean one, and the share of the climate that was not covered.

    References
    ----------
    Särndal, Swensson and Wretman (1992), Model assisted survey sampling, section 7.6.

    Examples
    --------
    >>> weights, uncovered = climate_weights(np.array([5.0, 5.0, 5.0, 9.0]), np.array([5.0, 9.0]))
    >>> weights.round(3).tolist(), uncovered
    ([0.667, 0.667, 0.667, 2.0], 0.0)
    """
    own, other = (np.floor(each / CLASS_WIDTH).astype(np.int64) for each in (speed, climate))
    seen, place, counts = np.unique(own, return_inverse=True, return_counts=True)
    after = np.clip(np.searchsorted(seen, other), 0, seen.size - 1)
    before = np.maximum(after - 1, 0)
    nearest = np.where(np.abs(other - seen[before]) <= np.abs(other - seen[after]), before, after)
    share = np.bincount(nearest, minlength=seen.size) / other.size
    uncovered = float(np.mean(~np.isin(other, seen)))
    return share[place] / (counts[place] / own.size), uncovered


def scaling_errors(
    speed: Floats, price: Floats, power: Floats, length: int, *, by_climate: bool
) -> tuple[float | None, float | None]:
    """Return how far scaled periods are off the year: relative, root mean square over all such periods of a record.

    Every period of the length, beginning half a length after the one before, is scaled to the year and compared with
    the year itself, in the energy of the fleet's power curve and in what that energy earns.

    Parameters
    ----------
    speed, price, power : ndarray, shape (intervals,)
        Of a record of whole years: wind speed [m/s], price [EUR/J], power of the fleet by its curve [W].
    length : int
        Intervals of the period.
    by_climate : bool
        Whether intervals are weighted by the frequency of their wind, or count alike.

    Returns
    -------
    tuple of two floats or None
        Of energy and of revenue; None where the year gives none.
    """
    starts = range(0, speed.size - length + 1, max(length // 2, 1))
    truth = np.array([power.mean(), (power * price).mean()])
    found = np.empty((len(starts), 2))
    for row, start in enumerate(starts):
        part = slice(start, start + length)
        weights = climate_weights(speed[part], speed)[0] if by_climate else np.ones(length)
        found[row] = np.mean(weights * power[part]), np.mean(weights * power[part] * price[part])
    error = np.sqrt(np.mean((found - truth) ** 2, axis=0))
    energy, revenue = (float(e / abs(t)) if t else None for e, t in zip(error, truth, strict=True))
    return energy, revenue
