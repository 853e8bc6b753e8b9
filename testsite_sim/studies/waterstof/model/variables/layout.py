"""Variables with their dimensions, units and names, over the years of all horizons or by horizon."""

from collections.abc import Callable

import numpy as np
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.studies.waterstof.model.horizon import Period

Variable = tuple[tuple[str, ...], Floats, dict[str, object]]
Periods = dict[str, Period]


def over_years(periods: Periods, get: Callable[[Period], Floats], dims: str, units: str, text: str) -> Variable:
    """Return a variable over the years of all horizons; `dims` name those of one, year among them."""
    names = tuple(dims.split())
    whole = np.concatenate([get(period) for period in periods.values()], axis=names.index("year"))
    return names, whole, {"units": units, "long_name": text}


def by_horizon(
    periods: Periods, get: Callable[[Period], Floats], dims: str, units: str, text: str, threshold: float | None = None
) -> Variable:
    """Return a variable of which every horizon has one; `horizon` is the last dimension."""
    names = tuple(dims.split())
    whole = np.stack([get(period) for period in periods.values()], axis=len(names))
    return (*names, "horizon"), whole, attributes(units, text, threshold)


def attributes(units: str, text: str, threshold: float | None = None) -> dict[str, object]:
    """Return the attributes of a variable; where the answer of the study turns is its threshold."""
    attributes: dict[str, object] = {"units": units, "long_name": text}
    return attributes if threshold is None else {**attributes, "threshold": threshold}
