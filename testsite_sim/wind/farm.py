"""Turbines and where they stand."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from testsite_sim.errors import ConfigurationError


@dataclass(frozen=True, eq=False)
class Turbine:
    """A turbine type.

    Parameters
    ----------
    name : str
        Its name.
    rotor_diameter, hub_height : float
        [m].
    wind_speed, power, thrust_coefficient : array_like, shape (points,)
        The curves [m/s], [W], [1]; outside the table, below cut-in and above cut-out, both are zero.
    thrust_source : str
        Where the thrust comes from: `published`, `similar to` another type, or derived by `momentum theory`.
    nominal_power : float, optional
        Rated power [W]; None: the largest power of the curve.

    Raises
    ------
    ConfigurationError
        When the thrust is missing, a length differs, the speeds do not rise, or a value is not physical.
    """

    name: str
    rotor_diameter: float
    hub_height: float
    wind_speed: ArrayLike
    power: ArrayLike
    thrust_coefficient: ArrayLike = ()
    thrust_source: str = "published"
    nominal_power: float | None = None

    def __post_init__(self) -> None:
        curves = {
            name: np.ascontiguousarray(getattr(self, name), dtype=np.float64)
            for name in ("wind_speed", "power", "thrust_coefficient")
        }
        if curves["thrust_coefficient"].size == 0:
            raise ConfigurationError(
                f"turbine {self.name!r}: has no thrust_coefficient, without which it has no wake; give its curve, or "
                "that of a similar type (`thrust_similar_to` in a configuration)."
            )
        lengths = {name: curve.shape for name, curve in curves.items()}
        speed, thrust = curves["wind_speed"], curves["thrust_coefficient"]
        if len(set(lengths.values())) != 1 or speed.ndim != 1 or speed.size < 2:
            raise ConfigurationError(f"turbine {self.name!r}: the curves have shapes {lengths}; wanted one length.")
        if not all(np.all(np.isfinite(curve)) for curve in curves.values()) or np.any(np.diff(speed) <= 0.0):
            raise ConfigurationError(f"turbine {self.name!r}: wind_speed must rise and no curve may hold a NaN.")
        if np.any(curves["power"] < 0.0) or np.any(thrust < 0.0) or np.any(thrust > 1.2):
            raise ConfigurationError(f"turbine {self.name!r}: power must be at least 0 and thrust within 0 and 1.2.")
        if self.rotor_diameter <= 0.0 or self.hub_height <= 0.0:
            raise ConfigurationError(f"turbine {self.name!r}: rotor_diameter and hub_height must be above 0 m.")
        for name, curve in curves.items():
            object.__setattr__(self, name, curve)

    @property
    def rated_power(self) -> float:
        """Rated power [W]."""
        return float(np.max(np.asarray(self.power))) if self.nominal_power is None else self.nominal_power


@dataclass(frozen=True, eq=False)
class Farm:
    """Turbines at their positions.

    Parameters
    ----------
    x, y : array_like, shape (turbines,)
        East and north [m].
    turbine : Turbine or sequence of Turbine
        One for all, or one per position.
    names, farms : sequence of str, optional
        The name of each turbine (None: its number, from 1) and the farm that it belongs to (None: an empty name).

    Raises
    ------
    ConfigurationError
        When lengths differ, a position is not finite, or two turbines coincide.
    """

    x: ArrayLike
    y: ArrayLike
    turbine: Turbine | Sequence[Turbine]
    names: Sequence[str] | None = None
    farms: Sequence[str] | None = None

    def __post_init__(self) -> None:
        x, y = (np.ascontiguousarray(value, dtype=np.float64) for value in (self.x, self.y))
        if x.shape != y.shape or x.ndim != 1 or x.size == 0:
            raise ConfigurationError(f"farm: x has shape {x.shape}, y {y.shape}; wanted one length.")
        if not (np.all(np.isfinite(x)) and np.all(np.isfinite(y))):
            raise ConfigurationError("farm: a position is not a finite number.")
        if not isinstance(self.turbine, Turbine) and len(self.turbine) != x.size:
            raise ConfigurationError(f"farm: {len(self.turbine)} turbines for {x.size} positions.")
        order = np.lexsort((y, x))
        same = np.flatnonzero((np.diff(x[order]) == 0.0) & (np.diff(y[order]) == 0.0))
        if same.size:
            pair = sorted(int(k) for k in order[same[0] : same[0] + 2])
            raise ConfigurationError(
                f"farm: turbines {pair[0]} and {pair[1]} coincide at x {x[pair[0]]:g} m, y {y[pair[0]]:g} m; move one."
            )
        for name, default in (("names", [str(k + 1) for k in range(x.size)]), ("farms", [""] * x.size)):
            given = getattr(self, name)
            if given is not None and len(given) != x.size:
                raise ConfigurationError(f"farm: {len(given)} {name} for {x.size} positions.")
            object.__setattr__(self, name, list(default if given is None else given))
        object.__setattr__(self, "x", x)
        object.__setattr__(self, "y", y)

    @property
    def turbines(self) -> list[Turbine]:
        """The turbine at each position."""
        count = np.asarray(self.x).size
        return [self.turbine] * count if isinstance(self.turbine, Turbine) else list(self.turbine)

    def per_turbine(self, attribute: str) -> NDArray[np.float64]:
        """Return a number of each turbine, such as its hub_height, shape (turbines,)."""
        if isinstance(self.turbine, Turbine):
            return np.full(np.asarray(self.x).size, getattr(self.turbine, attribute), dtype=np.float64)
        return np.array([getattr(turbine, attribute) for turbine in self.turbine], dtype=np.float64)
