"""Demand hour by hour: what fleets draw in a day, and the store that a steady supply needs."""

import numpy as np
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.studies.waterstof.configuration.markets import APPLICATIONS
from testsite_sim.studies.waterstof.configuration.study import Waterstof


def hourly_shares(study: Waterstof) -> Floats:
    """Return the share of the day's demand in each hour, adding up to one, (application, hour)."""
    shares = np.array([getattr(study.markets, name).hourly_share for name in APPLICATIONS])
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def store_of_a_day(demand: Floats) -> Floats:
    """Return the store over the demand of a day that lets a steady supply follow it [1], (…,) from (…, hour).

    It is the span of what has come in less what has gone out over a day; zero where there is no demand.
    """
    whole = demand.sum(axis=-1, keepdims=True)
    share = np.divide(demand, whole, out=np.zeros_like(demand), where=whole > 0.0)
    level = np.cumsum(1.0 / demand.shape[-1] - share, axis=-1)
    span = np.maximum(level.max(axis=-1), 0.0) - np.minimum(level.min(axis=-1), 0.0)
    return np.where(whole[..., 0] > 0.0, span, 0.0)
