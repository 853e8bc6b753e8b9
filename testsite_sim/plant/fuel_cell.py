"""PEM fuel cells: polarisation, the plant of stacks and its efficiency against load, a plant through time."""

import math
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.constants import (
    HIGHER_HEATING_VALUE,
    HYDROGEN_PER_CHARGE,
    LOWER_HEATING_VALUE,
    STANDARD_ATMOSPHERE,
)
from testsite_kernels.numerics.limits import UNLIMITED
from testsite_kernels.plant.fuel_cell import FuelCellPlant, Polarisation, fuel_cell_series, polarisation_curve

from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.common.finite import finite_arguments
from testsite_sim.common.time_axis import step_of
from testsite_sim.configuration.fuel_cell import FuelCellStack
from testsite_sim.configuration.hydrogen import FuelCell

POINTS = 401  # of the table over hydrogen flow
LOAD_POINTS = 101  # loads of 0, 1, …, 100 %: every whole per cent of a published curve is met exactly


@finite_arguments("hydrogen: cell_polarisation")
def cell_polarisation(stack: FuelCellStack, current_density: ArrayLike) -> Floats:
    """Return the voltage of a cell at current densities above zero.

    Amphlett et al. (1995), J. Electrochem. Soc. 142, 1; Mann et al. (2000), J. Power Sources 86, 173, equations 1-20.

    Parameters
    ----------
    stack : FuelCellStack
        The stack.
    current_density : array_like, shape (points,)
        [A/m2].

    Returns
    -------
    ndarray, shape (points,)
        [V]; nan beyond the limiting current density.
    """
    current = np.atleast_1d(np.asarray(current_density, np.float64)) * float(stack.active_area)
    voltage = np.empty_like(current)
    polarisation_curve(_kernel_cell(stack), current, voltage)
    return voltage


def _kernel_cell(stack: FuelCellStack) -> Polarisation:
    """Return a cell in the units of the papers."""
    area = float(stack.active_area) * 1e4
    return Polarisation(
        temperature=float(stack.temperature),
        hydrogen_pressure=float(stack.hydrogen_pressure) / STANDARD_ATMOSPHERE,
        oxygen_pressure=float(stack.oxygen_pressure) / STANDARD_ATMOSPHERE,
        area=area,
        membrane_thickness=float(stack.membrane_thickness) * 100.0,
        membrane_water=float(stack.membrane_water),
        electronic_resistance=float(stack.electronic_resistance) * 1e4 / area,
        xi1=float(stack.xi1),
        xi3=float(stack.xi3),
        xi4=float(stack.xi4),
        concentration=float(stack.concentration_voltage),
        limiting_current_density=float(stack.limiting_current_density) / 1e4,
    )


@dataclass(frozen=True)
class PlantCurve:
    """A plant of new machines over the hydrogen that it takes, shape (points,): power and usable heat [W].

    `hydrogen` [kg/s] is evenly spaced from zero; `voltage` [V] of a cell (zero flow: nan; no stacks: all nan).
    """

    hydrogen: Floats
    power: Floats
    heat: Floats
    voltage: Floats


def stacks_in(cell: FuelCell) -> float:
    """Return the number of stacks of a plant; a plant without stacks has none."""
    return 0.0 if cell.stacks is None else float(cell.capacity) / float(cell.stacks.power_per_stack)


