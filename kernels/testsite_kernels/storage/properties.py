"""Real-gas properties of hydrogen by bicubic Hermite interpolation of a table.

Symbols: p pressure [Pa], T temperature [K], rho density [kg/m3], Z = p / (rho R T) compressibility, h enthalpy
[J/kg], s entropy [J/(kg K)]. The nodes of a property hold, over (x, T) with x = ln p or rho: the value, its
derivatives per spacing in x and in T, and the mixed one. Source of the values: Leachman et al. (2009), see
`tools/tabulate_hydrogen.py`. Outside the table the argument is held at its edge.
"""

import math
from typing import NamedTuple

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_kernel, bare_part

COMPRESSIBILITY, ENTHALPY, ENTROPY = 0, 1, 2  # first index of `by_pressure`; the entropy is s + R ln(p / 1 Pa)


class Hydrogen(NamedTuple):
    """The table: nodes (property, ln p, T, 4) and (rho, T, 4), and where their axes begin and how fine they are."""

    gas_constant: float
    by_pressure: Floats
    first_logarithm: float
    logarithm_step: float
    by_density: Floats
    density_step: float
    first_temperature: float
    temperature_step: float


class Isotherms(NamedTuple):
    """Z over density at constant temperatures (k): nodes (k, rho, 2: value and slope per spacing), R T [J/kg]."""

    nodes: Floats
    gas_constant_temperature: Floats
    density_step: float


@bare_part
def _cell(position: float, nodes: int) -> tuple[int, float]:
    """Return the cell of a position counted in spacings, and the place within it from 0 to 1."""
    position = min(max(position, 0.0), nodes - 1.0)
    k = min(int(position), nodes - 2)
    return k, position - k


@bare_part
def _hermite(nodes: Floats, i: int, u: float, j: int, v: float) -> tuple[float, float]:
    """Return the bicubic Hermite value in cell (i, j) at (u, v), and its derivative per spacing in the second axis."""
    a1 = u * u * (3.0 - 2.0 * u)
    a0 = 1.0 - a1
    b0 = u * (1.0 - u) * (1.0 - u)
    b1 = u * u * (u - 1.0)
    c1 = v * v * (3.0 - 2.0 * v)
    c0 = 1.0 - c1
    d0 = v * (1.0 - v) * (1.0 - v)
    d1 = v * v * (v - 1.0)
    left, left_far = nodes[i, j], nodes[i + 1, j]
    right, right_far = nodes[i, j + 1], nodes[i + 1, j + 1]
    f0 = a0 * left[0] + b0 * left[1] + a1 * left_far[0] + b1 * left_far[1]
    g0 = a0 * left[2] + b0 * left[3] + a1 * left_far[2] + b1 * left_far[3]
    f1 = a0 * right[0] + b0 * right[1] + a1 * right_far[0] + b1 * right_far[1]
    g1 = a0 * right[2] + b0 * right[3] + a1 * right_far[2] + b1 * right_far[3]
    value = c0 * f0 + d0 * g0 + c1 * f1 + d1 * g1
    slope = 6.0 * v * (1.0 - v) * (f1 - f0) + (1.0 - v) * (1.0 - 3.0 * v) * g0 + v * (3.0 * v - 2.0) * g1
    return value, slope


@bare_part
def _at_pressure(gas: Hydrogen, what: int, pressure: float, temperature: float) -> tuple[float, float]:
    """Return a tabulated property and its derivative per kelvin."""
    nodes = gas.by_pressure[what]
    i, u = _cell((math.log(max(pressure, 1.0)) - gas.first_logarithm) / gas.logarithm_step, nodes.shape[0])
    j, v = _cell((temperature - gas.first_temperature) / gas.temperature_step, nodes.shape[1])
    value, slope = _hermite(nodes, i, u, j, v)
    return value, slope / gas.temperature_step


@bare_part
def density_at(gas: Hydrogen, pressure: float, temperature: float) -> float:
    """Return rho = p / (Z R T) [kg/m3]."""
    z, _ = _at_pressure(gas, COMPRESSIBILITY, pressure, temperature)
    return pressure / (z * gas.gas_constant * temperature)


@bare_part
def pressure_at(gas: Hydrogen, density: float, temperature: float) -> float:
    """Return p = rho Z R T [Pa], with Z over rho and T."""
    nodes = gas.by_density
    i, u = _cell(density / gas.density_step, nodes.shape[0])
    j, v = _cell((temperature - gas.first_temperature) / gas.temperature_step, nodes.shape[1])
    z, _ = _hermite(nodes, i, u, j, v)
    return density * z * gas.gas_constant * temperature


