"""Turbines and where they stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.inputs import refuse
from testsite_sim.common.rotor_bounds import tips_below_ground
from testsite_sim.common.yaw_bounds import LARGEST_YAW_EXPONENT
from testsite_sim.wind.yaw import read_yaw

LARGEST_STANDBY = 0.1  # of the largest power; published ones are below 1 % (assumption, catches a turned sign)


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
        The curves [m/s], [W], [1], linear between the points; outside the table, below its first and above its last
        point, both are zero. Two points at one wind speed are a vertical step, at which the first of them holds, as the
        last point does at cut-out. Negative power is what a turbine on standby takes.
    thrust_source : str
        Where the thrust comes from: `published`, `similar to` another type, or derived by `momentum theory`.
    nominal_power : float, optional
        Rated power [W]; None: the largest power of the curve.
    yaw_power_exponent, yaw_thrust_exponent : float
        p and q: turned out of the wind by γ, the turbine works at the point of its curves that belongs to
        u (cos γ)^(p/3), so that its power falls by (cos γ)^p where that goes with the cube of the wind, and its thrust
        coefficient over u is that of the point times (cos γ)^q. Defaults: 1.88 and 1, of the turbines of FLORIS 4
        (1.88: Gebraad et al. (2016), Wind Energy 19, 95-114, NREL 5 MW), which however reads the thrust at u;
        `SimpleYawModel` of PyWake has 3 and 2.

    Raises
    ------
    ConfigurationError
        When the thrust is missing, a length differs, the speeds fall or three are the same, the blades reach below the
        sea or ground, or a value is not physical.
    """

    name: str
    rotor_diameter: float
    hub_height: float
    wind_speed: ArrayLike
    power: ArrayLike
    thrust_coefficient: ArrayLike = ()
    thrust_source: str = "published"
    nominal_power: float | None = None
    yaw_power_exponent: float = 1.88
    yaw_thrust_exponent: float = 1.0

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
            raise ConfigurationError(f"turbine {self.name!r}: the curves have shapes {lengths}; expected one length.")
        faults = [
            f"{name} holds a value that is not finite."
            for name, curve in curves.items()
            if not np.all(np.isfinite(curve))
        ]
        if np.any(np.diff(speed) < 0.0) or np.any(speed[2:] == speed[:-2]) or speed[0] < 0.0:
            faults.append("wind_speed must rise from 0 m/s or more, with at most two points at a vertical step.")
        power = curves["power"]
        if power.min() < -LARGEST_STANDBY * max(power.max(), 0.0):
            faults.append(
                f"power goes from {power.min():g} to {power.max():g} W; expected on standby no more taken than "
                f"{LARGEST_STANDBY:.0%} of the largest."
            )
        if np.any(thrust < 0.0) or np.any(thrust > 1.2):
            faults.append(f"thrust goes from {thrust.min():g} to {thrust.max():g}; expected 0 to 1.2.")
        for name in ("rotor_diameter", "hub_height", "nominal_power"):
            value = getattr(self, name)
            if value is not None and (isinstance(value, bool | np.bool_) or not 0.0 < value < np.inf):
                faults.append(f"{name} is {value}; expected a number above 0.")
        if tips := tips_below_ground(self.hub_height, self.rotor_diameter):
            faults.append(tips)
        for name in ("yaw_power_exponent", "yaw_thrust_exponent"):
            value = getattr(self, name)
            if isinstance(value, bool | np.bool_) or not 0.0 <= value <= LARGEST_YAW_EXPONENT:
                faults.append(f"{name} is {value}; expected a number from 0 to {LARGEST_YAW_EXPONENT:g}.")
        refuse(f"turbine {self.name!r}", faults, ConfigurationError)
        for name, curve in zip(curves, without_steps(*curves.values()), strict=True):
            object.__setattr__(self, name, curve)

    @property
    def rated_power(self) -> float:
        """Rated power [W]."""
        return float(np.max(np.asarray(self.power))) if self.nominal_power is None else self.nominal_power

    @property
    def cut_out(self) -> float:
        """The wind speed up to which the turbine gives power [m/s]."""
        speed, power = np.asarray(self.wind_speed), np.asarray(self.power)
        giving = np.flatnonzero(power > 0.0)
        if giving.size == 0 or giving[-1] + 1 == speed.size:
            return float(speed[-1])
        last, following = speed[giving[-1]], speed[giving[-1] + 1]
        return float(last if following <= np.nextafter(last, np.inf) else following)