def plant_curve(cell: FuelCell) -> PlantCurve:
    """Return the curve of a plant at the beginning of its life.

    With stacks, hydrogen follows from the current by Faraday's law and the share that is purged; the net power is
    that of the stacks after the inverter, less auxiliaries; the heat is what the higher heating value of the hydrogen
    that reacts exceeds the electricity of the stacks by.

    Raises
    ------
    ConfigurationError
        When there is no capacity, the stacks cannot give it, or a cell would exceed its reversible voltage.
    """
    if cell.capacity <= 0.0:
        raise ConfigurationError(f"fuel cell {cell.title!r}: `capacity` is 0 MW, which has no curve; expected above 0.")
    if cell.stacks is None:
        return _published_curve(cell)
    plant, stack = cell.stacks, cell.stacks.stack
    current_max = float(stack.largest_current_density) * float(stack.active_area)
    current = np.linspace(0.0, current_max, POINTS)
    cells = stacks_in(cell) * stack.cells
    per_ampere = cells * HYDROGEN_PER_CHARGE
    reacted = current * per_ampere
    hydrogen = reacted / float(plant.hydrogen_utilisation)
    voltage = np.full(POINTS, math.nan)
    voltage[1:] = cell_polarisation(stack, current[1:] / float(stack.active_area))
    reversible = LOWER_HEATING_VALUE * HYDROGEN_PER_CHARGE
    if np.nanmax(voltage) > reversible or not np.all(np.isfinite(voltage[1:])) or np.nanmin(voltage) <= 0.0:
        raise ConfigurationError(
            f"fuel cell {cell.title!r}: the voltage of a cell runs from {np.nanmin(voltage):.3g} to "
            f"{np.nanmax(voltage):.3g} V; expected above 0 and at most {reversible:.3f} V, the lower heating value: "
            "check xi1, xi3, xi4 and the units of areas and resistances."
        )
    direct = cells * current * np.nan_to_num(voltage)
    auxiliary = float(plant.auxiliary_power_per_capacity * cell.capacity)
    power = direct * plant.inverter_efficiency - auxiliary - plant.auxiliary_per_hydrogen * hydrogen
    power, hydrogen, direct, reacted = _rising(power, hydrogen, direct, reacted)
    if power[-1] < cell.capacity:
        raise ConfigurationError(
            f"fuel cell {cell.title!r}: {stacks_in(cell):g} stacks of {stack.cells} cells give {power[-1] / 1e6:.4g} "
            f"MW at most, and the capacity is {cell.capacity / 1e6:.4g} MW; lower `power_per_stack`, so that there are "
            "more stacks."
        )
    heat = plant.usable_heat * (HIGHER_HEATING_VALUE * reacted - direct)
    return PlantCurve(hydrogen, power, heat, voltage[: power.size])


def _rising(power: Floats, *others: Floats) -> tuple[Floats, ...]:
    """Cut a curve where its power stops rising."""
    falls = np.flatnonzero(np.diff(power) <= 0.0)
    stop = int(falls[0]) + 1 if falls.size else power.size
    return (power[:stop], *(each[:stop] for each in others))


def _published_curve(cell: FuelCell) -> PlantCurve:
    """Return the curve of a plant whose efficiency is published, without heat."""
    assert cell.efficiency is not None  # the model has either of them
    load, efficiency = np.asarray(cell.efficiency.load), np.asarray(cell.efficiency.efficiency)
    flow = load / efficiency / LOWER_HEATING_VALUE * float(cell.capacity)
    if load[0] > 0.0:
        load, flow = np.concatenate([[0.0], load]), np.concatenate([[0.0], flow])
    if np.any(np.diff(flow) <= 0.0):
        raise ConfigurationError(
            f"fuel cell {cell.title!r}: its hydrogen falls while its power rises; check its curve."
        )
    hydrogen = np.linspace(0.0, flow[-1], POINTS)
    power = np.interp(hydrogen, flow, load * float(cell.capacity))
    return PlantCurve(hydrogen, power, np.zeros(POINTS), np.full(POINTS, math.nan))


def efficiency_curve(cell: FuelCell, points: int = 51) -> tuple[Floats, Floats]:
    """Return loads, rising to 1, and the net electrical efficiency (lower heating value) of the new plant there.

    Parameters
    ----------
    cell : FuelCell
        With an efficiency, which is returned, or with stacks.
    points : int
        Of the curve of stacks, from the minimum load.
    """
    if cell.efficiency is not None:
        return np.asarray(cell.efficiency.load), np.asarray(cell.efficiency.efficiency)
    curve = plant_curve(cell)
    load = np.linspace(max(float(cell.minimum_load), 0.02), 1.0, points)
    hydrogen = np.interp(load * float(cell.capacity), curve.power, curve.hydrogen)
    return load, load * float(cell.capacity) / (hydrogen * LOWER_HEATING_VALUE)


