"""From configured turbines and farms to what the farm flow takes."""

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.constants import STANDARD_AIR_DENSITY

from testsite_sim.common.errors import ConfigurationError, DataError, nearest
from testsite_sim.configuration.farm import FarmConfiguration
from testsite_sim.configuration.turbine import (
    BETZ_LIMIT,
    TurbineConfiguration,
)
from testsite_sim.wind.farm import Farm, Turbine, without_steps
from testsite_sim.wind.yaw import read_yaw

PUBLISHED, MOMENTUM_THEORY = "published", "momentum theory"


def build_farm(configuration: FarmConfiguration) -> Farm:
    """Return the farm of a configuration, group after group, one `Turbine` per distinct type.

    Raises
    ------
    ConfigurationError
        When a turbine's curve cannot be had or is not physical, or a turbine is yawed twice in one direction.
    """
    types: dict[str, Turbine] = {}
    turbines: list[Turbine] = []
    names: list[str] = []
    farms: list[str] = []
    x: list[float] = []
    y: list[float] = []
    for farm, group in configuration.standing.items():
        key = repr(group.turbine)
        if key not in types:
            types[key] = build_turbine(group.turbine)
        turbines += [types[key]] * len(group.names)
        names += group.names
        farms += [farm] * len(group.names)
        x += group.x
        y += group.y
    return Farm(x, y, turbines, names=names, farms=farms, yaw=_yaw_of(configuration))


def _yaw_of(configuration: FarmConfiguration) -> xr.Dataset | None:
    """Return how the turbines of a farm are turned out of the wind, group after group; None where none is."""
    names = [name for group in configuration.standing.values() for name in group.names]
    count = len(names)
    sectors: list[tuple[Floats, float, float]] = []
    first = 0
    for group in configuration.standing.values():
        for sector in group.yaw or ():
            angles = np.zeros(count)
            angles[first : first + len(group.names)] = [float(sector.turbines.get(name, 0.0)) for name in group.names]
            sectors.append((angles, *sector.directions))
        first += len(group.names)
    if not sectors:
        return None
    yaw, begins, ends = zip(*sectors, strict=True)
    table = {"yaw": (("sector", "turbine"), np.array(yaw)), "from_direction": ("sector", np.array(begins))}
    try:
        return read_yaw(xr.Dataset({**table, "to_direction": ("sector", np.array(ends))}), names)
    except DataError as error:
        raise ConfigurationError(f"farm: {error}") from None


def build_turbine(configuration: TurbineConfiguration) -> Turbine:
    """Return the turbine of a configuration.

    Raises
    ------
    ConfigurationError
        When windpowerlib has no such type, or its curve breaks the Betz limit.
    """
    speed, power, thrust, source = _curves(configuration)
    speed, power, thrust = without_steps(speed, power, thrust)
    if configuration.cut_out is not None:
        speed, power, thrust = _up_to_cut_out(configuration, speed, power, thrust)
    if configuration.ride_through is not None:
        speed, power, thrust = _through_storms(configuration, speed, power, thrust)
    exponents = {
        "yaw_power_exponent": configuration.yaw_power_exponent,
        "yaw_thrust_exponent": configuration.yaw_thrust_exponent,
    }
    return Turbine(
        name=configuration.title,
        rotor_diameter=float(configuration.rotor_diameter),
        hub_height=float(configuration.hub_height),
        wind_speed=speed,
        power=power,
        thrust_coefficient=thrust,
        thrust_source=source,
        nominal_power=float(configuration.rated_power),
        **{name: value for name, value in exponents.items() if value is not None},
    )


def _up_to_cut_out(
    configuration: TurbineConfiguration, speed: Floats, power: Floats, thrust: Floats
) -> tuple[Floats, Floats, Floats]:
    """End a curve at the stated cut-out: cut there, or its last power held up to it, the thrust by momentum theory."""
    end = float(configuration.cut_out or 0.0)
    kept = speed <= end
    speed, power, thrust = speed[kept], power[kept], thrust[kept]
    if speed.size == 0 or end == speed[-1] or not np.all(kept):
        return speed, power, thrust
    more = np.append(np.arange(speed[-1] + 0.5, end, 0.5), end)
    held = np.full(more.size, power[-1])
    drag = thrust_from_power(more, held, float(configuration.rotor_diameter))
    return np.append(speed, more), np.append(power, held), np.append(thrust, drag)


def _through_storms(
    configuration: TurbineConfiguration, speed: Floats, power: Floats, thrust: Floats
) -> tuple[Floats, Floats, Floats]:
    """Continue a curve beyond its end: the power falls in a straight line to zero, the thrust by momentum theory."""
    end = float(configuration.ride_through or 0.0)
    if end <= speed[-1]:
        raise ConfigurationError(
            f"turbine {configuration.title!r}: ride_through is {end:g} m/s; expected a speed above the end of the "
            f"curve, {speed[-1]:g} m/s."
        )
    more = np.append(np.arange(speed[-1] + 0.5, end, 0.5), end)
    falling = power[-1] * (end - more) / (end - speed[-1])
    drag = thrust_from_power(more, falling, float(configuration.rotor_diameter))
    return np.append(speed, more), np.append(power, falling), np.append(thrust, drag)


