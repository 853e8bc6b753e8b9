"""Run a plant of electrolysis stacks through a series of power: every interval, or years with what each brought.

Kernels `electrolysis_series` and `electrolysis_years`; the balance power = hydrogen × higher heating value + heat +
losses is checked in every run.
"""

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from testsite_kernels.electrolysis.ageing import Ageing
from testsite_kernels.electrolysis.stacks import FLOWS, TALLY, electrolysis_series, electrolysis_years
from testsite_kernels.numerics.constants import HIGHER_HEATING_VALUE, OXYGEN_PER_HYDROGEN
from testsite_kernels.numerics.limits import UNLIMITED

from testsite_sim.common.balances import largest_residual
from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.common.finite import finite_arguments
from testsite_sim.common.time_axis import aligned_series
from testsite_sim.common.units import KILOWATT_HOUR, SECONDS_PER_YEAR
from testsite_sim.configuration.hydrogen import Electrolyser
from testsite_sim.plant.electrolysis_plant import StackPlant

_NO_AGEING = Ageing(0.0, 0.0, 0.0, np.inf)
_FLOWS = {
    "power": ("W", "AC power of the plant, with starts and standby"),
    "hydrogen": ("kg s-1", "hydrogen made"),
    "heat": ("W", "heat to the cooling, at the temperature of operation"),
    "heat_lost": ("W", "heat lost to the surroundings"),
    "heat_stored": ("W", "heat that warms the stacks"),
    "auxiliary": ("W", "circulation, drying and cooling"),
    "conversion": ("W", "loss of the rectifiers"),
}
_SERIES = {
    "stack_power": ("W", "AC power of the stack"),
    "current_density": ("A m-2", "current density while producing"),
    "temperature": ("K", "temperature of the stack at the end of the interval"),
    "voltage_rise": ("V", "rise of the cell voltage by ageing, at the end of the interval"),
}
_TALLY = {
    "stack_hydrogen": ("kg", "hydrogen made by the stack in the year"),
    "stack_energy": ("J", "electricity (AC) of the stack in the year"),
    "stack_time": ("s", "time that the stack produced in the year"),
    "starts": ("1", "starts of the stack in the year"),
    "replacements": ("1", "replacements of the stack in the year"),
    "voltage_rise": ("V", "rise of the cell voltage by ageing, at the end of the year"),
    "voltage_rise_mean": ("V", "rise of the cell voltage by ageing, mean of the year"),
}


@finite_arguments("hydrogen: simulate_electrolysis")
def simulate_electrolysis(
    power: xr.DataArray, plant: StackPlant, *, most: xr.DataArray | None = None, step: float | None = None
) -> xr.Dataset:
    """Run a plant through a series of power and keep every interval.

    Parameters
    ----------
    power : xarray.DataArray, dims (time,)
        AC power that the plant may draw [W].
    plant : StackPlant
        The plant; its stacks are new, cold and off at the start.
    most : xarray.DataArray, dims (time,), optional
        Most hydrogen that can be taken [kg/s]; None: any.
    step : float, optional
        Length of an interval [s]; None takes it from the stamps.

    Returns
    -------
    xarray.Dataset, dims (time, stack)
        Flows of the plant [W], [kg/s], with oxygen and water; per stack state, power [W], current density [A/m²],
        temperature [K], rise of the voltage [V], hydrogen in oxygen. Attributes `step` and `energy_balance_residual`.

    Raises
    ------
    DataError
        When the series have gaps, negative values or other stamps than each other.
    """
    seconds, requested, limit = _inputs(power, most, step)
    count = plant.stacks
    flows = np.empty((requested.size, len(FLOWS)))
    modes = np.empty((requested.size, count), np.int8)
    series = np.empty((len(_SERIES), requested.size, count))
    state, order = plant.new_stacks(), np.arange(count)
    electrolysis_series(plant.kernel_plant(seconds), state, order, requested, limit, flows, modes, series)
    data: dict[str, Any] = {
        name: ("time", np.ascontiguousarray(flows[:, k]), _attributes(*_FLOWS[name])) for k, name in enumerate(FLOWS)
    }
    data |= _with_hydrogen(data["hydrogen"][1], plant, "time", "kg s-1")
    data["state"] = (
        ("time", "stack"),
        modes,
        _attributes("1", "state of the stack")
        | {"flag_values": [0, 1, 2, 3], "flag_meanings": "off starting standby producing"},
    )
    for k, (name, (units, text)) in enumerate(_SERIES.items()):
        data[name] = (("time", "stack"), series[k], _attributes(units, text))
    across = 2.0 * plant.crossover_current_density
    if across > 0.0:
        current = series[1]
        share = np.where(current > 0.0, across / (current + across), 0.0)
        data["hydrogen_in_oxygen"] = (
            ("time", "stack"),
            share,
            _attributes("1", "hydrogen in the oxygen while producing, by amount"),
        )
    result = xr.Dataset(data, coords={"time": power["time"], "stack": ("stack", np.arange(count))})
    residual = energy_residual({name: flows[:, k] for k, name in enumerate(FLOWS)})
    return result.assign_attrs(step=seconds, energy_balance_residual=residual, title=plant.stated.title)


