"""Voltage of an alkaline electrolysis cell against current density and temperature, by two published models.

- Ulleberg (2003), doi 10.1016/S0360-3199(02)00033-2, equation 8: a fit to one cell.
- Jin, Nogueira Nakashima, Comodi and Lund Frandsen (2025), doi 10.1016/j.applthermaleng.2024.125154: reversible
  voltage over lye from thermodynamics, four fitted parameters. Its Tafel term ln(i/i0) is taken as asinh(i/(2 i0)), the
  same far above i0 and finite at zero current.

Current density i [A/m²], temperature T [K]. The columns of the result are those of `pem.TERMS`; both
electrodes are one term here, that of the anode.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.numerics.compile_options import kernel, part
from testsite_kernels.numerics.constants import FARADAY, GAS_CONSTANT, POTASSIUM_HYDROXIDE_MOLAR_MASS, ZERO_CELSIUS


class UllebergCell(NamedTuple):
    """Coefficients for i in A/m² and temperatures in °C."""

    reversible_voltage: float
    r1: float
    r2: float
    s1: float
    s2: float
    s3: float
    t1: float
    t2: float
    t3: float


class LyeCell(NamedTuple):
    """Four fitted parameters, in SI, and the state of the lye."""

    path_length: float  # of the ions, with separator and bubbles [m]
    transfer: float  # of both electrodes together
    exchange_slope: float  # ln i0 = slope/T + offset, i0 in A/m² [K]
    exchange_offset: float
    pressure: float  # [Pa]
    concentration: float  # mass fraction of KOH


@part
def ulleberg_terms(cell: UllebergCell, i: float, temperature: float) -> tuple[float, float, float, float]:
    """Return reversible, activation and ohmic voltage [V], and the slope dV/di [V m²/A]."""
    c = temperature - ZERO_CELSIUS
    resistance = cell.r1 + cell.r2 * c
    s = (cell.s1 + cell.s2 * c + cell.s3 * c * c) / math.log(10.0)
    t = cell.t1 + cell.t2 / c + cell.t3 / (c * c)
    return cell.reversible_voltage, s * math.log(t * i + 1.0), resistance * i, resistance + s * t / (t * i + 1.0)


@part
def lye_conductivity(concentration: float, temperature: float) -> float:
    """Return the conductivity of lye [S/m]: Gilliam et al. (2007), doi 10.1016/j.ijhydene.2006.10.062."""
    c = temperature - ZERO_CELSIUS
    density = (1001.7 - 0.1108 * c - 0.0032 * c * c) * math.exp(0.86 * concentration)
    m = 1e-3 * concentration * density / POTASSIUM_HYDROXIDE_MOLAR_MASS  # molarity [mol/L]
    mt = m * temperature
    return 100.0 * (
        -2.041 * m - 0.0028 * m * m + 0.005332 * mt + 207.2 * m / temperature + 0.001043 * m * m * m - 3e-7 * mt * mt
    )


@part
def lye_reversible_voltage(pressure: float, concentration: float, temperature: float) -> float:
    """Return the reversible voltage over lye [V]: LeRoy, Bowen and LeRoy (1980); vapour and activity Balej (1985)."""
    t = temperature
    standard = 1.5184 - 1.5421e-3 * t + 9.523e-5 * t * math.log(t) + 9.84e-8 * t * t
    m = concentration / (POTASSIUM_HYDROXIDE_MOLAR_MASS * (1.0 - concentration))  # molality [mol/kg]
    water = 81.6179 - 7699.68 / t - 10.9 * math.log(t) + 9.5891e-3 * t  # ln of the vapour pressure of water in bar
    lowering = 2.302 * (-0.0151 * m - 1.6788e-3 * m * m + 2.2588e-5 * m * m * m)
    vapour = math.exp(lowering + (1.0 - 1.2062e-3 * m + 5.6024e-4 * m * m - 7.8228e-6 * m * m * m) * water)
    activity = -0.05192 * m + 0.003302 * m * m + (3.177 * m - 2.131 * m * m) / t
    return standard + 0.5 * GAS_CONSTANT * t / FARADAY * (1.5 * math.log(pressure / 1e5 - vapour) - activity)


@part
def lye_terms(cell: LyeCell, i: float, temperature: float) -> tuple[float, float, float, float]:
    """Return reversible, activation and ohmic voltage [V], and the slope dV/di [V m²/A]."""
    reversible = lye_reversible_voltage(cell.pressure, cell.concentration, temperature)
    resistance = cell.path_length / lye_conductivity(cell.concentration, temperature)
    b = 0.5 * GAS_CONSTANT * temperature / (cell.transfer * FARADAY)
    two = 2.0 * math.exp(cell.exchange_slope / temperature + cell.exchange_offset)
    return reversible, b * math.asinh(i / two), i * resistance, resistance + b / math.sqrt(i * i + two * two)


@kernel
def ulleberg_polarisation(
    cell: UllebergCell, current: NDArray[np.float64], temperature: NDArray[np.float64], terms: NDArray[np.float64]
) -> None:
    """Fill `terms` (n, 6) for current densities [A/m²] and temperatures [K], both (n)."""
    for k in range(current.size):
        terms[k, 2] = terms[k, 4] = 0.0
        terms[k, 0], terms[k, 1], terms[k, 3], terms[k, 5] = ulleberg_terms(cell, current[k], temperature[k])


@kernel
def lye_polarisation(
    cell: LyeCell, current: NDArray[np.float64], temperature: NDArray[np.float64], terms: NDArray[np.float64]
) -> None:
    """Fill `terms` (n, 6) for current densities [A/m²] and temperatures [K], both (n)."""
    for k in range(current.size):
        terms[k, 2] = terms[k, 4] = 0.0
        terms[k, 0], terms[k, 1], terms[k, 3], terms[k, 5] = lye_terms(cell, current[k], temperature[k])
