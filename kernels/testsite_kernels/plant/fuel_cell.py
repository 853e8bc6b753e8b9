"""PEM fuel cells: the voltage of a cell, and a plant of equal stacks through one step, with its wear.

Symbols: i current of a cell [A], A active area [cm2], T temperature [K], p partial pressure [atm], V voltage of a
cell [V], dV the voltage that it has lost by ageing [V], h hydrogen fed to the plant [kg/s], P net power at its AC
terminals [W].

Polarisation: Amphlett et al. (1995), J. Electrochem. Soc. 142, 1-8, as generalised by Mann et al. (2000), J. Power
Sources 86, 173-180:

    V    = E - eta_act - eta_ohm - eta_con
    E    = 1.229 - 8.5e-4 (T - 298.15) + 4.308e-5 T (ln p_H2 + ln(p_O2) / 2)
    eta_act = -(xi1 + xi2 T + xi3 T ln c_O2 + xi4 T ln i),  xi2 = 0.00286 + 0.0002 ln A + 4.3e-5 ln c_H2
    c_O2 = p_O2 / (5.08e6 exp(-498/T)),  c_H2 = p_H2 / (1.09e6 exp(77/T))            [mol/cm3]
    eta_ohm = i (rho l / A + R_e)
    rho  = 181.6 (1 + 0.03 i/A + 0.062 (T/303)^2 (i/A)^2.5) / ((lambda - 0.634 - 3 i/A) exp(4.18 (T - 303)/T))
    eta_con = -B ln(1 - (i/A) / J_max)

The plant is a table of net power at hydrogen flows evenly spaced from zero: P(h) at the beginning of life; ageing
takes c h dV from it, since the current is that of the hydrogen (Faraday) and the voltage lower.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.numerics.compile_options import bare_part, kernel, part
from testsite_kernels.numerics.limits import NOTHING
from testsite_kernels.numerics.tables import table_flow, table_power


class Polarisation(NamedTuple):
    """A cell in the units of the papers: K, atm, cm2, cm, ohm, V, A/cm2."""

    temperature: float
    hydrogen_pressure: float
    oxygen_pressure: float
    area: float
    membrane_thickness: float
    membrane_water: float
    electronic_resistance: float
    xi1: float
    xi3: float
    xi4: float
    concentration: float
    limiting_current_density: float


class FuelCellPlant(NamedTuple):
    """A plant of stacks: its table over hydrogen flow, and how it wears; or, `by_load`, one by its load curve.

    `hydrogen` (points): flow [kg/s] at net powers evenly spaced from zero to the capacity, `per_watt` points a watt.
    `power` (points): net power [W] at the flows 0, `flow_step`, 2 `flow_step`, … [kg/s]. `heat` (points): usable heat
    [W] there. `power_per_volt`: what a volt lost in every cell takes [W/(kg/s)/V]; `heat_per_watt`: usable heat that
    a watt lost becomes. Ageing: `running` [V/s], `start` [V per start]; at `end_of_life` [V] stacks are replaced.
    """

    capacity: float
    minimum: float
    by_load: bool
    hydrogen: NDArray[np.float64]
    per_watt: float
    flow_step: float
    power: NDArray[np.float64]
    heat: NDArray[np.float64]
    power_per_volt: float
    heat_per_watt: float
    running: float
    start: float
    end_of_life: float


@part
def cell_voltage(cell: Polarisation, i: float) -> float:
    """Return the voltage of a cell at a current above zero; nan beyond its limiting current."""
    t, area = cell.temperature, cell.area
    j = i / area
    reversible = (
        1.229
        - 8.5e-4 * (t - 298.15)
        + 4.308e-5 * t * (math.log(cell.hydrogen_pressure) + 0.5 * math.log(cell.oxygen_pressure))
    )
    oxygen = cell.oxygen_pressure / (5.08e6 * math.exp(-498.0 / t))
    hydrogen = cell.hydrogen_pressure / (1.09e6 * math.exp(77.0 / t))
    xi2 = 0.00286 + 0.0002 * math.log(area) + 4.3e-5 * math.log(hydrogen)
    activation = -(cell.xi1 + xi2 * t + cell.xi3 * t * math.log(oxygen) + cell.xi4 * t * math.log(i))
    dry = cell.membrane_water - 0.634 - 3.0 * j
    if j >= cell.limiting_current_density or dry <= 0.0:
        return math.nan
    resistivity = (
        181.6 * (1.0 + 0.03 * j + 0.062 * (t / 303.0) ** 2 * j**2.5) / (dry * math.exp(4.18 * (t - 303.0) / t))
    )
    ohmic = i * (resistivity * cell.membrane_thickness / area + cell.electronic_resistance)
    concentration = -cell.concentration * math.log(1.0 - j / cell.limiting_current_density)
    return reversible - activation - ohmic - concentration


@kernel
def polarisation_curve(cell: Polarisation, current: NDArray[np.float64], voltage: NDArray[np.float64]) -> None:
    """Fill `voltage` (points) of a cell [V] at `current` (points) [A]."""
    for k in range(current.size):
        voltage[k] = cell_voltage(cell, current[k])


@bare_part
def power_of(cell: FuelCellPlant, h: float, lost: float) -> float:
    """Return the net power [W] from hydrogen [kg/s] with a loss of voltage: linear between the points."""
    position = min(h / cell.flow_step, cell.power.size - 1.0)
    k = min(int(position), cell.power.size - 2)
    share = position - k
    return cell.power[k] + share * (cell.power[k + 1] - cell.power[k]) - cell.power_per_volt * h * lost


@bare_part
def heat_of(cell: FuelCellPlant, h: float, lost: float) -> float:
    """Return the usable heat [W] from hydrogen [kg/s]; what ageing takes from the power becomes heat."""
    position = min(h / cell.flow_step, cell.power.size - 1.0)
    k = min(int(position), cell.power.size - 2)
    fresh = cell.heat[k] + (position - k) * (cell.heat[k + 1] - cell.heat[k])
    return fresh + cell.heat_per_watt * cell.power_per_volt * h * lost


@bare_part
def hydrogen_for(cell: FuelCellPlant, requested: float, lost: float) -> float:
    """Return the least hydrogen [kg/s] that gives a power [W]: the inverse of `power_of` on its rising side.

    Where no flow gives so much, the flow of the table's end is returned; the caller asks what power it gives.
    """
    worn = cell.power_per_volt * lost * cell.flow_step
    low, high = 0, cell.power.size - 1
    if cell.power[high] - worn * high < requested:
        return high * cell.flow_step
    while high - low > 1:
        middle = (low + high) // 2
        if cell.power[middle] - worn * middle <= requested:
            low = middle
        else:
            high = middle
    below, above = cell.power[low] - worn * low, cell.power[high] - worn * high
    share = (requested - below) / (above - below) if above > below else 1.0
    return (low + min(max(share, 0.0), 1.0)) * cell.flow_step


@bare_part
def fuel_cell_step(
    cell: FuelCellPlant, lost: float, running: bool, requested: float, available: float, step: float
) -> tuple[float, float, float, bool, float]:
    """Run the plant through one step as far as hydrogen [kg/s] and stacks can give the requested power [W].

    Below its minimum load it is off. A start costs voltage, and so does every second of running.

    Returns
    -------
    tuple
        Net power [W], hydrogen [kg/s], usable heat [W], whether it runs, the voltage lost so far [V].
    """
    p = min(requested, cell.capacity)
    least = max(cell.minimum, NOTHING * cell.capacity)
    if p < least or p <= 0.0 or available <= 0.0:
        return 0.0, 0.0, 0.0, False, lost
    if cell.by_load:
        h = table_flow(cell.hydrogen, cell.per_watt, p)
        if h > available:
            h = available
            p = table_power(cell.hydrogen, cell.per_watt, h)
        if p < least * (1.0 - NOTHING) or h <= 0.0:  # what empties the store to the last digit still runs
            return 0.0, 0.0, 0.0, False, lost
        return p, h, 0.0, True, lost
    h = hydrogen_for(cell, p, lost)
    if h > available:
        h = available
    p = power_of(cell, h, lost)
    if p < least * (1.0 - 1e-12):
        return 0.0, 0.0, 0.0, False, lost
    heat = heat_of(cell, h, lost)
    worn = lost + cell.running * step
    if not running:
        worn += cell.start
    return p, h, heat, True, worn


@kernel
def fuel_cell_series(
    cell: FuelCellPlant,
    lost: float,
    step: float,
    requested: NDArray[np.float64],
    available: NDArray[np.float64],
    flows: NDArray[np.float64],
) -> tuple[float, int, int]:
    """Fill `flows` (time, 4): net power [W], hydrogen [kg/s], usable heat [W], voltage lost at the end [V].

    Stacks are replaced at the end of the step in which they reach their end of life.

    Returns
    -------
    tuple
        The voltage lost at the end [V], starts, replacements.
    """
    running = False
    starts = replacements = 0
    for t in range(requested.size):
        p, h, heat, runs, lost = fuel_cell_step(cell, lost, running, requested[t], available[t], step)
        starts += runs and not running
        running = runs
        if lost >= cell.end_of_life:
            lost = 0.0
            replacements += 1
        flows[t, 0] = p
        flows[t, 1] = h
        flows[t, 2] = heat
        flows[t, 3] = lost
    return lost, starts, replacements
