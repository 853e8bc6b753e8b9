"""What the kernel of a plant fills, as Datasets: every interval of the record, and every year of the life."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.plant.machines import LEVELS, RATES, Plant, PlantState

from testsite_sim.configuration.hydrogen import Electrolyser, FuelCell
from testsite_sim.configuration.plant import PlantConfiguration
from testsite_sim.plant.labels import labels_of
from testsite_sim.plant.streams import STREAMS, side_streams

Described = tuple[tuple[str, ...], NDArray[Any], dict[str, Any]]  # dimensions, values, attributes
Variable = tuple[str, str, str, str]  # name, part that it is of, units, description
RATE_VARIABLES: tuple[Variable, ...] = (
    ("power_wind", "wind", "W", "wind power at the connection"),
    ("power_photovoltaics", "photovoltaics", "W", "power of the photovoltaic panels"),
    ("power_fuel_cells", "fuel_cells", "W", "net power of the fuel cells"),
    ("power_discharged", "battery", "W", "power out of the battery"),
    ("power_imported", "", "W", "power bought from the grid"),
    ("power_missing", "plant", "W", "power that the plant lacked: beyond its own sources and the limit of import"),
    (
        "power_electrolysers",
        "electrolysers",
        "W",
        "electricity of the electrolysers, with auxiliaries, starts, standby",
    ),
    ("power_compressor", "compressor", "W", "electricity of the compressor of the store"),
    ("power_station", "refuelling", "W", "electricity of the refuelling station"),
    ("power_pipeline", "pipeline", "W", "electricity of the compressor at the inlet of the pipeline"),
    ("power_charged", "battery", "W", "power into the battery"),
    ("power_exported", "", "W", "power sold to the grid"),
    ("power_curtailed", "", "W", "power of wind and panels not used"),
    ("power_activated_up", "reserves", "W", "ordered power that the fuel cells delivered"),
    ("power_activated_down", "reserves", "W", "ordered reduction that the electrolysers delivered"),
    ("heat_electrolysers", "electrolyser_stacks", "W", "heat of the electrolysers to their cooling"),
    ("heat_fuel_cells", "fuel_cell_stacks", "W", "usable heat of the fuel cells"),
    ("hydrogen_produced", "electrolysers", "kg s-1", "hydrogen of the electrolysers"),
    ("hydrogen_by_product", "by_product", "kg s-1", "by-product hydrogen taken"),
    ("hydrogen_to_station", "refuelling", "kg s-1", "hydrogen taken by the refuelling station"),
    ("hydrogen_to_pipeline", "pipeline", "kg s-1", "hydrogen into the pipeline"),
    ("hydrogen_delivered", "demand", "kg s-1", "hydrogen delivered to the demand"),
    ("hydrogen_to_fuel_cells", "fuel_cells", "kg s-1", "hydrogen taken by the fuel cells"),
    ("hydrogen_vented", "plant", "kg s-1", "hydrogen produced that nothing had room for"),
    ("hydrogen_dispensed", "refuelling", "kg s-1", "hydrogen dispensed to vehicles"),
    ("hydrogen_requested", "refuelling", "kg s-1", "hydrogen asked for by vehicles that arrived"),
    ("hydrogen_unserved", "refuelling", "kg s-1", "hydrogen that vehicles left without"),
    ("hydrogen_unmet", "demand", "kg s-1", "hydrogen demand not met"),
)
LEVEL_VARIABLES: tuple[Variable, ...] = (
    ("hydrogen_stored", "store", "kg", "hydrogen in the store at the end of the interval"),
    (
        "hydrogen_in_station",
        "refuelling",
        "kg",
        "hydrogen in buffer and banks of the station at the end of the interval",
    ),
    ("hydrogen_pending", "refuelling", "kg", "hydrogen that vehicles at the station still wait for at its end"),
    ("battery_content", "battery", "J", "energy in the cells of the battery at the end of the interval"),
    ("battery_capacity_lost", "battery", "1", "share of the battery's capacity that is lost"),
    ("waiting_time", "refuelling", "s", "waiting before the hose, summed over vehicles that began to fill or left"),
    ("queue", "refuelling", "1", "vehicles waiting at the end of the interval"),
    ("hydrogen_in_pipeline", "pipeline", "kg", "hydrogen in the pipeline at the end of the interval"),
    ("pipeline_pressure", "pipeline", "Pa", "mean pressure in the pipeline at the end of the interval"),
)
ELECTROLYSER_VARIABLES = (
    ("electrolyser_power", "W", "electricity of an electrolyser"),
    ("electrolyser_hydrogen", "kg s-1", "hydrogen of an electrolyser"),
    ("electrolyser_heat", "W", "heat of an electrolyser to its cooling"),
)
FUEL_CELL_VARIABLES = (
    ("fuel_cell_power", "W", "net power of a fuel cell"),
    ("fuel_cell_hydrogen", "kg s-1", "hydrogen taken by a fuel cell"),
    ("fuel_cell_heat", "W", "usable heat of a fuel cell"),
    ("fuel_cell_voltage_lost", "V", "voltage that a cell of a fuel cell has lost by ageing"),
)
OF_STACKS = ("electrolyser_heat", "fuel_cell_heat", "fuel_cell_voltage_lost")  # which a curve does not state
SOURCES = ("wind", "photovoltaics", "fuel_cells", "discharged", "imported", "missing")
USES = ("electrolysers", "compressor", "station", "pipeline", "charged", "exported", "curtailed")


class Contents(NamedTuple):
    """Hydrogen in store, station and pipeline [kg]."""

    store: float
    station: float
    pipeline: float


def contents_of(state: PlantState) -> Contents:
    """Return what a plant holds."""
    store, equipment = float(state.mass.sum()), state.equipment
    if equipment is None:
        return Contents(store, 0.0, 0.0)
    station = float(equipment.station.buffer[0] + equipment.station.mass.sum())
    return Contents(store, station, float(equipment.pipeline[0]))


@dataclass(frozen=True)
class Filled:
    """The arrays that a kernel filled, whichever strategy it ran; see `testsite_kernels.dispatch.run.PlantOutput`."""

    rates: Floats
    levels: Floats
    electrolysers: Floats
    fuel_cells: Floats
    mass: Floats
    pressure: Floats | None


def parts_of(plant: PlantConfiguration | None, wind: bool, reserves: bool = False) -> set[str]:
    """Return the parts that exist, by the names of the configuration.

    `electrolyser_stacks` and `fuel_cell_stacks` are there where all these machines are known by their stacks.
    """
    found = {"wind"} if wind else set()
    if plant is None:
        return found
    found |= {name for name in type(plant).model_fields if getattr(plant, name)}
    if found - {"wind"}:
        found.add("plant")
    if plant.compresses:
        found.add("compressor")
    for name, machines in (("electrolyser_stacks", plant.electrolysers), ("fuel_cell_stacks", plant.fuel_cells)):
        if machines and all(machine.stacks is not None for machine in machines):
            found.add(name)
    return found | ({"reserves"} if reserves else set())


def plant_dataset(
    plant: PlantConfiguration,
    machines: Plant,
    filled: Filled,
    time: xr.DataArray,
    parts: set[str],
    more: Mapping[str, Described],
) -> xr.Dataset:
    """Name what the kernel filled over the record, and the side streams that follow; absent parts have no variables.

    Parameters
    ----------
    plant, machines : PlantConfiguration, Plant
        As configured, and for the kernel.
    filled : Filled
        Over the intervals of `time`.
    time : xarray.DataArray, dims (time,)
        Stamps.
    parts : set of str
        As `parts_of` gives them.
    more : mapping
        Variables that come after these: dimensions, values, attributes.
    """
    rate = {name: filled.rates[:, k] for k, name in enumerate(RATES)}
    level = {name: filled.levels[:, k] for k, name in enumerate(LEVELS)}
    found: dict[str, Described] = {}  # one Dataset of all at the end: growing one variable by variable is slow

    def add(name: str, dims: tuple[str, ...], values: NDArray[Any], units: str, text: str) -> None:
        found[name] = (dims, np.ascontiguousarray(values), {"units": units, "long_name": text})

    for name, part, units, text in (*RATE_VARIABLES, *LEVEL_VARIABLES):
        if not part or part in parts:
            add(name, ("time",), (rate | level)[name], units, text)
    coordinates: dict[str, Any] = {"time": time}
    if plant.electrolysers:
        coordinates["electrolyser"] = ("electrolyser", labels_of(plant.electrolysers))
        for k, (name, units, text) in enumerate(ELECTROLYSER_VARIABLES):
            if (values := of_machines(plant.electrolysers, filled.electrolysers[:, :, k], name)) is not None:
                add(name, ("time", "electrolyser"), values, units, text)
        found |= _states_of_electrolysers(plant, filled)
    if plant.fuel_cells:
        coordinates["fuel_cell"] = ("fuel_cell", labels_of(plant.fuel_cells))
        for k, (name, units, text) in enumerate(FUEL_CELL_VARIABLES):
            if (values := of_machines(plant.fuel_cells, filled.fuel_cells[:, :, k], name)) is not None:
                add(name, ("time", "fuel_cell"), values, units, text)
    if len(plant.stores) > 1:
        coordinates["store"] = ("store", labels_of(plant.stores))
    made, heat = filled.electrolysers[:, :, 1], filled.electrolysers[:, :, 2]
    streams = side_streams(plant, made, heat, filled.fuel_cells[:, :, 2])
    for name, stream, part, units, text in STREAMS:
        if part in parts and stream in streams:
            add(name, ("time",), streams[stream], units, text)
    for variable in _of_banks(plant, machines, filled):
        add(*variable)
    return xr.Dataset(found | dict(more), coords=coordinates)


def of_machines(machines: Sequence[Electrolyser | FuelCell], values: Floats, name: str) -> Floats | None:
    """Return what each machine did, shape (…, machine); NaN where it is not stated, None where none states it.

    Parameters
    ----------
    machines : sequence
        Of one kind.
    values : ndarray, shape (…, place)
        As the kernel fills them; places beyond the machines are empty.
    name : str
        Of the variable: heat and degradation are those of stacks, and a machine by its curve states neither.
    """
    found = np.array(values[..., : len(machines)])
    if name in OF_STACKS:
        by_curve = np.array([machine.stacks is None for machine in machines])
        if by_curve.all():
            return None
        found[..., by_curve] = np.nan
    return found


def _states_of_electrolysers(plant: PlantConfiguration, filled: Filled) -> dict[str, Described]:
    """Return the state of each electrolyser."""
    states = np.ascontiguousarray(filled.electrolysers[:, : len(plant.electrolysers), 3]).astype(np.int8)
    flags = {"flag_values": [0, 1, 2, 3], "flag_meanings": "off starting standby producing"}
    text = "state of an electrolyser: that of its furthest stack"
    return {"electrolyser_state": (("time", "electrolyser"), states, {"units": "1", "long_name": text, **flags})}


def _of_banks(
    plant: PlantConfiguration, machines: Plant, filled: Filled
) -> Iterator[tuple[str, tuple[str, ...], NDArray[Any], str, str]]:
    """Yield the variables of several stores, or of a store of banks: name, dimensions, values, units, description."""
    if machines.equipment is None or filled.pressure is None:
        return
    stores = machines.equipment.whole_stores
    if len(plant.stores) > 1:
        text = "hydrogen in a store at the end of the interval"
        firsts = np.flatnonzero(np.diff(stores.of_store, prepend=-1))
        yield "hydrogen_in_each_store", ("time", "store"), np.add.reduceat(filled.mass, firsts, axis=1), "kg", text
    if not plant.of_banks:
        return
    vessels, mass, pressure = stores.banks.volume > 0.0, filled.mass, filled.pressure
    rating = np.array([float(bank.maximum_pressure) for store in plant.of_banks for bank in store.cascade.banks])
    yield "bank_mass", ("time", "bank"), mass[:, vessels], "kg", "hydrogen in a bank of the store"
    yield "bank_pressure", ("time", "bank"), pressure[:, vessels], "Pa", "pressure in a bank of the store"
    yield "bank_capacity", ("bank",), stores.banks.capacity[vessels], "kg", "hydrogen in the full bank of the store"
    yield "bank_minimum", ("bank",), stores.banks.minimum[vessels], "kg", "cushion gas of the bank of the store"
    yield "bank_rating", ("bank",), rating, "Pa", "rated pressure of the bank of the store"
    if len(plant.stores) > 1:
        number = stores.of_store[vessels] + 1
        yield "bank_store", ("bank",), number, "1", "number of the store, from one, that a bank is of"


def balance_residuals(rates: Floats, levels: Floats, initial: Contents, step: float) -> dict[str, float]:
    """Return the largest mismatch of energy and of hydrogen in an interval, relative.

    Parameters
    ----------
    rates, levels : ndarray, shapes (time, RATES), (time, LEVELS)
        As the kernel fills them.
    initial : Contents
        First contents [kg].
    step : float
        [s].
    """
    rate = {name: rates[:, k] for k, name in enumerate(RATES)}
    sources = np.sum([rate[f"power_{name}"] for name in SOURCES], axis=0)
    uses = np.sum([rate[f"power_{name}"] for name in USES], axis=0)
    scale = max(float(np.mean(np.abs(sources))), 1e-300)
    energy = float(np.max(np.abs(sources - uses))) / scale
    gained = rate["hydrogen_produced"] + rate["hydrogen_by_product"]
    spent = np.sum(
        [rate[f"hydrogen_{name}"] for name in ("to_station", "to_pipeline", "to_fuel_cells", "vented")], axis=0
    )
    mismatch, largest = 0.0, 0.0
    for name, begin, net in (
        ("hydrogen_stored", initial.store, gained - spent),
        ("hydrogen_in_station", initial.station, rate["hydrogen_to_station"] - rate["hydrogen_dispensed"]),
        ("hydrogen_in_pipeline", initial.pipeline, rate["hydrogen_to_pipeline"] - rate["hydrogen_delivered"]),
    ):
        level = levels[:, LEVELS.index(name)]
        before = np.concatenate([[begin], level[:-1]])
        mismatch = max(mismatch, float(np.max(np.abs(before + net * step - level))))
        largest = max(largest, begin, float(level.max()), float(gained.max()) * step)
    return {"energy_balance_residual": energy, "hydrogen_balance_residual": mismatch / max(largest, 1e-300)}
