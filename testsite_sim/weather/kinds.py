"""How a series is carried from one time axis to another: one rule for each kind of quantity.

A price or a metered flow is that of its whole interval: it holds within it. A direction turns along the shorter arc.
The rest is the state of the air or the sea, straight from value to value.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats

Kind = Literal["step", "circular", "linear"]
STEPS = frozenset(
    {
        "day_ahead_price",
        "imbalance_price",
        "by_product_hydrogen",
        "wind_power",
        "wind_power_forecast",
        "wind_power_capacity",
    }
)


def kind_of(quantity: str) -> Kind:
    """Return the kind of a quantity by its name."""
    if quantity in STEPS or quantity.endswith("_price"):
        return "step"
    return "circular" if "direction" in quantity else "linear"


def between(kind: Kind, one: Floats, two: Floats, share: Floats) -> Floats:
    """Return values a share of the way from one value to the next."""
    if kind == "step":
        return one
    if kind == "circular":
        return np.asarray((one + share * ((two - one + 180.0) % 360.0 - 180.0)) % 360.0)
    return np.asarray(one + share * (two - one))


def fill(kind: Kind, values: Floats) -> Floats:
    """Return a series (time,) without missing values; its ends take the nearest value.

    Raises
    ------
    ValueError
        When it has no value at all.
    """
    known = np.flatnonzero(~np.isnan(values))
    if known.size == 0:
        raise ValueError("no value at all")
    at = np.arange(values.size)
    last = np.clip(np.searchsorted(known, at, side="right") - 1, 0, known.size - 1)
    one, two = known[last], known[np.minimum(last + 1, known.size - 1)]
    share = np.clip((at - one) / np.maximum(two - one, 1), 0.0, 1.0)
    filled = between(kind, values[one], values[two], share)
    return np.asarray(np.where(np.isnan(values), filled, values), np.float64)


def weighted_mean(kind: Kind, values: Floats, weights: Floats, group: NDArray[np.intp], groups: int) -> Floats:
    """Return the mean of each group of parts (part, …); of directions that of unit vectors. Weights add up to 1."""

    def added(column: Floats) -> Floats:
        flat = column.reshape(column.shape[0], -1)
        sums = [np.bincount(group, flat[:, k] * weights, groups).astype(np.float64) for k in range(flat.shape[1])]
        return np.asarray(np.stack(sums, axis=1).reshape(groups, *column.shape[1:]), np.float64)

    if kind != "circular":
        return added(values)
    angles = np.radians(values)
    return np.asarray(np.degrees(np.arctan2(added(np.sin(angles)), added(np.cos(angles)))) % 360.0)
