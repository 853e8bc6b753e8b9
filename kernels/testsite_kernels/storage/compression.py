"""Work of compressing hydrogen in stages with cooling between them, as a real gas.

Each of N stages has the pressure ratio r = (p2 / p1)^(1/N) and begins at T1 (cooled between stages); its work is
w = (h(p r, s1) - h1) / eta with the isentropic efficiency eta. Symbols as in `hydrogen_properties`.
A work table holds w [J/kg] at points evenly spaced over ln p1 and ln(p2 / p1): bilinear, zero at p2 = p1.
"""

import math
from typing import NamedTuple

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_kernel, bare_part
from testsite_kernels.storage.properties import (
    Hydrogen,
    enthalpy_at,
    isentropic_temperature,
    temperature_of_enthalpy,
)


class WorkTable(NamedTuple):
    """Work [J/kg] over (ln p1, ln(p2 / p1)), and where the first axis begins and how fine both are."""

    work: Floats
    first_logarithm: float
    suction_step: float
    ratio_step: float


@bare_part
def compress(
    gas: Hydrogen, p1: float, p2: float, stages: int, t1: float, efficiency: float
) -> tuple[float, float, float, float]:
    """Return work [J/kg], heat of the coolers after each stage [J/kg], hottest isentropic and real outlet [K]."""
    ratio = (p2 / p1) ** (1.0 / stages)
    work = heat = hottest_isentropic = hottest = 0.0
    p = p1
    for _ in range(stages):
        h1 = enthalpy_at(gas, p, t1)
        t2 = isentropic_temperature(gas, p, t1, p * ratio)
        w = (enthalpy_at(gas, p * ratio, t2) - h1) / efficiency
        hottest_isentropic = max(hottest_isentropic, t2)
        hottest = max(hottest, temperature_of_enthalpy(gas, p * ratio, h1 + w, t2))
        p *= ratio
        work += w
        heat += w + h1 - enthalpy_at(gas, p, t1)
    return work, heat, hottest_isentropic, hottest


@bare_part
def isentropic_work(gas: Hydrogen, p1: float, p2: float, stages: int, t1: float) -> float:
    """Return the work [J/kg] of `compress` at an efficiency of one, without its temperatures."""
    ratio = (p2 / p1) ** (1.0 / stages)
    work = 0.0
    p = p1
    for _ in range(stages):
        t2 = isentropic_temperature(gas, p, t1, p * ratio)
        work += enthalpy_at(gas, p * ratio, t2) - enthalpy_at(gas, p, t1)
        p *= ratio
    return work


@bare_part
def table_work(table: WorkTable, p1: float, p2: float) -> float:
    """Return the work [J/kg] from the table: zero where the pressure need not rise."""
    if p2 <= p1:
        return 0.0
    logarithm = math.log(max(p1, 1.0))
    x = min(max((logarithm - table.first_logarithm) / table.suction_step, 0.0), table.work.shape[0] - 1.0)
    y = min((math.log(p2) - logarithm) / table.ratio_step, table.work.shape[1] - 1.0)
    i, j = min(int(x), table.work.shape[0] - 2), min(int(y), table.work.shape[1] - 2)
    u, v = x - i, y - j
    low = table.work[i, j] + v * (table.work[i, j + 1] - table.work[i, j])
    high = table.work[i + 1, j] + v * (table.work[i + 1, j + 1] - table.work[i + 1, j])
    return low + u * (high - low)


@bare_kernel
def fill_compression(
    gas: Hydrogen, suction: Floats, discharge: Floats, stages: int, inlet: float, efficiency: float, values: Floats
) -> None:
    """Fill `values` (point, 4) with what `compress` returns at points of suction and discharge pressure [Pa]."""
    for n in range(suction.size):
        work, heat, isentropic, hottest = compress(gas, suction[n], discharge[n], stages, inlet, efficiency)
        values[n, 0] = work
        values[n, 1] = heat
        values[n, 2] = isentropic
        values[n, 3] = hottest


@bare_kernel
def fill_work_table(
    gas: Hydrogen, table: WorkTable, stages: int, inlet: float, efficiency: float, highest: float
) -> None:
    """Fill the work of a table; the discharge pressure is held at `highest` [Pa], the end of the properties."""
    for i in range(table.work.shape[0]):
        p1 = math.exp(table.first_logarithm + i * table.suction_step)
        for j in range(table.work.shape[1]):
            p2 = min(p1 * math.exp(j * table.ratio_step), highest)
            table.work[i, j] = isentropic_work(gas, p1, p2, stages, inlet) / efficiency if p2 > p1 else 0.0


@bare_kernel
def fill_table_work(table: WorkTable, suction: Floats, discharge: Floats, values: Floats) -> None:
    """Fill `values` (point,) with the work of the table [J/kg]."""
    for n in range(suction.size):
        values[n] = table_work(table, suction[n], discharge[n])
