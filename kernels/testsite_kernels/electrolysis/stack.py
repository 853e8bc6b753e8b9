"""One stack of a plant: its state, its current at a power, its temperature, its answer to a share of the power.

Tables are evenly spaced, so that a look-up costs no search: DC power, auxiliaries and hydrogen of a new stack against
its AC power g [W]; current density i [A/m²] of a new cell against temperature and power density p = i V [W/m²]. An aged
cell whose voltage is higher by d obeys i (V(i) + d) = p: its current is that of a new cell at p − i d.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.electrolysis.ageing import Ageing, way_up_and_down
from testsite_kernels.electrolysis.electrochemistry import CurrentEfficiency, current_efficiency
from testsite_kernels.numerics.compile_options import bare_part, called_part
from testsite_kernels.numerics.constants import HIGHER_HEATING_VALUE, HYDROGEN_PER_CHARGE, ZERO_CELSIUS
from testsite_kernels.numerics.tables import table_power

OFF, STARTING, STANDBY, PRODUCING = 0, 1, 2, 3
# Columns of the state (s, column) of the stacks; plain numbers, since a view of a row would be counted as a reference.
STATE = (
    "mode",
    "timer",  # starting: seconds left; standby: seconds spent
    "temperature",  # [K]
    "power",  # AC power while producing, last interval; 0 when not [W]
    "voltage",  # of a cell when it last ran [V]
    "steady", "cycling", "switching",  # rise of the voltage since it was installed, by cause [V]
    "running",  # since the first stack was installed: time producing [s]
    "made",  # hydrogen [kg]
    "drawn",  # electricity [J]
    "starts",
    "replacements",
    "set_point",  # plan of the interval: AC power that it may draw [W]
    "next mode",
    "target",  # AC power while it produces [W]
    "share",  # of the interval that it produces
    "dc",  # DC power while it produces [W]
    "current",  # [A/m²]
    "mean temperature",  # over the interval [K]
    "hydrogen",  # over the interval [kg/s]
)  # fmt: skip
(
    MODE, TIMER, TEMPERATURE, POWER, VOLTAGE, STEADY, CYCLING, SWITCHING, RUNNING, MADE, DRAWN, STARTS, REPLACEMENTS,
    WISH, NEXT_MODE, TARGET, SHARE, DC, CURRENT, MEAN_TEMPERATURE, HYDROGEN,
) = range(21)  # fmt: skip
State = NDArray[np.float64]


class ElectrolysisPlant(NamedTuple):
    """A plant of equal stacks for one length of interval; power per stack, at the AC terminals [W]."""

    step: float  # length of the interval [s]
    per_second: float  # its inverse [1/s]
    sharing: int
    rotation: float  # time between renewals of the order of the stacks [s]
    rated: float
    least: float
    largest: float
    ramp_up: float  # per interval
    ramp_down: float
    cold_time: float  # of a start [s]
    hot_time: float
    start_power: float
    standby_power: float
    standby_time: float  # longest [s]
    area: float  # of all cells of a stack [m²]
    per_area: float  # its inverse [1/m²]
    least_current: float  # below which hydrogen in oxygen exceeds its limit [A/m²]
    efficiency: CurrentEfficiency
    per_watt: float  # points of the tables of power
    dc_power: NDArray[np.float64]
    auxiliary: NDArray[np.float64]
    hydrogen: NDArray[np.float64]  # [kg/s]
    per_density: float  # points of the table of current, per W/m²
    first_temperature: float
    per_kelvin: float
    current: NDArray[np.float64]  # (temperature, power density)
    operating_temperature: float
    ambient: float
    heat_capacity: float  # [J/K]; 0: the temperature is constant
    conductance: float  # of heat to the surroundings [W/K]
    kelvin_per_watt: float  # rise over an interval per heat above the loss at its start, and mean rise [K/W]
    mean_kelvin_per_watt: float
    ageing: Ageing


@bare_part
def read(table: NDArray[np.float64], position: float) -> float:
    """Return a table's value at a position counted in points, linear between them."""
    k = min(int(position), table.size - 2)
    return float(table[k] + (position - k) * (table[k + 1] - table[k]))


