"""Turbine types of a windIO plant: their curves, as the file states them."""

import numpy as np
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.constants import STANDARD_AIR_DENSITY

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.rotor_bounds import tips_below_ground
from testsite_sim.wind.farm import Turbine
from testsite_sim.wind.windio.document import Part

FINE_STEP = 0.01  # of a curve that is a formula [m/s]: lines between its points change an energy by some 2e-6
LARGEST = 1000.0  # rotor diameter and hub height [m]: beyond any turbine
STEP = 1e-6  # width of a step of a curve [m/s]
# Power over the rotor's area [W/m²]: turbines have 150 to 600; a thousandth of that was written in kilowatts.
LEAST_RATING = 5.0
RATED = ("rated_power", "rated_wind_speed", "cutin_wind_speed", "cutout_wind_speed")


def read_turbine(part: Part) -> Turbine:
    """Return a turbine type.

    The power is that of `power_curve`, or of `Cp_curve` at 1.225 kg/m³ (the coefficient linear between its points, then
    times the cube of the wind speed, at most `rated_power`), or the cube between cut-in and rated wind speed. Outside a
    table, below `cutin_wind_speed` and above `cutout_wind_speed` power and thrust are zero.

    Raises
    ------
    Unusable
        When a curve is missing or no curve; why is among the problems of the document.
    """
    name, performance = part.text("name"), part.part("performance")
    diameter, hub_height = part.number("rotor_diameter"), part.number("hub_height")
    for key, value in (("rotor_diameter", diameter), ("hub_height", hub_height)):
        if not 0.0 < value <= LARGEST:
            part.fail(key, f"is {value:g} m; expected above 0, up to {LARGEST:g} m.")
    if tips := tips_below_ground(hub_height, diameter):
        part.fail("hub_height", tips.removeprefix("hub_height "))
    part.ignore("TSR", "no model here depends on the tip-speed ratio")
    if "generator_efficiency" in performance and performance.number("generator_efficiency") != 1.0:
        performance.refuse(
            "generator_efficiency",
            "it is not said whether the curve holds before or after the generator; expected a curve of electrical "
            "power.",
        )
    speed, power = _power(performance, 0.25 * np.pi * diameter**2)
    thrust_speed, thrust = _curve(performance.part("Ct_curve"), "Ct_wind_speeds", "Ct_values")
    if float(power.max()) < LEAST_RATING * 0.25 * np.pi * diameter**2:
        performance.fail(
            "power_curve" if "power_curve" in performance else "rated_power",
            f"its largest power is {float(power.max()):g} W for a rotor of {diameter:g} m; windIO has power in W.",
        )
    both = _with_steps(speed, thrust_speed)
    low, high = (performance.number(key, default) for key, default in ((RATED[2], 0.0), (RATED[3], np.inf)))
    if not low < high:
        performance.fail(RATED[3], f"is {high:g} m/s, cut-in {low:g} m/s; expected it above.")
    ends = [end for end in (low, high) if both[0] < end < both[-1]]
    both = np.union1d(both[(both >= low) & (both <= high)], ends)
    if both.size < 2:
        performance.fail("Ct_curve", f"no point lies between cut-in at {low:g} and cut-out at {high:g} m/s.")
    try:
        return Turbine(
            name,
            diameter,
            hub_height,
            both,
            np.interp(both, speed, power, left=0.0, right=0.0),
            np.interp(both, thrust_speed, thrust, left=0.0, right=0.0),
            nominal_power=performance.number("rated_power") if "rated_power" in performance else None,
        )
    except ConfigurationError as error:
        part.document.fail(part.path, str(error))


def _power(performance: Part, area: float) -> tuple[Floats, Floats]:
    """Return wind speeds and power [W]."""
    if "power_curve" in performance:
        if "Cp_curve" in performance:
            performance.fail("Cp_curve", "does not follow windIO's schema: stands next to a power_curve; expected one.")
        performance.ignore("rated_wind_speed", "the power curve says the power at every wind speed")
        return _curve(performance.part("power_curve"), "power_wind_speeds", "power_values")
    if "Cp_curve" in performance:
        performance.ignore("rated_wind_speed", "the curve of the power coefficient says the power at every wind speed")
        at, coefficient = _curve(performance.part("Cp_curve"), "Cp_wind_speeds", "Cp_values")
        speed = np.union1d(np.arange(at[0], at[-1], FINE_STEP), at)
        power = 0.5 * STANDARD_AIR_DENSITY * area * np.interp(speed, at, coefficient) * speed**3
        return speed, np.minimum(power, performance.number("rated_power", np.inf))
    rated, full, low, high = (performance.number(key) for key in RATED)
    if not 0.0 <= low < full <= high:
        performance.fail(
            RATED[1], f"is {full:g} m/s; expected it above cut-in, {low:g}, and up to cut-out, {high:g} m/s."
        )
    speed = np.union1d(np.arange(low, high, FINE_STEP), [full, high])
    return speed, rated * np.clip((speed - low) / (full - low), 0.0, 1.0) ** 3


def _curve(part: Part, speeds: str, values: str) -> tuple[Floats, Floats]:
    """Return the points of a curve."""
    speed, value = part.numbers(speeds), part.numbers(values)
    if speed.size != value.size or speed.size < 2:
        part.fail(values, f"has {value.size} values for {speed.size} wind speeds; expected one each, two at least.")
    steps = np.flatnonzero(np.diff(speed) == 0.0) + 1
    speed[steps] += STEP  # two points at one wind speed: the curve falls there, and the first of them holds
    if np.any(np.diff(speed) <= 0.0):
        part.fail(speeds, "the wind speeds of a curve must rise; two at most are the same, where it falls at once.")
    return speed, value


def _with_steps(first: Floats, second: Floats) -> Floats:
    """Return the points of two tables; where one ends before the other, it falls to zero at once."""
    steps = []
    for one, other in ((first, second), (second, first)):
        if one[0] > other[0]:
            steps.append(one[0] - STEP)
        if one[-1] < other[-1]:
            steps.append(one[-1] + STEP)
    return np.union1d(np.union1d(first, second), steps)
