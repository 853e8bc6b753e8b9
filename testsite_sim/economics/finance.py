"""Levelised cost, net present value and internal rate of return of yearly amounts, year 0 first.

Year 0 is the investment; years 1 … n are the years of operation, discounted at their end. Source of the equations:
Short, Packey and Holt (1995), A manual for the economic evaluation of energy efficiency and renewable energy
technologies, NREL/TP-462-5173, equations 2-4 (present value), 4-4 (levelised cost) and 4-7 (internal rate of return).
"""

import math
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from testsite_sim.common.errors import DataError
from testsite_sim.common.finite import refuse_not_finite
from testsite_sim.common.roots import bracketed_root

NOTHING = 1e-12  # of the largest amount of a cash flow: what is smaller decides on no rate of return


def _by_year(amounts: ArrayLike, name: str) -> NDArray[np.float64]:
    """Return yearly amounts as an array, shape (years,); refuse what is no list of finite numbers."""
    try:
        values = np.asarray(amounts, dtype=np.float64)
    except (TypeError, ValueError):
        raise DataError(f"economics: {name} holds what is not a number; expected one number a year.") from None
    if values.ndim != 1:
        raise DataError(f"economics: {name} has the shape {values.shape}; expected (years,), one number a year.")
    refuse_not_finite("economics", **{name: values})
    return values


def present_value(amounts: ArrayLike, discount_rate: float) -> float:
    """Return the sum of yearly amounts, shape (years,), discounted to year 0.

    Raises
    ------
    DataError
        When amounts are not one number a year, one or the rate is not finite, or the rate is not above -1.

    Examples
    --------
    >>> present_value([-100.0, 150.0], 0.5)
    0.0
    """
    values = _by_year(amounts, "amounts")
    refuse_not_finite("economics", discount_rate=float(discount_rate))
    if not discount_rate > -1.0:
        raise DataError(f"economics: discount_rate is {discount_rate:g}; expected above -1")
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

    Raises
    ------
    DataError
        See `present_value`.
    """
    produced = present_value(output, discount_rate)
    return present_value(costs, discount_rate) / produced if produced > 0.0 else None


def internal_rates_of_return(cash_flow: ArrayLike) -> list[float]:
    """Return every discount rate above minus one at which the cash flow is worth nothing, rising.

    With x = 1 / (1 + r) the value is a polynomial in x: its positive real roots are the rates. There are at most as
    many as the cash flow changes its sign, and an even number fewer (Descartes); with one change there is one.

    Parameters
    ----------
    cash_flow : array_like, shape (years,)
        [EUR], year 0 first.

    Returns
    -------
    list of float
        Empty where the cash flow never changes its sign, or no rate makes it worth nothing.

    Raises
    ------
    DataError
        When the cash flow is not one finite number a year.

    Examples
    --------
    >>> [round(rate, 3) for rate in internal_rates_of_return([-50.0, -100.0, 600.0, 300.0, -100.0])]
    [-0.769, 1.854]
    """
    values = _by_year(cash_flow, "cash_flow")
    if not (np.any(values > 0.0) and np.any(values < 0.0)):
        return []
    values = values / np.abs(values).max()
    values = np.where(np.abs(values) < NOTHING, 0.0, values)
    # Leading zeros lower the degree; x is the root of a_0 + a_1 x + ... + a_n x^n, highest power first below.
    candidates = np.roots(np.trim_zeros(values[::-1], "f"))
    near = candidates[(candidates.real > 0.0) & (np.abs(candidates.imag) < 1e-4 * np.abs(candidates))].real
    # Around each candidate the sign must change: companion matrices lose digits, and touching is not crossing.
    edges = np.unique(np.concatenate([near * (1.0 - 1e-4), near * (1.0 + 1e-4)]))
    found: list[float] = []
    for low, high in pairwise(edges):
        if _at(values, low) == 0.0 or _at(values, low) * _at(values, high) < 0.0:
            root = bracketed_root(partial(_at, values), low, high, absolute=1e-300, relative=1e-14)
            found.append(1.0 / root - 1.0)
    return sorted(found)


def _at(values: NDArray[np.float64], x: float) -> float:
    """Return the polynomial of the values at x, lowest power first."""
    return float(np.polynomial.polynomial.polyval(x, values))


def internal_rate_of_return(cash_flow: ArrayLike, discount_rate: float = 0.0) -> float | None:
    """Return the rate of return of a cash flow, the one among several that agrees with its net present value.

    A rate of return is one at which the value falls through zero as the rate rises: with it, lending turns into
    borrowing at no other rate between it and the project's own. Where the value at the discount rate is positive,
    that is the first such rate above it; where it is negative, the last such rate below it: then "the rate of return
    exceeds the discount rate" and "the net present value is positive" are the same statement. Several rates occur
    where the cash flow changes its sign more than once; `internal_rates_of_return` gives them all.

    Parameters
    ----------
    cash_flow : array_like, shape (years,)
        [EUR], year 0 first.
    discount_rate : float
        Of the project, per year.

    Returns
    -------
    float or None
        None where there is none.

    Raises
    ------
    DataError
        See `present_value`.

    References
    ----------
    What several rates mean: Hazen (2003), A new perspective on multiple internal rates of return, The Engineering
    Economist 48, 31-51.
    """
    values = _by_year(cash_flow, "cash_flow")
    rates = internal_rates_of_return(values)
    # Just below a rate at which the value falls, it is positive.
    edges = [-1.0, *rates]
    falling = [
        rate
        for rate, before in zip(rates, edges, strict=False)
        if present_value(values, 0.5 * (before + rate) if before > -1.0 else rate - 1e-6 * (1.0 + rate)) > 0.0
    ]
    if present_value(values, discount_rate) >= 0.0:
        return next((rate for rate in falling if rate >= discount_rate), None)
    return next((rate for rate in reversed(falling) if rate < discount_rate), None)


def replacements(operating_time_per_year: float, operating_life: float, years: int) -> list[int]:
    """Return how often a part is replaced in each year 0 … years.

    A part is replaced in the year in which its operating life runs out, and not in the last year.

    Parameters
    ----------
    operating_time_per_year, operating_life : float
        [s] a year, and [s] until it is worn.
    years : int
        Years of operation.

    Raises
    ------
    DataError
        When a time is not a finite number, or the life is not above zero.
    """
    refuse_not_finite(
        "economics", operating_time_per_year=float(operating_time_per_year), operating_life=float(operating_life)
    )
    if not operating_life > 0.0:
        raise DataError(f"economics: operating_life is {operating_life:g} s; expected above zero")
    worn = [0] * (years + 1)
    if operating_time_per_year <= 0.0:
        return worn
    for year in range(1, years):
        # The tolerance keeps a life that ends exactly with a year in that year.
        ended = math.floor(year * operating_time_per_year / operating_life * (1.0 + 1e-12))
        before = math.floor((year - 1) * operating_time_per_year / operating_life * (1.0 + 1e-12))
        worn[year] = ended - before
    return worn