@bare_part
def rise_of(state: State, s: int) -> float:
    """Return how much higher than new the cell voltage is [V]."""
    return state[s, STEADY] + state[s, CYCLING] + state[s, SWITCHING]


@bare_part
def current_at(plant: ElectrolysisPlant, density: float, temperature: float, rise: float) -> float:
    """Return the current density [A/m²] at a power density [W/m²], a temperature [K] and a rise of the voltage [V].

    One step of Newton from i V/(V + d), the current that NREL's electrolyzer takes, on i = i_new(p − i d).
    """
    table = plant.current
    x = (temperature - plant.first_temperature) * plant.per_kelvin
    k = min(max(int(x), 0), table.shape[0] - 2)
    w = min(max(x - k, 0.0), 1.0)
    last = table.shape[1] - 2
    y = density * plant.per_density
    j = min(int(y), last)
    low = table[k, j] + w * (table[k + 1, j] - table[k, j])
    high = table[k, j + 1] + w * (table[k + 1, j + 1] - table[k, j + 1])
    i = low + (y - j) * (high - low)
    if rise > 0.0:
        i *= density / (density + i * rise)
        y = (density - i * rise) * plant.per_density
        j = min(int(y), last)
        low = table[k, j] + w * (table[k + 1, j] - table[k, j])
        high = table[k, j + 1] + w * (table[k + 1, j + 1] - table[k, j + 1])
        i -= (i - low - (y - j) * (high - low)) / (1.0 + rise * (high - low) * plant.per_density)
    return i


@called_part
def density_at(plant: ElectrolysisPlant, current: float, temperature: float, rise: float) -> float:
    """Return the power density [W/m²] at a current density: the inverse of `current_at`."""
    table = plant.current
    x = (temperature - plant.first_temperature) * plant.per_kelvin
    k = min(max(int(x), 0), table.shape[0] - 2)
    w = min(max(x - k, 0.0), 1.0)
    low, high = 0, table.shape[1] - 1
    while high - low > 1:
        middle = (low + high) // 2
        if table[k, middle] + w * (table[k + 1, middle] - table[k, middle]) <= current:
            low = middle
        else:
            high = middle
    below = table[k, low] + w * (table[k + 1, low] - table[k, low])
    above = table[k, high] + w * (table[k + 1, high] - table[k, high])
    return (low + (current - below) / (above - below)) / plant.per_density + current * rise


@called_part
def reach_top(plant: ElectrolysisPlant, begin: float, heat: float) -> tuple[float, float, float, float]:
    """Return what `warm` does where the temperature of operation is reached within the interval."""
    top, step, capacity = plant.operating_temperature, plant.step, plant.heat_capacity
    if plant.conductance <= 0.0:
        rising = capacity * (top - begin) / heat
        mean = (0.5 * (begin + top) * rising + top * (step - rising)) / step
        return top, mean, heat * (step - rising) / step, 0.0
    final = plant.ambient + heat / plant.conductance
    rising = capacity / plant.conductance * math.log((final - begin) / (final - top))
    cooled = (step - rising) / step * (heat - plant.conductance * (top - plant.ambient))
    lost = heat - cooled - capacity * (top - begin) / step
    return top, plant.ambient + lost / plant.conductance, cooled, lost


@bare_part
def warm(plant: ElectrolysisPlant, begin: float, heat: float) -> tuple[float, float, float, float]:
    """Return temperature at the end and over the interval [K], heat to the cooling and to the surroundings [W].

    C dT/dt = heat − G (T − T_ambient), solved exactly; the cooling holds the temperature of operation once reached.
    """
    top = plant.operating_temperature
    lost = plant.conductance * (top - plant.ambient)
    if plant.heat_capacity <= 0.0:
        return begin, begin, heat, 0.0
    if begin >= top and heat >= lost:
        return top, top, heat - lost, lost
    warmer = heat - plant.conductance * (begin - plant.ambient)  # [W], at the start
    end = begin + warmer * plant.kelvin_per_watt
    if end > top:
        return reach_top(plant, begin, heat)
    lost = heat - plant.heat_capacity * plant.per_second * (end - begin)
    mean = begin + warmer * plant.mean_kelvin_per_watt
    return end, mean, 0.0, lost


