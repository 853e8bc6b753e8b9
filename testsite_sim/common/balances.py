"""Residuals of balances: what came in, went out and stayed, and how far they are from adding up."""

import numpy as np
from testsite_kernels.numerics.arrays import Floats

_LEAST = 1e-300  # keeps a balance of nothing from dividing by zero


def relative_residual(expected: float, found: float, *scales: float) -> float:
    """Return the mismatch of two amounts over the largest of them and of the scales [1].

    Examples
    --------
    >>> relative_residual(100.0, 99.0), relative_residual(1.0, 0.0, 200.0), relative_residual(0.0, 0.0)
    (0.01, 0.005, 0.0)
    """
    return abs(expected - found) / max(abs(expected), abs(found), *scales, _LEAST)


def largest_residual(expected: Floats, found: Floats, *scales: float) -> float:
    """Return the largest mismatch of two series, shape (time,), over the largest of the scales [1].

    Examples
    --------
    >>> largest_residual(np.array([1.0, 2.0]), np.array([1.0, 2.5]), 10.0)
    0.05
    """
    return float(np.max(np.abs(expected - found), initial=0.0)) / max(*scales, _LEAST)


def carried_on(initial: float, gained: Floats, stock: Floats) -> Floats:
    """Return what a stock should hold at the end of each interval: what it held before, and what it gained.

    Parameters
    ----------
    initial : float
        What it held at first.
    gained : ndarray, shape (time,)
        What came in less what went out in each interval.
    stock : ndarray, shape (time,)
        What it held at the end of each interval.

    Examples
    --------
    >>> carried_on(5.0, np.array([1.0, -2.0]), np.array([6.0, 4.0]))
    array([6., 4.])
    """
    return np.concatenate([[initial], stock[:-1]]) + gained