def without_steps(
    speed: NDArray[np.float64], power: NDArray[np.float64], thrust: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return a curve whose wind speeds rise: the second point of a vertical step stands at the next number.

    Points of nothing behind a step say what the end of the table says as well, and are left out.
    """
    working = np.flatnonzero((power != 0.0) | (thrust != 0.0))
    last = int(working[-1]) if working.size else 0
    if 0 < last < speed.size - 1 and speed[last + 1] == speed[last]:
        speed, power, thrust = speed[: last + 1], power[: last + 1], thrust[: last + 1]
    speed = speed.copy()
    second = np.flatnonzero(np.diff(speed) == 0.0) + 1
    speed[second] = np.nextafter(speed[second], np.inf)
    return speed, power, thrust


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
    yaw : xarray.Dataset, optional
        How turbines are turned out of the wind, see `testsite_sim.wind.yaw`; None: none is.

    Raises
    ------
    ConfigurationError
        When lengths differ, a position is not finite, or two turbines coincide.
    DataError
        As `testsite_sim.wind.yaw.read_yaw`.
    """

    x: ArrayLike
    y: ArrayLike
    turbine: Turbine | Sequence[Turbine]
    names: Sequence[str] | None = None
    farms: Sequence[str] | None = None
    yaw: xr.Dataset | None = None

    def __post_init__(self) -> None:
        x, y = (np.ascontiguousarray(value, dtype=np.float64) for value in (self.x, self.y))
        if x.shape != y.shape or x.ndim != 1 or x.size == 0:
            raise ConfigurationError(f"farm: x has shape {x.shape}, y {y.shape}; expected one length.")
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
        if self.yaw is not None:
            object.__setattr__(self, "yaw", read_yaw(self.yaw, list(self.names or ())))

    @property
    def turbines(self) -> list[Turbine]:
        """The turbine at each position."""
        count = np.asarray(self.x).size
        return [self.turbine] * count if isinstance(self.turbine, Turbine) else list(self.turbine)

    @cached_property
    def types(self) -> tuple[tuple[Turbine, ...], NDArray[np.int64]]:
        """The turbine types, and by number that of the turbine at each position."""
        turbines = self.turbines
        types = tuple(dict.fromkeys(turbines))
        number = {turbine: kind for kind, turbine in enumerate(types)}
        return types, np.array([number[turbine] for turbine in turbines], np.int64)

    @cached_property
    def coordinates(self) -> xr.Coordinates:
        """The coordinates over (turbine) of a Dataset, with their index: `turbine_coordinates`, made once.

        Results share them, so that their values cannot be written to.
        """
        found = xr.Coordinates(turbine_coordinates(self)).copy(deep=True)
        for name in found.variables.keys() - found.xindexes.keys():
            found.variables[name].values.flags.writeable = False
        return found

    @cached_property
    def nearest(self) -> tuple[float, int, int]:
        """How near the two turbines that cast wakes and stand nearest do, in diameters of the larger rotor, and which.

        Without two of them it is infinite.
        """
        types, kind = self.types
        casts = np.flatnonzero(np.array([bool(np.any(np.asarray(t.thrust_coefficient) > 0.0)) for t in types])[kind])
        x, y, diameter = np.asarray(self.x)[casts], np.asarray(self.y)[casts], self.per_turbine("rotor_diameter")[casts]
        order = np.argsort(x, kind="stable")
        x, y, diameter, number = x[order], y[order], diameter[order], casts[order]
        found = (np.inf, 0, 0)
        for further in range(1, x.size):  # each with the one that stands `further` places further east
            along = x[further:] - x[:-further]
            if along.min() > diameter.max():
                break
            apart = np.hypot(along, y[further:] - y[:-further]) / np.maximum(diameter[further:], diameter[:-further])
            at = int(apart.argmin())
            if apart[at] < found[0]:
                found = (float(apart[at]), int(number[at]), int(number[at + further]))
        return found

    @cached_property
    def laid_out(self) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Position east and north of the middle of the farm, hub height, rotor diameter [m], each of shape (turbines,).

        They are not to be written to: the farm keeps them.
        """
        x, y = (values - values.mean() for values in (np.asarray(self.x), np.asarray(self.y)))
        return x, y, self.per_turbine("hub_height"), self.per_turbine("rotor_diameter")

    def per_turbine(self, attribute: str) -> NDArray[np.float64]:
        """Return a number of each turbine, such as its hub_height, shape (turbines,)."""
        types, kind = self.types
        return np.array([getattr(turbine, attribute) for turbine in types], dtype=np.float64)[kind]


def turbine_coordinates(farm: Farm) -> dict[str, tuple[Any, ...]]:
    """Return the coordinates over (turbine) that describe a farm: names, places, types, sizes."""
    turbines = farm.turbines
    return {
        "x": ("turbine", np.asarray(farm.x), {"units": "m", "long_name": "position east"}),
        "y": ("turbine", np.asarray(farm.y), {"units": "m", "long_name": "position north"}),
        "turbine": ("turbine", list(farm.names or ()), {"long_name": "name of the turbine"}),
        "farm": ("turbine", list(farm.farms or ()), {"long_name": "farm that the turbine belongs to"}),
        "turbine_type": ("turbine", [turbine.name for turbine in turbines]),
        "thrust_source": ("turbine", [turbine.thrust_source for turbine in turbines]),
        **{
            name: ("turbine", farm.per_turbine(name), {"units": units, "long_name": name.replace("_", " ")})
            for name, units in (("hub_height", "m"), ("rotor_diameter", "m"), ("rated_power", "W"))
        },
    }