@bare_part
def set_production(plant: ElectrolysisPlant, state: State, s: int) -> None:
    """Set current and hydrogen of a plan from its DC power and its mean temperature."""
    state[s, CURRENT] = current_at(plant, state[s, DC] * plant.per_area, state[s, MEAN_TEMPERATURE], rise_of(state, s))
    state[s, HYDROGEN] = (
        state[s, SHARE]
        * HYDROGEN_PER_CHARGE
        * plant.area
        * state[s, CURRENT]
        * current_efficiency(plant.efficiency, state[s, CURRENT], state[s, MEAN_TEMPERATURE])
    )


@bare_part
def stand_still(plant: ElectrolysisPlant, state: State, s: int) -> None:
    """Plan an interval without hydrogen: hot while that is wished, allowed and paid for, else off."""
    state[s, SHARE] = state[s, HYDROGEN] = state[s, CURRENT] = state[s, TARGET] = state[s, DC] = 0.0
    spent = state[s, TIMER] if state[s, MODE] == STANDBY else 0.0
    paid = 0.0 < plant.standby_power <= state[s, WISH]
    hot = state[s, MODE] != OFF and paid and spent + plant.step <= plant.standby_time
    state[s, NEXT_MODE] = STANDBY if hot else OFF


@bare_part
def plan(plant: ElectrolysisPlant, state: State, s: int) -> None:
    """Plan the interval of a stack up to its set-point: a start takes its time, power changes within its ramps."""
    target = min(state[s, WISH], plant.largest)
    share = 1.0
    if state[s, MODE] == PRODUCING:
        runs = target >= plant.least and target >= state[s, POWER] - plant.ramp_down  # a faster fall trips it
        target = min(target, state[s, POWER] + plant.ramp_up)
    else:
        left = state[s, TIMER]
        if state[s, MODE] != STARTING:
            left = plant.hot_time if state[s, MODE] == STANDBY else plant.cold_time
        share = max(1.0 - left * plant.per_second, 0.0)
        runs = target >= plant.least
        target = min(target, max(plant.ramp_up * share, plant.least))
        if runs and share <= 0.0:
            state[s, NEXT_MODE] = STARTING
            state[s, SHARE] = state[s, HYDROGEN] = state[s, CURRENT] = state[s, DC] = 0.0
            state[s, TARGET] = target
            return
    if not runs:
        stand_still(plant, state, s)
        return
    state[s, NEXT_MODE] = PRODUCING
    state[s, SHARE], state[s, TARGET] = share, target
    state[s, DC] = read(plant.dc_power, target * plant.per_watt)
    state[s, MEAN_TEMPERATURE] = state[s, TEMPERATURE]
    set_production(plant, state, s)
    if plant.heat_capacity > 0.0 and state[s, TEMPERATURE] < plant.operating_temperature:
        # Once more with the temperature over the interval rather than that at its start.
        heat = share * state[s, DC] - state[s, HYDROGEN] * HIGHER_HEATING_VALUE + (1.0 - share) * plant.start_power
        state[s, MEAN_TEMPERATURE] = warm(plant, state[s, TEMPERATURE], heat)[1]
        set_production(plant, state, s)
    if state[s, CURRENT] < plant.least_current:
        stand_still(plant, state, s)


