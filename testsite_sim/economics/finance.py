"""Levelised cost, net present value and internal rate of return of yearly amounts, year 0 first.

Year 0 is the investment; years 1 … n are the years of operation, discounted at their end. Source of the equations:
Short, Packey and Holt (1995), A manual for the economic evaluation of energy efficiency and renewable energy
technologies, NREL/TP-462-5173, equations 2-4 (present value), 4-4 (levelised cost) and 4-7 (internal rate of return).
"""

import math

import numpy as np
import numpy_financial
from numpy.typing import ArrayLike


def present_value(amounts: ArrayLike, discount_rate: float) -> float:
    """Return the sum of yearly amounts, shape (years,), discounted to year 0."""
    values = np.asarray(amounts, dtype=np.float64)
    return float(np.sum(values * (1.0 + discount_rate) ** -np.arange(values.size)))


def levelised_cost(costs: ArrayLike, output: ArrayLike, discount_rate: float) -> float | None:
    """Return the price per output that pays all costs: discounted costs over discounted output.

    Parameters
    ----------
    costs, output : array_like, shape (years,)
        [EUR] and the product, for example [kg], in each year.
    discount_rate : float
        Per year.

    Returns
    -------
    float or None
        [EUR per unit of output]; None without output.
    """
    produced = present_value(output, discount_rate)
    return present_value(costs, discount_rate) / produced if produced > 0.0 else None


def internal_rate_of_return(cash_flow: ArrayLike) -> float | None:
    """Return the discount rate at which the cash flow, shape (years,) [EUR], is worth nothing.

    None where there is no such rate: the cash flow never changes its sign, or the rate would be below minus one.
    """
    values = np.asarray(cash_flow, dtype=np.float64)
    if not (np.any(values > 0.0) and np.any(values < 0.0)):
        return None
    rate = float(numpy_financial.irr(values))
    return rate if math.isfinite(rate) else None


def replacements(operating_time_per_year: float, operating_life: float, years: int) -> list[int]:
    """Return how often a part is replaced in each year 0 … years.

    A part is replaced in the year in which its operating life runs out, and not in the last year.

    Parameters
    ----------
    operating_time_per_year, operating_life : float
        [s] a year, and [s] until it is worn.
    years : int
        Years of operation.
    """
    worn = [0] * (years + 1)
    if operating_time_per_year <= 0.0:
        return worn
    for year in range(1, years):
        # The tolerance keeps a life that ends exactly with a year in that year.
        ended = math.floor(year * operating_time_per_year / operating_life * (1.0 + 1e-12))
        before = math.floor((year - 1) * operating_time_per_year / operating_life * (1.0 + 1e-12))
        worn[year] = ended - before
    return worn
