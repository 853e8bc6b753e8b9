"""Real-gas properties of hydrogen: density, enthalpy, entropy, pressure, from a packaged table."""

import functools
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.storage.properties import Hydrogen, Isotherms, fill_isotherms, fill_pressure, fill_properties

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.netcdf_opening import read_packaged

TABLE = Path(__file__).with_name("hydrogen_properties.nc")
LOWEST_PRESSURE, HIGHEST_PRESSURE = 1e5, 1000e5  # [Pa]; the table reaches a little further
LOWEST_TEMPERATURE, HIGHEST_TEMPERATURE = 230.0, 840.0  # [K]


@functools.cache
def hydrogen() -> Hydrogen:
    """Return the table for the kernels: values with the slopes of splines through them (not-a-knot)."""
    table = read_packaged(TABLE, "properties of hydrogen")
    logarithm, temperature = np.log(table["pressure"].to_numpy()), table["temperature"].to_numpy()
    names = ("compressibility", "enthalpy", "entropy_over_logarithm")
    return Hydrogen(
        gas_constant=float(table.attrs["gas_constant"]),
        by_pressure=np.stack([_nodes(table[name].to_numpy()) for name in names]),
        first_logarithm=float(logarithm[0]),
        logarithm_step=float((logarithm[-1] - logarithm[0]) / (logarithm.size - 1)),
        by_density=_nodes(table["compressibility_of_density"].to_numpy()),
        density_step=float(table["density"][1]),
        first_temperature=float(temperature[0]),
        temperature_step=float(temperature[1] - temperature[0]),
    )


def _nodes(values: Floats) -> Floats:
    """Return value, derivatives per spacing along both axes and mixed derivative, shape (…, …, 4)."""
    first, second = spline_slopes(values, 0), spline_slopes(values, 1)
    return np.stack([values, first, second, spline_slopes(first, 1)], axis=-1)


def spline_slopes(values: Floats, axis: int) -> Floats:
    """Return the slopes at the nodes of the cubic splines through values of spacing 1, shape as the values.

    The splines are those of `scipy.interpolate.CubicSpline` to the last bit (not-a-knot, five nodes or more), whose
    package takes longer to import than a year of a plant to simulate.

    References
    ----------
    de Boor (1978), A practical guide to splines, chapter IV.
    """
    from scipy.linalg import solve_banded

    nodes = np.moveaxis(values, axis, 0)
    count, rise = nodes.shape[0], np.diff(nodes, axis=0)
    banded = np.zeros((3, count))
    banded[0, 2:], banded[1, 1:-1], banded[2, :-2] = 1.0, 4.0, 1.0
    banded[1, [0, -1]], banded[0, 1], banded[2, -2] = 1.0, 2.0, 2.0
    right = np.empty_like(nodes)
    right[1:-1] = 3.0 * (rise[:-1] + rise[1:])
    right[0], right[-1] = (5.0 * rise[0] + rise[1]) / 2.0, (rise[-2] + 5.0 * rise[-1]) / 2.0
    slopes = solve_banded((1, 1), banded, right.reshape(count, -1), check_finite=False).reshape(nodes.shape)
    # The last node is the end of its polynomial, which gives its slope but for rounding.
    bend = slopes[-2] + slopes[-1] - 2.0 * rise[-1]
    slopes[-1] = (slopes[-2] + ((rise[-1] - slopes[-2]) - bend) * 2.0) + bend * 3.0
    return np.moveaxis(slopes, 0, axis)


def hydrogen_properties(pressure: ArrayLike, temperature: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Return density, enthalpy and entropy of hydrogen as a real gas.

    Parameters
    ----------
    pressure : array_like
        Absolute pressure [Pa], 1 to 1000 bar.
    temperature : array_like
        Temperature [K], 230 to 840 K; broadcast with the pressure.

    Returns
    -------
    tuple of ndarray
        Density [kg/m3], specific enthalpy [J/kg], specific entropy [J/(kg K)], above the liquid at its normal
        boiling point.

    Raises
    ------
    ConfigurationError
        When a point lies outside the table.

    References
    ----------
    Leachman, Jacobsen, Penoncello and Lemmon (2009), J. Phys. Chem. Ref. Data 38, 721; tabulated from CoolProp.
    Against it density is within 1e-6, enthalpy within 5 J/kg, entropy within 0.01 J/(kg K) (tests).
    """
    p, t = np.broadcast_arrays(np.asarray(pressure, np.float64), np.asarray(temperature, np.float64))
    _within("pressure [Pa]", p, LOWEST_PRESSURE, HIGHEST_PRESSURE)
    _within("temperature [K]", t, LOWEST_TEMPERATURE, HIGHEST_TEMPERATURE)
    values = np.empty((p.size, 3))
    fill_properties(hydrogen(), p.flatten(), t.flatten(), values)
    density, enthalpy, entropy = (values[:, k].reshape(p.shape) for k in range(3))
    return density, enthalpy, entropy


def hydrogen_density(pressure: ArrayLike, temperature: ArrayLike) -> Floats:
    """Return the density of hydrogen [kg/m3] at a pressure [Pa] and temperature [K]; see `hydrogen_properties`."""
    return hydrogen_properties(pressure, temperature)[0]


def hydrogen_pressure(density: ArrayLike, temperature: ArrayLike) -> Floats:
    """Return the pressure of hydrogen [Pa] at a density [kg/m3] (0 to 60) and temperature [K].

    Raises
    ------
    ConfigurationError
        When a point lies outside the table. See `hydrogen_properties` for its source.
    """
    d, t = np.broadcast_arrays(np.asarray(density, np.float64), np.asarray(temperature, np.float64))
    _within("density [kg/m3]", d, 0.0, 60.0)
    _within("temperature [K]", t, LOWEST_TEMPERATURE, HIGHEST_TEMPERATURE)
    values = np.empty(d.size)
    fill_pressure(hydrogen(), d.flatten(), t.flatten(), values)
    return values.reshape(d.shape)


def isotherms_at(temperature: ArrayLike) -> Isotherms:
    """Return the compressibility over density at constant temperatures [K], shape (k,), for the kernels.

    Raises
    ------
    ConfigurationError
        When a temperature lies outside the table.
    """
    t = np.atleast_1d(np.asarray(temperature, np.float64))
    _within("temperature [K]", t, LOWEST_TEMPERATURE, HIGHEST_TEMPERATURE)
    gas = hydrogen()
    nodes = np.empty((t.size, gas.by_density.shape[0], 2))
    fill_isotherms(gas, t, nodes)
    return Isotherms(nodes, gas.gas_constant * t, gas.density_step)


def _within(name: str, values: Floats, low: float, high: float) -> None:
    """Raise for the first value outside what is tabulated, or that is no number."""
    bad = ~((values >= low) & (values <= high))
    if np.any(bad):
        raise ConfigurationError(f"hydrogen: {name} is {values[bad].ravel()[0]:g}; expected {low:g} to {high:g}")
