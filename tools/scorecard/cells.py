"""Is it the form of the alkaline cell or the electrodes? One electrolyser at a temperature that its fit left out."""

import numpy as np
from scipy.optimize import brentq, least_squares
from testsite_kernels.electrolysis.alkaline import LyeCell, lye_polarisation
from testsite_kernels.numerics.constants import ZERO_CELSIUS

from tests.plant.test_transferable_cells import ELECTROLYSERS, baths, points_of, root_mean_square, typical

GROUP = 5.0  # [K] within which points count as of one temperature
OFFSETS = (5.0, 40.0)  # of the logarithm of the exchange current, within which one point is met
START = (0.55, 0.15, -5.0, 17.0)
HEAD = [
    "electrolyser",
    "four parameters of its own [mV]",
    "at temperatures left out of that fit [mV]",
    "parameters of the three others [mV]",
    "of these, with one point of its own [mV]",
]
Points = dict[str, np.ndarray]


def voltage(x: np.ndarray, points: Points) -> np.ndarray:
    """Return the voltage [V] at points: path length [cm], transfer [1], slope [10^3 K], offset [1]."""
    found = np.empty(points["V"].size)
    for pressure, concentration, mine in baths(points):
        part = np.empty((int(mine.sum()), 6))
        one = LyeCell(x[0] * 1e-2, x[1], x[2] * 1e3, x[3], pressure, concentration)
        lye_polarisation(one, points["j_mA_cm2"][mine], points["T_K"][mine], part)
        found[mine] = part[:, :5].sum(axis=1)
    return found


def fitted(points: Points) -> np.ndarray:
    """Return the four parameters of least squares."""
    how = {"xtol": 1e-14, "ftol": 1e-14, "gtol": 1e-14}
    return np.asarray(least_squares(lambda x: voltage(x, points) - points["V"], START, **how).x)


def chosen(points: Points, which: np.ndarray) -> Points:
    """Return some of the points."""
    return {name: values[which] for name, values in points.items()}


def off(x: np.ndarray, points: Points) -> float:
    """Return the root mean square error [mV] of parameters at points."""
    return root_mean_square(voltage(x, points) - points["V"])


def left_out(points: Points) -> dict[float, float]:
    """Return the error [mV] at each temperature [°C] of the fit to the others, where these are two or more."""
    group = np.round(points["T_K"] / GROUP) * GROUP
    temperatures = np.unique(group)
    if temperatures.size < 3:
        return {}
    return {
        float(each - ZERO_CELSIUS): off(fitted(chosen(points, group != each)), chosen(points, group == each))
        for each in temperatures
    }


def with_one_point(name: str) -> tuple[float, float]:
    """Return the error [mV] of the fit to the others, and with the exchange current of the point of most current."""
    points = points_of(name)
    length, transfer, slope, offset = typical([each for each in ELECTROLYSERS if each != name])
    others = np.array([length * 1e2, transfer, slope * 1e-3, offset])
    at = chosen(points, np.array([int(np.argmax(points["j_mA_cm2"]))]))

    def of(value: float) -> np.ndarray:
        return np.array([*others[:3], value])

    exact = brentq(lambda value: float((voltage(of(value), at) - at["V"])[0]), *OFFSETS)
    return off(others, points), off(of(exact), points)


def rows() -> list[list[str]]:
    """Return a row of each electrolyser, and the root mean square of all."""
    found = []
    for name in ELECTROLYSERS:
        points = points_of(name)
        apart = left_out(points)
        said = ", ".join(f"{each:.1f} ({degrees:.0f} °C)" for degrees, each in apart.items())
        before, after = with_one_point(name)
        own = off(fitted(points), points)
        found.append([name, f"{own:.1f}", said or "two temperatures alone", f"{before:.0f}", f"{after:.0f}"])
    means = [np.sqrt(np.mean([float(row[k]) ** 2 for row in found])) for k in (1, 3, 4)]
    return [*found, ["all", f"{means[0]:.1f}", "–", f"{means[1]:.0f}", f"{means[2]:.0f}"]]


def sentence(lines: list[list[str]]) -> str:
    """Return what the rows say of form and electrodes."""
    apart = [float(part.split(" (")[0]) for row in lines[:-1] if "(" in row[2] for part in row[2].split(", ")]
    return (
        f"- Temperatures left out of the fit of the same electrolyser are met within {max(apart):.0f} mV, other "
        f"electrolysers within {lines[-1][3]} mV in the root mean square, and within {lines[-1][4]} mV with one point "
        "of their own: it is the electrodes that differ, not the form, units or baths."
    )
