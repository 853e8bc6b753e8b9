"""The performance of a machine against its load."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from testsite_sim.common.errors import ConfigurationError

TABLE_POINTS = 101  # loads of 0, 1, …, 100 %: every whole per cent of a published curve is met exactly


@dataclass(frozen=True)
class LoadTable:
    """Performance of a machine against its load, at the AC terminals.

    Parameters
    ----------
    load : array_like, shape (points,)
        Fraction of the capacity, rising, ending at 1.
    value : array_like, shape (points,)
        Electrolyser: hydrogen per electricity [kg/J]. Fuel cell: electricity per hydrogen [J/kg]. Between the
        points the hydrogen flow is linear in power; below the first point the value is that of the first
        point.
    """

    load: ArrayLike
    value: ArrayLike

    def __post_init__(self) -> None:
        load, value = np.asarray(self.load, float), np.asarray(self.value, float)
        if load.ndim != 1 or load.shape != value.shape or load.size == 0:
            raise ConfigurationError(
                f"part-load table: load has shape {load.shape}, value {value.shape}; expected one length"
            )
        if not (np.all(np.isfinite(load)) and np.all(np.diff(load) > 0.0) and load[0] >= 0.0 and load[-1] == 1.0):
            raise ConfigurationError(
                f"part-load table: load must rise from 0 or more to exactly 1, found {load.tolist()}"
            )
        if not (np.all(np.isfinite(value)) and np.all(value > 0.0)):
            raise ConfigurationError(f"part-load table: values must be above zero, found {value.tolist()}")
        object.__setattr__(self, "load", load)
        object.__setattr__(self, "value", value)

    @classmethod
    def constant(cls, value: float) -> "LoadTable":
        """Return a table with the same value at every load."""
        return cls([0.0, 1.0], [value, value])

    def flow(self, relative: ArrayLike, load: ArrayLike) -> NDArray[np.float64]:
        """Return flow per capacity at loads, linear between the points of the table.

        Parameters
        ----------
        relative : array_like, shape (points,)
            Flow per power at the points of the table: the value, or its inverse.
        load : array_like
            Fractions of the capacity.
        """
        points, at = np.asarray(self.load, np.float64), np.asarray(load, np.float64)
        flows = points * np.asarray(relative, np.float64)
        if points[0] > 0.0:
            points, flows = np.concatenate([[0.0], points]), np.concatenate([[0.0], flows])
        return np.interp(at, points, flows)
