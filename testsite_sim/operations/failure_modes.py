"""Failure modes of a new design: how their rates spread, and what is expected to remain of them after a test."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from testsite_sim.common.units import SECONDS_PER_YEAR


def mode_shares(modes: int, spread: float) -> NDArray[np.float64]:
    """Return the share of each mode in the failure rate, shape (mode,): quantiles of a gamma distribution.

    Parameters
    ----------
    modes : int
        Number of failure modes.
    spread : float
        Coefficient of variation of their rates; 0: all are the same.
    """
    from testsite_sim.common.special_functions import gammaincinv

    quantiles = (np.arange(modes) + 0.5) / modes
    shares = np.ones(modes) if spread == 0.0 else gammaincinv(1.0 / spread**2, quantiles)
    return np.asarray(shares / shares.sum(), dtype=np.float64)


def expected_failure_rate(
    failure_rate: ArrayLike,
    fix_probability: ArrayLike,
    redesign_delay: ArrayLike,
    test_time: ArrayLike,
    *,
    modes: int,
    spread: float,
    prototypes: float = 1.0,
) -> NDArray[np.float64]:
    """Return the failure rate of a turbine built after a test [year-1]; the arguments broadcast, shape (...).

    Each failure shows its mode, and a redesign removes the mode with some probability after a delay: a mode of rate r
    remains with the probability exp(-r n p (T - d)).

    Parameters
    ----------
    failure_rate : array_like
        Of the design before the test [year-1].
    fix_probability : array_like
        That a redesign removes the mode [1].
    redesign_delay, test_time : array_like
        [s].
    modes, spread
        As in `mode_shares`.
    prototypes : float
        Turbines that run the test together.
    """
    effective = np.maximum(np.asarray(test_time) - np.asarray(redesign_delay), 0.0) / SECONDS_PER_YEAR
    rates = np.asarray(failure_rate, dtype=np.float64)[..., None] * mode_shares(modes, spread)
    shown = prototypes * np.asarray(np.asarray(fix_probability) * effective)[..., None]
    return np.asarray((rates * np.exp(-rates * shown)).sum(axis=-1))
