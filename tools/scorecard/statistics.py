"""Scores of a simulated series, and of an ensemble of them, against a measured one."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import binom

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Scores:
    """Scores over the hours in which both are known.

    `energy`: simulated over measured, less one; `r`: of the hours; `error`: root mean square, over the capacity;
    `monthly`: standard deviation of the energy's monthly error; `hours`: how many.
    """

    energy: float
    r: float
    error: float
    monthly: float
    hours: int


def scores(simulated: pd.Series, measured: pd.Series, capacity: float) -> Scores:
    """Return the scores of a simulated hourly series [MW] against the measured one [MW] of a fleet [MW]."""
    both = pd.DataFrame({"simulated": simulated, "measured": measured}).dropna()
    difference = both["simulated"] - both["measured"]
    by_month = monthly(both["simulated"], both["measured"])["error"]
    return Scores(
        energy=float(both["simulated"].sum() / both["measured"].sum() - 1.0),
        r=float(np.corrcoef(both["simulated"], both["measured"])[0, 1]),
        error=float(np.sqrt(np.mean(difference**2)) / capacity),
        monthly=float(by_month.std(ddof=1)) if len(by_month) > 1 else float("nan"),
        hours=len(both),
    )


def monthly(simulated: pd.Series, measured: pd.Series) -> pd.DataFrame:
    """Return mean power [MW] of each month, simulated and measured in the same hours, and the relative error."""
    both = pd.DataFrame({"simulated": simulated, "measured": measured}).dropna()
    found = both.groupby(pd.DatetimeIndex(both.index).to_period("M")).mean()
    return found.assign(error=found["simulated"] / found["measured"] - 1.0)


def by_class(simulated: pd.Series, measured: pd.Series, classes: pd.Series) -> pd.DataFrame:
    """Return hours, mean powers [MW] and relative error of each class; hours without class or power are left out."""
    both = pd.DataFrame({"simulated": simulated, "measured": measured, "class": classes}).dropna()
    grouped = both.groupby("class", observed=True)
    found = grouped[["simulated", "measured"]].mean()
    return found.assign(hours=grouped.size(), error=found["simulated"] / found["measured"] - 1.0)


def crps(members: Floats, measured: Floats) -> Floats:
    """Return the continuous ranked probability score of each time, shape (time,), of members (member, time).

    The mean distance of the members from what was measured, less half of their mean distance from each other
    (Gneiting and Raftery (2007), Journal of the American Statistical Association 102, 359-378, equation 21).
    """
    ordered = np.sort(members, axis=0)
    count = ordered.shape[0]
    weights = 2.0 * np.arange(count) - count + 1.0
    apart = weights @ ordered / count**2
    return np.asarray(np.abs(ordered - measured).mean(axis=0) - apart)


def pinball(quantile: Floats, measured: Floats, probability: float) -> float:
    """Return the mean pinball loss of a quantile: probability times what it is below, 1 - probability times above."""
    below = measured - quantile
    return float(np.mean(np.maximum(probability * below, (probability - 1.0) * below)))


@dataclass(frozen=True)
class Coverage:
    """How many of the measured values lie within the P10 to P90 of an ensemble.

    `least`, `most`: numbers within which 90 % of all such samples lie where the coverage is 80 %.
    """

    inside: int
    total: int
    least: int
    most: int

    @property
    def share(self) -> float:
        """Share of the values inside [1]."""
        return self.inside / self.total


def coverage(low: Floats, high: Floats, measured: Floats, nominal: float = 0.8) -> Coverage:
    """Return how many measured values lie from `low` to `high`, and what chance allows at the nominal coverage."""
    inside = int(np.sum((low <= measured) & (measured <= high)))
    least, most = binom.interval(0.9, measured.size, nominal)
    return Coverage(inside, int(measured.size), int(least), int(most))


def neighbours_left_out(features: Floats, measured: Floats, groups: NDArray[np.int64], count: int = 60) -> Floats:
    """Return the mean of the `count` nearest measured values of other groups, shape (time,).

    What the features (time, feature), each scaled to one standard deviation, can give at best in a group that the
    others do not know: a measure of the record, no simulation.
    """
    from scipy.spatial import cKDTree

    scaled = (features - features.mean(axis=0)) / features.std(axis=0)
    found = np.empty(measured.size)
    for left_out in np.unique(groups):
        others, mine = np.flatnonzero(groups != left_out), np.flatnonzero(groups == left_out)
        _, rows = cKDTree(scaled[others]).query(scaled[mine], k=count)
        found[mine] = measured[others][rows].mean(axis=1)
    return found


def averaged_directions(
    directions: Floats, power: Floats, middle: float, deviation: float, half_width: float
) -> Floats:
    """Return power (turbine,) averaged over an uncertain direction and a sector of it.

    Parameters
    ----------
    directions : ndarray, shape (direction,)
        Evenly spaced [degree].
    power : ndarray, shape (direction, turbine)
        At each.
    middle, deviation, half_width : float
        Middle of the sector, standard deviation of the direction, half the width of the sector [degree].
    """
    from scipy.stats import norm

    apart = (directions - middle + 180.0) % 360.0 - 180.0
    if half_width > 0.0:
        weights = norm.cdf((apart + half_width) / deviation) - norm.cdf((apart - half_width) / deviation)
    else:
        weights = norm.pdf(apart / deviation)
    return np.asarray(weights @ power / weights.sum())
