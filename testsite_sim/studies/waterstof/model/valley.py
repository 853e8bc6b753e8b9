"""The valley of death: depth and length of the trough of a cumulative cash flow."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.studies.framework.calendar import Years


@dataclass(frozen=True)
class Valley:
    """Depth [EUR], year of the deepest point, length [year] and year of payback; infinite where it is not left."""

    depth: Floats
    deepest: Floats
    length: Floats
    payback: Floats


def valley_of_death(cash_flow: Floats, years: Years) -> Valley:
    """Return the trough of a cumulative cash flow, each (…,) from (…, year).

    The valley begins with the first year whose cumulative cash flow is negative, and ends with the first year from
    which it stays at or above zero. A cash flow that never falls below zero has no valley: depth and length are zero,
    the deepest point and the payback lie in the first year.
    """
    cumulative = np.cumsum(cash_flow, axis=-1)
    depth = np.maximum(-cumulative.min(axis=-1), 0.0)
    below = cumulative < 0.0
    ever = below.any(axis=-1)
    first = np.argmax(below, axis=-1)
    stays = ~np.flip(np.logical_or.accumulate(np.flip(below, axis=-1), axis=-1), axis=-1)
    payback = np.where(stays.any(axis=-1), years[np.argmax(stays, axis=-1)], np.inf)
    deepest = years[np.where(ever, np.argmin(cumulative, axis=-1), 0)].astype(np.float64)
    length = np.where(ever, payback - years[first], 0.0)
    return Valley(depth, deepest, length, np.where(ever, payback, float(years[0])))


def first_year(happens: NDArray[np.bool_], years: Years, *, for_good: bool = False) -> Floats:
    """Return the first year in which something happens, or from which on it stays so; infinite where it never does."""
    if for_good:
        happens = np.flip(np.logical_and.accumulate(np.flip(happens, axis=-1), axis=-1), axis=-1)
    return np.where(happens.any(axis=-1), years[np.argmax(happens, axis=-1)], np.inf)
