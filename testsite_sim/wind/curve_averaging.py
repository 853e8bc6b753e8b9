"""Power curves for means: of an interval in which the wind varies, of places between which it varies, of turbulence."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.constants import STANDARD_AIR_DENSITY

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.inputs import checked_number
from testsite_sim.common.roots import bracketed_root
from testsite_sim.wind.farm import Farm, Turbine

STEP = 0.25  # [m/s] of an averaged curve, one that the kernels look up without a search
NODES = 81  # of the normal distribution
REACH = 4.0  # standard deviations
BETZ = 16.0 / 27.0


@dataclass(frozen=True)
class Spread:
    """How far wind speeds stand about the one that is known: deviation² = constant² + (relative · speed)².

    Parameters
    ----------
    constant : float
        [m/s].
    relative : float
        Of the wind speed [1].
    """

    constant: float = 0.0
    relative: float = 0.0

    def __post_init__(self) -> None:
        checked_number(
            "curve averaging: constant", self.constant, ConfigurationError, least=0.0, most=10.0, units="m/s"
        )
        checked_number("curve averaging: relative", self.relative, ConfigurationError, least=0.0, most=1.0)

    def at(self, speed: Floats) -> Floats:
        """Return the standard deviation at wind speeds [m/s]."""
        return np.hypot(self.constant, self.relative * speed)

    def joined(self, other: "Spread") -> "Spread":
        """Return the spread of both, which are independent."""
        return Spread(float(np.hypot(self.constant, other.constant)), float(np.hypot(self.relative, other.relative)))


def averaged_turbine(
    turbine: Turbine, spread: Spread, *, turbulence: float | None = None, curve_turbulence: float | None = None
) -> Turbine:
    """Return a turbine whose power and thrust are means over wind speeds about the one that is known.

    The curve is averaged over a normal distribution of the wind speed (Nørgaard and Holttinen 2004, Nordic Wind Power
    Conference), cut at four deviations and at calm. Cut-out is not averaged: in storms the turbines stop as before.
    With both turbulence intensities the curve is first carried from the turbulence at which it was published to that of
    the location by the difference of two averages of a curve without turbulence (IEC 61400-12-1:2017, annex M), one
    that rises with one power coefficient to rated power.

    Parameters
    ----------
    turbine : Turbine
        With its published curve.
    spread : Spread
        Within the interval and between the places, besides turbulence.
    turbulence, curve_turbulence : float, optional
        Intensity at the location and of the published curve [1]; both or none.

    Raises
    ------
    ConfigurationError
        When one of the intensities is given alone, or a value is out of bounds.

    Examples
    --------
    >>> from testsite_sim import wind
    >>> turbine = wind.Turbine("even", 100.0, 90.0, [3.0, 12.0, 25.0], [0.0, 3e6, 3e6], [0.8, 0.8, 0.1])
    >>> smooth = averaged_turbine(turbine, Spread(1.0))
    >>> [round(float(np.interp(u, smooth.wind_speed, smooth.power)) / 1e3) for u in (3.0, 7.0, 12.0)]
    [133, 1333, 2867]
    """
    if (turbulence is None) != (curve_turbulence is None):
        raise ConfigurationError("curve averaging: turbulence and curve_turbulence want each other; give both or none.")
    if turbulence is None and spread == Spread():
        return turbine  # as it was published, its cut-in a step
    speed, power, thrust = (
        np.asarray(each, np.float64) for each in (turbine.wind_speed, turbine.power, turbine.thrust_coefficient)
    )
    last = turbine.cut_out
    grid = np.append(np.arange(0.0, last, STEP), last)
    if turbulence is not None and curve_turbulence is not None:
        site, of_curve = Spread(relative=turbulence), Spread(relative=curve_turbulence)
        ideal = _without_turbulence(turbine, of_curve)
        fine = np.unique(np.append(grid, speed[speed <= last]))
        shift = _mean(fine, fine, ideal(fine), site) - _mean(fine, fine, ideal(fine), of_curve)
        base = np.interp(fine, speed, power, left=0.0)
        # Rated power is the controller's: turbulence takes from the shoulder and never adds beyond it.
        speed, power = fine, np.clip(base + shift, min(0.0, float(base.min())), turbine.rated_power)
        thrust = np.interp(fine, np.asarray(turbine.wind_speed), thrust, left=0.0)
    within = speed <= last
    means = [_mean(grid, speed[within], values[within], spread) for values in (power, thrust)]
    return replace(
        turbine,
        wind_speed=grid,
        power=np.minimum(means[0], turbine.rated_power),
        thrust_coefficient=means[1],
        nominal_power=turbine.rated_power,
    )


def averaged_farm(
    farm: Farm, spread: Spread, *, turbulence: float | None = None, curve_turbulence: float | None = None
) -> Farm:
    """Return a farm of turbines with averaged curves; see `averaged_turbine`."""
    made: dict[int, Turbine] = {}
    for turbine in farm.turbines:
        if id(turbine) not in made:
            made[id(turbine)] = averaged_turbine(
                turbine, spread, turbulence=turbulence, curve_turbulence=curve_turbulence
            )
    return replace(farm, turbine=[made[id(turbine)] for turbine in farm.turbines])


def _mean(at: Floats, speed: Floats, values: Floats, spread: Spread) -> Floats:
    """Return the mean of a curve about each wind speed; it goes on beyond its last point, and begins with its first."""
    from testsite_sim.common.special_functions import ndtr, ndtri

    edges = ndtr(np.linspace(-REACH, REACH, NODES + 1))
    weights = np.diff(edges) / (edges[-1] - edges[0])
    scores = ndtri(edges[:-1] + 0.5 * np.diff(edges))
    about = np.maximum(at[:, None] + spread.at(at)[:, None] * scores, 0.0)
    return np.asarray(np.interp(about, speed, values, left=0.0) @ weights)


def _without_turbulence(turbine: Turbine, of_curve: Spread) -> Callable[[Floats], Floats]:
    """Return the curve that rises with one power coefficient whose average has the published highest coefficient."""
    speed, power = (np.asarray(each, np.float64) for each in (turbine.wind_speed, turbine.power))
    available = 0.5 * STANDARD_AIR_DENSITY * np.pi * (0.5 * turbine.rotor_diameter) ** 2
    giving = power > 0.0
    first = float(speed[int(np.argmax(giving))])
    best = float((power[giving] / (available * speed[giving] ** 3)).max())
    fine = np.arange(0.0, turbine.cut_out, 0.1)

    def curve(coefficient: float, at: Floats) -> Floats:
        return np.where(at < first, 0.0, np.minimum(turbine.rated_power, coefficient * available * at**3))

    def too_high(coefficient: float) -> float:
        mean = _mean(fine[1:], fine, curve(coefficient, fine), of_curve) / (available * fine[1:] ** 3)
        return float(mean[fine[1:] > first + 2.0].max()) - best

    found = bracketed_root(too_high, 0.2 * best, BETZ) if too_high(BETZ) > 0.0 > too_high(0.2 * best) else best
    return lambda at: curve(float(found), at)