@finite_arguments("hydrogen: simulate_electrolysis_lifetime")
def simulate_electrolysis_lifetime(
    power: xr.DataArray,
    plant: StackPlant,
    years: int,
    *,
    most: xr.DataArray | None = None,
    step: float | None = None,
) -> xr.Dataset:
    """Run a plant for years on end, state and wear carried from each to the next, and keep what each year brought.

    Parameters
    ----------
    power : xarray.DataArray, dims (time,) or (row, time)
        AC power that the plant may draw [W]; a year is one row, and the rows come round again until the years are full.
        Rows of another length than a year are taken as they are: wear, starts and hydrogen are then those of the rows.
    plant : StackPlant
        The plant; its stacks are new, cold and off at the start.
    years : int
        How many.
    most : xarray.DataArray, as `power`, optional
        Most hydrogen that can be taken [kg/s]; None: any.
    step : float, optional
        Length of an interval [s]; None takes it from the stamps.

    Returns
    -------
    xarray.Dataset, dims (year, stack)
        Sums of the year: hydrogen, oxygen, water [kg], energies [J] of the plant and of each stack, time, starts,
        replacements, rise of the voltage. Attributes `step`, `seconds_per_row` and `energy_balance_residual`.

    Raises
    ------
    DataError
        When the series have gaps, negative values or other shapes than each other, or `years` is below one.
    """
    if years < 1:
        raise DataError(f"electrolysis: years is {years}; expected one or more.")
    seconds, requested, limit = _inputs(power, most, step)
    rows, limits = np.atleast_2d(requested), np.atleast_2d(limit)
    totals, tallies = _years(plant, seconds, rows, limits, years)
    data: dict[str, Any] = {
        name: ("year", totals[:, k], _attributes(_FLOWS[name][0].replace("kg s-1", "kg").replace("W", "J"), text))
        for k, (name, text) in enumerate(zip(FLOWS, _yearly_texts(), strict=True))
    }
    data["energy"] = data.pop("power")
    data |= _with_hydrogen(data["hydrogen"][1], plant, "year", "kg")
    for k, (name, (units, text)) in enumerate(_TALLY.items()):
        data[name] = (("year", "stack"), np.ascontiguousarray(tallies[:, :, k]), _attributes(units, text))
    axis = ("year", np.arange(1, years + 1), {"units": "1", "long_name": "year of operation"})
    result = xr.Dataset(data, coords={"year": axis, "stack": ("stack", np.arange(plant.stacks))})
    residual = energy_residual({name: totals[:, k] for k, name in enumerate(FLOWS)})
    return result.assign_attrs(
        step=seconds,
        seconds_per_row=seconds * rows.shape[1],
        energy_balance_residual=residual,
        end_of_life=plant.end_of_life,
        title=plant.stated.title,
    )