@called_part
def hold_back(plant: ElectrolysisPlant, state: State, s: int, factor: float) -> None:
    """Plan less hydrogen, by a factor; a stack that would fall below its least load stands still."""
    requested = factor * state[s, HYDROGEN]
    per_current = state[s, SHARE] * HYDROGEN_PER_CHARGE * plant.area
    i = state[s, CURRENT] * factor
    for _ in range(30):  # i η(i) = requested: Newton on a rising function
        eta = current_efficiency(plant.efficiency, i, state[s, MEAN_TEMPERATURE])
        square = i * i
        f1 = plant.efficiency.f1 + plant.efficiency.f1_slope * (state[s, MEAN_TEMPERATURE] - ZERO_CELSIUS)
        change = (requested / per_current - eta * i) / (eta * (1.0 + 2.0 * f1 / (f1 + square)))
        i += change
        if abs(change) <= 1e-14 * i:
            break
    dc = plant.area * density_at(plant, i, state[s, MEAN_TEMPERATURE], rise_of(state, s))
    target = table_power(plant.dc_power, plant.per_watt, dc)
    if target < plant.least or i < plant.least_current:
        stand_still(plant, state, s)
        return
    state[s, CURRENT], state[s, DC], state[s, TARGET], state[s, HYDROGEN] = i, dc, target, requested


@bare_part
def carry_out(plant: ElectrolysisPlant, state: State, s: int) -> tuple[float, float, float, float, float, float]:
    """Carry out the plan.

    Returns AC power, heat to the cooling, heat lost, heat stored, auxiliaries and conversion loss [W];
    AC power = hydrogen × higher heating value + the five others.
    """
    before = state[s, TEMPERATURE]
    auxiliary = conversion = 0.0
    drawn = 0.0
    if state[s, NEXT_MODE] == PRODUCING:
        drawn = state[s, SHARE] * state[s, TARGET] + (1.0 - state[s, SHARE]) * plant.start_power
        auxiliary = state[s, SHARE] * read(plant.auxiliary, state[s, TARGET] * plant.per_watt)
        conversion = state[s, SHARE] * (state[s, TARGET] - state[s, DC]) - auxiliary
        voltage = state[s, DC] * plant.per_area / state[s, CURRENT]
        time = state[s, SHARE] * plant.step
        state[s, STEADY] += plant.ageing.steady * voltage * time
        state[s, CYCLING] += plant.ageing.cycling * way_up_and_down(state[s, VOLTAGE], voltage)
        state[s, VOLTAGE] = voltage
        state[s, RUNNING] += time
        state[s, MADE] += state[s, HYDROGEN] * plant.step
        state[s, POWER] = state[s, TARGET]
        state[s, TIMER] = 0.0
        if state[s, MODE] != PRODUCING:
            state[s, STARTS] += 1.0
    else:
        if state[s, MODE] == PRODUCING:
            state[s, SWITCHING] += plant.ageing.switching
        state[s, POWER] = 0.0
        if state[s, NEXT_MODE] == STARTING:
            drawn = plant.start_power
            if state[s, MODE] != STARTING:
                state[s, TIMER] = plant.hot_time if state[s, MODE] == STANDBY else plant.cold_time
            state[s, TIMER] -= plant.step
        elif state[s, NEXT_MODE] == STANDBY:
            drawn = plant.standby_power
            state[s, TIMER] = (state[s, TIMER] if state[s, MODE] == STANDBY else 0.0) + plant.step
        else:
            state[s, TIMER] = 0.0
    heat = drawn - auxiliary - conversion - state[s, HYDROGEN] * HIGHER_HEATING_VALUE
    state[s, TEMPERATURE], state[s, MEAN_TEMPERATURE], cooled, lost = warm(plant, before, heat)
    stored = plant.heat_capacity * (state[s, TEMPERATURE] - before) * plant.per_second
    state[s, DRAWN] += drawn * plant.step
    state[s, MODE] = state[s, NEXT_MODE]
    if rise_of(state, s) >= plant.ageing.end_of_life:
        state[s, STEADY] = state[s, CYCLING] = state[s, SWITCHING] = state[s, VOLTAGE] = 0.0
        state[s, REPLACEMENTS] += 1.0
    return drawn, cooled, lost, stored, auxiliary, conversion