Curves = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], str]


def _curves(configuration: TurbineConfiguration) -> Curves:
    """Return wind speed [m/s], power [W], thrust coefficient, and where the thrust comes from."""
    if configuration.curves is not None:
        curves = configuration.curves
        return (
            np.array(curves.wind_speed.values_in("m/s")),
            np.array(curves.power.values_in("W")),
            np.array(curves.thrust_coefficient.values),
            PUBLISHED,
        )
    if configuration.library is not None:
        speed, power = library_curve(configuration.library)
        power = np.minimum(power, float(configuration.rated_power))
        other = configuration.thrust_similar_to
        if other is None:
            return speed, power, thrust_from_power(speed, power, float(configuration.rotor_diameter)), MOMENTUM_THEORY
        known, _power, thrust, _source = _curves(other)
        return speed, power, np.interp(speed, known * _scale(configuration, other), thrust), f"similar to {other.title}"
    parent = configuration.similar_to
    if parent is None:
        raise ValueError("a turbine has curves, a library type or a similar type; the model guarantees one")
    speed, power, thrust, source = _curves(parent)
    rated = float(configuration.rated_power / parent.rated_power)
    return speed * _scale(configuration, parent), power * rated, thrust, source


def _scale(configuration: TurbineConfiguration, parent: TurbineConfiguration) -> float:
    """Return by how much the wind speeds of a turbine exceed those of a similar one at the same coefficients."""
    specific = configuration.rated_power / configuration.rotor_diameter**2
    parent_specific = parent.rated_power / parent.rotor_diameter**2
    return float((specific / parent_specific) ** (1.0 / 3.0))


def library_curve(name: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return wind speed [m/s] and power [W] of a type of windpowerlib, where power is above zero.

    Raises
    ------
    ConfigurationError
        When there is no such type; the nearest are offered.
    """
    table = _library()
    if name not in table:
        raise ConfigurationError(f"library: windpowerlib has no power curve {name!r}. {nearest(name, table)}")
    speed, power = table[name]
    running = np.flatnonzero(power > 0.0)
    first, last = running[0], running[-1] + 1
    return speed[first:last], power[first:last]


def library_types() -> list[str]:
    """Return the names of windpowerlib's power curves."""
    return sorted(_library())


def _library() -> dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Read the power curves that come with windpowerlib: one row per type, one column per wind speed."""
    from importlib.resources import files

    import pandas as pd

    with (files("windpowerlib") / "oedb" / "power_curves.csv").open("rb") as stream:
        table = pd.read_csv(stream, index_col=0)
    speeds = table.columns.to_numpy(dtype=np.float64)
    curves = {}
    for name, row in zip(table.index, table.to_numpy(dtype=np.float64), strict=True):
        known = np.isfinite(row)
        curves[str(name)] = (speeds[known], row[known])
    return curves


def thrust_from_power(speed: ArrayLike, power: ArrayLike, diameter: float) -> NDArray[np.float64]:
    """Derive the thrust coefficient from the power curve by one-dimensional momentum theory.

    The power coefficient is 4 a (1 − a)², the thrust coefficient 4 a (1 − a), with the induction a at most 1/3 (Burton
    et al. (2011), Wind Energy Handbook, section 3.2). The losses of the drive train count as if the rotor did not
    take them, so that the thrust is a low estimate.

    Parameters
    ----------
    speed, power : array_like, shape (points,)
        [m/s], [W] at 1.225 kg/m³.
    diameter : float
        Rotor diameter [m].

    Raises
    ------
    ConfigurationError
        When the power coefficient exceeds the Betz limit of 16/27.
    """
    v, p = np.asarray(speed, dtype=np.float64), np.asarray(power, dtype=np.float64)
    coefficient = p / (0.5 * STANDARD_AIR_DENSITY * 0.25 * np.pi * diameter**2 * v**3)
    worst = int(np.argmax(coefficient))
    if coefficient[worst] > BETZ_LIMIT:
        raise ConfigurationError(
            f"the power curve means a power coefficient of {coefficient[worst]:.3f} at {v[worst]:g} m/s, above the "
            "Betz "
            "limit of 0.593; take another curve, or check rotor_diameter."
        )
    # The root of 4 a (1 - a)^2 = c below 1/3, in closed form: a = 2/3 + 2/3 cos((arccos(27 c / 8 - 1) + 2 pi) / 3).
    angle = np.arccos(np.clip(27.0 * coefficient / 8.0 - 1.0, -1.0, 1.0))
    induction = 2.0 / 3.0 + 2.0 / 3.0 * np.cos((angle + 2.0 * np.pi) / 3.0)
    return np.asarray(4.0 * induction * (1.0 - induction))