def load_table(cell: FuelCell) -> Floats:
    """Return the hydrogen of a new plant [kg/s] at evenly spaced loads from zero to its capacity, shape (points,).

    Between the points of its curve the flow is linear in power; below the first the efficiency is that of the first.
    """
    loads, efficiency = efficiency_curve(cell)
    flow = loads / (efficiency * LOWER_HEATING_VALUE)
    if loads[0] > 0.0:
        loads, flow = np.concatenate([[0.0], loads]), np.concatenate([[0.0], flow])
    return np.asarray(float(cell.capacity) * np.interp(np.linspace(0.0, 1.0, LOAD_POINTS), loads, flow))


def kernel_plant(cell: FuelCell) -> FuelCellPlant:
    """Return the plant for the kernels."""
    curve = plant_curve(cell)
    unworn = FuelCellPlant(
        capacity=float(cell.capacity),
        minimum=float(cell.minimum_load * cell.capacity),
        by_load=cell.stacks is None,
        hydrogen=load_table(cell),
        per_watt=(LOAD_POINTS - 1) / float(cell.capacity) if cell.capacity > 0.0 else 0.0,
        flow_step=float(curve.hydrogen[1]),
        power=np.ascontiguousarray(curve.power),
        heat=np.ascontiguousarray(curve.heat),
        power_per_volt=0.0,
        heat_per_watt=0.0,
        running=0.0,
        start=0.0,
        end_of_life=UNLIMITED,
    )
    if cell.stacks is None:
        return unworn
    plant, ageing = cell.stacks, cell.stacks.stack.ageing
    charge = float(plant.hydrogen_utilisation) / HYDROGEN_PER_CHARGE  # [C per kg fed, a cell]
    rated = float(np.interp(float(cell.capacity), curve.power, curve.voltage))
    return unworn._replace(
        power_per_volt=charge * float(plant.inverter_efficiency),
        heat_per_watt=float(plant.usable_heat) / float(plant.inverter_efficiency),
        running=float(ageing.running),
        start=float(ageing.start),
        end_of_life=float(ageing.end_of_life) * rated,
    )


@finite_arguments("hydrogen: simulate_fuel_cell")
def simulate_fuel_cell(
    requested: xr.DataArray, available: xr.DataArray, cell: FuelCell, *, voltage_lost: float = 0.0
) -> xr.Dataset:
    """Run a fuel-cell plant through time, with the ageing of its stacks.

    Parameters
    ----------
    requested, available : xarray.DataArray, dims (time,)
        Net power asked for [W] and the hydrogen that there is [kg/s].
    cell : FuelCell
        The plant.
    voltage_lost : float
        What a cell has lost before [V].

    Returns
    -------
    xarray.Dataset, dims (time,)
        power and usable heat [W], hydrogen [kg/s], voltage_lost [V] at the end of the interval; attributes starts and
        replacements.

    Raises
    ------
    DataError
        When power or hydrogen is negative or not a number, or the stamps differ.
    ConfigurationError
        When the stacks cannot be.
    """
    values = {"requested": requested, "available": available}
    arrays = {name: np.ascontiguousarray(item.to_numpy(), np.float64) for name, item in values.items()}
    for name, array in arrays.items():
        if not np.all(array >= 0.0):
            raise DataError(
                f"fuel cell: {name} holds a negative value or none at all; expected zero or more everywhere."
            )
    if not requested["time"].equals(available["time"]):
        raise DataError("fuel cell: requested and available have different stamps; expected the same.")
    step = step_of(requested["time"].to_numpy())
    flows = np.empty((requested.size, 4))
    _, starts, replacements = fuel_cell_series(
        kernel_plant(cell), voltage_lost, step, arrays["requested"], arrays["available"], flows
    )
    described = {
        "power": ("W", "net power of the fuel cell"),
        "hydrogen": ("kg s-1", "hydrogen taken by the fuel cell"),
        "heat": ("W", "usable heat of the fuel cell"),
        "voltage_lost": ("V", "voltage that a cell has lost by ageing, at the end of the interval"),
    }
    data = {
        name: ("time", flows[:, k], {"units": units, "long_name": text})
        for k, (name, (units, text)) in enumerate(described.items())
    }
    attributes = {"step": step, "starts": int(starts), "replacements": int(replacements)}
    return xr.Dataset(data, coords={"time": requested["time"]}, attrs=attributes)
