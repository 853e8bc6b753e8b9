"""Noise with a memory: the Gaussian processes behind generated wind and waves."""

import math
from typing import NamedTuple

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import kernel
from testsite_kernels.numerics.random_streams import normal

_PURPOSE = 3


class Curve(NamedTuple):
    """A smooth function as cubics: row i of `terms` (cell, 4), of rising power, from `first` + i `width` on."""

    first: float
    width: float
    terms: Floats


@kernel
def add_autoregressive(seed: int, member: int, stream: int, correlation: float, weight: float, values: Floats) -> None:
    """Add a stationary AR(1) process of unit variance, times `weight`, to `values` (time).

    x[t] = r x[t-1] + sqrt(1 - r^2) e[t], r the correlation of neighbours, x[0] standard normal.
    """
    scale = math.sqrt(1.0 - correlation * correlation)
    x = normal(seed, _PURPOSE, member, stream, 0)
    values[0] += weight * x
    for t in range(1, values.size):
        x = correlation * x + scale * normal(seed, _PURPOSE, member, stream, t)
        values[t] += weight * x


@kernel
def low_pass(values: Floats, memory: float, filtered: Floats) -> None:
    """Fill `filtered[t] = memory filtered[t-1] + (1 - memory) values[t]`: the sea answers the wind with a delay."""
    y = values[0]
    for t in range(values.size):
        y = memory * y + (1.0 - memory) * values[t]
        filtered[t] = y


@kernel
def correlation_of_waves(
    filtered: Floats, swell: Floats, weight: float, heights: Curve, season: Floats, wind: Floats
) -> float:
    """Return the correlation of wave heights with the wind, the heights read from a curve.

    Parameters
    ----------
    filtered, swell : ndarray, shape (time,)
        Standard normal series, of which `weight` and sqrt(1 - weight^2) make one.
    weight : float
        [1].
    heights : Curve
        Of that one, the height in a month that is as the year; it spans all of it.
    season : ndarray, shape (time,)
        What the height is multiplied by.
    wind : ndarray, shape (time,)
        Less its mean.
    """
    rest, per_width, last = math.sqrt(1.0 - weight * weight), 1.0 / heights.width, heights.terms.shape[0] - 1
    total, square, product, spread = 0.0, 0.0, 0.0, 0.0
    for t in range(wind.size):
        place = (weight * filtered[t] + rest * swell[t] - heights.first) * per_width
        i = min(max(int(place), 0), last)
        x, terms = place - i, heights.terms[i]
        height = season[t] * (terms[0] + x * (terms[1] + x * (terms[2] + x * terms[3])))
        total += height
        square += height * height
        product += height * wind[t]
        spread += wind[t] * wind[t]
    return product / math.sqrt(max(square - total * total / wind.size, 1e-300) * spread)