@bare_part
def isotherm_pressure(isotherms: Isotherms, k: int, density: float) -> float:
    """Return p = rho Z R T [Pa] at temperature k: the same as `pressure_at`, at a quarter of its time."""
    i, u = _cell(density / isotherms.density_step, isotherms.nodes.shape[1])
    near, far = isotherms.nodes[k, i], isotherms.nodes[k, i + 1]
    a1 = u * u * (3.0 - 2.0 * u)
    w = 1.0 - u
    z = (1.0 - a1) * near[0] + u * w * w * near[1] + a1 * far[0] - u * u * w * far[1]
    return density * z * isotherms.gas_constant_temperature[k]


@bare_part
def isotherm_density(isotherms: Isotherms, k: int, pressure: float) -> float:
    """Return the density [kg/m3] at a pressure and temperature k: the inverse, by the secant method.

    It begins at the gas of hard spheres p = rho R T / (1 - b rho), within 2 % up to 1000 bar for b = 7.69e-3 m3/kg.
    """
    ideal = pressure / isotherms.gas_constant_temperature[k]
    density = ideal / (1.0 + 7.69e-3 * ideal)
    before, wrong_before = 0.0, -pressure
    for _ in range(20):
        wrong = isotherm_pressure(isotherms, k, density) - pressure
        if abs(wrong) <= 1e-12 * pressure or wrong == wrong_before:
            break
        after = density - wrong * (density - before) / (wrong - wrong_before)
        before, wrong_before = density, wrong
        density = after
    return density


@bare_part
def enthalpy_at(gas: Hydrogen, pressure: float, temperature: float) -> float:
    """Return h [J/kg], above the reference of the equation of state (the liquid at its normal boiling point)."""
    h, _ = _at_pressure(gas, ENTHALPY, pressure, temperature)
    return h


@bare_part
def entropy_at(gas: Hydrogen, pressure: float, temperature: float) -> float:
    """Return s [J/(kg K)], above the same reference."""
    s, _ = _at_pressure(gas, ENTROPY, pressure, temperature)
    return s - gas.gas_constant * math.log(max(pressure, 1.0))


@bare_part
def isentropic_temperature(gas: Hydrogen, p1: float, t1: float, p2: float) -> float:
    """Return the temperature [K] at p2 with the entropy of (p1, t1), by Newton's method."""
    requested = entropy_at(gas, p1, t1) + gas.gas_constant * math.log(max(p2, 1.0))
    t = t1 * (p2 / p1) ** 0.29  # that of an ideal gas of two atoms: 1 - 1/1.41
    for _ in range(20):
        s, slope = _at_pressure(gas, ENTROPY, p2, t)
        change = (requested - s) / slope
        t += change
        if abs(change) < 1e-9 * t:
            break
    return t


@bare_part
def temperature_of_enthalpy(gas: Hydrogen, pressure: float, enthalpy: float, guess: float) -> float:
    """Return the temperature [K] of an enthalpy at a pressure, by Newton's method."""
    t = guess
    for _ in range(20):
        h, slope = _at_pressure(gas, ENTHALPY, pressure, t)
        change = (enthalpy - h) / slope
        t += change
        if abs(change) < 1e-9 * t:
            break
    return t


@bare_kernel
def fill_isotherms(gas: Hydrogen, temperature: Floats, nodes: Floats) -> None:
    """Fill `nodes` (k, rho, 2) of isotherms at temperatures (k): a bicubic at constant T is cubic in rho."""
    for k in range(temperature.size):
        j, v = _cell((temperature[k] - gas.first_temperature) / gas.temperature_step, gas.by_density.shape[1])
        c1 = v * v * (3.0 - 2.0 * v)
        d0, d1 = v * (1.0 - v) * (1.0 - v), v * v * (v - 1.0)
        for i in range(nodes.shape[1]):
            left, right = gas.by_density[i, j], gas.by_density[i, j + 1]
            nodes[k, i, 0] = (1.0 - c1) * left[0] + d0 * left[2] + c1 * right[0] + d1 * right[2]
            nodes[k, i, 1] = (1.0 - c1) * left[1] + d0 * left[3] + c1 * right[1] + d1 * right[3]


@bare_kernel
def fill_properties(gas: Hydrogen, pressure: Floats, temperature: Floats, values: Floats) -> None:
    """Fill `values` (point, 3) with density, enthalpy and entropy at points of pressure and temperature."""
    for n in range(pressure.size):
        values[n, 0] = density_at(gas, pressure[n], temperature[n])
        values[n, 1] = enthalpy_at(gas, pressure[n], temperature[n])
        values[n, 2] = entropy_at(gas, pressure[n], temperature[n])


@bare_kernel
def fill_pressure(gas: Hydrogen, density: Floats, temperature: Floats, values: Floats) -> None:
    """Fill `values` (point,) with the pressure at points of density and temperature."""
    for n in range(density.size):
        values[n] = pressure_at(gas, density[n], temperature[n])
