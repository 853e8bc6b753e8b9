"""A configured plant of electrolysis stacks as the tables and numbers that its kernel takes."""

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray
from testsite_kernels.electrolysis.ageing import Ageing
from testsite_kernels.electrolysis.stack import STATE, TEMPERATURE, ElectrolysisPlant
from testsite_kernels.electrolysis.stacks import BEST, EQUAL, ROTATING, SEQUENTIAL
from testsite_kernels.numerics.constants import HIGHER_HEATING_VALUE, HYDROGEN_PER_CHARGE

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.configuration.electrolysis import ElectrolysisAgeing, ElectrolysisStacks
from testsite_sim.plant.cell import Cell, warn_outside_measured
from testsite_sim.plant.configured_cells import cell_of

SHARING = {"equal": EQUAL, "sequential": SEQUENTIAL, "rotating": ROTATING, "best-efficiency": BEST}
POWER_POINTS = 1001  # of the tables of AC power
DENSITY_POINTS = 2049  # of the table of current against power density
TEMPERATURE_STEP = 2.5  # of the table of current, at most [K]
_FINE = 8001  # points of DC power from which the tables of AC power are made
REMEMBERED = 32  # kinds of stacks whose tables are kept: a plant asks for them several times, a page after each change


@dataclass(frozen=True)
class StackTables:
    """What a new stack does at the temperature of operation, against its AC power, and its current against power.

    Parameters
    ----------
    area : float
        Active area of all cells of a stack [m²], such that it draws its capacity at the rated current density.
    ac_power, dc_power, auxiliary, hydrogen : ndarray, shape (power,)
        Evenly spaced AC power up to the largest, DC power and auxiliaries [W], hydrogen [kg/s].
    temperature, density : ndarray, shapes (temperature,), (density,)
        Axes of the table of current: [K], power density of a cell [W/m²]; evenly spaced.
    current : ndarray, shape (temperature, density)
        Current density [A/m²].
    """

    area: float
    ac_power: NDArray[np.float64]
    dc_power: NDArray[np.float64]
    auxiliary: NDArray[np.float64]
    hydrogen: NDArray[np.float64]
    temperature: NDArray[np.float64]
    density: NDArray[np.float64]
    current: NDArray[np.float64]


