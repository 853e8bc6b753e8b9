"""Voltage of a PEM electrolysis cell against current density and temperature.

V = E + V_a + V_c + V_Ω + V_con: Nernst; Butler–Volmer at both electrodes, solved for the overvoltage by asinh (equal
transfer in both directions); Nafion's conductivity after Springer, Zawodzinski and Gottesfeld (1991) and the resistance
of plates and contacts; mass transport, where a limiting current density is given. The terms and their order follow
Abdin, Webb and MacA. Gray (2015), doi 10.1016/j.ijhydene.2015.07.129. Current density i [A/m²], temperature T [K].
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.electrolysis.electrochemistry import saturation_pressure
from testsite_kernels.numerics.compile_options import kernel, part
from testsite_kernels.numerics.constants import FARADAY, GAS_CONSTANT, STANDARD_ATMOSPHERE

TERMS = ("reversible", "anode", "cathode", "ohmic", "concentration", "slope")  # columns: five voltages, then dV/di
REFERENCE = 298.15  # of reversible voltage and its slope [K]


class PemCell(NamedTuple):
    """Parameters of a cell, in SI."""

    reversible_voltage: float  # at 298.15 K and standard pressure [V]
    reversible_slope: float  # [V/K]
    anode_pressure: float  # [Pa]
    cathode_pressure: float  # [Pa]
    anode_transfer: float
    cathode_transfer: float
    anode_exchange: float  # exchange current density at the exchange temperature [A/m²]
    cathode_exchange: float
    anode_activation: float  # activation energy of the exchange current density [J/mol]
    cathode_activation: float
    exchange_temperature: float  # [K]
    membrane_thickness: float  # [m]
    water_content: float  # λ, molecules of water per sulfonic group; nan: a membrane in liquid water, see below
    resistance: float  # of plates, contacts and leads [Ω m²]
    limiting_current: float  # [A/m²]; inf: no limit


@part
def nafion_conductivity(water_content: float, temperature: float) -> float:
    """Return the conductivity of Nafion [S/m]: Springer et al. (1991), equation 24.

    Without a water content, that of a membrane in liquid water, λ = (0.016 T − 1.27056)/0.1875, as NREL's
    electrolyzer takes it.
    """
    if math.isnan(water_content):
        water_content = (0.016 * temperature - 2.89556 + 1.625) / 0.1875
    return (0.5139 * water_content - 0.326) * math.exp(1268.0 * (1.0 / 303.0 - 1.0 / temperature))


@part
def pem_terms(cell: PemCell, i: float, t: float) -> tuple[float, float, float, float, float, float]:
    """Return the five terms of the voltage [V] and the slope dV/di [V m²/A]."""
    thermal = GAS_CONSTANT * t / FARADAY
    vapour = saturation_pressure(t)
    cathode_pressure = (cell.cathode_pressure - vapour) / STANDARD_ATMOSPHERE
    pressures = cathode_pressure * math.sqrt((cell.anode_pressure - vapour) / STANDARD_ATMOSPHERE)
    reversible = cell.reversible_voltage + cell.reversible_slope * (t - REFERENCE) + 0.5 * thermal * math.log(pressures)
    arrhenius = (1.0 / cell.exchange_temperature - 1.0 / t) / GAS_CONSTANT
    two_anode = 2.0 * cell.anode_exchange * math.exp(cell.anode_activation * arrhenius)
    two_cathode = 2.0 * cell.cathode_exchange * math.exp(cell.cathode_activation * arrhenius)
    anode = thermal / cell.anode_transfer * math.asinh(i / two_anode)
    cathode = thermal / cell.cathode_transfer * math.asinh(i / two_cathode)
    area_resistance = cell.resistance + cell.membrane_thickness / nafion_conductivity(cell.water_content, t)
    slope = area_resistance
    slope += thermal / cell.anode_transfer / math.sqrt(i * i + two_anode * two_anode)
    slope += thermal / cell.cathode_transfer / math.sqrt(i * i + two_cathode * two_cathode)
    concentration = 0.0
    if cell.limiting_current < math.inf:
        concentration = -0.5 * thermal * math.log(1.0 - i / cell.limiting_current)
        slope += 0.5 * thermal / (cell.limiting_current - i)
    return reversible, anode, cathode, i * area_resistance, concentration, slope


@kernel
def pem_polarisation(
    cell: PemCell, current: NDArray[np.float64], temperature: NDArray[np.float64], terms: NDArray[np.float64]
) -> None:
    """Fill `terms` (n, 6; columns `TERMS`) for current densities [A/m²] and temperatures [K], both (n)."""
    for k in range(current.size):
        row = pem_terms(cell, current[k], temperature[k])
        for column in range(6):
            terms[k, column] = row[column]