@finite_arguments("hydrogen: simulate_electrolysis_members")
def simulate_electrolysis_members(
    power: NDArray[np.float64], step: float, plants: Sequence[StackPlant], years: int = 1, *, workers: int = 1
) -> NDArray[np.float64]:
    """Run many members, each with its power and its plant, and keep the sums of each.

    Parameters
    ----------
    power : ndarray, shape (member, time)
        AC power that the plant of the member may draw [W], repeated every year.
    step : float
        Length of an interval [s].
    plants : sequence of StackPlant
        One for all members, or one each; a plant that comes again makes its tables once.
    years : int
        Years on end.
    workers : int
        Threads; the result is the same for any number.

    Returns
    -------
    ndarray, shape (member, 4)
        Hydrogen [kg], electricity [J], starts and replacements of all stacks, over all years.
    """
    rows = np.ascontiguousarray(power, np.float64)
    if rows.ndim != 2 or len(plants) not in (1, rows.shape[0]):
        raise DataError(
            f"electrolysis: power has shape {rows.shape} and there are {len(plants)} plants; "
            "expected (member, time) and one plant, or one for each member."
        )
    _refuse(power=rows)
    found = np.empty((rows.shape[0], 4))
    for plant in plants:
        _ = plant.tables  # made before the threads begin

    def run(member: int) -> None:
        plant = plants[member if len(plants) > 1 else 0]
        row = rows[member : member + 1]
        totals, tallies = _years(plant, step, row, np.full_like(row, UNLIMITED), years)
        found[member] = totals[:, 1].sum(), totals[:, 0].sum(), tallies[:, :, 3].sum(), tallies[:, :, 4].sum()

    with ThreadPoolExecutor(max(workers, 1)) as pool:
        list(pool.map(run, range(rows.shape[0])))
    return found


