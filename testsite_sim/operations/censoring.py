"""Percentiles of durations of which some are only known to exceed the time at which the record ended."""

import numpy as np
from testsite_kernels.numerics.arrays import Floats


def censored_weights(duration: Floats, cut_off: Floats) -> Floats:
    """Return the probability that each observed duration carries, by the estimator of Kaplan and Meier.

    Parameters
    ----------
    duration : array, (n,)
        Observed durations.
    cut_off : array, (m,)
        For each campaign that did not end within the record: the time from its start to the record's end.

    Returns
    -------
    array, (n,)
        Probabilities; what is missing to one lies beyond the longest time that the record shows.

    References
    ----------
    Kaplan and Meier (1958), Nonparametric estimation from incomplete observations, Journal of the American Statistical
    Association 53, 457-481.

    Examples
    --------
    >>> censored_weights(np.array([3.0, 1.0]), np.array([2.0])).round(6).tolist()
    [0.666667, 0.333333]
    """
    weights = np.empty(duration.size)
    surviving = 1.0
    at_risk = duration.size + cut_off.size
    left = np.sort(cut_off)
    gone = 0
    for k in np.argsort(duration, kind="stable"):
        while gone < left.size and left[gone] < duration[k]:
            gone += 1
            at_risk -= 1
        weights[k] = surviving / at_risk
        surviving -= weights[k]
        at_risk -= 1
    return weights


def censored_quantile(values: Floats, weights: Floats, campaigns: int, share: float) -> float:
    """Return a percentile of values that carry the weights of `censored_weights`.

    Without censoring it is the linear interpolation of NumPy; a percentile that lies among the campaigns that the
    record's end cuts off is nan: it is not reached.

    Parameters
    ----------
    values, weights : array, (n,)
        Values of the campaigns that ended, and their probabilities.
    campaigns : int
        All campaigns that began.
    share : float
        Of the percentile, 0 to 1.

    Examples
    --------
    >>> ended = np.array([1.0, 2.0, 3.0])
    >>> censored_quantile(ended, censored_weights(ended, np.array([9.0])), 4, 0.5)
    2.5
    >>> censored_quantile(ended, censored_weights(ended, np.array([9.0])), 4, 0.9)
    nan
    """
    if values.size == 0:
        return float("nan")
    order = np.argsort(values, kind="stable")
    before = np.cumsum(weights[order]) - weights[order]
    position = before if campaigns == 1 else before * campaigns / (campaigns - 1.0)
    if share > position[-1] + 1e-9:
        return float("nan")
    return float(np.interp(share, position, values[order]))