@dataclass(frozen=True)
class StackPlant:
    """A plant of electrolysis stacks, from its configuration; tables are made once.

    Raises
    ------
    ConfigurationError
        When the cell is not physical, or the auxiliaries take more than the stack has.
    """

    stated: ElectrolysisStacks

    @cached_property
    def cell(self) -> Cell:
        """The cell; made once, with a warning when it is rated where it was not measured."""
        warn_outside_measured(self.stated.cell)
        return cell_of(self.stated.cell)

    @property
    def stacks(self) -> int:
        """Number of stacks."""
        return int(self.stated.stacks)

    @property
    def capacity(self) -> float:
        """AC capacity of the plant [W]."""
        return self.stated.capacity

    @property
    def cell_area(self) -> float:
        """Active area of one cell [m²]."""
        return self.tables.area / self.stated.cells_per_stack

    @property
    def tables(self) -> StackTables:
        """The tables of a stack."""
        return _tables(self.stated)

    @property
    def least_current_density(self) -> float:
        """Current density below which hydrogen in oxygen exceeds its limit [A/m²]; 0 without a limit.

        A flow across worth the current x leaves 2x/(i + 2x) of hydrogen in the oxygen, whatever the load.
        """
        purity = self.stated.gas_purity
        if purity is None:
            return 0.0
        across = self.crossover_current_density
        return 2.0 * across * (1.0 - float(purity.highest)) / float(purity.highest)

    @property
    def crossover_current_density(self) -> float:
        """Current density that the hydrogen crossing to the oxygen is worth [A/m²]."""
        purity = self.stated.gas_purity
        if purity is None:
            return 0.0
        return 0.5 * float(purity.at_rated) * self.cell.rated_current_density / (1.0 - float(purity.at_rated))

    @property
    def least_power(self) -> float:
        """Least AC power of a running stack [W]: its minimum load, or what keeps its gas pure in steady operation.

        At a low load a stack does not make the heat that holds its temperature; being colder, it takes less current.
        """
        return _least_power(self.stated, self.least_current_density)

    @property
    def end_of_life(self) -> float:
        """Rise of the cell voltage at which a stack is replaced [V]; infinite without ageing."""
        ageing = self.stated.ageing
        return math.inf if ageing is None else end_of_life(self.cell, ageing)

    def kernel_plant(self, step: float) -> ElectrolysisPlant:
        """Return the plant for the kernel, for intervals of a length [s]."""
        stated, tables, cell = self.stated, self.tables, self.cell
        capacity = float(stated.stack_capacity)
        thermal, ageing = stated.thermal, stated.ageing
        heat_capacity = 0.0 if thermal is None else float(thermal.heat_capacity)
        rates = (0.0, 0.0, 0.0) if ageing is None else (ageing.steady, ageing.cycling, ageing.switching)
        ramps = [math.inf if r is None else float(r) * capacity * step for r in (stated.ramp_up, stated.ramp_down)]
        conductance = 0.0 if thermal is None else heat_capacity / float(thermal.time_constant)
        rise, mean_rise = _warming(float(step), heat_capacity, conductance)
        return ElectrolysisPlant(
            step=float(step),
            per_second=1.0 / step,
            sharing=SHARING[stated.sharing],
            rotation=math.inf if stated.rotation_period is None else float(stated.rotation_period),
            rated=capacity,
            least=self.least_power,
            largest=float(tables.ac_power[-1]),
            ramp_up=ramps[0],
            ramp_down=ramps[1],
            cold_time=float(stated.start.cold_time),
            hot_time=float(stated.start.hot_time),
            start_power=float(stated.start.power) * capacity,
            standby_power=0.0 if stated.standby is None else float(stated.standby.power) * capacity,
            standby_time=0.0 if stated.standby is None else float(stated.standby.longest),
            area=tables.area,
            per_area=1.0 / tables.area,
            least_current=self.least_current_density * (1.0 - 1e-4),
            efficiency=cell.efficiency,
            per_watt=(POWER_POINTS - 1) / float(tables.ac_power[-1]),
            dc_power=tables.dc_power,
            auxiliary=tables.auxiliary,
            hydrogen=tables.hydrogen,
            per_density=(DENSITY_POINTS - 1) / float(tables.density[-1]),
            first_temperature=float(tables.temperature[0]),
            per_kelvin=(tables.temperature.size - 1) / float(tables.temperature[-1] - tables.temperature[0]),
            current=tables.current,
            operating_temperature=cell.operating_temperature,
            ambient=cell.operating_temperature if thermal is None else float(thermal.ambient),
            heat_capacity=heat_capacity,
            conductance=conductance,
            kelvin_per_watt=rise,
            mean_kelvin_per_watt=mean_rise,
            ageing=Ageing(float(rates[0]), float(rates[1]), float(rates[2]), self.end_of_life),
        )

    def new_stacks(self) -> NDArray[np.float64]:
        """Return new, cold stacks that are off, shape (stack, column): the state that the kernel carries along."""
        state = np.zeros((self.stacks, len(STATE)))
        thermal = self.stated.thermal
        state[:, TEMPERATURE] = self.cell.operating_temperature if thermal is None else float(thermal.ambient)
        return state