@finite_arguments("hydrogen: consumption_curve")
def consumption_curve(plant: StackPlant, loads: NDArray[np.float64] | None = None) -> xr.Dataset:
    """Return what hydrogen costs in electricity, against the load of a plant of new stacks at work.

    Every load is held until the stacks are warm; starts are over. Where no stack can run, nothing is made.

    Parameters
    ----------
    plant : StackPlant
        The plant.
    loads : ndarray, shape (load,), optional
        Shares of the capacity; None: 0.01, 0.02, … 1.

    Returns
    -------
    xarray.Dataset, dims (load,)
        `hydrogen` [kg/s], `power` drawn [W], `specific_consumption` [J/kg], not a number where nothing is made.
    """
    share = np.linspace(0.01, 1.0, 100) if loads is None else np.asarray(loads, np.float64)
    kernel = plant.kernel_plant(SECONDS_PER_YEAR / 8.0)._replace(ageing=_NO_AGEING)
    flows = np.empty((share.size, len(FLOWS)))
    for k, load in enumerate(share):
        power = np.full(4, load * plant.capacity)
        series = np.empty((len(_SERIES), 4, plant.stacks))
        rows = np.empty((4, len(FLOWS)))
        modes = np.empty((4, plant.stacks), np.int8)
        state = plant.new_stacks()
        electrolysis_series(kernel, state, np.arange(plant.stacks), power, np.full(4, UNLIMITED), rows, modes, series)
        flows[k] = rows[-1]
    made = flows[:, 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        consumption = np.where(made > 0.0, flows[:, 0] / made, np.nan)
    return xr.Dataset(
        {
            "hydrogen": ("load", made, _attributes("kg s-1", "hydrogen made")),
            "power": ("load", flows[:, 0], _attributes("W", "AC power of the plant")),
            "specific_consumption": ("load", consumption, _attributes("J kg-1", "electricity (AC) per hydrogen")),
        },
        coords={"load": ("load", share, _attributes("1", "power over capacity"))},
        attrs={"capacity": plant.capacity, "title": plant.stated.title},
    )


@dataclass(frozen=True)
class DispatchCurve:
    """What dispatch needs to know of an electrolyser: hydrogen per electricity [kg/J] against load, and its starts.

    `load` rises to 1; below `minimum_load` nothing is made. Stacks stop cold here: whether one is kept hot is decided
    where the plant is followed stack by stack.
    """

    load: NDArray[np.float64]
    production: NDArray[np.float64]
    minimum_load: float
    start_energy: float  # [J]
    standby_power: float  # [W]


def dispatch_curve(machine: Electrolyser) -> DispatchCurve:
    """Return an electrolyser as dispatch takes it: its typed curve, or what its new stacks do, shared as they are."""
    if machine.stacks is None:
        curve = machine.consumption
        assert curve is not None
        consumption = np.array(curve.specific_consumption.values_in("kWh/kg")) * KILOWATT_HOUR
        return DispatchCurve(
            np.array(curve.load),
            1.0 / consumption,
            float(machine.minimum_load or 0.0),
            float(machine.start_energy_per_capacity or 0.0) * float(machine.capacity),
            float(machine.standby_power_per_capacity or 0.0) * float(machine.capacity),
        )
    plant = StackPlant(machine.stacks)
    together = plant.stacks if machine.stacks.sharing == "equal" else 1
    least = plant.least_power * together / plant.capacity
    loads = np.unique(np.concatenate([[least], np.arange(math.ceil(100.0 * least + 1e-9), 101) / 100.0]))
    made = consumption_curve(plant, loads)["hydrogen"].to_numpy()
    # At its very least load a stack may run too cold for pure gas: the curve begins where it makes hydrogen.
    loads, made = loads[made > 0.0], made[made > 0.0]
    if loads.size == 0:
        raise ConfigurationError(f"electrolyser {machine.title!r}: its stacks make no hydrogen at any load.")
    least = float(loads[0])
    # Power that no number of stacks can take is not used; dispatch, which pays for it, must not lose hydrogen by it.
    made = np.maximum.accumulate(made)
    start = machine.stacks.start
    energy = float(start.power * start.cold_time * machine.stacks.stack_capacity) * together
    return DispatchCurve(loads, made / (loads * plant.capacity), least, energy, 0.0)


def energy_residual(flows: dict[str, NDArray[np.float64]]) -> float:
    """Return the largest mismatch of power and where it goes, relative to the largest power."""
    gone = flows["hydrogen"] * HIGHER_HEATING_VALUE
    for name in ("heat", "heat_lost", "heat_stored", "auxiliary", "conversion"):
        gone = gone + flows[name]
    return largest_residual(flows["power"], gone, float(np.max(flows["power"], initial=0.0)))


def _years(
    plant: StackPlant, step: float, rows: NDArray[np.float64], limits: NDArray[np.float64], years: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Run the years; return sums of the plant (year, flow) and of the stacks (year, stack, tally)."""
    totals, tallies = np.empty((years, len(FLOWS))), np.empty((years, plant.stacks, len(TALLY)))
    which = np.arange(years) % rows.shape[0]
    state, order = plant.new_stacks(), np.arange(plant.stacks)
    electrolysis_years(plant.kernel_plant(step), state, order, rows, limits, which, totals, tallies)
    return totals, tallies


def _inputs(
    power: xr.DataArray, most: xr.DataArray | None, step: float | None
) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """Return the step [s], the power and the most hydrogen, of one shape, checked."""
    if power.dims[-1:] != ("time",) or power.ndim > 2 or power.size == 0:
        raise DataError(
            f"electrolysis: power has dimensions {power.dims}; expected ('time',) or (…, 'time'), not empty."
        )
    if step is None:
        if "time" not in power.coords:
            raise DataError("electrolysis: power has no time stamps to take the step from; give `step`.")
        step, _ = aligned_series("electrolysis", {"power": power[0] if power.ndim == 2 else power}, least=0.0)
    if not step > 0.0:
        raise DataError(f"electrolysis: step is {step:g} s; expected above zero.")
    requested = np.ascontiguousarray(power.to_numpy(), np.float64)
    _refuse(power=requested)
    if most is None:
        return step, requested, np.full_like(requested, UNLIMITED)
    if most.shape != power.shape:
        raise DataError(f"electrolysis: most has shape {most.shape}, power {power.shape}; expected the same.")
    limit = np.ascontiguousarray(most.to_numpy(), np.float64)
    _refuse(most=limit)
    return step, requested, limit


def _refuse(**series: NDArray[np.float64]) -> None:
    """Raise a DataError for a series with gaps or negative values."""
    for name, values in series.items():
        bad = int(np.count_nonzero(~np.isfinite(values) | (values < 0.0)))
        if bad:
            raise DataError(
                f"electrolysis: {name} has {bad} value(s) that are negative or not a number; expected zero or more."
            )


def _yearly_texts() -> list[str]:
    """Return the long names of the flows as sums of a year."""
    texts = [text for _, text in _FLOWS.values()]
    return ["electricity (AC) of the plant, with starts and standby", *texts[1:]]


def _with_hydrogen(hydrogen: NDArray[np.float64], plant: StackPlant, dim: str, units: str) -> dict[str, Any]:
    """Return oxygen and water that go with a hydrogen flow or mass."""
    water = float(plant.stated.auxiliaries.water)
    return {
        "oxygen": (dim, OXYGEN_PER_HYDROGEN * hydrogen, _attributes(units, "oxygen made")),
        "water": (dim, water * hydrogen, _attributes(units, "water taken")),
    }


def _attributes(units: str, long_name: str) -> dict[str, Any]:
    """Return the attributes of a variable."""
    return {"units": units, "long_name": long_name}
