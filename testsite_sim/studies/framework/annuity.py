"""The yearly payment for an investment."""

import numpy as np
from testsite_kernels.numerics.arrays import Floats


def annuity(rate: Floats, life: Floats) -> Floats:
    """Return the part of an investment that is to be recovered each year of its life [1/year]."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(rate > 0.0, rate / -np.expm1(-life * np.log1p(rate)), 1.0 / life)
