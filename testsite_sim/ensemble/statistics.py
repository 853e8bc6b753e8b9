"""From the members to percentiles, each with the error that so few members leave in it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from testsite_kernels.numerics.arrays import Floats

PERCENTILES = (5, 10, 25, 50, 75, 90, 95)


@dataclass(frozen=True)
class Output:
    """One figure of the members: its name, units, what it is."""

    name: str
    units: str
    description: str


def percentile_errors(ordered: Floats, percentiles: Sequence[float]) -> tuple[Floats, Floats]:
    """Return percentiles of a sample and their standard errors.

    A percentile is a value that occurs (the inverse of the empirical distribution). Its error is half the distance
    between the values at the ends of the interval, p ± sqrt(p (1 - p) / n), in which the true probability of a value
    below lies with 68 %: no distribution is assumed.

    Parameters
    ----------
    ordered : ndarray, shape (members,)
        Rising.
    percentiles : sequence of float
        [%].

    Returns
    -------
    tuple of two ndarrays, shape (percentiles,)

    References
    ----------
    Woodruff (1952), Journal of the American Statistical Association 47, 635-646.
    """
    share = np.asarray(percentiles, np.float64) / 100.0
    spread = np.sqrt(share * (1.0 - share) / ordered.size)

    def at(probability: Floats) -> Floats:
        """Return the values below which a share of the members lies, between them as they lie."""
        return np.asarray(np.quantile(ordered, np.clip(probability, 0.0, 1.0), method="hazen"))

    found = np.quantile(ordered, share, method="inverted_cdf")
    return np.asarray(found), 0.5 * (at(share + spread) - at(share - spread))


def ensemble_statistics(outputs: Sequence[Output], central: Floats, values: Floats) -> xr.Dataset:
    """Return percentiles, mean and spread of every output, with their standard errors.

    Parameters
    ----------
    outputs : sequence of Output
        What the columns are.
    central : ndarray, shape (point, output)
        Member 0, the scenario as it stands.
    values : ndarray, shape (member, point, output)
        The random members; NaN where a member has no such figure, which is counted and left out.

    Returns
    -------
    xarray.Dataset, dims (point, output, percentile)
        percentile_value and percentile_error; over (point, output): mean, mean_error, standard_deviation, central,
        missing. All in the units of the output.
    """
    members, points, count = values.shape
    shape = (points, count)
    levels, level_errors = np.full((2, *shape, len(PERCENTILES)), np.nan)
    mean, mean_error, deviation = np.full((3, *shape), np.nan)
    missing = np.zeros(shape, np.int64)
    for point in range(points):
        for column in range(count):
            ordered = np.sort(values[:, point, column])
            ordered = ordered[: int(np.searchsorted(ordered, np.nan))]  # NaN stand at the end
            missing[point, column] = members - ordered.size
            if ordered.size < 2:
                continue
            levels[point, column], level_errors[point, column] = percentile_errors(ordered, PERCENTILES)
            mean[point, column], deviation[point, column] = ordered.mean(), ordered.std(ddof=1)
            mean_error[point, column] = deviation[point, column] / np.sqrt(ordered.size)
    flat, deep = ("point", "output"), ("point", "output", "percentile")
    return xr.Dataset(
        {
            "percentile_value": (deep, levels, {"long_name": "value below which that percentage of the members lies"}),
            "percentile_error": (deep, level_errors, {"long_name": "standard error of the percentile"}),
            "mean": (flat, mean, {"long_name": "mean of the members"}),
            "mean_error": (flat, mean_error, {"long_name": "standard error of the mean"}),
            "standard_deviation": (flat, deviation, {"long_name": "standard deviation of the members"}),
            "central": (flat, central, {"long_name": "value of the scenario as it stands"}),
            "missing": (flat, missing, {"units": "1", "long_name": "members without a value"}),
        },
        coords={
            "output": ("output", [output.name for output in outputs]),
            "units": ("output", [output.units for output in outputs], {"long_name": "units of the output"}),
            "description": ("output", [output.description for output in outputs]),
            "percentile": ("percentile", list(PERCENTILES), {"units": "percent"}),
        },
    )