@lru_cache(REMEMBERED)
def _tables(stated: ElectrolysisStacks) -> StackTables:
    """Return the tables of a stack."""
    cell, auxiliaries = cell_of(stated.cell), stated.auxiliaries
    capacity = float(stated.stack_capacity)
    rated, hot = cell.rated_current_density, cell.operating_temperature
    circulation = float(auxiliaries.circulation) * capacity
    # Per area, at a density p of DC power: drying of the hydrogen, cooling of the heat.
    highest = rated * float(stated.maximum_load) * 1.3
    highest = min(highest, 0.99 * cell.largest_current_density)
    i = np.linspace(0.0, highest, _FINE)
    p = i * cell.voltage(i, hot)
    hydrogen = HYDROGEN_PER_CHARGE * i * cell.current_efficiency(i, hot)
    drawn = float(auxiliaries.drying) * hydrogen + float(auxiliaries.cooling) * (p - HIGHER_HEATING_VALUE * hydrogen)
    rated_p = float(rated * cell.voltage(rated, hot))
    loads = np.asarray(auxiliaries.rectifier.load, np.float64)
    efficiency = np.asarray(auxiliaries.rectifier.efficiency, np.float64)
    # The load of the rectifier counts its input; solved from its output, which rises with it.
    input_load = np.concatenate([[0.0], np.linspace(1e-4, 1.5 * float(stated.maximum_load), _FINE)])
    output_load = input_load * np.interp(input_load, loads, efficiency)
    if np.any(np.diff(output_load) <= 0.0):
        raise ConfigurationError(
            f"{stated.title}: the rectifier's output falls while its input rises; check its efficiencies."
        )
    rectified = np.interp(p / rated_p * float(np.interp(1.0, loads, efficiency)), output_load, input_load)
    rectified = rectified * rated_p / float(np.interp(1.0, loads, efficiency))
    per_area = rectified + drawn
    at_rated = float(np.interp(rated, i, per_area))
    area = (capacity - circulation) / at_rated
    largest = capacity * float(stated.maximum_load)
    ac = circulation + area * per_area
    ac[0] = 0.0  # a stack that makes nothing is off and draws nothing
    if not (area > 0.0 and ac[1] < float(stated.minimum_load) * capacity and ac[-1] > largest):
        raise ConfigurationError(
            f"{stated.title}: a stack cannot run between {float(stated.minimum_load):g} and "
            f"{float(stated.maximum_load):g} of its capacity; check circulation, drying and the limiting current."
        )
    grid = np.linspace(0.0, largest, POWER_POINTS)
    dc = np.interp(grid, ac, area * p)
    density = np.linspace(0.0, dc[-1] / area, DENSITY_POINTS)
    coldest = hot - 2.0 * TEMPERATURE_STEP if stated.thermal is None else float(stated.thermal.ambient)
    temperature = np.linspace(coldest, hot, math.ceil((hot - coldest) / TEMPERATURE_STEP) + 1)
    current = cell.current_at(density[None, :], temperature[:, None])
    return StackTables(
        area,
        grid,
        dc,
        np.interp(grid, ac, circulation + area * drawn),
        np.interp(grid, ac, area * hydrogen),
        temperature,
        density,
        current,
    )


@lru_cache(REMEMBERED)
def _least_power(stated: ElectrolysisStacks, least_current_density: float) -> float:
    """Return the least AC power of a running stack [W], whose gas is impure below a current density [A/m²]."""
    tables, cell, thermal = _tables(stated), cell_of(stated.cell), stated.thermal
    lowest = float(stated.minimum_load * stated.stack_capacity)
    if least_current_density <= 0.0:
        return lowest
    density = tables.dc_power / tables.area
    temperature = np.full(density.size, cell.operating_temperature)
    current = cell.current_at(density, temperature)
    for _ in range(0 if thermal is None else 40):
        heat = (
            tables.dc_power
            - HIGHER_HEATING_VALUE
            * HYDROGEN_PER_CHARGE
            * tables.area
            * current
            * cell.current_efficiency(current, temperature)
        )
        assert thermal is not None
        warmer = heat * float(thermal.time_constant) / float(thermal.heat_capacity)
        temperature = np.clip(float(thermal.ambient) + warmer, thermal.ambient, cell.operating_temperature)
        current = cell.current_at(density, temperature)
    impure = np.flatnonzero(current < least_current_density)
    first = min(int(impure[-1]) + 1, density.size - 1)
    return max(lowest, float(tables.ac_power[first]))


def _warming(step: float, heat_capacity: float, conductance: float) -> tuple[float, float]:
    """Return how much warmer a stack is at the end of an interval, and in its mean, per heat beyond its loss [K/W]."""
    if heat_capacity <= 0.0:
        return 0.0, 0.0
    if conductance <= 0.0:
        return step / heat_capacity, 0.5 * step / heat_capacity
    exponent = step * conductance / heat_capacity
    gone = -math.expm1(-exponent)
    return gone / conductance, (1.0 - gone / exponent) / conductance


def end_of_life(cell: Cell, ageing: ElectrolysisAgeing) -> float:
    """Return the rise of the cell voltage at which a stack is replaced [V].

    At a current the efficiency is that of the voltage: a loss of x raises the rated voltage V by x V, as NREL's
    electrolyzer counts it.
    """
    stated = ageing.end_of_life
    if stated.voltage_rise is not None:
        return float(stated.voltage_rise)
    assert stated.efficiency_loss is not None
    rated = float(cell.voltage(cell.rated_current_density, cell.operating_temperature))
    return float(stated.efficiency_loss) * rated
